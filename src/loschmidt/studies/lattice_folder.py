"""A lattice run on disk: one state, and a manifest that says of which model it is, how far it came and what was seen.

Files are replaced, never changed, and the manifest last: whenever a run is killed, what the manifest names is whole. A
run that finds a manifest of the same model goes on from there; one of another model is refused.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.lattice.record import LatticeRecord
from loschmidt.evolution.lattice.run import LatticeRun
from loschmidt.evolution.memory import size_text
from loschmidt.processes.lattice.protocol import Erase, ExactStep, LatticeProtocol
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock_amplitudes import FockSuperposition, LatticeState, ProductOfSpecies

__all__ = ["Manifest", "RunFolder", "fingerprint"]

_FORMAT = 1
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PATIENCE = 20  # tenths of a second
_ROWS = 1 << 22  # amplitudes that are hashed at a time


@dataclass(frozen=True, eq=False)
class Manifest:
    """How far a run came.

    Attributes
    ----------
    model : str
        Fingerprint of what is run.
    completed, stages : int
        Stages completed, of how many.
    passes : int
        Passes over the state; for a state in memory, the stages.
    state : str
        Name of the file or folder of the state; "" if there is none yet.
    error : float
        Estimated error of the state.
    records : tuple of LatticeRecord
        Everything seen so far.
    errors : tuple of float
        Error of the state at each record.
    """

    model: str
    completed: int
    stages: int
    passes: int
    state: str
    error: float
    records: tuple[LatticeRecord, ...]
    errors: tuple[float, ...]

    def text(self) -> str:
        """Return the manifest as JSON; every number is read back as the same bits."""
        listed = {one.name: getattr(self, one.name) for one in fields(self)}
        listed["records"] = [
            {"label": one.label, "completed": one.completed, "numbers": {k: _plain(v) for k, v in one.numbers.items()}}
            for one in self.records
        ]
        return json.dumps({"format": _FORMAT, **listed}, indent=1)

    @classmethod
    def from_text(cls, text: str) -> Manifest:
        """Return the manifest that a JSON text holds."""
        found = json.loads(text)
        if found.pop("format") != _FORMAT:
            raise ValueError("it is of another version")
        records = [
            LatticeRecord(one["label"], one["completed"], {k: _array(v) for k, v in one["numbers"].items()})
            for one in found.pop("records")
        ]
        return cls(records=tuple(records), errors=tuple(found.pop("errors")), **found)


def _plain(value: Any) -> dict[str, Any]:
    array = np.asarray(value)
    flat = array.reshape(-1).view(np.float64)
    return {"type": str(array.dtype), "shape": list(array.shape), "values": flat.tolist()}


def _array(stored: Mapping[str, Any]) -> Any:
    if stored["type"] not in {"float64", "complex128"}:
        raise ValueError(f"its type is {stored['type']}")
    return np.array(stored["values"], dtype=np.float64).view(stored["type"]).reshape(stored["shape"])


@dataclass
class RunFolder:
    """The folder of one run; nothing else may use it at the same time.

    Parameters
    ----------
    path : Path
        Where; made if it does not exist.
    model : str
        Fingerprint of what is run.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as name, RunFolder(Path(name, "run"), "a").opened() as folder:
    ...     folder.manifest is None
    True
    """

    path: Path
    model: str
    manifest: Manifest | None = field(default=None, init=False)

    @contextmanager
    def opened(self) -> Iterator[RunFolder]:
        """Make the folder, keep others out of it, and read how far the run came.

        Raises
        ------
        InputError
            If it cannot be written, is in use, or belongs to another model.
        KeyboardInterrupt
            As it came, with what is kept.
        """
        with self.explained():
            self.path.mkdir(parents=True, exist_ok=True)
            lock = (self.path / "lock").open("a")
        with lock:
            _lock(lock, self.path)
            self.manifest = self._read()
            self.keep_only("" if self.manifest is None else self.manifest.state)
            try:
                yield self
            except KeyboardInterrupt:
                if self.manifest is None:
                    raise
                done = f"{self.manifest.completed} of {self.manifest.stages} stages are kept in {str(self.path)!r}"
                raise KeyboardInterrupt(f"{done}; run it again, and it goes on from there.") from None
            finally:
                if self.manifest is None:
                    self._vanish()

    @property
    def resumption(self) -> str:
        """Where a run goes on, in words."""
        if self.manifest is None:
            return "begins"
        return f"went on after stage {self.manifest.completed} of {self.manifest.stages}, kept in {str(self.path)!r}"

    def write(self, manifest: Manifest) -> None:
        """Replace the manifest, and remove the states that it does not name."""
        with self.explained():
            fresh = self.path / "manifest.part"
            with fresh.open("w", encoding="utf-8") as stream:
                stream.write(manifest.text())
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self.path / "manifest.json")
            self.manifest = manifest
            self.keep_only(manifest.state)

    def keep_only(self, name: str) -> None:
        """Remove every state but one."""
        with self.explained():
            for other in self.path.glob("state-*"):
                if other.name != name:
                    _remove(other)

    def require(self, needed: float) -> None:
        """Refuse a run whose files would not fit.

        Raises
        ------
        ResourceError
            With the number and the remedy.
        """
        free = shutil.disk_usage(self.path).free
        if needed > free:
            raise ResourceError(
                f"the states need {size_text(needed)} on the disk of {str(self.path)!r}, but {size_text(free)} are "
                f'free. Name another `folder` in [storage], make room, or take precision = "single" (half of it).'
            )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn errors of the disk into one clear line."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or str(error)
            if error.errno in _FULL:
                done = self.manifest.completed if self.manifest else 0
                raise ResourceError(
                    f"the disk of {str(self.path)!r} is full ({reason}). What was computed up to stage {done} is kept: "
                    f"make room and run it again, and it goes on from there."
                ) from None
            raise InputError(f"`folder` {str(self.path)!r} cannot be used: {reason}. Name another one.") from None

    def _vanish(self) -> None:
        """Remove a folder in which nothing was completed."""
        with suppress(OSError, ResourceError, InputError):
            self.keep_only("")
            (self.path / "lock").unlink()
            self.path.rmdir()

    def _read(self) -> Manifest | None:
        file = self.path / "manifest.json"
        if not file.exists():
            return None
        try:
            found = Manifest.from_text(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{str(file)!r} must be the manifest of a lattice run, but {error}.") from None
        if found.model != self.model:
            raise InputError(
                f"{str(self.path)!r} holds {found.completed} of {found.stages} stages of another model. Name another "
                f"folder, or delete this one if it is not needed."
            )
        if found.state and not (self.path / found.state).exists():
            raise InputError(f"{str(self.path)!r} lacks its state {found.state!r}. Delete the folder to begin anew.")
        return found


def _remove(path: Path) -> None:
    """Remove a file or a folder, to which threads of a run that just failed may still be writing."""
    if not path.is_dir():
        path.unlink()
        return
    for _ in range(_PATIENCE):
        with suppress(OSError):
            shutil.rmtree(path)
            return
        time.sleep(0.1)
    shutil.rmtree(path)


def _lock(stream: Any, path: Path) -> None:
    """Keep other processes out until `stream` closes, which the system does for a process that is killed."""
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"{str(path)!r} is in use by another run. Wait for it, or name another folder.") from None
        except OSError:
            pass  # a file system without locks


def fingerprint(protocol: LatticeProtocol, initial: LatticeState, run: LatticeRun) -> str:
    """Return a text that is the same for two runs only if they do the same to the same state and look at the same.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(2), (1, 1))
    >>> start, protocols = domain_wall(system), [two_step_echo(system, None, (1, t)) for t in (1, 2)]
    >>> len({fingerprint(one, start, LatticeRun()) for one in protocols})
    2
    """
    return _digest(_parts(protocol, initial, run))


def _digest(parts: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).reshape(-1).view(np.uint8).data)
        else:
            digest.update(f"{part!r};".encode())
    return digest.hexdigest()


def _parts(protocol: LatticeProtocol, initial: LatticeState, run: LatticeRun) -> Iterable[Any]:
    yield protocol.labels, protocol.initial_label, protocol.echo_species
    yield run.method, run.precision, run.observe.resolved(protocol.system)
    known: dict[int, str] = {}  # operators and systems come again and again

    def told(one: Any, parts: Iterable[Any]) -> str:
        if id(one) not in known:
            known[id(one)] = _digest(parts)
        return known[id(one)]

    yield told(protocol.system, _parts_of_system(protocol.system))
    for stage in protocol.stages:
        if isinstance(stage, Erase):
            yield "erase", told(stage.phases, stage.phases.terms)
            continue
        system = protocol.system if stage.system is None else stage.system
        how = (stage.species, float(stage.weight)) if isinstance(stage, ExactStep) else ()
        yield type(stage).__name__, how, float(stage.time), told(system, _parts_of_system(system))
    yield from _parts_of_state(initial)


def _parts_of_system(system: LatticeSystem) -> Iterable[Any]:
    lattice = system.lattice
    yield lattice.sites, system.species, system.particles, system.hopping, system.statistics
    yield from (lattice.edges, lattice.weights, system.interaction, system.potentials)


def _parts_of_state(initial: LatticeState) -> Iterable[Any]:
    yield initial.shape
    if isinstance(initial, FockSuperposition):
        yield from (initial.places, initial.amplitudes)
    elif isinstance(initial, ProductOfSpecies):
        yield from initial.factors
    else:
        rows = 1 + _ROWS * initial.shape[0] // int(np.prod(initial.shape))
        for start in range(0, initial.shape[0], rows):
            stop = start + rows
            yield initial.rows(start, stop if stop < initial.shape[0] else initial.shape[0])
