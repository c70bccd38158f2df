"""Entropy production as heat across a gap of temperatures: between what the system shows a bath and the bath's own."""

from __future__ import annotations

import numpy as np

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["temperature_gap"]

_STATUS = "generalised_temperature_status_by_bath"


@law(
    name="temperature gap",
    statement="Π_b = Q̇_b (1/T_gen,b - 1/T_b) for every bath",
    source="ahmadi2020",
    citation="Ahmadi 2020, Eqs. 15, 17",
    unit="entropy rate",
    needs=(
        "generalised_inverse_temperature_by_bath",
        _STATUS,
        "entropy_production_rate_by_bath",
        "entropy_rate_by_bath",
        "inverse_temperature",
    ),
    equality=True,
    cause="Heat or entropy was booked to the wrong bath, or a bath does not have the temperature it is said to have.",
)
def temperature_gap(ledger: Ledger) -> Margin:
    """Π_b against the heat that crosses the gap, wherever the generalised temperature is a number of either sign."""
    beta, heat = ledger["inverse_temperature"], ledger["heat_rate"]
    production = ledger["entropy_production_rate_by_bath"]
    # Codes 0 and 1 are regular and negative; elsewhere heat or entropy is zero or infinite, and 0 · ∞ says nothing.
    told = (ledger[_STATUS] <= 1) & np.isfinite(production) & np.isfinite(beta)
    finite = beta.where(np.isfinite(beta), 0.0)
    inverse = ledger["generalised_inverse_temperature_by_bath"]
    residual = (production - heat * (inverse - finite)).where(told, 0.0)
    entropy_error, heat_error = ledger.error("entropy_rate_by_bath"), ledger.error("heat_rate")
    error = ledger.error("entropy_production_rate_by_bath") + entropy_error + abs(finite) * heat_error
    return Margin(-abs(residual), error.where(told, 0.0))
