"""Where the amplitudes of N fermions on L sites lie: masks, pairs of neighbouring sites, halves of the lattice.

Bit i of a mask is site i, masks ascend. The amplitudes in which site p is occupied and p + 1 empty are then contiguous
runs, each directly followed by the run of their partners with p and p + 1 exchanged: no index is kept per amplitude.
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
    bonds : (L(L-1)/2,)
        The bond p of each rotation, in the order in which they eliminate the elements of a unitary.
    runs : (R, 2)
        First amplitude with site p occupied and p + 1 empty, and their number; the partners follow. Ordered by p.
    first : (L,)
        The runs of bond p are ``first[p]`` to ``first[p + 1]``.
    halves : (d, 2)
        Entry of each configuration in the tables of the lower and the upper half of the lattice.
    parents : (M, 2)
        Entry of the same half without its last occupied site, and that site; -1, -1 for the two empty halves.
    """

    bonds: IntegerArray
    runs: IntegerArray
    first: IntegerArray
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
    runs, first = [np.empty((0, 2), dtype=np.int64)], [0]
    for p in range(sites - 1):
        chosen = np.flatnonzero((masks >> p) & 3 == 1)
        above = masks[chosen] >> p
        starts = np.flatnonzero(np.diff(above, prepend=-1))
        runs.append(np.stack([chosen[starts], np.diff(starts, append=len(chosen))], axis=1))
        first.append(first[-1] + len(starts))
    halves, parents = half_tables(sites, particles)
    bonds = np.array([p for k in range(sites - 1) for p in range(sites - 2, k - 1, -1)], dtype=np.int64)
    return LiftTables(bonds, np.concatenate(runs), np.array(first, dtype=np.int64), halves, parents)


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
