"""A qubit that decays: the smallest channel under which entropy falls."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["AMPLITUDE_DAMPING"]

AMPLITUDE_DAMPING = Model(
    name="amplitude-damping",
    source="nielsen2010",
    text='''\
title = "Amplitude damping of a qubit"
description = """
Level 1 decays to level 0 with probability g. The channel is not unital: it makes the maximally mixed state
purer, and another state loses even more entropy. Change g, or give your own Kraus operators.
"""
source = "Nielsen and Chuang, Quantum Computation and Quantum Information, 10th anniversary edition (2010), 8.3.5"
kind = "channel"

[parameters]
g = 0.5

[system]
qubits = 1
hamiltonian = "|1><1|"

[channel]
type = "kraus"
operators = ["|0><0| + sqrt(1-g)*|1><1|", "sqrt(g)*|0><1|"]

[initial]
state = "minimal gain"
''',
)
