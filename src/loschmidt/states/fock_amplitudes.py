"""Amplitudes of lattice states, one axis per species, held in as few numbers as the state needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np

from loschmidt.typing import ComplexTensor, ComplexVector

__all__ = ["FockSuperposition", "GivenAmplitudes", "LatticeState", "ProductOfSpecies"]


class LatticeState(Protocol):
    """An initial state γ (d_1, …, d_S), written out where and when it is needed.

    Attributes
    ----------
    shape : tuple of int
        Number of Fock states of each species.
    nbytes : int
        Memory that the state itself holds.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of Fock states of each species."""

    @property
    def nbytes(self) -> int:
        """Memory that the state itself holds."""

    def rows(self, start: int, stop: int) -> ComplexTensor:
        """Return γ[start:stop], slices along the first axis, in double precision."""

    def part(self, places: Sequence[slice]) -> LatticeState:
        """Return γ[places], a range (start, stop) of Fock states of each species."""

    def overlap(self, state: ComplexTensor) -> complex:
        """Return ⟨γ|state⟩."""


@dataclass(frozen=True, eq=False)
class FockSuperposition:
    """A few Fock states: places (K, S) in the bases, and amplitudes (K,)."""

    shape: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]
    amplitudes: ComplexVector

    @property
    def nbytes(self) -> int:
        """Memory that the state itself holds."""
        return self.amplitudes.nbytes

    def rows(self, start: int, stop: int) -> ComplexTensor:
        """Return γ[start:stop]."""
        result = np.zeros((stop - start, *self.shape[1:]), dtype=np.complex128)
        for place, amplitude in zip(self.places, self.amplitudes, strict=True):
            if start <= place[0] < stop:
                result[(place[0] - start, *place[1:])] = amplitude
        return result

    def part(self, places: Sequence[slice]) -> FockSuperposition:
        """Return γ[places]."""
        inside = [all(one.start <= n < one.stop for n, one in zip(place, places, strict=True)) for place in self.places]
        return FockSuperposition(
            tuple(one.stop - one.start for one in places),
            tuple(
                tuple(n - one.start for n, one in zip(place, places, strict=True))
                for place, kept in zip(self.places, inside, strict=True)
                if kept
            ),
            self.amplitudes[inside],
        )

    def overlap(self, state: ComplexTensor) -> complex:
        """Return ⟨γ|state⟩."""
        found = np.array([state[place] for place in self.places], dtype=np.complex128)
        return complex(np.vdot(self.amplitudes, found))


@dataclass(frozen=True, eq=False)
class ProductOfSpecies:
    """A product of one state (d_s,) for each species."""

    factors: tuple[ComplexVector, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of Fock states of each species."""
        return tuple(len(factor) for factor in self.factors)

    @property
    def nbytes(self) -> int:
        """Memory that the state itself holds."""
        return sum(factor.nbytes for factor in self.factors)

    def rows(self, start: int, stop: int) -> ComplexTensor:
        """Return γ[start:stop]."""
        return np.asarray(reduce(np.multiply.outer, self.factors[1:], self.factors[0][start:stop]))

    def part(self, places: Sequence[slice]) -> ProductOfSpecies:
        """Return γ[places]."""
        return ProductOfSpecies(tuple(factor[one] for factor, one in zip(self.factors, places, strict=True)))

    def overlap(self, state: ComplexTensor) -> complex:
        """Return ⟨γ|state⟩."""
        rest: Any = state
        for factor in self.factors[:0:-1]:
            rest = rest @ factor.conj().astype(state.dtype)
        return complex(np.vdot(self.factors[0], rest))


@dataclass(frozen=True, eq=False)
class GivenAmplitudes:
    """Amplitudes written out, (d_1, …, d_S)."""

    amplitudes: ComplexTensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of Fock states of each species."""
        return self.amplitudes.shape

    @property
    def nbytes(self) -> int:
        """Memory that the state itself holds."""
        return self.amplitudes.nbytes

    def rows(self, start: int, stop: int) -> ComplexTensor:
        """Return γ[start:stop]."""
        return self.amplitudes[start:stop]

    def part(self, places: Sequence[slice]) -> GivenAmplitudes:
        """Return γ[places]."""
        return GivenAmplitudes(self.amplitudes[tuple(places)])

    def overlap(self, state: ComplexTensor) -> complex:
        """Return ⟨γ|state⟩."""
        pairs = zip(self.amplitudes, state, strict=True)  # row by row: a whole copy might not fit
        return complex(sum(np.vdot(own, other.astype(np.complex128)) for own, other in pairs))
