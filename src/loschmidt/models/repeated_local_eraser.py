"""A phase at one site, again and again, drives an isolated chain to equilibrium."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["REPEATED_LOCAL_ERASER"]

REPEATED_LOCAL_ERASER = Model(
    name="repeated-local-eraser",
    source="guo2025i",
    text='''\
title = "Repeated erasure at one site"
description = """
Forward under H, a phase at one site, backward, and the phase undone: again and again. Each repetition alone would
be undone by its reverse, yet the entropies climb towards those of a random state. One site is slow; with phases on
all Fock states of a species a few repetitions suffice.
"""
source = "Guo, arXiv:2503.04152 (2025); sizes and parameters are ours"
kind = "lattice"
interaction = 1.0

[lattice]
type = "chain"
sites = 6

[[species]]
name = "tau"
particles = 3

[[species]]
name = "upsilon"
particles = 3

[protocol]
type = "repeated-erasure"
time = 2.0
repetitions = 20
erase = ["tau"]
phases = "local"
site = 3
angle = 2.0

[initial]
state = "domain wall"
''',
)
