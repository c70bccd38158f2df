"""Υ and C of coherent states: closed form, divided differences or a series, whichever keeps the digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from loschmidt._kernels.entropies import hermitian_eigensystems
from loschmidt.evolution.secular_structure import decays_elementwise, elementwise_decay, half_widths
from loschmidt.ledger._divided_logarithm import divided_logarithm, second_divided_logarithm
from loschmidt.ledger._kernel_limits import production_with_kernel
from loschmidt.ledger._qubit_coherence import qubit_coherence
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.typing import BooleanArray, ComplexMatrix, RealMatrix, RealVector

__all__ = ["coherence_production"]

#: |ρ_nm|² / (p_n p_m) up to which the second-order series is the more accurate one.
_SERIES = 1e-16
#: The same, up to which ln ρ - ln Δρ is built from divided differences instead of a subtraction.
_DIVIDED = 1e-6
#: From here on a qubit is pure.
_PURE = 1 - 1e-13
#: An eigenvalue below this is zero, or needs an eigensolver with relative accuracy.
_SUSPICIOUS = 1e-12
#: Dimension from which it pays to look for a real form of the states, and what counts as real.
_REAL_FROM = 9
_REAL = 1e-15
#: Number of states from which compiled code is worth loading.
_COMPILED_FROM = 100


@dataclass(frozen=True, eq=False)
class _States:
    """States at some times: (t, d, d), populations and their logarithms (t, d), diagonals of D_b(ρ) (t, B, d)."""

    matrices: ComplexMatrix
    populations: RealMatrix
    logarithms: RealMatrix
    changes: RealMatrix

    def at(self, chosen: BooleanArray) -> _States:
        if chosen.all():
            return self
        return _States(self.matrices[chosen], self.populations[chosen], self.logarithms[chosen], self.changes[chosen])


@dataclass(frozen=True, eq=False)
class _Baths:
    """What the baths do to coherences.

    `decay` (B, d, d) are the rates at which they decay, None where they feed each other; `half_widths` (B, d) are those
    of the levels if a coherence decays at the sum of two of them, None where there is dephasing, too.
    """

    dissipators: Sequence[DaviesDissipator]
    decay: RealMatrix | None
    half_widths: RealMatrix | None

    @classmethod
    def of(cls, dissipators: Sequence[DaviesDissipator]) -> _Baths:
        if not all(decays_elementwise(one) for one in dissipators):
            return cls(dissipators, None, None)
        decay = np.array([elementwise_decay(one) for one in dissipators])
        found = [half_widths(one) for one in dissipators]
        return cls(dissipators, decay, np.array(found) if all(one is not None for one in found) else None)

    def change(self, matrices: ComplexMatrix) -> ComplexMatrix:
        """Return D_b(ρ) (t, B, d, d); the diagonal is only right where coherences feed each other."""
        if self.decay is not None:
            return np.asarray(-self.decay * matrices[:, None])
        changed = np.empty((len(matrices), len(self.dissipators), *matrices.shape[1:]), dtype=np.complex128)
        for b, one in enumerate(self.dissipators):
            changed[:, b] = one.apply_in_eigenbasis(matrices)
        return changed

    def production(self, states: _States, difference: ComplexMatrix) -> tuple[RealVector, RealMatrix]:
        """Return tr(ρ K) (t,) and -tr(D_b(ρ) K) (t, B) for K = ln ρ - ln Δρ (t, d, d)."""
        count, d = states.populations.shape
        inner = np.ascontiguousarray(np.diagonal(difference, axis1=-2, axis2=-1).real)
        # Re(ρ_mn K_nm) with both Hermitian is Re(ρ_nm K_nm*): two real products.
        weights = states.matrices.real * difference.real
        if np.iscomplexobj(difference):
            weights += states.matrices.imag * difference.imag
        flat = weights.reshape(count, d * d)
        coherence = flat.sum(axis=1)
        if self.decay is not None:
            off = flat @ self.decay.reshape(-1, d * d).T
        else:
            changed = self.change(states.matrices)
            changed.reshape(*changed.shape[:2], d * d)[..., :: d + 1] = 0.0
            off = -np.einsum("tbmn,tnm->tb", changed, difference, optimize=True).real
        return coherence, off - np.einsum("tbn,tn->tb", states.changes, inner)


def coherence_production(
    matrices: ComplexMatrix,
    populations: RealMatrix,
    filled: BooleanArray,
    logarithms: RealMatrix,
    changes: RealMatrix,
    dissipators: Sequence[DaviesDissipator],
) -> tuple[RealVector, RealMatrix]:
    """Return the relative entropy of coherence C (T,) and the production Υ of each bath (T, B).

    Parameters
    ----------
    matrices : (T, d, d)
        States in the energy eigenbasis.
    populations, filled, logarithms : (T, d)
        Their diagonal, which of it counts as not zero, and its logarithm there.
    changes : (T, B, d)
        Diagonal of D_b(ρ).
    dissipators : sequence of DaviesDissipator
        The baths.
    """
    count, d = populations.shape
    coherence, production = np.zeros(count), np.zeros((count, len(dissipators)))
    states, baths = _States(matrices, populations, logarithms, changes), _Baths.of(tuple(dissipators))
    ratio = _coherence_ratio(matrices, populations, filled)
    singular = ~filled.all(axis=1) & (ratio > 0)
    if d == 2:
        singular |= ratio >= _PURE
        if (regular := ~singular & (ratio > 0)).any():
            coherence[regular], production[regular] = _qubit(states.at(regular), baths)
    elif ratio.any():
        singular |= _by_size(states, ratio, singular, baths, coherence, production)
    if singular.any():
        changed = baths.change(matrices[singular])
        changed.reshape(*changed.shape[:2], d * d)[..., :: d + 1] = changes[singular]
        for k, t in enumerate(np.nonzero(singular)[0]):
            coherence[t], production[t] = production_with_kernel(matrices[t], filled[t], changed[k])
    return coherence, production


def _by_size(
    states: _States,
    ratio: RealVector,
    singular: BooleanArray,
    baths: _Baths,
    coherence: RealVector,
    production: RealMatrix,
) -> BooleanArray:
    """Fill in C and Υ except at the times (T,) that are `singular`; return at which further ones a state is."""
    done, close = _of_rank_one(states, (ratio > 0) & ~singular, baths, coherence, production)
    tiny = (ratio <= _SERIES) & ~singular & ~done
    if (occupied := tiny & (ratio > 0)).any():
        coherence[occupied], production[occupied] = _by_series(states.at(occupied), baths)
    if (regular := ~tiny & ~singular & ~done).any():
        close |= _by_eigensystem(states, regular, ratio, baths, coherence, production)
    return close


def _qubit(states: _States, baths: _Baths) -> tuple[RealVector, RealMatrix]:
    off = states.matrices[:, 0, 1]
    square = off.real**2 + off.imag**2
    if baths.decay is None:
        loss = -2 * (baths.change(states.matrices)[:, :, 0, 1] * off.conj()[:, None]).real
    else:
        loss = np.multiply.outer(square, 2 * baths.decay[:, 0, 1])
    first, second = states.populations.T
    coherence, slope, excess = qubit_coherence(first - second, first + second, 4 * first * second, 4 * square)
    return coherence, loss * slope[:, None] - states.changes[:, :, 0] * excess[:, None]


def _coherence_ratio(matrices: ComplexMatrix, populations: RealMatrix, filled: BooleanArray) -> RealVector:
    """Return the largest |ρ_nm|² / (p_n p_m) (T,) of the levels that are filled, or a bound where it is large."""
    count, d = populations.shape
    if d == 2:
        off = matrices[:, 0, 1]
        product = populations[:, 0] * populations[:, 1]
        return np.asarray((off.real**2 + off.imag**2) / np.where(filled.all(axis=1), product, np.inf))
    # The mean of |ρ_nm|² over all pairs bounds the largest from below: most times need no more than that.
    flat = matrices.reshape(count, d * d)
    parts = flat.view(np.float64) if np.iscomplexobj(flat) else flat
    norm = np.einsum("ti,ti->t", parts, parts) - np.einsum("tn,tn->t", populations, populations)
    bound = norm / (d * d * populations.max(axis=1) ** 2)
    close = bound <= 2 * _DIVIDED
    if close.any():
        bound[close] = _largest_ratio(matrices[close], populations[close], filled[close])
    return np.asarray(bound)


def _largest_ratio(matrices: ComplexMatrix, populations: RealMatrix, filled: BooleanArray) -> RealVector:
    inverse = np.where(filled, populations, np.inf) ** -0.5
    scaled = np.abs(matrices)
    scaled *= inverse[:, :, None]
    scaled *= inverse[:, None, :]
    scaled.reshape(len(scaled), -1)[:, :: scaled.shape[-1] + 1] = 0.0
    return np.asarray(scaled.max(axis=(1, 2)) ** 2)


def _by_series(states: _States, baths: _Baths) -> tuple[RealVector, RealMatrix]:
    """Second order, K_nm = ρ_nm ln[p_n, p_m] and K_nn = Σ_m |ρ_nm|² ln[p_n, p_n, p_m], with divided differences."""
    p = states.populations
    d = p.shape[1]
    off = states.matrices.copy()
    off.reshape(len(off), -1)[:, :: d + 1] = 0.0
    square = off.real**2 + off.imag**2
    first = divided_logarithm(p[:, :, None], p[:, None, :])
    difference = off * first
    second = (square * second_divided_logarithm(p[:, :, None], p[:, None, :])).sum(axis=2)
    difference.reshape(len(off), -1)[:, :: d + 1] = second
    _, production = baths.production(states, difference)
    return 0.5 * (square * first).sum(axis=(1, 2)), production


def _of_rank_one(
    states: _States, chosen: BooleanArray, baths: _Baths, coherence: RealVector, production: RealMatrix
) -> tuple[BooleanArray, BooleanArray]:
    """Deal with those of the `chosen` times (T,) where a state is diagonal plus rank one.

    Returns at which times that is so, and at which of these C and Υ are not filled in, the state being close to pure.

    Without dephasing a pure state stays of that form, and the decay of coherences needs no more of ln ρ than diagonals.
    """
    done, close = np.zeros((2, len(chosen)), dtype=np.bool_)
    times = np.nonzero(chosen)[0]
    if baths.half_widths is None or len(times) < _COMPILED_FROM:
        return done, close
    if not _is_rank_one(states.matrices[times[len(times) // 2]], states.populations[times[len(times) // 2]]):
        return done, close
    from loschmidt._kernels.rank_one import logarithmic_coherences

    lowest, parts = np.empty(len(times)), np.empty((len(times), 2, states.populations.shape[1]))
    matrices = np.ascontiguousarray(states.matrices, dtype=np.complex128)
    logarithmic_coherences(matrices, states.populations, states.logarithms, times, lowest, parts)
    done[times] = ~np.isnan(lowest)
    close[times] = lowest <= _SUSPICIOUS
    known = lowest > _SUSPICIOUS
    times = times[known]
    inner, outer = parts[known, 0], parts[known, 1]
    coherence[times] = np.einsum("tn,tn->t", states.populations[times], inner) + outer.sum(axis=1)
    production[times] = 2 * outer @ baths.half_widths.T - np.einsum("tbn,tn->tb", states.changes[times], inner)
    return done, close


def _is_rank_one(matrix: ComplexMatrix, populations: RealVector) -> bool:
    """Return whether one matrix looks like diagonal plus rank one; the kernel takes a closer look at each."""
    scaled = np.abs(matrix / np.sqrt(populations[:, None] * populations))
    np.fill_diagonal(scaled, 0.0)
    first, second = np.unravel_index(int(scaled.argmax()), scaled.shape)
    defect = np.abs(scaled[first, second] * scaled - np.multiply.outer(scaled[:, second], scaled[first]))
    np.fill_diagonal(defect, 0.0)
    # The diagonal of ρ takes part in the products of these.
    defect[[first, second]] = defect[:, [first, second]] = 0.0
    return bool(defect.max() <= 1e-12 * scaled.max() ** 2)


def _by_eigensystem(
    states: _States,
    chosen: BooleanArray,
    ratio: RealVector,
    baths: _Baths,
    coherence: RealVector,
    production: RealMatrix,
) -> BooleanArray:
    """Fill in C and Υ at the `chosen` times (T,); return at which of them an eigenvalue is too small for that."""
    part = states.at(chosen)
    if len(part.populations[0]) >= _REAL_FROM:
        part = _in_real_gauge(part, baths)
    matrices = part.matrices
    values, vectors = hermitian_eigensystems(matrices, compiled=len(matrices) >= _COMPILED_FROM)
    doubtful = values[:, 0] <= _SUSPICIOUS
    safe = np.where(values <= _SUSPICIOUS, 1.0, values) if doubtful.any() else values
    difference = (vectors * np.log(safe)[:, None, :]) @ vectors.conj().swapaxes(-1, -2)
    d = safe.shape[1]
    difference.reshape(len(safe), -1)[:, :: d + 1] -= part.logarithms
    small = ratio[chosen] <= _DIVIDED
    if small.any():
        difference[small] = _divided_difference(matrices[small], part.populations[small], safe[small], vectors[small])
    coherence[chosen], production[chosen] = baths.production(part, difference)
    result = np.zeros(len(chosen), dtype=np.bool_)
    result[np.nonzero(chosen)[0][doubtful]] = True
    return result


def _in_real_gauge(states: _States, baths: _Baths) -> _States:
    """Return the states with phases of the basis chosen such that they are real, unchanged where there are none.

    States that were real stay real apart from the free rotation, and a real eigenproblem is the cheaper one.
    """
    if baths.decay is None:
        return states
    row = states.matrices[:, 0, :]
    size = np.abs(row)
    phases = np.where(size > 0, row, 1.0) / np.where(size > 0, size, 1.0)
    turned = states.matrices * phases[:, :, None]
    turned *= phases.conj()[:, None, :]
    if np.abs(turned.imag).max() > _REAL * float(size.max()):
        return states
    return replace(states, matrices=np.ascontiguousarray(turned.real))


def _divided_difference(
    matrices: ComplexMatrix, populations: RealMatrix, values: RealMatrix, vectors: ComplexMatrix
) -> ComplexMatrix:
    # ⟨i|(ln ρ - ln Δρ)|n⟩ = ln[r_i, p_n] ⟨i|(ρ - Δρ)|n⟩ for eigenvectors i of ρ and n of Δρ: exact, no subtraction.
    d = populations.shape[-1]
    off = matrices.copy()
    off.reshape(len(off), -1)[:, :: d + 1] = 0.0
    mixed = vectors.conj().swapaxes(-1, -2) @ off
    return np.asarray(vectors @ (mixed * divided_logarithm(values[..., :, None], populations[..., None, :])))
