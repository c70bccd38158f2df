"""Time-local generators: canonical form of any generator, rates that turn negative, and maps that forget."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.linalg import expm
from tests.physics import dimensions, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, RateError, ShapeError
from loschmidt.evolution.counting import counted
from loschmidt.processes import gkls_generator, jump_dissipator
from loschmidt.processes.time_local import canonical_form, time_local_generator


def random_gkls(seed, d):
    rng = np.random.default_rng(seed)
    jumps = rng.normal(size=(2, d, d)) + 1j * rng.normal(size=(2, d, d))
    return gkls_generator(random_hermitian(rng, d), [jump_dissipator("any", jumps, rng.random(2) + 0.1)])


@given(seed=seeds, d=dimensions)
def test_the_canonical_form_is_the_same_generator(seed, d):
    process = random_gkls(seed, d)
    form = canonical_form(process.superoperator())
    again = gkls_generator(form.hamiltonian, [jump_dissipator("any", form.jumps, form.rates)])
    size = np.abs(process.superoperator()).max()
    assert again.superoperator() == pytest.approx(process.superoperator(), abs=1e-12 * size)
    assert len(form.rates) == 2
    assert form.rates == pytest.approx(np.sort(process.canonical_rates()["any"]), rel=1e-9)
    overlaps = np.einsum("jab,kab->jk", form.jumps.conj(), form.jumps)
    assert overlaps == pytest.approx(np.eye(2), abs=1e-12)
    assert np.abs(np.trace(form.jumps, axis1=1, axis2=2)).max() < 1e-12
    assert abs(np.trace(form.hamiltonian)) < 1e-12 * size


@given(seed=seeds, d=dimensions)
def test_a_semigroup_has_its_generator_at_all_times(seed, d):
    process = random_davies(seed, d, (0.7,))
    generator = process.superoperator()
    phi = expm(generator)
    found = time_local_generator(phi, generator @ phi)
    assert found.superoperator() == pytest.approx(generator, abs=1e-8 * np.abs(generator).max())


def jaynes_cummings(time, coupling=1.0, width=0.2):
    """Amplitude c(t) of an atom in a lossy cavity, and its rate of change: c swings through zero."""
    root = np.sqrt(complex(width**2 - 2 * coupling * width))
    half = root * time / 2
    envelope = np.exp(-width * time / 2)
    swing = np.cosh(half) + width / root * np.sinh(half)
    slope = root / 2 * np.sinh(half) + width / 2 * np.cosh(half)
    return (envelope * swing).real, (envelope * (slope - width / 2 * swing)).real


def damping(c, slope):
    """Amplitude damping and its rate of change; the excited state is the second one."""
    phi, change = np.zeros((4, 4)), np.zeros((4, 4))
    phi[0, 0], phi[0, 3], phi[3, 3], phi[1, 1], phi[2, 2] = 1, 1 - c**2, c**2, c, c
    change[0, 3], change[3, 3], change[1, 1], change[2, 2] = -2 * c * slope, 2 * c * slope, slope, slope
    return phi, change


def test_an_atom_that_takes_its_photon_back_has_a_negative_rate():
    c, slope = jaynes_cummings(8.0)
    rate = -2 * slope / c
    assert rate < -0.1
    phi, change = damping(c, slope)
    assert np.linalg.eigvalsh(phi.reshape(2, 2, 2, 2).transpose(1, 3, 0, 2).reshape(4, 4))[0] > -1e-12  # a channel
    with pytest.raises(RateError, match="negative_rates=True"):
        time_local_generator(phi, change)
    process = time_local_generator(phi, change, energy=np.diag([0.0, 1.0]), beta=2.0, negative_rates=True)
    assert process.canonical_rates()["environment"] == pytest.approx([rate])
    assert not process.is_completely_positive()
    # Its entropy production may be negative, although the whole map is a channel.
    rho = random_state(np.random.default_rng(1), 2)
    values, vectors = np.linalg.eigh(rho)
    logarithm = (vectors * np.log(values)) @ vectors.conj().T
    assert -np.trace(process.apply(rho) @ (logarithm + 2.0 * process.energy)).real < 0
    with pytest.raises(RateError, match="cannot be counted"):
        counted(process, "jumps")


def test_a_map_that_forgets_has_no_generator():
    with pytest.raises(InputError, match="invertible"):
        time_local_generator(np.diag([1.0, 0, 0, 1.0]), np.zeros((4, 4)))


def test_a_unitary_has_no_bath():
    h = np.diag([0.3, -0.3])
    move = -1j * (np.kron(np.eye(2), h) - np.kron(h.T, np.eye(2)))
    found = time_local_generator(np.eye(4), move)
    assert found.dissipators == ()
    assert found.hamiltonian == pytest.approx(h)


@pytest.mark.parametrize(
    ("matrix", "error", "message"),
    [
        (np.eye(4), InputError, "no generator"),
        (np.diag([0, 1j, 1j, 0]), InputError, "Hermitian"),
        (np.eye(3), ShapeError, "d² × d²"),
    ],
)
def test_what_is_no_generator_is_refused(matrix, error, message):
    with pytest.raises(error, match=message):
        canonical_form(matrix)
