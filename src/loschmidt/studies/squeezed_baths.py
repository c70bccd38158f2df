"""Build the squeezed baths of a model, and see to it that they stand in a frame in which they do not move."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.processes.nonthermal import squeezed_dissipator
from loschmidt.studies import spec as files
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.reading import Reader
from loschmidt.typing import ComplexMatrix

__all__ = ["build_squeezed"]

_TOLERANCE = 1e-9


def build_squeezed(
    reader: Reader,
    given: files.BathSpec,
    path: KeyPath,
    energy: ComplexMatrix | None,
    hamiltonian: ComplexMatrix | None,
) -> JumpDissipator | None:
    """Return the dissipator of a table with `squeezed`, or None after noting its faults."""
    known = len(reader.faults.problems)
    _note_misplaced(reader, given, path)
    beta = None
    if given.temperature is None and given.beta is None:
        reader.faults.add(path, "must have a `temperature` (or `beta`): that of the bath before it is squeezed.")
    else:
        beta = reader.beta(given.temperature, given.beta, path)
    asked, place = given.squeezed, (*path, "squeezed")
    assert asked is not None
    lowering = reader.operator(asked.lowering, (*place, "lowering"))
    frequency = reader.quantity(asked.frequency, "energy", (*place, "frequency"))
    rate = reader.quantity(asked.rate, "rate", (*place, "rate"))
    strength = reader.plain(asked.strength, (*place, "strength"))
    phase = reader.plain(asked.phase, (*place, "phase"))
    if lowering is not None and frequency is not None and energy is not None and hamiltonian is not None:
        reader.faults.attempt((*place, "lowering"), _check_frame, lowering, frequency, energy, hamiltonian)
    if len(reader.faults.problems) > known or lowering is None:
        return None
    return reader.faults.attempt(
        place,
        squeezed_dissipator,
        given.name,
        lowering,
        rate,
        beta=beta,
        frequency=frequency,
        squeezing=strength,
        phase=phase,
    )


def _note_misplaced(reader: Reader, given: files.BathSpec, path: KeyPath) -> None:
    for key in ("spectrum", "couplings", "correlations", "chemical_potential", "jumps"):
        if getattr(given, key) is not None:
            reader.faults.add((*path, key), "must not stand beside `squeezed`; give one of them.")
    for key in ("lamb_shift", "allow_negative_rates"):
        if getattr(given, key):
            reader.faults.add((*path, key), "has no meaning for a squeezed bath.")


def _check_frame(lowering: ComplexMatrix, frequency: float, energy: ComplexMatrix, hamiltonian: ComplexMatrix) -> None:
    """Raise unless L lowers the energy by the frequency, and H has lost this motion to the rotating frame."""
    size = float(np.linalg.norm(lowering))
    if size == 0:
        raise InputError("must not be zero.")
    turning = -float(np.vdot(lowering, hamiltonian @ lowering - lowering @ hamiltonian).real) / size**2
    if turning > 0.5 * abs(frequency):
        raise InputError(
            f"must stand still in the frame that rotates with the bath, but the Hamiltonian turns it at {turning:.6g}: "
            f"there a squeezed bath moves. Give `hamiltonian` without the part that turns it, the "
            f'bare energy as equation.free_hamiltonian, and equation.energy = "free".'
        )
    moved = energy @ lowering - lowering @ energy
    missed = float(np.linalg.norm(moved + frequency * lowering))
    if missed > _TOLERANCE * (abs(frequency) * size + float(np.linalg.norm(moved))):
        raise InputError(
            f"must lower the energy that heat refers to by the frequency {frequency:.6g}, [E, L] = -ωL, but it does "
            f'not. Give the bare energy as equation.free_hamiltonian and set equation.energy = "free".'
        )
