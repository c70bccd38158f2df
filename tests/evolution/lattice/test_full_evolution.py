"""Full evolution, by Chebyshev series and by Trotter steps, against exponentials of explicit matrices."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import SYSTEMS, dense, name_of, random_amplitudes, random_graph, random_system

from loschmidt.errors import InputError
from loschmidt.evolution.lattice import SCHEMES, Chebyshev, Trotter
from loschmidt.evolution.lattice.exact_steps import ExactSteps
from loschmidt.processes.lattice import ExactStep, Lattice, lattice_system

seeds = st.integers(0, 2**32 - 1)


def evolved(method, system, state, time):
    result = state.copy()
    error = method.advance(ExactSteps(system), system, result, time)
    return result, error


@pytest.mark.parametrize("case", SYSTEMS, ids=name_of)
def test_chebyshev(case):
    rng = np.random.default_rng(1)
    system = random_system(rng, *case)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    for time in (1.3, -2.0, 25.0):
        moved, error = evolved(Chebyshev(), system, state, time)
        exact = twin.evolve(twin.hamiltonian, time, state)
        assert np.linalg.norm(moved - exact) <= 1e-12
        assert np.linalg.norm(moved - exact) <= 20 * error


@given(seed=seeds, sites=st.integers(1, 4), time=st.floats(-5, 5), hardcore=st.booleans())
def test_chebyshev_on_any_graph(seed, sites, time, hardcore):
    rng = np.random.default_rng(seed)
    particles = tuple(int(n) for n in rng.integers(0, sites + 1, rng.integers(1, 4)))
    statistics = "hardcore" if hardcore else "fermion"
    system = random_system(rng, random_graph(rng, sites), particles, statistics=statistics)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    moved, _ = evolved(Chebyshev(), system, state, time)
    np.testing.assert_allclose(moved, twin.evolve(twin.hamiltonian, time, state), atol=1e-12)


def test_chebyshev_keeps_its_tolerance():
    rng = np.random.default_rng(2)
    system = random_system(rng, Lattice.grid((2, 3)), (3, 2))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    exact = twin.evolve(twin.hamiltonian, 2.0, state)
    errors = []
    for tolerance in (1e-4, 1e-7, 1e-10):
        moved, estimate = evolved(Chebyshev(tolerance), system, state, 2.0)
        errors.append(np.linalg.norm(moved - exact))
        assert errors[-1] <= tolerance <= estimate
    assert errors[0] > errors[1] > errors[2]
    single, estimate = evolved(Chebyshev(), system, state.astype(np.complex64), 2.0)
    assert np.linalg.norm(single - exact) <= estimate < 1e-4


@pytest.mark.parametrize("scheme", SCHEMES)
def test_trotter_error_falls_with_the_power_it_should(scheme):
    rng = np.random.default_rng(3)
    system = random_system(rng, Lattice.ring(5), (2, 3))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    exact = twin.evolve(twin.hamiltonian, 1.0, state)
    order = SCHEMES[scheme].order
    counts = (3, 6) if order == 8 else (4, 8)
    errors = []
    for count in counts:
        moved, estimate = evolved(Trotter(count, scheme), system, state, 1.0)
        errors.append(np.linalg.norm(moved - exact))
        assert errors[-1] <= 3 * estimate
        assert estimate <= 30 * errors[-1]
        unknown = evolved(Trotter(count, scheme, estimate_error=False), system, state, 1.0)
        np.testing.assert_array_equal(unknown[0], moved)
        assert unknown[1] == math.inf
    assert 0.6 * 2**order < errors[0] / errors[1] < 3 * 2**order


def test_trotter_steps_are_unitary_and_reversible():
    rng = np.random.default_rng(4)
    system = random_system(rng, Lattice.chain(5), (2, 2))
    state = random_amplitudes(rng, system.dims)
    for scheme in SCHEMES:
        there, _ = evolved(Trotter(3, scheme), system, state, 2.0)
        back, _ = evolved(Trotter(3, scheme), system, there, -2.0)
        assert np.linalg.norm(there) == pytest.approx(1, abs=1e-13)
        np.testing.assert_allclose(back, state, atol=1e-12)


def test_trotter_of_three_species():
    rng = np.random.default_rng(5)
    system = random_system(rng, Lattice.ring(3), (1, 2, 1))
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    moved, estimate = evolved(Trotter(20, "kahan-li-6"), system, state, 1.0)
    error = np.linalg.norm(moved - twin.evolve(twin.hamiltonian, 1.0, state))
    assert error <= 3 * estimate < 1e-6


def test_repeated_paper_steps_follow_twice_the_interaction():
    rng = np.random.default_rng(6)
    system = random_system(rng, Lattice.ring(4), (2, 2), hopping=1.0, interaction=1.3)
    state, twin = random_amplitudes(rng, system.dims), dense(system)
    once = twin.evolve(twin.hamiltonian, 1.0, state)
    doubled = twin.evolve(twin.hamiltonian + twin.pairs[0, 1], 1.0, state)
    apart = {}
    for weight in (1.0, 0.5):
        for count in (20, 80):
            moved, mover = state.copy(), ExactSteps(system)
            for step in [ExactStep(0, 1 / count, weight), ExactStep(1, 1 / count, weight)] * count:
                mover.apply(moved, step)
            apart[weight, count] = np.linalg.norm(moved - once), np.linalg.norm(moved - doubled)
    # With the weight of the source the limit is 2U and not H; with half of it, H and not 2U.
    assert apart[1.0, 80][0] > 0.2
    assert apart[1.0, 20][1] / apart[1.0, 80][1] == pytest.approx(4, rel=0.1)
    assert apart[0.5, 80][1] > 0.2
    assert apart[0.5, 20][0] / apart[0.5, 80][0] == pytest.approx(4, rel=0.1)


def test_border():
    with pytest.raises(InputError, match="`scheme` must be one of strang-2, suzuki-4"):
        Trotter(scheme="euler")
    with pytest.raises(InputError, match="`steps` must be from 1"):
        Trotter(0)
    with pytest.raises(InputError, match="at least 2 to estimate the error"):
        Trotter(1)
    with pytest.raises(InputError, match="`tolerance` must be positive"):
        Chebyshev(0.0)
    three = lattice_system(Lattice.chain(3), (1, 1, 1))
    with pytest.raises(InputError, match="splits H in two, but the system has 3 species"):
        Trotter(scheme="blanes-moan-6").check(three)
    Trotter().check(three)
    plane = lattice_system(Lattice.grid((2, 3)), (2, 2), statistics="hardcore")
    with pytest.raises(InputError, match=r"a single species is not free there\. Use Chebyshev"):
        Trotter().check(plane)
    Chebyshev().check(plane)
