"""The stationary state of a large GKLS equation from its free motion and its jumps, never as a d² × d² matrix.

In the frame V of :mod:`._steady_frame` a state is ρ = V Y V† and L splits into i(E_b - E_a) Y_ab, which is exact, and
the rest, which is sparse in the original basis. GMRES solves for Y. Its preconditioner is what L does to each coherence
Y_ab alone, and to the populations Y_aa among themselves (for weak coupling they are almost all there is). Residuals are
taken with the generator itself, in the original coordinates and in double precision; large systems iterate in single
precision in between, which is twice as fast and costs no accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from loschmidt._kernels.jump_chain import Chain, Goals, enter, generate, leave, precondition, settle, solve_chain
from loschmidt._kernels.jump_chain_layout import (
    lay_out,
    reached_pairs,
)
from loschmidt.errors import ConvergenceError
from loschmidt.evolution._steady_frame import Frame
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.typing import ComplexMatrix, IntegerArray, RealVector

__all__ = ["JumpChain", "jump_chain", "solve_jump_chain"]

_CYCLES = 8
_FIRST_REDUCTION = 1e-10
_LATER_REDUCTION = 1e-3
_SINGLE_REDUCTION = 1e-5
_SINGLE_FROM = 96  # dimension
_ACCURATE = 1e-13  # ‖L(ρ)‖ over the largest rate
_ACCEPTABLE = 1e-9
_SLOWEST = 1e-6  # of the largest rate: the preconditioner treats slower decay as this fast
_MOST_COUNTED_JUMPS = 64


@dataclass(frozen=True, eq=False)
class JumpChain:
    """The equation in its frame, in units of the largest rate.

    Attributes
    ----------
    terms : GeneratorTerms
        The generator.
    arrays, coarse : Chain
        The equation, and the same in single precision for large systems.
    """

    terms: GeneratorTerms
    arrays: Chain
    coarse: Chain | None

    def enter(self, state: ComplexMatrix) -> RealVector:
        """Return the vector (N,) of a Hermitian matrix (d, d)."""
        return np.asarray(enter(self.arrays, state))

    def leave(self, vector: RealVector) -> ComplexMatrix:
        """Return the Hermitian matrix (d, d) of a vector."""
        return np.asarray(leave(self.arrays, vector))

    def generate(self, vector: RealVector) -> RealVector:
        """Return L of a vector."""
        return np.asarray(generate(self.arrays, vector))

    def precondition(self, vector: RealVector) -> RealVector:
        """Return the approximate L⁻¹ of a vector."""
        return np.asarray(precondition(self.arrays, vector))

    def invert(self, target: RealVector, reduction: float) -> RealVector:
        """Return x with ‖target - L x‖ ≤ reduction · ‖target‖, or the best one found."""
        return np.asarray(solve_chain(self.arrays, target, reduction))

    def invert_coarsely(self, target: RealVector, reduction: float) -> RealVector:
        """Return the same, found in single precision, where there is that."""
        assert self.coarse is not None
        return np.asarray(solve_chain(self.coarse, target.astype(np.float32), reduction).astype(np.float64))


def solve_jump_chain(terms: GeneratorTerms, frame: Frame) -> tuple[ComplexMatrix, float]:
    """Return a stationary state (d, d) and its estimated Frobenius error.

    Raises
    ------
    ConvergenceError
        If the residual does not become small.
    """
    chain = jump_chain(terms, frame)
    scale = terms.largest_rate
    goals = Goals(_CYCLES, _ACCURATE, scale, _FIRST_REDUCTION, _LATER_REDUCTION, _SINGLE_REDUCTION)
    generator = (terms.no_jump, *terms.pairs[:3])
    coarse = chain.arrays if chain.coarse is None else chain.coarse
    state, size, round_off, amplification = settle(chain.arrays, coarse, generator, goals)
    if not size <= max(_ACCEPTABLE * scale, 10 * round_off):
        raise ConvergenceError(
            f"The stationary state did not converge: ‖L(ρ)‖ is {size / scale:.1e} of the largest rate. "
            f"Follow the evolution with `evolve` instead."
        )
    # A residual that happens to vanish is not known better than to round-off.
    return state, amplification * max(size, 0.25 * round_off) + float(np.finfo(float).eps)


def jump_chain(terms: GeneratorTerms, frame: Frame) -> JumpChain:
    """Return the equation in its frame."""
    pairs = _pairs(terms, frame)
    laid_out = lay_out(
        (frame.order, frame.starts, frame.values, frame.rest, frame.alone),
        pairs,
        terms.pairs[:3],
        _counted_jumps(terms, frame),
        terms.largest_rate,
        _SLOWEST,
    )
    arrays = Chain(*(_blocks(frame), *_block_vectors(frame), pairs, *laid_out))
    if terms.dimension < _SINGLE_FROM:
        return JumpChain(terms, arrays, None)
    coarse = Chain(*(x.astype(np.float32) if x.dtype == np.float64 else x for x in arrays))
    return JumpChain(terms, arrays, coarse)


def _blocks(frame: Frame) -> IntegerArray:
    return np.array([frame.starts, np.concatenate([[0], np.cumsum(np.diff(frame.starts) ** 2)])])


def _block_vectors(frame: Frame) -> list[RealVector]:
    """Return Re V, Im V, Re V† and Im V†, block by block; nothing for imaginary parts of real vectors."""
    blocks = [frame.vectors[frame.order[a:b], a:b] for a, b in pairwise(frame.starts.tolist())]
    both = [np.concatenate([x.reshape(-1) for x in blocks]), np.concatenate([x.conj().T.reshape(-1) for x in blocks])]
    if np.iscomplexobj(frame.vectors):
        return [np.ascontiguousarray(part) for x in both for part in (x.real, x.imag)]
    return [both[0], np.zeros(0), both[1], np.zeros(0)]


def _pairs(terms: GeneratorTerms, frame: Frame) -> IntegerArray:
    """Return the pairs (a, b) of blocks that populations reach, as a chain holds them."""
    count = len(frame.starts) - 1
    if count == 1:
        return np.array([[0, 0], [0, 0], [0, 0], [0, terms.dimension**2]])
    reached = np.eye(count, dtype=bool)
    if terms.zero_frequency:
        assert terms.levels is not None
        level = terms.levels.labels[frame.order[frame.starts[:-1]]]
        reached |= level[:, None] == level[None, :]
    block = np.empty(terms.dimension, dtype=np.int64)
    block[frame.order] = np.repeat(np.arange(count), np.diff(frame.starts))
    reached_pairs(*terms.pairs[:2], block, reached)
    first, second = np.nonzero(reached)
    number, lengths = np.cumsum(reached).reshape(reached.shape) - 1, np.diff(frame.starts)
    result = np.zeros((4, len(first) + 1), dtype=np.int64)
    result[0, :-1], result[1, :-1], result[2, :-1] = first, second, number[second, first]
    result[3, 1:] = np.cumsum(lengths[first] * lengths[second])
    return result


def _counted_jumps(terms: GeneratorTerms, frame: Frame) -> tuple[np.ndarray, ...]:
    """Return the jumps that the preconditioner counts, their elements as real as the vectors allow."""
    jumps, vectors, values = terms.jumps, frame.vectors, terms.jumps.values
    rates = jumps.rates if len(jumps.rates) <= _MOST_COUNTED_JUMPS else jumps.rates[:0]
    if np.iscomplexobj(vectors) or values.imag.any():
        return jumps.starts, rates, jumps.rows, jumps.columns, values, vectors.astype(np.complex128)
    return jumps.starts, rates, jumps.rows, jumps.columns, np.ascontiguousarray(values.real), vectors
