"""Observational entropy: what is not known of a state when only the outcomes of one measurement are."""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.entropies import populations_in_basis
from loschmidt.checks import STATE_TOLERANCE, as_density_matrix, as_hermitian
from loschmidt.errors import InputError
from loschmidt.states.bohr import energy_levels
from loschmidt.typing import ComplexMatrix, ComplexTensor, IntegerArray, OperatorLike, RealArray, RealVector, StateLike

__all__ = [
    "coarse_grained_state",
    "joint_projectors",
    "level_projectors",
    "observational_entropy",
    "observational_entropy_in_basis",
]


def observational_entropy(state: StateLike, projectors: OperatorLike) -> RealArray:
    r"""Return the observational entropy of a state for a coarse-graining, in nats.

    .. math:: S_\mathrm{obs}(\rho) = -\sum_k p_k\ln\frac{p_k}{V_k},\qquad p_k = \mathrm{tr}(P_k\rho),\quad
        V_k = \mathrm{tr}\,P_k

    Parameters
    ----------
    state : (..., d, d) or ket (d,)
        Density operators.
    projectors : (k, d, d)
        Orthogonal projectors that add up to the identity; such as :func:`level_projectors` makes.

    Returns
    -------
    (...)
        At least the von Neumann entropy, at most ln d, and larger the coarser the projectors.

    Raises
    ------
    NotAStateError, NotHermitianError, ShapeError
        If an argument is not what it must be, or the dimensions do not fit.
    InputError
        If the projectors do not project, or do not add up to the identity.

    Notes
    -----
    :cite:t:`safranek2019`. It exceeds S(ρ) by S(ρ‖ρ_cg) with ρ_cg of :func:`coarse_grained_state`, so it starts above
    S(ρ) unless the state is made of the projectors, and can then fall.

    Examples
    --------
    >>> import numpy as np
    >>> plus = np.array([1, 1]) / np.sqrt(2)
    >>> round(float(observational_entropy(plus, level_projectors([[0, 0], [0, 1]]))), 6)
    0.693147
    """
    matrix = as_density_matrix(state, "state")
    parts, volumes = _as_coarse_graining(projectors, matrix.shape[-1])
    return _entropy(_probabilities(matrix, parts), volumes)


def coarse_grained_state(state: StateLike, projectors: OperatorLike) -> ComplexMatrix:
    r"""Return the state that is spread evenly over each projector, with the same probabilities.

    .. math:: \rho_\mathrm{cg} = \sum_k p_k\,P_k/V_k

    Parameters
    ----------
    state, projectors
        As for :func:`observational_entropy`.

    Returns
    -------
    (..., d, d)
        Its von Neumann entropy is the observational entropy.

    Raises
    ------
    NotAStateError, NotHermitianError, ShapeError, InputError
        As :func:`observational_entropy`.

    Examples
    --------
    >>> coarse_grained_state([1, 0], [np.eye(2)]).real
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    matrix = as_density_matrix(state, "state")
    parts, volumes = _as_coarse_graining(projectors, matrix.shape[-1])
    return np.asarray(np.tensordot(_probabilities(matrix, parts) / volumes, parts, axes=1))


def level_projectors(observable: OperatorLike) -> ComplexTensor:
    """Return the projectors (k, d, d) on the levels of an observable (d, d), lowest first.

    Levels closer than 1e-9 of the width of the spectrum are one. Those of a density operator are its eigenprojectors.

    Examples
    --------
    >>> level_projectors(np.diag([0.0, 1.0, 1.0])).real.diagonal(axis1=1, axis2=2)
    array([[1., 0., 0.],
           [0., 1., 1.]])
    """
    levels = energy_levels(as_hermitian(observable, "observable"))
    columns = [levels.basis[:, levels.labels == label] for label in range(int(levels.labels.max()) + 1)]
    return np.stack([one @ one.conj().T for one in columns])


def joint_projectors(*parts: OperatorLike) -> ComplexTensor:
    """Return the products (k_1 k_2 ⋯, d, d) of the projectors of each part, the last index varying fastest.

    Examples
    --------
    >>> qubit = level_projectors(np.diag([0.0, 1.0]))
    >>> joint_projectors(qubit, [np.eye(2)]).real.diagonal(axis1=1, axis2=2)
    array([[1., 1., 0., 0.],
           [0., 0., 1., 1.]])
    """
    if not parts:
        raise InputError("`parts` must hold the projectors of at least one part, but there are none.")
    joined = np.ones((1, 1, 1), dtype=np.complex128)
    for index, part in enumerate(parts):
        stack = _as_stack(part, f"parts[{index}]")
        joined = np.array([np.kron(one, other) for one in joined for other in stack])
    return joined


def observational_entropy_in_basis(states: ComplexMatrix, basis: ComplexMatrix, labels: IntegerArray) -> RealArray:
    """Return the observational entropy (...) of states (..., d, d) for spans of basis states; nothing is checked.

    The columns of `basis` (d, d) with the same label (d,) span one projector, which is not made.

    Examples
    --------
    >>> float(observational_entropy_in_basis(np.eye(2) / 2 + 0j, np.eye(2) + 0j, np.array([0, 0])).round(6))
    0.693147
    """
    populations = populations_in_basis(states, basis)
    members = labels == np.arange(int(labels.max()) + 1)[:, None]
    return _entropy(populations @ members.T, members.sum(axis=1).astype(np.float64))


def _entropy(probabilities: RealVector, volumes: RealVector) -> RealArray:
    # -p ln p without the sign of round-off, which the logarithm does not take.
    held = probabilities > 0
    logarithms = np.log(np.where(held, probabilities, 1.0)) - np.log(volumes)
    return np.asarray(-(np.where(held, probabilities, 0.0) * logarithms).sum(axis=-1))[()]


def _probabilities(states: ComplexMatrix, projectors: ComplexTensor) -> RealVector:
    flat = projectors.reshape(len(projectors), -1)
    probabilities: RealVector = (states.reshape(*states.shape[:-2], -1) @ flat.conj().T).real
    return probabilities


def _as_stack(value: OperatorLike, name: str, dimension: int | None = None) -> ComplexTensor:
    stack = as_hermitian(value, name, dimension)
    return stack[None] if stack.ndim == 2 else stack


def _as_coarse_graining(value: OperatorLike, dimension: int) -> tuple[ComplexTensor, RealVector]:
    """Return checked projectors (k, d, d) and their ranks (k,)."""
    stack = _as_stack(value, "projectors", dimension)
    defects = np.abs(stack @ stack - stack).max(axis=(-2, -1))
    if defects.max() > STATE_TOLERANCE:
        worst = int(defects.argmax())
        raise InputError(
            f"`projectors` must be equal to their squares, but number {worst} differs from it by {defects[worst]:.1e}."
        )
    lack = float(np.abs(stack.sum(axis=0) - np.eye(dimension)).max())
    if lack > STATE_TOLERANCE:
        raise InputError(
            f"`projectors` must add up to the identity, but their sum differs from it by {lack:.1e}. Add the projector "
            f"on what is left."
        )
    volumes: RealVector = np.round(np.trace(stack, axis1=-2, axis2=-1).real)
    if volumes.min() < 1:
        raise InputError(f"`projectors` must not be zero, but number {int(volumes.argmin())} is.")
    return stack, volumes
