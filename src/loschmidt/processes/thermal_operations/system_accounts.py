"""What a thermal operation does to its system, read off the system's own states and off heat as an observable.

Nothing here knows the joint state, so that it can be compared with what the joint state says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, expectation_values, hermitian_eigenvalues
from loschmidt.information.coherence import pinched_entropy_of, pinched_matrix
from loschmidt.information.entropy import gibbs_relative_entropy_of
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.typing import ComplexMatrix, RealArray, RealVector

__all__ = ["SystemAccounts", "system_accounts"]


@dataclass(frozen=True, eq=False)
class SystemAccounts:
    """Accounts (...) of the system before and after, one for each initial state.

    Attributes
    ----------
    energies, entropies, pinched_entropies : pair of (...)
        tr(H_S ρ), S(ρ) and S(Δ_S ρ) before and after.
    divergences, pinched_divergences : pair of (...) or None
        S(ρ‖ρ_β) and S(Δ_S ρ‖ρ_β) before and after; None unless all environments have one finite β.
    heat : (..., n)
        From each environment into the system.
    """

    energies: tuple[RealArray, RealArray]
    entropies: tuple[RealArray, RealArray]
    pinched_entropies: tuple[RealArray, RealArray]
    divergences: tuple[RealArray, RealArray] | None
    pinched_divergences: tuple[RealArray, RealArray] | None
    heat: RealVector

    @property
    def coherences(self) -> tuple[RealArray, RealArray]:
        """C(ρ) before and after."""
        (before, after), (pure, mixed) = self.entropies, self.pinched_entropies
        return pure - before, mixed - after


def system_accounts(operation: ThermalOperation, states: ComplexMatrix) -> SystemAccounts:
    """Return the accounts of initial system states (..., d_S, d_S); nothing is checked.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> cooling = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, np.inf), np.pi / 2)
    >>> system_accounts(cooling, np.eye(2) / 2 + 0j).heat.round(6)
    array([-0.5])
    """
    levels, energy = operation.frame.system, operation.system_hamiltonian
    pair = (states, operation.channel.apply(states))
    entropies = [entropy_of_spectrum(hermitian_eigenvalues(one)) for one in pair]
    pinched = [pinched_entropy_of(one, levels) for one in pair]
    beta = operation.common_beta
    divergences = pinched_divergences = None
    if beta is not None and np.isfinite(beta):
        divergences = [gibbs_relative_entropy_of(*two, energy, beta) for two in zip(pair, entropies, strict=True)]
        blocks = [pinched_matrix(one, levels) for one in pair]
        pinched_divergences = [
            gibbs_relative_entropy_of(*two, energy, beta) for two in zip(blocks, pinched, strict=True)
        ]
    heat = np.stack([expectation_values(states, operator) for operator in operation.heat_operators], axis=-1)
    return SystemAccounts(
        energies=_pair([expectation_values(one, energy) for one in pair]),
        entropies=_pair(entropies),
        pinched_entropies=_pair(pinched),
        divergences=None if divergences is None else _pair(divergences),
        pinched_divergences=None if pinched_divergences is None else _pair(pinched_divergences),
        heat=heat,
    )


def _pair(values: list[RealArray]) -> tuple[RealArray, RealArray]:
    before, after = values
    return before, after
