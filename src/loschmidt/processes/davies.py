"""Davies generators: weak coupling to thermal baths in the global energy eigenbasis, with the secular approximation."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from loschmidt.checks import as_hermitian, dims_of
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.lamb_shift import principal_value_rates
from loschmidt.processes.spectra import FermionicSpectrum
from loschmidt.states.bohr import GROUPING_TOLERANCE, BohrFrequencies, EnergyLevels, bohr_frequencies, energy_levels
from loschmidt.typing import ComplexMatrix, IntegerArray, OperatorLike, RealTensor

__all__ = ["davies_dissipator", "davies_generator"]


def davies_generator(
    hamiltonian: OperatorLike,
    baths: Sequence[Bath],
    *,
    number: OperatorLike | None = None,
    dims: tuple[int, ...] | None = None,
    gap_tolerance: float = GROUPING_TOLERANCE,
) -> Generator:
    """Return the Davies generator of a system in one or more thermal baths.

    Parameters
    ----------
    hamiltonian : (d, d)
        System Hamiltonian; heat and work refer to it.
    baths : sequence of Bath
        At least one coupling operator each.
    number : (d, d), optional
        Particle number operator, needed by baths with a chemical potential.
    dims : tuple of int, optional
        Tensor structure; default from a ``qutip.Qobj``, otherwise ``(d,)``.
    gap_tolerance : float
        Energies and Bohr frequencies closer than this fraction of the spectral width are one.

    Returns
    -------
    Generator

    Raises
    ------
    InputError and its subclasses
        If an argument is malformed or does not fit the others.

    Notes
    -----
    :cite:t:`davies1974`, :cite:t:`breuer2002` section 3.3. Every bath obeys detailed balance and keeps its Gibbs state.

    Examples
    --------
    >>> from loschmidt.processes import OhmicSpectrum
    >>> bath = Bath("cold", 2.0, OhmicSpectrum(0.01), [[0, 1], [1, 0]])
    >>> davies_generator(np.diag([0.0, 1.0]), [bath]).equation
    'davies'
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    counted = None if number is None else as_hermitian(number, "number", h.shape[-1])
    levels = energy_levels(h, gap_tolerance)
    bohr = bohr_frequencies(levels)
    check_baths(baths, h, counted)
    shift = np.zeros_like(h)
    for bath in baths:
        shift = shift + lamb_shift(bath, levels, bohr)
    return Generator(
        hamiltonian=h,
        dissipators=tuple(davies_dissipator(bath, levels, bohr, reference=h) for bath in baths),
        energy=h,
        lamb_shift=shift,
        dims=dims or dims_of(hamiltonian) or (h.shape[-1],),
        equation="davies",
        number=counted,
    )


def davies_dissipator(
    bath: Bath, levels: EnergyLevels, bohr: BohrFrequencies, *, reference: ComplexMatrix | None
) -> DaviesDissipator:
    """Return the dissipator of one bath for grouped levels and Bohr frequencies.

    Parameters
    ----------
    bath : Bath
        What the system is coupled to.
    levels, bohr : EnergyLevels, BohrFrequencies
        From :func:`~loschmidt.states.bohr.energy_levels` and :func:`~loschmidt.states.bohr.bohr_frequencies`.
    reference : (d, d) or None
        Hamiltonian whose Gibbs state the bath keeps.

    Returns
    -------
    DaviesDissipator
    """
    couplings = levels.to_eigenbasis(bath.couplings)
    if isinstance(bath.spectrum, FermionicSpectrum):
        couplings, rates, particles = _fermionic(bath, couplings, bohr)
    else:
        rates = bath.spectrum.rate(bohr.frequencies, bath.beta)[:, None, None] * bath.correlations
        particles = np.zeros(len(couplings), dtype=np.int64)
        _warn_about_zero_frequency(bath, couplings, bohr)
    return DaviesDissipator(
        bath=bath.name,
        beta=bath.beta,
        levels=levels,
        bohr=bohr,
        couplings=couplings,
        class_rates=rates,
        particles=particles,
        chemical_potential=bath.chemical_potential,
        reference=reference,
    )


def lamb_shift(bath: Bath, levels: EnergyLevels, bohr: BohrFrequencies) -> ComplexMatrix:
    """Return the Lamb shift H_LS = Σ S_ij(ω) A_i(ω)†A_j(ω) of one bath (d, d), zero unless the bath asks for it."""
    d = levels.dimension
    if not bath.lamb_shift:
        return np.zeros((d, d), dtype=np.complex128)
    shifts = principal_value_rates(bath.spectrum, bohr.frequencies, bath.beta)
    helper = DaviesDissipator(
        bath=bath.name,
        beta=bath.beta,
        levels=levels,
        bohr=bohr,
        couplings=levels.to_eigenbasis(bath.couplings),
        class_rates=shifts[:, None, None] * bath.correlations,
        particles=np.zeros(len(bath.couplings), dtype=np.int64),
    )
    return levels.from_eigenbasis(helper.decay)


def check_baths(baths: Sequence[Bath], hamiltonian: ComplexMatrix, number: ComplexMatrix | None) -> None:
    """Raise if a bath does not fit the Hamiltonian or the particle number."""
    if not isinstance(baths, (list, tuple)):
        raise InputError(f"`baths` must be a list of Bath objects, but it is a {type(baths).__name__}.")
    for bath in baths:
        if not isinstance(bath, Bath):
            raise InputError(f"`baths` must hold Bath objects, but one entry is {type(bath).__name__}.")
        if bath.dimension != hamiltonian.shape[-1]:
            raise ShapeError(
                f"`couplings` of bath {bath.name!r} must be {hamiltonian.shape[-1]} × {hamiltonian.shape[-1]} to fit "
                f"the Hamiltonian, but they are {bath.dimension} × {bath.dimension}."
            )
        if bath.fermionic:
            _check_number(bath, hamiltonian, number)


def _check_number(bath: Bath, hamiltonian: ComplexMatrix, number: ComplexMatrix | None) -> None:
    if number is None:
        raise InputError(f"`number` must be given: bath {bath.name!r} exchanges particles.")
    moved = number @ hamiltonian - hamiltonian @ number
    if np.abs(moved).max() > 1e-10 * max(np.abs(hamiltonian).max(), 1e-300) * max(np.abs(number).max(), 1.0):
        raise InputError("`number` must commute with the Hamiltonian, but it does not.")
    for coupling in bath.couplings:
        defect = np.abs(number @ coupling - coupling @ number + coupling).max()
        if defect > 1e-10 * max(np.abs(number).max(), 1.0) * np.abs(coupling).max():
            raise InputError(
                f"`couplings` of the fermionic bath {bath.name!r} must annihilate one particle, [N, c] = -c, "
                f"but they miss that by {defect:.1e}. Give the annihilation operator, not its Hermitian part."
            )


def _fermionic(
    bath: Bath, couplings: ComplexMatrix, bohr: BohrFrequencies
) -> tuple[ComplexMatrix, RealTensor, IntegerArray]:
    assert isinstance(bath.spectrum, FermionicSpectrum)
    assert bath.chemical_potential is not None
    count = len(couplings)
    out, _ = bath.spectrum.rates_out_and_in(bohr.frequencies, bath.beta, bath.chemical_potential)
    # An entering fermion of energy ω raises the system by ω: the class of c† has frequency -ω.
    _, into = bath.spectrum.rates_out_and_in(-bohr.frequencies, bath.beta, bath.chemical_potential)
    rates = np.zeros((len(bohr.frequencies), 2 * count, 2 * count))
    rates[:, :count, :count] = out[:, None, None] * bath.correlations
    rates[:, count:, count:] = into[:, None, None] * bath.correlations
    both = np.concatenate([couplings, couplings.conj().swapaxes(-1, -2)])
    return both, rates, np.repeat(np.array([-1, 1], dtype=np.int64), count)


def _warn_about_zero_frequency(bath: Bath, couplings: ComplexMatrix, bohr: BohrFrequencies) -> None:
    if not bath.spectrum.zero_frequency_assumed:
        return
    static = np.where(bohr.labels == len(bohr.frequencies) // 2, couplings, 0)
    mean = np.trace(static, axis1=-2, axis2=-1)[:, None, None] / static.shape[-1] * np.eye(static.shape[-1])
    if np.abs(static - mean).max() > 1e-10 * np.abs(couplings).max():
        warnings.warn(
            f"Bath {bath.name!r} couples to degenerate or diagonal elements, where γ(0) acts, but its spectrum does "
            f"not say what γ(0) is; 0 was taken. Give `zero_frequency_rate`.",
            stacklevel=4,
        )
