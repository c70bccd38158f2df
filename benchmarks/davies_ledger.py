"""W1: the entropy ledger of an N-level system between two Davies baths, 200 times, against QuTiP, qthermo, dynamiqs.

Everyone returns the same table: entropy, relative entropy to both Gibbs states, heat current, entropy production and
its population and coherence parts, per bath. The run lasts three to eight times as long as the slowest mode lives.
Ratios depend on how many oscillations fit into that life, since an integrator follows every one and we do not, so the
small systems are run in two regimes and held to the same floors in both: "weak" coupling 0.005 over t = 400, where a
typical gap is twenty to forty times the largest rate, and "strong" coupling 0.02 over t = 100, a quarter as many
oscillations of the same relaxation. From N = 16 on only the weak one is run (small gaps of the larger random models are
not well separated: a workload, not a model to trust).

Peers get the batched NumPy table below; "QuTiP mesolve and logm" makes it with QuTiP's own functions, where matrix
logarithms take most of the time, and has no floor. "QuTiP, prebuilt L" is the hardest rival: a ready Liouvillian in the
energy eigenbasis, where it is sparse, and the fastest of QuTiP's solvers, diagonalisation included for N ≤ 4.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from _harness import Comparison, compare, import_peer, largest_difference, main
from loschmidt.evolution.evolve import evolve
from loschmidt.ledger.davies_rates import davies_rates
from loschmidt.processes import Bath, Generator, OhmicSpectrum, davies_generator

#: Coupling of both baths and length of the run.
REGIMES = {"weak": (0.005, 400.0), "strong": (0.02, 100.0)}
BETAS = (0.5, 2.0)
# Of the peers' states; their default tolerances leave 1e-6 to 1e-9.
TOLERANCE = 1e-4
ACCURACY = {"atol": 1e-10, "rtol": 1e-8, "nsteps": 100_000}
FLOORS = {
    2: {"QuTiP mesolve": 50, "QuTiP, prebuilt L": 30, "qthermo": 1000},
    4: {"QuTiP mesolve": 60, "QuTiP, prebuilt L": 20, "qthermo": 2500},
    8: {"QuTiP mesolve": 250, "QuTiP, prebuilt L": 8},
    16: {"QuTiP mesolve": 100, "QuTiP, prebuilt L": 8},
    32: {"QuTiP, prebuilt L": 8},
    64: {"QuTiP, prebuilt L": 5},
}
GOALS = {
    2: {"QuTiP mesolve": 90, "QuTiP, prebuilt L": 80, "qthermo": 2500},
    4: {"QuTiP mesolve": 120, "QuTiP, prebuilt L": 65, "qthermo": 6000},
    8: {"QuTiP mesolve": 500, "QuTiP, prebuilt L": 14},
    16: {"QuTiP mesolve": 170, "QuTiP, prebuilt L": 14},
    32: {"QuTiP, prebuilt L": 16},
    64: {"QuTiP, prebuilt L": 9},
}
PURE_FLOORS = {32: {"QuTiP, prebuilt L": 40}, 64: {"QuTiP, prebuilt L": 35}}
PURE_GOALS = {32: {"QuTiP, prebuilt L": 75}, 64: {"QuTiP, prebuilt L": 60}}

Table = dict[str, np.ndarray]


def output_times(regime: str) -> np.ndarray:
    return np.linspace(0.0, REGIMES[regime][1], 200)


def model(levels: int, *, pure: bool = False, regime: str = "weak") -> tuple[Generator, np.ndarray]:
    """Return a generator with random gaps and couplings, diagonal Hamiltonian, and an initial state with coherence."""
    rng = np.random.default_rng(levels)
    energies = np.sort(rng.uniform(0.0, 4.0, levels))
    baths = []
    for name, beta in zip(("hot", "cold"), BETAS, strict=True):
        coupling = rng.normal(size=(levels, levels)) / np.sqrt(levels)
        baths.append(Bath(name, beta, OhmicSpectrum(REGIMES[regime][0]), coupling + coupling.T))
    amplitudes = rng.normal(size=(levels, 1 if pure else levels))
    state = amplitudes @ amplitudes.T
    if pure:
        # Couplings without diagonal: a pure state then stays diagonal plus rank one in the rotating frame.
        baths = [Bath(b.name, b.beta, b.spectrum, b.couplings[0] * (1 - np.eye(levels))) for b in baths]
    return davies_generator(np.diag(energies), baths), state / np.trace(state)


def ours(process: Generator, state: np.ndarray, times: np.ndarray) -> Table:
    evolution = evolve(process, state, times)
    rates = davies_rates(evolution.components, process.dissipators)
    return {
        "S": rates.entropy,
        "D": relative_entropies(process, evolution.components, rates.entropy),
        "heat current": rates.heat_rate,
        "Π": rates.entropy_production,
        "Π_d": rates.population_production,
        "Υ": rates.coherence_production,
        "heat": evolution.heat,
    }


@cache
def gibbs_logarithms(process: Generator) -> np.ndarray:
    """Return -ln p (d, 2) of both Gibbs states, an input that everybody is given."""
    weights = np.exp(-np.multiply.outer(np.diagonal(process.energy).real, np.array(BETAS)))
    return -np.log(weights / weights.sum(axis=0))


def relative_entropies(process: Generator, states: np.ndarray, entropies: np.ndarray) -> np.ndarray:
    d = process.dimension
    found = states.reshape(-1, d * d)[:, :: d + 1].real @ gibbs_logarithms(process)
    found -= entropies[:, None]
    return found


def from_states(process: Generator, superoperators: list[Any], times: np.ndarray, states: np.ndarray) -> Table:
    """Return the table from states, as a careful user of a solver would: one batched eigenproblem, sparse products."""
    d = process.dimension
    energies = np.diagonal(process.energy).real
    values, vectors = np.linalg.eigh(states)
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = (vectors * np.log(values)[:, None, :]) @ vectors.conj().swapaxes(1, 2)
        entropies = -np.where(values > 0, values * np.log(values), 0).sum(axis=1)
    populations = np.diagonal(states, axis1=1, axis2=2).real
    columns = states.swapaxes(1, 2).reshape(len(states), -1).T
    heat, full, diagonal = [], [], []
    for beta, superoperator in zip(BETAS, superoperators, strict=True):
        change = (superoperator @ columns).T.reshape(-1, d, d).swapaxes(1, 2)
        moved = np.diagonal(change, axis1=1, axis2=2).real
        heat.append(moved @ energies)
        full.append(-np.einsum("tab,tba->t", change, logarithm).real - beta * heat[-1])
        diagonal.append(-np.einsum("tn,tn->t", moved, np.log(populations)) - beta * heat[-1])
    production, split = np.stack(full, axis=1), np.stack(diagonal, axis=1)
    currents = np.stack(heat, axis=1)
    return {
        "S": entropies,
        "D": relative_entropies(process, states, entropies),
        "heat current": currents,
        "Π": production,
        "Π_d": split,
        "Υ": production - split,
        "heat": accumulated(currents, times),
    }


def difference(one: Table, other: Table) -> float:
    """Return the largest difference; at the first time of a pure start only the entropies are finite."""
    first = 0 if np.isfinite(one["Π"][0]).all() else 5
    return max(
        largest_difference(one[key][first:], other[key][first:]) for key in ("S", "D", "heat current", "Π", "Π_d", "Υ")
    )


def peers(
    process: Generator, state: np.ndarray, times: np.ndarray, *, pure: bool
) -> dict[str, Callable[[], Table] | None]:
    superoperators = [one.sparse for one in process.dissipators]
    table = partial(from_states, process, superoperators, times)
    found: dict[str, Callable[[], Table] | None] = {}
    if process.dimension <= 16 and not pure:
        found["QuTiP mesolve"] = with_mesolve(process, state, times, table)
        found["QuTiP mesolve and logm"] = with_mesolve(process, state, times, None)
    found["QuTiP, prebuilt L"] = with_liouvillian(process, state, times, table)
    if process.dimension <= 4:
        found["dynamiqs"] = with_dynamiqs(process, state, times, table)
        found["qthermo"] = with_qthermo(process, state, times, table)
    return found


def with_qutip_functions(qutip: Any, process: Generator, times: np.ndarray, states: list[Any]) -> Table:
    """Return the table with `qutip.entropy_vn`, `qutip.expect` and matrix logarithms, state by state."""
    h = qutip.Qobj(process.hamiltonian)
    heat_operators = [qutip.Qobj(one.adjoint(process.energy)) for one in process.dissipators]
    jumps = [one.sparse for one in process.dissipators]
    entropies = np.array([qutip.entropy_vn(state) for state in states])
    currents = np.stack([np.real(qutip.expect(operator, states)) for operator in heat_operators], axis=1)
    inside = np.real(qutip.expect(h, states))
    production, split = np.empty((2, len(states), len(BETAS)))
    for t, state in enumerate(states):
        logarithm = state.logm()
        pinched = np.log(state.diag().real)
        vector = state.full().reshape(-1, order="F")
        for b, beta in enumerate(BETAS):
            change = (jumps[b] @ vector).reshape(state.shape, order="F")
            production[t, b] = -np.trace(change @ logarithm.full()).real - beta * currents[t, b]
            split[t, b] = -(np.diagonal(change).real @ pinched) - beta * currents[t, b]
    partition = gibbs_logarithms(process)[0] - np.array(BETAS) * np.diagonal(process.energy)[0].real
    return {
        "S": entropies,
        "D": -entropies[:, None] + inside[:, None] * np.array(BETAS) + partition,
        "heat current": currents,
        "Π": production,
        "Π_d": split,
        "Υ": production - split,
        "heat": accumulated(currents, times),
    }


def accumulated(currents: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return sums over output points; ours is integrated with the state, so the two are not compared."""
    steps = 0.5 * np.diff(times)[:, None] * (currents[1:] + currents[:-1])
    return np.concatenate([np.zeros((1, len(BETAS))), np.cumsum(steps, axis=0)])


def with_mesolve(
    process: Generator, state: np.ndarray, times: np.ndarray, table: Callable[[np.ndarray], Table] | None
) -> Callable[[], Table] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    h, rho = qutip.Qobj(process.hamiltonian), qutip.Qobj(state.astype(complex))
    jumps = [one.as_jumps for one in process.dissipators]
    operators = [
        qutip.Qobj(rate**0.5 * jump, dtype="csr")
        for one in jumps
        for rate, jump in zip(one.rates, one.jumps, strict=True)
    ]

    def run(method: str) -> Table:
        options = {"method": method, "progress_bar": "", **ACCURACY}
        states = qutip.mesolve(h, rho, times, operators, options=options).states
        if table is None:
            return with_qutip_functions(qutip, process, times, states)
        return table(np.stack([one.full() for one in states]))

    return fastest(run, ("adams", "vern9", "dop853") if process.dimension <= 4 else ("adams",))


def with_liouvillian(
    process: Generator, state: np.ndarray, times: np.ndarray, table: Callable[[np.ndarray], Table]
) -> Callable[[], Table] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    from scipy.sparse import csr_array, eye_array, kron

    h, one = csr_array(process.hamiltonian), eye_array(process.dimension)
    total = -1j * (kron(one, h) - kron(h.T, one)) + sum(part.sparse for part in process.dissipators)
    side = [[process.dimension], [process.dimension]]
    liouvillian = qutip.Qobj(csr_array(total).tocsr(), dims=[side, side], superrep="super")
    if process.dimension <= 4:
        liouvillian = liouvillian.to("dense")
    rho = qutip.Qobj(state.astype(complex))
    small = process.dimension <= 4

    def run(method: str) -> Table:
        options = {"method": method, "progress_bar": "", **({} if method == "diag" else ACCURACY)}
        found = qutip.MESolver(liouvillian, options=options).run(rho, times)
        return table(np.stack([one.full() for one in found.states]))

    return fastest(run, ("adams", "vern9", "dop853", *(("diag",) if small else ())))


def with_qthermo(
    process: Generator, state: np.ndarray, times: np.ndarray, table: Callable[[np.ndarray], Table]
) -> Callable[[], Table] | None:
    qthermo = import_peer("qthermo")
    if qthermo is None:
        return None
    operators = [
        rate**0.5 * jump
        for part in process.dissipators
        for rate, jump in zip(part.as_jumps.rates, part.as_jumps.jumps, strict=True)
    ]

    def run() -> Table:
        found = qthermo.evolve(state, process.hamiltonian, operators, times[-1], len(times) - 1)
        return table(np.stack(found["states"]))

    return run


def with_dynamiqs(
    process: Generator, state: np.ndarray, times: np.ndarray, table: Callable[[np.ndarray], Table]
) -> Callable[[], Table] | None:
    dynamiqs = import_peer("dynamiqs")
    if dynamiqs is None:
        return None
    dynamiqs.set_precision("double")
    operators = [
        rate**0.5 * jump
        for part in process.dissipators
        for rate, jump in zip(part.as_jumps.rates, part.as_jumps.jumps, strict=True)
    ]
    options = dynamiqs.Options(progress_meter=None)

    def run() -> Table:
        found = dynamiqs.mesolve(process.hamiltonian, operators, state, times, options=options)
        return table(np.asarray(found.states.to_numpy()))

    return run


def fastest(run: Callable[[str], Table], methods: tuple[str, ...]) -> Callable[[], Table]:
    """Return a run with the fastest of some methods."""
    spent = {}
    for method in methods:
        if len(methods) > 1:
            run(method)
        start = time.process_time()
        if len(methods) > 1:
            run(method)
        spent[method] = time.process_time() - start
    return partial(run, min(spent, key=spent.__getitem__))


def workload(levels: int, regime: str = "weak", *, pure: bool = False) -> Comparison:
    process, state = model(levels, pure=pure, regime=regime)
    times = output_times(regime)
    return compare(
        f"N = {levels}, {'pure' if pure else 'mixed'} start, {regime} coupling",
        partial(ours, process, state, times),
        peers(process, state, times, pure=pure),
        check=difference,
        tolerance=TOLERANCE,
        floor=(PURE_FLOORS if pure else FLOORS)[levels],
        goal=(PURE_GOALS if pure else GOALS)[levels],
    )


if __name__ == "__main__":
    WORKLOADS = [
        partial(workload, levels, regime) for levels in FLOORS for regime in (REGIMES if levels <= 8 else ("weak",))
    ]
    WORKLOADS += [partial(workload, levels, pure=True) for levels in PURE_FLOORS]
    raise SystemExit(main("W1: Davies ledger, two baths, 200 times", WORKLOADS))
