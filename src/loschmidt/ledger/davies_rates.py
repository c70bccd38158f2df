"""Entropy accounts of Davies baths straight from populations and coherences, small numbers kept to relative accuracy.

Populations and coherences do not mix (no level is degenerate), so every bath's production splits into the edge form of
:cite:t:`schnakenberg1976`, which is a sum of terms that are not negative, and a coherence part (:cite:t:`santos2019`),
Υ_b = -tr[D_b(ρ) (ln ρ - ln Δρ)], which is computed without ever subtracting two entropies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.secular_structure import davies_dissipators, jump_rates, particle_rates
from loschmidt.ledger._coherence_production import coherence_production
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, IntegerArray, RealArray, RealMatrix, RealVector

__all__ = ["DaviesRates", "applies", "davies_rates", "edge_production"]


@dataclass(frozen=True, eq=False)
class DaviesRates:
    """Entropy accounts at T times under B baths, in nats.

    Attributes
    ----------
    entropy, diagonal_entropy, coherence : (T,)
        S(ρ), S(Δρ) and their difference C(ρ), each to its own relative accuracy.
    entropy_rate, diagonal_entropy_rate : (T,)
        ``inf`` where an empty direction is being filled.
    heat_rate, particle_rate : (T, B)
        Into the system.
    population_production, coherence_production : (T, B)
        Π_d and Υ of each bath; ``inf`` where a jump has no reverse or starts to fill what was empty.
    """

    entropy: RealVector
    diagonal_entropy: RealVector
    coherence: RealVector
    entropy_rate: RealVector
    diagonal_entropy_rate: RealVector
    heat_rate: RealMatrix
    particle_rate: RealMatrix
    population_production: RealMatrix
    coherence_production: RealMatrix

    @property
    def entropy_production(self) -> RealMatrix:
        """Π = Π_d + Υ of each bath (T, B)."""
        return self.population_production + self.coherence_production


def applies(generator: Generator) -> bool:
    """Return whether all baths are of Davies form and populations move among themselves."""
    dissipators = davies_dissipators(generator)
    if dissipators is None:
        return False
    return all(
        (one.bohr.labels == len(one.bohr.frequencies) // 2).sum() == one.dimension for one in dissipators
    )


def davies_rates(
    components: ComplexMatrix,
    dissipators: Sequence[DaviesDissipator],
    *,
    energies: RealVector | None = None,
    empty: RealArray | float = 0.0,
) -> DaviesRates:
    """Return the entropy accounts of states under Davies baths.

    Parameters
    ----------
    components : (T, d, d)
        Density matrices in the energy eigenbasis.
    dissipators : sequence of DaviesDissipator
        Of a generator that :func:`applies` accepts.
    energies : (d,), optional
        What heat refers to; default: the levels the baths were built on.
    empty : (T,) or float
        Populations up to this count as zero; for states whose populations are only known to round-off.

    Returns
    -------
    DaviesRates

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> rates = davies_rates(np.full((1, 2, 2), 0.5) - 0.1j * np.array([[0, -1], [1, 0]]), process.dissipators)
    >>> bool(rates.coherence_production[0, 0] > 0)
    True
    """
    populations = np.ascontiguousarray(np.diagonal(components, axis1=-2, axis2=-1).real)
    filled = populations > np.asarray(empty)[..., None]
    logarithms = np.log(populations, where=filled, out=np.zeros_like(populations))
    tables = [jump_rates(one) for one in dissipators]
    changes = np.stack([_population_change(populations, table) for table in tables], axis=1)
    heat, particles = _flows(populations, dissipators, tables, energies)
    coherence, coherence_rate = coherence_production(components, populations, filled, logarithms, changes, dissipators)
    diagonal_entropy = -np.einsum("tn,tn->t", populations, logarithms)
    total_change = changes.sum(axis=1)
    diagonal_rate = -np.einsum("tn,tn->t", total_change, logarithms)
    if not filled.all():
        diagonal_rate = np.where((total_change > 0) & ~filled, np.inf, diagonal_rate[:, None]).max(axis=1)
    return DaviesRates(
        entropy=diagonal_entropy - coherence,
        diagonal_entropy=diagonal_entropy,
        coherence=coherence,
        entropy_rate=diagonal_rate + coherence_rate.sum(axis=1),
        diagonal_entropy_rate=diagonal_rate,
        heat_rate=heat,
        particle_rate=particles,
        population_production=np.stack(
            [_edges(populations, filled, table).sum(axis=1) for table in tables], axis=1
        ),
        coherence_production=coherence_rate,
    )


def edge_production(
    populations: RealMatrix, dissipator: DaviesDissipator
) -> tuple[IntegerArray, RealMatrix]:
    """Return the pairs of levels (P, 2) that one bath connects, lower level first, and Π_d of each pair (T, P).

    Parameters
    ----------
    populations : (T, d)
        In the energy eigenbasis.
    dissipator : DaviesDissipator
        Of a generator that :func:`applies` accepts.
    """
    table = jump_rates(dissipator)
    return np.stack(_pairs(table), axis=-1), _edges(populations, populations > 0, table)


def _pairs(table: RealMatrix) -> tuple[IntegerArray, IntegerArray]:
    lower, upper = np.nonzero(np.triu(table + table.T))
    return lower, upper


def _edges(populations: RealMatrix, filled: RealMatrix, table: RealMatrix) -> RealMatrix:
    """Return (x - y) ln(x/y) (T, P) with x, y the two one-way flows of each pair."""
    lower, upper = _pairs(table)
    held = populations if filled.all() else np.where(filled, populations, 0.0)
    down = held[:, upper] * table[lower, upper]
    up = held[:, lower] * table[upper, lower]
    if filled.all() and (table[lower, upper] > 0).all() and (table[upper, lower] > 0).all():
        # Rounding is monotone: x > y gives x / y ≥ 1, so no term is negative.
        return np.asarray((down - up) * np.log(down / up))
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (down - up) * np.log(down / up)
    # Neither flow: no production. One flow without the other: an infinite one.
    return np.where((down == 0) & (up == 0), 0.0, np.where((down == 0) | (up == 0), np.inf, terms))


def _population_change(populations: RealMatrix, table: RealMatrix) -> RealMatrix:
    return populations @ table.T - populations * table.sum(axis=0)


def _flows(
    populations: RealMatrix,
    dissipators: Sequence[DaviesDissipator],
    tables: Sequence[RealMatrix],
    energies: RealVector | None,
) -> tuple[RealMatrix, RealMatrix]:
    e = dissipators[0].levels.energies if energies is None else energies
    gained = e[:, None] - e[None, :]
    heat = np.stack([(table * gained).sum(axis=0) for table in tables], axis=1)
    particles = np.zeros_like(heat)
    for b, one in enumerate(dissipators):
        if one.chemical_potential is not None:
            particles[:, b] = particle_rates(one)
            heat[:, b] -= one.chemical_potential * particles[:, b]
    return populations @ heat, populations @ particles
