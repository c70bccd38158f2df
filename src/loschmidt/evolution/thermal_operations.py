"""Apply a thermal operation to one state and keep its entropy budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import ShapeError
from loschmidt.processes.thermal_operations import EntropyBudget, ThermalOperation, entropy_budget
from loschmidt.typing import ComplexMatrix, StateLike

__all__ = ["ThermalEvolution", "apply_thermal_operation"]


@dataclass(frozen=True, eq=False)
class ThermalEvolution:
    """A state before and after a thermal operation, with the whole budget of its entropy.

    Attributes
    ----------
    operation : ThermalOperation
        What happened.
    states : (2, d, d)
        The system before and after.
    budget : EntropyBudget
        Accounts of system, environments and both together.

    Examples
    --------
    >>> from loschmidt import evolve
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 1.0))
    >>> evolve(operation, [0, 1]).states.shape
    (2, 2, 2)
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "thermal operation"

    operation: ThermalOperation
    states: ComplexMatrix
    budget: EntropyBudget


def apply_thermal_operation(operation: ThermalOperation, state: StateLike) -> ThermalEvolution:
    """Return what a thermal operation makes of one state; see :func:`~loschmidt.evolution.evolve.evolve`."""
    rho = as_density_matrix(state, "state", operation.dims[0])
    if rho.ndim != 2:
        raise ShapeError(
            f"`state` must be one state (d, d), but its shape is {rho.shape}. Use entropy_budget() instead."
        )
    states = np.stack([rho, operation.channel.apply(rho)])
    return ThermalEvolution(operation, states, entropy_budget(operation, rho))
