"""When the generalised temperature passes through infinity or zero: roots of the entropy and heat rates over time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import brentq

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.clausius import heat_rate_error
from loschmidt.ledger.entropy_rates import entropy_rates
from loschmidt.ledger.frames import frames
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["TemperaturePoles", "temperature_poles"]

_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class TemperaturePoles:
    """Times at which a generalised temperature changes sign, and the states there.

    Attributes
    ----------
    poles, zeros : (P,), (Z,)
        Times at which Ṡ = 0, so T = ±∞, and Q̇ = 0, so T = 0, of all baths together.
    pole_states, zero_states : (P, d, d), (Z, d, d)
        States at these times, in the original basis.
    poles_by_bath, zeros_by_bath : dict of str to (n,)
        The same for the share of each bath.
    """

    poles: RealVector
    zeros: RealVector
    pole_states: ComplexMatrix
    zero_states: ComplexMatrix
    poles_by_bath: dict[str, RealVector]
    zeros_by_bath: dict[str, RealVector]


def temperature_poles(evolution: Evolution, *, between: int = 3) -> TemperaturePoles:
    """Return the times at which the generalised temperature passes through infinity and through zero.

    Parameters
    ----------
    evolution : Evolution
        Of a master equation, with states of full accuracy between output times.
    between : int
        Times at which the rates are looked at between two output times; two passages closer than that stay unseen.

    Returns
    -------
    TemperaturePoles

    Raises
    ------
    InputError
        If the method keeps no states between output times, or `between` is negative.

    Notes
    -----
    The roots are those of the rates, found with states propagated to each trial time; 1/T is never divided by. A
    change of sign counts only where the rates on both sides exceed their errors.

    Examples
    --------
    An inverted qubit beside a bath at β = 1 passes through p = 1/2.

    >>> from loschmidt import Bath, FlatSpectrum, davies_generator, evolve
    >>> bath = Bath("cold", 1.0, FlatSpectrum(0.1), [[0, 1], [1, 0]])
    >>> evolution = evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), np.diag([0.1, 0.9]), [0.0, 5.0, 20.0])
    >>> found = temperature_poles(evolution)
    >>> len(found.poles), round(float(found.pole_states[0, 1, 1].real), 12)
    (1, 0.5)
    """
    if evolution.dense is None:
        raise InputError(
            f"`evolution` must know its states between output times, but the method {evolution.method.name!r} does "
            f"not. Use another one, such as MatrixExponential() or RungeKutta()."
        )
    if not between >= 0:
        raise InputError(f"`between` must not be negative, but it is {between}.")
    search = _Search(evolution, evolution.dense)
    times = search.samples(between)
    values, errors = search.rates(times)
    # Columns: Ṡ of all, Q̇ of all, then Ṡ and Q̇ of each bath.
    found = [search.roots(times, values[:, k], errors[:, k], k) for k in range(values.shape[1])]
    names = evolution.process.bath_names
    return TemperaturePoles(
        poles=found[0],
        zeros=found[1],
        pole_states=search.states(found[0]),
        zero_states=search.states(found[1]),
        poles_by_bath=dict(zip(names, found[2 : 2 + len(names)], strict=True)),
        zeros_by_bath=dict(zip(names, found[2 + len(names) :], strict=True)),
    )


class _Search:
    """Rates of an evolution at any time within it."""

    def __init__(self, evolution: Evolution, dense: object) -> None:
        assert callable(dense)
        self._evolution, self._dense = evolution, dense
        self._spread = float(evolution.error.max()) + 4 * evolution.process.dimension * _EPS

    def samples(self, between: int) -> RealVector:
        """Return output times with `between` more in each interval."""
        times = self._evolution.times
        steps = np.diff(times)[:, None] * np.arange(between + 1) / (between + 1)
        return np.append((times[:-1, None] + steps).reshape(-1), times[-1])

    def rates(self, times: RealVector) -> tuple[RealMatrix, RealMatrix]:
        """Return Ṡ and Q̇ of all baths, then Ṡ and Q̇ of each, at `times` (n,), with errors; both (n, 2 + 2 B)."""
        seen = frames(self._evolution, times, self._dense(times - self._evolution.times[0]))
        found = entropy_rates(seen.states, seen.changes, seen.labels, seen.rate)
        heat = seen.heat_current
        moved = found.sensitivity * self._spread
        heat_error = heat_rate_error(seen, np.full(len(times), self._spread))[:, None]
        values = [found.total_entropy_rate[:, None], heat.sum(axis=1, keepdims=True), found.entropy_rate, heat]
        errors = [moved.sum(axis=1, keepdims=True), heat_error * max(heat.shape[1], 1), moved]
        errors.append(np.broadcast_to(heat_error, heat.shape))
        return np.concatenate(values, axis=1), np.concatenate(errors, axis=1)

    def roots(self, times: RealVector, values: RealVector, errors: RealVector, column: int) -> RealVector:
        """Return the roots of one column between samples of opposite sign, both beyond their error."""
        known = np.nonzero(np.abs(values) > errors)[0]
        scale = float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0

        def bounded(time: float) -> float:
            # An infinite rate has a sign, too.
            return float(np.arctan(self.rates(np.array([time]))[0][0, column] / scale))

        turns = [(a, b) for a, b in pairwise(known) if (values[a] > 0) != (values[b] > 0)]
        found = [
            brentq(bounded, times[a], times[b], xtol=4 * _EPS * float(np.abs(times[[a, b]]).max()), rtol=4 * _EPS)
            for a, b in turns
        ]
        return np.array(found, dtype=np.float64)

    def states(self, times: RealVector) -> ComplexMatrix:
        """Return the states (n, d, d) at `times` (n,) in the original basis."""
        d = self._evolution.process.dimension
        if not len(times):
            return np.zeros((0, d, d), dtype=np.complex128)
        return self._evolution.in_original_basis(self._dense(times - self._evolution.times[0]))
