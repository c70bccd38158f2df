"""Attempts to break ledger and audit: independent references, extreme models, tampered results, and bad input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm
from tests.physics import random_hermitian, random_state

from loschmidt import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    InputError,
    Ledger,
    LoschmidtError,
    MatrixExponential,
    NotUniqueError,
    OhmicSpectrum,
    Verdict,
    audit,
    build_ledger,
    davies_generator,
    evolve,
    gkls_generator,
    jump_dissipator,
    local_generator,
    run_model,
    steady_state,
)
from loschmidt.information.temperatures import TemperatureStatus
from loschmidt.studies import parse_model

X, Z, LOWER = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0]), np.array([[0.0, 1.0], [0.0, 0.0]])
QUBIT, TIMES = np.diag([0.0, 1.0]), np.array([0.0, 1.0, 4.0, 9.0])
GLAUBER = GlauberSpectrum(0.1)


def violated(book) -> list[str]:
    return [f.name for f in audit(book).findings if f.verdict is Verdict.VIOLATED]


def nan_accounts(book) -> list[str]:
    return [
        n for n, x in book.data.data_vars.items() if x.dtype.kind in "fc" and (np.isnan(x) & ~undefined(book, x)).any()
    ]


def undefined(book, account) -> np.ndarray:
    """Return where an account has no value because its status says so, as 0 / 0 in equilibrium."""
    status = book.data.get(account.attrs.get("status", ""))
    return np.zeros(account.shape, bool) if status is None else status.values == len(TemperatureStatus) - 1


def book_of(process, state, times=TIMES, **options) -> Ledger:
    return build_ledger(evolve(process, state, times, **options))


# An independent account of a Davies process: superoperators by Kronecker products, heat as rows beside them.


def davies_superoperator(h, operator, rate) -> np.ndarray:
    """Return the dissipator on stacked columns, with levels and gaps told apart to 1e-8."""
    energies, basis = np.linalg.eigh(h)
    gaps = energies[None, :] - energies[:, None]
    groups = np.round(gaps, 8) + 0.0
    inner = basis.conj().T @ operator @ basis
    one, total = np.eye(len(h)), np.zeros((len(h) ** 2, len(h) ** 2), dtype=complex)
    for group in np.unique(groups):
        omega = gaps[groups == group].mean() if group else 0.0
        jump = basis @ np.where(groups == group, inner, 0) @ basis.conj().T
        square = jump.conj().T @ jump
        total += rate(omega) * (np.kron(jump.conj(), jump) - (np.kron(one, square) + np.kron(square.T, one)) / 2)
    return total


def glauber(omega: float, beta: float) -> float:
    return 0.1 * (0.5 + 0.5 * np.tanh(beta * omega / 2))


def motion(h) -> np.ndarray:
    return -1j * (np.kron(np.eye(len(h)), h) - np.kron(h.T, np.eye(len(h))))


def reference(h, energy, dissipators, start, times):
    """Return states and heat per bath."""
    size, count = h.size, len(dissipators)
    rows = np.zeros((size + count, size + count), dtype=complex)
    rows[:size, :size] = motion(h) + sum(dissipators)
    for k, dissipator in enumerate(dissipators):
        rows[size + k, :size] = energy.T.reshape(-1, order="F") @ dissipator
    first = np.concatenate([start.reshape(-1, order="F"), np.zeros(count)])
    ends = np.array([expm(rows * (time - times[0])) @ first for time in times])
    states = ends[:, :size].reshape(-1, *h.shape).transpose(0, 2, 1)
    return (states + states.conj().transpose(0, 2, 1)) / 2, ends[:, size:].real


def logarithm(matrix) -> np.ndarray:
    values, basis = np.linalg.eigh(matrix)
    return basis * np.log(values) @ basis.conj().T


def pinched(matrix, h) -> np.ndarray:
    energies, basis = np.linalg.eigh(h)
    same = np.abs(energies[:, None] - energies[None, :]) < 1e-8
    return basis @ np.where(same, basis.conj().T @ matrix @ basis, 0) @ basis.conj().T


def entropy(matrix) -> float:
    values = np.linalg.eigvalsh(matrix)
    return float(-sum(v * np.log(v) for v in values if v > 0))


def agrees(book, name, expected, floor=1e-11) -> None:
    difference = np.abs(book[name].values - expected)
    assert (difference <= 3 * book.error(name).values + floor).all(), (name, difference.max())
    assert (book.error(name).values <= 1e-8 * (1 + np.abs(expected))).all(), name


HAMILTONIANS = {
    "random": random_hermitian(np.random.default_rng(0), 4),
    "ladder": np.diag(np.arange(4.0)),
    "degenerate": np.diag([0.0, 0.7, 0.7, 1.4]),
    "one gap": np.diag([0.0, 0.0, 1.0, 1.0]),
}


@pytest.mark.parametrize("betas", [(0.3, 2.0), (0.0, 5.0), (-0.5, 1.0)])
@pytest.mark.parametrize("kind", HAMILTONIANS)
def test_accounts_against_an_independent_reference(kind, betas):
    rng, h = np.random.default_rng(7), HAMILTONIANS[kind].astype(complex)
    operators, start = [random_hermitian(rng, 4) for _ in betas], random_state(rng, 4)
    baths = [Bath(f"{k}", betas[k], GLAUBER, operators[k]) for k in range(2)]
    parts = [davies_superoperator(h, operators[k], lambda w, b=betas[k]: glauber(w, b)) for k in range(2)]
    book = book_of(davies_generator(h, baths), start)
    states, heat = reference(h, h, parts, start, TIMES)
    assert not violated(book)
    assert not nan_accounts(book)
    agrees(book, "heat", heat)
    entropies = np.array([entropy(s) for s in states])
    agrees(book, "entropy", entropies)
    agrees(book, "coherence", [entropy(pinched(s, h)) for s in states] - entropies)
    agrees(book, "entropy_production", entropies - entropies[0] - heat @ np.array(betas))
    changes = np.array([[(p @ s.reshape(-1, order="F")).reshape(4, 4).T for p in parts] for s in states])
    logs = np.array([logarithm(s) for s in states])
    pinched_logs = np.array([logarithm(pinched(s, h)) for s in states])
    flux = -np.einsum("ij,tbji->tb", h, changes).real * np.array(betas)
    agrees(book, "entropy_production_rate_by_bath", -np.einsum("tij,tbji->tb", logs, changes).real + flux)
    agrees(
        book,
        "population_entropy_production_rate_by_bath",
        -np.einsum("tij,tbji->tb", pinched_logs, changes).real + flux,
    )
    coherent = -np.einsum("tij,tbji->tb", logs - pinched_logs, changes).real
    agrees(book, "coherence_entropy_production_rate_by_bath", coherent)


@pytest.mark.parametrize("heat_of", ["free", "full"])
def test_adiabatic_operator_of_a_local_equation(heat_of):
    free = 0.5 * np.kron(Z, np.eye(2)) + 0.4 * np.kron(np.eye(2), Z)
    full = free + 0.15 * np.kron(X, X)
    operators, betas = [np.kron(X, np.eye(2)), np.kron(np.eye(2), X)], (0.5, 2.0)
    baths = [Bath(f"{k}", betas[k], GLAUBER, operators[k]) for k in range(2)]
    energy = {"free": free, "full": full}[heat_of]
    start = random_state(np.random.default_rng(3), 4)
    book = book_of(local_generator(full, baths, free_hamiltonian=free, energy=energy), start)
    assert not violated(book)
    parts = [davies_superoperator(free, operators[k], lambda w, b=betas[k]: glauber(w, b)) for k in range(2)]
    states, heat = reference(full, energy, parts, start, TIMES)
    agrees(book, "heat", heat)
    generator = motion(full) + sum(parts)
    steady = np.linalg.svd(generator)[2][-1].conj().reshape(4, 4).T
    steady = steady / np.trace(steady)
    cost = sum(b * p.conj().T @ energy.reshape(-1, order="F") for b, p in zip(betas, parts, strict=True))
    operator = -cost - generator.conj().T @ logarithm(steady).reshape(-1, order="F")
    operator = operator.reshape(4, 4).T
    agrees(book, "adiabatic_entropy_production_rate", np.einsum("tij,ji->t", states, operator).real)
    agrees(book, "adiabatic_operator_minimum", np.linalg.eigvalsh((operator + operator.conj().T) / 2)[0])


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    rng = np.random.default_rng(11)
    h, operators, start = random_hermitian(rng, 3), [random_hermitian(rng, 3) for _ in range(2)], random_state(rng, 3)

    def book(unit):
        baths = [Bath(f"{k}", (0.4 + k) / unit, OhmicSpectrum(0.02, 5 * unit), operators[k]) for k in range(2)]
        return book_of(davies_generator(unit * h, baths), start, TIMES / unit)

    plain, scaled = book(1.0), book(scale)
    assert not violated(scaled)
    assert scaled["heat"].values / scale == pytest.approx(plain["heat"].values, abs=1e-12)
    for name in ("entropy_production", "coherence_entropy_production", "entropy_production_by_bath"):
        assert scaled[name].values == pytest.approx(plain[name].values, abs=1e-11), name


def test_large_offset_of_the_energy_changes_nothing():
    def book(offset):
        return book_of(davies_generator(QUBIT + offset * np.eye(2), [Bath("cold", 1.0, GLAUBER, X)]), [0, 1])

    assert book(1e8)["heat"].values == pytest.approx(book(0.0)["heat"].values, abs=1e-7)
    assert not violated(book(1e8))


@pytest.mark.parametrize("times", [np.array([-5.0, -4.0, -2.0]), 1e6 + np.array([0.0, 1.0, 3.0])])
def test_only_time_differences_matter(times):
    process = davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)])
    expected = book_of(process, [0.6, 0.8], np.array([0.0, 1.0, 3.0]))["entropy_production"].values
    assert book_of(process, [0.6, 0.8], times)["entropy_production"].values == pytest.approx(expected, abs=1e-9)


def test_two_qubits_in_one_bath_keep_their_singlet():
    together = [np.kron(X, np.eye(2)), np.kron(np.eye(2), X)]
    h = np.kron(QUBIT, np.eye(2)) + np.kron(np.eye(2), QUBIT)
    process = davies_generator(h, [Bath("common", 1.0, OhmicSpectrum(0.05), together, np.ones((2, 2)))])
    with pytest.raises(NotUniqueError):
        steady_state(process)
    singlet, triplet = np.array([0, 1, -1, 0]) / np.sqrt(2), np.array([0, 1, 1, 0]) / np.sqrt(2)
    weights = np.exp(-np.arange(3.0)) / np.exp(-np.arange(3.0)).sum()
    expected = np.diag([weights[0], 0, 0, weights[2]]) + weights[1] * np.outer(triplet, triplet)
    settled = steady_state(process, [0, 1, 0, 0])
    assert settled.multiplicity == 2
    assert settled.state == pytest.approx((np.outer(singlet, singlet) + expected) / 2, abs=1e-13)


@pytest.mark.parametrize("seed", range(3))
def test_squeezed_jumps_without_a_temperature(seed):
    rng = np.random.default_rng(seed)
    squeezing, quanta, rate = rng.uniform(0, 1), 0.3, 0.05
    jump = np.cosh(squeezing) * LOWER + np.exp(1j) * np.sinh(squeezing) * LOWER.T
    bath = jump_dissipator("squeezed", [jump, jump.conj().T], [rate * (quanta + 1), rate * quanta])
    book = book_of(gkls_generator(QUBIT, [bath]), random_state(rng, 2))
    assert not violated(book)
    assert not nan_accounts(book)
    assert audit(book)["second law"].verdict is Verdict.UNTESTED
    settled = steady_state(gkls_generator(QUBIT.astype(float) * 0, [bath])).state
    inverted = quanta * np.cosh(2 * squeezing) + np.sinh(squeezing) ** 2
    assert settled[1, 1].real == pytest.approx(inverted / (2 * inverted + 1), abs=1e-13)


# What is broken must be seen.


@pytest.mark.parametrize("relative", [1e-6, -1e-6, 1e-8])
def test_slightly_broken_detailed_balance_is_caught(relative):
    up = 0.1 * np.exp(-1.3) * (1 + relative)
    bath = jump_dissipator("cold", [LOWER, LOWER.T], [0.1, up], beta=1.3)
    assert "detailed balance" in violated(book_of(gkls_generator(QUBIT, [bath]), [0.6, 0.8]))


def tampered_states(change):
    process = davies_generator(QUBIT, [Bath("hot", 0.5, GLAUBER, X), Bath("cold", 2.0, GLAUBER, X)])
    evolution = evolve(process, [0.6, 0.8], np.linspace(0.0, 10.0, 11))
    components = evolution.components.copy()
    components[5] += change
    return violated(build_ledger(replace(evolution, components=components)))


@pytest.mark.parametrize("size", [1e-3, 1e-6, 1e-9])
def test_tampered_states_are_caught(size):
    assert not tampered_states(0.0)
    assert "first law" in tampered_states(size * Z)
    assert "entropy balance" in tampered_states(size * X)
    assert "trace" in tampered_states(size * np.eye(2))


def test_state_that_is_not_positive_or_not_a_number_is_caught():
    assert "positivity" in tampered_states(np.diag([1.0, -1.0]))
    assert "trace" in tampered_states(np.diag([np.nan, 0.0]))


def test_not_a_number_in_a_ledger_never_passes():
    book = book_of(davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)]), [0.6, 0.8])
    for name in ("entropy_production", "entropy_production_error", "entropy_production_rate"):
        data = book.data.copy(deep=True)
        data[name].values[2] = np.nan
        verdicts = {f.verdict for f in audit(Ledger(data)).findings if np.isnan(f.margin) or np.isnan(f.error)}
        assert verdicts, name
        assert not verdicts & {Verdict.HOLDS, Verdict.TIGHT}, name


def test_saved_ledger_is_judged_alike(tmp_path):
    baths = [Bath("hot", 0.5, GLAUBER, X), Bath("frozen", np.inf, GLAUBER, X)]
    book = book_of(davies_generator(QUBIT, baths), [0.6, 0.8])
    again = Ledger.load(book.save(tmp_path / "ledger.nc"))
    assert repr(audit(again)) == repr(audit(book))


def test_model_file_and_python_give_the_same_numbers():
    model = """
        title = "Two qubits"
        [system]
        qubits = 2
        hamiltonian = "0.65*Z0 + 0.45*Z1 + 0.2*X0*X1"
        [[bath]]
        name = "hot"
        beta = 0.5
        spectrum = { type = "ohmic", coupling = 0.03, cutoff = 8.0 }
        couplings = "X0"
        [[bath]]
        name = "cold"
        beta = 3.0
        spectrum = { type = "glauber", coupling = 0.1 }
        couplings = "X1"
        [initial]
        state = "(|00> + i*|11>)/sqrt(2)"
        [times]
        stop = 20
        points = 5
    """
    first, second = np.kron(X, np.eye(2)), np.kron(np.eye(2), X)
    h = 0.65 * np.kron(Z, np.eye(2)) + 0.45 * np.kron(np.eye(2), Z) + 0.2 * first @ second
    baths = [Bath("hot", 0.5, OhmicSpectrum(0.03, 8.0), first), Bath("cold", 3.0, GLAUBER, second)]
    book = book_of(davies_generator(h, baths), np.array([1, 0, 0, 1j]) / np.sqrt(2), np.linspace(0, 20, 5))
    written = run_model(parse_model(model)).ledger
    assert written.accounts == book.accounts
    for name in book.accounts:
        np.testing.assert_allclose(written[name].values, book[name].values, rtol=1e-12, atol=1e-12, err_msg=name)


# Corners of the input that are legitimate.


@pytest.mark.parametrize(
    "process",
    [
        davies_generator([[1.0]], [Bath("cold", 1.0, OhmicSpectrum(0.1), [[1.0]])]),
        davies_generator(np.zeros((2, 2)), [Bath("cold", 1.0, GLAUBER, X)]),
        davies_generator(np.zeros((2, 2)), [Bath("cold", np.inf, OhmicSpectrum(0.1), X)]),
        davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, 0 * X)]),
        davies_generator(QUBIT, [Bath("cold", np.inf, FlatSpectrum(0.1, 0.02), X + Z)]),
        davies_generator(QUBIT, [Bath("cold", 1.0, GlauberSpectrum(0.0), X)]),
        davies_generator(QUBIT, []),
        gkls_generator(QUBIT, []),
    ],
    ids=["one level", "no energy", "no energy, frozen", "no coupling", "frozen", "no rate", "no bath", "closed"],
)
def test_degenerate_models(process):
    start = np.eye(process.dimension)[-1]
    for method in (None, MatrixExponential()):
        book = book_of(process, start, method=method)
        assert not violated(book)
        assert not nan_accounts(book)


@pytest.mark.parametrize("kind", [int, bool, np.float32, np.complex128, np.longdouble, object])
def test_any_kind_of_number(kind):
    expected = book_of(davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)]), [0, 1])["entropy_production"].values
    process = davies_generator(QUBIT.astype(kind), [Bath("cold", 1.0, GLAUBER, X.astype(kind))])
    found = book_of(process, np.array([0, 1]).astype(kind))["entropy_production"].values
    assert found == pytest.approx(expected, abs=1e-13)


def test_read_only_and_strided_arrays():
    h = np.zeros((4, 4))
    h[::2, ::2] = QUBIT
    view = h[::2, ::2]
    view.setflags(write=False)
    process = davies_generator(view, [Bath("cold", 1.0, GLAUBER, np.asfortranarray(X))])
    assert steady_state(process).state[0, 0].real == pytest.approx(1 / (1 + np.exp(-1)), abs=1e-14)


BAD = {
    "hamiltonian": lambda: davies_generator([[np.nan, 0], [0, 1]], [Bath("cold", 1.0, GLAUBER, X)]),
    "baths": lambda: davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)] * 2),
    "beta": lambda: Bath("cold", -1.0, OhmicSpectrum(0.1), X),
    "correlations": lambda: Bath("cold", 1.0, GLAUBER, [X, Z], [[1, 2], [2, 1]]),
    "couplings": lambda: Bath("cold", 1.0, GLAUBER, LOWER),
    "name": lambda: Bath("", 1.0, GLAUBER, X),
    "coupling": lambda: GlauberSpectrum(np.inf),
    "rates": lambda: jump_dissipator("cold", [X], [-1.0]),
    "state": lambda: evolve(davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)]), [1, 1], TIMES),
    "times": lambda: evolve(davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)]), [0, 1], [0, 2, 1]),
    "resolve": lambda: build_ledger(
        evolve(davies_generator(QUBIT, [Bath("cold", 1.0, GLAUBER, X)]), [0, 1], TIMES), ("colour",)
    ),
    "process": lambda: steady_state(None),
}


@pytest.mark.parametrize("argument", BAD)
def test_bad_input_is_named(argument):
    with pytest.raises(LoschmidtError, match=argument) as caught:
        BAD[argument]()
    assert isinstance(caught.value, InputError)
