from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, NotFiniteError, ResourceError, ShapeError
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    driven_generator,
    gkls_generator,
    jump_dissipator,
    redfield_generator,
)
from loschmidt.processes.channels import Channel, amplitude_damping, dephasing

LOWERING = np.array([[0.0, 1.0], [0.0, 0.0]])


def qubit(down, up, dephasing_rate, frequency=1.0):
    noise = [
        jump_dissipator("bath", [LOWERING, LOWERING.T], [down, up]),
        jump_dissipator("noise", [np.diag([1.0, -1.0])], [dephasing_rate / 2]),
    ]
    return gkls_generator(np.diag([0.0, frequency]), noise)


@pytest.mark.parametrize("time", [0.0, 0.3, 2.0])
def test_spontaneous_emission_and_dephasing(time):
    decay = gkls_generator(np.zeros((2, 2)), [jump_dissipator("vacuum", [LOWERING], [0.7])])
    expected = amplitude_damping(1 - math.exp(-0.7 * time))
    np.testing.assert_allclose(Channel.from_generator(decay, time).choi, expected.choi, atol=1e-15)
    noise = gkls_generator(np.zeros((2, 2)), [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.35])])
    expected = dephasing(2, 1 - math.exp(-0.7 * time))
    np.testing.assert_allclose(Channel.from_generator(noise, time).choi, expected.choi, atol=1e-15)


@pytest.mark.parametrize("slow", [1e-2, 1e-4, 1e-8, 1e-10])
def test_a_stiff_generator_keeps_its_digits(slow):
    # T_1 up to 1e10 T_2, followed for T_1: expm of the whole matrix is wrong by ε‖L‖t = 1e-6 here.
    down, up, frequency = slow, 0.3 * slow, 50.0
    time = 1 / (down + up)
    channel = Channel.from_generator(qubit(down, up, 1.0, frequency), time)
    excited = 0.3 / 1.3
    assert channel([0, 1])[1, 1].real == pytest.approx(excited + (1 - excited) * math.exp(-1), rel=1e-14)
    assert channel.unitality_defect() == pytest.approx((1 - 0.3) / 1.3 * (1 - math.exp(-1)), rel=1e-13)
    assert channel.trace_preservation_defect() < 1e-15
    assert channel.completely_positive_defect() < 1e-15
    assert len(channel.kraus_operators) <= 4


@given(seed=seeds, d=st.integers(2, 5), time=st.floats(0.01, 30))
def test_any_generator_is_exponentiated(seed, d, time):
    generator = random_davies(seed, d, (0.5, 2.0))
    channel = Channel.from_generator(generator, time)
    np.testing.assert_allclose(channel.superoperator, expm(time * generator.superoperator()), atol=1e-11)
    np.testing.assert_allclose(
        (channel @ channel).superoperator, Channel.from_generator(generator, 2 * time).superoperator, atol=1e-11
    )
    raw = Channel.from_generator(generator.superoperator(), time)
    np.testing.assert_array_equal(raw.superoperator, channel.superoperator)
    state = random_state(np.random.default_rng(seed), d)
    assert np.trace(channel(state)).real == pytest.approx(1, abs=1e-13)


def test_equations_that_are_not_of_gkls_form_must_be_asked_for():
    rng = np.random.default_rng(5)
    bath = Bath("bath", 1.0, OhmicSpectrum(0.5, 5.0), [random_hermitian(rng, 3)])
    equation = redfield_generator(np.diag([0.0, 0.4, 1.0]), [bath])
    assert not equation.is_completely_positive()
    with pytest.raises(InputError, match="check='tp'"):
        Channel.from_generator(equation, 0.05)
    step = Channel.from_generator(equation, 0.05, check="tp")
    assert step.completely_positive_defect() > 1e-6
    assert step.trace_preservation_defect() < 1e-14


def test_a_generator_that_loses_trace_is_refused_or_asked_for():
    loss = -0.1 * np.eye(4)
    with pytest.raises(InputError, match=r"rate of tr ρ is up to 1\.0e-01"):
        Channel.from_generator(loss, 1.0)
    faded = Channel.from_generator(loss, 1.0, check="operation")
    np.testing.assert_allclose(faded.effect, math.exp(-0.1) * np.eye(2), atol=1e-15)


def test_what_is_not_a_generator_is_refused():
    generator = qubit(0.1, 0.0, 0.1)
    with pytest.raises(InputError, match="negative"):
        Channel.from_generator(generator, -1.0)
    with pytest.raises(NotFiniteError, match="time"):
        Channel.from_generator(generator, math.inf)
    with pytest.raises(ShapeError, match="d², d²"):
        Channel.from_generator(np.zeros((6, 6)), 1.0)
    large = gkls_generator(np.eye(49), [jump_dissipator("bath", [np.eye(49, k=1)], [1.0])])
    with pytest.raises(ResourceError, match="d = 48"):
        Channel.from_generator(large, 1.0)
    bath = Bath("bath", 1.0, OhmicSpectrum(0.1, 5.0), [[[0, 1], [1, 0]]])
    with pytest.raises(InputError, match="depend on time"):
        Channel.from_generator(driven_generator(lambda t: np.diag([0.0, t]), [bath]), 1.0)


def test_factors_are_kept():
    dims = (2, 3)
    generator = gkls_generator(np.diag(np.arange(6.0)), [jump_dissipator("bath", [np.eye(6, k=1)], [0.1])], dims=dims)
    assert Channel.from_generator(generator, 1.0).dims_in == Channel.from_generator(generator, 1.0).dims_out == dims
