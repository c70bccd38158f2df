from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    Lattice,
    built_in_eraser,
    domain_wall_expansion,
    lattice_system,
    random_phases,
    repeated_erasure,
    two_step_echo,
)

SYSTEM = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
RNG = np.random.default_rng(1)
UPSILON = random_phases(SYSTEM, "upsilon", RNG)


def test_the_two_step_echo():
    protocol = two_step_echo(SYSTEM, UPSILON, (1.0, 2), interaction_weight=0.5)
    there, back = protocol.stages[:2], protocol.stages[3:]
    assert there == (ExactStep(0, 1.0, 0.5), ExactStep(1, 2.0, 0.5))
    assert back == (ExactStep(1, -2.0, 0.5), ExactStep(0, -1.0, 0.5))
    assert protocol.stages[2].phases is UPSILON
    assert protocol.record_labels == ("φ0", "φ1", "φ2", "φ2'", "φ1'", "φ0'")
    assert two_step_echo(SYSTEM, movers=("upsilon", "tau")).stages[0] == ExactStep(1, 3.0)
    assert not two_step_echo(SYSTEM).stages[2].phases.terms


def test_fixed_stepwise_repetitions_move_the_first_species_twice_only():
    protocol = repeated_erasure(SYSTEM, [(UPSILON, 3.0)], repetitions=10, dynamics="stepwise", record_every=10)
    assert sum(isinstance(stage, ExactStep) and stage.species == 0 for stage in protocol.stages) == 2
    full = repeated_erasure(SYSTEM, [(UPSILON, 3.0)], repetitions=10, record_every=10)
    assert sum(isinstance(stage, FullStep) for stage in full.stages) == 20


def test_without_the_inverse_repetitions_are_one_with_more_phases():
    protocol = repeated_erasure(SYSTEM, [(UPSILON, 3.0)], repetitions=7, include_inverse=False, record_every=7)
    forward, erase, back = protocol.stages
    assert (forward, back) == (FullStep(3.0), FullStep(-3.0))
    np.testing.assert_allclose(erase.phases.angles(SYSTEM.dims), 7 * UPSILON.angles(SYSTEM.dims))


def test_phases_on_the_first_mover_pass_the_last_step():
    tau = random_phases(SYSTEM, "tau", RNG)
    protocol = repeated_erasure(SYSTEM, [(tau, 3.0)], repetitions=1, dynamics="stepwise", include_inverse=False)
    assert [type(stage) for stage in protocol.stages] == [ExactStep, Erase, ExactStep]
    assert {stage.species for stage in protocol.stages if isinstance(stage, ExactStep)} == {0}


def test_ordered_lists_with_times_of_any_sign():
    other = random_phases(SYSTEM, "tau", RNG)
    listed = [(UPSILON, 2.0), (other, -1.0)]
    protocol = repeated_erasure(SYSTEM, listed, include_inverse=False, record_every=2)
    times = [stage.time for stage in protocol.stages if isinstance(stage, FullStep)]
    assert times == [2.0, -3.0, 1.0]  # exp(iHt₁) and exp(−iHt₂) are one step
    labels = repeated_erasure(SYSTEM, listed, repetitions=3, record_every=4).record_labels
    assert labels == ("0", "4", "6")
    stepwise = repeated_erasure(SYSTEM, [(UPSILON, (1.0, 2.0))], dynamics="stepwise")
    assert [stage.time for stage in stepwise.stages if isinstance(stage, ExactStep)] == [1.0, 2.0, -2.0, -1.0]


def test_the_built_in_eraser_is_never_reversed():
    system = lattice_system(Lattice.chain(3), (1, 1, 1), hopping=(1.0, 2.0, 3.0), interaction=1.0)
    protocol = built_in_eraser(system, 1.5, 2, record_turning=True)
    assert protocol.record_labels == ("0", "0½", "1", "1½", "2")
    forward, backward = protocol.stages[:2]
    assert forward == FullStep(1.5)
    assert backward.time == 1.5
    assert backward.system.hopping == (-1.0, -2.0, 3.0)
    assert backward.system.interaction[0, 1, 0] == -1
    assert backward.system.interaction[1, 2, 0] == 1
    assert protocol.echo_species == (0, 1)
    assert built_in_eraser(system, 1.5, reverse_eraser=True).stages[1] == FullStep(-1.5)
    assert built_in_eraser(system, 1.5, eraser="tau").echo_species == (1, 2)


def test_expansion():
    protocol = domain_wall_expansion(SYSTEM, 2, 4)
    assert protocol.stages == (FullStep(0.5),) * 4
    assert protocol.record_labels[-1] == "t = 2"


def test_border():
    with pytest.raises(InputError, match="`movers` must be two species, but both are tau"):
        two_step_echo(SYSTEM, movers=("tau", 0))
    with pytest.raises(ShapeError, match="`times` must have two entries, but it has 3"):
        two_step_echo(SYSTEM, times=(1.0, 2.0, 3.0))
    with pytest.raises(InputError, match='"full" or "stepwise", but it is \'trotter\''):
        repeated_erasure(SYSTEM, [(UPSILON, 1.0)], dynamics="trotter")
    with pytest.raises(InputError, match="at least one pair"):
        repeated_erasure(SYSTEM, [])
    with pytest.raises(InputError, match="`repetitions` must be from 1"):
        repeated_erasure(SYSTEM, [(UPSILON, 1.0)], repetitions=0)
    with pytest.raises(ShapeError, match="one number or 2, one per species"):
        repeated_erasure(SYSTEM, [(UPSILON, (1.0, 2.0, 3.0))], dynamics="stepwise")
    with pytest.raises(InputError, match="a species beside the eraser"):
        built_in_eraser(lattice_system(Lattice.chain(3), (1,)), 1.0)
    with pytest.raises(InputError, match="`records` must be from 1"):
        domain_wall_expansion(SYSTEM, 1.0, 0)
