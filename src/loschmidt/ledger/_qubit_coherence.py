"""Coherence of a qubit in closed form, to relative accuracy however small it is."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealMatrix, RealVector

__all__ = ["qubit_coherence"]

_NEAR_CENTRE = 0.1


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
    populations, logarithms : (T, 2)
        Positive populations and their logarithms.
    square : (T,)
        |ρ_01|², less than the product of the populations.
    """
    first, second = populations[:, 0], populations[:, 1]
    total, signed = first + second, first - second
    bias = np.abs(signed)
    product = first * second
    distance = np.sqrt(signed * signed + 4 * square)
    determinant = product - square
    gap = 4 * square / (distance + bias)
    larger = 0.5 * (total + distance)
    lean = np.abs(logarithms[:, 0] - logarithms[:, 1])
    # t² - D z = ½((t² - z²) + (t² - D²) + (D - z)²)
    turn = gap * total / (2 * (product + determinant) + 0.5 * gap * gap)
    close = square <= 0.25 * product
    rise = np.where(close, 2 * np.arctanh(np.where(close, turn, 0.0)), np.log(larger * larger / determinant) - lean)
    slope = (lean + rise) / distance
    coherence = 0.5 * (gap * (lean + rise) + bias * rise + total * np.log1p(-square / product))
    bend = (rise - gap * lean / np.where(bias == 0, 1.0, bias)) / distance
    if (centre := distance < _NEAR_CENTRE * total).any():
        bend[centre] = _near_centre(total[centre], bias[centre], distance[centre])
    return coherence, slope, signed * bend


def _near_centre(total: RealVector, bias: RealVector, distance: RealVector) -> RealVector:
    """Return λ(D) / D - λ(z) / z for small D and z, from the series 2 Σ (u / t)^2k / (2k + 1) / t."""
    far, near = (distance / total) ** 2, (bias / total) ** 2
    result, power, mixed = np.zeros_like(far), near, np.ones_like(far)
    for k in range(1, 10):
        # mixed = (far^k - near^k) / (far - near)
        result = result + mixed / (2 * k + 1)
        mixed = mixed * far + power
        power = power * near
    return np.asarray(result * 2 * (far - near) / total)
