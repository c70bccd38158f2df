"""The accounts of several interacting parts, beside those of the whole, which is an open system like any other."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["BIPARTITE_ACCOUNTS"]

_PARTS = ("time", "part")
_AHMADI = "ahmadi2020"

BIPARTITE_ACCOUNTS: tuple[Account, ...] = (
    Account("part_entropy", "S_X", _PARTS, "entropy", "von Neumann entropy of the reduced state of each part", _AHMADI),
    Account(
        "correlation_entropy",
        "S_C",
        STEPS,
        "entropy",
        "entropy of the correlations, -S(ρ‖ρ_1⊗ρ_2⊗⋯), never positive",
        _AHMADI,
    ),
    Account("part_energy", "U_X", _PARTS, "energy", "tr(H_X ρ_X) of each part", _AHMADI),
    Account("coupling_energy", "⟨V⟩", STEPS, "energy", "tr(V ρ)", _AHMADI),
    Account("part_heat_rate", "Q̇_X", _PARTS, "power", "tr(H_X dρ_X/dt), heat current into each part", _AHMADI),
    Account(
        "part_entropy_rate",
        "Ṡ_X",
        _PARTS,
        "entropy rate",
        "-tr(dρ_X/dt ln ρ_X) of each part, with dρ_X/dt the partial trace of dρ/dt",
        _AHMADI,
    ),
    Account(
        "part_generalised_inverse_temperature",
        "β_gen,X",
        _PARTS,
        "1/energy",
        "Ṡ_X / Q̇_X of each part; zero at a pole of T_X, infinite where T_X = 0",
        _AHMADI,
    ),
    Account(
        "part_temperature_status",
        "status of T_X",
        _PARTS,
        "1",
        "0 regular, 1 negative, 2 pole, 3 zero, 4 logarithmic, 5 undefined",
        _AHMADI,
    ),
    Account("part_heat", "Q_X", _PARTS, "energy", "∫ tr(H_X dρ_X), heat that entered each part", _AHMADI, True),
    Account(
        "part_work",
        "W_X",
        _PARTS,
        "energy",
        "∫ tr(ρ_X dH_X), work done on each part by its own drive",
        "alicki1979",
        True,
    ),
    Account(
        "part_displacement",
        "S(ρ_X‖π_X)",
        _PARTS,
        "entropy",
        "relative entropy of each part to the Gibbs state at its inverse temperature",
        "esposito2010entropy",
    ),
    Account(
        "exchanged_entropy",
        "Σ β_X Q_X",
        STEPS,
        "entropy",
        "heat into each part over the temperature it started at, summed",
        "micadei2019",
        True,
    ),
    Account("integrated_part_heat_rate", "∫Q̇_X dt", _PARTS, "energy", "∫ Q̇_X dt, by quadrature", _AHMADI, True),
    Account("integrated_part_entropy_rate", "∫Ṡ_X dt", _PARTS, "entropy", "∫ Ṡ_X dt, by quadrature", _AHMADI, True),
    Account(
        "part_inverse_temperature",
        "β_X",
        ("part",),
        "1/energy",
        "inverse temperature each part is compared with",
        _AHMADI,
    ),
    Account(
        "interaction_commutator",
        "‖[V, Σ H_X]‖",
        (),
        "1",
        "relative norm of the commutator, largest at any output time; zero if the interaction conserves energy",
        _AHMADI,
    ),
    # The motion undone.
    Account(
        "reversal_distance",
        "T_back",
        ("undone",),
        "1",
        "trace distance from the initial state after the motion is undone",
        _AHMADI,
    ),
    Account(
        "reversal_entropy_gain",
        "ΔS_back",
        ("undone",),
        "entropy",
        "entropy after the motion is undone, less that of the initial state",
        _AHMADI,
    ),
    Account(
        "erased_information",
        "I_erased",
        (),
        "entropy",
        "mutual information erased before the motion is undone",
        _AHMADI,
    ),
)
