"""Two nearly resonant qubits, weakly coupled, without the secular approximation."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_QUBITS_REDFIELD"]

TWO_QUBITS_REDFIELD = Model(
    name="two-qubits-redfield",
    source="gonzalez2017",
    text='''\
title = "Two qubits between hot and cold, Redfield equation"
description = """
Nearly resonant qubits with a coupling as weak as the rates, where a global equation in secular
approximation is wrong. The Redfield equation is right for currents, but does not promise positive states or
a second law: the audit says so.
"""
source = "González et al., Open Systems & Information Dynamics 24, 1740010 (2017)"

[parameters]
wh = 1.01 # hot qubit
wc = 1.0 # cold qubit
g = 0.02 # exchange

[system]
sites = ["hot", "cold"]
hamiltonian = "0.5*wh*Z_hot + 0.5*wc*Z_cold + 0.5*g*(X_hot*X_cold + Y_hot*Y_cold)"

[equation]
type = "redfield"

[[bath]]
name = "hot"
temperature = 1.2
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 20 }
couplings = "X_hot"

[[bath]]
name = "cold"
temperature = 1.0
spectrum = { type = "ohmic", coupling = 0.01, cutoff = 20 }
couplings = "X_cold"

[initial]
temperature = 0.6

[times]
stop = 500
points = 251
''',
)
