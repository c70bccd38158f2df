"""What a bath without a Gibbs state is measured against: the state that it alone leads to."""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_density_matrix, as_number
from loschmidt.errors import NotAStateError, NotUniqueError, ResourceError
from loschmidt.processes.dissipators import Dissipator
from loschmidt.typing import ComplexMatrix, StateLike

__all__ = ["own_reference", "stationary_reference"]

_LARGEST_DIMENSION = 64
_ZERO = 1e-12  # of the largest singular value
_FAITHFUL = 1e-12


def stationary_reference(dissipator: Dissipator) -> ComplexMatrix:
    """Return the state π (d, d) that a bath alone leads to.

    Parameters
    ----------
    dissipator : Dissipator
        One bath, without the Hamiltonian.

    Raises
    ------
    NotUniqueError
        If it keeps several states.
    NotAStateError
        If π is not faithful: its logarithm, and every relative entropy to it, is then infinite.
    ResourceError
        Beyond dimension 64.

    Examples
    --------
    >>> from loschmidt.processes import jump_dissipator
    >>> noise = jump_dissipator("noise", [[[0, 1], [0, 0]], [[0, 0], [1, 0]]], [0.3, 0.1])
    >>> stationary_reference(noise).real.diagonal().round(12)
    array([0.75, 0.25])
    """
    d = dissipator.dimension
    if d > _LARGEST_DIMENSION:
        raise ResourceError(
            f"The own stationary state of bath {dissipator.bath!r} is found up to dimension {_LARGEST_DIMENSION}, but "
            f"it is {d}: the matrix would take {16 * d**4 / 1e9:.1f} GB. Give the reference state yourself."
        )
    _, sizes, right = np.linalg.svd(dissipator.superoperator())
    count = int((sizes <= _ZERO * (float(sizes[0]) or 1.0)).sum())
    if count != 1:
        raise NotUniqueError(
            f"Bath {dissipator.bath!r} must lead to one state by itself, but it keeps {count} independent ones. Give "
            f"the reference state that is meant."
        )
    found = right[-1].conj().reshape(d, d, order="F")
    state = found / np.trace(found)
    state = (state + state.conj().T) / 2
    if (lowest := float(np.linalg.eigvalsh(state)[0])) < _FAITHFUL:
        raise NotAStateError(
            f"Bath {dissipator.bath!r} must lead to a faithful state to be a reference, but the lowest eigenvalue is "
            f"{lowest:.1e}, so that relative entropies to it are infinite."
        )
    return np.asarray(state)


def own_reference(state: StateLike, beta: float) -> ComplexMatrix:
    """Return K = -ln(π)/β (d, d), the Hamiltonian whose Gibbs state at β is a faithful π, less its lowest eigenvalue.

    Raises
    ------
    NotAStateError
        If π has a kernel.
    InputError
        If β is zero or not finite.

    Examples
    --------
    >>> own_reference(np.diag([0.75, 0.25]), 2.0).real.diagonal() / np.log(3) * 2
    array([0., 1.])
    """
    rho = as_density_matrix(state, "state")
    inverse = as_number(beta, "beta", positive=True)
    values, vectors = np.linalg.eigh(rho)
    if values[0] <= 0:
        raise NotAStateError(f"`state` must be faithful, but its lowest eigenvalue is {values[0]:.1e}.")
    energies = (np.log(values[-1]) - np.log(values)) / inverse
    return np.asarray((vectors * energies) @ vectors.conj().T)
