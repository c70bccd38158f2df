"""Two levels whose coherence nothing feeds: populations, coherence and exchanges in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np

from loschmidt._kernels.uniformisation import two_level_populations
from loschmidt.evolution.secular_structure import SecularStructure
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["QubitMotion"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class QubitMotion:
    """One initial state under the structure of a qubit without blocks.

    Attributes
    ----------
    structure : SecularStructure
        Of two levels.
    start : (2,)
        Initial populations.
    above, below : complex
        Initial elements (0, 1) and (1, 0).
    exponent : complex
        Of the element (0, 1), per time.
    """

    structure: SecularStructure
    start: RealVector
    above: complex
    below: complex
    exponent: complex

    @classmethod
    def of(cls, structure: SecularStructure, initial: ComplexMatrix) -> QubitMotion:
        """Return the motion of `initial` (2, 2), in the energy eigenbasis."""
        (first, above), (below, second) = initial.tolist()
        (left, right), (lower, upper) = structure.half_widths.tolist(), structure.frequencies.tolist()
        dephasing = 0.0 if structure.dephasing is None else float(structure.dephasing[0, 1])
        exponent = complex(-left - right - dephasing, upper - lower)
        return cls(structure, np.array([first.real, second.real]), above, below, exponent)

    def run(self, offsets: RealVector) -> tuple[ComplexMatrix, RealMatrix]:
        """Return components (T, 2, 2) and integrated exchanges (T, f)."""
        populations, exchanged = two_level_populations(
            self.structure.rates, self.structure.functionals, self.start, offsets
        )
        components = np.zeros((len(offsets), 4), dtype=np.complex128)
        components[:, ::3] = populations
        if self.above or self.below:
            turning = np.exp(self.exponent * offsets)
            np.multiply(turning, self.above, out=components[:, 1])
            np.multiply(turning.conj(), self.below, out=components[:, 2])
        return components.reshape(-1, 2, 2), exchanged

    def errors(self, offsets: RealVector, energy: float) -> tuple[RealVector, RealVector]:
        """Return round-off (T,) of states, most of it in the phases, and of exchanges."""
        size = hypot(abs(self.above), abs(self.below)) + 4 * _EPSILON
        states = np.exp(self.exponent.real * offsets)
        states *= offsets
        states *= 2 * _EPSILON * energy * size
        states += 8 * _EPSILON
        flow = max(map(abs, self.structure.functionals.reshape(-1).tolist()), default=0.0)
        return states, offsets * (_EPSILON * flow * (8 + len(offsets) ** 0.5))
