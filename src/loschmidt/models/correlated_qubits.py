"""Two qubits that start correlated, so that heat flows from cold to hot."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["CORRELATED_QUBITS"]

CORRELATED_QUBITS = Model(
    name="correlated-qubits",
    source="micadei2019",
    text='''\
title = "Heat from cold to hot"
description = """
Each of two qubits alone is in a Gibbs state, but together they are correlated. As the correlation is used up, heat
flows from the cold qubit into the hot one; the audit exempts the second law of heat exchange, whose condition is not
met, and the balance that counts correlation holds. Only the imaginary part of c drives heat: with c = 0.15 heat flows
as usual.
"""
source = "Micadei et al., Nature Communications 10, 2456 (2019)"
kind = "bipartite"

[parameters]
w = 1 # both gaps
g = 1 # exchange
c = "-0.15i" # correlation

[[part]]
name = "cold"
sites = ["c"]
hamiltonian = "w*|1><1|"
temperature = 0.8

[[part]]
name = "hot"
sites = ["h"]
hamiltonian = "w*|1><1|"
temperature = 1.25

[interaction]
hamiltonian = "g*(Sp_c*Sm_h + Sm_c*Sp_h)"

[initial]
correlations = "c*|0,1><1,0| + h.c."

[times]
stop = 0.8
points = 81
''',
)
