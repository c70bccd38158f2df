"""Von Neumann's gas: why S(ρ) is called an entropy."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["VON_NEUMANN_GAS"]

VON_NEUMANN_GAS = Model(
    name="von-neumann-gas",
    source="vonneumann1927",
    text='''\
title = "Von Neumann's gas"
description = """
Walls separate a gas of ten atoms into the eigenstates of their state, pistons compress each part at constant
temperature, unitaries make all states equal. The work is n T S(ρ), and what the gas loses in entropy the reservoir
gains.
"""
source = "von Neumann, Goettinger Nachrichten, 273 (1927); Ahmadi et al., arXiv:2002.10747 (2020), Appendix I"
kind = "gas"

[gas]
levels = ["a", "b", "c"]
atoms = 10
temperature = 2.0

[initial]
state = "0.5*|a><a| + 0.3*|b><b| + 0.2*|c><c|"
''',
)
