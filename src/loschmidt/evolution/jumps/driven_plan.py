"""Trajectories under a drive, with fixed jump operators or with baths that follow."""

from __future__ import annotations

import math

import numpy as np

from loschmidt._kernels.jump_trajectories import NODES
from loschmidt.evolution.jumps.cells import Grid, Rows, cell_model, check_size, grid_between, tables_error
from loschmidt.evolution.jumps.channels import JumpChannel, channels_of, fixed_jumps
from loschmidt.evolution.jumps.drive import Drive, FollowingJumps, drive_between, following_jumps
from loschmidt.evolution.jumps.heat import definite_baths, definite_quanta
from loschmidt.evolution.jumps.plan import Plan, Totals, energy_rows, gains_of, sparse_jumps, with_quanta
from loschmidt.evolution.jumps.static_plan import commutes
from loschmidt.evolution.jumps.theorem import Theorem, balance_defects, tilted, weighted_mean_driven
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.states.observables import centred
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealTensor, RealVector

__all__ = ["driven_plan"]

_NARROW = 1e-9
_STIFF = 4.0  # beyond it the iteration in a cell does not converge


def driven_plan(process: DrivenGenerator, times: RealVector, *, exchange: bool) -> Plan:
    """Return what the kernels follow for a driven generator between output times (T,)."""
    drive = drive_between(process, times)
    if process.follows:
        return _following_plan(process, drive, times, exchange)
    return _fixed_plan(process, drive, times, exchange)


def _fixed_plan(process: DrivenGenerator, drive: Drive, times: RealVector, exchange: bool) -> Plan:
    jumps = fixed_jumps(process.dissipators or (), process.dimension)
    decay = jumps.decay()
    edges = drive.weights.breaks
    pieces = drive.hamiltonian(edges[:-1], np.diff(edges))
    grid = grid_between(edges, _norms(pieces, decay), times)
    check_size(len(grid.starts) * NODES * 8, len(decay))
    h = centred(drive.hamiltonian(grid.starts, grid.widths))
    energy = h if process.energy is None else process.energy[None, None]
    quanta = definite_quanta(energy, jumps)
    definite = definite_baths(quanta, jumps)
    if process.energy is not None:
        jumps = with_quanta(jumps, quanta[0, 0])
    gains = gains_of(jumps, quanta, definite, exchange=exchange)
    known = tuple(bool(one) for one in definite)
    rows, totals = Rows.none(len(decay)), Totals(known, complete=_complete(process, h, definite))
    if exchange:
        energy = np.broadcast_to(energy, h.shape)
        moving = {b: jumps.decay(b) for b in range(len(definite)) if not definite[b]}
        switching = None
        if process.energy is not None and not commutes(h, energy):
            switching = 1j * (h @ energy - energy @ h)
        work = drive.rate(grid.starts, grid.widths) if process.energy is None else None
        rows, totals = energy_rows(energy, moving, len(definite), work, switching)
    channels, places = channels_of(jumps)
    sparse = sparse_jumps(jumps.operators[None, None], gains, jumps.offsets, places, jumps.baths)
    generators = -1j * h - 0.5 * decay
    model = cell_model(grid, generators, grid.widths, rows, leap=False)
    error = tables_error(generators, grid.widths, len(grid.starts))
    theorem = _theorem(generators, jumps.operators[None, None], jumps.entropies[None, None], grid)
    return Plan(model, sparse, None, channels, totals, None, error, theorem)


def _following_plan(process: DrivenGenerator, drive: Drive, times: RealVector, exchange: bool) -> Plan:
    jumps = following_jumps(process, drive.weights.breaks)
    check_size(8 * NODES * len(jumps.values.degrees) * (len(jumps.baths) + 1), process.dimension)
    edges = jumps.values.breaks
    operators, shift, _ = jumps.at(edges[:-1], np.diff(edges))
    pieces = drive.hamiltonian(edges[:-1], np.diff(edges)) + shift
    grid = grid_between(edges, _norms(pieces, _decay(operators)), times)
    operators, shift, gains = jumps.at(grid.starts, grid.widths)
    h = centred(drive.hamiltonian(grid.starts, grid.widths) + shift)
    generators = -1j * h - 0.5 * _decay(operators)
    rows, totals = Rows.none(process.dimension), Totals((True,) * len(process.names), complete=False)
    if exchange:
        work = drive.rate(grid.starts, grid.widths)
        rows, totals = energy_rows(h, {}, len(process.names), work, None)
    channels, places = _following_channels(process, jumps, gains)
    sparse = sparse_jumps(operators, gains, np.zeros(len(places)), places, jumps.baths)
    model = cell_model(grid, generators, grid.widths, rows, leap=False)
    error = tables_error(generators, grid.widths, len(grid.starts))
    betas = tuple(float("nan") if beta is None else beta for beta in process.betas)
    entropies = _entropies(np.array(betas)[jumps.baths], gains)
    theorem = _theorem(generators, operators, entropies, grid)
    return Plan(model, sparse, None, channels, totals, betas, error, theorem)


def _complete(process: DrivenGenerator, h: ComplexMatrix, definite: BooleanArray) -> bool:
    """Return whether jumps alone exchange energy: nothing else moves an energy observable that stands still."""
    return process.energy is not None and bool(definite.all()) and commutes(h, process.energy[None, None])


def _following_channels(
    process: DrivenGenerator, jumps: FollowingJumps, gains: RealTensor
) -> tuple[tuple[JumpChannel, ...], IntegerArray]:
    """Return the channels (C), one for each bath and pair of levels, and that of each jump operator (K,)."""
    _, chosen, places = np.unique(
        np.stack([jumps.baths, jumps.pairs], axis=-1), axis=0, return_index=True, return_inverse=True
    )
    channels = [JumpChannel(process.names[jumps.baths[k]], -float(gains[0, 0, k]), 0, math.nan) for k in chosen]
    return tuple(channels), places.reshape(-1)


def _entropies(betas: RealVector, gains: RealTensor) -> RealTensor:
    """Return what each jump gives its bath (M, n, K), -β times its heat."""
    cold = np.isinf(betas)
    finite = -np.where(cold, 0.0, betas) * gains
    return np.where(cold, np.where(gains < 0, np.inf, 0.0), finite)


def _theorem(generators: ComplexMatrix, operators: ComplexMatrix, entropies: RealTensor, grid: Grid) -> Theorem:
    if np.isnan(entropies).any():
        return Theorem(None, None, None)
    weighted = tilted(operators, entropies)

    def moment(order: int, first: ComplexMatrix, last: ComplexMatrix, kept: BooleanArray) -> float:
        chosen = weighted if order == 1 else tilted(operators, entropies, order)
        if not kept.all():
            chosen = chosen[..., kept, :, :]
        if order > 1 and (_sizes(chosen) * grid.widths).max(initial=0.0) > _STIFF:
            return math.inf
        return weighted_mean_driven(generators, chosen, grid.widths, first, last)

    # In the narrow cells of a sudden change the jump operators are neither the old ones nor the new.
    wide = grid.widths > _NARROW * grid.widths.sum() if len(operators) > 1 else slice(None)
    return Theorem(*balance_defects(operators[wide], weighted[wide]), moment=moment)


def _decay(operators: ComplexMatrix) -> ComplexMatrix:
    return np.asarray(np.einsum("...kba,...kbc->...ac", operators.conj(), operators, optimize=True))


def _sizes(operators: ComplexMatrix) -> RealVector:
    """Return a bound on Σ J†J in each cell (M,) or in all (1,)."""
    return np.asarray((np.abs(operators) ** 2).sum(axis=(-3, -2, -1)).max(axis=-1))


def _norms(pieces: ComplexMatrix, decay: ComplexMatrix) -> RealVector:
    """Return the largest norm of the effective Hamiltonian on each piece (P,)."""
    motion = np.linalg.norm(centred(pieces), 2, axis=(-2, -1))
    loss = 0.5 * np.linalg.norm(decay, 2, axis=(-2, -1))
    return np.asarray((motion + loss).max(axis=-1))
