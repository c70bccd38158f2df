"""Squeezed baths in model files: rates that are known, laws that fail and laws that do not, and one error a fault."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import ModelFileError
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger
from loschmidt.models import MODELS
from loschmidt.studies import build_model, parse_model, run_model

TEXT = MODELS["squeezed-bath"].text
SQUEEZED = 'squeezed = { lowering = "Sp0", frequency = 1.0, rate = 0.1, strength = 0.6, phase = 0 }'


@pytest.fixture(scope="module")
def done():
    return run_model(parse_model(TEXT))


def test_rates_are_those_of_a_squeezed_qubit_bath():
    """Populations relax at γ(2N + 1), quadratures of coherence at γ(N + ½ ± |M|)."""
    process = build_model(parse_model(TEXT)).process
    n, r, gamma = 1 / np.expm1(2.0), 0.6, 0.1
    effective, anomalous = n * np.cosh(2 * r) + np.sinh(r) ** 2, (n + 0.5) * np.sinh(2 * r)
    eigenvalues = np.sort(np.linalg.eigvals(process.superoperator()).real)
    expected = -gamma * np.array([2 * effective + 1, effective + 0.5 + anomalous, effective + 0.5 - anomalous, 0.0])
    np.testing.assert_allclose(eigenvalues, np.sort(expected), atol=1e-12)


def test_clausius_fails_and_is_exempt_while_both_other_productions_hold(done):
    found = done.audit
    assert not found.violated
    for name in ("Clausius inequality", "second law", "Spohn inequality"):
        assert found[name].verdict is Verdict.EXEMPT
        assert "squeezed, not thermal" in found[name].reason
    assert found["Clausius inequality"].margin < -0.05
    assert found["information production"].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert found["reservoir production"].verdict is Verdict.HOLDS


def test_at_its_own_state_only_the_reservoir_goes_on(done):
    last = {name: float(done.ledger[f"{name}_production_rate_by_bath"][-1, 0]) for name in ("information", "reservoir")}
    assert last["information"] == pytest.approx(0.0, abs=1e-8)
    n, r, gamma, beta = 1 / np.expm1(2.0), 0.6, 0.1, 2.0
    effective = n * np.cosh(2 * r) + np.sinh(r) ** 2
    excited = effective / (2 * effective + 1)
    down = np.cosh(r) ** 2 * excited + np.sinh(r) ** 2 * (1 - excited)
    up = np.cosh(r) ** 2 * (1 - excited) + np.sinh(r) ** 2 * excited
    assert last["reservoir"] == pytest.approx(gamma * beta * ((n + 1) * down - n * up), rel=1e-6)


@pytest.mark.parametrize("name", ["information", "reservoir"])
def test_a_wrong_production_is_seen(done, name):
    account = f"{name}_production_rate_by_bath"
    wrong = Ledger(done.ledger.data.assign({account: done.ledger.data[account] - 0.2}))
    assert audit(wrong)[f"{name} production"].verdict is Verdict.VIOLATED


def test_without_squeezing_all_productions_agree():
    ledger = run_model(
        parse_model(TEXT.replace("strength = 0.6", "strength = 0.0").replace("0.5\n\n[times]", "1.5\n\n[times]"))
    ).ledger
    for name in ("information", "reservoir"):
        rates = ledger[f"{name}_production_rate_by_bath"].values
        np.testing.assert_allclose(rates, ledger["entropy_production_rate_by_bath"].values, atol=1e-12)
    assert float(ledger["entropy_production"][-1]) > 0.01


def test_other_ledgers_know_nothing_of_it():
    other = run_model(parse_model(MODELS["qubit-relaxation"].text))
    assert "reservoir_production_rate_by_bath" not in other.ledger
    assert "reservoir production" not in {finding.name for finding in other.audit.findings}


def test_trajectories_in_a_squeezed_bath():
    done = run_model(parse_model(TEXT.replace("stop = 60", "stop = 6") + "\n[trajectories]\nsamples = 60000\n"))
    assert not done.audit.violated
    assert done.audit["integral fluctuation theorem"].verdict is Verdict.TIGHT
    assert float(done.ledger["jump_entropy_defect"][0]) > 0.1


def test_squeezed_vacuum_has_heat_and_no_entropy_of_the_bath():
    done = run_model(parse_model(TEXT.replace("temperature = 0.5\nsqueezed", "temperature = 0\nsqueezed")))
    assert not done.audit.violated
    assert done.audit["reservoir production"].verdict is Verdict.UNTESTED


FAULTS = {
    "laboratory frame": (("0*Z0", "-0.5*Z0"), "bath[0].squeezed.lowering", "frame that rotates with the bath"),
    "no energy": (('energy = "free"\n', ""), "bath[0].squeezed.lowering", "must lower the energy"),
    "raises": (('"Sp0"', '"Sm0"'), "bath[0].squeezed.lowering", "must lower the energy"),
    "wrong frequency": (("frequency = 1.0", "frequency = 2.0"), "bath[0].squeezed.lowering", "must lower the energy"),
    "negative rate": (("rate = 0.1", "rate = -0.1"), "bath[0].squeezed", "must be positive"),
    "no temperature": (("temperature = 0.5\nsq", "sq"), "bath[0]", "before it is squeezed"),
    "spectrum too": (
        (SQUEEZED, SQUEEZED + '\nspectrum = { type = "flat", coupling = 0.1 }'),
        "bath[0].spectrum",
        "must not stand beside `squeezed`",
    ),
    "davies": (("[equation]", '[equation]\ntype = "davies"'), "bath[0].squeezed", "cannot be used"),
    "unknown key": (("strength", "strenght"), "bath[0].squeezed.strenght", "Did you mean `strength`?"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    (old, new), key, reason = FAULTS[name]
    assert TEXT.count(old) == 1
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(TEXT.replace(old, new)))
    assert any(f": {key}: " in line and reason in line for line in caught.value.lines()), caught.value.lines()
