"""Thermal states and partition functions at any inverse temperature: zero, infinite or negative."""

from __future__ import annotations

import math
from typing import SupportsFloat

import numpy as np

from loschmidt._kernels.entropies import hermitian_eigensystems, hermitian_eigenvalues
from loschmidt.checks import as_hermitian, as_inverse_temperature
from loschmidt.states.bohr import energy_levels
from loschmidt.typing import ComplexMatrix, OperatorLike, RealArray, RealVector

__all__ = ["boltzmann_weights", "gibbs_state", "log_partition_function", "thermal_eigensystems"]


def gibbs_state(hamiltonian: OperatorLike, beta: SupportsFloat) -> ComplexMatrix:
    r"""Return the thermal state of a Hamiltonian.

    .. math:: \rho_\beta = e^{-\beta H}/Z, \qquad Z = \mathrm{tr}\,e^{-\beta H}

    Parameters
    ----------
    hamiltonian : (..., d, d)
        Hermitian operators.
    beta : float
        Inverse temperature in the inverse unit of the energy: 0 gives the maximally mixed state, ``inf`` the projector
        on the ground level divided by its degeneracy, a negative number an inverted population.

    Returns
    -------
    (..., d, d)

    Raises
    ------
    NotHermitianError, NotFiniteError
        If an argument is not what it must be.

    Notes
    -----
    Degeneracy of the ground level is judged relative to the width of the spectrum, see
    :func:`~loschmidt.states.energy_levels`. Populations below 1e-308 are zero: for the entropy relative to a cold
    Gibbs state use :func:`~loschmidt.information.gibbs_relative_entropy`, which needs no state.

    Examples
    --------
    >>> gibbs_state([[0, 0], [0, 1]], float("inf")).real
    array([[1., 0.],
           [0., 0.]])
    >>> np.round(gibbs_state([[0, 0], [0, 1]], np.log(3)).real, 6)
    array([[0.75, 0.  ],
           [0.  , 0.25]])
    """
    beta = as_inverse_temperature(beta)
    energies, basis = thermal_eigensystems(as_hermitian(hamiltonian), beta)
    weights, _ = boltzmann_weights(energies, beta)
    populations = weights / weights.sum(axis=-1, keepdims=True)
    return np.asarray((basis * populations[..., None, :]) @ basis.conj().swapaxes(-1, -2))


def log_partition_function(hamiltonian: OperatorLike, beta: SupportsFloat) -> RealArray:
    r"""Return :math:`\ln Z = \ln\mathrm{tr}\,e^{-\beta H}`, also where Z itself over- or underflows.

    Parameters
    ----------
    hamiltonian : (..., d, d)
        Hermitian operators.
    beta : float
        Inverse temperature; see :func:`gibbs_state`.

    Returns
    -------
    (...)
        At ``beta = inf`` the limit: ``-inf`` or ``inf`` for a ground energy above or below zero, and the logarithm of
        the degeneracy of a ground level at zero.

    Raises
    ------
    NotHermitianError, NotFiniteError
        If an argument is not what it must be.

    Examples
    --------
    >>> round(float(log_partition_function([[0, 0], [0, 1000]], 1000.0)), 6)
    0.0
    """
    beta = as_inverse_temperature(beta)
    matrix = as_hermitian(hamiltonian)
    energies = thermal_eigensystems(matrix, beta)[0] if math.isinf(beta) else hermitian_eigenvalues(matrix)
    weights, origin = boltzmann_weights(energies, beta)
    # 0 · inf is not a limit: a ground level at zero contributes its degeneracy alone.
    shift = beta * np.where(origin == 0, 1.0, origin)
    logarithm: RealArray = (np.where(origin == 0, 0.0, -shift) + np.log(weights.sum(axis=-1)))[()]
    return logarithm


def thermal_eigensystems(hamiltonian: ComplexMatrix, beta: float) -> tuple[RealVector, ComplexMatrix]:
    """Return energies (..., d) and eigenvectors (..., d, d); at infinite `beta` the members of a level are made equal.

    Nothing is checked.

    Examples
    --------
    >>> thermal_eigensystems(np.diag([1.0 + 0j, 0.0]), 1.0)[0]
    array([0., 1.])
    """
    if not math.isinf(beta):
        return hermitian_eigensystems(hamiltonian)
    d = hamiltonian.shape[-1]
    levels = [energy_levels(matrix) for matrix in hamiltonian.reshape(-1, d, d)]
    energies = np.array([level.energies for level in levels]).reshape(hamiltonian.shape[:-1])
    return energies, np.array([level.basis for level in levels]).reshape(hamiltonian.shape)


def boltzmann_weights(energies: RealVector, beta: float) -> tuple[RealVector, RealArray]:
    r"""Return :math:`e^{-\beta(E-E_0)}` (..., d) and the energy :math:`E_0` (...) of the most populated level.

    The largest weight is 1, so that none overflows. At infinite `beta` the weights are 1 on the lowest level, whose
    members must carry the same number, and 0 above it. Nothing is checked.

    Examples
    --------
    >>> boltzmann_weights(np.array([-5.0, 5.0]), float("inf"))[0]
    array([1., 0.])
    """
    origin: RealArray = energies.max(axis=-1) if beta < 0 else energies.min(axis=-1)
    above = energies - np.asarray(origin)[..., None]
    if math.isinf(beta):
        return (above == 0).astype(np.float64), origin
    with np.errstate(over="ignore", under="ignore"):  # a weight of 1e-400 is zero, and that is right
        return np.exp(-beta * above), origin
