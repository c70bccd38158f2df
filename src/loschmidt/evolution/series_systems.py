"""Linear master equations on packed states with their exchanges, as power series and Krylov spaces need them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from loschmidt._kernels.linear_rates import HISTORY, ORDER
from loschmidt.evolution.dense_rates import sandwiches
from loschmidt.evolution.linear_form import LinearForm
from loschmidt.evolution.packed_states import pack
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.states.observables import centred
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["SeriesRates", "SeriesSystem", "series_system"]


class SeriesRates(Protocol):
    """A master equation whose operators are fixed, with weights that change in time."""

    def extend(
        self, powers: RealMatrix, degrees: IntegerArray, step: float, first: int, last: int, series: RealMatrix
    ) -> None:
        """Fill the coefficients after `first` up to `last` of the series (order + 1, size) of a packed state.

        The series is in the fraction of a step; so are those of the weights, `powers` (J, 16) with `degrees` (J,).
        """


@dataclass(frozen=True, eq=False)
class SeriesSystem:
    """An equation together with its exchanges.

    Attributes
    ----------
    rates : SeriesRates
        What moves the state.
    dimension : int
        Dimension d.
    norms : (1 + m, J)
        By how much, at most, a weight of one multiplies the state, and what each exchange gains then.
    positions, values : (q,), (F, q)
        Exchange functionals, on those elements of a packed state that any of them needs.
    terms : (F,)
        Which weight multiplies a functional.
    sums : (m, F)
        1 where a functional is part of an exchange, 0 elsewhere.
    """

    rates: SeriesRates
    dimension: int
    norms: RealMatrix
    positions: IntegerArray
    values: RealMatrix
    terms: IntegerArray
    sums: RealMatrix

    def exchange_series(self, powers: RealMatrix, step: float, series: RealMatrix) -> RealMatrix:
        """Return the coefficients (K + 1, m) of what is exchanged, from those of the state (K + 1, size)."""
        order = len(series) - 1
        moments = self.values @ np.take(series[:order], self.positions, axis=1).T
        padded = np.zeros((len(self.terms), HISTORY + 2))
        padded[:, :-1] = powers[self.terms]
        products = np.take(padded, _differences(order), axis=1) @ moments[:, :, None]
        result = np.zeros((order + 1, len(self.sums)))
        result[1:] = (self.sums @ products[:, :, 0]).T
        result[1:] *= (step / np.arange(1, order + 1))[:, None]
        return result


def series_system(form: LinearForm, rates: SeriesRates) -> SeriesSystem:
    """Return the system of a form whose states are moved by `rates`."""
    functionals = pack(form.exchanges)
    places = np.argwhere(np.abs(functionals).max(axis=2, initial=0.0) > 0)
    values = functionals[places[:, 0], places[:, 1]]
    positions = np.nonzero(np.abs(values).max(axis=0, initial=0.0))[0]
    exchanged = np.linalg.norm(form.exchanges, axis=(-2, -1)).T
    moved = 2 * _largest(centred(form.hamiltonians))
    moved[0] += sum(_norm(dissipator) for dissipator in form.dissipators)
    norms = np.concatenate([moved[None], exchanged])
    sums = (places[:, 1] == np.arange(form.rows.count)[:, None]).astype(np.float64)
    functionals = np.ascontiguousarray(values[:, positions])
    return SeriesSystem(rates, form.dimension, norms, positions, functionals, places[:, 0], sums)


def _norm(dissipator: Dissipator) -> float:
    """Return a bound of how much a dissipator multiplies the Frobenius norm.

    ``|tr A† Σ s L ρ L†| ≤ Σ |L†A| |ρL†|``, and by the inequality of Cauchy and Schwarz once more that is at most
    ``|A| |ρ|`` times the root of the norms of Σ L L† and Σ L†L.
    """
    if isinstance(dissipator, DaviesDissipator):
        sparse = abs(dissipator.sparse)
        return float(np.sqrt(sparse.sum(axis=0).max() * sparse.sum(axis=1).max()))
    loss, _, jumps = sandwiches(dissipator)
    before = np.einsum("kab,kcb->ac", jumps, jumps.conj(), optimize=True)
    after = np.einsum("kba,kbc->ac", jumps.conj(), jumps, optimize=True)
    return float(2 * _largest(loss) + np.sqrt(_largest(before) * _largest(after)))


def _largest(matrices: ComplexMatrix) -> RealVector:
    """Return bounds of the spectral norms of matrices (..., d, d): largest sums of rows and columns."""
    sizes = np.abs(matrices)
    return np.asarray(np.sqrt(sizes.sum(axis=-1).max(axis=-1) * sizes.sum(axis=-2).max(axis=-1)))


@lru_cache(maxsize=ORDER)
def _differences(order: int) -> IntegerArray:
    """Return k - l, row by row, and the number of powers where that is none of them."""
    number = np.arange(order)
    found = number[:, None] - number
    return np.where((found >= 0) & (found <= HISTORY), found, HISTORY + 1)
