"""The maps e^{Lt} of a generator, exponentiated block by block in the energy eigenbasis.

Davies equations fall into one small block of populations and many of one coherence each, so that a fast phase costs the
slow populations no digits; equations without such structure are one block.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.errors import ResourceError
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import BooleanArray, ComplexMatrix, ComplexVector, IntegerArray, RealVector

__all__ = ["BlockSemigroup", "block_semigroup"]

_EPSILON = float(np.finfo(float).eps)
_LARGEST_DIMENSION = 32
_SMALL_BLOCK = 64  # up to this size a matrix exponential per time is cheap
_TRUSTED_RESIDUAL = 1e-11


@dataclass(frozen=True, eq=False)
class _Block:
    """A part of the generator (b, b) and the elements `at` (b,) of column-stacked matrices that it moves."""

    at: IntegerArray
    generator: ComplexMatrix
    noise: float  # round-off of its elements

    @cached_property
    def eigensystem(self) -> tuple[ComplexVector, ComplexMatrix, ComplexMatrix] | None:
        """Eigenvalues, eigenvectors and their inverse; None if they do not reproduce a block that is not diagonal."""
        values, vectors = np.linalg.eig(self.generator)
        try:
            inverse = np.linalg.inv(vectors)
        except np.linalg.LinAlgError:
            return None
        residual = np.abs((vectors * values) @ inverse - self.generator).max()
        return (values, vectors, inverse) if residual <= _TRUSTED_RESIDUAL * np.abs(self.generator).max() else None

    def map_at(self, time: float) -> ComplexMatrix:
        """Return e^{Lt} (b, b)."""
        from scipy.linalg import expm

        if len(self.at) == 1:
            return np.asarray(np.exp(time * self.generator))
        if len(self.at) > _SMALL_BLOCK and self.eigensystem is not None:
            values, vectors, inverse = self.eigensystem
            return np.asarray((vectors * np.exp(time * values)) @ inverse)
        return np.asarray(expm(time * self.generator))

    @cached_property
    def decay_rates(self) -> RealVector:
        """-Re λ of the eigenvalues (b,); those below round-off are exactly 0."""
        rates = -np.linalg.eigvals(self.generator).real
        round_off = self.noise + 64 * len(rates) * _EPSILON * float(np.abs(self.generator).max())
        return np.where(np.abs(rates) <= round_off, 0.0, rates)


@dataclass(frozen=True, eq=False)
class BlockSemigroup:
    """Maps of one generator at any time; build one with :func:`block_semigroup`.

    Attributes
    ----------
    levels : EnergyLevels
        Energy eigenbasis in which the maps are given.
    blocks : tuple
        Parts of the generator that do not mix.
    """

    levels: EnergyLevels
    blocks: tuple[_Block, ...]

    @property
    def dimension(self) -> int:
        """Dimension d of the system."""
        return self.levels.dimension

    def superoperator(self, time: float) -> ComplexMatrix:
        """Return e^{Lt} (d², d²) on column-stacked states in the energy eigenbasis."""
        whole = np.zeros((self.dimension**2, self.dimension**2), dtype=np.complex128)
        for block in self.blocks:
            whole[np.ix_(block.at, block.at)] = block.map_at(time)
        return whole

    @cached_property
    def coherence_mask(self) -> BooleanArray:
        """Which elements of column-stacked matrices (d²,) connect different levels."""
        labels = self.levels.labels
        return np.asarray((labels[:, None] != labels[None, :]).reshape(-1, order="F"))

    def decay_rates(self, *, coherences: bool) -> RealVector | None:
        """Return the decay rates of the coherences between levels, or of all else; None where blocks mix both."""
        rates = [np.zeros(0)]
        for block in self.blocks:
            inside = self.coherence_mask[block.at]
            if inside.any() and not inside.all():
                return None
            if bool(inside[0]) == coherences:
                rates.append(block.decay_rates)
        return np.concatenate(rates)


def block_semigroup(generator: Generator) -> BlockSemigroup:
    """Return the semigroup of a generator, cut into the blocks that it does not mix.

    Raises
    ------
    ResourceError
        If the system is too large for dense superoperators.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> [len(block.at) for block in block_semigroup(davies_generator(np.diag([0.0, 1.0]), [bath])).blocks]
    [2, 1, 1]
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    d, levels = generator.dimension, generator.levels
    if d > _LARGEST_DIMENSION:
        raise ResourceError(
            f"The maps of a system of dimension {d} are {d * d} × {d * d} superoperators; dimensions up to "
            f"{_LARGEST_DIMENSION} are taken. Leave out levels that take no part."
        )
    units = np.eye(d * d).reshape(d * d, d, d).swapaxes(-1, -2) + 0j
    inputs = levels.from_eigenbasis(units)
    moved = [one.apply(inputs) for one in generator.dissipators]
    parts = [_in_eigenbasis(part, levels) for part in (generator.hamiltonian_part(inputs), *moved)]
    noise = sum((_noise_of(part, d) for part in parts[1:]), start=0.0)
    whole = _conserving(np.asarray(np.sum(parts, axis=0)), d, noise)
    _, component = connected_components(csr_array(np.abs(whole)), directed=False)
    order = [np.nonzero(component == number)[0] for number in range(int(component.max()) + 1)]
    return BlockSemigroup(levels, tuple(_Block(at, whole[np.ix_(at, at)], noise) for at in order))


def _in_eigenbasis(images: ComplexMatrix, levels: EnergyLevels) -> ComplexMatrix:
    """Return one part of the generator as a matrix (d², d²), without what the change of basis leaves as round-off."""
    d = levels.dimension
    matrix = levels.to_eigenbasis(images).swapaxes(-1, -2).reshape(d * d, d * d).T
    return np.where(np.abs(matrix) > _noise_of(matrix, d), matrix, 0)


def _noise_of(matrix: ComplexMatrix, dimension: int) -> float:
    return 16 * dimension * _EPSILON * float(np.abs(matrix).max(initial=0.0))


def _conserving(matrix: ComplexMatrix, dimension: int, noise: float) -> ComplexMatrix:
    """Return the generator with the round-off by which populations miss their sum taken from what stays in place.

    Fast dephasing leaves its round-off in slow populations; over long times it would grow into a missing norm.
    """
    diagonal = np.arange(dimension) * (dimension + 1)
    defect = matrix[np.ix_(diagonal, diagonal)].sum(axis=0)
    matrix[diagonal, diagonal] -= np.where(np.abs(defect) <= noise, defect, 0)
    return matrix
