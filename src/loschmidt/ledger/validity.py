"""What a ledger records about the equation itself: detailed balance, positivity, secular and coupling ratios."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.errors import ResourceError
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.steady import SteadyState, stationary_count
from loschmidt.ledger.clausius import heat_rate_error
from loschmidt.ledger.entropy_rates import KERNEL_TOLERANCE, entropy_rates
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.ledger.stationary import unique_steady_state
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.diagnostics import (
    covariance_defect,
    detailed_balance_defect,
    gibbs_fixed_point_defect,
    local_ratio,
    secular_ratio,
    weak_coupling_ratio,
)
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import energy_levels

__all__ = ["add_validity"]

_SAMPLES = 9
_STEADY = ("steady_balance", "steady_switching_power", "steady_entropy_rate", "steady_state_multiplicity")


def add_validity(builder: LedgerBuilder, evolution: Evolution, seen: Frames, mode_projectors: Sequence[object]) -> None:
    """Add the validity accounts: for a driven process the worst over a few times."""
    process = evolution.process
    samples = [process]
    if isinstance(process, DrivenGenerator):
        chosen = np.unique(np.linspace(0, len(evolution.times) - 1, _SAMPLES).astype(int))
        samples = [process.at(float(t)) for t in evolution.times[chosen]]
    generators: list[Generator] = [one for one in samples if isinstance(one, Generator)]
    _add_baths(builder, generators)
    _add_worst(builder, "secular_ratio", [secular_ratio(one) for one in generators], min)
    _add_worst(builder, "weak_coupling_ratio", [weak_coupling_ratio(one) for one in generators], min)
    _add_worst(builder, "local_ratio", [local_ratio(one) for one in generators], min)
    _add_worst(builder, "covariance_defect", [covariance_defect(one) for one in generators], max)
    builder.describe(
        ambiguous_levels=int(any(one.levels.ambiguous for one in generators)),
        energy_conserved=int(not seen.switches),
    )
    if isinstance(process, Generator):
        _add_steady(builder, process, seen)
    else:
        builder.leave_out("the Hamiltonian is driven, so nothing stands still", *_STEADY)
    if mode_projectors:
        states = evolution.states
        builder.coordinate("mode", list(range(len(mode_projectors))))
        builder.add(
            "highest_occupation",
            [float(np.einsum("ab,tba->t", np.asarray(p), states).real.max()) for p in mode_projectors],
        )


def _add_baths(builder: LedgerBuilder, generators: list[Generator]) -> None:
    thermal = all(one.beta is not None for one in generators[0].dissipators)
    if thermal and generators[0].dissipators:
        columns = [
            [
                (
                    gibbs_fixed_point_defect(one, g.energy, g.number),
                    gibbs_fixed_point_defect(one, g.energy if one.reference is None else one.reference, g.number),
                    detailed_balance_defect(one, g.energy if one.reference is None else one.reference, g.number),
                )
                for one in g.dissipators
            ]
            for g in generators
        ]
        worst = np.max(np.array(columns), axis=0)
        builder.add("gibbs_fixed_point_defect", worst[:, 0])
        builder.add("reference_fixed_point_defect", worst[:, 1])
        builder.add("detailed_balance_defect", worst[:, 2])
    if generators[0].dissipators:
        builder.add(
            "smallest_canonical_rate",
            np.min([[_relative(r) for r in g.canonical_rates().values()] for g in generators], axis=0),
        )
    builder.describe(
        reference_is_energy=int(
            all(
                one.reference is not None and np.abs(one.reference - g.energy).max() <= 1e-9 * np.abs(g.energy).max()
                for g in generators
                for one in g.dissipators
            )
        ),
        promises_gibbs=int(all(one.reference is not None for g in generators for one in g.dissipators)),
        kind=generators[0].equation,
    )


def _relative(rates: np.ndarray) -> float:
    """Return the lowest rate over the largest magnitude if it is negative, otherwise zero."""
    lowest = float(rates.min(initial=0.0))
    return lowest / float(np.abs(rates).max()) if lowest < 0 else 0.0


def _add_worst(builder: LedgerBuilder, name: str, found: list[float | None], worst: object) -> None:
    values = [value for value in found if value is not None]
    assert callable(worst)
    if values:
        builder.add(name, worst(values))


def _multiplicity(process: Generator) -> int | None:
    if not process.dissipators:
        # What commutes with the Hamiltonian: one block for each of its levels.
        labels = energy_levels(process.effective_hamiltonian).labels
        return int((np.bincount(labels) ** 2).sum())
    try:
        return stationary_count(process).multiplicity
    except ResourceError:
        return None


def _add_steady(builder: LedgerBuilder, process: Generator, seen: Frames) -> None:
    steady = unique_steady_state(process)
    if steady is None:
        count = _multiplicity(process)
        if count is None:
            builder.leave_out("the number of steady states could not be decided", *_STEADY)
        else:
            builder.add("steady_state_multiplicity", count)
            builder.leave_out("the steady state is not unique", *_STEADY[:3])
        return
    builder.add("steady_state_multiplicity", 1)
    mean = np.trace(process.energy).real / process.dimension
    energy = process.energy - mean * np.eye(process.dimension)
    currents = [float(np.trace(energy @ one.apply(steady.state)).real) for one in process.dissipators]
    if currents:
        error = float(heat_rate_error(seen, np.full(len(seen.times), steady.error)).max())
        builder.add("steady_balance", currents, error)
        moved = np.trace(energy @ process.hamiltonian_part(steady.state)).real
        round_off = 4 * float(np.finfo(float).eps * np.linalg.norm(energy) * np.linalg.norm(process.hamiltonian))
        builder.add("steady_switching_power", float(moved), error + round_off)
        _add_steady_entropies(builder, process, steady, seen.rate)


def _add_steady_entropies(builder: LedgerBuilder, process: Generator, steady: SteadyState, rate: float) -> None:
    """Add the entropy rate that each bath keeps up in the steady state, unless some level there stays empty."""
    levels, round_off = process.levels, 8 * process.dimension * float(np.finfo(float).eps)
    populations = np.diag(steady.components).real
    baths = [one for one in process.dissipators if isinstance(one, DaviesDissipator) and one.levels is levels]
    precise = steady.basis is levels.basis and bool((populations > 0).all()) and len(baths) == len(process.dissipators)
    if precise and np.count_nonzero(steady.components) == len(populations):
        # Populations that were found to relative accuracy count however small they are.
        logarithms = np.log(populations)
        flows = np.array([np.diag(one.apply_in_eigenbasis(steady.components)).real for one in baths])
        builder.add("steady_entropy_rate", -flows @ logarithms, round_off * rate * float(np.abs(logarithms).max()))
        return
    changes = np.stack([levels.to_eigenbasis(one.apply(steady.state))[None] for one in process.dissipators])
    found = entropy_rates(levels.to_eigenbasis(steady.state)[None], changes, levels.labels, rate)
    if found.lowest[0] <= KERNEL_TOLERANCE:
        builder.leave_out("some level stays empty in the steady state", "steady_entropy_rate")
        return
    builder.add("steady_entropy_rate", found.entropy_rate[0], found.sensitivity[0] * (steady.error + round_off))
