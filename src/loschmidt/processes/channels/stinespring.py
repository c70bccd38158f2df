"""Every channel is a piece of a unitary: the isometry into system ⊗ environment, and its completion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import qr

from loschmidt.typing import ComplexMatrix

__all__ = ["Stinespring", "stinespring_of"]


@dataclass(frozen=True, eq=False)
class Stinespring:
    """A dilation of a channel from dimension n to m, with a pure environment.

    Attributes
    ----------
    isometry : (m e, n)
        V = Σ_k K_k ⊗ |k⟩ into system ⊗ environment, so that Φ(ρ) = tr_E VρV†.
    dims_in : (n, e_in)
        System and environment before; the environment starts in its first level. e_in = e if n = m.
    dims_out : (m, e)
        System and environment after.
    """

    isometry: ComplexMatrix
    dims_in: tuple[int, int]
    dims_out: tuple[int, int]

    @property
    def environment_state(self) -> ComplexMatrix:
        """|0⟩⟨0| (e_in, e_in), where the environment starts."""
        state = np.zeros((self.dims_in[1], self.dims_in[1]), dtype=np.complex128)
        state[0, 0] = 1
        return state

    @cached_property
    def unitary(self) -> ComplexMatrix:
        """A unitary U (m e, n e_in) with U(|ψ⟩ ⊗ |0⟩) = V|ψ⟩; its other columns carry no meaning."""
        (n, rest), size = self.dims_in, len(self.isometry)
        factor = qr(self.isometry)[0]
        unitary = np.empty((size, n, rest), dtype=np.complex128)
        unitary[:, :, 0] = self.isometry
        unitary[:, :, 1:] = factor[:, n:].reshape(size, n, rest - 1)
        return unitary.reshape(size, size)


def stinespring_of(kraus: ComplexMatrix) -> Stinespring:
    """Return the dilation of Kraus operators (k, m, n) with Σ K†K = 1.

    The environment has k levels, or as many more as make the dimensions of a rectangular map fit.

    Examples
    --------
    >>> stinespring_of(np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], dtype=complex)).isometry.shape
    (4, 2)
    """
    count, m, n = kraus.shape
    # n e_in = m e must have whole solutions.
    unit = n // math.gcd(n, m)
    environment = unit * math.ceil(count / unit)
    isometry = np.zeros((m, environment, n), dtype=np.complex128)
    isometry[:, :count] = kraus.swapaxes(0, 1)
    return Stinespring(isometry.reshape(m * environment, n), (n, m * environment // n), (m, environment))
