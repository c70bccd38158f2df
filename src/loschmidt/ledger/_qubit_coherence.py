"""Coherence of a qubit in closed form, to relative accuracy however small it is."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealMatrix, RealVector

__all__ = ["qubit_coherence"]

_NEAR_CENTRE = 0.1
#: 1 / (2 k + 3) at k = i + j; eight powers suffice up to _NEAR_CENTRE.
_BEND = 1 / (2 * np.add.outer(np.arange(8), np.arange(8)) + 3)


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
    signed, total = first - second, first + second
    bias, fourfold = np.abs(signed), 4 * square
    distance = np.sqrt(signed * signed + fourfold)
    gap = fourfold / (distance + bias)
    doubled = total + bias
    # ln of what the larger eigenvalue gains on the larger population, and the product of eigenvalues on that of both.
    grown = np.log1p(gap / doubled)
    product = first * second
    shrunk = np.log1p(square / -product)
    lean = np.abs(logarithms[0] - logarithms[1])
    centre = distance < _NEAR_CENTRE * total
    central = bool(centre.any())
    if central:
        # λ(z) where a difference of logarithms would lose it.
        lean[centre] = -np.log1p(-2 * bias[centre] / doubled[centre])
    rise = 2 * grown - shrunk
    steep = lean + rise
    coherence = 0.5 * (gap * steep) + bias * grown + 2 * (product / doubled) * shrunk
    if central:
        # At z = 0 the difference of slopes is the series alone.
        bias = np.where(centre, 1.0, bias)
    bend = (rise - gap * lean / bias) / distance
    if central:
        bend[centre] = _central_bend(total[centre], signed[centre], distance[centre], fourfold[centre])
    return coherence, steep / distance, signed * bend


def _central_bend(total: RealVector, signed: RealVector, distance: RealVector, fourfold: RealVector) -> RealVector:
    """Return λ(D) / D - λ(z) / z for small D and z, from the series of λ(u) = 2 artanh(u / t)."""
    powers = np.ones((8, 2, len(total)))
    np.square(distance / total, out=powers[1, 0])
    np.square(signed / total, out=powers[1, 1])
    for k in (1, 2, 4):
        np.multiply(powers[1 : min(k, 7 - k) + 1], powers[k], out=powers[k + 1 : min(2 * k, 7) + 1])
    # (x^(k+1) - y^(k+1)) / (x - y) is the sum of x^i y^j with i + j = k, and x - y = 4 |ρ_01|² / t².
    mixed = (powers[:, 0] * (_BEND @ powers[:, 1])).sum(axis=0)
    return np.asarray(mixed * fourfold * (2 / total**3))
