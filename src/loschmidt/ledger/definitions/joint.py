"""Definitions for what has an environment, but is written as a channel or as several parts."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.evolution.thermal_operations import ThermalEvolution, apply_thermal_operation
from loschmidt.evolution.transmission import Transmission
from loschmidt.information import pinching, relative_entropy, von_neumann_entropy
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.definitions.closed_drive import inverse_temperature_of
from loschmidt.ledger.definitions.readings import after
from loschmidt.ledger.definitions.table import Agreement, Reading, agreement, unavailable
from loschmidt.ledger.definitions.thermal import thermal_readings
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.round_off import entropy_error, state_error
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix

__all__ = ["bipartite_readings", "channel_readings"]

_SAME = 1e-9
#: Rows that need a Hamiltonian of the system.
_OF_ENERGY = (2, 3, 5, 9, 10)


def channel_readings(evolution: Transmission, ledger: Ledger) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    """Return what a channel says of each definition; most need to know the reservoir behind it."""
    dilation = evolution.dilation
    if dilation is None:
        readings = dict.fromkeys(range(1, 13), unavailable("the reservoir behind the channel is not known"))
        return readings | {10: _pinched((evolution.initial, evolution.final), evolution.hamiltonian)}, ()
    beta = None
    if dilation.reservoir_hamiltonian is not None:
        beta = inverse_temperature_of(dilation.reservoir_state, dilation.reservoir_hamiltonian)
    if beta is not None and dilation.reservoir_hamiltonian is not None:
        environment = GibbsEnvironment(dilation.reservoir_hamiltonian, beta, "reservoir")
        energy = np.zeros_like(evolution.initial) if evolution.hamiltonian is None else evolution.hamiltonian
        found = _as_thermal(dilation.unitary, energy, (environment,), evolution.initial)
        return found if evolution.hamiltonian is not None else _without_energy(*found)
    reason = "the reservoir starts in no Gibbs state, or is too cold to tell its temperature"
    joint = dilation.joint_state(evolution.initial)
    product = np.kron(evolution.final, dilation.reservoir_state)
    return _without_temperature(ledger, joint, product, reason) | {
        10: _pinched((evolution.initial, evolution.final), evolution.hamiltonian)
    }, ()


def bipartite_readings(
    evolution: MultipartiteEvolution, ledger: Ledger
) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    """Return what several parts say of each definition: the first is the system, the others are its environment."""
    system, start, end = evolution.process, evolution.states[0], evolution.states[-1]
    if not system.is_closed:
        reason = f"baths act on the parts; compare with {system.names[0]!r} alone and its environment without baths"
        return dict.fromkeys(range(1, 13), unavailable(reason)), ()
    reduced = [reduced_matrices(start, system.dims, [part]) for part in range(len(system.dims))]
    if np.linalg.norm(start - reduce(np.kron, reduced)) > _SAME:
        reason = "the parts are correlated at the start"
        readings = dict.fromkeys(range(1, 13), unavailable(reason))
        return readings | {6: _closed(ledger), 10: _pinched_part(evolution)}, (
            agreement("#6 = 0", _closed(ledger), Reading(0.0)),
        )
    first = float(evolution.times[0])
    energies = [system.local_at(part, first) for part in range(len(system.dims))]
    betas = [
        inverse_temperature_of(reduced[part], energies[part], system.betas[part]) for part in range(1, len(system.dims))
    ]
    if None in betas or system.is_driven:
        reason = "the whole is driven" if None not in betas else "a part other than the first starts in no Gibbs state"
        final = reduced_matrices(end, system.dims, [0])
        product = np.kron(final, reduce(np.kron, reduced[1:]))
        readings = _without_temperature(ledger, end, product, reason)
        return readings | {10: _pinched_part(evolution)}, (agreement("#6 = 0", readings[6], Reading(0.0)),)
    environments = tuple(
        GibbsEnvironment(energies[part], beta, system.names[part])
        for part, beta in enumerate(betas, 1)
        if beta is not None
    )
    span = float(evolution.times[-1] - evolution.times[0])
    levels, basis = np.linalg.eigh(system.free_at(first) + system.interaction_at(first))
    unitary = (basis * np.exp(-1j * span * levels)) @ basis.conj().T
    return _as_thermal(unitary, energies[0], environments, reduced[0])


def _as_thermal(
    unitary: ComplexMatrix, energy: ComplexMatrix, environments: tuple[GibbsEnvironment, ...], state: ComplexMatrix
) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    operation = ThermalOperation(unitary, energy, environments, allow_work=True)
    same: ThermalEvolution = apply_thermal_operation(operation, state)
    return thermal_readings(same, build_ledger(same))


def _without_energy(
    readings: dict[int, Reading], agreements: tuple[Agreement, ...]
) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    """Leave out what a Hamiltonian that nobody gave has to do with."""
    missing = unavailable("the system has no Hamiltonian; give one")
    kept = tuple(one for one in agreements if "#2" not in one.statement)
    return readings | dict.fromkeys(_OF_ENERGY, missing), kept


def _without_temperature(
    ledger: Ledger, joint: ComplexMatrix, product: ComplexMatrix, reason: str
) -> dict[int, Reading]:
    """Return the rows that need no temperature: correlation, and the distance from the product with any start."""
    distance = float(relative_entropy(joint, product))
    size = state_error(len(joint))
    weights = np.linalg.eigvalsh(product)
    deepest = float(np.abs(np.log(weights[weights > size])).max())
    error = 4 * entropy_error(size, len(joint)) + deepest * size
    said = "the environment starts in no Gibbs state; its own start takes its place"
    why = "the environment holds what its start never did" if math.isinf(distance) else said
    return dict.fromkeys(range(1, 13), unavailable(reason)) | {
        4: Reading(distance, 0.0 if math.isinf(distance) else error, why, True),
        6: _closed(ledger),
        7: after(ledger, "mutual_information", guaranteed=True),
    }


def _closed(ledger: Ledger) -> Reading:
    """Return the change of the entropy of everything together."""
    name = "joint_entropy" if "joint_entropy" in ledger else "entropy"
    if name not in ledger:
        return after(ledger, name)
    value, error = ledger[name].values, ledger.error(name).values
    return Reading(float(value[-1] - value[0]), float(error[-1] + error[0]), "of system and environments together")


def _pinched_part(evolution: MultipartiteEvolution) -> Reading:
    system, times = evolution.process, evolution.times
    if system.moves_locally:
        return unavailable("the Hamiltonian of the first part moves")
    ends = reduced_matrices(evolution.states[[0, -1]], system.dims, [0])
    return _pinched((ends[0], ends[1]), system.local_at(0, float(times[0])))


def _pinched(states: tuple[ComplexMatrix, ComplexMatrix], hamiltonian: ComplexMatrix | None) -> Reading:
    if hamiltonian is None:
        return unavailable("the system has no Hamiltonian; give one")
    if states[0].shape != states[1].shape:
        return unavailable("the channel leads to another space")
    before, after_ = (float(von_neumann_entropy(pinching(one, hamiltonian))) for one in states)
    return Reading(after_ - before, 2 * entropy_error(state_error(len(hamiltonian)), len(hamiltonian)))
