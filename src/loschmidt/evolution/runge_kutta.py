"""Driven master equations by adaptive one-step methods of high order, heat and work under the same control."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from loschmidt._kernels.adaptive import advance, advance_series
from loschmidt._kernels.qubit_steps import advance_qubit
from loschmidt.checks import as_number
from loschmidt.evolution.compiled_systems import CompiledSystem
from loschmidt.evolution.dense_rates import to_vector
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.grids import elapsed_within
from loschmidt.evolution.integrated_equation import IntegratedEquation, integrated_equation
from loschmidt.evolution.linear_form import check_supported
from loschmidt.evolution.packed_states import pack
from loschmidt.evolution.series_stepping import SeriesSolution, integrate_series, series_states
from loschmidt.evolution.series_systems import SeriesSystem
from loschmidt.evolution.stepping import Control, Rates, Solution, integrate, states_between, too_small_a_step
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.processes.piecewise import TOLERANCE, PiecewisePolynomial
from loschmidt.states.observables import expectation
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["RungeKutta"]

_FIRST_SLICE = 256  # steps before the first report
_SLICE_SECONDS = 0.1
_LARGEST_STORE = 5e8  # bytes of accepted steps kept for states between the output times


@dataclass(frozen=True)
class RungeKutta:
    """Adaptive eighth-order Runge–Kutta method with dense output (:cite:t:`hairer1993`), compiled where it pays.

    Where the baths do not follow the drive, steps are power series of up to order 24 instead.

    Heat of each bath, work of the drive, switching work and particles are integrated together with the state. The
    drive's coefficients are first turned into polynomials on pieces, and no step leaves a piece, so that a pulse is
    seen however long the steps before it were; a jump is a quench, and its work is counted.

    Parameters
    ----------
    rtol : float
        Accepted error of one step, as a fraction of the state's norm; that of heat and work is a fraction of the spread
        of the energies, or of what has been exchanged if that is more.
    atol : float
        Accepted error of one step, absolute for the state and in units of the spread of the energies for heat and work.

    Notes
    -----
    The reported error is the sum of what the steps are expected to be wrong by. It relies on the evolution bringing
    states closer together, as every completely positive one does; a Redfield equation need not.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> from loschmidt.processes import driven_generator, driven_hamiltonian, jump_dissipator
    >>> drive = driven_hamiltonian([[0, 0], [0, 1]], [([[0, 1], [1, 0]], lambda t: 0.1 * np.cos(t))])
    >>> decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.05], beta=float("inf"))
    >>> run = evolve(driven_generator(drive, dissipators=[decay]), [1, 0], [0.0, 10.0], RungeKutta())
    >>> gained = np.trace(run.process.energy_at(10.0) @ run.states[-1]).real
    >>> bool(abs(gained - run.work[-1] - run.heat[-1].sum()) < 1e-9)
    True
    """

    rtol: float = 1e-10
    atol: float = 1e-13

    def __post_init__(self) -> None:
        as_number(self.rtol, "rtol", positive=True)
        as_number(self.atol, "atol", non_negative=True)

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "adaptive Runge–Kutta or power series"

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked state (d, d) at checked times (T,).

        Raises
        ------
        ConvergenceError
            If a drive is too rough to be resolved, or a step had to become smaller than the resolution of the time.
        """
        check_supported(process)
        if isinstance(process, Generator) and abs(times[0]) > times[-1] - times[0]:
            # Nothing depends on when, and a distant start would cost digits.
            return replace(self.evolve(process, state, times - times[0], report), times=times)
        problem = integrated_equation(process, times)
        control = Control(
            rtol=self.rtol,
            atol=self.atol,
            length=problem.length,
            scales=problem.scales,
            growth=float(np.sqrt(process.dimension)),
            breaks=problem.weights.breaks,
            degrees=problem.weights.degrees,
        )
        kinds = {CompiledSystem: _run_compiled, SeriesSystem: _run_series}
        run = kinds.get(type(problem.system), _run_stepwise)
        at = problem.before_jumps(times)
        found = run(self, process, problem, control, state, at, report)
        found = found if at is times else _after_jumps(found, times)
        blur = problem.blur(times)
        return found if blur == 0 else _blurred(found, blur, problem.energy)


def _after_jumps(found: Evolution, times: RealVector) -> Evolution:
    """Return the evolution with the work of jumps that an output time falls on, as the drive says at that time."""
    process, moved, work = found.process, np.flatnonzero(found.times != times), found.work.copy()
    assert isinstance(process, DrivenGenerator)
    quench = process.energy_at(times[moved]) - process.energy_at(found.times[moved])
    work[moved] += expectation(quench, found.components[moved])
    return replace(found, times=times, work=work)


def _blurred(found: Evolution, blur: float, energy: float) -> Evolution:
    """Return the evolution with the error of a drive that is known at times rounded far from zero only."""
    elapsed = found.times - found.times[0]
    moved = blur * energy * elapsed
    exchanged = energy * (moved + np.where(elapsed > 0, blur, 0.0))
    return replace(found, error=found.error + moved, exchange_error=found.exchange_error + exchanged)


def _run_compiled(
    method: RungeKutta,
    process: OpenSystem,
    problem: IntegratedEquation,
    control: Control,
    state: ComplexMatrix,
    times: RealVector,
    report: Callable[[float], None],
) -> Evolution:
    system, weights, n = problem.system, problem.weights, problem.length
    assert isinstance(system, CompiledSystem)
    y = np.concatenate([system.to_vector(state), np.zeros(len(control.scales))])
    pieces = (weights.breaks, weights.degrees, weights.coefficients)
    kernel_control = (control.rtol, control.atol, n, control.scales, system.norms, control.growth)
    # The kernel corrects the first step within a few trials.
    step = float(times[-1] - times[0]) / 64
    clock = np.array([times[0], 2.5 / problem.speed if problem.speed * step > 2.5 else step, 0.0])
    counts = np.array([0, 0, 0, 0, len(weights.degrees)])
    vector = (y, clock, counts, np.zeros(len(control.scales)))
    outputs = (times, np.empty((len(times), len(y))), np.empty(len(times)), np.empty((len(times), len(control.scales))))
    nodes = _advance_in_slices(system, pieces, kernel_control, vector, outputs, report)
    dense = partial(_replayed, system, pieces, kernel_control, nodes, times)
    components = system.to_states(outputs[1][:, :n])
    found = _evolution(method, process, problem, times, components, outputs[1][:, n:], outputs[2], outputs[3])
    return found if nodes is None else replace(found, steps=nodes[0] - times[0], dense=dense)


def _advance_in_slices(
    system: CompiledSystem,
    pieces: Any,
    control: Any,
    vector: Any,
    outputs: Any,
    report: Callable[[float], None],
    *,
    keep: bool = True,
) -> Any:
    """Run the kernel until the end, return the accepted steps, or None if there were too many to keep."""
    n, clock, counts = control[2], vector[1], vector[2]
    start, stop = pieces[0][0], pieces[0][-1]
    kept: list[Any] = []
    budget, stored = _FIRST_SLICE, 0.0
    while True:
        nodes = (np.empty(budget), np.empty(budget), np.empty((budget if keep and stored < _LARGEST_STORE else 0, n)))
        counts[2] = 0
        began = time.perf_counter()
        if system.qubit is not None:
            status = advance_qubit(system.qubit, pieces, control, vector, outputs, nodes, budget)
        elif system.matrices is not None:
            status = advance_series(system.matrices, pieces, control, vector, outputs, nodes, budget)
        else:
            status = advance(pieces, control, vector, outputs, nodes, budget)
        seconds = time.perf_counter() - began
        report(float((clock[0] - start) / (stop - start)))
        stored += 8.0 * n * counts[2]
        kept.append(tuple(part[: counts[2]] for part in nodes) if keep else ())
        if status == 2:
            raise too_small_a_step(float(clock[0]))
        if status == 1:
            break
        budget = int(min(max(budget * _SLICE_SECONDS / seconds, 16), 4 * budget, 1e5))
    if stored >= _LARGEST_STORE:
        return None
    return kept[0] if len(kept) == 1 else tuple(np.concatenate(part) for part in zip(*kept, strict=True))


def _replayed(
    system: CompiledSystem, pieces: Any, control: Any, nodes: Any, times: RealVector, wanted: RealVector
) -> ComplexMatrix:
    """Integrate again from the accepted step before the first wanted time to the last one."""
    at = times[0] + elapsed_within(times, wanted)
    if not at.size:
        return system.to_states(np.zeros((0, control[2])))
    order = np.argsort(at, kind="stable")
    n, exchanges = control[2], len(control[3])
    node = int(np.searchsorted(nodes[0], at[order[0]], side="right")) - 1
    piece = int(np.searchsorted(pieces[0], nodes[0][node] + 0.5 * nodes[1][node])) - 1
    vector = (
        np.concatenate([nodes[2][node], np.zeros(exchanges)]),
        np.array([nodes[0][node], nodes[1][node], 0.0]),
        np.array([piece, 0, 0, 0, len(pieces[1])]),
        np.zeros(exchanges),
    )
    outputs = (at[order], np.empty((len(at), n + exchanges)), np.empty(len(at)), np.empty((len(at), exchanges)))
    _advance_in_slices(system, pieces, control, vector, outputs, lambda fraction: None, keep=False)
    found = np.empty((len(at), n))
    found[order] = outputs[1][:, :n]
    return system.to_states(found)


def _run_series(
    method: RungeKutta,
    process: OpenSystem,
    problem: IntegratedEquation,
    control: Control,
    state: ComplexMatrix,
    times: RealVector,
    report: Callable[[float], None],
) -> Evolution:
    system, weights = problem.system, problem.weights
    assert isinstance(system, SeriesSystem)
    found = integrate_series(system, weights, pack(state), times, control, report)
    steps, dense = np.array(found.starts) - times[0], partial(_expanded, system, weights, control, found, times)
    done = _evolution(
        method, process, problem, times, found.states, found.exchanges, found.errors, found.exchange_errors
    )
    return replace(done, steps=steps, dense=dense) if len(found.nodes) == len(steps) else done


def _expanded(
    system: SeriesSystem,
    weights: PiecewisePolynomial,
    control: Control,
    found: SeriesSolution,
    times: RealVector,
    wanted: RealVector,
) -> ComplexMatrix:
    return series_states(system, weights, control, found, *_within(found, times, wanted))


def _within(found: SeriesSolution | Solution, times: RealVector, wanted: RealVector) -> tuple[IntegerArray, RealVector]:
    """Return in which accepted step the wanted times lie, and at which fraction of it."""
    at = times[0] + elapsed_within(times, wanted)
    starts, lengths = np.array(found.starts), np.array(found.lengths)
    node = np.searchsorted(starts, at, side="right") - 1
    return node, (at - starts[node]) / lengths[node]


def _run_stepwise(
    method: RungeKutta,
    process: OpenSystem,
    problem: IntegratedEquation,
    control: Control,
    state: ComplexMatrix,
    times: RealVector,
    report: Callable[[float], None],
) -> Evolution:
    rates, n, d = problem.system, problem.length, process.dimension
    assert not isinstance(rates, CompiledSystem | SeriesSystem)
    vector = np.concatenate([to_vector(state), np.zeros(len(control.scales))])
    solution = integrate(rates, vector, times, control, report)
    components = np.ascontiguousarray(solution.values[:, :n]).view(np.complex128).reshape(-1, d, d)
    dense = partial(_restepped, rates, control, solution, times, d)
    exchanges = solution.values[:, n:]
    found = _evolution(
        method, process, problem, times, components, exchanges, solution.errors, solution.exchange_errors
    )
    return replace(found, steps=np.array(solution.starts) - times[0], dense=dense)


def _restepped(
    rates: Rates, control: Control, solution: Solution, times: RealVector, dimension: int, wanted: RealVector
) -> ComplexMatrix:
    found = states_between(rates, control, solution, *_within(solution, times, wanted))
    return found.view(np.complex128).reshape(-1, dimension, dimension)


def _evolution(
    method: RungeKutta,
    process: OpenSystem,
    problem: IntegratedEquation,
    times: RealVector,
    components: ComplexMatrix,
    exchanges: RealMatrix,
    error: RealVector,
    exchange_error: RealMatrix,
) -> Evolution:
    rows, none = problem.rows, np.zeros(len(times))
    particles = np.zeros((len(times), rows.baths))
    if rows.particles:
        particles[:, list(rows.particles)] = exchanges[:, rows.baths : rows.baths + len(rows.particles)]
    energies = [*range(rows.baths), *(row for row in (rows.work, rows.switching) if row is not None)]
    # Copied, so that the largest is found along the rows of memory.
    energy_errors = np.ascontiguousarray(exchange_error.T)
    spread = (energy_errors[energies] if rows.particles else energy_errors).max(axis=0, initial=0.0)
    if isinstance(process, DrivenGenerator):
        # The work is that of polynomials, at both ends within twice their tolerance from the drive as measured.
        spread[1:] += 4 * TOLERANCE * problem.energy
    return Evolution(
        process=process,
        times=times,
        components=components,
        basis=None,
        heat=np.ascontiguousarray(exchanges[:, : rows.baths]),
        work=none if rows.work is None else exchanges[:, rows.work].copy(),
        switching_work=none if rows.switching is None else exchanges[:, rows.switching].copy(),
        particles=particles,
        method=method,
        error=error,
        exchange_error=spread,
    )
