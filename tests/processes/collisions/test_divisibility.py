from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.channels import (
    Channel,
    amplitude_damping,
    dephasing,
    random_channel,
    reset_channel,
    unitary_channel,
)
from loschmidt.processes.collisions import divisibility, entropy_backflow, largest_entropy_drop
from loschmidt.states import random_unitary

seeds = st.integers(0, 2**32 - 1)


def products(channels):
    history = [Channel.from_superoperator(np.eye(channels[0].superoperator.shape[0]))]
    for channel in channels:
        history.append(channel @ history[-1])
    return history


@given(seed=seeds, d=st.integers(2, 3))
def test_products_of_channels_are_divided_into_them(seed, d):
    rng = np.random.default_rng(seed)
    channels = [random_channel(d, d, rng) for _ in range(3)]
    found = divisibility(products(channels), tolerance=1e-7)
    assert found.is_cp_divisible is not False
    for step, channel in enumerate(channels):
        if found.invertible[step]:
            allowed = 1e-10 + 10 * found.uncertainties[step]
            np.testing.assert_allclose(found.intermediate[step], channel.superoperator, atol=allowed)


def test_eigenvalues_are_those_of_the_choi_matrix_of_trace_d():
    unitary = random_unitary(2, np.random.default_rng(1))
    rotation, half = unitary_channel(unitary), dephasing(2, 0.5)
    found = divisibility([rotation, half @ rotation, rotation])
    np.testing.assert_allclose(half(np.full((2, 2), 0.5)), [[0.5, 0.25], [0.25, 0.5]], atol=1e-15)
    # Coherence times ½, then times 2: Choi eigenvalues 1 ± ½ and 1 ± 2.
    np.testing.assert_allclose(found.smallest_choi_eigenvalues, [0, -1], atol=1e-13)
    assert found.violations.tolist() == [False, True]
    assert found.is_cp_divisible is False


def test_a_history_that_loses_everything_can_still_be_divided():
    reset = reset_channel([0.75, 0.25] * np.eye(2))
    found = divisibility(products([reset, amplitude_damping(0.5)]))
    assert found.invertible.tolist() == [True, False]
    assert found.is_cp_divisible is True
    assert found.image_defects[1] < 1e-14


def test_what_is_lost_does_not_come_back():
    reset = reset_channel(np.eye(2) / 2)
    found = divisibility([np.eye(4), reset, np.eye(4)])
    assert found.image_defects[1] == pytest.approx(1, abs=1e-12)
    assert found.violations.tolist() == [False, True]


def test_open_where_the_pseudo_inverse_is_not_completely_positive():
    # Φ flattens y. Afterwards nothing happens, which a channel can do; but the pseudo-inverse goes on flattening, which
    # no channel does.
    flatten = np.eye(4)
    flatten[1:3, 1:3] = 0.5
    found = divisibility([np.eye(4), flatten, flatten])
    np.testing.assert_allclose(found.smallest_choi_eigenvalues, -0.5, atol=1e-13)
    assert found.violations.tolist() == [True, False]
    assert found.undecided.tolist() == [False, True]
    assert divisibility([flatten, flatten]).is_cp_divisible is None


def test_what_is_lost_may_go_anywhere():
    keep = np.diag([1.0, 0, 0, 1])
    turn = np.array([[1, 1j], [1j, 1]]) / np.sqrt(2)
    found = divisibility([np.eye(4), keep, np.kron(turn.conj(), turn) @ keep])
    assert found.invertible.tolist() == [True, False]
    assert found.is_cp_divisible is True
    np.testing.assert_allclose(found.intermediate[1] @ keep, np.kron(turn.conj(), turn) @ keep, atol=1e-14)


def test_round_off_leaves_open_what_it_hides():
    nearly = np.diag([1, 1e-9, 1e-9, 1])
    found = divisibility([np.eye(4), nearly, nearly], tolerance=1e-9)
    assert found.uncertainties[1] > 1e-6
    assert found.is_cp_divisible is None
    assert divisibility([np.eye(4), nearly, nearly], tolerance=1e-3).is_cp_divisible is True


def test_backflow():
    assert entropy_backflow([0.0, 1.0, 0.25, 0.5, 0.0]) == pytest.approx(1.25)
    assert entropy_backflow([0.0, 1.0, 1.0]) == 0
    np.testing.assert_allclose(entropy_backflow([[0.0, 1.0], [1.0, 0.0]]), [0, 1])
    np.testing.assert_allclose(largest_entropy_drop([[0.0, 0.5, 0.4], [0.0, 0.5, 2.0]]), [0.1, -0.5])


def test_border():
    with pytest.raises(InputError, match="at least two maps"):
        divisibility([np.eye(4)])
    with pytest.raises(ShapeError, match="superoperators"):
        divisibility([np.eye(3), np.eye(3)])
    with pytest.raises(ShapeError, match="equal shapes"):
        divisibility([np.eye(4), np.eye(9)])
    with pytest.raises(InputError, match="at least two times"):
        entropy_backflow([1.0])
    with pytest.raises(NotFiniteError):
        largest_entropy_drop([0.0, np.nan])
    with pytest.raises(InputError, match=r"preserve the trace, but maps\[1\] misses by 1.0e\+00"):
        divisibility([np.eye(4), np.zeros((4, 4))])
