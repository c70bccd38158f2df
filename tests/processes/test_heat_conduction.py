from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from tests.physics import seeds

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.evolution.evolve import evolve
from loschmidt.processes.heat_conduction import conducting_bars


@st.composite
def bars_and_temperatures(draw):
    """Bars of any numbers of cells, capacities and conductances, at random temperatures of each cell."""
    rng = np.random.default_rng(draw(seeds))
    cells = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    n = sum(cells)
    bars = conducting_bars(
        cells,
        heat_capacity=rng.uniform(0.2, 3.0, n),
        conductance=rng.uniform(0.1, 5.0, 2),
        contact_conductance=float(rng.uniform(0.05, 4.0)),
        cut=draw(st.sampled_from([None, 0.7])),
    )
    return bars, rng.uniform(0.3, 4.0, n)


def test_matrix_is_that_of_the_links():
    bars = conducting_bars((2, 1), conductance=3.0, contact_conductance=2.0)
    assert bars.conduction_matrix() == pytest.approx(np.array([[3.0, -3, 0], [-3, 5, -2], [0, -2, 2]]))
    assert bars.conduction_matrix(touching=False) == pytest.approx(np.array([[3.0, -3, 0], [-3, 3, 0], [0, 0, 0]]))


@given(case=bars_and_temperatures())
def test_modes_are_the_matrix_exponential(case):
    bars, start = case
    times = np.array([0.0, 0.3, 0.7, 2.0])
    found = evolve(bars, start, times).temperatures
    inverse = 1 / bars.heat_capacities[:, None]
    together, apart = (-inverse * bars.conduction_matrix(touching) for touching in (True, False))
    before = min(bars.cut, 2.0)
    for time, temperatures in zip(times, found, strict=True):
        expected = expm(together * min(time, before)) @ start
        if time > before:
            expected = expm(apart * (time - before)) @ expected
        assert temperatures == pytest.approx(expected, rel=1e-12)


@given(case=bars_and_temperatures())
def test_independent_integration(case):
    bars, start = case
    evolution = evolve(bars, start, [0.0, 0.5])

    def rate(_, temperatures):
        flows = bars.conductances * np.diff(temperatures)
        return (np.append(flows, 0.0) - np.insert(flows, 0, 0.0)) / bars.heat_capacities

    solved = solve_ivp(rate, (0.0, 0.5), start, method="DOP853", rtol=1e-12, atol=1e-13)
    assert evolution.temperatures[-1] == pytest.approx(solved.y[:, -1], rel=1e-10)


def test_long_time_is_exactly_the_mean():
    bars = conducting_bars(3, heat_capacity=(1.0, 3.0))
    evolution = evolve(bars, [1.0, 2.0], [0.0, 1e6, 1e300])
    assert evolution.temperatures[1:] == pytest.approx(np.full((2, 6), 1.75), rel=1e-15)
    assert (evolution.temperatures[1] == evolution.temperatures[2]).all()


def test_slow_contact_decays_at_its_own_rate():
    weak = 1e-9
    bars = conducting_bars(2, conductance=1e3, contact_conductance=weak)
    time = 1 / weak
    found = evolve(bars, [1.0, 2.0], [0.0, time])
    difference = found.temperatures[-1, -1] - found.temperatures[-1, 0]
    # Each bar is at one temperature: 2 ΔT' = -2 k ΔT, to first order in k_c / k.
    assert difference == pytest.approx(math.exp(-1.0), rel=1e-8)


def test_cut_separates_for_good():
    bars = conducting_bars(2, cut=1.0)
    evolution = evolve(bars, [1.0, 2.0], [0.0, 1.0, 3.0, 1e4])
    assert evolution.touching.tolist() == [True, False, False, False]
    at_cut, later = evolution.temperatures[1].reshape(2, 2).mean(axis=1), evolution.temperatures[-1].reshape(2, 2)
    assert later == pytest.approx(np.repeat(at_cut[:, None], 2, axis=1), rel=1e-14)
    assert at_cut[1] - at_cut[0] > 0.1


@pytest.mark.parametrize("cut", [-1.0, 0.0])
def test_cut_before_the_start_keeps_bars_apart(cut):
    evolution = evolve(conducting_bars(2, cut=cut), [1.0, 2.0], [0.0, 1.0])
    assert not evolution.touching.any()
    assert (evolution.temperatures[1] == evolution.temperatures[0]).all()


@given(case=bars_and_temperatures(), shift=st.floats(-3.0, 3.0))
def test_only_time_since_the_start_counts(case, shift):
    bars, start = case
    moved = replace(bars, cut=bars.cut + shift)
    one = evolve(bars, start, [0.0, 0.4, 1.3]).temperatures
    other = evolve(moved, start, [shift, shift + 0.4, shift + 1.3]).temperatures
    assert one == pytest.approx(other, rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"cells": 0}, InputError, "`cells` must be a positive number"),
        ({"cells": (2, 0)}, InputError, "`cells` must be a positive number"),
        ({"cells": 2, "heat_capacity": -1.0}, InputError, "`heat_capacity` must be positive, but it is -1"),
        ({"cells": 2, "heat_capacity": [1.0, 1.0, 1.0]}, ShapeError, "or hold 2 or 4, but its shape is"),
        ({"cells": 2, "conductance": 0.0}, InputError, "`conductance` must be positive"),
        ({"cells": 2, "conductance": [1.0] * 4}, ShapeError, "must be one number or hold 2, but its shape is"),
        ({"cells": 2, "contact_conductance": -1.0}, InputError, "`contact_conductance` must not be negative"),
        ({"cells": 2, "heat_capacity": math.nan}, NotFiniteError, "`heat_capacity` must be finite"),
        ({"cells": 2, "heat_capacity": "warm"}, InputError, "`heat_capacity` must be real numbers"),
        ({"cells": 2, "cut": math.inf}, NotFiniteError, "`cut` must be finite"),
        ({"cells": 2, "names": ("A", "A")}, InputError, "`names` must be two different names"),
    ],
)
def test_wrong_bars_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        conducting_bars(**arguments)


@pytest.mark.parametrize(
    ("temperatures", "error", "words"),
    [
        ([1.0, 0.0], InputError, "positive temperatures, but that of cell 2 is 0"),
        ([1.0, 2.0, 3.0], ShapeError, "2 temperatures, one for each bar, or 4"),
        ([1.0, math.inf], NotFiniteError, "`state` must be finite"),
    ],
)
def test_wrong_temperatures_are_refused(temperatures, error, words):
    with pytest.raises(error, match=words):
        evolve(conducting_bars(2), temperatures, [0.0, 1.0])


def test_times_are_needed():
    with pytest.raises(InputError, match="times"):
        evolve(conducting_bars(2), [1.0, 2.0], None)


def test_temperatures_too_far_apart_are_refused():
    with pytest.raises(InputError, match=r"within a factor of 1e\+12"):
        conducting_bars(2).temperatures([1e300, 1e-300])
