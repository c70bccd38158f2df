"""Entropy accounts of Davies baths straight from populations and coherences, small numbers kept to relative accuracy.

Populations and coherences do not mix (no level is degenerate), so every bath's production splits into the edge form of
:cite:t:`schnakenberg1976`, which is a sum of terms that are not negative, and a coherence part (:cite:t:`santos2019`),
Υ_b = -tr[D_b(ρ) (ln ρ - ln Δρ)], which is computed without ever subtracting two entropies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import cast

import numpy as np

from loschmidt.evolution.grids import is_compiled_run
from loschmidt.evolution.secular_structure import (
    davies_dissipators,
    decays_elementwise,
    elementwise_decay,
    jump_rates,
    particle_rates,
    remembered,
)
from loschmidt.ledger._coherence_production import coherence_production
from loschmidt.ledger._qubit_rates import QubitBaths, Qubits
from loschmidt.ledger._small_rates import small_accounts
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealArray, RealMatrix, RealTensor, RealVector

__all__ = ["DaviesRates", "applies", "davies_rates", "edge_production"]

_FEW_EDGES = 20_000
#: Π_d over the sum of its terms below which the terms are added edge by edge.
_LOSSLESS = 1e-3
_TOGETHER = f"{__name__}.together"


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
        return np.asarray(self.population_production + self.coherence_production)


def applies(generator: Generator) -> bool:
    """Return whether all baths are of Davies form and populations move among themselves."""
    dissipators = davies_dissipators(generator)
    if dissipators is None:
        return False
    return all((one.bohr.labels == len(one.bohr.frequencies) // 2).sum() == one.dimension for one in dissipators)


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
    baths = _together(dissipators) if energies is None else _Together.of(dissipators, energies)
    if baths.qubit is not None:
        qubits = Qubits.of(components)
        regular = qubits.regular(empty)
        if regular is None:
            return _qubit_rates(qubits, baths.qubit)
        found = _qubit_rates(qubits.at(regular), baths.qubit) if regular.any() else None
    else:
        if baths.compiled is None or not is_compiled_run(components.shape[-1], len(components)):
            return _level_rates(components, dissipators, baths, empty)
        accounts, regular = small_accounts(components, baths.compiled, empty)
        if np.count_nonzero(regular) == len(regular):
            return _small_rates(accounts)
        found = _small_rates(accounts[:, regular]) if regular.any() else None
    threshold = empty if np.ndim(empty) == 0 else np.asarray(empty)[~regular]
    return _merged(regular, found, _level_rates(components[~regular], dissipators, baths, threshold))


def _small_rates(accounts: RealMatrix) -> DaviesRates:
    entropy, diagonal_entropy, coherence, rate, diagonal_rate = accounts[:5]
    heat, particles, edges, production = accounts[5:].reshape(4, -1, accounts.shape[1]).swapaxes(1, 2)
    return DaviesRates(entropy, diagonal_entropy, coherence, rate, diagonal_rate, heat, particles, edges, production)


def _qubit_rates(qubits: Qubits, baths: QubitBaths) -> DaviesRates:
    alone, by_bath = qubits.accounts(baths)
    return DaviesRates(*alone, *(one.T for one in by_bath))


def _merged(regular: BooleanArray, found: DaviesRates | None, others: DaviesRates) -> DaviesRates:
    """Return rates at all times from those at the regular and the other ones."""
    arrays = {}
    for name in (one.name for one in fields(DaviesRates)):
        some = getattr(others, name)
        arrays[name] = np.empty((len(regular), *some.shape[1:]))
        arrays[name][~regular] = some
        if found is not None:
            arrays[name][regular] = getattr(found, name)
    return DaviesRates(**arrays)


def _level_rates(
    components: ComplexMatrix,
    dissipators: Sequence[DaviesDissipator],
    baths: _Together,
    empty: RealArray | float,
) -> DaviesRates:
    tables, d = baths.tables, components.shape[-1]
    populations = components.reshape(-1, d * d)[:, :: d + 1].real.copy()
    filled = populations > (empty if np.ndim(empty) == 0 else np.asarray(empty)[:, None])
    logarithms = np.log(populations, where=filled, out=np.zeros_like(populations))
    changes = np.empty((len(populations), len(tables), d))
    edges = np.empty((len(populations), len(tables)))
    full = bool(filled.all())
    held = populations if full else np.where(filled, populations, 0.0)
    for b, table in enumerate(tables):
        np.subtract(populations @ table.transposed, populations * table.out, out=changes[:, b])
        edges[:, b] = _population_production(held, logarithms, changes[:, b], table, full)
    heat, particles = baths.flows.transpose(1, 2, 0)
    coherence, coherence_rate = coherence_production(components, populations, filled, logarithms, changes, dissipators)
    diagonal_entropy = -np.einsum("tn,tn->t", populations, logarithms)
    total_change = changes.sum(axis=1)
    diagonal_rate = -np.einsum("tn,tn->t", total_change, logarithms)
    if not full:
        diagonal_rate = np.where(((total_change > 0) & ~filled).any(axis=1), np.inf, diagonal_rate)
    return DaviesRates(
        entropy=diagonal_entropy - coherence,
        diagonal_entropy=diagonal_entropy,
        coherence=coherence,
        entropy_rate=diagonal_rate + coherence_rate.sum(axis=1),
        diagonal_entropy_rate=diagonal_rate,
        heat_rate=populations @ heat,
        particle_rate=populations @ particles,
        population_production=edges,
        coherence_production=coherence_rate,
    )


def edge_production(populations: RealMatrix, dissipator: DaviesDissipator) -> tuple[IntegerArray, RealMatrix]:
    """Return the pairs of levels (P, 2) that one bath connects, lower level first, and Π_d of each pair (T, P).

    Parameters
    ----------
    populations : (T, d)
        In the energy eigenbasis.
    dissipator : DaviesDissipator
        Of a generator that :func:`applies` accepts.
    """
    table = _table(dissipator)
    return np.stack([table.lower, table.upper], axis=-1), _edges(populations, table, bool((populations > 0).all()))


@dataclass(frozen=True, eq=False)
class _Table:
    """Rates of one bath: out of each level (d,), into the levels as a transposed matrix (d, d), and per pair (P,).

    `flows` (2, d) are heat and particles per time and population, `affinity` (d,) is Σ_n W[n, m] ln(W[n, m] / W[m, n]).
    `pair` holds the rates down and up and twice the decay of the coherence, None where this is no qubit with all three;
    `decay` (d, d) is that of all coherences, None where they feed each other.
    """

    transposed: RealMatrix
    out: RealVector
    lower: IntegerArray
    upper: IntegerArray
    down: RealVector
    up: RealVector
    flows: RealMatrix
    affinity: RealVector
    two_way: bool
    pair: tuple[float, float, float] | None
    decay: RealMatrix | None


@dataclass(frozen=True, eq=False)
class _Together:
    """Tables of several baths side by side, and their flows (B, 2, d).

    `qubit` is None where this is no qubit with jumps both ways, `compiled` where coherences feed each other: rates
    (B, d, d), decay rates of coherences (B, d, d), and the flows. `others` are the baths after the first.
    """

    others: tuple[DaviesDissipator, ...]
    tables: tuple[_Table, ...]
    flows: RealTensor
    qubit: QubitBaths | None
    compiled: tuple[RealTensor, RealTensor, RealTensor] | None

    @classmethod
    def of(cls, dissipators: Sequence[DaviesDissipator], energies: RealVector | None) -> _Together:
        tables = tuple(_table(one) for one in dissipators)
        flows = np.array([
            table.flows if energies is None else _flows(one, table.transposed.T, energies)
            for one, table in zip(dissipators, tables, strict=True)
        ])  # fmt: skip
        pairs = [table.pair for table in tables if table.pair is not None]
        decay = [table.decay for table in tables if table.decay is not None]
        return cls(
            others=tuple(dissipators[1:]),
            tables=tables,
            flows=flows,
            qubit=QubitBaths.of(pairs, flows) if len(pairs) == len(tables) else None,
            compiled=(np.array([table.transposed.T for table in tables]), np.array(decay), flows)
            if len(decay) == len(tables)
            else None,
        )


def _together(dissipators: Sequence[DaviesDissipator]) -> _Together:
    """Return the tables of baths, kept in the first one for as long as it comes with the same others."""
    known = dissipators[0].__dict__
    found = known.get(_TOGETHER)
    if found is None or found.others != tuple(dissipators[1:]):
        found = known[_TOGETHER] = _Together.of(dissipators, None)
    return cast(_Together, found)


@remembered
def _table(dissipator: DaviesDissipator) -> _Table:
    rates, energies = jump_rates(dissipator), dissipator.levels.energies
    lower, upper = np.nonzero(np.triu(rates + rates.T))
    down, up = rates[lower, upper], rates[upper, lower]
    two_way = bool((down > 0).all() and (up > 0).all())
    affinity = np.zeros(len(energies))
    if two_way:
        np.add.at(affinity, upper, down * np.log(down / up))
        np.add.at(affinity, lower, up * np.log(up / down))
    decay = elementwise_decay(dissipator) if decays_elementwise(dissipator) else None
    pair = None
    if len(rates) == 2 and two_way and len(down) and decay is not None:
        pair = float(down[0]), float(up[0]), 2 * float(decay[0, 1])
    flows = _flows(dissipator, rates, energies)
    out = rates.sum(axis=0)
    return _Table(np.ascontiguousarray(rates.T), out, lower, upper, down, up, flows, affinity, two_way, pair, decay)


def _population_production(
    populations: RealMatrix, logarithms: RealMatrix, change: RealMatrix, table: _Table, full: bool
) -> RealVector:
    """Return Π_d (T,), edge by edge where the sum over levels would lose digits."""
    if not (full and table.two_way) or len(table.down) * len(populations) <= _FEW_EDGES:
        return np.asarray(_edges(populations, table, full).sum(axis=1))
    entropic = np.einsum("tn,tn->t", change, logarithms)
    result = populations @ table.affinity - entropic
    gross = np.einsum("tn,tn->t", populations * table.out, np.abs(logarithms)) + populations @ np.abs(table.affinity)
    lossy = result < _LOSSLESS * gross
    if lossy.any():
        result[lossy] = _edges(populations[lossy], table, full).sum(axis=1)
    return np.asarray(result)


def _edges(populations: RealMatrix, table: _Table, full: bool) -> RealMatrix:
    """Return (x - y) ln(x / y) (T, P) with x, y the two one-way flows of each pair."""
    down = populations[:, table.upper] * table.down
    up = populations[:, table.lower] * table.up
    if full and table.two_way:
        # Rounding is monotone: x > y gives x / y ≥ 1, so no term is negative.
        ratio = down / up
        np.log(ratio, out=ratio)
        down -= up
        down *= ratio
        return np.asarray(down)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = (down - up) * np.log(down / up)
    # Neither flow: no production. One flow without the other: an infinite one.
    return np.where((down == 0) & (up == 0), 0.0, np.where((down == 0) | (up == 0), np.inf, terms))


def _flows(dissipator: DaviesDissipator, rates: RealMatrix, energies: RealVector) -> RealMatrix:
    """Return heat and particles per time and population (2, d)."""
    result = np.zeros((2, len(energies)))
    result[0] = (rates * (energies[:, None] - energies[None, :])).sum(axis=0)
    if dissipator.chemical_potential is not None:
        result[1] = particle_rates(dissipator)
        result[0] -= dissipator.chemical_potential * result[1]
    return result
