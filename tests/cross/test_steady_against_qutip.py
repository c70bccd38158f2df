"""Stationary states against QuTiP, which is handed the same Hamiltonian and jump operators."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_davies, random_hermitian, random_state

from loschmidt.evolution.steady import steady_state
from loschmidt.processes import Bath, FlatSpectrum, OhmicSpectrum, local_generator, redfield_generator

qutip = pytest.importorskip("qutip")

X, Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])


def qutip_steady_state(process) -> np.ndarray:
    jumps = [
        qutip.Qobj(np.sqrt(rate) * jump)
        for bath in (one.as_jumps for one in process.dissipators)
        for rate, jump in zip(bath.rates, bath.jumps, strict=True)
    ]
    return qutip.steadystate(qutip.Qobj(process.effective_hamiltonian), jumps, method="direct").full()


def chain(count, field):
    spin = [
        {name: np.kron(np.kron(np.eye(2**k), op), np.eye(2 ** (count - k - 1))) for name, op in (("x", X), ("z", Z))}
        for k in range(count)
    ]
    free = sum((1 + 0.2 * k) / 2 * spin[k]["z"] for k in range(count))
    full = free + sum(0.2 * spin[k]["x"] @ spin[k + 1]["x"] for k in range(count - 1)) + field * spin[0]["x"]
    baths = [
        Bath("hot", 0.5, FlatSpectrum(0.05, 0.0), spin[0]["x"]),
        Bath("cold", 2.0, FlatSpectrum(0.03, 0.0), spin[-1]["x"]),
    ]
    return local_generator(full, baths, free_hamiltonian=free, energy=free)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("d", [2, 3, 5])
def test_davies(seed, d):
    process = random_davies(seed, d, (0.4, 1.5))
    assert steady_state(process).state == pytest.approx(qutip_steady_state(process), abs=1e-11)


@pytest.mark.parametrize("field", [0.0, 0.1])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_local_chains(count, field):
    process = chain(count, field)
    settled = steady_state(process)
    assert settled.state == pytest.approx(qutip_steady_state(process), abs=1e-11)
    assert settled.unique is True


@pytest.mark.parametrize("seed", range(3))
def test_redfield(seed):
    # Real operators: with complex ones QuTiP's tensor is another one.
    rng = np.random.default_rng(seed)
    h = random_hermitian(rng, 3).real
    couplings = [random_hermitian(rng, 3).real for _ in range(2)]
    bath = OhmicSpectrum(0.02, 10.0)
    process = redfield_generator(
        h, [Bath(f"{beta}", beta, bath, one) for beta, one in zip((0.3, 2.0), couplings, strict=True)]
    )

    def spectrum(beta):
        return lambda w: float(bath.rate(np.array([float(w)]), beta)[0])  # QuTiP goes by the name w

    noise = [[qutip.Qobj(one), spectrum(beta)] for beta, one in zip((0.3, 2.0), couplings, strict=True)]
    tensor = qutip.bloch_redfield_tensor(qutip.Qobj(h), noise, sec_cutoff=-1, fock_basis=True)
    expected = qutip.steadystate(tensor, method="direct").full()
    assert steady_state(process).state == pytest.approx(expected, abs=1e-10)


def test_qutip_states_are_taken_and_given():
    process = random_davies(0, 3, (1.0,))
    start = qutip.Qobj(random_state(np.random.default_rng(0), 3))
    settled = steady_state(process, start)
    assert settled.to_qutip().dims == [[3], [3]]
    assert settled.to_qutip().full() == pytest.approx(settled.state, abs=1e-15)
