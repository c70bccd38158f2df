"""Qubit relaxation with coherence: the smallest model with both parts of entropy production."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUBIT_RELAXATION"]

QUBIT_RELAXATION = Model(
    name="qubit-relaxation",
    source="santos2019",
    text='''\
title = "Qubit in a cold bath"
description = """
A qubit that starts hot and coherent relaxes in a cold bath. Entropy production has two parts: populations
that move towards thermal ones, and coherence that is lost.
"""
source = "Santos, Céleri, Landi, Paternostro, npj Quantum Information 5, 23 (2019)"

[parameters]
w = 1.0 # energy of the excited level; the unit of energy

[system]
levels = ["e", "g"]
hamiltonian = "0.5*w*Z"

[[bath]]
name = "cold"
temperature = "0.4*w"
spectrum = { type = "ohmic", coupling = 0.02, cutoff = "10*w" }
couplings = "X"

[initial]
state = "0.5*(I + 0.7*X + 0.6*Z)" # Bloch vector (0.7, 0, 0.6)

[times]
stop = 200
points = 201
''',
)
