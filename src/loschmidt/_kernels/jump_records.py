"""What every quantum-jump kernel shares: measurements at both ends, images under jumps, and running statistics.

Amplitudes are (2, d): real parts, then imaginary ones. A call follows the trajectories ``first`` to ``first + n``; each
run of :data:`BLOCK` of them keeps statistics of its own, so that sums do not depend on how calls share the work.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from loschmidt._kernels.compile import jit
from loschmidt._kernels.counter_random import uniform
from loschmidt.typing import IntegerArray, RealTensor

__all__ = [
    "BLOCK",
    "Ends",
    "Jumps",
    "Record",
    "add_state",
    "begin",
    "choose",
    "click",
    "finish",
    "image",
    "normalise",
    "note",
    "pick",
    "weigh",
]

BLOCK = 256


class Ends(NamedTuple):
    """The measurements at both ends, each in an eigenbasis: of the state, and of its energy blocks.

    ``start`` (a,) is the cumulative weight of the initial eigenstates ``kets`` (a, 2, d), ``start_levels`` (a, d) the
    cumulative weight of energy states in each; ``bras`` (d, 2, d) are the final eigenstates, with ``final_levels``.
    """

    start: RealTensor
    kets: RealTensor
    start_levels: RealTensor
    bras: RealTensor
    final_levels: RealTensor


class Jumps(NamedTuple):
    """K jump operators as sparse matrices: slot k has the elements ``first[k]`` to ``first[k + 1]``, row by row.

    ``values`` (tables, nodes, elements, 2) and ``gains`` (tables, nodes, K), the heat that enters with a jump, may
    depend on time; one table with one node says that they do not. ``channels`` and ``rows`` (K,) say where a jump and
    its heat are counted. A gain that is NaN stands for the change of the mean energy plus ``offsets`` (K,).
    """

    first: IntegerArray
    places: IntegerArray
    columns: IntegerArray
    values: RealTensor
    gains: RealTensor
    offsets: RealTensor
    channels: IntegerArray
    rows: IntegerArray


class Record(NamedTuple):
    """Where results go: ``places`` (n, 4) are the outcomes of the four measurements.

    ``totals`` (n, R) and ``counts`` (n, C) are sums over each trajectory; ``mean`` and ``spread`` (blocks, T, R + C)
    their running means and sums of squared deviations at each output time; ``states`` (blocks, T, 2, d, d) are sums
    of projectors, or empty. ``offsets`` (n + 1,), ``times`` and ``slots`` hold the single jumps, or are empty.
    """

    places: IntegerArray
    totals: RealTensor
    counts: IntegerArray
    mean: RealTensor
    spread: RealTensor
    states: RealTensor
    offsets: IntegerArray
    times: RealTensor
    slots: IntegerArray


@jit(error_model="numpy")
def pick(cumulative, row, draw):  # type: ignore[no-untyped-def]
    """Return the index that a number between 0 and 1 falls on in a row of cumulative weights."""
    last = cumulative.shape[1] - 1
    sought = draw * cumulative[row, last]
    found = 0
    while found < last and cumulative[row, found] <= sought:
        found += 1
    return found


@jit(error_model="numpy")
def choose(weights, draw):  # type: ignore[no-untyped-def]
    """Return an index with probability proportional to its weight."""
    total = 0.0
    for k in range(len(weights)):
        total += weights[k]
    rest, found = draw * total, 0
    for k in range(len(weights)):
        if weights[k] > 0.0:
            found = k
            rest -= weights[k]
            if rest < 0.0:
                break
    return found


@jit(error_model="numpy")
def begin(ends, stream, record, at, psi):  # type: ignore[no-untyped-def]
    """Draw an initial eigenstate and an energy state in it, and write the former to `psi`."""
    sought, found = uniform(stream) * ends.start[-1], 0
    while found < len(ends.start) - 1 and ends.start[found] <= sought:
        found += 1
    record.places[at, 0] = found
    record.places[at, 1] = pick(ends.start_levels, found, uniform(stream))
    for part in range(2):
        for a in range(psi.shape[1]):
            psi[part, a] = ends.kets[found, part, a]


@jit(error_model="numpy")
def finish(ends, stream, record, at, psi, weights):  # type: ignore[no-untyped-def]
    """Measure a state, normalised or not, in the final eigenbasis, and an energy state in the outcome."""
    for b in range(len(weights)):
        real, imaginary = 0.0, 0.0
        for a in range(psi.shape[1]):
            real += ends.bras[b, 0, a] * psi[0, a] + ends.bras[b, 1, a] * psi[1, a]
            imaginary += ends.bras[b, 0, a] * psi[1, a] - ends.bras[b, 1, a] * psi[0, a]
        weights[b] = real * real + imaginary * imaginary
    found = choose(weights, uniform(stream))
    record.places[at, 2] = found
    record.places[at, 3] = pick(ends.final_levels, found, uniform(stream))


@jit(error_model="numpy")
def _element(jumps, table, lagrange, e):  # type: ignore[no-untyped-def]
    if jumps.values.shape[1] == 1:
        return jumps.values[0, 0, e, 0], jumps.values[0, 0, e, 1]
    real, imaginary = 0.0, 0.0
    for i in range(len(lagrange)):
        real += lagrange[i] * jumps.values[table, i, e, 0]
        imaginary += lagrange[i] * jumps.values[table, i, e, 1]
    return real, imaginary


@jit(error_model="numpy")
def weigh(jumps, table, lagrange, psi, weights):  # type: ignore[no-untyped-def]
    """Write the squared norm of each jump operator times `psi` to `weights` (K,), and return their sum."""
    total = 0.0
    for slot in range(len(weights)):
        weights[slot] = 0.0
        e, last = jumps.first[slot], jumps.first[slot + 1]
        while e < last:
            row, x, y = jumps.places[e], 0.0, 0.0
            while e < last and jumps.places[e] == row:
                real, imaginary = _element(jumps, table, lagrange, e)
                column = jumps.columns[e]
                x += real * psi[0, column] - imaginary * psi[1, column]
                y += real * psi[1, column] + imaginary * psi[0, column]
                e += 1
            weights[slot] += x * x + y * y
        total += weights[slot]
    return total


@jit(error_model="numpy")
def image(jumps, table, lagrange, slot, psi, out):  # type: ignore[no-untyped-def]
    """Write a jump operator times `psi`, normalised, to `out`."""
    out[:] = 0.0
    for e in range(jumps.first[slot], jumps.first[slot + 1]):
        real, imaginary = _element(jumps, table, lagrange, e)
        x, y = psi[0, jumps.columns[e]], psi[1, jumps.columns[e]]
        out[0, jumps.places[e]] += real * x - imaginary * y
        out[1, jumps.places[e]] += real * y + imaginary * x
    normalise(out)


@jit(error_model="numpy")
def normalise(psi):  # type: ignore[no-untyped-def]
    """Divide a state by its norm."""
    norm = 0.0
    for a in range(psi.shape[1]):
        norm += psi[0, a] * psi[0, a] + psi[1, a] * psi[1, a]
    size = 1.0 / math.sqrt(norm)
    for a in range(psi.shape[1]):
        psi[0, a] *= size
        psi[1, a] *= size


@jit(error_model="numpy")
def click(record, at, number, time, slot):  # type: ignore[no-untyped-def]
    """Write down one jump of a trajectory, if jumps are kept."""
    if len(record.times) > 0:
        record.times[record.offsets[at] + number] = time
        record.slots[record.offsets[at] + number] = slot


@jit(error_model="numpy")
def _update(record, section, output, place, members, value):  # type: ignore[no-untyped-def]
    step = value - record.mean[section, output, place]
    record.mean[section, output, place] += step / members
    record.spread[section, output, place] += step * (value - record.mean[section, output, place])


@jit(error_model="numpy")
def note(record, at, output):  # type: ignore[no-untyped-def]
    """Add what a trajectory has gathered until an output time to the statistics of its block."""
    section, members, rows = at // BLOCK, at % BLOCK + 1, record.totals.shape[1]
    for r in range(rows):
        _update(record, section, output, r, members, record.totals[at, r])
    for c in range(record.counts.shape[1]):
        _update(record, section, output, rows + c, members, float(record.counts[at, c]))


@jit(error_model="numpy")
def add_state(record, at, output, psi, norm):  # type: ignore[no-untyped-def]
    """Add the projector on `psi`, whose squared norm is `norm`, to the sum of its block, if states are kept."""
    if record.states.shape[1] == 0:
        return
    section, d = at // BLOCK, psi.shape[1]
    for a in range(d):
        for b in range(d):
            real = psi[0, a] * psi[0, b] + psi[1, a] * psi[1, b]
            imaginary = psi[1, a] * psi[0, b] - psi[0, a] * psi[1, b]
            record.states[section, output, 0, a, b] += real / norm
            record.states[section, output, 1, a, b] += imaginary / norm
