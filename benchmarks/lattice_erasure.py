"""W8: steps of two-species lattice fermions against ffsim, QuSpin and SciPy, and against the machine's own arithmetic.

State matrix (d_x, d_y) at half filling on a ring, J = 1, U = 1.3, one thread. "Cached" steps apply prepared rotations,
"cold" ones prepare them too; peers get their sparse Hamiltonian or their one-particle unitaries prebuilt when we apply
cached rotations, and compute the unitaries themselves (ffsim) when we are cold. The last rows compare a step with the
same number of multiply-adds done in registers and by OpenBLAS.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._harness import Comparison, compare, import_peer, largest_difference, main

from loschmidt._kernels.compile import jit
from loschmidt._kernels.givens_lift import apply_to_columns, apply_to_rows
from loschmidt._kernels.lattice_full import evolve_full, full_hamiltonian
from loschmidt._kernels.lattice_hops import hops_of, occupation_numbers
from loschmidt._kernels.lattice_passes import probability_pass
from loschmidt._kernels.lattice_preparation import prepare_rotations
from loschmidt._kernels.vector_ir import fused, load, store

INTERACTION = 1.3
CACHED_FLOORS = {"ffsim, per column": {8: 46, 10: 23, 12: 8, 14: 5}, "QuSpin": {8: 38, 10: 43, 12: 48}}
CACHED_GOALS = {"ffsim, per column": {8: 94, 10: 46, 12: 15, 14: 9.7}, "QuSpin": {8: 77, 10: 87, 12: 97}}
COLD_FLOORS = {"ffsim, per column": {8: 8, 10: 8, 12: 8, 14: 8}, "QuSpin": {8: 8, 10: 30, 12: 60}}
COLD_GOALS = {"ffsim, per column": {8: 10, 10: 18, 12: 11, 14: 9}, "QuSpin": {8: 9, 10: 35, 12: 80}}
FULL_FLOORS = {"QuSpin": 4, "SciPy": 6, "ffsim": 10}
FULL_GOALS = {"QuSpin": 5.8, "SciPy": 7.7, "ffsim": 14.5}


def ring(sites: int) -> np.ndarray:
    return np.eye(sites, k=1) + np.eye(sites, k=-1) + np.eye(sites, k=sites - 1) + np.eye(sites, k=1 - sites)


@cache
def problem(sites: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the potentials (d_y, L) of the columns and a random state (d_x, d_y)."""
    numbers = occupation_numbers(sites, sites // 2)
    rng = np.random.default_rng(sites)
    state = rng.normal(size=(len(numbers),) * 2) + 1j * rng.normal(size=(len(numbers),) * 2)
    return INTERACTION * numbers, state / np.linalg.norm(state)


@cache
def hop_matrix(sites: int) -> sparse.csr_array:
    hops = hops_of(ring(sites).astype(complex), sites // 2, hardcore=False)
    return sparse.csr_array((hops.values, hops.others, hops.first))


@cache
def step_matrix(sites: int) -> sparse.csr_array:
    """Return H₁ (d², d²): the first species hops, the second is frozen."""
    numbers = occupation_numbers(sites, sites // 2)
    diagonal = INTERACTION * (numbers @ numbers.T).ravel()
    return sparse.csr_array(
        sparse.kron(hop_matrix(sites), sparse.eye_array(len(numbers))) + sparse.diags_array(diagonal)
    )


@cache
def full_matrix(sites: int) -> sparse.csr_array:
    return sparse.csr_array(
        step_matrix(sites) + sparse.kron(sparse.eye_array(comb(sites, sites // 2)), hop_matrix(sites))
    )


def unitaries(sites: int, time: float) -> np.ndarray:
    energies, vectors = np.linalg.eigh(ring(sites) + problem(sites)[0][:, :, None] * np.eye(sites))
    return np.asarray(vectors * np.exp(-1j * time * energies)[:, None, :] @ vectors.swapaxes(1, 2))


def with_quspin(matrix: sparse.csr_array, state: np.ndarray, time: float) -> Callable[[], Any] | None:
    # The package's own module pulls in nothing else; the environment keeps it to one thread.
    tools = import_peer("quspin.tools.evolution")
    if tools is None:
        return None
    operator = tools.ExpmMultiplyParallel(sparse.csr_matrix(matrix), a=-1j * time)
    return lambda: operator.dot(state.ravel()).reshape(state.shape)


def with_scipy(matrix: sparse.csr_array, state: np.ndarray, time: float) -> Callable[[], Any]:
    generator = -1j * time * matrix
    return lambda: expm_multiply(generator, state.ravel(), traceA=generator.trace()).reshape(state.shape)


def with_ffsim_columns(sites: int, time: float, cold: bool) -> Callable[[], Any] | None:
    ffsim = import_peer("ffsim")
    if ffsim is None:
        return None
    prebuilt, columns = unitaries(sites, time), np.ascontiguousarray(problem(sites)[1].T)

    def run() -> np.ndarray:
        moves = unitaries(sites, time) if cold else prebuilt
        pairs = zip(columns, moves, strict=True)
        return np.array([ffsim.apply_orbital_rotation(one, u, sites, sites // 2) for one, u in pairs]).T

    return run


def with_ffsim_full(sites: int, state: np.ndarray) -> Callable[[], Any] | None:
    ffsim = import_peer("ffsim")
    if ffsim is None:
        return None
    operator = ffsim.fermi_hubbard_1d(norb=sites, tunneling=-1.0, interaction=INTERACTION, periodic=True)
    linear = ffsim.linear_operator(operator, norb=sites, nelec=(sites // 2, sites // 2))
    trace = full_matrix(sites).trace()
    return lambda: expm_multiply(-1j * linear, state.ravel(), traceA=-1j * trace).reshape(state.shape)


def step(sites: int, time: float, cold: bool, peers: tuple[str, ...]) -> Comparison:
    potentials, initial = problem(sites)
    prepared, state = prepare_rotations(ring(sites), potentials, time), initial.copy()

    def ours() -> np.ndarray:
        rotations = prepare_rotations(ring(sites), potentials, time, threads=1) if cold else prepared
        state[...] = initial  # the step works in place
        apply_to_columns(state, rotations, sites // 2, threads=1)
        return state

    runners: dict[str, Callable[[], Callable[[], Any] | None]] = {
        "ffsim, per column": lambda: with_ffsim_columns(sites, time, cold),
        "QuSpin": lambda: with_quspin(step_matrix(sites), initial, time),
        "SciPy": lambda: with_scipy(step_matrix(sites), initial, time),
    }
    floors, goals = (COLD_FLOORS, COLD_GOALS) if cold else (CACHED_FLOORS, CACHED_GOALS)
    return compare(
        f"exact step, L = {sites}, t = {time:g}, {'cold' if cold else 'cached'}",
        ours,
        {label: runners[label]() for label in peers},
        check=largest_difference,
        tolerance=1e-11,
        floor={label: by_size[sites] for label, by_size in floors.items() if sites in by_size and time == 1.0},
        goal={label: by_size[sites] for label, by_size in goals.items() if sites in by_size and time == 1.0},
    )


def full(sites: int) -> Comparison:
    initial = problem(sites)[1]
    interactions = np.full((2, 2, sites), INTERACTION)
    model = full_hamiltonian(np.array([ring(sites)] * 2), (sites // 2,) * 2, np.zeros((2, sites)), interactions)
    state = initial.copy()

    def ours() -> np.ndarray:
        state[...] = initial
        evolve_full(model, state, 1.0, tolerance=1e-13, threads=1)
        return state

    return compare(
        f"all species move, L = {sites}, t = 1",
        ours,
        {
            "QuSpin": with_quspin(full_matrix(sites), initial, 1.0),
            "SciPy": with_scipy(full_matrix(sites), initial, 1.0),
            "ffsim": with_ffsim_full(sites, initial),
        },
        check=largest_difference,
        tolerance=1e-11,
        floor=FULL_FLOORS,
        goal=FULL_GOALS,
    )


def observables(sites: int) -> Comparison:
    state = problem(sites)[1]

    def ours() -> list[float]:
        (first, second), entropy = probability_pass(state, threads=1)
        return [first[0], second[-1], entropy]

    def plain() -> list[float]:
        p = state.real**2 + state.imag**2
        return [p.sum(axis=1)[0], p.sum(axis=0)[-1], -float((p * np.log(p)).sum())]

    return compare(
        f"marginals and entropy, L = {sites}",
        ours,
        {"NumPy": plain},
        check=largest_difference,
        tolerance=1e-11,
        floor={"NumPy": 1},
        goal={"NumPy": 3},
    )


@jit()
def _multiply_add(numbers, times):  # type: ignore[no-untyped-def]
    # 6 independent chains of fused multiply-adds that never leave the registers.
    x = load(numbers, 0)
    a, b, c, d, e, f = x, x, x, x, x, x
    for _ in range(times):
        a, b, c = fused(x, x, a), fused(x, x, b), fused(x, x, c)
        d, e, f = fused(x, x, d), fused(x, x, e), fused(x, x, f)
    store(numbers, 0, a + b + c + d + e + f)


def arithmetic(sites: int, dtype: str, rows: bool) -> Comparison:
    """Compare a step with its multiply-adds alone; a ratio of 0.7 says 70 % of what the machine can do."""
    potentials, initial = problem(sites)
    state, move = initial.astype(dtype), apply_to_rows if rows else apply_to_columns
    prepared = prepare_rotations(ring(sites), potentials, 1.0)
    operations = 8 * (sites // 2) ** 2 * state.size  # 4 N (L - N) multiply-adds for an amplitude
    real = state.real.dtype
    numbers, size = np.full(16, 1e-9, dtype=real), round((operations / 2) ** (1 / 3))
    left, right = np.ones((size, size), dtype=real), np.ones((size, size), dtype=real)
    return compare(
        f"{'row' if rows else 'column'} step against its arithmetic, L = {sites}, {dtype}",
        lambda: move(state, prepared, sites // 2, threads=1),
        {
            "in registers": lambda: _multiply_add(numbers, operations // (2 * 6 * 16)),
            "OpenBLAS product": lambda: left @ right,
        },
        check=lambda *_: 0.0,
        tolerance=0.0,
        floor={"in registers": 0.45, "OpenBLAS product": 0.45},
        goal={"in registers": 0.6, "OpenBLAS product": 0.65},
    )


def workloads() -> Iterator[partial[Comparison]]:
    everybody = ("ffsim, per column", "QuSpin", "SciPy")
    for cold in (False, True):
        for sites in (8, 10, 12):
            yield partial(step, sites, 1.0, cold, everybody)
        yield partial(step, 14, 1.0, cold, everybody[:1])
        for time in (0.1, 10.0):
            yield partial(step, 10, time, cold, everybody)
        yield partial(step, 10, 1000.0, cold, everybody[:1])
    for sites in (8, 10, 12):
        yield partial(full, sites)
    for sites in (10, 14):
        yield partial(observables, sites)
    for dtype in ("complex128", "complex64"):
        for rows in (False, True):
            yield partial(arithmetic, 14, dtype, rows)


if __name__ == "__main__":
    raise SystemExit(main("Two-species lattice fermions", workloads()))
