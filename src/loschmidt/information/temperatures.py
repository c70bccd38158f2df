"""The generalised temperature: heat per entropy of whatever happens, with its poles and zeros told from numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from loschmidt.checks import as_hermitian, as_inverse_temperature, as_real_values
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.typing import ArrayLike, BooleanArray, IntegerArray, OperatorLike, RealArray, RealTensor

__all__ = [
    "NEGLIGIBLE",
    "GeneralisedTemperature",
    "TemperatureStatus",
    "energy_scale",
    "generalised_temperature",
]

#: One rate counts as zero beside another up to this share.
NEGLIGIBLE = 1e-10

#: One word per batch index.
_Words: TypeAlias = NDArray[Any]


class TemperatureStatus(StrEnum):
    """What the generalised temperature is at one moment.

    REGULAR: heat and entropy flow the same way, T > 0. NEGATIVE: they flow opposite ways, T < 0. POLE: heat without
    entropy, T = ±∞ and β = 0. ZERO: entropy without heat, T = 0. LOGARITHMIC: the entropy rate is infinite, because the
    state gains a level that was empty; T = 0. UNDEFINED: neither flows.

    Examples
    --------
    >>> TemperatureStatus.POLE.value
    'pole'
    """

    REGULAR = "regular"
    NEGATIVE = "negative"
    POLE = "pole"
    ZERO = "zero"
    LOGARITHMIC = "logarithmic"
    UNDEFINED = "undefined"


_NAMES: _Words = np.array([status.value for status in TemperatureStatus])
_REGULAR, _NEGATIVE, _POLE, _ZERO, _LOGARITHMIC, _UNDEFINED = range(len(TemperatureStatus))


@dataclass(frozen=True, eq=False)
class GeneralisedTemperature:
    """The pair of rates, and what follows from it; all (...).

    Attributes
    ----------
    heat_rate, entropy_rate : (...)
        Q̇ and Ṡ.
    code : (...)
        Status as its place in :class:`TemperatureStatus`, 0 for regular to 5 for undefined.
    energy_unit : (...)
        Energy that the angle measures heat in.
    """

    heat_rate: RealArray
    entropy_rate: RealArray
    code: IntegerArray
    energy_unit: RealArray

    @property
    def status(self) -> _Words:
        """Status in words; compares equal to the members of :class:`TemperatureStatus`."""
        return np.asarray(_NAMES[self.code])

    @property
    def inverse_temperature(self) -> RealArray:
        """Ṡ / Q̇: 0 at a pole, ±inf where T = 0, NaN only where undefined.

        Where there is no heat at all the sign of an infinity is that of Ṡ; both signs are limits.
        """
        return self._derived(*_quotient(self.entropy_rate, self.heat_rate), at_pole=0.0, at_zero=np.inf)

    @property
    def temperature(self) -> RealArray:
        """Q̇ / Ṡ: ``inf`` at a pole, where both signs are limits, 0 where β is infinite, NaN only where undefined."""
        return self._derived(*_quotient(self.heat_rate, self.entropy_rate), at_pole=np.inf, at_zero=0.0)

    @property
    def angle(self) -> RealArray:
        """atan2(Ṡ, Q̇ / energy_unit), continuous through poles and zeros; NaN only where undefined.

        Its tangent is β_gen in units of 1 / `energy_unit`.
        """
        angles = np.arctan2(self.entropy_rate, self.heat_rate / self.energy_unit)
        return _scalar(np.where(self.code == _UNDEFINED, np.nan, angles))

    def _derived(self, ratio: RealTensor, sign: RealTensor, *, at_pole: float, at_zero: float) -> RealArray:
        code = np.asarray(self.code)
        flat = np.where(self.code == _ZERO, np.where(np.asarray(self.entropy_rate) < 0, -1.0, 1.0), sign)
        still = (code == _ZERO) | (code == _LOGARITHMIC)
        value = np.where(code == _POLE, at_pole, np.where(still, at_zero if at_zero == 0 else flat * at_zero, ratio))
        return _scalar(np.where(code == _UNDEFINED, np.nan, value))


def generalised_temperature(
    heat_rate: ArrayLike,
    entropy_rate: ArrayLike,
    *,
    energy_scale: ArrayLike | None = None,
    change: ArrayLike = 0.0,
    heat_error: ArrayLike = 0.0,
    entropy_error: ArrayLike = 0.0,
    energy_unit: ArrayLike = 1.0,
) -> GeneralisedTemperature:
    r"""Return the temperature T = Q̇ / Ṡ at which the heat that flows would carry the entropy that changes.

    .. math:: T\,\dot S = \dot Q, \qquad \beta_\mathrm{gen} = \dot S / \dot Q

    Parameters
    ----------
    heat_rate : (...)
        Q̇ into the system, of all baths or of one; or an amount of heat.
    entropy_rate : (...)
        Ṡ of the system, or the part of it due to the same baths; infinite where a state gains an empty level.
    energy_scale : (...), optional
        Energy that turns Q̇ into a rate for the comparison with Ṡ, best from :func:`energy_scale`; without it only an
        exact zero counts as zero.
    change : (...)
        ‖D(ρ)‖; where both rates are below 1e-10 of it neither flows.
    heat_error, entropy_error : (...)
        Absolute errors; a rate up to its error counts as zero.
    energy_unit : (...)
        Energy that the angle measures heat in.

    Returns
    -------
    GeneralisedTemperature
        With the shape that the arguments broadcast to.

    Raises
    ------
    NotFiniteError
        If a heat rate is not finite, or an entropy rate is NaN.
    InputError
        If a scale is not positive, or an error negative.
    ShapeError
        If the arguments do not broadcast.

    Notes
    -----
    :cite:t:`ahmadi2020`, Eq. (17). It is no function of the state: it depends on where the state is going. With
    e the energy scale, Ṡ counts as zero up to 1e-10 of the size of Q̇ / e, and Q̇ / e up to 1e-10 of that of Ṡ.

    Examples
    --------
    A population through one half: heat flows, the entropy stands still.

    >>> found = generalised_temperature([-0.2, -0.1, 0.1], [-0.1, 0.0, 0.2], energy_scale=1.0)
    >>> found.status.tolist(), found.inverse_temperature.tolist()
    (['regular', 'pole', 'regular'], [0.5, 0.0, 2.0])
    """
    heat = as_real_values(heat_rate, "`heat_rate`")
    entropy = as_real_values(entropy_rate, "`entropy_rate`")
    scale = None if energy_scale is None else _positive(energy_scale, "energy_scale")
    moved, heat_spread = _not_negative(change, "change"), _not_negative(heat_error, "heat_error")
    entropy_spread = _not_negative(entropy_error, "entropy_error")
    unit = _positive(energy_unit, "energy_unit")
    if not np.isfinite(heat).all():
        raise NotFiniteError("`heat_rate` must be finite, but it holds NaN or infinity.")
    if np.isnan(entropy).any():
        raise NotFiniteError("`entropy_rate` must not be NaN; infinite is a value.")
    try:
        given = [one for one in (heat, entropy, scale, moved, heat_spread, entropy_spread, unit) if one is not None]
        shape = np.broadcast_shapes(*(one.shape for one in given))
    except ValueError:
        raise ShapeError(
            f"`heat_rate` {heat.shape}, `entropy_rate` {entropy.shape} and their scales must broadcast."
        ) from None
    heat, entropy = np.broadcast_to(heat, shape), np.broadcast_to(entropy, shape)
    code = _code(heat, entropy, scale, moved, heat_spread, entropy_spread)
    return GeneralisedTemperature(_scalar(heat), _scalar(entropy), code, _scalar(np.broadcast_to(unit, shape)))


def energy_scale(energy: OperatorLike, betas: Iterable[float | None] = ()) -> RealArray:
    """Return the energy that heat is compared with entropy by: the smaller of the width of `energy` and any 1 / |β|.

    Parameters
    ----------
    energy : (..., d, d)
        Energy observable; a constant added to it changes nothing.
    betas : iterable of float or None
        Inverse temperatures of the baths; None, zero and infinite ones set no scale.

    Returns
    -------
    (...)
        The scale 1 where nothing sets one: no bath, and an energy that is a constant.

    Examples
    --------
    >>> float(energy_scale([[0, 0], [0, 2]], [1.0, 0.1]))
    1.0
    """
    values = np.linalg.eigvalsh(as_hermitian(energy, "energy"))
    width = values[..., -1] - values[..., 0]
    known = [abs(as_inverse_temperature(beta)) for beta in betas if beta is not None]
    thermal = [1 / beta for beta in known if 0 < beta < np.inf]
    # Of a multiple of the identity only round-off is left.
    widest = width > 1e-14 * np.abs(values).max(axis=-1)
    lowest = min(thermal) if thermal else np.inf
    scale = np.where(widest & (width < lowest), width, lowest)
    return _scalar(np.where(np.isinf(scale), 1.0, scale))


def _code(
    heat: RealTensor,
    entropy: RealTensor,
    scale: RealTensor | None,
    change: RealTensor,
    heat_error: RealTensor,
    entropy_error: RealTensor,
) -> IntegerArray:
    size = np.abs(entropy)
    singular = np.isinf(size)
    no_heat, no_entropy = np.abs(heat) <= heat_error, size <= entropy_error
    if scale is not None:
        flow = np.abs(heat) / scale
        idle: BooleanArray = (flow <= NEGLIGIBLE * change) & (size <= NEGLIGIBLE * change)
        no_heat = no_heat | idle | (flow <= NEGLIGIBLE * size)
        no_entropy = no_entropy | idle | (size <= NEGLIGIBLE * flow)
    code = np.where((heat > 0) == (entropy > 0), _REGULAR, _NEGATIVE)
    code = np.where(no_heat, np.where(no_entropy, _UNDEFINED, _ZERO), np.where(no_entropy, _POLE, code))
    return np.asarray(np.where(singular, _LOGARITHMIC, code))


def _quotient(upper: RealArray, lower: RealArray) -> tuple[RealTensor, RealTensor]:
    """Return upper / lower and its sign, both with whatever a division by zero gives."""
    above, below = np.asarray(upper), np.asarray(lower)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(above / below), np.where((above < 0) == (below < 0), 1.0, -1.0)


def _positive(value: ArrayLike, name: str) -> RealTensor:
    array = as_real_values(value, f"`{name}`")
    if not (np.isfinite(array) & (array > 0)).all():
        raise InputError(f"`{name}` must be positive and finite, but its lowest value is {array.min():g}.")
    return array


def _not_negative(value: ArrayLike, name: str) -> RealTensor:
    array = as_real_values(value, f"`{name}`")
    if not (array >= 0).all():
        raise InputError(f"`{name}` must not be negative, but its lowest value is {array.min():g}.")
    return array


def _scalar(values: RealTensor) -> RealArray:
    return np.asarray(values, dtype=np.float64)[()]
