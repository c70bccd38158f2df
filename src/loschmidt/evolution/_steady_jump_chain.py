"""The stationary state of a large GKLS equation from no-jump motion and jumps, never as a d² × d² matrix.

With L = 𝒢 + 𝒥 (no-jump motion and jumps), ρ = -𝒢⁻¹𝒥ρ: the state after a jump is a fixed point of a chain. In the
eigenvectors R of the no-jump generator, ρ = R Y R†, the Sylvester equation 𝒢⁻¹ is elementwise. GMRES solves for Y with
𝒢⁻¹ as preconditioner, in which jumps between the populations Y_ii are kept too (for weak coupling they are almost all
there is). Residuals are taken with the generator itself, in the original coordinates and in double precision; large
systems iterate in single precision in between, which is twice as fast and costs no accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution._steady_enclosures import NoJumpMotion, block_eigensystem
from loschmidt.evolution._steady_krylov import gmres
from loschmidt.evolution._steady_terms import GeneratorTerms
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["JumpChain", "jump_chain", "solve_jump_chain"]

_CYCLES = 8
_FIRST_REDUCTION = 1e-10
_LATER_REDUCTION = 1e-3
_SINGLE_REDUCTION = 1e-5
_SINGLE_FROM = 96  # dimension
_ACCURATE = 1e-13  # ‖L(ρ)‖ over the largest rate
_ACCEPTABLE = 1e-9
_ILL_CONDITIONED = 1e8
_SLOWEST = 1e-6  # of the largest rate: the preconditioner treats slower decay as this fast
_MOST_COUNTED_JUMPS = 64


@dataclass(frozen=True, eq=False)
class JumpChain:
    """The equation in the eigenvectors of the no-jump generator, in units of the largest rate.

    Attributes
    ----------
    pairs : list of (a, b)
        Pairs of blocks in which the state lives.
    flat : (N,)
        Element of the row-stacked (d, d) matrix that each entry of a vector stands for.
    diagonal : (d,)
        Entries that are populations Y_ii.
    decay, inverse_decay : (N,)
        λ_i + λ_j* of each entry, and its inverse, bounded.
    rates : (d, d)
        Approximate rate matrix of the populations Y_ii, made regular, inverted.
    """

    terms: GeneratorTerms
    motion: NoJumpMotion
    exact: bool
    pairs: list[tuple[int, int]]
    offsets: IntegerArray
    flat: IntegerArray
    diagonal: IntegerArray
    decay: ComplexVector
    inverse_decay: ComplexVector
    inverse_rates: RealMatrix
    gain: csr_array

    def parts(self, vector: ComplexVector) -> list[ComplexMatrix]:
        """Return the blocks (n_a, n_b) of a vector."""
        size = np.diff(self.motion.starts)
        return [
            vector[start:stop].reshape(size[a], size[b])
            for (a, b), start, stop in zip(self.pairs, self.offsets[:-1], self.offsets[1:], strict=True)
        ]

    def from_eigenvectors(self, vector: ComplexVector) -> ComplexVector:
        """Return R Y R†."""
        right = self.motion.right
        parts = zip(self.pairs, self.parts(vector), strict=True)
        return np.concatenate([(right[a] @ y @ right[b].conj().T).reshape(-1) for (a, b), y in parts])

    def to_eigenvectors(self, vector: ComplexVector) -> ComplexVector:
        """Return R⁻¹ X R⁻†."""
        left = self.motion.left
        parts = zip(self.pairs, self.parts(vector), strict=True)
        return np.concatenate([(left[a] @ x @ left[b].conj().T).reshape(-1) for (a, b), x in parts])

    def precondition(self, vector: ComplexVector) -> ComplexVector:
        """Return the approximate inverse of the generator, both in eigenvectors."""
        result = np.asarray(vector * self.inverse_decay)
        result[self.diagonal] = self.inverse_rates @ vector[self.diagonal]
        return result

    def generate(self, vector: ComplexVector) -> ComplexVector:
        """Return L(Y), both in eigenvectors."""
        state = self.from_eigenvectors(vector)
        if self.exact:
            return np.asarray(self.decay * vector + self.to_eigenvectors(self.gain @ state))
        return self.to_eigenvectors(self.gather(self.terms.apply(self.scatter(state)))) / self.terms.largest_rate

    def in_single_precision(self) -> JumpChain:
        """Return the same equation in single precision."""
        motion = self.motion
        return replace(
            self,
            motion=replace(
                motion,
                right=[block.astype(np.complex64) for block in motion.right],
                left=[block.astype(np.complex64) for block in motion.left],
            ),
            decay=self.decay.astype(np.complex64),
            inverse_decay=self.inverse_decay.astype(np.complex64),
            inverse_rates=self.inverse_rates.astype(np.float32),
            gain=self.gain.astype(np.complex64),
        )

    def gather(self, state: ComplexMatrix) -> ComplexVector:
        """Return the entries of a (d, d) matrix that the vectors hold."""
        return np.asarray(state.reshape(-1)[self.flat])

    def scatter(self, vector: ComplexVector) -> ComplexMatrix:
        """Return the (d, d) matrix of a vector."""
        d = self.terms.dimension
        state = np.zeros(d * d, dtype=np.complex128)
        state[self.flat] = vector
        return state.reshape(d, d)


def solve_jump_chain(terms: GeneratorTerms, motion: NoJumpMotion) -> tuple[ComplexMatrix, float]:
    """Return a stationary state (d, d) and its estimated Frobenius error.

    Raises
    ------
    ConvergenceError
        If the residual does not become small.
    """
    chain = jump_chain(terms, motion)
    coarse = chain.in_single_precision() if chain.exact and terms.dimension >= _SINGLE_FROM else None
    scale = terms.largest_rate
    state = _first_guess(chain)
    residual = terms.apply(state)
    amplification, before = 0.0, np.inf
    for cycle in range(_CYCLES):
        size = float(np.linalg.norm(residual))
        # The second cycle also measures how far round-off in the residual moves the state.
        if cycle > 1 and size <= max(_ACCURATE * scale, _round_off(terms, state)):
            break
        if size > 0.01 * before:
            coarse = None
        # The generator keeps the trace, so a traceless target has a solution.
        target = chain.to_eigenvectors(chain.gather(np.trace(residual) * state - residual))
        change = _correction(chain, coarse, target / size, first=cycle == 0) * (size / scale)
        amplification, before = float(np.linalg.norm(change)) / size, size
        state = _normalised(state + change)
        residual = terms.apply(state)
    size = float(np.linalg.norm(residual))
    if not size <= max(_ACCEPTABLE * scale, 10 * _round_off(terms, state)):
        raise ConvergenceError(
            f"The stationary state did not converge: ‖L(ρ)‖ is {size / scale:.1e} of the largest rate. "
            f"Follow the evolution with `evolve` instead."
        )
    return state, amplification * size + float(np.finfo(float).eps)


def _round_off(terms: GeneratorTerms, state: ComplexMatrix) -> float:
    """Return what is left of L(ρ) after its largest terms have cancelled."""
    return 4 * float(np.finfo(float).eps) * float(np.linalg.norm(terms.no_jump @ state))


def _correction(chain: JumpChain, coarse: JumpChain | None, target: ComplexVector, *, first: bool) -> ComplexMatrix:
    if coarse is not None:
        step = gmres(coarse.generate, coarse.precondition, target.astype(np.complex64), _SINGLE_REDUCTION)
    else:
        reduction = _FIRST_REDUCTION if first else _LATER_REDUCTION
        step = gmres(chain.generate, chain.precondition, target, reduction)
    return chain.scatter(chain.from_eigenvectors(step.astype(np.complex128)))


def _normalised(state: ComplexMatrix) -> ComplexMatrix:
    hermitian = 0.5 * (state + state.conj().T)
    return np.asarray(hermitian / np.trace(hermitian).real)


def _first_guess(chain: JumpChain) -> ComplexMatrix:
    d = chain.terms.dimension
    populations = -chain.inverse_rates @ np.full(d, 1.0 / d)
    vector = np.zeros(len(chain.flat), dtype=np.complex128)
    vector[chain.diagonal] = populations / np.abs(populations).sum()
    return _normalised(chain.scatter(chain.from_eigenvectors(vector)))


def jump_chain(terms: GeneratorTerms, motion: NoJumpMotion) -> JumpChain:
    """Return the equation in the eigenvectors of its no-jump motion, or of a neighbour's where it has no good ones."""
    exact = motion.condition <= _ILL_CONDITIONED
    used = motion if exact else _detuned(terms, motion)
    pairs = _reached_pairs(terms, used)
    starts, order, d = used.starts, used.order, terms.dimension
    blocks = used.slices()
    flat = [np.add.outer(order[blocks[a]] * d, order[blocks[b]]).reshape(-1) for a, b in pairs]
    decay = [np.add.outer(used.values[blocks[a]], used.values[blocks[b]].conj()).reshape(-1) for a, b in pairs]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in flat])])
    lengths = np.diff(starts)
    diagonal = [
        offset + np.arange(lengths[a]) * (lengths[a] + 1)
        for (a, b), offset in zip(pairs, offsets[:-1], strict=True)
        if a == b
    ]
    entries = np.concatenate(flat)
    rates = np.concatenate(decay) / terms.largest_rate
    return JumpChain(
        terms=terms,
        motion=used,
        exact=exact,
        pairs=pairs,
        offsets=offsets,
        flat=entries,
        diagonal=np.concatenate(diagonal),
        decay=rates,
        inverse_decay=1 / np.where(np.abs(rates) > _SLOWEST, rates, -_SLOWEST),
        inverse_rates=_inverse_rates(terms, used),
        gain=_gain(terms, entries),
    )


def _reached_pairs(terms: GeneratorTerms, motion: NoJumpMotion) -> list[tuple[int, int]]:
    """Return the pairs of blocks that populations reach."""
    d, count = terms.dimension, len(motion.starts) - 1
    block = np.empty(d, dtype=np.int64)
    block[motion.order] = np.repeat(np.arange(count), np.diff(motion.starts))
    reached = np.zeros(count * count, dtype=bool)
    reached[:: count + 1] = True
    if terms.zero_frequency:
        assert terms.levels is not None
        level = terms.levels.labels[motion.order[motion.starts[:-1]]]
        reached |= (level[:, None] == level[None, :]).reshape(-1)
    out, into, _, _ = terms.pairs
    source = block[into // d] * count + block[into % d]
    target = block[out // d] * count + block[out % d]
    links = np.unique(source * count**2 + target)
    source, target = links // count**2, links % count**2
    while not reached[target[reached[source]]].all():
        reached[target[reached[source]]] = True
    return [(int(p) // count, int(p) % count) for p in np.flatnonzero(reached)]


def _gain(terms: GeneratorTerms, flat: IntegerArray) -> csr_array:
    from scipy.sparse import csr_array

    position = np.full(terms.dimension**2, -1)
    position[flat] = np.arange(len(flat))
    out, into, values, _ = terms.pairs
    inside = position[into] >= 0
    entries = values[inside] / terms.largest_rate
    return csr_array((entries, (position[out[inside]], position[into[inside]])), shape=(len(flat), len(flat)))


def _inverse_rates(terms: GeneratorTerms, motion: NoJumpMotion) -> RealMatrix:
    d = terms.dimension
    scale = terms.largest_rate
    rates = np.diag(2 * motion.values.real / scale)
    jumps = terms.jumps
    if len(jumps.rates) <= _MOST_COUNTED_JUMPS:
        for k, rate in enumerate(jumps.rates):
            own = slice(jumps.starts[k], jumps.starts[k + 1])
            jump = np.zeros((d, d), dtype=np.complex128)
            jump[jumps.rows[own], jumps.columns[own]] = jumps.values[own]
            ordered = jump[motion.order[:, None], motion.order]
            rates += rate / scale * np.abs(motion.left_times(motion.times_right(ordered))) ** 2
    # Rates have a stationary state, which a regular matrix must not have: its trace is drained into all levels alike.
    return np.asarray(np.linalg.inv(rates - 1 / d - _SLOWEST * np.eye(d)))


def _detuned(terms: GeneratorTerms, motion: NoJumpMotion) -> NoJumpMotion:
    # A defective generator has no eigenbasis; a neighbour of it has one, and is as good a preconditioner.
    random = np.random.default_rng(20)
    d = terms.dimension
    block = np.repeat(np.arange(len(motion.starts) - 1), np.diff(motion.starts))
    change = random.normal(size=(d, d)) + 1j * random.normal(size=(d, d))
    same = block[:, None] == block[None, :]
    ordered = terms.no_jump[motion.order[:, None], motion.order]
    return block_eigensystem(
        ordered + np.where(same, 1e-3 * terms.largest_rate * change, 0), motion.order, motion.starts
    )
