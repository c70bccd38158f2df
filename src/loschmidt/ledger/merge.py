"""Add accounts to a ledger that is already kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loschmidt.ledger.ledger import Ledger, LedgerBuilder

__all__ = ["with_accounts"]


def with_accounts(ledger: Ledger, builder: LedgerBuilder, aspects: Sequence[str] = (), **attributes: Any) -> Ledger:
    """Return the ledger with the accounts of a builder of the same family, and with further aspects and attributes."""
    added = builder.build().data
    merged = ledger.data.assign({name: added[name] for name in added.data_vars})
    reasons = {name: reason for name, reason in added.attrs.items() if str(name).startswith("absent_")}
    if aspects:
        reasons["aspects"] = ", ".join((*ledger.aspects, *aspects))
    accounts = f"{ledger.data.attrs['accounts']} {added.attrs['accounts']}"
    return Ledger(merged.assign_attrs(reasons, accounts=accounts, **attributes))
