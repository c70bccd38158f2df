"""Scatterers against QuTiP: the joint state evolved by operators on the whole space, and its partial trace."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import random_state, seeds

from loschmidt.processes.scattering import bloch_states, spin_reservoir_scatterer
from loschmidt.states.random import random_unitary

qutip = pytest.importorskip("qutip")


@given(seed=seeds, spins=st.integers(1, 3))
def test_scattered_particle(seed, spins):
    rng = np.random.default_rng(seed)
    s, turns, particle = random_unitary(3, rng), random_unitary(2, rng, (spins, 3)), random_state(rng, 3)
    bloch = rng.uniform(-0.5, 0.5, (spins, 3))
    joint = qutip.tensor(qutip.Qobj(particle), *[qutip.Qobj(state) for state in bloch_states(bloch)])
    unitary = sum(
        qutip.tensor(
            s[out, into] * qutip.basis(3, out) * qutip.basis(3, into).dag(),
            *[qutip.Qobj(part[out]) * qutip.Qobj(part[into]).dag() for part in turns],
        )
        for out in range(3)
        for into in range(3)
    )
    expected = (unitary * joint * unitary.dag()).ptrace(0).full()
    found = spin_reservoir_scatterer(s, turns, bloch).channel(particle)
    assert np.abs(found - expected).max() < 1e-13
