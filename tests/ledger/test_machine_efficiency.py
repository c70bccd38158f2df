from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_davies, seeds

from loschmidt.errors import InputError
from loschmidt.information import shannon_entropy
from loschmidt.ledger.machine_efficiency import cycle_efficiency, steady_machine
from loschmidt.processes import FermionicSpectrum, davies_generator, gkls_generator, jump_dissipator
from loschmidt.processes.baths import Bath
from loschmidt.processes.generators import Generator


def transition(a: int, b: int) -> np.ndarray:
    matrix = np.zeros((3, 3))
    matrix[a, b] = 1
    return matrix


def maser(
    cold_quantum: float, hot: float, cold: float, rates: tuple[float, float] = (0.04, 0.05), field: float = 0.1
) -> Generator:
    """Levels g, m, e; the hot bath moves g - e at 3, the cold one m - e, the field g - m."""
    energies = np.array([0.0, 3.0 - cold_quantum, 3.0])
    baths = []
    for name, beta, low, rate in (("hot", 1 / hot, 0, rates[0]), ("cold", 1 / cold, 1, rates[1])):
        occupation = 1 / math.expm1(beta * (energies[2] - energies[low]))
        jumps = [transition(low, 2), transition(2, low)]
        baths.append(jump_dissipator(name, jumps, [rate * (occupation + 1), rate * occupation], beta=beta))
    field_term = field * (transition(0, 1) + transition(1, 0))
    return gkls_generator(field_term, baths, energy=np.diag(energies))


def test_maser():
    found = steady_machine(maser(1.0, 10.0, 0.6))
    assert found.heat_rates[0] / 3 == pytest.approx(0.0089002301, abs=5e-11)
    assert found.efficiency == pytest.approx(2 / 3, rel=1e-10)
    assert found.generalised_efficiency == pytest.approx(2 / 3, rel=1e-10)
    assert found.carnot_efficiency == pytest.approx(0.94)
    np.testing.assert_allclose(found.temperature.temperature, [5.075, 1.692], atol=5e-4)
    assert found.entropy_production_by_bath.sum() == pytest.approx(0.0121636, abs=5e-8)
    assert 0.6 <= found.temperature.temperature[1] < found.temperature.temperature[0] <= 10


@given(
    share=st.floats(0.05, 0.95),
    cold=st.floats(0.2, 3.0),
    ratio=st.floats(1.2, 20.0),
    rates=st.tuples(st.floats(0.01, 0.2), st.floats(0.01, 0.2)),
    field=st.floats(0.02, 0.5),
)
def test_efficiency_is_that_of_the_generalised_temperatures(share, cold, ratio, rates, field):
    quantum = 3 * share
    if abs(share - 1 / ratio) < 0.02:
        return
    found = steady_machine(maser(quantum, cold * ratio, cold, rates, field))
    temperatures = found.temperature.temperature
    assert (found.entropy_production_by_bath >= -1e-12).all()
    assert abs(found.entropy_rates.sum()) < 1e-12
    assert found.is_engine == (share > 1 / ratio)
    # An identity, whether it is an engine or not.
    assert found.generalised_efficiency == pytest.approx(1 - share, rel=1e-6)
    if found.is_engine:
        assert found.efficiency == pytest.approx(1 - share, rel=1e-8)
        assert cold <= temperatures[1] * (1 + 1e-8)
        assert temperatures[1] < temperatures[0] <= cold * ratio * (1 + 1e-8)
        assert found.efficiency <= found.carnot_efficiency
    else:
        assert math.isnan(found.efficiency)


@given(seed=seeds, d=st.integers(2, 4))
def test_conduction_does_no_work(seed, d):
    found = steady_machine(random_davies(seed, d, (0.4, 1.3)))
    assert found.heat_rates.sum() == pytest.approx(0, abs=1e-14)
    assert not found.is_engine
    assert found.generalised_efficiency == pytest.approx(0, abs=1e-6)
    assert found.temperature.temperature[0] > 0
    assert (found.entropy_production_by_bath > -1e-13).all()
    assert found.hot == 0


def test_particles_give_work():
    dot = [
        Bath(name, beta, FermionicSpectrum(0.1), [[0, 1], [0, 0]], chemical_potential=mu)
        for name, beta, mu in (("cold", 2.0, 0.2), ("hot", 0.5, 0.0))
    ]
    found = steady_machine(davies_generator(np.diag([0.0, 1.0]), dot, number=np.diag([0.0, 1.0])))
    assert (found.hot, found.cold, found.is_engine) == (1, 0, True)
    assert found.efficiency == pytest.approx(0.2)
    assert found.generalised_efficiency == pytest.approx(0.2)


def test_a_bath_at_another_temperature_breaks_the_bounds():
    process = maser(1.0, 10.0, 0.6)
    hot = process.dissipators[0]
    lied = jump_dissipator("hot", list(hot.jumps), hot.rates, beta=1.0)
    found = steady_machine(gkls_generator(process.hamiltonian, [lied, process.dissipators[1]], energy=process.energy))
    assert found.entropy_production_by_bath[0] < -1e-3
    assert found.temperature.temperature[0] > 1.0
    # The identity itself knows nothing of the baths.
    assert found.generalised_efficiency == pytest.approx(found.efficiency, rel=1e-10)


def test_what_is_no_machine_of_two_baths():
    with pytest.raises(InputError, match="two baths"):
        steady_machine(random_davies(1, 3, (0.5,)))
    with pytest.raises(InputError, match="two baths"):
        steady_machine(random_davies(1, 3, (0.5, 0.5)))
    decay = [jump_dissipator(name, [[[0, 1], [0, 0]]], [0.1], beta=beta) for name, beta in (("a", 1.0), ("b", 2.0))]
    empty = steady_machine(gkls_generator(np.diag([0.0, 1.0]), decay))
    assert empty.temperature.status.tolist() == ["undefined", "undefined"]
    assert math.isnan(empty.generalised_efficiency)


@given(cold=st.floats(0.1, 2.0), ratio=st.floats(1.5, 10.0), omega=st.floats(0.5, 5.0), share=st.floats(0.05, 0.95))
def test_otto_cycle_of_a_qubit(cold, ratio, omega, share):
    if share < 1.02 / ratio:
        return
    populations = [1 / (1 + math.exp(w / t)) for w, t in ((omega, cold * ratio), (omega * share, cold))]
    entropy = [float(shannon_entropy([p, 1 - p])) for p in populations]
    moved, change = populations[0] - populations[1], entropy[0] - entropy[1]
    found = cycle_efficiency(omega * moved, -share * omega * moved, change, -change)
    assert found.efficiency == pytest.approx(1 - share, rel=1e-9)
    assert found.from_temperatures == pytest.approx(1 - share, rel=1e-9)
    assert found.printed == pytest.approx(1 + share, rel=1e-9)
    assert found.efficiency < 1 - 1 / ratio < 1 < found.printed
    assert cold < found.cold_temperature < found.hot_temperature < cold * ratio


def test_cycle_border():
    assert (
        cycle_efficiency(1.0, -1.0, 0.5, -0.25).from_temperatures != cycle_efficiency(1.0, -1.0, 0.5, -0.25).efficiency
    )
    with pytest.raises(InputError, match="hot_heat"):
        cycle_efficiency(-1.0, 1.0, 0.5, -0.5)
    with pytest.raises(InputError, match="pole"):
        cycle_efficiency(1.0, -0.5, 0.5, 0.0)
