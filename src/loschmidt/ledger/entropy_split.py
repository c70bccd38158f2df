"""Where an entropy rate comes from: the motion by the Hamiltonian, which gives nothing, and each bath."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import RateError
from loschmidt.information.temperatures import (
    GeneralisedTemperature,
    TemperatureStatus,
    energy_scale,
    generalised_temperature,
)
from loschmidt.ledger.entropy_rates import KERNEL_TOLERANCE, entropy_rates
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.generators import Generator
from loschmidt.typing import BooleanArray, ComplexMatrix, RealArray, RealMatrix, RealTensor, StateLike

__all__ = ["EntropySplit", "entropy_split", "interior_entropy_rate"]

_EPS = float(np.finfo(float).eps)
#: Draining of a kernel slower than this fraction of the largest rate is round-off.
_DRAINING = 1e-12
_DEEPEST_LOGARITHM = 40.0


@dataclass(frozen=True, eq=False)
class EntropySplit:
    """Entropy rate of states by origin, in nats per time, and the heat that came with it.

    Attributes
    ----------
    interior, interior_error : (...)
        i tr([H, ρ] ln ρ), computed, and the round-off that may be in it. It is zero for every H and every ρ.
    exterior : (...)
        -tr[D(ρ) ln ρ] of all baths; infinite where a kernel of the state is fed.
    by_bath : (..., B)
        The part of each bath.
    heat_by_bath : (..., B)
        Heat current from each bath, energy less μ times particles; it refers to the energy observable of the process.
    change : (...)
        Frobenius norm of D(ρ).
    change_by_bath : (..., B)
        The same of each bath.
    scale : float
        Energy that heat is compared with entropy by.
    round_off, heat_round_off : float
        What the rates of entropy and heat cannot be told from zero below.
    """

    interior: RealArray
    interior_error: RealArray
    exterior: RealArray
    by_bath: RealTensor
    heat_by_bath: RealTensor
    change: RealArray
    change_by_bath: RealTensor
    scale: float
    round_off: float
    heat_round_off: float

    @property
    def total(self) -> RealArray:
        """The entropy rate dS/dt (...)."""
        return self.interior + self.exterior

    @property
    def heat(self) -> RealArray:
        """Heat current from all baths (...)."""
        return np.asarray(self.heat_by_bath.sum(axis=-1))[()]

    @property
    def singular(self) -> BooleanArray:
        """Whether the entropy rate is infinite: a level that was empty is being filled (...)."""
        return np.asarray(np.isinf(self.exterior))

    @property
    def temperature(self) -> GeneralisedTemperature:
        """Generalised temperature of all baths together (...)."""
        return generalised_temperature(
            self.heat,
            self.exterior,
            energy_scale=self.scale,
            change=self.change,
            heat_error=self.heat_round_off,
            entropy_error=self.round_off,
        )

    @property
    def temperature_by_bath(self) -> GeneralisedTemperature:
        """Generalised temperature of each bath's share (..., B)."""
        return generalised_temperature(
            self.heat_by_bath,
            self.by_bath,
            energy_scale=self.scale,
            change=self.change_by_bath,
            heat_error=self.heat_round_off,
            entropy_error=self.round_off,
        )

    @property
    def status(self) -> np.ndarray:
        """Whether the rate is a number, "regular", or infinite, "logarithmic" (...)."""
        words = np.array([TemperatureStatus.REGULAR.value, TemperatureStatus.LOGARITHMIC.value])
        return np.asarray(words[self.singular.astype(np.int64)])


def entropy_split(generator: Generator, state: StateLike) -> EntropySplit:
    r"""Return the entropy rate of states split into an interior part, by the Hamiltonian, and exterior ones, by baths.

    .. math:: \dot S_\mathrm{i} = i\,\mathrm{tr}\{[H,\rho]\ln\rho\} = 0, \qquad
              \dot S_\mathrm{e} = -\sum_b \mathrm{tr}\{\mathcal D_b(\rho)\ln\rho\}

    Parameters
    ----------
    generator : Generator
        Any equation at one moment, also a time-local one with negative rates; of a driven process ``process.at(t)``.
    state : (..., d, d), ket (d,) or ``qutip.Qobj``
        Density matrices.

    Returns
    -------
    EntropySplit

    Raises
    ------
    RateError
        If negative rates drain a direction in which the state has no weight: it would lose positivity at once.
    NotAStateError, ShapeError
        If a state is none, or does not fit.

    Notes
    -----
    :cite:t:`ahmadi2020`, Eqs. (10)-(13); the canonical form of time-local generators is that of :cite:t:`hall2014`.
    The interior part vanishes because a trace is cyclic, for every Hamiltonian: what is moved from the Hamiltonian
    into the jumps, L → L + a, changes neither part. Heat as tr[H D(ρ)] does change, so it refers to the energy
    observable of the process, not to whatever stands in the commutator.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 1.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> found = entropy_split(davies_generator(np.diag([0.0, 1.0]), [bath]), [[0.6, 0.1], [0.1, 0.4]])
    >>> bool(abs(found.interior) < 1e-15), bool(found.by_bath[0] == found.exterior)
    (True, True)
    """
    rho = as_density_matrix(state, "state", generator.dimension)
    d, batch = generator.dimension, rho.shape[:-2]
    stack = rho.reshape(-1, d, d)
    changes = np.zeros((len(generator.dissipators), *stack.shape), dtype=np.complex128)
    for number, one in enumerate(generator.dissipators):
        changes[number] = one.apply(stack)
    rate = max((largest_rate(one) for one in generator.dissipators), default=0.0)
    if rate > 0:
        _check_kernel(stack, changes.sum(axis=0), rate)
    levels = generator.levels
    found = entropy_rates(levels.to_eigenbasis(stack), levels.to_eigenbasis(changes), levels.labels, rate)
    interior, spread = interior_entropy_rate(generator.effective_hamiltonian, stack)
    energy = generator.energy - np.trace(generator.energy) / d * np.eye(d)
    round_off = 8 * d * _EPS * rate
    return EntropySplit(
        interior=interior.reshape(batch)[()],
        interior_error=spread.reshape(batch)[()],
        exterior=found.total_entropy_rate.reshape(batch)[()],
        by_bath=found.entropy_rate.reshape(*batch, -1),
        heat_by_bath=_heat(generator, energy, stack, changes).reshape(*batch, -1),
        change=np.linalg.norm(changes.sum(axis=0), axis=(-2, -1)).reshape(batch)[()],
        change_by_bath=np.linalg.norm(changes, axis=(-2, -1)).T.reshape(*batch, -1),
        scale=float(energy_scale(generator.energy, [one.beta for one in generator.dissipators])),
        round_off=round_off * _DEEPEST_LOGARITHM,
        heat_round_off=round_off * float(np.linalg.norm(energy)),
    )


def interior_entropy_rate(hamiltonian: ComplexMatrix, states: ComplexMatrix) -> tuple[RealTensor, RealTensor]:
    """Return i tr([H, ρ] ln ρ) of states (n, d, d) under one H (d, d) or one each, and its round-off; both (n,).

    It is a residual of the linear algebra: beyond round-off it means that ρ is not Hermitian, so that the ln of it that
    is taken is that of another matrix.

    Examples
    --------
    >>> value, error = interior_entropy_rate(np.diag([0.0, 1.0]) + 0j, np.array([[[0.5, 0.2], [0.2, 0.5]]]) + 0j)
    >>> bool((abs(value) <= error).all())
    True
    """
    d = states.shape[-1]
    values, vectors = np.linalg.eigh(states)
    centred = hamiltonian - np.trace(hamiltonian, axis1=-2, axis2=-1)[..., None, None] / d * np.eye(d)
    moved = -1j * (centred @ states - states @ centred)
    along = (vectors.conj() * (moved @ vectors)).sum(axis=-2).real
    kernel = values <= KERNEL_TOLERANCE
    logarithms = np.where(kernel, 0.0, np.log(np.where(kernel, 1.0, values)))
    size = np.linalg.norm(centred, axis=(-2, -1)) * (np.linalg.norm(logarithms, axis=-1) + 1.0)
    return np.asarray(-(along * logarithms).sum(axis=-1)), np.asarray(8 * d * _EPS * size)


def _check_kernel(states: ComplexMatrix, change: ComplexMatrix, rate: float) -> None:
    """Refuse states whose weight is to fall where there is none."""
    values, vectors = np.linalg.eigh(states)
    for at in np.nonzero(values[:, 0] <= KERNEL_TOLERANCE)[0]:
        empty = vectors[at][:, values[at] <= KERNEL_TOLERANCE]
        slowest = float(np.linalg.eigvalsh(empty.conj().T @ change[at] @ empty)[0])
        if slowest < -_DRAINING * rate:
            raise RateError(
                f"`state` number {at} must not lose weight where it has none, but negative rates drain an empty "
                f"direction at {slowest:.3g}, so it would stop being positive at once. Take a state that the dynamical "
                f"map can reach at this time."
            )


def _heat(generator: Generator, energy: ComplexMatrix, states: ComplexMatrix, changes: ComplexMatrix) -> RealMatrix:
    heat = np.einsum("ab,knba->nk", energy, changes, optimize=True).real
    for number, one in enumerate(generator.dissipators):
        moved = one.particle_rate(states)
        if one.chemical_potential is not None and moved is not None:
            heat[:, number] -= one.chemical_potential * moved
    return np.asarray(heat)
