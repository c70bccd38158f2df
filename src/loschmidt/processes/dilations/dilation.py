"""A dilation is the whole of an open process: a joint unitary, and the state in which the reservoir starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from functools import cached_property

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, hermitian_eigenvalues
from loschmidt.checks import as_density_matrix, as_hermitian, as_unitary
from loschmidt.errors import InputError, ShapeError
from loschmidt.information.spectra import checked_spectrum
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.channels.representations import choi_from_kraus
from loschmidt.states.product import as_dims
from loschmidt.typing import ComplexMatrix, OperatorLike, RealArray, StateLike

__all__ = ["WEIGHT_CUT", "Dilation", "EnergyExchange", "as_joint_operator", "as_pair"]

#: Eigenvalues of a reservoir state up to this size are round-off and give no Kraus operator.
WEIGHT_CUT = 1e-15


@dataclass(frozen=True)
class EnergyExchange:
    """Mean energy that each side gains, in units of energy.

    Attributes
    ----------
    system, reservoir : (...) or None
        tr H(ρ' - ρ) of either side; None for a side without a Hamiltonian.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> hot = Dilation(swap, np.eye(2) / 2, (2, 2), system_hamiltonian=np.diag([0.0, 1.0]))
    >>> round(float(hot.energy_exchange([1, 0]).system), 6)
    0.5
    """

    system: RealArray | None
    reservoir: RealArray | None

    @property
    def total(self) -> RealArray | None:
        """What both sides gain together, zero for an energy-conserving unitary; None unless both are known."""
        if self.system is None or self.reservoir is None:
            return None
        return self.system + self.reservoir


@dataclass(frozen=True, eq=False)
class Dilation:
    r"""A joint unitary and a reservoir state, which make the channel of a product start.

    .. math:: \Phi(\rho) = \mathrm{tr}_R\{U(\rho\otimes\rho_R)U^\dagger\}

    Parameters
    ----------
    unitary : (d_S d_R, d_S d_R)
        On system ⊗ reservoir, index j·d_R + m; for ``order="RS"`` on reservoir ⊗ system.
    reservoir_state : (d_R, d_R) or ket (d_R,)
        State in which the reservoir starts, uncorrelated with the system.
    dims : (int, int)
        (d_S, d_R), the system first whatever `order` is.
    system_hamiltonian, reservoir_hamiltonian : (d_S, d_S) and (d_R, d_R), optional
        For energy blocks and for the energy that is exchanged.
    order : "SR" or "RS"
        How the unitary handed in is ordered; it is kept, and shown, as system ⊗ reservoir.

    Raises
    ------
    NotUnitaryError, NotAStateError, NotHermitianError, ShapeError, InputError
        If an argument is not what it must be, or the dimensions do not fit.

    Notes
    -----
    :cite:t:`lesovik2016`, whose theorem is about product starts only; for others see
    :func:`~loschmidt.processes.dilations.correlated.evolve_correlated_start`. Eigenvalues of the reservoir state up to
    1e-15 are round-off and left out.

    Examples
    --------
    >>> swap = np.eye(4)[[0, 2, 1, 3]]
    >>> Dilation(swap, [1, 0], (2, 2)).identity_image.real
    array([[2., 0.],
           [0., 0.]])
    """

    unitary: OperatorLike
    reservoir_state: StateLike
    dims: Sequence[int]
    system_hamiltonian: OperatorLike | None = None
    reservoir_hamiltonian: OperatorLike | None = None
    order: InitVar[str] = "SR"

    def __post_init__(self, order: str) -> None:
        unitary = _single(as_unitary(self.unitary, "unitary"), "unitary")
        pair = as_pair(unitary, self.dims)
        object.__setattr__(self, "dims", pair)
        object.__setattr__(self, "unitary", as_joint_operator(unitary, pair, order))
        state = as_density_matrix(self.reservoir_state, "reservoir_state", pair[1])
        object.__setattr__(self, "reservoir_state", _single(state, "reservoir_state"))
        for name, dimension in zip(("system_hamiltonian", "reservoir_hamiltonian"), pair, strict=True):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _single(as_hermitian(given, name, dimension), name))

    @classmethod
    def from_channel(cls, channel: Channel, system_hamiltonian: OperatorLike | None = None) -> Dilation:
        """Return a dilation of a channel with as many reservoir states as it has Kraus operators, the first occupied.

        Raises
        ------
        ShapeError
            If input and output of the channel differ in dimension: system and reservoir would change theirs.

        Notes
        -----
        Neither the completion of the isometry of :cite:t:`stinespring1955` nor the reservoir is unique: what depends on
        them, such as a label of :func:`~loschmidt.processes.dilations.classifier.classify`, is not a property of the
        channel.

        Examples
        --------
        >>> from loschmidt.processes.channels import Channel
        >>> reset = Channel.from_kraus([[[1, 0], [0, 0]], [[0, 1], [0, 0]]])
        >>> Dilation.from_channel(reset).dims
        (2, 2)
        """
        if not channel.is_square:
            raise ShapeError(
                f"`channel` must map a space to itself to have a unitary dilation, but it maps dimension "
                f"{channel.dimension_in} to {channel.dimension_out}."
            )
        whole = channel.stinespring()
        return cls(whole.unitary, whole.environment_state, whole.dims_out, system_hamiltonian)

    @property
    def blocks(self) -> ComplexMatrix:
        """⟨j|U|i⟩ in the given basis, the (d_S, d_S, d_R, d_R) operators that the reservoir feels."""
        d, r = self.dims
        return np.asarray(self.unitary.reshape(d, r, d, r).transpose(0, 2, 1, 3))

    @cached_property
    def reservoir_factor(self) -> ComplexMatrix:
        r"""√p_n \|n⟩ as columns (d_R, rank), so that ρ_R is the factor times its adjoint."""
        diagonal = self.reservoir_state.diagonal().real
        if (self.reservoir_state == np.diag(diagonal)).all():
            weights, vectors = diagonal, np.eye(len(diagonal), dtype=np.complex128)
        else:
            weights, vectors = np.linalg.eigh(self.reservoir_state)
        kept = weights > WEIGHT_CUT
        return np.asarray(vectors[:, kept] * np.sqrt(weights[kept]))

    @property
    def reservoir_rank(self) -> int:
        """Number of reservoir states that are occupied at the start."""
        return int(self.reservoir_factor.shape[1])

    @cached_property
    def amplitudes(self) -> ComplexMatrix:
        """⟨j m|U|i⟩|n⟩√p_n, the (d_S, d_R, d_S, rank) amplitudes from which all images follow."""
        d, r = self.dims
        return np.asarray(self.unitary.reshape(d, r, d, r) @ self.reservoir_factor)

    @cached_property
    def kraus_operators(self) -> ComplexMatrix:
        """√p_n ⟨m|U|n⟩, all (d_R·rank, d_S, d_S) of them; the channel may hold fewer."""
        d = self.dims[0]
        return np.ascontiguousarray(self.amplitudes.transpose(1, 3, 0, 2)).reshape(-1, d, d)

    @cached_property
    def channel(self) -> Channel:
        """What happens to the system."""
        d = self.dims[0]
        if len(self.kraus_operators) > d * d:
            return Channel.from_choi(choi_from_kraus(self.kraus_operators), dims=(d, d))
        return Channel.from_kraus(self.kraus_operators)

    @cached_property
    def reservoir_channel(self) -> Channel:
        """What the reservoir learns: the channel from the system's initial to the reservoir's final state."""
        d, r = self.dims
        operators = np.ascontiguousarray(self.amplitudes.transpose(0, 3, 1, 2)).reshape(-1, r, d)
        if len(operators) > d * r:
            return Channel.from_choi(choi_from_kraus(operators), dims=(d, r))
        return Channel.from_kraus(operators)

    @cached_property
    def complementary(self) -> Channel:
        """The complementary channel: to the reservoir and to what purifies it, d_R·rank states, index m·rank + n.

        For a pure reservoir state it is :attr:`reservoir_channel`.
        """
        d = self.dims[0]
        return Channel.from_kraus(np.ascontiguousarray(self.amplitudes.transpose(0, 1, 3, 2)).reshape(d, -1, d))

    @cached_property
    def identity_image(self) -> ComplexMatrix:
        """Φ(1), the (d_S, d_S) image of the identity, as AA† without making the channel; Hermitian exactly."""
        rows = self.amplitudes.reshape(self.dims[0], -1)
        image = rows @ rows.conj().T
        return np.asarray((image + image.conj().T) / 2)

    def joint_state(self, state: StateLike) -> ComplexMatrix:
        """Return U(ρ⊗ρ_R)U† (..., d_S d_R, d_S d_R) of initial states (..., d_S, d_S) or a ket.

        Examples
        --------
        >>> cnot = np.eye(4)[[0, 1, 3, 2]]
        >>> Dilation(cnot, [1, 0], (2, 2)).joint_state([0, 1]).real.diagonal()
        array([0., 0., 0., 1.])
        """
        d, r = self.dims
        rho = as_density_matrix(state, "state", d)
        by_weight = np.ascontiguousarray(self.amplitudes.reshape(d * r, d, -1).transpose(2, 0, 1))
        half = (by_weight @ rho[..., None, :, :]).swapaxes(-3, -2).reshape(*rho.shape[:-2], d * r, -1)
        return np.asarray(half @ by_weight.conj().swapaxes(-1, -2).reshape(-1, d * r))

    def reservoir_output(self, state: StateLike) -> ComplexMatrix:
        """Return the final reservoir states (..., d_R, d_R) of initial system states (..., d_S, d_S) or a ket.

        Examples
        --------
        >>> swap = np.eye(4)[[0, 2, 1, 3]]
        >>> Dilation(swap, [1, 0], (2, 2)).reservoir_output([0, 1]).real.diagonal()
        array([0., 1.])
        """
        return self.reservoir_channel(state)

    def mutual_information_after(self, state: StateLike) -> RealArray:
        """Return I(S:R) (...) after the process, in nats, of initial states (..., d_S, d_S) or a ket.

        Notes
        -----
        The joint entropy is that of the start, S(ρ) + S(ρ_R), so the joint state is not made.

        Examples
        --------
        >>> cnot = np.eye(4)[[0, 1, 3, 2]]
        >>> plus = np.array([1, 1]) / np.sqrt(2)
        >>> round(float(Dilation(cnot, [1, 0], (2, 2)).mutual_information_after(plus)), 6)
        1.386294
        """
        rho, spectrum = checked_spectrum(state, "state", self.dims[0])
        start = entropy_of_spectrum(spectrum) + entropy_of_spectrum(hermitian_eigenvalues(self.reservoir_state))
        system = entropy_of_spectrum(hermitian_eigenvalues(self.channel(rho)))
        return system + entropy_of_spectrum(hermitian_eigenvalues(self.reservoir_channel(rho))) - start

    def energy_exchange(self, state: StateLike) -> EnergyExchange:
        """Return the energy that system and reservoir gain, for initial states (..., d_S, d_S) or a ket.

        Raises
        ------
        InputError
            If the dilation has no Hamiltonian.

        Examples
        --------
        >>> swap, energy = np.eye(4)[[0, 2, 1, 3]], np.diag([0.0, 1.0])
        >>> exchange = Dilation(swap, [1, 0], (2, 2), energy, energy).energy_exchange([0, 1])
        >>> float(exchange.system), float(exchange.reservoir), float(exchange.total)
        (-1.0, 1.0, 0.0)
        """
        if self.system_hamiltonian is None and self.reservoir_hamiltonian is None:
            raise InputError(
                "`energy_exchange` needs a Hamiltonian, but the dilation has none. "
                "Pass `system_hamiltonian` or `reservoir_hamiltonian` to Dilation."
            )
        rho = as_density_matrix(state, "state", self.dims[0])
        system = reservoir = None
        if self.system_hamiltonian is not None:
            system = _gain(rho, self.channel.adjoint(self.system_hamiltonian) - self.system_hamiltonian)
        if self.reservoir_hamiltonian is not None:
            initial = np.vdot(self.reservoir_hamiltonian, self.reservoir_state).real
            seen = self.reservoir_channel.adjoint(self.reservoir_hamiltonian)
            reservoir = _gain(rho, seen - initial * np.eye(self.dims[0]))
        return EnergyExchange(system, reservoir)

    @property
    def conservation_defect(self) -> float:
        """‖[U, H_S⊗1 + 1⊗H_R]‖ in the Frobenius norm; a Hamiltonian that is absent counts as zero."""
        commutator = np.zeros(self.blocks.shape, dtype=np.complex128)
        if self.system_hamiltonian is not None:
            commutator += np.einsum("jimn,ik->jkmn", self.blocks, self.system_hamiltonian, optimize=True)
            commutator -= np.einsum("jk,kimn->jimn", self.system_hamiltonian, self.blocks, optimize=True)
        if self.reservoir_hamiltonian is not None:
            commutator += self.blocks @ self.reservoir_hamiltonian - self.reservoir_hamiltonian @ self.blocks
        return float(np.linalg.norm(commutator))


def as_pair(operator: ComplexMatrix, dims: Sequence[int]) -> tuple[int, int]:
    """Return `dims` as (d_S, d_R) that fits a joint operator (..., D, D).

    Raises
    ------
    InputError, ShapeError
        If it is not two positive integers of product D.

    Examples
    --------
    >>> as_pair(np.eye(6) + 0j, [2, 3])
    (2, 3)
    """
    if np.shape(dims) != (2,):
        raise InputError(f"`dims` must be two integers (d_S, d_R), system and reservoir, but it is {dims!r}.")
    system, reservoir = as_dims(operator, dims, operator.shape[-1])
    return system, reservoir


def as_joint_operator(matrix: ComplexMatrix, pair: tuple[int, int], order: str) -> ComplexMatrix:
    """Return joint operators (..., D, D), given in `order`, as system ⊗ reservoir.

    Raises
    ------
    InputError
        If `order` is neither "SR" nor "RS".

    Examples
    --------
    >>> flip_second = np.kron(np.eye(2), [[0, 1], [1, 0]]) + 0j
    >>> as_joint_operator(flip_second, (2, 2), "RS").real[0]
    array([0., 0., 1., 0.])
    """
    if order not in {"SR", "RS"}:
        raise InputError(f"`order` must be 'SR' (system ⊗ reservoir) or 'RS', but it is {order!r}.")
    if order == "SR":
        return matrix
    d, r = pair
    parts = matrix.reshape(*matrix.shape[:-2], r, d, r, d)
    return np.ascontiguousarray(np.moveaxis(parts, (-4, -2), (-3, -1))).reshape(matrix.shape)


def _single(matrix: ComplexMatrix, name: str) -> ComplexMatrix:
    if matrix.ndim != 2:
        raise ShapeError(f"`{name}` must be one matrix (d, d), but its shape is {matrix.shape}. Loop over the stack.")
    return matrix


def _gain(rho: ComplexMatrix, operator: ComplexMatrix) -> RealArray:
    gain: RealArray = np.einsum("...ij,ji->...", rho, operator).real
    return gain
