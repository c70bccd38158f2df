"""How much entropy a bath takes from a state, by what its jumps cost the reservoir or by its own stationary state.

Both flows are linear in the state, so each is an operator whose mean is the flow; with the rate of change of the
system's entropy they give two entropy productions, both never negative. The one against the stationary state vanishes
there: it is what relaxation produces. The one of the reservoir does not: it contains what it costs not to be thermal.
"""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError, NotAStateError
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.processes.nonthermal.references import stationary_reference
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealVector, StateLike

__all__ = ["information_entropy_operator", "jump_entropies", "reservoir_entropy_operator", "reverse_jumps"]

#: Angle, and loss of overlap, below which one jump is a multiple of another; angles are measured where overlaps agree.
_PARALLEL, _CLOSE = 1e-8, 1e-6


def information_entropy_operator(dissipator: Dissipator, state: StateLike | None = None) -> ComplexMatrix:
    r"""Return the operator D†(ln π) whose mean is the entropy flow measured by the bath's own stationary state.

    With it Ṡ + ⟨D†(ln π)⟩ = -tr[D(ρ)(ln ρ - ln π)] ≥ 0. For π ∝ e^{-βH} it is -β D†(H), the flow of Clausius.

    Parameters
    ----------
    dissipator : Dissipator
        One bath.
    state : (d, d), optional
        π; default: the state that the bath alone leads to.

    Returns
    -------
    (d, d)
        Nats per time; Hermitian.

    Raises
    ------
    NotAStateError, NotUniqueError, ResourceError
        If π is not faithful, or must be given.

    Notes
    -----
    :cite:t:`spohn1978`.

    Examples
    --------
    >>> from loschmidt.processes import jump_dissipator
    >>> noise = jump_dissipator("noise", [[[0, 1], [0, 0]], [[0, 0], [1, 0]]], [0.3, 0.1])
    >>> information_entropy_operator(noise).real.diagonal().round(6)
    array([-0.109861,  0.329584])
    """
    if state is None:
        reference = stationary_reference(dissipator)
    else:
        reference = as_density_matrix(state, "state", dissipator.dimension)
    values, vectors = np.linalg.eigh(reference)
    if values[0] <= 0:
        raise NotAStateError(
            f"`state` must be faithful to be a reference, but its lowest eigenvalue is {values[0]:.1e}: relative "
            f"entropies to it are infinite."
        )
    logarithm = (vectors * np.log(values)) @ vectors.conj().T
    operator = dissipator.adjoint(logarithm)
    return np.asarray((operator + operator.conj().T) / 2)


def reservoir_entropy_operator(dissipator: Dissipator) -> ComplexMatrix:
    r"""Return the operator Σ s_k γ_k L_k†L_k whose mean is the entropy that the jumps put into the reservoir.

    s_k = ln(γ_k/γ_k') compares a jump with its reverse; for a thermal bath it is β times the energy that the jump
    brings there, and for a squeezed one βω for R, whatever becomes of the system's energy.

    Parameters
    ----------
    dissipator : Dissipator
        A bath in Davies or jump form.

    Returns
    -------
    (d, d)
        Nats per time; Hermitian.

    Raises
    ------
    InputError
        If the bath has no jumps, a rate is negative, or some jump has no reverse, so that the flow is infinite.

    Notes
    -----
    :cite:t:`manzano2018`, for squeezed baths :cite:t:`manzano2016`.

    Examples
    --------
    >>> from loschmidt.processes import jump_dissipator
    >>> noise = jump_dissipator("noise", [[[0, 1], [0, 0]], [[0, 0], [1, 0]]], [0.3, 0.1])
    >>> reservoir_entropy_operator(noise).real.diagonal().round(6)
    array([-0.109861,  0.329584])
    """
    form = _jump_form(dissipator)
    entropies = jump_entropies(form)
    if np.isinf(entropies).any():
        at = int(np.isinf(entropies).argmax())
        raise InputError(
            f"Every jump of bath {form.bath!r} must have a reverse for a finite entropy flow, but jump {at} has none: "
            f"a reservoir at zero temperature gains infinite entropy."
        )
    weights = form.rates * entropies
    return np.asarray(np.einsum("k,kba,kbc->ac", weights, form.jumps.conj(), form.jumps, optimize=True))


def jump_entropies(dissipator: JumpDissipator) -> RealVector:
    """Return s_k = ln of the rate of each jump over that of its reverse (K,), infinite where there is none.

    Jumps that differ by a factor only are one. Where the reverse is not among the jumps because they were mixed, as in
    a bath with correlated couplings, β times the energy that a jump is known to take out of the system is returned.

    Examples
    --------
    >>> from loschmidt.processes import jump_dissipator
    >>> jump_entropies(jump_dissipator("sink", [[[0, 1], [0, 0]]], [0.3]))
    array([inf])
    """
    same, reverse = _alike(dissipator.jumps, adjoint=False), _alike(dissipator.jumps, adjoint=True)
    strength = dissipator.rates * (np.abs(dissipator.jumps) ** 2).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log((same @ strength) / (reverse @ strength))
        known = dissipator.frequencies + (dissipator.chemical_potential or 0.0) * dissipator.particles
        thermal = np.nan if dissipator.beta is None else dissipator.beta * known
    ratio = np.where(reverse.any(axis=1) | np.isnan(thermal), ratio, thermal)
    # A jump that never happens carries nothing.
    return np.asarray(np.where(strength == 0, 0.0, ratio))


def reverse_jumps(jumps: ComplexMatrix) -> IntegerArray:
    """Return the place of each jump's adjoint among `jumps` (K, d, d), up to a factor, and -1 where it is missing.

    A Hermitian jump is its own reverse.

    Examples
    --------
    >>> reverse_jumps(np.array([[[0, 1j], [0, 0]], [[0, 0], [2, 0]]]))
    array([1, 0])
    """
    reverse = _alike(jumps, adjoint=True)
    first = np.where(reverse.any(axis=1), reverse.argmax(axis=1), -1)
    return np.asarray(np.where(np.diagonal(reverse), np.arange(len(jumps)), first))


def _alike(jumps: ComplexMatrix, *, adjoint: bool) -> BooleanArray:
    """Return whether jump k, or its adjoint, is a multiple of jump l (K, K)."""
    flat = jumps.reshape(len(jumps), -1)
    left = jumps.conj().swapaxes(-1, -2).reshape(len(jumps), -1) if adjoint else flat
    square = (np.abs(flat) ** 2).sum(axis=1)
    overlap = np.abs(left.conj() @ flat.T) ** 2
    product = square[:, None] * square
    alike = (overlap >= (1 - _CLOSE) * product) & (product > 0)
    for k, n in np.argwhere(alike):
        # The overlap is blind to small angles, such as that between a strongly squeezed jump and its adjoint.
        apart = left[k] - (flat[n].conj() @ left[k] / square[n]) * flat[n]
        alike[k, n] = np.linalg.norm(apart) <= _PARALLEL * np.sqrt(square[k])
    return np.asarray(alike)


def _jump_form(dissipator: Dissipator) -> JumpDissipator:
    form = dissipator.as_jumps if isinstance(dissipator, DaviesDissipator) else dissipator
    if not isinstance(form, JumpDissipator):
        raise InputError(
            f"Bath {dissipator.bath!r} must be in Davies or jump form, but it is a {type(dissipator).__name__}: "
            f"without jumps nothing is exchanged one by one."
        )
    if (form.rates < 0).any():
        raise InputError(f"`rates` of bath {form.bath!r} must not be negative here: a negative rate is no jump.")
    return form
