"""The three-level maser as a heat engine, with the cold bath on the upper transition."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["THREE_LEVEL_MASER"]

THREE_LEVEL_MASER = Model(
    name="three-level-maser",
    source="scovil1959",
    text='''\
title = "Three-level maser"
description = """
Hot quanta lift g to e, e falls to m into the cold bath, and the field takes m back to g: each hot quantum
becomes one of the field, with efficiency 1 - wc/wh, as long as wc/wh > Tc/Th. The frame rotates with the
field, so heat refers to the bare energies, and the power of the field appears as switching power, negative
where the maser gives work.
"""
source = "Scovil, Schulz-DuBois, Physical Review Letters 2, 262 (1959)"

[parameters]
wh = 3.0    # hot quantum, g - e
wc = 1.0    # cold quantum, m - e
lam = 0.02  # strength of the resonant field, g - m

[system]
levels = ["g", "m", "e"]
hamiltonian = "lam*(|g><m| + |m><g|)"

[equation]
type = "gkls"
free_hamiltonian = "(wh - wc)*|m><m| + wh*|e><e|"
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
couplings = "|m><e| + |e><m|"

[initial]
temperature = 1.0

[times]
stop = 600
points = 301
''',
)
