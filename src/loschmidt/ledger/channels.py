"""The keeper of ledgers of channels: what one application did to the entropy, and what it could have done."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.evolution.transmission import Transmission
from loschmidt.information.entropy import relative_entropy, von_neumann_entropy
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.round_off import entropy_error, state_error
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.dilations import Dilation, HTheoremReport, h_theorem
from loschmidt.processes.gains import gain_bounds, minimal_entropy_gain
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["keep_channel"]

_OF_BOTH = ("reservoir_bound", "mutual_information", "joint_entropy", "reservoir_entropy")
#: Larger joint states are not made: their entropy is that of the parts before, by unitarity, and tests nothing.
_LARGEST_JOINT = 1024


def keep_channel(evolution: Transmission, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of a channel or a dilation; see :func:`~loschmidt.ledger.build.build_ledger`."""
    channel, states = evolution.channel, (evolution.initial, evolution.final)
    process = channel if evolution.dilation is None else evolution.dilation
    size = max(channel.dimension_in, channel.dimension_out)
    # A map is accepted with a small defect of its trace, which its outputs then have too.
    distance = state_error(size) + channel.trace_preservation_defect("frobenius")
    builder = LedgerBuilder("channel", {"step": [0, 1], "eigenvalue": np.arange(channel.dimension_out)})
    _describe(builder, evolution, title, distance)
    entropies = np.array([float(von_neumann_entropy(state)) for state in states])
    error = entropy_error(distance, size)
    builder.add("entropy", entropies, error)
    builder.add("entropy_change", entropies - entropies[0], [0.0, 2 * error])
    builder.add("smallest_eigenvalue", [np.linalg.eigvalsh(state)[0] for state in states], distance)
    builder.add("trace_defect", [abs(np.trace(state) - 1) for state in states], size * distance)
    _add_bounds(builder, evolution, error)
    _add_map(builder, channel)
    if channel.is_square:
        own = None if evolution.dilation is None else evolution.dilation.system_hamiltonian
        energy = evolution.hamiltonian if own is None else None
        _add_verdict(builder, h_theorem(process, energy, state=evolution.initial, gain=False))
    _add_reference(builder, evolution, distance)
    if evolution.hamiltonian is not None and channel.is_square:
        _add_energy(builder, "energy", evolution.hamiltonian, states)
    if evolution.dilation is not None:
        _add_reservoir(builder, evolution, evolution.dilation, entropies)
    else:
        builder.leave_out("the reservoir is not known", *_OF_BOTH)
    if keep_states and channel.is_square:
        builder.add_states(np.stack(states))
    return builder.build()


def _describe(builder: LedgerBuilder, evolution: Transmission, title: str, error: float) -> None:
    channel, dilation = evolution.channel, evolution.dilation
    n, m = channel.dimension_in, channel.dimension_out
    what = f"unitary on {dilation.dims[0]} × {dilation.dims[1]}" if dilation is not None else "channel"
    builder.describe(
        title=title,
        equation=what if n == m else f"{what}, {n} → {m}",
        dimension=n,
        method=f"{len(channel.minimal_kraus_operators)} Kraus operators",
        error=error,
        seed="none: nothing is drawn at random",
    )


def _add_bounds(builder: LedgerBuilder, evolution: Transmission, error: float) -> None:
    channel, dilation = evolution.channel, evolution.dilation
    bounds = gain_bounds(channel, evolution.initial, None if dilation is None else dilation.reservoir_state)
    builder.add("identity_image_bound", [0.0, float(bounds.identity_image)], [0.0, 2 * error])
    builder.add("recovery_bound", [0.0, float(bounds.recovery)], [0.0, 2 * error])
    if bounds.reservoir is not None:
        builder.add("reservoir_bound", [0.0, float(bounds.reservoir)], [0.0, error])
    least = minimal_entropy_gain(channel)
    builder.add("minimal_entropy_gain", least.value, least.value - least.lower_bound + error)
    builder.add("minimal_entropy_gain_lower_bound", least.lower_bound, error)
    builder.add_operator("minimal_gain_state", least.state, "state that loses most entropy")


def _add_map(builder: LedgerBuilder, channel: Channel) -> None:
    error = state_error(max(channel.dimension_in, channel.dimension_out))
    builder.add("identity_image_spectrum", np.linalg.eigvalsh(channel.identity_image), error * channel.dimension_in)
    # Before the map nothing has happened, which is unital.
    if channel.is_square:
        builder.add("unitality_defect", [0.0, channel.unitality_defect()], error)
    builder.add("subunitality_excess", [0.0, channel.subunitality_excess()], error)
    builder.add("completely_positive_defect", channel.completely_positive_defect(), error)
    builder.add("trace_preservation_defect", channel.trace_preservation_defect(), error)


def _add_reference(builder: LedgerBuilder, evolution: Transmission, distance: float) -> None:
    n = evolution.channel.dimension_in
    # Any faithful state does, as long as no usual input is equal to it.
    reference = np.diag(np.arange(1, n + 1) * (2.0 / (n * (n + 1)))).astype(np.complex128)
    after = evolution.channel.apply(reference)
    found = [float(relative_entropy(evolution.initial, reference)), float(relative_entropy(evolution.final, after))]
    size = max(n, evolution.channel.dimension_out)
    error = 2 * entropy_error(distance, size) + 2 * size * distance
    builder.add("relative_entropy_to_reference", found, error)


def _add_reservoir(builder: LedgerBuilder, evolution: Transmission, dilation: Dilation, entropies: RealVector) -> None:
    d, r = dilation.dims
    error = entropy_error(state_error(d * r), d * r)
    parts = (dilation.reservoir_state, dilation.reservoir_output(evolution.initial))
    reservoir = np.array([float(von_neumann_entropy(state)) for state in parts])
    builder.add("reservoir_entropy", reservoir, error)
    if d * r <= _LARGEST_JOINT:
        joint = [entropies[0] + reservoir[0], float(von_neumann_entropy(dilation.joint_state(evolution.initial)))]
        builder.add("joint_entropy", joint, error)
        builder.add("mutual_information", entropies + reservoir - joint, 3 * error)
    else:
        reason = f"the joint state of dimension {d * r} was not made (at most {_LARGEST_JOINT})"
        builder.leave_out(reason, "joint_entropy", "mutual_information")
    if dilation.reservoir_hamiltonian is not None:
        _add_energy(builder, "reservoir_energy", dilation.reservoir_hamiltonian, parts)


def _add_energy(builder: LedgerBuilder, name: str, hamiltonian: ComplexMatrix, states: Sequence[ComplexMatrix]) -> None:
    scale = float(np.linalg.norm(hamiltonian, 2))
    values = [float(np.vdot(hamiltonian, state).real) for state in states]
    builder.add(name, values, scale * len(hamiltonian) * state_error(len(hamiltonian)))


def _add_verdict(builder: LedgerBuilder, report: HTheoremReport) -> None:
    builder.describe(summary=report.words, h_theorem=report.to_json())
    if report.relative_isolation_defect is not None:
        builder.add("isolation_defect", report.relative_isolation_defect)
    if report.classification is not None:
        residuals = {str(name): value for name, value in report.classification.residuals.items() if value is not None}
        builder.coordinate("criterion", list(residuals))
        builder.add("criterion_residual", list(residuals.values()))
