"""The criterion of unitality: what the reservoir operators of each level fail to commute by, on average."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.processes.channels.defects import norm_of
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.processes.dilations.energy_blocks import EnergyBlocks, energy_blocks
from loschmidt.typing import ComplexMatrix

__all__ = ["BlockNonunitality", "Nonunitality", "mean_commutators", "nonunitality_matrix"]


@dataclass(frozen=True, eq=False)
class BlockNonunitality:
    """The criterion inside one level.

    Attributes
    ----------
    energy : float
    matrix : (g, g)
        Φ(1_E) - 1_E in the basis of the level, exact if the unitary keeps the energy of the system.
    operator_norm, frobenius_norm : float

    Examples
    --------
    >>> unital = Dilation(np.eye(4), [1, 0], (2, 2), system_hamiltonian=np.diag([0.0, 1.0]))
    >>> [block.operator_norm for block in nonunitality_matrix(unital).blocks]
    [0.0, 0.0]
    """

    energy: float
    matrix: ComplexMatrix
    operator_norm: float
    frobenius_norm: float


@dataclass(frozen=True, eq=False)
class Nonunitality:
    """What keeps a channel from being unital, computed from the operators that its reservoir feels.

    Attributes
    ----------
    matrix : (d_S, d_S)
        Φ(1) - 1 in the basis of the dilation, Hermitian; exact for every unitary.
    operator_norm, frobenius_norm : float
    blocks : tuple of BlockNonunitality
        Level by level; one level if there is no Hamiltonian.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> nonunitality_matrix(Dilation(swap, [1, 0], (2, 2))).operator_norm
    1.0
    """

    matrix: ComplexMatrix
    operator_norm: float
    frobenius_norm: float
    blocks: tuple[BlockNonunitality, ...]


def nonunitality_matrix(dilation: Dilation, blocks: EnergyBlocks | None = None) -> Nonunitality:
    r"""Return Φ(1) - 1 from the commutators of reservoir operators.

    .. math:: [\Phi(\hat 1_E)-\hat 1_E]_{jj'} = \sum_i s_{ji}s^*_{j'i}\langle[F^\dagger_{j'i},F_{ji}]\rangle
              = \sum_i\langle[B^\dagger_{j'i},B_{ji}]\rangle

    Parameters
    ----------
    dilation : Dilation
        Its system Hamiltonian, if it has one, decides on the levels.
    blocks : EnergyBlocks, optional
        Of the same dilation, if they are known already.

    Returns
    -------
    Nonunitality

    Notes
    -----
    Eq. (3) of :cite:t:`lesovik2016`. For a unitary that does not keep the energy the sum over all states i still gives
    Φ(1) - 1, but a level's own sum does not give Φ(1_E) - 1_E; what leaks is reported by
    :func:`~loschmidt.processes.dilations.h_theorem.h_theorem`.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> nonunitality_matrix(Dilation(swap, [0.6, 0.8], (2, 2))).matrix.real.round(12)
    array([[-0.28,  0.96],
           [ 0.96,  0.28]])
    """
    known = energy_blocks(dilation) if blocks is None else blocks
    matrix = _hermitian_part(known.levels.from_eigenbasis(_mean(known.operators, dilation.reservoir_factor)))
    parts = []
    for block in known.blocks:
        inside = _mean(block.operators, dilation.reservoir_factor)
        parts.append(BlockNonunitality(block.energy, inside, *_norms(inside)))
    return Nonunitality(matrix, *_norms(matrix), tuple(parts))


def mean_commutators(operators: ComplexMatrix, factor: ComplexMatrix) -> ComplexMatrix:
    """Return ⟨[B†_j'i, B_ji]⟩ as (i, j, j') of operators B (n, n, d_R, d_R) and a factor of ρ_R (d_R, rank).

    Examples
    --------
    >>> lowering = np.array([[0, 1], [0, 0]], dtype=complex)[None, None]
    >>> mean_commutators(lowering, np.eye(2)[:, :1] + 0j).real
    array([[[-1.]]])
    """
    n = len(operators)
    right = (operators @ factor).transpose(1, 0, 2, 3).reshape(n, n, -1)
    left = (factor.conj().T @ operators).transpose(1, 0, 2, 3).reshape(n, n, -1)
    # tr ρ B†_j'i B_ji and tr ρ B_ji B†_j'i are scalar products of the operators times the root of ρ.
    return np.asarray(right @ right.conj().swapaxes(-1, -2) - left @ left.conj().swapaxes(-1, -2))


def _mean(operators: ComplexMatrix, factor: ComplexMatrix) -> ComplexMatrix:
    return _hermitian_part(mean_commutators(operators, factor).sum(axis=0))


def _hermitian_part(matrix: ComplexMatrix) -> ComplexMatrix:
    return np.asarray((matrix + matrix.conj().T) / 2)


def _norms(matrix: ComplexMatrix) -> tuple[float, float]:
    return norm_of(matrix), float(np.linalg.norm(matrix))
