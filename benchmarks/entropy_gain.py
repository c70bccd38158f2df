"""W9: unitality and the minimal entropy gain of channels, against toqito, Qiskit, QICS and SciPy's L-BFGS.

CVXPY has a conditional entropy too, and is not run: for one qubit and two Kraus operators it makes a semidefinite
program of 16,644 variables and 57,739 rows, which its solvers do not finish in minutes.
"""

from __future__ import annotations

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy.linalg import block_diag as block_diagonal

from _harness import Comparison, compare, import_peer, main
from loschmidt.processes.channels import Channel, random_channel
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.states import random_unitary

KRAUS = 4
DIMENSIONS = (16, 32, 64, 128)
LARGEST_SUPEROPERATOR = 64  # 0.3 GB a copy in Qiskit
LARGEST_CHOI = 32
LARGEST_QICS = 32  # half a minute a solution
LARGEST_CONDITIONAL = 8


def unitality(dimension: int) -> Comparison:
    """Two channels, one unital and one not. Nobody checks that they are channels, and nothing is kept between calls."""
    rng = np.random.default_rng(dimension)
    unital = np.array([random_unitary(dimension, rng) for _ in range(KRAUS)]) / KRAUS**0.5
    stacks = [unital, random_channel(dimension, dimension, rng, kraus=KRAUS).kraus_operators]
    peers: dict[str, Callable[[], Any] | None] = {"toqito": unital_by_toqito(stacks)}
    if dimension <= LARGEST_CHOI:
        peers["toqito, from Choi matrices"] = unital_by_toqito(stacks, choi=True)
    if dimension <= LARGEST_SUPEROPERATOR:
        peers["Qiskit"] = unital_by_qiskit(stacks)
    return compare(
        f"unitality, d = {dimension}, {KRAUS} Kraus operators",
        lambda: [Channel((dimension,), (dimension,), "kraus", kraus).is_unital() for kraus in stacks],
        peers,
        check=lambda ours, theirs: float(ours != theirs or ours != [True, False]),
        tolerance=0,
        floor={},
        goal={},
    )


def unital_by_toqito(stacks: list[Any], *, choi: bool = False) -> Callable[[], Any] | None:
    toqito = import_peer("toqito.channel_props")
    if toqito is None:
        return None
    maps = [np.array(Channel.from_kraus(kraus).choi) if choi else list(kraus) for kraus in stacks]
    return lambda: [bool(toqito.is_unital(one)) for one in maps]


def unital_by_qiskit(stacks: list[Any]) -> Callable[[], Any] | None:
    """Qiskit has no such question; Φ is unital if Φ† preserves the trace."""
    qiskit = import_peer("qiskit.quantum_info")
    if qiskit is None:
        return None
    channels = [qiskit.Kraus(list(kraus)) for kraus in stacks]
    return lambda: [bool(channel.adjoint().is_tp()) for channel in channels]


def minimal_gain(dimension: int) -> Comparison:
    """The minimum, ours with a proof of 1e-9, theirs to the accuracy that each of them has by default."""
    rng = np.random.default_rng(dimension)
    kraus = random_channel(dimension, dimension, rng, kraus=KRAUS).kraus_operators
    peers: dict[str, Callable[[], Any] | None] = {"SciPy L-BFGS, Cholesky factor": by_lbfgs(kraus)}
    if dimension <= LARGEST_QICS:
        peers["QICS, cone made for it"] = by_qics_key_rate(kraus)
    if dimension <= LARGEST_CONDITIONAL:
        peers["QICS, conditional entropy"] = by_qics_conditional(kraus)
    return compare(
        f"minimal entropy gain, d = {dimension}, {KRAUS} Kraus",
        lambda: minimal_entropy_gain(Channel.from_kraus(kraus)).value,
        peers,
        check=lambda ours, theirs: abs(ours - theirs),
        tolerance=2e-6,
        floor={},
        goal={},
    )


def minimal_gain_of_direct_sum(dimension: int, blocks: int) -> Comparison:
    """Conserved energy makes a direct sum, whose optimum is on the boundary of the states, in a basis that hides it."""
    rng = np.random.default_rng(dimension)
    size = dimension // blocks
    parts = [random_channel(size, size, rng, kraus=KRAUS).kraus_operators for _ in range(blocks)]
    kraus = np.array([block_diagonal(*operators) for operators in zip(*parts, strict=True)])
    kraus = random_unitary(dimension, rng) @ kraus @ random_unitary(dimension, rng)
    return compare(
        f"the same, {blocks} blocks of {size}",
        lambda: minimal_entropy_gain(Channel.from_kraus(kraus)).value,
        {"SciPy L-BFGS, Cholesky factor": by_lbfgs(kraus)},
        check=lambda ours, theirs: abs(ours - theirs),
        tolerance=1e-5,
        floor={},
        goal={},
    )


def by_lbfgs(kraus: Any) -> Callable[[], float]:
    """What one writes with SciPy: ρ = AA†/tr AA†, the exact gradient, a quasi-Newton method; no certificate."""
    from scipy.optimize import minimize

    count, m, n = kraus.shape
    tall, wide = kraus.reshape(count * m, n), kraus.swapaxes(0, 1).reshape(m, count * n)

    def objective(x: Any) -> tuple[float, Any]:
        factor = x.view(np.complex128).reshape(n, n)
        norm = np.vdot(factor, factor).real
        populations, basis = np.linalg.eigh(factor @ factor.conj().T / norm)
        populations = np.abs(populations) + 1e-300  # round-off of a population that vanishes
        logarithms = np.log(populations)
        half = (tall @ (basis * np.sqrt(populations))).reshape(count, m, n).swapaxes(0, 1).reshape(m, count * n)
        values, vectors = np.linalg.eigh(half @ half.conj().T)
        pulled = (vectors.conj().T @ wide).reshape(m, count, n)
        back = np.einsum("akn,a,akp->np", pulled.conj(), np.log(values), pulled, optimize=True)
        gradient = (basis * logarithms) @ basis.conj().T - back
        gain = float(populations @ logarithms - values @ np.log(values))
        gradient -= gain * np.eye(n)  # tr ρ∇ is the gain
        return gain, (2 / norm * gradient @ factor).reshape(-1).view(np.float64)

    start = np.eye(n, dtype=np.complex128).reshape(-1).view(np.float64) / n**0.5
    options = {"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-8}
    return lambda: float(minimize(objective, start, jac=True, method="L-BFGS-B", options=options).fun)


def by_qics_key_rate(kraus: Any) -> Callable[[], float] | None:
    """QICS's fastest way: the epigraph of S(Z(G(ρ))) − S(G(ρ)), with the channel in the place of the blocks of Z∘G.

    The cone is documented for block projections Z only; its formulas hold for any channel, given where it keeps the
    operators of its own facial reduction.
    """
    qics, vectorize = import_peer("qics"), import_peer("qics.vectorize")
    if qics is None or vectorize is None:
        return None
    _, m, n = kraus.shape
    identity = np.eye(n, dtype=np.complex128)

    def solve() -> float:
        cone = qics.cones.QuantKeyDist([np.eye(n + 1, n, dtype=np.complex128)], [np.eye(n + 1)], iscomplex=True)
        cone.K_list_blk, cone.ZK_list_blk, cone.Nk, cone.Nzk = [[identity]], [list(kraus)], [n], [m]
        objective = np.eye(1 + 2 * n * n, 1)
        trace = np.vstack([[[0.0]], vectorize.mat_to_vec(identity)]).T
        model = qics.Model(c=objective, A=trace, b=np.ones((1, 1)), cones=[cone])
        return float(qics.Solver(model, verbose=0).solve()["p_obj"])

    return solve


def by_qics_conditional(kraus: Any) -> Callable[[], float] | None:
    """QICS's conditional entropy of the dilated state VρV†, which is singular and must be mixed with a little noise."""
    qics, vectorize = import_peer("qics"), import_peer("qics.vectorize")
    if qics is None or vectorize is None:
        return None
    count, m, n = kraus.shape
    noise, size = 1e-8, m * count
    isometry = kraus.swapaxes(0, 1).reshape(size, n)

    def solve() -> float:
        basis = hermitian_basis(n)
        images = [vectorize.mat_to_vec((1 - noise) * isometry @ b @ isometry.conj().T) for b in basis]
        lift = -np.block(
            [[np.ones((1, 1)), np.zeros((1, len(basis)))], [np.zeros((2 * size**2, 1)), np.hstack(images)]]
        )
        offset = np.vstack([[[0.0]], vectorize.mat_to_vec(noise / size * np.eye(size, dtype=np.complex128))])
        trace = np.array([[0.0, *(np.trace(b).real for b in basis)]])
        cones = [qics.cones.QuantCondEntr((m, count), 1, iscomplex=True)]
        objective = np.eye(len(basis) + 1, 1)
        model = qics.Model(c=objective, A=trace, b=np.ones((1, 1)), G=lift, h=offset, cones=cones)
        return float(qics.Solver(model, verbose=0).solve()["p_obj"])

    return solve


def hermitian_basis(n: int) -> list[Any]:
    basis = []
    for i in range(n):
        for j in range(i + 1):
            for phase in (1,) if i == j else (1, 1j):
                element = np.zeros((n, n), dtype=np.complex128)
                element[i, j], element[j, i] = phase, np.conj(phase)
                basis.append(element)
    return basis


def workloads() -> Iterator[partial[Comparison]]:
    for dimension in DIMENSIONS:
        yield partial(unitality, dimension)
    for dimension in (LARGEST_CONDITIONAL, *DIMENSIONS):
        yield partial(minimal_gain, dimension)
    yield partial(minimal_gain_of_direct_sum, 64, 8)


if __name__ == "__main__":
    raise SystemExit(main("Unitality and minimal entropy gain of channels", workloads()))
