"""Unitaries that conserve energy: from a potential, from resonant exchange of quanta, or drawn at random."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from loschmidt.checks import as_hermitian, as_number
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.thermal_operations.environment import GibbsEnvironment
from loschmidt.processes.thermal_operations.frame import EnergyFrame, energy_frame
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.states.random import random_unitary
from loschmidt.typing import ComplexMatrix, OperatorLike, RealMatrix, RealVector

__all__ = [
    "random_thermal_operation",
    "thermal_operation_by_exchange",
    "thermal_operation_from_potential",
]


def thermal_operation_from_potential(
    potential: OperatorLike,
    system_hamiltonian: OperatorLike,
    environments: GibbsEnvironment | Sequence[GibbsEnvironment],
    time: float = 1.0,
) -> ThermalOperation:
    r"""Return the thermal operation of a potential, of which only the part that conserves energy is kept.

    .. math:: U = e^{-i\{H_S + H_E + \Delta(V)\}t},\qquad \Delta(V) = \sum_E P_E V P_E

    Parameters
    ----------
    potential : (D, D)
        Hermitian operator V on system ⊗ environments, D = d_S d_1 d_2 ⋯.
    system_hamiltonian : (d_S, d_S)
    environments : GibbsEnvironment or sequence of them
    time : float
        Duration t in the inverse unit of the energies.

    Returns
    -------
    ThermalOperation

    Raises
    ------
    NotHermitianError, NotFiniteError, ShapeError, InputError
        If an argument is not what it must be.

    Warns
    -----
    UserWarning
        If no total energy is shared by states of different system energy: whatever the potential, levels keep their
        populations.

    Notes
    -----
    :cite:t:`santos2019`, before Eq. (16), where the imaginary unit is missing in print. P_E projects on a level of the
    total energy.

    Examples
    --------
    >>> qubit, flip = np.diag([0.0, 1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
    >>> operation = thermal_operation_from_potential(
    ...     np.kron(flip, flip), qubit, GibbsEnvironment(qubit, 1.0), np.pi / 2
    ... )
    >>> abs(operation.unitary).round(6)
    array([[1., 0., 0., 0.],
           [0., 0., 1., 0.],
           [0., 1., 0., 0.],
           [0., 0., 0., 1.]])
    """
    frame = energy_frame(system_hamiltonian, environments)
    matrix = as_hermitian(potential, "potential", len(frame.total.labels))
    if matrix.ndim != 2:
        raise ShapeError(f"`potential` must be one matrix (D, D), but its shape is {matrix.shape}. Loop over it.")
    _warn_about_dephasing(frame, stacklevel=3)
    unitary = _exponential(frame.enter(matrix), frame, as_number(time, "time"))
    return ThermalOperation(frame.leave(unitary), system_hamiltonian, frame.environments)


def thermal_operation_by_exchange(
    system_hamiltonian: OperatorLike,
    environments: GibbsEnvironment | Sequence[GibbsEnvironment],
    strengths: float | Sequence[float] = 1.0,
    time: float = 1.0,
    ladder: str = "oscillator",
) -> ThermalOperation:
    r"""Return the thermal operation of a system that exchanges quanta with resonant environments.

    .. math:: U = e^{-i(H_S + H_E + V)t},\qquad V = \sum_\alpha g_\alpha(a_S a_\alpha^\dagger + a_S^\dagger a_\alpha)

    Parameters
    ----------
    system_hamiltonian : (d_S, d_S)
        With equal gaps, d_S ≥ 2.
    environments : GibbsEnvironment or sequence of them
        Each with the gap of the system, and at least two levels.
    strengths : float or (n,)
        g, in units of energy, of all environments or of each. Two qubits are exchanged with the angle g t.
    time : float
        Duration t in the inverse unit of the energies.
    ladder : "oscillator", "spin" or "flat"
        What a lowering operator a does from level n + 1 to n: √(n + 1), √((n + 1)(d - 1 - n)), or 1.

    Returns
    -------
    ThermalOperation

    Raises
    ------
    InputError
        If a spectrum is not a ladder, or two are not in resonance; otherwise as
        :func:`thermal_operation_from_potential`.

    Notes
    -----
    V conserves energy exactly however the ladders are cut off. For other spectra hand an interaction to
    :func:`thermal_operation_from_potential`, which keeps what is resonant in it.

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, np.inf), strengths=np.pi / 6)
    >>> operation.channel([0, 1]).real.diagonal().round(6)
    array([0.25, 0.75])
    """
    frame = energy_frame(system_hamiltonian, environments)
    if ladder not in ("oscillator", "spin", "flat"):
        raise InputError(f"`ladder` must be 'oscillator', 'spin' or 'flat', but it is {ladder!r}.")
    couplings = _as_strengths(strengths, len(frame.environments))
    _check_resonance(frame)
    lowering = [_lowering(dimension, ladder) for dimension in frame.dims]
    potential = np.zeros((len(frame.total.labels),) * 2)
    for position, strength in enumerate(couplings, start=1):
        factors: list[RealMatrix] = [np.eye(dimension) for dimension in frame.dims]
        factors[0], factors[position] = lowering[0], lowering[position].T
        raised = factors[0]
        for factor in factors[1:]:
            raised = np.kron(raised, factor)
        potential += strength * (raised + raised.T)
    unitary = _exponential(potential.astype(np.complex128), frame, as_number(time, "time"))
    return ThermalOperation(frame.leave(unitary), system_hamiltonian, frame.environments)


def random_thermal_operation(
    system_hamiltonian: OperatorLike,
    environments: GibbsEnvironment | Sequence[GibbsEnvironment],
    rng: np.random.Generator,
) -> ThermalOperation:
    """Return a thermal operation whose unitary is Haar-random inside each level of the total energy.

    Parameters
    ----------
    system_hamiltonian : (d_S, d_S)
    environments : GibbsEnvironment or sequence of them
    rng : numpy.random.Generator
        Source of randomness.

    Returns
    -------
    ThermalOperation

    Raises
    ------
    NotHermitianError, ShapeError, InputError
        If an argument is not what it must be.

    Warns
    -----
    UserWarning
        As :func:`thermal_operation_from_potential`.

    Notes
    -----
    The measure that is invariant under all energy-conserving unitaries, see :cite:t:`mezzadri2007`.

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> operation = random_thermal_operation(qubit, GibbsEnvironment(qubit, 1.0), np.random.default_rng(1))
    >>> operation.conserves_energy, operation.exchanges_energy
    (True, True)
    """
    frame = energy_frame(system_hamiltonian, environments)
    _warn_about_dephasing(frame, stacklevel=3)
    unitary = np.zeros((len(frame.total.labels),) * 2, dtype=np.complex128)
    for members in frame.total.members:
        unitary[np.ix_(members, members)] = random_unitary(len(members), rng)
    return ThermalOperation(frame.leave(unitary), system_hamiltonian, frame.environments)


def _exponential(potential: ComplexMatrix, frame: EnergyFrame, time: float) -> ComplexMatrix:
    """Return e^{-i(H + Δ(V))t} of V given in the energy eigenbasis, level by level."""
    unitary = np.zeros(potential.shape, dtype=np.complex128)
    for members in frame.total.members:
        inside = np.ix_(members, members)
        values, vectors = np.linalg.eigh(potential[inside])
        phases = np.exp(-1j * time * (values + frame.total.energies[members[0]]))
        unitary[inside] = (vectors * phases) @ vectors.conj().T
    return unitary


def _warn_about_dephasing(frame: EnergyFrame, stacklevel: int) -> None:
    if frame.system.count > 1 and not frame.can_exchange_energy:
        warnings.warn(
            "No total energy is shared by states of different system energy, so no energy-conserving unitary moves "
            "energy: coherence dephases, and levels keep their populations. Give an environment gaps that the system "
            "has, within 1e-9 of the width of all energies.",
            stacklevel=stacklevel,
        )


def _as_strengths(strengths: Any, count: int) -> list[float]:
    if np.ndim(strengths) == 0:
        return [as_number(strengths, "strengths")] * count
    given = [as_number(one, f"strengths[{index}]") for index, one in enumerate(strengths)]
    if len(given) != count:
        raise InputError(f"`strengths` must be one number or one for each of {count} environments, not {len(given)}.")
    return given


def _check_resonance(frame: EnergyFrame) -> None:
    parts = {"the system": frame.system} | {f"environment {one.name!r}": one.levels for one in frame.environments}
    # Ladders of d rungs whose gaps agree this well keep their sums in the levels of the total energy.
    reach = sum(part.tolerance for part in parts.values()) / max(frame.dims)
    gap: float | None = None
    for name, part in parts.items():
        gaps: RealVector = np.diff(part.energies)
        if len(gaps) == 0 or np.ptp(gaps) > reach or gaps[0] <= part.tolerance:
            raise InputError(
                f"Exchange of quanta needs at least two levels with equal gaps, but the gaps of {name} are "
                f"{np.round(gaps, 9).tolist()}. Use `thermal_operation_from_potential`."
            )
        gap = float(gaps[0]) if gap is None else gap
        if abs(gaps[0] - gap) > reach:
            raise InputError(
                f"Exchange of quanta needs resonance, but the gap of the system is {gap:.10g} and that of {name} "
                f"{gaps[0]:.10g} (a difference of {reach:.0e} is accepted). Tune one of them to the other."
            )


def _lowering(dimension: int, ladder: str) -> RealMatrix:
    above = np.arange(1.0, dimension)
    elements = {"oscillator": np.sqrt(above), "spin": np.sqrt(above * (dimension - above)), "flat": np.ones_like(above)}
    return np.diag(elements[ladder], 1)
