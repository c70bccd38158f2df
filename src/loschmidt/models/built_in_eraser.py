"""An isolated system that carries its own eraser: a third species whose motion is not reversed."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["BUILT_IN_ERASER"]

BUILT_IN_ERASER = Model(
    name="built-in-eraser",
    source="guo2025i",
    text='''\
title = "Isolated system with a built-in eraser"
description = """
Two species go forward and are reversed, but a third, which they push about, is not. The whole is isolated and
unitary, and still the two do not come back: the echo decays from repetition to repetition.
"""
source = "Guo, arXiv:2503.04152 (2025); sizes and parameters are ours"
kind = "lattice"
interaction = { tau-upsilon = 1.0, tau-kappa = 0.5, upsilon-kappa = 0.5 }

[lattice]
type = "chain"
sites = 5

[[species]]
name = "tau"
particles = 2

[[species]]
name = "upsilon"
particles = 2

[[species]]
name = "kappa"
particles = 1

[protocol]
type = "built-in-eraser"
time = 2.0
repetitions = 8
eraser = "kappa"

[initial]
state = "domain wall"
''',
)
