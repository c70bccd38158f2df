"""The state a static process settles into, the currents through it, and whether it is the only one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import ConvergenceError, InputError, ShapeError
from loschmidt.evolution import _steady_davies as davies
from loschmidt.evolution._steady_populations import closed_classes
from loschmidt.evolution._steady_solve import Found, StationaryCount, count_stationary, find_stationary
from loschmidt.evolution._steady_terms import GeneratorTerms, generator_terms
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["StationaryCount", "SteadyState", "stationary_count", "steady_state"]

#: A state that is known less well than this is none.
_LARGEST_ERROR = 1e-3
_EPSILON = float(np.finfo(float).eps)


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

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> steady_state(davies_generator(np.diag([0.0, 1.0]), [bath])).unique
    True
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
        return np.asarray(self.basis.dot(self.components).dot(self.basis.conj().T))

    def to_qutip(self) -> Any:
        """Return the state as ``qutip.Qobj`` with the tensor structure of the process."""
        import qutip

        dims = list(self.process.dims)
        return qutip.Qobj(self.state, dims=[dims, dims])


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
    if initial is not None and terms.basis is not None:
        initial = terms.basis.conj().T @ initial @ terms.basis
    found = find_stationary(process, terms, initial)
    if not found.error <= _LARGEST_ERROR:
        raise ConvergenceError(
            f"The steady state could be found to {found.error:.1g} only: the slowest relaxation is lost in round-off "
            f"against the fastest. Evolve to the times you need instead."
        )
    return _with_currents(process, terms, found)


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
        classes = closed_classes(davies.bath_rates(process).sum(axis=0))
        return StationaryCount(classes.count, davies.oscillates(process, classes))
    return count_stationary(process, generator_terms(process))


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


def _from_populations(process: Generator, initial: ComplexMatrix | None) -> SteadyState:
    levels = process.levels
    start = None if initial is None else np.diagonal(levels.to_eigenbasis(initial)).real
    populations, classes, (heat, change, fastest) = davies.settled(process, start)
    particles = davies.particle_currents(process, populations)
    for number, dissipator in enumerate(process.dissipators):
        if dissipator.chemical_potential is not None:
            heat[number] -= dissipator.chemical_potential * particles[number]
    d = len(populations)
    components = np.zeros((d, d), dtype=np.complex128)
    components.reshape(-1)[:: d + 1] = populations
    return SteadyState(
        process=process,
        components=components,
        basis=levels.basis,
        multiplicity=1 if classes is None else classes.count,
        oscillating=classes is not None and davies.oscillates(process, classes),
        residual=float(change) / (float(fastest) or 1.0),
        method="populations, elimination",
        heat_rates=heat,
        particle_rates=particles,
        switching_power=0.0,
        error=4 * d * _EPSILON,
    )


def _with_currents(process: Generator, terms: GeneratorTerms, found: Found) -> SteadyState:
    state = found.state
    heat = terms.energy_rates(state)
    particles = np.zeros(len(heat))
    for number, dissipator in enumerate(process.dissipators):
        if dissipator.chemical_potential is not None:
            original = state if terms.basis is None else terms.basis @ state @ terms.basis.conj().T
            rate = dissipator.particle_rate(original)
            particles[number] = 0.0 if rate is None else float(rate)
            heat[number] -= dissipator.chemical_potential * particles[number]
    # What the Hamiltonian itself does to the energy observable; both are in the basis of the terms.
    moved = (terms.no_jump - terms.losses.sum(axis=0)) @ state
    return SteadyState(
        process=process,
        components=state,
        basis=terms.basis,
        multiplicity=found.stationary.multiplicity,
        oscillating=found.stationary.oscillating,
        residual=float(np.linalg.norm(terms.apply(state))) / terms.largest_rate,
        method=found.method,
        heat_rates=heat,
        particle_rates=particles,
        switching_power=2 * float(np.vdot(terms.energy, moved).real),
        error=found.error,
    )
