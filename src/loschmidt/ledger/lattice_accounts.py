"""The accounts of lattice fermions: entropies of Fock states, entanglement, densities, energies and the echo."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["LATTICE_ACCOUNTS"]

_SPECIES = ("time", "species")
_LOOKED = ("entangled_step",)
_GUO, _PART_ONE, _PAGE = "guo2025", "guo2025i", "page1993"

LATTICE_ACCOUNTS: tuple[Account, ...] = (
    # Entropies and entanglement.
    Account("fock_entropy", "S", STEPS, "entropy", "-Σ p ln p over joint Fock states of all species", _GUO),
    Account("species_fock_entropy", "S_s", _SPECIES, "entropy", "-Σ p ln p over Fock states of a species", _GUO),
    Account(
        "species_entanglement",
        "S_ent,s",
        ("entangled_step", "species"),
        "entropy",
        "entanglement entropy of a species with the others",
        _GUO,
    ),
    Account(
        "half_chain_entanglement",
        "S_ent,A",
        _LOOKED,
        "entropy",
        "entanglement entropy of the first sites with the rest, all species together",
        _PART_ONE,
    ),
    Account("purity", "tr ρ_s²", ("entangled_step", "species"), "1", "purity of a species", _GUO),
    Account("participation", "1/Σp²", STEPS, "1", "number of joint Fock states that take part", _GUO),
    Account("species_participation", "1/Σp_s²", _SPECIES, "1", "number of Fock states of a species", _GUO),
    # Where the particles are, and their energy.
    Account("density", "n", ("time", "species", "site"), "1", "mean number of particles at each site", _GUO),
    Account("double_occupancy", "nn", ("time", "pair", "site"), "1", "mean number of pairs of species at a site", _GUO),
    Account("hopping_energy", "E_hop", _SPECIES, "energy", "mean kinetic energy of a species", _GUO),
    Account("potential_energy", "E_pot", _SPECIES, "energy", "mean potential energy of a species", _GUO),
    Account("interaction_energy", "E_int", ("time", "pair"), "energy", "mean interaction energy of a pair", _GUO),
    Account(
        "cut_current", "J_cut", _SPECIES, "particle rate", "particles that leave the first sites, per time", _PART_ONE
    ),
    # The echo.
    Account("echo_fidelity", "F", STEPS, "1", "|⟨φ_0|φ⟩|², or its like for the species that are to return", _GUO),
    Account("unerased_echo_fidelity", "F_0", STEPS, "1", "the same if nothing is erased", _GUO),
    Account("unerased_fock_entropy", "S_0", STEPS, "entropy", "S if nothing is erased", _GUO),
    # What must not change.
    Account("norm", "⟨φ|φ⟩", STEPS, "1", "squared norm of the state", _GUO),
    Account(
        "particle_number_defect", "|Σn - N|", _SPECIES, "1", "how far the densities miss the particle number", _GUO
    ),
    Account(
        "energy_drift",
        "δE",
        STEPS,
        "energy",
        "change of ⟨H⟩ since the last record where only H acted, else zero",
        _GUO,
    ),
    Account(
        "erasure_entropy_change",
        "δS_O",
        STEPS,
        "entropy",
        "largest change of a Fock entropy since the last record where only phases acted, else zero",
        _GUO,
    ),
    Account(
        "erasure_entanglement_change",
        "δS_ent,O",
        STEPS,
        "entropy",
        "change of the entanglement since the last record where only phases of single species acted, else zero",
        _GUO,
    ),
    Account(
        "frozen_entropy_change",
        "δS_frozen",
        _SPECIES,
        "entropy",
        "change of S_s since the last record where only other species moved, else zero",
        _GUO,
    ),
    # Equilibrium.
    Account("uniform_entropy", "ln d", (), "entropy", "of a uniform distribution over joint Fock states", _GUO),
    Account(
        "uniform_species_entropy",
        "ln d_s",
        ("species",),
        "entropy",
        "the same for the Fock states of a species",
        _GUO,
    ),
    Account("haar_entropy", "⟨S⟩_Haar", (), "entropy", "mean S of a random state", _PAGE),
    Account("haar_species_entropy", "⟨S_s⟩_Haar", ("species",), "entropy", "mean S_s of a random state", _PAGE),
    Account(
        "page_species_entanglement",
        "S_Page,s",
        ("species",),
        "entropy",
        "mean entanglement of a random state",
        _PAGE,
    ),
    Account(
        "page_half_chain_entanglement",
        "S_Page,A",
        (),
        "entropy",
        "the same for the first sites with the rest",
        _PAGE,
    ),
)
