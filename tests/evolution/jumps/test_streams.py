"""The same key gives the same trajectories, however many threads and batches share the work, and on disk as well."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.errors import InputError
from loschmidt.evolution.jumps import JumpObservation, JumpRecords, jump_trajectories, open_jump_records, run
from loschmidt.processes import gkls_generator

TIMES = [0.0, 2.0, 7.0]
COUNT = 3000
LOOK = JumpObservation(jumps=True)
FIELDS = ("initial", "final", "initial_level", "final_level", "heat", "work", "entropy_production", "counts")


def ensemble_of(process, seed=1, look=LOOK, **options):
    return jump_trajectories(process, ensembles.STATE, TIMES, COUNT, np.random.default_rng(seed), look, **options)


def assert_equal(one: JumpRecords, other: JumpRecords):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(np.concatenate(one.jumps), np.concatenate(other.jumps))


@pytest.mark.parametrize("process", [ensembles.qubit(), ensembles.driven_fluorescence()], ids=["levels", "cells"])
@pytest.mark.parametrize("threads", [2, 3])
def test_threads_and_batches_change_nothing(process, threads, monkeypatch):
    alone = ensemble_of(process, threads=1)
    monkeypatch.setattr(run, "_MOST_BLOCKS", 5)
    shared = ensemble_of(process, threads=threads)
    assert len(shared.records.jumps) > len(alone.records.jumps)
    assert_equal(alone.records, shared.records)
    for name in ("heat", "heat_error", "jumps", "jumps_error", "states"):
        np.testing.assert_allclose(getattr(alone, name), getattr(shared, name), rtol=1e-13, atol=1e-15)


def test_a_trajectory_does_not_depend_on_how_many_there_are():
    few = jump_trajectories(ensembles.qubit(), ensembles.STATE, TIMES, 100, np.random.default_rng(1), LOOK)
    many = ensemble_of(ensembles.qubit())
    assert few.key == many.key
    np.testing.assert_array_equal(few.records.heat, many.records.heat[:100])


def test_another_seed_gives_other_trajectories():
    first, second = ensemble_of(ensembles.qubit(), 1), ensemble_of(ensembles.qubit(), 2)
    assert first.key != second.key
    assert (first.records.counts != second.records.counts).any()
    generator = np.random.default_rng(1)
    again = [jump_trajectories(ensembles.qubit(), ensembles.STATE, TIMES, 50, generator).records.heat for _ in range(2)]
    assert (again[0] != again[1]).any()


def test_statistics_are_those_of_the_records():
    ensemble = ensemble_of(ensembles.stroke(6.0))
    records = ensemble.records
    root = np.sqrt(COUNT)
    np.testing.assert_allclose(ensemble.heat[-1], records.heat.mean(axis=0), atol=1e-13)
    np.testing.assert_allclose(ensemble.heat_error[-1], records.heat.std(axis=0, ddof=1) / root, rtol=1e-10)
    np.testing.assert_allclose(ensemble.work[-1], records.work.mean(), atol=1e-13)
    np.testing.assert_allclose(ensemble.work_error[-1], records.work.std(ddof=1) / root, rtol=1e-10)
    np.testing.assert_allclose(ensemble.jumps[-1], records.counts.mean(axis=0), atol=1e-13)
    weights, entropy = np.exp(-records.entropy_production), ensemble.entropy
    assert entropy.exponential.mean == pytest.approx(weights.mean(), rel=1e-12)
    assert entropy.exponential.effective_size == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=1e-9)
    assert entropy.production == pytest.approx(records.entropy_production.mean(), rel=1e-12)
    assert sum(ensemble.histograms["entropy_production"].counts) == COUNT
    assert ensemble.backaction == pytest.approx(
        (records.energy_change - records.work - records.heat.sum(axis=1)).mean(), abs=1e-13
    )
    jumps = np.concatenate(records.jumps)
    assert (np.diff(jumps["time"])[np.diff(jumps["trajectory"]) == 0] > 0).all()
    counted = np.bincount(jumps["channel"], minlength=len(ensemble.channels))
    np.testing.assert_array_equal(counted, records.counts.sum(axis=0))
    early = jumps[jumps["time"] <= TIMES[1]]
    np.testing.assert_allclose(
        ensemble.jumps[1], np.bincount(early["channel"], minlength=len(ensemble.channels)) / COUNT, atol=1e-13
    )


def test_records_on_disk_are_those_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "_MOST_BLOCKS", 4)
    inside = ensemble_of(ensembles.qubit()).records
    folder = tmp_path / "run"
    written = ensemble_of(ensembles.qubit(), look=JumpObservation(jumps=True, folder=folder)).records
    assert isinstance(written.heat, np.memmap)
    assert_equal(inside, written)
    assert_equal(inside, open_jump_records(folder))
    with pytest.raises(InputError, match="no records yet"):
        ensemble_of(ensembles.qubit(), look=JumpObservation(folder=folder))
    (folder / "heat.npy").unlink()
    with pytest.raises(InputError, match=r"heat\.npy"):
        open_jump_records(folder)


def test_nothing_to_write_is_written_too(tmp_path):
    process = gkls_generator(0.7 * ensembles.X, [])
    look = JumpObservation(jumps=True, folder=tmp_path / "quiet")
    ensemble = jump_trajectories(process, ensembles.STATE, TIMES, 20, np.random.default_rng(1), look)
    again = open_jump_records(tmp_path / "quiet")
    assert again.heat.shape == ensemble.records.heat.shape == (20, 0)
    assert len(again.jumps[0]) == 0
    np.testing.assert_array_equal(again.initial, ensemble.records.initial)


def test_progress_is_told_to_a_function(monkeypatch):
    monkeypatch.setattr(run, "_MOST_BLOCKS", 4)
    told = []
    ensemble_of(ensembles.qubit(), progress=told.append)
    assert told == sorted(told)
    assert len(told) == 3
    assert told[-1] == 1.0
