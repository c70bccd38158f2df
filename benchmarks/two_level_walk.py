"""W9: a walk among two-level systems that remember, against joint matrices and one dense matrix per configuration."""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from _harness import Comparison, compare, import_peer, largest_difference, main
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.collisions import TwoLevelWalk, two_level_walk
from loschmidt.states import random_density_matrix

P_UP, RESET = 0.4, 0.1
STEPS = {4: 20, 5: 10, 6: 6, 8: 6, 10: 4, 12: 2}
JOINT = (4, 5, 6)  # sites up to which the joint matrix is made
QUTIP = (4, 5)
FLOORS = {("resolved", 8): 3, ("resolved", 10): 10, ("resolved", 12): 20, ("joint", 5): 20, ("joint", 6): 50}


def turn(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def walk_of(sites: int, reset: float = RESET) -> TwoLevelWalk:
    return two_level_walk(sites, reset=reset, p_up=P_UP, coin_up=turn(0.6), coin_down=turn(-0.4))


def partial_memory(sites: int) -> Comparison:
    """Every element of the state differs from zero: the worst case, since a walk that starts at one site has fewer."""
    walk, steps = walk_of(sites), STEPS[sites]
    state = random_density_matrix(2 * sites, np.random.default_rng(sites))
    peers: dict[str, Callable[[], Any] | None] = {"NumPy, configurations": with_configurations(walk, state, steps)}
    if sites in JOINT:
        peers["NumPy, joint matrix"] = with_joint_matrix(walk, state, steps)
    if sites in QUTIP:
        peers["QuTiP, joint matrix"] = with_qutip(walk, state, steps)
    return compare(
        f"partial memory, M = {sites}, {steps} steps",
        lambda: walk.run(steps, state, correlations=False).entropies,
        peers,
        check=largest_difference,
        tolerance=1e-11,
        floor={
            label: FLOORS[key, sites]
            for label, key in (("NumPy, configurations", "resolved"), ("NumPy, joint matrix", "joint"))
            if (key, sites) in FLOORS
        },
        goal={},
        min_time=0.1,
    )


def without_peer(name: str, sites: int, reset: float, steps: int) -> Comparison:
    walk = walk_of(sites, reset)
    return compare(
        f"{name}, M = {sites}, {steps} steps",
        lambda: walk.run(steps, correlations=False).entropies,
        {},
        check=largest_difference,
        tolerance=0,
        floor={},
        goal={},
        min_time=0.1,
    )


def configuration_unitaries(walk: TwoLevelWalk) -> np.ndarray:
    """Return coin and shift of every configuration (2^M, 2M, 2M)."""
    m = walk.sites
    unitaries = np.zeros((2**m, 2 * m, 2 * m))
    for number in range(2**m):
        for x in range(m):
            coin = (walk.coins_down if number >> (m - 1 - x) & 1 else walk.coins_up)[x].real
            unitaries[number, 2 * ((x + 1) % m), 2 * x : 2 * x + 2] = coin[0]
            unitaries[number, 2 * ((x - 1) % m) + 1, 2 * x : 2 * x + 2] = coin[1]
    return unitaries


def configuration_weights(sites: int) -> np.ndarray:
    weights = np.ones(1)
    for _ in range(sites):
        weights = np.kron(weights, [P_UP, 1 - P_UP])
    return weights


def with_configurations(walk: TwoLevelWalk, state: Any, steps: int) -> Callable[[], Any]:
    m = walk.sites
    unitaries = configuration_unitaries(walk).astype(complex)
    adjoints = np.ascontiguousarray(unitaries.swapaxes(1, 2))
    start = configuration_weights(m)[:, None, None] * state
    fresh = np.array([P_UP, 1 - P_UP])[:, None]

    def run() -> Any:
        resolved, entropies = start, [von_neumann_entropy(state)]
        for _ in range(steps):
            resolved = unitaries @ resolved @ adjoints
            for x in range(m):
                pairs = resolved.reshape(2**x, 2, -1)
                pairs = (1 - RESET) * pairs + RESET * fresh * pairs.sum(axis=1, keepdims=True)
                resolved = pairs.reshape(resolved.shape)
            entropies.append(von_neumann_entropy(resolved.sum(axis=0)))
        return np.array(entropies)

    return run


def joint_unitary(walk: TwoLevelWalk) -> np.ndarray:
    m = walk.sites
    joint = np.zeros((2 * m, 2**m, 2 * m, 2**m), dtype=complex)
    number = np.arange(2**m)
    joint[:, number, :, number] = configuration_unitaries(walk)
    return joint.reshape(2 * m * 2**m, -1)


def with_joint_matrix(walk: TwoLevelWalk, state: Any, steps: int) -> Callable[[], Any]:
    m, k = walk.sites, 2**walk.sites
    unitary = joint_unitary(walk)
    start = np.kron(state, np.diag(configuration_weights(m)))
    fresh = np.diag([P_UP, 1 - P_UP])

    def run() -> Any:
        joint, entropies = start, [von_neumann_entropy(state)]
        for _ in range(steps):
            joint = unitary @ joint @ unitary.conj().T
            for x in range(m):
                blocks = joint.reshape(2 * m * 2**x, 2, 2 ** (m - 1 - x), 2 * m * 2**x, 2, 2 ** (m - 1 - x))
                traced = blocks[:, 0, :, :, 0, :] + blocks[:, 1, :, :, 1, :]
                replaced = np.einsum("abcd,st->asbctd", traced, fresh)
                joint = ((1 - RESET) * blocks + RESET * replaced).reshape(joint.shape)
            entropies.append(von_neumann_entropy(np.einsum("ikjk->ij", joint.reshape(2 * m, k, 2 * m, k))))
        return np.array(entropies)

    return run


def with_qutip(walk: TwoLevelWalk, state: Any, steps: int) -> Callable[[], Any] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    m = walk.sites
    dims = [[2 * m, *[2] * m]] * 2
    unitary = qutip.Qobj(joint_unitary(walk), dims=dims).to("CSR")
    start = qutip.Qobj(np.kron(state, np.diag(configuration_weights(m))), dims=dims)
    losses = []
    for x in range(m):
        parts = [np.sqrt(1 - RESET) * qutip.qeye(2)]
        for a, weight in enumerate((P_UP, 1 - P_UP)):
            parts += [np.sqrt(RESET * weight) * qutip.basis(2, a) * qutip.basis(2, b).dag() for b in range(2)]
        places = [[qutip.qeye(2 * m), *[qutip.qeye(2)] * x, part, *[qutip.qeye(2)] * (m - 1 - x)] for part in parts]
        losses.append([qutip.tensor(factors).to("CSR") for factors in places])

    def run() -> Any:
        joint, entropies = start, [qutip.entropy_vn(qutip.Qobj(state))]
        for _ in range(steps):
            joint = unitary * joint * unitary.dag()
            for loss in losses:
                joint = sum(operator * joint * operator.dag() for operator in loss)
            entropies.append(qutip.entropy_vn(joint.ptrace(0)))
        return np.array(entropies)

    return run


def workloads() -> Iterator[partial[Comparison]]:
    for sites in STEPS:
        yield partial(partial_memory, sites)
    yield partial(without_peer, "partial memory, start at one site", 12, RESET, 50)
    yield partial(without_peer, "retained, start at one site", 16, 0.0, 20)
    yield partial(without_peer, "fresh, start at one site", 500, 1.0, 250)


if __name__ == "__main__":
    raise SystemExit(main("Walks among two-level systems", workloads()))
