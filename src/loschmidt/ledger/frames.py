"""An evolution seen in the energy eigenbasis of each moment: states, what each bath does to them, energies, powers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import EnergyLevels, energy_levels
from loschmidt.states.observables import centred, expectation
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["Frames", "frames"]


@dataclass(frozen=True, eq=False)
class Frames:
    """Everything that instantaneous accounts need, at n times.

    Attributes
    ----------
    times : (n,)
    states : (n, d, d)
        In the energy eigenbasis of each time.
    changes : (B, n, d, d)
        D_b(ρ), in the same basis.
    energy : (n, d, d)
        Energy observable in the same basis; diagonal up to round-off.
    labels : (n, d)
        Level of each basis state.
    energy_current, particle_current, heat_current : (n, B)
        Into the system; heat is energy less μ times particles.
    drive_power, switching_power : (n,)
    drive_norm, switching_norm : (n,)
        Frobenius norms of the operators whose means these powers are.
    rate : float
        Largest rate of any bath at any of the times.
    """

    times: RealVector
    states: ComplexMatrix
    changes: ComplexMatrix
    energy: ComplexMatrix
    labels: IntegerArray
    energy_current: RealMatrix
    particle_current: RealMatrix
    heat_current: RealMatrix
    drive_power: RealVector
    switching_power: RealVector
    drive_norm: RealVector
    switching_norm: RealVector
    rate: float

    @property
    def switches(self) -> bool:
        """Whether the Hamiltonian changes the energy observable beyond round-off."""
        size = float(np.abs(self.energy).max())
        return bool(self.switching_norm.max() > 1e-12 * size * max(size, self.rate))


def frames(evolution: Evolution, times: RealVector, components: ComplexMatrix) -> Frames:
    """Return the frames of `components` (n, d, d), states in the evolution's basis, at `times` (n,)."""
    process = evolution.process
    if isinstance(process, DrivenGenerator):
        return _moving(process, times, evolution.in_original_basis(components))
    return _standing(process, times, components, evolution)


def _standing(process: Generator, times: RealVector, components: ComplexMatrix, evolution: Evolution) -> Frames:
    levels = process.levels
    states = (
        components if evolution.basis is levels.basis else levels.to_eigenbasis(evolution.in_original_basis(components))
    )
    energy = levels.to_eigenbasis(process.energy)
    changes = (
        np.stack([_changes(one, levels, states) for one in process.dissipators])
        if process.dissipators
        else (np.zeros((0, *states.shape), dtype=np.complex128))
    )
    switching = levels.to_eigenbasis(_switching_operator(process))
    n, d = len(times), process.dimension
    energies = expectation(centred(energy), changes).T
    particles = _particles(process.dissipators, levels.from_eigenbasis(states))
    potentials = np.array([one.chemical_potential or 0.0 for one in process.dissipators])
    return Frames(
        times=times,
        states=states,
        changes=changes,
        energy=np.broadcast_to(energy, (n, d, d)),
        labels=np.broadcast_to(levels.labels, (n, d)),
        energy_current=energies,
        particle_current=particles,
        heat_current=energies - potentials * particles,
        drive_power=np.zeros(n),
        switching_power=expectation(switching, states),
        drive_norm=np.zeros(n),
        switching_norm=np.full(n, np.linalg.norm(switching)),
        rate=max((largest_rate(one) for one in process.dissipators), default=0.0),
    )


def _moving(process: DrivenGenerator, times: RealVector, states: ComplexMatrix) -> Frames:
    n, d, count = len(times), process.dimension, len(process.bath_names)
    rates = process.energy_rate_at(times)
    turned, changes = np.empty_like(states), np.empty((count, n, d, d), dtype=np.complex128)
    energy, labels = np.empty_like(states), np.empty((n, d), dtype=np.int64)
    particles, switching, switching_norm = np.zeros((n, count)), np.empty(n), np.empty(n)
    fastest = 0.0
    for k, time in enumerate(times):
        generator = process.at(float(time))
        levels = generator.levels if process.follows else energy_levels(generator.energy)
        turned[k], labels[k] = levels.to_eigenbasis(states[k]), levels.labels
        energy[k] = levels.to_eigenbasis(generator.energy)
        for b, dissipator in enumerate(generator.dissipators):
            changes[b, k] = _changes(dissipator, levels, turned[k])
        operator = _switching_operator(generator)
        switching[k], switching_norm[k] = expectation(operator, states[k]), np.linalg.norm(operator)
        if process.follows or k == 0:
            fastest = max([fastest, *(largest_rate(one) for one in generator.dissipators)])
    currents = expectation(centred(energy), changes).T
    return Frames(
        times=times,
        states=turned,
        changes=changes,
        energy=energy,
        labels=labels,
        energy_current=currents,
        particle_current=particles,
        heat_current=currents,
        drive_power=expectation(rates, states),
        switching_power=switching,
        drive_norm=np.linalg.norm(rates, axis=(-2, -1)),
        switching_norm=switching_norm,
        rate=fastest,
    )


def _changes(dissipator: Dissipator, levels: EnergyLevels, states: ComplexMatrix) -> ComplexMatrix:
    """Return D(ρ) for states in the eigenbasis of `levels`, in that basis."""
    if isinstance(dissipator, DaviesDissipator) and dissipator.levels is levels:
        return dissipator.apply_in_eigenbasis(states)
    return levels.to_eigenbasis(dissipator.apply(levels.from_eigenbasis(states)))


def _switching_operator(generator: Generator) -> ComplexMatrix:
    h, e = generator.effective_hamiltonian, generator.energy
    return np.asarray(1j * (h @ e - e @ h))


def _particles(dissipators: tuple[Dissipator, ...], states: ComplexMatrix) -> RealMatrix:
    found = [one.particle_rate(states) for one in dissipators]
    return (
        np.stack([np.zeros(len(states)) if one is None else one for one in found], axis=-1)
        if found
        else (np.zeros((len(states), 0)))
    )
