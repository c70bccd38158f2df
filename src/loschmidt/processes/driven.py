"""Open systems whose Hamiltonian changes in time, with baths that follow it or that keep fixed jump operators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from loschmidt.checks import as_hermitian
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.drives import DrivenHamiltonian, HamiltonianFunction, driven_hamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, OperatorLike, RealTensor

__all__ = ["DrivenGenerator", "driven_generator"]


@dataclass(frozen=True, eq=False)
class DrivenGenerator:
    """A master equation with H(t); build one with :func:`driven_generator`.

    Attributes
    ----------
    hamiltonian : DrivenHamiltonian or HamiltonianFunction
        What moves the state.
    make : callable or None
        Davies generator for a given H, when the baths follow the drive.
    dissipators : tuple of Dissipator or None
        Fixed dissipators otherwise.
    energy : (d, d) or None
        Fixed energy observable; None when heat refers to H(t).
    names, betas : tuple
        Names and inverse temperatures of the baths.
    """

    hamiltonian: DrivenHamiltonian | HamiltonianFunction
    make: Callable[[ComplexMatrix], Generator] | None
    dissipators: tuple[Dissipator, ...] | None
    energy: ComplexMatrix | None
    names: tuple[str, ...]
    betas: tuple[float | None, ...]

    @property
    def follows(self) -> bool:
        """Whether the baths follow H(t) adiabatically."""
        return self.make is not None

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return self.hamiltonian.dimension

    @property
    def dims(self) -> tuple[int, ...]:
        """Tensor structure."""
        return self.hamiltonian.dims

    @property
    def bath_names(self) -> tuple[str, ...]:
        """Names of the baths, in order."""
        return self.names

    @property
    def description(self) -> str:
        """Short name of the equation for people."""
        return "driven Davies" if self.follows else "driven GKLS"

    def at(self, time: float) -> Generator:
        """Return the generator at one time, as if H stood still."""
        h = self.hamiltonian.at(float(time))
        if self.make is not None:
            return self.make(h)
        assert self.dissipators is not None
        return Generator(
            hamiltonian=h,
            dissipators=self.dissipators,
            energy=h if self.energy is None else self.energy,
            lamb_shift=np.zeros_like(h),
            dims=self.dims,
            equation="gkls",
        )

    def energy_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return the energy observable at `times` (...), as (..., d, d)."""
        if self.energy is None:
            return self.hamiltonian.at(times)
        return np.broadcast_to(self.energy, (*np.shape(times), *self.energy.shape)).copy()

    def energy_rate_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return the time derivative of the energy observable at `times` (...), as (..., d, d)."""
        if self.energy is None:
            return self.hamiltonian.rate_at(times)
        return np.zeros((*np.shape(times), *self.energy.shape), dtype=np.complex128)


def driven_generator(
    hamiltonian: Any,
    baths: Sequence[Bath] | None = None,
    *,
    dissipators: Sequence[Dissipator] | None = None,
    energy: OperatorLike | None = None,
) -> DrivenGenerator:
    """Return a master equation whose Hamiltonian changes in time.

    Parameters
    ----------
    hamiltonian : DrivenHamiltonian, HamiltonianFunction, ``qutip.QobjEvo`` or callable
        From :func:`~loschmidt.processes.drives.driven_hamiltonian`, or what that function takes as its first argument.
    baths : sequence of Bath
        Baths that follow the drive: at every time they act as the Davies dissipator of H(t). Valid for drives that
        are slow against the gaps.
    dissipators : sequence of Dissipator
        Instead of `baths`: dissipators that stay as they are.
    energy : (d, d), optional
        With fixed dissipators, an energy observable other than H(t), such as the bare Hamiltonian of a rotating frame.

    Returns
    -------
    DrivenGenerator

    Raises
    ------
    InputError and its subclasses
        If both or neither of `baths` and `dissipators` are given, or shapes do not fit.

    Notes
    -----
    :cite:t:`alicki1979` for heat and work under driving.

    Examples
    --------
    >>> from loschmidt.processes import GlauberSpectrum, driven_hamiltonian
    >>> sweep = driven_hamiltonian([[0, 0.1], [0.1, 0]], [([[1, 0], [0, -1]], lambda t: 0.5 * t)])
    >>> bath = Bath("cold", 1.0, GlauberSpectrum(0.01), [[0, 1], [1, 0]])
    >>> driven_generator(sweep, [bath]).follows
    True
    """
    if not isinstance(hamiltonian, (DrivenHamiltonian, HamiltonianFunction)):
        hamiltonian = driven_hamiltonian(hamiltonian)
    if (baths is None) == (dissipators is None):
        raise InputError("Give either `baths`, which follow the drive, or `dissipators`, which stay fixed, not both.")
    if dissipators is not None:
        return _with_fixed_baths(hamiltonian, dissipators, energy)
    assert baths is not None
    if energy is not None:
        raise InputError("`energy` cannot be chosen when the baths follow the drive: heat then refers to H(t).")
    return _with_following_baths(hamiltonian, baths)


def _with_fixed_baths(
    hamiltonian: DrivenHamiltonian | HamiltonianFunction,
    dissipators: Sequence[Dissipator],
    energy: OperatorLike | None,
) -> DrivenGenerator:
    d = hamiltonian.dimension
    for one in dissipators:
        if one.dimension != d:
            raise ShapeError(f"`dissipators` must act on dimension {d}, but that of {one.bath!r} is {one.dimension}.")
    return DrivenGenerator(
        hamiltonian=hamiltonian,
        make=None,
        dissipators=tuple(dissipators),
        energy=None if energy is None else as_hermitian(energy, "energy", d),
        names=tuple(one.bath for one in dissipators),
        betas=tuple(one.beta for one in dissipators),
    )


def _with_following_baths(
    hamiltonian: DrivenHamiltonian | HamiltonianFunction, baths: Sequence[Bath]
) -> DrivenGenerator:
    followers = tuple(baths)

    def make(h: ComplexMatrix) -> Generator:
        return davies_generator(h, followers, dims=hamiltonian.dims)

    return DrivenGenerator(
        hamiltonian=hamiltonian,
        make=make,
        dissipators=None,
        energy=None,
        names=tuple(bath.name for bath in followers),
        betas=tuple(bath.beta for bath in followers),
    )
