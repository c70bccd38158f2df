"""The generalised temperature of each part: from its heat and entropy rates, never divided blindly."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.information.temperatures import (
    TemperatureStatus,
    energy_scale,
    generalised_temperature,
)
from loschmidt.ledger._part_motion import PartMotion
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.typing import RealMatrix

__all__ = ["add_part_temperatures"]


def add_part_temperatures(
    builder: LedgerBuilder, evolution: MultipartiteEvolution, moved: PartMotion, heat_error: RealMatrix
) -> None:
    """Add Ṡ_X / Q̇_X (T, N) with a status that says where it is a pole, infinite, or 0/0."""
    system, times = evolution.process, evolution.times
    entropy_error = np.stack([one.error for one in moved.entropy_rates], axis=-1)
    scale = [np.zeros(len(times)) + energy_scale(system.local_at(k, times)) for k in range(len(system.dims))]
    found = generalised_temperature(
        moved.heat_rate,
        moved.entropy_rate,
        energy_scale=np.stack(scale, axis=-1),
        heat_error=heat_error,
        entropy_error=entropy_error,
    )
    builder.add_status("part_temperature_status", found.code, [one.value for one in TemperatureStatus])
    inverse, heat = np.asarray(found.inverse_temperature), moved.heat_rate
    # A number is known as well as both rates are; an infinity, and 0 / 0, carry no error.
    known = np.isfinite(inverse) & (heat != 0)
    safe_heat, safe_entropy = np.where(known, heat, 1.0), np.where(known, moved.entropy_rate, 0.0)
    spread = (entropy_error + np.abs(safe_entropy / safe_heat) * heat_error) / np.abs(safe_heat)
    name = "part_generalised_inverse_temperature"
    builder.add(name, inverse, np.where(known, spread, 0.0), status="part_temperature_status")
