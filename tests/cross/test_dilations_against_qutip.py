"""Dilations against QuTiP's partial traces, entropies and superoperators."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt.processes.dilations import Dilation, evolve_correlated_start
from loschmidt.states import random_density_matrix, random_unitary

qutip = pytest.importorskip("qutip")


@given(seed=seeds, d=st.integers(2, 3), r=st.integers(2, 3))
def test_joint_evolution(seed, d, r):
    rng = np.random.default_rng(seed)
    unitary, reservoir, state = random_unitary(d * r, rng), random_density_matrix(r, rng), random_density_matrix(d, rng)
    gate = qutip.Qobj(unitary, dims=[[d, r], [d, r]])
    start = qutip.tensor(qutip.Qobj(state), qutip.Qobj(reservoir))
    joint = gate * start * gate.dag()
    dilation = Dilation(gate, qutip.Qobj(reservoir), (d, r))
    np.testing.assert_allclose(dilation.joint_state(state), joint.full(), atol=1e-13)
    np.testing.assert_allclose(dilation.channel(state), joint.ptrace(0).full(), atol=1e-13)
    np.testing.assert_allclose(dilation.reservoir_output(state), joint.ptrace(1).full(), atol=1e-13)
    information = qutip.entropy_mutual(joint, 0, 1)
    assert dilation.mutual_information_after(state) == pytest.approx(information, abs=1e-10)
    # Column-stacked superoperators agree as they stand.
    kraus = [qutip.Qobj(operator) for operator in dilation.kraus_operators]
    np.testing.assert_allclose(dilation.channel.superoperator, qutip.kraus_to_super(kraus).full(), atol=1e-13)


@given(seed=seeds, d=st.integers(2, 3), r=st.integers(2, 3))
def test_correlated_start(seed, d, r):
    rng = np.random.default_rng(seed)
    start = qutip.Qobj(random_density_matrix(d * r, rng), dims=[[d, r], [d, r]])
    gate = qutip.Qobj(random_unitary(d * r, rng), dims=[[d, r], [d, r]])
    after = evolve_correlated_start(gate, start, (d, r))
    end = gate * start * gate.dag()
    change = qutip.entropy_vn(end.ptrace(0)) - qutip.entropy_vn(start.ptrace(0))
    assert after.entropy_change == pytest.approx(change, abs=1e-10)
    assert after.mutual_information_before == pytest.approx(qutip.entropy_mutual(start, 0, 1), abs=1e-10)
