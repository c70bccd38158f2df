from __future__ import annotations

import json
from dataclasses import replace

import pytest

from loschmidt.papers.claim import ClaimVerdict
from loschmidt.papers.textbook import counting

COMPUTED = {}


def claim(name):
    (found,) = (one for one in counting.CLAIMS if one.id == name)
    return found


def computed(name):
    if name not in COMPUTED:
        COMPUTED[name] = claim(name).compute()
    return COMPUTED[name]


@pytest.mark.parametrize("one", counting.CLAIMS, ids=lambda one: one.id)
def test_verdicts_are_as_documented(one):
    outcome = computed(one.id)
    assert outcome.verdict is one.documented
    json.dumps(outcome.value, allow_nan=False)


def test_numbers_of_the_maser():
    value = computed("thermodynamic-uncertainty").value
    assert value["maser, by drive"]["0.1"] == pytest.approx(2.15416, abs=5e-6)
    assert value["maser, by drive"]["0.025"] == pytest.approx(1.95933, abs=5e-6)


def test_numbers_of_tunnelling():
    value = computed("tunnelling-cumulants").value
    assert value["Fano factor"] == pytest.approx(0.58)
    assert value["c_3 / c_1"] == pytest.approx(0.2692)


def test_numbers_of_the_driven_atom():
    assert computed("kinetic-uncertainty").value["photons of a driven atom"] == pytest.approx(1 - 2.94 / 1.98**2)


def test_wrong_cumulants_would_be_refuted(monkeypatch):
    original = counting.cumulants

    def without_memory(process, variable, order):
        found = original(process, variable, order)
        return replace(found, values=found.values[0] * (found.values * 0 + 1))

    monkeypatch.setattr(counting, "cumulants", without_memory)
    assert claim("two-state-cumulants").compute().verdict is ClaimVerdict.REFUTED
    assert claim("tunnelling-cumulants").compute().verdict is ClaimVerdict.REFUTED


def test_a_broken_symmetry_would_be_refuted(monkeypatch):
    original = counting.fluctuation_symmetry
    monkeypatch.setattr(
        counting,
        "fluctuation_symmetry",
        lambda *a, **k: replace(original(*a, **k), mirrored=1.01 * original(*a, **k).mirrored),
    )
    assert claim("fluctuation-symmetry").compute().verdict is ClaimVerdict.REFUTED
