"""Running protocols: sequences and their collapses, the built-in eraser, resuming, memory, and the border."""

from __future__ import annotations

import numpy as np
import pytest
from tests.lattices import dense, random_amplitudes, random_start, random_system

from loschmidt.errors import InputError, ResourceError, ShapeError
from loschmidt.evolution.lattice import (
    Chebyshev,
    LatticeRun,
    Trotter,
    evolve_lattice,
    iterate_lattice,
    lattice_memory,
)
from loschmidt.evolution.memory import available_memory
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    Lattice,
    built_in_eraser,
    deterministic_phases,
    domain_wall,
    domain_wall_expansion,
    given_state,
    lattice_protocol,
    lattice_system,
    local_phases,
    phase_operator,
    random_phases,
    repeated_erasure,
    two_step_echo,
)

RING = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
GOLDEN = deterministic_phases(RING, "upsilon")


def unsimplified(system, operations, dynamics, repetitions, include_inverse):
    """The sequence written out, W, O, W†, O†, with a record after each repetition."""
    stages, labels = [], []
    for number in range(repetitions):
        phases, time = operations[number % len(operations)]
        forward = [FullStep(time)] if dynamics == "full" else [ExactStep(s, time) for s in range(len(system.dims))]
        erase = Erase(phases)
        stages += [*forward, erase, *(step.reversed for step in reversed(forward))]
        stages += [erase.reversed] if include_inverse else []
        labels += [""] * (len(stages) - len(labels) - 1) + [str(number + 1)]
    return lattice_protocol(system, stages, labels, initial_label="0")


@pytest.mark.parametrize("dynamics", ["full", "stepwise"])
@pytest.mark.parametrize("include_inverse", [True, False])
@pytest.mark.parametrize("species", [0, 1, (0, 1)])
def test_sequences_are_what_they_say(dynamics, include_inverse, species):
    rng = np.random.default_rng(1)
    system = random_system(rng, Lattice.ring(4), (2, 1))
    operations = [(random_phases(system, species, rng), 1.3), (local_phases(system, 1, 0.8), -0.7)]
    start = random_start(rng, system)
    plain = evolve_lattice(unsimplified(system, operations, dynamics, 4, include_inverse), start)
    for every in (1, 4):
        short = repeated_erasure(
            system,
            operations,
            repetitions=2,
            dynamics=dynamics,
            include_inverse=include_inverse,
            record_every=every,
        )
        run = evolve_lattice(short, start)
        np.testing.assert_allclose(run.state, plain.state, atol=1e-11)
        np.testing.assert_allclose(run.joint_entropy[-1], plain.joint_entropy[-1], atol=1e-11)
    twin, state = dense(system), start.amplitudes
    generators = [twin.hamiltonian] if dynamics == "full" else [twin.step(0), twin.step(1)]
    for phases, time in operations * 2:
        turn = np.exp(1j * phases.angles(system.dims))
        for generator in generators:
            state = twin.evolve(generator, time, state)
        state = turn * state
        for generator in reversed(generators):
            state = twin.evolve(generator, -time, state)
        state = turn.conj() * state if include_inverse else state
    np.testing.assert_allclose(plain.state, state, atol=1e-11)


def test_collapse_of_fixed_steps():
    # (a) τ moves at both ends only, and S_τ saturates below the Haar mean.
    system = lattice_system(Lattice.chain(8), (4, 4), interaction=1.0)
    start = domain_wall(system)
    fixed = [(deterministic_phases(system, "upsilon"), 3.0)]
    many = {"repetitions": 30, "dynamics": "stepwise"}
    collapsed = evolve_lattice(repeated_erasure(system, fixed, record_every=30, **many), start)
    plain = evolve_lattice(unsimplified(system, fixed, "stepwise", 30, True), start)
    np.testing.assert_allclose(collapsed.state, plain.state, atol=1e-11)
    rng = np.random.default_rng(2)
    fresh = [(fixed[0][0], float(t)) for t in rng.uniform(2, 4, 30)]
    varied = evolve_lattice(repeated_erasure(system, fresh, dynamics="stepwise"), start)
    haar = plain.equilibrium.haar_species[0]
    assert plain.species_entropy[15:, 0].mean() < haar.mean - 20 * haar.spread
    assert abs(varied.species_entropy[15:, 0].mean() - haar.mean) < 3 * haar.spread


def test_collapse_without_the_inverse():
    # (b) n repetitions are one with n times the phases: nothing accumulates.
    for dynamics in ("full", "stepwise"):
        plain = evolve_lattice(unsimplified(RING, [(GOLDEN, 2.0)], dynamics, 5, False), domain_wall(RING))
        fivefold = phase_operator(RING, 5 * GOLDEN.angles((1, 20))[0], "upsilon")
        once = repeated_erasure(RING, [(fivefold, 2.0)], dynamics=dynamics, include_inverse=False)
        np.testing.assert_allclose(evolve_lattice(once, domain_wall(RING)).state, plain.state, atol=1e-11)


def test_collapse_of_phases_on_the_first_mover():
    # (c) they commute with the last step: υ echoes perfectly, τ does not.
    phases = deterministic_phases(RING, "tau")
    run = evolve_lattice(two_step_echo(RING, phases), domain_wall(RING))
    assert run.species_entropy[-1, 1] == pytest.approx(0, abs=1e-12)
    assert run.species_entropy[-1, 0] > 1
    turned = evolve_lattice(two_step_echo(RING, phases, movers=("upsilon", "tau")), domain_wall(RING))
    assert (turned.species_entropy[-1] > 1).all()


def test_the_built_in_eraser():
    coupled = {("tau", "upsilon"): 1.0, ("upsilon", "kappa"): 1.0}

    def echo(reverse=False, **changes):
        system = lattice_system(Lattice.ring(4), (2, 2, 2), **({"interaction": coupled} | changes))
        protocol = built_in_eraser(system, 2.0, 6, reverse_eraser=reverse)
        return evolve_lattice(protocol, domain_wall(system))

    alone = echo(interaction={("tau", "upsilon"): 1.0})
    np.testing.assert_allclose(alone.echo_fidelity, 1, atol=1e-11)
    np.testing.assert_allclose(echo(reverse=True).echo_fidelity, 1, atol=1e-11)
    mobile = echo()
    assert mobile.echo_fidelity[-1] < 0.5
    np.testing.assert_allclose(mobile.norm, 1, atol=1e-11)
    # κ at rest is a fixed potential whose effect is not undone: still unitary, but it comes back now and then.
    static = echo(hopping=(1.0, 1.0, 0.0))
    assert (np.diff(static.echo_fidelity) > 0).any()


@pytest.mark.parametrize("method", [Chebyshev(), Trotter(40, "kahan-li-6"), Trotter(10, estimate_error=False)])
def test_methods(method):
    system = lattice_system(Lattice.ring(4), (2, 2), interaction=1.0)
    protocol = domain_wall_expansion(system, 1.0, 2)
    run = evolve_lattice(protocol, domain_wall(system), method=method)
    twin = dense(system)
    exact = twin.evolve(twin.hamiltonian, 1.0, domain_wall(system).rows(0, 6))
    error = np.linalg.norm(run.state - exact)
    assert error < 1e-3
    assert error <= 3 * run.state_error[-1]
    assert run.methods == (method.name,)
    np.testing.assert_allclose(run.elapsed, [0, 0.5, 1])


def test_full_steps_that_are_exact_need_no_method():
    system = lattice_system(Lattice.ring(4), (2, 2))
    run = evolve_lattice(lattice_protocol(system, [FullStep(500.0), FullStep(0.0)], ["", "end"]), domain_wall(system))
    assert run.methods == ("exact steps",)
    assert run.labels == ("start", "end")
    twin = dense(system)
    energies, vectors = np.linalg.eigh(twin.hamiltonian)
    start = domain_wall(system).rows(0, 6).reshape(-1)
    exact = vectors @ (np.exp(-500j * energies) * (vectors.conj().T @ start))
    np.testing.assert_allclose(run.state.reshape(-1), exact, atol=1e-11)


def test_states_are_kept_where_asked():
    run = evolve_lattice(two_step_echo(RING, GOLDEN), domain_wall(RING), keep=["φ0", "φ2"])
    assert set(run.kept) == {"φ0", "φ2"}
    np.testing.assert_array_equal(run.kept["φ0"], domain_wall(RING).rows(0, 20))
    again = evolve_lattice(lattice_protocol(RING, two_step_echo(RING).stages[:2], ["", "φ2"]), domain_wall(RING))
    np.testing.assert_array_equal(again.state, run.kept["φ2"])
    with pytest.raises(InputError, match="`keep` must name records of the protocol, but 'φ3' is none"):
        evolve_lattice(two_step_echo(RING), domain_wall(RING), keep=["φ3"])


@pytest.mark.parametrize("killed_after", range(6))
def test_a_killed_run_goes_on(killed_after):
    protocol, start = two_step_echo(RING, GOLDEN), domain_wall(RING)
    whole = evolve_lattice(protocol, start)
    stored = next(point for point in iterate_lattice(protocol, start) if point.completed == killed_after)
    calls = []
    resumed = evolve_lattice(protocol, start, resume=stored, on_stage=lambda point: calls.append(point.completed))
    assert calls == list(range(killed_after + 1, 6))
    np.testing.assert_array_equal(resumed.state, whole.state)
    assert resumed.labels == whole.labels
    for name in whole.observables:
        np.testing.assert_array_equal(resumed[name], whole[name])
    np.testing.assert_array_equal(resumed.state_error, whole.state_error)


def test_a_checkpoint_of_another_run_is_refused():
    other = lattice_system(Lattice.chain(4), (2, 2))
    *_, last = iterate_lattice(two_step_echo(other), domain_wall(other))
    with pytest.raises(ShapeError, match="It belongs to another run"):
        evolve_lattice(two_step_echo(RING), domain_wall(RING), resume=last)
    *_, last = iterate_lattice(two_step_echo(RING), domain_wall(RING))
    with pytest.raises(InputError, match="must hold the records of this protocol up to stage 5"):
        evolve_lattice(repeated_erasure(RING, [(GOLDEN, 1.0)], repetitions=2), domain_wall(RING), resume=last)


def test_single_precision():
    double, single = (
        evolve_lattice(two_step_echo(RING, GOLDEN), domain_wall(RING), LatticeRun(precision=one))
        for one in ("double", "single")
    )
    assert single.state.dtype == np.complex64
    error = np.linalg.norm(single.state - double.state)
    assert 1e-8 < error <= single.state_error[-1] < 1e-4


def test_memory_is_estimated_first_and_refused_with_the_remedy():
    large = lattice_system(Lattice.chain(18), (9, 9), interaction=1.0)
    needed = lattice_memory(two_step_echo(large), "single")
    assert needed.state == 8 * large.dimension
    assert 19e9 < needed.total < 20.5e9
    huge = lattice_system(Lattice.chain(20), (10, 10), interaction=1.0)
    with pytest.raises(ResourceError, match=r"10 tau, 10 upsilon on 20 sites need 5\d\d GB.*precision=\"single\""):
        evolve_lattice(two_step_echo(huge), domain_wall(huge))
    small = LatticeRun(memory_limit=1e8)
    with pytest.raises(ResourceError, match="but 100 MB are free"):
        evolve_lattice(two_step_echo(RING), domain_wall(RING), small)
    assert available_memory() > 1e8
    # Full evolution takes more vectors than steps do, and kept states count.
    assert lattice_memory(two_step_echo(large), vectors=2).vectors == 32 * large.dimension


def test_border():
    with pytest.raises(ShapeError, match=r"`initial` must be a state of shape \(20, 20\), but it has \(6, 6\)"):
        evolve_lattice(two_step_echo(RING), domain_wall(lattice_system(Lattice.chain(4), (2, 2))))
    with pytest.raises(InputError, match='`precision` must be "double" or "single", but it is \'half\''):
        LatticeRun(precision="half")
    with pytest.raises(InputError, match="`method` must be a method object such as Chebyshev"):
        evolve_lattice(two_step_echo(RING), domain_wall(RING), method="chebyshev")
    with pytest.raises(InputError, match="in `run` or beside it, but not in both"):
        evolve_lattice(two_step_echo(RING), domain_wall(RING), LatticeRun(), method=Chebyshev())
    three = lattice_system(Lattice.ring(4), (1, 1, 1), interaction=1.0)
    with pytest.raises(InputError, match="splits H in two"):
        evolve_lattice(built_in_eraser(three, 1.0), domain_wall(three), method=Trotter(scheme="blanes-moan-4"))


def test_a_given_state_is_not_written_into():
    amplitudes = random_amplitudes(np.random.default_rng(3), RING.dims)
    start = given_state(RING, amplitudes)
    evolve_lattice(two_step_echo(RING, GOLDEN), start)
    np.testing.assert_array_equal(start.amplitudes, amplitudes)
