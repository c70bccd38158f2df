"""What is done to a lattice state, stage by stage: exact steps, full evolution, erasure, and marks where to look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.lattice.phases import PhaseOperator
from loschmidt.processes.lattice.system import LatticeSystem

__all__ = ["Erase", "ExactStep", "FullStep", "LatticeProtocol", "Stage"]


@dataclass(frozen=True)
class ExactStep:
    r"""Only one species moves: :math:`e^{-iH_s t}`, H_s its hopping, its potential and its interactions.

    Attributes
    ----------
    species : int
        Axis of the species that moves.
    time : float
        t; negative runs backward.
    weight : float
        How often the interaction counts; 1 in the source, ½ where steps of two species add up to H.
    system : LatticeSystem or None
        Whose Hamiltonian; None for that of the protocol.

    Examples
    --------
    >>> ExactStep(0, 3.0).reversed.time
    -3.0
    """

    species: int
    time: float
    weight: float = 1.0
    system: LatticeSystem | None = None

    @property
    def reversed(self) -> ExactStep:
        """The inverse."""
        return replace(self, time=-self.time)

    @property
    def duration(self) -> float:
        """Absolute time."""
        return abs(self.time)


@dataclass(frozen=True)
class FullStep:
    r"""All species move: :math:`e^{-iHt}`.

    Attributes
    ----------
    time : float
        t; negative runs backward.
    system : LatticeSystem or None
        Whose Hamiltonian; None for that of the protocol.

    Examples
    --------
    >>> FullStep(3.0).reversed.time
    -3.0
    """

    time: float
    system: LatticeSystem | None = None

    @property
    def reversed(self) -> FullStep:
        """The inverse."""
        return replace(self, time=-self.time)

    @property
    def duration(self) -> float:
        """Absolute time."""
        return abs(self.time)


@dataclass(frozen=True)
class Erase:
    """Multiply each Fock state by a phase.

    Attributes
    ----------
    phases : PhaseOperator
        The phases.

    Examples
    --------
    >>> Erase(PhaseOperator((), "1")).duration
    0.0
    """

    phases: PhaseOperator

    @property
    def reversed(self) -> Erase:
        """The inverse."""
        return Erase(self.phases.reversed)

    @property
    def duration(self) -> float:
        """Zero: it is a kick."""
        return 0.0


Stage = ExactStep | FullStep | Erase
_ROUNDING = 16 * float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class LatticeProtocol:
    """Stages in the order in which they act, and names for the states to look at.

    Attributes
    ----------
    system : LatticeSystem
        What they act on.
    stages : tuple of stages
        :class:`ExactStep`, :class:`FullStep` and :class:`Erase`.
    labels : tuple of str
        Name of the state after each stage; states without a name, "", are passed through and not recorded.
    initial_label : str
        Name of the initial state, which is always recorded.
    echo_species : tuple of int
        Axes of the species that are meant to return; the echo fidelity is theirs.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_protocol, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> steps = lattice_protocol(system, [ExactStep(0, 1.0), ExactStep(0, -1.0)], ["there", "and back"])
    >>> steps.recorded
    (1, 2)
    """

    system: LatticeSystem
    stages: tuple[Stage, ...]
    labels: tuple[str, ...]
    initial_label: str
    echo_species: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.stages) != len(self.labels):
            raise ShapeError(
                f"`labels` must have one entry per stage, {len(self.stages)}, but it has {len(self.labels)}. "
                f"Name a stage '' if the state after it is not to be recorded."
            )
        for number, stage in enumerate(self.stages):
            _check(stage, number, self.system)

    @property
    def recorded(self) -> tuple[int, ...]:
        """How many stages are completed at each record after the initial one."""
        return tuple(number for number, label in enumerate(self.labels, start=1) if label)

    @property
    def record_labels(self) -> tuple[str, ...]:
        """Names of the recorded states, the initial one first."""
        return (self.initial_label, *filter(None, self.labels))

    @property
    def durations(self) -> tuple[float, ...]:
        """Absolute time that each stage takes."""
        return tuple(stage.duration for stage in self.stages)

    @property
    def inverse(self) -> tuple[Stage, ...]:
        """Stages that undo all of these."""
        return tuple(stage.reversed for stage in reversed(self.stages))

    def simplified(self) -> LatticeProtocol:
        """Return the same protocol with fewer stages between the recorded states; nothing recorded changes.

        Neighbouring steps of one kind become one, phases move past steps that keep what they depend on, and steps that
        undo each other vanish. A sequence O†W†OW with phases on the last mover then moves the first mover only at
        both ends, and one without O† shrinks to a single repetition.

        Examples
        --------
        >>> from loschmidt.processes.lattice import Lattice, lattice_protocol, lattice_system
        >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
        >>> steps = lattice_protocol(
        ...     system, [ExactStep(0, 1.0), ExactStep(0, -1.0), ExactStep(1, 2.0)], ["", "", "end"]
        ... )
        >>> len(steps.simplified().stages)
        1
        """
        stages: list[Stage] = []
        labels: list[str] = []
        for stretch, label in self._stretches():
            short = _shortened(stretch)
            if label and not short:
                short = [FullStep(0.0)]
            stages += short
            labels += [""] * (len(short) - 1) + ([label] if short else [])
        return replace(self, stages=tuple(stages), labels=tuple(labels))

    def _stretches(self) -> Iterator[tuple[list[Stage], str]]:
        stretch: list[Stage] = []
        for stage, label in zip(self.stages, self.labels, strict=True):
            stretch.append(stage)
            if label:
                yield stretch, label
                stretch = []
        yield stretch, ""


def _check(stage: Stage, number: int, system: LatticeSystem) -> None:
    if isinstance(stage, Erase):
        for term in stage.phases.terms:
            if len(term.shape) != len(system.dims) or not all(
                length in {1, d} for length, d in zip(term.shape, system.dims, strict=True)
            ):
                raise ShapeError(
                    f"the phases of stage {number} must broadcast to the shape of a state, {system.dims}, "
                    f"but their shape is {term.shape}. Make them for the same system."
                )
        return
    if not np.isfinite(stage.time):
        raise InputError(f"the time of stage {number} must be finite, but it is {stage.time}.")
    if stage.system is not None and stage.system.dims != system.dims:
        raise ShapeError(
            f"the system of stage {number} must have states of shape {system.dims}, but it has {stage.system.dims}."
        )
    if isinstance(stage, ExactStep):
        system.index(stage.species)
        if not np.isfinite(stage.weight):
            raise InputError(f"the interaction weight of stage {number} must be finite, but it is {stage.weight}.")
        moved = system if stage.system is None else stage.system
        if not moved.moves_freely:
            raise InputError(
                f"stage {number} must move particles that are free while the others rest, but hard-core particles on "
                f"a {moved.lattice.name} act on each other. Use FullStep, or fermions, or an open chain or ring "
                f"numbered in order."
            )


def _shortened(stretch: list[Stage]) -> list[Stage]:
    done: list[Stage] = []
    for stage in stretch:
        _append(done, stage)
    return done


def _append(done: list[Stage], stage: Stage) -> None:
    """Add a stage at the end, or merge it with an earlier one that it can be moved next to."""
    place = len(done)
    while place and isinstance(stage, Erase) and _commute(done[place - 1], stage):
        place -= 1
    merged = _merged(done[place - 1], stage) if place else None
    if merged is None:
        if _size(stage) > 0:
            done.insert(place, stage)
        return
    # A sum that is zero but for its own rounding is zero.
    vanishes = _size(merged) <= _ROUNDING * (_size(done[place - 1]) + _size(stage))
    rest = done[place:]
    del done[place - 1 :]
    # What follows may now meet its own inverse.
    for later in ([] if vanishes else [merged]) + rest:
        _append(done, later)


def _commute(earlier: Stage, erase: Erase) -> bool:
    return isinstance(earlier, ExactStep) and earlier.species not in erase.phases.axes


def _merged(first: Stage, second: Stage) -> Stage | None:
    if isinstance(first, Erase) and isinstance(second, Erase):
        return Erase(first.phases.times(second.phases))
    if isinstance(first, ExactStep) and isinstance(second, ExactStep):
        same = first.species == second.species and first.weight == second.weight and first.system is second.system
        return replace(first, time=first.time + second.time) if same else None
    if isinstance(first, FullStep) and isinstance(second, FullStep):
        return replace(first, time=first.time + second.time) if first.system is second.system else None
    return None


def _size(stage: Stage) -> float:
    if isinstance(stage, Erase):
        return sum(float(np.abs(term).max(initial=0.0)) for term in stage.phases.terms)
    return abs(stage.time)
