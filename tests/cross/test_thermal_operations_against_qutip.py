"""Thermal operations in QuTiP's own tensors, partial traces and entropies."""

from __future__ import annotations

import math

import numpy as np
import pytest

from loschmidt.processes.thermal_operations import GibbsEnvironment, entropy_budget, thermal_operation_by_exchange

qutip = pytest.importorskip("qutip")


@pytest.mark.parametrize(("strength", "time"), [(0.3, 1.0), (1.1, 2.0)])
def test_a_qubit_exchanges_with_two_oscillators(strength, time):
    cold, hot, levels = 1.4, 0.6, 4
    qubit, ladder = np.diag([0.0, 1.0]), np.diag(np.arange(float(levels)))
    baths = [GibbsEnvironment(ladder, cold, "cold"), GibbsEnvironment(ladder, hot, "hot")]
    operation = thermal_operation_by_exchange(qubit, baths, [strength, 0.5], time)
    state = np.array([[0.4, 0.3 - 0.1j], [0.3 + 0.1j, 0.6]])
    budget = entropy_budget(operation, state)

    # QuTiP's destroy(2) lowers |1⟩ to |0⟩, as the ladder of the qubit does.
    lower, one, mode = qutip.destroy(2), qutip.qeye(levels), qutip.destroy(levels)
    a, b, c = (
        qutip.tensor(lower, one, one),
        qutip.tensor(qutip.qeye(2), mode, one),
        qutip.tensor(qutip.qeye(2), one, mode),
    )
    free = a.dag() * a + b.dag() * b + c.dag() * c
    exchange = strength * (a * b.dag() + a.dag() * b) + 0.5 * (a * c.dag() + a.dag() * c)
    unitary = (-1j * time * (free + exchange)).expm()
    np.testing.assert_allclose(operation.unitary, unitary.full(), atol=1e-12)
    thermal = [(-beta * mode.dag() * mode).expm() for beta in (cold, hot)]
    thermal = [one / one.tr() for one in thermal]
    before = qutip.tensor(qutip.Qobj(state), *thermal)
    after = unitary * before * unitary.dag()

    gain = qutip.entropy_vn(after.ptrace(0)) - qutip.entropy_vn(qutip.Qobj(state))
    lost = [qutip.expect(mode.dag() * mode, after.ptrace(k + 1) - thermal[k]) for k in (0, 1)]
    np.testing.assert_allclose(budget.heat, [-one for one in lost], atol=1e-12)
    assert budget.entropy_production == pytest.approx(gain + cold * lost[0] + hot * lost[1], abs=1e-11)
    assert budget.mutual_information == pytest.approx(qutip.entropy_mutual(after, [0], [1, 2]), abs=1e-11)
    correlation = sum(qutip.entropy_vn(after.ptrace(k)) for k in range(3)) - qutip.entropy_vn(after)
    assert budget.total_correlation == pytest.approx(correlation, abs=1e-11)
    divergences = [qutip.entropy_relative(after.ptrace(k + 1), thermal[k]) for k in (0, 1)]
    np.testing.assert_allclose(budget.environment_displacement, divergences, atol=1e-10)
    diagonal = qutip.Qobj(np.diag(after.ptrace(0).diag()))
    kept = qutip.entropy_vn(diagonal) - qutip.entropy_vn(after.ptrace(0))
    assert budget.system_coherence_after == pytest.approx(kept, abs=1e-11)
    assert math.isfinite(budget.laws.largest_residual)
