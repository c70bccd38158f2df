"""The claims on electrons and phonons, and the numbers that decide them."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.papers.h_theorem import phonons
from loschmidt.papers.h_theorem.phonons import CLAIMS
from loschmidt.processes.electron_phonon import debye_ladder

BY_ID = {claim.id: claim for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_verdict(claim):
    computed = claim.compute()
    assert computed.verdict is claim.documented
    assert any(character.isdigit() for character in computed.reason)


def test_density_inside_the_operators_is_far_from_unitary():
    value = BY_ID["ion-density"].compute().value
    assert value["density in the operators"] > 0.9
    assert value["without density"] < 1e-12


def test_recoil_is_of_second_order():
    value = BY_ID["quasi-elastic"].compute().value
    assert value["exponent"] == pytest.approx(1.98, abs=0.01)
    assert [round(value[name], 3) for name in ("Ω = 0.1", "Ω = 1", "Ω = 2")] == [0.012, 0.493, 0.682]


def test_entropies_of_the_ladder():
    value = BY_ID["class-of-states"].compute().value
    found = [round(value[f"S({t})"], 4) for t in (0, 1, 2, 3, 5, 10, 40)]
    assert found == [2.9957, 3.4713, 3.6699, 3.7383, 3.4309, 1.8032, 0.666]


def test_another_ladder_gives_another_verdict(monkeypatch):
    """Where the density of states grows, L(1) vanishes nowhere, and the claim has no corrected form."""

    def growing(debye_energy, temperature, *, levels, spacing):
        return debye_ladder(debye_energy, temperature, energies=spacing * np.arange(levels) ** 0.7)

    monkeypatch.setattr(phonons, "debye_ladder", growing)
    assert BY_ID["debye-energy"].compute().verdict is not BY_ID["debye-energy"].documented
