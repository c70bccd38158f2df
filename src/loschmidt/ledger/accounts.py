"""Every account a ledger can hold, in one list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from loschmidt.ledger.account import Account
from loschmidt.ledger.bipartite_accounts import BIPARTITE_ACCOUNTS
from loschmidt.ledger.channel_accounts import CHANNEL_ACCOUNTS
from loschmidt.ledger.classical_accounts import CLASSICAL_ACCOUNTS
from loschmidt.ledger.counting_accounts import COUNTING_ACCOUNTS, MIXING_ACCOUNTS
from loschmidt.ledger.jump_accounts import JUMP_ACCOUNTS
from loschmidt.ledger.lattice_accounts import LATTICE_ACCOUNTS
from loschmidt.ledger.nonthermal_accounts import NONTHERMAL_ACCOUNTS
from loschmidt.ledger.open_system_accounts import OPEN_SYSTEM_ACCOUNTS
from loschmidt.ledger.thermal_accounts import THERMAL_ACCOUNTS

__all__ = ["ACCOUNTS", "Account", "account"]

#: Each name stands once, whatever kinds of process use it.
ACCOUNTS: tuple[Account, ...] = (
    *OPEN_SYSTEM_ACCOUNTS,
    *COUNTING_ACCOUNTS,
    *MIXING_ACCOUNTS,
    *CHANNEL_ACCOUNTS,
    *BIPARTITE_ACCOUNTS,
    *THERMAL_ACCOUNTS,
    *JUMP_ACCOUNTS,
    *NONTHERMAL_ACCOUNTS,
    *LATTICE_ACCOUNTS,
    *CLASSICAL_ACCOUNTS,
)
_BY_NAME: Mapping[str, Account] = MappingProxyType({entry.name: entry for entry in ACCOUNTS})


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
    if name not in _BY_NAME:
        raise KeyError(f"There is no account {name!r}. The accounts are {', '.join(_BY_NAME)}.")
    return _BY_NAME[name]
