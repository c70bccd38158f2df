"""The theorem on a subspace: a channel that is not unital may still be so where the state is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt._kernels.entropies import expectation_values, support_tolerance
from loschmidt.checks import as_density_matrix, as_number
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.dilations.energy_blocks import levels_with_basis
from loschmidt.processes.gains.minimal import MinimalEntropyGain, minimal_entropy_gain
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, OperatorLike, RealVector, StateLike

__all__ = ["OccupiedSubspace", "RestrictedUnitality", "occupied_subspace", "restricted_unitality"]


@dataclass(frozen=True, eq=False)
class OccupiedSubspace:
    """Where a state is: the levels, or without a Hamiltonian the eigenstates, that it occupies.

    Attributes
    ----------
    basis : (d, r)
        Orthonormal columns that span the occupied levels.
    occupations : (n,)
        Probability of each level, lowest energy first, or of each eigenstate of the state, most probable first.
    occupied : (n,)
        Whether it exceeds the tolerance.
    tolerance : float
        Probabilities up to this much are not occupation.
    outside : float
        Probability in what was called unoccupied; round-off may make it -1e-16.

    Examples
    --------
    >>> occupied_subspace(np.diag([0.5, 0.5, 1e-17])).occupied
    array([ True,  True, False])
    """

    basis: ComplexMatrix
    occupations: RealVector
    occupied: BooleanArray
    tolerance: float
    outside: float


@dataclass(frozen=True, eq=False)
class RestrictedUnitality:
    """What a channel does to the projector P on a subspace, and what follows for the entropy of states inside.

    Attributes
    ----------
    basis : (d, r)
        Orthonormal columns Q, P = QQ†.
    leak : float
        tr (1 - P)Φ(P), the weight that leaves.
    defect : float
        ‖Φ(P) - P‖ in the operator norm.
    excess : float
        Largest eigenvalue of Φ(P) - 1.
    gain_bound : float
        -ln ‖Φ(P)‖, in nats: no state inside loses more entropy than its negative.
    tolerance : float
        On leak, defect and excess.
    state_bound : float or None
        -tr Φ(ρ) ln Φ(P), in nats, a lower bound on ΔS of the state ρ whose subspace it is; None without a state.
    channel : Channel or None
        ρ → Q†Φ(QρQ†)Q on dimension r; None if the leak exceeds the tolerance.
    minimal_gain : MinimalEntropyGain or None
        Of that channel; None without one, or if it was not asked for.
    occupied : OccupiedSubspace or None
        How the subspace was found, if it was that of a state.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> restricted_unitality(amplitude_damping(0.3), state=[1, 0]).entropy_cannot_fall
    True
    """

    basis: ComplexMatrix
    leak: float
    defect: float
    excess: float
    gain_bound: float
    tolerance: float
    state_bound: float | None
    channel: Channel | None
    minimal_gain: MinimalEntropyGain | None
    occupied: OccupiedSubspace | None

    @property
    def unital(self) -> bool:
        """Whether Φ(P) = P: states inside stay inside, and the channel on them is unital."""
        return self.defect <= self.tolerance

    @property
    def entropy_cannot_fall(self) -> bool:
        """Whether Φ(P) ≤ 1, which is enough for ΔS ≥ 0 of every state inside, whether it stays or not."""
        return self.excess <= self.tolerance

    def as_dict(self) -> dict[str, Any]:
        """Return the numbers as plain ones."""
        gain = self.minimal_gain
        return {
            "dimension": self.basis.shape[1],
            "leak": self.leak,
            "defect": self.defect,
            "excess": self.excess,
            "gain_bound": self.gain_bound,
            "state_bound": self.state_bound,
            "minimal_gain": None if gain is None else float(gain.value),
            "tolerance": self.tolerance,
            "unital": self.unital,
            "entropy_cannot_fall": self.entropy_cannot_fall,
        }


def occupied_subspace(
    state: StateLike, hamiltonian: OperatorLike | None = None, tolerance: float = 1e-12
) -> OccupiedSubspace:
    """Return the span of the energy levels that a state occupies, or without a Hamiltonian its support.

    Parameters
    ----------
    state : (d, d) or ket (d,)
        Coherence between levels does not matter: ρ = PρP follows from the probabilities of the levels.
    hamiltonian : (d, d), optional
    tolerance : float
        Probabilities up to this much are round-off, not occupation.

    Raises
    ------
    NotAStateError, NotHermitianError, ShapeError, InputError
        If an argument is not what it must be, or nothing is occupied.

    Notes
    -----
    :cite:t:`lesovik2016` take the states |ψ_E,i⟩ of finite probability; a level is taken as a whole, because a process
    that keeps the energy mixes its states.

    Examples
    --------
    >>> occupied_subspace([0, 1, 0], np.diag([0.0, 1.0, 1.0])).basis.shape
    (3, 2)
    """
    rho = as_density_matrix(state, "state")
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Loop over the stack.")
    accepted = as_number(tolerance, "occupation_tolerance", non_negative=True)
    if hamiltonian is None:
        occupations, vectors = np.linalg.eigh(rho)
        occupations, vectors = occupations[::-1], vectors[:, ::-1]
        members: IntegerArray = np.arange(len(rho))
    else:
        levels = levels_with_basis(hamiltonian, len(rho))
        vectors, members = levels.basis, levels.labels
        occupations = np.bincount(members, weights=levels.to_eigenbasis(rho).diagonal().real)
    occupied = occupations > accepted
    if not occupied.any():
        raise InputError(
            f"`occupation_tolerance` must be below the largest probability of a level, {occupations.max():.1e}, "
            f"but it is {accepted:g}."
        )
    outside = float(occupations[~occupied].sum())
    return OccupiedSubspace(vectors[:, occupied[members]], np.asarray(occupations), occupied, accepted, outside)


def restricted_unitality(
    channel: Channel,
    basis: OperatorLike | None = None,
    *,
    state: StateLike | None = None,
    hamiltonian: OperatorLike | None = None,
    tolerance: float = 1e-10,
    occupation_tolerance: float = 1e-12,
    gain: bool = True,
) -> RestrictedUnitality:
    r"""Return whether a channel is unital on a subspace, and if not by how much entropy can fall there.

    If :math:`\Phi(P) = P`, the channel maps states inside to states inside and is unital on them, so none of them
    loses entropy, whatever their coherence between levels. :math:`\Phi(P)\le\hat 1` is enough for that, because

    .. math:: \Delta S \ge -\mathrm{tr}\,\Phi(\rho)\ln\Phi(P) \ge -\ln\|\Phi(P)\|\quad\text{for}\quad\rho = P\rho P.

    Parameters
    ----------
    channel : Channel
        From a space to itself.
    basis : (d, r), optional
        Orthonormal columns that span the subspace; either this or `state`.
    state : (d, d) or ket (d,), optional
        Take the subspace that this state occupies, see :func:`occupied_subspace`.
    hamiltonian : (d, d), optional
        With `state`: take whole energy levels.
    tolerance : float
        On leak, defect and excess.
    occupation_tolerance : float
        Probabilities up to this much are not occupation.
    gain : bool
        Whether to compute the minimal entropy gain of the restricted channel.

    Returns
    -------
    RestrictedUnitality

    Raises
    ------
    ShapeError, NotAStateError, InputError
        If an argument is not what it must be, both or none of `basis` and `state` are given, or the channel is not
        from a space to itself.

    Notes
    -----
    The theorem of :cite:t:`lesovik2016` on restricted subspaces, and its weaker condition.

    Examples
    --------
    A qubit loses entropy by decay, but not if nothing is excited:

    >>> from loschmidt.processes.channels import amplitude_damping
    >>> decay = amplitude_damping(0.3)
    >>> restricted_unitality(decay, np.eye(2)).unital, restricted_unitality(decay, [[1], [0]]).unital
    (False, True)
    """
    if (basis is None) == (state is None):
        raise InputError("`restricted_unitality` needs either `basis` or `state`, exactly one of them.")
    accepted = as_number(tolerance, "tolerance", positive=True)
    occupied = None
    if state is not None:
        occupied = occupied_subspace(state, hamiltonian, occupation_tolerance)
        basis = occupied.basis
    elif hamiltonian is not None:
        raise InputError("`hamiltonian` selects the levels that `state` occupies, but there is no `state`.")
    restriction = channel.restrict(basis, accepted)
    columns, inside = restriction.basis, restriction.channel
    image = channel.apply(columns @ columns.conj().T)
    largest = float(np.linalg.eigvalsh(image)[-1])
    bound = None if state is None else _state_bound(channel(state), image)
    return RestrictedUnitality(
        basis=columns,
        leak=restriction.leak,
        defect=restriction.identity_defect,
        excess=largest - 1,
        gain_bound=-math.log(largest),
        tolerance=accepted,
        state_bound=bound,
        channel=inside,
        minimal_gain=minimal_entropy_gain(inside) if gain and inside is not None else None,
        occupied=occupied,
    )


def _state_bound(output: ComplexMatrix, image: ComplexMatrix) -> float:
    """Return -tr Φ(ρ) ln Φ(P), the logarithm on the support of Φ(P), which holds that of Φ(ρ)."""
    values, vectors = np.linalg.eigh(image)
    kernel = values <= support_tolerance(len(values)) * values[-1]
    logarithm = (vectors * np.log(np.where(kernel, 1.0, values))) @ vectors.conj().T
    return -float(expectation_values(output, logarithm))
