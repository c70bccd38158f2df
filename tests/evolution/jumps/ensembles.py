"""Processes for the tests of trajectories, and how far means are from the master equation in standard errors."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.jumps import JumpTrajectories
from loschmidt.ledger.build import build_ledger
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    local_generator,
)

X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]])
Z = np.diag([1.0, -1.0]).astype(complex)
LOWER = np.array([[0, 1], [0, 0]], dtype=complex)
#: Coherent in the energy basis of every process below.
STATE = np.array([[0.6, 0.3j], [-0.3j, 0.4]])


def spectrum() -> OhmicSpectrum:
    return OhmicSpectrum(0.1, 5.0)


def qubit(betas=(0.5, 2.0)):
    """A qubit between two Davies baths, with dephasing."""
    couplings = (X, X + 0.3 * Z)
    names = ("hot", "cold")
    return davies_generator(
        np.diag([0.0, 1.0]), [Bath(n, b, spectrum(), c) for n, b, c in zip(names, betas, couplings, strict=True)]
    )


def ladder():
    """Three equidistant levels: coherences of equal gaps feed each other."""
    coupling = np.array([[0, 1, 0], [1, 0, np.sqrt(2)], [0, np.sqrt(2), 0]])
    return davies_generator(np.diag([0.0, 1.0, 2.0]), [Bath("cold", 1.0, spectrum(), coupling)])


def stroke(length=10.0):
    """A qubit swept through an avoided crossing with two baths that follow: H does not commute with itself."""
    drive = driven_hamiltonian(0.5 * X, [(Z, lambda t: 0.15 * (t - length / 2))])
    return driven_generator(
        drive, [Bath("hot", 0.4, spectrum(), X + 0.1 * Z), Bath("cold", 1.0, spectrum(), Z + 0.3 * X)]
    )


def fluorescence(energy=None):
    """A driven qubit in a rotating frame; its effective Hamiltonian is not normal."""
    bath = jump_dissipator("bath", [LOWER, LOWER.T], [0.3, 0.1], beta=np.log(3.0), frequencies=[1.0, -1.0])
    return gkls_generator(0.5 * X + np.diag([0, 0.3]), [bath], energy=energy)


def driven_fluorescence():
    """Fixed jump operators under a drive that moves the energy."""
    drive = driven_hamiltonian(0.5 * X, [(Z, lambda t: 0.4 * np.sin(1.1 * t))])
    bath = jump_dissipator("bath", [LOWER, LOWER.T], [0.3, 0.1], beta=np.log(3.0), frequencies=[1.0, -1.0])
    return driven_generator(drive, dissipators=[bath])


def two_qubits(energy):
    """A local master equation, with heat referred to the free or to the full Hamiltonian."""
    free = np.kron(np.diag([0, 1.0]), np.eye(2)) + np.kron(np.eye(2), np.diag([0, 1.3]))
    full = free + 0.3 * (np.kron(X, X) + np.kron(Y, Y))
    baths = [
        Bath("hot", 0.4, spectrum(), np.kron(X, np.eye(2))),
        Bath("cold", 1.5, spectrum(), np.kron(np.eye(2), X)),
    ]
    return local_generator(full, baths, free_hamiltonian=free, energy=free if energy == "free" else full)


def deviations(ensemble: JumpTrajectories) -> dict[str, float]:
    """Return how far each mean is from the master equation's number, in standard errors."""
    exact = ensemble.evolution
    found = {
        f"heat from {name} at {t:g}": (ensemble.heat[k, b] - exact.heat[k, b]) / ensemble.heat_error[k, b]
        for k, t in enumerate(ensemble.times)
        for b, name in enumerate(ensemble.bath_names)
        if k > 0
    }
    if ensemble.work is not None:
        found["work"] = (ensemble.work[-1] - exact.work[-1]) / ensemble.work_error[-1]
    if ensemble.switching_work is not None:
        apart = ensemble.switching_work[-1] - exact.switching_work[-1]
        found["switching work"] = apart / ensemble.switching_work_error[-1]
    change = np.trace(energy_at_end(ensemble) @ exact.states[-1]).real
    change -= np.trace(energy_at_start(ensemble) @ exact.states[0]).real
    found["energy change"] = (ensemble.energy_change - change) / ensemble.energy_change_error
    found["backaction"] = ensemble.backaction / ensemble.backaction_error
    for k, distance in enumerate(np.linalg.norm(ensemble.states - exact.states, axis=(1, 2))):
        found[f"state {k}"] = distance / ensemble.states_error[k]
    return found


def entropy_deviations(ensemble: JumpTrajectories, flow: bool = True) -> dict[str, float]:
    """Return the same for the entropy production and its parts, against the ledger, and for the integral theorem."""
    ledger, entropy = build_ledger(ensemble.evolution), ensemble.entropy
    spent = float(ledger["coherence"].values[0] - ledger["coherence"].values[-1])
    whole = float(ledger["entropy_production"].values[-1])
    expected = 1 - entropy.absolute_irreversibility
    return {
        "entropy production": (entropy.production - whole) / entropy.production_error,
        "population part": (entropy.population - (whole - spent)) / entropy.population_error,
        "coherence part": (entropy.coherence - spent) / entropy.coherence_error,
        "integral theorem": (entropy.exponential.mean - expected) / entropy.exponential.error,
    }


def energy_at_start(ensemble):
    process = ensemble.process
    return process.energy_at(ensemble.times[0]) if hasattr(process, "energy_at") else process.energy


def energy_at_end(ensemble):
    process = ensemble.process
    return process.energy_at(ensemble.times[-1]) if hasattr(process, "energy_at") else process.energy
