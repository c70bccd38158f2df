"""The accounts of baths that are not thermal."""

from __future__ import annotations

from loschmidt.ledger.account import Account

__all__ = ["NONTHERMAL_ACCOUNTS"]

_BATHS = ("time", "bath")

NONTHERMAL_ACCOUNTS: tuple[Account, ...] = (
    Account(
        "information_production_rate_by_bath",
        "Σ̇_info,b",
        _BATHS,
        "entropy rate",
        "-tr[D_b(ρ)(ln ρ - ln π_b)], π_b the state that the bath alone leads to; zero there",
        "spohn1978",
    ),
    Account(
        "reservoir_production_rate_by_bath",
        "Σ̇_env,b",
        _BATHS,
        "entropy rate",
        "-tr[D_b(ρ) ln ρ] + Σ s_k γ_k ⟨L_k†L_k⟩, s_k the entropy that a jump puts into the reservoir",
        "manzano2016",
    ),
)
