"""Quantum-jump trajectories (W3): two baths, heat of each counted by jumps, against QuTiP's Monte Carlo and qthermo.

Everyone follows equally many trajectories and returns the mean heat of both baths with its standard error; means may
differ by six standard errors. Ours come with entropy production, measurements at both ends, a record of each trajectory
and the master equation besides. QuTiP runs with its default integrator and with "diag", its fastest for a static
Hamiltonian, operators prebuilt. qthermo moves all trajectories in 2000 fixed steps, which biases its waiting times.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from _harness import Comparison, compare, import_peer, main
from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.processes import (
    Bath,
    DrivenGenerator,
    Generator,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    jump_dissipator,
    local_generator,
)

X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]])
LOWER = np.array([[0, 1], [0, 0]], dtype=complex)
EXCITATION = np.diag([0.0, 1.0])
TOLERANCE = 6.0  # standard errors

qutip = import_peer("qutip")
qthermo = import_peer("qthermo")

Means = tuple[np.ndarray, np.ndarray]


def wave(t: Any) -> Any:
    return 0.2 * np.cos(1.3 * t)


def qubit() -> Generator:
    baths = [Bath("hot", 0.5, OhmicSpectrum(0.05, 5.0), X), Bath("cold", 2.0, OhmicSpectrum(0.05, 5.0), X)]
    return davies_generator(EXCITATION, baths)


def site(place: int, operator: np.ndarray) -> np.ndarray:
    return np.kron(np.kron(np.eye(2**place), operator), np.eye(2 ** (2 - place)))


def three_qubits(kind: str) -> Generator:
    free = sum(site(k, EXCITATION) for k in range(3))
    full = free + 0.2 * sum(site(k, p) @ site(k + 1, p) for k in range(2) for p in (X, Y))
    ends = {"hot": (0.5, 0), "cold": (2.0, 2)}
    baths = [Bath(name, beta, OhmicSpectrum(0.05, 5.0), site(k, X)) for name, (beta, k) in ends.items()]
    if kind == "local":
        return local_generator(full, baths, free_hamiltonian=free, energy=free)
    return davies_generator(full + 0.1 * site(0, EXCITATION), baths)


def driven_qubit() -> DrivenGenerator:
    drive = driven_hamiltonian(EXCITATION, [(X, wave)])
    pairs = {"hot": (0.05, 0.03), "cold": (0.03, 0.003)}
    baths = [jump_dissipator(name, [LOWER, LOWER.T], rates) for name, rates in pairs.items()]
    return driven_generator(drive, dissipators=baths, energy=EXCITATION)


def operators(process: Generator | DrivenGenerator) -> tuple[list[np.ndarray], np.ndarray]:
    """Return √γ L of all baths, and the heat (baths, K) that a jump of each brings."""
    parts = [getattr(one, "as_jumps", one) for one in process.dissipators or ()]
    energy = process.energy
    jumps = [np.sqrt(rate) * jump for one in parts for rate, jump in zip(one.rates, one.jumps, strict=True)]
    gains = [np.vdot(jump, energy @ jump - jump @ energy).real / np.vdot(jump, jump).real for jump in jumps]
    owner = np.repeat(np.arange(len(parts)), [len(one.rates) for one in parts])
    return jumps, np.where(owner == np.arange(len(parts))[:, None], gains, 0.0)


def means_of(counts: np.ndarray, gains: np.ndarray) -> Means:
    heat = counts @ gains.T
    return heat.mean(axis=0), heat.std(axis=0, ddof=1) / np.sqrt(len(heat))


def from_qutip(
    process: Generator | DrivenGenerator, ket: np.ndarray, stop: float, count: int, method: str
) -> Callable[[], Means] | None:
    if qutip is None:
        return None
    jumps, gains = operators(process)
    system = qutip.Qobj(process.at(0.0).hamiltonian if isinstance(process, DrivenGenerator) else process.hamiltonian)
    if isinstance(process, DrivenGenerator):
        drive = process.hamiltonian
        terms = [[qutip.Qobj(h), f.function] for h, f in zip(drive.operators, drive.coefficients, strict=True)]
        system = qutip.QobjEvo([qutip.Qobj(drive.static), *terms])
    options = {"progress_bar": "", "method": method}
    solver = qutip.MCSolver(system, [qutip.Qobj(jump) for jump in jumps], options=options)
    start = qutip.Qobj(ket)

    def run() -> Means:
        which = solver.run(start, [0.0, stop], ntraj=count, seeds=np.random.SeedSequence(1)).col_which
        return means_of(np.array([np.bincount(one, minlength=len(jumps)) for one in which]), gains)

    return run


def from_qthermo(process: Generator, ket: np.ndarray, stop: float, count: int) -> Callable[[], Means] | None:
    if qthermo is None:
        return None
    jumps, gains = operators(process)
    cycle = qthermo.Cycle([qthermo.Stroke("contact", H=process.hamiltonian, c_ops=jumps, duration=stop)])
    state = np.outer(ket, ket.conj())
    return lambda: means_of(qthermo.unravel(cycle, state, count, steps=2000, seed=1).jump_counts, gains)


def workload(
    name: str,
    make: Callable[[], Generator | DrivenGenerator],
    stop: float,
    count: int,
    floors: dict[str, float],
    goals: dict[str, float],
    rounds: int = 5,
) -> Comparison:
    process = make()
    ket = np.full(process.dimension, process.dimension**-0.5)
    look = JumpObservation(exchange=False)

    def ours() -> Means:
        ensemble = jump_trajectories(process, ket, [0.0, stop], count, np.random.default_rng(1), look, threads=1)
        return ensemble.heat[-1], ensemble.heat_error[-1]

    static = isinstance(process, Generator)
    peers = {"QuTiP mcsolve": from_qutip(process, ket, stop, count, "adams")}
    if static:
        peers["QuTiP mcsolve, diag"] = from_qutip(process, ket, stop, count, "diag")
        peers["qthermo"] = from_qthermo(process, ket, stop, count)
    return compare(
        f"{name}, {count} trajectories",
        ours,
        peers,
        check=lambda mine, other: float((np.abs(mine[0] - other[0]) / np.hypot(mine[1], other[1])).max()),
        tolerance=TOLERANCE,
        floor=floors,
        goal=goals,
        rounds=rounds,
    )


COMPARISONS = [
    partial(
        workload,
        "qubit",
        qubit,
        20.0,
        10_000,
        {"QuTiP mcsolve": 150, "qthermo": 15},
        {"QuTiP mcsolve": 350, "qthermo": 35},
    ),
    *(
        partial(
            workload,
            f"3 qubits, {kind}",
            partial(three_qubits, kind),
            100.0,
            1000,
            {"QuTiP mcsolve": 40, "qthermo": 5},
            {"QuTiP mcsolve": 150, "qthermo": 18},
        )
        for kind in ("local", "global")
    ),
    partial(workload, "driven qubit", driven_qubit, 50.0, 1000, {}, {}),
]

if __name__ == "__main__":
    raise SystemExit(main("Quantum-jump trajectories", COMPARISONS))
