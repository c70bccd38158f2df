"""The sequence of part I on a Hubbard chain with phases on all states of a species."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["HUBBARD_ERASER"]

HUBBARD_ERASER = Model(
    name="hubbard-eraser",
    source="guo2025i",
    text='''\
title = "Hubbard chain driven to equilibrium by erasure"
description = """
The sequence of forward evolution, erasure, backward evolution and undone erasure, with fresh random phases on all
Fock states of upsilon each time. Entropies and entanglement reach those of a random state within a few
repetitions; they rise on the whole, but not at every step.
"""
source = "Guo, arXiv:2503.04152 (2025); sizes and parameters are ours"
kind = "lattice"
interaction = 1.0

[lattice]
type = "ring"
sites = 6

[[species]]
name = "tau"
particles = 3

[[species]]
name = "upsilon"
particles = 3

[protocol]
type = "repeated-erasure"
time = 3.0
repetitions = 10
erase = ["upsilon"]
phases = "random"
seed = 2
fresh = true

[initial]
fock = { tau = [0, 1, 2], upsilon = [0, 2, 4] }
''',
)
