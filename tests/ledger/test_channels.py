"""Ledgers of channels and dilations: known numbers, balances, and loss-free files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.physics import random_state

from loschmidt.evolution import evolve
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes.channels import amplitude_damping, erasure_channel
from loschmidt.processes.dilations import Dilation

SWAP = np.eye(4)[[0, 2, 1, 3]]
ENERGY = np.diag([0.0, 2.0])


def test_swap_exchanges_entropies_and_energies():
    hot, cold = np.diag([0.6, 0.4]), np.diag([0.9, 0.1])
    ledger = build_ledger(evolve(Dilation(SWAP, cold, (2, 2), ENERGY, ENERGY), hot))
    np.testing.assert_allclose(ledger["entropy"], ledger["reservoir_entropy"][::-1], atol=1e-14)
    np.testing.assert_allclose(ledger["energy"], [0.8, 0.2], atol=1e-14)
    np.testing.assert_allclose(ledger["reservoir_energy"], [0.2, 0.8], atol=1e-14)
    np.testing.assert_allclose(ledger["mutual_information"], 0, atol=1e-13)
    assert float(ledger["isolation_defect"]) > 0.1


def test_cnot_makes_two_bits_of_correlation():
    cnot = np.eye(4)[[0, 1, 3, 2]]
    ledger = build_ledger(evolve(Dilation(cnot, [1, 0], (2, 2)), [2**-0.5, 2**-0.5]))
    assert float(ledger["mutual_information"][1]) == pytest.approx(2 * np.log(2), abs=1e-13)
    assert ledger["criterion_residual"].sel(criterion="controlled") == 0
    assert "cannot fall" in ledger.data.attrs["summary"]


def test_minimal_gain_of_amplitude_damping():
    ledger = build_ledger(evolve(amplitude_damping(0.5), np.eye(2) / 2))
    assert float(ledger["minimal_entropy_gain"]) == pytest.approx(-np.log((1 + 2**0.5) / 2), abs=1e-9)
    assert float(ledger["identity_image_bound"][1]) == pytest.approx(float(ledger["entropy_change"][1]), abs=1e-14)
    np.testing.assert_allclose(ledger["identity_image_spectrum"], [0.5, 1.5], atol=1e-14)


def test_rectangular_channel_has_no_unitality_defect_but_an_excess():
    ledger = build_ledger(evolve(erasure_channel(2, 0.3), np.eye(2) / 2))
    assert "unitality_defect" not in ledger
    assert float(ledger["subunitality_excess"][1]) == pytest.approx(max(0.7, 0.6) - 1, abs=1e-14)


def test_ledger_of_a_dilation_saves_without_loss(tmp_path):
    rng = np.random.default_rng(5)
    ledger = build_ledger(evolve(Dilation(SWAP, random_state(rng, 2), (2, 2)), random_state(rng, 2)), title="swap")
    again = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
    assert again.data.equals(ledger.data)
    assert again.family == "channel"
    assert again.axis == "step"
    assert json.loads(again.data.attrs["h_theorem"]) == json.loads(ledger.data.attrs["h_theorem"])
    np.testing.assert_array_equal(again.data["minimal_gain_state"], ledger.data["minimal_gain_state"])


def test_reasons_for_what_is_absent():
    ledger = build_ledger(evolve(amplitude_damping(0.5), [0, 1]))
    with pytest.raises(KeyError, match="reservoir is not known"):
        ledger["mutual_information"]
