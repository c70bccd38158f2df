"""States, heat and entropy production from QuTiP's solver on the same jump operators."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_davies, random_hermitian, random_state

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.processes import Bath, OhmicSpectrum, davies_generator, redfield_generator

qutip = pytest.importorskip("qutip")

TIMES = np.linspace(0.0, 30.0, 7)
TIGHT = {"atol": 1e-12, "rtol": 1e-10, "method": "vern9", "nsteps": 100_000, "progress_bar": ""}


def equal_gaps():
    lowering = np.diag(np.sqrt(np.arange(1, 4)), 1)
    return davies_generator(np.diag(np.arange(4.0)), [Bath("b", 0.7, OhmicSpectrum(0.02), lowering + lowering.T)])


@pytest.mark.parametrize("method", [SecularPropagator(), MatrixExponential()], ids=lambda method: method.name)
@pytest.mark.parametrize("make", [lambda: random_davies(1, 3, (0.5, 2.0)), equal_gaps])
def test_davies_states_and_heat(make, method):
    process = make()
    d = process.dimension
    state = random_state(np.random.default_rng(2), d)
    jumps = [one.as_jumps for one in process.dissipators]
    operators = [qutip.Qobj(r**0.5 * j) for one in jumps for r, j in zip(one.rates, one.jumps, strict=True)]
    solved = qutip.mesolve(qutip.Qobj(process.hamiltonian), qutip.Qobj(state), TIMES, operators, options=TIGHT)
    theirs = np.stack([one.full() for one in solved.states])
    ours = evolve(process, state, TIMES, method)
    np.testing.assert_allclose(ours.states, theirs, atol=1e-8)
    gained = np.einsum("ab,tba->t", process.energy, theirs - state).real
    np.testing.assert_allclose(ours.heat.sum(axis=1), gained, atol=1e-8)


def test_redfield_states():
    rng = np.random.default_rng(3)
    # Real matrices: QuTiP 5.3's tensor is not covariant under complex rotations of the basis.
    h, coupling = (random_hermitian(rng, 3).real + 0j for _ in range(2))
    state = random_state(rng, 3)
    spectrum, beta = OhmicSpectrum(0.01, 5.0), 1.0
    process = redfield_generator(h, [Bath("b", beta, spectrum, coupling)])
    tensor = qutip.bloch_redfield_tensor(
        qutip.Qobj(h),
        [(qutip.Qobj(coupling), lambda w: float(spectrum.rate(np.array([float(w)]), beta)[0]))],
        sec_cutoff=-1,
        fock_basis=True,
    )
    theirs = qutip.mesolve(tensor, qutip.Qobj(state), TIMES, options=TIGHT).states
    ours = evolve(process, state, TIMES, MatrixExponential())
    np.testing.assert_allclose(ours.states, np.stack([one.full() for one in theirs]), atol=1e-8)
