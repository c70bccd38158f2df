"""Run a process: check the input, choose the method, and return states with their error and integrated exchanges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast, overload

import numpy as np

from loschmidt.checks import as_density_matrix, as_times
from loschmidt.errors import InputError, ShapeError
from loschmidt.evolution.progress import progress_reporter
from loschmidt.evolution.secular_structure import remembered
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector, StateLike

if TYPE_CHECKING:
    from loschmidt.evolution.collisions import CollisionEvolution, CollisionProcess
    from loschmidt.evolution.heat_conduction import ConductionEvolution
    from loschmidt.evolution.lattice.evolution import LatticeEvolution
    from loschmidt.evolution.multipartite import MultipartiteEvolution
    from loschmidt.evolution.thermal_operations import ThermalEvolution
    from loschmidt.evolution.transmission import Transmission
    from loschmidt.evolution.von_neumann_gas import GasEvolution
    from loschmidt.processes.channels.channel import Channel
    from loschmidt.processes.dilations.dilation import Dilation
    from loschmidt.processes.heat_conduction import ConductingBars
    from loschmidt.processes.lattice.protocol import LatticeProtocol
    from loschmidt.processes.multipartite import MultipartiteSystem
    from loschmidt.processes.thermal_operations import ThermalOperation
    from loschmidt.processes.von_neumann_gas import VonNeumannGas
    from loschmidt.states.fock_amplitudes import LatticeState

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
        Maps times (k,) since the first one, inside the span, to components (k, d, d) of the same accuracy.
    steps : (k,) or None
        Times since the first one at which an adaptive method began its steps, close together where much happens; None
        for exact methods.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> evolution = evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), [0, 1], [0.0, 1.0])
    >>> evolution.heat.shape
    (2, 1)
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "open system"

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
    steps: RealVector | None = None

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


@overload
def evolve(
    process: OpenSystem, state: StateLike, times: Any, method: Method | None = None, *, progress: bool = False
) -> Evolution: ...


@overload
def evolve(
    process: MultipartiteSystem, state: StateLike, times: Any, method: Method | None = None, *, progress: bool = False
) -> MultipartiteEvolution: ...


@overload
def evolve(process: Channel | Dilation, state: StateLike) -> Transmission: ...


@overload
def evolve(
    process: CollisionProcess, state: StateLike, times: int, *, progress: bool = False
) -> CollisionEvolution: ...


@overload
def evolve(process: ThermalOperation, state: StateLike) -> ThermalEvolution: ...


@overload
def evolve(process: ConductingBars, state: StateLike, times: Any) -> ConductionEvolution: ...


@overload
def evolve(process: VonNeumannGas, state: StateLike) -> GasEvolution: ...


@overload
def evolve(process: LatticeProtocol, state: LatticeState, *, progress: bool = False) -> LatticeEvolution: ...


def evolve(
    process: OpenSystem
    | MultipartiteSystem
    | Channel
    | Dilation
    | ThermalOperation
    | CollisionProcess
    | ConductingBars
    | VonNeumannGas
    | LatticeProtocol,
    state: StateLike | LatticeState,
    times: Any = None,
    method: Method | None = None,
    *,
    progress: bool = False,
) -> (
    Evolution
    | MultipartiteEvolution
    | Transmission
    | ThermalEvolution
    | CollisionEvolution
    | ConductionEvolution
    | GasEvolution
    | LatticeEvolution
):
    """Run a process on a state: a master equation over times, a channel or a dilation once, collisions step by step.

    Lattice protocols run stage by stage; :func:`~loschmidt.evolution.lattice.evolve_lattice` has more choices.

    Parameters
    ----------
    process : Generator, DrivenGenerator, MultipartiteSystem, Channel, Dilation, ThermalOperation, LatticeProtocol, ...
        What happens.
    state : (d, d), ket (d,), ``qutip.Qobj`` or LatticeState
        Initial state, at ``times[0]``, or the input of the channel; temperatures for bars that conduct heat.
    times : (T,) or int
        Strictly increasing; a channel takes none, and collisions take the number of steps.
    method : Method, optional
        Default: the secular propagator for Davies equations, phases for closed systems, a matrix exponential for other
        static ones, adaptive power series or an eighth-order Runge–Kutta method under driving, a Krylov method where
        these would not fit.
    progress : bool
        Show a progress bar on anything longer than two seconds.

    Returns
    -------
    Evolution, MultipartiteEvolution, Transmission, ThermalEvolution, CollisionEvolution or LatticeEvolution
        For a master equation, several parts, a channel or a dilation, a thermal operation, collisions, and a lattice.

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
        return _evolve_another(process, state, times, method, progress)
    if method is not None and not isinstance(getattr(method, "name", None), str):
        raise InputError(f"`method` must be a method object such as RungeKutta(), but it is {method!r}.")
    rho = as_density_matrix(cast("StateLike", state), "state", process.dimension)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Evolve a stack one by one.")
    chosen = default_method(process) if method is None else method
    with progress_reporter(f"evolving, {chosen.name}", enabled=progress) as report:
        return chosen.evolve(process, rho, as_times(times), report)


def _evolve_another(
    process: Any, state: Any, times: Any, method: Method | None, progress: bool
) -> (
    MultipartiteEvolution
    | Transmission
    | ThermalEvolution
    | CollisionEvolution
    | ConductionEvolution
    | GasEvolution
    | LatticeEvolution
):
    """Return what becomes of a process that is no master equation."""
    from loschmidt.processes.multipartite import MultipartiteSystem

    if isinstance(process, MultipartiteSystem):
        from loschmidt.evolution.multipartite import follow_parts

        return follow_parts(process, state, times, method, progress=progress)
    if method is not None:
        raise InputError("`method` must be left out for what runs in steps or by its modes: they are exact.")
    return _evolve_exactly(process, state, times, progress)


def _evolve_exactly(
    process: Any, state: Any, times: Any, progress: bool
) -> Transmission | ThermalEvolution | CollisionEvolution | ConductionEvolution | GasEvolution | LatticeEvolution:
    from loschmidt.evolution.collisions import CollisionProcess, follow_collisions
    from loschmidt.evolution.heat_conduction import conduct
    from loschmidt.evolution.lattice.run import evolve_lattice
    from loschmidt.evolution.thermal_operations import apply_thermal_operation
    from loschmidt.evolution.transmission import transmit
    from loschmidt.evolution.von_neumann_gas import purify_gas
    from loschmidt.processes.channels.channel import Channel
    from loschmidt.processes.dilations.dilation import Dilation
    from loschmidt.processes.heat_conduction import ConductingBars
    from loschmidt.processes.lattice.protocol import LatticeProtocol
    from loschmidt.processes.thermal_operations import ThermalOperation
    from loschmidt.processes.von_neumann_gas import VonNeumannGas

    if isinstance(process, CollisionProcess):
        return follow_collisions(process, state, times, progress=progress)
    if isinstance(process, ConductingBars):
        return conduct(process, state, times)
    if not isinstance(process, (Channel, Dilation, ThermalOperation, VonNeumannGas, LatticeProtocol)):
        raise InputError(
            f"`process` must be a generator, such as davies_generator() makes, a channel, a dilation, a collision "
            f"process or a lattice protocol, but it is a {type(process).__name__}."
        )
    if times is not None:
        raise InputError("`times` must be left out for a channel or a dilation, which acts once, and for a protocol.")
    if isinstance(process, ThermalOperation):
        return apply_thermal_operation(process, state)
    if isinstance(process, VonNeumannGas):
        return purify_gas(process, state)
    if isinstance(process, LatticeProtocol):
        return evolve_lattice(process, state, progress=progress)
    return transmit(process, state)


@remembered
def default_method(process: OpenSystem) -> Method:
    """Return the method that :func:`evolve` uses when none is given."""
    from loschmidt.evolution.exact import MatrixExponential
    from loschmidt.evolution.secular import SecularPropagator
    from loschmidt.evolution.unitary import UnitaryPropagator

    if isinstance(process, DrivenGenerator):
        from loschmidt.evolution.runge_kutta import RungeKutta

        return RungeKutta()
    if SecularPropagator.applies_to(process):
        return SecularPropagator()
    if UnitaryPropagator.applies_to(process):
        return UnitaryPropagator()
    if process.dimension <= MatrixExponential.largest_dimension:
        return MatrixExponential()
    from loschmidt.evolution.krylov import Krylov

    return Krylov()
