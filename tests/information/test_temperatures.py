from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_hermitian, seeds

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.information.temperatures import (
    NEGLIGIBLE,
    TemperatureStatus,
    energy_scale,
    generalised_temperature,
)

UNITS = st.integers(-12, 12).map(lambda n: 10.0**n)


@pytest.mark.parametrize(
    ("heat", "entropy", "status", "inverse", "temperature", "angle"),
    [
        (2.0, 1.0, "regular", 0.5, 2.0, math.atan2(1, 2)),
        (-2.0, -1.0, "regular", 0.5, 2.0, math.atan2(-1, -2)),
        (-2.0, 1.0, "negative", -0.5, -2.0, math.atan2(1, -2)),
        (2.0, -1.0, "negative", -0.5, -2.0, math.atan2(-1, 2)),
        (-1.0, 0.0, "pole", 0.0, math.inf, math.pi),
        (1.0, 0.0, "pole", 0.0, math.inf, 0.0),
        (0.0, 1.0, "zero", math.inf, 0.0, math.pi / 2),
        (0.0, -1.0, "zero", -math.inf, 0.0, -math.pi / 2),
        (1.0, math.inf, "logarithmic", math.inf, 0.0, math.pi / 2),
        (-1.0, math.inf, "logarithmic", -math.inf, 0.0, math.pi / 2),
        (0.0, math.inf, "logarithmic", math.inf, 0.0, math.pi / 2),
        (1.0, -math.inf, "logarithmic", -math.inf, 0.0, -math.pi / 2),
        (0.0, 0.0, "undefined", math.nan, math.nan, math.nan),
    ],
)
@pytest.mark.parametrize("scale", [None, 0.7])
def test_every_status(heat, entropy, status, inverse, temperature, angle, scale):
    found = generalised_temperature(heat, entropy, energy_scale=scale)
    assert found.status == status
    assert found.status == list(TemperatureStatus)[int(found.code)]
    np.testing.assert_equal([float(found.inverse_temperature), float(found.temperature)], [inverse, temperature])
    assert found.angle == pytest.approx(angle, nan_ok=True)


@given(seed=seeds, energy=UNITS, time=UNITS)
def test_status_does_not_depend_on_the_units(seed, energy, time):
    rng = np.random.default_rng(seed)
    heat, entropy = rng.normal(size=(2, 40)) * 10.0 ** rng.uniform(-14, 2, size=(2, 40))
    heat[:3], entropy[2:5] = 0.0, 0.0
    sizes = rng.uniform(0.1, 3, size=4) * [1, 1, 1e-9, 1e-9]
    plain = generalised_temperature(
        heat, entropy, energy_scale=sizes[0], change=sizes[1], heat_error=sizes[2], entropy_error=sizes[3]
    )
    scaled = generalised_temperature(
        heat * energy / time,
        entropy / time,
        energy_scale=sizes[0] * energy,
        change=sizes[1] / time,
        heat_error=sizes[2] * energy / time,
        entropy_error=sizes[3] / time,
        energy_unit=energy,
    )
    np.testing.assert_array_equal(scaled.code, plain.code)
    np.testing.assert_allclose(scaled.inverse_temperature * energy, plain.inverse_temperature, rtol=1e-12)
    np.testing.assert_allclose(scaled.temperature / energy, plain.temperature, rtol=1e-12)
    np.testing.assert_allclose(scaled.angle, plain.angle, atol=1e-12)


@given(seed=seeds)
def test_only_the_undefined_is_not_a_number(seed):
    rng = np.random.default_rng(seed)
    values = np.concatenate([rng.normal(size=20) * 10.0 ** rng.integers(-300, 300, 20), np.zeros(5)])
    heat, entropy = rng.permuted(values), np.append(rng.permuted(values)[:-1], np.inf)
    found = generalised_temperature(heat, entropy, energy_scale=1.0, change=1e-3, entropy_error=1e-20)
    undefined = found.status == TemperatureStatus.UNDEFINED
    for derived in (found.inverse_temperature, found.temperature, found.angle):
        np.testing.assert_array_equal(np.isnan(derived), undefined)
    regular = found.status == TemperatureStatus.REGULAR
    assert (found.temperature[regular] > 0).all()
    assert (found.inverse_temperature[found.status == TemperatureStatus.NEGATIVE] < 0).all()


def test_thresholds_are_where_they_are_said_to_be():
    # Ṡ beside |Q̇| / e, here with 1 / e = 4, and the other way round; then both beside ‖D(ρ)‖, and beside their errors.
    above, below = NEGLIGIBLE * 1.001, NEGLIGIBLE * 0.999
    for share, near, far in ((above, "regular", "regular"), (below, "pole", "zero")):
        assert generalised_temperature(1.0, 4 * share, energy_scale=0.25).status == near
        assert generalised_temperature(share / 4, 1.0, energy_scale=0.25).status == far
    assert generalised_temperature(0.25 * below, below, energy_scale=0.25, change=1.0).status == "undefined"
    assert generalised_temperature(0.25 * above, below, energy_scale=0.25, change=1.0).status == "regular"
    assert generalised_temperature(0.25 * below, above, energy_scale=0.25, change=1.0).status == "regular"
    assert generalised_temperature(1.0, 0.1, entropy_error=0.1, energy_scale=1.0).status == "pole"
    assert generalised_temperature(0.1, 1.0, heat_error=0.1, energy_scale=1.0).status == "zero"
    assert generalised_temperature(0.1, 0.2, heat_error=0.1, entropy_error=0.2).status == "undefined"
    # Without a scale only zero is zero.
    assert generalised_temperature(1.0, 1e-300, change=1.0).status == "regular"


def test_angle_is_continuous_where_the_temperature_is_not():
    turn = np.linspace(0.0, 2 * math.pi, 400)
    found = generalised_temperature(np.cos(turn), np.sin(turn), energy_scale=1.0)
    assert np.abs(np.diff(np.unwrap(found.angle))).max() < 0.02
    assert np.abs(np.diff(found.temperature)).max() > 10
    np.testing.assert_allclose(np.tan(found.angle), found.inverse_temperature, rtol=1e-9, atol=1e-12)


def test_arguments_broadcast_and_the_pair_is_kept():
    found = generalised_temperature([[1.0], [2.0]], [0.5, 0.0, np.inf], energy_scale=[1.0, 1.0, 2.0])
    assert found.code.shape == (2, 3)
    np.testing.assert_array_equal(found.heat_rate, [[1, 1, 1], [2, 2, 2]])
    np.testing.assert_array_equal(found.entropy_rate, [[0.5, 0, np.inf]] * 2)
    assert found.status.tolist() == [["regular", "pole", "logarithmic"]] * 2


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((math.inf, 1.0), {}, NotFiniteError, "heat_rate"),
        ((math.nan, 1.0), {}, NotFiniteError, "heat_rate"),
        ((1.0, math.nan), {}, NotFiniteError, "entropy_rate"),
        ((1.0, 1.0), {"energy_scale": 0.0}, InputError, "energy_scale"),
        ((1.0, 1.0), {"energy_scale": math.inf}, InputError, "energy_scale"),
        ((1.0, 1.0), {"change": -1.0}, InputError, "change"),
        ((1.0, 1.0), {"heat_error": math.nan}, InputError, "heat_error"),
        ((1.0, 1.0), {"entropy_error": -1.0}, InputError, "entropy_error"),
        ((1.0, 1.0), {"energy_unit": -1.0}, InputError, "energy_unit"),
        (([1.0, 2.0], [1.0, 2.0, 3.0]), {}, ShapeError, "broadcast"),
        ((1j, 1.0), {}, InputError, "complex"),
    ],
)
def test_border(arguments, options, error, words):
    with pytest.raises(error, match=words):
        generalised_temperature(*arguments, **options)


@given(seed=seeds, unit=UNITS, shift=st.floats(-100, 100))
def test_energy_scale_is_the_smaller_of_width_and_temperature(seed, unit, shift):
    energy = random_hermitian(np.random.default_rng(seed), 4)
    width = float(np.ptp(np.linalg.eigvalsh(energy)))
    shifted = unit * (energy + shift * np.eye(4))
    assert energy_scale(shifted) == pytest.approx(unit * width, rel=1e-9)
    assert energy_scale(shifted, [None, 0.0, math.inf]) == pytest.approx(unit * width, rel=1e-9)
    assert energy_scale(shifted, [0.1 / width / unit, -10 / width / unit]) == pytest.approx(unit * width / 10, rel=1e-9)


def test_energy_scale_without_any_energy():
    assert energy_scale(np.eye(3) / 3) == 1.0
    assert energy_scale(np.eye(3) / 3, [4.0]) == 0.25
    np.testing.assert_array_equal(energy_scale(np.stack([np.diag([0.0, 1.0]), np.diag([0.0, 8.0])]), [0.5]), [1.0, 2.0])
