"""How much memory a lattice run takes: estimated before anything is made, and refused with the remedy."""

from __future__ import annotations

from dataclasses import dataclass

from loschmidt.errors import ResourceError
from loschmidt.evolution.lattice.exact_steps import rotation_bytes
from loschmidt.evolution.memory import available_memory, size_text
from loschmidt.processes.lattice.protocol import Erase, ExactStep, LatticeProtocol
from loschmidt.processes.lattice.system import LatticeSystem

__all__ = ["LatticeMemory", "check_memory", "lattice_memory"]

_OVERHEAD = 300e6  # the interpreter, compiled code, tables of the bases
_ITEM = {"double": 16, "single": 8}


@dataclass(frozen=True)
class LatticeMemory:
    """Bytes that a run takes at most.

    Attributes
    ----------
    state : float
        One vector of amplitudes.
    vectors : float
        Further vectors of the method, kept states and a reference for the echo.
    rotations : float
        Prepared rotations of exact steps, and phases.
    observables : float
        The largest matrix that a recorded state needs.
    overhead : float
        Everything else.

    Examples
    --------
    >>> LatticeMemory(1e9, 2e9, 0.0, 0.0, 0.0).total
    3000000000.0
    """

    state: float
    vectors: float
    rotations: float
    observables: float
    overhead: float

    @property
    def total(self) -> float:
        """Sum of all."""
        return self.state + self.vectors + self.rotations + self.observables + self.overhead


def lattice_memory(
    protocol: LatticeProtocol, precision: str = "double", vectors: int = 0, observables: float = 0.0
) -> LatticeMemory:
    """Estimate the memory of a run.

    Parameters
    ----------
    protocol : LatticeProtocol
        What is run.
    precision : str
        "double" (complex128) or "single" (complex64).
    vectors : int
        Vectors beside the state.
    observables : float
        Bytes of the largest matrix of an observable.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(18), (9, 9), interaction=1.0)
    >>> round(lattice_memory(two_step_echo(system), "single").state / 1e9, 1)
    18.9
    """
    system = protocol.system
    state = float(_ITEM[precision]) * system.dimension
    steps = {(stage.species, abs(stage.time)) for stage in protocol.stages if isinstance(stage, ExactStep)}
    rotations = float(sum(rotation_bytes(system, s) for s, _ in sorted(steps)[:2]))
    held = {id(stage.phases): stage.phases.nbytes for stage in protocol.stages if isinstance(stage, Erase)}
    return LatticeMemory(state, vectors * state, rotations + sum(held.values()), observables, _OVERHEAD)


def check_memory(needed: LatticeMemory, system: LatticeSystem, limit: float | None = None) -> None:
    """Refuse a run that would not fit.

    Raises
    ------
    ResourceError
        With the estimate, what it consists of, and what to do.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2))
    >>> check_memory(LatticeMemory(1e9, 0.0, 0.0, 0.0, 0.0), system, 2e9)
    """
    allowed = available_memory() if limit is None else limit
    if needed.total <= allowed:
        return
    numbers = ", ".join(f"{count} {name}" for count, name in zip(system.particles, system.species, strict=True))
    size = size_text
    raise ResourceError(
        f"{numbers} on {system.lattice.sites} sites need {size(needed.total)} of memory, but {size(allowed)} are "
        f"free: {size(needed.state)} for {system.dimension:.3g} amplitudes, {size(needed.vectors)} for more vectors, "
        f"{size(needed.rotations)} for rotations and phases, {size(needed.observables)} for observables. "
        f'Take precision="single" (half of it, errors of 1e-6), stepwise dynamics (no more vectors), fewer '
        f'observables or fewer sites, or keep the state on disk (state = "disk" in [storage]).'
    )
