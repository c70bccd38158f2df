"""What a walk leaves behind: entropies, correlations with the two-level systems, and where the walker was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.processes.collisions._block_entropy import entropy_by_blocks
from loschmidt.processes.collisions._walk_states import WalkState
from loschmidt.processes.collisions.divisibility import entropy_backflow, largest_entropy_drop
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["WalkRun", "follow_walk"]


@dataclass(frozen=True, eq=False)
class WalkRun:
    """The course of a walk, after each step; entry 0 is the start.

    Attributes
    ----------
    entropies : (T + 1,)
        Von Neumann entropy of the walker, in nats.
    populations : (T + 1, 2M)
        Probability of each basis state 2x + c, site x and direction c.
    mutual_information : (T + 1,) or None
        I between the walker and all two-level systems, after the memory loss of the step, in nats.
    states : (T + 1, 2M, 2M) or None
        The walker's density matrices, if they were kept.
    final_state : (2M, 2M)
        The last of them.

    Examples
    --------
    >>> from loschmidt.processes.collisions import two_level_walk
    >>> run = two_level_walk(3, reset=0.0).run(12)
    >>> round(run.backflow, 3), run.is_monotone()
    (2.037, False)
    """

    entropies: RealVector
    populations: RealMatrix
    mutual_information: RealVector | None
    states: ComplexMatrix | None
    final_state: ComplexMatrix

    @property
    def backflow(self) -> float:
        """B = Σ max(0, S_t - S_{t+1}), in nats."""
        return float(entropy_backflow(self.entropies))

    @property
    def site_probabilities(self) -> RealMatrix:
        """Probability of each site (T + 1, M)."""
        return np.asarray(self.populations[:, 0::2] + self.populations[:, 1::2])

    @property
    def drop_margins(self) -> RealVector | None:
        """ΔS + I of each step (T,), in nats: the entropy can drop by no more than the correlation it started with.

        Not negative, because no collision changes the entropy of the systems; None without mutual information.
        """
        if self.mutual_information is None:
            return None
        return np.asarray(np.diff(self.entropies) + self.mutual_information[:-1])

    def is_monotone(self, tolerance: float = 1e-9) -> bool:
        """Return whether no step lowers the entropy by more than `tolerance`; saturated entropies jitter."""
        return float(largest_entropy_drop(self.entropies)) <= tolerance


def follow_walk(
    walk: WalkState,
    dimension: int,
    steps: int,
    memory_entropy: float | None,
    keep_states: bool,
    report: Callable[[float], None] | None,
) -> WalkRun:
    """Run a walk to its end; without `memory_entropy`, the entropy of the systems, correlations are left out."""
    entropies, information, states = [], [], []
    populations = np.zeros((steps + 1, dimension))
    for step in range(steps + 1):
        if step:
            walk.advance()
        where, part = walk.occupied_part()
        entropies.append(entropy_by_blocks(part))
        populations[step, where] = part.diagonal().real
        if memory_entropy is not None:
            information.append(entropies[-1] + memory_entropy - walk.joint_entropy())
        if keep_states:
            states.append(walk.matrix())
        if report is not None and step:
            report(step / steps)
    return WalkRun(
        np.array(entropies),
        populations,
        np.array(information) if memory_entropy is not None else None,
        np.array(states) if keep_states else None,
        walk.matrix(),
    )
