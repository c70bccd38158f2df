"""Spectra and entropies of stacks of states, each matrix decomposed once and by the fastest accurate method.

Closed form for d = 2, compiled Jacobi rotations for d = 3 to 8 on long stacks, LAPACK otherwise. Nothing is checked:
a negative eigenvalue contributes nothing to an entropy, and NaN stays NaN. Slow twin: ``tests/reference/entropies.py``.
"""

from __future__ import annotations

import numpy as np

from loschmidt.typing import BooleanArray, ComplexMatrix, ComplexVector, RealArray, RealVector

__all__ = [
    "entropy_of_spectrum",
    "expectation_values",
    "hermitian_eigensystems",
    "hermitian_eigenvalues",
    "is_compiled_stack",
    "populations_in_basis",
    "relative_entropy_of",
    "support_tolerance",
]

_EPSILON = float(np.finfo(float).eps)
_LARGEST_JACOBI = 8
_SHORTEST_JACOBI_STACK = 512  # LAPACK does less in 1 to 2 ms; Numba's import takes 250 ms


def is_compiled_stack(dimension: int, length: int) -> bool:
    """Return whether a stack of `length` matrices is worth compiled code.

    Only the shape decides, so that results do not depend on what was computed before.
    """
    return 3 <= dimension <= _LARGEST_JACOBI and length >= _SHORTEST_JACOBI_STACK


def hermitian_eigenvalues(stack: ComplexMatrix, *, compiled: bool | None = None) -> RealVector:
    """Return the ascending eigenvalues (..., d) of Hermitian matrices (..., d, d), read from their lower triangles.

    `compiled` overrules the choice between Jacobi rotations and LAPACK for d = 3 to 8.
    """
    d, length = stack.shape[-1], _length(stack)
    if d == 2:
        return _qubit_eigenvalues(stack)
    if length and (is_compiled_stack(d, length) if compiled is None else compiled and 3 <= d <= _LARGEST_JACOBI):
        from loschmidt._kernels.jacobi import jacobi_eigenvalues

        return jacobi_eigenvalues(stack.reshape(-1, d, d)).reshape(stack.shape[:-1])
    # LAPACK wants columns: handed the transpose, NumPy copies whole rows. The spectrum is the same.
    return np.linalg.eigvalsh(stack.swapaxes(-1, -2), UPLO="U")


def hermitian_eigensystems(stack: ComplexMatrix, *, compiled: bool | None = None) -> tuple[RealVector, ComplexMatrix]:
    """Return ascending eigenvalues (..., d) and eigenvectors as columns (..., d, d); see `hermitian_eigenvalues`."""
    d, length = stack.shape[-1], _length(stack)
    if d == 2:
        return _qubit_eigenvalues(stack), _qubit_eigenvectors(stack)
    if length and (is_compiled_stack(d, length) if compiled is None else compiled and 3 <= d <= _LARGEST_JACOBI):
        from loschmidt._kernels.jacobi import jacobi_eigensystems

        values, vectors = jacobi_eigensystems(stack.reshape(-1, d, d))
        return values.reshape(stack.shape[:-1]), vectors.reshape(stack.shape)
    values, vectors = np.linalg.eigh(stack)
    return values, vectors


def entropy_of_spectrum(eigenvalues: RealVector) -> RealArray:
    """Return -Σ x ln x (...) of eigenvalues or probabilities (..., d), in nats; x ≤ 0 contributes nothing."""
    # `x <= 0` is false for NaN, which therefore stays NaN.
    support = np.where(eigenvalues <= 0, 1.0, eigenvalues)
    entropy: RealArray = 0.0 - np.einsum("...i,...i->...", support, np.log(support))
    return entropy


def expectation_values(states: ComplexMatrix, operator: ComplexMatrix) -> RealArray:
    """Return Re tr(ρ A) (...) for states (..., d, d) and one Hermitian operator or a stack that broadcasts."""
    expectation: RealArray
    if operator.ndim > 2:
        expectation = np.einsum("...ij,...ji->...", states, operator).real
        return expectation
    # Re tr(ρ A) = Σ Re ρ_ij Re A_ij + Im ρ_ij Im A_ij for Hermitian A: one real matrix-vector product.
    flat = np.ascontiguousarray(states).view(np.float64).reshape(-1, 2 * operator.size)
    weights = np.ascontiguousarray(operator).view(np.float64).reshape(-1)
    expectation = (flat @ weights).reshape(states.shape[:-2])[()]
    return expectation


def populations_in_basis(states: ComplexMatrix, basis: ComplexMatrix) -> RealVector:
    """Return ⟨k|ρ|k⟩ (..., d) for states (..., d, d) and the columns k of `basis`, one or a stack that broadcasts."""
    columns = basis.swapaxes(-1, -2)
    if basis.ndim == 2:  # one product of two matrices instead of many small ones
        d = states.shape[-1]
        product = (np.ascontiguousarray(states).reshape(-1, d) @ basis).reshape(states.shape).swapaxes(-1, -2)
    else:  # (ρV)ᵀ at once, so that the sum below runs over neighbours
        product = columns @ states.swapaxes(-1, -2)
    return np.asarray(np.vecdot(columns, product).real)


def support_tolerance(dimension: int) -> float:
    """Return the round-off of a probability: weight outside a support up to this much is taken as none."""
    return 8 * dimension * _EPSILON


def relative_entropy_of(
    states: ComplexMatrix, entropies: RealArray, reference_values: RealVector, reference_vectors: ComplexMatrix
) -> RealArray:
    """Return S(ρ‖σ) (...) in nats from states (..., d, d), their entropies (...) and the eigensystem of σ.

    Eigenvalues of σ up to d·ε times the largest are its kernel; ``inf`` where ρ has weight there.
    """
    d = states.shape[-1]
    weights = populations_in_basis(states, reference_vectors)
    kernel: BooleanArray = reference_values <= d * _EPSILON * reference_values[..., -1:]
    logarithms = np.log(np.where(kernel, 1.0, reference_values))
    finite: RealArray = 0.0 - entropies - np.einsum("...i,...i->...", weights, logarithms)
    if not kernel.any():
        return finite
    outside = np.einsum("...i,...i->...", weights, kernel.astype(np.float64))
    extended: RealArray = np.where(outside > support_tolerance(d), np.inf, finite)[()]
    return extended


def _length(stack: ComplexMatrix) -> int:
    return int(np.prod(stack.shape[:-2], dtype=np.int64))


def _qubit_parts(stack: ComplexMatrix) -> tuple[RealArray, RealArray, ComplexVector, RealArray]:
    # Diagonal (upper, lower), the element below it, and half the distance of the eigenvalues.
    upper, lower, below = stack[..., 0, 0].real, stack[..., 1, 1].real, stack[..., 1, 0]
    return upper, lower, below, np.hypot(0.5 * (upper - lower), np.abs(below))


def _qubit_eigenvalues(stack: ComplexMatrix) -> RealVector:
    upper, lower, below, radius = _qubit_parts(stack)
    mean, size = 0.5 * (upper + lower), np.abs(below)
    # The larger root by a sum of equal signs, the smaller as det / larger: no digits are lost between the roots, and
    # the factors are scaled so that no square over- or underflows.
    larger = mean + np.copysign(radius, mean)
    divisor = np.where(larger == 0, 1.0, larger)
    smaller = upper * (lower / divisor) - size * (size / divisor)
    falling = larger >= smaller
    values = np.empty(stack.shape[:-1])
    values[..., 0] = np.where(falling, smaller, larger)
    values[..., 1] = np.where(falling, larger, smaller)
    return values


def _qubit_eigenvectors(stack: ComplexMatrix) -> ComplexMatrix:
    upper, lower, below, radius = _qubit_parts(stack)
    half = 0.5 * (upper - lower)
    reach = radius + np.abs(half)
    slope = below / np.where(reach == 0, 1.0, reach)
    norm = 1 / np.sqrt(1 + (slope * slope.conj()).real)
    slope = slope * norm
    first = half >= 0  # whether the upper diagonal element belongs to the larger eigenvalue
    vectors = np.empty(stack.shape, dtype=np.complex128)
    vectors[..., 0, 1] = np.where(first, norm, slope.conj())
    vectors[..., 1, 1] = np.where(first, slope, norm)
    vectors[..., 0, 0] = np.where(first, -slope.conj(), norm)
    vectors[..., 1, 0] = np.where(first, norm, -slope)
    return vectors
