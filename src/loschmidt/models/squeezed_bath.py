"""A qubit in a squeezed bath, for which Clausius' inequality with the bath's temperature fails."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["SQUEEZED_BATH"]

SQUEEZED_BATH = Model(
    name="squeezed-bath",
    source="manzano2016",
    text='''\
title = "Qubit in a squeezed bath"
description = """
A qubit at the temperature of a bath is heated when the bath is squeezed, so that the entropy it gains is less than
the heat over that temperature. Nothing is wrong: the bath is not thermal. What is never negative is the production
measured by the state that the bath leads to, which ends there, and that of the reservoir, which goes on.
"""
source = "Manzano, Galve, Zambrini and Parrondo, Physical Review E 93, 052120 (2016)"

[system]
qubits = 1
hamiltonian = "0*Z0" # in the frame that rotates with the bath

[equation]
free_hamiltonian = "-0.5*Z0"
energy = "free"

[[bath]]
name = "squeezed"
temperature = 0.5
squeezed = { lowering = "Sp0", frequency = 1.0, rate = 0.1, strength = 0.6, phase = 0 }

[initial]
temperature = 0.5

[times]
stop = 60
points = 121
''',
)
