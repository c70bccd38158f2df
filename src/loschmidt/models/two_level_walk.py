"""A walker among two-level systems that remember it."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_LEVEL_WALK"]

TWO_LEVEL_WALK = Model(
    name="two-level-walk",
    source="lesovik2016",
    text='''\
title = "Walk among two-level systems"
description = """
An electron walks on a ring; at each site a two-level system is a mirror when it is up. Systems that forget
(reset = 1) make the entropy grow at every step. Systems that remember give entropy back, but never take it below
the start.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), section on two-level systems"
kind = "collisions"
steps = 40

[collisions]
type = "walk"
sites = 4
up_probability = 0.4
reset = 0.05
''',
)
