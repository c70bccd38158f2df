"""Entanglement in a lattice state: of one species with the others, and of some sites with the rest."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigvalsh
from scipy.linalg.blas import cherk, zherk

from loschmidt._kernels.entropies import entropy_of_spectrum
from loschmidt.errors import InputError, ShapeError
from loschmidt.information.fock import as_lattice_amplitudes
from loschmidt.states.fock import FockBasis, as_sites
from loschmidt.typing import ArrayLike, ComplexMatrix, ComplexTensor, IntegerArray, RealVector

__all__ = [
    "spatial_entanglement",
    "spatial_entanglement_of",
    "species_entanglement",
    "species_entanglement_of",
    "species_purity",
    "species_purity_of",
]

_PURITY_ROWS = 512


def species_entanglement(state: ArrayLike, species: int = 0) -> float:
    r"""Return the entanglement entropy of one species with all others, in nats.

    .. math:: S_\mathrm{ent}(\tau|\upsilon) = -\mathrm{tr}\,\rho\ln\rho,\qquad \rho = \gamma\gamma^\dagger

    Parameters
    ----------
    state : (d_1, …, d_S)
        Amplitudes, one axis per species.
    species : int
        Axis of the one.

    Returns
    -------
    float
        At most the smaller of the Fock entropies of the two sides. Round-off up to 1e-12, in single precision 1e-5.

    Raises
    ------
    ShapeError, NotFiniteError, NotAStateError, InputError
        If it is not a state, or has no such axis.

    Notes
    -----
    Phases on the Fock states of either side leave it unchanged. The cost grows with the cube of the smaller
    dimension; :func:`species_purity` needs no diagonalisation.

    Examples
    --------
    >>> round(species_entanglement(np.eye(3) / np.sqrt(3)), 6)
    1.098612
    """
    return species_entanglement_of(*_sides(state, species))


def species_entanglement_of(state: ComplexTensor, species: int) -> float:
    """Return :func:`species_entanglement`; nothing is checked.

    Examples
    --------
    >>> species_entanglement_of(np.array([[1.0 + 0j]]), 0)
    0.0
    """
    return _entropy(_gram_spectrum(_matrix(state, species)))


def species_purity(state: ArrayLike, species: int = 0) -> float:
    r"""Return :math:`\mathrm{tr}\,\rho^2` of one species: 1 without entanglement, at least one over its dimension.

    Parameters
    ----------
    state : (d_1, …, d_S)
        Amplitudes, one axis per species.
    species : int
        Axis of the one.

    Examples
    --------
    >>> round(species_purity(np.eye(3) / np.sqrt(3)), 6)
    0.333333
    """
    return species_purity_of(*_sides(state, species))


def species_purity_of(state: ComplexTensor, species: int) -> float:
    """Return :func:`species_purity`; nothing is checked.

    Examples
    --------
    >>> species_purity_of(np.array([[1.0 + 0j]]), 0)
    1.0
    """
    matrix = _matrix(state, species)
    matrix = matrix if len(matrix) <= matrix.shape[1] else matrix.T
    total = 0.0
    for start in range(0, len(matrix), _PURITY_ROWS):
        rows = matrix[start : start + _PURITY_ROWS]
        square = _squares(rows.conj() @ rows.T)
        below = _squares(rows.conj() @ matrix[start + _PURITY_ROWS :].T)
        total += square + 2 * below
    return total


def spatial_entanglement(
    state: ArrayLike, bases: Sequence[FockBasis], sites: Sequence[int], statistics: str = "fermion"
) -> float:
    """Return the entanglement entropy of some sites, with all species on them, and the rest, in nats.

    Parameters
    ----------
    state : (d_1, …, d_S)
        Amplitudes, one axis per species.
    bases : S Fock bases
        Those of the axes.
    sites : sequence of int
        Sites of the one side.
    statistics : str
        "fermion", or "hardcore" for particles whose operators on different sites commute.

    Returns
    -------
    float
        Round-off up to 1e-12, in single precision 1e-5.

    Raises
    ------
    ShapeError, NotFiniteError, NotAStateError, InputError
        If it is not a state, does not fit the bases, or a site does not exist.

    Notes
    -----
    The state is block-diagonal in the particle numbers of the one side. Sorting fermions by sides costs a sign −1 for
    each pair that changes its order. Where the sites are neighbours in number, these signs change no entropy.

    Examples
    --------
    >>> bases = [FockBasis(2, 1), FockBasis(2, 1)]
    >>> round(spatial_entanglement(np.full((2, 2), 0.5), bases, [0]), 6)
    1.386294
    """
    array = as_lattice_amplitudes(state)
    if array.shape != tuple(basis.dimension for basis in bases):
        raise ShapeError(
            f"`state` must have the shape of the bases, {tuple(basis.dimension for basis in bases)}, "
            f"but it is {array.shape}."
        )
    if statistics not in {"fermion", "hardcore"}:
        raise InputError(f'`statistics` must be "fermion" or "hardcore", but it is {statistics!r}.')
    return spatial_entanglement_of(array, bases, as_sites(sites, bases[0].sites), statistics == "fermion")


def spatial_entanglement_of(
    state: ComplexTensor, bases: Sequence[FockBasis], sites: tuple[int, ...], signs: bool
) -> float:
    """Return :func:`spatial_entanglement`; nothing is checked.

    Examples
    --------
    >>> spatial_entanglement_of(np.array([[1.0 + 0j]]), [FockBasis(1, 1)] * 2, (0,), True)
    0.0
    """
    splits = [_sectors(basis, sites, signs) for basis in bases]
    spectra = [_gram_spectrum(_block(state, sectors)) for sectors in itertools.product(*splits)]
    return _entropy(np.concatenate(spectra))


@dataclass(frozen=True, eq=False)
class _Sector:
    """Fock states of one species with a fixed number on the one side, as a table (inside, outside)."""

    places: IntegerArray
    signs: IntegerArray


def _sectors(basis: FockBasis, sites: tuple[int, ...], signs: bool) -> list[_Sector]:
    outside = tuple(site for site in range(basis.sites) if site not in sites)
    here, there = _compressed(basis.masks, sites), _compressed(basis.masks, outside)
    parity = _crossings(basis, sites) & 1 if signs else np.zeros(basis.dimension, dtype=np.int64)
    counts = np.bitwise_count(here)
    sectors = []
    for count in np.unique(counts):
        chosen = np.nonzero(counts == count)[0]
        # Both masks ascend within a sector, so that sorting by one and then the other fills the table.
        order = chosen[np.lexsort((there[chosen], here[chosen]))]
        places = order.reshape(math.comb(len(sites), int(count)), -1)
        sectors.append(_Sector(places, 1 - 2 * parity[places]))
    return sectors


def _compressed(masks: IntegerArray, sites: tuple[int, ...]) -> IntegerArray:
    result = np.zeros_like(masks)
    for place, site in enumerate(sites):
        result |= (masks >> site & 1) << place
    return result


def _crossings(basis: FockBasis, sites: tuple[int, ...]) -> IntegerArray:
    """Return the number (d,) of pairs of a particle inside and one outside on a lower site."""
    inside = np.zeros(basis.sites, dtype=bool)
    inside[list(sites)] = True
    occupied = basis.occupations.astype(np.int64)
    outside_below = np.cumsum(occupied * ~inside, axis=1)
    return np.asarray((occupied * inside * outside_below).sum(axis=1))


def _block(state: ComplexTensor, sectors: tuple[_Sector, ...]) -> ComplexMatrix:
    tables = [sector.places for sector in sectors]
    block = state[np.ix_(*(table.reshape(-1) for table in tables))]
    for axis, sector in enumerate(sectors):
        shape = [1] * len(sectors)
        shape[axis] = -1
        block *= sector.signs.reshape(shape)
    split = block.reshape([length for table in tables for length in table.shape])
    count = len(sectors)
    ordered = split.transpose([*range(0, 2 * count, 2), *range(1, 2 * count, 2)])
    return np.asarray(ordered.reshape(math.prod(len(table) for table in tables), -1))


def _sides(state: ArrayLike, species: int) -> tuple[ComplexTensor, int]:
    array = as_lattice_amplitudes(state)
    if not 0 <= species < array.ndim:
        raise InputError(f"`species` must be an axis of the state, from 0 to {array.ndim - 1}, but it is {species}.")
    return array, species


def _matrix(state: ComplexTensor, species: int) -> ComplexMatrix:
    return np.moveaxis(state, species, 0).reshape(state.shape[species], -1)


def _gram_spectrum(matrix: ComplexMatrix) -> RealVector:
    """Return the eigenvalues of M M† or M†M, whichever is smaller."""
    product = zherk if matrix.dtype == np.complex128 else cherk
    columns = np.asarray(matrix.T)  # BLAS wants Fortran order, which the transpose of C order is
    gram = product(1.0, columns, trans=2 if len(matrix) <= matrix.shape[1] else 0)
    return np.asarray(eigvalsh(gram, lower=False, overwrite_a=True, check_finite=False))


def _entropy(spectrum: RealVector) -> float:
    return float(entropy_of_spectrum(spectrum.astype(np.float64))) + 0.0


def _squares(matrix: ComplexMatrix) -> float:
    flat = matrix.reshape(-1)
    return float(np.vdot(flat, flat).real)
