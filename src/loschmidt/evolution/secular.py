"""Davies equations: populations by uniformisation, coherences in closed form, equal gaps block by block."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt._kernels.uniformisation import (
    Ladder,
    advance,
    along_grid,
    general_ladder,
    population_ladder,
)
from loschmidt.errors import InputError
from loschmidt.evolution._qubit_motion import QubitMotion, QubitRun
from loschmidt.evolution._small_motion import small_run
from loschmidt.evolution.evolve import Evolution, OpenSystem
from loschmidt.evolution.grids import elapsed_within, grid_step, is_compiled_run, running_maximum, uniform_step
from loschmidt.evolution.secular_structure import (
    CoupledBlock,
    SecularStructure,
    davies_dissipators,
    decays_elementwise,
    largest_class,
    remembered,
    secular_structure,
)
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["SecularPropagator"]

_EPSILON = float(np.finfo(float).eps)
_LARGEST_BLOCK = 1500


@dataclass(frozen=True)
class SecularPropagator:
    """Exact propagation of Davies and partial secular equations in the energy eigenbasis.

    Populations move by a rate equation (:cite:t:`jensen1953`) in non-negative arithmetic, so the smallest of them keeps
    its relative accuracy; a coherence that nothing feeds decays and turns in closed form; coherences of equal gaps and
    degenerate levels are exponentiated block by block. Heat and particles are integrated with the populations.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> end = evolve(process, [0, 1], [0.0, 300.0], SecularPropagator()).states[-1]
    >>> round(float(end[1, 1].real), 9)
    0.119202922
    """

    @property
    def name(self) -> str:
        """Short name for reports."""
        return "secular propagator"

    @staticmethod
    @remembered
    def applies_to(process: OpenSystem) -> bool:
        """Return whether a process is time-independent, of secular form, and made of small enough blocks."""
        if not isinstance(process, Generator):
            return False
        dissipators = davies_dissipators(process)
        if dissipators is None:
            return False
        if all(decays_elementwise(one) for one in dissipators) or largest_class(dissipators[0]) <= _LARGEST_BLOCK:
            return True
        return max((len(block.rows) for block in secular_structure(process).blocks), default=0) <= _LARGEST_BLOCK

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked state (d, d) at checked times (T,).

        Raises
        ------
        InputError
            If the method does not apply to the process.
        """
        dissipators = davies_dissipators(process) if isinstance(process, Generator) else None
        if dissipators is None or not isinstance(process, Generator):
            raise InputError(
                "SecularPropagator must have a time-independent Davies or partial secular generator, but this process "
                "is none. Leave `method` out to have one chosen."
            )
        (components, exchanged, error, exchange_error), dense = _run(process, state, times, report)
        zeros = np.zeros(len(times))
        count = len(dissipators)
        return Evolution(
            process=process,
            times=times,
            components=components,
            basis=dissipators[0].levels.basis,
            heat=exchanged[:, :count],
            work=zeros,
            switching_work=zeros,
            particles=exchanged[:, count:],
            method=self,
            error=error,
            exchange_error=exchange_error,
            dense=lambda at: dense(elapsed_within(times, at)),
        )


def _run(
    process: Generator, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
) -> tuple[QubitRun, Callable[[RealVector], ComplexMatrix]]:
    """Return components, exchanges and their errors, and a function from other offsets to components."""
    structure = secular_structure(process)
    offsets, alone = times - times[0], structure.populations is None and not structure.blocks
    if alone and len(state) == 2:
        qubit = QubitMotion.of(process, state, len(times))
        return qubit.run(offsets), lambda at: qubit.run(at)[0]
    initial, energies = process.levels.to_eigenbasis(state), process.levels.energies
    energy = float(max(abs(energies[0]), abs(energies[-1])))
    if alone and is_compiled_run(len(initial), len(times)) and (step := grid_step(offsets)) is not None:
        later = _Later(structure, initial, times)
        return small_run(structure, initial, offsets, step, energy), lambda at: later.motion.run(at)[0]
    motion = _Motion.of(structure, initial, times, report)
    components, exchanged = motion.run(offsets, grid=True)
    errors = motion.error(offsets, components, energy), motion.exchange_error(offsets)
    return (components, exchanged, *errors), lambda at: motion.run(at)[0]


@dataclass(frozen=True, eq=False)
class _Later:
    """A motion whose ladders nobody may ask for."""

    structure: SecularStructure
    initial: ComplexMatrix
    times: RealVector

    @cached_property
    def motion(self) -> _Motion:
        return _Motion.of(self.structure, self.initial, self.times, lambda done: None)


@dataclass(frozen=True, eq=False)
class _Motion:
    """One initial state (d, d) under one structure: ladders for its populations and for each occupied block."""

    structure: SecularStructure
    initial: ComplexMatrix
    grid_step: float | None
    ladder: Ladder | None
    blocks: tuple[tuple[CoupledBlock, Ladder], ...]

    @classmethod
    def of(
        cls, structure: SecularStructure, initial: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> _Motion:
        span, step = float(times[-1] - times[0]), uniform_step(times)
        chosen = structure.populations
        ladder = None
        if len(structure.rates) > 1:
            rates, functionals = structure.rates, structure.functionals
            if chosen is not None:
                rates, functionals = rates[np.ix_(chosen, chosen)], functionals[:, chosen]
            ladder = population_ladder(rates, functionals, span, step)
        blocks = []
        for done, block in enumerate(structure.blocks):
            report(done / len(structure.blocks))
            # The equation is linear and homogeneous: an empty block stays empty.
            if initial[block.rows, block.columns].any():
                built = general_ladder(block.generator, block.functionals, span, step, block.diagonal)
                blocks.append((block, built))
        report(1.0)
        return cls(structure, initial, step, ladder, tuple(blocks))

    def run(self, offsets: RealVector, *, grid: bool = False) -> tuple[ComplexMatrix, RealMatrix]:
        """Return components (T, d, d) and integrated exchanges (T, f)."""
        populations, exchanged = self._populations(offsets, grid=grid)
        components = self._coherences(offsets)
        d = len(self.initial)
        chosen = slice(None) if self.structure.populations is None else self.structure.populations
        components.reshape(-1, d * d)[:, :: d + 1][:, chosen] = populations
        for block, ladder in self.blocks:
            values, integrals = self._along(ladder, self.initial[block.rows, block.columns], offsets, grid=grid)
            if block.frequency:
                values = np.exp(-1j * block.frequency * offsets)[:, None] * values
            components[:, block.rows, block.columns] = values
            if block.mirrored:
                components[:, block.columns, block.rows] = values.conj()
                integrals = 2 * integrals.real
            exchanged = exchanged + integrals.real
        return components, exchanged

    def _populations(self, offsets: RealVector, *, grid: bool) -> tuple[RealMatrix, RealMatrix]:
        start = self.initial.diagonal().real
        if self.ladder is None:
            return np.broadcast_to(start, (len(offsets), 1)), np.zeros((len(offsets), len(self.structure.functionals)))
        if self.structure.populations is not None:
            start = start[self.structure.populations]
        return self._along(self.ladder, start, offsets, grid=grid)

    def _along(
        self, ladder: Ladder, start: ComplexMatrix, offsets: RealVector, *, grid: bool
    ) -> tuple[ComplexMatrix, ComplexMatrix]:
        if grid and self.grid_step is not None:
            return along_grid(ladder, start, self.grid_step, len(offsets))
        return advance(ladder, start, offsets)

    def _coherences(self, offsets: RealVector) -> ComplexMatrix:
        d = len(self.initial)
        off_diagonal = self.initial.copy()
        off_diagonal.reshape(-1)[:: d + 1] = 0.0
        for block in self.structure.blocks:
            off_diagonal[block.rows, block.columns] = 0.0
            off_diagonal[block.columns, block.rows] = 0.0
        if not off_diagonal.any():
            return np.zeros((len(offsets), d, d), dtype=np.complex128)
        # The phase and all decay but dephasing are products of one factor per level.
        structure = self.structure
        factors = np.exp(np.multiply.outer(offsets, structure.motion))
        result = factors[:, :, None] * off_diagonal
        result *= factors.conj()[:, None, :]
        if structure.dephasing is not None:
            result *= np.exp(np.multiply.outer(-offsets, structure.dephasing))
        return np.asarray(result)

    def error(self, offsets: RealVector, components: ComplexMatrix, energy: float) -> RealVector:
        """Return round-off (T,): of the basis and the populations, of phases, and of neutral modes inside blocks."""
        d = len(self.initial)
        rungs = 0 if self.ladder is None else len(self.ladder.rungs)
        flat = components.reshape(len(offsets), -1).view(np.float64)
        populations = components.reshape(-1, d * d)[:, :: d + 1].real
        coherence = np.einsum("ti,ti->t", flat, flat) - np.einsum("ti,ti->t", populations, populations)
        # A difference of two sums of squares may miss zero by round-off.
        coherence = np.sqrt(np.abs(coherence) + 16 * _EPSILON**2)
        result = _EPSILON * (4 * d + 2 * rungs + 2 * energy * offsets * coherence)
        for block, ladder in self.blocks:
            size = float(np.linalg.norm(self.initial[block.rows, block.columns]))
            result = result + 4 * _EPSILON * size * (len(block.rows) + ladder.scale * offsets)
        return np.asarray(result)

    def exchange_error(self, offsets: RealVector) -> RealVector:
        """Return round-off (T,) of the integrals: that of the flows, times the time; inside blocks it is measured."""
        rungs = 0 if self.ladder is None else len(self.ladder.rungs)
        result = _EPSILON * self.structure.flow * offsets * (8 + 2 * rungs + len(offsets) ** 0.5)
        for block, ladder in self.blocks:
            inside = float(np.abs(block.functionals).sum(axis=1).max(initial=0.0))
            if inside == 0:
                continue
            initial = self.initial[block.rows, block.columns]
            # The same with other squares: what differs is round-off, in the size it has here.
            span = float(offsets[-1])
            other = general_ladder(block.generator, block.functionals, 1.37 * span, None, block.diagonal)
            apart = self._along(ladder, initial, offsets, grid=True)[1] - advance(other, initial, offsets)[1]
            result = result + 8 * running_maximum(np.abs(apart).max(axis=1, initial=0.0))
            result = result + 4 * len(initial) * _EPSILON * inside * float(np.linalg.norm(initial)) * offsets
        return np.asarray(result)
