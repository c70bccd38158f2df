"""The process type of open systems: a Hamiltonian, one dissipator per bath, and the energy that heat refers to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from loschmidt.errors import InputError
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.states.bohr import EnergyLevels, energy_levels
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["Equation", "Generator"]

Equation = Literal["davies", "partial secular", "local", "redfield", "gkls"]

_EQUATION_NAMES: dict[str, str] = {
    "davies": "Davies",
    "partial secular": "partial secular",
    "local": "local GKLS",
    "redfield": "Redfield",
    "gkls": "GKLS",
}


@dataclass(frozen=True, eq=False)
class Generator:
    """A time-independent master equation dρ/dt = -i[H + H_LS, ρ] + Σ_b D_b(ρ).

    Build one with :func:`davies_generator`, :func:`partial_secular_generator`, :func:`local_generator`,
    :func:`redfield_generator` or :func:`gkls_generator`.

    Attributes
    ----------
    hamiltonian : (d, d)
        What moves the state, without Lamb shift.
    dissipators : tuple of Dissipator
        One per bath.
    energy : (d, d)
        The observable whose change is heat, work and switching work; equal to `hamiltonian` unless said otherwise.
    lamb_shift : (d, d)
        Zero unless asked for.
    dims : tuple of int
        Tensor structure; its product is d.
    equation : str
        Which kind of master equation this is.
    number : (d, d) or None
        Particle number, for baths with a chemical potential.

    Examples
    --------
    >>> from loschmidt.processes import Bath, OhmicSpectrum, davies_generator
    >>> davies_generator(np.diag([0.0, 1.0]), [Bath("cold", 2.0, OhmicSpectrum(0.01), [[0, 1], [1, 0]])]).bath_names
    ('cold',)
    """

    hamiltonian: ComplexMatrix
    dissipators: tuple[Dissipator, ...]
    energy: ComplexMatrix
    lamb_shift: ComplexMatrix
    dims: tuple[int, ...]
    equation: Equation
    number: ComplexMatrix | None = None

    def __post_init__(self) -> None:
        whole = isinstance(self.dims, tuple) and all(isinstance(n, (int, np.integer)) and n > 0 for n in self.dims)
        if not whole:
            raise InputError(f"`dims` must be a tuple of positive whole numbers, but it is {self.dims!r}.")
        if (product := int(np.prod(self.dims))) != self.dimension:
            raise InputError(f"`dims` must multiply to {self.dimension}, but {self.dims} multiplies to {product}.")
        names = self.bath_names
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise InputError(f"`baths` must have different names, but {repeated[0]!r} occurs more than once.")

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return int(self.hamiltonian.shape[-1])

    @property
    def bath_names(self) -> tuple[str, ...]:
        """Names of the baths, in order."""
        return tuple(dissipator.bath for dissipator in self.dissipators)

    @property
    def description(self) -> str:
        """Short name of the equation for people."""
        return _EQUATION_NAMES[self.equation]

    @cached_property
    def levels(self) -> EnergyLevels:
        """Energy levels of the energy observable; for Davies equations those that the baths were built on."""
        for dissipator in self.dissipators:
            if isinstance(dissipator, DaviesDissipator) and self.equation in ("davies", "partial secular"):
                return dissipator.levels
        return energy_levels(self.energy)

    @cached_property
    def effective_hamiltonian(self) -> ComplexMatrix:
        """H + H_LS (d, d)."""
        return np.asarray(self.hamiltonian + self.lamb_shift)

    def hamiltonian_part(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return -i[H + H_LS, ρ] for states (..., d, d)."""
        return np.asarray(-1j * (self.effective_hamiltonian @ state - state @ self.effective_hamiltonian))

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return dρ/dt for states (..., d, d)."""
        result = self.hamiltonian_part(state)
        for dissipator in self.dissipators:
            result = result + dissipator.apply(state)
        return result

    def adjoint(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return the Heisenberg-picture derivative of operators (..., d, d)."""
        result = np.asarray(1j * (self.effective_hamiltonian @ operator - operator @ self.effective_hamiltonian))
        for dissipator in self.dissipators:
            result = result + dissipator.adjoint(operator)
        return result

    def superoperator(self) -> ComplexMatrix:
        """Return the (d², d²) matrix of the generator on column-stacked states."""
        one = np.eye(self.dimension)
        h = self.effective_hamiltonian
        result = -1j * (np.kron(one, h) - np.kron(h.T, one))
        for dissipator in self.dissipators:
            result = result + dissipator.superoperator()
        return result

    def canonical_rates(self) -> dict[str, RealVector]:
        """Return, per bath, the canonical rates that are not zero by construction (:cite:t:`hall2014`).

        A negative one means that this bath alone generates no completely positive evolution.
        """
        return {dissipator.bath: dissipator.canonical_rates() for dissipator in self.dissipators}

    def is_completely_positive(self, tolerance: float = 1e-10) -> bool:
        """Return whether no canonical rate is negative beyond `tolerance` of the largest."""
        return all(
            rates.min(initial=0.0) >= -tolerance * float(np.abs(rates).max(initial=0.0))
            for rates in self.canonical_rates().values()
        )

    def detailed_balance_defects(self) -> dict[str, float]:
        """Return, per bath with a temperature, the largest relative mismatch of W↑ = e^{-βω} W↓.

        The Hamiltonian is the one that the bath was built on, or else the energy observable.
        """
        from loschmidt.processes.diagnostics import detailed_balance_defect

        return {
            one.bath: detailed_balance_defect(one, self.energy if one.reference is None else one.reference, self.number)
            for one in self.dissipators
            if one.beta is not None
        }

    def covariance_defect(self) -> float | None:
        """Return ‖[D, 𝓗]‖ relative to ‖D‖ and the spectral width, zero if the baths commute with the free motion."""
        from loschmidt.processes.diagnostics import covariance_defect

        return covariance_defect(self)

    def secular_ratio(self) -> float | None:
        """Return the smallest distance of coupled Bohr frequencies over the largest rate; None for other equations."""
        from loschmidt.processes.diagnostics import secular_ratio

        return secular_ratio(self)

    def weak_coupling_ratio(self) -> float | None:
        """Return the smallest coupled Bohr frequency over the largest rate; None if nothing is coupled."""
        from loschmidt.processes.diagnostics import weak_coupling_ratio

        return weak_coupling_ratio(self)
