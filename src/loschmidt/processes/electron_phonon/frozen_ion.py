"""An ion that stands still during the collision: the electron's channel is an average over where the ion may be.

Each position scatters unitarily, so that the average is unital whatever the distribution of positions, on an energy
shell and on any other set of wave numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_number, as_real_values, as_unitary
from loschmidt.errors import InputError, NotFiniteError, ResourceError, ShapeError
from loschmidt.processes.channels import Channel
from loschmidt.typing import ArrayLike, ComplexMatrix, OperatorLike, RealMatrix, RealTensor, RealVector

__all__ = ["FrozenIon", "as_vector", "displacement_variance", "frozen_ion"]

_WEIGHT_TOLERANCE = 1e-10
_LARGEST_DIMENSION = 64


def displacement_variance(mass: float, frequency: float, temperature: float, *, classical: bool = False) -> float:
    r"""Return ⟨u²⟩ of an ion in a harmonic potential at thermal equilibrium.

    .. math:: \langle u^2\rangle = \frac{1}{2M\Omega}\coth\frac{\Omega}{2T} \;\xrightarrow{T\gg\Omega}\;
        \frac{T}{M\Omega^2}

    Parameters
    ----------
    mass, frequency : float
        M > 0 and Ω > 0.
    temperature : float
        T ≥ 0; at zero the quantum ion keeps its zero-point motion, the classical one stands still.
    classical : bool
        Return the right-hand side.

    Returns
    -------
    float
        In units of 1/(M Ω), ħ = k_B = 1.

    Raises
    ------
    InputError, NotFiniteError
        If a number is not finite or of the wrong sign.

    Examples
    --------
    >>> displacement_variance(1.0, 0.5, 0.0), displacement_variance(1.0, 0.5, 0.0, classical=True)
    (1.0, 0.0)
    """
    m, omega = as_number(mass, "mass", positive=True), as_number(frequency, "frequency", positive=True)
    t = as_number(temperature, "temperature", non_negative=True)
    if classical:
        return t / (m * omega**2)
    return 1 / (2 * m * omega * (math.tanh(omega / (2 * t)) if t > 0 else 1.0))


@dataclass(frozen=True, eq=False)
class FrozenIon:
    """Scattering of an electron by one ion whose displacement is random; build one with :func:`frozen_ion`.

    Attributes
    ----------
    scattering : (n, n)
        s₀, the scattering matrix of the ion at its place; element (j, i) leads from channel i to channel j.
    wave_numbers : (n,)
        k of each channel.
    variance : float
        ⟨u²⟩ of the displacement, about its mean.
    displacements : (M,) or None
        Positions that the ion takes; None for a Gaussian distribution.
    weights : (M,) or None
        Their probabilities.

    Examples
    --------
    >>> mirror = frozen_ion([[0, 1], [1, 0]], [1.0, -1.0], variance=0.5)
    >>> mirror.channel.is_unital()
    True
    """

    scattering: ComplexMatrix
    wave_numbers: RealVector
    variance: float
    displacements: RealVector | None = None
    weights: RealVector | None = None

    @property
    def momentum_transfers(self) -> RealMatrix:
        """Wave number k_j - k_i that the collision i → j gives to the electron (n, n)."""
        return np.asarray(self.wave_numbers[:, None] - self.wave_numbers[None, :])

    def characteristic(self, transfers: RealTensor) -> ComplexMatrix:
        """Return ⟨e^{-iqu}⟩ (...) for transfers q (...)."""
        if self.displacements is None or self.weights is None:
            return np.asarray(np.exp(-0.5 * self.variance * transfers**2), dtype=np.complex128)
        result = np.zeros(transfers.shape, dtype=np.complex128)
        for place, weight in zip(self.displacements, self.weights, strict=True):
            result += weight * np.exp(-1j * place * transfers)
        return result

    @property
    def debye_waller_factors(self) -> RealMatrix:
        """Share |⟨e^{-iqu}⟩|² of each process i → j that remains coherent (n, n); e^{-q²⟨u²⟩} for a Gaussian."""
        return np.asarray(np.abs(self.characteristic(self.momentum_transfers)) ** 2)

    def scattering_at(self, displacement: float) -> ComplexMatrix:
        """Return s(u) = e^{-iKu} s₀ e^{iKu} (n, n), the scattering matrix of the displaced ion."""
        return np.asarray(self.scattering * np.exp(-1j * displacement * self.momentum_transfers))

    @cached_property
    def channel(self) -> Channel:
        """Average over the displacements, ρ → ∫du w(u) s(u) ρ s(u)†."""
        s, q = self.scattering, self.momentum_transfers
        n = len(s)
        coherence = self.characteristic(q[:, None, :, None] - q[None, :, None, :])
        elements = np.einsum("ji,lk,jlik->ljki", s, s.conj(), coherence)
        return Channel.from_superoperator(np.ascontiguousarray(elements.reshape(n * n, n * n)))


def frozen_ion(
    scattering: OperatorLike,
    wave_numbers: ArrayLike,
    *,
    variance: float | None = None,
    displacements: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> FrozenIon:
    r"""Return the scattering of an electron by an ion that does not move while the electron passes.

    .. math:: \Phi(\rho)_{jj'} = \sum_{ii'} s_{ji}s^*_{j'i'}\rho_{ii'}\,
        e^{-[(k_j-k_i)-(k_{j'}-k_{i'})]^2\langle u^2\rangle/2}

    for a Gaussian displacement u; for any other, ⟨e^{-iqu}⟩ stands in the place of the exponential.

    Parameters
    ----------
    scattering : (n, n)
        Unitary scattering matrix s₀ of the ion at its place.
    wave_numbers : (n,)
        Wave number k of each channel: (k, -k) on an energy shell in one dimension, or any other set.
    variance : float, optional
        ⟨u²⟩ ≥ 0 of a Gaussian displacement, see :func:`displacement_variance`.
    displacements : (M,), optional
        Instead of it, the positions that the ion takes: samples, or the nodes of a quadrature.
    weights : (M,), optional
        Their probabilities; default equal ones.

    Returns
    -------
    FrozenIon

    Raises
    ------
    NotUnitaryError
        If `scattering` is not unitary.
    InputError, ShapeError, NotFiniteError
        If counts do not match, neither or both distributions are given, or the weights are no distribution.
    ResourceError
        If there are more channels than a dense superoperator can hold.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (12), with the density of the ion's position in the state of the reservoir and not in the
    operators that act on it.

    Examples
    --------
    >>> ion = frozen_ion([[0.8, 0.6], [-0.6, 0.8]], [2.0, -2.0], variance=0.1)
    >>> np.round(ion.debye_waller_factors, 4)
    array([[1.    , 0.2019],
           [0.2019, 1.    ]])
    """
    s = as_unitary(scattering, "scattering")
    if s.ndim != 2:
        raise ShapeError(f"`scattering` must be one matrix (n, n), but its shape is {s.shape}.")
    k = as_vector(wave_numbers, "wave_numbers")
    if len(k) != len(s):
        raise ShapeError(f"`wave_numbers` must have one entry per channel, {len(s)}, but has {len(k)}.")
    if len(s) > _LARGEST_DIMENSION:
        raise ResourceError(
            f"A superoperator between {len(s)} channels needs {16 * len(s) ** 4 / 2**30:.1f} GiB; frozen_ion() takes "
            f"up to {_LARGEST_DIMENSION} channels. Average over positions with frozen_ions() instead."
        )
    if (variance is None) == (displacements is None):
        raise InputError("Give `variance` for a Gaussian displacement, or `displacements`: one of them, not both.")
    if displacements is None:
        if weights is not None:
            raise InputError("`weights` need `displacements` that they belong to; a Gaussian has none.")
        return FrozenIon(s, k, as_number(variance, "variance", non_negative=True))
    places = as_vector(displacements, "displacements")
    chances = as_weights(weights, len(places))
    mean = float(chances @ places)
    return FrozenIon(s, k, float(chances @ (places - mean) ** 2), places, chances)


def as_vector(value: ArrayLike, name: str) -> RealVector:
    """Return `value` as a finite real vector (n,), n ≥ 1.

    Raises
    ------
    ShapeError, NotFiniteError, InputError
        If it is not.

    Examples
    --------
    >>> as_vector([1, 2], "wave_numbers")
    array([1., 2.])
    """
    vector = as_real_values(value, f"`{name}`")
    if vector.ndim != 1 or vector.size == 0:
        raise ShapeError(f"`{name}` must be a vector of at least one number, but its shape is {vector.shape}.")
    if not np.isfinite(vector).all():
        at = int((~np.isfinite(vector)).argmax())
        raise NotFiniteError(f"`{name}` must be finite, but entry {at} is {vector[at]}.")
    return vector


def as_weights(value: ArrayLike | None, count: int) -> RealVector:
    """Return probabilities (count,) of `count` positions, equal ones for None.

    Raises
    ------
    InputError, ShapeError, NotFiniteError
        If one is negative, the sum is not 1, or the count is another.

    Examples
    --------
    >>> as_weights(None, 4)
    array([0.25, 0.25, 0.25, 0.25])
    """
    if value is None:
        return np.full(count, 1 / count)
    weights = as_vector(value, "weights")
    if len(weights) != count:
        raise ShapeError(f"`weights` must have one entry per displacement, {count}, but has {len(weights)}.")
    if (weights < 0).any():
        at = int(weights.argmin())
        raise InputError(f"`weights` are probabilities and must not be negative, but entry {at} is {weights[at]:.3g}.")
    if not abs(weights.sum() - 1) <= _WEIGHT_TOLERANCE:
        raise InputError(f"`weights` must sum to 1, but their sum is {weights.sum():.12g}. Divide them by it.")
    return weights
