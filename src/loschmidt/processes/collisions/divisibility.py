"""Can a history of maps be cut anywhere? What happens between two times, and how much entropy flows back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from loschmidt._kernels.entropies import hermitian_eigenvalues
from loschmidt.checks import as_number, as_operator, as_real_values
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.channels.representations import choi_from_superoperator
from loschmidt.typing import ArrayLike, BooleanArray, ComplexMatrix, OperatorLike, RealArray, RealTensor, RealVector

__all__ = ["Divisibility", "divisibility", "entropy_backflow", "largest_entropy_drop"]

_RANK_TOLERANCE = 1e-11
_TRACE_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Divisibility:
    r"""The intermediate maps :math:`\Lambda_t = \Phi_{t+1}\Phi_t^{-1}` of a history and whether they are physical.

    Attributes
    ----------
    intermediate : (N, d², d²)
        Superoperators Λ_t on column-stacked states. Where Φ_t has no inverse, its pseudo-inverse takes the place, and
        the probability that this loses goes to the state Φ_{t+1}(1/d).
    smallest_choi_eigenvalues : (N,)
        Of each Λ_t, for the Choi matrix of trace d; below zero, Λ_t is not completely positive.
    uncertainties : (N,)
        How far round-off in the maps may have moved each eigenvalue.
    invertible : (N,)
        False where Φ_t has lost information for good: Λ_t is then known on the image of Φ_t only.
    image_defects : (N,)
        ‖Φ_{t+1}(1 - Φ_t⁺Φ_t)‖; above zero, no map at all leads from Φ_t to Φ_{t+1}.
    tolerance : float
        What counts as zero.

    Examples
    --------
    >>> divisibility([np.eye(4), np.diag([1, 0.5, 0.5, 1]), np.eye(4)]).violations
    array([False,  True])
    """

    intermediate: ComplexMatrix
    smallest_choi_eigenvalues: RealVector
    uncertainties: RealVector
    invertible: BooleanArray
    image_defects: RealVector
    tolerance: float

    @property
    def violations(self) -> BooleanArray:
        """Steps (N,) that no completely positive, trace-preserving map can make."""
        certain = self.smallest_choi_eigenvalues < -(self.tolerance + self.uncertainties)
        return np.asarray((certain & self.invertible) | (self.image_defects > self.tolerance))

    @property
    def undecided(self) -> BooleanArray:
        """Steps (N,) that may or may not be physical: round-off is too large, or Φ_t has no inverse.

        Where Φ_t has none, many maps lead to Φ_{t+1}: if the one of `intermediate` is not completely positive, another
        may be.
        """
        low = self.smallest_choi_eigenvalues < -self.tolerance
        noisy = self.uncertainties > self.tolerance
        return np.asarray((noisy | (low & ~self.invertible)) & ~self.violations)

    @property
    def is_cp_divisible(self) -> bool | None:
        """Whether every step is completely positive; None if that is open."""
        if self.violations.any():
            return False
        return None if self.undecided.any() else True


def divisibility(
    maps: Sequence[Channel | OperatorLike] | ComplexMatrix, *, tolerance: float = 1e-9, map_error: float = 1e-14
) -> Divisibility:
    r"""Return the maps between successive times of a history and their smallest Choi eigenvalues.

    Parameters
    ----------
    maps : (N + 1, d², d²) or sequence of Channel
        Φ_0, Φ_1, …, as superoperators on column-stacked states or as channels; start with the identity if the first
        step shall count.
    tolerance : float
        How far below zero a Choi eigenvalue may lie; positive.
    map_error : float
        Absolute error of the maps' elements, from which :attr:`Divisibility.uncertainties` follow.

    Returns
    -------
    Divisibility

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If there are fewer than two maps, they are not square superoperators of equal dimension, or one does not
        preserve the trace.

    Notes
    -----
    A history is CP-divisible if every Λ_t is completely positive :cite:p:`wolf2008`, the Markovianity of
    :cite:t:`rivas2010`. Singular values of Φ_t below 1e-11 of the largest count as zero. For d-dimensional systems the
    eigenvalues are d times those of the Choi *state* of trace 1.

    Examples
    --------
    >>> history = [np.diag([1, c, c, 1]) for c in (1.0, 0.5, 0.75)]
    >>> divisibility(history).smallest_choi_eigenvalues.round(12)
    array([ 0. , -0.5])
    """
    stack, d = _as_maps(maps)
    bound = as_number(tolerance, "tolerance", positive=True)
    error = as_number(map_error, "map_error", non_negative=True)
    steps = [_step(before, after, d, error) for before, after in pairwise(stack)]
    eigenvalues, uncertainties, defects = np.array([numbers for _, numbers, _ in steps]).T
    return Divisibility(
        np.array([intermediate for intermediate, _, _ in steps]),
        eigenvalues,
        uncertainties,
        np.array([invertible for _, _, invertible in steps]),
        defects,
        bound,
    )


def entropy_backflow(entropies: ArrayLike) -> RealArray:
    r"""Return how much entropy a history loses on the way, in nats.

    .. math:: B = \sum_t \max(0,\,S_t - S_{t+1})

    Parameters
    ----------
    entropies : (..., T)
        Entropies at successive times, at least two.

    Returns
    -------
    (...)
        Zero if and only if the entropy never decreases; round-off in saturated entropies adds up to about 1e-15 a step.

    Raises
    ------
    InputError, NotFiniteError
        If the entropies are not real and finite, or fewer than two.

    Examples
    --------
    >>> float(entropy_backflow([0.0, 0.5, 0.25, 1.0, 0.5]))
    0.75
    """
    drops = _drops(entropies)
    return np.asarray(np.where(drops > 0, drops, 0.0).sum(axis=-1))[()]


def largest_entropy_drop(entropies: ArrayLike) -> RealArray:
    """Return the largest decrease S_t - S_{t+1} (...) of entropies (..., T), in nats; negative if all increase.

    Raises
    ------
    InputError, NotFiniteError
        As :func:`entropy_backflow`.

    Examples
    --------
    >>> float(largest_entropy_drop([0.0, 0.5, 0.25, 1.0]))
    0.25
    """
    return np.asarray(_drops(entropies).max(axis=-1))[()]


def _drops(entropies: ArrayLike) -> RealTensor:
    values = np.asarray(as_real_values(entropies, "`entropies`"))
    if values.ndim == 0 or values.shape[-1] < 2:
        raise InputError(f"`entropies` must hold at least two times, but its shape is {values.shape}.")
    if not np.isfinite(values).all():
        raise NotFiniteError("`entropies` must be finite, but it holds NaN or infinity.")
    return np.asarray(values[..., :-1] - values[..., 1:])


def _as_maps(maps: Any) -> tuple[ComplexMatrix, int]:
    listed = [one.superoperator if isinstance(one, Channel) else one for one in maps]
    checked = [as_operator(one, f"maps[{number}]") for number, one in enumerate(listed)]
    if len(checked) < 2:
        raise InputError(f"`maps` must hold at least two maps, but it holds {len(checked)}.")
    shape = checked[0].shape
    d = math.isqrt(shape[-1])
    if len(shape) != 2 or d * d != shape[-1]:
        raise ShapeError(f"`maps` must be superoperators (d², d²), but the first has the shape {shape}.")
    for number, one in enumerate(checked):
        if one.shape != shape:
            raise ShapeError(
                f"`maps` must have equal shapes, but maps[{number}] is {one.shape} and maps[0] is {shape}."
            )
    stack, one = np.stack(checked), np.eye(d).reshape(-1)
    defect = np.abs(one @ stack - one).max(axis=-1)
    if not defect.max() <= _TRACE_TOLERANCE:
        raise InputError(
            f"`maps` must preserve the trace, but maps[{int(defect.argmax())}] misses by {defect.max():.1e} (up to "
            f"{_TRACE_TOLERANCE:.0e} is accepted). Are they column-stacked?"
        )
    return stack, d


def _step(
    before: ComplexMatrix, after: ComplexMatrix, d: int, error: float
) -> tuple[ComplexMatrix, tuple[float, float, float], bool]:
    """Return Λ, its numbers (eigenvalue, uncertainty, image defect), and whether `before` inverts."""
    left, values, right = np.linalg.svd(before)
    rank = int((values > _RANK_TOLERANCE * values[0]).sum())
    intermediate = (after @ right[:rank].conj().T / values[:rank]) @ left[:, :rank].conj().T
    defect = 0.0
    if rank < len(values):
        defect = float(np.linalg.norm(after @ right[rank:].conj().T, 2))
        one = np.eye(d).reshape(-1)
        intermediate += np.outer(after @ one / d, one - one @ intermediate)
    choi = choi_from_superoperator(intermediate, d, d)
    lowest = float(hermitian_eigenvalues((choi + choi.conj().T) / 2)[0])
    # δΛ = (δΦ' - Λ δΦ) Φ⁻¹; the Choi matrix holds the same elements, so its norm is at most that of all of them.
    size = float(np.linalg.norm(intermediate, 2))
    uncertainty = d * error * (1 + size) / float(values[rank - 1])
    return intermediate, (lowest, uncertainty, defect), rank == len(values)
