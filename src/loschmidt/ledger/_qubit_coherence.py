"""Coherence of a qubit in closed form, to relative accuracy however small it is."""

from __future__ import annotations

import numpy as np

from loschmidt.typing import RealVector

__all__ = ["qubit_coherence"]

#: Up to here round-off of the closed form, over the distance of the eigenvalues, would show in Υ.
_NEAR_CENTRE = 0.01
#: 1 / (2 k + 3) for k = 3, ..., 0; four terms suffice up to _NEAR_CENTRE.
_SERIES = (1 / 9, 1 / 7, 1 / 5, 1 / 3)


def qubit_coherence(
    difference: RealVector, total: RealVector, product: RealVector, square: RealVector
) -> tuple[RealVector, RealVector, RealVector]:
    r"""Return C, the slope λ / D of ln ρ, and what it changes in the logarithm of the ratio of populations.

    With D the distance of the eigenvalues, z that of the populations and λ(u) = ln((t + u) / (t - u)), t the trace,

    .. math:: \ln\rho = \frac{\lambda(D)}{D}(\rho - t/2) + \ldots,\quad
              \mathrm{excess} = z\left(\frac{\lambda(D)}{D} - \frac{\lambda(z)}{z}\right).

    All differences of D and z come from D² - z² = 4 |ρ_01|², never from a subtraction.

    Parameters
    ----------
    difference, total : (T,)
        p_0 - p_1 and p_0 + p_1.
    product, square : (T,)
        4 p_0 p_1, positive, and 4 |ρ_01|², less than that.
    """
    bias, distance = np.abs(difference), difference * difference
    distance += square
    np.sqrt(distance, distance)
    near = distance < _NEAR_CENTRE * total
    central = np.count_nonzero(near) > 0
    # At the centre itself nothing is left but 0 / 0.
    reach = np.where(distance == 0, 1.0, distance) if central else distance
    # Twice the larger and the smaller population, and what the eigenvalues are farther apart than these.
    larger, gain = total + bias, reach + bias
    np.divide(square, gain, gain)
    smaller = product / larger
    logarithms = np.empty((3, len(gain)))
    # ln of the larger eigenvalue over the larger population, of the product of eigenvalues over that of populations,
    # and of the ratio of populations, λ(z).
    grown, shrunk, lean = logarithms[0], logarithms[1], logarithms[2]
    np.divide(gain, larger, grown)
    np.negative(np.divide(square, product, shrunk), shrunk)
    np.divide(bias + bias, smaller, lean)
    np.log1p(logarithms, logarithms)
    rise = grown + grown
    rise -= shrunk
    excess = bias * rise
    # C = D grown + (smaller eigenvalue) shrunk + ½ gain lean.
    coherence = distance * grown
    coherence += coherence
    smaller -= gain
    smaller *= shrunk
    coherence += smaller
    lost = gain * lean
    coherence += lost
    excess -= lost
    if central:
        np.copyto(excess, _central_excess(total, bias, distance, gain), where=near)
    excess /= np.copysign(reach, difference)
    rise += lean
    rise /= reach
    return 0.5 * coherence, rise, excess


def _central_excess(total: RealVector, bias: RealVector, distance: RealVector, gap: RealVector) -> RealVector:
    """Return D times the excess, z λ(D) - D λ(z), for small D and z.

    With t = 1 and λ(D) - λ(z) = λ(w), w = (D - z) / (1 - D z), this is z λ(w) - (D - z) λ(z). What is linear of λ in
    these two adds up to z² w D, without a subtraction, and the series of the rest is no larger than that.
    """
    z, d, g = bias / total, distance / total, gap / total
    ratios = np.stack([g / (1 - d * z), z])
    squares = ratios * ratios
    # λ(u) / 2u - 1, by Horner's rule.
    series = squares * _SERIES[0]
    for coefficient in _SERIES[1:]:
        series += coefficient
        series *= squares
    return np.asarray(2 * total * z * (ratios[0] * (z * d + series[0]) - g * series[1]))
