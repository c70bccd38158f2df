"""The qubit that the claims on rates and temperatures are put to: index 0 is the ground level."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.processes.dissipators import JumpDissipator, jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.typing import ComplexMatrix

__all__ = ["COHERENT", "LOWERING", "QUBIT", "thermal_jumps", "thermal_qubit"]

QUBIT = np.diag([0.0, 1.0])
LOWERING = np.array([[0.0, 1.0], [0.0, 0.0]])
#: A state with coherence whose entropy grows while its energy falls, beside a bath at β = 1.
COHERENT: ComplexMatrix = np.array([[0.6, 0.1 + 0.2j], [0.1 - 0.2j, 0.4]])


def thermal_jumps(rate: float, beta: float, frequency: float = 1.0, name: str = "bath") -> JumpDissipator:
    """Return a bath with rates γ(n + 1) down and γ n up.

    Examples
    --------
    >>> found = thermal_jumps(0.3, 1.0)
    >>> bool(np.isclose(found.rates[1] / found.rates[0], np.exp(-1)))
    True
    """
    occupation = 1 / math.expm1(beta * frequency)
    rates = [rate * (occupation + 1), rate * occupation]
    return jump_dissipator(name, [LOWERING, LOWERING.T], rates, beta=beta, frequencies=[frequency, -frequency])


def thermal_qubit(rate: float, beta: float = 1.0, frequency: float = 1.0) -> Generator:
    """Return a qubit beside one such bath.

    Examples
    --------
    >>> thermal_qubit(0.3).bath_names
    ('bath',)
    """
    return gkls_generator(frequency * QUBIT, [thermal_jumps(rate, beta, frequency)])
