"""Covariances are those of real numbers."""

from __future__ import annotations

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

__all__ = ["noise_positivity"]


@law(
    name="noise positivity",
    statement="C ≥ 0, the covariances of what is counted",
    source="flindt2008",
    citation="Flindt 2008",
    unit="rate",
    needs=("noise_minimum",),
    cause="No numbers have such covariances: the response of the steady state is wrong.",
    families=("counting",),
)
def noise_positivity(ledger: Ledger) -> Margin:
    """The lowest eigenvalue of the noise matrix; zero where variables are tied to one another."""
    return Margin(ledger["noise_minimum"], ledger.error("noise_minimum"))
