"""A coherent qubit that exchanges a quantum with a cold one: coherence production with its budget."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["COHERENT_EXCHANGE"]

COHERENT_EXCHANGE = Model(
    name="coherent-exchange",
    source="santos2019",
    text='''\
title = "Coherent exchange with a cold qubit"
description = """
A qubit in a superposition exchanges excitation with a cold qubit. Its populations and its coherence both produce
entropy; the coherence it loses turns up as coherence of the environment and as correlated coherence, which is
negative here although it is said to be positive in print.
"""
source = "Santos, Céleri, Landi, Paternostro, npj Quantum Information 5, 23 (2019)"
kind = "thermal-operation"

[system]
qubits = 1
hamiltonian = "|1><1|"

[[environment]]
name = "cold"
sites = ["e"]
hamiltonian = "|1><1|[e]"
beta = 6

[operation]
type = "exchange"
time = 0.76

[initial]
state = "0.9*(0.84*|0><0| + 0.16*|1><1| + 0.36660605559*(|0><1| + |1><0|)) + 0.05*I"

[trajectories]
method = "enumeration"
''',
)
