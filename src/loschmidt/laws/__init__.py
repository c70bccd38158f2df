"""Whether what happened was allowed: the laws, one a file, and the audit that holds a ledger against them."""

from loschmidt.laws.audit import Audit, Finding, Verdict, audit
from loschmidt.laws.catalogue import LAWS
from loschmidt.laws.law import Condition, Law, Margin

__all__ = ["LAWS", "Audit", "Condition", "Finding", "Law", "Margin", "Verdict", "audit"]
