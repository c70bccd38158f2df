"""Entropy production resolved further: per |Bohr frequency| and per pair of levels."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.entropy_rates import entropy_rates
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import RealMatrix, RealVector

__all__ = ["add_resolved"]


def add_resolved(builder: LedgerBuilder, evolution: Evolution, seen: Frames, resolve: Collection[str]) -> None:
    """Add the accounts that `resolve` asks for.

    Raises
    ------
    InputError
        If the process has no Davies baths with temperatures, whose jumps have frequencies and transitions.
    """
    if not resolve:
        return
    process = evolution.process
    baths = () if isinstance(process, DrivenGenerator) else process.dissipators
    davies = [one for one in baths if isinstance(one, DaviesDissipator) and one.beta is not None]
    if not davies or len(davies) != len(baths):
        raise InputError("`resolve` needs a static equation whose baths are all of Davies form, with temperatures.")
    if "frequency" in resolve:
        _add_by_frequency(builder, davies, seen)
    if "transition" in resolve:
        _add_by_transition(builder, davies, seen)


def _add_by_frequency(builder: LedgerBuilder, baths: list[DaviesDissipator], seen: Frames) -> None:
    frequencies = np.unique(np.abs(np.concatenate([one.as_jumps.frequencies for one in baths])))
    result = np.zeros((len(seen.times), len(baths), len(frequencies)))
    for b, bath in enumerate(baths):
        jumps, assert_beta = bath.as_jumps, bath.beta
        assert assert_beta is not None
        pairs = [_pair(jumps, frequency) for frequency in frequencies]
        changes = np.stack(
            [bath.levels.to_eigenbasis(pair.apply(bath.levels.from_eigenbasis(seen.states))) for pair in pairs]
        )
        rates = entropy_rates(seen.states, changes, seen.labels, seen.rate)
        grand = np.einsum("nab,fnba->nf", seen.energy, changes, optimize=True).real
        moved = np.stack(
            [
                _zero_if_none(pair.particle_rate(bath.levels.from_eigenbasis(seen.states)), grand[:, 0])
                for pair in pairs
            ],
            axis=-1,
        )
        heat = grand - (bath.chemical_potential or 0.0) * moved
        result[:, b] = rates.entropy_rate + _flux(assert_beta, heat)
    builder.coordinate("frequency", frequencies)
    builder.add("entropy_production_rate_by_frequency", result)


def _pair(jumps: JumpDissipator, frequency: float) -> JumpDissipator:
    chosen = np.abs(jumps.frequencies) == frequency
    return JumpDissipator(
        jumps.bath,
        jumps.beta,
        jumps.jumps[chosen],
        jumps.rates[chosen],
        jumps.frequencies[chosen],
        jumps.particles[chosen],
        jumps.chemical_potential,
        jumps.reference,
    )


def _zero_if_none(rate: RealVector | None, like: RealVector) -> RealVector:
    return np.zeros_like(like) if rate is None else rate


def _flux(beta: float, heat: RealMatrix) -> RealMatrix:
    if np.isinf(beta):
        return np.where(heat < 0, np.inf, 0.0)
    return -beta * heat


def _add_by_transition(builder: LedgerBuilder, baths: list[DaviesDissipator], seen: Frames) -> None:
    d = seen.states.shape[-1]
    upper, lower = np.triu_indices(d, 1)[::-1]
    populations = np.diagonal(seen.states, axis1=-2, axis2=-1).real
    result = np.zeros((len(seen.times), len(baths), len(upper)))
    for b, bath in enumerate(baths):
        rates = bath.pauli_rates()
        down = rates[lower, upper] * populations[:, upper]
        up = rates[upper, lower] * populations[:, lower]
        result[:, b] = _edge_production(down, up)
    builder.coordinate("transition", [f"{m} ↔ {n}" for n, m in zip(upper, lower, strict=True)])
    builder.add("population_entropy_production_rate_by_transition", result)


def _edge_production(forward: RealMatrix, backward: RealMatrix) -> RealMatrix:
    """Return (f - b) ln(f / b), the form of :cite:t:`schnakenberg1976`: zero if both vanish, infinite if one does."""
    both = (forward > 0) & (backward > 0)
    ratio = np.where(both, forward, 1.0) / np.where(both, backward, 1.0)
    one_sided = (forward > 0) != (backward > 0)
    return np.where(one_sided, np.inf, np.where(both, (forward - backward) * np.log(ratio), 0.0))
