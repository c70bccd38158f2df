"""What every quantum-jump kernel shares: measurements at both ends, images under jumps, and running statistics.

Amplitudes are (2, d): real parts, then imaginary ones; a kernel keeps several as the rows of ``vectors`` (v, 2, d). A
call follows n trajectories; each run of :data:`BLOCK` of them keeps statistics of its own, so that sums do not depend
on how calls share the work. Functions are inlined before types are inferred, which halves the time to compile.
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

    ``start`` (1, a) is the cumulative weight of the initial eigenstates ``kets`` (a, 2, d), ``start_levels`` (a, d) the
    cumulative weight of energy states in each; ``bras`` (d, 2, d) are the final eigenstates, with ``final_levels``.
    """

    start: RealTensor
    kets: RealTensor
    start_levels: RealTensor
    bras: RealTensor
    final_levels: RealTensor


class Jumps(NamedTuple):
    """K jump operators as sparse matrices: slot k has the elements ``first[k]`` to ``first[k + 1]``, row by row.

    ``elements`` (e, 2) are their rows and columns. ``values`` (tables, nodes, e, 2) and ``gains`` (tables, nodes, K),
    the heat that enters with a jump, may depend on time; one table with one node says that they do not. ``targets``
    (K, 2) says in which channel a jump and in which row of totals its heat is counted. A gain that is NaN stands for
    the change of the mean energy plus ``offsets`` (K,).
    """

    first: IntegerArray
    elements: IntegerArray
    values: RealTensor
    gains: RealTensor
    offsets: RealTensor
    targets: IntegerArray


class Record(NamedTuple):
    """Where results go: ``outcomes`` (n, 4) of the four measurements.

    ``totals`` (n, R) and ``counts`` (n, C) are sums over each trajectory; ``moments`` (blocks, T, R + C, 2) their
    running means and sums of squared deviations at each output time; ``states`` (blocks, T, 2, d, d) are sums of
    projectors, or empty. ``offsets`` (n + 1,), ``times`` and ``slots`` hold the single jumps, or are empty.
    """

    outcomes: IntegerArray
    totals: RealTensor
    counts: IntegerArray
    moments: RealTensor
    states: RealTensor
    offsets: IntegerArray
    times: RealTensor
    slots: IntegerArray


@jit(error_model="numpy", inline="always")
def pick(cumulative, row, draw):  # type: ignore[no-untyped-def]
    """Return the index that a number between 0 and 1 falls on in a row of cumulative weights."""
    last = cumulative.shape[1] - 1
    sought = draw * cumulative[row, last]
    found = 0
    while found < last and cumulative[row, found] <= sought:
        found += 1
    return found


@jit(error_model="numpy", inline="always")
def choose(weights, draw):  # type: ignore[no-untyped-def]
    """Return an index with probability proportional to its weight."""
    rest = 0.0
    for k in range(len(weights)):
        rest += weights[k]
    rest *= draw
    found = 0
    for k in range(len(weights)):
        if rest >= 0.0 and weights[k] > 0.0:
            found = k
            rest -= weights[k]
    return found


@jit(error_model="numpy", inline="always")
def begin(ends, stream, record, at, vectors, row):  # type: ignore[no-untyped-def]
    """Draw an initial eigenstate and an energy state in it, and write the former to a row of `vectors`."""
    found = pick(ends.start, 0, uniform(stream))
    record.outcomes[at, 0] = found
    record.outcomes[at, 1] = pick(ends.start_levels, found, uniform(stream))
    for part in range(2):
        for a in range(vectors.shape[2]):
            vectors[row, part, a] = ends.kets[found, part, a]


@jit(error_model="numpy", inline="always")
def finish(ends, stream, record, at, vectors, row, weights):  # type: ignore[no-untyped-def]
    """Measure a state, normalised or not, in the final eigenbasis, and an energy state in the outcome."""
    for b in range(len(weights)):
        x, y = 0.0, 0.0
        for a in range(len(weights)):
            x += ends.bras[b, 0, a] * vectors[row, 0, a] + ends.bras[b, 1, a] * vectors[row, 1, a]
            y += ends.bras[b, 0, a] * vectors[row, 1, a] - ends.bras[b, 1, a] * vectors[row, 0, a]
        weights[b] = x * x + y * y
    found = choose(weights, uniform(stream))
    record.outcomes[at, 2] = found
    record.outcomes[at, 3] = pick(ends.final_levels, found, uniform(stream))


@jit(error_model="numpy", inline="always")
def _element(values, table, lagrange, e, part):  # type: ignore[no-untyped-def]
    if values.shape[1] == 1:
        result = values[0, 0, e, part]
    else:
        result = 0.0
        for i in range(len(lagrange)):
            result += lagrange[i] * values[table, i, e, part]
    return result


@jit(error_model="numpy", inline="always")
def weigh(jumps, table, lagrange, vectors, row, weights):  # type: ignore[no-untyped-def]
    """Write the squared norm of each jump operator times a row of `vectors` to `weights` (K,), and return their sum."""
    total = 0.0
    for slot in range(len(weights)):
        norm, x, y, place = 0.0, 0.0, 0.0, -1
        for e in range(jumps.first[slot], jumps.first[slot + 1]):
            if jumps.elements[e, 0] != place:
                norm += x * x + y * y
                x, y, place = 0.0, 0.0, jumps.elements[e, 0]
            u = _element(jumps.values, table, lagrange, e, 0)
            v = _element(jumps.values, table, lagrange, e, 1)
            column = jumps.elements[e, 1]
            x += u * vectors[row, 0, column] - v * vectors[row, 1, column]
            y += u * vectors[row, 1, column] + v * vectors[row, 0, column]
        weights[slot] = norm + x * x + y * y
        total += weights[slot]
    return total


@jit(error_model="numpy", inline="always")
def image(jumps, table, lagrange, slot, vectors, row, out):  # type: ignore[no-untyped-def]
    """Write a jump operator times one row of `vectors`, normalised, to another."""
    for a in range(vectors.shape[2]):
        vectors[out, 0, a], vectors[out, 1, a] = 0.0, 0.0
    for e in range(jumps.first[slot], jumps.first[slot + 1]):
        u = _element(jumps.values, table, lagrange, e, 0)
        v = _element(jumps.values, table, lagrange, e, 1)
        place, column = jumps.elements[e, 0], jumps.elements[e, 1]
        vectors[out, 0, place] += u * vectors[row, 0, column] - v * vectors[row, 1, column]
        vectors[out, 1, place] += u * vectors[row, 1, column] + v * vectors[row, 0, column]
    normalise(vectors, out)


@jit(error_model="numpy", inline="always")
def squared_norm(vectors, row):  # type: ignore[no-untyped-def]
    """Return the squared norm of a row of `vectors`."""
    norm = 0.0
    for a in range(vectors.shape[2]):
        norm += vectors[row, 0, a] * vectors[row, 0, a] + vectors[row, 1, a] * vectors[row, 1, a]
    return norm


@jit(error_model="numpy", inline="always")
def normalise(vectors, row):  # type: ignore[no-untyped-def]
    """Divide a row of `vectors` by its norm."""
    size = 1.0 / math.sqrt(squared_norm(vectors, row))
    for a in range(vectors.shape[2]):
        vectors[row, 0, a] *= size
        vectors[row, 1, a] *= size


@jit(error_model="numpy", inline="always")
def click(record, at, number, time, slot):  # type: ignore[no-untyped-def]
    """Write down one jump of a trajectory, if jumps are kept."""
    if len(record.times) > 0:
        record.times[record.offsets[at] - record.offsets[0] + number] = time
        record.slots[record.offsets[at] - record.offsets[0] + number] = slot


@jit(error_model="numpy", inline="always")
def note(record, at, output):  # type: ignore[no-untyped-def]
    """Add what a trajectory has gathered until an output time to the statistics of its block."""
    section, members, rows = at // BLOCK, at % BLOCK + 1, record.totals.shape[1]
    for r in range(record.moments.shape[2]):
        value = record.totals[at, r] if r < rows else float(record.counts[at, r - rows])
        step = value - record.moments[section, output, r, 0]
        record.moments[section, output, r, 0] += step / members
        record.moments[section, output, r, 1] += step * (value - record.moments[section, output, r, 0])


@jit(error_model="numpy", inline="always")
def add_state(states, at, output, vectors, row):  # type: ignore[no-untyped-def]
    """Add the projector on a row of `vectors` to the sum of its block, if states are kept."""
    if states.shape[1] > 0:
        section, norm = at // BLOCK, squared_norm(vectors, row)
        for a in range(vectors.shape[2]):
            for b in range(vectors.shape[2]):
                x = vectors[row, 0, a] * vectors[row, 0, b] + vectors[row, 1, a] * vectors[row, 1, b]
                y = vectors[row, 1, a] * vectors[row, 0, b] - vectors[row, 0, a] * vectors[row, 1, b]
                states[section, output, 0, a, b] += x / norm
                states[section, output, 1, a, b] += y / norm
