"""Where the amplitudes of N fermions on L sites lie: masks, pairs of neighbouring sites, halves of the lattice.

Bit i of a mask is site i, masks ascend. The amplitudes in which site p is occupied and p + 1 empty are then contiguous
runs, each directly followed by the run of their partners with p and p + 1 exchanged, and likewise for three sites: no
index is kept per amplitude.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from loschmidt.typing import IntegerArray

__all__ = ["LiftTables", "configuration_masks", "half_tables", "lift_tables"]


@dataclass(frozen=True, eq=False)
class LiftTables:
    """What lifting rotations of neighbouring sites to N particles needs.

    Attributes
    ----------
    steps : (steps, 3)
        The rotations in the order in which they are applied: bond p, the rotation's number, and 1 if the next rotation,
        of bond p + 1, is done in the same step.
    pairs : (R, 2)
        First amplitude with site p occupied and p + 1 empty, and their number; the partners follow. Ordered by p.
    first_pair : (L,)
        The pairs of bond p are ``first_pair[p]`` to ``first_pair[p + 1]``.
    triples : (T, 5)
        First amplitudes in which of the sites p, p + 1, p + 2 the first, second, third is the only one that is occupied
        (kind 0) or, in turn from the last, the only one that is empty (kind 1); their number; the kind.
    first_triple : (L - 1,)
        The triples of bonds p and p + 1 are ``first_triple[p]`` to ``first_triple[p + 1]``.
    halves : (d, 2)
        Entry of each configuration in the tables of the lower and the upper half of the lattice.
    parents : (M, 2)
        Entry of the same half without its last occupied site, and that site; -1, -1 for the two empty halves.
    """

    steps: IntegerArray
    pairs: IntegerArray
    first_pair: IntegerArray
    triples: IntegerArray
    first_triple: IntegerArray
    halves: IntegerArray
    parents: IntegerArray


@lru_cache(maxsize=64)
def configuration_masks(sites: int, particles: int) -> IntegerArray:
    """Return the masks (d,) of N particles on L sites, ascending."""
    if particles < 0 or particles > sites:
        return np.empty(0, dtype=np.int64)
    found = [np.zeros(1, dtype=np.int64)] + [np.empty(0, dtype=np.int64)] * particles  # by number, on the sites so far
    for site in range(sites):
        with_site = [one | np.int64(1) << np.int64(site) for one in found[:-1]]
        found[1:] = [np.concatenate(pair) for pair in zip(found[1:], with_site, strict=True)]
    found[-1].setflags(write=False)
    return found[-1]


@lru_cache(maxsize=16)
def lift_tables(sites: int, particles: int) -> LiftTables:
    """Return the tables of :class:`LiftTables`."""
    masks = configuration_masks(sites, particles)
    pairs = [_runs(masks, p, 2, (1, 2)) for p in range(sites - 1)]
    triples = []
    for p in range(sites - 2):
        kinds = [_runs(masks, p, 3, patterns) for patterns in ((1, 2, 4), (3, 5, 6))]
        triples.append(np.concatenate([np.insert(runs, 4, kind, axis=1) for kind, runs in enumerate(kinds)]))
    halves, parents = half_tables(sites, particles)
    return LiftTables(
        _steps(sites),
        *_joined([runs[:, [0, 2]] for runs in pairs], 2),
        *_joined(triples, 5),
        halves,
        parents,
    )


def _steps(sites: int) -> IntegerArray:
    # Elimination goes through the columns, each from the last row up; what is applied are its rotations backwards.
    steps, number = [np.empty((0, 3), dtype=np.int64)], 0
    for k in range(sites - 2, -1, -1):
        bonds = np.arange(k, sites - 1, 2)
        steps.append(np.stack([bonds, bonds - k + number, bonds < sites - 2], axis=1))
        number += sites - 1 - k
    return np.concatenate(steps)


def _runs(masks: IntegerArray, p: int, width: int, patterns: tuple[int, ...]) -> IntegerArray:
    # First amplitudes of each run in which the sites from p on have the first, second, ... pattern; then its length.
    chosen = np.flatnonzero((masks >> p) & ((1 << width) - 1) == patterns[0])
    starts = np.flatnonzero(np.diff(masks[chosen] >> p, prepend=-1))
    base = masks[chosen[starts]]
    firsts = [np.searchsorted(masks, base + (np.int64(pattern - patterns[0]) << p)) for pattern in patterns]
    return np.stack([*firsts, np.diff(starts, append=len(chosen))], axis=1)


def _joined(tables: list[IntegerArray], width: int) -> tuple[IntegerArray, IntegerArray]:
    first = np.cumsum([0, *(len(table) for table in tables)])
    return np.concatenate([np.empty((0, width), dtype=np.int64), *tables]), first


@lru_cache(maxsize=64)
def half_tables(sites: int, particles: int) -> tuple[IntegerArray, IntegerArray]:
    """Return `halves` (d, 2) and `parents` (M, 2) of :class:`LiftTables`: products over occupied sites, half by half.

    The lower half are the first L // 2 sites. Entries with fewer occupied sites come first, so that a table can be
    filled in order.
    """
    masks = configuration_masks(sites, particles)
    lower = sites // 2
    parts = masks & ((np.int64(1) << np.int64(lower)) - 1), masks >> lower
    halves, parents, offset = [], [], 0
    for part, width, shift in zip(parts, (lower, sites - lower), (0, lower), strict=True):
        entries = np.concatenate([configuration_masks(width, n) for n in range(min(width, particles) + 1)])
        order = np.argsort(entries)
        halves.append(offset + order[np.searchsorted(entries, part, sorter=order)])
        site = np.array([int(mask).bit_length() - 1 for mask in entries], dtype=np.int64)
        rest = np.where(site >= 0, entries ^ (np.int64(1) << np.where(site >= 0, site, 0)), 0)
        parent = np.where(site >= 0, offset + order[np.searchsorted(entries, rest, sorter=order)], -1)
        parents.append(np.stack([parent, np.where(site >= 0, site + shift, -1)], axis=1))
        offset += len(entries)
    return np.stack(halves, axis=1), np.concatenate(parents)
