"""Atoms: merged where values agree, split where they do not, in whatever portions they come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from tests.physics import seeds

from loschmidt.errors import InputError
from loschmidt.evolution.trajectories import TrajectoryHistogram, histogram
from loschmidt.evolution.trajectories.histogram import AtomCollector


def collected(values, forward, portions=1, reach=1e-9):
    collector = AtomCollector(reach)
    for part, weights in zip(np.array_split(values, portions), np.array_split(forward, portions), strict=True):
        collector.add(part, weights, 2 * weights)
    return collector.histogram()


@given(seed=seeds)
def test_portions_do_not_matter(seed):
    rng = np.random.default_rng(seed)
    atoms = rng.integers(-20, 20, size=12) / 7
    values = rng.choice(atoms, 300) + 1e-12 * rng.normal(size=300)
    weights = rng.random(300)
    whole, parts = collected(values, weights), collected(values, weights, 9)
    assert len(whole.values) == len(np.unique(atoms[np.isin(atoms, np.round(values * 7) / 7)]))
    assert whole.values == pytest.approx(parts.values, abs=1e-11)
    assert whole.forward == pytest.approx(parts.forward, rel=1e-13)
    assert whole.backward == pytest.approx(2 * whole.forward, rel=1e-13)


def test_merging_on_the_way(monkeypatch):
    rng = np.random.default_rng(1)
    values, weights = rng.integers(0, 5, size=1000) * 0.1, rng.random(1000)
    whole = collected(values, weights)
    monkeypatch.setattr(histogram, "_PENDING", 10)
    parts = collected(values, weights, 50)
    assert len(parts.values) == 5
    assert whole.values == pytest.approx(parts.values, abs=1e-14)
    assert whole.forward == pytest.approx(parts.forward, rel=1e-13)


def test_floating_keys_are_one_atom_and_neighbours_stay_two():
    found = collected(np.array([0.3, 0.1 + 0.2, 0.3 + 1e-8]), np.array([0.5, 0.25, 0.25]))
    assert found.forward.tolist() == [0.75, 0.25]


def test_infinite_values_are_one_atom():
    found = collected(np.array([np.inf, 0.5, np.inf]), np.array([0.1, 0.7, 0.2]))
    assert found.values.tolist() == [0.5, np.inf]
    assert found.forward == pytest.approx([0.7, 0.3])
    assert found.reach == 1e-9


def test_nothing_has_no_atoms():
    assert len(AtomCollector(1e-9).histogram().values) == 0


def test_detailed_defect_sees_a_wrong_direction():
    values = np.array([-1.0, 1.0])
    forward = np.array([1, np.e]) / (1 + np.e)
    right = TrajectoryHistogram(values, forward, forward[::-1].copy(), None, 1e-9)
    wrong = TrajectoryHistogram(values, forward, forward, None, 1e-9)
    assert right.detailed_defect <= right.detailed_error
    assert wrong.detailed_defect == pytest.approx(np.tanh(0.5), abs=1e-14)


def test_detailed_defect_of_huge_values():
    extreme = TrajectoryHistogram(
        np.array([-1e4, 1e4, np.inf]), np.array([0, 0.5, 0.5]), np.array([0.5, 0, 0]), None, 1e-9
    )
    assert extreme.detailed_defect == 0


def test_bins_sum_atoms():
    atoms = TrajectoryHistogram(
        np.array([-1.0, 0.0, 0.5, np.inf]), np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.4, 0.3, 0.2, 0.0]), None, 1e-9
    )
    forward, backward = atoms.binned(np.array([-2.0, -0.5, 1.0]))
    assert forward == pytest.approx([0.1, 0.5])
    assert backward == pytest.approx([0.4, 0.5])
    with pytest.raises(InputError, match="increase"):
        atoms.binned(np.array([1.0, 0.0]))
