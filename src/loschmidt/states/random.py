"""Random states, unitaries and Hamiltonians of the usual invariant measures; the generator is always an argument."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError
from loschmidt.typing import ComplexMatrix, ComplexVector

__all__ = ["random_density_matrix", "random_hamiltonian", "random_ket", "random_unitary"]


def random_density_matrix(
    dimension: int, rng: np.random.Generator, rank: int | None = None, batch: tuple[int, ...] = ()
) -> ComplexMatrix:
    """Return random density matrices of a given rank.

    Parameters
    ----------
    dimension : int
        Dimension d.
    rng : numpy.random.Generator
        Source of randomness.
    rank : int, optional
        From 1 (pure) to d (default; then faithful with probability 1).
    batch : tuple of int
        Batch axes.

    Returns
    -------
    (..., d, d)
        Partial trace of a Haar-random ket of d × rank; rank d is the Hilbert–Schmidt measure.

    Raises
    ------
    InputError
        If a dimension is not positive or the rank is not from 1 to d.

    Notes
    -----
    :cite:t:`zyczkowski2001`.

    Examples
    --------
    >>> round(float(np.trace(random_density_matrix(3, np.random.default_rng(1))).real), 12)
    1.0
    """
    _check_dimension(dimension)
    columns = dimension if rank is None else rank
    if not 1 <= columns <= dimension:
        raise InputError(f"`rank` must be from 1 to {dimension}, but it is {rank}.")
    ginibre = _ginibre(rng, (*batch, dimension, columns))
    state = ginibre @ ginibre.conj().swapaxes(-1, -2)
    return np.asarray(state / np.trace(state, axis1=-2, axis2=-1).real[..., None, None])


def random_ket(dimension: int, rng: np.random.Generator, batch: tuple[int, ...] = ()) -> ComplexVector:
    """Return Haar-random kets.

    Parameters
    ----------
    dimension : int
        Dimension d.
    rng : numpy.random.Generator
        Source of randomness.
    batch : tuple of int
        Batch axes.

    Returns
    -------
    (..., d)
        Of norm 1.

    Raises
    ------
    InputError
        If the dimension is not positive.

    Examples
    --------
    >>> round(float(np.linalg.norm(random_ket(4, np.random.default_rng(1)))), 12)
    1.0
    """
    _check_dimension(dimension)
    ket = _ginibre(rng, (*batch, dimension))
    return np.asarray(ket / np.linalg.norm(ket, axis=-1, keepdims=True))


def random_unitary(dimension: int, rng: np.random.Generator, batch: tuple[int, ...] = ()) -> ComplexMatrix:
    """Return Haar-random unitaries.

    Parameters
    ----------
    dimension : int
        Dimension d.
    rng : numpy.random.Generator
        Source of randomness.
    batch : tuple of int
        Batch axes.

    Returns
    -------
    (..., d, d)

    Raises
    ------
    InputError
        If the dimension is not positive.

    Notes
    -----
    QR decomposition of a Ginibre matrix; the phases of R's diagonal are divided out, or the measure would not be
    Haar's :cite:p:`mezzadri2007`.

    Examples
    --------
    >>> unitary = random_unitary(3, np.random.default_rng(1))
    >>> bool(np.allclose(unitary @ unitary.conj().T, np.eye(3)))
    True
    """
    _check_dimension(dimension)
    factor, triangle = np.linalg.qr(_ginibre(rng, (*batch, dimension, dimension)))
    diagonal = np.diagonal(triangle, axis1=-2, axis2=-1)
    return np.asarray(factor * (diagonal / np.abs(diagonal))[..., None, :])


def random_hamiltonian(
    dimension: int, rng: np.random.Generator, scale: float = 1.0, batch: tuple[int, ...] = ()
) -> ComplexMatrix:
    """Return Hamiltonians of the Gaussian unitary ensemble.

    Parameters
    ----------
    dimension : int
        Dimension d.
    rng : numpy.random.Generator
        Source of randomness.
    scale : float
        Standard deviation of each element, in units of energy; the spectrum is about 4 √d times as wide.
    batch : tuple of int
        Batch axes.

    Returns
    -------
    (..., d, d)
        Exactly Hermitian.

    Raises
    ------
    InputError
        If the dimension is not positive.

    Examples
    --------
    >>> hamiltonian = random_hamiltonian(3, np.random.default_rng(1))
    >>> bool((hamiltonian == hamiltonian.conj().T).all())
    True
    """
    _check_dimension(dimension)
    ginibre = _ginibre(rng, (*batch, dimension, dimension))
    return np.asarray(scale * (ginibre + ginibre.conj().swapaxes(-1, -2)) / 2)


def _check_dimension(dimension: int) -> None:
    if dimension < 1:
        raise InputError(f"`dimension` must be at least 1, but it is {dimension}.")


def _ginibre(rng: np.random.Generator, shape: tuple[int, ...]) -> ComplexVector:
    # Independent complex normal numbers with E|z|² = 2, so that (z + z*)/2 has variance 1.
    return rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
