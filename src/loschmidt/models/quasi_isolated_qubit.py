"""A qubit that dephases long before it relaxes."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUASI_ISOLATED_QUBIT"]

QUASI_ISOLATED_QUBIT = Model(
    name="quasi-isolated-qubit",
    source="lesovik2016",
    text='''\
title = "Quasi-isolated qubit"
description = """
Dephasing is ten thousand times faster than relaxation. In between, from t = 7 to 100, the coherences are gone and
the populations still there: the channel is nearly unital, and the entropy does not fall.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), section on quasi-isolated systems"

[parameters]
w = 1.0

[system]
levels = ["e", "g"]
hamiltonian = "0.5*w*Z"

[[bath]]
name = "cold"
temperature = 0.2
spectrum = { type = "flat", coupling = 1e-4, zero_frequency_rate = 0 }
couplings = "X"

[[bath]]
name = "noise"
temperature = 0.2
jumps = [{ operator = "Z", rate = 0.5 }]

[equation]
type = "gkls"

[window]
coherence_tolerance = 1e-3
population_tolerance = 1e-2

[initial]
state = "(|e> + |g>)/sqrt(2)"

[times]
start = 0.01
stop = 100000
points = 141
scale = "log"
''',
)
