"""The stationary state of a large GKLS equation from its free motion and its jumps, never as a d² × d² matrix.

In the frame V of :mod:`._steady_frame` a state is ρ = V Y V† and L splits into i(E_b - E_a) Y_ab, which is exact, and the
rest, which is sparse in the original basis. GMRES solves for Y. Its preconditioner is what L does to each coherence Y_ab
alone, and to the populations Y_aa among themselves (for weak coupling they are almost all there is). Residuals are taken
with the generator itself, in the original coordinates and in double precision; large systems iterate in single precision
in between, which is twice as fast and costs no accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from loschmidt._kernels.jump_chain import (
    Chain,
    from_basis,
    generate,
    jump_rates,
    precondition,
    reached_pairs,
    solve_chain,
    superoperator_rows,
    to_basis,
)
from loschmidt.errors import ConvergenceError
from loschmidt.evolution._steady_frame import Frame
from loschmidt.evolution._steady_krylov import hermitian_form, real_form
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

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
    flat : (N,)
        Element of the row-stacked (d, d) matrix that each entry of a vector stands for.
    """

    terms: GeneratorTerms
    arrays: Chain
    coarse: Chain | None
    flat: IntegerArray

    def enter(self, state: ComplexMatrix) -> RealVector:
        """Return the vector (N,) of a Hermitian matrix (d, d)."""
        return np.asarray(to_basis(self.arrays, real_form(state).reshape(-1)[self.flat]))

    def leave(self, vector: RealVector) -> ComplexMatrix:
        """Return the Hermitian matrix (d, d) of a vector."""
        d = self.terms.dimension
        both = np.zeros(d * d)
        both[self.flat] = from_basis(self.arrays, vector)
        return hermitian_form(both.reshape(d, d))

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
    single = chain.coarse is not None
    scale = terms.largest_rate
    state = _first_guess(chain)
    residual, round_off = _residual(terms, state)
    size, amplification, before = float(np.linalg.norm(residual)), 0.0, np.inf
    for cycle in range(_CYCLES):
        # The second cycle also measures how far round-off in the residual moves the state.
        if cycle > 1 and size <= max(_ACCURATE * scale, round_off):
            break
        single = single and size <= 0.01 * before
        # The generator keeps the trace, so a traceless target has a solution.
        target = chain.enter(np.trace(residual).real * state - residual) / size
        if single:
            step = chain.invert_coarsely(target, _SINGLE_REDUCTION)
        else:
            step = chain.invert(target, _FIRST_REDUCTION if cycle == 0 else _LATER_REDUCTION)
        change = chain.leave(step) * (size / scale)
        amplification, before = float(np.linalg.norm(change)) / size, size
        state = _normalised(state + change)
        residual, round_off = _residual(terms, state)
        size = float(np.linalg.norm(residual))
    if not size <= max(_ACCEPTABLE * scale, 10 * round_off):
        raise ConvergenceError(
            f"The stationary state did not converge: ‖L(ρ)‖ is {size / scale:.1e} of the largest rate. "
            f"Follow the evolution with `evolve` instead."
        )
    return state, amplification * size + float(np.finfo(float).eps)


def _residual(terms: GeneratorTerms, state: ComplexMatrix) -> tuple[ComplexMatrix, float]:
    """Return L(ρ), and what is left of it after its largest terms have cancelled."""
    image, largest = terms.apply_and_measure(state)
    return image, 4 * float(np.finfo(float).eps) * largest


def _normalised(state: ComplexMatrix) -> ComplexMatrix:
    return state / np.trace(state).real


def _first_guess(chain: JumpChain) -> ComplexMatrix:
    arrays, d = chain.arrays, chain.terms.dimension
    populations = -arrays.inverse_rates @ np.full(d, 1.0 / d)
    vector = np.zeros(len(chain.flat))
    vector[arrays.diagonal] = populations / np.abs(populations).sum()
    return _normalised(chain.leave(vector))


def jump_chain(terms: GeneratorTerms, frame: Frame) -> JumpChain:
    """Return the equation in its frame."""
    starts, order, d = frame.starts, frame.order, terms.dimension
    first, second, partner = _pairs(terms, frame)
    own = [order[a:b] for a, b in pairwise(starts.tolist())]
    flat = _joined([np.add.outer(own[a] * d, own[b]) for a, b in zip(first, second, strict=True)])
    vectors = _joined([frame.vectors[states, a:b] for states, (a, b) in zip(own, pairwise(starts), strict=True)])
    lengths = np.diff(starts)
    offsets = _sums(lengths[first] * lengths[second])
    position = np.full(d * d, -1)
    position[flat] = np.arange(len(flat))
    transposed = position[flat % d * d + flat // d].astype(np.int32)
    scale = terms.largest_rate
    place = np.empty(d, dtype=np.int64)
    place[order] = np.arange(d)
    free = -frame.values / scale
    alone = frame.alone / scale
    row, column = place[flat // d], place[flat % d]
    slow = alone[row] + alone[column].conj()
    inverse = 1 / np.where(np.abs(slow) > _SLOWEST, slow, -_SLOWEST)
    arrays = Chain(
        starts=starts,
        places=_sums(lengths**2),
        real=np.ascontiguousarray(vectors.real),
        imaginary=np.ascontiguousarray(vectors.imag) if np.iscomplexobj(vectors) else np.zeros(0),
        first=first,
        second=second,
        partner=partner,
        offsets=offsets,
        transposed=transposed,
        beat=free[row] - free[column],
        inverse=np.ascontiguousarray(inverse.real),
        inverse_beat=np.ascontiguousarray(inverse.imag),
        diagonal=np.flatnonzero(row == column),
        inverse_rates=_inverse_rates(terms, frame),
        **_rest(terms, frame, position, transposed),
    )
    coarse = Chain(*(x.astype(np.float32) if x.dtype == np.float64 else x for x in arrays))
    return JumpChain(terms, arrays, coarse if d >= _SINGLE_FROM else None, flat)


def _pairs(terms: GeneratorTerms, frame: Frame) -> tuple[IntegerArray, IntegerArray, IntegerArray]:
    """Return the pairs (a, b) of blocks that populations reach, and which of them is (b, a)."""
    count = len(frame.starts) - 1
    reached = np.eye(count, dtype=bool)
    if count > 1:
        if terms.zero_frequency:
            assert terms.levels is not None
            level = terms.levels.labels[frame.order[frame.starts[:-1]]]
            reached |= level[:, None] == level[None, :]
        block = np.empty(terms.dimension, dtype=np.int64)
        block[frame.order] = np.repeat(np.arange(count), np.diff(frame.starts))
        reached_pairs(*terms.pairs[:2], block, reached)
    first, second = np.nonzero(reached)
    number = np.cumsum(reached).reshape(reached.shape) - 1
    return first, second, number[second, first]


def _rest(
    terms: GeneratorTerms, frame: Frame, position: IntegerArray, transposed: IntegerArray
) -> dict[str, IntegerArray | RealVector]:
    out, into, values, _ = terms.pairs
    pointer, columns, entries = superoperator_rows(out, into, values, frame.rest, position, transposed)
    return {"pointer": pointer, "columns": columns, "entries": entries / terms.largest_rate}


def _inverse_rates(terms: GeneratorTerms, frame: Frame) -> RealMatrix:
    scale, jumps = terms.largest_rate, terms.jumps
    rates = np.diag(2 * frame.alone.real / scale)
    if len(jumps.rates) <= _MOST_COUNTED_JUMPS:
        vectors, values = frame.vectors, jumps.values
        if np.iscomplexobj(vectors) or values.imag.any():
            vectors = vectors.astype(np.complex128)
        else:
            values = np.ascontiguousarray(values.real)
        rates += jump_rates(jumps.starts, jumps.rates, jumps.rows, jumps.columns, values, vectors) / scale
    # Rates have a stationary state, which a regular matrix must not have: its trace is drained into all levels alike.
    d = terms.dimension
    return np.asarray(np.linalg.inv(rates - 1 / d - _SLOWEST * np.eye(d)))


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([part.reshape(-1) for part in parts])


def _sums(lengths: IntegerArray) -> IntegerArray:
    return np.concatenate([[0], np.cumsum(lengths)])
