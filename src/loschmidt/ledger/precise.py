"""Entropies and productions of Davies evolutions from their populations, to relative accuracy however small."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.davies_rates import DaviesRates, applies, davies_rates
from loschmidt.ledger.frames import Frames
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import RealMatrix

__all__ = ["precise_rates", "production_error", "rotation_round_off"]

_RELATIVE_ERROR = 1e-13
_DEEPEST_LOGARITHM = 40.0


def precise_rates(evolution: Evolution) -> DaviesRates | None:
    """Return the rates of an evolution kept as populations and coherences of energy levels, None for any other."""
    process = evolution.process
    if isinstance(process, DrivenGenerator) or not applies(process) or evolution.basis is not process.levels.basis:
        return None
    baths = [one for one in process.dissipators if isinstance(one, DaviesDissipator)]
    energies = None if process.energy is process.hamiltonian else process.levels.energies
    # A state that was rotated into the eigenbasis is empty only to round-off, until the baths have filled it.
    empty = np.zeros(len(evolution.times))
    empty[0] = rotation_round_off(evolution)
    return davies_rates(evolution.components, baths, energies=energies, empty=empty)


def production_error(evolution: Evolution, seen: Frames, production: RealMatrix) -> RealMatrix:
    """Return the error (T, B) of Π_d and Υ from populations of relative error ε: ε √(γ Π) + ε Π.

    A jump pair with flows f, b contributes (f - b) ln(f / b), which moves by ε f |ln(f / b)|; the sum over pairs is
    bounded by √(Σ f · Π) and Σ f by the largest rate. A state that had to be rotated brings the round-off of that.
    """
    finite = np.where(np.isfinite(production), np.abs(production), 0.0)
    rotation = _DEEPEST_LOGARITHM * seen.rate * rotation_round_off(evolution)
    return np.asarray(_RELATIVE_ERROR * (np.sqrt(seen.rate * finite) + finite) + rotation)


def rotation_round_off(evolution: Evolution) -> float:
    """Return what the change to the energy eigenbasis leaves of elements that are zero; nothing if it only sorts."""
    if evolution.basis is None or np.isin(np.abs(evolution.basis), (0.0, 1.0)).all():
        return 0.0
    return 4 * len(evolution.basis) * float(np.finfo(float).eps)
