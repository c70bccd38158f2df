"""Energy levels and Bohr frequencies, grouped by gaps that are relative to the spectral width."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_hermitian, as_number
from loschmidt.errors import InputError, ShapeError
from loschmidt.typing import ComplexMatrix, IntegerArray, OperatorLike, RealTensor, RealVector

__all__ = [
    "GROUPING_TOLERANCE",
    "BohrFrequencies",
    "EnergyLevels",
    "bohr_frequencies",
    "energy_levels",
    "group_energies",
]

GROUPING_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class EnergyLevels:
    """Eigenvalues and eigenvectors of a Hamiltonian with degenerate eigenvalues made exactly equal.

    Attributes
    ----------
    energies : (d,)
        Ascending; the members of one level carry the same number.
    basis : (d, d)
        Eigenvectors as columns.
    labels : (d,)
        Level index of each eigenvector, 0 for the lowest level.
    tolerance : float
        Energies closer than this were put into one level.
    ambiguous : bool
        Whether a gap lies within a factor 1000 above `tolerance`, or a level is wider than ten of it,
        so that another tolerance would have grouped differently.
    """

    energies: RealVector
    basis: ComplexMatrix
    labels: IntegerArray
    tolerance: float
    ambiguous: bool

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return len(self.energies)

    @cached_property
    def count(self) -> int:
        """Number of distinct levels."""
        return int(self.labels[-1]) + 1

    @cached_property
    def _adjoint(self) -> ComplexMatrix:
        return self.basis.conj().T

    @property
    def degenerate(self) -> bool:
        """Whether some level holds more than one state."""
        return self.count < self.dimension

    @property
    def width(self) -> float:
        """Difference between the highest and the lowest energy."""
        return float(self.energies[-1] - self.energies[0])

    def to_eigenbasis(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return `operator` (..., d, d) in the energy eigenbasis."""
        return np.asarray(self._adjoint @ operator @ self.basis)

    def from_eigenbasis(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return `operator` (..., d, d), given in the energy eigenbasis, in the original basis."""
        return np.asarray(self.basis @ operator @ self._adjoint)


@dataclass(frozen=True, eq=False)
class BohrFrequencies:
    """Differences of energy levels, equal ones grouped.

    Attributes
    ----------
    labels : (d, d)
        Class of element (n, m) in the energy eigenbasis; its frequency is E_m - E_n, positive where the
        jump m → n gives energy away.
    frequencies : (n_classes,)
        Ascending and antisymmetric about the class in the middle, which is exactly 0.
    """

    labels: IntegerArray
    frequencies: RealVector


def energy_levels(hamiltonian: OperatorLike, tolerance: float = GROUPING_TOLERANCE) -> EnergyLevels:
    """Return the grouped energy levels of a Hamiltonian.

    Parameters
    ----------
    hamiltonian : (d, d)
        Hermitian operator.
    tolerance : float
        Energies whose gap is at most this fraction of the spectral width share a level.

    Returns
    -------
    EnergyLevels

    Raises
    ------
    NotHermitianError
        If the operator is not Hermitian.

    Examples
    --------
    >>> energy_levels([[0, 0, 0], [0, 1, 0], [0, 0, 1]]).labels
    array([0, 1, 1])
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    if h.ndim != 2:
        raise ShapeError(f"`hamiltonian` must be one operator (d, d), but its shape is {h.shape}.")
    if not 0 <= as_number(tolerance, "gap tolerance") < 1:
        raise InputError(
            f"`gap tolerance` must be a fraction of the spectral width in [0, 1), but it is {tolerance:g}."
        )
    energies, basis = np.linalg.eigh(h)
    width = float(energies[-1] - energies[0])
    round_off = 4 * len(energies) * np.finfo(float).eps * float(np.abs(energies).max())
    return group_energies(energies, basis, max(tolerance * width, round_off))


def bohr_frequencies(levels: EnergyLevels, width: float | None = None) -> BohrFrequencies:
    """Return the Bohr frequencies of a set of levels, those closer than `width` in one class.

    Parameters
    ----------
    levels : EnergyLevels
        From :func:`energy_levels`.
    width : float, optional
        Absolute distance below which two frequencies are one; default the tolerance of the levels, so that separate
        levels stay apart.

    Returns
    -------
    BohrFrequencies

    Examples
    --------
    >>> bohr_frequencies(energy_levels([[0, 0, 0], [0, 1, 0], [0, 0, 2]])).frequencies
    array([-2., -1.,  0.,  1.,  2.])
    """
    reach = levels.tolerance if width is None else width
    differences = levels.energies[None, :] - levels.energies[:, None]
    if levels.dimension == 1:
        return BohrFrequencies(np.zeros((1, 1), dtype=np.int64), np.zeros(1))
    order = np.triu_indices(levels.dimension, 1)
    positive = differences[order]
    sorting = np.argsort(positive, kind="stable")
    # 0 is a frequency of its own, so everything within reach of it belongs to it.
    ascending = np.concatenate([[0.0], positive[sorting]])
    classes = np.concatenate([[0], np.cumsum(np.diff(ascending) > reach)])
    centres = _class_means(ascending, classes)
    centres[0] = 0.0
    labels = np.zeros(differences.shape, dtype=np.int64)
    of_pair = np.empty(len(positive), dtype=np.int64)
    of_pair[sorting] = classes[1:]
    labels[order] = of_pair
    labels[order[::-1]] = -of_pair
    return BohrFrequencies(labels + int(classes[-1]), np.concatenate([-centres[:0:-1], centres]))


def group_energies(energies: RealVector, basis: ComplexMatrix, reach: float) -> EnergyLevels:
    """Return the levels of ascending `energies` (d,), those at most `reach` apart from their neighbour in one level."""
    gaps = np.diff(energies)
    labels = np.concatenate([[0], np.cumsum(gaps > reach)]).astype(np.int64)
    grouped = _class_means(energies, labels)[labels]
    ambiguous = bool(((gaps > reach) & (gaps < 1e3 * reach)).any() or (np.abs(grouped - energies) > 10 * reach).any())
    return EnergyLevels(grouped, np.asarray(basis, dtype=np.complex128), labels, reach, ambiguous)


def _class_means(values: RealTensor, labels: IntegerArray) -> RealVector:
    # Offsets from each class's first member, so that a class of equal numbers keeps exactly that number.
    _, first = np.unique(labels, return_index=True)
    start = values[first]
    offsets = np.bincount(labels, weights=values - start[labels]) / np.bincount(labels)
    return np.asarray(start + offsets)
