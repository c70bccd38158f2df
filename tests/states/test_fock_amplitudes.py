from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import random_amplitudes

from loschmidt.states.fock_amplitudes import FockSuperposition, GivenAmplitudes, ProductOfSpecies

RNG = np.random.default_rng(3)
SHAPE = (4, 3, 5)
STATES = [
    FockSuperposition(SHAPE, ((0, 1, 2), (3, 0, 4)), np.array([0.6, 0.8j])),
    ProductOfSpecies(tuple(random_amplitudes(RNG, (d,)) for d in SHAPE)),
    GivenAmplitudes(random_amplitudes(RNG, SHAPE)),
]


@pytest.mark.parametrize("state", STATES, ids=lambda state: type(state).__name__)
def test_rows_and_overlaps_belong_to_one_vector(state):
    whole = np.concatenate([state.rows(start, min(start + 3, SHAPE[0])) for start in (0, 3)])
    assert whole.shape == state.shape == SHAPE
    assert np.linalg.norm(whole) == pytest.approx(1, abs=1e-14)
    other = random_amplitudes(np.random.default_rng(4), SHAPE)
    assert state.overlap(other) == pytest.approx(np.vdot(whole, other), abs=1e-15)
    assert state.overlap(whole) == pytest.approx(1, abs=1e-14)
    assert state.overlap(other.astype(np.complex64)) == pytest.approx(np.vdot(whole, other), abs=1e-7)


def test_few_numbers_are_held_where_few_suffice():
    assert STATES[0].nbytes == 32
    assert STATES[1].nbytes == 16 * 12
    assert STATES[2].nbytes == 16 * 60
