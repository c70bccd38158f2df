"""Baths with any rates: each Bohr frequency of the system is driven as strongly as one likes, up or down."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from loschmidt.checks import as_hermitian, as_operator, as_real_values
from loschmidt.errors import InputError, RateError, ShapeError
from loschmidt.processes.dissipators import JumpDissipator, jump_dissipator
from loschmidt.states.bohr import bohr_frequencies, energy_levels
from loschmidt.typing import ArrayLike, OperatorLike, RealVector

__all__ = ["engineered_dissipator"]


def engineered_dissipator(
    bath: str, hamiltonian: OperatorLike, coupling: OperatorLike, rate: Callable[[RealVector], ArrayLike]
) -> JumpDissipator:
    r"""Return a bath that acts at any rate γ(ω) on the jumps between the levels of a Hamiltonian.

    .. math:: D(\rho) = \sum_\omega \gamma(\omega)
        \left(A(\omega)\rho A^\dagger(\omega) - \tfrac12\{A^\dagger(\omega)A(\omega),\rho\}\right)

    Without γ(-ω) = e^{-βω} γ(ω) the bath has no temperature: light of several temperatures, filtered noise, a pump.

    Parameters
    ----------
    bath : str
        Name of the bath.
    hamiltonian : (d, d)
        Whose levels the jumps connect.
    coupling : (d, d)
        Hermitian coupling operator A.
    rate : callable
        Maps Bohr frequencies (n,), positive where the system gives energy away, to rates, none negative.

    Returns
    -------
    JumpDissipator
        One jump for each Bohr frequency with a rate; without `beta`. The entropy that it takes at the level of the
        reservoir follows from the ratios γ(ω)/γ(-ω), see :func:`reservoir_entropy_operator`.

    Raises
    ------
    InputError, RateError, ShapeError
        If a rate is negative or not finite, nothing is coupled, or shapes do not fit.

    Examples
    --------
    A pump that inverts a two-level system:

    >>> pump = engineered_dissipator("pump", np.diag([0.0, 1.0]), [[0, 1], [1, 0]], lambda w: np.where(w < 0, 0.3, 0.1))
    >>> pump.frequencies, pump.rates
    (array([-1.,  1.]), array([0.3, 0.1]))
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    a = as_hermitian(as_operator(coupling, "coupling", h.shape[-1]), "coupling")
    if not callable(rate):
        raise InputError(f"`rate` must be a function of frequencies, but it is {rate!r}.")
    levels = energy_levels(h)
    bohr = bohr_frequencies(levels)
    inner = levels.to_eigenbasis(a)
    coupled = np.abs(inner) > 4 * len(h) * np.finfo(float).eps * np.abs(inner).max()
    labels = np.unique(bohr.labels[coupled])
    if not len(labels):
        raise InputError(f"`coupling` of bath {bath!r} must not vanish, but it does.")
    frequencies = bohr.frequencies[labels]
    rates = as_real_values(rate(frequencies), f"`rate` of bath {bath!r}")
    if rates.shape != frequencies.shape:
        raise ShapeError(
            f"`rate` of bath {bath!r} must return one rate for each of {len(frequencies)} frequencies, but its result "
            f"has the shape {rates.shape}."
        )
    if not (np.isfinite(rates).all() and (rates >= 0).all()):
        at = int((~(np.isfinite(rates) & (rates >= 0))).argmax())
        raise RateError(
            f"`rate` of bath {bath!r} must be finite and ≥ 0, but at ω = {frequencies[at]:g} it is {rates[at]:g}."
        )
    acting = rates > 0
    if not acting.any():
        raise RateError(f"`rate` of bath {bath!r} must be positive at some Bohr frequency, but it vanishes at all.")
    jumps = [levels.from_eigenbasis(np.where(bohr.labels == label, inner, 0)) for label in labels[acting]]
    return jump_dissipator(bath, jumps, rates[acting], frequencies=frequencies[acting])
