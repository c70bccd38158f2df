"""The list of all laws, in the order in which reports show them."""

from __future__ import annotations

from loschmidt.laws.bipartite.correlation_from_heat import correlation_from_heat
from loschmidt.laws.bipartite.entropy_conservation import entropy_conservation
from loschmidt.laws.bipartite.erased_correlations import erased_correlations
from loschmidt.laws.bipartite.heat_destinations import heat_destinations
from loschmidt.laws.bipartite.heat_exchange import heat_exchange
from loschmidt.laws.bipartite.opposite_heats import opposite_heats
from loschmidt.laws.bipartite.part_energies import part_energies
from loschmidt.laws.bipartite.part_entropies import part_entropies
from loschmidt.laws.bipartite.part_entropy_balance import part_entropy_balance
from loschmidt.laws.bipartite.part_heat_balance import part_heat_balance
from loschmidt.laws.bipartite.part_triangle import part_triangle
from loschmidt.laws.bipartite.reversal import reversal
from loschmidt.laws.channels.correlation_bound import correlation_bound
from loschmidt.laws.channels.data_processing import data_processing
from loschmidt.laws.channels.h_theorem import h_theorem
from loschmidt.laws.channels.identity_image_bound import identity_image_bound
from loschmidt.laws.channels.joint_entropy import joint_entropy
from loschmidt.laws.channels.minimal_gain import minimal_gain
from loschmidt.laws.channels.monotone_entropy import monotone_entropy
from loschmidt.laws.channels.recovery_bound import recovery_bound
from loschmidt.laws.channels.reservoir_bound import reservoir_bound
from loschmidt.laws.channels.triangle import triangle
from loschmidt.laws.classical.bar_balance import bar_balance
from loschmidt.laws.classical.bar_energy import bar_energy
from loschmidt.laws.classical.gas_reversibility import gas_reversibility
from loschmidt.laws.classical.gas_second_law import gas_second_law
from loschmidt.laws.classical.interface_production import interface_production
from loschmidt.laws.classical.interior_production import interior_production
from loschmidt.laws.classical.pair_balance import pair_balance
from loschmidt.laws.clausius import clausius
from loschmidt.laws.counting.counted_heat import counted_heat
from loschmidt.laws.counting.fluctuation_symmetry import fluctuation_symmetry
from loschmidt.laws.counting.kinetic_uncertainty import kinetic_uncertainty
from loschmidt.laws.counting.noise_balance import noise_balance
from loschmidt.laws.counting.noise_positivity import noise_positivity
from loschmidt.laws.counting.thermodynamic_uncertainty import thermodynamic_uncertainty
from loschmidt.laws.first_law import first_law
from loschmidt.laws.gibbs_distance import gibbs_distance
from loschmidt.laws.lattices.entanglement_bound import entanglement_bound
from loschmidt.laws.lattices.entropy_ceiling import entropy_ceiling
from loschmidt.laws.lattices.erasure import erasure
from loschmidt.laws.lattices.fock_monotonicity import fock_monotonicity
from loschmidt.laws.lattices.fock_subadditivity import fock_subadditivity
from loschmidt.laws.lattices.frozen_species import frozen_species
from loschmidt.laws.lattices.lattice_energy import lattice_energy
from loschmidt.laws.lattices.local_invariance import local_invariance
from loschmidt.laws.lattices.norm import norm
from loschmidt.laws.lattices.particle_numbers import particle_numbers
from loschmidt.laws.law import Law
from loschmidt.laws.numbers import numbers
from loschmidt.laws.open_systems.adiabatic_part import adiabatic_part
from loschmidt.laws.open_systems.coherence_part import coherence_part
from loschmidt.laws.open_systems.detailed_balance import detailed_balance
from loschmidt.laws.open_systems.entropy_balance import entropy_balance
from loschmidt.laws.open_systems.gibbs_fixed_point import gibbs_fixed_point
from loschmidt.laws.open_systems.heat_balance import heat_balance
from loschmidt.laws.open_systems.information_production import information_production, reservoir_production
from loschmidt.laws.open_systems.interior_entropy import interior_entropy
from loschmidt.laws.open_systems.nonadiabatic_part import nonadiabatic_part
from loschmidt.laws.open_systems.population_part import population_part
from loschmidt.laws.open_systems.second_law import second_law
from loschmidt.laws.open_systems.spohn import spohn
from loschmidt.laws.open_systems.steady_currents import steady_currents
from loschmidt.laws.open_systems.steady_entropies import steady_entropies
from loschmidt.laws.open_systems.temperature_gap import temperature_gap
from loschmidt.laws.positivity import positivity
from loschmidt.laws.subadditivity import subadditivity
from loschmidt.laws.thermal_operations.coherence_production import coherence_production
from loschmidt.laws.thermal_operations.conservation_identities import conservation_identities
from loschmidt.laws.thermal_operations.correlation_and_displacement import correlation_and_displacement
from loschmidt.laws.thermal_operations.finite_size_landauer_bound import finite_size_landauer_bound
from loschmidt.laws.thermal_operations.landauer_bound import landauer_bound
from loschmidt.laws.thermal_operations.local_coherence import local_coherence
from loschmidt.laws.thermal_operations.population_production import population_production
from loschmidt.laws.thermal_operations.switching_work import switching_work
from loschmidt.laws.trace import trace
from loschmidt.laws.trajectories.detailed_theorem import detailed_theorem
from loschmidt.laws.trajectories.integral_theorem import integral_theorem
from loschmidt.laws.trajectories.irreversible_second_law import irreversible_second_law
from loschmidt.laws.trajectories.quantum_heat import quantum_heat
from loschmidt.laws.trajectories.trajectory_heat import trajectory_heat
from loschmidt.laws.trajectories.trajectory_means import trajectory_means
from loschmidt.laws.trajectories.trajectory_states import trajectory_states
from loschmidt.laws.trajectories.trajectory_work import trajectory_switching_work, trajectory_work

__all__ = ["LAWS"]

LAWS: tuple[Law, ...] = (
    first_law,
    second_law,
    clausius,
    spohn,
    information_production,
    reservoir_production,
    population_part,
    coherence_part,
    nonadiabatic_part,
    adiabatic_part,
    entropy_conservation,
    part_entropies,
    part_energies,
    part_heat_balance,
    part_entropy_balance,
    opposite_heats,
    correlation_from_heat,
    heat_destinations,
    heat_exchange,
    part_triangle,
    reversal,
    erased_correlations,
    entropy_balance,
    heat_balance,
    interior_entropy,
    temperature_gap,
    detailed_balance,
    gibbs_fixed_point,
    gibbs_distance,
    correlation_and_displacement,
    switching_work,
    landauer_bound,
    finite_size_landauer_bound,
    population_production,
    coherence_production,
    conservation_identities,
    local_coherence,
    trajectory_heat,
    trajectory_work,
    trajectory_switching_work,
    quantum_heat,
    trajectory_means,
    trajectory_states,
    integral_theorem,
    detailed_theorem,
    irreversible_second_law,
    h_theorem,
    monotone_entropy,
    correlation_bound,
    identity_image_bound,
    recovery_bound,
    reservoir_bound,
    minimal_gain,
    data_processing,
    subadditivity,
    triangle,
    joint_entropy,
    norm,
    particle_numbers,
    lattice_energy,
    fock_subadditivity,
    fock_monotonicity,
    entropy_ceiling,
    entanglement_bound,
    erasure,
    local_invariance,
    frozen_species,
    bar_balance,
    pair_balance,
    interior_production,
    interface_production,
    bar_energy,
    gas_second_law,
    gas_reversibility,
    trace,
    positivity,
    counted_heat,
    noise_balance,
    noise_positivity,
    fluctuation_symmetry,
    thermodynamic_uncertainty,
    kinetic_uncertainty,
    steady_currents,
    steady_entropies,
    numbers,
)
