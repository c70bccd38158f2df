"""Two coupled qubits between hot and cold, with baths that see the whole system."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_QUBITS_GLOBAL"]

TWO_QUBITS_GLOBAL = Model(
    name="two-qubits-global",
    source="hofer2017",
    text='''\
title = "Two qubits between hot and cold, global equation"
description = """
Each bath touches one qubit but exchanges quanta of the coupled pair, as it must when the coupling is strong
against the rates. Compare with two-qubits-local, the same system with baths that see one qubit only.
"""
source = "Hofer et al., New Journal of Physics 19, 123037 (2017)"

[parameters]
wh = 1.4 # hot qubit
wc = 1.0 # cold qubit
g = 0.6 # exchange

[system]
sites = ["hot", "cold"]
hamiltonian = "0.5*wh*Z_hot + 0.5*wc*Z_cold + 0.5*g*(X_hot*X_cold + Y_hot*Y_cold)"

[equation]
type = "davies"

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
