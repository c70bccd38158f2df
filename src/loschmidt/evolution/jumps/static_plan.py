"""Trajectories of a master equation that does not change in time: levels where possible, propagators otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from loschmidt._kernels.jump_records import Jumps
from loschmidt._kernels.jump_trajectories import NODES
from loschmidt.evolution.jumps.cells import Rows, cell_model, same_cells, tables_error
from loschmidt.evolution.jumps.channels import JumpChannel, JumpOperators, channels_of, fixed_jumps
from loschmidt.evolution.jumps.heat import definite_baths, definite_quanta
from loschmidt.evolution.jumps.levels import level_basis, level_model
from loschmidt.evolution.jumps.plan import Plan, Totals, energy_rows, gains_of, sparse_jumps, with_quanta
from loschmidt.evolution.jumps.theorem import Theorem, balance_defects, tilted, weighted_mean_static
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import BooleanArray, ComplexMatrix, RealVector

__all__ = ["commutes", "static_plan"]

_COMMUTES = 1e-12


def static_plan(process: Generator, times: RealVector, *, exchange: bool) -> Plan:
    """Return what the kernels follow for a time-independent generator between output times (T,)."""
    jumps = fixed_jumps(process.dissipators, process.dimension)
    quanta = definite_quanta(process.energy, jumps)
    jumps, definite = with_quanta(jumps, quanta), definite_baths(quanta, jumps)
    h = process.effective_hamiltonian
    h = h - np.trace(h).real / len(h) * np.eye(len(h))
    plain = _Plain(h, jumps, gains_of(jumps, quanta, definite, exchange=exchange), times)
    switches = not commutes(h, process.energy)
    heat = tuple(bool(one) for one in definite)
    if exchange and (switches or not all(heat)):
        return _integrated_plan(process, plain, definite, switches=switches)
    totals = Totals(heat, complete=all(heat) and not switches)
    basis = level_basis(h, jumps.decay())
    return _cell_plan(process, plain, None, totals) if basis is None else _level_plan(plain, basis, totals)


def commutes(first: ComplexMatrix, second: ComplexMatrix) -> bool:
    """Return whether two operators (..., d, d) commute within round-off."""
    moved = np.linalg.norm(first @ second - second @ first, axis=(-2, -1))
    sizes = np.linalg.norm(first, axis=(-2, -1)) * np.linalg.norm(second, axis=(-2, -1))
    return bool((moved <= _COMMUTES * sizes.max(initial=0.0)).all())


@dataclass(frozen=True, eq=False)
class _Plain:
    """A Hamiltonian (d, d) and jump operators with the heat (K,) that enters with each, between output times (T,)."""

    hamiltonian: ComplexMatrix
    jumps: JumpOperators
    gains: RealVector
    times: RealVector

    @property
    def generator(self) -> ComplexMatrix:
        """A (d, d) with dψ/dt = A ψ between jumps."""
        return np.asarray(-1j * self.hamiltonian - 0.5 * self.jumps.decay())

    def sparse(self, basis: ComplexMatrix | None) -> tuple[tuple[JumpChannel, ...], Jumps]:
        """Return the channels, and the jumps for the kernels in a basis."""
        channels, places = channels_of(self.jumps)
        operators = _turned(basis, self.jumps.operators)[None, None]
        gains = self.gains[None, None]
        return channels, sparse_jumps(operators, gains, self.jumps.offsets, places, self.jumps.baths)

    def theorem(self, basis: ComplexMatrix | None) -> Theorem:
        """Return the mean of e^{-σ} without sampling, found in a basis where jumps have few elements."""
        if np.isnan(self.jumps.entropies).any():
            return Theorem(None, None, None)
        operators = _turned(basis, self.jumps.operators)
        weighted = tilted(operators, self.jumps.entropies)
        generator, span = _turned(basis, self.generator), float(self.times[-1] - self.times[0])
        return Theorem(
            *balance_defects(operators, weighted),
            moment=lambda order, first, last, kept: weighted_mean_static(
                generator,
                tilted(operators, self.jumps.entropies, order)[kept],
                span,
                _turned(basis, first),
                _turned(basis, last),
            ),
        )


def _level_plan(plain: _Plain, basis: ComplexMatrix, totals: Totals) -> Plan:
    channels, sparse = plain.sparse(basis)
    energies = np.einsum("ak,ab,bk->k", basis.conj(), plain.hamiltonian, basis, optimize=True).real
    model = level_model(energies, plain.times, sparse)
    return Plan(model, sparse, basis, channels, totals, None, 0.0, plain.theorem(basis))


def _integrated_plan(process: Generator, plain: _Plain, definite: BooleanArray, *, switches: bool) -> Plan:
    """Return a plan with what changes the mean energy integrated along each trajectory."""
    turn = partial(_turned, _sparse_basis(process))
    h, energy = plain.hamiltonian, process.energy
    rows, totals = energy_rows(
        turn(energy)[None, None],
        {b: turn(plain.jumps.decay(b)) for b in range(len(definite)) if not definite[b]},
        len(definite),
        work=None,
        switching=turn(1j * (h @ energy - energy @ h))[None, None] if switches else None,
    )
    return _cell_plan(process, plain, rows, totals)


def _cell_plan(process: Generator, plain: _Plain, rows: Rows | None, totals: Totals) -> Plan:
    basis = _sparse_basis(process)
    channels, sparse = plain.sparse(basis)
    motion, loss = np.linalg.norm(plain.hamiltonian, 2), np.linalg.norm(plain.jumps.decay(), 2)
    grid, widths = same_cells(plain.times, float(motion + 0.5 * loss))
    generators = np.broadcast_to(_turned(basis, plain.generator), (len(widths), NODES, *plain.generator.shape))
    leap = rows is None
    model = cell_model(grid, generators, widths, Rows.none(len(plain.generator)) if rows is None else rows, leap=leap)
    error = tables_error(generators, widths, len(grid.starts))
    return Plan(model, sparse, basis, channels, totals, None, error, plain.theorem(basis))


def _sparse_basis(process: Generator) -> ComplexMatrix | None:
    """Return the basis in which Davies jumps have few elements, None for other jumps."""
    found = [one.levels for one in process.dissipators if isinstance(one, DaviesDissipator)]
    same = len(found) == len(process.dissipators) > 0 and all(one is found[0] for one in found)
    return found[0].basis if same else None


def _turned(basis: ComplexMatrix | None, operators: ComplexMatrix) -> ComplexMatrix:
    return operators if basis is None else np.asarray(basis.conj().T @ operators @ basis)
