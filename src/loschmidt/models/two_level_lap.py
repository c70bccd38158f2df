"""A pseudospin that meets the same two-level systems lap after lap."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_LEVEL_LAP"]

TWO_LEVEL_LAP = Model(
    name="two-level-lap",
    source="lesovik2016",
    text='''\
title = "Laps past two-level systems"
description = """
A pseudospin circulates past two-level systems that flip it when they are up. The entropy can fall after a lap
unless the memory is lost faster than a threshold, which is known exactly: with up_probability 0.2 and one
system, reset = 0.625.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), section on two-level systems"
kind = "collisions"
steps = 24

[collisions]
type = "lap"
systems = 4
up_probability = 0.2
reset = 0.1
''',
)
