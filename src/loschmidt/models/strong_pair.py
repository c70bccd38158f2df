"""Two qubits whose interaction is as strong as they are: their heats are not opposite."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["STRONG_PAIR"]

STRONG_PAIR = Model(
    name="strong-pair",
    source="ahmadi2020",
    text='''\
title = "Strongly coupled pair"
description = """
Two qubits with different gaps under an interaction that does not conserve their energy. Both take heat at times, and
the interaction pays for it: only together with its energy do the heats add up to zero. The conservation of entropy
does not care: what the qubits gain is in their correlation, at any strength.
"""
source = "Ahmadi, Salimi, Khorashad, arXiv:2002.10747 (2020)"
kind = "bipartite"

[parameters]
g = 0.5

[[part]]
name = "A"
sites = ["a"]
hamiltonian = "|1><1|"
temperature = 0.5

[[part]]
name = "B"
sites = ["b"]
hamiltonian = "0.8*|1><1|"
temperature = 2

[interaction]
hamiltonian = "g*X_a*X_b"

[times]
stop = 8.5
points = 171

[reversal]
time = 1.7
''',
)
