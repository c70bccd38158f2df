"""The Drazin inverse from the chain of jumps, never as a d² × d² matrix; see :mod:`._steady_jump_chain`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution._steady_frame import rest_frame
from loschmidt.evolution._steady_jump_chain import JumpChain, jump_chain
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.evolution.counting.spaces import EPS
from loschmidt.evolution.memory import require_memory
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["ChainInverse"]

_CYCLES = 12
_REDUCTION = 1e-8
_SINGLE_REDUCTION = 1e-5
_ACCURATE = 1e-13  # relative to the target
_ACCEPTABLE = 1e-8
_SAFETY = 4.0
_KRYLOV_VECTORS = 121


@dataclass(frozen=True, eq=False)
class ChainInverse:
    """L⁻¹ on traceless operators by GMRES in the frame of the jump chain.

    Attributes
    ----------
    terms : GeneratorTerms
        The generator.
    chain : JumpChain
        The equation in its frame.
    """

    terms: GeneratorTerms
    chain: JumpChain
    method: str = "jump chain"

    @classmethod
    def build(cls, terms: GeneratorTerms) -> ChainInverse:
        """Return the inverse.

        Raises
        ------
        ResourceError
            If the Krylov vectors would not fit.
        """
        d = terms.dimension
        require_memory(
            16.0 * _KRYLOV_VECTORS * d * d,
            f"The Krylov vectors of dimension {d}²",
            "Use a smaller system, or count the jumps of trajectories.",
        )
        return cls(terms, jump_chain(terms, rest_frame(terms.no_jump)))

    def solve(self, target: ComplexMatrix, stationary: ComplexMatrix) -> tuple[ComplexMatrix, float, float]:
        """Return x (d, d) with L x = target, an estimate of the norm of the inverse, and the misfit that is left.

        Raises
        ------
        ConvergenceError
            If the misfit does not become small.
        """
        wanted = float(np.linalg.norm(target))
        found = np.zeros_like(target)
        if wanted == 0:
            return found, 0.0, 0.0
        residual, single, before = target, self.chain.coarse is not None, np.inf
        for _ in range(_CYCLES):
            size = float(np.linalg.norm(residual))
            if size <= _ACCURATE * wanted + self._round_off(found):
                break
            single = single and size <= 0.01 * before
            before = size
            vector = self.enter(residual / size)
            invert, reduction = (
                (self.chain.invert_coarsely, _SINGLE_REDUCTION) if single else (self.chain.invert, _REDUCTION)
            )
            found = found + self.leave(invert(vector, reduction)) * (size / self.scale)
            found = found - np.trace(found) * stationary
            residual = target - self.terms.apply(found)
        misfit = float(np.linalg.norm(residual)) + self._round_off(found)
        if not misfit <= _ACCEPTABLE * wanted + 10 * self._round_off(found):
            raise ConvergenceError(
                f"The response of the stationary state to counting did not converge: {misfit / wanted:.1e} of it is "
                f"left. Count the jumps of trajectories instead."
            )
        return found, _SAFETY * float(np.linalg.norm(found)) / wanted, misfit

    @property
    def scale(self) -> float:
        """Rate in which :meth:`generate` is given."""
        return self.terms.largest_rate

    def enter(self, state: ComplexMatrix) -> RealVector:
        """Return the vector of a Hermitian matrix (d, d)."""
        return self.chain.enter(state)

    def leave(self, vector: RealVector) -> ComplexMatrix:
        """Return the Hermitian matrix (d, d) of a vector."""
        return self.chain.leave(vector)

    def generate(self, vector: RealVector) -> RealVector:
        """Return L of a vector, in units of the scale."""
        return self.chain.generate(vector)

    def precondition(self, vector: RealVector) -> RealVector:
        """Return the approximate L⁻¹ of a vector, in units of the scale."""
        return self.chain.precondition(vector)

    def _round_off(self, state: ComplexMatrix) -> float:
        return 4 * EPS * float(np.linalg.norm(self.terms.no_jump @ state))
