"""Hamiltonians that change in time: a static part and operators with coefficients, or any function of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

import numpy as np

from loschmidt.checks import as_hermitian, as_operator, as_real_values, dims_of
from loschmidt.errors import InputError, NotFiniteError
from loschmidt.typing import ComplexMatrix, OperatorLike, RealTensor

__all__ = ["Coefficient", "DrivenHamiltonian", "HamiltonianFunction", "TabulatedCoefficient", "driven_hamiltonian"]


_Function: TypeAlias = Callable[[RealTensor], RealTensor]


@runtime_checkable
class _Differentiable(Protocol):
    def derivative(self) -> Callable[[RealTensor], RealTensor]: ...


@dataclass(frozen=True, eq=False)
class Coefficient:
    """A real function of time with its derivative.

    Parameters
    ----------
    function : callable
        Maps times (...) to values (...).
    derivative : callable, optional
        Its exact derivative; without it, it is found by adaptive finite differences.

    Examples
    --------
    >>> round(float(Coefficient(np.sin).rate(np.array(0.0))), 9)
    1.0
    """

    function: Callable[[RealTensor], RealTensor]
    derivative: Callable[[RealTensor], RealTensor] | None = None

    def __call__(self, times: RealTensor) -> RealTensor:
        """Return the values at `times` (...)."""
        return _evaluated(self.function, np.asarray(times, dtype=np.float64))

    def rate(self, times: RealTensor) -> RealTensor:
        """Return the time derivative at `times` (...)."""
        times = np.asarray(times, dtype=np.float64)
        if self.derivative is not None:
            return _evaluated(self.derivative, times)
        return _numerical_derivative(self, times)


@dataclass(frozen=True)
class TabulatedCoefficient:
    """A drive known at sample times, joined by a cubic spline (or straight lines between two or three points).

    Parameters
    ----------
    times, values : (n,)
        Ascending times and the values there, n ≥ 2.

    Examples
    --------
    >>> float(TabulatedCoefficient((0.0, 1.0), (0.0, 2.0))(np.array(0.25)))
    0.5
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        times, values = (np.asarray(x, dtype=np.float64) for x in (self.times, self.values))
        if times.ndim != 1 or times.size < 2 or times.shape != values.shape:
            raise InputError("`times` and `values` of a tabulated drive must be vectors of one length, at least 2.")
        if not (np.isfinite(times).all() and np.isfinite(values).all()):
            raise NotFiniteError("`times` and `values` of a tabulated drive must be finite.")
        if not (np.diff(times) > 0).all():
            raise InputError("`times` of a tabulated drive must increase strictly.")
        object.__setattr__(self, "times", tuple(times.tolist()))
        object.__setattr__(self, "values", tuple(values.tolist()))

    def _spline(self) -> Any:
        from scipy.interpolate import make_interp_spline

        return make_interp_spline(self.times, self.values, k=3 if len(self.times) > 3 else 1)

    def _inside(self, times: RealTensor) -> RealTensor:
        times = np.asarray(times, dtype=np.float64)
        slack = 1e-9 * (self.times[-1] - self.times[0])
        outside = (times < self.times[0] - slack) | (times > self.times[-1] + slack)
        if outside.any():
            raise InputError(
                f"A tabulated drive covers times {self.times[0]:g} to {self.times[-1]:g}, but it is asked for "
                f"{float(times[outside].flat[0]):g}. Extend the table or shorten the run."
            )
        return times

    def __call__(self, times: RealTensor) -> RealTensor:
        """Return the values at `times` (...)."""
        return np.asarray(self._spline()(self._inside(times)))

    def rate(self, times: RealTensor) -> RealTensor:
        """Return the time derivative at `times` (...)."""
        return np.asarray(self._spline().derivative()(self._inside(times)))


@dataclass(frozen=True, eq=False)
class DrivenHamiltonian:
    """H(t) = H_0 + Σ f_k(t) H_k; build one with :func:`driven_hamiltonian`.

    Attributes
    ----------
    static : (d, d)
        H_0.
    operators : (K, d, d)
        Hermitian operators H_k.
    coefficients : tuple
        Real functions f_k with a ``rate`` method.
    dims : tuple of int
        Tensor structure.
    """

    static: ComplexMatrix
    operators: ComplexMatrix
    coefficients: tuple[Coefficient | TabulatedCoefficient, ...]
    dims: tuple[int, ...]

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return int(self.static.shape[-1])

    def at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return H at `times` (...), as (..., d, d)."""
        values = [f(np.asarray(times, dtype=np.float64)) for f in self.coefficients]
        return np.asarray(self.static + self._sum(values, times))

    def rate_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return dH/dt at `times` (...), as (..., d, d)."""
        return self._sum([f.rate(np.asarray(times, dtype=np.float64)) for f in self.coefficients], times)

    def _sum(self, values: list[RealTensor], times: RealTensor | float) -> ComplexMatrix:
        shape = np.shape(times)
        if not values:
            return np.zeros((*shape, self.dimension, self.dimension), dtype=np.complex128)
        return np.asarray(np.tensordot(np.stack(values, axis=-1), self.operators, axes=1))


@dataclass(frozen=True, eq=False)
class HamiltonianFunction:
    """H(t) from any function that returns a Hermitian matrix; build one with :func:`driven_hamiltonian`.

    Attributes
    ----------
    function : callable
        Maps one time to a (d, d) operator.
    dims : tuple of int
        Tensor structure.
    """

    function: Callable[[float], OperatorLike]
    dims: tuple[int, ...]

    @property
    def dimension(self) -> int:
        """Dimension d of the Hilbert space."""
        return int(np.prod(self.dims))

    def at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return H at `times` (...), as (..., d, d)."""
        flat = np.asarray(times, dtype=np.float64).reshape(-1)
        stack = [as_hermitian(self.function(float(t)), f"hamiltonian at t = {t:g}", self.dimension) for t in flat]
        return np.stack(stack).reshape(*np.shape(times), self.dimension, self.dimension)

    def rate_at(self, times: RealTensor | float) -> ComplexMatrix:
        """Return dH/dt at `times` (...), as (..., d, d), by adaptive finite differences."""
        d = self.dimension
        flat = np.asarray(times, dtype=np.float64).reshape(-1)
        rates = np.empty((flat.size, d, d), dtype=np.complex128)
        for i in range(d):
            for j in range(d):
                real, imaginary = (self._element(i, j, part).rate(flat) for part in (np.real, np.imag))
                rates[:, i, j] = real + 1j * imaginary
        return rates.reshape(*np.shape(times), d, d)

    def _element(self, row: int, column: int, part: Callable[[Any], Any]) -> Coefficient:
        return Coefficient(lambda times: np.asarray(part(self.at(times)[..., row, column])))


def driven_hamiltonian(
    static: Any, terms: Sequence[tuple[OperatorLike, Any]] = (), *, dims: tuple[int, ...] | None = None
) -> DrivenHamiltonian | HamiltonianFunction:
    """Return a time-dependent Hamiltonian.

    Parameters
    ----------
    static : (d, d), callable or ``qutip.QobjEvo``
        The constant part; or a function of one time that returns H(t), then without `terms`; or a ``QobjEvo``.
    terms : sequence of (operator, coefficient)
        Hermitian operators and real functions of time. A coefficient is a callable, a :class:`Coefficient`, a
        :class:`TabulatedCoefficient`, or anything callable with a ``derivative()`` method.
    dims : tuple of int, optional
        Tensor structure.

    Returns
    -------
    DrivenHamiltonian or HamiltonianFunction

    Raises
    ------
    InputError and its subclasses
        If an operator is malformed or H is not Hermitian.

    Examples
    --------
    >>> sweep = driven_hamiltonian([[0, 0.1], [0.1, 0]], [([[1, 0], [0, -1]], lambda t: 0.5 * t)])
    >>> sweep.at(2.0).real
    array([[ 1. ,  0.1],
           [ 0.1, -1. ]])
    """
    if hasattr(static, "to_list") and hasattr(static, "isoper"):
        return _from_qobjevo(static)
    if callable(static) and not hasattr(static, "full"):
        if terms:
            raise InputError("`terms` must be empty when the Hamiltonian is given as a function of time.")
        first = static(0.0)
        return HamiltonianFunction(static, dims or dims_of(first) or as_hermitian(first, "hamiltonian").shape[-1:])
    base = as_hermitian(static, "hamiltonian")
    operators = [as_hermitian(operator, f"terms[{k}]", base.shape[-1]) for k, (operator, _) in enumerate(terms)]
    return DrivenHamiltonian(
        static=base,
        operators=np.stack(operators) if operators else np.zeros((0, *base.shape), dtype=np.complex128),
        coefficients=tuple(_as_coefficient(value) for _, value in terms),
        dims=dims or dims_of(static) or base.shape[-1:],
    )


def _as_coefficient(value: Any) -> Coefficient | TabulatedCoefficient:
    if isinstance(value, (Coefficient, TabulatedCoefficient)):
        return value
    if not callable(value):
        raise InputError(f"A coefficient of `terms` must be a function of time, but it is {value!r}.")
    if isinstance(value, _Differentiable):
        return Coefficient(cast(_Function, value), value.derivative())
    return Coefficient(value)


def _from_qobjevo(system: Any) -> DrivenHamiltonian:
    static: Any = None
    operators: list[ComplexMatrix] = []
    coefficients: list[Coefficient] = []
    for part in system.to_list():
        if not isinstance(part, (list, tuple)):
            static = as_operator(part) if static is None else static + as_operator(part)
            continue
        operator, function = as_operator(part[0]), part[1]
        adjoint = operator.conj().T
        # Only the sum need be Hermitian: f A + (its partner) equals Re f (A + A†)/2 + Im f i(A - A†)/2 summed.
        operators += [(operator + adjoint) / 2, 1j * (operator - adjoint) / 2]
        coefficients += [Coefficient(_part_of(function, np.real)), Coefficient(_part_of(function, np.imag))]
    d = int(system.shape[0])
    base = np.zeros((d, d), dtype=np.complex128) if static is None else as_hermitian(static, "hamiltonian")
    result = DrivenHamiltonian(base, np.array(operators).reshape(-1, d, d), tuple(coefficients), tuple(system.dims[0]))
    for time in (0.0, 0.37, 1.0):
        given = as_hermitian(system(time), f"hamiltonian at t = {time:g}")
        if np.abs(given - result.at(time)).max() > 1e-10 * max(float(np.abs(given).max()), 1e-300):
            raise InputError(f"`hamiltonian` must be Hermitian at every time, but it is not at t = {time:g}.")
    return result


def _part_of(function: Any, part: Callable[[Any], Any]) -> Callable[[RealTensor], RealTensor]:
    return np.vectorize(lambda t: float(part(complex(function(t)))), otypes=[np.float64])


def _evaluated(function: Callable[[Any], Any], times: RealTensor) -> RealTensor:
    try:
        returned = function(times)
    except (TypeError, ValueError):
        # A function written for one time at a time, with math.sin or an `if` for instance.
        returned = np.array([function(float(t)) for t in times.reshape(-1)]).reshape(times.shape)
    values = as_real_values(returned, "A drive")
    if values.shape != np.shape(times):
        values = np.broadcast_to(values, np.shape(times)).copy()
    if not np.isfinite(values).all():
        at = np.asarray(times)[~np.isfinite(values)].flat[0]
        raise NotFiniteError(f"A drive must be finite, but it is not at t = {float(at):g}.")
    return values


def _numerical_derivative(function: Callable[[RealTensor], RealTensor], times: RealTensor) -> RealTensor:
    from scipy.differentiate import derivative

    span = float(np.ptp(times)) if np.size(times) > 1 else 1.0
    found: Any = derivative(
        cast(Any, function), times, initial_step=max(span, 1e-300) / 64, order=8, tolerances={"rtol": 1e-11}
    )
    return np.asarray(found.df)
