"""The hops of one species among its Fock states as sparse rows, with Jordan–Wigner signs, and bounds of spectra."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.lattice_tables import configuration_masks
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["Hops", "hops_of", "interaction_bounds", "occupation_numbers", "one_species_bounds", "spread_over_rows"]

_MARGIN = 1e-12  # of the largest energy: the rounding of a bound


@dataclass(frozen=True, eq=False)
class Hops:
    """A sparse matrix: row x holds `values` in the columns `others`, from ``first[x]`` to ``first[x + 1]``."""

    first: IntegerArray
    others: IntegerArray
    values: ComplexVector


def occupation_numbers(sites: int, particles: int) -> RealMatrix:
    """Return the occupations (d, L) of the Fock states, 0 or 1."""
    return ((configuration_masks(sites, particles)[:, None] >> np.arange(sites)) & 1).astype(np.float64)


def hops_of(hopping: ComplexMatrix, particles: int, *, hardcore: bool) -> Hops:
    """Return Σ_{i≠j} hopping[i, j] c†_i c_j among the Fock states of N particles.

    A fermion that hops over others takes the sign of their number; hard-core bosons do not.
    """
    sites = len(hopping)
    masks = configuration_masks(sites, particles)
    rows, others, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.complex128)]
    for i, j in zip(*np.nonzero(hopping), strict=True):
        if i == j:
            continue
        chosen = np.flatnonzero(((masks >> j) & 1 == 1) & ((masks >> i) & 1 == 0))
        low, high = sorted((int(i), int(j)))
        between = masks[chosen] & ((np.int64(1) << high) - (np.int64(2) << low))
        sign = np.where((np.bitwise_count(between) & 1) * (not hardcore), -1.0, 1.0)
        rows.append(np.searchsorted(masks, masks[chosen] ^ ((np.int64(1) << i) | (np.int64(1) << j))))
        others.append(chosen)
        values.append(hopping[i, j] * sign)
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    first = np.searchsorted(row[order], np.arange(len(masks) + 1))
    return Hops(first, np.concatenate(others)[order].astype(np.int32), np.concatenate(values)[order])


def spread_over_rows(hops: list[Hops], shape: tuple[int, ...]) -> Hops:
    """Return the sum of several species' hops among their product states, flattened in C order."""
    size = int(np.prod(shape, dtype=np.int64))
    index = np.arange(size)
    counts = np.zeros(size, dtype=np.int64)
    digits = []
    for number, one in enumerate(hops):
        stride = int(np.prod(shape[number + 1 :], dtype=np.int64))
        digit = index // stride % shape[number]
        digits.append((digit, stride))
        counts += np.diff(one.first)[digit]
    first = np.concatenate([[0], np.cumsum(counts)])
    others, values = np.empty(first[-1], np.int32), np.empty(first[-1], np.complex128)
    filled = first[:-1].copy()
    for one, (digit, stride) in zip(hops, digits, strict=True):
        lengths = np.diff(one.first)[digit]
        row = np.repeat(index, lengths)
        step = np.arange(len(row)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        source, target = one.first[digit][row] + step, filled[row] + step
        others[target] = row + (one.others[source] - digit[row]) * stride
        values[target] = one.values[source]
        filled += lengths
    return Hops(first, others, values)


def one_species_bounds(
    hopping: ComplexMatrix, potentials: RealVector, particles: int, *, hardcore: bool
) -> tuple[float, float]:
    """Return bounds of the energies of one species alone.

    Fermions fill one-particle levels: the sum of the N lowest and of the N highest are the bounds, and are reached.
    Hard-core bosons on a general graph interact; their bounds are Gershgorin's.
    """
    if not hardcore:
        levels = np.linalg.eigvalsh(hopping + np.diag(potentials))
        return _widened(levels[:particles].sum(), levels[len(levels) - particles :].sum())
    diagonal = potentials + hopping.diagonal().real
    hops = hops_of(hopping, particles, hardcore=True)
    centres = occupation_numbers(len(potentials), particles) @ diagonal
    sums = np.concatenate([[0.0], np.cumsum(np.abs(hops.values))])
    reach = sums[hops.first[1:]] - sums[hops.first[:-1]]
    return _widened((centres - reach).min(), (centres + reach).max())


def interaction_bounds(interactions: RealTensor, particles: tuple[int, ...]) -> tuple[float, float]:
    """Return bounds of Σ_{s<s'} Σ_i U_i n_is n_is', from the number of sites that two species can share."""
    low, high = 0.0, 0.0
    for s, r in itertools.combinations(range(len(particles)), 2):
        strengths = np.sort(interactions[s, r])
        partial = np.concatenate([[0.0], np.cumsum(strengths)])
        from_top = np.concatenate([[0.0], np.cumsum(strengths[::-1])])
        fewest, most = particles[s] + particles[r] - len(strengths), min(particles[s], particles[r])
        shared = slice(fewest if fewest > 0 else 0, most + 1)
        low, high = low + partial[shared].min(), high + from_top[shared].max()
    return _widened(low, high)


def _widened(low: float, high: float) -> tuple[float, float]:
    margin = _MARGIN * max(abs(low), abs(high))
    return float(low - margin), float(high + margin)
