"""Loschmidt's test: undo the motion of the whole, and of its parts with their correlations erased."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.errors import InputError
from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix, RealMatrix

__all__ = ["ReversalTest", "reversal_test"]


@dataclass(frozen=True, eq=False)
class ReversalTest:
    r"""What comes back when a motion is undone, with the correlations of the parts and without them.

    Attributes
    ----------
    time : float
        When the motion is turned round.
    returned, returned_without : (d, d)
        What is there in the end if :math:`\rho`, or if :math:`\rho_1\otimes\rho_2\otimes\cdots`, is sent back.
    distance, distance_without : float
        Trace distance of each from the initial state.
    entropy_gain, entropy_gain_without : float
        Entropy of each less that of the initial state, nats.
    mutual_information : float
        What was erased, nats.
    energies : (4, N)
        Energy of each part: at the start, when turned round, returned, returned without correlations.
    error : float
        Estimated Frobenius norm of the error of the states.
    """

    time: float
    returned: ComplexMatrix
    returned_without: ComplexMatrix
    distance: float
    distance_without: float
    entropy_gain: float
    entropy_gain_without: float
    mutual_information: float
    energies: RealMatrix
    error: float


def reversal_test(evolution: MultipartiteEvolution, at: int = -1) -> ReversalTest:
    r"""Send the state of a closed evolution back to its start, once whole and once with its correlations erased.

    Parameters
    ----------
    evolution : MultipartiteEvolution
        From :func:`~loschmidt.evolution.evolve.evolve` of a closed multipartite system.
    at : int
        Index of the output time at which the motion is turned round; default: the last one.

    Returns
    -------
    ReversalTest

    Raises
    ------
    InputError
        If a bath acts, or `at` is no later output time.

    Notes
    -----
    :math:`U^\dagger\rho_{AB}U` is the initial state. Of :math:`\rho_A\otimes\rho_B` the same motion makes a state whose
    entropy is larger by exactly the mutual information: to undo the motion takes control of the correlations
    (:cite:t:`ahmadi2020`, Sec. III).

    Examples
    --------
    >>> from loschmidt import evolve
    >>> from loschmidt.processes.multipartite import multipartite_system
    >>> from loschmidt.states import gibbs_state, product_state
    >>> qubit, swap = np.diag([0.0, 1.0]), np.zeros((4, 4))
    >>> swap[1, 2] = swap[2, 1] = 1.0
    >>> start = product_state(gibbs_state(qubit, 2.0), gibbs_state(qubit, 0.5))
    >>> test = reversal_test(evolve(multipartite_system({"A": qubit, "B": qubit}, swap), start, [0.0, 0.6]))
    >>> test.distance < 1e-12, round(test.distance_without, 5)
    (True, 0.13488)
    """
    if not isinstance(evolution, MultipartiteEvolution):
        raise InputError(f"`evolution` must be one of several parts, but it is a {type(evolution).__name__}.")
    last = len(evolution.times) - 1
    if not (isinstance(at, (int, np.integer)) and (0 < at <= last or -last <= at < 0)):
        raise InputError(f"`at` must be the index of an output time after the first, up to {last}, but it is {at!r}.")
    system, states = evolution.process, evolution.states
    start, stop = float(evolution.times[0]), float(evolution.times[at])
    back, method = system.undoing(stop).dynamics, evolution.joint.method
    parts = [reduced_matrices(states[at], system.dims, [k]) for k in range(len(system.dims))]
    product = parts[0]
    for factor in parts[1:]:
        product = np.kron(product, factor)
    span = np.array([0.0, stop - start])
    whole, without = (method.evolve(back, one, span, lambda done: None) for one in (states[at], product))
    ends = [states[0], states[at], whole.states[-1], without.states[-1]]
    entropies = [float(entropy_of_spectrum(hermitian_eigenvalues(one))) for one in (*ends, product)]
    return ReversalTest(
        time=stop,
        returned=ends[2],
        returned_without=ends[3],
        distance=_trace_distance(ends[2], states[0]),
        distance_without=_trace_distance(ends[3], states[0]),
        entropy_gain=entropies[2] - entropies[0],
        entropy_gain_without=entropies[3] - entropies[0],
        mutual_information=math.fsum([*_entropies(parts), -entropies[1]]),
        energies=_energies(evolution, ends, [start, stop, start, start]),
        error=float(evolution.joint.error[at] + max(whole.error[-1], without.error[-1])),
    )


def _entropies(parts: list[ComplexMatrix]) -> list[float]:
    return [float(entropy_of_spectrum(hermitian_eigenvalues(one))) for one in parts]


def _trace_distance(one: ComplexMatrix, other: ComplexMatrix) -> float:
    return float(np.abs(np.linalg.eigvalsh(one - other)).sum() / 2)


def _energies(evolution: MultipartiteEvolution, ends: list[ComplexMatrix], times: list[float]) -> RealMatrix:
    system = evolution.process
    rows = [
        [
            np.trace(system.local_at(k, time) @ reduced_matrices(state, system.dims, [k])).real
            for k in range(len(system.dims))
        ]
        for state, time in zip(ends, times, strict=True)
    ]
    return np.array(rows, dtype=np.float64)
