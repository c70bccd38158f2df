"""What the exit code of the command says."""

from __future__ import annotations

__all__ = ["BAD_INPUT", "INTERNAL", "INTERRUPTED", "VIOLATED"]

VIOLATED = 1  # a law that theory guarantees is broken
BAD_INPUT = 2
INTERNAL = 70  # our own fault, so that a crash is not taken for a violated law
INTERRUPTED = 130
