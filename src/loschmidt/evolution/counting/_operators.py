"""Counting on density operators: for every equation whose populations do not move on their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from loschmidt._kernels.stationary import jump_pairs
from loschmidt.evolution._steady_solve import find_stationary
from loschmidt.evolution._steady_terms import GeneratorTerms, SparseJumps, generator_terms, sparse_jumps
from loschmidt.evolution.counting._branch import follow_branch
from loschmidt.evolution.counting._chain import ChainInverse
from loschmidt.evolution.counting._dense_tilt import largest_eigenvalue
from loschmidt.evolution.counting._sector import SectorInverse, counted_sector
from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.evolution.counting.spaces import EPS, Estimated, JumpEntries, JumpMap, Number, absolute
from loschmidt.evolution.memory import require_memory
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.typing import IntegerArray, RealVector

__all__ = ["OperatorSpace", "operator_space"]

_DENSE_TILT = 128  # real coordinates up to which a tilted generator is diagonalised
_BYTES_PER_PAIR = 120.0


@dataclass(frozen=True, eq=False)
class OperatorSpace:
    """Row-stacked operators (d²,), every one with a norm as error; see :class:`CountingSpace`."""

    groups: JumpGroups
    entries: JumpEntries
    stationary: Estimated
    terms: GeneratorTerms
    inverse: SectorInverse | ChainInverse

    @property
    def method(self) -> str:
        """Short name of the algorithm."""
        return self.inverse.method

    def jumps(self, weights: RealVector) -> JumpMap:
        """Return Σ w_g J_g for weights (G,)."""
        matrix = self.entries.matrix(weights)
        size = absolute(matrix)
        # The spectral norm is at most the mean of the largest row and column sums.
        return JumpMap(matrix, float(np.sqrt(size.sum(axis=0).max() * size.sum(axis=1).max())))

    def image(self, jumps: JumpMap, vector: Estimated) -> Estimated:
        """Return the image of a vector under what :meth:`jumps` returned."""
        error = float(np.asarray(vector.error)) + 4 * EPS * float(np.linalg.norm(vector.value))
        return Estimated(np.asarray(jumps.matrix @ vector.value), float(np.asarray(jumps.bound)) * error)

    def trace(self, vector: Estimated) -> Number:
        """Return the trace of an operator."""
        d = self.terms.dimension
        diagonal = np.asarray(vector.value).reshape(d, d).diagonal()
        error = float(np.sqrt(d)) * float(np.asarray(vector.error)) + EPS * float(np.abs(diagonal).sum())
        return Number(float(diagonal.real.sum()), error)

    def solve(self, vector: Estimated) -> Estimated:
        """Return the traceless x with L x = vector."""
        d = self.terms.dimension
        target = np.asarray(vector.value).reshape(d, d)
        found, amplification, misfit = self.inverse.solve(target, np.asarray(self.stationary.value).reshape(d, d))
        error = amplification * (float(np.asarray(vector.error)) + misfit) + 4 * EPS * float(np.linalg.norm(found))
        return Estimated(found.reshape(-1), error)

    def tilted(self, points: RealVector, weights: RealVector) -> list[Number]:
        """Return the largest eigenvalue of the tilted generator for each s."""
        inverse = self.inverse
        if isinstance(inverse, SectorInverse) and len(inverse.members) <= _DENSE_TILT:
            factors = [np.exp(s * weights) for s in points]
            return [largest_eigenvalue(inverse.matrix(self.entries.weighted_pairs(one))) for one in factors]
        start = np.asarray(self.stationary.value).reshape((self.terms.dimension,) * 2)
        return follow_branch(self.terms, inverse, start, lambda s: self.entries.sparse(np.expm1(s * weights)), points)


def operator_space(groups: JumpGroups) -> OperatorSpace:
    """Return the space of the jumps of any equation that is a mixture of them.

    Raises
    ------
    NotUniqueError
        If it has several stationary states.
    ResourceError, ConvergenceError
        If it is too large, or its stationary state is not found.
    """
    terms = generator_terms(groups.process)
    found = find_stationary(groups.process, terms, None)
    entries = _entries(groups, terms)
    members = counted_sector(terms, entries)
    inverse: SectorInverse | ChainInverse | None = None
    if members is not None:
        inverse = SectorInverse.build(terms, members)
    if inverse is None:
        inverse = ChainInverse.build(terms)
    return OperatorSpace(groups, entries, Estimated(found.state.reshape(-1), found.error), terms, inverse)


def _entries(groups: JumpGroups, terms: GeneratorTerms) -> JumpEntries:
    parts = [
        part
        for number, one in enumerate(groups.process.dissipators)
        for part in _jumps_of_bath(one, terms, groups, number)
    ]
    needed = _BYTES_PER_PAIR * sum(jumps.pair_count for jumps, _ in parts)
    require_memory(
        needed,
        "The jumps that are counted",
        "Write the process in a basis in which its jump operators are sparse, or count the jumps of trajectories.",
    )
    d = terms.dimension
    pairs = [
        jump_pairs(jumps.starts, jumps.rates, label, jumps.rows, jumps.columns, jumps.values, d)
        for jumps, label in parts
    ]
    out, into, values, label = (np.concatenate([pair[k] for pair in pairs]) for k in range(4))
    return JumpEntries(d * d, out, into, values, label)


def _jumps_of_bath(
    dissipator: Dissipator, terms: GeneratorTerms, groups: JumpGroups, number: int
) -> Iterator[tuple[SparseJumps, IntegerArray]]:
    """Yield the jumps of a bath in the basis of the terms, and the group of each."""
    table = groups.tables[number]
    if table is not None:
        assert isinstance(dissipator, DaviesDissipator)
        numbers = np.unique(dissipator.particles)
        for row, particles in enumerate(numbers):
            part = dissipator if len(numbers) == 1 else _with_particles(dissipator, int(particles))
            jumps, _ = sparse_jumps(part, dissipator.levels, terms.zero_frequency)
            first = jumps.starts[:-1]
            yield jumps, table[row, dissipator.bohr.labels[jumps.rows[first], jumps.columns[first]]]
        return
    form = dissipator.as_jumps if isinstance(dissipator, DaviesDissipator) else dissipator
    assert isinstance(form, JumpDissipator)
    start = int((groups.baths < number).sum())
    for k in range(len(form.rates)):
        one = replace(form, jumps=form.jumps[k : k + 1], rates=form.rates[k : k + 1])
        jumps, _ = sparse_jumps(one, terms.levels, terms.zero_frequency)
        yield jumps, np.full(len(jumps.rates), start + k)


def _with_particles(dissipator: DaviesDissipator, number: int) -> DaviesDissipator:
    """Return the part of a bath whose jumps bring a number of particles; rates never mix two numbers."""
    mine = dissipator.particles == number
    return replace(
        dissipator,
        couplings=np.ascontiguousarray(dissipator.couplings[mine]),
        class_rates=np.ascontiguousarray(dissipator.class_rates[:, mine][:, :, mine]),
        particles=dissipator.particles[mine],
    )
