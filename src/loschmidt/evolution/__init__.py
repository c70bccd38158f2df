"""Run a process: evolution in time, its methods, and steady states."""

from __future__ import annotations

from loschmidt.evolution.catalogue import METHODS
from loschmidt.evolution.evolve import Evolution, Method, default_method, evolve
from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.krylov import Krylov
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.evolution.steady import SteadyState, steady_state
from loschmidt.evolution.unitary import UnitaryPropagator

__all__ = [
    "METHODS",
    "Evolution",
    "Krylov",
    "MatrixExponential",
    "Method",
    "RungeKutta",
    "SecularPropagator",
    "SteadyState",
    "UnitaryPropagator",
    "default_method",
    "evolve",
    "steady_state",
]
