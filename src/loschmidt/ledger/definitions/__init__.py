"""Every definition of entropy production that a process has, side by side, and where two of them agree."""

from __future__ import annotations

from loschmidt.ledger.definitions.catalogue import DEFINITIONS, Definition
from loschmidt.ledger.definitions.compare import check_comparable, compare_definitions
from loschmidt.ledger.definitions.table import Agreement, DefinitionRow, DefinitionTable, Reading

__all__ = [
    "DEFINITIONS",
    "Agreement",
    "Definition",
    "DefinitionRow",
    "DefinitionTable",
    "Reading",
    "check_comparable",
    "compare_definitions",
]
