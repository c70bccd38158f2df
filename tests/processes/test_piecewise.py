"""Piecewise polynomials are the function they stand for, jumps and pulses included, or there is an error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import ConvergenceError, InputError
from loschmidt.processes.piecewise import PiecewisePolynomial, piecewise_polynomial

SMOOTH = {
    "constant": (lambda t: 0 * t + 3.0, 0.0, 50.0),
    "zero": (lambda t: 0 * t, 0.0, 1.0),
    "line": (lambda t: 2 * t - 1, -3.0, 5.0),
    "oscillation": (lambda t: np.cos(1.9 * t), 0.0, 500.0),
    "wave packet": (lambda t: np.exp(-(((t - 50.123) / 0.05) ** 2)) * np.cos(300 * t), 0.0, 100.0),
    "tanh in large units": (lambda t: 1e12 * np.tanh(t * 1e-12), -1e13, 1e13),
    "root in small units": (np.sqrt, 0.0, 1e-12),
}


def sampled(start: float, stop: float, count: int = 5001) -> np.ndarray:
    return np.sort(np.random.default_rng(7).uniform(start, stop, count))


@pytest.mark.parametrize("name", SMOOTH)
def test_polynomials_reproduce_the_function(name):
    function, start, stop = SMOOTH[name]
    times = sampled(start, stop)
    values = function(times)
    found = piecewise_polynomial(function, start, stop)(times)
    assert np.abs(found - values).max() <= 1e-11 * np.abs(values).max()


@given(
    frequency=st.floats(0.1, 200.0),
    phase=st.floats(0.0, 6.0),
    scale=st.floats(1e-9, 1e9),
    start=st.floats(-10.0, 10.0),
    unit=st.sampled_from([1e-12, 1.0, 1e12]),
)
def test_accuracy_does_not_depend_on_units(frequency, phase, scale, start, unit):
    def function(times):
        return scale * np.cos(frequency * times / unit + phase)

    found = piecewise_polynomial(function, start * unit, (start + 3) * unit)
    times = sampled(start * unit, (start + 3) * unit, 500)
    assert np.abs(found(times) - function(times)).max() <= 1e-11 * scale


def test_degrees_are_as_small_as_they_can_be():
    assert piecewise_polynomial(lambda t: 0 * t + 2.0, 0.0, 1.0).degrees.tolist() == [0]
    assert piecewise_polynomial(lambda t: t**3, 0.0, 1.0).degrees.tolist() == [3]


def test_derivative():
    found = piecewise_polynomial(lambda t: np.sin(3 * t), 0.0, 20.0).derivative()
    times = sampled(0.0, 20.0)
    assert np.abs(found(times) - 3 * np.cos(3 * times)).max() < 1e-9


def test_derivative_of_a_constant_is_zero():
    found = piecewise_polynomial(lambda t: 0 * t + 2.0, 0.0, 1.0).derivative()
    assert found(np.array([0.3])).tolist() == [0.0]


@pytest.mark.parametrize("width", [1e-2, 3e-4])
def test_a_narrow_pulse_is_found(width):
    def pulse(times):
        return np.exp(-(((times - 0.61803) / width) ** 2))

    found = piecewise_polynomial(pulse, 0.0, 1.0)
    assert abs(float(found(np.array(0.61803))) - 1) < 1e-11
    assert np.abs(found(sampled(0.0, 1.0)) - pulse(sampled(0.0, 1.0))).max() < 1e-11


def test_a_pulse_on_an_oscillation_is_found():
    def function(times):
        return np.cos(5 * times) + 1e-3 * np.exp(-(((times - 3.3) / 0.01) ** 2))

    times = sampled(0.0, 10.0)
    assert np.abs(piecewise_polynomial(function, 0.0, 10.0)(times) - function(times)).max() < 1e-11


@pytest.mark.parametrize("place", [31.4, 50.0, 1e-3])
def test_a_jump_becomes_a_narrow_line(place):
    found = piecewise_polynomial(lambda t: np.where(t < place, 0.0, 2.0), 0.0, 100.0)
    assert float(found(np.array(place - 1e-9))) == 0.0
    assert float(found(np.array(place + 1e-9))) == 2.0
    rates = found.derivative()
    narrow = np.diff(found.breaks) < 1e-9
    assert narrow.any()
    assert rates(found.breaks[:-1][narrow]) @ np.diff(found.breaks)[narrow] == pytest.approx(2.0, rel=1e-12)


def test_a_kink_is_resolved():
    found = piecewise_polynomial(lambda t: np.abs(t - 0.3), 0.0, 1.0)
    assert np.abs(found(sampled(0.0, 1.0)) - np.abs(sampled(0.0, 1.0) - 0.3)).max() < 1e-12


def test_breaks_end_pieces():
    found = piecewise_polynomial(lambda t: np.abs(t - 0.3), 0.0, 1.0, breaks=[0.3, -4.0, 1.0])
    assert found.breaks.tolist() == [0.0, 0.3, 1.0]


def test_a_single_odd_value_does_not_count_where_pieces_need_not_join():
    found = piecewise_polynomial(lambda t: np.where(t == 0.5, 7.0, np.sin(t)), 0.0, 1.0, continuous=False)
    assert len(found.degrees) < 10
    assert np.abs(found(sampled(0.0, 1.0)) - np.sin(sampled(0.0, 1.0))).max() < 1e-12


def test_matrices():
    def rotation(times):
        c, s = np.cos(times), np.sin(times)
        return np.stack([np.stack([c, s], axis=-1), np.stack([-s, c], axis=-1)], axis=-2)

    found = piecewise_polynomial(rotation, 0.0, 7.0)
    times = np.array([[0.1, 2.0], [3.0, 6.9]])
    assert found(times).shape == (2, 2, 2, 2)
    assert np.abs(found(times) - rotation(times)).max() < 1e-12
    assert found.shape == (2, 2)


def test_components_of_different_size():
    def function(times):
        return np.stack([1e9 * np.cos(times), 1e-9 * np.sin(times)], axis=-1)

    times = sampled(0.0, 30.0)
    error = np.abs(piecewise_polynomial(function, 0.0, 30.0, componentwise=True)(times) - function(times))
    assert (error.max(axis=0) < 1e-12 * np.array([1e9, 1e-9])).all()


def test_rounding_of_late_times_is_no_roughness():
    found = piecewise_polynomial(lambda t: np.cos(1e3 * t), 1e6, 1e6 + 10)
    times = sampled(1e6, 1e6 + 10)
    assert np.abs(found(times) - np.cos(1e3 * times)).max() < 1e-6
    assert len(found.degrees) < 3000


def test_noise_is_refused_with_a_remedy():
    rng = np.random.default_rng(1)
    with pytest.raises(ConvergenceError, match=r"piecewise smooth.*TabulatedCoefficient"):
        piecewise_polynomial(lambda t: rng.normal(size=t.shape), 0.0, 10.0)


def test_an_empty_interval_is_refused():
    with pytest.raises(InputError, match="`start` must be smaller than `stop`"):
        piecewise_polynomial(np.cos, 1.0, 1.0)


def test_outside_the_last_piece_goes_on():
    line = PiecewisePolynomial(np.array([0.0, 2.0]), np.array([[1.0, 1.0]]), np.array([1]))
    assert line(np.array([-1.0, 3.0])).tolist() == [-1.0, 3.0]
