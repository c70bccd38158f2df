"""Quantum-jump trajectories: single runs of a master equation, with the heat, work and entropy of each."""

from __future__ import annotations

from loschmidt.evolution.jumps.channels import JumpChannel
from loschmidt.evolution.jumps.observation import JumpObservation
from loschmidt.evolution.jumps.records import JumpRecords, open_jump_records
from loschmidt.evolution.jumps.result import JumpTrajectories
from loschmidt.evolution.jumps.run import check_jumps, jump_trajectories
from loschmidt.evolution.jumps.statistics import JumpHistogram

__all__ = [
    "JumpChannel",
    "JumpHistogram",
    "JumpObservation",
    "JumpRecords",
    "JumpTrajectories",
    "check_jumps",
    "jump_trajectories",
    "open_jump_records",
]
