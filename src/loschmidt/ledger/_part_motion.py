"""Several parts at n times: reduced states, how they change, what that does to their energies, and how fast."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.ledger._part_rates import PartRates, part_rates
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.generators import Generator
from loschmidt.processes.multipartite import MultipartiteSystem
from loschmidt.states.observables import centred, expectation
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["PartMotion", "fastest", "part_motion", "part_spread", "width"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class PartMotion:
    """What every part does at n times.

    Attributes
    ----------
    states : tuple of (n, d_X, d_X)
        Reduced states.
    energy, heat_rate, power : (n, N)
        tr(H_X ρ_X), tr(H_X dρ_X/dt) and tr(ρ_X dH_X/dt).
    entropy_rates : tuple of PartRates
        Of each part.
    """

    states: tuple[ComplexMatrix, ...]
    energy: RealMatrix
    heat_rate: RealMatrix
    power: RealMatrix
    entropy_rates: tuple[PartRates, ...]

    @property
    def entropy_rate(self) -> RealMatrix:
        """-tr(dρ_X/dt ln ρ_X), (n, N)."""
        return np.stack([one.rate for one in self.entropy_rates], axis=-1)


def part_motion(
    evolution: MultipartiteEvolution, times: RealVector, states: ComplexMatrix, error: float | RealVector, speed: float
) -> PartMotion:
    """Return the motion of the parts in joint states (n, d, d) at `times` (n,) whose Frobenius error is `error`."""
    system = evolution.process
    changes = _changes(system, times, states)
    elapsed = None if system.is_closed else times - float(evolution.times[0])
    parts, rates = [], []
    energy, heat, power = np.zeros((3, len(times), len(system.dims)))
    for k, size in enumerate(system.dims):
        rho, moved = (reduced_matrices(one, system.dims, [k]) for one in (states, changes))
        local = system.local_at(k, times)
        energy[:, k] = expectation(local, rho)
        heat[:, k] = expectation(centred(local), moved)
        if system.moves_locally:
            power[:, k] = expectation(system.local_rate_at(k, times), rho)
        spread = part_spread(error, system.dimension, size) + np.zeros(len(times))
        rates.append(part_rates(rho, moved, spread, speed, elapsed))
        parts.append(rho)
    return PartMotion(tuple(parts), energy, heat, power, tuple(rates))


def part_spread(error: float | RealVector, dimension: int, size: int) -> RealVector:
    """Return the Frobenius error of a reduced state from that of the joint one, round-off included."""
    return np.asarray(math.sqrt(dimension / size) * (np.asarray(error) + 4 * dimension * _EPSILON))


def width(operators: ComplexMatrix) -> RealVector:
    """Return the Frobenius norm (...) of operators less their mean."""
    return np.asarray(np.linalg.norm(centred(operators), axis=(-2, -1)))


def fastest(evolution: MultipartiteEvolution) -> float:
    """Return a bound on how fast anything in the joint state changes, by the Hamiltonian, its drive and the baths."""
    system, times = evolution.process, evolution.times
    at = times[:1] if not system.is_driven else times
    total = system.free_at(at) + system.interaction_at(at)
    spectrum = np.linalg.eigvalsh(total)
    speed = float((spectrum[:, -1] - spectrum[:, 0]).max())
    if not isinstance(system.dynamics, Generator):
        driven = np.linalg.norm(system.dynamics.hamiltonian.rate_at(times), axis=(-2, -1))
        # The second derivative of a state holds dH/dt; its root has the unit of a rate.
        speed += math.sqrt(2 * float(driven.max()))
    generator = system.dynamics if isinstance(system.dynamics, Generator) else system.dynamics.at(float(times[0]))
    shift = np.linalg.eigvalsh(generator.lamb_shift)
    baths = sum(largest_rate(one) for one in generator.dissipators)
    return speed + float(shift[-1] - shift[0]) + 2 * system.dimension * baths


def _changes(system: MultipartiteSystem, times: RealVector, states: ComplexMatrix) -> ComplexMatrix:
    if isinstance(system.dynamics, Generator):
        return system.dynamics.apply(states)
    if system.is_closed:
        h = system.dynamics.hamiltonian.at(times)
        return np.asarray(-1j * (h @ states - states @ h))
    return np.stack([system.dynamics.at(float(t)).apply(rho) for t, rho in zip(times, states, strict=True)])
