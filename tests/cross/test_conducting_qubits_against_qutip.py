"""The quantum twin of two conducting bars against QuTiP: another propagator, another partial trace, another entropy."""

from __future__ import annotations

import numpy as np
import pytest
import qutip

from loschmidt.papers.no_entropy_production.quantum_bars import conducting_qubits

TIMES = [0.0, 0.5, 0.8, 1.5]
CUT = 0.8


def on(site, operator):
    return qutip.tensor([operator if k == site else qutip.qeye(2) for k in range(4)])


def hamiltonian(links):
    lower = [on(k, qutip.destroy(2)) for k in range(4)]
    hops = sum(lower[k].dag() * lower[k + 1] + lower[k + 1].dag() * lower[k] for k in links)
    return sum(one.dag() * one for one in lower) + hops


def test_entropies_of_chains_and_qubits():
    gibbs = [qutip.Qobj(np.diag([1, np.exp(-beta)]) / (1 + np.exp(-beta))) for beta in (2.0, 2.0, 0.5, 0.5)]
    together, apart = hamiltonian((0, 1, 2)), hamiltonian((0, 2))
    found = conducting_qubits(TIMES, CUT)
    for k, time in enumerate(TIMES):
        unitary = (-1j * apart * max(time - CUT, 0.0)).expm() * (-1j * together * min(time, CUT)).expm()
        state = unitary * qutip.tensor(gibbs) * unitary.dag()
        singles = [qutip.entropy_vn(state.ptrace(site)) for site in range(4)]
        assert found.whole[k] == pytest.approx(qutip.entropy_vn(state), abs=1e-9)
        assert found.fine[k] == pytest.approx(
            [qutip.entropy_vn(state.ptrace(pair)) for pair in ((0, 1), (2, 3))], abs=1e-9
        )
        assert found.coarse[k] == pytest.approx([sum(singles[:2]), sum(singles[2:])], abs=1e-9)
