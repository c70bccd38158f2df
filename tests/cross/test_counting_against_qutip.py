"""Currents, noise and skewness against QuTiP's counting statistics, which is handed the same jump operators."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.counting.test_cumulants import chain, random_gkls
from tests.physics import random_davies
from tests.reference.counting import jumps_of

from loschmidt.evolution.counting import counted, covariances, cumulants

qutip = pytest.importorskip("qutip")


def from_qutip(process, weights):
    """Return means (V,), noise (V, V) and skewness (V,) of variables given by their weights (V, K)."""
    hamiltonian = qutip.Qobj(process.effective_hamiltonian)
    jumps = [qutip.Qobj(np.sqrt(rate) * jump) for _, rate, jump, _ in jumps_of(process)]
    single = [qutip.sprepost(jump, jump.dag()) for jump in jumps]
    first = [sum(float(w) * one for w, one in zip(row, single, strict=True)) for row in weights]
    second = [sum(float(w) ** 2 * one for w, one in zip(row, single, strict=True)) for row in weights]
    state = qutip.steadystate(hamiltonian, jumps, method="direct")
    liouvillian = qutip.liouvillian(hamiltonian, jumps)
    means, noise, skewness = qutip.countstat_current_noise(
        liouvillian, [], rhoss=state, J_ops=second, I_ops=first, sparse=False, method="direct"
    )
    return means, noise[..., 0], skewness[:, 0]


@pytest.mark.parametrize(
    "process", [random_davies(4, 4, (0.5, 2.0)), chain(2, 0.1), random_gkls(7, 3)], ids=["davies", "local", "gkls"]
)
def test_current_and_noise(process):
    names = process.bath_names
    jumps = jumps_of(process)
    weights = np.array([[float(bath == number) for bath, *_ in jumps] for number in range(len(names))])
    variables = [counted(process, "jumps", name) for name in names]
    means, noise, _ = from_qutip(process, weights)
    ours = covariances(process, variables)
    assert ours.means == pytest.approx(means, rel=1e-7)
    assert np.diag(ours.values) == pytest.approx(np.diag(noise), rel=1e-6)
    assert ours.values[0, 1] == pytest.approx(noise[0, 1], rel=1e-6, abs=1e-9)


def test_skewness():
    process = chain(2, 0.1)
    jumps = jumps_of(process)
    weights = np.array([[energy if bath == 0 else 0.0 for bath, _, _, energy in jumps]])
    means, noise, skewness = from_qutip(process, weights)
    found = cumulants(process, counted(process, "energy", "hot"), 3)
    assert found.values[:2] == pytest.approx([means[0], noise[0, 0]], rel=1e-6)
    # QuTiP takes the sum w³ as w, which is right for w = ±1 only: repair its first term.
    rates = [rate * np.trace(jump.conj().T @ jump @ _state(process)).real for _, rate, jump, _ in jumps]
    repair = sum((w**3 - w) * rate for w, rate in zip(weights[0], rates, strict=True))
    assert found.values[2] == pytest.approx(skewness[0] + repair, rel=1e-6)


def _state(process):
    from loschmidt.evolution.steady import steady_state

    return steady_state(process).state
