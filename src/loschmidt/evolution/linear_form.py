"""A driven master equation as fixed operators with weights that change in time, and the exchanges that go with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import OpenSystem
from loschmidt.evolution.exchange import exchange_operators, particle_operator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.drives import DrivenHamiltonian, TabulatedCoefficient
from loschmidt.processes.generators import Generator
from loschmidt.processes.piecewise import PiecewisePolynomial, piecewise_polynomial
from loschmidt.states.observables import centred
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = [
    "ExchangeRows",
    "LinearForm",
    "check_supported",
    "drive_weights",
    "driven_form",
    "energy_spread",
    "hamiltonian_weights",
    "linear_form",
    "no_weights",
    "with_rates",
]


@dataclass(frozen=True)
class ExchangeRows:
    """Which exchange is which row: heat of each bath first, then those that can differ from zero."""

    baths: int
    particles: tuple[int, ...]
    work: int | None
    switching: int | None

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.baths + len(self.particles) + (self.work is not None) + (self.switching is not None)

    @classmethod
    def of(cls, dissipators: tuple[Dissipator, ...], *, work: bool, switching: bool) -> ExchangeRows:
        """Return the rows that baths, a drive and a fixed energy observable need."""
        particles = tuple(b for b, one in enumerate(dissipators) if one.chemical_potential is not None)
        first = len(dissipators) + len(particles)
        return cls(len(dissipators), particles, first if work else None, first + work if switching else None)


@dataclass(frozen=True, eq=False)
class LinearForm:
    """dρ/dt = -i[Σ_j w_j H_j, ρ] + Σ_b D_b(ρ), with exchange rates Σ_j w_j tr(Q_j ρ); w_0 is 1.

    Attributes
    ----------
    hamiltonians : (J, d, d)
        H_j; those whose weight is the rate of change of a drive are zero.
    dissipators : tuple of Dissipator
        D_b.
    exchanges : (J, m, d, d)
        Q_j of every exchange.
    rows : ExchangeRows
        What the m exchanges are.
    energy_norms : (J,)
        How far, at most, each term moves an energy away from the mean energy.
    """

    hamiltonians: ComplexMatrix
    dissipators: tuple[Dissipator, ...]
    exchanges: ComplexMatrix
    rows: ExchangeRows
    energy_norms: RealVector

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return int(self.hamiltonians.shape[-1])


@lru_cache(maxsize=8)
def linear_form(process: OpenSystem) -> LinearForm:
    """Return the form of a static generator, or of driven Hamiltonian terms with fixed dissipators."""
    if isinstance(process, Generator):
        return _static_form(process)
    assert process.dissipators is not None
    assert isinstance(process.hamiltonian, DrivenHamiltonian)
    drive = process.hamiltonian
    return driven_form(drive.static, drive.operators, process.dissipators, process.energy)


def driven_form(
    static: ComplexMatrix, operators: ComplexMatrix, dissipators: tuple[Dissipator, ...], energy: ComplexMatrix | None
) -> LinearForm:
    """Return the form for weights (1, f_1 ... f_K, df_1/dt ... df_K/dt)."""
    count, d = len(operators), len(static)
    rows = ExchangeRows.of(dissipators, work=energy is None and count > 0, switching=energy is not None)
    hamiltonians = np.concatenate([static[None], operators, np.zeros_like(operators)])
    exchanges = np.zeros((1 + 2 * count, rows.count, d, d), dtype=np.complex128)
    for b, dissipator in enumerate(dissipators):
        if energy is None:
            exchanges[: 1 + count, b] = dissipator.adjoint(centred(hamiltonians[: 1 + count]))
        else:
            exchanges[0, b] = dissipator.adjoint(centred(energy))
    for row, b in enumerate(rows.particles, start=rows.baths):
        counted = particle_operator(dissipators[b])
        if counted is not None:
            exchanges[0, row] = counted
            exchanges[0, b] -= (dissipators[b].chemical_potential or 0.0) * counted
    if rows.work is not None:
        exchanges[1 + count :, rows.work] = operators
    if rows.switching is not None and energy is not None:
        exchanges[: 1 + count, rows.switching] = 1j * (
            hamiltonians[: 1 + count] @ energy - energy @ hamiltonians[: 1 + count]
        )
    norms = np.zeros(1 + 2 * count)
    norms[: 1 + count] = energy_spread(hamiltonians[: 1 + count])
    if energy is not None:
        norms[:] = 0.0
        norms[0] = energy_spread(energy)
    return LinearForm(hamiltonians, dissipators, exchanges, rows, norms)


def drive_weights(process: DrivenGenerator, start: float, stop: float, samples: int) -> PiecewisePolynomial:
    """Return the drive's coefficients f_k (K,) as polynomials on pieces between two times."""
    assert isinstance(process.hamiltonian, DrivenHamiltonian)
    coefficients = process.hamiltonian.coefficients
    knots = [np.asarray(f.times) for f in coefficients if isinstance(f, TabulatedCoefficient)]

    def sample(times: RealVector) -> RealVector:
        values = np.empty((len(times), len(coefficients)))
        for k, f in enumerate(coefficients):
            values[:, k] = f(times)
        return values

    return piecewise_polynomial(
        sample,
        start,
        stop,
        breaks=np.concatenate(knots) if knots else (),
        samples=samples,
        componentwise=True,
    )


def hamiltonian_weights(
    hamiltonian: Callable[[RealVector], ComplexMatrix], start: float, stop: float, samples: int
) -> tuple[ComplexMatrix, PiecewisePolynomial]:
    """Return operators (K, d, d) and their real weights (K,) that make up H(t) between two times.

    The operators are those that H(t) really runs through, found by a singular value decomposition.
    """

    def coordinates(times: RealVector) -> RealVector:
        stack = hamiltonian(times)
        return np.concatenate([stack.real, stack.imag], axis=-1).reshape(len(times), -1)

    found = piecewise_polynomial(coordinates, start, stop, samples=samples)
    flat = found.coefficients.reshape(-1, found.coefficients.shape[-1])
    left, values, right = np.linalg.svd(flat, full_matrices=False)
    kept = values > 1e-15 * values[0] if values[0] > 0 else np.zeros(len(values), dtype=bool)
    weights = (left * values)[:, kept].reshape(*found.coefficients.shape[:2], -1)
    d = hamiltonian(np.array([start])).shape[-1]
    parts = right[kept].reshape(-1, d, 2, d)
    operators = parts[:, :, 0] + 1j * parts[:, :, 1]
    return operators, PiecewisePolynomial(found.breaks, np.ascontiguousarray(weights), found.degrees)


def with_rates(weights: PiecewisePolynomial) -> PiecewisePolynomial:
    """Return the weights (1, f_1 ... f_K, df_1/dt ... df_K/dt)."""
    pieces, terms, count = weights.coefficients.shape
    whole = np.zeros((pieces, terms, 1 + 2 * count))
    whole[:, 0, 0] = 1.0
    whole[:, :, 1 : 1 + count] = weights.coefficients
    rates = weights.derivative().coefficients
    whole[:, : rates.shape[1], 1 + count :] = rates
    return PiecewisePolynomial(weights.breaks, whole, weights.degrees)


def no_weights(start: float, stop: float) -> PiecewisePolynomial:
    """Return the weights (0,) of what is not driven."""
    return PiecewisePolynomial(np.array([start, stop]), np.zeros((1, 1, 0)), np.zeros(1, dtype=np.int64))


def _static_form(process: Generator) -> LinearForm:
    operators = exchange_operators(process)
    switches = bool(np.abs(operators.switching).max() > 0)
    rows = ExchangeRows.of(process.dissipators, work=False, switching=switches)
    parts = [operators.heat, operators.particles[list(rows.particles)], operators.switching[None][: int(switches)]]
    exchanges = np.concatenate(parts)[None]
    norms = energy_spread(process.energy[None])
    return LinearForm(process.effective_hamiltonian[None], process.dissipators, exchanges, rows, norms)


def energy_spread(operators: ComplexMatrix) -> RealVector:
    """Return the largest distance of an energy from the mean energy, for energy operators (..., d, d)."""
    return np.asarray(np.linalg.norm(centred(operators), 2, axis=(-2, -1)))


def check_supported(process: OpenSystem) -> None:
    """Raise if the process is neither a generator nor a driven one."""
    if not isinstance(process, (Generator, DrivenGenerator)):
        raise InputError(f"RungeKutta must have a Generator or DrivenGenerator, but got {type(process).__name__}.")
