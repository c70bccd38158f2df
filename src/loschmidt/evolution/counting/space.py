"""Which space a process is counted on: populations if they move on their own, operators otherwise."""

from __future__ import annotations

from loschmidt.errors import NotUniqueError
from loschmidt.evolution import _steady_davies as davies
from loschmidt.evolution.counting._operators import operator_space
from loschmidt.evolution.counting._populations import population_space
from loschmidt.evolution.counting.groups import JumpGroups, jump_groups
from loschmidt.evolution.counting.spaces import CountingSpace
from loschmidt.evolution.counting.variables import check_static
from loschmidt.processes.generators import Generator

__all__ = ["counting_space"]


def counting_space(process: Generator, groups: JumpGroups | None = None) -> CountingSpace:
    """Return the space on which the jumps of a process are counted in its steady state.

    Parameters
    ----------
    process : Generator
        Static.
    groups : JumpGroups, optional
        Its jumps, if they are at hand.

    Raises
    ------
    NotUniqueError
        If the steady state is not unique.
    InputError, ResourceError, ConvergenceError
        If the process is driven or has no jumps, is too large, or its steady state is not found.
    """
    check_static(process)
    found = groups if groups is not None and groups.process is process else jump_groups(process)
    try:
        return population_space(found) if davies.applies_to(process) else operator_space(found)
    except NotUniqueError:
        raise NotUniqueError(
            "Counting needs one stationary state, but the process has several, so that what is counted depends on the "
            "start and the generating function is not analytic at s = 0. Break the symmetry that keeps them apart, or "
            "count the jumps of trajectories from one start."
        ) from None
