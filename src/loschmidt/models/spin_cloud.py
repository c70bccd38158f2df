"""Leads in a sphere of many spins: the larger the reservoir, the closer to unital."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["SPIN_CLOUD"]

SPIN_CLOUD = Model(
    name="spin-cloud",
    source="lesovik2016",
    text='''\
title = "Three leads in a cloud of spins"
description = """
Each lead turns every spin around it by the magnetic field of its current. One spin lets entropy fall; with many,
the mean commutators vanish exponentially and the H-theorem is restored. Weak turns (strength 0.3) need more
spins and get worse before they get better.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eqs. (9) to (11)"
kind = "scatterer"

[scatterer]
type = "spin-cloud"
splitter = "symmetric"
spins = 8
strength = 1.0
spin = [0, 0, 1]
''',
)
