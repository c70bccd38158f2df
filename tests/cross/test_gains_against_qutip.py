from __future__ import annotations

import numpy as np
import pytest

from loschmidt.processes.channels import Channel
from loschmidt.processes.gains import entropy_gain, minimal_entropy_gain, second_law_violation
from loschmidt.states import random_density_matrix

qutip = pytest.importorskip("qutip")


def their_gain(channel, state):
    output = qutip.vector_to_operator(channel * qutip.operator_to_vector(qutip.Qobj(state)))
    return qutip.entropy_vn(output) - qutip.entropy_vn(qutip.Qobj(state))


@pytest.mark.parametrize("d", [2, 3, 5])
def test_gains_of_random_channels(d):
    theirs = qutip.rand_super_bcsz(d, seed=d)
    channel = Channel.from_qutip(theirs)
    states = random_density_matrix(d, np.random.default_rng(d), batch=(4,))
    np.testing.assert_allclose(
        entropy_gain(channel, states), [their_gain(theirs, state) for state in states], atol=1e-12
    )
    found = minimal_entropy_gain(channel)
    assert their_gain(theirs, found.state) == pytest.approx(found.value, abs=1e-12)
    violation = second_law_violation(channel, "mixed")
    assert their_gain(theirs, violation.state) == pytest.approx(violation.gain, abs=1e-12)
    assert violation.gain >= found.value
