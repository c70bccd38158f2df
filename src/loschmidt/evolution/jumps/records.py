"""The numbers of every single trajectory, in memory or written to disk while they arise."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.typing import IntegerArray, RealMatrix, RealVector

__all__ = ["JumpRecords", "open_jump_records", "records_for"]

_LARGEST_IN_MEMORY = 2e9  # bytes
_JUMP = np.dtype([("trajectory", np.int64), ("time", np.float64), ("channel", np.int32)])


@dataclass(frozen=True, eq=False)
class JumpRecords:
    """One row a trajectory.

    Attributes
    ----------
    initial, final : (n,)
        Outcome of the first and of the last measurement: eigenstate of the state, by ascending eigenvalue.
    initial_level, final_level : (n,)
        Energy state found in it.
    heat : (n, n_baths)
        Heat that entered from each bath.
    work, switching_work : (n,)
        Zero where they are not computed.
    energy_change : (n,)
        Mean energy of the last outcome less that of the first.
    entropy_production, population_production, coherence_production : (n,)
        σ, and its parts from records of energy, σ_d and ξ; NaN where jumps have no entropy.
    counts : (n, C)
        Jumps in each channel.
    jumps : tuple of arrays
        Every jump with its ``trajectory``, ``time`` and ``channel``, a batch of trajectories an array; empty unless
        they were asked for.

    Examples
    --------
    >>> from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [1.0])])
    >>> look = JumpObservation(jumps=True)
    >>> records = jump_trajectories(process, [0, 1], [0.0, 99.0], 3, np.random.default_rng(1), look).records
    >>> records.counts[:, 0].tolist(), [len(table) for table in records.jumps]
    ([1, 1, 1], [3])
    """

    initial: IntegerArray
    final: IntegerArray
    initial_level: IntegerArray
    final_level: IntegerArray
    heat: RealMatrix
    work: RealVector
    switching_work: RealVector
    energy_change: RealVector
    entropy_production: RealVector
    population_production: RealVector
    coherence_production: RealVector
    counts: IntegerArray
    jumps: tuple[np.ndarray, ...] = ()

    def __len__(self) -> int:
        """Return the number of trajectories."""
        return len(self.initial)


def records_for(count: int, baths: int, channels: int, folder: str | Path | None) -> JumpRecords:
    """Return empty records of `count` trajectories, as files in `folder` if there is one.

    Raises
    ------
    ResourceError
        If they do not fit into memory.
    InputError
        If the folder holds records already.
    """
    shapes = _shapes(count, baths, channels)
    if folder is None:
        size = sum(np.dtype(kind).itemsize * float(np.prod(shape)) for shape, kind in shapes.values())
        if size > _LARGEST_IN_MEMORY:
            raise ResourceError(
                f"The numbers of {count} trajectories take {size / 1e9:.1f} GB. Give `folder` to have them written to "
                f"disk, or leave them out with JumpObservation(records=False)."
            )
        empty: dict[str, Any] = {name: np.zeros(shape, kind) for name, (shape, kind) in shapes.items()}
        return JumpRecords(**empty)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    if found := sorted(place.glob("*.npy")):
        raise InputError(f"`folder` must hold no records yet, but {found[0]} is there. Choose another folder.")
    files: dict[str, Any] = {
        name: _new_file(place / f"{name}.npy", shape, kind) for name, (shape, kind) in shapes.items()
    }
    return JumpRecords(**files)


def open_jump_records(folder: str | Path) -> JumpRecords:
    """Return the records that were written to a folder; numbers are read from disk when they are used.

    Raises
    ------
    InputError
        If a file is missing.

    Examples
    --------
    >>> open_jump_records("nowhere")
    Traceback (most recent call last):
    ...
    loschmidt.errors.InputError: `folder` must hold the records of trajectories, but nowhere has no initial.npy.
    """
    place = Path(folder)
    found: dict[str, Any] = {}
    for name in (one.name for one in fields(JumpRecords) if one.name != "jumps"):
        path = place / f"{name}.npy"
        if not path.exists():
            raise InputError(f"`folder` must hold the records of trajectories, but {folder} has no {name}.npy.")
        found[name] = _opened(path)
    jumps = tuple(_opened(path) for path in sorted(place.glob("jumps-*.npy")))
    return JumpRecords(**found, jumps=jumps)


def jump_table(first: int, offsets: IntegerArray, times: RealVector, channels: IntegerArray) -> np.ndarray:
    """Return the jumps of a batch of trajectories as an array of `trajectory`, `time` and `channel`."""
    table = np.zeros(len(times), dtype=_JUMP)
    table["trajectory"] = np.repeat(np.arange(first, first + len(offsets) - 1), np.diff(offsets))
    table["time"], table["channel"] = times, channels
    return table


def keep_jumps(table: np.ndarray, number: int, folder: str | Path | None) -> np.ndarray:
    """Return the jumps of a batch, from a file in `folder` if there is one."""
    if folder is None:
        return table
    path = Path(folder) / f"jumps-{number:06d}.npy"
    np.save(path, table, allow_pickle=False)
    return _opened(path)


def _new_file(path: Path, shape: tuple[int, ...], kind: type[np.generic]) -> np.ndarray:
    if not np.prod(shape):  # nothing that could be mapped into memory
        np.save(path, np.zeros(shape, kind), allow_pickle=False)
        return np.zeros(shape, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=shape)


def _opened(path: Path) -> np.ndarray:
    try:
        return np.asanyarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped into memory
        return np.asanyarray(np.load(path, allow_pickle=False))


def _shapes(count: int, baths: int, channels: int) -> dict[str, tuple[tuple[int, ...], type[np.generic]]]:
    outcome: tuple[tuple[int, ...], type[np.generic]] = ((count,), np.int32)
    number: tuple[tuple[int, ...], type[np.generic]] = ((count,), np.float64)
    return {
        "initial": outcome,
        "final": outcome,
        "initial_level": outcome,
        "final_level": outcome,
        "heat": ((count, baths), np.float64),
        "work": number,
        "switching_work": number,
        "energy_change": number,
        "entropy_production": number,
        "population_production": number,
        "coherence_production": number,
        "counts": ((count, channels), np.int32),
    }
