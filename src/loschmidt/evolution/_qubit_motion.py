"""Two levels whose coherence nothing feeds: states, exchanges and errors are sums of six functions of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np

from loschmidt._kernels.uniformisation import two_level_weights
from loschmidt.evolution.secular_structure import SecularStructure, remembered, secular_structure
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["QubitMotion", "QubitRun"]

_EPSILON = float(np.finfo(float).eps)
_ELEMENTS = 8

#: Components (T, 2, 2), integrated exchanges (T, f), and the errors (T,) of both.
QubitRun = tuple[ComplexMatrix, RealMatrix, RealVector, RealVector]


@dataclass(frozen=True, eq=False)
class QubitMotion:
    """One initial state of a qubit whose structure has no blocks.

    The functions of time are e^{-gt} cos(ft), e^{-gt} sin(ft), e^{-wt} - 1, e^{-wt}, t e^{-gt} and t, where the element
    (0, 1) decays at g and turns at f, and populations relax at w.

    Attributes
    ----------
    rates : (3, 1)
        f, -w and -g.
    coherent : bool
        Whether there is any coherence.
    states : (4, 8)
        Weights of the first four functions in the real and imaginary parts of the four elements.
    sums : (4, f + 2)
        Weights of the last four in the exchanges, in the error of states, and in that of exchanges.
    """

    rates: RealMatrix
    coherent: bool
    states: RealMatrix
    sums: RealMatrix

    @classmethod
    def of(cls, process: Generator, state: ComplexMatrix, steps: int) -> QubitMotion:
        """Return the motion of `state` (2, 2), in the original basis."""
        rates, map_to_weights, energy, flow = _constants(process)
        weights = map_to_weights.dot(state.reshape(-1).view(np.float64))
        states, sums = weights[: 4 * _ELEMENTS].reshape(4, _ELEMENTS), weights[4 * _ELEMENTS :].reshape(4, -1)
        a, b, c, d = weights[2:6].tolist()
        # The round-off of states is most of it in the phases; e^{-wt} less e^{-wt} - 1 is the constant.
        sums[1, -2] = 8 * _EPSILON
        sums[0, -2] = -8 * _EPSILON
        sums[2, -2] = 2 * _EPSILON * energy * (hypot(a, b, c, d) + 4 * _EPSILON)
        sums[3, -1] = _EPSILON * flow * (8 + steps**0.5)
        return cls(rates, a != 0 or b != 0 or c != 0 or d != 0, states, sums)

    def run(self, offsets: RealVector) -> QubitRun:
        """Return components, integrated exchanges, and the round-off of both."""
        functions, arguments = np.empty((6, len(offsets))), self.rates.dot(offsets.reshape(1, -1))
        decayed = functions[4]
        np.exp(arguments[1:], functions[3:5])
        np.expm1(arguments[1], functions[2])
        if self.coherent:
            cosine, sine = functions[0], functions[1]
            np.cos(arguments[0], cosine)
            np.sin(arguments[0], sine)
            cosine *= decayed
            sine *= decayed
        else:
            functions[:2] = 0.0
        decayed *= offsets
        functions[5] = offsets
        components = functions[:4].T.dot(self.states).view(np.complex128).reshape(-1, 2, 2)
        sums = functions[2:].T.dot(self.sums)
        return components, sums[:, :-2], sums[:, -2], sums[:, -1]


@remembered
def _constants(process: Generator) -> tuple[RealMatrix, RealMatrix, float, float]:
    """Return phase, relaxation and decay (3, 1), weights as a map (32 + 4 (f + 2), 8) from parts of a state, and sizes.

    These are the largest energy, and the largest exchange per time and population.
    """
    structure = secular_structure(process)
    (_, down), (up, _) = structure.rates.tolist()
    (left, right), (lower, upper) = structure.half_widths.tolist(), structure.frequencies.tolist()
    dephasing = 0.0 if structure.dephasing is None else float(structure.dephasing[0, 1])
    rates = np.array([[upper - lower], [-(up + down)], [-(left + right + dephasing)]])
    units = process.levels.to_eigenbasis(np.eye(_ELEMENTS).view(np.complex128).reshape(-1, 2, 2))
    weights = np.array([_weights(structure, (up, down), unit) for unit in units]).T.copy()
    return rates, weights, float(np.abs(process.levels.energies).max()), structure.flow


def _weights(structure: SecularStructure, rates: tuple[float, float], initial: ComplexMatrix) -> list[float]:
    """Return the weights of `initial` (2, 2), in the energy eigenbasis, row by row; those of errors are zero."""
    (first, above), (below, second) = initial.tolist()
    kept, moved, grown = two_level_weights(rates, structure.functionals.tolist(), (first.real, second.real))
    a, b, c, d = above.real, above.imag, below.real, below.imag
    unmoved = [0.0] * (len(structure.functionals) + 2)
    return [
        *(0.0, 0.0, a, b, c, d, 0.0, 0.0),
        *(0.0, 0.0, -b, a, d, -c, 0.0, 0.0),
        *(moved[0], 0.0, 0.0, 0.0, 0.0, 0.0, moved[1], 0.0),
        *(kept[0], 0.0, 0.0, 0.0, 0.0, 0.0, kept[1], 0.0),
        *(*moved[2:], 0.0, 0.0),
        *unmoved,
        *unmoved,
        *(*grown, 0.0, 0.0),
    ]
