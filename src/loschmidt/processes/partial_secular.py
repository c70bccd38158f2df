"""Partial secular generators: nearly equal Bohr frequencies share a jump operator, and the equation stays GKLS."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.checks import as_hermitian, as_number, dims_of
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import check_baths, davies_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import BohrFrequencies, EnergyLevels, bohr_frequencies, energy_levels, group_energies
from loschmidt.typing import OperatorLike

__all__ = ["partial_secular_generator"]


def partial_secular_generator(
    hamiltonian: OperatorLike,
    baths: Sequence[Bath],
    *,
    cluster_width: float,
    number: OperatorLike | None = None,
    dims: tuple[int, ...] | None = None,
) -> Generator:
    """Return the unified GKLS generator with Bohr frequencies clustered within `cluster_width`.

    Every cluster acts as one jump operator with the rate at its centre, so the equation is completely positive for
    nearly degenerate levels too. Heat refers to the Hamiltonian whose gaps are the cluster centres; its distance from
    the given one is at most of the order of `cluster_width`.

    Parameters
    ----------
    hamiltonian : (d, d)
        System Hamiltonian.
    baths : sequence of Bath
        As for :func:`~loschmidt.processes.davies.davies_generator`; Lamb shifts are left out.
    cluster_width : float
        Energy difference below which two Bohr frequencies are treated as one; of the order of the largest rate.
    number : (d, d), optional
        Particle number operator.
    dims : tuple of int, optional
        Tensor structure.

    Returns
    -------
    Generator

    Notes
    -----
    :cite:t:`trushechkin2021`. Where the centres are not the gaps of any Hamiltonian no Gibbs state is promised, heat
    refers to the given Hamiltonian, and the audit says what follows.

    Examples
    --------
    >>> from loschmidt.processes import OhmicSpectrum
    >>> bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    >>> partial_secular_generator(np.diag([0.0, 1.0, 1.001]), [bath], cluster_width=0.01).equation
    'partial secular'
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    counted = None if number is None else as_hermitian(number, "number", h.shape[-1])
    as_number(cluster_width, "cluster_width", non_negative=True)
    check_baths(baths, h, counted)
    levels = energy_levels(h)
    bohr = bohr_frequencies(levels, width=max(float(cluster_width), 2 * levels.tolerance))
    centred = _levels_of_centres(levels, bohr)
    reference = None
    if centred is not None:
        # From here on the construction is the Davies one for the Hamiltonian with the centres as gaps.
        levels, bohr = centred, bohr_frequencies(centred)
        reference = levels.from_eigenbasis(np.diag(levels.energies).astype(np.complex128))
    return Generator(
        hamiltonian=h,
        dissipators=tuple(davies_dissipator(bath, levels, bohr, reference=reference) for bath in baths),
        energy=h if reference is None else reference,
        lamb_shift=np.zeros_like(h),
        dims=dims or dims_of(hamiltonian) or (h.shape[-1],),
        equation="partial secular",
        number=counted,
    )


def _levels_of_centres(levels: EnergyLevels, bohr: BohrFrequencies) -> EnergyLevels | None:
    """Return the levels that have the cluster centres as gaps, in the same basis; None if there are none."""
    wanted = bohr.frequencies[bohr.labels]
    # The least-squares solution of E_m - E_n = wanted[n, m] over all pairs is the mean of the columns.
    energies = wanted.mean(axis=0)
    energies = energies + levels.energies.mean() - energies.mean()
    misfit = np.abs(energies[None, :] - energies[:, None] - wanted).max()
    if misfit > 2 * levels.tolerance:
        return None
    return group_energies(energies, levels.basis, levels.tolerance)
