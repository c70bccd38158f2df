"""Every account a ledger can hold, in one list."""

from __future__ import annotations

from loschmidt.ledger.account import Account
from loschmidt.ledger.channel_accounts import CHANNEL_ACCOUNTS
from loschmidt.ledger.lattice_accounts import LATTICE_ACCOUNTS
from loschmidt.ledger.open_system_accounts import OPEN_SYSTEM_ACCOUNTS
from loschmidt.ledger.thermal_accounts import THERMAL_ACCOUNTS

__all__ = ["ACCOUNTS", "Account", "account"]

#: Each name stands once, whatever kinds of process use it.
ACCOUNTS: tuple[Account, ...] = (*OPEN_SYSTEM_ACCOUNTS, *CHANNEL_ACCOUNTS, *THERMAL_ACCOUNTS, *LATTICE_ACCOUNTS)


def account(name: str) -> Account:
    """Return the account of that name.

    Raises
    ------
    KeyError
        If there is none.

    Examples
    --------
    >>> account("entropy").symbol
    'S'
    """
    for entry in ACCOUNTS:
        if entry.name == name:
            return entry
    raise KeyError(f"There is no account {name!r}. The accounts are {', '.join(x.name for x in ACCOUNTS)}.")
