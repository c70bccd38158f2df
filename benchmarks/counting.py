"""Cumulants of the heat from the hot bath, and its generating function, for qubit chains between two baths.

Every program gets prebuilt inputs (QuTiP: Liouvillian and superoperators of the counted jumps, in the energy eigenbasis
for global equations, where they are sparse; qthermo: its baths; NumPy: the dense superoperators) and returns mean and
noise, its steady state included. We and QuTiP also compute the third cumulant, which is not compared: QuTiP takes the
sum of w³ as that of w. The dense baseline is the recursion itself, with one LU factorisation.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._harness import Comparison, compare, import_peer, main
from benchmarks.steady_states import (
    COLD,
    HOT,
    RATE,
    X,
    Z,
    bath_list,
    cleaned,
    hamiltonians,
    jump_form,
    on_site,
)

from loschmidt.evolution.counting import counted, cumulants, scaled_generating_function
from loschmidt.processes import davies_generator, local_generator

POINTS = np.linspace(-0.5, 0.5, 11)
LARGEST = {"QuTiP": 5, "qthermo": 4, "dense NumPy": 4}
LARGEST_GLOBAL = {"QuTiP": 4, "qthermo": 4, "dense NumPy": 4}

Jumps = list[tuple[np.ndarray, float]]  # √γ L and the weight


def chain(count: int, equation: str) -> Any:
    free, full = hamiltonians(count, 0.05 if equation == "field" else 0.03 if equation == "global" else 0.0)
    if equation == "global":
        return davies_generator(full, bath_list(count))
    return local_generator(full, bath_list(count), free_hamiltonian=free, energy=free)


def jumps_of(process: Any, equation: str) -> tuple[np.ndarray, Jumps]:
    """Return the Hamiltonian and all jumps, in the energy eigenbasis for global equations."""
    hamiltonian, levels = process.hamiltonian, process.levels
    found: Jumps = []
    for number, bath in enumerate(jump_form(process)):
        for rate, jump, frequency in zip(bath.rates, bath.jumps, bath.frequencies, strict=True):
            turned = cleaned(levels.to_eigenbasis(jump)) if equation == "global" else jump
            found.append((np.sqrt(rate) * turned, -frequency if number == 0 else 0.0))
    return (np.diag(levels.energies) if equation == "global" else hamiltonian), found


def ours(process: Any) -> np.ndarray:
    return cumulants(process, counted(process, "heat", "hot"), 3).values[:2]


def qutip_peer(hamiltonian: np.ndarray, jumps: Jumps) -> Callable[[], Any] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    operators = [qutip.Qobj(jump).to("csr") for jump, _ in jumps]
    dissipators = sum(qutip.lindblad_dissipator(one) for one in operators)
    liouvillian = (qutip.liouvillian(qutip.Qobj(hamiltonian).to("csr")) + dissipators).to("csr")
    counts = [(qutip.sprepost(one, one.dag()), w) for one, (_, w) in zip(operators, jumps, strict=True) if w]
    first, second = (sum(w**power * one for one, w in counts).to("csr") for power in (1, 2))

    def run() -> np.ndarray:
        state = qutip.steadystate(liouvillian, method="direct")
        mean, noise, _ = qutip.countstat_current_noise(liouvillian, [], rhoss=state, J_ops=[second], I_ops=[first])
        return np.array([mean[0], noise[0, 0, 0]])

    return run


def qthermo_baths(count: int, equation: str) -> tuple[Any, Any, Any] | None:
    qthermo = import_peer("qthermo")
    if qthermo is None:
        return None
    from qthermo.baths import davies_bath, local_bath

    process = chain(count, equation)
    baths = []
    for name, site, temperature in (("hot", 0, HOT), ("cold", count - 1, COLD)):
        if equation == "global":
            baths.append(davies_bath(process.hamiltonian, on_site(X, site, count), temperature, gamma=RATE, name=name))
        else:
            own = (1 + 0.1 * site) / 2 * Z
            baths.append(local_bath(own, X, temperature, site, [2] * count, gamma=RATE, name=name))
    return process.hamiltonian, baths, process.energy


def qthermo_peer(count: int, equation: str) -> Callable[[], Any] | None:
    prebuilt = qthermo_baths(count, equation)
    if prebuilt is None:
        return None
    from qthermo.fluctuations import current_statistics

    hamiltonian, baths, energy = prebuilt

    def run() -> np.ndarray:
        found = current_statistics(hamiltonian, {"hot": "energy"}, baths=baths, energy=energy)
        return np.array([found.mean, found.noise])

    return run


def superoperators(hamiltonian: np.ndarray, jumps: Jumps) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    one = np.eye(len(hamiltonian))
    decay = sum(jump.conj().T @ jump for jump, _ in jumps)
    still = -1j * hamiltonian - 0.5 * decay
    gains = [(np.kron(jump.conj(), jump), weight) for jump, weight in jumps]
    return np.kron(one, still) + np.kron(still.conj(), one) + sum(gain for gain, _ in gains), gains


def dense_peer(hamiltonian: np.ndarray, jumps: Jumps) -> Callable[[], Any]:
    from scipy.linalg import lu_factor, lu_solve

    generator, gains = superoperators(hamiltonian, jumps)
    first, second, third = (sum(w**power * gain for gain, w in gains if w) for power in (1, 2, 3))
    trace = np.eye(len(hamiltonian)).reshape(-1)

    def run() -> np.ndarray:
        matrix = generator.copy()
        matrix[0] = trace
        factors = lu_factor(matrix)
        state = lu_solve(factors, np.eye(len(matrix))[0].astype(complex))
        mean = (trace @ (first @ state)).real
        target = mean * state - first @ state
        target[0] = 0
        response = lu_solve(factors, target)
        noise = (trace @ (second @ state) + 2 * trace @ (first @ response)).real
        target = noise * state + 2 * mean * response - second @ state - 2 * first @ response
        target[0] = 0
        later = lu_solve(factors, target)
        np.vdot(trace, third @ state + 3 * second @ response + 3 * first @ later)
        return np.array([mean, noise])

    return run


def relative(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.abs(np.asarray(theirs) / np.asarray(ours) - 1).max())


def heat(count: int, equation: str) -> Comparison:
    """Mean and noise of the heat from the hot bath."""
    process = chain(count, equation)
    largest = LARGEST_GLOBAL if equation == "global" else LARGEST
    peers: dict[str, Callable[[], Any] | None] = {}
    hamiltonian, jumps = jumps_of(process, equation) if count <= 5 else (np.zeros(0), [])
    if count <= largest["QuTiP"]:
        peers["QuTiP"] = qutip_peer(hamiltonian, jumps)
    if count <= largest["qthermo"]:
        peers["qthermo"] = qthermo_peer(count, equation)
    if count <= largest["dense NumPy"]:
        peers["dense NumPy"] = dense_peer(hamiltonian, jumps)
    return compare(
        f"{equation}, {count} qubits: cumulants",
        partial(ours, process),
        peers,
        check=relative,
        tolerance=1e-5,
        floor={},
        goal={},
    )


def generating(count: int, equation: str) -> Comparison:
    """Eleven points of the generating function."""
    process = chain(count, equation)
    peers: dict[str, Callable[[], Any] | None] = {}
    prebuilt = qthermo_baths(count, equation) if count <= 3 else None
    if prebuilt is not None:
        from qthermo.fluctuations import scaled_cgf

        hamiltonian, baths, energy = prebuilt
        peers["qthermo"] = lambda: scaled_cgf(hamiltonian, {"hot": "energy"}, POINTS, baths=baths, energy=energy)
    if count <= 3:
        generator, gains = superoperators(*jumps_of(process, equation))
        counted_gains = [(gain, weight) for gain, weight in gains if weight]
        peers["dense NumPy"] = lambda: np.array(
            [
                np.linalg.eigvals(generator + sum(np.expm1(s * w) * gain for gain, w in counted_gains)).real.max()
                for s in POINTS
            ]
        )
    return compare(
        f"{equation}, {count} qubits: eleven θ(s)",
        lambda: scaled_generating_function(process, counted(process, "heat", "hot"), POINTS).values,
        peers,
        check=lambda mine, theirs: float(np.abs(np.asarray(theirs) - mine).max() / np.abs(mine).max()),
        tolerance=1e-6,
        floor={},
        goal={},
    )


if __name__ == "__main__":
    workloads = [partial(heat, count, "global") for count in range(2, 8)]
    workloads += [partial(heat, count, "local") for count in range(2, 9)]
    workloads += [partial(heat, count, "field") for count in range(4, 8)]
    workloads += [partial(generating, count, "global") for count in (2, 3, 4, 6)]
    workloads += [partial(generating, count, "local") for count in (2, 3, 5, 7)]
    raise SystemExit(main("Counting  cumulants and generating functions of qubit chains", workloads))
