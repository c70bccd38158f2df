"""Baths, states and machines that the claims are put to: the same in every run."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.papers.coherence._finite_maps import generic_hermitian, generic_states
from loschmidt.processes.baths import Bath
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.typing import ComplexMatrix

__all__ = ["ENERGIES", "generic_bath", "generic_hermitian", "maser", "mixed_states"]

#: Three levels without equal gaps.
ENERGIES = np.diag([0.0, 1.0, 2.7])


def generic_bath(name: str, beta: float, number: int, *, size: int = 3, lamb_shift: bool = False) -> Bath:
    """Return a bath with a generic coupling; each number gives another.

    Examples
    --------
    >>> generic_bath("hot", 0.5, 1).dimension
    3
    """
    coupling = generic_hermitian(size, 2 * number)
    return Bath(name, beta, OhmicSpectrum(0.1, 5.0), coupling, lamb_shift=lamb_shift)


def mixed_states(size: int) -> ComplexMatrix:
    """Return two states (2, d, d) of full rank with coherence.

    Examples
    --------
    >>> mixed_states(3).shape
    (2, 3, 3)
    """
    return generic_states(size)[1:]


def maser(drive: float) -> Generator:
    """Return the three-level maser in the frame of its drive: hot bath on g-e, cold bath on m-e (:cite:t:`scovil1959`).

    Examples
    --------
    >>> maser(0.1).energy.diagonal().real.tolist()
    [0.0, 2.0, 3.0]
    """
    dissipators = []
    for name, place, strength, frequency, temperature in (("hot", 0, 0.04, 3.0, 10.0), ("cold", 1, 0.05, 1.0, 0.6)):
        lower = np.zeros((3, 3))
        lower[place, 2] = 1
        n = 1 / math.expm1(frequency / temperature)
        rates = [strength * (n + 1), strength * n]
        dissipators.append(jump_dissipator(name, [lower, lower.T], rates, beta=1 / temperature))
    rotating = np.zeros((3, 3))
    rotating[0, 1] = rotating[1, 0] = drive
    return gkls_generator(rotating, dissipators, energy=np.diag([0.0, 2.0, 3.0]))
