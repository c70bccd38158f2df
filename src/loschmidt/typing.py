"""Array types with named shapes; read by people and mypy, and checked at run time in the tests."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Bool, Complex, Float, Int

__all__ = [
    "ArrayLike",
    "BooleanArray",
    "ComplexMatrix",
    "ComplexTensor",
    "ComplexVector",
    "IntegerArray",
    "OperatorLike",
    "RealArray",
    "RealMatrix",
    "RealTensor",
    "RealVector",
    "StateLike",
]

#: Operators and states, batch axes first.
ComplexMatrix: TypeAlias = Complex[np.ndarray, "*_batch _rows _columns"]
ComplexVector: TypeAlias = Complex[np.ndarray, "*_batch _length"]
RealMatrix: TypeAlias = Float[np.ndarray, "*_batch _rows _columns"]
RealVector: TypeAlias = Float[np.ndarray, "*_batch _length"]
#: One real number per batch index; a batch without axes is a zero-dimensional array or a scalar.
RealArray: TypeAlias = Float[np.ndarray, "*_batch"] | np.float64
#: A real array of any shape, never a bare number.
RealTensor: TypeAlias = Float[np.ndarray, "*_shape"]
#: A complex array of any shape, such as a lattice state with one axis per species.
ComplexTensor: TypeAlias = Complex[np.ndarray, "*_shape"]
IntegerArray: TypeAlias = Int[np.ndarray, "*_batch"]
BooleanArray: TypeAlias = Bool[np.ndarray, "*_batch"]

#: Numbers that NumPy turns into a real array.
ArrayLike: TypeAlias = Any
#: Anything the border (:mod:`loschmidt.checks`) turns into an operator: array, nested list, ``qutip.Qobj``.
OperatorLike: TypeAlias = Any
#: Anything the border turns into a density matrix: an operator, a ket, a list of amplitudes.
StateLike: TypeAlias = Any
