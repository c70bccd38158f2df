"""The largest eigenvalue of a large tilted generator, followed from s = 0 by Newton steps.

X(s) with tr X = 1 and θ(s) = tr L_s X solve L_s X = θ X. A Newton step keeps the trace: its equation
L_s δ - θ δ - tr(L_s δ) X = θ X - L_s X maps traceless operators to traceless ones, and the untilted L⁻¹ is its
preconditioner. An eigenoperator that is positive belongs to the largest eigenvalue, because tilted jumps keep operators
positive (:cite:t:`evans1978`); where a step leads to another one, or does not converge, a shorter one is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution._steady_krylov import gmres
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.evolution.counting.spaces import EPS, Number
from loschmidt.typing import ComplexMatrix, RealVector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Inverse", "follow_branch"]

_STEPS = 14
_HALVINGS = 12
_REDUCTION = 1e-4
_POSITIVE = 1e-8
_SAFETY = 4.0
_CONVERGED = 1e-12  # of the largest rate

Tilt = Callable[[float], "csr_array"]


class Inverse(Protocol):
    """Coordinates in which an approximate L⁻¹ is known."""

    @property
    def scale(self) -> float:
        """Rate in which the maps below are given."""

    def enter(self, state: ComplexMatrix) -> RealVector:
        """Return the vector of a matrix."""

    def leave(self, vector: RealVector) -> ComplexMatrix:
        """Return the matrix of a vector."""

    def generate(self, vector: RealVector) -> RealVector:
        """Return L of a vector."""

    def precondition(self, vector: RealVector) -> RealVector:
        """Return the approximate L⁻¹ of a vector."""


def follow_branch(
    terms: GeneratorTerms, inverse: Inverse, stationary: ComplexMatrix, tilt: Tilt, points: RealVector
) -> list[Number]:
    """Return θ(s) for each s.

    Parameters
    ----------
    terms : GeneratorTerms
        L.
    inverse : Inverse
        Preconditioner.
    stationary : (d, d)
        X(0).
    tilt : callable
        L_s - L on row-stacked operators.
    points : (S,)
        Where θ is wanted.

    Raises
    ------
    ConvergenceError
        If even short steps do not lead on.
    """
    found: dict[float, Number] = {}
    for sign in (1.0, -1.0):
        at, state = 0.0, stationary
        for s in sorted((float(s) for s in points if sign * s >= 0), key=abs):
            state, found[s] = _reach(terms, inverse, tilt, at, state, s)
            at = s
    return [found[float(s)] for s in points]


def _reach(
    terms: GeneratorTerms, inverse: Inverse, tilt: Tilt, start: float, state: ComplexMatrix, end: float
) -> tuple[ComplexMatrix, Number]:
    if end == 0:
        return state, Number(0.0, 4 * EPS * terms.largest_rate)
    at, step = start, end - start
    number = Number(0.0, 0.0)
    for _ in range(2**_HALVINGS):
        reached = _newton(terms, inverse, tilt(at + step), state)
        if reached is None:
            step /= 2
            if abs(step) < abs(end - start) / 2**_HALVINGS:
                break
            continue
        at, (state, number) = at + step, reached
        if abs(end - at) <= 4 * EPS * abs(end):
            return state, number
        step = end - at if abs(end - at) < 2 * abs(step) else 2 * step
    raise ConvergenceError(
        f"The generating function could not be followed beyond s = {at:.4g} towards {end:.4g}. Ask for smaller |s|."
    )


def _newton(
    terms: GeneratorTerms, inverse: Inverse, change: csr_array, state: ComplexMatrix
) -> tuple[ComplexMatrix, Number] | None:
    """Return X(s) and θ(s), None if there is no convergence to a positive X."""
    d = terms.dimension
    # θ is linear in X, because L itself keeps the trace.
    effect = np.asarray(change[:: d + 1].sum(axis=0)).reshape(-1)
    before, amplification = np.inf, 0.0
    for _ in range(_STEPS):
        theta = float((effect @ state.reshape(-1)).real)
        residual = terms.apply(state) + (change @ state.reshape(-1)).reshape(d, d) - theta * state
        size = float(np.linalg.norm(residual))
        round_off = 4 * EPS * float(np.linalg.norm(terms.no_jump @ state))
        # One step is always taken: it measures how far a residual moves the state.
        if amplification > 0 and size <= _CONVERGED * terms.largest_rate + round_off:
            if float(np.linalg.eigvalsh(state)[0]) < -_POSITIVE:
                return None
            spread = _SAFETY * amplification * (size + round_off) + 4 * EPS * float(np.linalg.norm(state))
            return state, Number(theta, float(np.linalg.norm(effect)) * spread)
        if not size < 1e3 * before:
            return None
        before = size
        step = _step(inverse, change, theta, state, residual)
        amplification = float(np.linalg.norm(step)) / size
        state = state + 0.5 * (step + step.conj().T)
        state = state / np.trace(state).real
    return None


def _step(
    inverse: Inverse, change: csr_array, theta: float, state: ComplexMatrix, residual: ComplexMatrix
) -> ComplexMatrix:
    d, scale = len(state), inverse.scale
    inner = inverse.enter(state)

    def generate(vector: RealVector) -> RealVector:
        added = (change @ inverse.leave(vector).reshape(-1)).reshape(d, d)
        rest = inverse.enter(added) - theta * vector - np.trace(added).real * inner
        return np.asarray(inverse.generate(vector) + rest / scale)

    target = inverse.enter(residual)
    size = float(np.linalg.norm(target))
    return inverse.leave(gmres(generate, inverse.precondition, -target / size, _REDUCTION)) * (size / scale)
