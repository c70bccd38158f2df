"""The entropy budget of a thermal operation: what it produces, from populations and coherence, and where it goes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum
from loschmidt.checks import as_density_matrix
from loschmidt.processes.thermal_operations.conservation import ConservationLaws, conservation_laws
from loschmidt.processes.thermal_operations.joint_accounts import JointAccounts, joint_accounts_after
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.processes.thermal_operations.system_accounts import SystemAccounts, system_accounts
from loschmidt.typing import ComplexMatrix, RealArray, RealVector, StateLike

__all__ = ["EntropyBudget", "entropy_budget"]


@dataclass(frozen=True, eq=False)
class EntropyBudget:
    r"""Accounts of a thermal operation, in nats and units of energy, one number for each initial state.

    Primes mark what is after, Δ_S, Δ_E and Δ_tot keep what is inside the levels of H_S, of H_E = Σ H_α and of
    H_S + H_E, and C(ρ) = S(Δρ) - S(ρ).

    Attributes
    ----------
    system_energy_before, system_energy_after : (...)
        tr(H_S ρ_S).
    system_entropy_before, system_entropy_after : (...)
        S(ρ_S).
    population_entropy_before, population_entropy_after : (...)
        S(Δ_S ρ_S).
    system_coherence_before, system_coherence_after : (...)
        C(ρ_S).
    heat : (..., n)
        Q_α = -ΔE_α, energy that each environment gives away, positive into the system.
    work : (...)
        ΔE_S + Σ ΔE_α, done by switching the unitary on and off; zero if it conserves energy.
    entropy_flux : (...)
        Φ = -Σ β_α Q_α to the environments; ``inf`` where one of β = inf is excited.
    entropy_production : (...)
        Σ = ΔS(ρ_S) + Φ, not negative for any unitary.
    population_entropy_production : (...)
        Σ_d = ΔS(Δ_S ρ_S) + Φ, not negative if energy is conserved.
    coherence_entropy_production : (...)
        Ξ = -ΔC(ρ_S) = Σ - Σ_d, not negative if energy is conserved.
    environment_entropy_before : (n,)
        Entropy of each Gibbs state.
    environment_entropy_after, environment_displacement : (..., n)
        S(ρ'_α), and how far each is from its Gibbs state, S(ρ'_α‖ρ_α).
    environment_coherence : (...)
        C(ρ'_E) of all environments together; at the start there is none.
    joint_entropy : (...)
        S(ρ'), from the joint state; that of the start, by unitarity.
    mutual_information, total_correlation : (...)
        I(S:E) and I(S:E_1:E_2:…) after; the same for one environment.
    joint_coherence : (...)
        C_tot = S(Δ_tot ρ') - S(ρ').
    correlated_coherence : (...)
        C_cc = C_tot - C(ρ'_S) - C(ρ'_E), Eq. (30). It can be negative, against what is stated there.
    local_correlated_coherence : (...)
        The same with Δ_S ⊗ Δ_E for Δ_tot: what local pinchings take from the mutual information, not negative.
    degenerate_coherence : (...)
        C_deg = S((Δ_S ⊗ Δ_E)ρ') - S(Δ_tot ρ'): coherence between product states of one total energy, not negative.
    laws : ConservationLaws
        Both sides of each identity.
    state_error : float
        Frobenius distance of the joint state from the exact one that round-off and a unitary that is not quite unitary
        leave; entropies follow by continuity.
    conservation_error : float
        Distance of the joint state from that of a unitary which conserves energy exactly; what it breaks are the laws
        that need conservation. Not small for one that does work.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, 6.0), 0.76)
    >>> budget = entropy_budget(operation, np.sqrt([0.84, 0.16]))
    >>> float(budget.coherence_entropy_production.round(4)), float(budget.environment_coherence.round(4))
    (0.192, 0.2245)
    >>> float(budget.correlated_coherence.round(5)), float(budget.local_correlated_coherence.round(5))
    (-0.03247, 0.06829)
    """

    system_energy_before: RealArray
    system_energy_after: RealArray
    system_entropy_before: RealArray
    system_entropy_after: RealArray
    population_entropy_before: RealArray
    population_entropy_after: RealArray
    system_coherence_before: RealArray
    system_coherence_after: RealArray
    heat: RealVector
    work: RealArray
    entropy_flux: RealArray
    entropy_production: RealArray
    population_entropy_production: RealArray
    coherence_entropy_production: RealArray
    environment_entropy_before: RealVector
    environment_entropy_after: RealVector
    environment_displacement: RealVector
    environment_coherence: RealArray
    joint_entropy: RealArray
    mutual_information: RealArray
    total_correlation: RealArray
    joint_coherence: RealArray
    correlated_coherence: RealArray
    local_correlated_coherence: RealArray
    degenerate_coherence: RealArray
    laws: ConservationLaws
    state_error: float
    conservation_error: float


def entropy_budget(operation: ThermalOperation, state: StateLike) -> EntropyBudget:
    r"""Return what a thermal operation produces of entropy, from what, and where it goes.

    .. math:: \Sigma = \Delta S(\rho_S) - \sum_\alpha\beta_\alpha Q_\alpha = \Sigma_d + \Xi

    Parameters
    ----------
    operation : ThermalOperation
        With one or several environments; also one that does work.
    state : (..., d_S, d_S) or ket (d_S,)
        Initial states of the system, uncorrelated with the environments.

    Returns
    -------
    EntropyBudget

    Raises
    ------
    NotAStateError, ShapeError, NotFiniteError
        If the state is not one of the system.

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (22) to (31), for one environment and a Hamiltonian without degeneracies. With Δ as the
    pinching on levels everything holds with degeneracies. For several temperatures Σ is that of
    :cite:t:`esposito2010entropy`; Σ_d and Ξ are still not negative, because the heat does not feel coherence and the
    channel commutes with Δ_S.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> reset = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3)))
    >>> budget = entropy_budget(reset, [0, 1])
    >>> float(budget.entropy_production.round(6)), budget.heat.round(6), float(abs(budget.work).round(12))
    (1.386294, array([-0.75]), 0.0)
    """
    rho = as_density_matrix(state, "state", operation.dims[0])
    system, joint = system_accounts(operation, rho), joint_accounts_after(operation, rho)
    thermal = np.array([float(entropy_of_spectrum(one.populations)) for one in operation.frame.environments])
    flux = _flux(operation, system, joint)
    (entropy, entropy_after), (pinched, pinched_after) = system.entropies, system.pinched_entropies
    coherence, coherence_after = system.coherences
    return EntropyBudget(
        system_energy_before=system.energies[0],
        system_energy_after=system.energies[1],
        system_entropy_before=entropy,
        system_entropy_after=entropy_after,
        population_entropy_before=pinched,
        population_entropy_after=pinched_after,
        system_coherence_before=coherence,
        system_coherence_after=coherence_after,
        heat=system.heat,
        work=system.energies[1] - system.energies[0] - system.heat.sum(axis=-1),
        entropy_flux=flux,
        entropy_production=entropy_after - entropy + flux,
        population_entropy_production=pinched_after - pinched + flux,
        coherence_entropy_production=coherence - coherence_after,
        environment_entropy_before=thermal,
        environment_entropy_after=joint.part_entropies,
        environment_displacement=joint.displacements,
        environment_coherence=joint.environment_coherence,
        joint_entropy=joint.entropy,
        mutual_information=joint.mutual_information,
        total_correlation=joint.total_correlation,
        joint_coherence=joint.joint_coherence,
        correlated_coherence=joint.correlated_coherence,
        local_correlated_coherence=joint.local_correlated_coherence,
        degenerate_coherence=joint.degenerate_coherence,
        laws=conservation_laws(system, joint, flux, float(thermal.sum())),
        state_error=_state_error(operation, rho),
        conservation_error=2 * operation.leakage,
    )


def _flux(operation: ThermalOperation, system: SystemAccounts, joint: JointAccounts) -> RealArray:
    betas = operation.betas
    cold = np.isposinf(betas)
    finite = -np.where(cold, 0.0, betas) * system.heat
    # At β = inf any excitation costs infinite entropy, and none costs none; 0 · inf would be neither.
    flux: RealArray = np.where(cold & joint.excited, np.inf, finite).sum(axis=-1)
    return flux


def _state_error(operation: ThermalOperation, rho: ComplexMatrix) -> float:
    unitary = operation.unitary
    product = unitary.conj().T @ unitary
    round_off = 4 * len(unitary) * float(np.finfo(float).eps)
    trace = float(np.abs(np.trace(rho, axis1=-2, axis2=-1) - 1).max(initial=0.0))
    return round_off + trace + float(np.linalg.norm(product - np.eye(len(unitary))))
