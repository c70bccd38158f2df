"""The Lamb shift: how much a bath moves the energies of the system it damps."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from loschmidt.errors import ConvergenceError, InputError
from loschmidt.processes.spectra import DrudeSpectrum, OhmicSpectrum, UserSpectrum
from loschmidt.typing import RealVector

__all__ = ["principal_value_rates"]


def principal_value_rates(spectrum: object, frequencies: RealVector, beta: float) -> RealVector:
    r"""Return :math:`S(\omega) = \frac{1}{2\pi}\,\mathrm{P}\!\int \gamma(\omega')/(\omega-\omega')\,d\omega'`.

    Parameters
    ----------
    spectrum : OhmicSpectrum, DrudeSpectrum or UserSpectrum
        Must decay at high frequency; an Ohmic density needs a finite cutoff.
    frequencies : (n,)
        Where S is wanted, either sign.
    beta : float
        Inverse temperature, 0 < β ≤ ∞.

    Returns
    -------
    (n,)
        Energies.

    Raises
    ------
    InputError
        If the integral has no cutoff or the spectrum is of a kind without one.
    ConvergenceError
        If the quadrature does not reach a relative 1e-8.

    Notes
    -----
    :cite:t:`breuer2002`, equation (3.141).

    Examples
    --------
    >>> round(float(principal_value_rates(OhmicSpectrum(2 * np.pi, 1.0), np.array([0.0]), np.inf)[0]), 9)
    -1.0
    """
    if not isinstance(spectrum, (OhmicSpectrum, DrudeSpectrum, UserSpectrum)):
        raise InputError(f"The Lamb shift of a {type(spectrum).__name__} is not defined: it has no cutoff.")
    if isinstance(spectrum, OhmicSpectrum) and math.isinf(spectrum.cutoff):
        raise InputError("The Lamb shift of an Ohmic density diverges without a cutoff; give `cutoff`.")

    def rate(omega: float) -> float:
        return float(spectrum.rate(np.array([omega]), beta)[0])

    def density(omega: float) -> float:
        return float(spectrum.density(np.array([omega]))[0])

    scale = max(float(np.abs(frequencies).max(initial=0.0)), getattr(spectrum, "cutoff", 0.0) or 0.0, 1e-300)
    return np.array([_shift(float(omega), rate, density, scale) for omega in frequencies])


def _shift(omega: float, rate: Callable[[float], float], density: Callable[[float], float], scale: float) -> float:
    # Half-lines are folded onto ω' > 0: emission has its pole at ω' = ω, absorption at ω' = -ω.
    if omega == 0:
        value, error = _integral(lambda x: density(x) / x if x > 0 else 0.0, 0.0, scale)
        return -_converged(value, error, abs(value)) / (2 * math.pi)
    pole, mirrored = (rate, lambda x: rate(-x)) if omega > 0 else (lambda x: rate(-x), rate)
    size = abs(omega)
    parts = [
        _cauchy(lambda x: -pole(x), size),
        _integral(lambda x: pole(x) / (size - x), 2 * size, scale),
        _integral(lambda x: mirrored(x) / (size + x), 0.0, scale),
    ]
    # The parts may cancel: the error is held against their size, not against the sum.
    value, error = sum(part[0] for part in parts), sum(part[1] for part in parts)
    reach = sum(abs(part[0]) for part in parts) + pole(size)
    return math.copysign(1.0, omega) * _converged(value, error, reach) / (2 * math.pi)


def _cauchy(function: Callable[[float], float], pole: float) -> tuple[float, float]:
    from scipy.integrate import quad

    floor = 1e-11 * abs(function(pole))  # the default is absolute and would depend on the unit of energy
    value, error = quad(function, 0.0, 2 * pole, weight="cauchy", wvar=pole, epsrel=1e-10, epsabs=floor, limit=500)
    return float(value), float(error)


def _integral(function: Callable[[float], float], start: float, scale: float) -> tuple[float, float]:
    from scipy.integrate import quad

    near, near_error = quad(function, start, start + scale, epsrel=1e-11, epsabs=0.0, limit=500)

    def tail(u: float) -> float:
        # x = start + scale / u maps the tail onto a finite interval.
        return function(start + scale / u) * scale / u**2

    far, far_error = quad(tail, 0.0, 1.0, epsrel=1e-11, epsabs=1e-14 * abs(near), limit=500)
    return float(near + far), float(near_error + far_error)


def _converged(value: float, error: float, reach: float) -> float:
    if not error <= 1e-8 * reach:
        raise ConvergenceError(
            f"The Lamb-shift integral did not converge: {value:.6g} ± {error:.1g}. Check that the density decays."
        )
    return value
