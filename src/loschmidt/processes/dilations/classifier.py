"""Why a channel is unital: a ladder of conditions on what the reservoir feels, from controlled down to weighted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

from loschmidt.checks import as_number
from loschmidt.processes.channels.defects import norm_of
from loschmidt.processes.dilations.commutators import (
    columnwise_commutator,
    columnwise_commutator_bound,
    joint_eigenbasis,
    largest_off_diagonal_part,
    mutual_commutator,
    mutual_commutator_bound,
    summed_commutator,
)
from loschmidt.processes.dilations.criterion import mean_commutators
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.processes.dilations.energy_blocks import energy_blocks
from loschmidt.typing import ComplexMatrix, OperatorLike

__all__ = ["COST_LIMIT", "Classification", "UnitalityLabel", "classify", "classify_operators"]

#: Complex multiplications up to which a residual is computed although the verdict does not need it: about 1 s.
COST_LIMIT = 2e9


class UnitalityLabel(StrEnum):
    """Why a dilation gives a unital channel, strongest reason first, or that it does not.

    Examples
    --------
    >>> UnitalityLabel("non-unital").name
    'NON_UNITAL'
    """

    CONTROLLED = "controlled"
    MICROSCOPIC = "microscopic"
    COLLECTIVE = "collective"
    MACROSCOPIC = "macroscopic"
    WEIGHTED = "weighted"
    NON_UNITAL = "non-unital"


#: What each condition implies directly.
_IMPLIED = {
    UnitalityLabel.CONTROLLED: (UnitalityLabel.MICROSCOPIC,),
    UnitalityLabel.MICROSCOPIC: (UnitalityLabel.COLLECTIVE, UnitalityLabel.MACROSCOPIC),
    UnitalityLabel.COLLECTIVE: (UnitalityLabel.WEIGHTED,),
    UnitalityLabel.MACROSCOPIC: (UnitalityLabel.WEIGHTED,),
    UnitalityLabel.WEIGHTED: (),
}


@dataclass(frozen=True)
class Classification:
    """The strongest condition that holds, and the number behind each.

    Attributes
    ----------
    label : UnitalityLabel
        The strongest condition that holds.
    tolerance : float
        A condition holds if its residual is at most this, and so do the conditions that it implies.
    residuals : mapping of str to float or None
        ``controlled``, ``microscopic``, ``collective``: largest Frobenius norm of the commutators that must vanish;
        ``macroscopic``: largest modulus of their means; ``weighted``: operator norm of Φ(1) - 1. None where it would
        cost more than the limit and cannot change the verdict.
    holds : mapping of str to bool or None
        None only for ``controlled``, if the bounds of its residual lie on both sides of the tolerance.
    bounds : tuple of str
        Residuals that were too expensive: an upper bound where the condition holds, a lower bound where it does not.

    Examples
    --------
    >>> cnot = np.eye(4)[[0, 1, 3, 2]]
    >>> verdict = classify(Dilation(cnot, [1, 0], (2, 2)))
    >>> verdict.label, verdict.residuals["microscopic"]
    (<UnitalityLabel.CONTROLLED: 'controlled'>, 0.0)
    """

    label: UnitalityLabel
    tolerance: float
    residuals: Mapping[str, float | None]
    holds: Mapping[str, bool | None]
    bounds: tuple[str, ...] = ()

    @property
    def unital(self) -> bool:
        """Whether the channel is unital for the reservoir state of the dilation."""
        return self.label is not UnitalityLabel.NON_UNITAL

    @property
    def unital_for_every_reservoir_state(self) -> bool:
        """Whether the same unitary gives a unital channel whatever the reservoir starts in."""
        return bool(self.holds[UnitalityLabel.COLLECTIVE])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, numbers and texts."""
        return {
            "label": self.label.value,
            "tolerance": self.tolerance,
            "residuals": dict(self.residuals),
            "holds": dict(self.holds),
            "bounds": list(self.bounds),
        }


def classify(
    dilation: Dilation,
    tolerance: float = 1e-10,
    *,
    basis: OperatorLike | None = None,
    cost_limit: float = COST_LIMIT,
) -> Classification:
    r"""Return why a dilation gives a unital channel, or that it does not.

    With B_ji = ⟨ψ_j|U|ψ_i⟩ and ⟨…⟩ = tr(ρ_R …):

    ============  =========================================  =========================================================
    label         condition                                  the channel is
    ============  =========================================  =========================================================
    controlled    all B and B† commute mutually              random-unitary, for every ρ_R and for repeated use of R
    microscopic   [B†_j'i, B_ji] = 0 for each i, j, j'       unital for every ρ_R
    collective    Σ_i [B†_j'i, B_ji] = 0                     unital for every ρ_R; equivalent to it
    macroscopic   ⟨[B†_j'i, B_ji]⟩ = 0 for each i, j, j'     unital for this ρ_R
    weighted      Σ_i ⟨[B†_j'i, B_ji]⟩ = 0                   unital for this ρ_R; equivalent to it
    non-unital    none                                       some state loses entropy
    ============  =========================================  =========================================================

    Parameters
    ----------
    dilation : Dilation
    tolerance : float
        On the residuals, relative to 1, the norm of U.
    basis : (d_S, d_S), optional
        Columns ψ_i, see :func:`~loschmidt.processes.dilations.energy_blocks.energy_blocks`. Only ``microscopic`` and
        ``macroscopic`` depend on it, through the initial states i.
    cost_limit : float
        Multiplications up to which a residual is computed although the verdict does not need it.

    Returns
    -------
    Classification

    Raises
    ------
    InputError, NotUnitaryError
        If the tolerance is not positive or the basis does not fit.

    Notes
    -----
    Conditions (i) and (ii) of :cite:t:`lesovik2016` are ``microscopic`` and ``macroscopic``; ``weighted`` is the
    criterion of Eq. (3) itself. ``collective`` is unitarity of the partial transpose (:cite:t:`deschamps2016`). Whether
    operators are ``controlled`` is decided, where all commutators are too many, by diagonalising them together.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> classify(Dilation(swap, np.eye(2) / 2, (2, 2))).label.value
    'macroscopic'
    """
    operators = energy_blocks(dilation, basis=basis).operators
    return classify_operators(operators, dilation.reservoir_factor, tolerance, cost_limit)


def classify_operators(
    operators: ComplexMatrix, factor: ComplexMatrix, tolerance: float = 1e-10, cost_limit: float = COST_LIMIT
) -> Classification:
    """Return :func:`classify` of block operators (n, n, d_R, d_R) and a factor (d_R, rank) of ρ_R.

    Raises
    ------
    InputError
        If the tolerance is not positive.

    Examples
    --------
    >>> classify_operators(np.ones((1, 1, 1, 1)) + 0j, np.ones((1, 1)) + 0j).label.value
    'controlled'
    """
    accepted = as_number(tolerance, "tolerance", positive=True)
    ladder = _Ladder(operators, accepted, cost_limit)
    means = mean_commutators(operators, factor)
    total = means.sum(axis=0)
    ladder.add(UnitalityLabel.WEIGHTED, norm_of((total + total.conj().T) / 2))
    ladder.add(UnitalityLabel.MACROSCOPIC, float(np.abs(means).max()))
    ladder.examine(UnitalityLabel.COLLECTIVE, 3, summed_commutator, columnwise=False)
    ladder.examine(UnitalityLabel.MICROSCOPIC, 3, columnwise_commutator, columnwise=True)
    ladder.examine_controlled()
    return ladder.classification()


class _Ladder:
    """Residuals from the weakest condition up; an expensive one only if those below it hold or it is cheap."""

    def __init__(self, operators: ComplexMatrix, tolerance: float, cost_limit: float) -> None:
        self.operators, self.tolerance, self.cost_limit = operators, tolerance, cost_limit
        self.residuals: dict[UnitalityLabel, float | None] = {}
        self.holds: dict[UnitalityLabel, bool | None] = {}
        self.bounds: list[str] = []

    def add(self, label: UnitalityLabel, residual: float | None, *, bound: bool = False) -> None:
        """Note a residual; the condition holds if the residual is small and all that it implies holds."""
        small = residual is not None and residual <= self.tolerance
        self.residuals[label] = residual
        self.holds[label] = small and self.possible(label)
        if bound:
            self.bounds.append(label.value)

    def possible(self, label: UnitalityLabel) -> bool:
        """Return whether all that a condition implies holds."""
        return all(self.holds[implied] for implied in _IMPLIED[label])

    def affordable(self, power: int) -> bool:
        n, r = float(self.operators.shape[0]), float(self.operators.shape[-1])
        return 2 * n**power * r**3 <= self.cost_limit

    def examine(
        self, label: UnitalityLabel, power: int, exact: Callable[[ComplexMatrix], float], *, columnwise: bool
    ) -> None:
        """Note the exact residual if it is cheap or decides; a lower bound if that is enough; else nothing."""
        if self.affordable(power):
            self.add(label, exact(self.operators))
            return
        if not self.possible(label):
            self.add(label, None)
            return
        lower = columnwise_commutator_bound(self.operators) if columnwise else 0.0
        if lower > self.tolerance:
            self.add(label, lower, bound=True)
        else:
            self.add(label, exact(self.operators))

    def examine_controlled(self) -> None:
        """Note all commutators if they are affordable; otherwise bounds, from a joint diagonalisation."""
        label = UnitalityLabel.CONTROLLED
        if self.affordable(4):
            self.add(label, mutual_commutator(self.operators))
            return
        if not self.possible(label):
            self.add(label, None)
            return
        upper = 4 * largest_off_diagonal_part(self.operators, joint_eigenbasis(self.operators))
        if upper <= self.tolerance:
            self.add(label, upper, bound=True)
            return
        lower = mutual_commutator_bound(self.operators)
        self.add(label, lower, bound=True)
        if lower <= self.tolerance:
            self.holds[label] = None

    def classification(self) -> Classification:
        strongest = next((label for label in _IMPLIED if self.holds[label]), UnitalityLabel.NON_UNITAL)
        return Classification(
            label=strongest,
            tolerance=self.tolerance,
            residuals=MappingProxyType({label.value: self.residuals[label] for label in _IMPLIED}),
            holds=MappingProxyType({label.value: self.holds[label] for label in _IMPLIED}),
            bounds=tuple(self.bounds),
        )
