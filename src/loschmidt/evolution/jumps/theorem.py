"""The integral fluctuation theorem of the ensemble, computed without sampling.

The mean of e^{-σ} over all trajectories is tr(M(Π) ρ_τ), with Π the projector on the support of the initial state and M
the evolution in which each jump operator carries the factor e^{-s/2} of the entropy s that it gives to its bath. The
mean of e^{-2σ}, which says how many trajectories it takes to see the theorem, is tr(M(ρ_0^{-1}) ρ_τ²) with e^{-s}.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.jumps.nodes import RUNNING, propagators
from loschmidt.typing import BooleanArray, ComplexMatrix, RealTensor, RealVector

__all__ = ["Theorem", "balance_defects", "tilted", "weighted_mean_driven", "weighted_mean_static"]

_DENSE = 16
_BALANCED = 1e-10
_SMALL = 6
_CHUNK = 3e7  # bytes
_MOST_ITERATIONS = 60


@dataclass(frozen=True, eq=False)
class Theorem:
    """What can be known about e^{-σ} without sampling.

    Attributes
    ----------
    balance, lack : float or None
        See :func:`balance_defects`.
    moment : callable or None
        tr(M(A) B) for operators A, B (d, d), with the factor e^{-ns/2} for each jump; takes n, A, B, and which jumps
        (K,) may happen. None if some jump has no entropy.
    """

    balance: float | None
    lack: float | None
    moment: Callable[[int, ComplexMatrix, ComplexMatrix, BooleanArray], float] | None

    def missing(
        self, support: BooleanArray, projector: ComplexMatrix, final: ComplexMatrix, jumps: BooleanArray
    ) -> float:
        """Return λ = 1 - mean for the initial `support` (d,) with its projector; zero where the theorem says so."""
        assert self.moment is not None
        assert self.balance is not None
        assert self.lack is not None
        if support.all() and self.balance <= _BALANCED and self.lack <= _BALANCED:
            return 0.0
        return 1.0 - self.moment(1, projector, final, jumps)


def tilted(operators: ComplexMatrix, entropies: RealTensor, order: int = 1) -> ComplexMatrix:
    """Return operators (..., K, d, d) with the factor e^{-ns/2} of their entropies (..., K), zero for infinite s."""
    return np.asarray(np.exp(-0.5 * order * entropies)[..., None, None] * operators)


def balance_defects(operators: ComplexMatrix, weighted: ComplexMatrix) -> tuple[float, float]:
    """Return by how much Σ e^{-s} J J† exceeds and lacks of Σ J†J, relative to it, for operators (..., K, d, d).

    Both are zero if each jump has the reverse jump that its entropy promises. An excess means that the integral theorem
    cannot hold; it lacks what jumps take that have no reverse, or one at a rate too small for a number.
    """
    loss = np.einsum("...kba,...kbc->...ac", operators.conj(), operators, optimize=True)
    gain = np.einsum("...kab,...kcb->...ac", weighted, weighted.conj(), optimize=True)
    size = float(np.linalg.norm(loss, 2, axis=(-2, -1)).max(initial=0.0))
    if size == 0:
        return 0.0, 0.0
    apart = np.linalg.eigvalsh(gain - loss)
    return float(apart.max(initial=0.0)) / size, float(-apart.min(initial=0.0)) / size


def weighted_mean_static(
    generator: ComplexMatrix, weighted: ComplexMatrix, span: float, projector: ComplexMatrix, final: ComplexMatrix
) -> float:
    """Return tr(M(projector) final) for dψ/dt = A ψ between jumps (d, d) and weighted jump operators (K, d, d)."""
    from scipy.linalg import expm
    from scipy.sparse import csr_array, eye_array, kron
    from scipy.sparse.linalg import expm_multiply

    d = len(generator)
    one = eye_array(d)
    still = csr_array(_without_round_off(generator))
    superoperator = csr_array(kron(one, still) + kron(still.conj(), one))
    for jump in weighted:
        sparse = csr_array(_without_round_off(jump))
        superoperator = csr_array(superoperator + kron(sparse.conj(), sparse))
    vector = projector.T.reshape(-1).astype(np.complex128)
    if d <= _DENSE:
        moved = expm(span * superoperator.toarray()) @ vector
    else:
        moved = expm_multiply(span * superoperator, vector)
    return float(np.vdot(final.T.reshape(-1), moved).real)


def _without_round_off(matrix: ComplexMatrix) -> ComplexMatrix:
    size = np.abs(matrix)
    return np.where(size > len(matrix) * np.finfo(float).eps * size.max(initial=0.0), matrix, 0)


def weighted_mean_driven(
    generators: ComplexMatrix,
    weighted: ComplexMatrix,
    widths: RealVector,
    projector: ComplexMatrix,
    final: ComplexMatrix,
) -> float:
    """Return the same for A (M, n, d, d) and operators (M or 1, n or 1, K, d, d) at the nodes of cells."""
    d = projector.shape[-1]
    if d > _SMALL:
        return float(np.vdot(final, _moved(generators, weighted, widths, projector)).real)
    chunk = max(1, int(_CHUNK / (16 * len(RUNNING) * d**4)))
    vector = projector.T.reshape(-1).astype(np.complex128)
    for first in range(0, len(widths), chunk):
        part = slice(first, first + chunk)
        jumps = weighted[part] if len(weighted) > 1 else weighted
        for step in propagators(_superoperators(generators[part], jumps), widths[part])[:, -1]:
            vector = step @ vector
    return float(np.vdot(final.T.reshape(-1), vector).real)


def _superoperators(generators: ComplexMatrix, weighted: ComplexMatrix) -> ComplexMatrix:
    """Return X → A X + X A† + Σ J X J† on column-stacked X, (M, n, d², d²)."""
    d = generators.shape[-1]
    one = np.eye(d)
    result = np.einsum("ac,...bd->...abcd", one, generators) + np.einsum("...ac,bd->...abcd", generators.conj(), one)
    result = result + np.einsum("...kac,...kbd->...abcd", weighted.conj(), weighted, optimize=True)
    return np.asarray(result.reshape(*generators.shape[:-2], d * d, d * d))


def _moved(
    generators: ComplexMatrix, weighted: ComplexMatrix, widths: RealVector, projector: ComplexMatrix
) -> ComplexMatrix:
    """Return the projector (d, d) after the weighted evolution, cell by cell."""
    state = projector.astype(np.complex128)
    for cell, width in enumerate(widths):
        a = generators[cell]
        jumps = weighted[cell if len(weighted) > 1 else 0]
        path = np.broadcast_to(state, a.shape)
        for _ in range(_MOST_ITERATIONS):
            moved = a @ path
            rate = moved + moved.conj().swapaxes(-1, -2)
            rate += (jumps @ path[:, None] @ jumps.conj().swapaxes(-1, -2)).sum(axis=1)
            improved = state + 0.5 * width * np.tensordot(RUNNING, rate, axes=1)
            change = float(np.abs(improved - path).max())
            path = improved
            if change <= 1e-15:
                break
        state = path[-1]
    return state
