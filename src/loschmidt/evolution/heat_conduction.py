"""Solve heat conduction in a row of cells by its modes, the one that never decays exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from loschmidt.checks import as_times
from loschmidt.processes.heat_conduction import ConductingBars
from loschmidt.typing import BooleanArray, RealMatrix, RealVector

__all__ = ["Conduction", "ConductionEvolution", "conduct"]


@dataclass(frozen=True, eq=False)
class Conduction:
    """Conduction from one start with links that stay as they are, as a sum of decaying modes.

    Attributes
    ----------
    start : float
        Time of the start.
    equilibrium : (n,)
        Where each cell ends: the mean over the cells it is connected with.
    decay_rates : (m,)
        Of the modes that decay.
    shapes : (m, n)
        Their temperatures at the start.
    steps : (m, n - 1)
        Their temperature differences T_{i+1} - T_i over each link that conducts, zero over one that does not.
    defect : float
        How far decay rates and shapes miss two identities: the product of all rates, and energy that stays.
    """

    start: float
    equilibrium: RealVector
    decay_rates: RealVector
    shapes: RealMatrix
    steps: RealMatrix
    defect: float

    def temperatures(self, times: RealVector) -> RealMatrix:
        """Return the temperatures (T, n)."""
        return np.asarray(self.equilibrium + self._decayed(times) @ self.shapes)

    def differences(self, times: RealVector) -> RealMatrix:
        """Return T_{i+1} - T_i (T, n - 1) over links that conduct, to full relative accuracy near equilibrium too."""
        return np.asarray(self._decayed(times) @ self.steps)

    def _decayed(self, times: RealVector) -> RealMatrix:
        with np.errstate(under="ignore"):  # a mode that has decayed to 1e-400 is zero, and that is right
            return np.asarray(np.exp(-np.multiply.outer(times - self.start, self.decay_rates)))


@dataclass(frozen=True, eq=False)
class ConductionEvolution:
    """Temperatures of two bars over time.

    Attributes
    ----------
    process : ConductingBars
        What happened.
    times : (T,)
        Output times.
    temperatures : (T, n)
        Of the cells, first bar first.
    touching : (T,)
        Whether heat flows between the bars; at the time of the cut it no longer does.
    stretches : tuple of Conduction
        Before and after the cut, or one if it lies outside the times.
    relative_error : float
        Estimated relative error of each temperature.
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "heat conduction"

    process: ConductingBars
    times: RealVector
    temperatures: RealMatrix
    touching: BooleanArray
    stretches: tuple[Conduction, ...]
    relative_error: float


def conduct(process: ConductingBars, temperatures: Any, times: Any) -> ConductionEvolution:
    """Return the temperatures of two bars over time; see :func:`~loschmidt.evolution.evolve.evolve`.

    Examples
    --------
    >>> from loschmidt.processes.heat_conduction import conducting_bars
    >>> evolution = conduct(conducting_bars(1, cut=1.0), [1.0, 2.0], [0.0, 1.0, 5.0])
    >>> bool((evolution.temperatures[1] == evolution.temperatures[2]).all())
    True
    """
    initial, instants = process.temperatures(temperatures), as_times(times)
    touching = instants < process.cut
    first, last = float(instants[0]), float(instants[-1])
    stretches: tuple[Conduction, ...] = (_conduction(process, first < process.cut, initial, first),)
    parts: tuple[RealVector, ...] = (instants,)
    if first < process.cut <= last:
        at_cut = stretches[0].temperatures(np.array([process.cut]))[0]
        stretches += (_conduction(process, False, at_cut, process.cut),)
        parts = (instants[touching], instants[~touching])
    found = np.concatenate([one.temperatures(part) for one, part in zip(stretches, parts, strict=True)])
    return ConductionEvolution(process, instants, found, touching, stretches, _relative_error(stretches, initial))


def _conduction(process: ConductingBars, touching: bool, temperatures: RealVector, start: float) -> Conduction:
    r"""Return the modes of :math:`C^{-1/2}KC^{-1/2} = G^TG`, from the singular values of G, which has no zero mode."""
    capacities, links = process.heat_capacities, process.links(touching)
    root, conducting = np.sqrt(capacities), links > 0
    gradient = np.diff(np.eye(len(capacities)), axis=0)[conducting]
    strength = np.sqrt(links[conducting])
    left, values, right = np.linalg.svd(strength[:, None] * gradient / root, full_matrices=False)
    group = np.concatenate([[0], np.cumsum(~conducting)])
    means = np.bincount(group, capacities * temperatures) / np.bincount(group, capacities)
    equilibrium = means[group]
    amplitudes = right @ (root * (temperatures - equilibrium))
    steps = np.zeros((len(values), len(links)))
    steps[:, conducting] = (left * values).T / strength * amplitudes[:, None]
    # By the matrix-tree theorem the rates of a chain multiply to Π k Σ c / Π c; a slow one is the first to be off.
    product = np.log(links[conducting]).sum() + np.log(np.bincount(group, capacities)).sum() - np.log(capacities).sum()
    leaking = float(np.abs(right @ root).max(initial=0.0) / np.linalg.norm(root))
    defect = abs(2 * float(np.log(values).sum()) - float(product)) + leaking
    return Conduction(start, equilibrium, values**2, amplitudes[:, None] * right / root, steps, defect)


def _relative_error(stretches: tuple[Conduction, ...], initial: RealVector) -> float:
    """Return how far round-off in the modes can move a temperature, as a share of it."""
    round_off = 4 * len(initial) * float(np.finfo(float).eps)
    hottest = float(initial.max() / initial.min())
    return hottest * (round_off + 4 * sum(stretch.defect for stretch in stretches))
