from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lattices import dense, random_amplitudes, random_system

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    Lattice,
    lattice_protocol,
    lattice_system,
    phase_operator,
    random_phases,
)

SYSTEM = random_system(np.random.default_rng(1), Lattice.ring(3), (1, 2), hopping=(1.0, -0.7))
TWIN = dense(SYSTEM)
TIMES = st.sampled_from([0.7, -0.7, 1.3, 0.0])


def random_stages(draw_times, rng, length):
    kinds = rng.integers(0, 4, length)
    stages = []
    for kind, time in zip(kinds, draw_times, strict=True):
        species = int(rng.integers(0, 2))
        stages.append(
            [ExactStep(species, time), FullStep(time), Erase(random_phases(SYSTEM, species, rng)), None][kind]
            or (stages[-1].reversed if stages else FullStep(time))
        )
    return stages


def applied(protocol, state):
    """States at the records, stage by stage with dense matrices."""
    seen = [state]
    for stage, label in zip(protocol.stages, protocol.labels, strict=True):
        if isinstance(stage, Erase):
            state = np.exp(1j * stage.phases.angles(SYSTEM.dims)) * state
        elif isinstance(stage, ExactStep):
            state = TWIN.evolve(TWIN.step(stage.species, stage.weight), stage.time, state)
        else:
            state = TWIN.evolve(TWIN.hamiltonian, stage.time, state)
        if label:
            seen.append(state)
    return seen


@given(seed=st.integers(0, 2**32 - 1), times=st.lists(TIMES, min_size=1, max_size=9))
def test_simplifying_changes_no_record(seed, times):
    rng = np.random.default_rng(seed)
    stages = random_stages(times, rng, len(times))
    labels = [str(k) if rng.random() < 0.3 else "" for k in range(len(times))]
    protocol = lattice_protocol(SYSTEM, stages, labels)
    short = protocol.simplified()
    assert len(short.stages) <= len(stages) + sum(map(bool, labels))
    assert short.record_labels == protocol.record_labels
    state = random_amplitudes(rng, SYSTEM.dims)
    for one, other in zip(applied(protocol, state), applied(short, state), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@given(seed=st.integers(0, 2**32 - 1), times=st.lists(TIMES, min_size=1, max_size=9))
def test_a_protocol_and_its_inverse_are_nothing(seed, times):
    stages = random_stages(times, np.random.default_rng(seed), len(times))
    protocol = lattice_protocol(SYSTEM, stages, [""] * len(stages))
    there_and_back = lattice_protocol(SYSTEM, [*stages, *protocol.inverse], [""] * (2 * len(stages)))
    assert there_and_back.simplified().stages == ()


def test_phases_pass_only_steps_that_keep_them():
    tau, upsilon = (Erase(phase_operator(SYSTEM, np.ones(3), s)) for s in range(2))

    def length(*stages):
        return len(lattice_protocol(SYSTEM, stages, [""] * len(stages)).simplified().stages)

    assert length(ExactStep(0, 1.0), upsilon, ExactStep(0, -1.0)) == 1
    assert length(ExactStep(0, 1.0), tau, ExactStep(0, -1.0)) == 3
    assert length(FullStep(1.0), upsilon, FullStep(-1.0)) == 3
    assert length(ExactStep(0, 1.0), ExactStep(0, -1.0, weight=0.5)) == 2
    assert length(FullStep(1.0), FullStep(-1.0, SYSTEM.reversed_except(["tau"]))) == 2
    assert length(tau, upsilon, tau) == 1


def test_records():
    protocol = lattice_protocol(SYSTEM, [FullStep(1.0), ExactStep(0, -2.0), FullStep(0.5)], ["", "b", ""])
    assert protocol.recorded == (2,)
    assert protocol.record_labels == ("start", "b")
    assert protocol.durations == (1.0, 2.0, 0.5)
    assert protocol.echo_species == (0, 1)


def test_border():
    with pytest.raises(ShapeError, match="`labels` must have one entry per stage, 1, but it has 2"):
        lattice_protocol(SYSTEM, [FullStep(1.0)], ["a", "b"])
    with pytest.raises(InputError, match="the time of stage 0 must be finite, but it is nan"):
        lattice_protocol(SYSTEM, [FullStep(float("nan"))], ["a"])
    with pytest.raises(InputError, match="`species` must be one of tau, upsilon"):
        lattice_protocol(SYSTEM, [ExactStep(2, 1.0)], ["a"])
    with pytest.raises(InputError, match="the interaction weight of stage 0 must be finite"):
        lattice_protocol(SYSTEM, [ExactStep(0, 1.0, float("inf"))], ["a"])
    other = lattice_system(Lattice.chain(4), (2, 1))
    with pytest.raises(ShapeError, match="the phases of stage 0 must broadcast"):
        lattice_protocol(SYSTEM, [Erase(phase_operator(other, np.zeros(6), "tau"))], ["a"])
    with pytest.raises(ShapeError, match="the system of stage 0 must have states of shape"):
        lattice_protocol(SYSTEM, [FullStep(1.0, other)], ["a"])
    hardcore = lattice_system(Lattice.grid((2, 3)), (2, 2), statistics="hardcore")
    with pytest.raises(InputError, match=r"hard-core particles on a 2 × 3 grid act on each other\. Use FullStep"):
        lattice_protocol(hardcore, [ExactStep(0, 1.0)], ["a"])
