"""Run a lattice protocol stage by stage, in place on one state, and look at it where the protocol says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.lattice.chebyshev import Chebyshev
from loschmidt.evolution.lattice.evolution import LatticeEvolution, stacked
from loschmidt.evolution.lattice.exact_steps import ExactSteps, commuting_steps
from loschmidt.evolution.lattice.full_steps import FullMethod, lattice_hamiltonian
from loschmidt.evolution.lattice.kicks import apply_phases
from loschmidt.evolution.lattice.memory import check_memory, lattice_memory
from loschmidt.evolution.lattice.observer import Observer
from loschmidt.evolution.lattice.record import LatticeRecord, Observation
from loschmidt.evolution.memory import available_memory
from loschmidt.evolution.progress import progress_reporter
from loschmidt.processes.lattice.protocol import Erase, ExactStep, FullStep, LatticeProtocol, Stage
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock_amplitudes import GivenAmplitudes, LatticeState
from loschmidt.typing import ComplexTensor

__all__ = ["Checkpoint", "LatticeRun", "evolve_lattice", "iterate_lattice", "lattice_evolution"]

_DTYPES = {"double": np.complex128, "single": np.complex64}
_ROWS = 1 << 22  # amplitudes of the initial state that are made at a time


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Where a run stands after a stage; enough to go on from.

    Attributes
    ----------
    completed : int
        Stages completed.
    state : (d_1, …, d_S)
        The state itself, not a copy: the next stage writes into it.
    error : float
        Estimated 2-norm of its error so far.
    records : tuple of LatticeRecord
        Everything recorded so far.
    errors : tuple of float
        `error` at each record.

    Examples
    --------
    >>> import numpy as np
    >>> Checkpoint(0, np.ones((1, 1), dtype=complex), 0.0, (), ()).completed
    0
    """

    completed: int
    state: ComplexTensor
    error: float
    records: tuple[LatticeRecord, ...]
    errors: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class LatticeRun:
    """How to run: every choice but the protocol and the initial state.

    Attributes
    ----------
    method : FullMethod
        For stages in which all species move; stages that are exact products of single-species steps take those.
    precision : str
        "double" for complex128, "single" for complex64: half the memory, errors of about 1e-6 a step.
    observe : Observation
        What to compute at records.
    threads : int or None
        None for all that Numba has; 1 to stay in the calling thread.
    memory_limit : float or None
        Bytes; None for what is free.

    Examples
    --------
    >>> LatticeRun().method.name
    'Chebyshev series'
    """

    method: FullMethod = field(default_factory=Chebyshev)
    precision: str = "double"
    observe: Observation = field(default_factory=Observation)
    threads: int | None = None
    memory_limit: float | None = None

    def __post_init__(self) -> None:
        if self.precision not in _DTYPES:
            raise InputError(f'`precision` must be "double" or "single", but it is {self.precision!r}.')
        if not callable(getattr(self.method, "advance", None)):
            raise InputError(f"`method` must be a method object such as Chebyshev(), but it is {self.method!r}.")


def evolve_lattice(
    protocol: LatticeProtocol,
    initial: LatticeState,
    run: LatticeRun | None = None,
    *,
    method: FullMethod | None = None,
    keep: Collection[str] = (),
    resume: Checkpoint | None = None,
    on_stage: Callable[[Checkpoint], None] | None = None,
    progress: bool = False,
) -> LatticeEvolution:
    """Run a protocol and return what was seen on the way.

    Parameters
    ----------
    protocol : LatticeProtocol
        What to do.
    initial : LatticeState
        Where to start, as :func:`fock_state` and its kin make it.
    run : LatticeRun, optional
        Method, precision, observables, threads and the memory limit.
    method : FullMethod, optional
        Shorthand for ``LatticeRun(method=…)``.
    keep : collection of str
        Labels of records whose states are copied; the final state is always kept.
    resume : Checkpoint, optional
        Go on from there. Its state is written into.
    on_stage : callable, optional
        Called with a :class:`Checkpoint` after each stage, to store it.
    progress : bool
        Show progress on anything longer than two seconds.

    Returns
    -------
    LatticeEvolution

    Raises
    ------
    ResourceError
        If it would not fit into memory.
    InputError, ShapeError
        If the initial state, a label or the method do not fit the protocol.

    Examples
    --------
    >>> from loschmidt.processes.lattice import (
    ...     Lattice,
    ...     deterministic_phases,
    ...     domain_wall,
    ...     lattice_system,
    ...     two_step_echo,
    ... )
    >>> system = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
    >>> erased = two_step_echo(system, deterministic_phases(system, "upsilon"))
    >>> run = evolve_lattice(erased, domain_wall(system))
    >>> bool(run.joint_entropy[-1] > run.joint_entropy[0])
    True
    """
    chosen = (LatticeRun() if method is None else LatticeRun(method=method)) if run is None else run
    if run is not None and method is not None:
        raise InputError("`method` must be given in `run` or beside it, but not in both.")
    unknown = set(keep) - set(protocol.record_labels)
    if unknown:
        raise InputError(f"`keep` must name records of the protocol, but {sorted(unknown)[0]!r} is none.")
    kept: dict[str, ComplexTensor] = {}
    last = resume
    with progress_reporter("lattice", enabled=progress) as report:
        for last in _stages(protocol, initial, chosen, resume, copies=len(set(keep))):
            label = protocol.labels[last.completed - 1] if last.completed else protocol.initial_label
            if label and label in keep:
                kept[label] = last.state.copy()
            if on_stage is not None and (last.completed or not protocol.stages):
                on_stage(last)
            report(last.completed / (len(protocol.stages) or 1))
    assert last is not None  # a run that does not go on begins with the initial state
    return lattice_evolution(protocol, initial, chosen, last, kept)


def iterate_lattice(
    protocol: LatticeProtocol,
    initial: LatticeState,
    run: LatticeRun | None = None,
    *,
    resume: Checkpoint | None = None,
) -> Iterator[Checkpoint]:
    """Yield a checkpoint at the start and after each stage of a protocol.

    Parameters
    ----------
    protocol, initial, run, resume
        As in :func:`evolve_lattice`. From `resume` on, only later stages are yielded.

    Yields
    ------
    Checkpoint
        Its state is the one that the next stage writes into; copy it to keep it.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> [point.completed for point in iterate_lattice(two_step_echo(system), domain_wall(system))]
    [0, 1, 2, 3, 4, 5]
    """
    return _stages(protocol, initial, LatticeRun() if run is None else run, resume)


def _stages(
    protocol: LatticeProtocol, initial: LatticeState, run: LatticeRun, resume: Checkpoint | None, copies: int = 0
) -> Iterator[Checkpoint]:
    what = run.observe.resolved(protocol.system)
    _check(protocol, initial, run, what, copies, 0 if resume is None else resume.state.nbytes)
    observer = Observer(protocol, initial, what, run.threads)
    steps = ExactSteps(protocol.system, run.threads)
    if resume is None:
        state = _written(initial, _DTYPES[run.precision])
        first = _seen(observer, state, 0)
        point = Checkpoint(0, state, _initial_error(state, run), (first,), (_initial_error(state, run),))
        yield point
    else:
        point = _resumable(resume, protocol, run)
    for number in range(point.completed, len(protocol.stages)):
        error = point.error + _apply(protocol.stages[number], protocol.system, point.state, steps, run)
        records, errors = point.records, point.errors
        if protocol.labels[number]:
            records, errors = (*records, _seen(observer, point.state, number + 1)), (*errors, error)
        point = Checkpoint(number + 1, point.state, error, records, errors)
        yield point


def _apply(stage: Stage, system: LatticeSystem, state: ComplexTensor, steps: ExactSteps, run: LatticeRun) -> float:
    """Apply a stage in place and return the estimate of its error."""
    if isinstance(stage, Erase):
        return apply_phases(state, stage.phases, run.threads)
    if isinstance(stage, ExactStep):
        return steps.apply(state, stage)
    acting = system if stage.system is None else stage.system
    if stage.time == 0:
        return 0.0
    exact = commuting_steps(acting, stage.time)
    if exact is not None:
        return sum(steps.apply(state, step) for step in exact)
    return run.method.advance(steps, acting, state, stage.time)


def _seen(observer: Observer, state: ComplexTensor, completed: int) -> LatticeRecord:
    protocol = observer.protocol
    places = (0, *protocol.recorded)
    place = places.index(completed)
    wanted = place % observer.what.every == 0 or place == len(places) - 1
    return LatticeRecord(protocol.record_labels[place], completed, observer.look(state, entanglement=wanted))


def _check(
    protocol: LatticeProtocol, initial: LatticeState, run: LatticeRun, what: Observation, copies: int, taken: int
) -> None:
    system = protocol.system
    if initial.shape != system.dims:
        raise ShapeError(f"`initial` must be a state of shape {system.dims}, but it has {initial.shape}.")
    full = [stage for stage in protocol.stages if isinstance(stage, FullStep) and stage.time != 0]
    acting = {stage.system or system for stage in full}
    by_method = [one for one in acting if commuting_steps(one, 1.0) is None]
    for one in by_method:
        run.method.check(one)
    vectors = copies + (run.method.vectors if by_method else 0)
    reference = initial.nbytes if isinstance(initial, GivenAmplitudes) else 0
    needed = lattice_memory(protocol, run.precision, vectors, what.matrix_bytes(system))
    # The state of a run that goes on is in memory already.
    limit = available_memory() + taken if run.memory_limit is None else run.memory_limit - reference
    check_memory(needed, system, limit)


def _written(initial: LatticeState, dtype: type[np.complexfloating]) -> ComplexTensor:
    # By rows, so that the memory is taken in the order in which it lies.
    state = np.empty(initial.shape, dtype=dtype)
    rows = 1 + _ROWS * len(state) // state.size
    for start in range(0, len(state), rows):
        stop = min(start + rows, len(state))
        state[start:stop] = initial.rows(start, stop)
    return state


def _initial_error(state: ComplexTensor, run: LatticeRun) -> float:
    return float(np.finfo(state.dtype).eps)


def _resumable(resume: Checkpoint, protocol: LatticeProtocol, run: LatticeRun) -> Checkpoint:
    if resume.state.shape != protocol.system.dims or resume.state.dtype != _DTYPES[run.precision]:
        raise ShapeError(
            f"`resume` must hold a state of shape {protocol.system.dims} in {run.precision} precision, but it is "
            f"{resume.state.shape}, {resume.state.dtype}. It belongs to another run."
        )
    seen = [record.completed for record in resume.records]
    expected = [place for place in (0, *protocol.recorded) if place <= resume.completed]
    if not 0 <= resume.completed <= len(protocol.stages) or seen != expected:
        raise InputError(
            f"`resume` must hold the records of this protocol up to stage {resume.completed}, after stages {expected}, "
            f"but it holds those after {seen}. It belongs to another run."
        )
    return resume


def lattice_evolution(
    protocol: LatticeProtocol,
    initial: LatticeState,
    run: LatticeRun,
    last: Checkpoint,
    kept: Mapping[str, ComplexTensor],
) -> LatticeEvolution:
    """Return the evolution that ends at a checkpoint, wherever its state lies.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> protocol, start = two_step_echo(system), domain_wall(system)
    >>> *_, last = iterate_lattice(protocol, start)
    >>> lattice_evolution(protocol, start, LatticeRun(), last, {}).labels
    ('φ0', 'φ1', 'φ2', "φ2'", "φ1'", "φ0'")
    """
    table, entangled = stacked(last.records)
    completed = np.array([record.completed for record in last.records], dtype=np.int64)
    elapsed = np.concatenate([[0.0], np.cumsum(protocol.durations)])
    return LatticeEvolution(
        protocol=protocol,
        initial=initial,
        labels=tuple(record.label for record in last.records),
        completed=completed,
        elapsed=elapsed[completed],
        observables=table,
        entanglement_records=entangled,
        state_error=np.array(last.errors),
        energy_range=lattice_hamiltonian(protocol.system).bounds,
        state=last.state,
        kept=kept,
        methods=_methods(protocol, run),
        precision=run.precision,
    )


def _methods(protocol: LatticeProtocol, run: LatticeRun) -> tuple[str, ...]:
    names = []
    for stage in protocol.stages:
        if isinstance(stage, FullStep) and commuting_steps(stage.system or protocol.system, 1.0) is None:
            names.append(run.method.name)
        elif not isinstance(stage, Erase):
            names.append("exact steps")
    return tuple(dict.fromkeys(names))
