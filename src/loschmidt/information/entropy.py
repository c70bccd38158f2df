"""Entropy, and entropy relative to another state: how much is unknown, and how wrongly it was guessed."""

from __future__ import annotations

import math
from typing import Any, SupportsFloat

import numpy as np

from loschmidt._kernels.entropies import (
    entropy_of_spectrum,
    expectation_values,
    relative_entropy_of,
    support_tolerance,
)
from loschmidt.checks import STATE_TOLERANCE, as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError, NotFiniteError
from loschmidt.information.spectra import check_broadcast, checked_eigensystem, checked_spectrum
from loschmidt.states.gibbs import boltzmann_weights, thermal_eigensystems
from loschmidt.typing import ComplexMatrix, OperatorLike, RealArray, StateLike

__all__ = [
    "gibbs_relative_entropy",
    "gibbs_relative_entropy_of",
    "relative_entropy",
    "shannon_entropy",
    "von_neumann_entropy",
]


def von_neumann_entropy(state: StateLike) -> RealArray:
    r"""Return the von Neumann entropy of a state, in nats.

    .. math:: S(\rho) = -\mathrm{tr}\,\rho\ln\rho

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.

    Returns
    -------
    (...)
        From 0 (pure) to ln d (maximally mixed). Round-off may give -1e-16.

    Raises
    ------
    NotAStateError
        If the argument is not a density operator.

    Notes
    -----
    :cite:t:`vonneumann1927`. All eigenvalues count, however small: a cut at 1e-12 would bias each by 3e-11.

    Examples
    --------
    >>> round(float(von_neumann_entropy(np.eye(2) / 2)), 6)
    0.693147
    """
    return entropy_of_spectrum(checked_spectrum(state, "state")[1])


def shannon_entropy(probabilities: Any) -> RealArray:
    r"""Return the Shannon entropy of probabilities, in nats.

    .. math:: H(p) = -\sum_n p_n\ln p_n

    Parameters
    ----------
    probabilities : (..., n)
        Not negative, of sum 1 over the last axis; both up to 1e-10.

    Returns
    -------
    (...)

    Raises
    ------
    InputError, NotFiniteError
        If the argument is not real, holds NaN or infinity, or is not a distribution.

    Notes
    -----
    :cite:t:`shannon1948`.

    Examples
    --------
    >>> round(float(shannon_entropy([0.5, 0.25, 0.25])), 6)
    1.039721
    """
    return entropy_of_spectrum(_as_probabilities(probabilities))


def relative_entropy(rho: StateLike, sigma: StateLike) -> RealArray:
    r"""Return the quantum relative entropy of `rho` with respect to `sigma`, in nats.

    .. math:: S(\rho\|\sigma) = \mathrm{tr}\,\rho\,(\ln\rho - \ln\sigma)

    Parameters
    ----------
    rho, sigma : (..., d, d) or ket (d,)
        Density operators; batch axes broadcast.

    Returns
    -------
    (...)
        ``inf`` where the support of `rho` is not inside that of `sigma`. Round-off may give -1e-16.

    Raises
    ------
    NotAStateError
        If an argument is not a density operator.
    ShapeError
        If the dimensions differ or the batch axes do not broadcast.

    Notes
    -----
    :cite:t:`umegaki1962`. Eigenvalues of `sigma` up to d·2.2e-16 times its largest are its kernel: no matrix of double
    precision distinguishes them from zero. For a Gibbs reference use :func:`gibbs_relative_entropy`, which stays exact
    for cold baths.

    Examples
    --------
    >>> round(float(relative_entropy([[1, 0], [0, 0]], np.eye(2) / 2)), 6)
    0.693147
    >>> float(relative_entropy(np.eye(2) / 2, [[1, 0], [0, 0]]))
    inf
    """
    state, spectrum = checked_spectrum(rho, "rho")
    reference, values, vectors = checked_eigensystem(sigma, "sigma", state.shape[-1])
    check_broadcast(state, reference, "`rho` and `sigma`")
    return relative_entropy_of(state, entropy_of_spectrum(spectrum), values, vectors)


def gibbs_relative_entropy(state: StateLike, hamiltonian: OperatorLike, beta: SupportsFloat) -> RealArray:
    r"""Return the relative entropy of a state with respect to the Gibbs state, in nats.

    .. math:: S(\rho\|\rho_\beta) = -S(\rho) + \beta\,\mathrm{tr}(H\rho) + \ln Z

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.
    hamiltonian : (..., d, d)
        Hermitian operators; batch axes broadcast against those of `state`.
    beta : float
        Inverse temperature in the inverse unit of the energy; 0, ``inf`` and negative numbers included.

    Returns
    -------
    (...)
        At ``beta = inf``: ln g - S(ρ) on the g-fold ground level, ``inf`` off it. Round-off may give -1e-16.

    Raises
    ------
    NotAStateError, NotHermitianError, NotFiniteError
        If an argument is not what it must be.
    ShapeError
        If the dimensions differ or the batch axes do not broadcast.

    Notes
    -----
    The Gibbs state, whose small populations would under-flow, is never built. Energies count from the most populated
    level, so that no large terms cancel.

    Examples
    --------
    >>> float(gibbs_relative_entropy([[0, 0], [0, 1]], [[0, 0], [0, 1]], 1000.0))
    1000.0
    """
    beta = as_inverse_temperature(beta)
    matrix, spectrum = checked_spectrum(state, "state")
    energy = as_hermitian(hamiltonian, "hamiltonian", matrix.shape[-1])
    check_broadcast(matrix, energy, "`state` and `hamiltonian`")
    return gibbs_relative_entropy_of(matrix, entropy_of_spectrum(spectrum), energy, beta)


def gibbs_relative_entropy_of(
    states: ComplexMatrix, entropies: RealArray, hamiltonian: ComplexMatrix, beta: float
) -> RealArray:
    """Return :func:`gibbs_relative_entropy` of states (..., d, d) whose entropies (...) are known; nothing is checked.

    Examples
    --------
    >>> state = np.diag([0j, 1.0])
    >>> float(gibbs_relative_entropy_of(state, np.float64(0.0), state, 2.0).round(6))
    2.126928
    """
    energies, basis = thermal_eigensystems(hamiltonian, beta)
    weights, origin = boltzmann_weights(energies, beta)
    log_partition = np.log(weights.sum(axis=-1))  # with the energies counted from `origin`
    d = hamiltonian.shape[-1]
    if math.isinf(beta):
        above = (basis * (1 - weights)[..., None, :]) @ basis.conj().swapaxes(-1, -2)
        outside = expectation_values(states, above)
        ground: RealArray = np.where(outside > support_tolerance(d), np.inf, log_partition - entropies)[()]
        return ground
    excess = expectation_values(states, hamiltonian - np.asarray(origin)[..., None, None] * np.eye(d))
    divergence: RealArray = beta * excess + log_partition - entropies
    return divergence


def _as_probabilities(value: Any) -> Any:
    try:
        probabilities = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"`probabilities` must be a real array, but {error}.") from None
    if probabilities.ndim == 0 or probabilities.size == 0:
        raise InputError(f"`probabilities` must have at least one entry, but its shape is {probabilities.shape}.")
    if not np.isfinite(probabilities).all():
        raise NotFiniteError("`probabilities` must be finite, but it holds NaN or infinity.")
    if not probabilities.min() >= -STATE_TOLERANCE:
        raise InputError(f"`probabilities` must not be negative, but the lowest is {probabilities.min():.1e}.")
    defect = np.abs(probabilities.sum(axis=-1) - 1).max()
    if not defect <= STATE_TOLERANCE:
        raise InputError(f"`probabilities` must have sum 1, but a sum differs from it by {defect:.1e}.")
    return probabilities
