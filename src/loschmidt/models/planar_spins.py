"""Spins in the plane of the leads all turn about one axis: the H-theorem holds whatever their state."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["PLANAR_SPINS"]

PLANAR_SPINS = Model(
    name="planar-spins",
    source="lesovik2016",
    text='''\
title = "Planar array of spins"
description = """
All spins lie in the plane of the leads and turn about the same axis. Their operators commute, so the particle
sees one of several unitaries at random, and its entropy cannot fall.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), section on spin arrays"
kind = "scatterer"

[scatterer]
type = "planar-array"
splitter = "symmetric"
up_probabilities = [1.0, 0.9, 0.8]
angles_out = [[0.3, 0.7, 1.1], [1.3, 0.2, 0.5], [0.9, 1.7, 0.4]]
angles_in = [[0.2, 0.4, 0.6], [0.1, 0.9, 0.3], [0.5, 0.8, 0.7]]

[initial]
state = "|0>"
''',
)
