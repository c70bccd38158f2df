from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from loschmidt.information.temperatures import GeneralisedTemperature
from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.no_entropy_production import efficiency, entropy_split, generalised_temperature

MODULES = (entropy_split, generalised_temperature, efficiency)
CLAIMS = {claim.id: claim for module in MODULES for claim in module.CLAIMS}
COMPUTED = {}


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = CLAIMS[name].compute()
    return COMPUTED[name]


@pytest.mark.parametrize("name", CLAIMS)
def test_verdicts_are_as_documented(name):
    outcome = computed(name)
    assert outcome.verdict is CLAIMS[name].documented
    json.dumps(outcome.value, allow_nan=False)


def test_ids_are_unique():
    assert len(CLAIMS) == sum(len(module.CLAIMS) for module in MODULES)


def test_published_numbers():
    heat = computed("heat-of-the-dissipator").value
    assert heat["tr[H D(ρ)]"] == pytest.approx(-0.0850814, abs=5e-8)
    assert heat["the same, jumps shifted"] == pytest.approx(-0.1003029, abs=5e-8)
    poles = computed("poles").value
    assert poles["pole without coherence"] == pytest.approx(0.4643018, abs=5e-8)
    assert poles["with coherence"] == pytest.approx(1.2898330, abs=5e-8)
    assert poles["p_1 there"] == pytest.approx(0.2954, abs=5e-5)
    assert computed("sign-of-the-temperature").value["T of the first"] == pytest.approx(-2.518, abs=5e-4)
    assert computed("no-entropy-production").value["Σ̇"] == pytest.approx(0.1188693, abs=5e-8)
    assert computed("integrals-of-the-temperature").value["∫dQ(1/T - 1/T_bath)"] == pytest.approx(0.8881787, abs=1e-7)
    cycle = computed("efficiency").value
    assert (cycle["as printed"], cycle["signed"]) == (pytest.approx(1.4), pytest.approx(0.6))
    assert cycle["mean temperatures"] == pytest.approx([2.0393, 0.8157], abs=5e-5)
    courses = computed("carnot-in-equilibrium").value["T(t), hot and cold stroke"]
    np.testing.assert_allclose(courses, [[1.25, 4.0], [1.6, 0.5]], rtol=1e-9)
    np.testing.assert_allclose(computed("steady-machines").value["T of the two shares"], [5.075, 1.692], atol=5e-4)
    assert computed("rate-at-pure-states").value["at t = 1e-6"] == pytest.approx(13.8155, abs=5e-5)


def broken_split(monkeypatch, module, **changes):
    original = module.entropy_split

    def other(*arguments):
        found = original(*arguments)
        return replace(found, **{name: change(getattr(found, name)) for name, change in changes.items()})

    monkeypatch.setattr(module, "entropy_split", other)


@pytest.mark.parametrize(
    ("module", "changes", "names"),
    [
        (entropy_split, {"exterior": lambda x: 1.001 * x}, ("entropy-rate", "negative-rates", "rate-at-pure-states")),
        (entropy_split, {"interior": lambda x: x + 1e-6}, ("no-interior-rate", "negative-rates")),
        (generalised_temperature, {"heat_by_bath": lambda x: 1.001 * x}, ("temperature", "temperature-of-the-state")),
        (generalised_temperature, {"by_bath": lambda x: x + 1e-6}, ("poles",)),
        (generalised_temperature, {"exterior": lambda x: -x}, ("sign-of-the-temperature",)),
        (efficiency, {"heat_by_bath": lambda x: 1.001 * x}, ("carnot-in-equilibrium",)),
    ],
)
def test_broken_rates_give_other_verdicts(monkeypatch, module, changes, names):
    broken_split(monkeypatch, module, **changes)
    for name in names:
        assert CLAIMS[name].compute().verdict is not CLAIMS[name].documented, name


def test_heat_without_a_sign_would_confirm_what_is_printed(monkeypatch):
    original = efficiency.cycle_efficiency
    monkeypatch.setattr(efficiency, "cycle_efficiency", lambda h, c, s, t: original(h, -c, s, t))
    assert CLAIMS["efficiency"].compute().verdict is not ClaimVerdict.CORRECTED


def test_another_machine_breaks_the_identity(monkeypatch):
    original = efficiency.steady_machine

    def other(process):
        found = original(process)
        told = found.temperature
        warmer = GeneralisedTemperature(
            1.01 * told.heat_rate, told.entropy_rate * [1.0, 1.02], told.code, told.energy_unit
        )
        return replace(found, temperature=warmer)

    monkeypatch.setattr(efficiency, "steady_machine", other)
    assert CLAIMS["steady-machines"].compute().verdict is ClaimVerdict.REFUTED
