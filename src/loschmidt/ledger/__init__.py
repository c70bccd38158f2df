"""Who gave what: labelled accounts of entropy, heat, work and entropy production, each with its error."""

from loschmidt.ledger.accounts import ACCOUNTS, Account
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.open_systems import build_ledger

__all__ = ["ACCOUNTS", "Account", "Ledger", "build_ledger"]
