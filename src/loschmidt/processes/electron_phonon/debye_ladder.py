"""An electron that loses its energy to phonons of a Debye spectrum: non-unital, yet with an H-theorem of its own.

What makes the generator non-unital is spontaneous emission alone, whatever the temperature, and it cancels at every
level that has as many levels within the Debye energy above it as below.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.uniformisation import advance, population_ladder
from loschmidt.checks import as_number, as_real_values
from loschmidt.errors import InputError, NotAStateError, NotFiniteError, ShapeError
from loschmidt.information.entropy import shannon_entropy
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.spectra import UserSpectrum
from loschmidt.typing import ArrayLike, BooleanArray, RealArray, RealMatrix, RealTensor, RealVector

__all__ = ["DebyeLadder", "DebyeSpectrum", "debye_ladder"]

_EDGE = 1e-9  # a phonon this near to the Debye energy, relative to it, is at the edge, which belongs to the spectrum
_FEWEST_LEVELS = 2
_NORM_TOLERANCE = 1e-10


@dataclass(frozen=True)
class DebyeSpectrum:
    r"""Debye density J(ω) = 3 g ω²/ω_D³ up to the Debye energy ω_D, which is included, and zero beyond; γ(0) = 0.

    Parameters
    ----------
    coupling : float
        g ≥ 0; a rate times an energy: levels of density ν emit at the rate g ν, once they are higher than ω_D.
    debye_energy : float
        ω_D > 0.

    Notes
    -----
    :cite:t:`debye1912`.

    Examples
    --------
    >>> DebyeSpectrum(1.0, 2.0).rate(np.array([2.0, -2.0, 2.1]), beta=np.inf)
    array([1.5, 0. , 0. ])
    """

    coupling: float
    debye_energy: float

    def __post_init__(self) -> None:
        as_number(self.coupling, "coupling", non_negative=True)
        as_number(self.debye_energy, "debye_energy", positive=True)

    @property
    def zero_frequency_assumed(self) -> bool:
        """Whether γ(0) is 0 only because nobody said what it is: it is 0 since J vanishes as ω²."""
        return False

    def check(self, beta: float) -> None:
        """Raise InputError unless `beta` is positive (∞ is allowed)."""
        self._bosons.check(beta)

    def density(self, omega: RealTensor) -> RealTensor:
        """Return J(ω) for ω ≥ 0."""
        within = omega <= self.debye_energy * (1 + _EDGE)
        return np.where(within, 3 * self.coupling / self.debye_energy**3 * omega**2, 0.0)

    def rate(self, omega: RealTensor, beta: float) -> RealTensor:
        """Return γ(ω) for frequencies of either sign; ω > 0 takes energy out of the system."""
        return self._bosons.rate(omega, beta)

    @property
    def _bosons(self) -> UserSpectrum:
        return UserSpectrum(self.density, zero_frequency_rate=0.0)


@dataclass(frozen=True, eq=False)
class DebyeLadder:
    """Levels of an electron that emits and absorbs phonons; build one with :func:`debye_ladder`.

    Attributes
    ----------
    energies : (d,)
        Ascending levels.
    debye_energy : float
        ω_D.
    generator : Generator
        The Davies generator; populations of levels move on their own.
    rates : (d, d)
        W[f, i] of the jump i → f.
    identity_image_rate : (d,)
        Diagonal of L(1), all that there is of it: (d/dt) Φ_t(1) at t = 0.

    Examples
    --------
    >>> ladder = debye_ladder(3.0, temperature=0.0, levels=12, spacing=1.0)
    >>> np.round(ladder.identity_image_rate, 3)
    array([ 1.556,  1.444,  1.   ,  0.   ,  0.   ,  0.   ,  0.   ,  0.   ,  0.   , -1.   , -1.444, -1.556])
    """

    energies: RealVector
    debye_energy: float
    generator: Generator
    rates: RealMatrix
    identity_image_rate: RealVector

    @property
    def balanced_levels(self) -> BooleanArray:
        """Which levels L(1) leaves alone (d,): a state above and below which the ladder looks the same."""
        scale = float(np.abs(self.identity_image_rate).max())
        return np.asarray(np.abs(self.identity_image_rate) <= 1e-13 * scale)

    def populations(self, start: ArrayLike, times: ArrayLike) -> RealMatrix:
        """Return populations (T, d) at times t ≥ 0 (T,) from the populations `start` (d,), in positive arithmetic.

        Raises
        ------
        NotAStateError, ShapeError, InputError
            If `start` is no distribution over the levels, or a time is negative.
        """
        initial = self._checked_populations(start)
        at = as_real_values(times, "`times`")
        if at.ndim != 1 or at.size == 0 or not np.isfinite(at).all() or at.min() < 0:
            raise InputError("`times` must be a vector of finite times, none negative.")
        ladder = population_ladder(self.rates, np.zeros((0, len(self.rates))), float(at.max()))
        return np.asarray(advance(ladder, initial, at)[0])

    def entropies(self, start: ArrayLike, times: ArrayLike) -> RealVector:
        """Return S(t) in nats (T,) of a state that is diagonal in energy; see :meth:`populations`."""
        return np.asarray(shannon_entropy(self.populations(start, times)))

    def entropy_rate_bound(self, populations: ArrayLike) -> RealArray:
        """Return -tr ρ L(1) (...), below which dS/dt of populations (..., d) cannot be."""
        bound: RealArray = np.negative(self._checked_populations(populations) @ self.identity_image_rate)[()]
        return bound

    def _checked_populations(self, value: ArrayLike) -> RealTensor:
        populations = as_real_values(value, "`populations`")
        if populations.ndim == 0 or populations.shape[-1] != len(self.energies):
            raise ShapeError(
                f"`populations` must have one entry per level, {len(self.energies)}, but their shape is "
                f"{populations.shape}."
            )
        defect = np.abs(populations.sum(axis=-1) - 1).max()
        if not (defect <= _NORM_TOLERANCE and populations.min() >= -_NORM_TOLERANCE):
            raise NotAStateError(
                f"`populations` must not be negative and must sum to 1, but the smallest is {populations.min():.3g} "
                f"and a sum misses 1 by {defect:.1e}."
            )
        return populations


def debye_ladder(
    debye_energy: float,
    temperature: float,
    coupling: float = 1.0,
    *,
    levels: int | None = None,
    spacing: float | None = None,
    energies: ArrayLike | None = None,
) -> DebyeLadder:
    r"""Return an electron that relaxes by emission and absorption of phonons up to the Debye energy.

    .. math:: W_{i\to f} = \frac{3g\,\omega^2}{\omega_D^3}\,(n_B(\omega) + 1), \quad \omega = \varepsilon_i -
        \varepsilon_f \in (0, \omega_D], \qquad W_{f\to i} = \frac{3g\,\omega^2}{\omega_D^3}\,n_B(\omega)

    Parameters
    ----------
    debye_energy : float
        ω_D > 0. A pair of levels exactly ω_D apart still exchanges phonons.
    temperature : float
        T ≥ 0 of the phonons; at zero they are emitted only.
    coupling : float
        g ≥ 0.
    levels, spacing : int and float, optional
        Number d ≥ 2 and distance of equidistant levels, from 0 upward.
    energies : (d,), optional
        Distinct levels instead of equidistant ones; their density is the electron's density of states.

    Returns
    -------
    DebyeLadder

    Raises
    ------
    InputError, NotFiniteError
        If an argument is malformed, or two levels coincide.

    Notes
    -----
    Restricted H-theorem, the corrected form of the remark of :cite:t:`lesovik2016` on electrons below the Debye energy:

    .. math:: L(1)_i = \sum_f \mathrm{sign}(\varepsilon_f - \varepsilon_i)\,J(|\varepsilon_f - \varepsilon_i|), \qquad
        \dot S \ge -\sum_i p_i\,L(1)_i

    The number of phonons cancels. For equidistant levels L(1) vanishes from ω_D above the lowest level up to ω_D below
    the highest, is positive below and negative above. So the entropy of a state cannot fall while the state stays
    above ω_D, although the channel is not unital.

    Examples
    --------
    >>> ladder = debye_ladder(6.0, temperature=0.0, levels=60, spacing=1.0)
    >>> start = np.where((np.arange(60) >= 30) & (np.arange(60) < 50), 1 / 20, 0.0)
    >>> np.round(ladder.entropies(start, [0.0, 1.0, 3.0, 10.0, 40.0]), 4)
    array([2.9957, 3.4713, 3.7383, 1.8032, 0.666 ])
    """
    ladder = _checked_energies(levels, spacing, energies)
    spectrum = DebyeSpectrum(coupling, debye_energy)
    t = as_number(temperature, "temperature", non_negative=True)
    bath = Bath("phonons", math.inf if t == 0 else 1 / t, spectrum, np.ones((len(ladder), len(ladder))))
    generator = davies_generator(np.diag(ladder), [bath])
    dissipator = generator.dissipators[0]
    assert isinstance(dissipator, DaviesDissipator)
    if generator.levels.degenerate:
        raise InputError(
            "`energies` must be distinct, but two of them are one level (equal within 1e-9 of the band width). "
            "Move them apart: the density of the levels is what counts."
        )
    # Frequencies of grouped gaps: equal ones are the same number, so that what cancels does so exactly.
    gaps = dissipator.bohr.frequencies[dissipator.bohr.labels]
    spontaneous = -np.sign(gaps) * spectrum.density(np.abs(gaps))
    return DebyeLadder(
        energies=generator.levels.energies,
        debye_energy=spectrum.debye_energy,
        generator=generator,
        rates=dissipator.pauli_rates(),
        identity_image_rate=np.array([math.fsum(column) for column in spontaneous.T]),
    )


def _checked_energies(levels: int | None, spacing: float | None, energies: ArrayLike | None) -> RealVector:
    if energies is not None:
        if levels is not None or spacing is not None:
            raise InputError("Give `levels` and `spacing`, or `energies` alone: they say the same thing.")
        given = as_real_values(energies, "`energies`")
        if given.ndim != 1 or len(given) < _FEWEST_LEVELS:
            raise ShapeError(f"`energies` must be a vector of at least two levels, but its shape is {given.shape}.")
        if not np.isfinite(given).all():
            raise NotFiniteError("`energies` must be finite.")
        return np.sort(given)
    if not isinstance(levels, int) or isinstance(levels, bool) or levels < _FEWEST_LEVELS:
        raise InputError(f"`levels` must be a whole number, at least 2, but it is {levels!r}.")
    return np.asarray(as_number(spacing, "spacing", positive=True) * np.arange(levels))
