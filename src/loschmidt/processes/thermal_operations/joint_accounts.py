"""What the joint state after a thermal operation holds: entropies of the whole, of its parts and of its pinchings.

Everything here is read off the joint state alone, so that it can be compared with what the system and the heat say.
Matrices are in the energy eigenbasis, and nothing is checked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues, support_tolerance
from loschmidt.processes.thermal_operations.frame import EnergyFrame
from loschmidt.processes.thermal_operations.operation import ThermalOperation
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealArray, RealVector

__all__ = ["JointAccounts", "block_entropy", "joint_accounts", "joint_accounts_after"]

_CHUNK = 2**22  # elements of joint states that are held at a time, 64 MiB


@dataclass(frozen=True, eq=False)
class JointAccounts:
    """Entropies (...) in nats of a joint state ρ' and what is derived from it, one for each initial state.

    Attributes
    ----------
    entropy, system_entropy, environment_entropy : (...)
        S(ρ'), S(ρ'_S) and S(ρ'_E).
    part_entropies : (..., n)
        S(ρ'_α) of each environment.
    total_pinched, locally_pinched : (...)
        S(Δ_tot ρ') and S((Δ_S ⊗ Δ_E)ρ').
    system_pinched, environment_pinched : (...)
        S(Δ_S ρ'_S) and S(Δ_E ρ'_E).
    pinched_information : (...)
        I((Δ_S ⊗ Δ_E)ρ'), from the marginals of that state.
    displacements : (..., n)
        S(ρ'_α‖ρ_α), from the populations of each environment; ``inf`` where it has left the ground level at β = inf.
    environment_displacement : (...)
        S(ρ'_E‖ρ_E) of all environments together.
    excited : (..., n)
        Whether an environment has weight where it had none.
    """

    entropy: RealArray
    system_entropy: RealArray
    environment_entropy: RealArray
    part_entropies: RealVector
    total_pinched: RealArray
    locally_pinched: RealArray
    system_pinched: RealArray
    environment_pinched: RealArray
    pinched_information: RealArray
    displacements: RealVector
    environment_displacement: RealArray
    excited: BooleanArray

    @property
    def mutual_information(self) -> RealArray:
        """I(S:E)."""
        return self.system_entropy + self.environment_entropy - self.entropy

    @property
    def total_correlation(self) -> RealArray:
        """I(S:E_1:E_2:…)."""
        parts: RealArray = self.part_entropies.sum(axis=-1)
        return self.system_entropy + parts - self.entropy

    @property
    def system_coherence(self) -> RealArray:
        """C(ρ'_S)."""
        return self.system_pinched - self.system_entropy

    @property
    def environment_coherence(self) -> RealArray:
        """C(ρ'_E)."""
        return self.environment_pinched - self.environment_entropy

    @property
    def joint_coherence(self) -> RealArray:
        """C_tot = S(Δ_tot ρ') - S(ρ')."""
        return self.total_pinched - self.entropy

    @property
    def correlated_coherence(self) -> RealArray:
        """C_cc = C_tot - C(ρ'_S) - C(ρ'_E), which may be negative."""
        return self.joint_coherence - self.system_coherence - self.environment_coherence

    @property
    def local_correlated_coherence(self) -> RealArray:
        """S((Δ_S ⊗ Δ_E)ρ') - S(ρ') - C(ρ'_S) - C(ρ'_E)."""
        return self.locally_pinched - self.entropy - self.system_coherence - self.environment_coherence

    @property
    def degenerate_coherence(self) -> RealArray:
        """S((Δ_S ⊗ Δ_E)ρ') - S(Δ_tot ρ')."""
        return self.locally_pinched - self.total_pinched


def joint_accounts(joint: ComplexMatrix, frame: EnergyFrame) -> JointAccounts:
    """Return the accounts of joint states (..., D, D) given in the energy eigenbasis.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, energy_frame
    >>> frame = energy_frame(np.diag([0.0, 1.0]), GibbsEnvironment(np.diag([0.0, 1.0]), 1.0))
    >>> singlet = np.array([0, 1, -1, 0]) / np.sqrt(2)
    >>> accounts = joint_accounts(np.outer(singlet, singlet).astype(complex), frame)
    >>> float(accounts.joint_coherence.round(6)), float(accounts.mutual_information.round(6))
    (0.0, 1.386294)
    """
    d, r = frame.pair
    system = reduced_matrices(joint, (d, r), [0])
    environment = reduced_matrices(joint, (d, r), [1])
    parts = [reduced_matrices(joint, frame.dims, [number]) for number in range(1, len(frame.dims))]
    part_entropies = np.stack([_entropy(part) for part in parts], axis=-1)
    own, outside = _log_weights(parts, frame)
    locally_pinched = block_entropy(joint, frame.local_labels)
    same: BooleanArray = frame.local_labels[:, None] == frame.local_labels
    pinched = joint * same
    marginals = [reduced_matrices(pinched, (d, r), [side]) for side in (0, 1)]
    return JointAccounts(
        entropy=_entropy(joint),
        system_entropy=_entropy(system),
        environment_entropy=_entropy(environment),
        part_entropies=part_entropies,
        total_pinched=block_entropy(joint, frame.total.labels),
        locally_pinched=locally_pinched,
        system_pinched=block_entropy(system, frame.system.labels),
        environment_pinched=block_entropy(environment, frame.environment.labels),
        pinched_information=_entropy(marginals[0]) + _entropy(marginals[1]) - locally_pinched,
        displacements=np.where(outside, np.inf, -part_entropies - own),
        environment_displacement=np.where(outside.any(axis=-1), np.inf, -_entropy(environment) - own.sum(axis=-1))[()],
        excited=outside,
    )


def joint_accounts_after(operation: ThermalOperation, states: ComplexMatrix) -> JointAccounts:
    """Return the accounts after an operation of initial system states (..., d_S, d_S), a few at a time.

    Examples
    --------
    >>> from loschmidt.processes.thermal_operations import GibbsEnvironment, thermal_operation_by_exchange
    >>> qubit = np.diag([0.0, 1.0])
    >>> cooling = thermal_operation_by_exchange(qubit, GibbsEnvironment(qubit, np.inf), np.pi / 2)
    >>> joint_accounts_after(cooling, np.eye(2) / 2 + 0j).part_entropies.round(6)
    array([0.693147])
    """
    batch, flat = states.shape[:-2], states.reshape(-1, *states.shape[-2:])
    step = 1 + _CHUNK // len(operation.frame.total.labels) ** 2
    chunks = [flat[start : start + step] for start in range(0, len(flat), step)] or [flat]
    parts = [joint_accounts(operation.frame.enter(operation.dilation.joint_state(c)), operation.frame) for c in chunks]
    joined = {one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(JointAccounts)}
    return JointAccounts(**{name: array.reshape(batch + array.shape[1:])[()] for name, array in joined.items()})


def block_entropy(matrices: ComplexMatrix, labels: IntegerArray) -> RealArray:
    """Return the entropy (...) of states (..., D, D) without what is between states of different labels (D,).

    Examples
    --------
    >>> round(float(block_entropy(np.full((2, 2), 0.5 + 0j), np.array([0, 1]))), 6)
    0.693147
    """
    order = np.argsort(labels, kind="stable")
    blocks = np.split(order, np.nonzero(np.diff(labels[order]))[0] + 1)
    total: RealArray = np.zeros(matrices.shape[:-2])
    for size in sorted({len(block) for block in blocks}):
        members = np.array([block for block in blocks if len(block) == size])
        # (..., blocks, size, size), all blocks of one size at once.
        inside = matrices[..., members[:, :, None], members[:, None, :]]
        spectra = inside.real[..., 0] if size == 1 else hermitian_eigenvalues(np.ascontiguousarray(inside))
        total = total + entropy_of_spectrum(spectra.reshape(*matrices.shape[:-2], -1))
    return total


def _entropy(matrices: ComplexMatrix) -> RealArray:
    return entropy_of_spectrum(hermitian_eigenvalues(matrices))


def _log_weights(parts: list[ComplexMatrix], frame: EnergyFrame) -> tuple[RealVector, BooleanArray]:
    """Return tr(ρ'_α ln ρ_α) (..., n) on the support of ρ_α, and whether ρ'_α has left it."""
    means, outside = [], []
    for part, environment in zip(parts, frame.environments, strict=True):
        populations = np.diagonal(part, axis1=-2, axis2=-1).real
        logarithms = environment.log_populations
        empty: BooleanArray = np.isneginf(logarithms)
        means.append(populations @ np.where(empty, 0.0, logarithms))
        outside.append((populations * empty).sum(axis=-1) > support_tolerance(len(logarithms)))
    return np.stack(means, axis=-1), np.stack(outside, axis=-1)
