"""Add to the ledger of a master equation when its system is as good as isolated."""

from __future__ import annotations

from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.processes.quasi_isolated_window import QuasiIsolatedWindow

__all__ = ["with_window"]


def with_window(ledger: Ledger, window: QuasiIsolatedWindow) -> Ledger:
    """Return the ledger with the accounts of a window that was sought on its times."""
    builder = LedgerBuilder(ledger.family, {"time": window.times})
    builder.add("remaining_coherence", window.coherence)
    builder.add("population_change", window.population_change)
    builder.add("unitality_defect", window.defect)
    for name, value in (
        ("relaxation_time", window.t1),
        ("dephasing_time", window.t2),
        ("window_start", window.t_low),
        ("window_end", window.t_high),
    ):
        if value is not None:
            builder.add(name, value)
    return with_accounts(ledger, builder, summary=f"Quasi-isolated window: {window.verdict}.")
