"""Von Neumann's gas: atoms in a box with a reservoir, whose internal states semipermeable walls tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt._kernels.entropies import support_tolerance
from loschmidt.checks import STATE_TOLERANCE, as_density_matrix, as_hermitian, as_number
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.states.bohr import group_energies
from loschmidt.typing import ComplexMatrix, OperatorLike, RealVector, StateLike

__all__ = ["GasComponents", "VonNeumannGas", "von_neumann_gas"]

#: Populations this close count as equal; less than the coherence that a state may have between separate ones.
_EQUAL = 1e-11


@dataclass(frozen=True, eq=False)
class GasComponents:
    """The pure states that make up a mixed one, most frequent first.

    Attributes
    ----------
    populations : (m,)
        Share of the atoms in each; those of no atoms are left out.
    kets : (m, d)
        Orthonormal, one per row.
    """

    populations: RealVector
    kets: ComplexMatrix


@dataclass(frozen=True, eq=False)
class VonNeumannGas:
    """What makes the states of a gas of equal atoms one pure state, reversibly; build one with :func:`von_neumann_gas`.

    Attributes
    ----------
    atoms : int
        Number n.
    temperature : float
        T of the reservoir.
    hamiltonian : (d, d) or None
        Of the internal levels; None for degenerate ones.
    walls : (m, d) or None
        Orthonormal kets, one per row, that the walls tell apart; None for the eigenvectors of the state.
    """

    atoms: int
    temperature: float
    hamiltonian: ComplexMatrix | None
    walls: ComplexMatrix | None

    def components(self, state: StateLike) -> GasComponents:
        """Return the pure states into which the walls separate a gas.

        Raises
        ------
        NotAStateError, ShapeError
            If the state is not one density matrix, or does not fit.
        InputError
            If the state is no mixture of what the walls tell apart.

        Examples
        --------
        >>> von_neumann_gas(10, 1.0).components([[0.25, 0], [0, 0.75]]).populations
        array([0.75, 0.25])
        """
        d = None if self.hamiltonian is None else len(self.hamiltonian)
        rho = as_density_matrix(state, "state", d if self.walls is None else self.walls.shape[1])
        if rho.ndim != 2:
            raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Take them one by one.")
        kets = self._eigenvectors(rho) if self.walls is None else self.walls
        found = kets.conj() @ rho @ kets.T
        _check_mixture(found)
        populations = np.diagonal(found).real
        order = np.argsort(-np.round(populations / _EQUAL), kind="stable")
        order = order[populations[order] > support_tolerance(len(rho))]
        return GasComponents(populations[order].copy(), kets[order])

    def _eigenvectors(self, rho: ComplexMatrix) -> ComplexMatrix:
        """Return eigenvectors as rows; among those of equal population the ones with an energy each, lowest first."""
        populations, basis = np.linalg.eigh(rho)
        if self.hamiltonian is None:
            return np.asarray(basis.T)
        levels = group_energies(populations, basis.astype(np.complex128), _EQUAL)
        rows = []
        for level in range(levels.count):
            block = levels.basis[:, levels.labels == level]
            _, turned = np.linalg.eigh(block.conj().T @ self.hamiltonian @ block)
            rows.append((block @ turned).T)
        return np.concatenate(rows)


def von_neumann_gas(
    atoms: int, temperature: float, *, hamiltonian: OperatorLike | None = None, walls: Any = None
) -> VonNeumannGas:
    r"""Return the gas of atoms that von Neumann takes from a mixed to a pure state.

    Semipermeable walls separate the gas into one box for each pure state :math:`|\psi_i\rangle`; each box is compressed
    at constant temperature from V to :math:`p_iV`; unitaries turn every state into :math:`|\psi_1\rangle`, the most
    frequent one, and the boxes are joined.

    Parameters
    ----------
    atoms : int
        Number n of atoms, each in the state that the gas is evolved from. The numbers in each box are taken to be
        n p_i; that they fluctuate changes the work by O(T ln n).
    temperature : float
        Of the reservoir, positive.
    hamiltonian : (d, d), optional
        Of the internal levels; what the unitaries change of the energy is work. Default: all levels are degenerate.
    walls : (m, d), optional
        Kets, one per row, that the walls tell apart, if not the eigenvectors of the state. They must be orthogonal, and
        the state a mixture of them.

    Returns
    -------
    VonNeumannGas

    Raises
    ------
    InputError and its subclasses
        If a number has the wrong sign, or the kets are not orthonormal.

    Notes
    -----
    :cite:t:`vonneumann1927`, as told in Appendix I of :cite:t:`ahmadi2020`. Whether the argument makes S(ρ) a
    thermodynamic entropy is debated: :cite:t:`hemmo2006` deny it, :cite:t:`prunkl2020` defends it.

    Examples
    --------
    >>> from loschmidt.evolution.evolve import evolve
    >>> evolution = evolve(von_neumann_gas(10, 2.0), [[0.5, 0], [0, 0.5]])
    >>> round(float(evolution.work[-1]), 6)  # n T ln 2
    13.862944
    """
    if isinstance(atoms, bool) or not isinstance(atoms, (int, np.integer)) or atoms < 1:
        raise InputError(f"`atoms` must be a positive whole number, but it is {atoms!r}.")
    energy = None if hamiltonian is None else as_hermitian(hamiltonian, "hamiltonian")
    if energy is not None and energy.ndim != 2:
        raise ShapeError(f"`hamiltonian` must be one operator (d, d), but its shape is {energy.shape}.")
    kets = None if walls is None else _orthonormal(walls, None if energy is None else len(energy))
    return VonNeumannGas(int(atoms), as_number(temperature, "temperature", positive=True), energy, kets)


def _orthonormal(walls: Any, dimension: int | None) -> ComplexMatrix:
    try:
        kets = np.array(walls, dtype=np.complex128)
    except (TypeError, ValueError):
        raise InputError(f"`walls` must be kets, one per row, but it is {walls!r}.") from None
    if kets.ndim != 2 or kets.size == 0 or (dimension is not None and kets.shape[1] != dimension):
        fits = "" if dimension is None else f" with d = {dimension}"
        raise ShapeError(f"`walls` must be kets (m, d){fits}, one per row, but its shape is {kets.shape}.")
    if not np.isfinite(kets).all():
        raise NotFiniteError("`walls` must be finite.")
    overlaps = np.abs(kets.conj() @ kets.T)
    norms = np.diagonal(overlaps)
    if not np.abs(norms - 1).max() <= STATE_TOLERANCE:
        at = int(np.abs(norms - 1).argmax())
        raise InputError(f"`walls` must be kets of norm 1, but ⟨ψ|ψ⟩ of ket {at} is {norms[at]:.6g}.")
    overlaps = overlaps - np.diag(norms)
    if overlaps.max() > STATE_TOLERANCE:
        i, j = (int(k) for k in np.unravel_index(int(overlaps.argmax()), overlaps.shape))
        raise InputError(
            f"`walls` must be orthogonal, but kets {i} and {j} overlap by {overlaps[i, j]:.3g}. No wall lets every "
            f"atom of one state pass and holds back every atom of a state that is not orthogonal to it. Leave `walls` "
            f"out, and the gas is separated into the eigenvectors of its state."
        )
    return kets


def _check_mixture(found: ComplexMatrix) -> None:
    """Refuse a state (m, m), given in the kets of the walls, that has coherence between them or lies outside."""
    weight = float(np.trace(found).real)
    if abs(weight - 1) > STATE_TOLERANCE:
        raise InputError(f"`walls` must tell apart all of the state, but they hold {weight:.6g} of it. Add kets.")
    coherence = np.abs(found - np.diag(np.diagonal(found)))
    if coherence.max() > STATE_TOLERANCE:
        i, j = (int(k) for k in np.unravel_index(int(coherence.argmax()), coherence.shape))
        raise InputError(
            f"`state` must be a mixture of the states that the walls tell apart, but between kets {i} and {j} it has "
            f"coherence {coherence[i, j]:.3g}. Such walls measure: they raise the entropy, and the way back is closed. "
            f"Leave `walls` out, and the gas is separated into the eigenvectors of its state."
        )
