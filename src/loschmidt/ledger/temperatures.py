"""The generalised temperature in the ledger of a master equation: derived from the rates, and never divided blindly."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.information.temperatures import (
    GeneralisedTemperature,
    TemperatureStatus,
    energy_scale,
    generalised_temperature,
)
from loschmidt.ledger.clausius import ClausiusAccounts, heat_rate_error
from loschmidt.ledger.entropy_split import interior_entropy_rate
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import RealTensor

__all__ = ["TEMPERATURES", "add_temperatures"]

#: Accounts that are absent where there is no entropy.
TEMPERATURES = (
    "interior_entropy_rate",
    "entropy_rate_by_bath",
    "generalised_inverse_temperature",
    "generalised_inverse_temperature_by_bath",
)
_STATUS = "generalised_temperature_status"


def add_temperatures(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    """Add the interior entropy rate, the pair (Q̇, Ṡ) bath by bath, and what follows from it."""
    process, times = evolution.process, seen.times
    if isinstance(process, DrivenGenerator):
        hamiltonian, energies, betas = process.hamiltonian.at(times), seen.energy, process.betas
    else:
        hamiltonian, energies = process.effective_hamiltonian, seen.energy[:1]
        betas = tuple(one.beta for one in process.dissipators)
    builder.add("interior_entropy_rate", *interior_entropy_rate(hamiltonian, evolution.states))
    entropy, entropy_error = accounts.entropy_rate_by_bath, accounts.entropy_rate_by_bath_error
    builder.add("entropy_rate_by_bath", entropy, entropy_error)
    if not entropy.shape[1]:
        builder.leave_out("there is no bath", *TEMPERATURES[2:])
        return
    scale = np.asarray(energy_scale(energies, betas))
    width = float(energy_scale(seen.energy[0]))
    heat_error = heat_rate_error(seen, evolution.error)
    total = generalised_temperature(
        seen.heat_current.sum(axis=1),
        accounts.entropy_rate,
        energy_scale=scale,
        change=np.linalg.norm(seen.changes.sum(axis=0), axis=(-2, -1)),
        heat_error=heat_error * entropy.shape[1],
        entropy_error=accounts.entropy_rate_error,
        energy_unit=width,
    )
    by_bath = generalised_temperature(
        seen.heat_current,
        entropy,
        energy_scale=scale[:, None],
        change=np.linalg.norm(seen.changes, axis=(-2, -1)).T,
        heat_error=heat_error[:, None],
        entropy_error=entropy_error,
        energy_unit=width,
    )
    _add(builder, total, heat_error * entropy.shape[1], accounts.entropy_rate_error, "")
    _add(builder, by_bath, heat_error[:, None], entropy_error, "_by_bath")
    builder.describe(generalised_angle_energy=width)


def _add(
    builder: LedgerBuilder, found: GeneralisedTemperature, heat_error: RealTensor, entropy_error: RealTensor, of: str
) -> None:
    builder.add_status(f"{_STATUS}{of}", found.code, [one.value for one in TemperatureStatus])
    inverse, angle = np.asarray(found.inverse_temperature), np.asarray(found.angle)
    heat, entropy = np.asarray(found.heat_rate), np.asarray(found.entropy_rate)
    # A number is known as well as both rates are; an infinity, and 0 / 0, carry no error.
    known = np.isfinite(inverse) & (heat != 0)
    safe_heat, safe_entropy = np.where(known, heat, 1.0), np.where(known, entropy, 0.0)
    spread = (entropy_error + np.abs(safe_entropy / safe_heat) * heat_error) / np.abs(safe_heat)
    builder.add(f"generalised_inverse_temperature{of}", inverse, np.where(known, spread, 0.0), status=f"{_STATUS}{of}")
    unit = np.asarray(found.energy_unit)
    finite = np.isfinite(entropy) & ~np.isnan(angle)
    across, along = np.where(finite, entropy, 1.0), heat / unit
    size = np.where(finite, along**2 + across**2, 1.0)
    turned = (np.abs(along) * entropy_error + np.abs(across) * heat_error / unit) / np.where(size > 0, size, 1.0)
    builder.add(f"generalised_angle{of}", angle, np.where(finite, turned, 0.0), status=f"{_STATUS}{of}")
