"""A whole count: the noise between baths, generating functions with mirrors, and when the symmetry is guaranteed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.counting.test_cumulants import X
from tests.physics import dimensions, random_davies, random_hermitian, seeds

from loschmidt.errors import InputError, NotUniqueError
from loschmidt.evolution.counting import counted, covariances, cumulants, jump_groups
from loschmidt.evolution.counting.bounded import bounded_weights
from loschmidt.evolution.counting.record import record_counting
from loschmidt.evolution.counting.reversal import irreversibility, is_classical
from loschmidt.papers.textbook.systems import maser
from loschmidt.processes import Bath, FlatSpectrum, davies_generator, gkls_generator, jump_dissipator, local_generator


def ring(flux):
    """Return three levels in a ring with a magnetic flux, a hot bath on one bond and a cold bath on another."""
    h = np.zeros((3, 3), dtype=complex)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        h[a, b] = 0.3 * np.exp(1j * flux)
        h[b, a] = h[a, b].conj()
    baths = []
    for name, (a, b), omega, temperature, rate in (("hot", (0, 2), 3.0, 10.0, 0.04), ("cold", (1, 2), 1.0, 0.6, 0.05)):
        lower = np.zeros((3, 3))
        lower[a, b] = 1
        n = 1 / np.expm1(omega / temperature)
        baths.append(jump_dissipator(name, [lower, lower.T], [rate * (n + 1), rate * n], beta=1 / temperature))
    return gkls_generator(h, baths, energy=np.diag([0.0, 2.0, 3.0]))


def defect(record):
    curve = record.curves[0]
    return np.abs(curve.values - curve.mirrored).max() / np.abs(curve.values).max()


@pytest.mark.parametrize("factor", [1e-300, 1e300])
def test_weights_whose_powers_are_no_numbers_are_refused(factor):
    process = random_davies(3, 3, (0.5, 2.0))
    tiny = factor * counted(process, "heat", "bath 0")
    for asked in ({"variables": [tiny]}, {"generating": [tiny]}):
        with pytest.raises(InputError, match="to the power 4"):
            record_counting(process, **asked)


def test_a_record_agrees_with_its_parts():
    process = random_davies(3, 3, (0.5, 2.0))
    heat = [counted(process, "heat", name) for name in process.bath_names]
    found = record_counting(process, heat, 3, generating=heat[:1], points=5)
    for one, variable in zip(found.statistics.cumulants, heat, strict=True):
        np.testing.assert_allclose(one.values, cumulants(process, variable, 3).values, rtol=1e-12)
    np.testing.assert_allclose(found.heat.values, covariances(process, heat).values, rtol=1e-12)
    assert [one.variable.name for one in found.curves] == ["entropy", "heat from bath 0"]
    assert found.curves[1].affinity == pytest.approx(1.5)


@given(seed=seeds, d=dimensions, cold=st.floats(1.2, 4.0))
def test_davies_equations_are_symmetric_and_their_noise_balanced(seed, d, cold):
    found = record_counting(random_davies(seed, d, (0.4, cold)), points=5)
    assert found.classical
    assert found.irreversible == ""
    assert defect(found) < 1e-9
    np.testing.assert_allclose(found.energy.values.sum(axis=1), 0, atol=1e-9 * np.abs(found.energy.values).max())


def test_the_symmetry_is_guaranteed_where_time_can_be_reversed():
    assert irreversibility(jump_groups(maser(0.1))) == ""
    assert not is_classical(maser(0.1))
    assert defect(record_counting(maser(0.1))) < 1e-12
    assert irreversibility(jump_groups(ring(0.0))) == ""


def test_a_phase_that_a_basis_takes_away_breaks_nothing():
    process = maser(0.1)
    turned = replace(process, hamiltonian=process.hamiltonian * np.array([[0, 1j, 0], [-1j, 0, 0], [0, 0, 0]]))
    assert irreversibility(jump_groups(turned)) == ""
    assert defect(record_counting(turned)) < 1e-12


def test_a_magnetic_flux_breaks_the_symmetry_until_it_is_turned_around():
    there, back = record_counting(ring(0.7)), record_counting(ring(-0.7))
    assert "backwards in time" in there.irreversible
    assert defect(there) > 0.01
    np.testing.assert_allclose(there.curves[0].values, back.curves[0].mirrored, rtol=1e-10, atol=1e-14)


def test_rates_out_of_balance_with_their_temperature_break_it_too():
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    baths = [
        jump_dissipator(name, [lower, lower.T], rates, beta=beta)
        for name, rates, beta in (("hot", [0.3, 0.25], 0.5), ("cold", [0.2, 0.05], 2.0))
    ]
    found = record_counting(gkls_generator(np.diag([0.0, 1.0]), baths))
    assert "detailed balance" in found.irreversible
    assert defect(found) > 0.01


@given(seed=seeds)
def test_degenerate_levels_keep_the_symmetry(seed):
    rng = np.random.default_rng(seed)
    energies = np.diag([0.0, 1.0, 1.0])
    baths = [
        Bath(f"bath {k}", beta, FlatSpectrum(0.05, 0.0), random_hermitian(rng, 3)) for k, beta in enumerate((0.4, 2.0))
    ]
    found = record_counting(davies_generator(energies, baths), points=5)
    assert not found.classical
    assert found.irreversible == ""
    assert defect(found) < 1e-8


def test_local_baths_are_counted_with_what_they_exchange():
    h = np.diag([0.0, 1.0, 2.0, 3.0]) + 0.1 * (np.kron(X, X))
    free = np.diag([0.0, 1.0, 2.0, 3.0])
    baths = [
        Bath("left", 0.5, FlatSpectrum(0.02), np.kron(X, np.eye(2))),
        Bath("right", 2.0, FlatSpectrum(0.02), np.kron(np.eye(2), X)),
    ]
    found = record_counting(local_generator(h, baths, free_hamiltonian=free, energy=free))
    assert found.heat is not None
    full = record_counting(local_generator(h, baths, free_hamiltonian=free, energy=h))
    assert full.heat is None
    assert full.reason == "the jumps of some bath carry no definite heat"


@pytest.mark.parametrize(("points", "span"), [(1, (-1.0, 1.0)), (5, (1.0, -1.0))])
def test_a_grid_goes_from_low_to_high(points, span):
    with pytest.raises(InputError, match="from low to high"):
        record_counting(maser(0.1), points=points, span=span)


def test_several_steady_states_are_refused():
    still = davies_generator(np.diag([0.0, 1.0]), [Bath("noise", 1.0, FlatSpectrum(0.1, 0.2), np.diag([1.0, -1.0]))])
    with pytest.raises(NotUniqueError, match="one stationary state"):
        record_counting(still)


def test_what_a_drive_leaves_alone_ties_the_quanta_of_a_maser_together():
    process = maser(0.1)
    quanta = counted(process, "quanta", "hot")
    (tied,) = bounded_weights(jump_groups(process))
    np.testing.assert_allclose(tied / tied[0], [1, -1, 1, -1], atol=1e-12)
    curve = record_counting(process, generating=[quanta], points=5).curves[1]
    assert curve.affinity == pytest.approx(1 / 0.6 - 3 / 10)
    np.testing.assert_allclose(curve.mirrored, curve.values, atol=1e-14)


def test_a_drive_on_every_level_leaves_nothing_alone():
    assert bounded_weights(jump_groups(ring(0.0))) == []


@given(seed=seeds)
def test_a_turned_basis_changes_no_bounded_weight(seed):
    process = maser(0.1)
    unitary = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3, 2)) @ [1, 1j])[0]
    baths = tuple(replace(one, jumps=unitary @ one.jumps @ unitary.conj().T) for one in process.dissipators)
    turned = gkls_generator(
        unitary @ process.hamiltonian @ unitary.conj().T, baths, energy=unitary @ process.energy @ unitary.conj().T
    )
    (tied,) = bounded_weights(jump_groups(turned))
    np.testing.assert_allclose(tied / tied[0], [1, -1, 1, -1], atol=1e-9)
