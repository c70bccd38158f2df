"""Full evolution of a lattice as a product of exact steps of single species, of order 2, 4, 6 or 8 in the step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.lattice.exact_steps import ExactSteps
from loschmidt.processes.lattice.protocol import ExactStep
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock import as_count
from loschmidt.typing import ComplexTensor

__all__ = ["SCHEMES", "Scheme", "Trotter"]

_MOST_STEPS = 10**7


@dataclass(frozen=True)
class Scheme:
    """Coefficients of a symmetric product formula.

    Attributes
    ----------
    order : int
        Its error falls as this power of the step.
    strang : tuple of float
        Lengths of the symmetric second-order steps that it is made of; empty if it is a splitting of its own.
    splitting : tuple of float
        Times of the first, the second, the first … of two parts; empty if it is made of second-order steps.
    source : str
        Key in the bibliography.

    Examples
    --------
    >>> round(sum(SCHEMES["kahan-li-8"].strang), 12)
    1.0
    """

    order: int
    strang: tuple[float, ...]
    splitting: tuple[float, ...]
    source: str


def _composed(order: int, half: Sequence[float], source: str) -> Scheme:
    return Scheme(order, (*half, 1 - 2 * math.fsum(half), *reversed(half)), (), source)


def _split(order: int, first: Sequence[float], second: Sequence[float], source: str) -> Scheme:
    a = [*first, 1 - 2 * math.fsum(first), *reversed(first)]
    b = [*second, 0.5 - math.fsum(second)]
    b += reversed(b)
    times = [a[0]]
    for one, other in zip(b, a[1:], strict=True):
        times += [one, other]
    return Scheme(order, (), tuple(times), source)


_SUZUKI = 1 / (4 - 4 ** (1 / 3))

#: Product formulas by name.
SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        "strang-2": Scheme(2, (1.0,), (), "strang1968"),
        "suzuki-4": _composed(4, (_SUZUKI, _SUZUKI), "suzuki1990"),
        "blanes-moan-4": _split(
            4,
            (0.0792036964311957, 0.353172906049774, -0.0420650803577195),
            (0.209515106613362, -0.143851773179818),
            "blanes2002",
        ),
        "blanes-moan-6": _split(
            6,
            (0.0502627644003922, 0.413514300428344, 0.0450798897943977, -0.188054853819569, 0.541960678450780),
            (0.148816447901042, -0.132385865767784, 0.067307604692185, 0.432666402578175),
            "blanes2002",
        ),
        "kahan-li-6": _composed(
            6,
            (0.39216144400731413928, 0.33259913678935943860, -0.70624617255763935981, 0.082213596293550800230),
            "kahan1997",
        ),
        "kahan-li-8": _composed(
            8,
            (
                0.13020248308889008088,
                0.56116298177510838456,
                -0.38947496264484728641,
                0.15884190655515560090,
                -0.39590389413323757734,
                0.18453964097831570709,
                0.25837438768632204729,
                0.29501172360931029887,
            ),
            "kahan1997",
        ),
    }
)


@dataclass(frozen=True)
class Trotter:
    """exp(−iHt) as a product of exact steps, each species with half of every interaction that it takes part in.

    Needs no second vector unless the error is estimated. :class:`Chebyshev` is faster for errors below 1e-3; this is
    for states that fill the memory, and for the stepwise protocols themselves.

    Parameters
    ----------
    steps : int
        Steps that each :class:`FullStep` is divided into.
    scheme : str
        Name in `SCHEMES`; the two of Blanes and Moan split H in two and so need two species.
    estimate_error : bool
        Run each step with half as many as well, and take the error from the difference. Costs a second vector and half
        the time again; without it the error is reported as ``inf``, unknown.

    Examples
    --------
    >>> Trotter(steps=20, scheme="blanes-moan-6").order
    6
    """

    steps: int = 20
    scheme: str = "suzuki-4"
    estimate_error: bool = True

    def __post_init__(self) -> None:
        as_count(self.steps, "steps", 1, _MOST_STEPS)
        if self.scheme not in SCHEMES:
            raise InputError(f"`scheme` must be one of {', '.join(SCHEMES)}, but it is {self.scheme!r}.")
        if self.estimate_error and self.steps < 2:
            raise InputError("`steps` must be at least 2 to estimate the error, but it is 1.")

    @property
    def name(self) -> str:
        """Short name for reports."""
        return f"Trotter steps, {self.scheme}"

    @property
    def order(self) -> int:
        """Power of the step with which the error falls."""
        return SCHEMES[self.scheme].order

    @property
    def vectors(self) -> int:
        """One more if the error is estimated."""
        return int(self.estimate_error)

    def check(self, system: LatticeSystem) -> None:
        """Raise InputError if no species moves freely, or the scheme needs two species and there are others."""
        if not system.moves_freely:
            raise InputError(
                f"`method` must not be Trotter steps for hard-core particles on a {system.lattice.name}, because a "
                f"single species is not free there. Use Chebyshev()."
            )
        if SCHEMES[self.scheme].splitting and len(system.dims) != 2:
            raise InputError(
                f"`scheme` {self.scheme!r} splits H in two, but the system has {len(system.dims)} species. "
                f'Use "suzuki-4", "kahan-li-6" or "kahan-li-8".'
            )

    def advance(self, steps: ExactSteps, system: LatticeSystem, state: ComplexTensor, time: float) -> float:
        """Evolve `state` in place; return the estimated error."""
        if not self.estimate_error:
            self._run(steps, system, state, time, self.steps)
            return math.inf
        coarse, fewer = state.copy(), self.steps // 2
        rounding = self._run(steps, system, coarse, time, fewer)
        rounding += self._run(steps, system, state, time, self.steps)
        coarse -= state
        apart = float(np.linalg.norm(coarse.reshape(-1)))
        return apart / ((self.steps / fewer) ** self.order - 1) + rounding

    def _run(self, steps: ExactSteps, system: LatticeSystem, state: ComplexTensor, time: float, count: int) -> float:
        sequence = step_sequence(SCHEMES[self.scheme], len(system.dims), count)
        return math.fsum(
            steps.apply(state, ExactStep(s, fraction * time, 0.5, system)) for s, fraction in sequence if fraction
        )


def step_sequence(scheme: Scheme, species: int, count: int) -> list[tuple[int, float]]:
    """Return (species, fraction of the time) in the order of application, neighbours of one species joined.

    Examples
    --------
    >>> step_sequence(SCHEMES["strang-2"], 2, 2)
    [(0, 0.25), (1, 0.5), (0, 0.5), (1, 0.5), (0, 0.25)]
    """
    if scheme.splitting:
        single = [(place % 2, fraction) for place, fraction in enumerate(scheme.splitting)]
    else:
        up = list(range(species))
        single = [(s, 0.5 * length) for length in scheme.strang for s in (*up, *reversed(up))]
    joined: list[tuple[int, float]] = []
    for s, fraction in single * count:
        if joined and joined[-1][0] == s:
            joined[-1] = (s, joined[-1][1] + fraction / count)
        else:
            joined.append((s, fraction / count))
    return joined
