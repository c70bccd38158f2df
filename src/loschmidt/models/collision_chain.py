"""A qubit that thermalises by collisions with fresh ancillas."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["COLLISION_CHAIN"]

COLLISION_CHAIN = Model(
    name="collision-chain",
    source="ciccarello2022",
    text='''\
title = "Thermalising by collisions"
description = """
A qubit in a superposition meets a fresh cold qubit at every step and exchanges excitations with it. The map is
not unital, so the entropy may fall, and does once the coherence is gone.
"""
source = "Ciccarello et al., Physics Reports 954, 1 (2022)"
kind = "collisions"
steps = 40

[parameters]
w = 1.0
g = 1.0

[system]
qubits = 1
hamiltonian = "0.5*w*Z0"

[ancilla]
sites = ["a"]
hamiltonian = "0.5*w*Z_a"
temperature = 0.5

[collisions]
type = "chain"
hamiltonian = "g*(X0*X_a + Y0*Y_a)"
time = 0.2
reset = 1

[initial]
state = "(|0> + |1>)/sqrt(2)"
''',
)
