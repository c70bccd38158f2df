"""The list of all laws, in the order in which reports show them."""

from __future__ import annotations

from loschmidt.laws.adiabatic_part import adiabatic_part
from loschmidt.laws.bar_balance import bar_balance
from loschmidt.laws.bar_energy import bar_energy
from loschmidt.laws.clausius import clausius
from loschmidt.laws.coherence_part import coherence_part
from loschmidt.laws.coherence_production import coherence_production
from loschmidt.laws.conservation_identities import conservation_identities
from loschmidt.laws.correlation_and_displacement import correlation_and_displacement
from loschmidt.laws.correlation_bound import correlation_bound
from loschmidt.laws.correlation_from_heat import correlation_from_heat
from loschmidt.laws.counted_heat import counted_heat
from loschmidt.laws.data_processing import data_processing
from loschmidt.laws.detailed_balance import detailed_balance
from loschmidt.laws.detailed_theorem import detailed_theorem
from loschmidt.laws.entanglement_bound import entanglement_bound
from loschmidt.laws.entropy_balance import entropy_balance
from loschmidt.laws.entropy_ceiling import entropy_ceiling
from loschmidt.laws.entropy_conservation import entropy_conservation
from loschmidt.laws.erased_correlations import erased_correlations
from loschmidt.laws.erasure import erasure
from loschmidt.laws.finite_size_landauer_bound import finite_size_landauer_bound
from loschmidt.laws.first_law import first_law
from loschmidt.laws.fluctuation_symmetry import fluctuation_symmetry
from loschmidt.laws.fock_monotonicity import fock_monotonicity
from loschmidt.laws.fock_subadditivity import fock_subadditivity
from loschmidt.laws.frozen_species import frozen_species
from loschmidt.laws.gas_reversibility import gas_reversibility
from loschmidt.laws.gas_second_law import gas_second_law
from loschmidt.laws.gibbs_distance import gibbs_distance
from loschmidt.laws.gibbs_fixed_point import gibbs_fixed_point
from loschmidt.laws.h_theorem import h_theorem
from loschmidt.laws.heat_balance import heat_balance
from loschmidt.laws.heat_destinations import heat_destinations
from loschmidt.laws.heat_exchange import heat_exchange
from loschmidt.laws.identity_image_bound import identity_image_bound
from loschmidt.laws.information_production import information_production, reservoir_production
from loschmidt.laws.integral_theorem import integral_theorem
from loschmidt.laws.interface_production import interface_production
from loschmidt.laws.interior_entropy import interior_entropy
from loschmidt.laws.interior_production import interior_production
from loschmidt.laws.irreversible_second_law import irreversible_second_law
from loschmidt.laws.joint_entropy import joint_entropy
from loschmidt.laws.kinetic_uncertainty import kinetic_uncertainty
from loschmidt.laws.landauer_bound import landauer_bound
from loschmidt.laws.lattice_energy import lattice_energy
from loschmidt.laws.law import Law
from loschmidt.laws.local_coherence import local_coherence
from loschmidt.laws.local_invariance import local_invariance
from loschmidt.laws.minimal_gain import minimal_gain
from loschmidt.laws.monotone_entropy import monotone_entropy
from loschmidt.laws.noise_balance import noise_balance
from loschmidt.laws.noise_positivity import noise_positivity
from loschmidt.laws.nonadiabatic_part import nonadiabatic_part
from loschmidt.laws.norm import norm
from loschmidt.laws.numbers import numbers
from loschmidt.laws.opposite_heats import opposite_heats
from loschmidt.laws.pair_balance import pair_balance
from loschmidt.laws.part_energies import part_energies
from loschmidt.laws.part_entropies import part_entropies
from loschmidt.laws.part_entropy_balance import part_entropy_balance
from loschmidt.laws.part_heat_balance import part_heat_balance
from loschmidt.laws.part_triangle import part_triangle
from loschmidt.laws.particle_numbers import particle_numbers
from loschmidt.laws.population_part import population_part
from loschmidt.laws.population_production import population_production
from loschmidt.laws.positivity import positivity
from loschmidt.laws.quantum_heat import quantum_heat
from loschmidt.laws.recovery_bound import recovery_bound
from loschmidt.laws.reservoir_bound import reservoir_bound
from loschmidt.laws.reversal import reversal
from loschmidt.laws.second_law import second_law
from loschmidt.laws.spohn import spohn
from loschmidt.laws.steady_currents import steady_currents
from loschmidt.laws.steady_entropies import steady_entropies
from loschmidt.laws.subadditivity import subadditivity
from loschmidt.laws.switching_work import switching_work
from loschmidt.laws.temperature_gap import temperature_gap
from loschmidt.laws.thermodynamic_uncertainty import thermodynamic_uncertainty
from loschmidt.laws.trace import trace
from loschmidt.laws.trajectory_heat import trajectory_heat
from loschmidt.laws.trajectory_means import trajectory_means
from loschmidt.laws.trajectory_states import trajectory_states
from loschmidt.laws.trajectory_work import trajectory_switching_work, trajectory_work
from loschmidt.laws.triangle import triangle

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
