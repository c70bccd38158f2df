from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.reference import collisions as reference
from tests.reference.two_level_walk import entropy

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ResourceError, ShapeError
from loschmidt.processes.channels import Channel, amplitude_damping, dephasing, pauli_channel, unitary_channel
from loschmidt.processes.collisions import collision_chain, divisibility
from loschmidt.states import partial_trace, random_density_matrix, random_hamiltonian, random_unitary

seeds = st.integers(0, 2**32 - 1)
X = np.array([[0.0, 1], [1, 0]])
SWAP = np.eye(4)[[0, 2, 1, 3]]
FLIP = np.kron(X, np.diag([1, 0])) + np.kron(np.eye(2), np.diag([0, 1]))  # σ_x if the ancilla is ↑


def controlled(rng, d):
    """A collision that a pointer of the ancilla controls."""
    up, down = random_unitary(d, rng), random_unitary(d, rng)
    return np.kron(up, np.diag([1, 0])) + np.kron(down, np.diag([0, 1]))


@pytest.mark.parametrize(("d", "a", "n"), [(2, 2, 1), (2, 3, 2), (3, 2, 2), (2, 2, 3)])
@pytest.mark.parametrize("memory", ["fresh", "retained", 0.3, "channel"])
def test_against_the_whole_written_out(d, a, n, memory):
    rng = np.random.default_rng(10 * d + a + n)
    unitaries, fresh = random_unitary(d * a, rng, batch=(2,)), random_density_matrix(a, rng, batch=(n,))
    visits, steps, initial = [n - 1, 0], 5, random_density_matrix(d, rng)
    kraus = [reference.reset_kraus({"fresh": 1.0, "retained": 0.0}.get(memory, 0.3), state) for state in fresh]
    if memory == "channel":
        kraus = [kraus[0]] * n
        memory = Channel.from_kraus(kraus[0])
    chain = collision_chain(unitaries, fresh, memory=memory, visits=visits)
    joints, collided = reference.chain(initial, unitaries, fresh, visits, kraus, steps)
    run, dims, forgets = chain.run(steps, initial), (d, a**n), chain.reset == 1
    states = np.array([partial_trace(joint, dims, 0) for joint in joints])
    np.testing.assert_allclose(run.states, states, atol=1e-13)
    np.testing.assert_allclose(run.entropies, [entropy(state) for state in states], atol=1e-11)
    information = [mutual(joint, dims) for joint in joints]
    np.testing.assert_allclose(run.mutual_information, information, atol=1e-10)
    np.testing.assert_allclose(run.created_information, [mutual(joint, dims) for joint in collided], atol=1e-10)
    if not forgets:
        np.testing.assert_allclose(run.joint_entropies, [entropy(joint) for joint in joints], atol=1e-11)
    images = (chain.maps(steps) @ initial.T.reshape(-1)).reshape(-1, d, d).swapaxes(1, 2)
    np.testing.assert_allclose(images, states, atol=1e-13)


def mutual(joint, dims):
    return entropy(partial_trace(joint, dims, 0)) + entropy(partial_trace(joint, dims, 1)) - entropy(joint)


@given(seed=seeds, d=st.integers(2, 3), a=st.integers(2, 3))
def test_fresh_ancillas_make_divisible_histories(seed, d, a):
    rng = np.random.default_rng(seed)
    unitaries, states = random_unitary(d * a, rng, batch=(2,)), random_density_matrix(a, rng, batch=(2,))
    chain = collision_chain(unitaries, states, memory="fresh")
    maps = chain.maps(4)
    assert divisibility(maps, tolerance=1e-7).is_cp_divisible is not False
    product = np.eye(d * d)
    for step, one in enumerate(maps[1:]):
        product = chain.collision(step).channel.superoperator @ product
        np.testing.assert_allclose(one, product, atol=1e-13)


@given(seed=seeds, d=st.integers(2, 4))
def test_unital_collisions_with_fresh_ancillas_are_monotone(seed, d):
    rng = np.random.default_rng(seed)
    unitaries = np.stack([controlled(rng, d) for _ in range(3)])
    chain = collision_chain(unitaries, random_density_matrix(2, rng), memory="fresh")
    # The ancilla's coherence does not matter, its pointer controls the collision.
    run = chain.run(8, random_density_matrix(d, rng, rank=1))
    assert run.is_monotone(1e-11)
    assert chain.channel.unitality_defect() < 1e-12


def test_other_collisions_with_fresh_ancillas_are_not():
    run = collision_chain(SWAP, [1, 0], memory="fresh").run(1, np.eye(2) / 2)
    np.testing.assert_allclose(run.entropies, [math.log(2), 0], atol=1e-14)
    assert not run.is_monotone()


@given(seed=seeds, reset=st.floats(0, 1))
def test_entropy_drops_by_no_more_than_correlation_and_ancilla_allow(seed, reset):
    rng = np.random.default_rng(seed)
    chain = collision_chain(controlled(rng, 2), np.diag([0.3, 0.7]), memory=reset, ancillas=2)
    run = chain.run(8, random_density_matrix(2, rng, rank=1))
    assert (np.diff(run.entropies) + run.mutual_information[:-1]).min() > -1e-11
    assert (run.mutual_information > -1e-12).all()
    assert (run.created_information[:-1] >= run.mutual_information[1:-1] - 1e-11).all()


@pytest.mark.parametrize("ancillas", [1, 3])
def test_only_loss_of_population_erases_the_memory(ancillas):
    p = 0.2
    classical, up = np.diag([p, 1 - p]), np.array([1.0, 0])
    remembers = collision_chain(FLIP, classical, memory="retained", ancillas=ancillas).run(8, up)
    assert remembers.backflow > 0.1
    # Coherent ancillas, dephased ones, and ancillas entangled with a partner in their pointer basis.
    coherent = np.sqrt([p, 1 - p])
    entangled = np.zeros(4)
    entangled[[0, 3]] = coherent
    with_partner = np.kron(FLIP, np.eye(2))
    for chain in (
        collision_chain(FLIP, coherent, memory="retained", ancillas=ancillas),
        collision_chain(FLIP, coherent, memory=dephasing(2, 1.0), ancillas=ancillas),
        collision_chain(with_partner, entangled, memory="retained", ancillas=ancillas),
    ):
        np.testing.assert_allclose(chain.run(8, up).states, remembers.states, atol=1e-14)
    # Reset, flips of the population, and the partial swap with a fresh partner do erase.
    phi = 1.2
    swap = expm(-1j * phi * SWAP)
    partial_swap = Channel.from_unitary(swap, classical, (2, 2))
    by_reset = collision_chain(FLIP, classical, memory=math.sin(phi) ** 2, ancillas=ancillas).run(8, up)
    by_swap = collision_chain(FLIP, classical, memory=partial_swap, ancillas=ancillas).run(8, up)
    np.testing.assert_allclose(by_swap.states, by_reset.states, atol=1e-13)
    assert by_reset.is_monotone()
    flipped = collision_chain(FLIP, classical, memory=pauli_channel([0.55, 0.45, 0, 0]), ancillas=ancillas).run(8, up)
    assert flipped.backflow < 0.1 * remembers.backflow


def test_dephasing_matters_once_the_systems_tunnel():
    tunnel = unitary_channel(expm(-0.4j * X))
    start = np.array([1.0, 0])
    classical = np.diag([0.2, 0.8])
    free = collision_chain(FLIP, classical, memory=tunnel).run(8, start)
    dephased = collision_chain(FLIP, classical, memory=dephasing(2, 1.0) @ tunnel).run(8, start)
    assert np.abs(free.states - dephased.states).max() > 0.01


def test_tunnelling_breaks_unitality_from_the_second_return_on():
    collision, classical = controlled(np.random.default_rng(0), 2), np.diag([0.2, 0.8])
    tunnel = unitary_channel(expm(-0.4j * X))
    defects = [
        [Channel.from_superoperator(one).unitality_defect() for one in chain.maps(3)]
        for chain in (
            collision_chain(collision, classical, memory="retained"),
            collision_chain(collision, classical, memory=tunnel),
        )
    ]
    assert max(defects[0]) < 1e-13
    assert max(defects[1][:3]) < 1e-13
    assert defects[1][3] > 0.01


def test_energies_add_up():
    rng = np.random.default_rng(3)
    energy = np.diag([0.0, 1.0])
    cold = amplitude_damping(0.4)
    hamiltonians = {"system_hamiltonian": energy, "ancilla_hamiltonian": energy}
    chain = collision_chain(random_unitary(4, rng), np.diag([0.9, 0.1]), memory=cold, ancillas=2, **hamiltonians)
    run = chain.run(6, [0, 1])
    np.testing.assert_allclose(run.states[:, 1, 1].real[1:], 1 + np.cumsum(run.system_energies), atol=1e-13)
    # The bath of the ancillas takes 0.4 of their energy after each step.
    stored = 0.2
    for gained, lost in zip(run.ancilla_energies, run.reset_energies, strict=True):
        assert lost == pytest.approx(-0.4 * (stored + gained), abs=1e-13)
        stored += gained + lost
    np.testing.assert_allclose(run.work, run.system_energies + run.ancilla_energies)
    resonant = collision_chain(expm(-0.7j * SWAP), np.diag([0.9, 0.1]), memory="fresh", **hamiltonians).run(6, [0, 1])
    np.testing.assert_allclose(resonant.work, 0, atol=1e-14)
    np.testing.assert_allclose(resonant.reset_energies, -resonant.ancilla_energies, atol=1e-14)
    assert collision_chain(SWAP, [1, 0], memory="fresh").run(1, [0, 1]).work is None


def test_homogenisation():
    # Fresh swaps of angle φ carry the system to the ancillas' state as cos^{2t} φ.
    phi, thermal = 0.6, np.diag([0.7, 0.3])
    run = collision_chain(expm(-1j * phi * SWAP), thermal, memory="fresh").run(10, [0, 1])
    excited = 0.3 + 0.7 * math.cos(phi) ** (2 * np.arange(11))
    np.testing.assert_allclose(run.states[:, 1, 1].real, excited, atol=1e-14)


def test_many_ancillas_are_refused_with_estimate_and_remedy():
    chain = collision_chain(FLIP, np.eye(2) / 2, memory=0.5, ancillas=14)
    with pytest.raises(ResourceError, match=r"dimension 2·2\^14, would need 96 GiB.*memory='fresh'"):
        chain.run(3, [1, 0])
    with pytest.raises(ResourceError, match="96 GiB"):
        chain.maps(3)
    assert collision_chain(FLIP, np.eye(2) / 2, memory="fresh", ancillas=14).run(3, [1, 0]).states.shape == (4, 2, 2)


def test_correlations_can_be_left_out():
    run = collision_chain(FLIP, np.eye(2) / 2, memory=0.5).run(3, [1, 0], correlations=False)
    assert run.mutual_information is None
    assert run.joint_entropies is None
    assert run.entropies.shape == (4,)


def test_progress_is_reported():
    seen = []
    collision_chain(FLIP, np.eye(2) / 2, memory=0.5).run(4, [1, 0], report=seen.append)
    assert seen == [0.25, 0.5, 0.75, 1.0]


def test_border():
    half = np.eye(2) / 2
    with pytest.raises(NotUnitaryError, match="unitaries"):
        collision_chain(2 * FLIP, half, memory="fresh")
    with pytest.raises(NotAStateError, match="ancilla_states"):
        collision_chain(FLIP, np.eye(2), memory="fresh")
    with pytest.raises(ShapeError, match="a multiple of 3"):
        collision_chain(FLIP, np.eye(3) / 3, memory="fresh")
    with pytest.raises(InputError, match="'fresh', 'retained'"):
        collision_chain(FLIP, half, memory="forgetful")
    with pytest.raises(InputError, match="`memory` must be from 0 to 1"):
        collision_chain(FLIP, half, memory=1.5)
    with pytest.raises(ShapeError, match="`memory` must map one ancilla"):
        collision_chain(FLIP, half, memory=dephasing(3, 0.5))
    with pytest.raises(InputError, match="`visits` must name ancillas from 0 to 1"):
        collision_chain(FLIP, half, memory="fresh", ancillas=2, visits=[0, 2])
    with pytest.raises(ShapeError, match="one for each of the 3"):
        collision_chain(FLIP, np.stack([half, half]), memory="fresh", ancillas=3)
    with pytest.raises(ShapeError, match="system_hamiltonian"):
        collision_chain(FLIP, half, memory="fresh", system_hamiltonian=random_hamiltonian(3, np.random.default_rng(0)))
    with pytest.raises(InputError, match="`steps`"):
        collision_chain(FLIP, half, memory="fresh").run(0, [1, 0])
