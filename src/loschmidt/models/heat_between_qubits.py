"""Two qubits, cold and hot, that start without correlation and exchange heat."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["HEAT_BETWEEN_QUBITS"]

HEAT_BETWEEN_QUBITS = Model(
    name="heat-between-qubits",
    source="jarzynski2004",
    text='''\
title = "Heat between two qubits"
description = """
A cold and a hot qubit start in Gibbs states of their own and exchange excitation. What one gains in heat the other
loses. The sum of their entropies grows by exactly the correlation that builds up, and falls again as the exchange
completes: after half a period they have swapped states, and nothing is left in correlations. Undone at t = 0.6, the
motion returns; undone without the correlations, it leaves their entropy behind.
"""
source = "Jarzynski, Wójcik, PRL 92, 230602 (2004)"
kind = "bipartite"

[parameters]
w = 1 # both gaps
g = 1 # exchange

[[part]]
name = "cold"
sites = ["c"]
hamiltonian = "w*|1><1|"
temperature = 0.5

[[part]]
name = "hot"
sites = ["h"]
hamiltonian = "w*|1><1|"
temperature = 2

[interaction]
hamiltonian = "g*(Sp_c*Sm_h + Sm_c*Sp_h)"

[times]
stop = 1.5
points = 151

[reversal]
time = 0.6
''',
)
