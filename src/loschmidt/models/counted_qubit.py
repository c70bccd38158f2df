"""A qubit between two baths whose heat is counted: closed forms for every cumulant."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["COUNTED_QUBIT"]

COUNTED_QUBIT = Model(
    name="counted-qubit",
    source="gingrich2016",
    text='''\
title = "Counted qubit between two baths"
description = """
Heat goes through a qubit quantum by quantum. Cumulants and noise of the current have closed forms, fluctuations
against the temperature difference are as rare as the entropy says, and precision has its classical price.
"""
source = "Gingrich et al., Physical Review Letters 116, 120601 (2016)"

[parameters]
w = 1.3

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
spectrum = { type = "flat", coupling = 0.05 }
couplings = "X"

[initial]
state = "|g>"

[times]
stop = 100
points = 101

[counting]
variables = [
  "heat from hot",
  "quanta from hot",
  "activity",
  { name = "through", terms = { "heat from hot" = 0.5, "heat from cold" = -0.5 } },
]
generating_function = { variables = ["quanta from hot"] }
''',
)
