"""Two nearly resonant qubits with nearly equal frequencies clustered."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_QUBITS_PARTIAL_SECULAR"]

TWO_QUBITS_PARTIAL_SECULAR = Model(
    name="two-qubits-partial-secular",
    source="trushechkin2021",
    text='''\
title = "Two qubits between hot and cold, partial secular equation"
description = """
The system of two-qubits-redfield with Bohr frequencies clustered: completely positive, and it keeps the
coherence between nearly equal levels that carries the current.
"""
source = "Trushechkin, Physical Review A 103, 062226 (2021)"

[parameters]
wh = 1.01 # hot qubit
wc = 1.0 # cold qubit
g = 0.02 # exchange

[system]
sites = ["hot", "cold"]
hamiltonian = "0.5*wh*Z_hot + 0.5*wc*Z_cold + 0.5*g*(X_hot*X_cold + Y_hot*Y_cold)"

[equation]
type = "partial-secular"
cluster_width = 0.05

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
