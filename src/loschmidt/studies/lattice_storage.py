"""Run a lattice protocol with its state where the file says: in memory, with checkpoints, on disk or in a cluster."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.lattice import Checkpoint, LatticeEvolution, LatticeRun, evolve_lattice
from loschmidt.processes.lattice.protocol import LatticeProtocol
from loschmidt.states.fock_amplitudes import LatticeState
from loschmidt.studies.faults import Faults
from loschmidt.studies.lattice_folder import Manifest, RunFolder, fingerprint
from loschmidt.studies.lattice_spec import LatticeSpec, StorageSpec

__all__ = ["Storage", "check_storage", "evolve_with_checkpoints"]

_ITEM = {"double": 16, "single": 8}


def check_storage(spec: LatticeSpec, faults: Faults) -> None:
    """Note what the table [storage] lacks or contradicts."""
    given = spec.storage
    kept = given.state == "disk" or given.checkpoint
    if given.state == "cluster" and given.scheduler is None:
        faults.add(("storage", "scheduler"), 'must be given for state = "cluster".')
    for key in ("scheduler", "workers"):
        if given.state == "memory" and getattr(given, key) is not None:
            faults.add(("storage", key), 'has no meaning for a state in memory; set state = "disk" or "cluster".')
    if given.state != "memory" and given.checkpoint:
        said = "keeps every state anyway" if given.state == "disk" else "cannot be written from the workers"
        faults.add(("storage", "checkpoint"), f'has no meaning for state = "{given.state}", which {said}.')
    if kept and given.folder is None and spec.work_folder is None:
        faults.add(("storage", "folder"), "must be given where no folder for results is named.")


@dataclass(frozen=True, eq=False)
class Storage:
    """Where the states of one run are kept.

    Attributes
    ----------
    given : StorageSpec
        The table.
    folder : Path or None
        For what is on disk.
    named : bool
        Whether the file names the folder; what is in it then stays there.
    remarks : list of str
        What a reader of the results should know.
    """

    given: StorageSpec
    folder: Path | None
    named: bool
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, spec: LatticeSpec) -> Storage:
        """Return the storage of a model."""
        named = spec.storage.folder
        folder = spec.work_folder if named is None else spec.origin.folder / named
        return cls(spec.storage, folder, named is not None)

    def beside(self, name: str) -> Storage:
        """Return the storage of a second run that belongs to this one."""
        return replace(self, folder=None if self.folder is None else self.folder / name, named=False)

    def evolve(
        self, protocol: LatticeProtocol, initial: LatticeState, run: LatticeRun, *, progress: bool
    ) -> LatticeEvolution:
        """Run a protocol, from where an earlier run of the same was killed if there is one."""

        def say(sentence: str) -> None:
            self.remarks.append(sentence)
            if progress:
                sys.stderr.write(f"{sentence}\n")

        if self.given.state == "memory":
            if not self.given.checkpoint or self.folder is None:
                return evolve_lattice(protocol, initial, run, progress=progress)
            return evolve_with_checkpoints(protocol, initial, run, self.folder, say=say, progress=progress)
        try:
            from loschmidt.studies.lattice_blocks import evolve_in_blocks
        except ImportError as error:
            raise InputError(
                f'state = "{self.given.state}" needs the package {error.name}: pip install "loschmidt[out-of-core]".'
            ) from None
        evolution = evolve_in_blocks(
            protocol,
            initial,
            run,
            folder=self.folder if self.given.state == "disk" else None,
            scheduler=self.given.scheduler,
            workers=self.given.workers,
            say=say,
            progress=progress,
        )
        if self.given.state == "disk" and self.named:
            self.remarks.append(f"the final state is kept in {str(self.folder)!r}")
        return evolution


def evolve_with_checkpoints(
    protocol: LatticeProtocol,
    initial: LatticeState,
    run: LatticeRun,
    folder: Path,
    *,
    say: Callable[[str], None] | None = None,
    progress: bool = False,
) -> LatticeEvolution:
    """Run a protocol in memory and write the state to disk after each stage; go on from the last one that is there.

    Parameters
    ----------
    protocol, initial, run
        As for :func:`~loschmidt.evolution.lattice.evolve_lattice`.
    folder : Path
        For the state, twice while it is written.
    say : callable, optional
        Called with one sentence if the run goes on from an earlier one.
    progress : bool
        Show progress on anything longer than two seconds.

    Raises
    ------
    InputError
        If the folder cannot be written, is in use, or belongs to another model.
    ResourceError
        If memory or disk do not suffice, with the numbers and the remedy.

    Examples
    --------
    >>> import tempfile
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> protocol, start, said = two_step_echo(system), domain_wall(system), []
    >>> with tempfile.TemporaryDirectory() as name:
    ...     for _ in range(2):
    ...         there_and_back = evolve_with_checkpoints(protocol, start, LatticeRun(), Path(name), say=said.append)
    >>> [sentence.partition(",")[0] for sentence in said]
    ['went on after stage 5 of 5']
    """
    with RunFolder(folder, fingerprint(protocol, initial, run)).opened() as place:
        resume = None
        if place.manifest is not None:
            resume = _checkpoint(place, place.manifest)
            if say is not None:
                say(place.resumption)
        size = float(_ITEM[run.precision]) * protocol.system.dimension
        place.require((2 if resume is None else 1) * size)
        stages = len(protocol.stages)

        def store(point: Checkpoint) -> None:
            name = f"state-{point.completed}.npy"
            with place.explained():
                _save(place.path / name, point)
            place.write(
                Manifest(
                    model=place.model,
                    completed=point.completed,
                    stages=stages,
                    passes=point.completed,
                    state=name,
                    error=point.error,
                    records=point.records,
                    errors=point.errors,
                )
            )

        return evolve_lattice(protocol, initial, run, resume=resume, on_stage=store, progress=progress)


def _checkpoint(place: RunFolder, known: Manifest) -> Checkpoint:
    file = place.path / known.state
    try:
        state = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(f"{str(file)!r} cannot be read: {error}. Delete its folder to begin anew.") from None
    return Checkpoint(known.completed, state, known.error, known.records, known.errors)


def _save(path: Path, point: Checkpoint) -> None:
    fresh = path.with_name(f"{path.name}.part")
    with fresh.open("wb") as stream:
        np.save(stream, point.state, allow_pickle=False)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
