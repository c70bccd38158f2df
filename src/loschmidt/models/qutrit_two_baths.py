"""A qutrit between a hot and a cold bath: the split into adiabatic and non-adiabatic entropy production."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUTRIT_TWO_BATHS"]

QUTRIT_TWO_BATHS = Model(
    name="qutrit-two-baths",
    source="esposito2010",
    text='''\
title = "Qutrit between two baths"
description = """
The hot bath drives the outer transition, the cold bath the two inner ones. The steady state carries heat
from hot to cold: its entropy production is adiabatic, while that of the approach to it is non-adiabatic.
"""
source = "Esposito, Van den Broeck, Physical Review Letters 104, 090601 (2010)"

[parameters]
w1 = 1.0 # energy of level 1
w2 = 2.6 # energy of level 2

[system]
levels = ["0", "1", "2"]
hamiltonian = "w1*|1><1| + w2*|2><2|"

[[bath]]
name = "hot"
temperature = 5.0
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 20 }
couplings = "|0><2| + |2><0|"

[[bath]]
name = "cold"
temperature = 0.8
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 20 }
couplings = "|0><1| + |1><0| + |1><2| + |2><1|"

[initial]
temperature = 2.0

[times]
stop = 400
points = 201
''',
)
