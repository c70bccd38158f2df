"""System and reservoir that start correlated: there is no channel, and no theorem that does not count I(S:R)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import (
    entropy_of_spectrum,
    hermitian_eigensystems,
    hermitian_eigenvalues,
    populations_in_basis,
    support_tolerance,
)
from loschmidt.checks import as_unitary
from loschmidt.errors import ShapeError
from loschmidt.information.spectra import checked_spectrum
from loschmidt.processes.dilations.dilation import as_joint_operator, as_pair
from loschmidt.states.product import reduced_matrices
from loschmidt.typing import ComplexMatrix, OperatorLike, RealArray, StateLike

__all__ = ["CorrelatedEvolution", "evolve_correlated_start"]


@dataclass(frozen=True, eq=False)
class CorrelatedEvolution:
    """What became of a joint state that need not be a product.

    Attributes
    ----------
    joint_state : (..., d_S d_R, d_S d_R)
        After the unitary, system ⊗ reservoir.
    system_before, system_after : (..., d_S, d_S)
    reservoir_before, reservoir_after : (..., d_R, d_R)
    mutual_information_before, mutual_information_after : (...)
        I(S:R) in nats; the first is zero for a product start.
    entropy_change : (...)
        Of the system, in nats.
    lower_bound : (...)
        On `entropy_change`, in nats: -I(S:R) - tr ρ' ln Φ(1), where Φ is the channel that the same unitary makes of a
        product start with the same reservoir state. For unital Φ the system loses at most I(S:R).

    Examples
    --------
    >>> bell, cnot = np.array([1, 0, 0, 1]) / np.sqrt(2), np.eye(4)[[0, 1, 3, 2]]
    >>> round(float(evolve_correlated_start(cnot, bell, (2, 2)).lower_bound), 6)
    -1.386294
    """

    joint_state: ComplexMatrix
    system_before: ComplexMatrix
    system_after: ComplexMatrix
    reservoir_before: ComplexMatrix
    reservoir_after: ComplexMatrix
    mutual_information_before: RealArray
    mutual_information_after: RealArray
    entropy_change: RealArray
    lower_bound: RealArray


def evolve_correlated_start(
    unitary: OperatorLike, joint_state: StateLike, dims: Sequence[int], order: str = "SR"
) -> CorrelatedEvolution:
    r"""Return what a joint unitary does to a joint state, correlations included.

    Parameters
    ----------
    unitary : (d_S d_R, d_S d_R)
    joint_state : (..., d_S d_R, d_S d_R) or ket
        Any state of system and reservoir.
    dims : (int, int)
        (d_S, d_R), the system first whatever `order` is.
    order : "SR" or "RS"
        Order of the factors in `unitary` and `joint_state`.

    Returns
    -------
    CorrelatedEvolution

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError, InputError
        If an argument is not what it must be, or the dimensions do not fit.

    Notes
    -----
    The theorem of :cite:t:`lesovik2016` is about systems that start uncorrelated with their reservoir: with initial
    correlations the final state of the system is not a function of its initial one. What is left follows from the
    monotonicity of the relative entropy (:cite:t:`lindblad1975`) between ρ_SR and 1⊗ρ_R,

    .. math:: \Delta S \ge -I(S{:}R) - \mathrm{tr}\,\rho'_S\ln\mathrm{tr}_R\{U(\hat 1\otimes\rho_R)U^\dagger\}.

    Examples
    --------
    A Bell pair has no entropy to lose as a whole, but its half has:

    >>> bell, cnot = np.array([1, 0, 0, 1]) / np.sqrt(2), np.eye(4)[[0, 1, 3, 2]]
    >>> after = evolve_correlated_start(cnot, bell, (2, 2))
    >>> round(float(after.entropy_change), 6), round(float(after.mutual_information_before), 6)
    (-0.693147, 1.386294)
    """
    gate = as_unitary(unitary, "unitary")
    if gate.ndim != 2:
        raise ShapeError(f"`unitary` must be one matrix (d, d), but its shape is {gate.shape}. Loop over the stack.")
    pair = as_pair(gate, dims)
    gate = as_joint_operator(gate, pair, order)
    given, spectrum = checked_spectrum(joint_state, "joint_state", len(gate))
    before = as_joint_operator(given, pair, order)
    after = gate @ before @ gate.conj().T
    parts = [reduced_matrices(state, pair, [part]) for state in (before, after) for part in (0, 1)]
    joint_entropy = entropy_of_spectrum(spectrum)
    system, reservoir, new_system, new_reservoir = (entropy_of_spectrum(hermitian_eigenvalues(one)) for one in parts)
    information = system + reservoir - joint_entropy
    return CorrelatedEvolution(
        joint_state=after,
        system_before=parts[0],
        system_after=parts[2],
        reservoir_before=parts[1],
        reservoir_after=parts[3],
        mutual_information_before=information,
        mutual_information_after=new_system + new_reservoir - joint_entropy,
        entropy_change=new_system - system,
        lower_bound=_product_start_bound(gate, parts[1], parts[2], pair) - information,
    )


def _product_start_bound(
    gate: ComplexMatrix, reservoir: ComplexMatrix, system_after: ComplexMatrix, pair: tuple[int, int]
) -> RealArray:
    """Return -tr ρ' ln Φ(1) (...) with the logarithm on the support of Φ(1), which holds that of ρ'."""
    d, r = pair
    blocks = gate.reshape(d, r, d, r).transpose(0, 2, 1, 3)
    moved = blocks @ reservoir[..., None, None, :, :]
    image = np.einsum("...jimn,kimn->...jk", moved, blocks.conj(), optimize=True)
    values, vectors = hermitian_eigensystems(image)
    kernel = values <= support_tolerance(d) * values[..., -1:]
    logarithms = np.where(kernel, 0.0, np.log(np.where(kernel, 1.0, values)))
    bound: RealArray = 0.0 - np.einsum("...j,...j->...", populations_in_basis(system_after, vectors), logarithms)
    return bound
