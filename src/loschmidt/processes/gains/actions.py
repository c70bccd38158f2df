"""What the minimisation asks of a channel: the image of a state and the pull-back of a logarithm, by few products.

States come as populations and an eigenbasis, logarithms likewise, and outputs live on the support of Φ(1), which is
found once: cutting small eigenvalues of Φ(ρ) again and again would break the lower bound at boundary optima.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from scipy.linalg.blas import zherk

from loschmidt.processes.channels.application import apply_superoperator
from loschmidt.processes.channels.channel import Channel
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["ChannelAction", "KrausAction", "SuperoperatorAction", "action_of", "support_basis"]

_EPSILON = float(np.finfo(float).eps)
_LARGEST_SUPEROPERATOR = 2**22  # elements made unasked: 64 MiB
_GOLDEN = 0.6180339887498949


@runtime_checkable
class ChannelAction(Protocol):
    """A channel from dimension n onto the support of Φ(1), of dimension r.

    Attributes
    ----------
    shape : (r, n)
    rounding : float
        Round-off of an element of Φ(ρ), relative to its largest eigenvalue.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """Dimension of the support of Φ(1), and of what goes in."""

    @property
    def rounding(self) -> float:
        """Round-off of the eigenvalues of Φ(ρ), relative to the largest."""

    def image(self, populations: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ(Σ p|v⟩⟨v|) (r, r); only the lower triangle counts."""

    def pull_back(self, logarithms: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ†(Σ l|w⟩⟨w|) (n, n) of logarithms l ≤ 0."""

    def overlaps(self, basis: ComplexMatrix) -> RealMatrix:
        """Return tr Φ(|v⟩⟨v|)Φ(|v'⟩⟨v'|) (n, n): 0 where every image of one is orthogonal to every image of the other.

        Entries may be off by their round-off, and larger than they are where a cheaper number already shows an overlap.
        """

    def restricted(self, basis: ComplexMatrix) -> ChannelAction:
        """Return the action on the subspace that is spanned by the columns (n, q)."""


@dataclass(frozen=True, eq=False)
class KrausAction:
    """Few Kraus operators, stacked so that each task is one matrix product and one Hermitian rank-k product.

    Attributes
    ----------
    stack : (r, k, n)
        Kraus operators on the support, the row of the output first.
    """

    stack: ComplexMatrix

    @classmethod
    def of(cls, kraus: ComplexMatrix) -> KrausAction:
        """Return the action of Kraus operators (k, m, n)."""
        stack = np.ascontiguousarray(kraus.swapaxes(0, 1))
        rows = stack.reshape(len(stack), -1)
        support = support_basis(zherk(1.0, rows.T, trans=2).T)
        if support.shape[1] == len(stack):
            return cls(stack)
        return cls((support.conj().T @ rows).reshape(-1, *stack.shape[1:]))

    @property
    def shape(self) -> tuple[int, int]:
        """Dimension of the support of Φ(1), and of what goes in."""
        return self.stack.shape[0], self.stack.shape[2]

    @property
    def rounding(self) -> float:
        """Round-off of the eigenvalues of Φ(ρ), relative to the largest."""
        return _EPSILON * math.sqrt(self.stack.size)

    def image(self, populations: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ(Σ p|v⟩⟨v|) (r, r); only the lower triangle counts."""
        r, k, n = self.stack.shape
        half = self.stack.reshape(r * k, n) @ (basis * np.sqrt(populations))
        # Row-major arrays are transposes to BLAS: the conjugate of the upper triangle is the lower one.
        lower: ComplexMatrix = zherk(1.0, half.reshape(r, k * n).T, trans=2).T
        return lower

    def pull_back(self, logarithms: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ†(Σ l|w⟩⟨w|) (n, n) of logarithms l ≤ 0."""
        r, k, n = self.stack.shape
        half = (np.sqrt(-logarithms)[:, None] * basis.conj().T) @ self.stack.reshape(r, k * n)
        lower = zherk(-1.0, half.reshape(r * k, n).T).T
        return _hermitian_from_lower(lower)

    def overlaps(self, basis: ComplexMatrix) -> RealMatrix:
        """Return tr Φ(|v⟩⟨v|)Φ(|v'⟩⟨v'|) (n, n), or a first sign that there is nothing to find."""
        r, k, n = self.stack.shape
        images = (self.stack.reshape(r * k, n) @ basis).reshape(r, k, n)
        sign = np.zeros((n, n))
        for multiple in (1, 2):  # two generic combinations A of the K: A†A connects what some K†K' connects
            phases = np.exp(2j * np.pi * ((np.arange(k) + 1) ** 2 * multiple * _GOLDEN % 1))
            combined = np.einsum("k,rkn->rn", phases, images)
            sign += np.abs(combined.conj().T @ combined) ** 2
        if k == 1 or (sign[0] > _EPSILON).all():
            return sign
        vectors = images.transpose(2, 0, 1)
        projected = (vectors @ vectors.conj().swapaxes(-1, -2)).reshape(n, r * r)
        return np.asarray((projected @ projected.conj().T).real)

    def restricted(self, basis: ComplexMatrix) -> KrausAction:
        """Return the action on the subspace that is spanned by the columns (n, q)."""
        return KrausAction.of((self.stack @ basis).swapaxes(0, 1))


@dataclass(frozen=True, eq=False)
class SuperoperatorAction:
    """A channel of many Kraus operators, as one matrix on column-stacked operators.

    Attributes
    ----------
    superoperator : (m², n²)
    subspace : (n, q)
        Basis of what goes in.
    support : (m, r)
        Basis of the support of Φ(1).
    """

    superoperator: ComplexMatrix
    subspace: ComplexMatrix
    support: ComplexMatrix

    @classmethod
    def of(cls, superoperator: ComplexMatrix, subspace: ComplexMatrix) -> SuperoperatorAction:
        """Return the action of a superoperator (m², n²) on the span of the columns (n, q)."""
        whole = apply_superoperator(superoperator, subspace @ subspace.conj().T)
        return cls(superoperator, subspace, support_basis(whole))

    @property
    def shape(self) -> tuple[int, int]:
        """Dimension of the support of Φ(1), and of what goes in."""
        return self.support.shape[1], self.subspace.shape[1]

    @property
    def rounding(self) -> float:
        """Round-off of the eigenvalues of Φ(ρ), relative to the largest."""
        return _EPSILON * float(self.superoperator.shape[1])

    def image(self, populations: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ(Σ p|v⟩⟨v|) (r, r)."""
        vectors = self.subspace @ basis
        whole = apply_superoperator(self.superoperator, (vectors * populations) @ vectors.conj().T)
        return np.asarray(self.support.conj().T @ whole @ self.support)

    def pull_back(self, logarithms: RealVector, basis: ComplexMatrix) -> ComplexMatrix:
        """Return Φ†(Σ l|w⟩⟨w|) (n, n)."""
        vectors = self.support @ basis
        operator = (vectors * logarithms) @ vectors.conj().T
        # S†vec(X) is the conjugate of vec(X)†S: S itself is read row by row, and never transposed.
        row = operator.T.reshape(1, -1).conj() @ self.superoperator
        n = len(self.subspace)
        whole = row.conj().reshape(n, n).T
        pulled = self.subspace.conj().T @ whole @ self.subspace
        return np.asarray((pulled + pulled.conj().T) / 2)

    def overlaps(self, basis: ComplexMatrix) -> RealMatrix:
        """Return tr Φ(|v⟩⟨v|)Φ(|v'⟩⟨v'|) (n, n)."""
        vectors = (self.subspace @ basis).T
        images = apply_superoperator(self.superoperator, vectors[:, :, None] * vectors[:, None, :].conj())
        flat = images.reshape(len(images), -1)
        return np.asarray((flat @ flat.conj().T).real)

    def restricted(self, basis: ComplexMatrix) -> SuperoperatorAction:
        """Return the action on the subspace that is spanned by the columns (n, q)."""
        return SuperoperatorAction.of(self.superoperator, self.subspace @ basis)


def action_of(channel: Channel) -> ChannelAction:
    """Return the cheaper of the two actions of a channel.

    Examples
    --------
    >>> from loschmidt.processes.channels import reset_channel
    >>> action_of(reset_channel([1, 0])).shape
    (1, 2)
    """
    m, n = channel.dimension_out, channel.dimension_in
    if channel.form == "kraus":
        count = len(channel.kraus_operators)
        if m * m * n * n > _LARGEST_SUPEROPERATOR or count * (m + n) < 2 * m * n:
            return KrausAction.of(channel.kraus_operators)
    return SuperoperatorAction.of(channel.superoperator, np.eye(n, dtype=np.complex128))


def support_basis(positive: ComplexMatrix) -> ComplexMatrix:
    """Return an orthonormal basis (m, r) of the support of a positive matrix (m, m), read from its lower triangle.

    Eigenvalues up to 4 m ε of the largest are round-off.

    Examples
    --------
    >>> support_basis(np.diag([0, 2.0]) + 0j).real
    array([[0.],
           [1.]])
    """
    values, vectors = np.linalg.eigh(positive)
    kept = values > 4 * len(values) * _EPSILON * values[-1]
    return np.asarray(vectors[:, kept])


def _hermitian_from_lower(lower: ComplexMatrix) -> ComplexMatrix:
    full: ComplexMatrix = lower + lower.conj().T
    diagonal = np.arange(len(full))
    full[diagonal, diagonal] /= 2
    return full
