"""Coherence between energy levels: what a state loses when only its energy blocks are kept."""

from __future__ import annotations

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues, populations_in_basis
from loschmidt.checks import as_density_matrix, as_hermitian
from loschmidt.errors import ShapeError
from loschmidt.information.spectra import checked_spectrum
from loschmidt.states.bohr import EnergyLevels, energy_levels
from loschmidt.typing import BooleanArray, ComplexMatrix, OperatorLike, RealArray, StateLike

__all__ = ["pinched_entropy_of", "pinched_matrix", "pinching", "relative_entropy_of_coherence"]


def pinching(state: StateLike, hamiltonian: OperatorLike) -> ComplexMatrix:
    r"""Return the state with the coherence between different energy levels removed.

    .. math:: \Delta_H(\rho) = \sum_e P_e\,\rho\,P_e

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.
    hamiltonian : (d, d)
        Hermitian operator; levels closer than 1e-9 of the spectral width are one.

    Returns
    -------
    (..., d, d)
        Coherence inside a degenerate level stays: it costs no energy, and which of it one sees is a choice of basis.

    Raises
    ------
    NotAStateError, NotHermitianError
        If an argument is not what it must be.
    ShapeError
        If the dimensions differ, or `hamiltonian` is a stack.

    Notes
    -----
    P_e projects on the level of energy e; see :cite:t:`santos2019`, whose Eq. (9) takes H non-degenerate.

    Examples
    --------
    >>> pinching([[0.5, 0.5], [0.5, 0.5]], [[0, 0], [0, 1]]).real
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    matrix = as_density_matrix(state)
    return pinched_matrix(matrix, _levels(hamiltonian, matrix.shape[-1]))


def relative_entropy_of_coherence(state: StateLike, hamiltonian: OperatorLike) -> RealArray:
    r"""Return the relative entropy of coherence between energy levels, in nats.

    .. math:: C(\rho) = S(\Delta_H\rho) - S(\rho) = S(\rho\|\Delta_H\rho)

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.
    hamiltonian : (d, d)
        Hermitian operator; see :func:`pinching`.

    Returns
    -------
    (...)
        Round-off may give -1e-16.

    Raises
    ------
    NotAStateError, NotHermitianError, ShapeError
        As :func:`pinching`.

    Notes
    -----
    :cite:t:`baumgratz2014`, with the energy blocks in place of a basis.

    Examples
    --------
    >>> round(float(relative_entropy_of_coherence([[0.5, 0.5], [0.5, 0.5]], [[0, 0], [0, 1]])), 6)
    0.693147
    """
    matrix, spectrum = checked_spectrum(state, "state")
    levels = _levels(hamiltonian, matrix.shape[-1])
    return pinched_entropy_of(matrix, levels) - entropy_of_spectrum(spectrum)


def pinched_matrix(states: ComplexMatrix, levels: EnergyLevels) -> ComplexMatrix:
    """Return Δ(ρ) of states (..., d, d), in the basis they are given in; nothing is checked.

    Examples
    --------
    >>> import numpy as np
    >>> pinched_matrix(np.full((2, 2), 0.5 + 0j), energy_levels([[0, 0], [0, 0]])).real
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    return levels.from_eigenbasis(_blocks(states, levels))


def pinched_entropy_of(states: ComplexMatrix, levels: EnergyLevels) -> RealArray:
    """Return S(Δρ) (...) of states (..., d, d); nothing is checked.

    Examples
    --------
    >>> import numpy as np
    >>> round(float(pinched_entropy_of(np.full((2, 2), 0.5 + 0j), energy_levels([[0, 0], [0, 1]]))), 6)
    0.693147
    """
    if levels.degenerate:
        return entropy_of_spectrum(hermitian_eigenvalues(_blocks(states, levels)))
    return entropy_of_spectrum(populations_in_basis(states, levels.basis))


def _blocks(states: ComplexMatrix, levels: EnergyLevels) -> ComplexMatrix:
    same_level: BooleanArray = levels.labels[:, None] == levels.labels
    blocks: ComplexMatrix = levels.to_eigenbasis(states) * same_level
    return blocks


def _levels(hamiltonian: OperatorLike, dimension: int) -> EnergyLevels:
    matrix = as_hermitian(hamiltonian, "hamiltonian", dimension)
    if matrix.ndim > 2:
        raise ShapeError(
            f"`hamiltonian` must be one matrix ({dimension}, {dimension}), but its shape is {matrix.shape}. "
            f"Loop over the stack, because each matrix has levels of its own."
        )
    return energy_levels(matrix)
