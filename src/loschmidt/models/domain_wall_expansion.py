"""Particles that start on one side spread over the chain: reversible, energy conserved."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["DOMAIN_WALL_EXPANSION"]

DOMAIN_WALL_EXPANSION = Model(
    name="domain-wall-expansion",
    source="guo2025i",
    text='''\
title = "Expansion of a domain wall"
description = """
All particles start on the left and spread under H. The evolution is unitary and could be reversed; its energy is
conserved, its Fock entropies grow towards those of a random state.
"""
source = "Guo, arXiv:2503.04152 (2025); sizes and parameters are ours"
kind = "lattice"
interaction = 1.0

[lattice]
type = "chain"
sites = 8

[[species]]
name = "tau"
particles = 4

[[species]]
name = "upsilon"
particles = 4

[protocol]
type = "expansion"
time = 8.0
records = 32

[initial]
state = "domain wall"
''',
)
