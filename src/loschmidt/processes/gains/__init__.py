"""How much entropy a channel adds: its gain, bounds of it, its minimum with a proof, and states that lose entropy."""

from __future__ import annotations

from loschmidt.processes.gains.gain import (
    GainBounds,
    GainBracket,
    entropy_gain,
    gain_bounds,
    gain_bracket,
    maximally_mixed_gain,
    safe_operator,
)
from loschmidt.processes.gains.minimal import MinimalEntropyGain, minimal_entropy_gain
from loschmidt.processes.gains.violation import (
    Verification,
    Violation,
    ViolationSearch,
    search_for_violation,
    second_law_violation,
)

__all__ = [
    "GainBounds",
    "GainBracket",
    "MinimalEntropyGain",
    "Verification",
    "Violation",
    "ViolationSearch",
    "entropy_gain",
    "gain_bounds",
    "gain_bracket",
    "maximally_mixed_gain",
    "minimal_entropy_gain",
    "safe_operator",
    "search_for_violation",
    "second_law_violation",
]
