"""Cumulants and covariances against contour integrals of a dense tilted generator, on every route and scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.physics import betas, dimensions, random_bath, random_davies, random_hermitian, seeds
from tests.reference.counting import contour_cumulants, jumps_of

from loschmidt.errors import InputError, NotUniqueError, RateError, ResourceError, ShapeError
from loschmidt.evolution import memory
from loschmidt.evolution.counting import _operators, _sector, counted, covariances, cumulants, jump_groups
from loschmidt.evolution.steady import steady_state
from loschmidt.processes import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
    local_generator,
    partial_secular_generator,
    redfield_generator,
)

X, Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])
LOWER = np.array([[0.0, 0.0], [1.0, 0.0]])


def on_site(operator, site, count):
    return np.kron(np.kron(np.eye(2**site), operator), np.eye(2 ** (count - site - 1)))


def chain(count, field=0.0, detuning=0.1, equation="local", scale=1.0):
    """Qubits with exchange coupling, a hot bath on the first and a cold one on the last."""
    free = scale * sum((1 + detuning * k) / 2 * on_site(Z, k, count) for k in range(count))
    hop = sum(on_site(LOWER, k, count) @ on_site(LOWER.T, k + 1, count) for k in range(count - 1))
    coupled = free + scale * (0.2 * (hop + hop.T) + field * sum(on_site(X, k, count) for k in range(count)))
    baths = [
        Bath(name, beta / scale, FlatSpectrum(0.02 * scale, 0.0), on_site(X, site, count))
        for name, beta, site in (("hot", 0.5, 0), ("cold", 1.0, count - 1))
    ]
    if equation == "davies":
        return davies_generator(coupled, baths)
    return local_generator(coupled, baths, free_hamiltonian=free, energy=free)


def random_gkls(seed, d):
    """Jump operators with nothing special about them."""
    rng = np.random.default_rng(seed)
    jumps = rng.normal(size=(4, d, d)) + 1j * rng.normal(size=(4, d, d))
    baths = [jump_dissipator(f"{k}", jumps[2 * k : 2 * k + 2], rng.random(2) + 0.1) for k in range(2)]
    return gkls_generator(random_hermitian(rng, d), baths)


def energy_weights(process, bath=0):
    return np.array([energy if number == bath else 0.0 for number, _, _, energy in jumps_of(process)])


def check(found, expected, tolerance=1e-7):
    """Contour integrals are right to about 1e-9; so must we be, and our own error must be smaller than that."""
    size = np.abs(expected).max()
    assert found.values == pytest.approx(expected, rel=tolerance, abs=tolerance * size)
    assert (found.errors < 1e-3 * size).all()


@given(seed=seeds, d=dimensions, hot=betas, cold=betas)
def test_heat_through_random_davies_equations(seed, d, hot, cold):
    process = random_davies(seed, d, (hot, cold))
    rates = [rate * np.linalg.norm(jump) ** 2 for _, rate, jump, _ in jumps_of(process)]
    found = cumulants(process, counted(process, "energy", "bath 0"), 4)
    assert found.method == "populations, elimination"
    # Inside the circle θ must be analytic; its distance to the next eigenvalue sets how far that is.
    gap = np.sort(-np.linalg.eigvals(process.superoperator()).real)[1]
    radius = 0.2 * gap / (sum(rates) * np.abs(energy_weights(process)).max())
    expected = contour_cumulants(process, energy_weights(process), 2, radius)
    assert found.values[:2] == pytest.approx(expected, rel=1e-5, abs=1e-6 * sum(rates))
    assert found.values[0] == pytest.approx(steady_state(process).heat_rates[0], rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "make",
    [
        lambda seed: random_davies(seed, 4, (0.5, 1.5)),
        lambda seed: random_gkls(seed, 3),
        lambda seed: chain(2, field=0.1 * seed),
        lambda seed: chain(2, field=0.05, detuning=0.0, equation="davies"),
        lambda seed: chain(3, detuning=0.3),
    ],
    ids=["davies", "gkls", "local", "davies chain", "three qubits"],
)
def test_four_cumulants_agree_with_contour_integrals(make, seed):
    process = make(seed)
    weights = np.random.default_rng(seed).normal(size=jump_groups(process).count)
    groups = jump_groups(process)
    if len(jumps_of(process)) == groups.count:
        mine = weights
    else:  # several jumps share a Bohr frequency
        table = {(b, round(float(e), 9)): w for b, e, w in zip(groups.baths, groups.energies, weights, strict=True)}
        mine = np.array([table[bath, round(float(energy), 9)] for bath, _, _, energy in jumps_of(process)])
    expected = contour_cumulants(process, mine, 4, 0.08)
    check(cumulants(process, counted(process, weights), 4), expected)


def routes(process):
    """The same process on populations, on one matrix and on the chain of jumps."""
    from loschmidt.evolution.counting._chain import ChainInverse
    from loschmidt.evolution.counting.space import counting_space

    operators = _operators.operator_space(jump_groups(process))
    found = [counting_space(process), operators, replace(operators, inverse=ChainInverse.build(operators.terms))]
    assert isinstance(operators.inverse, _sector.SectorInverse)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_all_routes_agree_within_their_errors(seed):
    from loschmidt.evolution.counting.cumulants import cumulants_on

    process = random_davies(seed, 5, (0.4, 2.0))
    variable = counted(process, "heat", "bath 1")
    first, *others = (cumulants_on(space, variable, 6) for space in routes(process))
    for other in others:
        assert other.method != first.method
        assert (np.abs(other.values - first.values) <= first.errors + other.errors).all()
        assert other.values == pytest.approx(first.values, rel=1e-8)


def test_degenerate_levels_are_counted_with_their_coherences():
    # Equal qubits, each with a bath: the levels 01 and 10 coincide, and jumps connect their coherence.
    energy = np.diag([1.0, 0.0, 0.0, -1.0])
    baths = [
        Bath("hot", 0.4, GlauberSpectrum(0.1), np.kron(X, np.eye(2)) + 0.3 * np.kron(np.eye(2), X)),
        Bath("cold", 2.0, GlauberSpectrum(0.2), np.kron(np.eye(2), X)),
    ]
    process = davies_generator(energy, baths, dims=(2, 2))
    assert abs(steady_state(process).state[1, 2]) > 1e-3
    found = cumulants(process, counted(process, "energy", "hot"), 4)
    assert found.method == "one matrix on a sector"
    check(found, contour_cumulants(process, energy_weights(process), 4, 0.05))


def test_jumps_whose_phases_cancel_in_the_sum():
    # Each of two jumps alone makes the coherence complex, both together keep it real: the sector must hold both parts.
    right = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1j], [0.3, 0.0, 0.0]])
    jumps = jump_dissipator("pair", [right, right.conj()], [0.3, 0.3])
    process = gkls_generator(np.array([[0.0, 0.2, 0.0], [0.2, 0.1, 0.1], [0.0, 0.1, 0.3]]), [jumps])
    check(cumulants(process, counted(process, [1.0, -0.5]), 4), contour_cumulants(process, [1.0, -0.5], 4, 0.05))


@pytest.mark.parametrize("scale", [1e-24, 1e9])
@pytest.mark.parametrize("equation", ["local", "davies"])
def test_units_do_not_matter(scale, equation):
    plain, scaled = (chain(3, 0.05, equation=equation, scale=one) for one in (1.0, scale))
    expected = cumulants(plain, counted(plain, "heat", "hot"), 4).values
    found = cumulants(scaled, counted(scaled, "heat", "hot"), 4).values
    # The rate of a flat spectrum is an energy, so heat^m per time scales as the power m + 1.
    assert found / scale ** np.arange(2.0, 6.0) == pytest.approx(expected, rel=1e-8)


@given(seed=seeds, d=dimensions)
def test_covariances_are_those_of_sums(seed, d):
    process = random_davies(seed, d, (0.3, 1.0, 3.0))
    variables = [counted(process, "heat", f"bath {k}") for k in range(3)]
    found = covariances(process, variables)
    assert (found.values == found.values.T).all()
    weights = np.random.default_rng(seed).normal(size=3)
    together = sum((w * v for w, v in zip(weights[1:], variables[1:], strict=True)), weights[0] * variables[0])
    size = np.abs(found.values).max()
    assert cumulants(process, together, 2).values[1] == pytest.approx(
        weights @ found.values @ weights, abs=1e-10 * size
    )
    # Energy is conserved, so that over long times all of what enters leaves.
    assert np.abs(found.values.sum(axis=1)).max() <= 1e-11 * size
    assert np.linalg.eigvalsh(found.values)[0] >= -1e-11 * size
    assert found.means == pytest.approx(steady_state(process).heat_rates, rel=1e-9, abs=1e-15)


def test_what_two_baths_exchange_is_anticorrelated():
    process = chain(3)
    noise = covariances(process, [counted(process, "quanta", name) for name in ("hot", "cold")])
    assert noise.values[0, 1] == pytest.approx(-noise.values[0, 0], rel=1e-10)
    assert noise.values[0, 0] > 0


@pytest.mark.parametrize(("count", "field", "method"), [(4, 0.05, "one matrix on a sector"), (6, 0.05, "jump chain")])
def test_large_local_chains(count, field, method):
    # At s = -A the entropy's generating function vanishes, and quanta are conserved only without the field.
    process = chain(count, field)
    heat = cumulants(process, counted(process, "heat", "hot"), 3)
    assert heat.method == method
    assert heat.values[0] == pytest.approx(steady_state(process).heat_rates[0], rel=1e-10)
    assert (heat.errors < 1e-8 * np.abs(heat.values)).all()
    noise = covariances(process, [counted(process, "heat", name) for name in ("hot", "cold")])
    assert noise.values[0, 0] == pytest.approx(heat.values[1], rel=1e-10)
    assert np.linalg.eigvalsh(noise.values)[0] > 0


def test_the_chain_of_jumps_agrees_with_one_matrix(monkeypatch):
    process = chain(4, 0.05)
    variable = counted(process, "heat", "hot")
    expected = cumulants(process, variable, 4)
    monkeypatch.setattr(_sector, "_LARGEST_SECTOR", 10)
    found = cumulants(process, variable, 4)
    assert (expected.method, found.method) == ("one matrix on a sector", "jump chain")
    assert found.values == pytest.approx(expected.values, rel=1e-10)
    assert (np.abs(found.values - expected.values) <= found.errors + expected.errors).all()


def test_a_partial_secular_equation_is_counted():
    # Each bath sees another combination of two levels that nearly coincide, so none of them is dark.
    combinations = [np.array([[0, 1.0, x], [1, 0, 0], [x, 0, 0]]) for x in (0.5, -0.8)]
    baths = [
        Bath(name, beta, OhmicSpectrum(0.05), coupling)
        for name, beta, coupling in zip(("hot", "cold"), (0.5, 2.0), combinations, strict=True)
    ]
    process = partial_secular_generator(np.diag([0.0, 1.0, 1.001]), baths, cluster_width=0.01)
    found = cumulants(process, counted(process, "energy", "hot"), 4)
    check(found, contour_cumulants(process, energy_weights(process), 4, 0.05))


def test_a_bath_at_zero_temperature_lets_nothing_flow():
    process = davies_generator(np.diag([0.0, 1.0, 2.5]), [Bath("cold", np.inf, OhmicSpectrum(0.1, 5.0), X3)])
    found = cumulants(process, counted(process, "heat"), 3)
    assert (np.abs(found.values) <= found.errors).all()
    assert found.errors.max() < 1e-14


X3 = np.array([[0.0, 1.0, 0.4], [1.0, 0.0, 0.7], [0.4, 0.7, 0.0]])


def test_weights_by_name_function_and_hand_are_the_same():
    process = chain(2)
    by_name = counted(process, "quanta", "cold")
    by_function = counted(process, np.sign, "cold")
    by_hand = counted(process, by_name.weights)
    assert (by_name.weights == by_function.weights).all()
    assert (by_name.weights == by_hand.weights).all()
    twice = by_name + by_name - 3.0 * by_name
    assert (twice.weights == -by_name.weights).all()
    assert (-twice).weights == pytest.approx(by_name.weights)
    assert not counted(process, "jumps").is_current
    assert by_name.is_current


def test_energies_of_the_jumps_are_those_of_the_energy_observable():
    process = random_davies(5, 4, (0.5, 2.0))
    groups = jump_groups(process)
    expected = sorted((bath, round(float(energy), 10)) for bath, _, _, energy in jumps_of(process))
    found = sorted((int(b), round(float(e), 10)) for b, e in zip(groups.baths, groups.energies, strict=True))
    assert set(found) == set(expected)
    assert groups.entropies == pytest.approx(-np.array([0.5, 2.0])[groups.baths] * groups.energies)
    assert groups.energies[groups.partners] == pytest.approx(-groups.energies)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_energy_without_a_definite_quantum_is_refused():
    free = 0.7 * np.kron(Z, np.eye(2)) + 0.5 * np.kron(np.eye(2), Z)
    full = free + 0.3 * np.kron(X, X)
    baths = [Bath("hot", 0.5, FlatSpectrum(0.02, 0.0), np.kron(X, np.eye(2)))]
    process = local_generator(full, baths, free_hamiltonian=free, energy=full)
    with pytest.raises(InputError, match=r"definite .* `energy`"):
        counted(process, "energy", "hot")
    assert cumulants(process, counted(process, "jumps"), 2).values[0] > 0


def test_a_variable_of_another_process_is_refused():
    with pytest.raises(InputError, match=r"counted\(process"):
        cumulants(chain(2), counted(random_davies(1, 4, (1.0,)), "jumps"))
    with pytest.raises(ShapeError, match="one process"):
        counted(chain(2), "jumps") + counted(random_davies(1, 4, (1.0,)), "jumps")


def test_several_stationary_states_are_refused():
    collective = np.kron(X, np.eye(2)) + np.kron(np.eye(2), X)
    bath = Bath("common", 0.8, GlauberSpectrum(0.1), collective)
    process = davies_generator(np.diag([1.0, 0.0, 0.0, -1.0]), [bath])
    with pytest.raises(NotUniqueError, match="not analytic"):
        cumulants(process, counted(process, "heat"))


def test_processes_without_countable_jumps_are_refused():
    bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[1, 1], [1, 0]])
    with pytest.raises(InputError, match="no mixture of jumps"):
        counted(redfield_generator(np.diag([0.0, 1.0]), [bath]), "heat")
    negative = jump_dissipator("odd", [LOWER, LOWER.T], [0.2, -0.1], negative_rates=True)
    with pytest.raises(RateError, match="negative rate cannot be counted"):
        counted(gkls_generator(Z, [negative]), "jumps")
    driven = driven_generator(driven_hamiltonian(Z, [(X, np.cos)]), [Bath("cold", 1.0, FlatSpectrum(0.1), X)])
    with pytest.raises(InputError, match="driven"):
        counted(driven, "jumps")
    with pytest.raises(InputError, match="at least one bath"):
        counted(gkls_generator(Z, []), "jumps")


@pytest.mark.parametrize(
    ("what", "bath", "message"),
    [
        ("warmth", None, "must be one of heat"),
        ("heat", "warm", "must be one of hot, cold"),
        ([1.0], None, "one weight for each of the"),
        (lambda energies: energies / 0.0, "hot", "finite"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_wrong_weights_are_refused(what, bath, message):
    with pytest.raises(InputError, match=message):
        counted(chain(2), what, bath)


@pytest.mark.parametrize("order", [0, 2.5, True, 100])
def test_wrong_orders_are_refused(order):
    process = random_davies(2, 2, (1.0,))
    with pytest.raises(InputError, match="`order` must be a whole number"):
        cumulants(process, counted(process, "heat"), order)


def test_entropy_at_zero_temperature_is_refused():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", np.inf, OhmicSpectrum(0.1, 5.0), X)])
    with pytest.raises(InputError, match="zero temperature"):
        counted(process, "entropy")


def test_memory_is_estimated_first(monkeypatch):
    monkeypatch.setattr(memory, "available_memory", lambda: 100.0)
    for process in (random_davies(0, 5, (1.0, 2.0)), chain(3)):
        with pytest.raises(ResourceError, match=r"would take .*B of memory, but 100 B are free"):
            cumulants(process, counted(process, "jumps"), 2)


@settings(max_examples=5)
@given(seed=seeds, angle=st.floats(0.1, 3.0))
def test_the_basis_does_not_matter(seed, angle):
    rng = np.random.default_rng(seed)
    process = random_davies(seed, 3, (0.5, 2.0))
    values, vectors = np.linalg.eigh(random_hermitian(rng, 3))
    turn = (vectors * np.exp(1j * angle * values)) @ vectors.conj().T
    turned = davies_generator(
        turn @ process.hamiltonian @ turn.conj().T,
        [
            Bath(
                bath.name,
                bath.beta,
                bath.spectrum,
                [turn @ one @ turn.conj().T for one in bath.couplings],
                correlations=bath.correlations,
            )
            for bath in _baths(seed, 3, (0.5, 2.0))
        ],
    )
    first, second = (cumulants(one, counted(one, "heat", "bath 0"), 3).values for one in (process, turned))
    assert second == pytest.approx(first, rel=1e-7, abs=1e-12)


def _baths(seed, d, temperatures):
    rng = np.random.default_rng(seed)
    return [random_bath(rng, d, f"bath {k}", beta) for k, beta in enumerate(temperatures)]
