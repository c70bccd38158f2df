"""The keeper of open-system ledgers: from an evolution to every account that applies, each with its error."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from loschmidt.checks import STATE_TOLERANCE
from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.progress import progress_reporter
from loschmidt.ledger.clausius import (
    ClausiusAccounts,
    Integrals,
    Production,
    clausius_accounts,
    energy_error,
    heat_rate_error,
)
from loschmidt.ledger.frames import Frames, frames
from loschmidt.ledger.free_energies import add_free_energies
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.mixing import MIXING, add_mixing
from loschmidt.ledger.resolution import add_resolved
from loschmidt.ledger.stationary import add_adiabatic_split
from loschmidt.ledger.temperatures import TEMPERATURES, add_temperatures
from loschmidt.ledger.validity import add_validity
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import RealVector

__all__ = ["keep_open_system"]

_RESOLUTIONS = ("frequency", "transition")
_INTEGRATED = (
    "integrated_entropy_rate",
    "integrated_heat_rate",
    "entropy_production_by_bath",
    "population_entropy_production",
    "coherence_entropy_production",
    "generated_coherence",
)


def keep_open_system(
    evolution: Evolution,
    title: str,
    resolve: Collection[str],
    mode_projectors: Sequence[object],
    keep_states: bool,
    progress: bool,
) -> Ledger:
    """Return the ledger of a master equation; see :func:`~loschmidt.ledger.build.build_ledger`."""
    if unknown := sorted(set(resolve) - set(_RESOLUTIONS)):
        raise InputError(f"`resolve` must be among {', '.join(_RESOLUTIONS)}, but it has {unknown[0]!r}.")
    process = evolution.process
    seen = frames(evolution, evolution.times, evolution.components)
    builder = LedgerBuilder("open system", {"time": evolution.times, "bath": list(process.bath_names)})
    _describe(builder, evolution, title)
    _add_state_functions(builder, evolution, seen)
    _add_exchanges(builder, evolution, seen)
    lowest = _add_state_checks(builder, evolution, seen)
    if lowest.min() >= -STATE_TOLERANCE - float(evolution.error.max()):
        with progress_reporter("keeping the ledger", enabled=progress) as report:
            accounts = clausius_accounts(evolution, seen, report)
        _add_entropies(builder, evolution, seen, accounts)
        add_temperatures(builder, evolution, seen, accounts)
        add_free_energies(builder, evolution, seen, accounts)
        add_adiabatic_split(builder, evolution, seen, accounts)
        add_mixing(builder, evolution, seen, accounts)
        add_resolved(builder, evolution, seen, resolve)
    else:
        at = evolution.times[int(lowest.argmin())]
        builder.leave_out(
            f"the state is not positive: its lowest eigenvalue is {lowest.min():.1e} at t = {at:g}",
            *("entropy", "entropy_production", "entropy_production_rate", "entropy_production_rate_by_bath"),
            *TEMPERATURES,
            *MIXING,
        )
    add_validity(builder, evolution, seen, mode_projectors)
    if keep_states:
        builder.add_states(evolution.states)
    return builder.build()


def _describe(builder: LedgerBuilder, evolution: Evolution, title: str) -> None:
    process = evolution.process
    betas = _betas(process)
    builder.describe(
        title=title,
        equation=process.description,
        dimension=process.dimension,
        method=evolution.method.name,
        method_settings=repr(evolution.method),
        error=float(evolution.error.max()),
        seed="none: nothing is drawn at random",
        driven=int(isinstance(process, DrivenGenerator)),
        baths_follow=int(isinstance(process, DrivenGenerator) and process.follows),
        energy_moves=int(isinstance(process, DrivenGenerator) and process.energy is None),
        energy_unit="energy",
        time_unit="time",
    )
    if all(beta is not None for beta in betas):
        builder.add("inverse_temperature", betas)


def _add_state_functions(builder: LedgerBuilder, evolution: Evolution, seen: Frames) -> None:
    energies = np.einsum("nab,nba->n", seen.energy, seen.states, optimize=True).real
    builder.add("energy", energies, energy_error(seen, evolution.error))
    weights = np.diagonal(seen.states, axis1=-2, axis2=-1).real
    count = int(seen.labels.max()) + 1
    populations = np.zeros((len(seen.times), count))
    for level in range(count):
        populations[:, level] = np.where(seen.labels == level, weights, 0).sum(axis=-1)
    builder.add("populations", populations, np.broadcast_to((evolution.error + 1e-16)[:, None], populations.shape))


def _add_state_checks(builder: LedgerBuilder, evolution: Evolution, seen: Frames) -> RealVector:
    """Add trace and lowest eigenvalue of the states, and return the latter (T,)."""
    lowest = np.asarray(np.linalg.eigvalsh(seen.states)[:, 0])
    builder.add("smallest_eigenvalue", lowest, evolution.error + 1e-15)
    traces = np.trace(evolution.components, axis1=-2, axis2=-1)
    builder.add("trace_defect", np.abs(traces - 1), evolution.error * math.sqrt(seen.states.shape[-1]) + 1e-15)
    return lowest


def _add_exchanges(builder: LedgerBuilder, evolution: Evolution, seen: Frames) -> None:
    process, spread = evolution.process, evolution.exchange_error
    potentials = _chemical_potentials(process)
    mu = np.array([0.0 if value is None else value for value in potentials])
    current_error = heat_rate_error(seen, evolution.error)[:, None]
    builder.add("heat_rate", seen.heat_current, current_error)
    builder.add("energy_current", seen.energy_current, current_error)
    builder.add("heat", evolution.heat, spread[:, None])
    if any(value is not None for value in potentials):
        builder.add("chemical_potential", mu)
        count_error = 2 * seen.rate * process.dimension * (evolution.error[:, None] + 1e-15)
        builder.add("particle_current", seen.particle_current, count_error)
        builder.add("particles", evolution.particles, spread[:, None])
        builder.add(
            "chemical_power", (mu * seen.particle_current).sum(axis=-1), (np.abs(mu) * count_error).sum(axis=-1)
        )
        builder.add("chemical_work", (mu * evolution.particles).sum(axis=-1), spread)
    if isinstance(process, DrivenGenerator):
        builder.add("drive_power", seen.drive_power, seen.drive_norm * (evolution.error + 1e-15))
        builder.add("work", evolution.work, spread)
    if seen.switches:
        builder.add("switching_power", seen.switching_power, seen.switching_norm * (evolution.error + 1e-15))
        builder.add("switching_work", evolution.switching_work, spread)


def _add_entropies(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    builder.add("entropy", accounts.entropy, accounts.entropy_error)
    builder.add("diagonal_entropy", accounts.diagonal_entropy, accounts.entropy_error)
    builder.add("coherence", accounts.coherence, 2 * accounts.entropy_error)
    start = accounts.entropy_error + accounts.entropy_error[0]
    builder.add("entropy_change", accounts.entropy - accounts.entropy[0], start)
    builder.add("entropy_rate", accounts.entropy_rate, accounts.entropy_rate_error)
    if accounts.integrals is not None:
        integrals = accounts.integrals
        builder.add("integrated_entropy_rate", integrals.entropy.sum(axis=-1), integrals.error.sum(axis=-1))
        builder.add("integrated_heat_rate", integrals.heat, integrals.heat_error)
    else:
        builder.leave_out("the state is not positive between output times, or is not known there", *_INTEGRATED)
    if accounts.production is None:
        builder.leave_out(
            "a bath has no temperature",
            *("entropy_flux", "entropy_production", "entropy_production_rate", "entropy_production_rate_by_bath"),
        )
        return
    _add_productions(builder, evolution, seen, accounts)


def _add_productions(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    production = accounts.production
    assert production is not None
    builder.add("entropy_flux", production.flux.sum(axis=-1), production.flux_error.sum(axis=-1))
    for name, rate, error, total in (
        ("entropy_production_rate", production.rate, production.rate_error, production.total_rate),
        (
            "population_entropy_production_rate",
            production.population_rate,
            production.population_error,
            production.total_population_rate,
        ),
        (
            "coherence_entropy_production_rate",
            production.coherence_rate,
            production.coherence_error,
            production.total_coherence_rate,
        ),
    ):
        builder.add(name, total, error.sum(axis=-1))
        builder.add(f"{name}_by_bath", rate, error)
    entropy_spread = accounts.entropy_error + accounts.entropy_error[0]
    flow_error = production.flow_error.sum(axis=-1)
    builder.add("entropy_flow", production.flow.sum(axis=-1), flow_error)
    change = accounts.entropy - accounts.entropy[0]
    builder.add("entropy_production", change + production.flow.sum(axis=-1), entropy_spread + flow_error)
    if accounts.integrals is not None:
        _add_integrated_parts(builder, evolution, seen, accounts, accounts.integrals, production)


def _add_integrated_parts(
    builder: LedgerBuilder,
    evolution: Evolution,
    seen: Frames,
    accounts: ClausiusAccounts,
    integrals: Integrals,
    production: Production,
) -> None:
    error = integrals.error + production.flow_error
    builder.add("entropy_production_by_bath", integrals.entropy + production.flow, error)
    populations = (integrals.diagonal_entropy + production.flow).sum(axis=-1)
    builder.add("population_entropy_production", populations, error.sum(axis=-1))
    coherence = (integrals.entropy - integrals.diagonal_entropy).sum(axis=-1)
    coherence_error = 2 * integrals.error.sum(axis=-1)
    builder.add("coherence_entropy_production", coherence, coherence_error)
    if isinstance(evolution.process, DrivenGenerator) or seen.switches:
        generated = accounts.coherence - accounts.coherence[0] + coherence
        spread = 2 * (accounts.entropy_error + accounts.entropy_error[0]) + coherence_error
        builder.add("generated_coherence", generated, spread)


def _betas(process: Generator | DrivenGenerator) -> tuple[float | None, ...]:
    if isinstance(process, DrivenGenerator):
        return process.betas
    return tuple(one.beta for one in process.dissipators)


def _chemical_potentials(process: Generator | DrivenGenerator) -> tuple[float | None, ...]:
    if isinstance(process, DrivenGenerator):
        return tuple(None for _ in process.bath_names)
    return tuple(one.chemical_potential for one in process.dissipators)
