"""Redfield generators: weak coupling without the secular approximation, and without its positivity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.checks import as_hermitian, dims_of
from loschmidt.errors import InputError
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import check_baths
from loschmidt.processes.dissipators import RedfieldDissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.lamb_shift import principal_value_rates
from loschmidt.states.bohr import BohrFrequencies, EnergyLevels, bohr_frequencies, energy_levels
from loschmidt.typing import ComplexMatrix, OperatorLike

__all__ = ["redfield_generator"]


def redfield_generator(
    hamiltonian: OperatorLike, baths: Sequence[Bath], *, dims: tuple[int, ...] | None = None
) -> Generator:
    """Return the Bloch–Redfield generator.

    It keeps the coupling between nearly equal frequencies that a Davies generator drops, but is not of GKLS form:
    states may lose positivity and the second law is not guaranteed. The audit reports both.

    Parameters
    ----------
    hamiltonian : (d, d)
        System Hamiltonian; heat and work refer to it.
    baths : sequence of Bath
        Bosonic baths. With ``lamb_shift=True`` the principal-value terms are kept, which moves the fixed point of a
        single bath away from its Gibbs state at the order of the coupling.
    dims : tuple of int, optional
        Tensor structure.

    Returns
    -------
    Generator

    Notes
    -----
    :cite:t:`redfield1957`; the same tensor as ``qutip.bloch_redfield_tensor(..., sec_cutoff=-1)`` for real spectra.

    Examples
    --------
    >>> from loschmidt.processes import OhmicSpectrum
    >>> bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[1, 1], [1, 0]])
    >>> redfield_generator(np.diag([0.0, 1.0]), [bath]).is_completely_positive()
    False
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    check_baths(baths, h, None)
    levels = energy_levels(h)
    bohr = bohr_frequencies(levels)
    for bath in baths:
        if bath.fermionic:
            raise InputError(f"Bath {bath.name!r} is fermionic; the Redfield equation here takes bosonic baths only.")
    return Generator(
        hamiltonian=h,
        dissipators=tuple(_dissipator(bath, levels, bohr, h) for bath in baths),
        energy=h,
        lamb_shift=np.zeros_like(h),
        dims=dims or dims_of(hamiltonian) or (h.shape[-1],),
        equation="redfield",
    )


def _dissipator(
    bath: Bath, levels: EnergyLevels, bohr: BohrFrequencies, hamiltonian: ComplexMatrix
) -> RedfieldDissipator:
    half_sided = 0.5 * bath.spectrum.rate(bohr.frequencies, bath.beta).astype(np.complex128)
    if bath.lamb_shift:
        half_sided += 1j * principal_value_rates(bath.spectrum, bohr.frequencies, bath.beta)
    assert bath.correlations is not None
    mixed = np.tensordot(bath.correlations, levels.to_eigenbasis(bath.couplings), axes=1)
    return RedfieldDissipator(
        bath=bath.name,
        beta=bath.beta,
        couplings=bath.couplings,
        filtered=levels.from_eigenbasis(half_sided[bohr.labels] * mixed),
        reference=None if bath.lamb_shift else hamiltonian,
    )
