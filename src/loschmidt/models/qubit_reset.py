"""Reset of a superconducting qubit through a lossy resonator, in laboratory units."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["QUBIT_RESET"]

QUBIT_RESET = Model(
    name="qubit-reset",
    source="magnard2018",
    text='''\
title = "All-microwave reset of a transmon"
description = """
A transmon is reset to its ground level by two microwave drives: one moves e to f, the other exchanges f
without a photon for g with a photon in the reset resonator, which leaks into a cold line. The frame rotates
with the drives, so heat refers to the bare energies (free_hamiltonian) and the power of the drives appears
as switching power. Frequencies, lifetime and linewidth are those of the experiment; temperatures and drive
strengths are typical.
"""
source = "Magnard et al., Physical Review Letters 121, 060502 (2018)"

[units]
time = "us"
energy = "GHz"
temperature = "mK"
power = "GHz/us"

[parameters]
w_ge = "6.343 GHz"
alpha = "-0.265 GHz" # anharmonicity
w_r = "8.400 GHz"    # reset resonator
omega = "5.0 MHz"    # Rabi frequency of the e-f drive
g = "3.0 MHz"        # f,0 - g,1 coupling

[system]
sites = [{ name = "transmon", levels = ["g", "e", "f"] }, { name = "resonator", mode = 4 }]
hamiltonian = "0.5*omega*(|f><e| + |e><f|) + g*(|g><f|*adag + |f><g|*a)"

[equation]
type = "gkls"
free_hamiltonian = "w_ge*|e><e| + (2*w_ge + alpha)*|f><f| + w_r*n"
energy = "free"

[[bath]]
name = "reset line"
temperature = "45 mK"
spectrum = { type = "flat", coupling = "2*pi*9 1/us" }
couplings = "a + adag"

[[bath]]
name = "transmon loss"
temperature = "60 mK"
spectrum = { type = "flat", coupling = "1/5.5 1/us" }
couplings = "|g><e| + |e><g| + sqrt(2)*(|e><f| + |f><e|)"

[initial]
state = "|e,0>"

[times]
stop = "1 us"
points = 201
''',
)
