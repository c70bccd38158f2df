"""The accounts of channels, dilations and collision chains."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["CHANNEL_ACCOUNTS"]

CHANNEL_ACCOUNTS: tuple[Account, ...] = (
    # Bounds on the entropy gained since the input.
    Account(
        "identity_image_bound",
        "B_1",
        STEPS,
        "entropy",
        "-tr{Φ(ρ) ln Φ(1)}, below which ΔS cannot be; Φ maps the input to this step",
        "lesovik2016",
        True,
    ),
    Account("recovery_bound", "B_rec", STEPS, "entropy", "S(ρ‖Φ†Φ(ρ)), a lower bound on ΔS", "buscemi2016", True),
    Account(
        "reservoir_bound",
        "B_R",
        STEPS,
        "entropy",
        "-(ln d_R - S(ρ_R)), minus the most that the reservoir can gain",
        "lesovik2016",
        True,
    ),
    Account("minimal_entropy_gain", "G", (), "entropy", "smallest ΔS over all inputs", "holevo2011"),
    Account("minimal_entropy_gain_lower_bound", "G_low", (), "entropy", "certified lower bound on G", "he2023"),
    # The map.
    Account("identity_image_spectrum", "λ", ("eigenvalue",), "1", "eigenvalues of Φ(1), lowest first", "lesovik2016"),
    Account("unitality_defect", "‖Φ(1) - 1‖", STEPS, "1", "operator norm; zero for a unital map", "lesovik2016"),
    Account(
        "subunitality_excess",
        "λ_max(Φ(1)) - 1",
        STEPS,
        "1",
        "not positive if Φ(1) ≤ 1: no state loses entropy then",
        "buscemi2016",
    ),
    Account("completely_positive_defect", "‖J₋‖", (), "1", "norm of the negative part of the Choi matrix", "choi1975"),
    Account("trace_preservation_defect", "‖Φ†(1) - 1‖", (), "1", "operator norm", "choi1975"),
    Account(
        "relative_entropy_to_reference",
        "S(ρ‖σ)",
        STEPS,
        "entropy",
        "to a faithful reference σ ∝ diag(1, ..., d), which the map takes along",
        "lindblad1975",
    ),
    # System and reservoir together.
    Account("reservoir_entropy", "S_R", STEPS, "entropy", "von Neumann entropy of the reservoir", "lesovik2016"),
    Account("joint_entropy", "S_SR", STEPS, "entropy", "von Neumann entropy of system and reservoir", "lesovik2016"),
    Account(
        "mutual_information",
        "I",
        STEPS,
        "entropy",
        "S + S_R - S_SR; of several parts their total correlation Σ S_X - S",
        "groisman2005",
    ),
    Account("reservoir_energy", "U_R", STEPS, "energy", "tr(H_R ρ_R)", "lesovik2016"),
    Account(
        "isolation_defect",
        "‖[U, H_S]‖",
        (),
        "1",
        "relative norm of the commutator of the unitary with H_S",
        "lesovik2016",
    ),
    Account(
        "criterion_residual",
        "r",
        ("criterion",),
        "1",
        "how far each sufficient condition for Φ(1) = 1 is from being met",
        "lesovik2016",
    ),
    # Chains of collisions.
    Account("entropy_step", "δS", STEPS, "entropy", "S now less S one step before", "lesovik2016"),
    Account("entropy_backflow", "B", STEPS, "entropy", "sum of all drops of S so far", "lesovik2016", True),
    Account(
        "correlation_bound",
        "-I before",
        STEPS,
        "entropy",
        "minus the correlation before the step, below which δS cannot be",
        "lesovik2016",
    ),
    Account(
        "intermediate_choi_minimum",
        "λ_min(Λ)",
        STEPS,
        "1",
        "lowest Choi eigenvalue of the map from the step before to this one; negative where memory gives back",
        "rivas2010",
    ),
    # Quasi-isolated windows of master equations.
    Account(
        "remaining_coherence",
        "c",
        STEPS,
        "1",
        "largest norm that any coherence still has",
        "lesovik2016",
    ),
    Account(
        "population_change", "d", STEPS, "1", "largest probability to have left the level of the start", "lesovik2016"
    ),
    Account("relaxation_time", "T_1", (), "time", "inverse of the slowest decay rate of populations", "lesovik2016"),
    Account("dephasing_time", "T_2", (), "time", "inverse of the slowest decay rate of coherences", "lesovik2016"),
    Account("window_start", "t_low", (), "time", "from here on coherences are gone", "lesovik2016"),
    Account("window_end", "t_high", (), "time", "up to here populations are still there", "lesovik2016"),
)
