"""Driven master equations by adaptive one-step methods of high order, heat and work under the same control."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from loschmidt._kernels.adaptive import advance, advance_series
from loschmidt._kernels.qubit_steps import advance_qubit
from loschmidt.checks import as_number
from loschmidt.errors import ConvergenceError
from loschmidt.evolution.compiled_systems import (
    CompiledSystem,
    is_sparse,
    qubit_system,
    small_system,
    sparse_system,
)
from loschmidt.evolution.dense_rates import FollowingRates, product_rates, to_vector
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.followed import followed_system
from loschmidt.evolution.grids import offsets_within
from loschmidt.evolution.linear_form import (
    ExchangeRows,
    LinearForm,
    check_supported,
    drive_weights,
    driven_form,
    energy_spread,
    hamiltonian_weights,
    linear_form,
    no_weights,
    with_rates,
)
from loschmidt.evolution.stepping import (
    Control,
    Rates,
    Solution,
    integrate,
    states_between,
    too_small_a_step,
)
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.drives import DrivenHamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.processes.piecewise import TOLERANCE, PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["RungeKutta"]

_QUBIT = 2
_SMALL = 8  # largest dimension that is integrated as real matrices
_FIRST_SLICE = 256  # steps before the first report
_SLICE_SECONDS = 0.1
_LARGEST_STORE = 5e8  # bytes of accepted steps kept for states between the output times
_SCANNED = 8  # times an output interval at which a drive is looked at, at least


@dataclass(frozen=True)
class RungeKutta:
    """Adaptive eighth-order Runge–Kutta method with dense output (:cite:t:`hairer1993`), compiled where it pays.

    Up to dimension 8, and with baths that do not follow the drive, steps are power series of up to order 24 instead.

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
        problem = _problem(process, times)
        control = Control(
            rtol=self.rtol,
            atol=self.atol,
            length=problem.length,
            scales=problem.scales,
            growth=float(np.sqrt(process.dimension)),
            breaks=problem.weights.breaks,
            degrees=problem.weights.degrees,
        )
        run = _run_compiled if isinstance(problem.system, CompiledSystem) else _run_stepwise
        return run(self, process, problem, control, state, times, report)


@dataclass(frozen=True, eq=False)
class _Problem:
    """An equation ready to be integrated: compiled or not, its weights, and what its exchanges are."""

    system: CompiledSystem | Rates
    weights: PiecewisePolynomial
    rows: ExchangeRows
    scales: RealVector
    length: int
    speed: float = 0.0  # at most, of a state; zero where it is not known


def _problem(process: OpenSystem, times: RealVector) -> _Problem:
    start, stop = float(times[0]), float(times[-1])
    samples = max(4096, _SCANNED * len(times))
    if isinstance(process, Generator):
        return _form_problem(linear_form(process), no_weights(start, stop))
    operators, drive = _drive(process, start, stop, samples)
    if process.follows:
        return _followed_problem(process, operators, drive)
    if isinstance(process.hamiltonian, DrivenHamiltonian):
        form = linear_form(process)
    else:
        assert process.dissipators is not None
        none = np.zeros((process.dimension, process.dimension), dtype=np.complex128)
        form = driven_form(none, operators, process.dissipators, process.energy)
    return _form_problem(form, drive)


def _drive(
    process: DrivenGenerator, start: float, stop: float, samples: int
) -> tuple[ComplexMatrix, PiecewisePolynomial]:
    """Return the operators (K, d, d) of H(t), without a static one, and their weights."""
    if not isinstance(process.hamiltonian, DrivenHamiltonian):
        return hamiltonian_weights(process.hamiltonian.at, start, stop, samples // 4)
    if not process.hamiltonian.coefficients:
        return process.hamiltonian.operators, no_weights(start, stop)
    return process.hamiltonian.operators, drive_weights(process, start, stop, samples)


def _form_problem(form: LinearForm, drive: PiecewisePolynomial) -> _Problem:
    sizes = np.abs(drive.coefficients).sum(axis=1).max(axis=0)
    scale = float(form.energy_norms[0] + sizes @ form.energy_norms[1 : 1 + len(sizes)])
    scales = _scales(form.rows, scale)
    system = _compiled(form)
    if system is not None and system.qubit is not None:
        speed = float(system.qubit[1] + sizes @ system.qubit[3])
        return _Problem(system, drive, form.rows, scales, system.length, speed)
    weights = with_rates(drive)
    if system is not None:
        return _Problem(system, weights, form.rows, scales, system.length)
    return _Problem(product_rates(form, weights), weights, form.rows, scales, 2 * form.dimension**2)


@lru_cache(maxsize=8)
def _compiled(form: LinearForm) -> CompiledSystem | None:
    if form.dimension <= _SMALL:
        return qubit_system(form) if form.dimension == _QUBIT else small_system(form)
    return sparse_system(form) if is_sparse(form) else None


def _followed_problem(process: DrivenGenerator, operators: ComplexMatrix, drive: PiecewisePolynomial) -> _Problem:
    first = process.at(float(drive.breaks[0]))
    rows = ExchangeRows.of(first.dissipators, work=drive.coefficients.shape[-1] > 0, switching=False)
    scale = float(energy_spread(process.energy_at(drive.breaks)).max())
    scales = _scales(rows, scale)
    if process.dimension <= _SMALL:
        try:
            system, weights = followed_system(process, operators, drive, rows, scale)
        except ConvergenceError:
            pass  # too rough to be tabulated, so it is evaluated where it is needed
        else:
            return _Problem(system, weights, rows, scales, system.length)
    direct = FollowingRates(process, operators, drive.derivative(), rows)
    return _Problem(direct, drive, rows, scales, 2 * process.dimension**2)


def _scales(rows: ExchangeRows, energy: float) -> RealVector:
    scales = np.full(rows.count, energy if energy > 0 else 1.0)
    scales[rows.baths : rows.baths + len(rows.particles)] = 1.0
    return scales


def _run_compiled(
    method: RungeKutta,
    process: OpenSystem,
    problem: _Problem,
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
    dense = None
    if nodes is not None:
        dense = partial(_replayed, system, pieces, kernel_control, nodes, times)
    components = system.to_states(outputs[1][:, :n])
    return _evolution(method, process, problem, times, components, outputs[1][:, n:], outputs[2], outputs[3], dense)


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
            status = advance(system.sandwich, pieces, control, vector, outputs, nodes, budget)
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
    at = times[0] + offsets_within(times, wanted)
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


def _run_stepwise(
    method: RungeKutta,
    process: OpenSystem,
    problem: _Problem,
    control: Control,
    state: ComplexMatrix,
    times: RealVector,
    report: Callable[[float], None],
) -> Evolution:
    rates, n, d = problem.system, problem.length, process.dimension
    assert not isinstance(rates, CompiledSystem)
    vector = np.concatenate([to_vector(state), np.zeros(len(control.scales))])
    solution = integrate(rates, vector, times, control, report)
    components = np.ascontiguousarray(solution.values[:, :n]).view(np.complex128).reshape(-1, d, d)
    dense = partial(_restepped, rates, control, solution, times, d)
    exchanges = solution.values[:, n:]
    return _evolution(
        method, process, problem, times, components, exchanges, solution.errors, solution.exchange_errors, dense
    )


def _restepped(
    rates: Rates, control: Control, solution: Solution, times: RealVector, dimension: int, wanted: RealVector
) -> ComplexMatrix:
    at = times[0] + offsets_within(times, wanted)
    starts, lengths = np.array(solution.starts), np.array(solution.lengths)
    node = np.searchsorted(starts, at, side="right") - 1
    found = states_between(rates, control, solution, node, (at - starts[node]) / lengths[node])
    return found.view(np.complex128).reshape(-1, dimension, dimension)


def _evolution(
    method: RungeKutta,
    process: OpenSystem,
    problem: _Problem,
    times: RealVector,
    components: ComplexMatrix,
    exchanges: RealMatrix,
    error: RealVector,
    exchange_error: RealMatrix,
    dense: Callable[[RealVector], ComplexMatrix] | None,
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
        spread[1:] += 4 * TOLERANCE * max((float(problem.scales[row]) for row in energies), default=0.0)
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
        dense=dense,
    )
