"""Scattering from an ion that recoils: unital only where the collision is quasi-elastic."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUANTUM_ION"]

QUANTUM_ION = Model(
    name="quantum-ion",
    source="lesovik2016",
    text='''\
title = "Recoiling ion"
description = """
An electron on a ring scatters from a quantum oscillator. For a slow phonon the channel is nearly unital, with a
defect that grows as the square of the frequency; it is largest where phonon and electron levels meet.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eq. (12)"
kind = "scatterer"

[scatterer]
type = "quantum-ion"
sites = 5
hopping = 1.0
coupling = 4.0
duration = 1.0
frequency = 0.1
temperature = 0.5
variance = 0.2
''',
)
