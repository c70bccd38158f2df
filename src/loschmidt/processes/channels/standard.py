"""Channels that have a name: damping, noise, erasure, reset, and random ones."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.checks import as_density_matrix, as_operator, as_unitary
from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.channels.making import as_kraus
from loschmidt.processes.channels.probabilities import (
    PROBABILITY_TOLERANCE,
    as_dimension,
    as_fraction,
    as_probabilities,
    as_probability,
)
from loschmidt.states.random import random_unitary
from loschmidt.typing import ArrayLike, ComplexMatrix, OperatorLike, RealVector, StateLike

__all__ = [
    "amplitude_damping",
    "dephasing",
    "depolarising",
    "erasure_channel",
    "generalised_amplitude_damping",
    "identity_channel",
    "mixed_unitary_channel",
    "pauli_channel",
    "random_channel",
    "reset_channel",
    "schur_channel",
    "unitary_channel",
]


def amplitude_damping(gamma: float) -> Channel:
    """Return the qubit channel in which level 1 decays to level 0 with probability γ.

    Parameters
    ----------
    gamma : float
        From 0 to 1; 1 - e^{-t/T_1} for spontaneous emission.

    Returns
    -------
    Channel
        Φ(1) = diag(1 + γ, 1 - γ); its complementary channel is amplitude damping with 1 - γ.

    Raises
    ------
    InputError, NotFiniteError
        If γ is not a probability.

    Examples
    --------
    >>> amplitude_damping(0.25).identity_image.real.diagonal()
    array([1.25, 0.75])
    """
    gamma = as_probability(gamma, "gamma")
    return Channel.from_kraus([np.diag([1.0, math.sqrt(1 - gamma)]), _unit(2, 0, 1) * math.sqrt(gamma)])


def generalised_amplitude_damping(gamma: float, excited_population: float) -> Channel:
    """Return the qubit channel that moves a state by the fraction γ towards a thermal one, level 1 excited.

    Parameters
    ----------
    gamma : float
        From 0 to 1; 1 - e^{-t/T_1} in contact with one bath.
    excited_population : float
        Population of level 1 in the state that is kept.

    Raises
    ------
    InputError, NotFiniteError
        If an argument is not a probability.

    Examples
    --------
    >>> generalised_amplitude_damping(1.0, 0.25)([0, 1]).real.diagonal()
    array([0.75, 0.25])
    """
    gamma = as_probability(gamma, "gamma")
    up = as_probability(excited_population, "excited_population")
    stay = math.sqrt(1 - gamma)
    downwards = [np.diag([1.0, stay]), _unit(2, 0, 1) * math.sqrt(gamma)]
    upwards = [np.diag([stay, 1.0]), _unit(2, 1, 0) * math.sqrt(gamma)]
    return Channel.from_kraus([math.sqrt(1 - up) * k for k in downwards] + [math.sqrt(up) * k for k in upwards])


def depolarising(dimension: int, probability: float) -> Channel:
    r"""Return the channel that replaces the state by the maximally mixed one.

    .. math:: \Phi(\rho) = (1 - p)\,\rho + p\,\mathrm{tr}(\rho)\,1/d

    Parameters
    ----------
    dimension : int
        Dimension d.
    probability : float
        p, from 0 to d²/(d² - 1), the largest for which the map is completely positive.

    Raises
    ------
    InputError, NotFiniteError
        If p is outside this range, or the dimension is not positive.

    Notes
    -----
    The Choi matrix has the eigenvalues d(1 - p) + p/d, once, and p/d, d² - 1 times.

    Examples
    --------
    >>> depolarising(2, 0.5)([1, 0]).real.diagonal()
    array([0.75, 0.25])
    """
    d = as_dimension(dimension, "dimension")
    p = as_fraction(probability, "probability", d * d / (d * d - 1) if d > 1 else 1.0)
    weights = np.full((d, d), p / d**2)
    weights[0, 0] = 1 - p * (1 - 1 / d**2)
    return Channel.from_kraus(_weighted(_shifts_and_clocks(d), weights.reshape(-1)))


def dephasing(dimension: int, probability: float) -> Channel:
    r"""Return the channel that multiplies every coherence by 1 - p and keeps the populations.

    .. math:: \Phi(\rho) = (1 - p)\,\rho + p\,\mathrm{diag}(\rho)

    Parameters
    ----------
    dimension : int
        Dimension d.
    probability : float
        p, from 0 to d/(d - 1). A qubit's phase flips with probability p/2.

    Raises
    ------
    InputError, NotFiniteError
        If p is outside this range, or the dimension is not positive.

    Examples
    --------
    >>> dephasing(2, 0.5)(np.full((2, 2), 0.5)).real
    array([[0.5 , 0.25],
           [0.25, 0.5 ]])
    """
    d = as_dimension(dimension, "dimension")
    p = as_fraction(probability, "probability", d / (d - 1) if d > 1 else 1.0)
    weights = np.full(d, p / d)
    weights[0] = 1 - p * (1 - 1 / d)
    return Channel.from_kraus(_weighted(_shifts_and_clocks(d)[:d], weights))


def schur_channel(correlations: OperatorLike) -> Channel:
    r"""Return the channel that multiplies each matrix element, :math:`\Phi(\rho)_{ij} = C_{ij}\rho_{ij}`.

    Parameters
    ----------
    correlations : (d, d)
        Positive, with ones on the diagonal: the overlaps of what the environment learns in each level.

    Raises
    ------
    NotAStateError, ShapeError, NotFiniteError
        If it is not Hermitian and positive with a unit diagonal.

    Examples
    --------
    >>> schur_channel([[1, 0.5], [0.5, 1]]).is_unital()
    True
    """
    matrix = as_operator(correlations, "correlations")
    diagonal = float(np.abs(np.diagonal(matrix) - 1).max())
    if matrix.ndim != 2 or not diagonal <= PROBABILITY_TOLERANCE:
        raise NotAStateError(
            f"`correlations` must be one matrix with ones on its diagonal, but it differs from 1 by {diagonal:.1e}."
        )
    d = len(matrix)
    as_density_matrix(matrix / d, "correlations / d")
    populations, vectors = np.linalg.eigh(matrix)
    kept = vectors[:, populations > 0] * np.sqrt(populations[populations > 0])
    return Channel.from_kraus(kept.T[:, :, None] * np.eye(d))


def pauli_channel(probabilities: ArrayLike) -> Channel:
    """Return the qubit channel in which 1, X, Y and Z happen with the given probabilities.

    Parameters
    ----------
    probabilities : (4,)
        Of 1, X, Y, Z; they sum to one.

    Raises
    ------
    InputError
        If they are not four probabilities that sum to one.

    Examples
    --------
    >>> pauli_channel([0.5, 0.5, 0, 0])([1, 0]).real.diagonal()
    array([0.5, 0.5])
    """
    weights = as_probabilities(probabilities, 4)
    paulis = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    return Channel.from_kraus(_weighted(paulis, weights))


def erasure_channel(dimension: int, probability: float) -> Channel:
    """Return the channel from d to d + 1 that loses the state at random and then says so by its last level.

    Parameters
    ----------
    dimension : int
        Dimension d.
    probability : float
        From 0 to 1.

    Raises
    ------
    InputError, NotFiniteError
        If an argument is out of range.

    Examples
    --------
    >>> erasure_channel(2, 0.25)([1, 0]).real.diagonal()
    array([0.75, 0.  , 0.25])
    """
    d, p = as_dimension(dimension, "dimension"), as_probability(probability, "probability")
    kraus = np.zeros((d + 1, d + 1, d))
    kraus[0, :d] = math.sqrt(1 - p) * np.eye(d)
    kraus[1 + np.arange(d), d, np.arange(d)] = math.sqrt(p)
    return Channel.from_kraus(kraus)


def reset_channel(state: StateLike, dimension_in: int | None = None) -> Channel:
    """Return the channel that forgets its input and prepares `state`.

    Parameters
    ----------
    state : (m, m) or ket (m,)
        What comes out.
    dimension_in : int, optional
        Dimension n of what goes in; default m.

    Raises
    ------
    NotAStateError, InputError
        If `state` is not a density operator, or the dimension is not positive.

    Examples
    --------
    >>> reset_channel([1, 0]).identity_image.real.diagonal()
    array([2., 0.])
    """
    matrix = as_density_matrix(state)
    if matrix.ndim != 2:
        raise ShapeError(f"`state` must be one state, but its shape is {matrix.shape}.")
    m = len(matrix)
    n = m if dimension_in is None else as_dimension(dimension_in, "dimension_in")
    populations, vectors = np.linalg.eigh(matrix)
    kept = vectors[:, populations > 0] * np.sqrt(populations[populations > 0])
    return Channel.from_kraus(np.einsum("ak,ij->kiaj", kept, np.eye(n)).reshape(-1, m, n))


def identity_channel(dimension: int) -> Channel:
    """Return the channel that does nothing.

    Examples
    --------
    >>> identity_channel(3).unitality_defect()
    0.0
    """
    return Channel.from_kraus(np.eye(as_dimension(dimension, "dimension"))[None])


def unitary_channel(unitary: OperatorLike) -> Channel:
    """Return the channel ρ → UρU†.

    Raises
    ------
    NotUnitaryError, ShapeError
        If `unitary` is not one unitary matrix.

    Examples
    --------
    >>> unitary_channel([[0, 1], [1, 0]])([1, 0]).real.diagonal()
    array([0., 1.])
    """
    matrix = as_unitary(unitary)
    if matrix.ndim != 2:
        raise ShapeError(f"`unitary` must be one matrix, but its shape is {matrix.shape}.")
    return Channel.from_kraus(matrix[None])


def mixed_unitary_channel(unitaries: OperatorLike, probabilities: ArrayLike) -> Channel:
    """Return the channel in which one of several unitaries happens at random; it is unital.

    Parameters
    ----------
    unitaries : (k, d, d)
        Unitary matrices.
    probabilities : (k,)
        They sum to one.

    Raises
    ------
    NotUnitaryError, ShapeError, InputError
        If a matrix is not unitary, or the probabilities do not fit.

    Examples
    --------
    >>> mixed_unitary_channel([np.eye(2), [[0, 1], [1, 0]]], [0.5, 0.5]).is_unital()
    True
    """
    stack = as_unitary(as_kraus(unitaries, "unitaries"), "unitaries")
    return Channel.from_kraus(_weighted(stack, as_probabilities(probabilities, len(stack))))


def random_channel(
    dimension_in: int, dimension_out: int, rng: np.random.Generator, kraus: int | None = None
) -> Channel:
    """Return a random channel: a Haar-random isometry into system ⊗ environment, the environment traced out.

    Parameters
    ----------
    dimension_in, dimension_out : int
        Dimensions n and m.
    rng : numpy.random.Generator
        Source of randomness.
    kraus : int, optional
        Number k of Kraus operators, at least n/m; default n m, for which every channel is possible.

    Raises
    ------
    InputError
        If a dimension is not positive, or there are too few Kraus operators to preserve the trace.

    Examples
    --------
    >>> random_channel(2, 3, np.random.default_rng(1)).dimension_out
    3
    """
    n, m = as_dimension(dimension_in, "dimension_in"), as_dimension(dimension_out, "dimension_out")
    count = n * m if kraus is None else as_dimension(kraus, "kraus")
    if count * m < n:
        raise InputError(f"`kraus` must be at least {-(-n // m)} for a channel from {n} to {m}, but it is {count}.")
    return Channel.from_kraus(random_unitary(count * m, rng)[:, :n].reshape(count, m, n))


def _shifts_and_clocks(dimension: int) -> ComplexMatrix:
    """Return the unitaries X^a Z^b (d², d, d), b fastest: the clocks Z^b come first."""
    d = np.arange(dimension)
    phases = np.exp(2j * math.pi / dimension * (np.outer(d, d) % dimension))
    operators = np.zeros((dimension,) * 4, dtype=np.complex128)
    # X^a Z^b |j⟩ = ω^{bj} |j + a⟩
    operators[d[:, None], :, (d[:, None] + d) % dimension, d] = phases.T
    return operators.reshape(-1, dimension, dimension)


def _weighted(operators: ComplexMatrix, weights: RealVector) -> ComplexMatrix:
    happen = weights > 0
    return np.asarray(np.sqrt(weights[happen])[:, None, None] * operators[happen])


def _unit(dimension: int, row: int, column: int) -> ComplexMatrix:
    matrix = np.zeros((dimension, dimension), dtype=np.complex128)
    matrix[row, column] = 1
    return matrix
