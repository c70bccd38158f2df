"""The window between dephasing and relaxation: closed solutions of the qubit, degenerate levels, verdicts, bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import dimensions, random_davies, random_hermitian, random_state, seeds, two_level

from loschmidt.errors import InputError, ResourceError
from loschmidt.information import von_neumann_entropy
from loschmidt.processes import (
    Bath,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
    redfield_generator,
)
from loschmidt.processes.gains import entropy_gain
from loschmidt.processes.quasi_isolated_window import entropy_rate_bound, identity_image_rate, quasi_isolated_window
from loschmidt.states import gibbs_state, random_unitary

LOWER = np.array([[0, 1], [0, 0]])
TIMES = np.geomspace(1e-2, 1e6, 121)


def qubit(down, up, dephasing, omega=1.0, basis=None):
    """Rates of the two jumps and γ_φ, with 1/T₂ = (γ_↓ + γ_↑)/2 + γ_φ; level 0 is lower."""
    u = np.eye(2) if basis is None else basis
    jumps = [u @ jump @ u.conj().T for jump in (LOWER, LOWER.T, np.diag([1, -1]))]
    bath = jump_dissipator("environment", jumps, [down, up, dephasing / 2])
    return gkls_generator(u @ np.diag([0, omega]) @ u.conj().T, [bath])


def example():
    """The example of the page: γ = 1e-4, T = 0.2, ω = 1, γ_φ = 1."""
    number = 1 / math.expm1(1 / 0.2)
    return qubit(1e-4 * (number + 1), 1e-4 * number, 1.0)


def random_gkls(rng, d, count=2):
    jumps = rng.normal(size=(count, d, d)) + 1j * rng.normal(size=(count, d, d))
    bath = jump_dissipator("any", jumps, rng.random(count))
    return gkls_generator(random_hermitian(rng, d), [bath])


def test_the_example_has_its_window():
    window = quasi_isolated_window(example(), TIMES)
    assert window.t1 == pytest.approx(9866.14, abs=0.005)
    assert window.t2 == pytest.approx(0.99995, abs=5e-6)
    assert window.t_low == pytest.approx(6.907, abs=5e-4)
    assert window.t_high == pytest.approx(99.83, abs=5e-3)
    assert window.ratio == pytest.approx(14.45, abs=0.01)
    assert window.exists
    assert not window.open_ended
    assert window.verdict == "unital within 0.0099 from t = 6.907 to 99.83"


def test_in_the_window_the_least_gain_is_of_first_order_and_the_loss_of_the_mixed_state_of_second():
    window = quasi_isolated_window(example(), TIMES)
    channel = window.channel(30.0)
    assert channel.unitality_defect() == pytest.approx(3.0e-3, abs=5e-5)
    assert entropy_gain(channel, np.eye(2) / 2) == pytest.approx(-4.5e-6, abs=5e-8)
    assert window.minimal_gain(30.0) == pytest.approx(-8.2e-4, abs=5e-6)
    assert round(float(entropy_gain(channel, np.full((2, 2), 0.5))), 5) == 0.69314
    assert window.minimal_gain(15.0) / window.minimal_gain(30.0) == pytest.approx(0.5, rel=0.01)
    mixed = [float(entropy_gain(window.channel(t), np.eye(2) / 2)) for t in (15.0, 30.0)]
    assert mixed[0] / mixed[1] == pytest.approx(0.25, rel=0.01)


@given(
    down=st.floats(1e-4, 0.3),
    balance=st.floats(0, 0.9),
    dephasing=st.floats(0.1, 5),
    omega=st.floats(0.5, 20),
    tolerance=st.floats(1e-4, 0.2),
)
def test_qubit_in_closed_form(down, balance, dephasing, omega, tolerance):
    up = balance * down
    window = quasi_isolated_window(qubit(down, up, dephasing, omega), np.geomspace(1e-4, 1e3, 31), tolerance, tolerance)
    t, t1, t2 = window.times, 1 / (down + up), 1 / ((down + up) / 2 + dephasing)
    moved = -np.expm1(-t / t1)
    assert window.t1 == pytest.approx(t1, rel=1e-9)
    assert window.t2 == pytest.approx(t2, rel=1e-9)
    np.testing.assert_allclose(window.coherence, np.exp(-t / t2), rtol=1e-8, atol=1e-100)
    np.testing.assert_allclose(window.population_change, down * t1 * moved, rtol=1e-9)
    np.testing.assert_allclose(window.defect, (down - up) * t1 * moved, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(window.energy_exchange, omega * down * t1 * moved, rtol=1e-9, atol=1e-14)
    if 1e-4 < t2 * math.log(1 / tolerance) < 1e3:
        assert window.t_low == pytest.approx(t2 * math.log(1 / tolerance), rel=1e-8)
    end = math.inf if tolerance >= down * t1 else -t1 * math.log1p(-tolerance / (down * t1))
    if 1e-4 < end < 1e3:
        assert window.t_high == pytest.approx(end, rel=1e-8)
    elif end >= 1e3:
        assert window.open_ended
        assert window.t_high == 1e3


@given(seed=seeds)
def test_nothing_depends_on_the_basis(seed):
    basis = random_unitary(2, np.random.default_rng(seed))
    straight = quasi_isolated_window(qubit(0.002, 0.001, 0.5), TIMES[::10])
    turned = quasi_isolated_window(qubit(0.002, 0.001, 0.5, basis=basis), TIMES[::10])
    for name in ("coherence", "population_change", "defect", "energy_exchange"):
        np.testing.assert_allclose(getattr(turned, name), getattr(straight, name), atol=1e-9)
    assert turned.t_low == pytest.approx(straight.t_low, rel=1e-6)
    assert turned.t_high == pytest.approx(straight.t_high, rel=1e-6)


@given(seed=seeds, d=st.integers(2, 4), time=st.floats(0.01, 3))
def test_channel_is_the_exponential_of_the_generator(seed, d, time):
    process = random_gkls(np.random.default_rng(seed), d)
    window = quasi_isolated_window(process, [0.0, 1.0])
    np.testing.assert_allclose(window.channel(time).superoperator, expm(time * process.superoperator()), atol=1e-11)


@settings(max_examples=10)
@given(seed=seeds, d=st.integers(2, 4))
def test_every_series_is_what_its_definition_says(seed, d):
    """Recomputed from the exponential of the whole superoperator, state by state."""
    process = random_gkls(np.random.default_rng(seed), d)
    times = np.array([0.1, 0.7])
    window = quasi_isolated_window(process, times)
    basis = np.linalg.eigh(process.energy)[1]
    for at, time in enumerate(times):
        propagator = expm(time * process.superoperator())

        def image(operator, propagator=propagator):
            moved = basis @ operator @ basis.conj().T
            final = (propagator @ moved.reshape(-1, order="F")).reshape(d, d, order="F")
            return basis.conj().T @ final @ basis

        coherences, leaks = [], []
        for i, j in np.ndindex(d, d):
            unit = np.zeros((d, d))
            unit[i, j] = 1
            found = image(unit)
            if i == j:
                leaks.append(1 - found[i, i].real)
            else:
                coherences.append(np.linalg.norm(found - np.diag(np.diag(found))))
        assert window.coherence[at] == pytest.approx(max(coherences), abs=1e-11)
        assert window.population_change[at] == pytest.approx(max(leaks), abs=1e-11)
        assert window.defect[at] == pytest.approx(np.linalg.norm(image(np.eye(d)) - np.eye(d), 2), abs=1e-11)
        later = expm(time * process.superoperator().conj().T) @ process.energy.reshape(-1, order="F")
        change = later.reshape(d, d, order="F") - process.energy
        assert window.energy_exchange[at] == pytest.approx(np.linalg.norm(change, 2), abs=1e-10)
    assert window.t1 is None
    assert window.t2 is None


def test_degenerate_levels_count_as_one_and_their_inner_coherence_does_not():
    """Three levels of which two coincide: a dark coherence between these persists without spoiling the window."""
    noise = jump_dissipator("noise", [np.diag([1, -1, -1])], [1.0])
    decay = Bath("cold", 3.0, GlauberSpectrum(1e-5), [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    base = davies_generator(np.diag([0.0, 1.0, 1.0]), [decay])
    process = gkls_generator(np.diag([0.0, 1.0, 1.0]), [noise, base.dissipators[0].as_jumps])
    window = quasi_isolated_window(process, TIMES)
    assert window.exists
    dark = np.array([0, 1, -1]) / math.sqrt(2)
    np.testing.assert_allclose(window.channel(1e3)(dark), np.outer(dark, dark), atol=1e-12)
    # The bright superposition leaves first: twice the rate of either level alone.
    rate = 2 * 1e-5 / (1 + math.exp(-3))
    assert window.population_change[60] == pytest.approx(rate * TIMES[60], rel=1e-2)
    turned = np.eye(3, dtype=complex)
    turned[1:, 1:] = random_unitary(2, np.random.default_rng(1))
    jumps = [turned @ jump @ turned.conj().T for jump in (*noise.jumps, *base.dissipators[0].as_jumps.jumps)]
    rates = [*noise.rates, *base.dissipators[0].as_jumps.rates]
    other = quasi_isolated_window(gkls_generator(process.hamiltonian, [jump_dissipator("all", jumps, rates)]), TIMES)
    np.testing.assert_allclose(other.coherence, window.coherence, atol=1e-12)
    np.testing.assert_allclose(other.population_change, window.population_change, atol=1e-12)


def test_times_of_a_davies_equation_are_those_of_its_rate_equation():
    process = random_davies(3, 4, (0.7,))
    window = quasi_isolated_window(process, [1.0, 2.0])
    rates = process.dissipators[0].pauli_rates()
    decay = np.sort(-np.linalg.eigvals(rates - np.diag(rates.sum(axis=0))).real)
    assert window.t1 == pytest.approx(1 / decay[1], rel=1e-8)
    assert 0 < window.t2 < math.inf


def test_a_closed_system_has_no_window():
    window = quasi_isolated_window(gkls_generator(np.diag([0.0, 1.0, 2.5]), []), [0.1, 1.0, 10.0])
    assert window.verdict.startswith("no window: some coherence is still 1 of its first size at t = 10")
    assert (window.t1, window.t2) == (math.inf, math.inf)
    assert (window.t_low, window.ratio, window.largest_defect) == (None, None, None)
    assert window.open_ended
    assert window.defect.max() < 1e-14


def test_relaxation_without_dephasing_of_its_own_leaves_no_window():
    window = quasi_isolated_window(two_level(), np.geomspace(0.01, 1e3, 41))
    assert window.t2 == pytest.approx(2 * window.t1)
    assert not window.exists
    assert window.verdict.startswith("no window: populations move by 0.01 at t = 0.22")
    assert window.ratio < 1
    assert window.largest_defect is None


def test_times_that_start_too_late_say_so():
    verdict = quasi_isolated_window(qubit(1.0, 0.5, 5.0), [10.0, 20.0]).verdict
    assert verdict == (
        "no window: populations have already moved by 0.67 at t = 10, the first time (d ≤ 0.01 is asked for)"
    )


def test_window_that_outlasts_the_times_says_so():
    window = quasi_isolated_window(qubit(0.0, 0.0, 1.0), [0.1, 1.0, 10.0, 100.0])
    assert window.verdict.endswith("from t = 6.908 to at least 100, the last time")
    assert window.t1 == math.inf
    assert window.largest_defect < 1e-15


def test_mixing_of_populations_and_coherences_leaves_no_relaxation_times():
    """In a frame that turns with a drive the Hamiltonian moves populations of the energy observable."""
    decay = jump_dissipator("vacuum", [LOWER], [0.1])
    driven = gkls_generator([[0, 0.3], [0.3, 0]], [decay], energy=np.diag([0.0, 1.0]))
    window = quasi_isolated_window(driven, [0.1, 1.0])
    assert (window.t1, window.t2) == (None, None)
    assert window.energy_exchange[1] > 0.05


@given(seed=seeds, d=dimensions, beta=st.floats(0.1, 5))
@settings(max_examples=10)
def test_long_contact_resets_to_the_thermal_state(seed, d, beta):
    """Φ(ρ) = ρ_th for every ρ: the least gain is exactly S(ρ_th) - ln d."""
    process = random_davies(seed, d, (beta,))
    window = quasi_isolated_window(process, [0.0, 1.0])
    assume(window.t1 is not None and window.t1 < 1e4)
    late = 60 * max(window.t1, window.t2)
    thermal = gibbs_state(process.energy, beta)
    np.testing.assert_allclose(window.channel(late)(random_state(np.random.default_rng(seed), d)), thermal, atol=1e-10)
    expected = float(von_neumann_entropy(thermal)) - math.log(d)
    assert window.minimal_gain(late) == pytest.approx(expected, abs=1e-8)


def test_least_gain_on_the_grid_falls_from_zero_to_that_of_the_reset():
    window = quasi_isolated_window(example(), np.geomspace(1e-2, 1e6, 9))
    thermal = gibbs_state(np.diag([0.0, 1.0]), 5.0)
    assert (np.diff(window.gain) < 0).all()
    assert -1e-6 < window.gain[0] < 0
    assert window.gain[-1] == pytest.approx(float(von_neumann_entropy(thermal)) - math.log(2), abs=1e-9)


@given(seed=seeds, d=dimensions)
def test_rate_of_the_identity_is_the_sum_of_commutators(seed, d):
    process = random_gkls(np.random.default_rng(seed), d)
    bath = process.dissipators[0]
    expected = sum(
        rate * (jump @ jump.conj().T - jump.conj().T @ jump) for rate, jump in zip(bath.rates, bath.jumps, strict=True)
    )
    found = identity_image_rate(process)
    np.testing.assert_allclose(found, expected, atol=1e-13)
    step = 1e-6
    image = (expm(step * process.superoperator()) @ np.eye(d).reshape(-1)).reshape(d, d, order="F")
    np.testing.assert_allclose((image - np.eye(d)) / step, found, atol=1e-3)


@given(seed=seeds, d=dimensions)
def test_entropy_rate_is_never_below_its_bound(seed, d):
    rng = np.random.default_rng(seed)
    process, rho = random_gkls(rng, d), random_state(rng, d)
    values, vectors = np.linalg.eigh(rho)
    entropy_rate = -np.trace(process.apply(rho) @ (vectors * np.log(values)) @ vectors.conj().T).real
    assert entropy_rate >= float(entropy_rate_bound(process, rho)) - 1e-9


@given(seed=seeds, d=dimensions)
def test_bound_is_tight_to_first_order_about_the_maximally_mixed_state(seed, d):
    """A wrong sign or factor in L(1) would leave a difference of first order."""
    rng = np.random.default_rng(seed)
    process, direction = random_gkls(rng, d), random_hermitian(rng, d)
    direction -= np.trace(direction) / d * np.eye(d)
    differences = []
    for size in (1e-3, 1e-4):
        rho = (np.eye(d) + size * direction) / d
        values, vectors = np.linalg.eigh(rho)
        entropy_rate = -np.trace(process.apply(rho) @ (vectors * np.log(values)) @ vectors.conj().T).real
        differences.append(entropy_rate - float(entropy_rate_bound(process, rho)))
    assert differences[0] / differences[1] == pytest.approx(100, rel=0.2)


def test_bound_takes_stacks_and_kets():
    process = qubit(0.3, 0.1, 0.0)
    found = entropy_rate_bound(process, np.stack([np.diag([1, 0]), np.diag([0, 1]), np.eye(2) / 2]).astype(complex))
    np.testing.assert_allclose(found, [-0.2, 0.2, 0.0], atol=1e-16)
    assert entropy_rate_bound(process, [0, 1]) == pytest.approx(0.2)


def test_refusals():
    rng = np.random.default_rng(0)
    bath = Bath("b", 1.0, OhmicSpectrum(0.5), random_hermitian(rng, 3))
    with pytest.raises(InputError, match="completely positive"):
        quasi_isolated_window(redfield_generator(random_hermitian(rng, 3), [bath]), [0.0, 1.0])
    with pytest.raises(InputError, match="`times` must not be negative, but the first is -1"):
        quasi_isolated_window(two_level(), [-1.0, 1.0])
    with pytest.raises(InputError, match="`coherence_tolerance` must be positive"):
        quasi_isolated_window(two_level(), [0.0, 1.0], coherence_tolerance=0.0)
    with pytest.raises(ResourceError, match="dimensions up to 32"):
        quasi_isolated_window(gkls_generator(np.diag(np.arange(33.0)), []), [0.0, 1.0])
