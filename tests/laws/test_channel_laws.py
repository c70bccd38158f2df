"""Laws of channels: each holds on random channels and dilations, and is seen to fail where something is broken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import channels, random_hermitian, random_state, seeds

from loschmidt.evolution import evolve
from loschmidt.evolution.transmission import Transmission
from loschmidt.laws import LAWS, Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes.channels import (
    amplitude_damping,
    dephasing,
    erasure_channel,
    mixed_unitary_channel,
    reset_channel,
)
from loschmidt.processes.dilations import Dilation
from loschmidt.states import random_unitary

FINE = {Verdict.HOLDS, Verdict.TIGHT, Verdict.EXEMPT, Verdict.UNTESTED}
PLUS = np.full((2, 2), 0.5)


def kept(process, state) -> Ledger:
    return build_ledger(evolve(process, state))


def random_dilation(seed: int, d: int = 2, r: int = 3) -> Dilation:
    rng = np.random.default_rng(seed)
    unitary = np.asarray(random_unitary(d * r, rng))
    hamiltonians = random_hermitian(rng, d), random_hermitian(rng, r)
    return Dilation(unitary, random_state(rng, r), (d, r), *hamiltonians)


@given(channel=channels(), seed=seeds, rank=st.integers(1, 5))
def test_random_channels_break_no_law(channel, seed, rank):
    n = channel.dimension_in
    found = audit(kept(channel, random_state(np.random.default_rng(seed), n, min(rank, n))))
    assert {finding.verdict for finding in found.findings} <= FINE
    assert found["entropy bound"].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert found["minimal entropy gain"].verdict in (Verdict.HOLDS, Verdict.TIGHT)


@given(seed=seeds, rank=st.integers(1, 2))
def test_random_dilations_break_no_law(seed, rank):
    found = audit(kept(random_dilation(seed), random_state(np.random.default_rng(seed), 2, rank)))
    assert {finding.verdict for finding in found.findings} <= FINE - {Verdict.UNTESTED}


@given(seed=seeds)
def test_no_entropy_falls_under_a_unital_channel(seed):
    rng = np.random.default_rng(seed)
    unitaries = [random_unitary(3, rng) for _ in range(3)]
    found = audit(kept(mixed_unitary_channel(unitaries, [0.2, 0.3, 0.5]), random_state(rng, 3)))
    assert found["H-theorem"].verdict in (Verdict.HOLDS, Verdict.TIGHT)


def test_entropy_that_falls_under_a_channel_that_is_not_unital_is_exempt():
    finding = audit(kept(amplitude_damping(0.5), np.eye(2) / 2))["H-theorem"]
    assert finding.verdict is Verdict.EXEMPT
    assert "0.5" in finding.reason


def test_entropy_that_falls_into_a_smaller_space_is_exempt():
    channel = reset_channel([1, 0], 3)
    finding = audit(kept(channel, np.eye(3) / 3))["H-theorem"]
    assert finding.verdict is Verdict.EXEMPT
    assert "largest eigenvalue is 3" in finding.reason


def test_rectangular_channel_that_is_sub_unital_obeys_the_h_theorem():
    found = audit(kept(erasure_channel(2, 0.2), PLUS))
    assert found["H-theorem"].verdict is Verdict.EXEMPT or found["H-theorem"].margin > 0
    assert not found.violated


def test_wrong_output_of_a_unital_channel_is_caught():
    right = evolve(dephasing(2, 0.5), PLUS / 2 + np.eye(2) / 4)
    wrong = replace(right, final=np.diag([1.0, 0.0]).astype(complex))
    found = audit(build_ledger(wrong))
    for name in ("H-theorem", "entropy bound", "recovery bound", "minimal entropy gain"):
        assert found[name].verdict is Verdict.VIOLATED, name


def test_output_that_learns_more_than_the_input_knew_is_caught():
    channel = dephasing(2, 0.9)
    wrong = replace(evolve(channel, np.eye(2) / 2), final=np.diag([1.0, 0.0]).astype(complex))
    assert audit(build_ledger(wrong))["data processing"].verdict is Verdict.VIOLATED


def test_output_that_is_no_state_is_caught():
    right = evolve(dephasing(2, 0.5), PLUS)
    wrong = replace(right, final=right.final * 1.01)
    with pytest.raises(ValueError, match="trace"):
        build_ledger(wrong)


@pytest.mark.parametrize(
    ("law", "account", "value"),
    [
        ("subadditivity", "mutual_information", [0.0, -0.1]),
        ("triangle inequality", "joint_entropy", [0.0, 0.0]),
        ("joint entropy", "joint_entropy", [1.0, 1.1]),
        ("reservoir bound", "reservoir_bound", [0.0, 0.9]),
        ("trace", "trace_defect", [0.0, 1e-6]),
        ("positivity", "smallest_eigenvalue", [0.5, -1e-6]),
        ("numbers", "entropy", [0.5, np.nan]),
    ],
)
def test_a_number_that_breaks_a_law_is_caught(law, account, value):
    ledger = kept(random_dilation(7), np.diag([0.9, 0.1]))
    wrong = ledger.data.assign({account: (("step",), np.array(value), ledger.data[account].attrs)})
    assert audit(Ledger(wrong))[law].verdict is Verdict.VIOLATED


def test_every_law_of_channels_is_tested_above():
    ledger = kept(random_dilation(1), PLUS)
    told = {one.name for one in LAWS if one.concerns(ledger)}
    assert told == {finding.name for finding in audit(ledger).findings}
    assert "Spohn inequality" not in told


def test_transmission_keeps_what_went_in():
    evolution = evolve(amplitude_damping(0.3), [0, 1])
    assert isinstance(evolution, Transmission)
    np.testing.assert_allclose(evolution.final, np.diag([0.3, 0.7]), atol=1e-15)
    with pytest.raises(ValueError, match="acts once"):
        evolve(amplitude_damping(0.3), [0, 1], [0.0, 1.0])
