"""A qubit that carries heat from a hot to a cold bath."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUBIT_TWO_BATHS"]

QUBIT_TWO_BATHS = Model(
    name="qubit-two-baths",
    source="spohn1978",
    text='''\
title = "Qubit between two baths"
description = """
The smallest conductor of heat: its steady current has a closed form, and every bath produces entropy on its
own.
"""
source = "Spohn, Journal of Mathematical Physics 19, 1227 (1978)"

[parameters]
w = 1.0

[system]
levels = ["e", "g"]
hamiltonian = "0.5*w*Z"

[[bath]]
name = "hot"
temperature = 2.0
spectrum = { type = "flat", coupling = 0.02 }
couplings = "X"

[[bath]]
name = "cold"
temperature = 0.5
spectrum = { type = "flat", coupling = 0.03 }
couplings = "X"

[initial]
state = "0.5*(I + 0.6*X - 0.5*Z)"

[times]
stop = 150
points = 201
''',
)
