"""Where the states of a run on blocks are between passes, on disk or with the workers of a cluster.

A pass is a map over slabs on Dask arrays. On disk, chunks of Zarr arrays divide every axis, are not compressed
(mantissas are random) and are written whole; a slab is read, worked on and written in one task, so that no more slabs
are in memory than there are workers. In a cluster, a rechunk between two passes transposes the state.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import dask
import dask.array as da
import numpy as np
import zarr
from dask.callbacks import Callback

from loschmidt.errors import InputError
from loschmidt.studies.lattice_folder import Manifest, RunFolder
from loschmidt.studies.lattice_plan import BlockLayout
from loschmidt.studies.lattice_slabs import Seen, SlabJob, slab_norm, work_on_slab
from loschmidt.typing import ComplexTensor

__all__ = ["Done", "InCluster", "OnDisk", "Store", "connected"]

_PATIENCE = 20  # seconds

Report = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Done:
    """What came of one slab: its norm before, what was seen, and itself where it is not written anywhere."""

    norm: float
    seen: tuple[Seen, ...]
    state: ComplexTensor | None


class Store(Protocol):
    """Where states are between passes, and who works on slabs."""

    @property
    def layout(self) -> BlockLayout:
        """Blocks of the states."""

    @property
    def source(self) -> Any:
        """The state before the next pass; None if that is the initial one."""

    def work(self, job: SlabJob, number: int, report: Report) -> list[Done]:
        """Do a pass, and return what came of each slab, the last number running fastest."""

    def keep(self, manifest: Manifest) -> None:
        """Note that a pass is complete."""


class OnDisk:
    """One Zarr array after the other in a folder, in which a run that was killed goes on."""

    def __init__(self, folder: RunFolder, client: Any, layout: BlockLayout, dtype: np.dtype[Any]) -> None:
        self.folder, self.client, self.dtype = folder, client, dtype
        self.name = "" if folder.manifest is None else folder.manifest.state
        self.layout = layout if self.source is None else layout.with_chunks(self.source.chunks)

    @property
    def source(self) -> Any:
        """The last complete state."""
        return zarr.open_array(self.folder.path / self.name, mode="r") if self.name else None

    def work(self, job: SlabJob, number: int, report: Report) -> list[Done]:
        """Do a pass from the last state to the next."""
        source, target = self.source, None
        with self.folder.explained():
            if job.work.changes or source is None:
                self.name = f"state-{number + 1}.zarr"
                target = zarr.create_array(
                    store=self.folder.path / self.name,
                    shape=self.layout.dims,
                    chunks=self.layout.chunks,
                    dtype=self.dtype,
                    compressors=None,
                    fill_value=complex(math.nan, math.nan),  # a chunk that is missing spoils the norm
                    overwrite=True,
                )
            return _computed(_mapped(source, _SlabTask(job, target, False)), self.client, self.layout.workers, report)

    def keep(self, manifest: Manifest) -> None:
        """Note that a pass is complete, and remove the state before it."""
        self.folder.write(replace(manifest, model=self.folder.model, state=self.name))


class InCluster:
    """A Dask array whose slabs stay with the workers."""

    def __init__(self, client: Any, layout: BlockLayout) -> None:
        self.client, self.layout = client, layout
        self.source: Any = None

    def work(self, job: SlabJob, number: int, report: Report) -> list[Done]:
        """Do a pass; the state before it is dropped."""
        boxes = _mapped(self.source, _SlabTask(job, None, True))
        kind = np.empty((0,) * boxes.ndim)
        moved = boxes.map_blocks(_state_of, chunks=job.chunks, dtype=job.dtype, meta=kind.astype(job.dtype))
        told = boxes.map_blocks(_without_state, dtype=object, meta=kind.astype(object))
        moved, told = self.client.persist([moved, told])
        found = _computed(told, self.client, self.layout.workers, report)
        self.source = moved
        return found

    def keep(self, manifest: Manifest) -> None:
        """Keep nothing: what the workers hold is lost with them."""


@contextmanager
def connected(scheduler: Any) -> Iterator[Any]:
    """Yield a client of a Dask scheduler, given by its address or as a client.

    Raises
    ------
    InputError
        If nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError("`scheduler` needs a package: pip install 'loschmidt[cluster]'.") from None
    if isinstance(scheduler, Client):
        yield scheduler
        return
    try:
        client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"`scheduler` must be the address of a Dask scheduler, but at {scheduler!r} {error}."
        ) from None
    with client:
        yield client


# ── slabs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class _SlabTask:
    """What a worker does to each slab: it writes it to the target, if there is one, or returns it."""

    job: SlabJob
    target: Any
    returns: bool


def _mapped(source: Any, task: _SlabTask) -> Any:
    """Return the Dask array of what comes of each slab, one box for each."""
    job, shared, kind = task.job, dask.delayed(task, traverse=False), np.empty((0,) * len(task.job.chunks))
    if source is None:
        slabs = da.map_blocks(_begin, chunks=job.chunks, dtype=job.dtype, meta=kind.astype(job.dtype), task=shared)
    elif isinstance(source, da.Array):
        slabs = source.rechunk(job.chunks)
    else:
        slabs = da.from_zarr(source, chunks=job.chunks)
    ones = tuple((1,) * len(lengths) for lengths in job.chunks)
    return slabs.map_blocks(_work, chunks=ones, dtype=object, meta=kind.astype(object), task=shared)


def _begin(task: _SlabTask, block_id: tuple[int, ...]) -> ComplexTensor:
    return task.job.beginning(block_id)


def _work(slab: ComplexTensor, task: _SlabTask, block_id: tuple[int, ...]) -> Any:
    # A slab from disk is this task's own; one of a cluster may be needed again.
    own = slab.flags.writeable and slab.flags.c_contiguous and not task.returns
    state = slab if own else np.array(slab, order="C")
    places = task.job.places(block_id)
    norm = slab_norm(state)
    seen = work_on_slab(state, task.job, places)
    if task.target is not None:
        task.target[places] = state
    return _boxed(Done(norm, seen, state if task.returns else None), state.ndim)


def _boxed(value: Any, ndim: int) -> Any:
    box = np.empty((1,) * ndim, dtype=object)
    box[(0,) * ndim] = value
    return box


def _state_of(box: Any) -> ComplexTensor:
    return np.asarray(box.item().state)


def _without_state(box: Any) -> Any:
    return _boxed(replace(box.item(), state=None), box.ndim)


class _Counter(Callback):  # type: ignore[misc]
    """Reports how many blocks of one array are done."""

    def __init__(self, name: str, total: int, report: Report) -> None:
        super().__init__(posttask=self._count)
        self.name, self.total, self.report, self.done = name, total, report, 0

    def _count(self, key: Any, *_: Any) -> None:
        if isinstance(key, tuple) and key[0] == self.name:
            self.done += 1
            self.report(self.done / self.total)


def _computed(boxes: Any, client: Any, workers: int, report: Report) -> list[Done]:
    delayed = boxes.to_delayed().ravel().tolist()
    if client is None:
        with _Counter(boxes.name, len(delayed), report):
            return [box.item() for box in dask.compute(*delayed, scheduler="threads", num_workers=workers)]
    from distributed import as_completed

    futures = client.compute(delayed)
    found = {}
    for future, box in as_completed(futures, loop=client.loop, with_results=True, raise_errors=True):
        found[future.key] = box.item()
        report(len(found) / len(futures))
    return [found[future.key] for future in futures]
