"""Ledgers of two parts against QuTiP's own evolution, partial traces and entropies."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_hermitian, random_state

from loschmidt import build_ledger, evolve
from loschmidt.processes import driven_hamiltonian, jump_dissipator
from loschmidt.processes.multipartite import embedded, multipartite_system

qutip = pytest.importorskip("qutip")

TIMES = np.linspace(0.0, 2.0, 6)
OPTIONS = {"atol": 1e-12, "rtol": 1e-11, "nsteps": 100_000}


def compare(ledger, states, dims, hamiltonians, tolerance):
    for k, local in enumerate(hamiltonians):
        parts = [state.ptrace(k) for state in states]
        entropies = [qutip.entropy_vn(part) for part in parts]
        np.testing.assert_allclose(ledger["part_entropy"][:, k], entropies, atol=tolerance)
        energies = [qutip.expect(qutip.Qobj(local), qutip.Qobj(part.full())) for part in parts]
        np.testing.assert_allclose(ledger["part_energy"][:, k], energies, atol=tolerance)
    if len(dims) == 2:
        shared = [qutip.entropy_mutual(state, 0, 1) for state in states]
        np.testing.assert_allclose(ledger["mutual_information"], shared, atol=tolerance)


@pytest.mark.parametrize("dims", [(2, 2), (3, 2), (2, 2, 2)])
def test_closed_parts(dims):
    rng = np.random.default_rng(11)
    d = int(np.prod(dims))
    parts = [random_hermitian(rng, n) for n in dims]
    coupling, state = random_hermitian(rng, d), random_state(rng, d)
    system = multipartite_system({f"p{k}": h for k, h in enumerate(parts)}, coupling)
    ledger = build_ledger(evolve(system, state, TIMES))
    shape = [list(dims), list(dims)]
    total = sum(embedded(h, dims, k) for k, h in enumerate(parts)) + coupling
    found = qutip.mesolve(qutip.Qobj(total, dims=shape), qutip.Qobj(state, dims=shape), TIMES, [], options=OPTIONS)
    compare(ledger, found.states, dims, parts, 1e-8)


def test_driven_interaction_and_open_part():
    rng = np.random.default_rng(12)
    a, b, static, moving = (random_hermitian(rng, n) for n in (2, 2, 4, 4))
    jump = embedded([[0.0, 1.0], [0.0, 0.0]], (2, 2), 1)
    state = random_state(rng, 4)
    coupling = driven_hamiltonian(static, [(moving, lambda t: np.sin(3 * t))])
    system = multipartite_system({"a": a, "b": b}, coupling, dissipators=[jump_dissipator("cold", [jump], [0.2])])
    ledger = build_ledger(evolve(system, state, TIMES))
    shape = [[2, 2], [2, 2]]
    free = embedded(a, (2, 2), 0) + embedded(b, (2, 2), 1) + static
    h = qutip.QobjEvo([qutip.Qobj(free, dims=shape), [qutip.Qobj(moving, dims=shape), lambda t: np.sin(3 * t)]])
    collapse = [np.sqrt(0.2) * qutip.Qobj(jump, dims=shape)]
    found = qutip.mesolve(h, qutip.Qobj(state, dims=shape), TIMES, collapse, options=OPTIONS)
    compare(ledger, found.states, (2, 2), (a, b), 1e-7)


def test_undone_without_correlations():
    from loschmidt.evolution.reversal import reversal_test

    rng = np.random.default_rng(13)
    a, b, coupling, state = random_hermitian(rng, 2), random_hermitian(rng, 2), random_hermitian(rng, 4), None
    state = random_state(rng, 4, 2)
    test = reversal_test(evolve(multipartite_system({"a": a, "b": b}, coupling), state, [0.0, 1.0]))
    shape = [[2, 2], [2, 2]]
    total = qutip.Qobj(embedded(a, (2, 2), 0) + embedded(b, (2, 2), 1) + coupling, dims=shape)
    unitary = (-1j * total).expm()
    start = qutip.Qobj(state, dims=shape)
    there = unitary * start * unitary.dag()
    product = qutip.tensor(there.ptrace(0), there.ptrace(1))
    back = unitary.dag() * product * unitary
    assert test.distance_without == pytest.approx(qutip.tracedist(back, start), abs=1e-10)
    assert test.entropy_gain_without == pytest.approx(qutip.entropy_vn(product) - qutip.entropy_vn(start), abs=1e-9)
