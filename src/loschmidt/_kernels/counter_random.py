"""Random numbers that are a function of a key, the number of a trajectory, and how many were drawn before.

Philox with four words of 64 bits and ten rounds, as in :cite:t:`salmon2011`: no state is shared, so that results do not
depend on who draws first. A ``stream`` is an array of nine words: two of the key, the trajectory, the next block, four
words of the present block, and how many of these are used up. Independent code: ``numpy.random.Philox``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["STREAM_WORDS", "block", "open_stream", "uniform"]

STREAM_WORDS = 9

_MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
_INCREMENTS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
_HALF, _LOW_HALF, _ONE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(1)
_UNUSED_BITS = np.uint64(11)
_SPACING = 2.0**-53


@jit(error_model="numpy")
def _high_word(a, b):  # type: ignore[no-untyped-def]
    # The upper 64 bits of a product of 64-bit words, from products of their halves.
    a_low, a_high, b_low, b_high = a & _LOW_HALF, a >> _HALF, b & _LOW_HALF, b >> _HALF
    cross = a_high * b_low
    middle = ((a_low * b_low) >> _HALF) + (cross & _LOW_HALF) + a_low * b_high
    return a_high * b_high + (cross >> _HALF) + (middle >> _HALF)


@jit(error_model="numpy")
def block(first, second, low, trajectory):  # type: ignore[no-untyped-def]
    """Return the four words that belong to a key (two words) and a counter (`low`, `trajectory`, 0, 0)."""
    a, b, c, d = low, trajectory, np.uint64(0), np.uint64(0)
    for _ in range(10):
        high_a, low_a = _high_word(_MULTIPLIERS[0], a), _MULTIPLIERS[0] * a
        high_c, low_c = _high_word(_MULTIPLIERS[1], c), _MULTIPLIERS[1] * c
        a, b, c, d = high_c ^ b ^ first, low_c, high_a ^ d ^ second, low_a
        first, second = first + _INCREMENTS[0], second + _INCREMENTS[1]
    return a, b, c, d


@jit(error_model="numpy")
def open_stream(stream, trajectory):  # type: ignore[no-untyped-def]
    """Set a stream, whose key is there, to the beginning of a trajectory's numbers."""
    stream[2] = np.uint64(trajectory)
    stream[3] = np.uint64(0)
    stream[8] = np.uint64(4)


@jit(error_model="numpy")
def uniform(stream):  # type: ignore[no-untyped-def]
    """Return the next number of a stream, between 0 and 1 and never equal to either."""
    used = np.int64(stream[8])
    if used == 4:
        stream[4], stream[5], stream[6], stream[7] = block(stream[0], stream[1], stream[3], stream[2])
        stream[3] += _ONE
        used = np.int64(0)
    stream[8] = np.uint64(used + 1)
    return (float(stream[4 + used] >> _UNUSED_BITS) + 0.5) * _SPACING
