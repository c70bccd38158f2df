"""Scattering from an ion that does not move during the collision."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["FROZEN_ION"]

FROZEN_ION = Model(
    name="frozen-ion",
    source="lesovik2016",
    text='''\
title = "Frozen ion"
description = """
The ion stands still while the electron passes, at a place that is not known. The electron sees a random unitary:
its coherence shrinks by the Debye-Waller factor, and its entropy cannot fall.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eq. (12)"
kind = "scatterer"

[scatterer]
type = "frozen-ion"
leads = 2
splitter = "balanced"
wave_numbers = [1.0, -1.0]
variance = 0.2

[initial]
state = "|0>"
''',
)
