"""Coherence of a qubit in closed form, to relative accuracy however small it is."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealMatrix, RealVector

__all__ = ["qubit_coherence"]

_NEAR_CENTRE = 0.1
#: 1 / (2 k + 3) at k = i + j; eight powers suffice up to _NEAR_CENTRE.
_SERIES = 1 / (2 * np.add.outer(np.arange(8), np.arange(8)) + 3)


def qubit_coherence(
    populations: RealMatrix, logarithms: RealMatrix, square: RealVector
) -> tuple[RealVector, RealVector, RealVector]:
    r"""Return C, the slope λ / D of ln ρ, and what it changes in the logarithm of the ratio of populations.

    With D the distance of the eigenvalues, z that of the populations and λ(u) = ln((t + u) / (t - u)), t the trace,

    .. math:: \ln\rho = \frac{\lambda(D)}{D}(\rho - t/2) + \ldots,\quad
              \mathrm{excess} = z\left(\frac{\lambda(D)}{D} - \frac{\lambda(z)}{z}\right).

    All differences of D and z come from D² - z² = 4 |ρ_01|², never from a subtraction.

    Parameters
    ----------
    populations, logarithms : (2, T)
        Positive populations and their logarithms.
    square : (T,)
        |ρ_01|², less than the product of the populations.
    """
    first, second = populations
    signed, total, product = first - second, first + second, first * second
    bias, fourfold = np.abs(signed), 4 * square
    distance = np.sqrt(signed * signed + fourfold)
    centre = distance < _NEAR_CENTRE * total
    central = bool(centre.any())
    # Where the state is the centre itself nothing is left but 0 / 0.
    reach = np.where(distance == 0, 1.0, distance) if central else distance
    gap = fourfold / (reach + bias)
    doubled = total + bias
    # ln of what the larger eigenvalue gains on the larger population, and the product of eigenvalues on that of both.
    grown = np.log1p(gap / doubled)
    shrunk = np.log1p(square / -product)
    lean = logarithms[0] - logarithms[1]
    if central:
        # λ(z) where a difference of logarithms would lose it.
        np.log1p(bias / (-0.5 * doubled), out=lean, where=centre)
    lean = np.abs(lean)
    rise = 2 * grown - shrunk
    steep = lean + rise
    coherence = gap * (0.5 * steep) + bias * grown + product / (0.5 * doubled) * shrunk
    excess = (bias * rise - gap * lean) / reach * np.sign(signed)
    if central:
        np.copyto(excess, _central_excess(total, signed, distance, fourfold), where=centre)
    return coherence, steep / reach, excess


def _central_excess(total: RealVector, signed: RealVector, distance: RealVector, fourfold: RealVector) -> RealVector:
    """Return z (λ(D) / D - λ(z) / z) for small D and z, from the series of λ(u) = 2 artanh(u / t)."""
    powers = np.empty((8, 2, len(total)))
    powers[0] = 1.0
    np.divide(distance, total, out=powers[2, 0])
    np.divide(signed, total, out=powers[2, 1])
    np.square(powers[2], out=powers[1])
    np.square(powers[1], out=powers[2])
    np.multiply(powers[1:3], powers[2], out=powers[3:5])
    np.multiply(powers[1:4], powers[4], out=powers[5:8])
    # (x^(k+1) - y^(k+1)) / (x - y) is the sum of x^i y^j with i + j = k, and x - y = 4 |ρ_01|² / t².
    mixed = np.add.reduce(powers[:, 0] * (_SERIES @ powers[:, 1]))
    mixed *= fourfold * signed
    return np.asarray(mixed * (2 / (total * total * total)))
