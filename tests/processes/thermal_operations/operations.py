"""Random thermal operations for the tests: spectra with and without degeneracies, in bases that are askew."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    random_thermal_operation,
    thermal_operation_from_potential,
)
from loschmidt.states import random_density_matrix, random_hamiltonian, random_unitary

#: Energies of the system, and of its environments: always some total energy is shared by different system energies.
SPECTRA = {
    "two qubits": ((0, 1), [(0, 1)]),
    "oscillators": ((0, 1, 2), [(0, 1, 2, 3)]),
    "no equal gaps": ((0, 1, 3), [(0, 1, 2, 3)]),
    "degenerate system": ((0, 1, 1, 2), [(0, 1, 2)]),
    "degenerate environment": ((0, 1), [(0, 0, 1, 1, 2)]),
    "all degenerate": ((0, 0, 1), [(0, 1, 1)]),
    "only one energy": ((0, 0), [(0, 1)]),
    "two baths": ((0, 1, 2), [(0, 1), (0, 2)]),
    "three baths": ((0, 1), [(0, 1), (0, 1), (0, 1, 1)]),
}

names = st.sampled_from(sorted(SPECTRA))
exchanging = st.sampled_from(sorted(set(SPECTRA) - {"only one energy"}))
temperatures = st.floats(-1.0, 4.0)


def rotated(energies, rng):
    """A Hamiltonian of these energies in a random basis, shifted."""
    basis = random_unitary(len(energies), rng)
    matrix = (basis * (np.array(energies, dtype=float) - 0.3)) @ basis.conj().T
    return (matrix + matrix.conj().T) / 2


def environments(name, rng, betas):
    spectra = SPECTRA[name][1]
    return [
        GibbsEnvironment(rotated(one, rng), beta, f"bath {k}")
        for k, (one, beta) in enumerate(zip(spectra, betas, strict=False))
    ]


def conserving(name, seed, betas):
    """A random thermal operation, from a random unitary or from a random potential, and the generator it used."""
    rng = np.random.default_rng(seed)
    system, baths = rotated(SPECTRA[name][0], rng), environments(name, rng, betas)
    if rng.random() < 0.5:
        return random_thermal_operation(system, baths, rng), rng
    size = len(system) * int(np.prod([one.dimension for one in baths]))
    return thermal_operation_from_potential(random_hamiltonian(size, rng), system, baths, rng.uniform(0.2, 3)), rng


def working(name, seed, betas):
    """Any unitary beside Gibbs environments."""
    rng = np.random.default_rng(seed)
    system, baths = rotated(SPECTRA[name][0], rng), environments(name, rng, betas)
    size = len(system) * int(np.prod([one.dimension for one in baths]))
    return ThermalOperation(random_unitary(size, rng), system, baths, allow_work=True), rng


def some_states(operation, rng, count=3):
    """Faithful, mixed and pure states."""
    d = operation.dims[0]
    ranks = [d, 1, 1 + d // 2]
    return np.stack([random_density_matrix(d, rng, ranks[k % 3]) for k in range(count)])
