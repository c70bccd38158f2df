"""Several parts that interact: who has which Hamiltonian, what couples them, and the joint dynamics."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np

from loschmidt.checks import as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import Coefficient, DrivenHamiltonian, HamiltonianFunction, TabulatedCoefficient
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.typing import ComplexMatrix, OperatorLike, RealTensor

__all__ = ["MultipartiteSystem", "embedded", "multipartite_system", "total_hamiltonian"]

#: A Hamiltonian that stands still, or one that moves.
_Hamiltonian: TypeAlias = "ComplexMatrix | DrivenHamiltonian | HamiltonianFunction"
_Moving = (DrivenHamiltonian, HamiltonianFunction)
#: How far, relative to its size, given dynamics may be from the Hamiltonian of the parts.
_SAME = 1e-10


@dataclass(frozen=True, eq=False)
class MultipartiteSystem:
    """Named parts with local Hamiltonians, their interaction, and the joint dynamics.

    Build one with :func:`multipartite_system`.

    Attributes
    ----------
    names : tuple of str
        Of the parts, in the order of the tensor product.
    hamiltonians : tuple of (d_X, d_X), DrivenHamiltonian or HamiltonianFunction
        H_X of each part, on its own space.
    interaction : (d, d), DrivenHamiltonian or HamiltonianFunction
        V, on the joint space.
    betas : tuple of float or None
        Inverse temperature that a part's state is compared with; None where there is none.
    dynamics : Generator or DrivenGenerator
        What moves the joint state; without baths the whole is closed.

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> pair = multipartite_system({"A": qubit, "B": qubit}, np.kron([[0, 1], [1, 0]], [[0, 1], [1, 0]]))
    >>> pair.names, pair.dims, pair.is_closed
    (('A', 'B'), (2, 2), True)
    """

    names: tuple[str, ...]
    hamiltonians: tuple[_Hamiltonian, ...]
    interaction: _Hamiltonian
    betas: tuple[float | None, ...]
    dynamics: Generator | DrivenGenerator

    @cached_property
    def dims(self) -> tuple[int, ...]:
        """Dimension of each part."""
        return tuple(_dimension(one) for one in self.hamiltonians)

    @property
    def dimension(self) -> int:
        """Dimension d of the joint space."""
        return math.prod(self.dims)

    @property
    def is_closed(self) -> bool:
        """Whether no bath acts, so that the joint evolution is unitary."""
        return not self.dynamics.bath_names

    @property
    def is_driven(self) -> bool:
        """Whether any Hamiltonian moves."""
        return isinstance(self.dynamics, DrivenGenerator)

    @property
    def moves_locally(self) -> bool:
        """Whether the Hamiltonian of a part moves."""
        return any(isinstance(one, _Moving) for one in self.hamiltonians)

    @property
    def description(self) -> str:
        """What it is, for people."""
        closed = "closed" if self.is_closed else f"{self.dynamics.description} of"
        driven = "driven " if self.is_driven and self.is_closed else ""
        return f"{driven}{closed} {' + '.join(self.names)}"

    def index(self, part: str) -> int:
        """Return the place of a part.

        Raises
        ------
        InputError
            If there is no part of this name.
        """
        if part not in self.names:
            raise InputError(f"`part` must be one of {', '.join(self.names)}, but it is {part!r}.")
        return self.names.index(part)

    def local_at(self, part: int, times: RealTensor | float) -> ComplexMatrix:
        """Return H_X of a part at `times` (...), as (..., d_X, d_X)."""
        return _at(self.hamiltonians[part], times)

    def local_rate_at(self, part: int, times: RealTensor | float) -> ComplexMatrix:
        """Return dH_X/dt at `times` (...), as (..., d_X, d_X)."""
        given = self.hamiltonians[part]
        return given.rate_at(times) if isinstance(given, _Moving) else np.zeros_like(_at(given, times))

    def interaction_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return V at `times` (...), as (..., d, d)."""
        return _at(self.interaction, times)

    def free_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return Σ H_X at `times` (...), as (..., d, d)."""
        shape = (*np.shape(times), self.dimension, self.dimension)
        total = np.zeros(shape, dtype=np.complex128)
        for part in range(len(self.names)):
            total = total + embedded(self.local_at(part, times), self.dims, part)
        return total

    def undoing(self, stop: float) -> MultipartiteSystem:
        """Return the system that undoes what this one does before `stop`, as -H(stop - s) at its own time s.

        Raises
        ------
        InputError
            If a bath acts: what has gone there does not come back.
        """
        if not self.is_closed:
            raise InputError("Only a closed system can be undone, but a bath acts on this one.")
        parts = {name: _backwards(one, stop) for name, one in zip(self.names, self.hamiltonians, strict=True)}
        return multipartite_system(parts, _backwards(self.interaction, stop), betas=self._known_betas())

    def _known_betas(self) -> dict[str, float]:
        return {name: beta for name, beta in zip(self.names, self.betas, strict=True) if beta is not None}


def multipartite_system(
    parts: Mapping[str, Any],
    interaction: Any = None,
    *,
    betas: Mapping[str, float] | None = None,
    baths: Sequence[Bath] = (),
    dissipators: Sequence[JumpDissipator] = (),
    dynamics: Generator | DrivenGenerator | None = None,
) -> MultipartiteSystem:
    r"""Return several interacting parts, :math:`H=\sum_X H_X\otimes 1+V`, closed or with baths, at any coupling.

    Parameters
    ----------
    parts : mapping of str to (d_X, d_X), DrivenHamiltonian or HamiltonianFunction
        Local Hamiltonian of each part by its name, in the order of the tensor product; at least two.
    interaction : (d, d), DrivenHamiltonian or HamiltonianFunction, optional
        V on the joint space; default: none.
    betas : mapping of str to float, optional
        Inverse temperature of parts that start, or might have started, in a Gibbs state of their own.
    baths : sequence of Bath, optional
        Thermal baths of the whole: a Davies equation, which follows a drive.
    dissipators : sequence of JumpDissipator, optional
        Instead of `baths`: jump operators on the joint space.
    dynamics : Generator or DrivenGenerator, optional
        Instead of both: any master equation of the same Hamiltonian, such as a local one.

    Returns
    -------
    MultipartiteSystem

    Raises
    ------
    InputError and its subclasses
        If a Hamiltonian is malformed, names repeat, or the parts do not fit together.

    Notes
    -----
    The bipartite ledger of :cite:t:`ahmadi2020`, Eqs. (16) and (18), holds for any such system without baths.

    Examples
    --------
    >>> qubit = np.diag([0.0, 1.0])
    >>> swap = np.zeros((4, 4))
    >>> swap[1, 2] = swap[2, 1] = 0.1
    >>> multipartite_system({"cold": qubit, "hot": qubit}, swap, betas={"cold": 2.0, "hot": 0.5}).betas
    (2.0, 0.5)
    """
    if not isinstance(parts, Mapping) or len(parts) < 2:
        raise InputError("`parts` must map at least two names to Hamiltonians, as in {'A': h_a, 'B': h_b}.")
    names = tuple(str(name) for name in parts)
    if any(not name or name != given for name, given in zip(names, parts, strict=True)):
        raise InputError(f"`parts` must have texts as names, but they are {list(parts)}.")
    hamiltonians = tuple(_checked(one, f"parts[{name!r}]") for name, one in parts.items())
    dimension = math.prod(_dimension(one) for one in hamiltonians)
    coupling = _checked(np.zeros((dimension, dimension)) if interaction is None else interaction, "interaction")
    if _dimension(coupling) != dimension:
        raise ShapeError(
            f"`interaction` must act on the joint space of dimension {dimension}, but its dimension is "
            f"{_dimension(coupling)}."
        )
    given = {} if betas is None else dict(betas)
    if unknown := sorted(set(given) - set(names)):
        raise InputError(f"`betas` must name parts among {', '.join(names)}, but it names {unknown[0]!r}.")
    checked = tuple(as_inverse_temperature(given[name], "betas") if name in given else None for name in names)
    total = total_hamiltonian(hamiltonians, coupling)
    moved = _dynamics(total, hamiltonians, baths, dissipators, dynamics)
    return MultipartiteSystem(names, hamiltonians, coupling, checked, moved)


def total_hamiltonian(parts: Sequence[Any], interaction: Any) -> _Hamiltonian:
    """Return Σ H_X + V, driven if any of them is.

    Examples
    --------
    >>> total_hamiltonian([np.diag([0.0, 1.0]), np.diag([0.0, 2.0])], np.zeros((4, 4))).real.diagonal()
    array([0., 2., 1., 3.])
    """
    checked = [_checked(one, f"parts[{index}]") for index, one in enumerate(parts)]
    dims = tuple(_dimension(one) for one in checked)
    placed: list[tuple[int | None, Any]] = [*enumerate(checked), (None, _checked(interaction, "interaction"))]

    def lifted(operator: ComplexMatrix, part: int | None) -> ComplexMatrix:
        return operator if part is None else embedded(operator, dims, part)

    if any(isinstance(one, HamiltonianFunction) for _, one in placed):
        return HamiltonianFunction(lambda t: np.sum([lifted(_at(one, t), k) for k, one in placed], axis=0), dims)
    standing = [lifted(one.static if isinstance(one, DrivenHamiltonian) else one, k) for k, one in placed]
    static = np.sum(standing, axis=0)
    moving = [(k, one) for k, one in placed if isinstance(one, DrivenHamiltonian)]
    if not moving:
        return np.asarray(static, dtype=np.complex128)
    operators = [lifted(operator, k) for k, one in moving for operator in one.operators]
    coefficients = tuple(function for _, one in moving for function in one.coefficients)
    stacked = np.stack(operators) if operators else np.zeros((0, *static.shape))
    return DrivenHamiltonian(np.asarray(static, dtype=np.complex128), stacked.astype(complex), coefficients, dims)


def embedded(operator: OperatorLike, dims: tuple[int, ...], part: int) -> ComplexMatrix:
    """Return an operator (..., d_X, d_X) of one part on the joint space (..., d, d); nothing is checked.

    Examples
    --------
    >>> embedded(np.diag([0.0, 1.0]), (2, 2), 1).real.diagonal()
    array([0., 1., 0., 1.])
    """
    before, after = math.prod(dims[:part]), math.prod(dims[part + 1 :])
    return np.asarray(np.kron(np.kron(np.eye(before), operator), np.eye(after)), dtype=np.complex128)


def _dynamics(
    total: _Hamiltonian,
    parts: tuple[_Hamiltonian, ...],
    baths: Sequence[Bath],
    dissipators: Sequence[JumpDissipator],
    dynamics: Generator | DrivenGenerator | None,
) -> Generator | DrivenGenerator:
    if sum((bool(baths), bool(dissipators), dynamics is not None)) > 1:
        raise InputError("Give one of `baths`, `dissipators` and `dynamics`, not several.")
    dims = tuple(_dimension(one) for one in parts)
    if dynamics is not None:
        return _agreeing(dynamics, total)
    if isinstance(total, _Moving):
        return driven_generator(total, baths) if baths else driven_generator(total, dissipators=list(dissipators))
    if baths:
        return davies_generator(total, list(baths), dims=dims)
    return gkls_generator(total, list(dissipators), dims=dims)


def _agreeing(dynamics: Generator | DrivenGenerator, total: _Hamiltonian) -> Generator | DrivenGenerator:
    """Return the dynamics after seeing that their Hamiltonian is that of the parts."""
    if not isinstance(dynamics, (Generator, DrivenGenerator)):
        raise InputError(f"`dynamics` must be a Generator or a DrivenGenerator, but it is a {type(dynamics).__name__}.")
    if dynamics.dimension != _dimension(total):
        raise ShapeError(
            f"`dynamics` must act on dimension {_dimension(total)}, but its dimension is {dynamics.dimension}."
        )
    if isinstance(dynamics, DrivenGenerator) != isinstance(total, _Moving):
        raise InputError("`dynamics` must be driven exactly if a Hamiltonian of the parts or their interaction is.")
    if isinstance(dynamics, Generator):
        apart = float(np.abs(dynamics.hamiltonian - _at(total, 0.0)).max())
        if apart > _SAME * float(np.abs(dynamics.hamiltonian).max()):
            raise InputError(
                f"`dynamics` must have the Hamiltonian of the parts and their interaction, but an element differs by "
                f"{apart:.2g}. Build it on total_hamiltonian()."
            )
    return dynamics


def _checked(given: OperatorLike | Any, name: str) -> _Hamiltonian:
    return given if isinstance(given, _Moving) else as_hermitian(given, name)


def _dimension(given: Any) -> int:
    return int(given.dimension) if isinstance(given, _Moving) else int(np.shape(given)[-1])


def _at(given: _Hamiltonian, times: RealTensor | float) -> ComplexMatrix:
    if isinstance(given, _Moving):
        return given.at(times)
    return np.broadcast_to(given, (*np.shape(times), *given.shape))


def _backwards(given: _Hamiltonian, stop: float) -> _Hamiltonian:
    """Return -H(stop - s) as a function of s."""
    if isinstance(given, HamiltonianFunction):
        return HamiltonianFunction(lambda s: -given.at(stop - float(s)), given.dims)
    if isinstance(given, DrivenHamiltonian):
        turned = tuple(_turned(function, stop) for function in given.coefficients)
        return DrivenHamiltonian(-given.static, -given.operators, turned, given.dims)
    return -given


def _turned(function: Coefficient | TabulatedCoefficient, stop: float) -> Coefficient | TabulatedCoefficient:
    if isinstance(function, TabulatedCoefficient):
        times = tuple(stop - time for time in reversed(function.times))
        return TabulatedCoefficient(times, tuple(reversed(function.values)))
    return Coefficient(lambda s: function(np.asarray(stop - s)), lambda s: -function.rate(np.asarray(stop - s)))
