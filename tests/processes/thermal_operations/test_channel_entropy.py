from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import dimensions, random_davies, random_state, seeds
from tests.processes.thermal_operations.operations import conserving, exchanging, some_states

from loschmidt.errors import InputError, NotAStateError
from loschmidt.evolution import evolve
from loschmidt.information import gibbs_relative_entropy
from loschmidt.ledger import build_ledger
from loschmidt.processes.channels import Channel, generalised_amplitude_damping, unitary_channel
from loschmidt.processes.thermal_operations import channel_entropy_production, entropy_budget

QUBIT = np.diag([0.0, 1.0])
PARTS = ("entropy_production", "population_entropy_production", "coherence_entropy_production")


@given(name=exchanging, seed=seeds, beta=st.floats(0.1, 3))
def test_a_channel_of_one_temperature_tells_what_its_environment_got(name, seed, beta):
    operation, rng = conserving(name, seed, [beta] * 3)
    states = some_states(operation, rng)
    budget = entropy_budget(operation, states)
    found = channel_entropy_production(operation.channel, states, operation.system_hamiltonian, beta)
    for one in PARTS:
        np.testing.assert_allclose(getattr(found, one), getattr(budget, one), atol=1e-11)
    np.testing.assert_allclose(found.heat, budget.heat.sum(axis=-1), atol=1e-12)
    assert found.gibbs_defect < 1e-13
    assert found.transfer.dephasing_defect < 1e-13


@given(seed=seeds, d=dimensions, beta=st.floats(0.1, 3))
def test_davies_maps_produce_what_their_rates_add_up_to(seed, d, beta):
    generator = random_davies(seed, d, (beta,))
    state = random_state(np.random.default_rng(seed), d)
    data = build_ledger(evolve(generator, state, np.array([0.0, 20.0]))).data
    found = channel_entropy_production(Channel.from_generator(generator, 20.0), state, generator.hamiltonian, beta)
    for one in PARTS:
        assert getattr(found, one) == pytest.approx(float(data[one][-1]), abs=1e-8)
        assert getattr(found, one) > -1e-12
    assert found.gibbs_defect < 1e-11


@given(gamma=st.floats(0.01, 1), beta=st.floats(-1, 4), seed=seeds)
def test_amplitude_damping(gamma, beta, seed):
    excited = 1 / (1 + math.exp(beta))
    damping = generalised_amplitude_damping(gamma, excited)
    state = random_state(np.random.default_rng(seed), 2)
    found = channel_entropy_production(damping, state, QUBIT, beta)
    drop = gibbs_relative_entropy(state, QUBIT, beta) - gibbs_relative_entropy(damping(state), QUBIT, beta)
    assert found.entropy_production == pytest.approx(drop, abs=1e-12)
    assert found.gibbs_defect < 1e-14
    for one in PARTS:
        assert getattr(found, one) > -1e-13


def test_what_is_needed_for_the_signs():
    plus = np.array([1, 1]) / math.sqrt(2)
    # Without the fixed point Σ may be negative, ...
    cooling = channel_entropy_production(generalised_amplitude_damping(0.9, 0.1), np.eye(2) / 2, QUBIT, 0.1)
    assert cooling.gibbs_defect > 0.1
    assert cooling.entropy_production < -0.1
    # ... and with it, without covariance, each part: this operation makes no coherence, but populations of it.
    read = Channel.from_kraus([np.outer([1, 0], plus), np.outer([0, 1], [plus[0], -plus[1]])])
    found = channel_entropy_production(read, plus, QUBIT, 0.0)
    assert found.gibbs_defect < 1e-15
    assert found.entropy_production == pytest.approx(0, abs=1e-14)
    assert found.population_entropy_production == pytest.approx(-math.log(2))
    assert found.transfer.dephasing_defect == pytest.approx(0.5)
    turned = channel_entropy_production(unitary_channel(np.array([[1, 1], [1, -1]]) / math.sqrt(2)), [1, 0], QUBIT, 0.0)
    assert turned.coherence_entropy_production == pytest.approx(-math.log(2))


def test_border():
    damping = generalised_amplitude_damping(0.5, 0.1)
    with pytest.raises(InputError, match="`beta` must be finite"):
        channel_entropy_production(damping, [1, 0], QUBIT, math.inf)
    with pytest.raises(NotAStateError, match="`state` is a ket"):
        channel_entropy_production(damping, [1, 1], QUBIT, 1.0)
