"""The keeper of ledgers of thermal operations: entropy production, where it comes from and where it goes."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.thermal_operations import ThermalEvolution
from loschmidt.information.entropy import gibbs_relative_entropy_of, von_neumann_entropy
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.round_off import entropy_error
from loschmidt.processes.thermal_operations import EntropyBudget, GibbsEnvironment, ThermalOperation
from loschmidt.processes.thermal_operations.landauer import landauer_budget_of

__all__ = ["keep_thermal_operation"]

#: Identities that need no conservation of energy.
_FOR_ANY_UNITARY = ("clausius", "reeb_wolf", "local_correlations")
_OF_TRAJECTORIES = ("trajectory_mean_residual", "integral_theorem_residual", "detailed_theorem_defect")


def keep_thermal_operation(evolution: ThermalEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of a thermal operation; see :func:`~loschmidt.ledger.build.build_ledger`."""
    operation, budget = evolution.operation, evolution.budget
    names = [one.name for one in _environments(operation)]
    builder = LedgerBuilder("thermal operation", {"step": [0, 1], "bath": names})
    count = math.prod(operation.dims)
    builder.describe(
        title=title,
        equation=("thermal operation" if operation.conserves_energy else "unitary with Gibbs environments")
        + f" on {' × '.join(map(str, operation.dims))}",
        dimension=operation.dims[0],
        method="exact",
        error=budget.state_error,
        seed="see the model",
    )
    error = entropy_error(budget.state_error, count)
    energy_error = budget.state_error * _width(evolution)
    _add_system(builder, evolution, error, energy_error)
    _add_distances(builder, evolution, error, energy_error)
    _add_flows(builder, evolution, error, energy_error)
    _add_landauer(builder, evolution, error)
    flow_error = _flow_error(evolution, energy_error)
    _add_joint(builder, budget, error, flow_error)
    _add_identities(builder, evolution, count, flow_error)
    builder.add("conservation_defect", operation.conservation_defect)
    builder.leave_out("no trajectories were asked for", *_OF_TRAJECTORIES)
    if keep_states:
        builder.add_states(evolution.states)
    return builder.build()


def _add_system(builder: LedgerBuilder, evolution: ThermalEvolution, error: float, energy_error: float) -> None:
    budget, states = evolution.budget, evolution.states
    builder.add("energy", [budget.system_energy_before, budget.system_energy_after], energy_error)
    entropies = np.array([budget.system_entropy_before, budget.system_entropy_after], dtype=np.float64)
    builder.add("entropy", entropies, error)
    builder.add("entropy_change", entropies - entropies[0], [0.0, 2 * error])
    builder.add("diagonal_entropy", [budget.population_entropy_before, budget.population_entropy_after], error)
    builder.add("coherence", [budget.system_coherence_before, budget.system_coherence_after], 2 * error)
    builder.add("smallest_eigenvalue", np.linalg.eigvalsh(states)[:, 0], budget.state_error)
    distance = np.abs(np.trace(states, axis1=1, axis2=2) - 1)
    builder.add("trace_defect", distance, len(states[0]) * budget.state_error)


def _add_distances(builder: LedgerBuilder, evolution: ThermalEvolution, error: float, energy_error: float) -> None:
    betas = evolution.operation.betas
    if not np.isfinite(betas).all():
        builder.leave_out("relative entropies to a state at T = 0 are infinite", "gibbs_relative_entropy")
        return
    # From the states alone, so that it can be held against the entropies and energies of the budget.
    energy, entropies = evolution.operation.system_hamiltonian, von_neumann_entropy(evolution.states)
    columns = [gibbs_relative_entropy_of(evolution.states, entropies, energy, float(beta)) for beta in betas]
    builder.add("gibbs_relative_entropy", np.stack(columns, axis=-1), error + np.abs(betas) * energy_error)


def _add_landauer(builder: LedgerBuilder, evolution: ThermalEvolution, error: float) -> None:
    found = landauer_budget_of(evolution.budget, math.prod(evolution.operation.dims[1:]))
    builder.add("landauer_bound", [0.0, found.entropy_decrease], [0.0, 2 * error])
    # A bound that is quadratic in the entropy moves with twice what it adds per entropy.
    taken = float(found.entropy_decrease)
    slope = 1 + (2 * float(found.finite_size_bound - taken) / taken if taken > error else 1.0)
    builder.add("finite_size_landauer_bound", [0.0, found.finite_size_bound], [0.0, 2 * slope * error])


def _add_flows(builder: LedgerBuilder, evolution: ThermalEvolution, error: float, energy_error: float) -> None:
    budget, betas = evolution.budget, evolution.operation.betas
    flow_error = _flow_error(evolution, energy_error)
    builder.add("inverse_temperature", betas)
    builder.add("heat", np.stack([np.zeros(len(betas)), budget.heat]), energy_error)
    builder.add("work", [0.0, budget.work], energy_error)
    builder.add("entropy_flow", [0.0, budget.entropy_flux], flow_error)
    for name, value in (
        ("entropy_production", budget.entropy_production),
        ("population_entropy_production", budget.population_entropy_production),
        ("coherence_entropy_production", budget.coherence_entropy_production),
    ):
        builder.add(name, [0.0, value], [0.0, 4 * error + flow_error])


def _add_identities(builder: LedgerBuilder, evolution: ThermalEvolution, count: int, flow_error: float) -> None:
    """Add the residuals; a leak between levels of the total energy is an error only where it is round-off."""
    budget, residuals = evolution.budget, dict(evolution.budget.laws.items())
    leak = budget.conservation_error if evolution.operation.conserves_energy else 0.0
    errors = [
        12 * entropy_error(budget.state_error + (0.0 if name in _FOR_ANY_UNITARY else leak), count) + 4 * flow_error
        for name in residuals
    ]
    builder.coordinate("identity", list(residuals))
    builder.add("identity_residual", [float(np.abs(one.residual)) for one in residuals.values()], errors)


def _add_joint(builder: LedgerBuilder, budget: EntropyBudget, error: float, flow_error: float) -> None:
    builder.add("reservoir_entropy", [_total(budget.environment_entropy_before), _total_after(budget)], 2 * error)
    displaced = np.stack([np.zeros_like(budget.environment_displacement), budget.environment_displacement])
    builder.add("environment_displacement", displaced, 4 * error + flow_error)
    builder.add("mutual_information", [0.0, budget.mutual_information], 3 * error)
    for name, value in (
        ("total_correlation", budget.total_correlation),
        ("environment_coherence", budget.environment_coherence),
        ("joint_coherence", budget.joint_coherence),
        ("correlated_coherence", budget.correlated_coherence),
        ("local_correlated_coherence", budget.local_correlated_coherence),
        ("degenerate_coherence", budget.degenerate_coherence),
    ):
        builder.add(name, value, 6 * error)


def _total(entropies: np.ndarray) -> float:
    return float(np.sum(entropies))


def _total_after(budget: EntropyBudget) -> float:
    """Return the entropy of all environments together after: S_SE - S_S + I(S:E)."""
    return float(budget.joint_entropy - budget.system_entropy_after + budget.mutual_information)


def _flow_error(evolution: ThermalEvolution, energy_error: float) -> float:
    """Return the error of Σ β Q: that of the energies times the inverse temperatures that are finite."""
    betas = np.asarray(evolution.operation.betas)
    return float(np.abs(betas[np.isfinite(betas)]).sum()) * energy_error


def _width(evolution: ThermalEvolution) -> float:
    operation = evolution.operation
    norms = [np.linalg.norm(operation.system_hamiltonian, 2)]
    norms += [np.linalg.norm(one.hamiltonian, 2) for one in _environments(operation)]
    return 4 * math.prod(operation.dims) * float(max(norms))


def _environments(operation: ThermalOperation) -> tuple[GibbsEnvironment, ...]:
    given = operation.environments
    return (given,) if isinstance(given, GibbsEnvironment) else tuple(given)
