"""Add to a ledger what single trajectories say: averages, fluctuation theorems, and histograms."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.trajectories import (
    FluctuationAverages,
    FluctuationTheorems,
    TrajectoryStatistics,
)
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.typing import RealVector

__all__ = ["QUANTITIES", "STANDARD_ERRORS", "add_histogram", "with_trajectories"]

#: What trajectories have means of: σ and its two parts.
QUANTITIES = ("entropy production", "populations", "coherence")
#: Standard errors that count as the error of a sampled average: one chance in two million to be outside.
STANDARD_ERRORS = 5.0
#: Bins of a histogram with more atoms than this.
_BINS = 60


def with_trajectories(
    ledger: Ledger, statistics: TrajectoryStatistics, averages: FluctuationAverages, theorems: FluctuationTheorems
) -> Ledger:
    """Return the ledger with the averages over trajectories, how well theorems hold, and the histogram of σ."""
    sampled = statistics.method == "sampling"
    spread = STANDARD_ERRORS if sampled else 1.0
    builder = LedgerBuilder(ledger.family, {"step": ledger.data["step"].values, "quantity": list(QUANTITIES)})
    parts = (
        statistics.entropy_production,
        statistics.population_entropy_production,
        statistics.coherence_entropy_production,
    )
    exponentials = (statistics.exponential, statistics.population_exponential, statistics.coherence_exponential)
    builder.add("trajectory_mean", [one.value for one in parts], [spread * one.error for one in parts])
    builder.add("trajectory_variance", [one.variance for one in parts])
    builder.add(
        "trajectory_exponential", [one.value for one in exponentials], [spread * one.error for one in exponentials]
    )
    residuals = (theorems.mean_residual, theorems.population_mean_residual, theorems.coherence_mean_residual)
    errors = (theorems.mean_error, theorems.population_mean_error, theorems.coherence_mean_error)
    builder.add("trajectory_mean_residual", residuals, [spread * one for one in errors])
    builder.add("absolute_irreversibility", averages.absolute_irreversibility, averages.mean_error)
    builder.add("integral_theorem_residual", theorems.integral_residual, spread * theorems.integral_error)
    if theorems.detailed_defect is not None and theorems.detailed_error is not None:
        builder.add("detailed_theorem_defect", theorems.detailed_defect, spread * theorems.detailed_error)
    else:
        builder.leave_out("no histogram was made", "detailed_theorem_defect")
    if statistics.histogram is not None:
        found = statistics.histogram
        add_histogram(builder, found.values, found.forward, found.backward)
    return with_accounts(ledger, builder, trajectories=f"{statistics.trajectories} by {statistics.method}")


def add_histogram(builder: LedgerBuilder, values: RealVector, forward: RealVector, backward: RealVector | None) -> None:
    """Add the probabilities (m,) of single values of σ (m,), and those of -σ going backward where they are known."""
    finite = np.isfinite(values)
    values, forward = values[finite], forward[finite]
    backward = None if backward is None else backward[finite]
    if values.size > _BINS:
        edges = np.linspace(values.min(), values.max(), _BINS + 1)
        place = np.digitize(values, edges[1:-1])
        forward = np.bincount(place, forward, _BINS)
        backward = None if backward is None else np.bincount(place, backward, _BINS)
        values = (edges[1:] + edges[:-1]) / 2
    builder.coordinate("atom", np.arange(values.size))
    builder.add("histogram_value", values)
    builder.add("histogram_forward", forward)
    if backward is not None:
        builder.add("histogram_backward", backward)
