from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import betas, dimensions, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import NotAStateError, RateError
from loschmidt.information import von_neumann_entropy
from loschmidt.ledger.entropy_split import entropy_split, interior_entropy_rate
from loschmidt.processes import (
    FermionicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
)
from loschmidt.processes.baths import Bath
from loschmidt.processes.generators import Generator
from loschmidt.processes.time_local import time_local_generator

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
X = np.array([[0.0, 1.0], [1.0, 0.0]])
QUBIT = np.diag([0.0, 1.0])
COHERENT = np.array([[0.6, 0.1 + 0.2j], [0.1 - 0.2j, 0.4]])


def thermal_qubit(rate: float, beta: float = 1.0, omega: float = 1.0) -> Generator:
    occupation = 1 / math.expm1(beta * omega)
    jumps = jump_dissipator("bath", [LOWER, LOWER.T], [rate * (occupation + 1), rate * occupation], beta=beta)
    return gkls_generator(omega * QUBIT, [jumps])


def random_gkls(seed: int, d: int, *, negative: bool = False) -> Generator:
    """Two baths of two random jumps each, the second possibly with a negative rate."""
    rng = np.random.default_rng(seed)
    jumps = rng.normal(size=(2, 2, d, d)) + 1j * rng.normal(size=(2, 2, d, d))
    rates = rng.uniform(0.1, 1.0, size=(2, 2))
    if negative:
        rates[1, 0] *= -1
    baths = [jump_dissipator(f"bath {b}", jumps[b], rates[b], negative_rates=True) for b in range(2)]
    return gkls_generator(random_hermitian(rng, d), baths)


def slope(generator: Generator, state: np.ndarray, parts: list[int]) -> float:
    """Return dS/dt by a fourth-order difference of states moved by some of the baths and by H."""
    chosen = Generator(
        generator.hamiltonian,
        tuple(generator.dissipators[k] for k in parts),
        generator.energy,
        generator.lamb_shift,
        generator.dims,
        "gkls",
    )
    matrix, d = chosen.superoperator(), len(state)
    step = 1e-3 / np.abs(matrix).max()

    def entropy(time):
        moved = expm(matrix * time) @ state.T.reshape(-1)
        return float(von_neumann_entropy(moved.reshape(d, d).T))

    return (8 * (entropy(step) - entropy(-step)) - entropy(2 * step) + entropy(-2 * step)) / (12 * step)


@given(seed=seeds, d=dimensions, negative=st.booleans())
def test_split_is_the_slope_of_the_entropy_bath_by_bath(seed, d, negative):
    generator = random_gkls(seed, d, negative=negative)
    state = 0.5 * random_state(np.random.default_rng(seed + 1), d) + 0.5 * np.eye(d) / d
    found = entropy_split(generator, state)
    size = float(np.abs(found.by_bath).sum())
    assert abs(found.interior) <= found.interior_error < 1e-12
    assert found.exterior == pytest.approx(found.by_bath.sum(), abs=1e-12 * size)
    assert found.total == pytest.approx(slope(generator, state, [0, 1]), abs=1e-7 * size)
    for b in range(2):
        assert found.by_bath[b] == pytest.approx(slope(generator, state, [b]), abs=1e-7 * size)


@given(seed=seeds, d=dimensions, beta=st.tuples(betas, betas))
def test_every_bath_of_a_davies_equation_sends_heat_down_the_gap(seed, d, beta):
    generator = random_davies(seed, d, beta)
    states = np.stack([random_state(np.random.default_rng(seed + k), d) for k in range(3)])
    found = entropy_split(generator, states)
    gap = found.by_bath - np.array(beta) * found.heat_by_bath
    assert (gap > -1e-12 * (1 + max(beta))).all()
    assert found.by_bath.shape == found.heat_by_bath.shape == (3, 2)
    for k in range(3):
        one = entropy_split(generator, states[k])
        np.testing.assert_allclose(one.by_bath, found.by_bath[k], atol=1e-13)
        assert one.total == pytest.approx(found.total[k], abs=1e-13)


@given(seed=seeds, d=dimensions)
def test_gauge_moves_no_entropy_but_moves_heat_of_the_dissipator(seed, d):
    generator, rng = random_gkls(seed, d), np.random.default_rng(seed + 2)
    shift = rng.normal(size=(2, 2)) + 1j * rng.normal(size=(2, 2))
    state = random_state(rng, d)
    h, baths = generator.hamiltonian.copy(), []
    for one, amounts in zip(generator.dissipators, shift, strict=True):
        moved = one.jumps + amounts[:, None, None] * np.eye(d)
        for rate, jump, a in zip(one.rates, one.jumps, amounts, strict=True):
            h += rate / 2j * (np.conj(a) * jump - a * jump.conj().T)
        baths.append(jump_dissipator(one.bath, moved, one.rates))
    other = gkls_generator(h, baths, energy=generator.energy)
    np.testing.assert_allclose(other.superoperator(), generator.superoperator(), atol=1e-11)
    first, second = entropy_split(generator, state), entropy_split(other, state)
    assert abs(second.interior) <= second.interior_error
    size = float(np.abs(second.by_bath).sum())
    assert second.exterior == pytest.approx(first.exterior, abs=1e-11 * size)
    assert abs(second.heat - first.heat) > 1e-6


def test_numbers_of_the_coherent_qubit():
    found = entropy_split(thermal_qubit(0.3), COHERENT)
    assert found.heat == pytest.approx(-0.0850814, abs=5e-8)
    assert found.total == pytest.approx(0.0337879, abs=5e-8)
    assert found.temperature.temperature == pytest.approx(-2.51810, abs=5e-6)
    assert found.temperature.status == "negative"
    assert found.total - found.heat == pytest.approx(0.1188693, abs=5e-8)
    assert found.status == "regular"


@given(ground=st.floats(0.02, 0.98), rate=st.floats(0.01, 10), beta=st.floats(0.1, 5), omega=st.floats(0.1, 10))
def test_populations_have_the_spin_temperature(ground, rate, beta, omega):
    if abs(ground - 0.5) < 1e-3:
        return
    found = entropy_split(thermal_qubit(rate, beta / omega, omega), np.diag([ground, 1 - ground]))
    expected = omega / math.log(ground / (1 - ground))
    if found.temperature.status in ("regular", "negative"):
        assert found.temperature.temperature == pytest.approx(expected, rel=1e-8)
    else:
        # Only where nothing moves.
        assert abs(ground - 1 / (1 + math.exp(-beta))) < 1e-8


@given(seed=seeds)
def test_bloch_form(seed):
    rng = np.random.default_rng(seed)
    state, omega = random_state(rng, 2), 1.7
    generator = thermal_qubit(0.4, 0.6, omega)
    found, change = entropy_split(generator, state), generator.apply(state)
    z, off, dz, doff = (state[1, 1] - state[0, 0]).real, state[0, 1], 2 * change[1, 1].real, change[0, 1]
    r = math.sqrt(z * z + 4 * abs(off) ** 2)
    dr = (z * dz + 4 * (np.conj(off) * doff).real) / r
    assert found.heat == pytest.approx(omega * dz / 2, abs=1e-12)
    assert found.total == pytest.approx(-0.5 * dr * math.log((1 + r) / (1 - r)), rel=1e-8, abs=1e-10)
    expected = -omega * dz / (dr * math.log((1 + r) / (1 - r)))
    assert found.temperature.temperature == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("time", [0.05, 0.3, 2.0])
def test_decay_at_zero_temperature(time):
    rate, omega = 0.7, 1.3
    excited = math.exp(-rate * time)
    decay = gkls_generator(omega * QUBIT, [jump_dissipator("vacuum", [LOWER], [rate], beta=math.inf)])
    found = entropy_split(decay, np.diag([1 - excited, excited]))
    assert found.temperature.temperature == pytest.approx(omega / math.log(math.expm1(rate * time)), rel=1e-10)


def test_feeding_an_empty_level_is_infinite_and_logarithmic():
    decay = gkls_generator(QUBIT, [jump_dissipator("vacuum", [LOWER], [1.0])])
    found = entropy_split(decay, [0, 1])
    assert found.total == found.exterior == found.by_bath[0] == math.inf
    assert found.status == found.temperature.status == "logarithmic"
    assert found.temperature.inverse_temperature == -math.inf
    assert found.temperature.temperature == 0
    time = 1e-6
    later = entropy_split(decay, np.diag([-math.expm1(-time), math.exp(-time)]))
    assert later.total == pytest.approx(13.8155, abs=1e-4)
    ground = entropy_split(decay, [1, 0])
    assert (ground.total, ground.heat, ground.temperature.status) == (0, 0, "undefined")


def test_one_bath_feeds_what_another_would_not():
    # Only the first bath reaches the third level: the entropy of the second stays finite.
    third = np.zeros((3, 3))
    third[2, 1] = 1
    between = np.zeros((3, 3))
    between[0, 1] = 1
    baths = [jump_dissipator("up", [third], [0.5]), jump_dissipator("down", [between], [0.2])]
    found = entropy_split(gkls_generator(np.diag([0.0, 1.0, 2.0]), baths), np.diag([0.25, 0.75, 0.0]))
    assert found.by_bath[0] == math.inf
    assert found.by_bath[1] == pytest.approx(0.2 * 0.75 * math.log(3))
    assert found.temperature_by_bath.status.tolist() == ["logarithmic", "negative"]


def test_negative_rates():
    returning = time_local_generator(
        np.diag([1, 0.5, 0.5, 1]), np.diag([0, 0.1, 0.1, 0]), energy=QUBIT, negative_rates=True
    )
    state = np.array([[0.5, 0.2], [0.2, 0.5]])
    found = entropy_split(returning, state)
    # ċ / c = 0.2, and S depends on r = 2 |c| only.
    assert found.total == pytest.approx(-0.2 * 0.4 * 0.5 * math.log(1.4 / 0.6), rel=1e-12)
    assert (found.heat, found.temperature.status) == (pytest.approx(0, abs=1e-16), "zero")
    assert found.temperature.inverse_temperature == -math.inf
    with pytest.raises(RateError, match="drain an empty direction"):
        entropy_split(returning, np.full((2, 2), 0.5))


def test_draining_one_direction_while_another_is_fed_is_refused_too():
    # The trace of the change inside the kernel is zero, yet one eigenvalue there falls.
    up, other = np.zeros((3, 3)), np.zeros((3, 3))
    up[1, 0] = other[2, 0] = 1
    mixed = jump_dissipator("both", [up, other], [1.0, -1.0], negative_rates=True)
    with pytest.raises(RateError, match="state` number 1"):
        entropy_split(gkls_generator(np.diag([0.0, 1.0, 2.0]), [mixed]), [np.eye(3) / 3, np.diag([1.0, 0.0, 0.0])])


@pytest.mark.parametrize("unit", [1e-12, 1e12])
@given(seed=seeds)
def test_units_change_nothing_but_the_units(seed, unit):
    rng = np.random.default_rng(seed)
    states = np.stack([COHERENT, np.diag([0.5, 0.5]), np.diag([0.0, 1.0]), random_state(rng, 2)])
    plain = entropy_split(thermal_qubit(0.3), states)
    scaled = entropy_split(thermal_qubit(0.3 * unit, 1 / unit, unit), states)
    np.testing.assert_allclose(scaled.exterior / unit, plain.exterior, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(scaled.heat / unit**2, plain.heat, rtol=1e-10, atol=1e-14)
    np.testing.assert_array_equal(scaled.temperature.status, plain.temperature.status)
    assert plain.temperature.status[:3].tolist() == ["negative", "pole", "logarithmic"]


def test_statuses_of_single_processes():
    dephasing = gkls_generator(QUBIT, [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.4])])
    assert entropy_split(dephasing, COHERENT).temperature.status == "zero"
    excited = 1 / (1 + math.e)
    thermal = np.array([[1 - excited, 0.1], [0.1, excited]])
    assert entropy_split(thermal_qubit(0.3), thermal).temperature.status == "zero"
    assert entropy_split(thermal_qubit(0.3), np.diag([1 - excited, excited])).temperature.status == "undefined"
    alone = gkls_generator(X, [], energy=QUBIT)
    found = entropy_split(alone, COHERENT)
    assert (found.by_bath.shape, found.total, found.temperature.status) == (
        (0,),
        pytest.approx(0, abs=1e-15),
        "undefined",
    )


def test_heat_is_less_by_the_energy_of_particles():
    dot = [
        Bath(name, beta, FermionicSpectrum(0.1), LOWER, chemical_potential=mu)
        for name, beta, mu in (("left", 1.0, 0.4), ("right", 2.0, -0.3))
    ]
    generator = davies_generator(QUBIT, dot, number=QUBIT)
    state = np.diag([0.7, 0.3 + 0j])
    found = entropy_split(generator, state)
    moved = np.array([one.particle_rate(state) for one in generator.dissipators])
    np.testing.assert_allclose(found.heat_by_bath, (1 - np.array([0.4, -0.3])) * moved, atol=1e-14)


def test_what_is_no_state_is_noticed():
    value, error = interior_entropy_rate(X + 0j, np.array([[[0.6, 0.2], [0.1j, 0.4]]]))
    assert abs(value[0]) > 1e6 * error[0]
    with pytest.raises(NotAStateError):
        entropy_split(thermal_qubit(0.3), [[1.2, 0.0], [0.0, -0.2]])
