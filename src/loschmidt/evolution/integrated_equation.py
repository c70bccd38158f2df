"""A master equation made ready for the integrators: its drive as polynomials, and what evaluates it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution.compiled_systems import CompiledSystem, qubit_system, small_system
from loschmidt.evolution.dense_rates import FollowingRates, product_rates
from loschmidt.evolution.evolve import OpenSystem
from loschmidt.evolution.followed import followed_system
from loschmidt.evolution.linear_form import (
    ExchangeRows,
    LinearForm,
    drive_weights,
    driven_form,
    energy_spread,
    hamiltonian_weights,
    linear_form,
    no_weights,
    with_rates,
)
from loschmidt.evolution.series_systems import SeriesSystem, series_system
from loschmidt.evolution.sparse_rates import is_sparse, sparse_rates
from loschmidt.evolution.stepping import Rates
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.drives import DrivenHamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.processes.piecewise import PiecewisePolynomial
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["IntegratedEquation", "integrated_equation"]

_QUBIT = 2
_SMALL = 8  # largest dimension that is integrated as real matrices
_FAR = 2.0  # spans: a start this far from zero costs digits of the time
_SCANNED = 8  # times an output interval at which a drive is looked at, at least


@dataclass(frozen=True, eq=False)
class IntegratedEquation:
    """A master equation between two times, ready to be integrated.

    Attributes
    ----------
    system : CompiledSystem, SeriesSystem or Rates
        What evaluates it.
    weights : PiecewisePolynomial
        What changes in time.
    rows : ExchangeRows
        Which exchange is which.
    scales : (m,)
        What the tolerances of the exchanges are relative to.
    length : int
        Number of coordinates of a state.
    speed : float
        At most, of a state; zero where it is not known.
    """

    system: CompiledSystem | SeriesSystem | Rates
    weights: PiecewisePolynomial
    rows: ExchangeRows
    scales: RealVector
    length: int
    speed: float = 0.0

    @property
    def energy(self) -> float:
        """What the tolerances of energies are relative to; zero where none is exchanged."""
        counted = range(self.rows.baths, self.rows.baths + len(self.rows.particles))
        return max((float(scale) for row, scale in enumerate(self.scales) if row not in counted), default=0.0)

    def blur(self, times: RealVector) -> float:
        """Return by which part of its size a drive changes within the round-off of `times` (T,) far from zero."""
        far = max(abs(float(times[0])), abs(float(times[-1])))
        if far <= _FAR * float(times[-1] - times[0]) or not self.weights.coefficients.size:
            return 0.0
        smooth = ~self.weights.jumps
        pairs = (np.abs(one.coefficients[smooth]).sum(axis=1) for one in (self.weights, self.weights.derivative()))
        sizes, slopes = (one.max(axis=0, initial=0.0) for one in pairs)
        speed = (slopes[sizes > 0] / sizes[sizes > 0]).max(initial=0.0)
        return 4 * float(np.finfo(float).eps) * far * float(speed)

    def before_jumps(self, times: RealVector) -> RealVector:
        """Return the times (T,), each that falls on the narrow piece of a jump moved to where that begins.

        A jump within a few units of round-off of an output time is before it or after it, as the drive says there, and
        not half done.
        """
        breaks, jumps = self.weights.breaks, self.weights.jumps
        if not jumps.any():
            return times
        piece = np.searchsorted(breaks[1:-1], times, side="right")
        inside = jumps[piece] & (times > breaks[piece]) & (times < breaks[piece + 1])
        return np.where(inside, breaks[piece], times) if inside.any() else times


def integrated_equation(process: OpenSystem, times: RealVector) -> IntegratedEquation:
    """Return the equation between the first and the last of `times` (T,)."""
    start, stop = float(times[0]), float(times[-1])
    samples = max(4096, _SCANNED * len(times))
    if isinstance(process, Generator):
        return _form_problem(linear_form(process), no_weights(start, stop))
    operators, drive = _drive(process, start, stop, samples)
    if process.follows:
        return _followed_problem(process, operators, drive)
    if isinstance(process.hamiltonian, DrivenHamiltonian):
        form = linear_form(process)
    else:
        assert process.dissipators is not None
        none = np.zeros((process.dimension, process.dimension), dtype=np.complex128)
        form = driven_form(none, operators, process.dissipators, process.energy)
    return _form_problem(form, drive)


def _drive(
    process: DrivenGenerator, start: float, stop: float, samples: int
) -> tuple[ComplexMatrix, PiecewisePolynomial]:
    """Return the operators (K, d, d) of H(t), without a static one, and their weights."""
    if not isinstance(process.hamiltonian, DrivenHamiltonian):
        return hamiltonian_weights(process.hamiltonian.at, start, stop, samples // 4)
    if not process.hamiltonian.coefficients:
        return process.hamiltonian.operators, no_weights(start, stop)
    return process.hamiltonian.operators, drive_weights(process, start, stop, samples)


def _form_problem(form: LinearForm, drive: PiecewisePolynomial) -> IntegratedEquation:
    sizes = np.abs(drive.coefficients).sum(axis=1).max(axis=0)
    scale = float(form.energy_norms[0] + sizes @ form.energy_norms[1 : 1 + len(sizes)])
    scales = _scales(form.rows, scale)
    system = _system(form)
    if isinstance(system, CompiledSystem) and system.qubit is not None:
        speed = float(system.qubit[1] + sizes @ system.qubit[3])
        return IntegratedEquation(system, drive, form.rows, scales, system.length, speed)
    return IntegratedEquation(system, with_rates(drive), form.rows, scales, form.dimension**2)


@lru_cache(maxsize=8)
def _system(form: LinearForm) -> CompiledSystem | SeriesSystem:
    if form.dimension <= _SMALL:
        return qubit_system(form) if form.dimension == _QUBIT else small_system(form)
    return series_system(form, sparse_rates(form) if is_sparse(form) else product_rates(form))


def _followed_problem(
    process: DrivenGenerator, operators: ComplexMatrix, drive: PiecewisePolynomial
) -> IntegratedEquation:
    first = process.at(float(drive.breaks[0]))
    rows = ExchangeRows.of(first.dissipators, work=drive.coefficients.shape[-1] > 0, switching=False)
    scale = float(energy_spread(process.energy_at(drive.breaks)).max())
    scales = _scales(rows, scale)
    if process.dimension <= _SMALL:
        try:
            system, weights = followed_system(process, operators, drive, rows, scale)
        except ConvergenceError:
            pass  # too rough to be tabulated, so it is evaluated where it is needed
        else:
            return IntegratedEquation(system, weights, rows, scales, system.length)
    direct = FollowingRates(process, operators, drive.derivative(), rows)
    return IntegratedEquation(direct, drive, rows, scales, 2 * process.dimension**2)


def _scales(rows: ExchangeRows, energy: float) -> RealVector:
    scales = np.full(rows.count, energy if energy > 0 else 1.0)
    scales[rows.baths : rows.baths + len(rows.particles)] = 1.0
    return scales
