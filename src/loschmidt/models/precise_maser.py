"""A three-level maser that is more precise than any classical engine of the same cost."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["PRECISE_MASER"]

PRECISE_MASER = Model(
    name="precise-maser",
    source="kalaee2021",
    text='''\
title = "Maser below the classical price of precision"
description = """
Where the field is about as strong as the decoherence of its two levels, the quanta come more regularly than
jumps between levels could: variance times entropy production falls below twice the squared mean.
"""
source = "Kalaee, Wacker, Potts, Physical Review E 104, L012103 (2021)"

[parameters]
wh = 3.0     # hot quantum, g - e
wc = 1.0     # cold quantum, m - e
lam = 0.025  # strength of the resonant field, g - m

[system]
levels = ["g", "m", "e"]
hamiltonian = "lam*(|g><m| + |m><g|)"

[equation]
type = "gkls"
free_hamiltonian = "(wh - wc)*|m><m| + wh*|e><e|"
energy = "free"

[[bath]]
name = "hot"
temperature = 10.0
spectrum = { type = "flat", coupling = 0.04 }
couplings = "|g><e| + |e><g|"

[[bath]]
name = "cold"
temperature = 0.6
spectrum = { type = "flat", coupling = 0.05 }
couplings = "|m><e| + |e><m|"

[initial]
temperature = 0.6

[times]
stop = 300
points = 151

[counting]
variables = ["quanta from hot", "heat from hot", "heat from cold"]
generating_function = { variables = ["quanta from hot"] }
''',
)
