"""The list of all laws, in the order in which reports show them."""

from __future__ import annotations

from loschmidt.laws.adiabatic_part import adiabatic_part
from loschmidt.laws.clausius import clausius
from loschmidt.laws.coherence_part import coherence_part
from loschmidt.laws.coherence_production import coherence_production
from loschmidt.laws.conservation_identities import conservation_identities
from loschmidt.laws.correlation_bound import correlation_bound
from loschmidt.laws.data_processing import data_processing
from loschmidt.laws.detailed_balance import detailed_balance
from loschmidt.laws.detailed_theorem import detailed_theorem
from loschmidt.laws.entanglement_bound import entanglement_bound
from loschmidt.laws.entropy_balance import entropy_balance
from loschmidt.laws.entropy_ceiling import entropy_ceiling
from loschmidt.laws.erasure import erasure
from loschmidt.laws.first_law import first_law
from loschmidt.laws.fock_monotonicity import fock_monotonicity
from loschmidt.laws.fock_subadditivity import fock_subadditivity
from loschmidt.laws.frozen_species import frozen_species
from loschmidt.laws.gibbs_fixed_point import gibbs_fixed_point
from loschmidt.laws.h_theorem import h_theorem
from loschmidt.laws.heat_balance import heat_balance
from loschmidt.laws.identity_image_bound import identity_image_bound
from loschmidt.laws.integral_theorem import integral_theorem
from loschmidt.laws.joint_entropy import joint_entropy
from loschmidt.laws.lattice_energy import lattice_energy
from loschmidt.laws.law import Law
from loschmidt.laws.local_coherence import local_coherence
from loschmidt.laws.local_invariance import local_invariance
from loschmidt.laws.minimal_gain import minimal_gain
from loschmidt.laws.monotone_entropy import monotone_entropy
from loschmidt.laws.nonadiabatic_part import nonadiabatic_part
from loschmidt.laws.norm import norm
from loschmidt.laws.numbers import numbers
from loschmidt.laws.particle_numbers import particle_numbers
from loschmidt.laws.population_part import population_part
from loschmidt.laws.population_production import population_production
from loschmidt.laws.positivity import positivity
from loschmidt.laws.recovery_bound import recovery_bound
from loschmidt.laws.reservoir_bound import reservoir_bound
from loschmidt.laws.second_law import second_law
from loschmidt.laws.spohn import spohn
from loschmidt.laws.steady_currents import steady_currents
from loschmidt.laws.subadditivity import subadditivity
from loschmidt.laws.trace import trace
from loschmidt.laws.trajectory_means import trajectory_means
from loschmidt.laws.triangle import triangle

__all__ = ["LAWS"]

LAWS: tuple[Law, ...] = (
    first_law,
    second_law,
    clausius,
    spohn,
    population_part,
    coherence_part,
    nonadiabatic_part,
    adiabatic_part,
    entropy_balance,
    heat_balance,
    detailed_balance,
    gibbs_fixed_point,
    population_production,
    coherence_production,
    conservation_identities,
    local_coherence,
    trajectory_means,
    integral_theorem,
    detailed_theorem,
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
    trace,
    positivity,
    steady_currents,
    numbers,
)
