"""A ladder of equal gaps, where coherence moves down the ladder as populations do."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["EQUAL_GAP_LADDER"]

EQUAL_GAP_LADDER = Model(
    name="equal-gap-ladder",
    source="breuer2002",
    text='''\
title = "Ladder of equal gaps"
description = """
A damped oscillator cut off at five levels. Because all gaps are equal, neighbouring coherences feed one
another: treating them one by one would change the coherence part of entropy production and nothing else.
The start holds a little of every level, so that no rate is infinite; the audit remarks on the last one.
"""
source = "Breuer, Petruccione, The Theory of Open Quantum Systems (2002), section 3.4"

[parameters]
w = 1.0

[system]
modes = [5]
hamiltonian = "w*n"

[[bath]]
name = "cold"
temperature = 0.3
spectrum = { type = "ohmic", coupling = 0.02, cutoff = 10 }
couplings = "a + adag"

[initial]
state = "0.05*I/5 + 0.95*(|1> + |2>)*(<1| + <2|)/2"

[times]
stop = 200
points = 201
''',
)
