"""W6: entropic functions on stacks of states, against QuTiP, toqito and qthermo (state by state) and plain NumPy."""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from _harness import Comparison, compare, import_peer, largest_difference, main
from loschmidt.information import (
    gibbs_relative_entropy,
    mutual_information,
    relative_entropy,
    von_neumann_entropy,
)
from loschmidt.states import gibbs_state, random_density_matrix, random_hamiltonian

BETA = 1.0
# States of a stack: enough for a peer that takes 50 µs to 2 ms a state to fill a sample.
LENGTHS = {2: 20_000, 4: 10_000, 8: 4_000, 16: 2_000, 64: 200}
PARTS = {4: (2, 2), 8: (2, 4), 16: (4, 4), 64: (8, 8)}
FLOORS = {  # of the ratio to QuTiP
    ("von Neumann", 4): 25,
    ("relative", 4): 45,
    ("to Gibbs", 4): 150,
    ("mutual information", 4): 150,
    ("von Neumann", 16): 2,
    ("relative", 16): 2,
    ("to Gibbs", 16): 7,
    ("mutual information", 16): 9,
    **{(workload, 64): 1.2 for workload in ("von Neumann", "relative", "to Gibbs", "mutual information")},
}
TOQITO_FLOORS = {("von Neumann", 4): 60, ("relative", 4): 70}


def workload(name: str, dimension: int) -> Comparison:
    rng = np.random.default_rng(dimension)
    rho = random_density_matrix(dimension, rng, batch=(LENGTHS[dimension],))
    sigma = random_density_matrix(dimension, rng, batch=(LENGTHS[dimension],))
    # A width of about 4/β: QuTiP calls a reference singular from βΔE = 27.6 on.
    hamiltonian = random_hamiltonian(dimension, rng, scale=dimension**-0.5)
    ours = {
        "von Neumann": lambda: von_neumann_entropy(rho),
        "relative": lambda: relative_entropy(rho, sigma),
        "to Gibbs": lambda: gibbs_relative_entropy(rho, hamiltonian, BETA),
        "mutual information": lambda: mutual_information(rho, PARTS[dimension]),
    }[name]
    if name == "to Gibbs":
        sigma = np.broadcast_to(gibbs_state(hamiltonian, BETA), rho.shape)
    peers = {
        "QuTiP": with_qutip(name, rho, sigma, PARTS.get(dimension)),
        "toqito": with_toqito(name, rho, sigma),
        "qthermo": with_qthermo(name, rho, PARTS.get(dimension)),
        "NumPy, unchecked": with_numpy(name, rho, sigma, hamiltonian),
    }
    key = (name, dimension)
    # Never slower than NumPy, although our time includes the checks that it does not make.
    floor = {"QuTiP": FLOORS.get(key), "toqito": TOQITO_FLOORS.get(key), "NumPy, unchecked": 1}
    return compare(
        f"{name}, d = {dimension}, {LENGTHS[dimension]} states",
        ours,
        {label: peer for label, peer in peers.items() if peer is not Ellipsis},
        check=largest_difference,
        tolerance=1e-9,
        floor={label: ratio for label, ratio in floor.items() if ratio is not None},
        goal={},
    )


def with_qutip(name: str, rho: Any, sigma: Any, parts: tuple[int, ...] | None) -> Callable[[], Any] | None:
    qutip = import_peer("qutip")
    if qutip is None:
        return None
    dims = [list(parts), list(parts)] if parts and name == "mutual information" else None
    states = [qutip.Qobj(matrix, dims=dims) for matrix in rho]
    if name == "von Neumann":
        return lambda: [qutip.entropy_vn(state) for state in states]
    if name == "mutual information":
        return lambda: [qutip.entropy_mutual(state, 0, 1) for state in states]
    if name == "to Gibbs":
        reference = qutip.Qobj(np.array(sigma[0]))
        return lambda: [qutip.entropy_relative(state, reference) for state in states]
    references = [qutip.Qobj(matrix) for matrix in sigma]
    return lambda: [qutip.entropy_relative(*pair) for pair in zip(states, references, strict=True)]


def with_toqito(name: str, rho: Any, sigma: Any) -> Any:
    if name not in ("von Neumann", "relative"):
        return Ellipsis  # toqito has no such function
    properties = import_peer("toqito.state_props")
    if properties is None:
        return None
    if name == "von Neumann":  # in bits
        return lambda: [properties.von_neumann_entropy(state) * np.log(2) for state in rho]
    return lambda: [properties.quantum_relative_entropy(*pair) for pair in zip(rho, sigma, strict=True)]


def with_qthermo(name: str, rho: Any, parts: tuple[int, ...] | None) -> Any:
    if name not in ("von Neumann", "mutual information"):
        return Ellipsis  # qthermo has no such function
    qthermo = import_peer("qthermo")
    if qthermo is None:
        return None
    if name == "von Neumann":
        return lambda: [qthermo.von_neumann_entropy(state) for state in rho]
    return lambda: [qthermo.mutual_information(state, 0, 1, parts) for state in rho]


def with_numpy(name: str, rho: Any, sigma: Any, hamiltonian: Any) -> Any:
    """Return what a user of NumPy writes for stacks of faithful states, without checking anything."""

    def entropy() -> Any:
        values = np.linalg.eigvalsh(rho)
        return -(values * np.log(values)).sum(axis=-1)

    def relative() -> Any:
        values, vectors = np.linalg.eigh(sigma)
        weights = (vectors.conj() * (rho @ vectors)).sum(axis=-2).real
        return -entropy() - (weights * np.log(values)).sum(axis=-1)

    def to_gibbs() -> Any:
        partition = np.exp(-BETA * np.linalg.eigvalsh(hamiltonian)).sum()
        return -entropy() + BETA * np.einsum("nij,ji->n", rho, hamiltonian).real + np.log(partition)

    return {"von Neumann": entropy, "relative": relative, "to Gibbs": to_gibbs}.get(name, Ellipsis)


def workloads() -> Iterator[partial[Comparison]]:
    for dimension in LENGTHS:
        for name in ("von Neumann", "relative", "to Gibbs", "mutual information"):
            if dimension in PARTS or name != "mutual information":
                yield partial(workload, name, dimension)


if __name__ == "__main__":
    raise SystemExit(main("Entropic functions on stacks of states", workloads()))
