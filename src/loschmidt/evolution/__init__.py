"""Run a process: evolution in time, its methods, and steady states."""

from __future__ import annotations

from loschmidt.evolution.evolve import Evolution, Method, default_method, evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.krylov import Krylov
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.evolution.steady import SteadyState, steady_state

__all__ = [
    "METHODS",
    "Evolution",
    "Krylov",
    "MatrixExponential",
    "Method",
    "RungeKutta",
    "SecularPropagator",
    "SteadyState",
    "default_method",
    "evolve",
    "steady_state",
]

#: Every method by the name that model files and the command line use.
METHODS: dict[str, type[Method]] = {
    "secular": SecularPropagator,
    "exponential": MatrixExponential,
    "runge-kutta": RungeKutta,
    "krylov": Krylov,
}
