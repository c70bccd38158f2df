"""Time-independent master equations too large for a superoperator: the exponential in a space of Krylov vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import ConvergenceError, InputError, ResourceError
from loschmidt.evolution.dense_rates import product_rates
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.grids import elapsed_within
from loschmidt.evolution.linear_form import ExchangeRows, LinearForm, linear_form
from loschmidt.evolution.packed_states import pack, unpacked
from loschmidt.evolution.series_systems import SeriesSystem, series_system
from loschmidt.evolution.sparse_rates import is_sparse, sparse_rates
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["Krylov"]

_VECTORS = 32
_EPS = float(np.finfo(float).eps)
_LARGEST_STORE = 16e9  # bytes
_ONE, _CONSTANT = np.ones((1, 1)), np.zeros(1, dtype=np.int64)  # the series of the weight 1


@dataclass(frozen=True)
class Krylov:
    """Arnoldi approximation of exp(Lt) ρ with an error estimate for each step (:cite:t:`saad1992`).

    Heat, switching work and particles are integrated exactly within each step, by φ-functions of the same small
    matrix. The generator is applied to states and never written down: sparse jump operators are used as such.

    Parameters
    ----------
    rtol : float
        Accepted error of the whole run, relative to the norm of the state.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("cold", [[[0, 1], [0, 0]]], [1.0])])
    >>> end = evolve(process, [0, 1], [0.0, np.log(2)], Krylov()).states[-1]
    >>> round(float(end[1, 1].real), 10)
    0.5
    """

    rtol: float = 1e-10

    def __post_init__(self) -> None:
        as_number(self.rtol, "rtol", positive=True)

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "Krylov exponential"

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked state (d, d) at checked times (T,).

        Raises
        ------
        InputError
            If the generator depends on time.
        ResourceError
            If the states alone would not fit into memory.
        ConvergenceError
            If a step had to become smaller than the resolution of the time.
        """
        if not isinstance(process, Generator):
            raise InputError("Krylov must have a time-independent generator; use RungeKutta under driving.")
        form = linear_form(process)
        _check_size(form.dimension, len(times))
        operator = _operator(form)
        run = _propagate(operator, pack(state), times - times[0], self.rtol, report)
        rows, d = form.rows, form.dimension
        return Evolution(
            process=process,
            times=times,
            components=unpacked(run.states, np.empty((len(times), d, d), dtype=np.complex128)),
            basis=None,
            heat=np.ascontiguousarray(run.exchanges[:, : rows.baths]),
            work=np.zeros(len(times)),
            switching_work=_switching(run.exchanges, rows),
            particles=_particles(run.exchanges, rows),
            method=self,
            error=run.errors,
            exchange_error=np.delete(run.exchange_errors, _particle_rows(rows), axis=1).max(axis=1, initial=0.0),
            dense=partial(_dense, operator, run.states, times, d, self.rtol),
        )


@dataclass(frozen=True, eq=False)
class _Operator:
    """A generator on packed states (size,), together with the exchange functionals."""

    system: SeriesSystem

    @property
    def norms(self) -> RealVector:
        """Norms (m,) of the functionals."""
        return self.system.norms[1:, 0]

    def apply(self, vector: RealVector) -> tuple[RealVector, RealVector]:
        """Return the rates of change of the state (size,) and of the exchanges (m,)."""
        series = np.stack([vector, vector])
        self.system.rates.extend(_ONE, _CONSTANT, 1.0, 0, 1, series)
        return series[1], self.system.sums @ (self.system.values @ vector[self.system.positions])


@dataclass(eq=False)
class _Run:
    """States, exchanges and their errors at the output times."""

    states: RealMatrix
    exchanges: RealMatrix
    errors: RealVector
    exchange_errors: RealMatrix


@dataclass(eq=False)
class _Space:
    """A Krylov space: orthonormal vectors, the generator inside it, and the exchange rates of each vector."""

    norm: float
    vectors: RealMatrix
    inside: RealMatrix
    rates: RealMatrix
    leak: float
    cache: dict[float, RealMatrix] = field(default_factory=dict)

    def exponential(self, time: float) -> RealMatrix:
        """Return exp(tA) e_1, t φ_1 e_1 and t² φ_2 e_1 as columns (k, 3), A being the generator inside the space."""
        if time not in self.cache:
            from scipy.linalg import expm

            k = len(self.inside)
            whole = np.zeros((k + 2, k + 2))
            whole[:k, :k] = time * self.inside
            whole[0, k] = whole[k, k + 1] = 1.0
            found = expm(whole)
            self.cache[time] = np.stack([found[:k, 0], time * found[:k, k], time**2 * found[:k, k + 1]], axis=1)
        return self.cache[time]

    def error(self, time: float) -> float:
        """Return the estimated error of the state after `time`, without rounding."""
        return float(self.norm * self.leak * abs(self.exponential(time)[-1, 1]))

    def rounding(self, time: float) -> float:
        """Return the estimated error of the small exponential."""
        return _EPS * self.norm * (8.0 + 2.0 * time * float(np.linalg.norm(self.inside)))

    def state(self, time: float) -> RealVector:
        """Return the state after `time`, with the first correction from outside the space."""
        columns = self.exponential(time)
        weights = np.append(columns[:, 0], self.leak * columns[-1, 1])[: len(self.vectors)]
        return np.asarray(self.norm * (weights @ self.vectors))

    def exchanges(self, time: float) -> RealVector:
        """Return what was exchanged until `time`."""
        columns = self.exponential(time)
        return np.asarray(self.norm * (columns[:, 1] @ self.rates))

    def exchange_error(self, time: float, norms: RealVector) -> RealVector:
        """Return the estimated errors of what was exchanged until `time`."""
        return norms * float(self.norm * self.leak * abs(self.exponential(time)[-1, 2]))


def _propagate(
    operator: _Operator, vector: RealVector, offsets: RealVector, rtol: float, report: Callable[[float], None]
) -> _Run:
    """Return states at ascending offsets (T,), the first of which may be 0."""
    count, exchanges, span = len(offsets), len(operator.norms), float(offsets[-1])
    run = _Run(
        np.empty((count, len(vector))), np.zeros((count, exchanges)), np.zeros(count), np.zeros((count, exchanges))
    )
    growth = float(len(vector) / 2) ** 0.25  # √d, from the norm that the evolution contracts to this one
    now, wanted, at = 0.0, span, 0
    error, sums, sum_errors = 0.0, np.zeros(exchanges), np.zeros(exchanges)
    while at < count:
        space = _arnoldi(operator, vector, partial(report, now / span if span > 0 else 1.0))
        step = _longest_step(space, span - now, wanted, rtol / span if span > 0 else 0.0)
        last = now + step >= span * (1 - 4 * _EPS)
        while at < count and (last or offsets[at] <= now + step):
            local = min(float(offsets[at]) - now, step)
            run.states[at] = space.state(local)
            run.exchanges[at] = sums + space.exchanges(local)
            run.errors[at] = error + space.error(local) + space.rounding(local)
            run.exchange_errors[at] = sum_errors + space.exchange_error(local, operator.norms)
            run.exchange_errors[at] += operator.norms * local * (error + space.rounding(local))
            at += 1
        vector = space.state(step)
        sums = sums + space.exchanges(step)
        sum_errors = sum_errors + space.exchange_error(step, operator.norms)
        sum_errors = sum_errors + operator.norms * step * (error + space.rounding(step))
        error += growth * (space.error(step) + space.rounding(step))
        now, wanted = now + step, 2 * step
    report(1.0)
    return run


def _arnoldi(operator: _Operator, vector: RealVector, tick: Callable[[], None]) -> _Space:
    norm = float(np.linalg.norm(vector))
    most = min(_VECTORS, operator.system.dimension**2)
    vectors, inside = np.zeros((most + 1, len(vector))), np.zeros((most + 1, most))
    rates = np.zeros((most, len(operator.norms)))
    vectors[0] = vector / norm
    for k in range(most):
        tick()
        image, rates[k] = operator.apply(vectors[k])
        size = float(np.linalg.norm(image))
        for _ in range(2):  # once more, or rounding would cost orthogonality
            overlap = vectors[: k + 1] @ image
            image = image - overlap @ vectors[: k + 1]
            inside[: k + 1, k] += overlap
        left = float(np.linalg.norm(image))
        if left <= 8 * _EPS * size or size == 0.0:
            return _Space(norm, vectors[: k + 1], inside[: k + 1, : k + 1], rates[: k + 1], 0.0)
        inside[k + 1, k] = left
        vectors[k + 1] = image / left
    return _Space(norm, vectors, inside[:most], rates, float(inside[most, most - 1]))


def _longest_step(space: _Space, left: float, wanted: float, allowed: float) -> float:
    """Return the longest step, up to what is left, whose error per time is at most `allowed`."""
    if space.leak == 0.0:
        return left
    step = min(left, wanted)
    for _ in range(200):
        error = space.error(step)
        limit = space.norm * (allowed * step + _EPS)
        if error <= limit:
            return step
        ratio = (limit / error) ** (1 / len(space.inside)) if np.isfinite(error) else 0.1
        step *= min(0.9, max(0.2, 0.95 * ratio))
    raise ConvergenceError(
        "Krylov must reach its tolerance with steps that change the time, but it could not. "
        "The generator is too large for the time span; check the units of the rates."
    )


def _operator(form: LinearForm) -> _Operator:
    return _Operator(series_system(form, sparse_rates(form) if is_sparse(form) else product_rates(form)))


def _dense(
    operator: _Operator, states: RealMatrix, times: RealVector, dimension: int, rtol: float, wanted: RealVector
) -> ComplexMatrix:
    """Propagate again from the output time before each wanted time."""
    offsets = elapsed_within(times, wanted)
    before = np.searchsorted(times - times[0], offsets, side="right") - 1
    found = np.empty((len(offsets), states.shape[1]))
    for node in np.unique(before):
        here = np.nonzero(before == node)[0]
        here = here[np.argsort(offsets[here], kind="stable")]
        local = offsets[here] - (times[node] - times[0])
        found[here] = _propagate(operator, states[node], local, rtol, lambda fraction: None).states
    return unpacked(found, np.empty((len(found), dimension, dimension), dtype=np.complex128))


def _particle_rows(rows: ExchangeRows) -> list[int]:
    return list(range(rows.baths, rows.baths + len(rows.particles)))


def _particles(exchanges: RealMatrix, rows: ExchangeRows) -> RealMatrix:
    particles = np.zeros((len(exchanges), rows.baths))
    particles[:, list(rows.particles)] = exchanges[:, _particle_rows(rows)]
    return particles


def _switching(exchanges: RealMatrix, rows: ExchangeRows) -> RealVector:
    return np.zeros(len(exchanges)) if rows.switching is None else exchanges[:, rows.switching].copy()


def _check_size(dimension: int, count: int) -> None:
    size = 16.0 * dimension**2 * (2 * count + _VECTORS)
    if size > _LARGEST_STORE:
        raise ResourceError(
            f"The states at {count} times and {_VECTORS} vectors of dimension {dimension}² need {size / 1e9:.0f} GB, "
            f"more than the {_LARGEST_STORE / 1e9:.0f} GB allowed. Ask for fewer times, or split the run."
        )
