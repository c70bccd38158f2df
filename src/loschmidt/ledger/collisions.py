"""The keeper of ledgers of collision chains: entropy and correlation step by step, and what the memory gave back."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.evolution.collisions import CollisionEvolution
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.round_off import entropy_error, state_error
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.collisions.divisibility import divisibility
from loschmidt.processes.collisions.lap import LapModel
from loschmidt.processes.collisions.walk import TwoLevelWalk
from loschmidt.processes.gains import gain_bounds
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["keep_collisions"]


def keep_collisions(evolution: CollisionEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of a collision process; see :func:`~loschmidt.ledger.build.build_ledger`."""
    states, d = evolution.states, evolution.states.shape[-1]
    # Round-off of each step adds to that of the steps before.
    distance = state_error(d) * np.arange(1, evolution.steps + 2)
    builder = LedgerBuilder("collisions", {"step": np.arange(evolution.steps + 1)})
    builder.describe(
        title=title,
        equation=_name(evolution),
        dimension=d,
        method="exact",
        error=float(distance[-1]),
        seed="none: nothing is drawn at random",
    )
    spectrum = hermitian_eigenvalues(states)
    entropies = np.asarray(entropy_of_spectrum(spectrum))
    error = np.array([entropy_error(one, d) for one in distance])
    builder.add("entropy", entropies, error)
    builder.add("entropy_change", entropies - entropies[0], np.where(np.arange(len(error)) > 0, error + error[0], 0.0))
    builder.add("entropy_step", np.diff(entropies, prepend=entropies[0]), 2 * error)
    builder.add("entropy_backflow", _backflow(entropies), 2 * np.cumsum(error))
    builder.add("smallest_eigenvalue", spectrum[:, 0], distance)
    builder.add("trace_defect", np.abs(np.trace(states, axis1=1, axis2=2) - 1), d * distance)
    _add_memory(builder, evolution, error)
    if evolution.maps is not None:
        _add_maps(builder, evolution, evolution.maps, error)
    else:
        reason = f"the dynamical maps of dimension {d * d} were not made"
        builder.leave_out(reason, "identity_image_bound", "recovery_bound", "unitality_defect", "subunitality_excess")
    if keep_states:
        builder.add_states(states)
    return builder.build()


def _name(evolution: CollisionEvolution) -> str:
    process = evolution.process
    if isinstance(process, TwoLevelWalk):
        return f"walk on {process.sites} sites with two-level systems"
    if isinstance(process, LapModel):
        return f"lap past {process.systems} two-level systems"
    count = len(process.visits)
    return (
        "collisions with fresh ancillas"
        if process.reset == 1
        else f"collisions with {count} ancilla{'s' * (count > 1)}"
    )


def _backflow(entropies: RealVector) -> RealVector:
    drops = -np.diff(entropies)
    return np.concatenate([[0.0], np.cumsum(np.where(drops > 0, drops, 0.0))])


def _add_memory(builder: LedgerBuilder, evolution: CollisionEvolution, error: RealVector) -> None:
    for name, values in (
        ("reservoir_entropy", evolution.memory_entropies),
        ("joint_entropy", evolution.joint_entropies),
        ("mutual_information", evolution.mutual_information),
    ):
        if values is not None:
            builder.add(name, values, 4 * error)
        else:
            builder.leave_out("it was not computed for this model", name)
    if isinstance(evolution.process, TwoLevelWalk) and evolution.mutual_information is not None:
        # No collision of the walk changes the entropy of the two-level systems.
        before = np.concatenate([[0.0], evolution.mutual_information[:-1]])
        builder.add("correlation_bound", -before, 4 * error)
    else:
        builder.leave_out("it is known only where collisions keep the entropy of the ancillas", "correlation_bound")
    if evolution.energies is not None:
        scale = float(np.abs(evolution.energies).max())
        builder.add("energy", evolution.energies, scale * error)


def _add_maps(builder: LedgerBuilder, evolution: CollisionEvolution, maps: ComplexMatrix, error: RealVector) -> None:
    channels = [Channel.from_superoperator(one) for one in maps]
    start = evolution.states[0]
    bounds = [gain_bounds(channel, start) for channel in channels]
    builder.add("identity_image_bound", [0.0, *(float(one.identity_image) for one in bounds[1:])], 2 * error)
    builder.add("recovery_bound", [0.0, *(float(one.recovery) for one in bounds[1:])], 2 * error)
    builder.add("unitality_defect", [channel.unitality_defect() for channel in channels])
    builder.add("subunitality_excess", [channel.subunitality_excess() for channel in channels])
    found = divisibility(maps)
    builder.add(
        "intermediate_choi_minimum",
        np.concatenate([[0.0], found.smallest_choi_eigenvalues]),
        np.concatenate([[0.0], found.uncertainties]),
    )
    said = {True: "yes", False: "no", None: "undecided"}[found.is_cp_divisible]
    first = f" at step {int(found.violations.argmax()) + 1}" if found.violations.any() else ""
    builder.describe(divisible=said, first_indivisible_step=first.strip())
