"""Two levels whose coherence nothing feeds: states, exchanges and errors are sums of six functions of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np

from loschmidt._kernels.uniformisation import two_level_weights
from loschmidt.evolution.secular_structure import SecularStructure, remembered
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["QubitMotion", "QubitRun"]

_EPSILON = float(np.finfo(float).eps)

#: Components (T, 2, 2), integrated exchanges (T, f), and the errors (T,) of both.
QubitRun = tuple[ComplexMatrix, RealMatrix, RealVector, RealVector]


@dataclass(frozen=True, eq=False)
class QubitMotion:
    """One initial state under the structure of a qubit without blocks.

    The functions of time are e^{-gt} cos(ft), e^{-gt} sin(ft), e^{-wt}, e^{-wt} - 1, t and t e^{-gt}, where the element
    (0, 1) decays at g and turns at f, and populations relax at w.

    Attributes
    ----------
    frequency, decay, relaxation : float
        f, g and w.
    coherent : bool
        Whether there is any coherence.
    states : (4, 8)
        Weights of the first four functions in the real and imaginary parts of the four elements.
    sums : (4, f + 2)
        Weights of the last four in the exchanges, in the error of states, and in that of exchanges.
    """

    frequency: float
    decay: float
    relaxation: float
    coherent: bool
    states: RealMatrix
    sums: RealMatrix

    @classmethod
    def of(cls, structure: SecularStructure, initial: ComplexMatrix, energy: float, steps: int) -> QubitMotion:
        """Return the motion of `initial` (2, 2), in the energy eigenbasis, with energies up to `energy`."""
        (up, down), functionals, (frequency, decay) = _constants(structure)
        (first, above), (below, second) = initial.tolist()
        kept, moved, grown = two_level_weights((up, down), functionals, (first.real, second.real))
        a, b, c, d = above.real, above.imag, below.real, below.imag
        states = [
            *(0.0, 0.0, a, b, c, d, 0.0, 0.0),
            *(0.0, 0.0, -b, a, d, -c, 0.0, 0.0),
            *(kept[0], 0.0, 0.0, 0.0, 0.0, 0.0, kept[1], 0.0),
            *(moved[0], 0.0, 0.0, 0.0, 0.0, 0.0, moved[1], 0.0),
        ]
        # The round-off of states is most of it in the phases; e^{-wt} less e^{-wt} - 1 is the constant.
        phases = 2 * _EPSILON * energy * (hypot(abs(above), abs(below)) + 4 * _EPSILON)
        unmoved = [0.0] * len(functionals)
        sums = [
            *(*unmoved, 8 * _EPSILON, 0.0),
            *(*moved[2:], -8 * _EPSILON, 0.0),
            *(*grown, 0.0, _EPSILON * structure.flow * (8 + steps**0.5)),
            *(*unmoved, phases, 0.0),
        ]
        coherent = above != 0 or below != 0
        return cls(frequency, decay, up + down, coherent, np.array(states).reshape(4, 8), np.array(sums).reshape(4, -1))

    def run(self, offsets: RealVector) -> QubitRun:
        """Return components, integrated exchanges, and the round-off of both."""
        functions = np.empty((6, len(offsets)))
        cosine, sine, kept, moved, time, turned = functions
        np.multiply(offsets, -self.decay, out=time)
        decayed = np.exp(time)
        np.multiply(offsets, decayed, out=turned)
        if self.coherent:
            np.multiply(offsets, self.frequency, out=time)
            np.multiply(np.cos(time, out=cosine), decayed, out=cosine)
            np.multiply(np.sin(time, out=sine), decayed, out=sine)
        else:
            functions[:2] = 0.0
        np.multiply(offsets, -self.relaxation, out=time)
        np.exp(time, out=kept)
        np.expm1(time, out=moved)
        time[:] = offsets
        components = (functions[:4].T @ self.states).view(np.complex128).reshape(-1, 2, 2)
        sums = functions[2:].T @ self.sums
        return components, sums[:, :-2], sums[:, -2], sums[:, -1]


Constants = tuple[tuple[float, float], list[list[float]], tuple[float, float]]


@remembered
def _constants(structure: SecularStructure) -> Constants:
    """Return the rates up and down, the rows to integrate, and phase and decay of the coherence."""
    (_, down), (up, _) = structure.rates.tolist()
    (left, right), (lower, upper) = structure.half_widths.tolist(), structure.frequencies.tolist()
    dephasing = 0.0 if structure.dephasing is None else float(structure.dephasing[0, 1])
    return (up, down), structure.functionals.tolist(), (upper - lower, left + right + dephasing)
