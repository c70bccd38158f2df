"""What the compiled kernels follow: jump operators, tables, and what is added up along each trajectory."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from loschmidt._kernels.jump_levels import LevelModel
from loschmidt._kernels.jump_records import Jumps
from loschmidt._kernels.jump_trajectories import CellModel
from loschmidt.evolution.jumps.cells import Rows
from loschmidt.evolution.jumps.channels import JumpChannel, JumpOperators
from loschmidt.evolution.jumps.heat import means_of_no_jump
from loschmidt.evolution.jumps.theorem import Theorem
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["Plan", "Totals", "energy_rows", "gains_of", "sparse_jumps", "with_quanta"]

_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Totals:
    """Which number of a trajectory is which: heat of each bath first, then what else is integrated.

    Attributes
    ----------
    heat : tuple of bool
        Of which baths the heat is computed.
    work, switching : int or None
        Their rows, if they are computed.
    complete : bool
        Whether nothing that can be exchanged is left out.
    """

    heat: tuple[bool, ...]
    work: int | None = None
    switching: int | None = None
    complete: bool = True

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.heat) + (self.work is not None) + (self.switching is not None)


@dataclass(frozen=True, eq=False)
class Plan:
    """What the kernels need, and what their results mean.

    Attributes
    ----------
    model : LevelModel or CellModel
        Tables of one of the two kernels.
    jumps : Jumps
        Jump operators.
    basis : (d, d) or None
        Basis, as columns, that both are in.
    channels : tuple of JumpChannel
        What is counted.
    totals : Totals
        What is added up.
    betas : tuple of float or None
        Inverse temperatures, where the entropy given to a bath is -β times its heat instead of a sum over channels.
    error : float
        Largest error of tabulated propagators; zero if none are needed.
    theorem : Theorem
        The mean of e^{-σ} without sampling.
    """

    model: LevelModel | CellModel
    jumps: Jumps
    basis: ComplexMatrix | None
    channels: tuple[JumpChannel, ...]
    totals: Totals
    betas: tuple[float, ...] | None
    error: float
    theorem: Theorem

    @property
    def name(self) -> str:
        """Short name of the algorithm for reports."""
        if isinstance(self.model, LevelModel):
            return "quantum jumps between levels, exact waiting times"
        return "quantum jumps on tabulated propagators, exact waiting times"


def with_quanta(jumps: JumpOperators, quanta: RealVector) -> JumpOperators:
    """Return jump operators with quanta (K,) in place of frequencies that are not known."""
    return replace(jumps, frequencies=np.where(np.isnan(jumps.frequencies), quanta, jumps.frequencies))


def gains_of(jumps: JumpOperators, quanta: RealMatrix, definite: BooleanArray, *, exchange: bool) -> RealMatrix:
    """Return the heat that enters with each jump (..., K): NaN where the mean energy decides, 0 if not wanted."""
    return np.where(definite[jumps.baths], jumps.offsets - quanta, np.nan if exchange else 0.0)


def energy_rows(
    energy: ComplexMatrix,
    decays: dict[int, ComplexMatrix],
    baths: int,
    work: ComplexMatrix | None,
    switching: ComplexMatrix | None,
) -> tuple[Rows, Totals]:
    """Return what is integrated along trajectories.

    Parameters
    ----------
    energy : (tables or 1, n or 1, d, d)
        Energy observable at the nodes.
    decays : dict from int to (d, d)
        Σ γ L†L of the baths whose heat is the change of the mean energy.
    baths : int
        Number of baths.
    work, switching : (tables or 1, n or 1, d, d) or None
        Operators whose means are the powers.
    """
    forms: list[ComplexMatrix] = []
    rows = [(-1, -1)] * baths
    if decays:
        d = energy.shape[-1]
        centred = energy - np.trace(energy, axis1=-2, axis2=-1)[..., None, None] / d * np.eye(d)
        forms.append(centred)
        for bath, decay in decays.items():
            rows[bath] = (len(forms), len(forms) + 1)
            forms += [means_of_no_jump(centred, decay), np.broadcast_to(decay, energy.shape)]
    for power in (work, switching):
        if power is not None:
            rows.append((len(forms), -1))
            forms.append(power)
    totals = Totals(
        heat=(True,) * baths,
        work=None if work is None else baths,
        switching=None if switching is None else baths + (work is not None),
    )
    if not forms:
        return Rows.none(energy.shape[-1]), totals
    return Rows(np.stack(forms, axis=2), np.array(rows, np.int64)), totals


def sparse_jumps(
    operators: ComplexMatrix,
    gains: RealTensor,
    offsets: RealVector,
    channels: IntegerArray,
    baths: IntegerArray,
) -> Jumps:
    """Return operators (tables, n, K, d, d) and gains (tables, n, K) for the kernels, without elements of round-off."""
    d = operators.shape[-1]
    sizes = np.abs(operators).max(axis=(0, 1))
    largest = sizes.max(axis=(1, 2), initial=0.0)
    slots, places, columns = np.nonzero(sizes > 4 * d * _EPSILON * largest[:, None, None])
    values = operators[:, :, slots, places, columns]
    return Jumps(
        first=np.searchsorted(slots, np.arange(len(channels) + 1)),
        elements=np.stack([places, columns], axis=-1),
        values=np.ascontiguousarray(np.stack([values.real, values.imag], axis=-1)),
        gains=np.ascontiguousarray(gains),
        offsets=offsets,
        targets=np.stack([channels, baths], axis=-1),
    )
