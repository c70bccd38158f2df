"""A driven superconducting qubit whose heat is counted, quantum by quantum."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["PHOTON_COUNTING"]

PHOTON_COUNTING = Model(
    name="photon-counting",
    source="hekking2013",
    text='''\
title = "Driven qubit with counted photons"
description = """
A qubit starts in equilibrium and is driven at resonance while a resistor takes and gives photons, which a
calorimeter counts one by one. Heat refers to the bare energy, so each jump is one quantum, and the drive does
its work as switching work. Trajectories give the distribution of the entropy production: its exponential
average is one, whatever coherence the drive makes. Strengths are of the size that is proposed.
"""
source = "Hekking and Pekola, Physical Review Letters 111, 093602 (2013)"

[units]
time = "ns"
energy = "GHz"
temperature = "mK"
power = "GHz/ns"

[parameters]
w = "10 GHz"
drive = "0.5 GHz" # amplitude

[system]
qubits = 1
hamiltonian = "-0.5*w*Z0"

[equation]
free_hamiltonian = "-0.5*w*Z0"
energy = "free"
follow = false

[[drive]]
operator = "X0"
coefficient = "drive*sin(w*t)"

[[bath]]
name = "resistor"
temperature = "350 mK"
spectrum = { type = "ohmic", coupling = 0.01 }
couplings = "Y0"

[initial]
temperature = "350 mK"

[times]
stop = "1 ns"
points = 101

[trajectories]
samples = 20000
''',
)
