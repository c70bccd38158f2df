"""Elastic scattering in one dimension: a barrier, and whatever the passing or turning particle does to its reservoir.

Channels are ordered (left, right): s = [[s_LL, s_LR], [s_RL, s_RR]], where s_RL leads from left to right.
"""

from __future__ import annotations

import math
from typing import SupportsFloat, TypeAlias

import numpy as np
from scipy.special import pdtrc

from loschmidt.checks import as_density_matrix, as_number, as_operator, as_unitary
from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ShapeError
from loschmidt.processes.scattering.leads import single_scattering_matrix
from loschmidt.processes.scattering.scatterer import Scatterer, check_joint_unitarity
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = [
    "conservation_residual",
    "displacement_operator",
    "elastic_identity_image",
    "emission_scatterer",
    "overlap_scatterer",
    "passage_scatterer",
    "photon_scatterer",
]

Amplitude: TypeAlias = complex | float | int

_TOLERANCE = 1e-10
_LARGEST_TAIL = 1e-9


def emission_scatterer(
    scattering_matrix: OperatorLike,
    kick: OperatorLike,
    reservoir_state: StateLike,
    kick_from_right: OperatorLike | None = None,
) -> Scatterer:
    r"""Return a barrier whose reservoir is kicked when the particle turns back, and only then.

    .. math:: F_{LL} = W,\quad F_{RR} = W^\dagger,\quad F_{RL} = F_{LR} = 1

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Unitary, in the order (left, right).
    kick : (d, d)
        Unitary W that a reflection on the left does to the reservoir, such as :func:`displacement_operator`.
    reservoir_state : (d, d) or ket (d,)
        State of the reservoir before.
    kick_from_right : (d, d), optional
        F_RR; left out, it is W†, which the joint unitarity demands of any barrier that both reflects and transmits.

    Returns
    -------
    Scatterer
        Its channel is a random unitary, hence unital.

    Raises
    ------
    NotUnitaryError
        If s or a kick is not unitary, or the joint map is not: the same kick from both sides needs W² = 1.
    NotAStateError, ShapeError, InputError
        If the reservoir state is none, or dimensions do not fit.

    Notes
    -----
    :cite:t:`lesovik2016`, Eqs. (6) and (7), extended from one reservoir state to all: |n'⟩ = W|n⟩, |n''⟩ = W†|n⟩.

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> flip = [[0, 1], [1, 0]]
    >>> scatterer = emission_scatterer(two_lead_splitter(0.5), flip, [1, 0])
    >>> bool(np.allclose(scatterer.identity_image, np.eye(2)))
    True
    """
    s = _barrier(scattering_matrix)
    left = _single_unitary(kick, "kick")
    state = _reservoir(reservoir_state, len(left))
    moves = np.empty((1, 2, 2, len(left), len(left)), dtype=np.complex128)
    moves[0, 0, 0], moves[0, 0, 1], moves[0, 1, 0] = left, np.eye(len(left)), np.eye(len(left))
    if kick_from_right is None:
        moves[0, 1, 1] = left.conj().T
        return Scatterer(s, moves, state, commuting=True)
    moves[0, 1, 1] = _single_unitary(kick_from_right, "kick_from_right", len(left))
    check_joint_unitarity(s, moves, "Leave `kick_from_right` out to have the inverse kick W†, which always is.")
    return Scatterer(s, moves, state)


def passage_scatterer(scattering_matrix: OperatorLike, rotation: OperatorLike, reservoir_state: StateLike) -> Scatterer:
    r"""Return a barrier beside a spin that turns when the particle passes: one way from the left, back from the right.

    .. math:: F_{RL} = V,\quad F_{LR} = V^\dagger,\quad F_{LL} = F_{RR} = 1

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Unitary, in the order (left, right).
    rotation : (d, d)
        Unitary V of the spin or other reservoir.
    reservoir_state : (d, d) or ket (d,)
        Its state before.

    Returns
    -------
    Scatterer
        Its channel is a random unitary, hence unital.

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError
        If an argument is not what it must be.

    Notes
    -----
    :cite:t:`lesovik2016`, text after Eq. (8).

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> scatterer = passage_scatterer(two_lead_splitter(0.5), [[0, 1], [1, 0]], [1, 0])
    >>> print(scatterer.label)
    controlled
    """
    s = _barrier(scattering_matrix)
    turn = _single_unitary(rotation, "rotation")
    state = _reservoir(reservoir_state, len(turn))
    moves = np.empty((1, 2, 2, len(turn), len(turn)), dtype=np.complex128)
    moves[0, 0, 0], moves[0, 0, 1] = np.eye(len(turn)), turn.conj().T
    moves[0, 1, 0], moves[0, 1, 1] = turn, np.eye(len(turn))
    return Scatterer(s, moves, state, commuting=True)


def photon_scatterer(
    scattering_matrix: OperatorLike, emitted_photons: SupportsFloat, thermal_photons: SupportsFloat = 0.0
) -> Scatterer:
    r"""Return a barrier at which a charge that turns back radiates; exact, without a truncated mode.

    .. math:: W = D(\alpha),\qquad \langle W^k\rangle = e^{-k^2|\alpha|^2(\bar n + 1/2)}

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Unitary, in the order (left, right).
    emitted_photons : float
        Mean number \|α\|² that one reflection radiates into the empty modes; with several modes their sum.
    thermal_photons : float
        Occupation n̄ of the modes before; with several modes weighted with \|α\|².

    Returns
    -------
    Scatterer
        In the vacuum ⟨n\|n'⟩ = ⟨n\|n''⟩ = exp(-\|α\|²/2) and ⟨n'\|n''⟩ = exp(-2\|α\|²).

    Raises
    ------
    NotUnitaryError, ShapeError, InputError
        If s is not unitary 2 × 2, or a number is negative.

    Notes
    -----
    :cite:t:`lesovik2016`, Eqs. (6) to (8). The particle feels the radiation through ⟨W⟩ and ⟨W²⟩ alone.

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> print(photon_scatterer(two_lead_splitter(0.5), 0.3).label)
    controlled
    """
    s = _barrier(scattering_matrix)
    size = as_number(emitted_photons, "emitted_photons", non_negative=True)
    width = size * (as_number(thermal_photons, "thermal_photons", non_negative=True) + 0.5)
    one, two = math.exp(-width), math.exp(-4 * width)
    return Scatterer(s, _moves_of_overlaps(one, one, two), np.ones((1, 1, 1), dtype=np.complex128), commuting=True)


def overlap_scatterer(
    scattering_matrix: OperatorLike, overlap_left: Amplitude, overlap_right: Amplitude, overlap_between: Amplitude
) -> Scatterer:
    r"""Return the barrier of Eqs. (6) and (7), of which only the overlaps of the reservoir states are known.

    .. math:: |n\rangle|L\rangle\to s_{RL}|R\rangle|n\rangle + s_{LL}|L\rangle|n'\rangle,\qquad
        |n\rangle|R\rangle\to s_{LR}|L\rangle|n\rangle + s_{RR}|R\rangle|n''\rangle

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Amplitudes in the order (left, right); the probabilities out of each side add up to 1.
    overlap_left, overlap_right, overlap_between : complex
        ⟨n|n'⟩, ⟨n|n''⟩ and ⟨n'|n''⟩ of normalised states.

    Returns
    -------
    Scatterer
        With a channel, but without a joint unitary: what other reservoir states would do is not known.

    Raises
    ------
    NotAStateError
        If no three states have these overlaps.
    NotUnitaryError
        If the probabilities do not add up, or the two outgoing states are not orthogonal.

    Notes
    -----
    :cite:t:`lesovik2016`, Eqs. (6) to (8). The channel is unital exactly if \|s_LR\| = \|s_RL\|.

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> scatterer = overlap_scatterer(two_lead_splitter(0.5), 0.6, 0.6, 0.1)
    >>> bool(np.allclose(scatterer.identity_image, np.eye(2)))
    True
    """
    s = _single_barrier(scattering_matrix)
    moves = _moves_of_overlaps(overlap_left, overlap_right, overlap_between)
    sums = (np.abs(s) ** 2).sum(axis=0)
    if not np.abs(sums - 1).max() <= _TOLERANCE:
        raise NotUnitaryError(
            f"`scattering_matrix` must conserve the particle, but the probabilities out of left and right add up to "
            f"{sums[0]:.12g} and {sums[1]:.12g}. Its columns must have norm 1."
        )
    residual = conservation_residual(s, overlap_left, overlap_right)
    if not abs(residual) <= _TOLERANCE:
        raise NotUnitaryError(
            f"The joint map must keep right angles, s_RL* s_RR ⟨n|n''⟩ + s_LL* s_LR ⟨n'|n⟩ = 0, but it is "
            f"{residual:.3g}. For a unitary s that reflects and transmits, ⟨n|n''⟩ must be equal to ⟨n'|n⟩."
        )
    return Scatterer(s, moves, np.ones((1, 1, 1), dtype=np.complex128))


def conservation_residual(
    scattering_matrix: OperatorLike, overlap_left: Amplitude, overlap_right: Amplitude
) -> complex:
    r"""Return the overlap of the two outgoing states of Eqs. (6) and (7), which must vanish.

    .. math:: s_{RL}^*s_{RR}\langle n|n''\rangle + s_{LL}^*s_{LR}\langle n'|n\rangle

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Amplitudes in the order (left, right).
    overlap_left, overlap_right : complex
        ⟨n|n'⟩ and ⟨n|n''⟩.

    Returns
    -------
    complex

    Raises
    ------
    ShapeError
        If s is not 2 × 2.

    Notes
    -----
    :cite:t:`lesovik2016`, the condition below Eq. (8).

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> abs(conservation_residual(two_lead_splitter(0.5), 0.6, 0.6)) < 1e-15
    True
    """
    s = _single_barrier(scattering_matrix)
    first = s[1, 0].conjugate() * s[1, 1] * complex(overlap_right)
    return complex(first + s[0, 0].conjugate() * s[0, 1] * complex(overlap_left).conjugate())


def elastic_identity_image(
    scattering_matrix: OperatorLike, overlap_left: Amplitude, overlap_right: Amplitude
) -> ComplexMatrix:
    r"""Return Φ(1) by the formula in print, which needs two of the three overlaps.

    .. math:: \Phi(1) = |R\rangle\langle R|(|s_{RR}|^2+|s_{RL}|^2) + |L\rangle\langle L|(|s_{LR}|^2+|s_{LL}|^2)
        + \{|R\rangle\langle L|(s_{LR}^*s_{RR}\langle n|n''\rangle + s_{LL}^*s_{RL}\langle n'|n\rangle)+\mathrm{H.c.}\}

    Parameters
    ----------
    scattering_matrix : (2, 2)
        Amplitudes in the order (left, right).
    overlap_left, overlap_right : complex
        ⟨n|n'⟩ and ⟨n|n''⟩.

    Returns
    -------
    (2, 2)
        In the order (left, right).

    Raises
    ------
    ShapeError
        If s is not 2 × 2.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (8).

    Examples
    --------
    >>> from loschmidt.processes.scattering import two_lead_splitter
    >>> bool(np.allclose(elastic_identity_image(two_lead_splitter(0.5), 0.6, 0.6), np.eye(2)))
    True
    """
    s = _single_barrier(scattering_matrix)
    bracket = s[0, 1].conjugate() * s[1, 1] * complex(overlap_right)
    bracket += s[0, 0].conjugate() * s[1, 0] * complex(overlap_left).conjugate()
    left, right = (np.abs(s) ** 2).sum(axis=1)
    return np.array([[left, bracket.conjugate()], [bracket, right]])


def displacement_operator(amplitude: Amplitude, levels: int) -> ComplexMatrix:
    r"""Return :math:`D(\alpha) = e^{\alpha a^\dagger - \alpha^* a}` of one mode with finitely many levels.

    Parameters
    ----------
    amplitude : complex
        α; \|α\|² photons are put into the vacuum.
    levels : int
        Number of photon states kept.

    Returns
    -------
    (levels, levels)
        Exactly unitary, because the truncated generator is anti-Hermitian; on states far below the last level it is
        the displacement.

    Raises
    ------
    InputError
        If more than 1e-9 of the state D(2α)|0⟩, to which two kicks lead, lies beyond the last level.

    Examples
    --------
    >>> round(float(displacement_operator(0.6, 30)[0, 0].real), 9) == round(float(np.exp(-0.18)), 9)
    True
    """
    alpha = complex(amplitude)
    tail = float(pdtrc(levels - 1, 4 * abs(alpha) ** 2)) if levels >= 1 and alpha != 0 else float(levels < 1)
    if not tail <= _LARGEST_TAIL:
        raise InputError(
            f"`levels` must hold the mode after two kicks, but {tail:.1e} of D(2α)|0⟩ with |α|² = {abs(alpha) ** 2:g} "
            f"lies beyond {levels} levels (up to {_LARGEST_TAIL:.0e} is accepted). Keep more, or use photon_scatterer."
        )
    lowering = np.diag(np.sqrt(np.arange(1, levels)), 1)
    generator = 1j * (alpha * lowering.T - alpha.conjugate() * lowering)
    energies, vectors = np.linalg.eigh(generator)
    return np.asarray((vectors * np.exp(-1j * energies)) @ vectors.conj().T)


def _moves_of_overlaps(left: Amplitude, right: Amplitude, between: Amplitude) -> ComplexMatrix:
    """Return |n'⟩, |n⟩, |n⟩, |n''⟩ as columns (1, 2, 2, 3, 1) of a three-dimensional space that holds them."""
    gram = np.eye(3, dtype=np.complex128)
    gram[0, 1], gram[0, 2], gram[1, 2] = left, right, between
    gram[1, 0], gram[2, 0], gram[2, 1] = gram[[0, 0, 1], [1, 2, 2]].conj()
    if not np.isfinite(gram).all():
        raise InputError(f"The overlaps must be finite, but they are {left}, {right} and {between}.")
    weights, vectors = np.linalg.eigh(gram)
    if not weights[0] >= -_TOLERANCE:
        raise NotAStateError(
            f"The overlaps ⟨n|n'⟩, ⟨n|n''⟩, ⟨n'|n''⟩ must be those of three states, but their Gram matrix has the "
            f"eigenvalue {weights[0]:.2g}: {left:.3g}, {right:.3g} and {between:.3g} contradict each other."
        )
    # A negative weight is round-off of a zero: states that depend linearly on each other.
    arrived, turned_left, turned_right = (np.sqrt(np.where(weights < 0, 0.0, weights))[:, None] * vectors.conj().T).T
    moves = np.array([[turned_left, arrived], [arrived, turned_right]])
    return np.asarray(moves[None, ..., None])


def _barrier(value: OperatorLike) -> ComplexMatrix:
    return _single_barrier(single_scattering_matrix(value))


def _single_barrier(value: OperatorLike) -> ComplexMatrix:
    s = np.array(as_operator(value, "scattering_matrix", 2))
    if s.ndim != 2:
        raise ShapeError(f"`scattering_matrix` must be one matrix (2, 2), but its shape is {s.shape}.")
    return s


def _single_unitary(value: OperatorLike, name: str, dimension: int | None = None) -> ComplexMatrix:
    matrix = as_unitary(value, name, dimension)
    if matrix.ndim != 2:
        raise ShapeError(f"`{name}` must be one matrix (d, d), but its shape is {matrix.shape}.")
    return matrix


def _reservoir(value: StateLike, dimension: int) -> ComplexMatrix:
    state = as_density_matrix(value, "reservoir_state", dimension)
    if state.ndim != 2:
        raise ShapeError(f"`reservoir_state` must be one state (d, d), but its shape is {state.shape}.")
    return state[None]
