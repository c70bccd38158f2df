"""Where a lattice starts: Fock configurations, superpositions, Slater determinants, random and given states."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from loschmidt.checks import STATE_TOLERANCE
from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock import as_sites, slater_determinant
from loschmidt.states.fock_amplitudes import FockSuperposition, GivenAmplitudes, ProductOfSpecies
from loschmidt.typing import ArrayLike, BooleanArray, ComplexMatrix, ComplexTensor

__all__ = [
    "configurations_within",
    "domain_wall",
    "fermi_sea",
    "fock_state",
    "given_state",
    "random_lattice_state",
    "slater_state",
    "superposition",
]

Configuration = Sequence[Sequence[int]] | Mapping[str, Sequence[int]]


def fock_state(system: LatticeSystem, configuration: Configuration) -> FockSuperposition:
    """Return one Fock state.

    Parameters
    ----------
    system : LatticeSystem
        What the state belongs to.
    configuration : sequence of site lists, or mapping from names to these
        Occupied sites of each species.

    Raises
    ------
    InputError, TypeError
        If the sites of a species are not N_s different ones of the lattice.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> fock_state(lattice_system(Lattice.chain(4), (2, 1)), {"tau": [0, 1], "upsilon": [3]}).places
    ((0, 3),)
    """
    return superposition(system, [(configuration, 1.0)])


def superposition(
    system: LatticeSystem, terms: Sequence[tuple[Configuration, Any]], *, normalize: bool = False
) -> FockSuperposition:
    """Return a superposition of Fock states.

    Parameters
    ----------
    system : LatticeSystem
        What the state belongs to.
    terms : sequence of (configuration, amplitude)
        Each configuration once; see :func:`fock_state`.
    normalize : bool
        Divide by the norm instead of refusing another norm than 1.

    Raises
    ------
    InputError, TypeError, NotAStateError
        If a configuration does not fit or stands there twice, or the norm is not 1.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(2), (1, 1))
    >>> superposition(system, [(([0], [1]), 1), (([1], [0]), 1j)], normalize=True).amplitudes.round(3)
    array([0.707+0.j   , 0.   +0.707j])
    """
    places = [_place(system, configuration) for configuration, _ in terms]
    twice = [place for place, group in itertools.groupby(sorted(places)) if len(list(group)) > 1]
    if twice:
        raise InputError(f"`terms` must name each configuration once, but places {twice[0]} of the bases come twice.")
    amplitudes = _normalized(_finite([amplitude for _, amplitude in terms], "amplitudes"), "terms", normalize)
    return FockSuperposition(system.dims, tuple(places), amplitudes)


def domain_wall(system: LatticeSystem, from_right: Sequence[str | int] = ()) -> FockSuperposition:
    """Return the Fock state with each species on the lowest sites, and those named `from_right` on the highest.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> domain_wall(lattice_system(Lattice.chain(4), (2, 2)), from_right=["upsilon"]).places
    ((0, 5),)
    """
    mirrored = {system.index(one) for one in from_right}
    sites = system.lattice.sites
    return fock_state(
        system,
        [range(sites - n, sites) if s in mirrored else range(n) for s, n in enumerate(system.particles)],
    )


def slater_state(system: LatticeSystem, orbitals: Sequence[ArrayLike]) -> ProductOfSpecies:
    """Return a product of one Slater determinant for each species.

    Parameters
    ----------
    system : LatticeSystem
        What the state belongs to.
    orbitals : S arrays (L, N_s)
        Orthonormal orbitals as columns.

    Raises
    ------
    ShapeError, InputError, NotFiniteError
        If shapes do not fit or orbitals are not orthonormal.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(2), (1, 1))
    >>> slater_state(system, [[[0.6], [0.8]], [[1], [0]]]).rows(0, 2).real
    array([[0.6, 0. ],
           [0.8, 0. ]])
    """
    if len(orbitals) != len(system.dims):
        raise ShapeError(f"`orbitals` must have one array per species, {len(system.dims)}, but it has {len(orbitals)}.")
    factors = []
    for name, given, count in zip(system.species, orbitals, system.particles, strict=True):
        expected = (system.lattice.sites, count)
        if np.shape(given) != expected:
            raise ShapeError(f"`orbitals` of {name} must have shape {expected}, but it is {np.shape(given)}.")
        factors.append(slater_determinant(given))
    return ProductOfSpecies(tuple(factors))


def fermi_sea(system: LatticeSystem) -> ProductOfSpecies:
    """Return the ground state without interaction: each species fills its lowest orbitals of hopping and potential.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> fermi_sea(lattice_system(Lattice.chain(2), (1, 1))).factors[0].real.round(3).tolist()
    [-0.707, 0.707]
    """
    if not system.moves_freely:
        raise InputError(
            f"`system` must hold particles that are free without interaction, but hard-core particles on a "
            f"{system.lattice.name} are not. Use statistics='fermion'."
        )
    orbitals: list[ComplexMatrix] = []
    for s, count in enumerate(system.particles):
        orbitals.append(np.linalg.eigh(system.hopping_matrix(s) + np.diag(system.potentials[s]))[1][:, :count])
    return slater_state(system, orbitals)


def configurations_within(system: LatticeSystem, species: str | int, sites: Sequence[int]) -> BooleanArray:
    """Return which Fock states of a species occupy only the sites named, as an array that broadcasts to a state.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2))
    >>> configurations_within(system, "upsilon", [0, 1, 2])
    array([[ True, True, True, False, False, False]])
    """
    axis = system.index(species)
    allowed = as_sites(sites, system.lattice.sites)
    others = [site for site in range(system.lattice.sites) if site not in allowed]
    shape = [1] * len(system.dims)
    shape[axis] = -1
    return np.asarray(~system.bases[axis].occupations[:, others].any(axis=1)).reshape(shape)


def random_lattice_state(
    system: LatticeSystem, rng: np.random.Generator, subspace: ArrayLike | None = None
) -> GivenAmplitudes:
    """Return a Haar-random state of the whole space or of the span of some Fock states.

    Parameters
    ----------
    system : LatticeSystem
        What the state belongs to.
    rng : numpy.random.Generator
        Source of randomness.
    subspace : boolean array that broadcasts to a state, optional
        Fock states that may occur; :func:`configurations_within` makes such arrays, and `&` combines them.

    Raises
    ------
    ShapeError, InputError
        If `subspace` does not fit or is empty.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2))
    >>> state = random_lattice_state(system, np.random.default_rng(1), configurations_within(system, "tau", [0, 1]))
    >>> bool(state.rows(1, 6).any())
    False
    """
    amplitudes = rng.standard_normal(system.dims) + 1j * rng.standard_normal(system.dims)
    if subspace is not None:
        allowed = np.asarray(subspace, dtype=bool)
        try:
            amplitudes *= np.broadcast_to(allowed, system.dims)
        except ValueError:
            raise ShapeError(
                f"`subspace` must broadcast to the shape of a state, {system.dims}, but its shape is {allowed.shape}."
            ) from None
        if not allowed.any():
            raise InputError("`subspace` must hold at least one Fock state, but it is empty.")
    amplitudes /= np.linalg.norm(amplitudes)
    return GivenAmplitudes(amplitudes)


def given_state(system: LatticeSystem, amplitudes: ArrayLike, *, normalize: bool = False) -> GivenAmplitudes:
    """Return a state from its amplitudes.

    Parameters
    ----------
    system : LatticeSystem
        What the state belongs to.
    amplitudes : (d_1, …, d_S) or (d,)
        In the order of the bases, the last species fastest.
    normalize : bool
        Divide by the norm instead of refusing another norm than 1.

    Raises
    ------
    ShapeError, NotFiniteError, NotAStateError
        If it does not fit, is not finite or not of norm 1.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> given_state(lattice_system(Lattice.chain(2), (1, 1)), [0.5, 0.5, 0.5, 0.5]).shape
    (2, 2)
    """
    array = _finite(amplitudes, "amplitudes")
    if array.shape not in {system.dims, (system.dimension,)}:
        raise ShapeError(
            f"`amplitudes` must have shape {system.dims} or ({system.dimension},), but its shape is {array.shape}."
        )
    return GivenAmplitudes(_normalized(array, "amplitudes", normalize).reshape(system.dims))


def _place(system: LatticeSystem, configuration: Any) -> tuple[int, ...]:
    count = len(system.dims)
    if isinstance(configuration, Mapping):
        by_axis = {system.index(name): sites for name, sites in configuration.items()}
        missing = [system.species[s] for s in range(count) if s not in by_axis]
        if missing:
            raise InputError(f"a configuration must name the sites of every species, but {missing[0]} is missing.")
        listed = [by_axis[s] for s in range(count)]
    else:
        listed = list(configuration)
    if len(listed) != count:
        raise ShapeError(f"a configuration must have one list of sites per species, {count}, but it has {len(listed)}.")
    triples = zip(system.bases, listed, system.species, strict=True)
    return tuple(basis.index(sites, f"sites of {name}") for basis, sites, name in triples)


def _finite(value: Any, name: str) -> ComplexTensor:
    try:
        array = np.asarray(value, dtype=np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be numbers, but {error}.") from None
    if not np.isfinite(array).all():
        raise NotFiniteError(f"`{name}` must be finite, but it holds NaN or infinity.")
    return array


def _normalized(amplitudes: ComplexTensor, name: str, normalize: bool) -> ComplexTensor:
    norm = float(np.linalg.norm(amplitudes))
    if normalize and norm > 0:
        return np.asarray(amplitudes / norm)
    if not abs(norm**2 - 1) <= STATE_TOLERANCE:
        raise NotAStateError(
            f"`{name}` must have norm 1, but ⟨γ|γ⟩ = {norm**2:.12g}. Pass normalize=True to divide by the norm."
        )
    return amplitudes.copy()
