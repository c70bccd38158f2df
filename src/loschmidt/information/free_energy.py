"""Non-equilibrium free energy: the work that a state is worth beside a bath."""

from __future__ import annotations

import math
from typing import SupportsFloat

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, expectation_values
from loschmidt.checks import as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError
from loschmidt.information.spectra import check_broadcast, checked_spectrum
from loschmidt.typing import OperatorLike, RealArray, StateLike

__all__ = ["beta_free_energy", "free_energy", "free_energy_of"]


def free_energy(state: StateLike, hamiltonian: OperatorLike, beta: SupportsFloat) -> RealArray:
    r"""Return the non-equilibrium free energy of a state beside a bath.

    .. math:: F(\rho) = \mathrm{tr}(H\rho) - S(\rho)/\beta = -\ln Z/\beta + S(\rho\|\rho_\beta)/\beta

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.
    hamiltonian : (..., d, d)
        Hermitian operators; batch axes broadcast against those of `state`.
    beta : float
        Inverse temperature in the inverse unit of the energy. ``inf`` gives the energy; 0 gives ``-inf`` for every
        state, and :func:`beta_free_energy` is what stays finite.

    Returns
    -------
    (...)
        In the unit of the Hamiltonian.

    Raises
    ------
    NotAStateError, NotHermitianError, NotFiniteError
        If an argument is not what it must be.
    ShapeError
        If the dimensions differ or the batch axes do not broadcast.

    Notes
    -----
    :cite:t:`esposito2011`.

    Examples
    --------
    >>> round(float(free_energy(np.eye(2) / 2, [[0, 0], [0, 1]], 1.0)), 6)
    -0.193147
    """
    energy, entropy, beta = _energy_and_entropy(state, hamiltonian, beta)
    return free_energy_of(energy, entropy, beta)


def beta_free_energy(state: StateLike, hamiltonian: OperatorLike, beta: SupportsFloat) -> RealArray:
    r"""Return the free energy in units of the temperature, finite also for an infinitely hot bath.

    .. math:: \beta F(\rho) = \beta\,\mathrm{tr}(H\rho) - S(\rho)

    Parameters
    ----------
    state, hamiltonian, beta
        As :func:`free_energy`, but `beta` must be finite.

    Returns
    -------
    (...)
        Nats.

    Raises
    ------
    InputError
        If `beta` is infinite; otherwise as :func:`free_energy`.

    Examples
    --------
    >>> round(float(beta_free_energy(np.eye(2) / 2, [[0, 0], [0, 1]], 0.0)), 6)
    -0.693147
    """
    energy, entropy, beta = _energy_and_entropy(state, hamiltonian, beta)
    if math.isinf(beta):
        raise InputError("`beta` must be finite, but it is inf. Use `free_energy`, which is the energy there.")
    return beta * energy - entropy


def free_energy_of(energies: RealArray, entropies: RealArray, beta: float) -> RealArray:
    """Return F = U - S/β (...) of known energies and entropies (...); nothing is checked.

    Examples
    --------
    >>> free_energy_of(np.array([1.0, 2.0]), np.array([0.5, 0.5]), float("inf"))
    array([1., 2.])
    """
    if beta == 0:
        return np.full(np.shape(energies), -np.inf)[()]
    return energies - entropies / beta


def _energy_and_entropy(
    state: StateLike, hamiltonian: OperatorLike, beta: SupportsFloat
) -> tuple[RealArray, RealArray, float]:
    beta = as_inverse_temperature(beta)
    matrix, spectrum = checked_spectrum(state, "state")
    operator = as_hermitian(hamiltonian, "hamiltonian", matrix.shape[-1])
    check_broadcast(matrix, operator, "`state` and `hamiltonian`")
    return expectation_values(matrix, operator), entropy_of_spectrum(spectrum), beta
