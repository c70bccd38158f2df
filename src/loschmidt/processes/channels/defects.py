"""How far a map is from being a channel, and a channel from being unital: numbers, never through entropies."""

from __future__ import annotations

from typing import Literal

import numpy as np

from loschmidt.errors import InputError
from loschmidt.processes.channels.representations import POSITIVITY_TOLERANCE
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = [
    "TRACE_TOLERANCE",
    "Norm",
    "check_completely_positive",
    "check_trace",
    "negative_part_norm",
    "norm_of",
]

Norm = Literal["operator", "frobenius", "trace"]

#: Largest operator norm of Φ†(1) - 1 that passes for trace preservation: images of states are states of the package.
TRACE_TOLERANCE = 1e-10


def norm_of(matrix: ComplexMatrix, norm: Norm = "operator") -> float:
    """Return the operator, Frobenius or trace norm of a matrix (m, n).

    Raises
    ------
    InputError
        If the norm has another name.

    Examples
    --------
    >>> [norm_of(np.diag([3, -4j]), norm) for norm in ("operator", "frobenius", "trace")]
    [4.0, 5.0, 7.0]
    """
    if norm == "frobenius":
        return float(np.linalg.norm(matrix))
    return _norm_of_spectrum(np.linalg.svd(matrix, compute_uv=False), norm)


def negative_part_norm(matrix: ComplexMatrix, norm: Norm = "operator") -> float:
    """Return the norm of the negative part of a Hermitian matrix (d, d): its distance from the positive ones.

    Examples
    --------
    >>> negative_part_norm(np.diag([3.0, -4.0, -3.0]) + 0j, "frobenius")
    5.0
    """
    spectrum = np.linalg.eigvalsh(matrix)
    return _norm_of_spectrum(spectrum[spectrum < 0], norm)


def check_completely_positive(choi: ComplexMatrix) -> None:
    """Raise InputError unless the Choi matrix is Hermitian and positive, within 1e-9 of its largest element or value.

    Examples
    --------
    >>> check_completely_positive(np.eye(4, dtype=complex))
    """
    scale = float(np.abs(choi).max())
    skew = float(np.abs(choi - choi.conj().T).max())
    if not skew <= POSITIVITY_TOLERANCE * scale:
        raise InputError(
            f"A channel must map Hermitian operators to Hermitian ones, but its Choi matrix differs from its adjoint "
            f"by {skew:.1e}. Check the index order of the matrix, or pass check='linear' if this map is meant."
        )
    # A matrix that a Cholesky decomposition accepts is positive; only for others are eigenvalues needed.
    accepted = POSITIVITY_TOLERANCE * scale / 10
    try:
        np.linalg.cholesky(choi + accepted * np.eye(len(choi)))
    except np.linalg.LinAlgError:
        spectrum = np.linalg.eigvalsh(choi)
    else:
        return
    if not spectrum[0] >= -POSITIVITY_TOLERANCE * spectrum[-1]:
        raise InputError(
            f"A channel must be completely positive, but the lowest eigenvalue of its Choi matrix is {spectrum[0]:.1e} "
            f"(round-off up to -{POSITIVITY_TOLERANCE * spectrum[-1]:.0e} is accepted). "
            f"Pass check='tp' if a trace-preserving map that is not completely positive is meant."
        )


def check_trace(effect: ComplexMatrix, *, equal: bool) -> None:
    """Raise InputError unless Φ†(1) (n, n) is 1, or with `equal` False at most 1, within 1e-10.

    Examples
    --------
    >>> check_trace(np.eye(2) / 2 + 0j, equal=False)
    """
    difference = effect - np.eye(len(effect))
    if equal:
        defect = norm_of(difference)
        if not defect <= TRACE_TOLERANCE:
            raise InputError(
                f"A channel must preserve the trace, but ‖Φ†(1) - 1‖ = {defect:.1e} (up to {TRACE_TOLERANCE:.0e} is "
                f"accepted). For Kraus operators Σ K†K must be 1; pass check='operation' if the trace may decrease."
            )
        return
    excess = float(np.linalg.eigvalsh(difference)[-1])
    if not excess <= TRACE_TOLERANCE:
        raise InputError(
            f"An operation must not increase the trace, but Φ†(1) exceeds 1 by {excess:.1e} (up to "
            f"{TRACE_TOLERANCE:.0e} is accepted). Pass check='cp' if any completely positive map is meant."
        )


def _norm_of_spectrum(spectrum: RealVector, norm: Norm) -> float:
    sizes = np.abs(spectrum)
    if norm == "operator":
        return float(sizes.max(initial=0.0))
    if norm == "frobenius":
        return float(np.linalg.norm(sizes))
    if norm == "trace":
        return float(sizes.sum())
    raise InputError(f"`norm` must be 'operator', 'frobenius' or 'trace', but it is {norm!r}.")
