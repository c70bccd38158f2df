"""How much a state of several species is spread over their Fock states: entropies, participation, site occupations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from loschmidt._kernels.lattice_occupations import row_occupations
from loschmidt._kernels.lattice_passes import probability_pass, shannon_entropy
from loschmidt.checks import as_number
from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.states.fock import FockBasis
from loschmidt.typing import ArrayLike, ComplexTensor, RealMatrix, RealVector

__all__ = [
    "FockEntropies",
    "as_lattice_amplitudes",
    "double_occupancies",
    "fock_entropies",
    "fock_entropies_of",
    "joint_occupations",
    "participation_number",
    "renyi_entropy",
    "site_densities",
]

_BLOCK = 1 << 22  # amplitudes whose probabilities are held at a time
_NORM_TOLERANCE = {np.dtype(np.complex128): 1e-10, np.dtype(np.complex64): 1e-4}


@dataclass(frozen=True, eq=False)
class FockEntropies:
    """Entropies of the Fock-state probabilities of a state, in nats.

    Attributes
    ----------
    joint : float
        S = −Σ p ln p over joint Fock states; from 0 to ln d, and between the largest of `species` and their sum.
    species : (S,)
        The same for each species alone: S_τ, S_υ …
    marginals : tuple of (d_s,)
        Probabilities of the Fock states of each species.

    Examples
    --------
    >>> found = fock_entropies(np.full((2, 2), 0.5))
    >>> round(found.joint, 6), found.species.round(6).tolist()
    (1.386294, [0.693147, 0.693147])
    """

    joint: float
    species: RealVector
    marginals: tuple[RealVector, ...]

    @property
    def norm(self) -> float:
        """Sum of all probabilities."""
        return math.fsum(self.marginals[0])


def fock_entropies(state: ArrayLike) -> FockEntropies:
    r"""Return the Shannon entropies of a state in its Fock basis.

    .. math:: S = -\sum_{xy}p_{xy}\ln p_{xy},\qquad S_\tau = -\sum_x p_x\ln p_x,\qquad p_{xy} = |\gamma_{xy}|^2

    Parameters
    ----------
    state : (d_1, …, d_S)
        Amplitudes, one axis per species.

    Returns
    -------
    FockEntropies
        Nats.

    Raises
    ------
    ShapeError, NotFiniteError, NotAStateError
        If it has no axes, is not finite or not of norm 1.

    Notes
    -----
    :cite:t:`guo2025`. Phases of Fock states do not change these entropies; only motion does.

    Examples
    --------
    >>> fock_entropies(np.eye(3) / np.sqrt(3)).joint.__round__(6)
    1.098612
    """
    return fock_entropies_of(as_lattice_amplitudes(state))


def fock_entropies_of(state: ComplexTensor, threads: int | None = None) -> FockEntropies:
    """Return :func:`fock_entropies` of an array that is known to be a state, whatever its norm.

    Examples
    --------
    >>> fock_entropies_of(np.array([[1.0 + 0j]])).joint
    0.0
    """
    marginals, joint = probability_pass(state, threads=threads)
    species = np.array([shannon_entropy(marginal) for marginal in marginals])
    return FockEntropies(joint, species, tuple(marginals))


def renyi_entropy(probabilities: ArrayLike, order: SupportsFloat) -> float:
    r"""Return the Rényi entropy of a distribution, in nats.

    .. math:: S_q = \frac{1}{1-q}\ln\sum_n p_n^q

    Parameters
    ----------
    probabilities : (n,) or any shape
        Not negative, of sum 1 within 1e-10.
    order : float
        q ≥ 0; 1 is the Shannon entropy, 0 the logarithm of the support, ``inf`` minus that of the largest.

    Raises
    ------
    InputError, NotFiniteError
        If it is no distribution or the order is negative.

    Notes
    -----
    :cite:t:`renyi1961`.

    Examples
    --------
    >>> round(renyi_entropy([0.5, 0.25, 0.25], 2.0), 6)
    0.980829
    """
    p = np.asarray(probabilities, dtype=np.float64).reshape(-1)
    if not np.isfinite(p).all():
        raise NotFiniteError("`probabilities` must be finite, but it holds NaN or infinity.")
    if not (p.size and p.min() >= 0 and abs(math.fsum(p) - 1) <= _NORM_TOLERANCE[np.dtype(np.complex128)]):
        raise InputError(
            f"`probabilities` must be non-negative with sum 1, but the lowest is {p.min(initial=np.inf):.1e} and the "
            f"sum {math.fsum(p):.12g}."
        )
    if float(order) == math.inf:
        return 0.0 - math.log(p.max())
    q = as_number(order, "order", non_negative=True)
    if q == 1:
        return float(shannon_entropy(p))
    return math.log(float(np.sum(p[p > 0] ** q))) / (1 - q) + 0.0


def participation_number(probabilities: ArrayLike) -> float:
    r"""Return how many states take part, :math:`1/\sum_n p_n^2`, the exponential of the Rényi entropy of order 2.

    Parameters
    ----------
    probabilities : (n,) or any shape
        Not negative, of sum 1.

    Examples
    --------
    >>> participation_number([0.5, 0.5, 0.0])
    2.0
    """
    p = np.asarray(probabilities, dtype=np.float64).reshape(-1)
    return 1.0 / float(p @ p)


def site_densities(marginals: Sequence[RealVector], bases: Sequence[FockBasis]) -> RealMatrix:
    """Return the mean occupations (S, L) of the sites from the Fock probabilities of each species.

    Examples
    --------
    >>> site_densities([np.array([0.5, 0.0, 0.5])], [FockBasis(3, 1)])
    array([[0.5, 0. , 0.5]])
    """
    pairs = zip(marginals, bases, strict=True)
    return np.stack([marginal @ basis.occupations.astype(np.float64) for marginal, basis in pairs])


def double_occupancies(state: ComplexTensor, bases: Sequence[FockBasis]) -> RealMatrix:
    """Return ⟨n_is n_is'⟩ (P, L) on each site, for the pairs of species (0, 1), (0, 2), …, (1, 2), and so on.

    Examples
    --------
    >>> double_occupancies(np.diag([1.0, 0.0]).astype(complex), [FockBasis(2, 1), FockBasis(2, 1)])
    array([[1., 0.]])
    """
    return joint_occupations(state, bases)[0]


def joint_occupations(
    state: ComplexTensor, bases: Sequence[FockBasis], threads: int | None = None
) -> tuple[RealMatrix, float]:
    """Return ⟨n_is n_is'⟩ (P, L) of pairs of species and Σ p² over joint Fock states, in one pass over the state.

    Examples
    --------
    >>> joint_occupations(np.diag([1.0, 0.0]).astype(complex), [FockBasis(2, 1), FockBasis(2, 1)])[1]
    1.0
    """
    rows = state.reshape(-1, state.shape[-1])
    totals, occupations, squares = row_occupations(rows, bases[-1].sites, bases[-1].particles, threads=threads)
    others = state.shape[:-1]
    found: dict[tuple[int, int], RealVector] = {}
    numbers = [basis.occupations.astype(np.float64) for basis in bases]
    for s in range(len(bases) - 1):
        own = np.moveaxis(occupations.reshape(*others, -1), s, 0).reshape(others[s], -1, bases[s].sites)
        found[s, len(bases) - 1] = np.einsum("xi,xzi->i", numbers[s], own)
        for other in range(s + 1, len(bases) - 1):
            rest = tuple(axis for axis in range(len(others)) if axis not in {s, other})
            both = totals.reshape(others).sum(axis=rest)
            found[s, other] = np.einsum("xi,xi->i", numbers[s], both @ numbers[other])
    table = [found[pair] for pair in sorted(found)]
    return np.array(table).reshape(len(table), bases[-1].sites), math.fsum(squares)


def as_lattice_amplitudes(value: ArrayLike, name: str = "state") -> ComplexTensor:
    """Return amplitudes as a complex array (d_1, …, d_S) of norm 1; complex64 stays complex64.

    Raises
    ------
    ShapeError, InputError, NotFiniteError, NotAStateError
        If it is not an array of numbers with at least one axis, not finite, or its norm differs from 1 by more than
        1e-10, in single precision 1e-4.

    Examples
    --------
    >>> as_lattice_amplitudes([[1, 0], [0, 0]]).dtype
    dtype('complex128')
    """
    try:
        given = np.asarray(value)
        array = given if given.dtype in _NORM_TOLERANCE else given.astype(np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`{name}` must be an array of amplitudes, but {error}.") from None
    if array.ndim == 0 or array.size == 0:
        raise ShapeError(f"`{name}` must have one axis per species, but its shape is {array.shape}.")
    array = np.ascontiguousarray(array)
    flat = array.reshape(-1)
    norm = math.fsum(
        float(np.vdot(block, block).real) for block in (flat[at : at + _BLOCK] for at in range(0, flat.size, _BLOCK))
    )
    if not math.isfinite(norm):
        raise NotFiniteError(f"`{name}` must be finite, but it holds NaN or infinity.")
    tolerance = _NORM_TOLERANCE[array.dtype]
    if not abs(norm - 1) <= tolerance:
        raise NotAStateError(
            f"`{name}` must have norm 1, but ⟨γ|γ⟩ = {norm:.12g} (up to {tolerance:.0e} is accepted as round-off). "
            f"Divide it by its norm."
        )
    return array
