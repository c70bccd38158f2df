"""Any time-independent master equation of a small system, by the exponential of its superoperator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

import numpy as np

from loschmidt._kernels.uniformisation import Ladder, advance, along_grid, general_ladder
from loschmidt.errors import InputError, ResourceError
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.exchange import exchange_operators, rows_of
from loschmidt.evolution.grids import elapsed_within, uniform_step
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["MatrixExponential"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class MatrixExponential:
    """Scaling and squaring of the d² × d² superoperator, with heat, switching work and particles as further rows.

    The squares are kept, so that equidistant times cost one product each and any other time a few
    (:cite:t:`higham2005`). The error is measured by a second run with other squares.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("cold", [[[0, 1], [0, 0]]], [1.0])])
    >>> end = evolve(process, [0, 1], [0.0, np.log(2)], MatrixExponential()).states[-1]
    >>> round(float(end[1, 1].real), 12)
    0.5
    """

    #: Largest dimension for which :func:`~loschmidt.evolution.evolve.evolve` chooses this method.
    largest_dimension: ClassVar[int] = 24
    #: Largest dimension that it accepts.
    hardest_dimension: ClassVar[int] = 48

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "matrix exponential"

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked state (d, d) at checked times (T,).

        Raises
        ------
        InputError
            If the generator depends on time.
        ResourceError
            If the system is too large for a dense superoperator.
        """
        if not isinstance(process, Generator):
            raise InputError("MatrixExponential must have a time-independent generator; use RungeKutta under driving.")
        d, baths = process.dimension, len(process.dissipators)
        if d > self.hardest_dimension:
            raise ResourceError(
                f"A superoperator of dimension {d * d} needs {16 * d**4 / 2**30:.1f} GiB, some forty times over; "
                f"MatrixExponential takes dimensions up to {self.hardest_dimension}. Use Krylov()."
            )
        span, step = float(times[-1] - times[0]), uniform_step(times)
        generator, functionals = process.superoperator(), _functionals(process)
        conserved = np.arange(d) * (d + 1)
        ladder = general_ladder(generator, functionals, span, step, conserved)
        report(0.4)
        vectors, exchanged = _run(ladder, state, times, step)
        # The same with other squares and each element rounded elsewhere: what differs is round-off, as it acts here.
        other = general_ladder(_rounded_elsewhere(generator), functionals, 1.37 * span, None, conserved)
        again = _run(other, state, times, None)
        report(1.0)
        floor = 4 * d * _EPSILON
        flow = float(np.linalg.norm(ladder.functionals, axis=1).max(initial=0.0))
        error = floor + 4 * _running_maximum(np.linalg.norm(vectors - again[0], axis=1))
        exchange_error = floor * flow * (times - times[0]) + 8 * _running_maximum(_largest(exchanged - again[1]))
        return Evolution(
            process=process,
            times=times,
            components=_matrices(vectors, d),
            basis=None,
            heat=exchanged[:, :baths],
            work=np.zeros(len(times)),
            switching_work=exchanged[:, -1],
            particles=exchanged[:, baths:-1],
            method=self,
            error=error,
            exchange_error=exchange_error,
            dense=lambda at: _matrices(advance(ladder, _vector(state), elapsed_within(times, at))[0], d),
        )


def _functionals(process: Generator) -> ComplexMatrix:
    """Return the rows (f, d²) that give heat rates, particle currents and switching power of a state."""
    exchange = exchange_operators(process)
    return rows_of(np.concatenate([exchange.heat, exchange.particles, exchange.switching[None]]))


def _rounded_elsewhere(matrix: ComplexMatrix) -> ComplexMatrix:
    """Return the matrix with each element moved by up to a unit of round-off, each by another part of it."""
    parts = np.modf((1.0 + np.arange(matrix.size)) * 0.6180339887498949)[0].reshape(matrix.shape)
    return np.asarray(matrix * (1.0 + _EPSILON * np.sign(parts - 0.5)))


def _run(
    ladder: Ladder, state: ComplexMatrix, times: RealVector, step: float | None
) -> tuple[ComplexMatrix, RealMatrix]:
    if step is None:
        vectors, exchanged = advance(ladder, _vector(state), times - times[0])
    else:
        vectors, exchanged = along_grid(ladder, _vector(state), step, len(times))
    return vectors, np.ascontiguousarray(exchanged.real)


def _vector(state: ComplexMatrix) -> ComplexMatrix:
    return np.asarray(state.T.reshape(-1))


def _matrices(vectors: ComplexMatrix, dimension: int) -> ComplexMatrix:
    return np.ascontiguousarray(vectors.reshape(-1, dimension, dimension).swapaxes(-1, -2))


def _largest(differences: RealMatrix) -> RealVector:
    return np.asarray(np.abs(differences).max(axis=1, initial=0.0))


def _running_maximum(values: RealVector) -> RealVector:
    # An error that happens to cross zero has not gone away.
    return np.array(list(accumulate(values, max)))
