"""Local master equations: each bath acts as if the interactions inside the system were absent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.checks import as_hermitian, dims_of
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import check_baths, davies_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.bohr import bohr_frequencies, energy_levels
from loschmidt.typing import OperatorLike

__all__ = ["local_generator"]


def local_generator(
    hamiltonian: OperatorLike,
    baths: Sequence[Bath],
    *,
    free_hamiltonian: OperatorLike,
    energy: OperatorLike,
    number: OperatorLike | None = None,
    dims: tuple[int, ...] | None = None,
) -> Generator:
    """Return the local GKLS generator: motion by `hamiltonian`, jumps between the levels of `free_hamiltonian`.

    Parameters
    ----------
    hamiltonian : (d, d)
        Full Hamiltonian, interactions included.
    baths : sequence of Bath
        Their jump operators are built on the free Hamiltonian; Lamb shifts are left out.
    free_hamiltonian : (d, d)
        Hamiltonian without interactions; each bath keeps its Gibbs state.
    energy : (d, d)
        The observable that heat refers to, one of the two in most cases. With the free Hamiltonian the second law
        holds for every bath and the rest of the energy change is reported as switching power; with the full one
        there is no switching power, but Clausius' inequality is not guaranteed.
    number : (d, d), optional
        Particle number operator.
    dims : tuple of int, optional
        Tensor structure.

    Returns
    -------
    Generator

    Notes
    -----
    :cite:t:`levy2014` show the violation with the full Hamiltonian; :cite:t:`hofer2017` compare both equations.

    Examples
    --------
    >>> from loschmidt.processes import GlauberSpectrum
    >>> free, coupling = np.diag([0.0, 1.0]), np.array([[0, 0.1], [0.1, 0]])
    >>> bath = Bath("cold", 1.0, GlauberSpectrum(0.01), [[0, 1], [1, 0]])
    >>> local_generator(free + coupling, [bath], free_hamiltonian=free, energy=free).equation
    'local'
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    free = as_hermitian(free_hamiltonian, "free_hamiltonian", h.shape[-1])
    counted = None if number is None else as_hermitian(number, "number", h.shape[-1])
    check_baths(baths, free, counted)
    levels = energy_levels(free)
    bohr = bohr_frequencies(levels)
    return Generator(
        hamiltonian=h,
        dissipators=tuple(davies_dissipator(bath, levels, bohr, reference=free) for bath in baths),
        energy=as_hermitian(energy, "energy", h.shape[-1]),
        lamb_shift=np.zeros_like(h),
        dims=dims or dims_of(hamiltonian) or (h.shape[-1],),
        equation="local",
        number=counted,
    )
