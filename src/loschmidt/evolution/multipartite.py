"""Follow several interacting parts: the joint evolution by the usual methods, seen part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from loschmidt.checks import as_density_matrix
from loschmidt.processes.multipartite import MultipartiteSystem
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

if TYPE_CHECKING:
    from loschmidt.evolution.evolve import Evolution, Method

__all__ = ["MultipartiteEvolution", "follow_parts"]


@dataclass(frozen=True, eq=False)
class MultipartiteEvolution:
    """States of several parts over time.

    Attributes
    ----------
    process : MultipartiteSystem
        What happened.
    joint : Evolution
        Of the whole, with heat of each bath and work, by any method of a master equation.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt import evolve
    >>> from loschmidt.processes.multipartite import multipartite_system
    >>> qubit, swap = np.diag([0.0, 1.0]), np.zeros((4, 4))
    >>> swap[1, 2] = swap[2, 1] = 1.0
    >>> done = evolve(multipartite_system({"A": qubit, "B": qubit}, swap), [0, 1, 0, 0], [0.0, np.pi / 2])
    >>> np.round(done.reduced("A").real[-1], 9)
    array([[0., 0.],
           [0., 1.]])
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "bipartite"

    process: MultipartiteSystem
    joint: Evolution

    @property
    def times(self) -> RealVector:
        """Output times (T,)."""
        return self.joint.times

    @property
    def states(self) -> ComplexMatrix:
        """Joint states (T, d, d)."""
        return self.joint.states

    def reduced(self, part: str) -> ComplexMatrix:
        """Return the states (T, d_X, d_X) of one part."""
        return reduced_matrices(self.states, self.process.dims, [self.process.index(part)])


def follow_parts(
    system: MultipartiteSystem, state: StateLike, times: Any, method: Method | None = None, *, progress: bool = False
) -> MultipartiteEvolution:
    """Return the evolution of a joint state; see :func:`~loschmidt.evolution.evolve.evolve`."""
    from loschmidt.evolution.evolve import evolve

    rho = as_density_matrix(state, "state", system.dimension)
    return MultipartiteEvolution(system, evolve(system.dynamics, rho, times, method, progress=progress))
