"""The three-level amplifier: the other wiring, with the cold bath on the lower transition."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["THREE_LEVEL_AMPLIFIER"]

THREE_LEVEL_AMPLIFIER = Model(
    name="three-level-amplifier",
    source="geva1996",
    text='''\
title = "Three-level amplifier"
description = """
The other wiring of the three-level maser: the field acts between m and e, and the cold bath between g and
m. Efficiency and threshold are those of the maser, currents and coherence are not.
"""
source = "Geva, Kosloff, The Journal of Chemical Physics 104, 7681 (1996)"

[parameters]
wh = 3.0    # hot quantum, g - e
wc = 1.0    # cold quantum, g - m
lam = 0.02  # strength of the resonant field, m - e

[system]
levels = ["g", "m", "e"]
hamiltonian = "lam*(|m><e| + |e><m|)"

[equation]
type = "gkls"
free_hamiltonian = "wc*|m><m| + wh*|e><e|"
energy = "free"

[[bath]]
name = "hot"
temperature = 6.0
spectrum = { type = "flat", coupling = 0.02 }
couplings = "|g><e| + |e><g|"

[[bath]]
name = "cold"
temperature = 1.0
spectrum = { type = "flat", coupling = 0.02 }
couplings = "|g><m| + |m><g|"

[initial]
temperature = 1.0

[times]
stop = 600
points = 301
''',
)
