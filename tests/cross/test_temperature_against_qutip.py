from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_hermitian, random_state

from loschmidt import build_ledger, evolve
from loschmidt.processes import gkls_generator, jump_dissipator

qutip = pytest.importorskip("qutip")


@pytest.mark.parametrize("seed", range(3))
def test_rates_of_each_bath_are_those_of_qutip(seed):
    rng, d = np.random.default_rng(seed), 3
    jumps = rng.normal(size=(2, 2, d, d)) + 1j * rng.normal(size=(2, 2, d, d))
    rates, h = rng.uniform(0.05, 0.3, size=(2, 2)), random_hermitian(rng, d)
    process = gkls_generator(h, [jump_dissipator(f"bath {b}", jumps[b], rates[b]) for b in range(2)])
    start, times = random_state(rng, d), np.array([0.0, 0.1, 0.4])
    ledger = build_ledger(evolve(process, start, times))
    operators = [[np.sqrt(rates[b, k]) * qutip.Qobj(jumps[b, k]) for k in range(2)] for b in range(2)]
    options = {"atol": 1e-13, "rtol": 1e-11}
    theirs = qutip.mesolve(qutip.Qobj(h), qutip.Qobj(start), times, operators[0] + operators[1], options=options)
    for t, state in enumerate(theirs.states):
        logarithm = _logarithm(state)
        heat, entropy = [], []
        for b in range(2):
            change = qutip.vector_to_operator(
                sum(qutip.lindblad_dissipator(one) for one in operators[b]) * qutip.operator_to_vector(state)
            )
            heat.append((qutip.Qobj(h) * change).tr().real)
            entropy.append(-(change * logarithm).tr().real)
        np.testing.assert_allclose(ledger["heat_rate"][t], heat, atol=1e-8)
        np.testing.assert_allclose(ledger["entropy_rate_by_bath"][t], entropy, atol=1e-8)
        np.testing.assert_allclose(
            ledger["generalised_inverse_temperature_by_bath"][t], np.array(entropy) / np.array(heat), rtol=1e-6
        )
        assert float(ledger["generalised_inverse_temperature"][t]) == pytest.approx(sum(entropy) / sum(heat), rel=1e-6)


def _logarithm(state):
    values, vectors = state.eigenstates()
    return sum(np.log(p) * v * v.dag() for p, v in zip(values, vectors, strict=True))
