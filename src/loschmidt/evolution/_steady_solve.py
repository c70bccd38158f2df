"""Which algorithm finds the stationary state of a generator, and how its uniqueness is decided."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from loschmidt.errors import ConvergenceError, NotUniqueError, ResourceError
from loschmidt.evolution import _steady_dense as dense
from loschmidt.evolution._steady_enclosures import count_enclosures
from loschmidt.evolution._steady_frame import Frame, rest_frame
from loschmidt.evolution._steady_jump_chain import solve_jump_chain
from loschmidt.evolution._steady_terms import GeneratorTerms, generator_terms
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, IntegerArray

__all__ = ["Found", "StationaryCount", "count_stationary", "find_stationary", "not_unique"]

_SMALL = 10  # dimension up to which all d² real coordinates go into one matrix
_DENSE_SECTOR = 200  # real coordinates; beyond, the jump chain is faster
_LARGEST_DENSE_SECTOR = 1100


class StationaryCount(NamedTuple):
    """How many stationary operators a process has, and whether some coherences never decay.

    Attributes
    ----------
    multiplicity : int or None
        Dimension of the space of stationary operators; None if round-off or size leaves it open.
    oscillating : bool or None
        Whether purely imaginary eigenvalues exist; None if undecided.
    """

    multiplicity: int | None
    oscillating: bool | None


_ONE = StationaryCount(1, False)  # a unique stationary state of a GKLS equation attracts every state
_UNDECIDED = StationaryCount(None, None)


class Found(NamedTuple):
    """A stationary state (d, d) in the basis of the terms, its estimated error, and how it was found."""

    state: ComplexMatrix
    error: float
    stationary: StationaryCount
    method: str


def find_stationary(process: Generator, terms: GeneratorTerms, initial: ComplexMatrix | None) -> Found:
    """Return the stationary state, or the long-time average from `initial` (d, d) where it is not unique.

    Raises
    ------
    NotUniqueError, ResourceError, ConvergenceError
        As :func:`~loschmidt.evolution.steady.steady_state`.
    """
    if _fits_in_one_matrix(terms):
        solution = dense.solve(terms, _coordinates(terms))
        if solution.regular:
            stationary = _ONE if terms.positive else StationaryCount(1, _oscillates(process, terms))
            return Found(solution.state, solution.error, stationary, "one matrix")
    members = _sector_of_populations(terms)
    if members is not None and len(members) == terms.dimension**2 and (whole := _in_one_matrix(terms)) is not None:
        return whole  # The sector is everything, so that its rank decides about uniqueness.
    frame = rest_frame(terms.no_jump)
    count = count_enclosures(terms, frame) if terms.positive else None
    if count == 1:
        return _find_unique(terms, frame, members)
    if count is None and (whole := _in_one_matrix(terms)) is not None:
        return whole
    try:
        return _average(process, terms, count, initial)
    except ResourceError:
        if initial is not None:
            raise
    if count is not None:
        raise not_unique(count)
    # Too large for a rank, and no theorem: a stationary state whose uniqueness is undecided.
    state, error = solve_jump_chain(terms, frame)
    return Found(state, error, _UNDECIDED, "jump chain")


def count_stationary(process: Generator, terms: GeneratorTerms) -> StationaryCount:
    """Return the dimension of the stationary space, and whether the process has undamped oscillations."""
    if _fits_in_one_matrix(terms) and dense.solve(terms, _coordinates(terms)).regular:
        return _ONE if terms.positive else StationaryCount(1, _oscillates(process, terms))
    count = count_enclosures(terms, rest_frame(terms.no_jump)) if terms.positive else None
    if count == 1:
        return _ONE
    try:
        multiplicity = dense.null_space(terms).multiplicity if count is None else count
    except ResourceError:
        return _UNDECIDED
    return StationaryCount(multiplicity, _oscillates(process, terms))


def not_unique(multiplicity: int) -> NotUniqueError:
    """Return the error that asks for an initial state."""
    return NotUniqueError(
        f"`process` must have one stationary state, but it has {multiplicity} independent ones, and which is reached "
        f"depends on the start. Pass the initial state as `state` to get the long-time average from there."
    )


def _fits_in_one_matrix(terms: GeneratorTerms) -> bool:
    d = terms.dimension
    if terms.zero_frequency:
        assert terms.levels is not None
        return bool((np.bincount(terms.levels.labels) ** 2).sum() <= _LARGEST_DENSE_SECTOR)
    return d <= _SMALL or (not terms.positive and d * d <= _LARGEST_DENSE_SECTOR)


def _coordinates(terms: GeneratorTerms) -> IntegerArray:
    """Return the real coordinates of everything that could be stationary, a population first."""
    d = terms.dimension
    coordinates = dense.all_coordinates(d)
    if not terms.zero_frequency:
        return coordinates
    assert terms.levels is not None
    label = terms.levels.labels
    return np.asarray(coordinates[label[coordinates // 2 // d] == label[coordinates // 2 % d]])


def _sector_of_populations(terms: GeneratorTerms) -> IntegerArray | None:
    if terms.zero_frequency:
        return None
    populations = 2 * np.arange(terms.dimension) * (terms.dimension + 1)
    return dense.sector(terms, populations, _DENSE_SECTOR)


def _find_unique(terms: GeneratorTerms, frame: Frame, members: IntegerArray | None) -> Found:
    if members is not None and len(members) < terms.dimension**2:
        solution = dense.solve(terms, members)
        if solution.regular:
            return Found(solution.state, solution.error, _ONE, "one matrix on a sector")
    try:
        state, error = solve_jump_chain(terms, frame)
    except ConvergenceError:
        whole = _in_one_matrix(terms)
        if whole is None:
            raise
        return whole
    return Found(state, error, _ONE, "jump chain")


def _in_one_matrix(terms: GeneratorTerms) -> Found | None:
    """Return the stationary state of a GKLS equation if its whole matrix has the rank that only one leaves."""
    if not terms.positive or terms.zero_frequency or terms.dimension**2 > _LARGEST_DENSE_SECTOR:
        return None
    solution = dense.solve(terms, dense.all_coordinates(terms.dimension))
    return Found(solution.state, solution.error, _ONE, "one matrix") if solution.regular else None


def _average(process: Generator, terms: GeneratorTerms, count: int | None, initial: ComplexMatrix | None) -> Found:
    null = dense.null_space(terms, count)
    if initial is None:
        if null.multiplicity is not None and null.multiplicity > 1:
            raise not_unique(null.multiplicity)
        initial = np.eye(terms.dimension, dtype=np.complex128) / terms.dimension
    state = null.project(initial)
    error = float(np.linalg.norm(terms.apply(state))) / terms.largest_rate + float(np.finfo(float).eps)
    stationary = StationaryCount(null.multiplicity, _oscillates(process, terms))
    return Found(state, error, stationary, "projection on null vectors")


def _oscillates(process: Generator, terms: GeneratorTerms) -> bool | None:
    try:
        return dense.oscillates(generator_terms(process, whole=True) if terms.zero_frequency else terms)
    except ResourceError:
        return None
