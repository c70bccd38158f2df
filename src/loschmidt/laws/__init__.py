"""Whether what happened was allowed: the laws, one a file, and the audit that holds a ledger against them."""

from loschmidt.laws.audit import Audit, audit
from loschmidt.laws.catalogue import LAWS
from loschmidt.laws.finding import Finding, Verdict
from loschmidt.laws.law import Condition, Law, Margin

__all__ = ["LAWS", "Audit", "Condition", "Finding", "Law", "Margin", "Verdict", "audit"]
