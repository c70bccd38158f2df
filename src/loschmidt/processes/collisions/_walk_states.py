"""The state of a walk in three forms, by what the two-level systems remember: nothing, something, everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.processes.collisions._block_entropy import connected_blocks, entropy_by_blocks
from loschmidt.processes.collisions._walk_elements import ElementTable, shifted_positions
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["FreshWalk", "PartialWalk", "RetainedWalk", "WalkParameters", "WalkState"]

_CHUNK = 2**21  # elements of the matrices that are diagonalised at once
_ROUND_OFF = 1e-15  # eigenvalues of a first state this small against the largest are zero


@dataclass(frozen=True, eq=False)
class WalkParameters:
    """Checked numbers of a walk: coins (2, M, 2, 2) for ↑ and ↓, probabilities (2, M) of both, and reset."""

    coins: ComplexMatrix
    probabilities: RealMatrix
    reset: float

    @property
    def sites(self) -> int:
        """Number M of sites."""
        return int(self.coins.shape[1])

    @property
    def memory_entropy(self) -> float:
        """Entropy of the M two-level systems, which no collision changes, in nats."""
        return float(entropy_of_spectrum(self.probabilities.T).sum())


class FreshWalk:
    """Every collision meets a fresh system: the walker's matrix alone, on the sites that it occupies.

    Coherence between different sites sees the mean coin, both sides of one site the same system.
    """

    def __init__(self, parameters: WalkParameters, initial: ComplexMatrix) -> None:
        self._parameters = parameters
        coins, weights = parameters.coins, parameters.probabilities
        self._mean = np.einsum("sx,sxab->xab", weights, coins)
        self._target = shifted_positions(parameters.sites)
        m = parameters.sites
        self._sites = np.flatnonzero((initial.reshape(m, 2, m, 2) != 0).any(axis=(1, 2, 3)))
        self._local = initial[np.ix_(self._indices(), self._indices())]

    def advance(self) -> None:
        """Go one step ahead: coin, shift, memory loss."""
        here, d, m = self._sites, len(self._local), len(self._sites)
        mean, coins = self._mean[here], self._parameters.coins[:, here]
        half = (mean @ self._local.reshape(m, 2, d)).reshape(d, d)
        mixed = (mean @ half.conj().T.reshape(m, 2, d)).reshape(m, 2, m, 2)
        index = np.arange(m)
        blocks = self._local.reshape(m, 2, m, 2)[index, :, index, :]
        weights = self._parameters.probabilities[:, here, None, None]
        mixed[index, :, index, :] = (weights * (coins @ blocks @ coins.conj().swapaxes(-1, -2))).sum(axis=0)
        targets = self._target[self._indices()]
        self._sites = np.unique(targets // 2)
        places = np.searchsorted(self._indices(), targets)
        self._local = np.zeros((2 * len(self._sites), 2 * len(self._sites)), dtype=np.complex128)
        self._local[np.ix_(places, places)] = mixed.reshape(d, d)

    def matrix(self) -> ComplexMatrix:
        """Return the walker's density matrix (2M, 2M)."""
        whole = np.zeros((len(self._target), len(self._target)), dtype=np.complex128)
        whole[np.ix_(self._indices(), self._indices())] = self._local
        return whole

    def occupied_part(self) -> tuple[IntegerArray, ComplexMatrix]:
        """Return numbers (n,) of basis states and the density matrix (n, n) on them, which is all there is."""
        return self._indices(), self._local

    def joint_entropy(self) -> float:
        """Return the entropy of walker and two-level systems together, in nats."""
        return entropy_by_blocks(self._local) + self._parameters.memory_entropy

    def _indices(self) -> IntegerArray:
        return np.asarray((2 * self._sites[:, None] + np.array([0, 1])).reshape(-1))


class RetainedWalk:
    """Nothing is forgotten: one unitary per configuration, applied to the eigenvectors of the first state."""

    def __init__(self, parameters: WalkParameters, initial: ComplexMatrix) -> None:
        self._parameters = parameters
        values, vectors = np.linalg.eigh(initial)
        kept = np.abs(values) > _ROUND_OFF * np.abs(values).max()
        self._eigenvalues: RealVector = values
        self._signs = np.sign(values[kept])
        self._order = np.arange(len(initial))
        self._target = shifted_positions(parameters.sites)
        start = (vectors[:, kept] * np.sqrt(np.abs(values[kept])))[:, :, None]
        self._amplitudes = start * _configuration_weights(parameters)  # (2M, rank, 2^M)
        self._reached = (start != 0).any(axis=(1, 2))
        self._pattern: BooleanArray = (parameters.coins != 0).any(axis=0)

    def advance(self) -> None:
        """Go one step ahead: coin, shift."""
        m, rank = self._parameters.sites, self._amplitudes.shape[1]
        for x in np.flatnonzero(self._reached.reshape(m, 2).any(axis=1)):
            a, b = (self._amplitudes[self._order[2 * x + c]].reshape(rank, 2**x, 2, -1) for c in range(2))
            for pointer in range(2):
                coin = self._parameters.coins[pointer, x]
                right, left = a[:, :, pointer], b[:, :, pointer]
                moved = coin[0, 0] * right + coin[0, 1] * left
                left[:] = coin[1, 0] * right + coin[1, 1] * left
                right[:] = moved
        met = (self._pattern & self._reached.reshape(m, 1, 2)).any(axis=-1).reshape(-1)
        origin = np.argsort(self._target)
        self._order, self._reached = self._order[origin], met[origin]

    def matrix(self) -> ComplexMatrix:
        """Return the walker's density matrix (2M, 2M)."""
        d, rank, length = self._amplitudes.shape
        stored = np.zeros((d, d), dtype=np.complex128)
        chunk = 1 + _CHUNK // (d * rank)
        for start in range(0, length, chunk):
            for number in range(rank):
                part = np.ascontiguousarray(self._amplitudes[:, number, start : start + chunk])
                stored += self._signs[number] * (part @ part.conj().T)
        return stored[np.ix_(self._order, self._order)]

    def occupied_part(self) -> tuple[IntegerArray, ComplexMatrix]:
        """Return numbers (n,) of basis states and the density matrix (n, n) on them, which is all there is."""
        return np.arange(2 * self._parameters.sites), self.matrix()

    def joint_entropy(self) -> float:
        """Return the entropy of walker and two-level systems together, in nats; no collision changes it."""
        return float(entropy_of_spectrum(self._eigenvalues)) + self._parameters.memory_entropy


class PartialWalk:
    """Any memory: the elements of ρ resolved by the modes of the two-level systems; see the kernel."""

    def __init__(self, parameters: WalkParameters, initial: ComplexMatrix) -> None:
        self._parameters = parameters
        self._table = ElementTable(parameters.coins, initial != 0)
        self._rotations, self._pair_matrices, self._site_matrices = _mode_matrices(parameters)
        length = 2**parameters.sites
        deviations = np.bitwise_count(np.arange(length))
        self._decay = np.power(1.0 - parameters.reset, deviations)
        # Memory that is never written to is never given to the process: unreached elements cost nothing.
        self._modes = np.zeros((self._table.count, 2, length))
        rows, columns = np.triu_indices(len(initial))
        self._modes[self._table.rows[rows, columns], 0, 0] = initial[rows, columns].real
        self._modes[self._table.rows[rows, columns], 1, 0] = initial[rows, columns].imag

    def advance(self) -> None:
        """Go one step ahead: coin, memory loss, shift."""
        from loschmidt._kernels.two_level_walk import collide

        pairs, singles = self._table.advance()
        conjugates = self._pair_matrices * np.array([1.0, -1.0])[:, None, None]
        collide(self._modes, pairs, singles, self._pair_matrices, conjugates, self._site_matrices, self._decay)

    def matrix(self) -> ComplexMatrix:
        """Return the walker's density matrix (2M, 2M)."""
        stored = self._modes[:, 0, 0] + 1j * self._modes[:, 1, 0]
        whole = stored[self._table.rows]
        return np.asarray(np.where(self._table.signs < 0, whole.conj(), whole))

    def occupied_part(self) -> tuple[IntegerArray, ComplexMatrix]:
        """Return numbers (n,) of basis states and the density matrix (n, n) on them, which is all there is."""
        return np.arange(2 * self._parameters.sites), self.matrix()

    def joint_entropy(self) -> float:
        """Return the entropy of walker and two-level systems together, in nats."""
        from loschmidt._kernels.two_level_walk import resolve

        rows, columns = self._table.occupied()
        weights = _configuration_weights(self._parameters)
        resolved = np.empty((len(rows), *self._modes.shape[1:]))
        resolve(self._modes, self._table.rows[rows, columns], self._rotations, weights, resolved)
        resolved[:, 1] *= self._table.signs[rows, columns, None]
        blocks = connected_blocks(self._table.reached)
        return float(sum(_stack_entropy(resolved, rows, columns, block) for block in blocks))


#: The state of a walk, new for each run.
WalkState: TypeAlias = FreshWalk | RetainedWalk | PartialWalk


def _stack_entropy(resolved: RealTensor, rows: IntegerArray, columns: IntegerArray, block: IntegerArray) -> float:
    """Return -Σ_m tr ρ_m ln ρ_m over one block of directions, the elements given by rows and columns."""
    inside = np.isin(rows, block)
    elements = resolved[inside]
    at = np.searchsorted(block, rows[inside]), np.searchsorted(block, columns[inside])
    chunk, total = 1 + _CHUNK // len(block) ** 2, 0.0
    for start in range(0, resolved.shape[-1], chunk):
        part = elements[:, :, start : start + chunk]
        stack = np.zeros((part.shape[-1], len(block), len(block)), dtype=np.complex128)
        # The eigenvalue routines read the lower triangle.
        stack[:, at[1], at[0]] = (part[:, 0] - 1j * part[:, 1]).T
        total += float(entropy_of_spectrum(hermitian_eigenvalues(stack)).sum())
    return total


def _configuration_weights(parameters: WalkParameters) -> RealVector:
    """Return the square roots of the probabilities of the 2^M configurations, site 0 varying slowest."""
    weights = np.ones(1)
    for site in parameters.probabilities.T:
        weights = np.multiply.outer(weights, np.sqrt(site)).reshape(-1)
    return weights


def _mode_matrices(parameters: WalkParameters) -> tuple[RealTensor, RealTensor, RealTensor]:
    """Return rotations (M, 2, 2), coins on (mode, c) as (M, 2, 4, 4) and on (mode, c, c') as (M, 2, 8, 8)."""
    up, down = np.sqrt(parameters.probabilities)
    rotations = np.stack([np.stack([up, down], axis=-1), np.stack([down, -up], axis=-1)], axis=-2)
    coins, m = parameters.coins, parameters.sites
    pair = np.einsum("xsk,xsl,sxab->xkalb", rotations, rotations, coins).reshape(m, 4, 4)
    both = np.einsum("sxac,sxbd->sxabcd", coins, coins.conj()).reshape(2, m, 4, 4)
    site = np.einsum("xsk,xsl,sxij->xkilj", rotations, rotations, both).reshape(m, 8, 8)
    return rotations, np.stack([pair.real, pair.imag], axis=1), np.stack([site.real, site.imag], axis=1)
