"""What cannot be followed is refused, with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.errors import InputError, RateError, ResourceError, ShapeError
from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.processes import Bath, gkls_generator, jump_dissipator, redfield_generator

RNG = np.random.default_rng(1)


def follow(process=None, state=ensembles.STATE, times=(0.0, 1.0), count=10, rng=RNG, look=None, **options):
    return jump_trajectories(process or ensembles.qubit(), state, times, count, rng, look, **options)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"process": "qubit"}, InputError, "must be a master equation"),
        ({"count": 0}, InputError, "positive whole number"),
        ({"count": 2.5}, InputError, "positive whole number"),
        ({"rng": 5}, InputError, "default_rng"),
        ({"threads": 0}, InputError, "at least 1"),
        ({"times": [0.0, 0.0]}, InputError, "increase strictly"),
        ({"state": np.stack([ensembles.STATE] * 2)}, ShapeError, "one state"),
        ({"state": np.eye(3) / 3}, ShapeError, "2 × 2"),
    ],
)
def test_arguments(change, error, words):
    with pytest.raises(error, match=words):
        follow(**change)


def test_redfield_has_no_jumps():
    bath = Bath("cold", 1.0, ensembles.spectrum(), ensembles.X)
    with pytest.raises(InputError, match="not of GKLS form"):
        follow(redfield_generator(np.diag([0.0, 1.0]), [bath]))


def test_negative_rates_have_no_probabilities():
    bath = jump_dissipator("bath", [ensembles.LOWER], [-0.1], negative_rates=True)
    with pytest.raises(RateError, match="negative probability"):
        follow(gkls_generator(np.diag([0.0, 1.0]), [bath]))


def test_a_bath_at_zero_temperature_cannot_give():
    bath = jump_dissipator("ice", [ensembles.LOWER.T], [0.1], beta=np.inf, frequencies=[-1.0])
    with pytest.raises(RateError, match="T = 0"):
        follow(gkls_generator(np.diag([0.0, 1.0]), [bath]))


def test_records_that_do_not_fit_are_refused_before_anything_runs():
    with pytest.raises(ResourceError, match="folder"):
        follow(count=10**9)


def test_a_run_of_too_many_cells_is_refused():
    with pytest.raises(ResourceError, match="rotating frame"):
        follow(ensembles.fluorescence(), times=[0.0, 1e9], look=JumpObservation(exchange=False))


def test_jumps_are_part_of_the_records():
    with pytest.raises(InputError, match="`records` must be kept"):
        JumpObservation(records=False, jumps=True)
