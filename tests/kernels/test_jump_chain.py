from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernels.test_stationary import random_terms
from tests.reference import jump_chain as slow

from loschmidt._kernels.jump_chain import enter, from_basis, generate, leave, precondition, solve_chain, to_basis
from loschmidt._kernels.jump_chain_layout import closed_under_adjoint, jump_rates
from loschmidt._kernels.stationary import jump_pairs, rotated_cleanly
from loschmidt.evolution._steady_frame import rest_frame
from loschmidt.evolution._steady_jump_chain import jump_chain
from loschmidt.evolution._steady_krylov import gmres
from loschmidt.evolution._steady_terms import GeneratorTerms, SparseJumps

dimensions = st.integers(2, 6)
seeds = st.integers(0, 2**32 - 1)


def sparse(jumps, rates):
    elements = [np.nonzero(jump) for jump in jumps]
    starts = np.concatenate([[0], np.cumsum([len(n) for n, _ in elements])])
    rows, columns = (np.concatenate([one[k] for one in elements]) for k in (0, 1))
    values = np.concatenate([jump[where] for jump, where in zip(jumps, elements, strict=True)])
    return SparseJumps(starts, rates, rows, columns, values.astype(complex))


def random_chain(rng, d):
    no_jump, jumps, rates, pairs, losses = random_terms(rng, d)
    terms = GeneratorTerms(None, no_jump, losses, np.eye(d), sparse(jumps, rates), pairs, True, None, False)
    frame = rest_frame(no_jump)
    return terms, frame, jump_chain(terms, frame), (no_jump, jumps, rates)


def hermitian_of(rng, chain, d):
    """A Hermitian matrix that has only the elements which the chain holds."""
    state = np.zeros(d * d, dtype=complex)
    other = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    state[chain.arrays.flat] = (other + other.conj().T).reshape(-1)[chain.arrays.flat]
    return state.reshape(d, d)


@given(d=dimensions, seed=seeds)
def test_vectors_are_matrices_in_the_frame(d, seed):
    rng = np.random.default_rng(seed)
    terms, frame, chain, _ = random_chain(rng, d)
    v = frame.vectors
    both = 0.5j * (terms.no_jump - terms.no_jump.conj().T) - 0.5 * (terms.no_jump + terms.no_jump.conj().T)
    assert v.conj().T @ both @ v == pytest.approx(np.diag(frame.values), abs=1e-12)
    state = hermitian_of(rng, chain, d)
    vector = enter(chain.arrays, state)
    assert np.linalg.norm(vector) == pytest.approx(np.linalg.norm(state))
    assert leave(chain.arrays, vector) == pytest.approx(state, abs=1e-12)
    assert from_basis(chain.arrays, to_basis(chain.arrays, vector)) == pytest.approx(vector, abs=1e-12)
    assert vector[chain.arrays.diagonal] == pytest.approx(np.diagonal(v.conj().T @ state @ v).real, abs=1e-12)


@given(d=dimensions, seed=seeds, precision=st.sampled_from([(np.float64, 1e-12), (np.float32, 1e-4)]))
def test_the_generator_is_that_of_dense_matrices(d, seed, precision):
    kind, tolerance = precision
    rng = np.random.default_rng(seed)
    terms, frame, chain, dense = random_chain(rng, d)
    inside = hermitian_of(rng, chain, d)
    arrays = type(chain.arrays)(*(x.astype(kind) if x.dtype == np.float64 else x for x in chain.arrays))
    expected = slow.unpacked(slow.generator_in_basis(*dense, frame.vectors) @ slow.packed(_in_frame(frame, inside)))
    found = generate(arrays, enter(arrays, inside))
    assert found.dtype == kind
    back = frame.vectors @ expected @ frame.vectors.conj().T / terms.largest_rate
    assert leave(chain.arrays, found.astype(float)) == pytest.approx(back, abs=tolerance * max(1, np.abs(back).max()))


def _in_frame(frame, state):
    return frame.vectors.conj().T @ state @ frame.vectors


@given(d=dimensions, seed=seeds)
def test_both_krylov_methods_invert_the_generator(d, seed):
    rng = np.random.default_rng(seed)
    terms, _, chain, _ = random_chain(rng, d)
    target = chain.enter(terms.apply(hermitian_of(rng, chain, d)))
    best = gmres(chain.generate, chain.precondition, target, 1e-9)
    assert solve_chain(chain.arrays, target, 1e-9) == pytest.approx(best, abs=1e-12 * max(1, np.abs(best).max()))
    assert np.linalg.norm(chain.generate(best) - target) <= 2e-9 * np.linalg.norm(target)
    assert (solve_chain(chain.arrays, np.zeros_like(target), 1e-9) == 0).all()


def test_populations_alone_are_preconditioned_exactly():
    jumps = [np.array([[0, 1], [0, 0]], dtype=complex), np.array([[0, 0], [1, 0]], dtype=complex)]
    rates = np.array([0.3, 0.1])
    loss = -0.5 * sum(r * x.conj().T @ x for r, x in zip(rates, jumps, strict=True))
    found = sparse(jumps, rates)
    pairs = jump_pairs(found.starts, rates, np.zeros(2, dtype=int), found.rows, found.columns, found.values, 2)
    terms = GeneratorTerms(None, loss, loss[None], np.eye(2), found, pairs, True, None, False)
    chain = jump_chain(terms, rest_frame(terms.no_jump))
    traceless = chain.enter(np.diag([1.0, -1.0]).astype(complex))
    assert chain.generate(precondition(chain.arrays, traceless)) == pytest.approx(traceless, abs=1e-5)


@given(d=dimensions, seed=seeds, real=st.booleans())
def test_rates_between_eigenvectors(d, seed, real):
    rng = np.random.default_rng(seed)
    _, frame, _, (_, jumps, rates) = random_chain(rng, d)
    kept = sparse(jumps, rates)
    vectors = frame.vectors.real.copy() if real else frame.vectors.astype(complex)
    values = kept.values.real.copy() if real else kept.values
    jumps = [jump.real if real else jump for jump in jumps]
    found = jump_rates(kept.starts, rates, kept.rows, kept.columns, values, vectors)
    assert found == pytest.approx(slow.jump_rates(jumps, rates, vectors), abs=1e-12)


@given(d=dimensions, seed=seeds)
def test_jumps_whose_adjoints_are_jumps(d, seed):
    rng = np.random.default_rng(seed)
    first = np.where(rng.random((d, d)) < 0.5, rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)), 0)
    first[0, d - 1] = 1 + 1j
    hermitian = np.diag(rng.normal(size=d)).astype(complex)
    for jumps in ([first], [first, 0.3j * first.conj().T], [hermitian], [hermitian, first], [first, first.conj()]):
        one = sparse(jumps, np.ones(len(jumps)))
        found = closed_under_adjoint(one.starts, one.rows, one.columns, one.values, d)
        assert found == slow.closed_under_adjoint(jumps)
    changed = [first, first.conj().T * np.where(np.arange(d) == 0, 1 + 1e-6, 1)]
    one = sparse(changed, np.ones(2))
    assert closed_under_adjoint(one.starts, one.rows, one.columns, one.values, d) == slow.closed_under_adjoint(changed)


@given(d=dimensions, seed=seeds, reorder=st.booleans())
def test_rotation_without_round_off(d, seed, reorder):
    rng = np.random.default_rng(seed)
    operator = np.diag(rng.normal(size=d)) + 0j
    basis = np.linalg.qr(rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d)))[0]
    if reorder:
        basis = (np.eye(d) * np.exp(1j * rng.normal(size=d)))[:, rng.permutation(d)]
    found = rotated_cleanly(basis, basis @ operator @ basis.conj().T)
    assert found == pytest.approx(operator, abs=1e-13)
    assert (found[~np.eye(d, dtype=bool)] == 0).all()
