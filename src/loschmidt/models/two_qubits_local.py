"""Two coupled qubits between hot and cold, with baths that see one qubit each."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_QUBITS_LOCAL"]

TWO_QUBITS_LOCAL = Model(
    name="two-qubits-local",
    source="levy2014",
    text='''\
title = "Two qubits between hot and cold, local equation"
description = """
Each bath acts as if its qubit were alone. Heat counted by the free Hamiltonian obeys the second law, and
the rest of the energy is the power of switching the interaction on and off. In the end that power drives
heat from the cold bath into the hot one; with energy = "full" the same heat flows with no power to drive
it. The coupling is so strong that the audit doubts the local approximation.
"""
source = "Levy, Kosloff, EPL 107, 20004 (2014)"

[parameters]
wh = 1.4 # hot qubit
wc = 1.0 # cold qubit
g = 0.6 # exchange

[system]
sites = ["hot", "cold"]
hamiltonian = "0.5*wh*Z_hot + 0.5*wc*Z_cold + 0.5*g*(X_hot*X_cold + Y_hot*Y_cold)"

[equation]
type = "local"
free_hamiltonian = "0.5*wh*Z_hot + 0.5*wc*Z_cold"
energy = "free"

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
stop = 250
points = 501
''',
)
