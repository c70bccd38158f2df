"""A thermal operation: a unitary on a system and environments that start in Gibbs states, each with its temperature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_hermitian, as_unitary
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.processes.thermal_operations.environment import GibbsEnvironment
from loschmidt.processes.thermal_operations.frame import EnergyFrame, as_environments, energy_frame
from loschmidt.states.product import product_state
from loschmidt.typing import BooleanArray, ComplexMatrix, ComplexTensor, OperatorLike, RealVector

__all__ = ["CONSERVATION_TOLERANCE", "ThermalOperation"]

#: Largest ‖[U, H_S + H_E]‖, in the Frobenius norm and relative to the width of H_S + H_E, that counts as zero.
CONSERVATION_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class ThermalOperation:
    r"""A unitary that conserves the energy of a system and of environments that start in Gibbs states.

    .. math:: \rho_S' = \mathrm{tr}_E\{U(\rho_S\otimes\rho_E)U^\dagger\},\qquad
        \rho_E = \bigotimes_\alpha e^{-\beta_\alpha H_\alpha}/Z_\alpha,\qquad [U, H_S + \sum_\alpha H_\alpha] = 0

    Parameters
    ----------
    unitary : (d_S d_1 d_2 ⋯, d_S d_1 d_2 ⋯)
        On system ⊗ first environment ⊗ second environment ⋯.
    system_hamiltonian : (d_S, d_S)
        Hermitian operator.
    environments : GibbsEnvironment or sequence of them
        With different names; their temperatures need not agree.
    allow_work : bool
        Whether to accept a unitary that does not conserve energy. Switching it on and off then does work, and of the
        conservation laws only those hold that need no more than unitarity and Gibbs starts.

    Raises
    ------
    InputError
        If the unitary does not conserve energy, ‖[U, H]‖ > 1e-10 of the width of H in the Frobenius norm, and work is
        not allowed.
    NotUnitaryError, NotHermitianError, ShapeError
        If an argument is not what it must be, or the dimensions do not fit.

    Notes
    -----
    :cite:t:`santos2019`, Eq. (16), for one environment. Energies closer than 1e-9 of the width of their spectrum are
    one level.

    Examples
    --------
    >>> qubit, swap = np.diag([0.0, 1.0]), np.eye(4)[[0, 2, 1, 3]]
    >>> operation = ThermalOperation(swap, qubit, GibbsEnvironment(qubit, np.log(3)))
    >>> operation.channel([0, 1]).real.diagonal().round(6)
    array([0.75, 0.25])
    """

    unitary: OperatorLike
    system_hamiltonian: OperatorLike
    environments: GibbsEnvironment | Sequence[GibbsEnvironment]
    allow_work: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "environments", as_environments(self.environments))
        object.__setattr__(self, "system_hamiltonian", as_hermitian(self.system_hamiltonian, "system_hamiltonian"))
        unitary = as_unitary(self.unitary, "unitary", len(self.frame.total.labels))
        if unitary.ndim != 2:
            raise ShapeError(f"`unitary` must be one matrix (D, D), but its shape is {unitary.shape}. Loop over it.")
        object.__setattr__(self, "unitary", unitary)
        if not self.allow_work and not self.conserves_energy:
            raise InputError(
                f"`unitary` must commute with the total energy, but ‖[U, H]‖ is {self.conservation_defect:.1e} of the "
                f"width of H (up to {CONSERVATION_TOLERANCE:.0e} is accepted). Build it with "
                f"`thermal_operation_from_potential`, or pass allow_work=True if switching it on does work."
            )

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def frame(self) -> EnergyFrame:
        """Energy eigenbasis of the whole, and its levels."""
        return energy_frame(self.system_hamiltonian, self.environments)

    @property
    def dims(self) -> tuple[int, ...]:
        """(d_S, d_1, d_2, …)."""
        return self.frame.dims

    @property
    def betas(self) -> RealVector:
        """Inverse temperatures (n,) of the environments."""
        return np.array([float(one.beta) for one in self.frame.environments])

    @property
    def common_beta(self) -> float | None:
        """The inverse temperature of all environments, or None if they differ."""
        betas = self.betas
        return float(betas[0]) if (betas == betas[0]).all() else None

    @cached_property
    def environment_hamiltonian(self) -> ComplexMatrix:
        """H_E = Σ H_α (d_E, d_E) on all environments."""
        total: ComplexMatrix = np.zeros((1, 1), dtype=np.complex128)
        for one in self.frame.environments:
            # ⊗ 1 on the right for what is there, 1 ⊗ on the left for what comes.
            total = np.kron(total, np.eye(one.dimension)) + np.kron(np.eye(len(total)), one.hamiltonian)
        return total

    @cached_property
    def dilation(self) -> Dilation:
        """The unitary with the joint start of the environments as one reservoir, in the given basis."""
        start = product_state(*(one.state for one in self.frame.environments))
        return Dilation(self.unitary, start, self.frame.pair, self.system_hamiltonian, self.environment_hamiltonian)

    @property
    def channel(self) -> Channel:
        """What happens to the system."""
        return self.dilation.channel

    @cached_property
    def energy_unitary(self) -> ComplexTensor:
        """⟨m ν|U|n μ⟩ (d_S, d_E, d_S, d_E) between energy eigenstates, those of ``frame``."""
        return np.ascontiguousarray(self.frame.enter(self.unitary)).reshape(*self.frame.pair, *self.frame.pair)

    @cached_property
    def heat_operators(self) -> ComplexTensor:
        r"""What the heat from each environment is the expectation value of, in the initial state (n, d_S, d_S).

        .. math:: Q_\alpha = \mathrm{tr}(K_\alpha\rho_S),\qquad
            K_\alpha = \mathrm{tr}_E\{(1\otimes\rho_E)(H_\alpha - U^\dagger H_\alpha U)\}
        """
        d, r = self.frame.pair
        with np.errstate(under="ignore"):
            weights = np.exp(self.frame.log_populations)
        # Rows n, columns (m, ν, μ): ⟨m ν|U|n μ⟩.
        rows = np.ascontiguousarray(self.energy_unitary.transpose(2, 0, 1, 3)).reshape(d, -1)
        operators = []
        for energies in self._environment_energies():
            # q_μ (E_μ - E_ν): differences, so that a cold environment loses no digits.
            lost = (energies - energies[:, None]) * weights
            weighted = (rows.reshape(d, d, r, r) * lost).reshape(d, -1)
            operators.append(self.frame.system.from_eigenbasis(rows.conj() @ weighted.T))
        return np.stack(operators)

    def _environment_energies(self) -> list[RealVector]:
        """Return the energy of each environment in every product eigenstate (d_E,) of all of them."""
        axes = np.meshgrid(*(one.energies for one in self.frame.environments), indexing="ij")
        return [axis.reshape(-1) for axis in axes]

    # ── conservation of energy ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def conservation_defect(self) -> float:
        """‖[U, H_S + H_E]‖ in the Frobenius norm, relative to the width of H_S + H_E."""
        width = self.frame.total.width
        if width == 0:
            return 0.0
        energies = self.frame.total.energies / width
        matrix = self.energy_unitary.reshape(len(energies), -1)
        return float(np.linalg.norm(matrix * (energies[:, None] - energies)))

    @cached_property
    def leakage(self) -> float:
        """Frobenius norm of what U has between different levels of the total energy."""
        labels = self.frame.total.labels
        between: BooleanArray = labels[:, None] != labels
        return float(np.linalg.norm(self.energy_unitary.reshape(len(labels), -1)[between]))

    @property
    def conserves_energy(self) -> bool:
        """Whether U commutes with H_S + H_E, up to 1e-10 of its width."""
        return self.conservation_defect <= CONSERVATION_TOLERANCE

    @property
    def exchanges_energy(self) -> bool:
        """Whether U connects different energies of the system; without that its levels keep their populations."""
        between = self.frame.system.labels[:, None] != self.frame.system.labels
        return bool(np.abs(self.energy_unitary.transpose(0, 2, 1, 3)[between]).max(initial=0.0) > 1e-12)
