"""Counting with closed forms: Poisson, a qubit between two baths, a level between two leads, the maser."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loschmidt.evolution.counting import (
    counted,
    covariances,
    cumulants,
    fluctuation_symmetry,
    scaled_generating_function,
    uncertainty_ratios,
)
from loschmidt.evolution.steady import steady_state
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    FlatSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
)

X = np.array([[0.0, 1.0], [1.0, 0.0]])
LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])  # from the second to the first state


def close_to(found, expected):
    """The error that comes with a result covers its distance from the truth, and is small."""
    expected = np.asarray(expected)
    assert (np.abs(found.values - expected) <= found.errors + 1e-16 * np.abs(expected)).all()
    assert (found.errors <= 1e-7 * np.abs(found.values).max()).all()


def two_state(k, a, b, s):
    """θ(s) and its first three derivatives at 0 of a two-state process."""
    root = np.sqrt(k**2 / 4 + a * np.expm1(s) + b * np.expm1(-s))
    first = (a - b) / k
    second = (a + b) / k - 2 * (a - b) ** 2 / k**3
    third = (a - b) / k - 6 * (a**2 - b**2) / k**3 + 12 * (a - b) ** 3 / k**5
    return -k / 2 + root, [first, second, third]


def qubit(hot, cold, gammas=(0.02, 0.05), omega=1.3):
    baths = [
        Bath(name, 1 / t, FlatSpectrum(g), X) for name, t, g in zip(("hot", "cold"), (hot, cold), gammas, strict=True)
    ]
    process = davies_generator(np.diag([0.0, omega]), baths)
    n = [1 / np.expm1(omega / t) for t in (hot, cold)]
    k = sum(g * (2 * m + 1) for g, m in zip(gammas, n, strict=True))
    a = gammas[0] * n[0] * gammas[1] * (n[1] + 1)
    b = gammas[0] * (n[0] + 1) * gammas[1] * n[1]
    return process, k, a, b


@pytest.mark.parametrize(("hot", "cold"), [(2.0, 0.5), (1.0, 1.0), (0.7, 0.02)])
def test_qubit_between_two_baths(hot, cold):
    process, k, a, b = qubit(hot, cold)
    quanta = counted(process, "quanta", "hot")
    s = np.linspace(-2.0, 1.5, 8)
    theta, derivatives = two_state(k, a, b, s)
    close_to(cumulants(process, quanta, 3), derivatives)
    found = scaled_generating_function(process, quanta, s)
    assert (np.abs(found.values - theta) <= found.errors).all()
    assert found.errors.max() <= 1e-13


def test_small_currents_into_a_cold_bath_keep_their_digits():
    process, k, a, b = qubit(0.06, 0.05)
    found = cumulants(process, counted(process, "quanta", "hot"), 3)
    expected = two_state(k, a, b, 0.0)[1]
    assert found.values == pytest.approx(expected, rel=1e-12)
    assert expected[0] < 1e-10
    assert found.errors[0] < 1e-12 * expected[0] * 10


def test_a_qubit_obeys_the_fluctuation_symmetry_with_its_affinity():
    process, *_ = qubit(2.0, 0.5)
    found = fluctuation_symmetry(process, counted(process, "quanta", "hot"))
    assert found.affinity == pytest.approx(1.3 / 0.5 - 1.3 / 2.0, rel=1e-12)
    assert found.holds
    assert np.abs(found.values).max() > 1e-4
    wrong = fluctuation_symmetry(process, counted(process, "quanta", "hot"), affinity=1.0)
    assert not wrong.holds
    assert wrong.defect > 1e-4


def test_jumps_that_do_not_change_the_state_form_a_poisson_process():
    spectrum = FlatSpectrum(0.1, zero_frequency_rate=0.2)
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("noise", 1.0, spectrum, [[1.0, 0.5], [0.5, -1.0]])])
    flips = counted(process, lambda energies: np.where(energies == 0, 1.0, 0.0))
    close_to(cumulants(process, flips, 4), np.full(4, 0.2))
    s = np.array([-3.0, 0.5, 2.0])
    assert scaled_generating_function(process, flips, s).values == pytest.approx(0.2 * np.expm1(s), rel=1e-13)


@pytest.mark.parametrize("drive", [0.3, 5.0])
def test_photons_of_a_driven_atom(drive):
    # Mandel's parameter of resonance fluorescence: the Fano factor less one is -6 Ω²γ² / (γ² + 2Ω²)².
    gamma = 1.0
    decay = jump_dissipator("vacuum", [LOWER], [gamma])
    process = gkls_generator(0.5 * drive * X, [decay], energy=np.diag([0.0, 10.0]))
    found = cumulants(process, counted(process, "jumps", "vacuum"), 2)
    mean = gamma * drive**2 / (gamma**2 + 2 * drive**2)
    close_to(found, [mean, mean * (1 - 6 * drive**2 * gamma**2 / (gamma**2 + 2 * drive**2) ** 2)])
    assert found.fano_factor < 1


def level(gammas, betas, potentials, energy=0.7):
    baths = [
        Bath(name, beta, FermionicSpectrum(gamma), LOWER, chemical_potential=mu)
        for name, gamma, beta, mu in zip("lr", gammas, betas, potentials, strict=True)
    ]
    return davies_generator(np.diag([0.0, energy]), baths, number=np.diag([0.0, 1.0]))


def test_level_between_two_leads():
    gammas, betas, potentials = (0.02, 0.05), (2.0, 0.5), (0.3, -0.1)
    process = level(gammas, betas, potentials)
    left, right = (1 / (np.exp(b * (0.7 - mu)) + 1) for b, mu in zip(betas, potentials, strict=True))
    product = gammas[0] * gammas[1]
    s = np.linspace(-1.0, 1.0, 5)
    theta, derivatives = two_state(sum(gammas), product * left * (1 - right), product * right * (1 - left), s)
    particles = counted(process, "particles", "l")
    close_to(cumulants(process, particles, 3), derivatives)
    assert scaled_generating_function(process, particles, s).values == pytest.approx(theta, abs=1e-14)
    heat = cumulants(process, counted(process, "heat", "l"), 3)
    close_to(heat, [(0.7 - 0.3) ** m * c for m, c in enumerate(derivatives, 1)])
    found = fluctuation_symmetry(process, particles)
    assert found.affinity == pytest.approx(0.5 * (0.7 + 0.1) - 2.0 * (0.7 - 0.3), rel=1e-12)
    assert found.holds


def test_skewness_at_large_bias():
    left, right = 0.3, 0.7
    process = level((left, right), (math.inf, math.inf), (5.0, -5.0), energy=0.0)
    found = cumulants(process, counted(process, "particles", "l"), 3)
    total = left + right
    mean = left * right / total
    fano = (left**2 + right**2) / total**2
    quartic = left**4 - 2 * left**3 * right + 6 * left**2 * right**2 - 2 * left * right**3 + right**4
    close_to(found, [mean, mean * fano, mean * quartic / total**4])


def maser(drive):
    """Levels g, m, e; hot bath on g-e, cold bath on m-e, resonant drive on g-m in the rotating frame."""
    dissipators = []
    for name, place, strength, frequency, temperature in (("hot", 0, 0.04, 3.0, 10.0), ("cold", 1, 0.05, 1.0, 0.6)):
        lower = np.zeros((3, 3))
        lower[place, 2] = 1
        n = 1 / np.expm1(frequency / temperature)
        beta = 1 / temperature
        rates = [strength * (n + 1), strength * n]
        dissipators.append(jump_dissipator(name, [lower, lower.T], rates, beta=beta))
    rotating = np.zeros((3, 3))
    rotating[0, 1] = rotating[1, 0] = drive
    return gkls_generator(rotating, dissipators, energy=np.diag([0.0, 2.0, 3.0]))


def test_maser():
    process = maser(0.1)
    hot = counted(process, "quanta", "hot")
    found = uncertainty_ratios(process, hot)
    assert found.mean == pytest.approx(0.0089002301, abs=1e-10)
    assert found.entropy_production == pytest.approx(0.0121636, abs=1e-7)
    assert found.thermodynamic == pytest.approx(2.15416, abs=5e-6)
    # Every hot quantum leaves as a cold one: the counts differ by what the atom holds, which does not grow.
    noise = covariances(process, [hot, counted(process, "quanta", "cold")])
    assert noise.values == pytest.approx(noise.values[0, 0] * np.array([[1, -1], [-1, 1]]), rel=1e-12)
    symmetry = fluctuation_symmetry(process, hot, affinity=1 / 0.6 - 3 / 10)
    assert symmetry.holds
    assert symmetry.values.min() < -1e-3


def test_coherence_breaks_the_thermodynamic_bound():
    found = {
        drive: uncertainty_ratios(maser(drive), counted(maser(drive), "quanta", "hot")) for drive in (0.005, 0.025, 0.1)
    }
    assert abs(steady_state(maser(0.025)).state[0, 1]) > 0.05
    assert found[0.025].thermodynamic + found[0.025].thermodynamic_error < 1.96
    assert min(found[0.005].thermodynamic, found[0.1].thermodynamic) > 2
    assert all(one.kinetic > 1 for one in found.values())
