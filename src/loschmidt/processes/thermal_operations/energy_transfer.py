"""What a map does to populations and coherences: transition probabilities, factors of coherence, and their bound."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import SupportsFloat

import numpy as np

from loschmidt.checks import as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.channels.representations import check_memory
from loschmidt.processes.dilations.energy_blocks import levels_with_basis
from loschmidt.processes.thermal_operations.environment import GibbsEnvironment
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.states.bohr import EnergyLevels, bohr_frequencies
from loschmidt.typing import BooleanArray, ComplexMatrix, ComplexTensor, OperatorLike, RealMatrix, RealVector

__all__ = ["EnergyTransfer", "energy_transfer"]


@dataclass(frozen=True, eq=False)
class EnergyTransfer:
    r"""A map between energy eigenstates, Eqs. (19) to (21) of :cite:t:`santos2019`.

    .. math:: p_m' = \sum_n Q(m|n)\,p_n,\qquad \rho_{nm}' = \alpha_{nm}\,\rho_{nm}\ (n\ne m),\qquad
        |\alpha_{nm}|^2 \le Q(n|n)\,Q(m|m)

    The first holds for every state if no population feels a coherence (:attr:`population_mixing` is zero), the second
    if besides no two coherences have one frequency or none of them mix (:attr:`mode_mixing` is zero). The third always
    holds: it bounds the coherence that is kept, and so the least that is lost.

    Attributes
    ----------
    levels : EnergyLevels
        Eigenstates that all indices refer to.
    probabilities : (d, d)
        Q[m, n] = Q(m|n), the probability to go from n to m.
    coherence_factors : (d, d)
        α[n, m]; on the diagonal Q(n|n).
    elements : (d, d, d, d)
        ⟨n|Φ(|k⟩⟨l|)|m⟩ as [n, m, k, l], all of the map.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> transfer = energy_transfer(amplitude_damping(0.36), np.diag([0.0, 1.0]))
    >>> transfer.probabilities.round(6)
    array([[1.  , 0.36],
           [0.  , 0.64]])
    >>> float(transfer.coherence_factors[0, 1].real.round(6)), float(transfer.retention_bound[0, 1].round(6))
    (0.8, 0.8)
    """

    levels: EnergyLevels
    probabilities: RealMatrix
    coherence_factors: ComplexMatrix
    elements: ComplexTensor

    @property
    def retention_bound(self) -> RealMatrix:
        """√(Q(n|n) Q(m|m)) (d, d): the largest part of a coherence that can be kept."""
        staying = self.probabilities.diagonal()
        # Where round-off has made a probability of -1e-17, nothing is kept.
        root = np.sqrt(np.where(staying < 0, 0.0, staying))
        return np.asarray(root[:, None] * root)

    @property
    def bound_margin(self) -> RealMatrix:
        """Q(n|n) Q(m|m) - |α_nm|² (d, d), not negative, and zero on the diagonal."""
        staying, factors = self.probabilities.diagonal(), self.coherence_factors
        return np.asarray(staying[:, None] * staying - (factors.real**2 + factors.imag**2))

    @property
    def normalisation_defect(self) -> float:
        """Largest |Σ_m Q(m|n) - 1|."""
        return float(np.abs(self.probabilities.sum(axis=0) - 1).max())

    @cached_property
    def covariance_defect(self) -> float:
        """Largest modulus of an element between different Bohr frequencies: zero if the map commutes with free motion.

        Populations and coherences inside a level have the frequency zero.
        """
        return self._largest(self._frequencies[:, :, None, None] != self._frequencies)

    @cached_property
    def dephasing_defect(self) -> float:
        """Largest modulus of an element between a pair of equal and a pair of different energies, either way.

        Zero if the map commutes with the pinching: populations then feel no coherence between levels and make none.
        """
        same: BooleanArray = self.levels.labels[:, None] == self.levels.labels
        return self._largest(same[:, :, None, None] != same)

    @cached_property
    def population_mixing(self) -> float:
        """Largest modulus of an element from a coherence, inside a level or between two, to a population."""
        diagonal = np.eye(self.levels.dimension, dtype=bool)
        return self._largest(diagonal[:, :, None, None] & ~diagonal)

    @cached_property
    def mode_mixing(self) -> float:
        """Largest modulus of an element from another coherence, or a population, to a coherence."""
        d = self.levels.dimension
        diagonal = np.eye(d, dtype=bool)
        itself = np.eye(d * d, dtype=bool).reshape(d, d, d, d)
        return self._largest(~diagonal[:, :, None, None] & ~itself)

    def gibbs_defect(self, beta: SupportsFloat) -> float:
        """Return the largest |Σ_n Q(m|n) p_n - p_m| for the Gibbs populations p of an inverse temperature.

        Zero for a thermal operation with environments of this temperature.
        """
        thermal = self._gibbs_populations(beta)
        return float(np.abs(self.probabilities @ thermal - thermal).max())

    def detailed_balance_defect(self, beta: SupportsFloat) -> float:
        """Return the largest |Q(m|n) p_n - Q(n|m) p_m| for the Gibbs populations p of an inverse temperature.

        It vanishes with :meth:`gibbs_defect` for a qubit; with three levels or more a thermal operation need not have
        detailed balance.
        """
        flow = self.probabilities * self._gibbs_populations(beta)
        return float(np.abs(flow - flow.T).max())

    @property
    def _frequencies(self) -> np.ndarray:
        return bohr_frequencies(self.levels).labels

    def _largest(self, where: BooleanArray) -> float:
        return float(np.abs(self.elements[where]).max(initial=0.0))

    def _gibbs_populations(self, beta: SupportsFloat) -> RealVector:
        return GibbsEnvironment(np.diag(self.levels.energies), as_inverse_temperature(beta)).populations


def energy_transfer(process: ThermalOperation | Channel, hamiltonian: OperatorLike | None = None) -> EnergyTransfer:
    """Return what a thermal operation, or any channel, does between energy eigenstates.

    Parameters
    ----------
    process : ThermalOperation or Channel
    hamiltonian : (d, d), optional
        For a channel; a thermal operation has its own. Inside a degenerate level the given basis states are the
        eigenstates, if they span it.

    Returns
    -------
    EnergyTransfer

    Raises
    ------
    InputError, ShapeError, NotHermitianError, ResourceError
        If the Hamiltonian is missing, not needed or of another dimension, the channel is not from a space to itself, or
        all d⁴ elements do not fit into memory.

    Notes
    -----
    The probabilities of a thermal operation are sums of terms that are not negative, so that small ones keep their
    digits, however cold an environment is.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import random_thermal_operation
    >>> qutrit, rng = np.diag([0.0, 1.0, 2.0]), np.random.default_rng(1)
    >>> operation = random_thermal_operation(qutrit, GibbsEnvironment(qutrit, 1.0), rng)
    >>> transfer = energy_transfer(operation)
    >>> transfer.gibbs_defect(1.0) < 1e-14, transfer.detailed_balance_defect(1.0) > 1e-3, transfer.mode_mixing > 0.1
    (True, True, True)
    """
    if isinstance(process, ThermalOperation):
        if hamiltonian is not None:
            raise InputError("`hamiltonian` must not be given for a thermal operation, which has its own.")
        return _of_operation(process)
    if not isinstance(process, Channel):
        raise InputError(f"`process` must be a ThermalOperation or a Channel, but it is {type(process).__name__}.")
    if hamiltonian is None:
        raise InputError("`hamiltonian` must be given for a channel, whose energies are not known otherwise.")
    if not process.is_square:
        raise ShapeError(
            f"`process` must map a space to itself, but it maps dimension {process.dimension_in} to "
            f"{process.dimension_out}."
        )
    energy = as_hermitian(hamiltonian, "hamiltonian", process.dimension_in)
    if energy.ndim != 2:
        raise ShapeError(f"`hamiltonian` must be one matrix (d, d), but its shape is {energy.shape}.")
    return _of_channel(process, levels_with_basis(energy, len(energy)))


def _of_operation(operation: ThermalOperation) -> EnergyTransfer:
    frame, unitary = operation.frame, operation.energy_unitary
    d, r = frame.pair
    check_memory(d, d)
    with np.errstate(under="ignore"):
        weights = np.exp(frame.log_populations)
    probabilities = ((unitary.real**2 + unitary.imag**2) @ weights).sum(axis=1)
    # Rows (n, k): √q ⟨n ν|U|k μ⟩ over all ν and μ.
    amplitudes = np.ascontiguousarray((unitary * np.sqrt(weights)).transpose(0, 2, 1, 3)).reshape(d * d, r * r)
    staying = amplitudes[:: d + 1]
    factors = staying @ staying.conj().T
    elements = (amplitudes @ amplitudes.conj().T).reshape(d, d, d, d).transpose(0, 2, 1, 3)
    return EnergyTransfer(frame.system, probabilities, factors, np.ascontiguousarray(elements))


def _of_channel(channel: Channel, levels: EnergyLevels) -> EnergyTransfer:
    d = levels.dimension
    check_memory(d, d)
    units = np.einsum("ak,bl->klab", levels.basis, levels.basis.conj())
    images = levels.to_eigenbasis(channel.apply(units))
    elements = np.ascontiguousarray(images.transpose(2, 3, 0, 1))
    probabilities = np.einsum("mmnn->mn", elements).real.copy()
    return EnergyTransfer(levels, probabilities, np.einsum("nmnm->nm", elements).copy(), elements)
