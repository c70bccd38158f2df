"""A driven Hamiltonian, and baths that follow it, as polynomials on pieces of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.evolution.jumps.nodes import DEGREE, at_nodes
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.drives import DrivenHamiltonian, HamiltonianFunction, TabulatedCoefficient
from loschmidt.processes.generators import Generator
from loschmidt.processes.piecewise import PiecewisePolynomial, piecewise_polynomial
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["Drive", "FollowingJumps", "drive_between", "following_jumps"]

_SAMPLES, _FEW_SAMPLES = 4096, 256
_SMALL = 8
_TOLERANCE = 1e-12


@dataclass(frozen=True, eq=False)
class Drive:
    """H(t) = H_0 + Σ w_k(t) H_k, or H(t) itself, as polynomials on pieces.

    Attributes
    ----------
    static : (d, d)
        H_0.
    operators : (K, d, d) or None
        H_k; None if the weights are the elements of H(t).
    weights : PiecewisePolynomial
        w (K,), or the real and imaginary parts of H, (2, d, d).
    """

    static: ComplexMatrix
    operators: ComplexMatrix | None
    weights: PiecewisePolynomial

    def hamiltonian(self, starts: RealVector, widths: RealVector) -> ComplexMatrix:
        """Return H (M, n, d, d) at the nodes of cells."""
        return np.asarray(self.static + self._sum(at_nodes(self.weights, starts, widths)))

    def rate(self, starts: RealVector, widths: RealVector) -> ComplexMatrix:
        """Return dH/dt (M, n, d, d) at the nodes of cells; a jump is a steep line between narrow ends."""
        return self._sum(at_nodes(self.weights.derivative(), starts, widths))

    def _sum(self, weights: RealTensor) -> ComplexMatrix:
        if self.operators is None:
            return np.asarray(weights[:, :, 0] + 1j * weights[:, :, 1])
        return np.asarray(np.tensordot(weights, self.operators, axes=1))


def drive_between(process: DrivenGenerator, times: RealVector) -> Drive:
    """Return the Hamiltonian of a driven process as polynomials, with pieces that end at `times` (T,)."""
    h = process.hamiltonian
    options: dict[str, Any] = {"degree": DEGREE, "tolerance": _TOLERANCE}
    start, stop = float(times[0]), float(times[-1])
    if isinstance(h, DrivenHamiltonian):
        knots = [np.asarray(f.times) for f in h.coefficients if isinstance(f, TabulatedCoefficient)]
        if not h.coefficients:
            still = PiecewisePolynomial(times, np.zeros((len(times) - 1, 1, 0)), np.zeros(len(times) - 1, np.int64))
            return Drive(h.static, h.operators, still)
        weights = piecewise_polynomial(
            lambda at: np.stack([f(at) for f in h.coefficients], axis=-1),
            start,
            stop,
            breaks=np.concatenate([times, *knots]),
            samples=_SAMPLES,
            componentwise=True,
            **options,
        )
        return Drive(h.static, h.operators, weights)
    samples = _SAMPLES if h.dimension <= _SMALL else _FEW_SAMPLES
    weights = piecewise_polynomial(_parts_of(h), start, stop, breaks=times, samples=samples, **options)
    return Drive(np.zeros((h.dimension, h.dimension), dtype=np.complex128), None, weights)


@dataclass(frozen=True, eq=False)
class FollowingJumps:
    """Jump operators of Davies baths that follow a drive, as polynomials on pieces.

    Attributes
    ----------
    values : PiecewisePolynomial
        Real and imaginary parts of √γ_k L_k (K, d, d) and of the Lamb shift (d, d), in units of `size`, and then the
        heat of each jump (K,) in units of `spread`.
    size, spread : float
        The units.
    baths, pairs : (K,)
        Number of the bath of each operator, and of the first pair of levels that it joins.
    dimension : int
        Of the system.
    """

    values: PiecewisePolynomial
    size: float
    spread: float
    baths: IntegerArray
    pairs: IntegerArray
    dimension: int

    def at(self, starts: RealVector, widths: RealVector) -> tuple[ComplexMatrix, ComplexMatrix, RealMatrix]:
        """Return operators (M, n, K, d, d), Lamb shift (M, n, d, d) and heat (M, n, K) at the nodes of cells."""
        values = at_nodes(self.values, starts, widths)
        count, d = len(self.baths), self.dimension
        flat = self.size * values[..., : 2 * (count + 1) * d * d]
        parts = flat.reshape(*values.shape[:2], 2, count + 1, d, d)
        matrices = parts[:, :, 0] + 1j * parts[:, :, 1]
        return matrices[:, :, :-1], matrices[:, :, -1], self.spread * values[..., 2 * (count + 1) * d * d :]


def following_jumps(process: DrivenGenerator, breaks: RealVector) -> FollowingJumps:
    """Return the jumps of baths that follow a drive whose pieces end at `breaks`.

    A jump operator is named by its bath, its coupling operator and the first pair of levels that it joins, so that it
    stays the same while levels and gaps move without crossing.
    """
    d = process.dimension
    middles = 0.5 * (breaks[1:] + breaks[:-1])
    probes = [_jumps_of(process.at(float(t))) for t in middles[:: max(1, len(middles) // 16)]]
    names = sorted({name for found in probes for name in found})
    size = max((float(np.abs(one).max()) for found in probes for one in found.values()), default=0.0) or 1.0
    spread = max(float(np.ptp(np.linalg.eigvalsh(process.hamiltonian.at(float(t))))) for t in middles) or 1.0

    def sample(times: RealVector) -> RealTensor:
        rows = []
        for time in times:
            generator = process.at(float(time))
            found, energies = _jumps_of(generator), generator.levels.energies
            stack = [found.get(name, np.zeros((d, d))) for name in names]
            matrices = np.stack([*stack, generator.lamb_shift]) / size
            # The jump m → n gives E_m - E_n away, also at an instant at which it is impossible.
            gained = [energies[pair // d] - energies[pair % d] for _, _, pair in names]
            rows.append(np.concatenate([matrices.real.ravel(), matrices.imag.ravel(), np.array(gained) / spread]))
        return np.stack(rows)

    found = piecewise_polynomial(
        sample,
        float(breaks[0]),
        float(breaks[-1]),
        breaks=breaks,
        samples=_FEW_SAMPLES,
        degree=DEGREE,
        tolerance=_TOLERANCE,
        continuous=False,
    )
    baths, _, pairs = np.array(names, dtype=np.int64).reshape(-1, 3).T
    return FollowingJumps(found, size, spread, baths, pairs, d)


def _jumps_of(generator: Generator) -> dict[tuple[int, int, int], ComplexMatrix]:
    """Return √γ L (d, d) by bath, coupling operator and first pair of levels n·d + m."""
    result = {}
    for b, dissipator in enumerate(generator.dissipators):
        assert isinstance(dissipator, DaviesDissipator)
        labels, levels = dissipator.bohr.labels, dissipator.levels
        for label, pair in zip(*np.unique(labels, return_index=True), strict=True):
            parts = np.where(labels == label, dissipator.couplings, 0)
            values, vectors = np.linalg.eigh(dissipator.class_rates[label])
            kept = np.where(values > 4 * len(values) * np.finfo(float).eps * np.abs(values).max(), values, 0.0)
            # The positive square root has no free phases, so that it moves smoothly.
            root = (vectors * np.sqrt(kept)) @ vectors.conj().T
            for k, operator in enumerate(np.tensordot(root, parts, axes=1)):
                if np.abs(operator).max() > 0:
                    result[b, k, int(pair)] = levels.from_eigenbasis(operator)
    return result


def _parts_of(hamiltonian: HamiltonianFunction) -> Callable[[RealVector], RealTensor]:
    def parts(times: RealVector) -> RealTensor:
        stack = hamiltonian.at(times)
        return np.stack([stack.real, stack.imag], axis=1)

    return parts
