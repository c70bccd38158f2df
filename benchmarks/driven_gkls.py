"""Driven GKLS equations (W2): three baths, 500 output times, against QuTiP's solvers on a prebuilt Liouvillian.

Ours returns the states with heat of each bath and work; QuTiP returns the states. Both ask for rtol 1e-8; the best of
QuTiP's solvers is the smallest ratio in the table.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from _harness import Comparison, compare, import_peer, largest_difference, main
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.processes import DrivenGenerator, driven_generator, driven_hamiltonian, jump_dissipator

X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]])
Z = np.diag([1.0, -1.0]).astype(complex)
LOWER = np.array([[0, 0], [1, 0]], dtype=complex)
RTOL = 1e-8
SOLVERS = ("vern9", "adams", "dop853")

qutip = import_peer("qutip")


def wave(t: Any) -> Any:
    return np.cos(1.3 * t)


def pulse(t: Any) -> Any:
    return np.exp(-(((t - 10.0) / 4.0) ** 2))


def random_operators(rng: np.random.Generator, d: int, count: int) -> np.ndarray:
    parts = rng.normal(size=(2, count, d, d))
    return (parts[0] + 1j * parts[1]) / np.sqrt(2 * d)


def random_process(d: int) -> DrivenGenerator:
    rng = np.random.default_rng(d)
    h = random_operators(rng, d, 3)
    h = h + h.conj().swapaxes(-1, -2)
    drive = driven_hamiltonian(h[0], [(0.5 * h[1], wave), (0.5 * h[2], pulse)])
    baths = [jump_dissipator(f"bath {k}", random_operators(rng, d, 2), [0.05, 0.03]) for k in range(3)]
    return driven_generator(drive, dissipators=baths)


def qubit() -> DrivenGenerator:
    drive = driven_hamiltonian(0.5 * Z, [(0.25 * X, wave)])
    pairs = {"hot": (0.05, 0.03), "cold": (0.03, 0.003), "work": (0.02, 0.015)}
    baths = [jump_dissipator(name, [LOWER, LOWER.T], rates) for name, rates in pairs.items()]
    return driven_generator(drive, dissipators=baths)


def chain(count: int) -> DrivenGenerator:
    def site(place: int, operator: np.ndarray) -> np.ndarray:
        return np.kron(np.kron(np.eye(2**place), operator), np.eye(2 ** (count - place - 1)))

    exchange = sum(site(k, p) @ site(k + 1, p) for k in range(count - 1) for p in (X, Y))
    field = sum(site(k, Z) for k in range(count))
    drive = driven_hamiltonian(0.25 * exchange + 0.5 * field, [(0.3 * sum(site(k, X) for k in range(count)), wave)])
    baths = [
        jump_dissipator(f"bath {k}", [site(k, LOWER), site(k, LOWER.T)], rates)
        for k, rates in ((0, [0.1, 0.05]), (count // 2, [0.05, 0.02]), (count - 1, [0.1, 0.01]))
    ]
    return driven_generator(drive, dissipators=baths)


def theirs(process: DrivenGenerator, state: np.ndarray, times: np.ndarray, solver: str) -> Callable[[], Any] | None:
    if qutip is None:
        return None
    drive = process.hamiltonian
    jumps = [
        qutip.Qobj(np.sqrt(rate) * jump)
        for bath in process.dissipators
        for rate, jump in zip(bath.rates, bath.jumps, strict=True)
    ]
    # Chains are sparse; the others are faster with dense storage.
    storage = "CSR" if np.count_nonzero(process.dissipators[0].jumps[0]) <= process.dimension else "Dense"
    parts = [
        [qutip.liouvillian(qutip.Qobj(h)).to(storage), f.function]
        for h, f in zip(drive.operators, drive.coefficients, strict=True)
    ]
    liouvillian = qutip.QobjEvo([qutip.liouvillian(qutip.Qobj(drive.static), jumps).to(storage), *parts])
    options = {"method": solver, "rtol": RTOL, "atol": 1e-10, "progress_bar": "", "nsteps": 10**6}
    run = qutip.MESolver(liouvillian, options=options)
    start = qutip.Qobj(state)
    return lambda: np.stack([one.full() for one in run.run(start, times).states])


def workload(
    name: str,
    make: Callable[[], DrivenGenerator],
    stop: float,
    floor: float,
    goal: float,
    rounds: int = 5,
    solvers: tuple[str, ...] = SOLVERS,
) -> Comparison:
    process = make()
    d = process.dimension
    state = np.zeros((d, d), dtype=complex)
    state[0, 0] = 1.0
    times = np.linspace(0.0, stop, 500)
    method = RungeKutta(rtol=RTOL)
    peers = {f"QuTiP {solver}": theirs(process, state, times, solver) for solver in solvers}
    return compare(
        name,
        lambda: evolve(process, state, times, method),
        {**peers, "dynamiqs": None},
        check=lambda ours, other: largest_difference(ours.states, other),
        tolerance=2e-5,
        floor=dict.fromkeys(peers, floor),
        goal=dict.fromkeys(peers, goal),
        rounds=rounds,
    )


COMPARISONS = [
    partial(workload, "qubit", qubit, 100.0, 35, 65),
    partial(workload, "random, d = 8", partial(random_process, 8), 20.0, 6, 12),
    partial(workload, "chain, d = 32", partial(chain, 5), 20.0, 2.5, 6),
    partial(workload, "chain, d = 64", partial(chain, 6), 20.0, 2.5, 6),
    partial(workload, "dense, d = 32", partial(random_process, 32), 20.0, 40, 60, 5, ("vern9",)),
]

if __name__ == "__main__":
    raise SystemExit(main("Driven GKLS", COMPARISONS))
