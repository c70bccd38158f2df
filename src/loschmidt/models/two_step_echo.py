"""Two species of fermions move, information is erased, and the motion is reversed: the state does not come back."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["TWO_STEP_ECHO"]

TWO_STEP_ECHO = Model(
    name="two-step-echo",
    source="guo2025",
    text='''\
title = "Two-step echo with erasure"
description = """
Species tau moves while upsilon rests, then upsilon moves while tau rests. Phases on the Fock states of upsilon
erase what they know of each other, which changes no entropy. Both steps are then reversed exactly, but the state
does not come back, and its entropy has grown. Without erasure the echo is perfect.
"""
source = "Guo, arXiv:2506.01351 (2025), Eqs. (1) to (17); sizes and parameters are ours, the paper gives none"
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
type = "two-step-echo"
times = [3.0, 3.0]
erase = ["upsilon"]
phases = "random"
seed = 1

[initial]
state = "domain wall"
''',
)
