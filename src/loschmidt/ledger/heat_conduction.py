"""The keeper of ledgers of heat conduction: what bars produce inside, what enters, and what the contact makes."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from loschmidt.evolution.heat_conduction import Conduction, ConductionEvolution
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.quadrature import cumulative_integral
from loschmidt.processes.heat_conduction import ConductingBars
from loschmidt.typing import RealMatrix, RealVector

__all__ = ["conduction_rates", "keep_conduction"]

#: Columns of the rates: heat and entropy into A and B, production inside A and B, production at the contact.
_HEAT, _FLOW, _INSIDE, _CONTACT = slice(0, 2), slice(2, 4), slice(4, 6), 6


def keep_conduction(evolution: ConductionEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of heat conduction; see :func:`~loschmidt.ledger.build.build_ledger`."""
    bars, temperatures = evolution.process, evolution.temperatures
    builder = LedgerBuilder(
        "heat conduction",
        {"time": evolution.times, "bar": list(bars.names), "cell": np.arange(temperatures.shape[1])},
    )
    builder.describe(
        title=title,
        equation=f"heat conduction, {bars.cells[0]} + {bars.cells[1]} cells",
        dimension=sum(bars.cells),
        method="modes",
        error=float(evolution.relative_error * temperatures.max()),
        seed="none: nothing is drawn at random",
        cut=bars.cut,
    )
    capacity = float(bars.heat_capacities.sum())
    entropy_error = evolution.relative_error * capacity
    energy_error = entropy_error * float(temperatures.max())
    builder.add("temperature", temperatures, evolution.relative_error * temperatures)
    energies, entropies = _by_bar(bars, temperatures), _by_bar(bars, np.log(temperatures))
    changes = _by_bar(bars, np.log(temperatures / temperatures[0]))
    builder.add("bar_energy", energies, energy_error)
    builder.add("bar_entropy", entropies, entropy_error)
    builder.add("bar_entropy_change", changes, entropy_error)
    total = changes.sum(axis=1)
    builder.add("energy", energies.sum(axis=1), energy_error)
    builder.add("entropy_change", total, 2 * entropy_error)
    _add_rates(builder, evolution)
    _add_integrals(builder, evolution, entropy_error, energy_error)
    return builder.build()


def conduction_rates(bars: ConductingBars, stretch: Conduction, times: RealVector, touching: bool) -> RealMatrix:
    """Return heat and entropy into A and B, production inside A and B, and production at the contact, (T, 7).

    Examples
    --------
    >>> from loschmidt.evolution.heat_conduction import conduct
    >>> from loschmidt.processes.heat_conduction import conducting_bars
    >>> bars = conducting_bars(1)
    >>> evolution = conduct(bars, [1.0, 2.0], [0.0, 1.0])
    >>> conduction_rates(bars, evolution.stretches[0], np.array([0.0]), True)
    array([[ 1. , -1. ,  1. , -0.5,  0. ,  0. ,  0.5]])
    """
    temperatures, steps = stretch.temperatures(times), stretch.differences(times)
    flows = bars.links(touching) * steps
    production = flows * steps / (temperatures[:, :-1] * temperatures[:, 1:])
    found = np.zeros((len(times), 7))
    at, incoming = bars.contact, flows[:, bars.contact]
    found[:, _HEAT] = np.stack([incoming, -incoming], axis=1)
    found[:, _FLOW] = found[:, _HEAT] / temperatures[:, at : at + 2]
    found[:, _INSIDE] = np.stack([production[:, links].sum(axis=1) for links in bars.inside], axis=1)
    found[:, _CONTACT] = production[:, at]
    return found


def _by_bar(bars: ConductingBars, values: RealMatrix) -> RealMatrix:
    weighted = bars.heat_capacities * values
    return np.stack([weighted[:, cells].sum(axis=1) for cells in bars.bars], axis=1)


def _add_rates(builder: LedgerBuilder, evolution: ConductionEvolution) -> None:
    bars, times = evolution.process, evolution.times
    found = np.zeros((len(times), 7))
    # At the time of the cut the bars are apart.
    for touching in (True, False):
        chosen = evolution.touching == touching
        if chosen.any():
            found[chosen] = conduction_rates(bars, evolution.stretches[0 if touching else -1], times[chosen], touching)
    error = 4 * evolution.relative_error * np.abs(found).max(axis=0)
    for name, columns in (
        ("bar_heat_rate", _HEAT),
        ("external_entropy_rate", _FLOW),
        ("interior_production_rate", _INSIDE),
        ("interface_production_rate", _CONTACT),
    ):
        builder.add(name, found[:, columns], error[columns])


def _add_integrals(
    builder: LedgerBuilder, evolution: ConductionEvolution, entropy_error: float, energy_error: float
) -> None:
    bars, times = evolution.process, evolution.times
    found, error = np.zeros((len(times), 7)), np.zeros((len(times), 7))
    for index, stretch in enumerate(evolution.stretches):
        touching = bool(evolution.touching[0]) and index == 0
        end = float(times[-1]) if index == len(evolution.stretches) - 1 else bars.cut
        grid = _grid(stretch, times, end)
        if len(grid) > 1:
            values, errors = cumulative_integral(partial(conduction_rates, bars, stretch, touching=touching), grid)
            # Beyond its end a stretch adds what it added up to there.
            at = np.searchsorted(grid, np.where(times < end, times, end))
            later = times >= stretch.start
            found[later] += values[at][later]
            error[later] += errors[at][later]
    builder.add("bar_heat", found[:, _HEAT], error[:, _HEAT] + energy_error)
    builder.add("external_entropy", found[:, _FLOW], error[:, _FLOW] + entropy_error)
    builder.add("interior_production", found[:, _INSIDE], error[:, _INSIDE] + entropy_error)
    builder.add("interface_production", found[:, _CONTACT], error[:, _CONTACT] + entropy_error)


def _grid(stretch: Conduction, times: RealVector, end: float) -> RealVector:
    """Return the output times of a stretch and, between them, times at which modes may have decayed.

    From an interval that is long against the decay and lies within it, a coarse rule would see nothing.
    """
    start, fastest = stretch.start, float(stretch.decay_rates.max(initial=0.0))
    levels = math.ceil(math.log2(max(10 * fastest * (end - start), 1.0)))
    decades = start + (end - start) * 2.0 ** -np.arange(levels, dtype=np.float64)
    inner = np.concatenate([times, decades])
    return np.unique(np.concatenate([[start], inner[(inner > start) & (inner < end)], [end]]))
