"""Species of particles on a lattice: how many, how they hop, what holds them and how they act on each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.lattice.graph import Lattice
from loschmidt.states.fock import FockBasis
from loschmidt.typing import ArrayLike, ComplexMatrix, RealMatrix, RealTensor

__all__ = ["LatticeSystem", "lattice_system"]

_NAMES = ("tau", "upsilon", "kappa")
_STATISTICS = ("fermion", "hardcore")


@dataclass(frozen=True, eq=False)
class LatticeSystem:
    r"""Particles of several species on one lattice; build one with :func:`lattice_system`.

    .. math:: H=\sum_s J_s\sum_{\langle ij\rangle}\big(w_{ij}c^\dagger_{is}c_{js}+\mathrm{h.c.}\big)
        +\sum_{s,i}V_{s,i}n_{is}+\sum_{s<s'}\sum_i U_{ss',i}\,n_{is}n_{is'}

    Attributes
    ----------
    lattice : Lattice
        Sites and edges.
    species : tuple of str
        Names of the S species; a state has one axis for each, in this order.
    particles : tuple of int
        Number N_s of each.
    hopping : tuple of float
        J_s.
    interaction : (S, S, L)
        U of each pair of species on each site; symmetric, zero on the diagonal.
    potentials : (S, L)
        V.
    statistics : str
        "fermion" or "hardcore" (bosons of which no two of a species share a site).

    Examples
    --------
    >>> lattice_system(Lattice.chain(4), (2, 1), interaction=1.0).dims
    (6, 4)
    """

    lattice: Lattice
    species: tuple[str, ...]
    particles: tuple[int, ...]
    hopping: tuple[float, ...]
    interaction: RealTensor
    potentials: RealMatrix
    statistics: str

    @cached_property
    def bases(self) -> tuple[FockBasis, ...]:
        """Fock basis of each species."""
        return tuple(FockBasis(self.lattice.sites, count) for count in self.particles)

    @property
    def dims(self) -> tuple[int, ...]:
        """Number of Fock states of each species, which is the shape of a state."""
        return tuple(basis.dimension for basis in self.bases)

    @property
    def dimension(self) -> int:
        """Number d of amplitudes of a state."""
        return math.prod(self.dims)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of species s < s' in the order of the first and then of the second."""
        count = len(self.species)
        return tuple((s, other) for s in range(count) for other in range(s + 1, count))

    def index(self, species: str | int) -> int:
        """Return the axis of a species, named or counted from 0.

        Raises
        ------
        InputError
            If there is none.
        """
        if isinstance(species, str):
            if species in self.species:
                return self.species.index(species)
        elif not isinstance(species, bool) and 0 <= species < len(self.species):
            return int(species)
        raise InputError(
            f"`species` must be one of {', '.join(self.species)} or a number below {len(self.species)}, "
            f"but it is {species!r}."
        )

    def hopping_matrix(self, species: int) -> ComplexMatrix:
        r"""Return :math:`J_s w` (L, L), the one-particle hopping of free fermions.

        Hard-core particles on a line are these fermions; around a ring, the bond that closes it takes (−1)^{N_s−1}.
        """
        matrix: ComplexMatrix = self.hopping[species] * self.lattice.adjacency
        last = self.lattice.sites - 1
        if self.statistics == "hardcore" and last > 1 and self.particles[species] % 2 == 0:
            matrix[0, last] *= -1
            matrix[last, 0] *= -1
        return matrix

    def moves(self, species: int) -> bool:
        """Return whether a species hops at all: it has an edge to hop along, a particle and a place for it."""
        hops = self.hopping[species] != 0 and bool(np.abs(self.lattice.weights).any())
        return hops and 0 < self.particles[species] < self.lattice.sites

    @property
    def moves_freely(self) -> bool:
        """Whether a species moves as free fermions while the others rest; hard-core particles do so on lines only."""
        return self.statistics == "fermion" or self.lattice.along_a_line

    def interacts(self, species: int) -> bool:
        """Return whether a species acts on any other."""
        return bool(self.interaction[species].any())

    def potential_of_others(self, species: int, weight: float, places: Sequence[slice] | None = None) -> RealMatrix:
        """Return the potentials (columns, L) that a species feels, a row for each state of all the others.

        The others' Fock states are counted in C order of their axes, or of the `places` on each axis; the interaction
        counts `weight` times. Without interaction there is one row.
        """
        rows: RealMatrix = self.potentials[species][None, :]
        if weight == 0 or not self.interacts(species):
            return rows.copy()
        for other, basis in enumerate(self.bases):
            if other != species:
                occupations = basis.occupations if places is None else basis.occupations[places[other]]
                felt = weight * self.interaction[species, other] * occupations
                rows = (rows[:, None, :] + felt[None, :, :]).reshape(-1, self.lattice.sites)
        return rows

    def reversed_except(self, species: Sequence[str | int] = ()) -> LatticeSystem:
        """Return the system with −H for H, but with every term that one of `species` takes part in left as it is.

        Examples
        --------
        >>> lattice_system(Lattice.chain(3), (1, 1), hopping=(1.0, 2.0)).reversed_except(["upsilon"]).hopping
        (-1.0, 2.0)
        """
        kept = {self.index(one) for one in species}
        signs = np.array([1.0 if s in kept else -1.0 for s in range(len(self.species))])
        kept_pair = (signs[:, None] > 0) | (signs > 0)
        return LatticeSystem(
            lattice=self.lattice,
            species=self.species,
            particles=self.particles,
            hopping=tuple(float(sign * J) for sign, J in zip(signs, self.hopping, strict=True)),
            interaction=np.where(kept_pair, 1.0, -1.0)[:, :, None] * self.interaction,
            potentials=signs[:, None] * self.potentials,
            statistics=self.statistics,
        )


def lattice_system(
    lattice: Lattice,
    particles: Sequence[int],
    *,
    hopping: ArrayLike = 1.0,
    interaction: ArrayLike | Mapping[tuple[str | int, str | int], ArrayLike] = 0.0,
    potentials: ArrayLike | None = None,
    species: Sequence[str] | None = None,
    statistics: str = "fermion",
) -> LatticeSystem:
    r"""Return a system of several species of particles on a lattice (:cite:t:`guo2025`, Eq. 4).

    Parameters
    ----------
    lattice : Lattice
        Sites and edges.
    particles : (S,)
        Number of particles of each species, from 0 to L.
    hopping : float or (S,)
        J_s; the energy is +J (c†c + h.c.), as in the source. Most Hubbard codes write −t.
    interaction : float, (L,) or mapping
        U between species that share a site: one number, one per site, or ``{("tau", "upsilon"): …}`` with either of
        these for each pair; pairs not named do not interact.
    potentials : (L,) or (S, L), optional
        Site energies, for all species or for each.
    species : (S,), optional
        Names; "tau", "upsilon", "kappa" and then "species 4" … by default.
    statistics : str
        "fermion", or "hardcore" for operators of different sites that commute, σ⁺ and σ⁻.

    Returns
    -------
    LatticeSystem

    Raises
    ------
    InputError, ShapeError, NotFiniteError
        If a number is out of range, not real or finite, or counts do not fit.
    TypeError
        If a particle number is not an integer.

    Notes
    -----
    The source prints :math:`c^\dagger_i c_j + c_i c^\dagger_j`. For fermions that is
    :math:`c^\dagger_i c_j - c^\dagger_j c_i`, anti-Hermitian; "+ h.c." is meant. For hard-core particles the printed
    form is right.

    Examples
    --------
    >>> system = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
    >>> system.dimension
    400
    """
    counts = tuple(particles)
    if not counts:
        raise ShapeError("`particles` must have one number per species, at least one, but it is empty.")
    names = _names(species, len(counts))
    bases = tuple(_basis(lattice.sites, count, name) for count, name in zip(counts, names, strict=True))
    if statistics not in _STATISTICS:
        raise InputError(f'`statistics` must be "fermion" or "hardcore", but it is {statistics!r}.')
    amplitudes = _real(hopping, "hopping")
    if amplitudes.ndim and amplitudes.shape != (len(counts),):
        raise ShapeError(
            f"`hopping` must be one number or one per species, {len(counts)}, but its shape is {amplitudes.shape}."
        )
    return LatticeSystem(
        lattice=lattice,
        species=names,
        particles=tuple(basis.particles for basis in bases),
        hopping=tuple(float(J) for J in np.broadcast_to(amplitudes, (len(counts),))),
        interaction=_interaction(interaction, names, lattice.sites),
        potentials=_potentials(potentials, len(counts), lattice.sites),
        statistics=statistics,
    )


def _names(given: Sequence[str] | None, count: int) -> tuple[str, ...]:
    if given is None:
        return tuple(_NAMES[s] if s < len(_NAMES) else f"species {s + 1}" for s in range(count))
    names = tuple(given)
    if len(names) != count or len(set(names)) != count or not all(isinstance(name, str) and name for name in names):
        raise InputError(f"`species` must hold {count} different names, but it is {list(names)}.")
    return names


def _basis(sites: int, count: Any, name: str) -> FockBasis:
    try:
        return FockBasis(sites, count)
    except (TypeError, InputError) as error:
        raise type(error)(f"species {name!r}: {error}") from None


def _real(value: Any, name: str) -> RealTensor:
    try:
        array = np.asarray(value)
        numbers = array.astype(np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be real numbers, but {error}.") from None
    if np.abs(numbers.imag).max(initial=0.0) > 0:
        raise InputError(f"`{name}` must be real, or H would not be Hermitian, but it has imaginary parts.")
    if not np.isfinite(numbers).all():
        raise NotFiniteError(f"`{name}` must be finite, but it holds NaN or infinity.")
    return np.asarray(numbers.real).copy()


def _potentials(given: ArrayLike | None, count: int, sites: int) -> RealMatrix:
    if given is None:
        return np.zeros((count, sites))
    values = _real(given, "potentials")
    if values.shape not in {(sites,), (count, sites)}:
        raise ShapeError(
            f"`potentials` must be (sites,) = ({sites},) or (species, sites) = ({count}, {sites}), "
            f"but its shape is {values.shape}."
        )
    return np.broadcast_to(values, (count, sites)).copy()


def _interaction(given: Any, names: tuple[str, ...], sites: int) -> RealTensor:
    count = len(names)
    result = np.zeros((count, count, sites))
    if not isinstance(given, Mapping):
        strength = _site_values(given, "interaction", sites)
        for s in range(count):
            for other in range(s + 1, count):
                result[s, other] = result[other, s] = strength
        return result
    done = set()
    for key, value in given.items():
        pair = tuple(sorted(_number(one, names) for one in key)) if isinstance(key, tuple) else ()
        if len(pair) != 2 or pair[0] == pair[1]:
            raise InputError(f"`interaction` must name pairs of different species, but a key is {key!r}.")
        if pair in done:
            raise InputError(f"`interaction` must name each pair once, but {key!r} stands there twice.")
        done.add(pair)
        result[pair] = result[pair[::-1]] = _site_values(value, f"interaction of {key!r}", sites)
    return result


def _site_values(value: Any, name: str, sites: int) -> RealTensor:
    strength = _real(value, name)
    if strength.shape not in {(), (sites,)}:
        raise ShapeError(f"`{name}` must be one number or one per site, {sites}, but its shape is {strength.shape}.")
    return strength


def _number(species: Any, names: tuple[str, ...]) -> int:
    if isinstance(species, str) and species in names:
        return names.index(species)
    if isinstance(species, int) and not isinstance(species, bool) and 0 <= species < len(names):
        return species
    raise InputError(f"`interaction` names the species {species!r}, but there are only {', '.join(names)}.")
