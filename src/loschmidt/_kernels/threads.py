"""How many threads a kernel takes: one for small work, since waking threads costs more than they save."""

from __future__ import annotations

__all__ = ["workers_for"]

_SMALLEST_WORK = 4e6  # floating-point operations; a tenth of a millisecond, when waking threads takes hundredths


def workers_for(threads: int | None, pieces: int, work: float) -> int:
    """Return how many threads share `pieces` of `work` floating-point operations in total.

    `threads` None leaves it to Numba's setting and the size of the work. 1 means that Numba's threads are not touched.
    """
    if threads is None:
        if work < _SMALLEST_WORK or pieces < 2:
            return 1
        import numba

        threads = int(numba.get_num_threads())
    return max(1, min(threads, pieces))
