"""Two-point-measurement trajectories of a unitary with an environment, and the fluctuation theorems they obey."""

from __future__ import annotations

from loschmidt.evolution.trajectories.enumeration import enumerate_trajectories, enumeration_bytes
from loschmidt.evolution.trajectories.fluctuation import (
    FluctuationAverages,
    FluctuationTheorems,
    fluctuation_averages,
    fluctuation_theorems,
)
from loschmidt.evolution.trajectories.histogram import TrajectoryHistogram
from loschmidt.evolution.trajectories.measured_state import MeasuredState
from loschmidt.evolution.trajectories.sampling import draw_trajectories, sample_trajectories
from loschmidt.evolution.trajectories.statistics import TrajectoryAverage, TrajectoryStatistics
from loschmidt.evolution.trajectories.trajectory_list import Trajectories, iterate_trajectories
from loschmidt.evolution.trajectories.two_point import TwoPointMeasurement, two_point_measurement

__all__ = [
    "FluctuationAverages",
    "FluctuationTheorems",
    "MeasuredState",
    "Trajectories",
    "TrajectoryAverage",
    "TrajectoryHistogram",
    "TrajectoryStatistics",
    "TwoPointMeasurement",
    "draw_trajectories",
    "enumerate_trajectories",
    "enumeration_bytes",
    "fluctuation_averages",
    "fluctuation_theorems",
    "iterate_trajectories",
    "sample_trajectories",
    "two_point_measurement",
]
