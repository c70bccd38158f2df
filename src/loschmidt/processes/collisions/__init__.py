"""One collision after another: what an environment that remembers gives back."""

from loschmidt.processes.collisions.chain import CollisionChain, collision_chain
from loschmidt.processes.collisions.chain_run import ChainRun
from loschmidt.processes.collisions.divisibility import (
    Divisibility,
    divisibility,
    entropy_backflow,
    largest_entropy_drop,
)
from loschmidt.processes.collisions.lap import LapModel, ReturnThreshold, lap_model, return_threshold
from loschmidt.processes.collisions.walk import TwoLevelWalk, two_level_walk
from loschmidt.processes.collisions.walk_run import WalkRun

__all__ = [
    "ChainRun",
    "CollisionChain",
    "Divisibility",
    "LapModel",
    "ReturnThreshold",
    "TwoLevelWalk",
    "WalkRun",
    "collision_chain",
    "divisibility",
    "entropy_backflow",
    "lap_model",
    "largest_entropy_drop",
    "return_threshold",
    "two_level_walk",
]
