"""Dilations, thermal operations and states for the tests of trajectories, drawn from a seed."""

from __future__ import annotations

import numpy as np
from tests.physics import random_hermitian, random_state

from loschmidt.evolution.trajectories import two_point_measurement
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    random_thermal_operation,
    thermal_operation_by_exchange,
)
from loschmidt.states import random_unitary

QUBIT = np.diag([0.0, 1.0])


def random_dilation(rng, d, e):
    return Dilation(random_unitary(d * e, rng), random_state(rng, e), (d, e), random_hermitian(rng, d))


def ladder_operation(rng, levels=(0.0, 1.0, 2.0), beta=0.7, environment=(0.0, 1.0, 1.0, 2.0)):
    """A thermal operation of a system and an environment in resonance, with degeneracies where the levels say so."""
    return random_thermal_operation(np.diag(levels), GibbsEnvironment(np.diag(environment), beta), rng)


def partial_swap(beta=1.0, angle=0.76):
    return thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, beta), angle)


def coherent_measurement(beta=1.0, angle=0.76):
    """A qubit with populations and coherence, of full rank."""
    return two_point_measurement(partial_swap(beta, angle), [[0.7, 0.3 + 0.1j], [0.3 - 0.1j, 0.3]])
