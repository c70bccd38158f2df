"""Every exception of the package; each message says what, the rule, by how much, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "ConvergenceError",
    "InputError",
    "LoschmidtError",
    "ModelFileError",
    "NotAStateError",
    "NotFiniteError",
    "NotHermitianError",
    "NotUniqueError",
    "NotUnitaryError",
    "Problem",
    "RateError",
    "ResourceError",
    "ShapeError",
]


class LoschmidtError(Exception):
    """Base of every error raised on purpose by this package."""


class InputError(LoschmidtError, ValueError):
    """An argument breaks a rule that its docstring states."""


class ShapeError(InputError):
    """An array has the wrong shape or does not fit its neighbours."""


class NotFiniteError(InputError):
    """An array or number holds NaN or infinity where a finite value is needed."""


class NotHermitianError(InputError):
    """An operator that must be Hermitian is not."""


class NotUnitaryError(InputError):
    """An operator that must be unitary is not."""


class NotAStateError(InputError):
    """A matrix is not a density operator: not Hermitian, not positive or not of unit trace."""


class RateError(InputError):
    """A rate, rate matrix or spectral density is negative, not finite or breaks detailed balance."""


class NotUniqueError(LoschmidtError):
    """The answer asked for is one of many, and choosing one silently would be wrong."""


class ConvergenceError(LoschmidtError):
    """A numerical method did not reach its tolerance."""


class ResourceError(LoschmidtError):
    """The work asked for would not fit into memory; the message states the estimate and the remedy."""


@dataclass(frozen=True)
class Problem:
    """One fault of a model file: where it is (line, key) and what is wrong with it."""

    key: str
    reason: str
    line: int | None = None


class ModelFileError(InputError):
    """A model file is wrong; `problems` lists every fault that was found."""

    def __init__(self, source: str, problems: list[Problem]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return one line a fault, as ``file:line: key: reason``."""
        return [
            ": ".join([self.source if p.line is None else f"{self.source}:{p.line}", *filter(None, [p.key]), p.reason])
            for p in self.problems
        ]
