"""Where counting is computed: vectors of a counted process, the images of its jumps, and the Drazin inverse.

Every vector travels with its error: one number for each component where components are known relative to themselves,
one Frobenius norm otherwise. Errors are carried through sums, images and solutions, so that each cumulant has one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.typing import ComplexVector, IntegerArray, RealVector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["EPS", "CountingSpace", "Estimated", "JumpEntries", "JumpMap", "Number", "absolute", "combination"]

EPS = float(np.finfo(float).eps)
_SMALL = 64  # a full matrix of this size is faster than a sparse one


class Number(NamedTuple):
    """A number and its error."""

    value: float
    error: float


class Estimated(NamedTuple):
    """A vector (N,) and its error: (N,) by component, or a norm."""

    value: ComplexVector | RealVector
    error: RealVector | float


@dataclass(frozen=True, eq=False)
class JumpEntries:
    """The gain Σ_g J_g of a generator by its entries, each with the group of its jump.

    Attributes
    ----------
    size : int
        Length N of the vectors.
    out, into, groups : (E,)
        The entry takes component `into` to component `out`.
    values : (E,)
        Rate included.
    """

    size: int
    out: IntegerArray
    into: IntegerArray
    values: ComplexVector | RealVector
    groups: IntegerArray

    def matrix(self, weights: RealVector) -> csr_array | np.ndarray:
        """Return Σ w_g J_g (N, N) for weights (G,), sparse unless it is small."""
        return self.dense(weights) if self.size <= _SMALL else self.sparse(weights)

    def sparse(self, weights: RealVector) -> csr_array:
        """Return Σ w_g J_g as a sparse matrix (N, N)."""
        from scipy.sparse import csr_array

        factor = weights[self.groups]
        kept = factor != 0
        data = (self.values * factor)[kept]
        return csr_array((data, (self.out[kept], self.into[kept])), shape=(self.size, self.size))

    def dense(self, weights: RealVector) -> np.ndarray:
        """Return Σ w_g J_g as a full matrix (N, N)."""
        result = np.zeros((self.size, self.size), dtype=self.values.dtype)
        np.add.at(result, (self.out, self.into), self.values * weights[self.groups])
        return result

    def weighted_pairs(self, weights: RealVector) -> tuple[IntegerArray, IntegerArray, ComplexVector | RealVector]:
        """Return Σ w_g J_g as entries (out, in, value)."""
        return self.out, self.into, self.values * weights[self.groups]


class JumpMap(NamedTuple):
    """A weighted sum of jumps (N, N), and what bounds the error of an image: its absolute values, or its norm."""

    matrix: csr_array | np.ndarray
    bound: csr_array | np.ndarray | float


class CountingSpace(Protocol):
    """The vectors on which one process is counted.

    Attributes
    ----------
    groups : JumpGroups
        The jumps.
    stationary : Estimated
        The stationary state as a vector of trace one.
    method : str
        Short name of the algorithm.
    """

    @property
    def groups(self) -> JumpGroups:
        """The jumps."""

    @property
    def stationary(self) -> Estimated:
        """The stationary state."""

    @property
    def method(self) -> str:
        """Short name of the algorithm."""

    def jumps(self, weights: RealVector) -> JumpMap:
        """Return Σ w_g J_g for weights (G,)."""

    def image(self, jumps: JumpMap, vector: Estimated) -> Estimated:
        """Return the image of a vector under what :meth:`jumps` returned."""

    def trace(self, vector: Estimated) -> Number:
        """Return the trace of a vector."""

    def solve(self, vector: Estimated) -> Estimated:
        """Return the traceless x with L x = vector, which must be traceless."""

    def tilted(self, points: RealVector, weights: RealVector) -> list[Number]:
        """Return the eigenvalue θ(s) of L + Σ (e^{s w_g} - 1) J_g with the largest real part, for each s."""


def absolute(matrix: csr_array | np.ndarray) -> csr_array | np.ndarray:
    """Return the absolute values of a full or a sparse matrix."""
    return np.abs(matrix) if isinstance(matrix, np.ndarray) else abs(matrix)


def combination(coefficients: list[Number], vectors: list[Estimated]) -> Estimated:
    """Return Σ c_i v_i with the errors of both."""
    total = sum(c.value * v.value for c, v in zip(coefficients, vectors, strict=True))
    errors = [_scaled(c, v) for c, v in zip(coefficients, vectors, strict=True)]
    return Estimated(np.asarray(total), sum(errors[1:], errors[0]))


def _scaled(factor: Number, vector: Estimated) -> RealVector | float:
    # A vector of norms has errors by component, a single norm has one.
    if isinstance(vector.error, float):
        size = float(np.linalg.norm(vector.value))
        return abs(factor.value) * (vector.error + 2 * EPS * size) + factor.error * size
    magnitude = np.abs(vector.value)
    return np.asarray(abs(factor.value) * (vector.error + 2 * EPS * magnitude) + factor.error * magnitude)
