"""The Drazin inverse from one factorisation of the real matrix on the coordinates that counted populations reach."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from loschmidt._kernels.stationary import real_sector_matrix, sort_by_column, state_of_coordinates
from loschmidt.evolution import _steady_dense as dense
from loschmidt.evolution._steady_krylov import hermitian_form, real_form
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.evolution.counting.spaces import EPS, JumpEntries
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealVector

__all__ = ["SectorInverse", "counted_sector"]

_LARGEST_SECTOR = 1100
_REGULAR = 1e-12
_GOLDEN = 0.6180339887498949

Entries = tuple[IntegerArray, IntegerArray, ComplexVector | RealVector]


def counted_sector(terms: GeneratorTerms, entries: JumpEntries) -> IntegerArray | None:
    """Return the real coordinates that populations reach however the jumps are weighted, None if there are too many."""
    # Weights in general position: what cancels in the sum of all jumps need not cancel once they are counted.
    generic = 0.5 + (_GOLDEN * np.arange(1, int(entries.groups.max(initial=0)) + 2)) % 1.0
    out, into, values = entries.weighted_pairs(generic)
    weighted = replace(terms, pairs=(out, into, np.asarray(values, dtype=np.complex128), np.zeros_like(out)))
    populations = 2 * np.arange(terms.dimension) * (terms.dimension + 1)
    return dense.sector(weighted, populations, _LARGEST_SECTOR)


@dataclass(frozen=True, eq=False)
class SectorInverse:
    """L⁻¹ on traceless operators of a sector.

    Attributes
    ----------
    terms : GeneratorTerms
        The generator.
    members : (n,)
        Real coordinates of the sector, a population first.
    generator : (n, n)
        The generator in these coordinates.
    factors, pivots
        LU factors of the generator with its first row replaced by the trace.
    amplification : float
        Norm of the inverse.
    """

    terms: GeneratorTerms
    members: IntegerArray
    generator: RealMatrix
    factors: RealMatrix
    pivots: IntegerArray
    amplification: float
    method: str = "one matrix on a sector"

    @classmethod
    def build(cls, terms: GeneratorTerms, members: IntegerArray) -> SectorInverse | None:
        """Return the inverse, None if round-off hides the slowest relaxation."""
        from scipy.linalg.lapack import dgecon, dgetrf

        generator = real_sector_matrix(terms.no_jump, *terms.columns, members)
        constrained = generator.copy(order="F")
        size = float(np.abs(generator).max()) or 1.0
        constrained[0] = size * _is_population(members, terms.dimension)
        norm = float(np.abs(constrained).sum(axis=0).max())
        factors, pivots, status = dgetrf(constrained, overwrite_a=True)
        reciprocal = 0.0 if status else float(dgecon(factors, norm)[0])
        if not reciprocal > _REGULAR:
            return None
        return cls(terms, members, generator, factors, pivots, 1 / (reciprocal * norm))

    def matrix(self, gain: Entries) -> RealMatrix:
        """Return the real matrix (n, n) of the generator with another gain, given by its entries."""
        out, into, values = gain
        pointer, rows, entries = sort_by_column(
            out, into, np.asarray(values, dtype=np.complex128), self.terms.dimension**2
        )
        return np.asarray(real_sector_matrix(self.terms.no_jump, pointer, rows, entries, self.members))

    def solve(self, target: ComplexMatrix, stationary: ComplexMatrix) -> tuple[ComplexMatrix, float, float]:
        """Return x (d, d) with L x = target, the norm of the inverse, and the misfit left in the equation."""
        wanted = self._coordinates(target)
        found = self._solved(wanted)
        found = found + self._solved(wanted - self.generator @ found)
        # Round-off of the sum itself is part of what is left.
        left = wanted - self.generator @ found
        misfit = float(np.linalg.norm(left)) + 4 * EPS * float(np.linalg.norm(np.abs(self.generator) @ np.abs(found)))
        state = state_of_coordinates(found, self.members, self.terms.dimension)
        return state - np.trace(state) * stationary, self.amplification, misfit

    @property
    def scale(self) -> float:
        """Rate in which :meth:`generate` is given."""
        return self.terms.largest_rate

    def enter(self, state: ComplexMatrix) -> RealVector:
        """Return the vector of a Hermitian matrix (d, d)."""
        return real_form(state).reshape(-1)

    def leave(self, vector: RealVector) -> ComplexMatrix:
        """Return the Hermitian matrix (d, d) of a vector."""
        d = self.terms.dimension
        return hermitian_form(vector.reshape(d, d))

    def generate(self, vector: RealVector) -> RealVector:
        """Return L of a vector, in units of the scale."""
        return np.asarray(self.enter(self.terms.apply(self.leave(vector))) / self.scale)

    def precondition(self, vector: RealVector) -> RealVector:
        """Return L⁻¹ of a traceless vector, in units of the scale."""
        found = self._solved(self._coordinates(self.leave(vector))) * self.scale
        return np.asarray(self.enter(state_of_coordinates(found, self.members, self.terms.dimension)))

    def _solved(self, target: RealVector) -> RealVector:
        from scipy.linalg.lapack import dgetrs

        constrained = target.copy()
        constrained[0] = 0.0
        return np.asarray(dgetrs(self.factors, self.pivots, constrained)[0])

    def _coordinates(self, state: ComplexMatrix) -> RealVector:
        pair = self.members // 2
        elements = state.reshape(-1)[pair]
        parts = np.sqrt(2.0) * np.where(self.members % 2 == 1, elements.imag, elements.real)
        return np.asarray(np.where(_is_population(self.members, self.terms.dimension), elements.real, parts))


def _is_population(members: IntegerArray, dimension: int) -> np.ndarray:
    pair = members // 2
    return np.asarray((pair // dimension == pair % dimension) & (members % 2 == 0))
