"""Stationary states and heat currents of qubit chains between two baths, local and global, against QuTiP and qthermo.

Every program gets its prebuilt inputs (QuTiP: Liouvillian and one dissipator a bath; qthermo: its baths) and returns
the state and both heat currents. QuTiP's global Liouvillian is built in the energy eigenbasis, where it is sparse.
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

from benchmarks._harness import Comparison, compare, import_peer, largest_difference, main

from loschmidt.evolution.steady import steady_state
from loschmidt.processes import Bath, FlatSpectrum, davies_generator, local_generator

X, Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])
LOWER = np.array([[0.0, 0.0], [1.0, 0.0]])
RATE, HOT, COLD, HOPPING = 0.02, 2.0, 1.0, 0.2
QUTIP_METHODS = {
    "direct": {},
    "power": {},
    "iterative-gmres": {"use_precond": True, "rtol": 1e-12, "atol": 0},
    "svd": {},
}
LOCAL_GOALS = {2: (35, 60), 3: (35, 60), 4: (22, 34), 5: (5, 12), 6: (2.2, 6), 7: (18, 60)}
LOCAL_QTHERMO = {2: (0.7, 1.5), 3: (0.7, 1.5), 4: (6, 12), 5: (20, 35)}
GLOBAL_GOALS = {2: (200, 400), 3: (200, 400), 4: (200, 400)}
GLOBAL_QTHERMO = {2: (85, None), 3: (85, None), 4: (85, None), 5: (1500, 2400), 6: (600, 1000)}


def on_site(operator: np.ndarray, site: int, count: int) -> np.ndarray:
    return np.kron(np.kron(np.eye(2**site), operator), np.eye(2 ** (count - site - 1)))


def hamiltonians(count: int, field: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the free and the full Hamiltonian; the field breaks the conservation of excitations."""
    free = sum((1 + 0.1 * k) / 2 * on_site(Z, k, count) for k in range(count))
    hop = sum(on_site(LOWER, k, count) @ on_site(LOWER.T, k + 1, count) for k in range(count - 1))
    return free, free + HOPPING * (hop + hop.T) + field * sum(on_site(X, k, count) for k in range(count))


def ours(process: Any) -> tuple[np.ndarray, np.ndarray]:
    settled = steady_state(process)
    return settled.state, settled.heat_rates


def qutip_peer(
    hamiltonian: np.ndarray, baths: list[list[np.ndarray]], energy: np.ndarray, back: np.ndarray | None, method: str
) -> Callable[[], Any] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    sparse = [[qutip.Qobj(jump).to("csr") for jump in bath] for bath in baths]
    dissipators = [sum(qutip.lindblad_dissipator(jump) for jump in bath) for bath in sparse]
    liouvillian = (qutip.liouvillian(qutip.Qobj(hamiltonian).to("csr")) + sum(dissipators)).to("csr")
    observable = energy.T.reshape(-1, order="F")

    def run() -> tuple[np.ndarray, np.ndarray]:
        state = qutip.steadystate(liouvillian, method=method, **QUTIP_METHODS[method])
        vector = qutip.operator_to_vector(state)
        currents = np.array([observable @ (one @ vector).full()[:, 0] for one in dissipators]).real
        full = state.full()
        return (full if back is None else back @ full @ back.conj().T), currents

    return run


def qthermo_peer(
    count: int, hamiltonian: np.ndarray, energy: np.ndarray | None, local: bool
) -> Callable[[], Any] | None:
    qthermo = import_peer("qthermo")
    if qthermo is None:
        return None
    from qthermo.baths import davies_bath, local_bath
    from qthermo.steady import analyze

    baths = []
    for name, site, temperature in (("hot", 0, HOT), ("cold", count - 1, COLD)):
        if local:
            site_energy = (1 + 0.1 * site) / 2 * Z
            bath = local_bath(site_energy, X, temperature, site, [2] * count, gamma=RATE, name=name)
        else:
            bath = davies_bath(hamiltonian, on_site(X, site, count), temperature, gamma=RATE, name=name)
        baths.append(bath)

    def run() -> tuple[np.ndarray, np.ndarray]:
        settled = analyze(hamiltonian, baths, energy=energy)
        return settled.rho, np.array([settled.currents["hot"], settled.currents["cold"]])

    return run


def difference(left: tuple[np.ndarray, np.ndarray], right: tuple[np.ndarray, np.ndarray]) -> float:
    currents = largest_difference(left[1], right[1]) / float(np.abs(left[1]).max())
    return max(largest_difference(left[0], right[0]), currents)


def goals(count: int, qutip: dict[int, Any], qthermo: dict[int, Any], which: int) -> dict[str, float]:
    found = {f"QuTiP {name}": qutip[count][which] for name in ("direct", "power", "iterative-gmres") if count in qutip}
    if count in qthermo and qthermo[count][which] is not None:
        found["qthermo"] = qthermo[count][which]
    return found


def bath_list(count: int) -> list[Bath]:
    return [
        Bath(name, 1 / temperature, FlatSpectrum(RATE, 0.0), on_site(X, site, count))
        for name, site, temperature in (("hot", 0, HOT), ("cold", count - 1, COLD))
    ]


def local_chain(count: int, field: float) -> Comparison:
    free, full = hamiltonians(count, field)
    process = local_generator(full, bath_list(count), free_hamiltonian=free, energy=free)
    peers: dict[str, Callable[[], Any] | None] = {}
    if count <= (6 if field else 7):  # beyond, QuTiP takes minutes
        jumps = [[np.sqrt(r) * jump for r, jump in zip(b.rates, b.jumps, strict=True)] for b in jump_form(process)]
        methods = ["direct", "power"] if count <= 5 or (count == 6 and not field) else ["direct"]
        # With the field, its preconditioned GMRES does not converge.
        methods += ["iterative-gmres"] if count <= 5 and not field else []
        methods += ["svd"] if count <= 3 else []
        peers = {f"QuTiP {m}": qutip_peer(full, jumps, free, None, m) for m in methods}
    if count <= 5:
        peers["qthermo"] = qthermo_peer(count, full, free, local=True)
    return compare(
        f"local, {count} qubits" + (", field" if field else "") + (" (floor 0.4 s)" if count == 8 else ""),
        partial(ours, process),
        peers,
        check=difference,
        tolerance=1e-8,
        floor=goals(count, LOCAL_GOALS, LOCAL_QTHERMO, 0),
        goal=goals(count, LOCAL_GOALS, LOCAL_QTHERMO, 1),
    )


def global_chain(count: int) -> Comparison:
    _, full = hamiltonians(count, 0.03)
    process = davies_generator(full, bath_list(count))
    levels = process.levels
    peers: dict[str, Callable[[], Any] | None] = {}
    if count <= 4:
        energies = np.diag(levels.energies)
        jumps = [
            [np.sqrt(r) * cleaned(levels.to_eigenbasis(jump)) for r, jump in zip(b.rates, b.jumps, strict=True)]
            for b in jump_form(process)
        ]
        methods = [m for m in QUTIP_METHODS if m != "svd" or count <= 3]
        peers = {f"QuTiP {m}": qutip_peer(energies, jumps, energies, levels.basis, m) for m in methods}
    peers["qthermo"] = qthermo_peer(count, full, None, local=False)
    return compare(
        f"global, {count} qubits",
        partial(ours, process),
        peers,
        check=difference,
        tolerance=1e-8,
        floor=goals(count, GLOBAL_GOALS, GLOBAL_QTHERMO, 0),
        goal=goals(count, GLOBAL_GOALS, GLOBAL_QTHERMO, 1),
    )


def jump_form(process: Any) -> list[Any]:
    return [one.as_jumps for one in process.dissipators]


def cleaned(operator: np.ndarray) -> np.ndarray:
    return np.where(np.abs(operator) > 1e-13 * np.abs(operator).max(), operator, 0)


if __name__ == "__main__":
    workloads = [partial(local_chain, count, 0.0) for count in range(2, 9)]
    workloads += [partial(local_chain, count, 0.05) for count in range(4, 9)]
    workloads += [partial(global_chain, count) for count in range(2, 7)]
    raise SystemExit(main("W4  stationary states and heat currents of qubit chains", workloads))
