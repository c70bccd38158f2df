"""Scattering matrices and spin rotations that have a name."""

from __future__ import annotations

import math
from typing import SupportsFloat

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError
from loschmidt.processes.scattering.spin_states import PAULI_MATRICES
from loschmidt.typing import ComplexMatrix

__all__ = ["balanced_splitter", "buttiker_splitter", "paper_rotations", "symmetric_splitter", "two_lead_splitter"]


def symmetric_splitter(leads: int = 3) -> ComplexMatrix:
    r"""Return the splitter that treats all leads alike, s = 2/n - δ.

    Parameters
    ----------
    leads : int
        Number n; for three leads the amplitudes are 2/3 and -1/3, for four ±1/2.

    Returns
    -------
    (n, n)
        Real, symmetric and unitary.

    Raises
    ------
    InputError
        If there is no lead.

    Notes
    -----
    :cite:t:`lesovik2016`, text to Eq. (5). With four leads and the rotations 1, iσ_x, iσ_y, iσ_z it exchanges a pair of
    leads with the spin: one pure spin, polarised along any axis, takes ln 2 out of the maximally mixed particle.

    Examples
    --------
    >>> np.round(symmetric_splitter(3).real, 3)
    array([[-0.333,  0.667,  0.667],
           [ 0.667, -0.333,  0.667],
           [ 0.667,  0.667, -0.333]])
    """
    _check_leads(leads)
    return np.asarray(np.full((leads, leads), 2 / leads) - np.eye(leads) + 0j)


def balanced_splitter(leads: int = 3) -> ComplexMatrix:
    r"""Return a splitter of equal probabilities, :math:`s_{jk} = e^{2\pi i jk/n}/\sqrt n`.

    Parameters
    ----------
    leads : int
        Number n.

    Returns
    -------
    (n, n)
        Symmetric and unitary, \|s\|² = 1/n.

    Raises
    ------
    InputError
        If there is no lead.

    Examples
    --------
    >>> np.round(np.abs(balanced_splitter(3)[0]) ** 2, 3)
    array([0.333, 0.333, 0.333])
    """
    _check_leads(leads)
    index = np.arange(leads)
    # Reduced modulo n, so that the phase is as exact for the last element as for the first.
    return np.asarray(np.exp(2j * np.pi * (np.outer(index, index) % leads) / leads) / math.sqrt(leads))


def buttiker_splitter() -> ComplexMatrix:
    r"""Return the three-lead splitter whose first lead reflects nothing.

    Returns
    -------
    (3, 3)
        Real, symmetric and unitary.

    Notes
    -----
    The fully coupled case of :cite:t:`buttiker1984`. With the rotations 1, iσ_x, iσ_y and a spin along z no splitter
    takes more entropy out of the particle: (2/3) ln 2 from the maximally mixed state, ln 2 from the best one.

    Examples
    --------
    >>> np.round(np.abs(buttiker_splitter()) ** 2, 12)
    array([[0.  , 0.5 , 0.5 ],
           [0.5 , 0.25, 0.25],
           [0.5 , 0.25, 0.25]])
    """
    half = math.sqrt(0.5)
    return np.array([[0, half, half], [half, 0.5, -0.5], [half, -0.5, 0.5]], dtype=np.complex128)


def two_lead_splitter(transmission: SupportsFloat, phase: SupportsFloat = 0.0) -> ComplexMatrix:
    r"""Return the scattering matrix of a barrier in one dimension, in the order (left, right).

    .. math:: s = \begin{pmatrix}s_{LL}&s_{LR}\\s_{RL}&s_{RR}\end{pmatrix}
        = \begin{pmatrix}\sqrt{1-T}\,e^{i\phi}&i\sqrt T\\i\sqrt T&\sqrt{1-T}\,e^{-i\phi}\end{pmatrix}

    Parameters
    ----------
    transmission : float
        Probability T, from 0 to 1.
    phase : float
        φ in radians; where the barrier stands.

    Returns
    -------
    (2, 2)

    Raises
    ------
    InputError
        If T is not a probability.

    Examples
    --------
    >>> np.round(np.abs(two_lead_splitter(0.25)) ** 2, 12)
    array([[0.75, 0.25],
           [0.25, 0.75]])
    """
    probability = as_number(transmission, "transmission", non_negative=True)
    if probability > 1:
        raise InputError(f"`transmission` must be from 0 to 1, but it is {probability:g}.")
    turn = np.exp(1j * as_number(phase, "phase"))
    reflected, passed = math.sqrt(1 - probability), 1j * math.sqrt(probability)
    return np.array([[reflected * turn, passed], [passed, reflected * turn.conjugate()]])


def paper_rotations(leads: int = 3) -> ComplexMatrix:
    """Return the spin rotations 1, iσ_x, iσ_y and, for a fourth lead, iσ_z: turns by π about different axes.

    Parameters
    ----------
    leads : int
        From 1 to 4.

    Returns
    -------
    (n, 2, 2)

    Raises
    ------
    InputError
        If there are more than four leads.

    Notes
    -----
    :cite:t:`lesovik2016`, text to Eq. (4).

    Examples
    --------
    >>> paper_rotations(3)[1]
    array([[0.+0.j, 0.+1.j],
           [0.+1.j, 0.+0.j]])
    """
    if not 1 <= leads <= 4:
        raise InputError(f"`leads` must be from 1 to 4, one rotation each, but it is {leads}.")
    return np.concatenate([np.eye(2)[None], 1j * PAULI_MATRICES])[:leads]


def _check_leads(leads: int) -> None:
    if leads < 1:
        raise InputError(f"`leads` must be at least 1, but it is {leads}.")
