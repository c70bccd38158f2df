from __future__ import annotations

import numpy as np
import pytest
from tests.reference import quantum_jumps as reference

from loschmidt._kernels.counter_random import STREAM_WORDS, block, open_stream, uniform
from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.processes import (
    Bath,
    OhmicSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    gkls_generator,
    jump_dissipator,
)

X = np.array([[0, 1], [1, 0]], dtype=complex)
Z = np.diag([1.0, -1.0]).astype(complex)
LOWER = np.array([[0, 1], [0, 0]], dtype=complex)
STATE = np.array([[0.6, 0.3j], [-0.3j, 0.4]])
ALL = JumpObservation(jumps=True)


@pytest.mark.parametrize("counter", [(0, 0), (6, 77), (2**64 - 1, 3), (5, 2**63 + 11)])
def test_words_are_those_of_numpy(counter):
    key = np.array([0x123456789ABCDEF, 0xFEDCBA9876543210], dtype=np.uint64)
    before = (counter[0] + (counter[1] << 64) - 1) % 2**256
    expected = np.random.Philox(counter=before, key=key).random_raw(4)
    low, trajectory = np.uint64(counter[0]), np.uint64(counter[1])
    assert list(block(key[0], key[1], low, trajectory)) == list(expected)
    with np.errstate(over="ignore"):
        assert list(block.py_func(key[0], key[1], low, trajectory)) == list(expected)


def test_numbers_of_a_stream_start_anew_with_a_trajectory():
    stream = np.zeros(STREAM_WORDS, dtype=np.uint64)
    stream[:2] = 3, 4
    open_stream(stream, 9)
    first = [uniform(stream) for _ in range(11)]
    open_stream(stream, 9)
    assert [uniform(stream) for _ in range(11)] == first
    expected = reference.numbers((3, 4), 9)
    assert first == [next(expected) for _ in range(11)]
    assert 0 < min(first) <= max(first) < 1


def operators_of(process):
    return [
        np.sqrt(rate) * jump
        for dissipator in process.dissipators
        for rate, jump in zip(
            getattr(dissipator, "as_jumps", dissipator).rates,
            getattr(dissipator, "as_jumps", dissipator).jumps,
            strict=True,
        )
    ]


def assert_same(ensemble, number, expected):
    records = ensemble.records
    found = [values[number] for values in (records.initial, records.initial_level, records.final, records.final_level)]
    assert tuple(found) == expected.outcomes
    mine = records.jumps[0][records.jumps[0]["trajectory"] == number]
    assert len(mine) == len(expected.jumps) == records.counts[number].sum()
    for one, (time, operator) in zip(mine, expected.jumps, strict=True):
        assert one["time"] == pytest.approx(time, abs=2e-9)
        assert one["channel"] == operator
    assert records.work[number] == pytest.approx(expected.work, abs=1e-8)


def ends_of(ensemble, energies):
    states = ensemble.evolution.states
    return reference.measured((states[0], states[-1]), energies)


def test_propagators_follow_the_slow_twin():
    h = 0.5 * X + np.diag([0, 0.3])
    process = gkls_generator(h, [jump_dissipator("bath", [LOWER, LOWER.T, Z], [0.5, 0.2, 0.1])])
    ensemble = jump_trajectories(process, STATE, [0, 3, 9.0], 12, np.random.default_rng(1), ALL)
    ends = ends_of(ensemble, (h, h))
    for number in range(12):
        draw = reference.numbers(ensemble.key, number)
        assert_same(ensemble, number, reference.follow(lambda t: h, operators_of(process), (0.0, 9.0), ends, draw))


def test_a_drive_and_its_work_follow_the_slow_twin():
    drive = driven_hamiltonian(0.5 * X, [(Z, lambda t: 0.4 * np.sin(1.1 * t))])
    bath = jump_dissipator("bath", [LOWER, LOWER.T], [0.4, 0.15])
    process = driven_generator(drive, dissipators=[bath])
    ensemble = jump_trajectories(process, STATE, [0, 6.0], 8, np.random.default_rng(2), ALL)
    ends = ends_of(ensemble, (drive.at(0.0), drive.at(6.0)))
    for number in range(8):
        draw = reference.numbers(ensemble.key, number)
        expected = reference.follow(
            drive.at,
            operators_of(process),
            (0.0, 6.0),
            ends,
            draw,
            power=lambda t: 0.44 * np.cos(1.1 * t) * Z,
        )
        assert_same(ensemble, number, expected)


@pytest.mark.parametrize("spread", [True, False])
def test_levels_follow_the_slow_twin(spread):
    energies = np.array([0.0, 1.0, 2.0] if not spread else [0.0, 0.9, 2.2])
    coupling = np.array([[0.2, 1, 0.3], [1, -0.1, 1.4], [0.3, 1.4, 0]])
    baths = [Bath("hot", 0.3, OhmicSpectrum(0.1, 5.0), coupling), Bath("cold", 1.5, OhmicSpectrum(0.1, 5.0), coupling)]
    process = davies_generator(np.diag(energies), baths)
    state = np.full((3, 3), 0.2) + np.diag([0.3, 0.1, 0.0])
    ensemble = jump_trajectories(process, state, [0, 5.0], 40, np.random.default_rng(3), ALL)
    ends = ends_of(ensemble, (np.diag(energies), np.diag(energies)))
    for number in range(40):
        draw = reference.numbers(ensemble.key, number)
        expected = reference.follow_levels(energies, operators_of(process), (0.0, 5.0), ends, draw)
        assert_same(ensemble, number, expected)
