"""The H-theorem put to a process: whether it is isolated and unital, level by level, and what follows if not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues, populations_in_basis
from loschmidt.checks import as_density_matrix, as_hermitian, as_number
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.channels.defects import norm_of
from loschmidt.processes.dilations.classifier import COST_LIMIT, Classification, classify_operators
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.processes.dilations.energy_blocks import EnergyBlocks, energy_blocks, levels_with_basis
from loschmidt.processes.dilations.h_theorem_report import BlockReport, HTheoremReport, HTheoremVerdict
from loschmidt.processes.dilations.restricted import RestrictedUnitality, restricted_unitality
from loschmidt.processes.gains.minimal import minimal_entropy_gain
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["h_theorem"]


def h_theorem(
    process: Dilation | Channel,
    hamiltonian: OperatorLike | None = None,
    *,
    state: StateLike | None = None,
    basis: OperatorLike | None = None,
    tolerance: float = 1e-10,
    occupation_tolerance: float = 1e-12,
    gain: bool = True,
    cost_limit: float = COST_LIMIT,
) -> HTheoremReport:
    r"""Return whether a process can lower the entropy of its system, level by level, and why.

    Parameters
    ----------
    process : Dilation or Channel
        A dilation also tells whether the process is energy-isolated and why it is unital.
    hamiltonian : (d, d), optional
        Of the system; a dilation may bring its own.
    state : (d, d) or ket (d,), optional
        Also examine the levels that this state occupies, and its entropy.
    basis : (d, d), optional
        States ψ_i inside the levels, see :func:`~loschmidt.processes.dilations.classifier.classify`.
    tolerance : float
        On ‖Φ(1) - 1‖, leaks, residuals and the elements of U between levels.
    occupation_tolerance : float
        Probabilities up to this much are not occupation.
    gain : bool
        Whether to compute minimal entropy gains, the most expensive part.
    cost_limit : float
        See :func:`~loschmidt.processes.dilations.classifier.classify`.

    Returns
    -------
    HTheoremReport

    Raises
    ------
    InputError, ShapeError, NotAStateError, NotHermitianError
        If an argument is not what it must be, the channel is not from a space to itself, or there are two Hamiltonians.

    Notes
    -----
    :cite:t:`lesovik2016`. A unital channel lowers no entropy; from a space to itself, only a unital one does not, for
    the maximally mixed state has nowhere else to go. Isolation is reported and not required: it is what makes the
    statement hold level by level, and what makes a decrease surprising.

    Examples
    --------
    A spin that is swapped with a polarised one loses its entropy, and no energy if both levels are degenerate:

    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> report = h_theorem(Dilation(swap, [1, 0], (2, 2), system_hamiltonian=np.zeros((2, 2))))
    >>> report.verdict.value, report.isolated, round(report.minimal_gain.value, 6)
    ('entropy can fall', True, -0.693147)
    """
    limits = _Limits(as_number(tolerance, "tolerance", positive=True), occupation_tolerance, gain, cost_limit)
    case = _case(process, hamiltonian, basis)
    channel, blocks = case.channel, case.blocks
    rho = None if state is None else as_density_matrix(state, "state", channel.dimension_in)
    reports = () if case.hamiltonian is None else _level_reports(case, limits, rho)
    occupied = None if rho is None else limits.examine(channel, state=rho, hamiltonian=case.hamiltonian)
    defect = norm_of(case.image - np.eye(len(case.image)))
    return HTheoremReport(
        verdict=_verdict(defect <= limits.tolerance, occupied),
        tolerance=limits.tolerance,
        dimension=channel.dimension_in,
        defect=defect,
        isolated=_isolated(case, reports, limits.tolerance),
        isolation_defect=None if blocks is None else blocks.isolation_defect,
        relative_isolation_defect=None if blocks is None else blocks.relative_isolation_defect,
        largest_interblock_element=None if blocks is None or not reports else blocks.largest_interblock_element,
        energy_exchange=_energy_exchange(case),
        ambiguous_levels=case.levels.ambiguous,
        classification=None if blocks is None else _classification(case, blocks.operators, limits),
        minimal_gain=minimal_entropy_gain(channel) if gain else None,
        blocks=reports,
        occupied=occupied,
        entropy_change=None if rho is None else _entropy_change(channel, rho),
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """A process, its levels, and, if a dilation tells them, the operators that its reservoir feels."""

    channel: Channel
    image: ComplexMatrix
    hamiltonian: OperatorLike | None
    levels: EnergyLevels
    blocks: EnergyBlocks | None
    factor: ComplexMatrix | None


@dataclass(frozen=True)
class _Limits:
    """What counts as zero, and what is worth computing."""

    tolerance: float
    occupation_tolerance: float
    gain: bool
    cost: float

    def examine(self, channel: Channel, basis: ComplexMatrix | None = None, **where: Any) -> RestrictedUnitality:
        return restricted_unitality(
            channel,
            basis,
            tolerance=self.tolerance,
            occupation_tolerance=self.occupation_tolerance,
            gain=self.gain,
            **where,
        )


def _case(process: Dilation | Channel, hamiltonian: OperatorLike | None, basis: OperatorLike | None) -> _Case:
    if isinstance(process, Dilation):
        if hamiltonian is not None and process.system_hamiltonian is not None:
            raise InputError("`hamiltonian` must not be given for a dilation that has a `system_hamiltonian`.")
        dilation = process if hamiltonian is None else replace(process, system_hamiltonian=hamiltonian)
        blocks = energy_blocks(dilation, basis=basis)
        known, factor = dilation.system_hamiltonian, dilation.reservoir_factor
        return _Case(dilation.channel, dilation.identity_image, known, blocks.levels, blocks, factor)
    if not isinstance(process, Channel):
        raise InputError(f"`process` must be a Dilation or a Channel, but it is {type(process).__name__}.")
    if not process.is_square:
        raise ShapeError(
            f"`process` must map a space to itself, but it maps dimension {process.dimension_in} to "
            f"{process.dimension_out}. Ask its `is_subunital`, or compute its `minimal_entropy_gain`."
        )
    levels = levels_with_basis(hamiltonian, process.dimension_in, basis)
    return _Case(process, process.identity_image, hamiltonian, levels, None, None)


def _level_reports(case: _Case, limits: _Limits, rho: ComplexMatrix | None) -> tuple[BlockReport, ...]:
    levels, blocks = case.levels, case.blocks
    isolated = blocks is not None and blocks.largest_interblock_element <= limits.tolerance
    populations = None if rho is None else populations_in_basis(rho, levels.basis)
    reports = []
    for label in range(levels.count):
        members = np.nonzero(levels.labels == label)[0]
        classification = None
        if isolated and blocks is not None:
            classification = _classification(case, blocks.blocks[label].operators, limits)
        report = BlockReport(
            energy=float(levels.energies[members[0]]),
            unitality=limits.examine(case.channel, levels.basis[:, members]),
            classification=classification,
            occupation=None if populations is None else float(populations[members].sum()),
        )
        reports.append(report)
    return tuple(reports)


def _classification(case: _Case, operators: ComplexMatrix, limits: _Limits) -> Classification | None:
    if case.factor is None:
        return None
    return classify_operators(operators, case.factor, limits.tolerance, limits.cost)


def _isolated(case: _Case, reports: tuple[BlockReport, ...], tolerance: float) -> bool | None:
    if not reports:
        return None
    if case.blocks is not None:
        return case.blocks.largest_interblock_element <= tolerance
    return all(report.unitality.leak <= tolerance for report in reports)


def _energy_exchange(case: _Case) -> float | None:
    if case.hamiltonian is None:
        return None
    energy = as_hermitian(case.hamiltonian, "hamiltonian", case.channel.dimension_in)
    return norm_of(case.channel.apply_adjoint(energy) - energy)


def _entropy_change(channel: Channel, rho: ComplexMatrix) -> float:
    before, after = (entropy_of_spectrum(hermitian_eigenvalues(one)) for one in (rho, channel.apply(rho)))
    return float(after - before)


def _verdict(unital: bool, occupied: RestrictedUnitality | None) -> HTheoremVerdict:
    if unital:
        return HTheoremVerdict.HOLDS
    if occupied is not None and occupied.entropy_cannot_fall:
        return HTheoremVerdict.HOLDS_WHERE_OCCUPIED
    return HTheoremVerdict.FAILS
