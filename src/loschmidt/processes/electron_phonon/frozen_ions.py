"""Several frozen ions, or one in any potential: the scattering matrix is averaged over positions of all of them.

Two ions scatter repeatedly, so that their displacements do not factor out of the scattering matrix as that of one does;
the average is then a sum over the nodes of a quadrature or over samples.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_number, as_real_values, as_unitary
from loschmidt.errors import InputError, ResourceError, ShapeError
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.electron_phonon.frozen_ion import as_vector, as_weights
from loschmidt.typing import ArrayLike, ComplexMatrix, RealMatrix, RealTensor, RealVector

__all__ = ["FrozenIons", "delta_scattering", "frozen_ions", "gaussian_displacements"]

_MOST_POSITIONS = 2**20


@dataclass(frozen=True, eq=False)
class FrozenIons:
    """Scattering by ions at random positions; build one with :func:`frozen_ions`.

    Attributes
    ----------
    matrices : (M, n, n)
        Scattering matrix s({r}) at each set of positions.
    weights : (M,)
        Probability of each set, the diagonal ρ_ion({r}) of the state of the ions.

    Examples
    --------
    >>> ions = frozen_ions(lambda u: delta_scattering(u, [1.0], 2.0), [[-0.1], [0.1]])
    >>> ions.channel.is_unital()
    True
    """

    matrices: ComplexMatrix
    weights: RealVector

    @cached_property
    def channel(self) -> Channel:
        """Average over the positions, ρ → Σ w s ρ s†."""
        return Channel.from_kraus(np.sqrt(self.weights)[:, None, None] * self.matrices)

    @property
    def unitary(self) -> ComplexMatrix:
        """Joint unitary Σ s({r}) ⊗ |{r}><{r}| of electron ⊗ ions (n M, n M)."""
        count, n = self.matrices.shape[:2]
        if (size := 16 * (n * count) ** 2) > 2**31:
            raise ResourceError(f"The joint unitary of {count} positions would take {size / 2**30:.1f} GiB; use fewer.")
        joint = np.zeros((n, count, n, count), dtype=np.complex128)
        at = np.arange(count)
        joint[:, at, :, at] = self.matrices
        return joint.reshape(n * count, n * count)

    @cached_property
    def dilation(self) -> Dilation:
        """The joint unitary and the state of the ions, whose diagonal is `weights`."""
        count, n = self.matrices.shape[:2]
        return Dilation(self.unitary, np.diag(self.weights.astype(np.complex128)), (n, count))


def frozen_ions(
    scattering: Callable[[RealVector], ComplexMatrix], displacements: ArrayLike, weights: ArrayLike | None = None
) -> FrozenIons:
    r"""Return the scattering of an electron by ions that do not move while it passes.

    .. math:: \Phi(\rho) = \int d\{r\}\,\rho_\mathrm{ion}(\{r\})\,s(\{r\})\,\rho\,s(\{r\})^\dagger

    Parameters
    ----------
    scattering : callable
        Maps one set of displacements (A,) of A ions to a unitary matrix (n, n), such as :func:`delta_scattering` at
        positions plus displacements.
    displacements : (M, A)
        Sets of displacements: from :func:`gaussian_displacements`, or samples of any distribution.
    weights : (M,), optional
        Their probabilities; default equal ones, as for samples.

    Returns
    -------
    FrozenIons

    Raises
    ------
    NotUnitaryError
        If `scattering` returns a matrix that is not unitary.
    InputError, ShapeError, NotFiniteError
        If shapes do not match or the weights are no distribution.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (12). With samples the channel is that of the samples: exactly unital, and as near to the
    channel of their distribution as 1/√M.

    Examples
    --------
    >>> displacements, weights = gaussian_displacements([0.02, 0.02], points=6)
    >>> at_rest = np.array([0.0, 1.0])
    >>> ions = frozen_ions(lambda u: delta_scattering(at_rest + u, [0.7, 0.7], 3.0), displacements, weights)
    >>> ions.channel.unitality_defect() < 1e-14
    True
    """
    if not callable(scattering):
        raise InputError(f"`scattering` must be a function of the displacements, but it is {scattering!r}.")
    places = as_real_values(displacements, "`displacements`")
    if places.ndim != 2 or places.size == 0:
        raise ShapeError(f"`displacements` must be (M, A) for A ions, but their shape is {places.shape}.")
    matrices = as_unitary([scattering(place) for place in places], "scattering")
    return FrozenIons(matrices, as_weights(weights, len(places)))


def gaussian_displacements(variances: ArrayLike, points: int) -> tuple[RealMatrix, RealVector]:
    """Return nodes and weights of the Gauss–Hermite quadrature over independent Gaussian displacements.

    Parameters
    ----------
    variances : (A,)
        ⟨u²⟩ ≥ 0 of each ion.
    points : int
        Nodes per ion; averages of polynomials up to degree 2 · points - 1 are exact.

    Returns
    -------
    (M, A), (M,)
        Displacements and their weights, M = points^A.

    Raises
    ------
    InputError
        If a variance is negative or `points` is not a positive whole number.
    ResourceError
        If there are more than a million nodes.

    Examples
    --------
    >>> displacements, weights = gaussian_displacements([0.3], points=5)
    >>> round(float(weights @ displacements[:, 0] ** 2), 12)
    0.3
    """
    values = as_vector(variances, "variances")
    if (values < 0).any():
        raise InputError(f"`variances` must not be negative, but one is {values.min():g}.")
    if not isinstance(points, int) or points < 1:
        raise InputError(f"`points` must be a positive whole number, but it is {points!r}.")
    if points ** len(values) > _MOST_POSITIONS:
        raise ResourceError(
            f"{points} nodes for each of {len(values)} ions are {points ** len(values):.1e} positions, more than "
            f"{_MOST_POSITIONS}. Draw samples instead."
        )
    nodes, weights = np.polynomial.hermite.hermgauss(points)
    grids = np.meshgrid(*[nodes * math.sqrt(2 * value) for value in values], indexing="ij")
    products = np.meshgrid(*[weights / math.sqrt(math.pi)] * len(values), indexing="ij")
    displacements = np.stack([grid.reshape(-1) for grid in grids], axis=1)
    return displacements, np.asarray(np.prod([product.reshape(-1) for product in products], axis=0))


def delta_scattering(positions: ArrayLike, strengths: ArrayLike, wave_number: float) -> ComplexMatrix:
    """Return the scattering matrix of point-like ions on a line, all multiple reflections included.

    Parameters
    ----------
    positions : (A,)
        Where the ions are, in any order.
    strengths : (A,)
        Potential strength times the electron's mass over its wave number: alone, an ion of strength z transmits
        1/(1 + iz).
    wave_number : float
        k > 0.

    Returns
    -------
    (2, 2)
        Between the channels k and -k, in this order: transmission from the left and reflection of waves from the right
        in the first row.

    Raises
    ------
    InputError, ShapeError, NotFiniteError
        If an argument is malformed.

    Notes
    -----
    The amplitudes at the ions solve the linear equations of Lippmann and Schwinger with the free Green's function
    e^{ik|x|}/2ik, so that ions may also coincide.

    Examples
    --------
    >>> np.round(delta_scattering([0.0], [1.0], 2.0), 3)
    array([[ 0.5-0.5j, -0.5-0.5j],
           [-0.5-0.5j,  0.5-0.5j]])
    """
    x = as_vector(positions, "positions")
    z = as_vector(strengths, "strengths")
    if len(z) != len(x):
        raise ShapeError(f"`strengths` must have one entry per ion, {len(x)}, but has {len(z)}.")
    k = as_number(wave_number, "wave_number", positive=True)
    incoming = np.exp(1j * np.multiply.outer(x, np.array([k, -k])))
    between: RealTensor = np.abs(x[:, None] - x[None, :])
    amplitudes = np.linalg.solve(np.eye(len(x)) + 1j * np.exp(1j * k * between) * z, incoming)
    return np.asarray(np.eye(2) - 1j * incoming.conj().T @ (z[:, None] * amplitudes))
