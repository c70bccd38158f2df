"""A fast stroke of an Otto engine: the drive does not commute with itself, and the baths follow."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["OTTO_STROKE"]

OTTO_STROKE = Model(
    name="otto-stroke",
    source="camati2019",
    text='''\
title = "Compression stroke of a qubit engine"
description = """
The field on a spin turns from x to y while it grows, as in the compression stroke of a quantum Otto engine. The
Hamiltonian does not commute with itself at different times, so the stroke makes coherence, which the weakly coupled
bath takes away: heat, work and quantum heat of single trajectories fluctuate, and their means are those of the
master equation.
"""
source = "Camati, Santos and Serra, Physical Review A 99, 062103 (2019)"

[parameters]
slow = 1.0  # first gap
fast = 1.8  # last gap
tau = 8.0   # duration

[system]
qubits = 1
hamiltonian = "0*Z0"

[[drive]]
operator = "X0"
coefficient = "0.5*(slow + (fast - slow)*t/tau)*cos(0.5*pi*t/tau)"

[[drive]]
operator = "Y0"
coefficient = "0.5*(slow + (fast - slow)*t/tau)*sin(0.5*pi*t/tau)"

[[bath]]
name = "cold"
temperature = 0.8
spectrum = { type = "ohmic", coupling = 0.02, cutoff = 20 }
couplings = "Z0"

[initial]
temperature = 0.8

[times]
stop = "tau"
points = 41

[trajectories]
samples = 20000
''',
)
