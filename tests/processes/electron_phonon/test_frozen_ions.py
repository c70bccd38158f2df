"""Several ions: multiple scattering is unitary at every position, and the average is unital."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import seeds

from loschmidt.errors import InputError, NotUnitaryError, ResourceError, ShapeError
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import UnitalityLabel, classify
from loschmidt.processes.electron_phonon import delta_scattering, frozen_ion, frozen_ions, gaussian_displacements

positions = st.lists(st.floats(-4, 4), min_size=1, max_size=5)


def transfer_product(positions, strengths, k):
    """Independent solution: transfer matrices of one delta barrier after the other, positions ascending."""
    whole = np.eye(2, dtype=complex)
    for x, z in sorted(zip(positions, strengths, strict=True)):
        e = np.exp(2j * k * x)
        whole = np.array([[1 - 1j * z, -1j * z / e], [1j * z * e, 1 + 1j * z]]) @ whole
    t = 1 / whole[1, 1]
    return np.array([[t, whole[0, 1] * t], [-whole[1, 0] * t, t]])


@given(seed=seeds, x=positions, k=st.floats(0.2, 4))
def test_delta_scattering_is_unitary_and_equals_the_product_of_transfer_matrices(seed, x, k):
    z = np.random.default_rng(seed).normal(size=len(x))
    s = delta_scattering(x, z, k)
    np.testing.assert_allclose(s.conj().T @ s, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(s, transfer_product(x, z, k), atol=1e-9)


@given(x=positions, k=st.floats(0.2, 4), shift=st.floats(-2, 2))
def test_displacing_all_ions_together_only_moves_phases(x, k, shift):
    z = np.full(len(x), 0.7)
    together = frozen_ion(delta_scattering(x, z, k), [k, -k], variance=0.0).scattering_at(shift)
    np.testing.assert_allclose(together, delta_scattering(np.array(x) + shift, z, k), atol=1e-12)


@given(seed=seeds, count=st.integers(1, 30))
def test_several_ions_are_unital_for_any_samples(seed, count):
    rng = np.random.default_rng(seed)
    at_rest, z = np.array([0.0, 1.0, 2.5]), rng.normal(size=3)
    ions = frozen_ions(lambda u: delta_scattering(at_rest + u, z, 2.0), rng.normal(size=(count, 3)))
    assert ions.channel.unitality_defect() < 1e-13


def test_joint_unitary_with_the_state_of_the_ions_gives_the_same_channel():
    """Only the diagonal of the ions' state counts: coherence between positions does not reach the electron."""
    places, weights = gaussian_displacements([0.1, 0.2], points=4)
    ions = frozen_ions(lambda u: delta_scattering(np.array([0.0, 1.0]) + u, [0.7, -0.4], 2.0), places, weights)
    for ion_state in (np.diag(weights), np.sqrt(np.outer(weights, weights))):
        channel = Channel.from_unitary(ions.unitary, ion_state, (2, len(weights)))
        np.testing.assert_allclose(channel.superoperator, ions.channel.superoperator, atol=1e-13)
    assert classify(ions.dilation).label is UnitalityLabel.CONTROLLED
    np.testing.assert_allclose(ions.dilation.channel.superoperator, ions.channel.superoperator, atol=1e-13)


def test_quadrature_converges_and_integrates_polynomials_exactly():
    places, weights = gaussian_displacements([0.3, 2.0], points=6)
    assert weights.sum() == pytest.approx(1.0, abs=1e-14)
    assert weights @ places[:, 0] ** 2 == pytest.approx(0.3)
    assert weights @ (places[:, 0] ** 4 * places[:, 1] ** 6) == pytest.approx(3 * 0.3**2 * 15 * 2.0**3)


def test_more_nodes_come_nearer_to_the_average():
    def choi(points):
        nodes = gaussian_displacements([0.005, 0.005], points)
        return frozen_ions(lambda u: delta_scattering(np.array([0.0, 1.0]) + u, [0.7, 0.7], 3.0), *nodes).channel.choi

    converged = choi(32)
    errors = [np.abs(choi(points) - converged).max() for points in (2, 4, 8)]
    assert errors[0] > 10 * errors[1] > 100 * errors[2] > 0


def test_refusals():
    with pytest.raises(NotUnitaryError, match="`scattering` must be unitary"):
        frozen_ions(lambda u: np.eye(2) * (1 + u[0]), [[0.0], [0.1]])
    with pytest.raises(ShapeError, match=r"\(M, A\)"):
        frozen_ions(lambda u: np.eye(2), [0.0, 0.1])
    with pytest.raises(ResourceError, match="Draw samples"):
        gaussian_displacements(np.ones(10), points=8)
    with pytest.raises(InputError, match="`points` must be a positive"):
        gaussian_displacements([0.1], points=0)
    with pytest.raises(InputError, match="must not be negative, but one is -1"):
        gaussian_displacements([0.1, -1.0], points=3)
    with pytest.raises(ShapeError, match="one entry per ion, 2, but has 1"):
        delta_scattering([0.0, 1.0], [1.0], 1.0)
    many = frozen_ions(lambda u: np.eye(2), np.zeros((6000, 1)))
    with pytest.raises(ResourceError, match="joint unitary of 6000 positions"):
        _ = many.unitary
