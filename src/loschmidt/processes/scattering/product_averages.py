r"""Averages over a reservoir of independent parts: one small factor per part, so that 2^N states cost N.

A transition α → β of the particle moves part a of the reservoir by :math:`F^{(a)}_{\beta\alpha}`. Everything the
particle sees of the reservoir is in :math:`\langle F_{\beta'\alpha'}^\dagger F_{\beta\alpha}\rangle`, which for parts
that start independent is the product of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealTensor

__all__ = ["ProductAverages", "joint_isometry_defects", "product_averages"]

Pairs: TypeAlias = tuple[IntegerArray, IntegerArray]

_CHUNK_ELEMENTS = 2**19


@dataclass(frozen=True, eq=False)
class ProductAverages:
    """What a particle with n channels sees of its reservoir.

    Attributes
    ----------
    correlations : (n, n, n, n)
        Element [β, α, β', α'] is ⟨F†_{β'α'} F_βα⟩.
    commutators : (n, n, n) or None
        Element [j, j', i] is ⟨[F†_{j'i}, F_ji]⟩; None if the transitions are not square.
    log_bounds : (n, n, n) or None
        Element [j, j', i] is Σ_a ln q_a, q_a the larger modulus of the two averages of part a; -inf where one is zero.
    """

    correlations: ComplexMatrix
    commutators: ComplexMatrix | None
    log_bounds: RealTensor | None


def product_averages(transitions: ComplexMatrix, states: ComplexMatrix) -> ProductAverages:
    """Return the averages over a product state; nothing is checked.

    Parameters
    ----------
    transitions : (N, n, n, e, d)
        Element [a, β, α] is F_βα of part a, unitary if it is square.
    states : (N, d, d)
        Density matrix of each part.

    Notes
    -----
    Cost N n⁴ d², memory a few MB. Logarithms are summed, not factors multiplied: a product below 1e-308 becomes zero
    only at the very end, and the bounds keep their exponent for any N.

    Examples
    --------
    >>> flip = np.array([[0, 1], [1, 0]], dtype=complex)
    >>> transitions = np.array([[[np.eye(2), flip], [flip, np.eye(2)]]])
    >>> averages = product_averages(transitions, np.eye(2, dtype=complex)[None] / 2)
    >>> float(averages.correlations[0, 0, 0, 1].real)
    0.0
    """
    n, square = transitions.shape[1], transitions.shape[-1] == transitions.shape[-2]
    pairs, below = np.triu_indices(n * n), np.triu_indices(n, 1)
    log_forward, log_backward, log_larger = _summed_logarithms(transitions, states, pairs, below)
    correlations = np.empty((n * n, n * n), dtype=np.complex128)
    correlations[pairs] = np.exp(log_forward)
    correlations[pairs[::-1]] = correlations[pairs].conj()
    correlations = correlations.reshape(n, n, n, n)
    if not square:
        return ProductAverages(correlations, None, None)
    # Both products of a unitary with its own adjoint are 1: for j = j' nothing is left.
    commutators, log_bounds = np.zeros((n, n, n), dtype=np.complex128), np.zeros((n, n, n))
    commutators[below] = _same_origin(correlations)[below] - np.exp(log_backward)
    commutators[below[::-1]] = commutators[below].conj()
    log_bounds[below] = log_bounds[below[::-1]] = log_larger
    return ProductAverages(correlations, commutators, log_bounds)


def joint_isometry_defects(scattering_matrix: ComplexMatrix, transitions: ComplexMatrix) -> RealTensor:
    r"""Return how far the joint map is from keeping norms and right angles, for each pair of incoming channels.

    .. math:: D_{ii'} = \frac{1}{\sqrt{\dim}}\Big\|\sum_j s_{ji}^* s_{ji'}\bigotimes_a F^{(a)\dagger}_{ji}F^{(a)}_{ji'}
        - \delta_{ii'}\Big\|_\mathrm{F}

    Parameters
    ----------
    scattering_matrix : (n, n)
        Amplitudes s_ji.
    transitions : (N, n, n, e, d)
        F_ji of each part.

    Returns
    -------
    (n, n)
        For diagonal F the root mean square over all configurations. Accurate to about 1e-15: the sum of products is
        orthogonalised part by part, because its squared norm as a sum of overlaps would lose half of the digits.

    Examples
    --------
    >>> s = np.array([[1, 1], [1, -1]]) / np.sqrt(2) + 0j
    >>> moves = np.ones((1, 2, 2, 1, 1), dtype=complex)
    >>> float(joint_isometry_defects(s, moves).max()) < 1e-15
    True
    """
    n, columns = len(scattering_matrix), transitions.shape[-1]
    weights = np.einsum("ji,jk->ikj", scattering_matrix.conj(), scattering_matrix)
    identity = np.eye(columns).reshape(1, 1, 1, -1) / np.sqrt(columns)
    triangle = np.concatenate([weights, -np.eye(n)[:, :, None]], axis=-1)[:, :, None, :]
    for moves in transitions:
        products = np.einsum("jixy,jkxz->ikjyz", moves.conj(), moves, optimize=True) / np.sqrt(columns)
        terms = np.concatenate(
            [products.reshape(n, n, n, -1), np.broadcast_to(identity, (n, n, 1, columns**2))], axis=-2
        )
        grown = np.einsum("ikrj,ikjv->ikrvj", triangle, terms)
        triangle = np.asarray(np.linalg.qr(grown.reshape(n, n, -1, n + 1), mode="r"))
    return np.asarray(np.linalg.norm(triangle.sum(axis=-1), axis=-1))


def _summed_logarithms(
    transitions: ComplexMatrix, states: ComplexMatrix, pairs: Pairs, below: Pairs
) -> tuple[ComplexVector, ComplexMatrix, RealTensor]:
    """Return Σ_a ln ⟨F'†F⟩ for `pairs` of moves, and for `below`, pairs of targets, Σ_a ln ⟨FF'†⟩ and Σ_a ln q_a."""
    parts, n, _, height, width = transitions.shape
    log_forward = np.zeros(len(pairs[0]), dtype=np.complex128)
    log_backward, log_larger = np.zeros((len(below[0]), n), dtype=np.complex128), np.zeros((len(below[0]), n))
    step = max(1, _CHUNK_ELEMENTS // n**4)
    with np.errstate(divide="ignore"):  # the logarithm of a factor that vanishes is -inf, and its exponential zero
        for start in range(0, parts, step):
            moves, rho = transitions[start : start + step], states[start : start + step, None, None]
            flat = (len(moves), n * n, height * width)
            forward = (moves @ rho).reshape(flat) @ moves.reshape(flat).conj().swapaxes(-1, -2)
            log_forward += np.log(forward[:, pairs[0], pairs[1]]).sum(axis=0)
            if height == width:
                backward = ((rho @ moves)[:, below[0]] * moves[:, below[1]].conj()).sum(axis=(-1, -2))
                log_backward += np.log(backward).sum(axis=0)
                first = np.abs(_same_origin(forward.reshape(-1, n, n, n, n))[:, below[0], below[1]])
                second = np.abs(backward)
                log_larger += np.log(np.where(first > second, first, second)).sum(axis=0)
    return log_forward, log_backward, log_larger


def _same_origin(correlations: ComplexMatrix) -> ComplexMatrix:
    """Return element [j, j', i] = ⟨F†_{j'i} F_ji⟩ of correlations (..., n, n, n, n)."""
    return np.asarray(np.einsum("...jiki->...jki", correlations))
