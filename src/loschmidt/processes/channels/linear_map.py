"""A linear map between operators: one representation is given, the others are made when asked for, and kept."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np

from loschmidt.checks import as_density_matrix, as_operator
from loschmidt.errors import ShapeError
from loschmidt.processes.channels.application import apply_kraus, apply_superoperator, prefers_superoperator
from loschmidt.processes.channels.defects import Norm, negative_part_norm, norm_of
from loschmidt.processes.channels.representations import (
    adjoint_kraus,
    check_memory,
    choi_from_kraus,
    choi_from_superoperator,
    kraus_from_choi,
    minimal_kraus,
    superoperator_from_choi,
)
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["Form", "LinearMap"]

Form = Literal["kraus", "choi", "superoperator"]


@dataclass(frozen=True, eq=False, repr=False)
class LinearMap:
    """A linear map Φ from operators (n, n) to operators (m, m); people build a :class:`Channel`.

    Attributes
    ----------
    dims_in, dims_out : tuple of int
        Dimensions of the tensor factors; they multiply to n and m.
    form : {"kraus", "choi", "superoperator"}
        The representation that was given.
    data : (k, m, n), (n m, n m) or (m², n²)
        That representation.
    """

    dims_in: tuple[int, ...]
    dims_out: tuple[int, ...]
    form: Form
    data: ComplexMatrix

    #: An array on the other side of an operator is refused by NumPy, too.
    __array_ufunc__: ClassVar[None] = None

    def __post_init__(self) -> None:
        self.data.flags.writeable = False

    def __repr__(self) -> str:
        sizes = (" × ".join(map(str, dims)) for dims in (self.dims_in, self.dims_out))
        count = f"{len(self.data)} Kraus operators" if self.form == "kraus" else self.form
        return f"<{type(self).__name__} {' → '.join(sizes)}, {count}>"

    # ── shape and representations ────────────────────────────────────────────────────────────────────────────────────

    @property
    def dimension_in(self) -> int:
        """Dimension n of what goes in."""
        return math.prod(self.dims_in)

    @property
    def dimension_out(self) -> int:
        """Dimension m of what comes out."""
        return math.prod(self.dims_out)

    @property
    def is_square(self) -> bool:
        """Whether n = m."""
        return self.dimension_in == self.dimension_out

    @cached_property
    def kraus_operators(self) -> ComplexMatrix:
        """Kraus operators (k, m, n): those given, or else the fewest.

        Asking raises InputError if the map is not completely positive.
        """
        if self.form == "kraus":
            return self.data
        return _frozen(kraus_from_choi(self.choi, self.dimension_in, self.dimension_out))

    @cached_property
    def minimal_kraus_operators(self) -> ComplexMatrix:
        """The fewest Kraus operators (k, m, n), mutually orthogonal, heaviest first; k is the rank of the Choi matrix.

        Eigenvalues of the Choi matrix below 1e-13 of the largest do not count.
        """
        return _frozen(minimal_kraus(self.data)) if self.form == "kraus" else self.kraus_operators

    @cached_property
    def choi(self) -> ComplexMatrix:
        r"""Choi matrix J = Σ\|i⟩⟨j\| ⊗ Φ(\|i⟩⟨j\|) (n m, n m), of trace n for a channel."""
        if self.form == "choi":
            return self.data
        check_memory(self.dimension_in, self.dimension_out)
        if self.form == "kraus":
            return _frozen(choi_from_kraus(self.data))
        return _frozen(choi_from_superoperator(self.data, self.dimension_in, self.dimension_out))

    @cached_property
    def superoperator(self) -> ComplexMatrix:
        """Superoperator (m², n²) on column-stacked operators."""
        if self.form == "superoperator":
            return self.data
        check_memory(self.dimension_in, self.dimension_out)
        choi = choi_from_kraus(self.data) if self.form == "kraus" else self.data
        return _frozen(superoperator_from_choi(choi, self.dimension_in, self.dimension_out))

    # ── application ──────────────────────────────────────────────────────────────────────────────────────────────────

    def __call__(self, states: StateLike) -> ComplexMatrix:
        """Return Φ(ρ) (..., m, m) of states, or any operators, (..., n, n); a ket (n,) becomes its projector.

        Raises
        ------
        ShapeError, NotFiniteError, NotAStateError
            If the argument does not fit, holds NaN or infinity, or is a ket that is not of norm 1.
        """
        shape = np.shape(states)
        ket = len(shape) == 1 or (len(shape) == 2 and shape[1] == 1 < shape[0])
        return self.apply(
            as_density_matrix(states, "states", self.dimension_in)
            if ket
            else as_operator(states, "states", self.dimension_in)
        )

    def adjoint(self, operators: OperatorLike) -> ComplexMatrix:
        """Return Φ†(X) (..., n, n) of operators (..., m, m): tr X†Φ(ρ) = tr Φ†(X)†ρ.

        Raises
        ------
        ShapeError, NotFiniteError
            If the argument does not fit, or holds NaN or infinity.
        """
        return self.apply_adjoint(as_operator(operators, "operators", self.dimension_out))

    def apply(self, states: ComplexMatrix) -> ComplexMatrix:
        """Return Φ(ρ) (..., m, m) of arrays (..., n, n) without checking them."""
        if self._uses_superoperator(states):
            return apply_superoperator(self.superoperator, states)
        return apply_kraus(self.kraus_operators, states)

    def apply_adjoint(self, operators: ComplexMatrix) -> ComplexMatrix:
        """Return Φ†(X) (..., n, n) of arrays (..., m, m) without checking them."""
        if self._uses_superoperator(operators):
            # S†x is the conjugate of xᵀ*S: the vectors are conjugated, not the matrix.
            return apply_superoperator(self.superoperator.T, operators.conj()).conj()
        return apply_kraus(self._adjoint_kraus, operators)

    @cached_property
    def identity_image(self) -> ComplexMatrix:
        """Φ(1) (m, m); exactly Hermitian unless the map does not keep Hermitian operators so."""
        if self.form == "kraus":
            return _frozen(_hermitian(_gram(self.data)))
        return _frozen(_hermitian(self.apply(np.eye(self.dimension_in, dtype=np.complex128))))

    @cached_property
    def effect(self) -> ComplexMatrix:
        """Φ†(1) (n, n), the operator with tr Φ(ρ) = tr ρ Φ†(1); the identity for a channel."""
        if self.form == "kraus":
            return _frozen(_hermitian(_gram(self._adjoint_kraus)))
        return _frozen(_hermitian(self.apply_adjoint(np.eye(self.dimension_out, dtype=np.complex128))))

    # ── defects ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def completely_positive_defect(self, norm: Norm = "operator") -> float:
        """Return the norm of the negative part of the Choi matrix; 0 for Kraus operators, from which none is made."""
        if self.form == "kraus":
            return 0.0
        return negative_part_norm((self.choi + self.choi.conj().T) / 2, norm)

    def hermiticity_defect(self, norm: Norm = "operator") -> float:
        """Return the norm of J - J†, zero if Hermitian operators have Hermitian images."""
        return 0.0 if self.form == "kraus" else norm_of(self.choi - self.choi.conj().T, norm)

    def trace_preservation_defect(self, norm: Norm = "operator") -> float:
        """Return ‖Φ†(1) - 1‖; the operator norm bounds how much the trace of a state can change."""
        return norm_of(self.effect - np.eye(self.dimension_in), norm)

    def unitality_defect(self, norm: Norm = "operator") -> float:
        """Return ‖Φ(1) - 1‖.

        Raises
        ------
        ShapeError
            If n ≠ m: a channel between different dimensions cannot be unital.
        """
        self._check_square()
        return norm_of(self.identity_image - np.eye(self.dimension_out), norm)

    def is_unital(self, tolerance: float = 1e-10) -> bool:
        """Return whether ‖Φ(1) - 1‖ is at most `tolerance` in the operator norm.

        Raises
        ------
        ShapeError
            If n ≠ m; ask :meth:`is_subunital`.

        Notes
        -----
        Never through entropies: a defect δ shows there as δ² at the maximally mixed state only, yet some state loses
        entropy of first order in δ. A truncated Fock space is not faithful: tr Φ(1) = n whatever the channel was.
        """
        self._check_square()
        difference = self.identity_image - np.eye(self.dimension_out)
        # The Frobenius norm encloses the operator norm, and usually decides.
        size = norm_of(difference, "frobenius")
        return size <= tolerance or (
            size <= tolerance * math.sqrt(len(difference)) and norm_of(difference) <= tolerance
        )

    def subunitality_excess(self) -> float:
        """Return the largest eigenvalue of Φ(1) - 1; the map is sub-unital where it is not positive."""
        return float(np.linalg.eigvalsh(self.identity_image - np.eye(self.dimension_out))[-1])

    def is_subunital(self, tolerance: float = 1e-10) -> bool:
        """Return whether Φ(1) ≤ 1 within `tolerance`, for any n and m: then no state loses entropy."""
        return self.subunitality_excess() <= tolerance

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _adjoint_kraus(self) -> ComplexMatrix:
        return adjoint_kraus(self.kraus_operators)

    def _uses_superoperator(self, operators: ComplexMatrix) -> bool:
        if self.form != "kraus" and "kraus_operators" not in self.__dict__:
            return True
        made = self.form == "superoperator" or "superoperator" in self.__dict__
        shape = (len(self.kraus_operators), self.dimension_out, self.dimension_in)
        return prefers_superoperator(shape, math.prod(operators.shape[:-2]), made=made)

    def _check_square(self) -> None:
        if not self.is_square:
            raise ShapeError(
                f"A map from dimension {self.dimension_in} to {self.dimension_out} cannot be unital and preserve the "
                f"trace. The right condition for the entropy is Φ(1) ≤ 1: ask `is_subunital` or `subunitality_excess`."
            )


def _gram(kraus: ComplexMatrix) -> ComplexMatrix:
    """Return Σ K K† of Kraus operators (k, m, n)."""
    rows = np.ascontiguousarray(kraus.swapaxes(0, 1)).reshape(kraus.shape[1], -1)
    return np.asarray(rows @ rows.conj().T)


def _hermitian(matrix: ComplexMatrix) -> ComplexMatrix:
    """Return the Hermitian part of a matrix that differs from its adjoint by round-off only, and others as they are."""
    adjoint = matrix.conj().T
    round_off = 1e-13 * float(np.abs(matrix).max())
    return np.asarray((matrix + adjoint) / 2) if np.abs(matrix - adjoint).max() <= round_off else matrix


def _frozen(array: ComplexMatrix) -> ComplexMatrix:
    array.flags.writeable = False
    return array
