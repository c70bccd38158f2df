"""Full counting statistics of jumps in the steady state: cumulants, generating functions, uncertainty ratios."""

from loschmidt.evolution.counting.cumulants import Covariances, Cumulants, covariances, cumulants
from loschmidt.evolution.counting.generating_function import (
    FluctuationSymmetry,
    ScaledGeneratingFunction,
    conjugate_affinity,
    fluctuation_symmetry,
    scaled_generating_function,
)
from loschmidt.evolution.counting.groups import JumpGroups, jump_groups
from loschmidt.evolution.counting.record import CountingRecord, GeneratingCurve, record_counting
from loschmidt.evolution.counting.reversal import irreversibility, is_classical
from loschmidt.evolution.counting.statistics import CountingStatistics, counting_statistics
from loschmidt.evolution.counting.uncertainty import UncertaintyRatios, uncertainty_ratios
from loschmidt.evolution.counting.variables import CountedQuantity, CountingVariable, counted

__all__ = [
    "CountedQuantity",
    "CountingRecord",
    "CountingStatistics",
    "CountingVariable",
    "Covariances",
    "Cumulants",
    "FluctuationSymmetry",
    "GeneratingCurve",
    "JumpGroups",
    "ScaledGeneratingFunction",
    "UncertaintyRatios",
    "conjugate_affinity",
    "counted",
    "counting_statistics",
    "covariances",
    "cumulants",
    "fluctuation_symmetry",
    "irreversibility",
    "is_classical",
    "jump_groups",
    "record_counting",
    "scaled_generating_function",
    "uncertainty_ratios",
]
