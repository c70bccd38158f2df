"""Fock states of one species on a lattice: occupation masks in ascending order, signs, and Slater determinants."""

from __future__ import annotations

import itertools
import math
import operator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from loschmidt._kernels.lattice_tables import configuration_masks
from loschmidt.checks import STATE_TOLERANCE
from loschmidt.errors import InputError, NotFiniteError, ResourceError, ShapeError
from loschmidt.typing import ArrayLike, ComplexVector, IntegerArray

__all__ = ["MOST_SITES", "FockBasis", "as_count", "as_sites", "slater_determinant"]

#: A configuration is one signed integer of 64 bits.
MOST_SITES = 62
_LARGEST_BASIS = 20_000_000
_DETERMINANTS = 20_000_000  # numbers in memory while determinants are taken


@dataclass(frozen=True)
class FockBasis:
    r"""All ways to put identical particles of one species on lattice sites, at most one to a site.

    A configuration is an integer whose bit i says whether site i is occupied. The basis holds them in ascending order,
    and :math:`|x\rangle = c^\dagger_{i_1}\cdots c^\dagger_{i_N}|0\rangle` with :math:`i_1<\dots<i_N`.

    Parameters
    ----------
    sites : int
        Number L of sites, from 1 to 62.
    particles : int
        Number N of particles, from 0 to L.

    Raises
    ------
    TypeError
        If a number is not an integer.
    InputError
        If it is out of range.

    Examples
    --------
    >>> basis = FockBasis(4, 2)
    >>> basis.dimension, basis.masks.tolist()
    (6, [3, 5, 6, 9, 10, 12])
    >>> basis.index([0, 3])
    3
    """

    sites: int
    particles: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", as_count(self.sites, "sites", 1, MOST_SITES))
        object.__setattr__(self, "particles", as_count(self.particles, "particles", 0, self.sites))

    @property
    def dimension(self) -> int:
        """Number of configurations, C(L, N)."""
        return math.comb(self.sites, self.particles)

    def check_size(self) -> None:
        """Refuse a basis that is too large to be written down.

        Raises
        ------
        ResourceError
            If it has more than 2·10⁷ configurations.
        """
        if self.dimension > _LARGEST_BASIS:
            raise ResourceError(
                f"{self.particles} particles on {self.sites} sites have {self.dimension:.3g} configurations, that is "
                f"{16e-9 * self.dimension:.3g} GB of amplitudes for one species alone, but at most "
                f"{_LARGEST_BASIS:.0e} are written down. Take fewer sites, or fewer particles or holes."
            )

    @cached_property
    def masks(self) -> IntegerArray:
        """Configurations (d,) in ascending order.

        Raises
        ------
        ResourceError
            If there are more than 2·10⁷.
        """
        self.check_size()
        return configuration_masks(self.sites, self.particles)

    @cached_property
    def occupations(self) -> IntegerArray:
        """Occupation numbers 0 and 1, (d, L)."""
        return (self.masks[:, None] >> np.arange(self.sites) & 1).astype(np.int8)

    @cached_property
    def positions(self) -> IntegerArray:
        """Occupied sites (d, N), ascending in each row."""
        return np.nonzero(self.occupations)[1].reshape(self.dimension, self.particles)

    def rank(self, masks: ArrayLike) -> IntegerArray:
        """Return the places (...) in the basis of configurations (...) of the right particle number, unchecked."""
        given = np.asarray(masks, dtype=np.int64)
        count, rank = np.zeros_like(given), np.zeros_like(given)
        for site in range(self.sites):
            occupied = given >> site & 1
            count += occupied
            # The k-th particle at site p has C(p, k) smaller configurations below it.
            choices = np.array([math.comb(site, k) for k in range(self.particles + 1)], dtype=np.int64)
            rank += occupied * choices[count]
        return rank

    def index(self, sites: Any, name: str = "sites") -> int:
        """Return the place in the basis of the configuration with these sites occupied.

        Raises
        ------
        InputError
            If a site is named twice or out of range, or their number is not N.
        """
        occupied = as_sites(sites, self.sites, name)
        if len(occupied) != self.particles:
            raise InputError(
                f"`{name}` must name {self.particles} occupied sites, but it names {len(occupied)}: {list(occupied)}."
            )
        return int(self.rank(sum(1 << site for site in occupied)))

    def hops(self, to: int, origin: int) -> tuple[IntegerArray, IntegerArray, IntegerArray]:
        """Return every move of a particle: configurations after it, before it, and the Jordan–Wigner sign of c†c.

        Returns
        -------
        after, before, signs : (m,)
            ⟨after|c†_to c_origin|before⟩ = sign, −1 to the number of particles strictly between the two sites.
        """
        masks = self.masks
        before = np.nonzero((masks >> origin & 1) & ~(masks >> to) & 1)[0]
        moved = masks[before] ^ (1 << origin) ^ (1 << to)
        low, high = min(to, origin), max(to, origin)
        between = (1 << high) - (1 << (low + 1))
        signs = 1 - 2 * (np.bitwise_count(masks[before] & between).astype(np.int64) & 1)
        return self.rank(moved), before, signs


def slater_determinant(orbitals: ArrayLike) -> ComplexVector:
    r"""Return the amplitudes of free fermions that fill orbitals.

    .. math:: \langle x|\phi_1^\dagger\cdots\phi_N^\dagger|0\rangle = \det\phi_{i_k(x),\,l}

    Parameters
    ----------
    orbitals : (L, N)
        Orthonormal orbitals as columns, in the order in which they are filled.

    Returns
    -------
    (d,)
        In the order of :class:`FockBasis`.

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If it is not a matrix with at least as many rows as columns, not finite or not orthonormal within 1e-10.

    Examples
    --------
    >>> slater_determinant(np.eye(4)[:, [0, 3]]).real
    array([0., 0., 0., 1., 0., 0.])
    """
    matrix = np.asarray(orbitals, dtype=np.complex128)
    if matrix.ndim != 2 or not matrix.shape[0] >= matrix.shape[1]:
        raise ShapeError(f"`orbitals` must be (sites, particles), one column each, but its shape is {matrix.shape}.")
    if not np.isfinite(matrix).all():
        raise NotFiniteError("`orbitals` must be finite, but it holds NaN or infinity.")
    sites, particles = matrix.shape
    defect = np.abs(matrix.conj().T @ matrix - np.eye(particles)).max(initial=0.0)
    if not defect <= STATE_TOLERANCE:
        raise InputError(
            f"`orbitals` must be orthonormal, but an overlap is wrong by {defect:.1e}. "
            f"Take the columns of a unitary matrix, as numpy.linalg.qr makes them."
        )
    basis = FockBasis(sites, particles)
    if particles == 0:
        return np.ones(1, dtype=np.complex128)
    chunk = 1 + _DETERMINANTS // particles**2
    starts = range(0, basis.dimension, chunk)
    return np.concatenate([np.linalg.det(matrix[basis.positions[start : start + chunk]]) for start in starts])


def as_count(value: Any, name: str, lowest: int, highest: int) -> int:
    """Return `value` as an integer within bounds.

    Raises
    ------
    TypeError
        If it is not an integer.
    InputError
        If it is out of bounds.

    Examples
    --------
    >>> as_count(3, "particles", 0, 4)
    3
    """
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"`{name}` must be an integer, but it is {value!r}.")
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"`{name}` must be an integer, but it is {value!r}.") from None
    if not lowest <= number <= highest:
        raise InputError(f"`{name}` must be from {lowest} to {highest}, but it is {number}.")
    return number


def as_sites(value: Any, sites: int, name: str = "sites") -> tuple[int, ...]:
    """Return site numbers, each once and from 0 to `sites` − 1, in ascending order.

    Raises
    ------
    TypeError, InputError
        If one is not an integer, out of range or named twice.

    Examples
    --------
    >>> as_sites([3, 0], 4)
    (0, 3)
    """
    numbers = sorted(as_count(site, f"a site of `{name}`", 0, sites - 1) for site in value)
    twice = sorted({one for one, other in itertools.pairwise(numbers) if one == other})
    if twice:
        raise InputError(f"`{name}` must name each site once, but {twice} stand there twice.")
    return tuple(numbers)
