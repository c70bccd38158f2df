"""What a model file may say of quantum-jump trajectories."""

from __future__ import annotations

from pydantic import Field

from loschmidt.studies.fields import Table

__all__ = ["JumpTrajectoriesSpec"]


class JumpTrajectoriesSpec(Table):
    """Follow single quantum-jump trajectories, with the heat, work and entropy of each."""

    samples: int = Field(10_000, ge=100, le=10**12, description="How many trajectories.", examples=[100_000])
    seed: int = Field(0, ge=0, description="Fixes every trajectory, however many threads there are.")
    exchange: bool = Field(
        True,
        description="Integrate work, and heat of jumps without a definite quantum, along each; without it faster.",
    )
    states: bool = Field(True, description="Compare the mean of the states with the density matrix.")
    histograms: bool = Field(True, description="Whether to keep the histogram of σ.")
    folder: str | None = Field(
        None,
        min_length=1,
        description="Keep the numbers of each trajectory as .npy files here, written while they arise; must not exist.",
        examples=["records"],
    )
    jumps: bool = Field(False, description="Keep every single jump with its time there too; takes twice as long.")
