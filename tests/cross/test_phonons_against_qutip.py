"""Electron and phonons, and the quasi-isolated window, against Hamiltonians and Liouvillians that QuTiP builds."""

from __future__ import annotations

import math

import numpy as np
import pytest
import qutip

from loschmidt.processes.electron_phonon import debye_ladder, quantum_ion
from loschmidt.processes.quasi_isolated_window import identity_image_rate, quasi_isolated_window


@pytest.mark.parametrize(("sites", "temperature"), [(3, 0.4), (4, 0.0)])
def test_recoiling_ion(sites, temperature):
    ion = quantum_ion(sites, 1.1, 2.0, 0.7, 1.5, temperature, 0.1)
    n, one = ion.phonon_levels, qutip.qeye(sites)
    length = math.sqrt(0.1 * (math.tanh(1.5 / (2 * temperature)) if temperature else 1.0))
    x = length * (qutip.destroy(n) + qutip.create(n))
    k = 2 * np.pi / sites * np.arange(-(sites // 2), sites - sites // 2)
    joint = qutip.tensor(qutip.qdiags(-2.2 * np.cos(k), 0), qutip.qeye(n)) + 1.5 * qutip.tensor(one, qutip.num(n))
    for a in range(sites):
        for b in range(sites):
            hop = qutip.basis(sites, a) * qutip.basis(sites, b).dag()
            joint += 2.0 / sites * qutip.tensor(hop, (-1j * (k[a] - k[b]) * x).expm())
    unitary = (-0.7j * joint).expm()
    thermal = qutip.thermal_dm(n, 1 / math.expm1(1.5 / temperature)) if temperature else qutip.fock_dm(n, 0)
    rho = qutip.rand_dm(sites, seed=3)
    expected = (unitary * qutip.tensor(rho, thermal) * unitary.dag()).ptrace(0).full()
    # QuTiP normalises the truncated thermal state in its own way: the difference is the tail.
    np.testing.assert_allclose(ion.channel(rho.full()), expected, atol=1e-9)
    np.testing.assert_allclose(ion.hamiltonian, joint.full(), atol=1e-12)


@pytest.mark.parametrize("temperature", [0.0, 1.7])
def test_debye_ladder(temperature):
    ladder = debye_ladder(2.5, temperature, 0.8, levels=5, spacing=1.0)
    collapse = []
    for size in (1, 2):
        density = 3 * 0.8 * size**2 / 2.5**3
        number = 1 / math.expm1(size / temperature) if temperature else 0.0
        down = qutip.qdiags(np.ones(5 - size), size)
        collapse += [math.sqrt(density * (number + 1)) * down, math.sqrt(density * number) * down.dag()]
    liouvillian = qutip.liouvillian(qutip.num(5), collapse)
    np.testing.assert_allclose(ladder.generator.superoperator(), liouvillian.full(), atol=1e-13)
    commutators = sum((c * c.dag() - c.dag() * c for c in collapse), 0 * qutip.qeye(5))
    np.testing.assert_allclose(np.diag(ladder.identity_image_rate), commutators.full(), atol=1e-13)
    np.testing.assert_allclose(identity_image_rate(ladder.generator), commutators.full(), atol=1e-13)
    window = quasi_isolated_window(ladder.generator, [0.3, 1.0])
    np.testing.assert_allclose(window.channel(1.0).superoperator, liouvillian.expm().full(), atol=1e-12)
