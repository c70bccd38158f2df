"""Entropy rates of any dissipators in any states, with the one-sided limits where a state has a kernel.

Source of every formula: the limit t → 0⁺ of -tr[X ln ρ_t] with ρ_t = ρ + t X + o(t). On the kernel of ρ the eigenvalues
are t κ_k with κ the eigenvalues of PXP, so the rate is a ln(1/t) + f: it diverges like a logarithm if the kernel is fed
(a > 0) and equals f otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["KERNEL_TOLERANCE", "EntropyRates", "entropy_rates"]

#: Eigenvalues of a state up to this count as kernel.
KERNEL_TOLERANCE = 1e-14
#: Feeding of the kernel slower than this fraction of how fast a bath moves the state counts as none.
_FEEDING_TOLERANCE = 1e-12
#: So does feeding that round-off of the fastest bath could make, in units of it.
_ROUND_OFF = 16 * float(np.finfo(float).eps)
_DEEPEST_LOGARITHM = 40.0


@dataclass(frozen=True, eq=False)
class EntropyRates:
    """Entropy change per bath, of the state and of its pinched version.

    Attributes
    ----------
    lowest : (T,)
        Lowest eigenvalue of each state.
    divergence, diagonal_divergence : (T, B)
        Coefficients a of ln(1/t); zero where the rate is finite.
    finite, diagonal_finite : (T, B)
        The finite parts f.
    sensitivity, diagonal_sensitivity : (T, B)
        Change of the rate per Frobenius norm of an error of the state.
    """

    lowest: RealVector
    divergence: RealMatrix
    finite: RealMatrix
    sensitivity: RealMatrix
    diagonal_divergence: RealMatrix
    diagonal_finite: RealMatrix
    diagonal_sensitivity: RealMatrix

    @property
    def entropy_rate(self) -> RealMatrix:
        """-tr[D_b(ρ) ln ρ] (T, B), infinite where the kernel is fed."""
        return _with_divergence(self.finite, self.divergence)

    @property
    def diagonal_entropy_rate(self) -> RealMatrix:
        """-tr[D_b(ρ) ln Δρ] (T, B), infinite where its kernel is fed."""
        return _with_divergence(self.diagonal_finite, self.diagonal_divergence)

    @property
    def total_entropy_rate(self) -> RealVector:
        """Sum over baths (T,); of infinite rates of either sign the coefficients are added, never the infinities."""
        return _with_divergence(self.finite.sum(axis=-1), self.divergence.sum(axis=-1))

    @property
    def total_diagonal_entropy_rate(self) -> RealVector:
        """The same of the pinched state (T,)."""
        return _with_divergence(self.diagonal_finite.sum(axis=-1), self.diagonal_divergence.sum(axis=-1))

    @property
    def total_coherence_production_rate(self) -> RealVector:
        """Υ of all baths together (T,)."""
        difference = self.divergence - self.diagonal_divergence
        return _with_divergence((self.finite - self.diagonal_finite).sum(axis=-1), difference.sum(axis=-1))

    @property
    def coherence_production_rate(self) -> RealMatrix:
        """Υ_b (T, B); finite where both rates diverge alike."""
        return _with_divergence(self.finite - self.diagonal_finite, self.divergence - self.diagonal_divergence)


def entropy_rates(
    states: ComplexMatrix, changes: ComplexMatrix, level_labels: IntegerArray, largest_rate: float
) -> EntropyRates:
    """Return the entropy rates of a stack of states under several baths.

    Parameters
    ----------
    states : (T, d, d)
        Density matrices in an energy eigenbasis.
    changes : (B, T, d, d)
        D_b(ρ) of each bath, in the same basis.
    level_labels : (d,) or (T, d)
        Which basis states share an energy level.
    largest_rate : float
        Sets what counts as round-off.

    Returns
    -------
    EntropyRates
    """
    blocks = level_labels[..., :, None] == level_labels[..., None, :]
    moved = _FEEDING_TOLERANCE * np.linalg.norm(changes, axis=(-2, -1))
    round_off = _ROUND_OFF * states.shape[-1] * largest_rate
    threshold = np.where(moved > round_off, moved, round_off)
    full = _rates(states, changes, threshold, largest_rate)
    pinched = _rates(np.where(blocks, states, 0), np.where(blocks, changes, 0), threshold, largest_rate)
    # The kernel of Δρ lies inside that of ρ, so an equal divergence is equal up to round-off: make it exactly equal.
    same = np.abs(full.divergence - pinched.divergence) <= threshold.T
    return EntropyRates(
        lowest=full.lowest,
        divergence=full.divergence,
        finite=full.finite,
        sensitivity=full.sensitivity,
        diagonal_divergence=np.where(same, full.divergence, pinched.divergence),
        diagonal_finite=pinched.finite,
        diagonal_sensitivity=pinched.sensitivity,
    )


class _Rates(NamedTuple):
    lowest: RealVector
    divergence: RealMatrix
    finite: RealMatrix
    sensitivity: RealMatrix


def _rates(states: ComplexMatrix, changes: ComplexMatrix, threshold: RealMatrix, largest_rate: float) -> _Rates:
    values, vectors = np.linalg.eigh(states)
    inner = vectors.conj().swapaxes(-1, -2) @ changes @ vectors
    diagonal = np.diagonal(inner, axis1=-2, axis2=-1).real
    kernel = values <= KERNEL_TOLERANCE
    logarithms = np.log(np.where(kernel, 1.0, values))
    finite = -(diagonal * logarithms).sum(axis=-1)
    fed = np.where(kernel, diagonal, 0).sum(axis=-1)
    divergence = np.where(np.abs(fed) > threshold, fed, 0.0)
    for t in np.nonzero((divergence != 0).any(axis=0))[0]:
        finite[:, t] -= _kernel_part(inner[:, t][:, kernel[t]][:, :, kernel[t]])
    sensitivity = _sensitivity(values, kernel, logarithms, inner, largest_rate)
    return _Rates(values[:, 0], divergence.T, finite.T, sensitivity.T)


def _kernel_part(blocks: ComplexMatrix) -> RealVector:
    """Return Σ_k ⟨k|X_b|k⟩ ln κ_k (B,) with κ, |k⟩ the eigensystem of the total change inside the kernel."""
    growth, vectors = np.linalg.eigh(blocks.sum(axis=0))
    share = np.einsum("ak,bac,ck->bk", vectors.conj(), blocks, vectors, optimize=True).real
    growing = growth > 1e-14 * np.abs(growth).max()
    return np.asarray((share[:, growing] * np.log(growth[growing])).sum(axis=-1))


def _sensitivity(
    values: RealMatrix, kernel: RealMatrix, logarithms: RealMatrix, inner: ComplexMatrix, largest_rate: float
) -> RealMatrix:
    # d(-tr[X ln ρ]) = -tr[D(δ) ln ρ] - tr[X d(ln ρ)], the latter with divided differences of ln in the eigenbasis.
    support = ~kernel
    left, right = values[..., :, None], values[..., None, :]
    both = support[..., :, None] & support[..., None, :]
    safe_left, safe_right = np.where(both, left, 1.0), np.where(both, right, 1.0)
    gap = safe_left - safe_right
    close = np.abs(gap) <= 1e-6 * (safe_left + safe_right)
    divided = np.where(close, 2 / (safe_left + safe_right), np.log(safe_left / safe_right) / np.where(close, 1.0, gap))
    moved = np.linalg.norm(np.where(both, inner * divided, 0), axis=(-2, -1))
    # A kernel is told from round-off at ln(1e-17) or so, whatever the logarithms on the support are.
    return np.asarray(moved + 2 * largest_rate * (np.linalg.norm(logarithms, axis=-1) + _DEEPEST_LOGARITHM))


def _with_divergence(finite: RealTensor, divergence: RealTensor) -> RealTensor:
    return np.where(divergence > 0, np.inf, np.where(divergence < 0, -np.inf, finite))
