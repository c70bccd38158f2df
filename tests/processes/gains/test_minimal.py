from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import lambertw
from tests.physics import random_state, seeds
from tests.processes.gains.families import (
    binary,
    brute_force,
    damping,
    damping_minimum,
    direct_sum,
    partial_swap,
    random_kraus,
    rotated,
    three_leads,
)

from loschmidt.errors import InputError
from loschmidt.information import von_neumann_entropy
from loschmidt.processes import gkls_generator, jump_dissipator
from loschmidt.processes.channels import (
    Channel,
    amplitude_damping,
    erasure_channel,
    generalised_amplitude_damping,
    identity_channel,
    mixed_unitary_channel,
    random_channel,
    reset_channel,
    unitary_channel,
)
from loschmidt.processes.gains import entropy_gain, gain_bracket, maximally_mixed_gain, minimal_entropy_gain
from loschmidt.states import random_density_matrix, random_unitary

TIGHT = 1e-11
HALF = -math.log((1 + math.sqrt(2)) / 2)  # amplitude damping, γ = 1/2


def check(channel, exact, within=1e-9, tolerance=1e-9):
    found = minimal_entropy_gain(channel, tolerance=tolerance)
    assert found.converged
    assert found.value == pytest.approx(exact, abs=within)
    assert exact - within <= found.lower_bound <= exact + 1e-12
    assert entropy_gain(channel, found.state) == pytest.approx(found.value, abs=1e-12)
    return found


# ── closed values ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_amplitude_damping_of_one_half():
    assert pytest.approx(-0.188226406, abs=5e-10) == HALF
    found = check(amplitude_damping(0.5), HALF, 1e-12, tolerance=1e-12)
    np.testing.assert_allclose(found.state, np.diag([1 / math.sqrt(2), 1 - 1 / math.sqrt(2)]), atol=1e-5)


@pytest.mark.parametrize("gamma", [1e-5, 0.01, 0.1, 0.3, 0.9, 0.999])
def test_amplitude_damping_is_minimised_by_a_diagonal_state(gamma):
    check(amplitude_damping(gamma), damping_minimum(gamma))


@pytest.mark.parametrize("gamma", [1e-4, 1e-6, 1e-8])
def test_weak_damping_takes_entropy_in_first_order(gamma):
    slope = -lambertw(math.exp(-1)).real
    assert slope == pytest.approx(-0.278464543, abs=5e-10)
    found = minimal_entropy_gain(amplitude_damping(gamma), tolerance=max(1e-13, 1e-7 * gamma))
    assert found.value / gamma == pytest.approx(slope, rel=1e-6 + gamma)
    assert found.iterations < 20
    assert maximally_mixed_gain(amplitude_damping(gamma)) == pytest.approx(-(gamma**2) / 2, rel=1e-6)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_a_reset_takes_everything(d):
    found = check(reset_channel(np.eye(d)[0]), -math.log(d), 1e-13)
    assert found.iterations == 0


def test_contact_with_a_bath_until_equilibrium():
    rng = np.random.default_rng(2)
    thermal = random_density_matrix(4, rng)
    check(reset_channel(thermal), von_neumann_entropy(thermal) - math.log(4), 1e-12)


@given(seed=seeds, d=st.integers(1, 6), count=st.integers(1, 3))
def test_unital_channels_take_nothing(seed, d, count):
    rng = np.random.default_rng(seed)
    unitaries = np.array([random_unitary(d, rng) for _ in range(count)])
    found = check(mixed_unitary_channel(unitaries, np.full(count, 1 / count)), 0, 1e-13)
    assert found.iterations == 0


def test_a_channel_that_damps_to_the_middle_is_unital():
    check(generalised_amplitude_damping(0.7, 0.5), 0, 1e-14)
    found = minimal_entropy_gain(generalised_amplitude_damping(0.7, 0.4))
    assert found.value < -1e-3


def test_a_weak_generator_takes_its_lowest_rate():
    decay = gkls_generator(np.zeros((2, 2)), [jump_dissipator("cold", [[[0, 1], [0, 0]]], [1.0])])
    p = np.linspace(1e-4, 1 - 1e-4, 20001)
    lowest = (p * np.log(p / (1 - p))).min()  # −tr L(ρ) ln ρ of a diagonal state
    for time in (1e-3, 1e-5):
        found = minimal_entropy_gain(Channel.from_generator(decay, time), tolerance=1e-6 * time)
        assert found.value / time == pytest.approx(lowest, rel=time)


@pytest.mark.parametrize(
    ("transmission", "polarisation", "exact"),
    [
        (2 / 3, 1 / math.sqrt(3), -0.514141),
        (2 / 3, 1 / 3, -0.136880),
        (1 / math.sqrt(3), 1 / math.sqrt(3), -0.319184),
        (1 / math.sqrt(3), 1 / 3, -0.093281),
    ],
)
def test_three_leads_with_a_spin(transmission, polarisation, exact):
    phase = np.exp(2j * np.pi / 3)
    fourier = np.array([[phase ** (i * j) for j in range(3)] for i in range(3)]) / math.sqrt(3)
    scattering = np.full((3, 3), 2 / 3) - np.eye(3) if transmission == 2 / 3 else fourier
    spin = np.array([[1 + polarisation, polarisation * (1 - 1j)], [polarisation * (1 + 1j), 1 - polarisation]]) / 2
    assert minimal_entropy_gain(three_leads(scattering, spin)).value == pytest.approx(exact, abs=5e-7)


def test_the_symmetric_splitter_swaps_with_the_spin():
    r = 1 / math.sqrt(2)
    splitter = np.array([[0, r, r], [r, 0.5, -0.5], [r, -0.5, 0.5]])
    found = check(three_leads(splitter, [1, 0]), -math.log(2), 1e-12)
    np.testing.assert_allclose(np.linalg.eigvalsh(found.state), [0, 0.5, 0.5], atol=1e-9)


# ── bounds hold, and hold for everything ─────────────────────────────────────────────────────────────────────────────


@given(n=st.integers(1, 5), m=st.integers(1, 5), seed=seeds)
def test_certificate_below_minimum_below_every_gain(n, m, seed):
    rng = np.random.default_rng(seed)
    channel = random_channel(n, m, rng, kraus=int(rng.integers(-(-n // m), n * m + 1)))
    found, bracket = minimal_entropy_gain(channel), gain_bracket(channel)
    assert found.converged
    assert 0 <= found.gap <= 1e-9
    assert bracket.lower - 1e-12 <= found.value <= bracket.upper + 1e-12
    others = [random_state(rng, n, rank=int(rng.integers(1, n + 1))) for _ in range(5)]
    others += [0.99 * found.state + 0.01 * other for other in others]
    assert (entropy_gain(channel, np.array(others)) >= found.lower_bound - 1e-12).all()
    if n == m:
        assert -math.log(n) - 1e-12 <= found.value <= 1e-15


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n", "m", "count"), [(2, 2, 2), (2, 2, 4), (3, 3, 2), (3, 2, 2), (2, 3, 2)])
def test_nothing_lower_is_found_by_brute_force(seed, n, m, count):
    rng = np.random.default_rng(seed)
    kraus = random_kraus(rng, n, m, count)
    assert minimal_entropy_gain(Channel.from_kraus(kraus)).value == pytest.approx(brute_force(kraus, rng), abs=1e-8)


@given(seed=seeds, first=st.integers(2, 3), second=st.integers(2, 3))
def test_gains_of_products_add(seed, first, second):
    rng = np.random.default_rng(seed)
    one, two = (random_channel(d, d, rng, kraus=2) for d in (first, second))
    values = [minimal_entropy_gain(channel, tolerance=TIGHT).value for channel in (one, two, one.tensor(two))]
    assert values[2] == pytest.approx(values[0] + values[1], abs=1e-10)


@given(seed=seeds, d=st.integers(2, 4))
def test_every_form_has_the_same_minimum(seed, d):
    rng = np.random.default_rng(seed)
    channel = random_channel(d, d, rng, kraus=2)
    values = [
        minimal_entropy_gain(other, tolerance=TIGHT).value
        for other in (
            channel,
            Channel.from_choi(channel.choi),
            Channel.from_superoperator(channel.superoperator),
            unitary_channel(random_unitary(d, rng)) @ channel @ unitary_channel(random_unitary(d, rng)),
        )
    ]
    np.testing.assert_allclose(values, values[0], atol=2e-11)


# ── boundary optima, supports, weak channels ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("other", [0.1, 0.49, 0.49999, 0.5])
@pytest.mark.parametrize("coherent", [False, True])
def test_direct_sum_has_the_gain_of_its_best_summand(other, coherent):
    rng = np.random.default_rng(11)
    kraus = direct_sum(damping(other), damping(0.5), coherent=coherent)
    for channel in (Channel.from_kraus(kraus), Channel.from_kraus(rotated(kraus, rng))):
        check(channel, HALF)
        check(Channel.from_superoperator(channel.superoperator), HALF)


@given(seed=seeds, coherent=st.booleans())
def test_direct_sums_of_random_channels(seed, coherent):
    rng = np.random.default_rng(seed)
    parts = [random_kraus(rng, n, m, count) for n, m, count in ((3, 2, 2), (2, 2, 2), (1, 2, 3), (2, 3, 3))]
    exact = min(minimal_entropy_gain(Channel.from_kraus(part), tolerance=TIGHT).value for part in parts)
    check(Channel.from_kraus(rotated(direct_sum(*parts, coherent=coherent), rng)), exact, 3e-11, tolerance=TIGHT)


@pytest.mark.parametrize("mixing", [1e-2, 1e-4, 1e-6, 1e-9, 1e-12, 1e-15])
def test_summands_that_mix_a_little(mixing):
    rng = np.random.default_rng(5)
    parts = [
        math.sqrt(1 - mixing) * direct_sum(damping(0.5), damping(0.3)),
        math.sqrt(mixing) * random_kraus(rng, 4, 4, 2),
    ]
    found = minimal_entropy_gain(Channel.from_kraus(np.concatenate(parts)))
    assert found.converged
    assert found.value == pytest.approx(HALF, abs=10 * mixing * (1 + abs(math.log(mixing))) + 1e-9)


@pytest.mark.parametrize("angle", [math.pi / 2, 1.5, 0.7, 0.1, 1e-3])
@pytest.mark.parametrize("populations", [[1, 0], [1 - 1e-9, 1e-9], [0.6, 0.4, 0], [0.7, 0.2, 0.1]])
def test_swap_like_channels_stay_above_their_bound(angle, populations):
    # Cutting small eigenvalues of Φ(ρ) at each step would put the "minimum" below its own lower bound here.
    found = minimal_entropy_gain(partial_swap(angle, populations))
    fuel = von_neumann_entropy(np.diag(populations)) - math.log(len(populations))
    assert found.converged
    assert fuel - 1e-12 <= found.lower_bound <= found.value
    if angle == math.pi / 2:
        assert found.value == pytest.approx(fuel, abs=1e-12)


@pytest.mark.parametrize("strength", [1e-1, 1e-3, 1e-5])
def test_nearly_unitary_channels_converge_in_tens_of_steps(strength):
    rng = np.random.default_rng(9)
    kraus = [math.sqrt(strength) * random_kraus(rng, 8, 8, 3), math.sqrt(1 - strength) * random_unitary(8, rng)[None]]
    found = minimal_entropy_gain(Channel.from_kraus(np.concatenate(kraus)), tolerance=max(1e-12, 1e-6 * strength))
    assert found.converged
    assert found.iterations < 80
    assert -strength < found.value < -strength / 1000


def test_a_channel_that_is_not_sub_unital_and_takes_nothing():
    # Damping, then erasure with a flag: Φ(1) = diag(1.05, 0.35, 0.6), yet the flag adds more than damping takes.
    channel = erasure_channel(2, 0.3) @ amplitude_damping(0.5)
    assert channel.subunitality_excess() == pytest.approx(0.05, abs=1e-12)
    p = np.linspace(1e-6, 1 - 1e-6, 100_001)
    exact = (binary(0.3) + 0.7 * binary(p / 2) - binary(p)).min()
    assert exact > 0.2
    check(channel, exact)


def test_rectangular_maps_that_forget_everything():
    check(Channel.from_kraus(np.eye(4)[:, None, :]), -math.log(4), 1e-13)  # the trace
    check(Channel.from_kraus(np.eye(4)[:, :2][None]), 0, 1e-13)  # an embedding
    found = minimal_entropy_gain(random_channel(1, 3, np.random.default_rng(4)))
    assert found.value == pytest.approx(found.lower_bound, abs=1e-12)


def test_many_levels():
    channel = random_channel(48, 48, np.random.default_rng(8), kraus=4)
    found = minimal_entropy_gain(channel)
    assert found.converged
    assert found.iterations < 40
    assert entropy_gain(channel, found.state) == pytest.approx(found.value, abs=1e-12)


# ── options ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unfinished_search_says_so_and_its_bounds_hold():
    found = minimal_entropy_gain(amplitude_damping(0.5), maximum_iterations=2)
    assert not found.converged
    assert found.iterations == 2
    assert found.lower_bound <= HALF <= found.value + 1e-15


def test_an_unreachable_tolerance_ends_with_the_best_bounds():
    found = minimal_entropy_gain(amplitude_damping(0.5), tolerance=1e-17)
    assert not found.converged
    assert found.gap < 1e-12
    assert found.lower_bound <= HALF


def test_arguments():
    with pytest.raises(InputError, match="tolerance"):
        minimal_entropy_gain(identity_channel(2), tolerance=0.0)
    with pytest.raises(InputError, match="maximum_iterations"):
        minimal_entropy_gain(identity_channel(2), maximum_iterations=-1)
    with pytest.raises(InputError, match="preserve the trace"):
        minimal_entropy_gain(Channel.from_kraus([np.eye(2) / 2], check="operation"))
