"""Baths and states that the claims on master equations and laws are put to: generic, and the same in every run."""

from __future__ import annotations

import numpy as np

from loschmidt.papers.coherence._finite_maps import generic_hermitian, generic_states
from loschmidt.processes.baths import Bath
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.typing import ComplexMatrix

__all__ = ["ENERGIES", "generic_bath", "generic_hermitian", "mixed_states"]

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
