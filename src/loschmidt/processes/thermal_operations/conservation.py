"""The conservation laws of entropy and coherence, each as two sides that are computed apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from loschmidt.processes.thermal_operations.identity import Identity
from loschmidt.processes.thermal_operations.joint_accounts import JointAccounts
from loschmidt.processes.thermal_operations.system_accounts import SystemAccounts
from loschmidt.typing import RealArray

__all__ = ["ConservationLaws", "conservation_laws"]


@dataclass(frozen=True, eq=False)
class ConservationLaws:
    r"""Identities of a thermal operation, Eqs. (22) to (31) of :cite:t:`santos2019`, and two that need no conservation.

    One side comes from the states of the system and from heat as an observable of its initial state, the other from the
    eigenvalues of the joint state, its parts and its pinchings. Every residual is zero within round-off where the
    identity holds: the first three for every unitary, the others for one that conserves energy.

    Attributes
    ----------
    clausius : Identity
        :math:`\Delta S_S - \sum_\alpha\beta_\alpha Q_\alpha = I(S{:}E_1{:}E_2{:}\dots) + \sum_\alpha
        S(\rho_\alpha'\|\rho_\alpha)`, :cite:t:`esposito2010entropy`.
    reeb_wolf : Identity
        :math:`\sum_\alpha\beta_\alpha\Delta E_\alpha = -\Delta S_S + I(S{:}E) + S(\rho_E'\|\rho_E)`,
        :cite:t:`reeb2014`.
    local_correlations : Identity
        :math:`S((\Delta_S\otimes\Delta_E)\rho') - S(\rho') - C(\rho_S') - C(\rho_E') = I(\rho') -
        I((\Delta_S\otimes\Delta_E)\rho')`.
    relative_entropy : Identity or None
        (22): :math:`\Delta S_S - \beta Q = S(\rho_S\|\rho_\beta) - S(\rho_S'\|\rho_\beta)`. This and the next two are
        None unless all environments have one finite temperature.
    population_relative_entropy : Identity or None
        (23): the same for the pinched states.
    entropy : Identity or None
        (26): :math:`S(\rho_S\|\rho_\beta) - S(\rho_S'\|\rho_\beta) = S(\rho_E'\|\rho_E) + I(S{:}E)`.
    populations : Identity
        (27): :math:`S(\Delta_{tot}\rho') = S(\Delta_S\rho_S) + S(\rho_E)`.
    coherence : Identity
        (28): :math:`C_{tot}(\rho') = C(\rho_S)`.
    coherence_production : Identity
        (29): :math:`\Xi = C_{tot}(\rho') - C(\rho_S')`.
    correlated_coherence : Identity
        (31): :math:`\Xi = C(\rho_E') + C_{cc}`.
    local_correlated_coherence : Identity
        (31) with local pinchings: :math:`\Xi = C(\rho_E') + C_{cc}^{loc} - C_{deg}`.

    Examples
    --------
    >>> identity = Identity(np.float64(1.0), np.float64(1.0))
    >>> laws = ConservationLaws(*[identity] * 3, None, None, None, *[identity] * 5)
    >>> sorted(dict(laws.items()))[:2], float(laws.largest_residual)
    (['clausius', 'coherence'], 0.0)
    """

    clausius: Identity
    reeb_wolf: Identity
    local_correlations: Identity
    relative_entropy: Identity | None
    population_relative_entropy: Identity | None
    entropy: Identity | None
    populations: Identity
    coherence: Identity
    coherence_production: Identity
    correlated_coherence: Identity
    local_correlated_coherence: Identity

    def items(self) -> Iterator[tuple[str, Identity]]:
        """Return the names and identities that apply."""
        for one in fields(self):
            identity = getattr(self, one.name)
            if identity is not None:
                yield one.name, identity

    @property
    def largest_residual(self) -> float:
        """Largest modulus of all residuals."""
        return max(float(np.abs(identity.residual).max(initial=0.0)) for _, identity in self.items())


def conservation_laws(
    system: SystemAccounts, joint: JointAccounts, flux: RealArray, thermal_entropy: float
) -> ConservationLaws:
    r"""Return the identities between known accounts.

    Parameters
    ----------
    system, joint : SystemAccounts, JointAccounts
    flux : (...)
        Entropy flux :math:`-\sum_\alpha\beta_\alpha Q_\alpha` to the environments.
    thermal_entropy : float
        S(ρ_E) of all environments at the start.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, entropy_budget, random_thermal_operation
    >>> qubit, rng = np.diag([0.0, 1.0]), np.random.default_rng(1)
    >>> operation = random_thermal_operation(qubit, GibbsEnvironment(qubit, 1.0), rng)
    >>> entropy_budget(operation, [0.6, 0.8]).laws.largest_residual < 1e-13
    True
    """
    gain = system.entropies[1] - system.entropies[0]
    population_gain = system.pinched_entropies[1] - system.pinched_entropies[0]
    production = system.coherences[0] - system.coherences[1]
    global_part = joint.correlated_coherence
    correlations = joint.mutual_information - joint.pinched_information
    drop, population_drop = _drop(system.divergences), _drop(system.pinched_divergences)
    kept = joint.environment_displacement + joint.mutual_information
    return ConservationLaws(
        clausius=Identity(gain + flux, joint.total_correlation + joint.displacements.sum(axis=-1)),
        reeb_wolf=Identity(flux, kept - gain),
        local_correlations=Identity(joint.local_correlated_coherence, correlations),
        relative_entropy=None if drop is None else Identity(gain + flux, drop),
        population_relative_entropy=None
        if population_drop is None
        else Identity(population_gain + flux, population_drop),
        entropy=None if drop is None else Identity(drop, kept),
        populations=Identity(joint.total_pinched, system.pinched_entropies[0] + thermal_entropy),
        coherence=Identity(joint.joint_coherence, system.coherences[0]),
        coherence_production=Identity(production, joint.joint_coherence - joint.system_coherence),
        correlated_coherence=Identity(production, joint.environment_coherence + global_part),
        local_correlated_coherence=Identity(
            production, joint.environment_coherence + correlations - joint.degenerate_coherence
        ),
    )


def _drop(divergences: tuple[RealArray, RealArray] | None) -> RealArray | None:
    return None if divergences is None else divergences[0] - divergences[1]
