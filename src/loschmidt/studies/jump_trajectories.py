"""The table [trajectories] of a master equation: follow quantum jumps, and add what they say to the ledger."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.jumps import JumpObservation, JumpTrajectories, check_jumps, jump_trajectories
from loschmidt.studies.build import Prepared
from loschmidt.studies.jump_spec import JumpTrajectoriesSpec
from loschmidt.studies.origin import Origin

__all__ = ["check_trajectories", "follow_as_asked"]


def check_trajectories(given: JumpTrajectoriesSpec, prepared: Prepared, origin: Origin) -> None:
    """Raise the faults of the table before any work is done: a process without jumps, or no place for records.

    Raises
    ------
    ModelFileError
        With each of them.
    """
    problems = []
    try:
        check_jumps(prepared.process)
    except InputError as error:
        problems.append(origin.problem(("trajectories",), str(error)))
    if given.jumps and given.folder is None:
        problems.append(origin.problem(("trajectories", "jumps"), "needs a `folder` where the jumps are kept."))
    if given.folder is not None and (place := origin.folder / given.folder).exists():
        reason = f"must not exist yet, but {str(place)!r} does. Remove it, or name another folder."
        problems.append(origin.problem(("trajectories", "folder"), reason))
    if problems:
        raise origin.error(problems)


def follow_as_asked(
    given: JumpTrajectoriesSpec, prepared: Prepared, origin: Origin, *, progress: bool
) -> JumpTrajectories:
    """Return the trajectories that a table asks for.

    Raises
    ------
    ModelFileError
        If tables or records do not fit into memory or on disk.
    """
    place = None if given.folder is None else origin.folder / given.folder
    unfinished = None if place is None else place.with_name(f"{place.name}.unfinished")
    if unfinished is not None:
        _forget(unfinished)
    look = JumpObservation(
        exchange=given.exchange,
        states=given.states,
        records=place is not None,
        jumps=given.jumps,
        folder=unfinished,
    )
    rng = np.random.default_rng(given.seed)
    try:
        ensemble = jump_trajectories(
            prepared.process, prepared.state, prepared.times, given.samples, rng, look, progress=progress
        )
        if place is not None and unfinished is not None:
            unfinished.rename(place)
    except KeyboardInterrupt:
        if unfinished is None or not unfinished.exists():
            raise
        kept = f"records of some trajectories are in {str(unfinished)!r}; the next run begins anew and replaces them."
        raise KeyboardInterrupt(kept) from None
    except (InputError, ResourceError) as error:
        raise origin.error([origin.problem(("trajectories",), str(error))]) from None
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}."
        raise origin.error([origin.problem(("trajectories", "folder"), reason)]) from None
    return ensemble


def _forget(unfinished: Path) -> None:
    """Remove what an interrupted run left; records of it may be partly empty."""
    if unfinished.is_dir() and all(path.suffix == ".npy" for path in unfinished.iterdir()):
        shutil.rmtree(unfinished)
