"""How a run on blocks is divided: passes, between which the state is transposed, and blocks, a slab of which fits.

All that can be done to a slab, a block with whole columns along one axis, before another species moves is one pass: the
state is read once, moved, turned, looked at, and written once.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.lattice.exact_steps import commuting_steps, rotation_bytes
from loschmidt.evolution.memory import available_memory, size_text
from loschmidt.processes.lattice.phases import PhaseOperator
from loschmidt.processes.lattice.protocol import Erase, ExactStep, LatticeProtocol
from loschmidt.processes.lattice.system import LatticeSystem

__all__ = ["BlockLayout", "Look", "Pass", "Turn", "block_layout", "cores", "passes_of"]

_LANES = 16  # columns that the kernels take at once
_STRIPS, _LARGEST_STRIP = 4, 8_000_000  # groups of columns in scratch, bytes
_PIECES = 1e6  # bytes of the probabilities that are held at a time
_SHARE = 0.5  # of what is free, by default
_OVERHEAD = 300e6  # the interpreter, compiled code, tables of the bases
_SLABS = 4  # for each worker at least, so that all have work
_SMALLEST = 1 << 20  # bytes of a slab below which dividing it costs more than it gives


# ── passes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Turn:
    """Multiply by phases."""

    phases: PhaseOperator


@dataclass(frozen=True)
class Look:
    """See the state of a record: its probabilities, its correlations along the axis of the pass, or both."""

    record: int
    probabilities: bool = True
    bonds: bool = False


Action: TypeAlias = ExactStep | Turn | Look


@dataclass(frozen=True, eq=False)
class Pass:
    """What is done to each slab along one axis, in order; `completed` stages are complete when it ends."""

    axis: int
    actions: tuple[Action, ...]
    completed: int

    @property
    def changes(self) -> bool:
        """Whether the state after it is another one."""
        return any(not isinstance(action, Look) for action in self.actions)


def passes_of(protocol: LatticeProtocol, correlations: bool = False) -> tuple[Pass, ...]:
    """Return the fewest passes that make a protocol: another one begins only where another species moves.

    With `correlations`, every species is looked at along its own axis at every record, which costs more passes.

    Raises
    ------
    InputError
        If a stage moves species together that act on each other.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> [(one.axis, one.completed) for one in passes_of(two_step_echo(system))]
    [(0, 1), (1, 4), (0, 5)]
    """
    listed = list(_actions(protocol))
    axes = {s for s in range(len(protocol.system.dims)) if correlations and protocol.system.moves(s)}
    passes: list[Pass] = []
    axis, actions, completed = _next_axis(listed, 0), list[Action](), 0
    unseen: set[int] = set()  # axes along which the state, as it is, has still to be looked at
    record = -1
    for number, (action, stage) in enumerate(listed):
        moved = action.species if isinstance(action, ExactStep) else axis
        if unseen or moved != axis:
            passes.append(Pass(axis, tuple(actions), completed))
            axis = _next_axis(listed, number)
            passes += [Pass(s, (Look(record, False, True),), completed) for s in sorted(unseen - {axis})]
            actions = [Look(record, False, True)] if axis in unseen else []
            unseen = set()
        if isinstance(action, Look):
            record, unseen = action.record, axes - {axis}
            actions.append(replace(action, bonds=axis in axes))
        else:
            actions.append(action)
        completed = stage
    completed = len(protocol.stages)  # stages that do nothing may follow the last action
    passes.append(Pass(axis, tuple(actions), completed))
    passes += [Pass(s, (Look(record, False, True),), completed) for s in sorted(unseen)]
    return tuple(one for one in passes if one.actions)


def _actions(protocol: LatticeProtocol) -> Iterable[tuple[Action, int]]:
    """Yield every action and how many stages are complete after it."""
    yield Look(0), 0
    record = 0
    for number, (stage, label) in enumerate(zip(protocol.stages, protocol.labels, strict=True), start=1):
        parts: list[Action] = []
        if isinstance(stage, Erase):
            parts = [Turn(stage.phases)] if stage.phases.terms else []
        elif stage.time != 0:
            acting = protocol.system if stage.system is None else stage.system
            steps = (stage,) if isinstance(stage, ExactStep) else commuting_steps(acting, stage.time)
            if steps is None:
                raise InputError(
                    f"stage {number} moves species together that act on each other, which needs the whole state in "
                    f'memory. Use stepwise dynamics (dynamics = "stepwise", or ExactStep), or keep the state in memory.'
                )
            parts = [replace(step, system=acting if step.system is None else step.system) for step in steps]
        if label:
            record += 1
            parts.append(Look(record))
        for place, part in enumerate(parts, start=1):
            yield part, number if place == len(parts) else number - 1


def _next_axis(listed: list[tuple[Action, int]], number: int) -> int:
    return next((action.species for action, _ in listed[number:] if isinstance(action, ExactStep)), 0)


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class BlockLayout:
    """Blocks of a state, and what working on them takes.

    Attributes
    ----------
    system : LatticeSystem
        Whose states.
    item : int
        Bytes of an amplitude.
    chunks : tuple of int
        Length of a block along each axis; the last one may be shorter.
    workers : int
        Slabs that are in memory at the same time.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> BlockLayout(lattice_system(Lattice.chain(4), (2, 2)), 16, (4, 3), 2).slabs(0)
    ((6,), (3, 3))
    """

    system: LatticeSystem
    item: int
    chunks: tuple[int, ...]
    workers: int

    @property
    def dims(self) -> tuple[int, ...]:
        """Shape of a state."""
        return self.system.dims

    @property
    def state(self) -> float:
        """Bytes of a state."""
        return float(self.item) * self.system.dimension

    @property
    def memory(self) -> float:
        """Bytes that all workers take together."""
        return self.workers * _worker_bytes(self.system, self.item, self.chunks)

    @property
    def wide(self) -> bool:
        """Whether no chunk divides the groups of columns that the kernels take at once."""
        return all(c == d or c % _LANES == 0 for d, c in zip(self.dims, self.chunks, strict=True))

    def slabs(self, axis: int) -> tuple[tuple[int, ...], ...]:
        """Return the lengths along each axis of the slabs that hold whole columns of one axis."""
        pairs = enumerate(zip(self.dims, self.chunks, strict=True))
        return tuple((d,) if s == axis else _lengths(d, chunk) for s, (d, chunk) in pairs)

    def with_chunks(self, chunks: Sequence[int]) -> BlockLayout:
        """Return the layout of a state that is kept already, with as many workers as fit into the same memory."""
        one = BlockLayout(self.system, self.item, tuple(chunks), 1)
        fitting = int(self.memory / one.memory)
        return replace(one, workers=1 if fitting < 1 else min(fitting, self.workers))


def block_layout(
    system: LatticeSystem,
    item: int,
    *,
    memory_limit: float | None = None,
    workers: int | None = None,
    block_bytes: float | None = None,
) -> BlockLayout:
    """Return blocks that fit.

    Parameters
    ----------
    system : LatticeSystem
        Whose states.
    item : int
        Bytes of an amplitude.
    memory_limit : float, optional
        Bytes of all slabs in memory together; half of what is free by default.
    workers : int, optional
        As many as there are cores by default, or fewer where they would not fit.
    block_bytes : float, optional
        Largest slab, if a smaller one than would fit is wanted.

    Raises
    ------
    ResourceError
        If not even single columns fit, with the number and the remedy.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(14), (7, 7), interaction=1.0)
    >>> layout = block_layout(system, 16, memory_limit=50e6, workers=2)
    >>> layout.memory < 50e6 < layout.state
    True
    """
    limit = _SHARE * (available_memory() - _OVERHEAD) if memory_limit is None else memory_limit
    wanted = cores() if workers is None else workers
    state = float(item) * system.dimension
    fitting = []
    for count in range(wanted, 0, -1):
        largest = max(state / (_SLABS * count), _SMALLEST) if block_bytes is None else block_bytes
        chunks = _chunks(system, item, limit / count, largest)
        layout = BlockLayout(system, item, chunks, count)
        if layout.memory <= limit:
            fitting.append(layout)
    if not fitting:
        raise _refusal(system, layout.memory, limit)
    # Rather fewer workers than chunks of a few columns.
    return next((one for one in fitting if one.wide), fitting[-1] if block_bytes is None else fitting[0])


def cores() -> int:
    """Return how many cores this process may use.

    Examples
    --------
    >>> cores() > 0
    True
    """
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _lengths(length: int, chunk: int) -> tuple[int, ...]:
    whole, rest = divmod(length, chunk)
    return (chunk,) * whole + ((rest,) if rest else ())


def _slab_bytes(system: LatticeSystem, item: int, chunks: Sequence[int], axis: int) -> float:
    return float(item) * system.dims[axis] * math.prod(c for s, c in enumerate(chunks) if s != axis)


def _bytes_along(system: LatticeSystem, item: int, chunks: Sequence[int], axis: int) -> float:
    """Return what one worker takes: a slab and the chunks on their way, rotations, scratch and probabilities."""
    slab = _slab_bytes(system, item, chunks, axis)
    share = slab / (float(item) * system.dimension) if system.interacts(axis) else 1.0
    group = float(_LANES) * item * system.dims[axis]
    strip = max(1, min(_STRIPS, int(_LARGEST_STRIP / group))) * group
    return 2 * slab + share * rotation_bytes(system, axis) + strip + (2 * slab if 2 * slab < _PIECES else _PIECES)


def _worker_bytes(system: LatticeSystem, item: int, chunks: Sequence[int]) -> float:
    return max(_bytes_along(system, item, chunks, axis) for axis in range(len(chunks)))


def _chunks(system: LatticeSystem, item: int, limit: float, largest: float) -> tuple[int, ...]:
    """Return the longest chunks whose slabs keep both bounds, or single columns where they do not."""
    chunks = list(system.dims)
    while True:
        over = [
            max(_bytes_along(system, item, chunks, s) / limit, _slab_bytes(system, item, chunks, s) / largest)
            for s in range(len(chunks))
        ]
        for axis in sorted(range(len(chunks)), key=lambda s: -over[s]):
            divisible = [s for s, c in enumerate(chunks) if s != axis and c > 1]
            if over[axis] > 1 and divisible:
                longest = max(divisible, key=lambda s: chunks[s])
                chunks[longest] = _shorter(system.dims[longest], chunks[longest], over[axis])
                break
        else:
            return tuple(chunks)


def _shorter(length: int, chunk: int, over: float) -> int:
    aim = int(chunk / over)
    aim = 1 if aim < 1 else aim if aim < chunk else chunk - 1
    unit = _LANES if aim >= _LANES else 1
    aim -= aim % unit
    pieces = -(-length // aim)
    even = -(-length // pieces)
    even += -even % unit
    return even if even < aim else aim


def _refusal(system: LatticeSystem, needed: float, limit: float) -> ResourceError:
    numbers = ", ".join(f"{count} {name}" for count, name in zip(system.particles, system.species, strict=True))
    return ResourceError(
        f"{numbers} on {system.lattice.sites} sites need {size_text(needed)} of memory for the smallest slab, single "
        f"columns of the state, but {size_text(limit if limit > 0 else 0.0)} are allowed. Raise `memory_limit` in "
        f"[storage], or take fewer sites."
    )
