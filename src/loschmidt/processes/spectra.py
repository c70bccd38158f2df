"""Spectral densities: how fast a bath takes or gives energy at each Bohr frequency, KMS by construction."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from loschmidt.checks import as_number, as_real_values
from loschmidt.errors import InputError, NotFiniteError, RateError
from loschmidt.typing import RealTensor, RealVector

__all__ = [
    "DrudeSpectrum",
    "FermionicSpectrum",
    "FlatSpectrum",
    "GlauberSpectrum",
    "OhmicSpectrum",
    "Spectrum",
    "TabulatedSpectrum",
    "UserSpectrum",
]


@runtime_checkable
class Spectrum(Protocol):
    """What every spectral density offers to a bath."""

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is."""

    def check(self, beta: float) -> None:
        """Raise if a bath of this kind cannot have inverse temperature `beta`."""

    def rate(self, omega: RealTensor, beta: float) -> RealTensor:
        """Return γ(ω); ω > 0 takes energy out of the system."""


class _BosonicSpectrum:
    """γ(ω) = J(ω)(1 + n(ω)) and γ(-ω) = J(ω) n(ω) for ω > 0, from a density J."""

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is."""
        return False

    def density(self, omega: RealTensor) -> RealTensor:
        raise NotImplementedError

    def zero_frequency(self, beta: float) -> float:
        raise NotImplementedError

    def check(self, beta: float) -> None:
        """Raise InputError unless `beta` is positive (∞ is allowed)."""
        if not beta > 0:
            raise InputError(
                f"`beta` of a bosonic bath must be positive, but it is {beta:g}: its rates diverge at infinite "
                f"temperature and do not exist beyond it. Use GlauberSpectrum for such a bath."
            )

    def rate(self, omega: RealTensor, beta: float) -> RealTensor:
        """Return γ(ω) for frequencies of either sign; ω > 0 takes energy out of the system."""
        omega = np.asarray(omega, dtype=np.float64)
        magnitude = np.abs(omega)
        density = np.zeros(omega.shape)
        coupled = magnitude > 0
        density[coupled] = _checked_density(self.density(magnitude[coupled]), magnitude[coupled])
        # expm1 keeps full relative accuracy for hot and for cold baths; e^{-inf} = 0 covers T = 0.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            exponent = beta * magnitude
            emission = density / -np.expm1(-exponent)
            absorption = density / np.expm1(exponent)
        rates = np.where(omega > 0, emission, absorption)
        return np.where(coupled, rates, self.zero_frequency(beta))


@dataclass(frozen=True)
class OhmicSpectrum(_BosonicSpectrum):
    r"""Ohmic density J(ω) = κ ω e^{-ω/ω_c}; γ(0) = κ/β.

    Parameters
    ----------
    coupling : float
        κ ≥ 0, dimensionless.
    cutoff : float
        ω_c > 0; ``inf`` for none (no Lamb shift then).

    Notes
    -----
    Rates as in :cite:t:`breuer2002`, section 3.4. ``qutip`` power spectra are 2J(1 + n).

    Examples
    --------
    >>> gamma = OhmicSpectrum(0.1).rate(np.array([1.0, -1.0]), beta=2.0)
    >>> bool(np.isclose(gamma[1] / gamma[0], np.exp(-2)))
    True
    """

    coupling: float
    cutoff: float = math.inf

    def __post_init__(self) -> None:
        as_number(self.coupling, "coupling", non_negative=True)
        _check_cutoff(self.cutoff)

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) for ω > 0."""
        return np.asarray(self.coupling * omega * np.exp(-omega / self.cutoff))

    def zero_frequency(self, beta: float) -> float:
        """Return γ(0) = κ/β."""
        return self.coupling / beta


@dataclass(frozen=True)
class DrudeSpectrum(_BosonicSpectrum):
    """Drude density J(ω) = κ ω ω_c² / (ω² + ω_c²); γ(0) = κ/β.

    Parameters
    ----------
    coupling : float
        κ ≥ 0, dimensionless.
    cutoff : float
        ω_c > 0.

    Examples
    --------
    >>> float(DrudeSpectrum(0.1, 1.0).density(np.array(1.0)))
    0.05
    """

    coupling: float
    cutoff: float

    def __post_init__(self) -> None:
        as_number(self.coupling, "coupling", non_negative=True)
        as_number(self.cutoff, "cutoff", positive=True)

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) for ω > 0."""
        return np.asarray(self.coupling * omega / (1 + (omega / self.cutoff) ** 2))

    def zero_frequency(self, beta: float) -> float:
        """Return γ(0) = κ/β."""
        return self.coupling / beta


@dataclass(frozen=True)
class FlatSpectrum(_BosonicSpectrum):
    """Constant density J(ω) = κ, as in textbook optical master equations.

    Parameters
    ----------
    coupling : float
        κ ≥ 0, a rate.
    zero_frequency_rate : float, optional
        γ(0), which a flat density leaves open; taken as 0, with a warning where it would matter.

    Examples
    --------
    >>> FlatSpectrum(0.1).rate(np.array([1.0, -1.0]), beta=np.inf)
    array([0.1, 0. ])
    """

    coupling: float
    zero_frequency_rate: float | None = None

    def __post_init__(self) -> None:
        as_number(self.coupling, "coupling", non_negative=True)
        if self.zero_frequency_rate is not None:
            as_number(self.zero_frequency_rate, "zero_frequency_rate", non_negative=True)

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is."""
        return self.zero_frequency_rate is None

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) for ω > 0."""
        return np.full(np.shape(omega), float(self.coupling))

    def zero_frequency(self, beta: float) -> float:
        """Return γ(0)."""
        return self.zero_frequency_rate or 0.0


@dataclass(frozen=True)
class TabulatedSpectrum(_BosonicSpectrum):
    """Density J(ω) measured or computed elsewhere, interpolated monotonically between the given points.

    Parameters
    ----------
    frequencies : (n,)
        Positive and ascending, n ≥ 2.
    densities : (n,)
        J at these frequencies, none negative.
    zero_frequency_rate : float, optional
        γ(0); taken as 0, with a warning where it would matter.

    Examples
    --------
    >>> float(TabulatedSpectrum((1.0, 2.0), (0.1, 0.3)).density(np.array(1.5)))
    0.2
    """

    frequencies: tuple[float, ...]
    densities: tuple[float, ...]
    zero_frequency_rate: float | None = None

    def __post_init__(self) -> None:
        frequencies, densities = (np.asarray(x, dtype=np.float64) for x in (self.frequencies, self.densities))
        if frequencies.ndim != 1 or frequencies.size < 2 or frequencies.shape != densities.shape:
            raise InputError("`frequencies` and `densities` must be vectors of one length, at least 2.")
        if not (np.isfinite(frequencies).all() and np.isfinite(densities).all()):
            raise NotFiniteError("`frequencies` and `densities` must be finite.")
        if not (frequencies[0] > 0 and (np.diff(frequencies) > 0).all()):
            raise InputError("`frequencies` must be positive and ascending.")
        if (densities < 0).any():
            raise RateError(f"`densities` must not be negative, but entry {int(densities.argmin())} is.")
        object.__setattr__(self, "frequencies", tuple(frequencies.tolist()))
        object.__setattr__(self, "densities", tuple(densities.tolist()))

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is."""
        return self.zero_frequency_rate is None

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) inside the table; a frequency outside is an error."""
        from scipy.interpolate import PchipInterpolator

        low, high = self.frequencies[0], self.frequencies[-1]
        outside = (omega < low * (1 - 1e-12)) | (omega > high * (1 + 1e-12))
        if outside.any():
            worst = float(np.asarray(omega)[outside].flat[0])
            raise InputError(
                f"`frequencies` must cover every Bohr frequency that the bath couples to, but {worst:g} lies outside "
                f"[{low:g}, {high:g}]. Extend the table."
            )
        return np.asarray(PchipInterpolator(self.frequencies, self.densities)(omega))

    def zero_frequency(self, beta: float) -> float:
        """Return γ(0)."""
        return self.zero_frequency_rate or 0.0


@dataclass(frozen=True)
class UserSpectrum(_BosonicSpectrum):
    """Density J(ω) given as a function.

    Parameters
    ----------
    function : callable
        Maps an array of positive frequencies to densities, none negative.
    zero_frequency_rate : float, optional
        γ(0); taken as 0, with a warning where it would matter.

    Examples
    --------
    >>> float(UserSpectrum(lambda omega: 0.1 * omega**3).density(np.array(2.0)))
    0.8
    """

    function: Callable[[RealTensor], RealTensor]
    zero_frequency_rate: float | None = None

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is."""
        return self.zero_frequency_rate is None

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise InputError(f"`function` of a UserSpectrum must be callable, but it is {self.function!r}.")

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) for ω > 0."""
        return as_real_values(self.function(omega), "A spectral density")

    def zero_frequency(self, beta: float) -> float:
        """Return γ(0)."""
        return self.zero_frequency_rate or 0.0


@dataclass(frozen=True)
class GlauberSpectrum:
    """Rates γ(ω) = γ₀ / (1 + e^{-βω}), as of heat-bath spin flips; any β, negative ones included.

    Parameters
    ----------
    coupling : float
        γ₀ ≥ 0, a rate.

    Notes
    -----
    :cite:t:`glauber1963`.

    Examples
    --------
    >>> GlauberSpectrum(0.2).rate(np.array([1.0, -1.0]), beta=0.0)
    array([0.1, 0.1])
    """

    coupling: float
    zero_frequency_assumed: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        as_number(self.coupling, "coupling", non_negative=True)

    def check(self, beta: float) -> None:
        """Accept every inverse temperature."""

    def rate(self, omega: RealTensor, beta: float) -> RealTensor:
        """Return γ(ω) for frequencies of either sign; ω > 0 takes energy out of the system."""
        return np.asarray(self.coupling * logistic(np.asarray(omega, dtype=np.float64), beta))


@dataclass(frozen=True)
class FermionicSpectrum:
    """A reservoir of fermions with tunnelling rate Γ(ω); the coupling operator of its bath annihilates a fermion.

    Parameters
    ----------
    coupling : float or callable
        Γ ≥ 0, constant or a function of the single-particle energy.

    Notes
    -----
    Out: Γ(1 - f), in: Γ f with the Fermi function f of ω - μ; detailed balance reads
    γ_in / γ_out = e^{-β(ω - μ)}.

    Examples
    --------
    >>> FermionicSpectrum(0.2).rates_out_and_in(np.array([1.0]), beta=np.inf, chemical_potential=2.0)
    (array([0.]), array([0.2]))
    """

    coupling: float | Callable[[RealTensor], RealTensor]
    zero_frequency_assumed: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        if not callable(self.coupling):
            as_number(self.coupling, "coupling", non_negative=True)

    def check(self, beta: float) -> None:
        """Accept every inverse temperature."""

    def rates_out_and_in(
        self, omega: RealTensor, beta: float, chemical_potential: float
    ) -> tuple[RealTensor, RealTensor]:
        """Return the rates at which a fermion of energy ω leaves and enters the system."""
        omega = np.asarray(omega, dtype=np.float64)
        width = self.coupling(omega) if callable(self.coupling) else np.full(omega.shape, float(self.coupling))
        width = _checked_density(np.asarray(width, dtype=np.float64), omega)
        above = omega - chemical_potential
        return width * logistic(above, beta), width * logistic(-above, beta)

    def rate(self, omega: RealTensor, beta: float) -> RealTensor:
        """Raise: a fermionic reservoir has two rates at each energy, see :meth:`rates_out_and_in`."""
        raise InputError("A FermionicSpectrum has rates for fermions, not for quanta; use `rates_out_and_in`.")


def logistic(omega: RealTensor, beta: float) -> RealTensor:
    """Return 1 / (1 + e^{-βω}) with full relative accuracy in both tails, ½ at ω = 0 whatever β."""
    from scipy.special import expit

    with np.errstate(invalid="ignore", over="ignore"):
        exponent = np.where(omega == 0, 0.0, beta * omega)
    return np.asarray(expit(exponent))


def _check_cutoff(cutoff: float) -> None:
    if cutoff != math.inf:
        as_number(cutoff, "cutoff", positive=True)


def _checked_density(density: RealTensor, omega: RealTensor) -> RealVector:
    values = np.asarray(density, dtype=np.float64)
    if values.shape != np.shape(omega):
        raise RateError(f"A spectral density must return one value per frequency, but it returned {values.shape}.")
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        at = int(bad.argmax())
        raise RateError(
            f"A spectral density must be finite and not negative, but it is {values[at]:g} at ω = {omega[at]:g}."
        )
    return values
