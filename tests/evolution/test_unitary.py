"""Closed systems by phases: closed solutions, the same numbers as other methods, and errors that cover the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.linalg import expm
from tests.physics import random_hermitian, random_state, seeds, two_level

from loschmidt import audit, build_ledger, evolve
from loschmidt.errors import InputError
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.unitary import UnitaryPropagator
from loschmidt.processes import driven_generator, driven_hamiltonian, gkls_generator


@settings(max_examples=30, deadline=None)
@given(seed=seeds)
def test_the_same_as_the_matrix_exponential(seed):
    rng = np.random.default_rng(seed)
    d = int(rng.integers(1, 7))
    process = gkls_generator(random_hermitian(rng, d), [], energy=random_hermitian(rng, d))
    state, times = random_state(rng, d, int(rng.integers(1, d + 1))), np.array([0.5, 0.7, 3.0])
    ours = evolve(process, state, times)
    theirs = evolve(process, state, times, MatrixExponential())
    assert isinstance(ours.method, UnitaryPropagator)
    apart = np.linalg.norm(ours.states - theirs.states, axis=(1, 2))
    assert (apart <= ours.error + theirs.error).all()
    np.testing.assert_allclose(ours.switching_work, theirs.switching_work, atol=1e-11)
    unitary = expm(-2.5j * process.hamiltonian)
    np.testing.assert_allclose(ours.states[-1], unitary @ state @ unitary.conj().T, atol=1e-11)
    between = ours.in_original_basis(ours.dense(np.array([0.2, 1.5])))
    np.testing.assert_allclose(between[0], ours.states[1], atol=1e-14)
    assert not audit(build_ledger(ours)).violated


def test_long_times_and_offsets_are_in_the_error():
    # cos² of a phase that is known in closed form, with energies far from zero.
    process = gkls_generator(1e6 * np.eye(2) + [[0.0, 1.0], [1.0, 0.0]], [])
    times = np.array([0.0, 1.0, 1e3])
    found = evolve(process, [1, 0], times)
    apart = np.abs(found.states[:, 0, 0].real - np.cos(times) ** 2)
    assert (apart <= found.error).all()
    assert found.error[-1] < 1e-5


def test_a_level_that_is_degenerate_stands_still():
    process = gkls_generator(np.diag([1.0, 1.0, 2.0]), [])
    state = np.full((3, 3), 1 / 3)
    found = evolve(process, state, [0.0, 1.0])
    assert found.states[-1, 0, 1] == pytest.approx(1 / 3, abs=1e-15)
    assert found.states[-1, 0, 2] == pytest.approx(np.exp(1j) / 3, abs=1e-15)
    assert float(build_ledger(found)["steady_state_multiplicity"]) == 5


def test_baths_and_drives_need_another_method():
    for process in (two_level(), driven_generator(driven_hamiltonian(np.eye(2)), dissipators=[])):
        assert not UnitaryPropagator.applies_to(process)
        with pytest.raises(InputError, match="closed system"):
            evolve(process, [1, 0], [0.0, 1.0], UnitaryPropagator())
