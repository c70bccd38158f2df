"""The quantum twin of two conducting bars: two chains of qubits that touch for a while, seen finely and coarsely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.information import von_neumann_entropy
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.multipartite import embedded
from loschmidt.states import gibbs_state, partial_trace, product_state
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["QubitBars", "conducting_qubits"]

_LEVELS = np.diag([0.0, 1.0])
_RAISE = np.array([[0.0, 0.0], [1.0, 0.0]])


@dataclass(frozen=True, eq=False)
class QubitBars:
    """Entropies of two chains of two qubits over time.

    Attributes
    ----------
    times : (T,)
        As asked for.
    whole : (T,)
        Von Neumann entropy of all four qubits.
    fine : (T, 2)
        Von Neumann entropy of each chain.
    coarse : (T, 2)
        Sum of the entropies of the qubits of each chain: what their temperatures would tell.

    Examples
    --------
    >>> bars = conducting_qubits([0.0, 1.0])
    >>> bool(np.ptp(bars.whole) < 1e-12 < np.ptp(bars.fine[:, 0]))
    True
    """

    times: RealVector
    whole: RealVector
    fine: RealMatrix
    coarse: RealMatrix


def conducting_qubits(
    times: list[float] | RealVector, cut: float = 0.8, betas: tuple[float, float] = (2.0, 0.5)
) -> QubitBars:
    """Return the entropies of two chains of two qubits in a row, with exchange of strength 1 between neighbours.

    Every qubit starts in the Gibbs state of its own splitting, 1, at the β of its chain. The chains touch until `cut`.
    """
    asked = np.asarray(times, dtype=np.float64)
    start = product_state(*(gibbs_state(_LEVELS, beta) for beta in np.repeat(betas, 2)))
    before, after = asked[asked <= cut], asked[asked > cut]
    together = _states(_chain(touching=True), start, np.append(before, cut))
    apart = _states(_chain(touching=False), together[-1], after - cut)
    states = np.concatenate([together[:-1], apart])
    pairs = np.stack([partial_trace(states, (2,) * 4, keep) for keep in ((0, 1), (2, 3))], axis=1)
    singles = np.stack([partial_trace(states, (2,) * 4, qubit) for qubit in range(4)], axis=1)
    coarse = np.asarray(von_neumann_entropy(singles)).reshape(-1, 2, 2).sum(axis=-1)
    return QubitBars(
        asked, np.asarray(von_neumann_entropy(states)), np.asarray(von_neumann_entropy(pairs)), np.asarray(coarse)
    )


def _chain(*, touching: bool) -> ComplexMatrix:
    dims = (2,) * 4
    total = np.sum([embedded(_LEVELS, dims, qubit) for qubit in range(4)], axis=0)
    for left in (0, 1, 2) if touching else (0, 2):
        exchange = embedded(_RAISE, dims, left) @ embedded(_RAISE.T, dims, left + 1)
        total = total + exchange + exchange.conj().T
    return np.asarray(total)


def _states(hamiltonian: ComplexMatrix, start: ComplexMatrix, times: RealVector) -> ComplexMatrix:
    """Return the states (T, d, d) at ascending times not before zero, each time once or more."""
    instants, places = np.unique(times, return_inverse=True)
    grid = np.unique(np.concatenate([[0.0], instants]))
    if len(grid) < 2:
        return np.asarray(np.broadcast_to(start, (len(times), *start.shape)))
    evolution = evolve(gkls_generator(hamiltonian, [], dims=(2,) * 4), start, grid)
    return np.asarray(evolution.states[np.searchsorted(grid, instants)][places])
