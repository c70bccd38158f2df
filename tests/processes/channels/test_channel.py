from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, random_hermitian, random_state, seeds

from loschmidt.errors import (
    InputError,
    NotAStateError,
    NotFiniteError,
    NotUnitaryError,
    ResourceError,
    ShapeError,
)
from loschmidt.information import relative_entropy, von_neumann_entropy
from loschmidt.processes.channels import Channel, amplitude_damping, random_channel
from loschmidt.states import partial_trace, product_state, random_density_matrix, random_unitary


def image_by_definition(kraus, state):
    return sum(k @ state @ k.conj().T for k in kraus)


def random_operators(rng, d, batch=()):
    return rng.normal(size=(*batch, d, d)) + 1j * rng.normal(size=(*batch, d, d))


def written_otherwise(channel):
    dims = (channel.dims_in, channel.dims_out)
    return [
        channel,
        Channel.from_kraus(list(channel.kraus_operators), dims),
        Channel.from_choi(channel.choi, dims),
        Channel.from_superoperator(channel.superoperator, dims),
        channel.minimal(),
        Channel.from_choi(channel.choi, dims).minimal(),
    ]


@given(channel=channels(), seed=seeds, count=st.sampled_from([1, 3, 40]))
def test_every_representation_is_the_same_map(channel, seed, count):
    rng = np.random.default_rng(seed)
    operators = random_operators(rng, channel.dimension_in, (count, 2))
    expected = np.array([[image_by_definition(channel.kraus_operators, one) for one in row] for row in operators])
    back = random_operators(rng, channel.dimension_out)
    for other in written_otherwise(channel):
        np.testing.assert_allclose(other(operators), expected, atol=1e-12)
        np.testing.assert_allclose(other(operators[0, 0]), expected[0, 0], atol=1e-12)
        np.testing.assert_allclose(
            other.adjoint(back), image_by_definition(channel.kraus_operators.conj().swapaxes(1, 2), back), atol=1e-12
        )
        np.testing.assert_allclose(other.identity_image, channel(np.eye(channel.dimension_in)), atol=1e-12)
        np.testing.assert_allclose(other.effect, np.eye(channel.dimension_in), atol=1e-12)
        np.testing.assert_allclose(other.choi, channel.choi, atol=1e-12)
        assert other.trace_preservation_defect() < 1e-12
        assert other.completely_positive_defect() < 1e-12
        assert (other.identity_image == other.identity_image.conj().T).all()


@given(channel=channels())
def test_conventions(channel):
    n, m = channel.dimension_in, channel.dimension_out
    for i in range(n):
        for j in range(n):
            unit = np.zeros((n, n))
            unit[i, j] = 1
            image = channel(unit)
            np.testing.assert_allclose(channel.choi[i * m : i * m + m, j * m : j * m + m], image, atol=1e-13)
            np.testing.assert_allclose(channel.superoperator[:, j * n + i], image.T.reshape(-1), atol=1e-13)
    assert np.trace(channel.choi).real == pytest.approx(n, abs=1e-12)


@given(channel=channels(), seed=seeds)
def test_the_adjoint_is_the_adjoint(channel, seed):
    rng = np.random.default_rng(seed)
    before, after = random_operators(rng, channel.dimension_in), random_operators(rng, channel.dimension_out)
    left = np.vdot(after, channel(before))
    assert left == pytest.approx(np.vdot(channel.adjoint(after), before), abs=1e-11)
    assert left == pytest.approx(np.vdot(channel.adjoint_map(after), before), abs=1e-11)
    np.testing.assert_allclose(channel.adjoint_map.identity_image, np.eye(channel.dimension_in), atol=1e-12)
    np.testing.assert_allclose(channel.adjoint_map.effect, channel.identity_image, atol=1e-12)
    from_choi = Channel.from_choi(channel.choi, (channel.dimension_in, channel.dimension_out)).adjoint_map
    np.testing.assert_allclose(from_choi.choi, channel.adjoint_map.choi, atol=1e-12)


@given(channel=channels(), seed=seeds)
def test_states_become_states_that_are_harder_to_tell_apart(channel, seed):
    rng = np.random.default_rng(seed)
    rho, sigma = random_density_matrix(channel.dimension_in, rng, batch=(2,))
    images = channel(np.stack([rho, sigma]))
    assert (np.abs(np.trace(images, axis1=1, axis2=2) - 1) < 1e-12).all()
    assert (np.linalg.eigvalsh(images) > -1e-13).all()
    smoothed = [0.999 * image + 0.001 * np.eye(len(image)) / len(image) for image in images]
    assert relative_entropy(*smoothed) <= relative_entropy(rho, sigma) + 1e-9


def test_kets_and_empty_batches():
    channel = amplitude_damping(0.3)
    np.testing.assert_allclose(channel([0, 1]), np.diag([0.3, 0.7]), atol=1e-15)
    np.testing.assert_allclose(channel([[0], [1]]), np.diag([0.3, 0.7]), atol=1e-15)
    assert channel(np.zeros((0, 2, 2))).shape == (0, 2, 2)
    large = random_channel(9, 9, np.random.default_rng(1), 1)
    assert large(np.zeros((0, 9, 9))).shape == (0, 9, 9)
    with pytest.raises(NotAStateError, match="norm 1"):
        channel([1, 1])
    with pytest.raises(ShapeError, match="2 × 2"):
        channel(np.eye(3))
    with pytest.raises(ShapeError, match="operators"):
        channel.adjoint(np.eye(3))
    with pytest.raises(NotFiniteError):
        channel([[np.nan, 0], [0, 1]])


# ── a piece of a unitary ─────────────────────────────────────────────────────────────────────────────────────────────


@given(seed=seeds, system=st.integers(1, 4), reservoir=st.integers(1, 4), data=st.data())
def test_a_system_meets_a_reservoir(seed, system, reservoir, data):
    rng = np.random.default_rng(seed)
    unitary = random_unitary(system * reservoir, rng)
    bath = random_density_matrix(reservoir, rng, rank=data.draw(st.integers(1, reservoir)))
    state = random_density_matrix(system, rng)
    joint = unitary @ product_state(state, bath) @ unitary.conj().T
    channel = Channel.from_unitary(unitary, bath, (system, reservoir))
    np.testing.assert_allclose(channel(state), partial_trace(joint, (system, reservoir)), atol=1e-13)
    blocks = unitary.reshape(system, reservoir, system, reservoir).transpose(1, 0, 3, 2)
    turned = Channel.from_unitary(blocks.reshape(unitary.shape), bath, (system, reservoir), order="RS")
    np.testing.assert_allclose(turned.choi, channel.choi, atol=1e-13)
    # The fuel of a decrease of entropy: Φ(1) ≤ d_R λ_max(ρ_R), and a maximally mixed reservoir has none.
    limit = reservoir * np.linalg.eigvalsh(bath)[-1]
    assert np.linalg.eigvalsh(channel.identity_image)[-1] <= limit + 1e-12
    assert Channel.from_unitary(unitary, np.eye(reservoir) / reservoir, (system, reservoir)).is_unital()


@given(channel=channels())
def test_every_channel_is_a_piece_of_a_unitary(channel):
    dilation = channel.stinespring()
    (n, before), (m, after) = dilation.dims_in, dilation.dims_out
    assert (n, m) == (channel.dimension_in, channel.dimension_out)
    assert n * before == m * after
    unitary = dilation.unitary
    np.testing.assert_allclose(unitary.conj().T @ unitary, np.eye(n * before), atol=1e-12)
    state = random_state(np.random.default_rng(1), n)
    joint = unitary @ product_state(state, dilation.environment_state) @ unitary.conj().T
    np.testing.assert_allclose(partial_trace(joint, (m, after), 0), channel(state), atol=1e-12)
    environment = partial_trace(dilation.isometry @ state @ dilation.isometry.conj().T, (m, after), 1)
    kept = channel.complementary.dimension_out
    np.testing.assert_allclose(environment[:kept, :kept], channel.complementary(state), atol=1e-12)
    np.testing.assert_allclose(np.trace(environment[:kept, :kept]), 1, atol=1e-12)
    if n == m:
        again = Channel.from_unitary(unitary, dilation.environment_state, dilation.dims_in)
        np.testing.assert_allclose(again.choi, channel.choi, atol=1e-12)


@given(channel=channels(), seed=seeds)
def test_system_and_environment_share_the_spectrum_of_a_pure_start(channel, seed):
    rng = np.random.default_rng(seed)
    ket = random_state(rng, channel.dimension_in, 1)
    assert channel.complementary.trace_preservation_defect() < 1e-12
    np.testing.assert_allclose(
        von_neumann_entropy(channel(ket)), von_neumann_entropy(channel.complementary(ket)), atol=1e-9
    )
    np.testing.assert_allclose(channel.complementary.complementary.choi, channel.choi, atol=1e-12)


@pytest.mark.parametrize("gamma", [0.0, 0.2, 0.5, 1.0])
def test_the_environment_of_amplitude_damping_sees_amplitude_damping(gamma):
    np.testing.assert_allclose(
        amplitude_damping(gamma).complementary.choi, amplitude_damping(1 - gamma).choi, atol=1e-15
    )


# ── one after the other, side by side ────────────────────────────────────────────────────────────────────────────────


@given(data=st.data(), seed=seeds)
def test_composition_and_tensor_product(data, seed):
    n, middle, m = (data.draw(st.integers(1, 4)) for _ in range(3))
    first, second = data.draw(channels(n, middle)), data.draw(channels(middle, m))
    rng = np.random.default_rng(seed)
    state, other = random_operators(rng, n), random_operators(rng, middle)
    for before in written_otherwise(first)[::2]:
        for after in written_otherwise(second)[::2]:
            both, pair = after @ before, before.tensor(after)
            np.testing.assert_allclose(both(state), second(first(state)), atol=1e-12)
            assert (both.dimension_in, both.dimension_out) == (n, m)
            assert both.trace_preservation_defect() < 1e-12
            np.testing.assert_allclose(pair(np.kron(state, other)), np.kron(first(state), second(other)), atol=1e-11)
            assert (pair.dims_in, pair.dims_out) == ((n, middle), (middle, m))
            np.testing.assert_allclose(
                pair.identity_image, np.kron(first.identity_image, second.identity_image), atol=1e-12
            )


def test_long_chains_do_not_collect_kraus_operators():
    step = random_channel(3, 3, np.random.default_rng(2), 2)
    chain, matrix = step, step.superoperator
    for _ in range(40):
        chain, matrix = step @ chain, step.superoperator @ matrix
    np.testing.assert_allclose(chain.superoperator, matrix, atol=1e-13)
    assert len(chain.kraus_operators) <= 9


def test_what_does_not_fit_is_refused():
    first, second = random_channel(2, 3, np.random.default_rng(1)), random_channel(2, 2, np.random.default_rng(1))
    with pytest.raises(ShapeError, match="`before` gives 3 and `after` takes 2"):
        _ = second @ first
    with pytest.raises(TypeError):
        _ = second @ np.eye(2)


# ── what a channel must be ───────────────────────────────────────────────────────────────────────────────────────────


def transposition(d):
    return np.eye(d * d)[np.arange(d * d).reshape(d, d).T.reshape(-1)]


@pytest.mark.parametrize("d", [2, 3, 5])
def test_transposition_is_positive_but_not_completely(d):
    with pytest.raises(InputError, match=r"lowest eigenvalue of its Choi matrix is -1\.0e\+00.*check='tp'"):
        Channel.from_superoperator(transposition(d))
    with pytest.raises(InputError, match="completely positive"):
        Channel.from_choi(transposition(d), check="cp")
    with pytest.raises(InputError, match="completely positive"):
        Channel.from_choi(transposition(d), check="operation")
    turned = Channel.from_superoperator(transposition(d), check="tp")
    state = random_state(np.random.default_rng(d), d)
    np.testing.assert_allclose(turned(state), state.T, atol=1e-15)
    negative = d * (d - 1) / 2  # antisymmetric kets
    assert turned.completely_positive_defect() == pytest.approx(1, abs=1e-13)
    assert turned.completely_positive_defect("trace") == pytest.approx(negative, abs=1e-12)
    assert turned.completely_positive_defect("frobenius") == pytest.approx(math.sqrt(negative), abs=1e-12)
    assert turned.is_unital()
    with pytest.raises(InputError, match="to have Kraus operators"):
        _ = turned.kraus_operators


@given(seed=seeds, size=st.floats(1e-8, 1.0))
def test_the_negative_part_is_measured(seed, size):
    # A channel less a multiple of one projector of its Choi matrix.
    rng = np.random.default_rng(seed)
    vector = rng.normal(size=4) + 1j * rng.normal(size=4)
    vector /= np.linalg.norm(vector)
    projector = np.outer(vector, vector.conj())
    broken = Channel.from_choi(np.eye(4) / 2 - (0.5 + size) * projector, check="linear")
    assert broken.completely_positive_defect() == pytest.approx(size, rel=1e-6)
    assert broken.hermiticity_defect() < 1e-15
    with pytest.raises(InputError):
        Channel.from_choi(np.eye(4) / 2 - (0.5 + size) * projector, check="cp")


def test_round_off_is_not_negative():
    vectors = random_unitary(4, np.random.default_rng(1))
    for round_off in (-1e-17, -1e-14, -1e-11):
        choi = (vectors * [2.0, round_off, 0, 0]) @ vectors.conj().T
        assert len(Channel.from_choi(choi, check="cp").kraus_operators) == 1
    bad = (vectors * [2.0, -1e-8, 0, 0]) @ vectors.conj().T
    with pytest.raises(InputError, match=r"eigenvalue of its Choi matrix is -1\.0e-08"):
        Channel.from_choi(bad, check="cp")
    with pytest.raises(InputError, match="Kraus operators"):
        _ = Channel.from_choi(bad, check="linear").kraus_operators


def test_hermitian_operators_must_stay_hermitian():
    choi = np.eye(4) / 2 + 0j
    choi[0, 1] += 1e-3
    with pytest.raises(InputError, match=r"differs from its adjoint by 1\.0e-03"):
        Channel.from_choi(choi)
    skew = Channel.from_choi(choi, check="linear")
    assert skew.hermiticity_defect() == pytest.approx(1e-3)
    with pytest.raises(InputError, match="Kraus operators"):
        _ = skew.kraus_operators


def test_the_trace_must_be_preserved_or_not_increased():
    half = [[[1, 0], [0, math.sqrt(0.5)]]]
    with pytest.raises(InputError, match=r"‖Φ†\(1\) - 1‖ = 5\.0e-01.*check='operation'"):
        Channel.from_kraus(half)
    with pytest.raises(InputError, match="preserve the trace"):
        Channel.from_kraus(half, check="tp")
    operation = Channel.from_kraus(half, check="operation")
    assert operation.trace_preservation_defect() == pytest.approx(0.5)
    assert operation.trace_preservation_defect("trace") == pytest.approx(0.5)
    np.testing.assert_allclose(operation.effect, np.diag([1, 0.5]), atol=1e-15)
    with pytest.raises(InputError, match=r"exceeds 1 by 3\.0e\+00"):
        Channel.from_kraus([2 * np.eye(2)], check="operation")
    assert Channel.from_kraus([2 * np.eye(2)], check="cp").trace_preservation_defect() == pytest.approx(3)
    with pytest.raises(InputError, match="preserve the trace"):
        operation.stinespring()


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Channel.from_kraus(np.eye(2)), ShapeError, "single operator into a list"),
        (lambda: Channel.from_kraus([]), ShapeError, "shape"),
        (lambda: Channel.from_kraus([np.eye(2), np.eye(3)]), InputError, "equal shape"),
        (lambda: Channel.from_kraus([[["a"]]]), InputError, "matrices"),
        (lambda: Channel.from_kraus([[[np.inf]]]), NotFiniteError, r"\[0, 0, 0\]"),
        (lambda: Channel.from_kraus([np.eye(2)], ((2, 2), 2)), ShapeError, "multiply to 2"),
        (lambda: Channel.from_kraus([np.eye(2)], (2, 0)), InputError, "positive whole"),
        (lambda: Channel.from_choi(np.eye(6)), ShapeError, "pass `dims`"),
        (lambda: Channel.from_choi(np.eye(6), (2, 2)), ShapeError, "n m"),
        (lambda: Channel.from_choi(np.ones((4, 2))), ShapeError, "n m"),
        (lambda: Channel.from_superoperator(np.eye(6)), ShapeError, "m², n²"),
        (lambda: Channel.from_superoperator([1, 2]), ShapeError, "one matrix"),
        (lambda: Channel.from_unitary(np.ones((4, 4)), [1, 0], (2, 2)), NotUnitaryError, "unitary"),
        (lambda: Channel.from_unitary(np.eye(4), [1, 0], (2, 3)), ShapeError, "6 × 6"),
        (lambda: Channel.from_unitary(np.eye(4), [1, 0, 0, 0], (2, 2)), ShapeError, "reservoir_state"),
        (lambda: Channel.from_unitary(np.eye(4), np.eye(2), (2, 2)), NotAStateError, "trace 1"),
    ],
)
def test_errors_say_what_is_wrong(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_nothing_handed_in_or_out_can_change_a_channel():
    given_operators = np.eye(2)[None] + 0j
    channel = Channel.from_kraus(given_operators)
    given_operators[:] = 7
    np.testing.assert_array_equal(channel.kraus_operators, np.eye(2)[None])
    for array in (channel.kraus_operators, channel.choi, channel.superoperator, channel.identity_image):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError):
        channel.form = "choi"


# ── how many Kraus operators ─────────────────────────────────────────────────────────────────────────────────────────


@given(seed=seeds, rank=st.integers(1, 4), more=st.integers(0, 20))
def test_minimal_kraus_operators(seed, rank, more):
    rng = np.random.default_rng(seed)
    channel = random_channel(2, 2, rng, rank)
    mixing = random_unitary(rank + more, rng)[:, :rank]
    written = Channel.from_kraus(np.einsum("lk,kab->lab", mixing, channel.kraus_operators))
    for other in (written, Channel.from_choi(channel.choi), Channel.from_superoperator(channel.superoperator)):
        fewest = other.minimal_kraus_operators
        assert len(fewest) == rank
        overlaps = np.einsum("kab,lab->kl", fewest.conj(), fewest)
        weights = overlaps.diagonal().real
        np.testing.assert_allclose(overlaps, np.diag(weights), atol=1e-13)
        np.testing.assert_allclose(weights, np.linalg.eigvalsh(channel.choi)[::-1][:rank], atol=1e-13)
        np.testing.assert_allclose(other.minimal().choi, channel.choi, atol=1e-13)


def test_the_zero_map_has_one_kraus_operator():
    zero = Channel.from_choi(np.zeros((6, 6)), (2, 3), check="operation")
    assert zero.kraus_operators.shape == (1, 3, 2)
    assert Channel.from_kraus(np.zeros((3, 2, 2)), check="operation").minimal_kraus_operators.shape == (1, 2, 2)


def test_large_systems_never_see_a_superoperator():
    d = 300  # its superoperator would take 121 GiB
    rng = np.random.default_rng(1)
    channel = Channel.from_unitary(random_unitary(2 * d, rng), [1, 0], (d, 2))
    state = random_density_matrix(d, rng, rank=2)
    image = channel(state)
    np.testing.assert_allclose(np.trace(image), 1, atol=1e-12)
    assert np.vdot(state, channel.adjoint(state)) == pytest.approx(np.vdot(image, state).conjugate(), abs=1e-12)
    assert not channel.is_unital()
    assert channel.completely_positive_defect() == 0
    np.testing.assert_allclose((channel @ channel)(state), channel(image), atol=1e-13)
    assert channel.complementary(state).shape == (2, 2)
    assert len(channel.minimal().kraus_operators) == 2
    assert channel.restrict(np.eye(d)[:, :3]).leak > 1
    assert np.linalg.eigvalsh(channel.adjoint_map.identity_image)[0] == pytest.approx(1, abs=1e-12)
    with pytest.raises(ResourceError, match="121 GiB"):
        _ = channel.choi
    with pytest.raises(ResourceError, match="Kraus operators"):
        _ = channel.superoperator


# ── unitality ────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(channel=channels(3, 3))
def test_unitality_defects(channel):
    defects = np.linalg.eigvalsh(channel.identity_image) - 1
    assert channel.unitality_defect() == pytest.approx(np.abs(defects).max(), abs=1e-13)
    assert channel.unitality_defect("frobenius") == pytest.approx(math.sqrt((defects**2).sum()), abs=1e-13)
    assert channel.unitality_defect("trace") == pytest.approx(np.abs(defects).sum(), abs=1e-13)
    assert channel.subunitality_excess() == pytest.approx(defects.max(), abs=1e-13)


def test_a_defect_that_entropies_cannot_see():
    defect = 1e-8
    channel = amplitude_damping(defect)
    lost = von_neumann_entropy(np.eye(2) / 2) - von_neumann_entropy(channel(np.eye(2) / 2))
    assert abs(lost) < 1e-15
    assert channel.unitality_defect() == pytest.approx(defect, rel=1e-7)
    assert not channel.is_unital()
    assert channel.is_unital(tolerance=2e-8)


@pytest.mark.parametrize(("factor", "unital"), [(0.99, True), (1.01, False)])
def test_unital_is_decided_in_the_operator_norm(factor, unital):
    # Eight small defects: the Frobenius norm alone would refuse them.
    pumps = amplitude_damping(0.01 * factor)
    assert pumps.unitality_defect("frobenius") > 0.01
    assert pumps.is_unital(tolerance=0.01) is unital


def test_rectangular_maps_are_asked_for_subunitality():
    wider, narrower = random_channel(2, 3, np.random.default_rng(1)), random_channel(3, 2, np.random.default_rng(1))
    for channel in (wider, narrower):
        assert not channel.is_square
        for ask in (channel.is_unital, channel.unitality_defect):
            with pytest.raises(ShapeError, match="is_subunital"):
                ask()
        with pytest.raises(ShapeError, match="restricted"):
            channel.restrict(np.eye(2))
    isometry = Channel.from_kraus([np.eye(3)[:, :2]])
    assert isometry.is_subunital()
    assert isometry.subunitality_excess() == pytest.approx(0, abs=1e-15)
    # tr Φ(1) = 3 does not fit under the identity of dimension 2.
    assert narrower.subunitality_excess() >= 0.5
    assert not narrower.is_subunital()


# ── restriction ──────────────────────────────────────────────────────────────────────────────────────────────────────


def direct_sum(first, second, basis):
    k1, k2 = first.kraus_operators, second.kraus_operators
    count = max(len(k1), len(k2))
    n1, n2 = first.dimension_in, second.dimension_in
    blocks = np.zeros((count, n1 + n2, n1 + n2), dtype=complex)
    blocks[: len(k1), :n1, :n1] = k1
    blocks[: len(k2), n1:, n1:] = k2
    return Channel.from_kraus(basis @ blocks @ basis.conj().T)


@given(data=st.data(), seed=seeds)
def test_a_block_is_a_channel_of_its_own(data, seed):
    first, second = data.draw(channels(2, 2)), data.draw(channels(3, 3))
    basis = random_unitary(5, np.random.default_rng(seed))
    whole = direct_sum(first, second, basis)
    for channel in (whole, Channel.from_superoperator(whole.superoperator)):
        for columns, part in ((basis[:, :2], first), (basis[:, 2:], second)):
            restriction = channel.restrict(columns)
            assert restriction.leak < 1e-13
            np.testing.assert_allclose(restriction.channel.choi, part.choi, atol=1e-12)
            assert restriction.identity_defect == pytest.approx(part.unitality_defect(), abs=1e-12)
            assert restriction.channel.trace_preservation_defect() < 1e-12


@given(channel=channels(4, 4), seed=seeds)
def test_a_leak_is_reported_and_leaves_no_channel(channel, seed):
    columns = random_unitary(4, np.random.default_rng(seed))[:, :2]
    projector = columns @ columns.conj().T
    image = channel(projector)
    for other in (channel, Channel.from_choi(channel.choi)):
        restriction = other.restrict(columns)
        assert restriction.leak == pytest.approx(np.trace((np.eye(4) - projector) @ image).real, abs=1e-12)
        assert restriction.identity_defect == pytest.approx(np.linalg.norm(image - projector, 2), abs=1e-12)
        assert (restriction.channel is None) is (restriction.leak > 1e-12)
    assert channel.restrict(columns, tolerance=4.0).channel.effect.trace().real == pytest.approx(
        2 - restriction.leak, abs=1e-12
    )


def test_a_small_leak_has_all_its_digits():
    angle = 1e-9
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    restriction = Channel.from_kraus([turn]).restrict([[1], [0]], tolerance=1e-17)
    assert restriction.leak == pytest.approx(1e-18, rel=1e-9)
    assert restriction.channel is not None


def test_a_subspace_needs_orthonormal_columns():
    channel = amplitude_damping(0.5)
    with pytest.raises(InputError, match="orthonormal"):
        channel.restrict([[1], [1]])
    with pytest.raises(ShapeError, match="basis"):
        channel.restrict(np.eye(3))


def test_a_channel_says_what_it_is():
    pair = amplitude_damping(0.5).tensor(amplitude_damping(0.1))
    assert repr(pair) == "<Channel 2 × 2 → 2 × 2, 4 Kraus operators>"
    assert "superoperator" in repr(Channel.from_superoperator(pair.superoperator, ((2, 2), 4)))


def test_an_observable_is_followed_backwards():
    hamiltonian = random_hermitian(np.random.default_rng(3), 2)
    channel, state = amplitude_damping(0.4), random_state(np.random.default_rng(4), 2)
    assert np.trace(hamiltonian @ channel(state)) == pytest.approx(np.trace(channel.adjoint(hamiltonian) @ state))
