"""What is done to one slab of a lattice state, a block with whole columns along one axis, and what is seen there.

A step of one species mixes amplitudes along its axis only, so that a slab along that axis is moved by itself. Sums of
what is seen over slabs are sums over the state. Nothing here knows where the slabs come from.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from loschmidt._kernels.givens_lift import apply_to_axis
from loschmidt._kernels.lattice_bonds import bond_correlations
from loschmidt._kernels.lattice_passes import overlap, probability_pass, shannon_entropy
from loschmidt._kernels.lattice_preparation import Rotations, prepare_rotations
from loschmidt.evolution.lattice.kicks import apply_phases
from loschmidt.evolution.lattice.observer import bond_moves, bond_numbers, fock_numbers
from loschmidt.information.fock import FockEntropies
from loschmidt.processes.lattice.phases import PhaseOperator
from loschmidt.processes.lattice.protocol import ExactStep
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock_amplitudes import LatticeState
from loschmidt.studies.lattice_plan import Look, Pass, Turn
from loschmidt.typing import ComplexTensor, ComplexVector, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["Seen", "SlabJob", "slab_norm", "together", "with_energies", "work_on_slab"]

_LANES = 16  # columns that the kernels take at once
_PIECE = 1 << 13  # amplitudes whose probabilities are held at a time
_BONDS = "correlations along axis "


@dataclass(frozen=True, eq=False)
class _Counts:
    """Sums over the probabilities of a slab, and its part of the echo."""

    marginals: tuple[RealVector, ...]
    joint_entropy: float
    doublons: RealMatrix
    squares: float
    echo: ComplexTensor


@dataclass(frozen=True, eq=False)
class Seen:
    """What one look at one slab gives."""

    record: int
    counts: _Counts | None
    bonds: ComplexVector | None


@dataclass(frozen=True, eq=False)
class SlabJob:
    """A pass, and what it takes to do it to any slab.

    Attributes
    ----------
    system : LatticeSystem
        Of the protocol.
    work : Pass
        What to do.
    initial : LatticeState
        What the echo is compared with.
    reference : array or None
        State of the species that are meant to return, one axis for each; None if all are.
    echo_axes : tuple of int
        Axes of these species.
    chunks : tuple of tuples
        Lengths of the slabs along each axis.
    dtype : dtype
        Of the amplitudes.
    """

    system: LatticeSystem
    work: Pass
    initial: LatticeState
    reference: ComplexTensor | None
    echo_axes: tuple[int, ...]
    chunks: tuple[tuple[int, ...], ...]
    dtype: np.dtype[Any]

    def places(self, number: Sequence[int]) -> tuple[slice, ...]:
        """Return the ranges of Fock states of the slab with this number along each axis."""
        found = []
        for lengths, at in zip(self.chunks, number, strict=True):
            start = sum(lengths[:at])
            found.append(slice(start, start + lengths[at]))
        return tuple(found)

    def beginning(self, number: Sequence[int]) -> ComplexTensor:
        """Return a slab of the initial state, a copy."""
        part = self.initial.part(self.places(number))
        return np.array(part.rows(0, part.shape[0]), dtype=self.dtype, order="C")

    @cached_property
    def tables(self) -> list[RealMatrix]:
        """Occupation numbers (d_s, L) of each species."""
        return [basis.occupations.astype(np.float64) for basis in self.system.bases]


# ── one slab ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def work_on_slab(state: ComplexTensor, job: SlabJob, places: tuple[slice, ...]) -> tuple[Seen, ...]:
    """Do a pass to one slab, in place and in the calling thread, and return what was seen.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> from loschmidt.studies.lattice_plan import passes_of
    >>> system = lattice_system(Lattice.chain(2), (1, 1))
    >>> first, start = passes_of(two_step_echo(system))[0], domain_wall(system)
    >>> job = SlabJob(system, first, start, None, (0, 1), ((2,), (1, 1)), np.dtype(complex))
    >>> looks = work_on_slab(job.beginning((0, 0)), job, job.places((0, 0)))
    >>> [look.counts.marginals[1].round(9).tolist() for look in looks]
    [[1.0], [1.0]]
    """
    prepared: dict[tuple[int, float, float], Rotations] = {}
    seen = []
    for action in job.work.actions:
        if isinstance(action, ExactStep):
            _move(state, action, places, prepared)
        elif isinstance(action, Turn):
            apply_phases(state, _within(action.phases, places), threads=1)
        else:
            seen.append(_seen(state, action, job, places))
    return tuple(seen)


def _move(
    state: ComplexTensor,
    step: ExactStep,
    places: tuple[slice, ...],
    prepared: dict[tuple[int, float, float], Rotations],
) -> None:
    system = step.system
    assert system is not None  # set when the passes are made
    key = id(system), step.weight, abs(step.time)
    if key not in prepared:
        prepared.clear()
        prepared[key] = _rotations(system, step, places)
    particles = system.particles[step.species]
    apply_to_axis(state, step.species, prepared[key], particles, inverse=step.time < 0, threads=1)


def _rotations(system: LatticeSystem, step: ExactStep, places: tuple[slice, ...]) -> Rotations:
    """Return the rotations of the columns of a slab, the same bits that preparing all columns together gives.

    One series serves all columns, and its length goes by the largest and the smallest potential of all. Two more
    columns that hold these stand in groups of their own, because a group of 16 shares the form of its rotations.
    """
    rows = system.potential_of_others(step.species, step.weight, places)
    if len(system.dims) > 1 and system.interacts(step.species) and step.weight != 0:
        low, high = _extremes(system, step.species, step.weight)
        filled = np.repeat(rows[-1:], -len(rows) % _LANES, axis=0)
        bounds = np.repeat([[low], [high]], rows.shape[1], axis=1)
        rows = np.concatenate([rows, filled, bounds])
    return prepare_rotations(system.hopping_matrix(step.species), rows, abs(step.time), threads=1)


@lru_cache(maxsize=32)
def _extremes(system: LatticeSystem, species: int, weight: float) -> tuple[float, float]:
    """Return the smallest and the largest potential of any column on any site, added up as for the columns."""
    sites = system.lattice.sites
    values = system.potentials[species][:, None]
    for other, count in enumerate(system.particles):
        if other != species:
            levels = np.array([level for level in (0, 1) if (count > 0 if level else count < sites)])
            felt = weight * system.interaction[species, other]
            values = (values[:, :, None] + felt[:, None, None] * levels).reshape(sites, -1)
    return float(values.min()), float(values.max())


def _within(phases: PhaseOperator, places: tuple[slice, ...]) -> PhaseOperator:
    terms = tuple(
        term[tuple(one if length > 1 else slice(None) for one, length in zip(places, term.shape, strict=True))]
        for term in phases.terms
    )
    return PhaseOperator(terms, phases.label)


def _seen(state: ComplexTensor, look: Look, job: SlabJob, places: tuple[slice, ...]) -> Seen:
    bonds = counts = None
    if look.bonds:
        bonds = bond_correlations(state, job.work.axis, *_moves(job.system, job.work.axis), threads=1)
    if look.probabilities:
        marginals, joint_entropy = probability_pass(state, threads=1)
        tables = [table[one] for table, one in zip(job.tables, places, strict=True)]
        doublons, squares = _joint_occupations(state, tables)
        counts = _Counts(marginals, joint_entropy, doublons, squares, _echo(state, job, places))
    return Seen(look.record, counts, bonds)


@lru_cache(maxsize=8)
def _moves(system: LatticeSystem, species: int) -> tuple[IntegerArray, RealVector, IntegerArray]:
    return bond_moves(system, species)


def _joint_occupations(state: ComplexTensor, tables: list[RealMatrix]) -> tuple[RealMatrix, float]:
    """Return Σ p n_is n_is' (P, L) of pairs of species and Σ p², for occupations (length, L) along each axis."""
    count, sites = len(tables), tables[0].shape[1]
    pairs = [(s, other) for s in range(count) for other in range(s + 1, count)]
    totals, squares = np.zeros((len(pairs), sites)), []
    for start, stop, first, last in _pieces(state.shape):
        piece = state[start:stop, ..., first:last] if count > 1 else state[start:stop]
        p = np.square(piece.real, dtype=np.float64)
        p += np.square(piece.imag, dtype=np.float64)
        squares.append(float(np.square(p).sum()))
        local = [tables[0][start:stop], *tables[1:-1], tables[-1][first:last]]
        for number, (s, other) in enumerate(pairs):
            rest = tuple(axis for axis in range(count) if axis not in {s, other})
            both = p.sum(axis=rest) if rest else p
            totals[number] += np.einsum("xi,xi->i", local[s], both @ local[other])
    return totals, math.fsum(squares)


def _pieces(shape: tuple[int, ...]) -> Iterator[tuple[int, int, int, int]]:
    """Yield ranges of the first and of the last axis, for products so small that BLAS stays in the calling thread."""
    between = math.prod(shape[1:-1])
    wide = 1 + _PIECE // between if len(shape) > 1 else 1
    wide = shape[-1] if shape[-1] < wide else wide
    high = 1 + _PIECE // (between * wide)
    for start in range(0, shape[0], high):
        for first in range(0, shape[-1] if len(shape) > 1 else 1, wide):
            yield start, start + high, first, first + wide


def _echo(state: ComplexTensor, job: SlabJob, places: tuple[slice, ...]) -> ComplexTensor:
    """Return ⟨φ0|γ⟩ of a slab, a number, or an array over the Fock states of the species that need not return."""
    if job.reference is None:
        return np.asarray(job.initial.part(places).overlap(state), dtype=np.complex128)
    kept = job.echo_axes
    own = job.reference[tuple(places[axis] for axis in kept)].conj()
    return np.asarray(np.tensordot(own, state, axes=(range(len(kept)), kept)), dtype=np.complex128)


def slab_norm(state: ComplexTensor) -> float:
    """Return ⟨γ|γ⟩ of a slab.

    Examples
    --------
    >>> slab_norm(np.full((2, 2), 0.5 + 0j))
    1.0
    """
    return overlap(state, state, threads=1).real


# ── all slabs ────────────────────────────────────────────────────────────────────────────────────────────────────────


def together(job: SlabJob, seen: Sequence[tuple[Seen, ...]]) -> dict[int, dict[str, Any]]:
    """Return the observables of each record that a pass looked at.

    Parameters
    ----------
    job : SlabJob
        The pass.
    seen : sequence
        What :func:`work_on_slab` gave for each slab, the last number running fastest.
    """
    places = [job.places(number) for number in np.ndindex(*map(len, job.chunks))]
    found: dict[int, dict[str, Any]] = {}
    for looks in zip(*seen, strict=True):
        numbers = found.setdefault(looks[0].record, {})
        counts = [(place, look.counts) for place, look in zip(places, looks, strict=True) if look.counts is not None]
        if counts:
            numbers |= _numbers(job, counts)
        if looks[0].bonds is not None:
            numbers[f"{_BONDS}{job.work.axis}"] = np.sum([look.bonds for look in looks], axis=0)
    return found


def with_energies(system: LatticeSystem, cut: int, numbers: dict[str, Any]) -> dict[str, RealTensor]:
    """Return observables with kinetic energies and currents in place of the correlations along each axis."""
    none = np.zeros(len(system.lattice.edges), dtype=np.complex128)  # of a species that does not move
    correlations = [numbers.get(f"{_BONDS}{axis}", none) for axis in range(len(system.dims))]
    others = {name: value for name, value in numbers.items() if not name.startswith(_BONDS)}
    return others | bond_numbers(system, cut, correlations, others)


def _numbers(job: SlabJob, counts: list[tuple[tuple[slice, ...], _Counts]]) -> dict[str, Any]:
    dims = job.system.dims
    marginals = tuple(
        _summed(np.zeros(d), [((place[s],), one.marginals[s]) for place, one in counts]) for s, d in enumerate(dims)
    )
    species = np.array([shannon_entropy(marginal) for marginal in marginals])
    entropies = FockEntropies(0.0 + math.fsum(one.joint_entropy for _, one in counts), species, marginals)
    doublons = np.sum([one.doublons for _, one in counts], axis=0)
    others = [] if job.reference is None else [s for s in range(len(dims)) if s not in job.echo_axes]
    echo = _summed(
        np.zeros([dims[s] for s in others], dtype=np.complex128),
        [(tuple(place[s] for s in others), one.echo) for place, one in counts],
    )
    numbers: dict[str, Any] = fock_numbers(job.system, entropies, doublons, math.fsum(one.squares for _, one in counts))
    return numbers | {"echo_fidelity": np.asarray(np.vdot(echo, echo).real)}


def _summed(total: Any, parts: Sequence[tuple[tuple[slice, ...], Any]]) -> Any:
    """Add parts to a total, compensated."""
    lost = np.zeros_like(total)
    for place, part in parts:
        before = total[place].copy()
        corrected = part - lost[place]
        total[place] = before + corrected
        lost[place] = (total[place] - before) - corrected
    return total
