"""Baths that are not thermal, and the two ways to say how much entropy they take."""

from loschmidt.processes.nonthermal.engineered import engineered_dissipator
from loschmidt.processes.nonthermal.entropy_flux import (
    information_entropy_operator,
    jump_entropies,
    reservoir_entropy_operator,
    reverse_jumps,
)
from loschmidt.processes.nonthermal.references import own_reference, stationary_reference
from loschmidt.processes.nonthermal.squeezed import squeezed_dissipator

__all__ = [
    "engineered_dissipator",
    "information_entropy_operator",
    "jump_entropies",
    "own_reference",
    "reservoir_entropy_operator",
    "reverse_jumps",
    "squeezed_dissipator",
    "stationary_reference",
]
