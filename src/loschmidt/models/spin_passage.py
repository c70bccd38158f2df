"""A spin beside a barrier turns when the particle passes."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["SPIN_PASSAGE"]

SPIN_PASSAGE = Model(
    name="spin-passage",
    source="lesovik2016",
    text='''\
title = "Barrier beside a spin"
description = """
The spin turns when the particle passes from left to right and turns back when it passes the other way. It can
learn which way the particle went, but the channel stays unital.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eqs. (6) to (8)"
kind = "scatterer"

[scatterer]
type = "spin-passage"
transmission = 0.5
rotation_vector = [1.5, 0, 0]
spin = [0, 0, 1]

[initial]
state = "|0>"
''',
)
