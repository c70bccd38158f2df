"""The state a static process settles into, the currents through it, and whether it is the only one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from loschmidt._kernels.rate_equation import population_change
from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError, NotUniqueError, ResourceError, ShapeError
from loschmidt.evolution import _steady_davies as davies
from loschmidt.evolution import _steady_dense as dense
from loschmidt.evolution._steady_enclosures import NoJumpMotion, count_enclosures, no_jump_motion
from loschmidt.evolution._steady_jump_chain import solve_jump_chain
from loschmidt.evolution._steady_populations import closed_classes
from loschmidt.evolution._steady_terms import GeneratorTerms, generator_terms
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["StationaryCount", "SteadyState", "stationary_count", "steady_state"]

_SMALL = 10  # dimension up to which all d² real coordinates go into one matrix
_DENSE_SECTOR = 300  # real coordinates; beyond, the jump chain is faster
_LARGEST_DENSE_SECTOR = 1100


class StationaryCount(NamedTuple):
    """How many stationary states a process has, and whether some coherences never decay.

    Attributes
    ----------
    multiplicity : int or None
        Dimension of the space of stationary operators; None if round-off leaves it open.
    oscillating : bool or None
        Whether purely imaginary eigenvalues exist; None if undecided.
    """

    multiplicity: int | None
    oscillating: bool | None


@dataclass(frozen=True, eq=False)
class SteadyState:
    """A stationary state and the currents through it.

    Attributes
    ----------
    process : Generator
        What happens.
    components : (d, d)
        The state, in `basis` if there is one; small populations keep their relative accuracy there.
    basis : (d, d) or None
        Orthonormal basis, as columns, in which `components` are given; None for the original one.
    multiplicity : int or None
        Dimension of the space of stationary operators; None if round-off leaves it open.
    oscillating : bool or None
        Whether purely imaginary eigenvalues exist. If so, the state is the time average of the evolution from the
        initial state, which need not have a limit. None if undecided.
    residual : float
        Frobenius norm of L(ρ) relative to the largest rate.
    method : str
        Short name of the algorithm.
    heat_rates : (n_baths,)
        Heat current from each bath into the system, energy less μ times particles.
    particle_rates : (n_baths,)
        Particle current from each bath.
    switching_power : float
        tr(E (-i)[H + H_LS, ρ]), E the energy observable; zero where E is conserved by the Hamiltonian.
    error : float
        Estimated Frobenius norm of the error of the state.
    """

    process: Generator
    components: ComplexMatrix
    basis: ComplexMatrix | None
    multiplicity: int | None
    oscillating: bool | None
    residual: float
    method: str
    heat_rates: RealVector
    particle_rates: RealVector
    switching_power: float
    error: float

    @property
    def unique(self) -> bool | None:
        """Whether there is no other stationary state; None if round-off leaves it open."""
        return None if self.multiplicity is None else self.multiplicity == 1

    @property
    def state(self) -> ComplexMatrix:
        """The state (d, d) in the original basis."""
        if self.basis is None:
            return self.components
        return self.basis @ self.components @ self.basis.conj().T

    def to_qutip(self) -> Any:
        """Return the state as ``qutip.Qobj`` with the tensor structure of the process."""
        import qutip

        dims = list(self.process.dims)
        return qutip.Qobj(self.state, dims=[dims, dims])


class _Found(NamedTuple):
    state: ComplexMatrix
    error: float
    count: StationaryCount
    method: str


def steady_state(process: Generator, state: StateLike | None = None) -> SteadyState:
    """Return the stationary state of a process and the currents through it.

    Parameters
    ----------
    process : Generator
        Static master equation.
    state : (d, d), ket (d,) or ``qutip.Qobj``, optional
        Initial state. Needed where the stationary state is not unique: the result is then the long-time average of
        the evolution from it. Not used where it is unique.

    Returns
    -------
    SteadyState

    Raises
    ------
    NotUniqueError
        If several stationary states exist and no initial state says which is meant.
    InputError
        If the process is driven, or the state is malformed.
    ResourceError
        If the process is too large to find all of several stationary states.
    ConvergenceError
        If an iterative solution fails.

    Notes
    -----
    Davies equations with non-degenerate levels are solved by elimination without subtractions
    (:cite:t:`grassmann1985`): every population is right relative to itself, whatever its size. Others are reduced to
    the real coordinates that populations feed, and solved by one factorisation or, for large systems, by a Krylov
    method on the chain of jumps. Uniqueness follows from the subspaces that the process never leaves
    (:cite:t:`baumgartner2008`), or from the rank.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> coupling = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), coupling), Bath("cold", 2.0, GlauberSpectrum(0.1), coupling)]
    >>> settled = steady_state(davies_generator(np.diag([0.0, 1.0]), baths))
    >>> settled.unique, bool(settled.heat_rates[0] > 0)
    (True, True)
    """
    _check_static(process)
    initial = None if state is None else _checked_state(process, state)
    if davies.applies_to(process):
        return _from_populations(process, initial)
    terms = generator_terms(process)
    start = None if initial is None or terms.basis is None else terms.basis.conj().T @ initial @ terms.basis
    found = _solve(process, terms, initial if terms.basis is None else start)
    return _result(process, terms, found)


def stationary_count(process: Generator) -> StationaryCount:
    """Return how many stationary states a static process has, and whether some coherences never decay.

    Raises
    ------
    InputError, ResourceError
        As in :func:`steady_state`.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("noise", 1.0, GlauberSpectrum(0.1), [[1, 0], [0, -1]])
    >>> stationary_count(davies_generator(np.diag([0.0, 1.0]), [bath]))
    StationaryCount(multiplicity=2, oscillating=False)
    """
    _check_static(process)
    if davies.applies_to(process):
        classes = closed_classes(sum(davies.bath_rates(process), np.zeros((process.dimension, process.dimension))))
        return StationaryCount(classes.count, davies.oscillates(process, classes))
    terms = generator_terms(process)
    if _fits_in_one_matrix(terms):
        if (members := dense.sector(terms, _seeds(terms), _LARGEST_DENSE_SECTOR)) is None:
            return StationaryCount(None, None)
        if terms.positive and dense.solve(terms, members).regular:
            return StationaryCount(1, False)
    elif terms.positive and count_enclosures(terms, no_jump_motion(terms.no_jump)) == 1:
        return StationaryCount(1, False)
    multiplicity = dense.stationary_space(terms).multiplicity
    return StationaryCount(multiplicity, _oscillates(process, terms))


def _check_static(process: Generator) -> None:
    if not isinstance(process, Generator):
        raise InputError(
            f"`process` must be a static Generator, but it is a {type(process).__name__}. A driven process has no "
            f"stationary state; take a snapshot with `process.at(time)` or follow it with `evolve`."
        )


def _checked_state(process: Generator, state: StateLike) -> ComplexMatrix:
    rho = as_density_matrix(state, "state", process.dimension)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}.")
    return rho


def _not_unique(multiplicity: int | None) -> NotUniqueError:
    number = "several" if multiplicity is None else str(multiplicity)
    return NotUniqueError(
        f"The process has {number} independent stationary states, so that the one it reaches depends on where it "
        f"starts. Pass the initial state, steady_state(process, state)."
    )


def _from_populations(process: Generator, initial: ComplexMatrix | None) -> SteadyState:
    rates = davies.bath_rates(process)
    total = rates[0] if len(rates) == 1 else sum(rates[1:], rates[0])
    classes = closed_classes(total)
    if classes.count > 1 and initial is None:
        raise _not_unique(classes.count)
    levels = process.levels
    start = None if initial is None else np.diagonal(levels.to_eigenbasis(initial)).real
    populations = davies.settled_populations(total, classes, start)
    change, fastest = population_change(total, populations)
    heat, particles = davies.currents(process, rates, populations)
    return SteadyState(
        process=process,
        components=np.diag(populations.astype(np.complex128)),
        basis=levels.basis,
        multiplicity=classes.count,
        oscillating=davies.oscillates(process, classes),
        residual=float(change) / (float(fastest) or 1.0),
        method="populations, elimination",
        heat_rates=heat,
        particle_rates=particles,
        switching_power=0.0,
        error=4 * len(total) * float(np.finfo(float).eps),
    )


def _fits_in_one_matrix(terms: GeneratorTerms) -> bool:
    d = terms.dimension
    if terms.zero_frequency:
        assert terms.levels is not None
        return bool((np.bincount(terms.levels.labels) ** 2).sum() <= _LARGEST_DENSE_SECTOR)
    return d <= _SMALL or (not terms.positive and d * d <= _LARGEST_DENSE_SECTOR)


def _seeds(terms: GeneratorTerms) -> np.ndarray:
    d = terms.dimension
    coordinates = dense.all_coordinates(d)
    if not terms.zero_frequency:
        return coordinates
    assert terms.levels is not None
    label = terms.levels.labels
    return coordinates[label[coordinates // 2 // d] == label[coordinates // 2 % d]]


def _solve(process: Generator, terms: GeneratorTerms, initial: ComplexMatrix | None) -> _Found:
    if _fits_in_one_matrix(terms):
        members = dense.sector(terms, _seeds(terms), _LARGEST_DENSE_SECTOR)
        assert members is not None
        solution = dense.solve(terms, members)
        if solution.regular:
            count = StationaryCount(1, False if terms.positive else _oscillates(process, terms))
            return _Found(solution.state, solution.error, count, "dense")
        return _average(process, terms, initial)
    motion = no_jump_motion(terms.no_jump)
    count = count_enclosures(terms, motion) if terms.positive else None
    if count == 1:
        return _solve_unique(terms, motion)
    if terms.positive or initial is not None:
        return _average(process, terms, initial)
    # Beyond reach of a rank and without a theorem: a stationary state, its uniqueness undecided.
    state, error = solve_jump_chain(terms, motion)
    return _Found(state, error, StationaryCount(None, None), "jump chain")


def _solve_unique(terms: GeneratorTerms, motion: NoJumpMotion) -> _Found:
    once = StationaryCount(1, False)
    populations = 2 * np.arange(terms.dimension) * (terms.dimension + 1)
    if (members := dense.sector(terms, populations, _DENSE_SECTOR)) is not None:
        solution = dense.solve(terms, members)
        if solution.regular:
            return _Found(solution.state, solution.error, once, "dense on a sector")
    state, error = solve_jump_chain(terms, motion)
    return _Found(state, error, once, "jump chain")


def _average(process: Generator, terms: GeneratorTerms, initial: ComplexMatrix | None) -> _Found:
    space = dense.stationary_space(terms)
    if initial is None:
        raise _not_unique(space.multiplicity)
    state = space.project(initial)
    error = float(np.linalg.norm(terms.apply(state))) / terms.largest_rate
    count = StationaryCount(space.multiplicity, _oscillates(process, terms))
    return _Found(state, error, count, "projection on null vectors")


def _oscillates(process: Generator, terms: GeneratorTerms) -> bool | None:
    try:
        return dense.oscillates(generator_terms(process, whole=True) if terms.zero_frequency else terms)
    except ResourceError:
        return None


def _result(process: Generator, terms: GeneratorTerms, found: _Found) -> SteadyState:
    state = found.state
    energy_rates = terms.energy_rates(state)
    particles = [x.particle_rate(state) for x in _particle_baths(process)]
    particle_rates = np.zeros(len(process.dissipators))
    heat = energy_rates
    if particles:
        original = state if terms.basis is None else terms.basis @ state @ terms.basis.conj().T
        for number, dissipator in enumerate(process.dissipators):
            rate = dissipator.particle_rate(original)
            if rate is not None and dissipator.chemical_potential is not None:
                particle_rates[number] = float(rate)
                heat[number] -= dissipator.chemical_potential * float(rate)
    # dE/dt vanishes in a stationary state, so what the baths bring is what switching takes away.
    hamiltonian = terms.no_jump - terms.losses.sum(axis=0)
    return SteadyState(
        process=process,
        components=state,
        basis=terms.basis,
        multiplicity=found.count.multiplicity,
        oscillating=found.count.oscillating,
        residual=float(np.linalg.norm(terms.apply(state))) / terms.largest_rate,
        method=found.method,
        heat_rates=heat,
        particle_rates=particle_rates,
        switching_power=float(2 * np.einsum("ij,ji->", terms.energy, hamiltonian @ state).real),
        error=found.error,
    )


def _particle_baths(process: Generator) -> list[Any]:
    return [x for x in process.dissipators if x.chemical_potential is not None]
