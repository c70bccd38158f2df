"""Lattice protocols of exact steps on blocks of a state that need not fit into memory.

A step of one species is a map over slabs that hold whole columns of its axis; the next one, of another species, is a
map over slabs along the other axis, and between them lies a transposition, through the disk or between the workers of a
cluster. Blocks begin at multiples of 16 where they can, so that the kernels see the same groups of columns, and give
the same bits, as in memory. Workers compute angles anew from the Hamiltonian instead of receiving them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.lattice.evolution import LatticeEvolution
from loschmidt.evolution.lattice.exact_steps import commuting_steps, step_error
from loschmidt.evolution.lattice.kicks import phase_error
from loschmidt.evolution.lattice.observer import echo_reference
from loschmidt.evolution.lattice.record import LatticeRecord
from loschmidt.evolution.lattice.run import Checkpoint, LatticeRun, lattice_evolution
from loschmidt.evolution.memory import size_text
from loschmidt.evolution.progress import progress_reporter
from loschmidt.processes.lattice.protocol import Erase, ExactStep, LatticeProtocol
from loschmidt.states.fock_amplitudes import LatticeState
from loschmidt.studies.lattice_folder import Manifest, RunFolder, fingerprint
from loschmidt.studies.lattice_plan import BlockLayout, Pass, block_layout, passes_of
from loschmidt.studies.lattice_slabs import SlabJob, together, with_energies
from loschmidt.studies.lattice_stores import InCluster, OnDisk, Store, connected
from loschmidt.typing import ComplexTensor

__all__ = ["evolve_in_blocks"]

_DTYPES: dict[str, np.dtype[Any]] = {"double": np.dtype(np.complex128), "single": np.dtype(np.complex64)}
_DAMAGE = {"double": 1e-9, "single": 1e-3}  # of the norm, which no pass changes
_REPLICAS = 3  # a state, the next one, and what is on the way between workers
_SHARE = 0.4  # of the memory of a worker, which spills beyond


def evolve_in_blocks(
    protocol: LatticeProtocol,
    initial: LatticeState,
    run: LatticeRun | None = None,
    *,
    folder: Path | str | None = None,
    scheduler: Any = None,
    workers: int | None = None,
    block_bytes: float | None = None,
    say: Callable[[str], None] | None = None,
    progress: bool = False,
) -> LatticeEvolution:
    """Run a protocol of exact steps and erasure on a state that need not fit into memory.

    Parameters
    ----------
    protocol, initial : LatticeProtocol, LatticeState
        As for :func:`~loschmidt.evolution.lattice.evolve_lattice`.
    run : LatticeRun, optional
        Precision, observables, and how much memory all slabs may take together; half of what is free by default.
        Kinetic energies and currents are left out unless `correlations` asks for them, because they need the state once
        more along every axis; entanglement needs all of it in memory.
    folder : path, optional
        Where the state is kept on disk, twice while a pass runs. A run that was killed goes on from its last completed
        pass. Without it the state stays in the memory of the workers of a cluster.
    scheduler : str or distributed.Client, optional
        Address of a Dask scheduler; threads of this process by default. Its workers must see `folder`.
    workers : int, optional
        Threads of this process; as many as there are cores by default.
    block_bytes : float, optional
        Largest slab, if a smaller one is wanted than fits.
    say : callable, optional
        Called with one sentence if the run goes on from an earlier one.
    progress : bool
        Show progress on anything longer than two seconds.

    Returns
    -------
    LatticeEvolution
        Its state is a Zarr array on disk; on a cluster, a Dask array if `scheduler` is a client and else empty.

    Raises
    ------
    InputError
        If species that act on each other move together, if entanglement is asked for, or if the folder cannot be
        written, is in use, damaged or of another model.
    ResourceError
        If memory or disk do not suffice, with the numbers and the remedy.

    Examples
    --------
    >>> import tempfile
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(6), (3, 3), interaction=1.0)
    >>> with tempfile.TemporaryDirectory() as name:
    ...     there_and_back = evolve_in_blocks(two_step_echo(system), domain_wall(system), folder=name)
    >>> round(float(there_and_back.echo_fidelity[-1]), 9)
    1.0
    """
    chosen = _without_entanglement(LatticeRun() if run is None else run)
    task = _Task(protocol, initial, chosen, passes_of(protocol, bool(chosen.observe.correlations)))
    with ExitStack() as stack:
        client = None if scheduler is None else stack.enter_context(connected(scheduler))
        if folder is None and client is None:
            raise InputError("`folder` must be given, or a `scheduler` whose workers hold the state in their memory.")
        layout = _layout(task, client, folder is None, workers, block_bytes)
        report = stack.enter_context(progress_reporter("lattice", enabled=progress))
        if folder is None:
            last = task.run_all(InCluster(client, layout), None, report)
            last = last if client is scheduler else replace(last, state=np.empty((0,) * len(layout.dims), task.dtype))
        else:
            place = RunFolder(Path(folder), fingerprint(protocol, initial, chosen))
            stack.enter_context(place.opened())
            _tell(place, say)
            done = 0 if place.manifest is None else place.manifest.passes
            place.require(0 if done == len(task.passes) else (1 if done else 2) * layout.state)
            last = task.run_all(OnDisk(place, client, layout, task.dtype), place.manifest, report)
    return lattice_evolution(protocol, initial, chosen, last, {})


@dataclass(frozen=True, eq=False)
class _Task:
    """A run, divided into passes."""

    protocol: LatticeProtocol
    initial: LatticeState
    run: LatticeRun
    passes: tuple[Pass, ...]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the amplitudes."""
        return _DTYPES[self.run.precision]

    def run_all(self, store: Store, known: Manifest | None, report: Callable[[float], None]) -> Checkpoint:
        """Run every pass that is not complete yet."""
        stages, count, errors = len(self.protocol.stages), len(self.passes), self._errors()
        numbers = {} if known is None else {at: dict(one.numbers) for at, one in enumerate(known.records)}
        for number in range(0 if known is None else known.passes, count):
            read, job = store.source is not None, self._job(self.passes[number], store.layout)
            done = store.work(job, number, _share_of(report, number, count))
            if read:
                self._check(math.fsum(one.norm for one in done), float(numbers[0]["norm"]))
            for record, found in together(job, [one.seen for one in done]).items():
                numbers.setdefault(record, {}).update(found)
            records, completed = self._records(numbers), job.work.completed
            at_records = tuple(errors[one.completed] for one in records)
            store.keep(Manifest("", completed, stages, number + 1, "", errors[completed], records, at_records))
        records = self._records(self._finished(numbers))
        return Checkpoint(stages, store.source, errors[-1], records, tuple(errors[one.completed] for one in records))

    def _job(self, work: Pass, layout: BlockLayout) -> SlabJob:
        kept, dims = self.protocol.echo_species, self.protocol.system.dims
        reference: ComplexTensor | None = None
        if len(kept) < len(dims):
            reference = echo_reference(self.initial, kept).reshape([dims[s] for s in kept])
        slabs = layout.slabs(work.axis)
        return SlabJob(self.protocol.system, work, self.initial, reference, kept, slabs, self.dtype)

    def _records(self, numbers: dict[int, dict[str, Any]]) -> tuple[LatticeRecord, ...]:
        labels, ends = self.protocol.record_labels, (0, *self.protocol.recorded)
        return tuple(LatticeRecord(labels[at], ends[at], numbers[at]) for at in sorted(numbers))

    def _finished(self, numbers: dict[int, dict[str, Any]]) -> dict[int, dict[str, Any]]:
        if not self.run.observe.correlations:
            return numbers
        system, cut = self.protocol.system, self.run.observe.cut
        cut = system.lattice.sites // 2 if cut is None else cut
        return {at: with_energies(system, cut, found) for at, found in numbers.items()}

    def _check(self, norm: float, expected: float) -> None:
        """Refuse a state that does not have the norm any more that it was written with; what is missing is NaN."""
        if not abs(norm - expected) <= _DAMAGE[self.run.precision]:
            raise InputError(
                f"the state that was kept must have norm {expected:.12g}, but it has {norm:.12g}: its files are "
                f"damaged or missing. Delete the folder to begin anew."
            )

    def _errors(self) -> list[float]:
        """Return the estimated error of the state at the start and after each stage."""
        found = [float(np.finfo(self.dtype).eps)]
        for stage in self.protocol.stages:
            if isinstance(stage, Erase):
                own = phase_error(stage.phases, self.dtype)
            else:
                acting = self.protocol.system if stage.system is None else stage.system
                steps = (stage,) if isinstance(stage, ExactStep) else commuting_steps(acting, stage.time) or ()
                own = sum(step_error(step.system or acting, step, self.dtype) for step in steps if step.time)
            found.append(found[-1] + own)
        return found


# ── before the run ───────────────────────────────────────────────────────────────────────────────────────────────────


def _without_entanglement(run: LatticeRun) -> LatticeRun:
    names = ("species_entanglement", "half_chain_entanglement", "purity")
    wanted = [name for name in names if getattr(run.observe, name)]
    if wanted:
        raise InputError(
            f"`{wanted[0]}` needs the whole state in memory, but the state is kept in blocks. Leave it out, or keep "
            f"the state in memory."
        )
    observe = replace(run.observe, correlations=bool(run.observe.correlations), **dict.fromkeys(names, False))
    return replace(run, observe=observe)


def _share_of(report: Callable[[float], None], number: int, count: int) -> Callable[[float], None]:
    return lambda part: report((number + part) / count)


def _tell(folder: RunFolder, say: Callable[[str], None] | None) -> None:
    if folder.manifest is not None and say is not None:
        say(folder.resumption)


def _layout(task: _Task, client: Any, in_cluster: bool, workers: int | None, block_bytes: float | None) -> BlockLayout:
    system, item, limit = task.protocol.system, task.dtype.itemsize, task.run.memory_limit
    if client is None:
        return block_layout(system, item, memory_limit=limit, workers=workers, block_bytes=block_bytes)
    known = [one for one in client.scheduler_info(n_workers=-1)["workers"].values() if one["nthreads"]]
    if not known:
        raise ResourceError("the scheduler must have workers, but it has none. Start some with `dask worker ADDRESS`.")
    memory = [one["memory_limit"] or math.inf for one in known]  # 0 is no limit
    needed = float(item) * system.dimension * _REPLICAS
    if in_cluster and needed > sum(memory):
        raise ResourceError(
            f"the workers need {size_text(needed)} of memory for {_REPLICAS} states, but they have "
            f"{size_text(sum(memory))}. Add workers, or name a `folder` that all of them see."
        )
    threads = sum(one["nthreads"] for one in known)
    least = min(own / one["nthreads"] for one, own in zip(known, memory, strict=True))
    share = _SHARE * threads * least if limit is None else limit
    return block_layout(system, item, memory_limit=share, workers=threads, block_bytes=block_bytes)
