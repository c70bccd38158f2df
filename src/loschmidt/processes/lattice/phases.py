"""Erasure by phases: operators diagonal in the Fock basis that leave every probability and destroy the information."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock import as_count
from loschmidt.typing import ArrayLike, RealTensor

__all__ = ["PhaseOperator", "deterministic_phases", "local_phases", "phase_operator", "random_phases"]

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True, eq=False)
class PhaseOperator:
    r"""The diagonal unitary :math:`\sum_x e^{i\theta_x}|x\rangle\langle x|` of Fock states.

    Attributes
    ----------
    terms : tuple of arrays
        Real angles in radians, of S axes each, which broadcast to the shape of a state; θ is their sum.
    label : str
        For reports.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2))
    >>> local_phases(system, 0, {"tau": 0.3}).terms[0].ravel()
    array([0.3, 0.3, 0. , 0.3, 0. , 0. ])
    """

    terms: tuple[RealTensor, ...]
    label: str

    @property
    def reversed(self) -> PhaseOperator:
        """The inverse, O†."""
        return PhaseOperator(tuple(-term for term in self.terms), f"{self.label}†")

    @property
    def axes(self) -> frozenset[int]:
        """Axes, one per species, on whose Fock state the phase depends."""
        return frozenset(axis for term in self.terms for axis, length in enumerate(term.shape) if length > 1)

    @property
    def nbytes(self) -> int:
        """Memory of the angles."""
        return sum(term.nbytes for term in self.terms)

    def times(self, other: PhaseOperator) -> PhaseOperator:
        """Return the product with another one, whose angles add to these."""
        terms: dict[tuple[int, ...], RealTensor] = {}
        for term in (*self.terms, *other.terms):
            terms[term.shape] = terms[term.shape] + term if term.shape in terms else term
        return PhaseOperator(tuple(terms.values()), f"{self.label} {other.label}")

    def angles(self, shape: tuple[int, ...]) -> RealTensor:
        """Return θ for each Fock state, as an array of the shape of a state."""
        total = np.zeros(shape)
        for term in self.terms:
            total += term
        return total


def phase_operator(
    system: LatticeSystem, phases: ArrayLike, species: str | int | None = None, label: str = "O"
) -> PhaseOperator:
    """Return the operator of given phases.

    Parameters
    ----------
    system : LatticeSystem
        What it acts on.
    phases : (d_s,) or array that broadcasts to the shape of a state
        Angles in radians.
    species : str or int, optional
        The one whose Fock states the (d_s,) angles belong to.
    label : str
        For reports.

    Raises
    ------
    ShapeError, InputError, NotFiniteError
        If the angles do not fit, are not real or not finite.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(3), (1, 1))
    >>> phase_operator(system, [0.0, 1.0, 2.0], "upsilon").terms[0].shape
    (1, 3)
    """
    try:
        angles = np.asarray(phases, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"`phases` must be real angles, but {error}.") from None
    if not np.isfinite(angles).all():
        raise NotFiniteError("`phases` must be finite, but it holds NaN or infinity.")
    if species is not None:
        axis = system.index(species)
        if angles.shape != (system.dims[axis],):
            raise ShapeError(
                f"`phases` must have one angle per Fock state of {system.species[axis]}, {system.dims[axis]}, "
                f"but its shape is {angles.shape}."
            )
        return PhaseOperator((_along(angles, axis, system),), label)
    fits = len(angles.shape) == len(system.dims) and all(
        length in {1, d} for length, d in zip(angles.shape, system.dims, strict=True)
    )
    if not fits:
        raise ShapeError(
            f"`phases` must broadcast to the shape of a state, {system.dims}, but its shape is {angles.shape}. "
            f"Name `species` if these are the angles of one."
        )
    return PhaseOperator((angles.copy(),), label)


def random_phases(
    system: LatticeSystem, species: str | int | Sequence[str | int], rng: np.random.Generator, *, joint: bool = False
) -> PhaseOperator:
    """Return independent phases, uniform on the circle, for every Fock state of one species or of each of several.

    Parameters
    ----------
    system : LatticeSystem
        What it acts on.
    species : str, int or sequence of these
        The erased species. Several get angles of their own, which add.
    rng : numpy.random.Generator
        Source of randomness.
    joint : bool
        An angle of its own for every joint Fock state of the species instead.

    Notes
    -----
    :cite:t:`guo2025`, Eqs. (11) and (12). Acting on 2^L occupations at once, this is not a local operator.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 1))
    >>> random_phases(system, ["tau", "upsilon"], np.random.default_rng(1)).axes == {0, 1}
    True
    """
    axes = _axes(system, species)
    if joint:
        shape = tuple(d if axis in axes else 1 for axis, d in enumerate(system.dims))
        return PhaseOperator((rng.uniform(0.0, 2 * np.pi, shape),), "O")
    return PhaseOperator(
        tuple(_along(rng.uniform(0.0, 2 * np.pi, system.dims[axis]), axis, system) for axis in axes), "O"
    )


def deterministic_phases(system: LatticeSystem, species: str | int | Sequence[str | int]) -> PhaseOperator:
    r"""Return phases that look random and are the same everywhere: 2π times the fraction of (n + 1)(√5 − 1)/2.

    Parameters
    ----------
    system : LatticeSystem
        What it acts on.
    species : str, int or sequence of these
        The erased species; n counts the Fock states of each.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(3), (1, 1))
    >>> deterministic_phases(system, "upsilon").terms[0].round(3)
    array([[3.883, 1.483, 5.366]])
    """
    terms = []
    for axis in _axes(system, species):
        numbers = np.arange(1, system.dims[axis] + 1)
        terms.append(_along(2 * np.pi * (numbers * _GOLDEN % 1.0), axis, system))
    return PhaseOperator(tuple(terms), "O")


def local_phases(
    system: LatticeSystem, site: int, angles: SupportsFloat | Mapping[Any, SupportsFloat]
) -> PhaseOperator:
    r"""Return the phase operator of one site, :math:`\exp(i\sum_s\theta_s n_{is})`.

    Parameters
    ----------
    system : LatticeSystem
        What it acts on.
    site : int
        Site i.
    angles : float or mapping
        θ for all species, or for each named one, in radians.

    Notes
    -----
    The operator of part I, :cite:t:`guo2025i`.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(3), (1, 1))
    >>> local_phases(system, 2, 0.5).terms[1]
    array([[0. , 0. , 0.5]])
    """
    place = as_count(site, "site", 0, system.lattice.sites - 1)
    given: Mapping[Any, Any] = angles if isinstance(angles, Mapping) else dict.fromkeys(range(len(system.dims)), angles)
    terms = []
    for species, angle in given.items():
        axis = system.index(species)
        value = as_number(angle, f"angles[{species!r}]")
        terms.append(_along(value * system.bases[axis].occupations[:, place], axis, system))
    return PhaseOperator(tuple(terms), f"O at site {place}")


def _along(angles: RealTensor, axis: int, system: LatticeSystem) -> RealTensor:
    shape = [1] * len(system.dims)
    shape[axis] = -1
    return angles.reshape(shape)


def _axes(system: LatticeSystem, species: Any) -> tuple[int, ...]:
    listed = [species] if isinstance(species, (str, int)) else list(species)
    axes = tuple(system.index(one) for one in listed)
    if not axes or len(set(axes)) != len(axes):
        raise InputError(f"`species` must name at least one species and each once, but it is {species!r}.")
    return axes
