"""A qubit swept through an avoided crossing while a bath watches."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["LANDAU_ZENER"]

LANDAU_ZENER = Model(
    name="landau-zener",
    source="zener1932",
    text='''\
title = "Landau-Zener sweep in a bath"
description = """
The gap of a qubit is swept through its minimum. The drive creates coherence, the bath takes it away and
thermalises the levels where they are close. The baths follow the drive, which needs a slow sweep: v well
below delta^2.
"""
source = "Zener, Proceedings of the Royal Society A 137, 696 (1932)"

[parameters]
delta = 1.0 # smallest gap
v = 0.2     # sweep rate

[system]
qubits = 1
hamiltonian = "0.5*delta*X"

[[drive]]
operator = "Z"
coefficient = "0.5*v*t"

[[bath]]
name = "cold"
temperature = 0.4
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 20 }
couplings = "Z"

[initial]
temperature = 0.4

[times]
start = -25
stop = 25
points = 301
''',
)
