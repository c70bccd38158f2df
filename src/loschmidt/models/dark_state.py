"""A degenerate V system whose dark state never relaxes: many steady states."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["DARK_STATE"]

DARK_STATE = Model(
    name="dark-state",
    source="frigerio1978",
    text='''\
title = "V system with a dark state"
description = """
Two excited levels of equal energy couple to the bath through the same transition. Their odd superposition
is dark: half of the excitation stays for ever, the coherence between a and b is protected, and the steady
state depends on the start.
"""
source = "Frigerio, Communications in Mathematical Physics 63, 269 (1978)"

[parameters]
w = 1.0

[system]
levels = ["g", "a", "b"]
hamiltonian = "w*(|a><a| + |b><b|)"

[[bath]]
name = "cold"
temperature = 0.5
spectrum = { type = "ohmic", coupling = 0.02, cutoff = 10 }
couplings = "|g><a| + |g><b| + |a><g| + |b><g|"

[initial]
state = "0.9*|a><a| + 0.1*I/3"

[times]
stop = 200
points = 201
''',
)
