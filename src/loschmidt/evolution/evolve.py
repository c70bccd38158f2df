"""Run a process: check the input, choose the method, and return states with their error and integrated exchanges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from loschmidt.checks import as_density_matrix, as_times
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.progress import progress_reporter
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector, StateLike

__all__ = ["Evolution", "Method", "OpenSystem", "evolve"]

OpenSystem = Generator | DrivenGenerator


class Method(Protocol):
    """An algorithm that evolves open systems; the object carries its own tolerances."""

    @property
    def name(self) -> str:
        """Short name for reports."""

    def evolve(
        self, process: OpenSystem, state: ComplexMatrix, times: RealVector, report: Callable[[float], None]
    ) -> Evolution:
        """Return the evolution of a checked `state`; call `report` with the fraction done now and then."""


@dataclass(frozen=True, eq=False)
class Evolution:
    """States of an open system over time, and what was exchanged on the way.

    Attributes
    ----------
    process : Generator or DrivenGenerator
        What happened.
    times : (T,)
        Output times.
    components : (T, d, d)
        States, in `basis` if there is one.
    basis : (d, d) or None
        Orthonormal basis, as columns, in which `components` are given; None for the original one.
    heat : (T, n_baths)
        Heat that entered from each bath since the first time; energy less μ times particles.
    work : (T,)
        Work done by the drive, ∫ tr(ρ dE/dt) dt, with E the energy observable.
    switching_work : (T,)
        Energy that enters because E is not conserved by the Hamiltonian, ∫ tr(-i[E... H] ρ) dt; zero for Davies.
    particles : (T, n_baths)
        Particles that entered from each bath.
    method : Method
        Algorithm used.
    error : (T,)
        Estimated Frobenius norm of the error of each state.
    exchange_error : (T,)
        Estimated absolute error of heat, work and switching work.
    dense : callable or None
        Maps times (k,) inside the span to components (k, d, d) of the same accuracy.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> evolution = evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), [0, 1], [0.0, 1.0])
    >>> evolution.heat.shape
    (2, 1)
    """

    process: OpenSystem
    times: RealVector
    components: ComplexMatrix
    basis: ComplexMatrix | None
    heat: RealMatrix
    work: RealVector
    switching_work: RealVector
    particles: RealMatrix
    method: Method
    error: RealVector
    exchange_error: RealVector
    dense: Callable[[RealVector], ComplexMatrix] | None = None

    @property
    def states(self) -> ComplexMatrix:
        """States (T, d, d) in the original basis."""
        return self.in_original_basis(self.components)

    def in_original_basis(self, components: ComplexMatrix) -> ComplexMatrix:
        """Return components (..., d, d) as states in the original basis."""
        if self.basis is None:
            return components
        return np.asarray(self.basis @ components @ self.basis.conj().T)

    def to_qutip(self) -> list[Any]:
        """Return the states as ``qutip.Qobj`` with the tensor structure of the process."""
        import qutip

        dims = list(self.process.dims)
        return [qutip.Qobj(state, dims=[dims, dims]) for state in self.states]


def evolve(
    process: OpenSystem,
    state: StateLike,
    times: Any,
    method: Method | None = None,
    *,
    progress: bool = False,
) -> Evolution:
    """Evolve a state under an open-system process.

    Parameters
    ----------
    process : Generator or DrivenGenerator
        Master equation.
    state : (d, d), ket (d,) or ``qutip.Qobj``
        Initial state, at ``times[0]``.
    times : (T,)
        Strictly increasing.
    method : Method, optional
        Default: the secular propagator for Davies equations, a matrix exponential for other static ones, an adaptive
        eighth-order Runge–Kutta method under driving, a Krylov method where these would not fit.
    progress : bool
        Show a progress bar on anything longer than two seconds.

    Returns
    -------
    Evolution

    Raises
    ------
    InputError and its subclasses
        If the state or the times are malformed, or the method cannot run this process.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> evolve(process, [0, 1], [0.0, 1.0]).states.shape
    (2, 2, 2)
    """
    if not isinstance(process, (Generator, DrivenGenerator)):
        raise InputError(
            f"`process` must be a generator, such as davies_generator() makes, but it is a {type(process).__name__}."
        )
    if method is not None and not isinstance(getattr(method, "name", None), str):
        raise InputError(f"`method` must be a method object such as RungeKutta(), but it is {method!r}.")
    rho = as_density_matrix(state, "state", process.dimension)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Evolve a stack one by one.")
    chosen = default_method(process) if method is None else method
    with progress_reporter(f"evolving, {chosen.name}", enabled=progress) as report:
        return chosen.evolve(process, rho, as_times(times), report)


def default_method(process: OpenSystem) -> Method:
    """Return the method that :func:`evolve` uses when none is given."""
    from loschmidt.evolution.exact import MatrixExponential
    from loschmidt.evolution.secular import SecularPropagator

    if isinstance(process, DrivenGenerator):
        from loschmidt.evolution.runge_kutta import RungeKutta

        return RungeKutta()
    if SecularPropagator.applies_to(process):
        return SecularPropagator()
    if process.dimension <= MatrixExponential.largest_dimension:
        return MatrixExponential()
    from loschmidt.evolution.krylov import Krylov

    return Krylov()
