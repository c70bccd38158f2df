"""One small model file that the tests of this folder change, a line at a time."""

from __future__ import annotations

BASE = """\
title = "Two qubits"

[parameters]
w = 1.0
g = "0.1*w"

[system]
sites = ["left", "right"]
hamiltonian = "0.5*w*Z_left + 0.5*w*Z_right + g*X_left*X_right"

[equation]
type = "davies"

[[bath]]
name = "hot"
temperature = 2.0
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 10 }
couplings = "X_left"

[[bath]]
name = "cold"
temperature = 0.5
spectrum = { type = "flat", coupling = 0.02 }
couplings = ["X_right", "Y_right"]

[initial]
state = "|0,1>"

[times]
stop = 10
points = 11
"""


def changed(*edits: tuple[str, str]) -> str:
    """Return the model with each old text, which must stand in it once, replaced by the new one."""
    text = BASE
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the model"
        text = text.replace(old, new)
    return text


def line_number(text: str, part: str) -> int:
    """Return the line in which `part` starts."""
    return text[: text.index(part)].count("\n") + 1
