"""Correlations between the parts of a composite system."""

from __future__ import annotations

from collections.abc import Sequence

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.errors import InputError
from loschmidt.information.spectra import checked_spectrum
from loschmidt.states.product import as_dims, reduced_matrices
from loschmidt.typing import ComplexMatrix, RealArray, StateLike

__all__ = ["mutual_information", "mutual_information_of"]


def mutual_information(state: StateLike, dims: Sequence[int] | None = None) -> RealArray:
    r"""Return the mutual information between the parts of a system, in nats.

    .. math:: I = \sum_k S(\rho_k) - S(\rho) = S(\rho\|\rho_1\otimes\rho_2\otimes\cdots)

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators of the composite system.
    dims : sequence of int, optional
        Dimension of each part in the order of the tensor product, at least two; a ``qutip.Qobj`` brings its own. For
        more than two parts the result is their total correlation.

    Returns
    -------
    (...)
        Round-off may give -1e-16.

    Raises
    ------
    NotAStateError
        If the state is not a density operator.
    ShapeError, InputError
        If `dims` does not multiply to d, or has fewer than two entries.

    Notes
    -----
    :cite:t:`groisman2005`; for several parts :cite:t:`watanabe1960`.

    Examples
    --------
    >>> import numpy as np
    >>> bell = np.array([1, 0, 0, 1]) / np.sqrt(2)
    >>> round(float(mutual_information(bell, (2, 2))), 6)
    1.386294
    """
    matrix, spectrum = checked_spectrum(state, "state")
    parts = as_dims(state, dims, matrix.shape[-1])
    if len(parts) < 2:
        raise InputError(f"`dims` must name at least two parts, but it is {parts}.")
    return mutual_information_of(matrix, entropy_of_spectrum(spectrum), parts)


def mutual_information_of(states: ComplexMatrix, entropies: RealArray, dims: tuple[int, ...]) -> RealArray:
    """Return :func:`mutual_information` of states (..., d, d) whose entropies (...) are known; nothing is checked.

    Examples
    --------
    >>> import numpy as np
    >>> float(mutual_information_of(np.eye(4, dtype=complex) / 4, np.log(4), (2, 2)))
    0.0
    """
    total = 0.0 - entropies
    for part in range(len(dims)):
        total = total + entropy_of_spectrum(hermitian_eigenvalues(reduced_matrices(states, dims, [part])))
    return total
