"""Adaptive time integrals: exact on smooth rates, right at logarithms and at pulses, honest about their error."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.ledger.quadrature import cumulative_integral

TIMES = np.linspace(0.0, 10.0, 11)


def test_rule_is_exact_for_polynomials_up_to_degree_eleven():
    def powers(t):
        return np.stack([t**k for k in range(12)], axis=1)

    value, _ = cumulative_integral(powers, np.array([0.0, 1.0]))
    np.testing.assert_allclose(value[-1], 1 / np.arange(1, 13), rtol=1e-14)


def test_logarithmic_start_and_smooth_rates_are_cumulative_at_every_time():
    value, error = cumulative_integral(lambda t: np.stack([-np.log(t), np.exp(-t)], axis=1), TIMES)
    later = TIMES[1:]
    np.testing.assert_allclose(value[1:, 0], later - later * np.log(later), atol=1e-10)
    np.testing.assert_allclose(value[:, 1], 1 - np.exp(-TIMES), atol=1e-13)
    assert (error[0] == 0).all()
    assert (np.abs(value[1:, 0] - later + later * np.log(later)) <= error[1:, 0] + 1e-14).all()


@pytest.mark.parametrize("width", [0.3, 0.03])
def test_pulse_between_output_times_is_found(width):
    value, error = cumulative_integral(lambda t: np.exp(-(((t - 3.37) / width) ** 2))[:, None], TIMES)
    assert value[-1, 0] == pytest.approx(width * np.sqrt(np.pi), abs=1e-9)
    assert abs(value[-1, 0] - width * np.sqrt(np.pi)) <= error[-1, 0] + 1e-15


@pytest.mark.parametrize("last", [1e2, 1e4, 1e6])
def test_decay_that_began_before_a_long_interval_is_followed_through_it(last):
    times = np.array([0.0, 1.0, 2.0, last])
    value, error = cumulative_integral(lambda t: np.exp(-t)[:, None], times, fastest=1.0)
    np.testing.assert_allclose(value[:, 0], -np.expm1(-times), atol=1e-11)
    assert (np.abs(value[:, 0] + np.expm1(-times)) <= error[:, 0] + 1e-15).all()


def test_short_pulse_is_found_where_a_method_made_short_steps():
    def pulse(t):
        return np.exp(-(((t - 3.37e3) / 0.1) ** 2))[:, None]

    times = np.array([0.0, 2e3, 4e3])
    missed, _ = cumulative_integral(pulse, times)
    assert missed[-1, 0] == 0
    steps = np.concatenate([np.linspace(0.0, 3369.0, 20), np.linspace(3369.0, 3371.0, 40), [3500.0]])
    found, error = cumulative_integral(pulse, times, steps=steps)
    assert abs(found[-1, 0] - 0.1 * np.sqrt(np.pi)) <= error[-1, 0] + 1e-15
    assert error[-1, 0] < 1e-9


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_unit_of_time_does_not_matter(scale):
    plain, _ = cumulative_integral(lambda t: np.cos(t)[:, None], TIMES)
    scaled, _ = cumulative_integral(lambda t: np.cos(t / scale)[:, None], TIMES * scale)
    np.testing.assert_allclose(scaled / scale, plain, atol=1e-14)


def test_rates_that_are_round_off_are_not_resolved():
    seen = []

    def noise(t):
        seen.append(len(t))
        return np.stack([1e-17 * np.sin(1e9 * t), np.cos(t)], axis=1)

    value, error = cumulative_integral(noise, TIMES, round_off=np.array([1e-15, 0.0]))
    assert sum(seen) < 3000
    assert abs(value[-1, 0]) <= error[-1, 0] + 1e-15
    assert value[-1, 1] == pytest.approx(np.sin(TIMES[-1]), abs=1e-11)
