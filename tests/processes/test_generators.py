"""Master equations: structure, thermal fixed points, agreement of every form with every other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from tests.physics import betas, dimensions, random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError, NotHermitianError, RateError, ShapeError
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
    local_generator,
    partial_secular_generator,
    redfield_generator,
)
from loschmidt.processes.diagnostics import covariance_defect, detailed_balance_defect, gibbs_fixed_point_defect
from loschmidt.states import gibbs_state


def column_stacked(superoperator, state):
    d = state.shape[-1]
    return (superoperator @ state.reshape(-1, order="F")).reshape(d, d, order="F")


@given(seed=seeds, d=dimensions, beta=betas)
def test_structured_jump_and_superoperator_forms_of_a_bath_agree(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    bath, state = process.dissipators[0], random_state(np.random.default_rng(seed), d)
    expected = bath.apply(state)
    scale = np.abs(expected).max() + 1e-300
    assert np.abs(bath.as_jumps.apply(state) - expected).max() < 1e-10 * scale
    assert np.abs(column_stacked(bath.superoperator(), state) - expected).max() < 1e-10 * scale
    assert np.abs(column_stacked(process.superoperator(), state) - process.apply(state)).max() < 1e-11
    operator = random_hermitian(np.random.default_rng(seed + 1), d)
    assert np.trace(operator @ expected) == pytest.approx(
        np.trace(bath.adjoint(operator) @ state), abs=1e-10 * scale * 10
    )


@given(seed=seeds, d=dimensions, beta=betas)
def test_davies_bath_keeps_its_gibbs_state_and_commutes_with_free_motion(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    bath = process.dissipators[0]
    assert gibbs_fixed_point_defect(bath, process.energy) < 1e-12
    assert detailed_balance_defect(bath, process.energy) < 1e-12
    assert covariance_defect(process) < 1e-12
    assert process.is_completely_positive()
    assert abs(np.trace(bath.apply(random_state(np.random.default_rng(seed), d)))) < 1e-15


def test_canonical_rates_of_structured_and_explicit_jumps_agree():
    process = random_davies(5, 4, (1.0,))
    structured, explicit = process.dissipators[0].canonical_rates(), process.dissipators[0].as_jumps.canonical_rates()
    np.testing.assert_allclose(structured[structured > 1e-12], explicit[explicit > 1e-12], rtol=1e-9)


def test_canonical_rates_match_the_choi_definition():
    rng = np.random.default_rng(3)
    d = 3
    bath = Bath("b", 1.0, OhmicSpectrum(0.1), random_hermitian(rng, d))
    dissipator = redfield_generator(random_hermitian(rng, d), [bath]).dissipators[0]
    choi = np.zeros((d * d, d * d), dtype=complex)
    for i in range(d):
        for j in range(d):
            unit = np.zeros((d, d), dtype=complex)
            unit[i, j] = 1
            choi += np.kron(unit, dissipator.apply(unit))
    omega = np.eye(d).reshape(-1) / np.sqrt(d)
    projector = np.eye(d * d) - np.outer(omega, omega)
    expected = np.linalg.eigvalsh(projector @ choi @ projector)
    found = dissipator.canonical_rates()
    assert found.min() == pytest.approx(expected.min(), rel=1e-9)
    assert found.max() == pytest.approx(expected.max(), rel=1e-9)


def test_equal_gaps_share_one_jump_operator():
    ladder = np.diag([0.0, 1.0, 2.0])
    bath = Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1, 0], [1, 0, math.sqrt(2)], [0, math.sqrt(2), 0]])
    dissipator = davies_generator(ladder, [bath]).dissipators[0]
    np.testing.assert_allclose(dissipator.as_jumps.frequencies, [-1, 1])
    coherence = np.zeros((3, 3), dtype=complex)
    coherence[1, 2] = 1
    fed = dissipator.apply(coherence)[0, 1]
    assert fed == pytest.approx(0.1 / (1 + math.exp(-1)) * math.sqrt(2))


def test_pauli_rates_are_refused_for_degenerate_levels():
    bath = Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    with pytest.raises(InputError, match="degenerate"):
        davies_generator(np.diag([0.0, 1.0, 1.0]), [bath]).dissipators[0].pauli_rates()


def test_lamb_shift_commutes_with_the_hamiltonian_and_is_real():
    bath = Bath("b", 1.0, OhmicSpectrum(0.1, 3.0), [[0.2, 1, 0.5], [1, 0, 1], [0.5, 1, 0]], lamb_shift=True)
    process = davies_generator(np.diag([0.0, 1.0, 2.3]), [bath])
    shift = process.lamb_shift
    assert np.abs(shift).max() > 0
    assert np.abs(shift @ process.hamiltonian - process.hamiltonian @ shift).max() < 1e-14
    assert np.abs(shift - shift.conj().T).max() < 1e-14


def test_fermionic_bath_fills_a_dot_to_the_fermi_function():
    annihilate = np.array([[0, 1], [0, 0]])
    bath = Bath("lead", 2.0, FermionicSpectrum(0.1), annihilate, chemical_potential=0.4)
    process = davies_generator(np.diag([0.0, 1.0]), [bath], number=np.diag([0.0, 1.0]))
    filling = 1 / (1 + math.exp(2.0 * (1.0 - 0.4)))
    stationary = np.diag([1 - filling, filling]).astype(complex)
    assert np.abs(process.apply(stationary)).max() < 1e-16
    assert process.dissipators[0].particle_rate(np.diag([1.0, 0.0]).astype(complex)) == pytest.approx(0.1 * filling)
    assert detailed_balance_defect(process.dissipators[0], process.energy, process.number) < 1e-13


def test_fermionic_bath_needs_an_annihilation_operator_and_the_number():
    bath = Bath("lead", 2.0, FermionicSpectrum(0.1), [[0, 1], [1, 0]], chemical_potential=0.0)
    with pytest.raises(InputError, match="number"):
        davies_generator(np.diag([0.0, 1.0]), [bath])
    with pytest.raises(InputError, match="annihilate"):
        davies_generator(np.diag([0.0, 1.0]), [bath], number=np.diag([0.0, 1.0]))


def test_redfield_without_principal_values_keeps_the_gibbs_state():
    rng = np.random.default_rng(1)
    h = random_hermitian(rng, 4)
    process = redfield_generator(h, [Bath("b", 0.7, OhmicSpectrum(0.1, 4.0), random_hermitian(rng, 4))])
    assert np.abs(process.apply(gibbs_state(h, 0.7))).max() < 1e-15


def test_partial_secular_stays_completely_positive_and_keeps_the_gibbs_state_of_its_energy():
    rng = np.random.default_rng(2)
    h = np.diag([0.0, 1.0, 1.002, 2.5])
    process = partial_secular_generator(
        h, [Bath("b", 1.3, OhmicSpectrum(0.1), random_hermitian(rng, 4))], cluster_width=0.05
    )
    assert process.is_completely_positive()
    if process.dissipators[0].reference is not None:
        assert gibbs_fixed_point_defect(process.dissipators[0], process.energy) < 1e-12


def test_partial_secular_with_vanishing_width_is_davies():
    rng = np.random.default_rng(4)
    h, bath = random_hermitian(rng, 4), Bath("b", 1.3, OhmicSpectrum(0.1), random_hermitian(rng, 4))
    state = random_state(rng, 4)
    fine = partial_secular_generator(h, [bath], cluster_width=0.0)
    np.testing.assert_allclose(fine.apply(state), davies_generator(h, [bath]).apply(state), atol=1e-15)


def test_local_bath_keeps_the_gibbs_state_of_the_free_hamiltonian():
    free, coupling = np.diag([0.0, 1.0]).astype(complex), np.array([[0, 0.1], [0.1, 0]])
    bath = Bath("b", 1.0, GlauberSpectrum(0.05), [[0, 1], [1, 0]])
    process = local_generator(free + coupling, [bath], free_hamiltonian=free, energy=free)
    assert gibbs_fixed_point_defect(process.dissipators[0], free) < 1e-14
    assert gibbs_fixed_point_defect(process.dissipators[0], free + coupling) > 1e-3


def test_unsaid_zero_frequency_rate_warns_only_where_it_matters():
    h = np.diag([0.0, 1.0])
    davies_generator(h, [Bath("b", 1.0, FlatSpectrum(0.1), [[0, 1], [1, 0]])])
    with pytest.warns(UserWarning, match="zero_frequency_rate"):
        davies_generator(h, [Bath("b", 1.0, FlatSpectrum(0.1), [[1, 0], [0, -1]])])


def test_bad_input_is_refused_with_its_name():
    good = Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    with pytest.raises(NotHermitianError, match="hamiltonian"):
        davies_generator([[0, 1], [0, 0]], [good])
    with pytest.raises(NotHermitianError, match="'b'"):
        Bath("b", 1.0, GlauberSpectrum(0.1), [[0, 1], [0, 0]])
    with pytest.raises(ShapeError, match="'b'"):
        davies_generator(np.diag([0.0, 1.0, 2.0]), [good])
    with pytest.raises(InputError, match="different names"):
        davies_generator(np.diag([0.0, 1.0]), [good, good])
    with pytest.raises(RateError, match="negative"):
        jump_dissipator("b", [[[0, 1], [0, 0]]], [-0.1])
    with pytest.raises(RateError, match="positive"):
        Bath("b", 1.0, GlauberSpectrum(0.1), [np.eye(2), np.eye(2)], correlations=[[1, 2], [2, 1]])
    assert jump_dissipator("b", [[[0, 1], [0, 0]]], [-0.1], negative_rates=True).rates[0] == -0.1


def test_dims_come_from_qutip_objects():
    qutip = pytest.importorskip("qutip")
    h = qutip.tensor(qutip.sigmaz(), qutip.qeye(2)) + qutip.tensor(qutip.qeye(2), 2 * qutip.sigmaz())
    coupling = qutip.tensor(qutip.sigmax(), qutip.qeye(2))
    process = davies_generator(h, [Bath("b", 1.0, GlauberSpectrum(0.1), coupling)])
    assert process.dims == (2, 2)
    assert gkls_generator(h, [jump_dissipator("b", [coupling], [0.1])]).dims == (2, 2)
