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
)
