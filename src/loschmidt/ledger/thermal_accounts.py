"""The accounts of thermal operations beside those that any process with baths has."""

from __future__ import annotations

from loschmidt.ledger.account import Account

__all__ = ["THERMAL_ACCOUNTS"]

_SANTOS = "santos2019"

THERMAL_ACCOUNTS: tuple[Account, ...] = (
    Account(
        "environment_displacement",
        "S(ρ'‖ρ_β)",
        ("time", "bath"),
        "entropy",
        "relative entropy of each environment to its Gibbs state",
        "esposito2010entropy",
        True,
    ),
    Account(
        "landauer_bound",
        "-ΔS",
        ("time",),
        "entropy",
        "entropy that left the system: the least Σ β ΔE_E of any unitary and any reservoir",
        "landauer1961",
        True,
    ),
    Account(
        "finite_size_landauer_bound",
        "-ΔS + ΔS²/2N_d",
        ("time",),
        "entropy",
        "the least Σ β ΔE_E of a reservoir of this dimension",
        "reeb2014",
        True,
    ),
    Account("total_correlation", "I_tot", (), "entropy", "of the system and all environments, after", "watanabe1960"),
    Account("environment_coherence", "C(ρ'_E)", (), "entropy", "coherence of the environments, after", _SANTOS),
    Account("joint_coherence", "C_tot", (), "entropy", "coherence of the joint state, after", _SANTOS),
    Account(
        "correlated_coherence",
        "C_cc",
        (),
        "entropy",
        "C_tot - C(ρ'_S) - C(ρ'_E), which may have any sign",
        _SANTOS,
    ),
    Account(
        "local_correlated_coherence",
        "C_cc,loc",
        (),
        "entropy",
        "the same with local pinchings, not negative",
        _SANTOS,
    ),
    Account(
        "degenerate_coherence",
        "C_deg",
        (),
        "entropy",
        "coherence between product states of one total energy, not negative",
        _SANTOS,
    ),
    Account(
        "identity_residual",
        "r",
        ("identity",),
        "entropy",
        "how far the sides of each conservation law differ",
        _SANTOS,
    ),
    Account(
        "conservation_defect",
        "‖[U, H]‖",
        (),
        "1",
        "relative norm of the commutator with the total energy",
        _SANTOS,
    ),
    # Trajectories of two measurements.
    Account("trajectory_mean", "⟨σ⟩", ("quantity",), "entropy", "mean over trajectories", _SANTOS),
    Account("trajectory_variance", "Var σ", ("quantity",), "1", "variance of one trajectory, nats squared", _SANTOS),
    Account("trajectory_exponential", "⟨e^{-σ}⟩", ("quantity",), "1", "exponential average", _SANTOS),
    Account(
        "trajectory_mean_residual",
        "⟨σ⟩ - Σ",
        ("quantity",),
        "entropy",
        "mean less its closed form",
        _SANTOS,
    ),
    Account(
        "absolute_irreversibility",
        "λ",
        (),
        "1",
        "probability of backward trajectories without a forward one",
        "murashita2014",
    ),
    Account("integral_theorem_residual", "⟨e^{-σ}⟩ - (1 - λ)", (), "1", "zero by the integral theorem", _SANTOS),
    Account(
        "detailed_theorem_defect", "δ_DFT", (), "1", "distance of the histogram from P_F(σ) = e^σ P_B(-σ)", _SANTOS
    ),
    Account("histogram_value", "σ", ("atom",), "entropy", "atoms or bins of the histogram of σ", _SANTOS),
    Account("histogram_forward", "P_F", ("atom",), "1", "probability of σ going forward", _SANTOS),
    Account("histogram_backward", "P_B", ("atom",), "1", "probability of -σ going backward", _SANTOS),
)
