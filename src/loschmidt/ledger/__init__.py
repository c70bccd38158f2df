"""Who gave what: labelled accounts of entropy, heat, work and entropy production, each with its error."""

from loschmidt.ledger.accounts import ACCOUNTS, Account
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger

__all__ = ["ACCOUNTS", "Account", "Ledger", "build_ledger"]
