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
    gap = 4 * square / (distance + bias)
    upper = 0.5 * (total + bias)
    # ln of what the larger eigenvalue gains on the larger population, and the product of eigenvalues on that of both.
    grown, shrunk = np.log1p(gap / (2 * upper)), np.log1p(-square / product)
    lean = np.abs(logarithms[:, 0] - logarithms[:, 1])
    rise = 2 * grown - shrunk
    slope = (lean + rise) / distance
    coherence = 0.5 * gap * (lean + rise) + bias * grown + (product / upper) * shrunk
    bend = (rise - gap * lean / np.where(bias == 0, 1.0, bias)) / distance
    if (centre := distance < _NEAR_CENTRE * total).any():
        coherence[centre], slope[centre], bend[centre] = _near_centre(
            total[centre], bias[centre], distance[centre], square[centre]
        )
    return coherence, slope, signed * bend


def _near_centre(
    total: RealVector, bias: RealVector, distance: RealVector, square: RealVector
) -> tuple[RealVector, RealVector, RealVector]:
    """Return C, λ(D) / D and λ(D) / D - λ(z) / z for small D and z, from the series of λ(u) = 2 artanh(u / t)."""
    far, near = (distance / total) ** 2, (bias / total) ** 2
    coherence, slope, bend = np.zeros_like(far), np.zeros_like(far), np.zeros_like(far)
    power, others, mixed = np.ones_like(far), near, np.ones_like(far)
    for k in range(10):
        # mixed = (far^(k+1) - near^(k+1)) / (far - near), and far - near = 4 |ρ_01|² / t².
        coherence += mixed / ((2 * k + 1) * (2 * k + 2))
        slope += power / (2 * k + 1)
        bend += mixed / (2 * k + 3)
        mixed = mixed * far + others
        power, others = power * far, others * near
    apart = 4 * square / total**2
    return coherence * apart * total, slope * 2 / total, bend * apart * 2 / total
