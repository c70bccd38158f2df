"""Davies equations that the claims on rates are put to: generic, and the same in every run."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.papers.coherence._finite_maps import SPECTRA, generic_hermitian, generic_states
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.typing import ArrayLike, ComplexMatrix, StateLike

__all__ = [
    "DENSITY",
    "coupling_of",
    "davies_equation",
    "driven_equation",
    "mixed_states",
    "one_ledger",
    "rate_of",
    "steps_along",
    "two_qubits_in_one_bath",
]

#: Spectral density of every bath.
DENSITY = OhmicSpectrum(0.2, 5.0)

#: Weights of the values at -4, …, 4 steps in the derivative of eighth order.
_WEIGHTS = np.array([3, -32, 168, -672, 0, 672, -168, 32, -3]) / 840
_STEP = 2.5e-4


def coupling_of(spectrum: str) -> ComplexMatrix:
    """Return a generic operator that couples a system with one of the spectra to its bath.

    Examples
    --------
    >>> coupling_of("degenerate").shape
    (4, 4)
    """
    return generic_hermitian(len(SPECTRA[spectrum][0]), 2)


def davies_equation(spectrum: str, beta: float = 0.8) -> Generator:
    """Return a system with the energies of one of the spectra in a bath.

    Examples
    --------
    >>> davies_equation("degenerate").dimension
    4
    """
    return davies_generator(np.diag(SPECTRA[spectrum][0]), [Bath("bath", beta, DENSITY, coupling_of(spectrum))])


def driven_equation(beta: float = 0.8) -> DrivenGenerator:
    """Return three levels whose Hamiltonian turns while the bath follows.

    Examples
    --------
    >>> driven_equation().follows
    True
    """
    turning = driven_hamiltonian(np.diag(SPECTRA["no equal gaps"][0]), [(generic_hermitian(3, 4), np.sin)])
    return driven_generator(turning, [Bath("bath", beta, DENSITY, coupling_of("no equal gaps"))])


def two_qubits_in_one_bath(beta: float) -> Generator:
    """Return two equal qubits that a bath feels as one: the singlet is dark.

    Examples
    --------
    >>> two_qubits_in_one_bath(0.8).levels.count
    3
    """
    one, excited, flip = np.eye(2), np.diag([0.0, 1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    energy, coupling = (np.kron(part, one) + np.kron(one, part) for part in (excited, flip))
    return davies_generator(energy, [Bath("bath", beta, DENSITY, coupling)])


def mixed_states(dimension: int) -> ComplexMatrix:
    """Return two states (2, d, d) of full rank with coherence.

    Examples
    --------
    >>> bool((np.linalg.eigvalsh(mixed_states(3)) > 0.02).all())
    True
    """
    return generic_states(dimension)[1:]


def one_ledger(process: Generator, state: StateLike, *, until: float = 1e-3, resolve: Collection[str] = ()) -> Ledger:
    """Return the ledger of an evolution, whose first entries are the rates in `state`.

    Examples
    --------
    >>> one_ledger(davies_equation("equal gaps"), np.eye(3) / 3).data.sizes["time"]
    2
    """
    return build_ledger(evolve(process, state, [0.0, until]), resolve)


def steps_along(start: ComplexMatrix, change: ComplexMatrix) -> ComplexMatrix:
    """Return nine points (9, d, d) on the straight line through `start` with the velocity `change`, for `rate_of`.

    Examples
    --------
    >>> steps_along(np.zeros((2, 2)), np.eye(2)).shape
    (9, 2, 2)
    """
    return np.asarray(start + _STEP * np.arange(-4, 5)[:, None, None] * change)


def rate_of(values: ArrayLike) -> float:
    """Return the rate of change, at the middle, of a quantity that is known at the nine points of `steps_along`.

    Examples
    --------
    >>> round(rate_of(np.linalg.det(steps_along(np.eye(2), np.eye(2)))), 9)
    2.0
    """
    return float(_WEIGHTS @ np.asarray(values, dtype=np.float64) / _STEP)
