"""Follow many trajectories: check the input, plan, run batches on threads, and gather the statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from loschmidt._kernels.jump_levels import LevelModel, follow_levels
from loschmidt._kernels.jump_records import BLOCK, Ends, Record
from loschmidt._kernels.jump_trajectories import follow_cells
from loschmidt._kernels.threads import workers_for
from loschmidt.checks import as_density_matrix, as_times
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.evolve import Evolution, OpenSystem, evolve
from loschmidt.evolution.jumps.channels import fixed_jumps
from loschmidt.evolution.jumps.driven_plan import driven_plan
from loschmidt.evolution.jumps.ends import Measurement, ends_of, measurement
from loschmidt.evolution.jumps.gathering import Gathering
from loschmidt.evolution.jumps.observation import JumpObservation
from loschmidt.evolution.jumps.plan import Plan
from loschmidt.evolution.jumps.records import JumpRecords, jump_table, keep_jumps, records_for
from loschmidt.evolution.jumps.result import JumpTrajectories
from loschmidt.evolution.jumps.static_plan import static_plan
from loschmidt.evolution.progress import progress_reporter
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["check_jumps", "jump_trajectories"]

_MOST_BLOCKS = 64
_BATCH_BYTES = 2.5e8


def jump_trajectories(
    process: OpenSystem,
    state: StateLike,
    times: Any,
    count: int,
    rng: np.random.Generator,
    observation: JumpObservation | None = None,
    *,
    threads: int | None = None,
    progress: bool | Callable[[float], None] = False,
) -> JumpTrajectories:
    r"""Return an ensemble of quantum-jump trajectories of a master equation, driven or not.

    Each trajectory starts from a measured eigenstate of the initial state, moves without jumping for exact waiting
    times, and ends with a measurement in the eigenbasis of the ensemble's last state, so that its entropy production

    .. math:: \sigma = \ln p_\alpha - \ln p'_\beta + \sum_{\rm jumps} \ln\frac{\gamma_k}{\gamma_{\tilde k}}

    has the mean that the master equation says, whatever coherence there is and whether or not the drive commutes.

    Parameters
    ----------
    process : Generator or DrivenGenerator
        Of GKLS form, with rates that are not negative.
    state : (d, d), ket (d,) or ``qutip.Qobj``
        Initial state, at ``times[0]``.
    times : (T,)
        Strictly increasing; means are kept at each.
    count : int
        Number of trajectories.
    rng : numpy.random.Generator
        One key is drawn from it. Each trajectory has random numbers of its own, which depend on this key and its
        number only, so that results do not depend on `threads`.
    observation : JumpObservation, optional
        What to compute and keep.
    threads : int, optional
        How many threads share the work; default: as many as Numba would take.
    progress : bool or callable
        Show a progress bar on anything longer than two seconds, or a function that is given the fraction done.

    Returns
    -------
    JumpTrajectories

    Raises
    ------
    InputError and its subclasses
        If an argument is malformed, or the process has no jumps with probabilities.
    ResourceError
        If tables or records would not fit into memory.

    Notes
    -----
    :cite:t:`dalibard1992` for the trajectories, :cite:t:`horowitz2013` and :cite:t:`manzano2018` for their entropy.
    Heat is minus the quanta of the jumps where these are definite ([E, L] = -ωL), and the change of the mean energy
    elsewhere; see :mod:`loschmidt.evolution.jumps.heat`. Inside a degenerate eigenvalue of the initial or last state
    the eigenstates are the eigensolver's: the distribution of σ does not depend on them, those of its two parts do.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> ensemble = jump_trajectories(process, [[0.5, 0.4], [0.4, 0.5]], [0.0, 20.0], 2000, np.random.default_rng(1))
    >>> away = abs(ensemble.heat[-1, 0] - ensemble.evolution.heat[-1, 0])
    >>> bool(away < 4 * ensemble.heat_error[-1, 0])
    True
    """
    look = JumpObservation() if observation is None else observation
    if threads is not None and threads < 1:
        raise InputError(f"`threads` must be at least 1, but it is {threads}.")
    rho, span = _checked(process, state, times, count, rng)
    make = driven_plan if isinstance(process, DrivenGenerator) else static_plan
    plan = make(process, span, exchange=look.exchange)  # type: ignore[arg-type]
    evolution = evolve(process, rho, span)
    ends = _measurements(process, evolution)
    gathering = Gathering(plan, ends, process.bath_names, len(span))
    records = None
    if look.records:
        records = records_for(count, len(process.bath_names), len(plan.channels), look.folder)
    key = rng.integers(0, 2**64, size=2, dtype=np.uint64)
    runner = _Runner(plan, ends_of(*ends, plan.basis), len(span), look, key, threads)
    jumps = []
    with _reporter(plan, progress) as report:
        for number, (first, record, table) in enumerate(runner.batches(count)):
            gathering.add(record, records, first)
            if table is not None:
                jumps.append(keep_jumps(table, number, look.folder))
            report((first + len(record.outcomes)) / count)
    if records is not None:
        records = replace(records, jumps=tuple(jumps))
    return _result(process, evolution, plan, gathering, key, records)


def check_jumps(process: OpenSystem) -> None:
    """Raise if a master equation has no jumps with probabilities, without following any.

    Raises
    ------
    InputError, RateError
        If a bath is not of GKLS form, or has a negative rate.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, redfield_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> check_jumps(redfield_generator(np.diag([0.0, 1.0]), [bath]))
    Traceback (most recent call last):
    ...
    loschmidt.errors.InputError: Trajectories need jump operators, but bath 'cold' has none: ...
    """
    if not isinstance(process, DrivenGenerator):
        fixed_jumps(process.dissipators, process.dimension)
    elif not process.follows:
        fixed_jumps(process.dissipators or (), process.dimension)


class _Runner:
    """Follows batches of trajectories on several threads."""

    def __init__(
        self,
        plan: Plan,
        ends: Ends,
        outputs: int,
        look: JumpObservation,
        key: np.ndarray,
        threads: int | None,
    ) -> None:
        self.plan, self.ends, self.outputs, self.look, self.key = plan, ends, outputs, look, key
        self.threads = threads
        self.dimension = ends.kets.shape[-1]
        numbers = 2 * (plan.totals.count + len(plan.channels)) + 2 * self.dimension**2 * look.states
        self.blocks = max(1, min(_MOST_BLOCKS, int(_BATCH_BYTES / (8 * outputs * numbers))))

    def batches(self, count: int) -> Iterator[tuple[int, Record, np.ndarray | None]]:
        """Yield the number of the first trajectory, the record, and the single jumps, if wanted, of each batch."""
        workers = workers_for(self.threads, -(-count // BLOCK), 1e3 * count)
        with ThreadPoolExecutor(workers) as pool:
            for first in range(0, count, self.blocks * BLOCK):
                size = min(self.blocks * BLOCK, count - first)
                record = self._empty(size, states=self.look.states)
                self._run(pool, workers, record, first)
                yield first, record, self._jumps(pool, workers, record, first) if self.look.jumps else None

    def _run(self, pool: ThreadPoolExecutor, workers: int, record: Record, first: int) -> None:
        blocks = len(record.moments)
        share = -(-blocks // (4 * workers)) if workers > 1 else blocks
        parts = [(start, min(start + share, blocks)) for start in range(0, blocks, share)]
        list(pool.map(lambda part: self._follow(_part(record, *part), first + part[0] * BLOCK), parts))

    def _follow(self, record: Record, first: int) -> None:
        plan = self.plan
        if isinstance(plan.model, LevelModel):
            follow_levels(plan.model, plan.jumps, self.ends, record, self.key, first)
        else:
            follow_cells(plan.model, plan.jumps, self.ends, record, self.key, first)

    def _jumps(self, pool: ThreadPoolExecutor, workers: int, record: Record, first: int) -> np.ndarray:
        # The same random numbers again: now it is known how many jumps there are.
        offsets = np.concatenate([[0], np.cumsum(record.counts.sum(axis=1, dtype=np.int64))])
        again = self._empty(len(record.outcomes), states=False)._replace(
            offsets=offsets, times=np.zeros(offsets[-1]), slots=np.zeros(offsets[-1], dtype=np.int64)
        )
        self._run(pool, workers, again, first)
        return jump_table(first, offsets, again.times, self.plan.jumps.targets[again.slots, 0])

    def _empty(self, size: int, *, states: bool) -> Record:
        blocks, d = -(-size // BLOCK), self.dimension
        rows, channels = self.plan.totals.count, len(self.plan.channels)
        return Record(
            outcomes=np.zeros((size, 4), dtype=np.int32),
            totals=np.zeros((size, rows)),
            counts=np.zeros((size, channels), dtype=np.int32),
            moments=np.zeros((blocks, self.outputs, rows + channels, 2)),
            states=np.zeros((blocks, self.outputs if states else 0, 2, d, d)),
            offsets=np.zeros(0, dtype=np.int64),
            times=np.zeros(0),
            slots=np.zeros(0, dtype=np.int64),
        )


def _part(record: Record, start: int, stop: int) -> Record:
    """Return the trajectories of the blocks `start` to `stop`; results go to the same arrays."""
    low, high = start * BLOCK, min(stop * BLOCK, len(record.outcomes))
    kept = slice(*record.offsets[[low, high]]) if len(record.offsets) else slice(0)
    return record._replace(
        outcomes=record.outcomes[low:high],
        totals=record.totals[low:high],
        counts=record.counts[low:high],
        moments=record.moments[start:stop],
        states=record.states[start:stop],
        offsets=record.offsets[low : high + 1],
        times=record.times[kept],
        slots=record.slots[kept],
    )


def _checked(
    process: OpenSystem, state: StateLike, times: Any, count: int, rng: np.random.Generator
) -> tuple[ComplexMatrix, RealVector]:
    if not isinstance(process, (Generator, DrivenGenerator)):
        raise InputError(
            f"`process` must be a master equation, such as davies_generator() makes, but it is a "
            f"{type(process).__name__}."
        )
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
        raise InputError(f"`count` must be a positive whole number of trajectories, but it is {count!r}.")
    if not isinstance(rng, np.random.Generator):
        raise InputError(
            f"`rng` must be a numpy.random.Generator, such as numpy.random.default_rng(seed), but it is a "
            f"{type(rng).__name__}."
        )
    rho = as_density_matrix(state, "state", process.dimension)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}.")
    return rho, as_times(times)


def _measurements(process: OpenSystem, evolution: Evolution) -> tuple[Measurement, Measurement]:
    states, times = evolution.states, evolution.times
    if isinstance(process, DrivenGenerator):
        first, last = process.energy_at(times[[0, -1]])
    else:
        first = last = process.energy
    return measurement(states[0], first), measurement(states[-1], last)


@contextmanager
def _reporter(plan: Plan, progress: bool | Callable[[float], None]) -> Iterator[Callable[[float], None]]:
    if callable(progress):
        yield progress
        return
    with progress_reporter(f"following {plan.name}", enabled=progress) as report:
        yield report


def _result(
    process: OpenSystem,
    evolution: Evolution,
    plan: Plan,
    gathering: Gathering,
    key: np.ndarray,
    records: JumpRecords | None,
) -> JumpTrajectories:
    totals = plan.totals
    change, backaction = gathering.scalars["energy_change"], gathering.scalars["backaction"]
    missing = 0.0 if totals.complete else np.nan
    return JumpTrajectories(
        process=process,
        evolution=evolution,
        times=evolution.times,
        count=gathering.in_time.count,
        key=(int(key[0]), int(key[1])),
        method=plan.name,
        error=plan.error,
        channels=plan.channels,
        **_means_in_time(plan, gathering, process.bath_names),
        energy_change=float(change.mean),
        energy_change_error=float(change.error),
        backaction=float(backaction.mean) + missing,
        backaction_error=float(backaction.error) + missing,
        **_mean_states(plan, gathering),
        entropy=gathering.entropy(),
        histograms=gathering.found_histograms(),
        records=records,
    )


def _means_in_time(plan: Plan, gathering: Gathering, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what entered and what was counted until each output time, with standard errors."""
    mean, error, totals = gathering.in_time.mean, gathering.in_time.error, plan.totals
    baths, rows = len(names), totals.count
    known = np.where(totals.heat, 0.0, np.nan)
    # Particles that a jump in each channel brings from each bath.
    brought = np.array([[c.particles * (c.bath == name) for name in names] for c in plan.channels], dtype=np.float64)
    brought = brought.reshape(len(plan.channels), baths)
    return {
        "heat": mean[:, :baths] + known,
        "heat_error": error[:, :baths] + known,
        "work": None if totals.work is None else mean[:, totals.work],
        "work_error": None if totals.work is None else error[:, totals.work],
        "switching_work": None if totals.switching is None else mean[:, totals.switching],
        "switching_work_error": None if totals.switching is None else error[:, totals.switching],
        "particles": mean[:, rows:] @ brought,
        "particles_error": error[:, rows:] @ np.abs(brought),
        "jumps": mean[:, rows:],
        "jumps_error": error[:, rows:],
    }


def _mean_states(plan: Plan, gathering: Gathering) -> dict[str, Any]:
    """Return the mean states (T, d, d) in the original basis and their standard errors (T,), or None for both."""
    if gathering.states is None:
        return {"states": None, "states_error": None}
    count = gathering.in_time.count
    states = gathering.states / count
    if plan.basis is not None:
        states = plan.basis @ states @ plan.basis.conj().T
    # Each sample is a projector of norm 1, so that the variance is what the mean lacks of it.
    lacking = 1 - np.linalg.norm(states, axis=(-2, -1)) ** 2
    variance = np.where(lacking > 0, lacking, 0.0)
    return {"states": states, "states_error": np.sqrt(variance / (count - 1)) if count > 1 else variance + np.nan}
