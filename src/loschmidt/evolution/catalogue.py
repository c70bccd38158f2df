"""The list of all evolution methods, by the name that model files and the command line use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loschmidt.evolution.exact import MatrixExponential
from loschmidt.evolution.krylov import Krylov
from loschmidt.evolution.runge_kutta import RungeKutta
from loschmidt.evolution.secular import SecularPropagator
from loschmidt.evolution.unitary import UnitaryPropagator

if TYPE_CHECKING:
    from loschmidt.evolution.evolve import Method

__all__ = ["METHODS"]

METHODS: dict[str, type[Method]] = {
    "secular": SecularPropagator,
    "unitary": UnitaryPropagator,
    "exponential": MatrixExponential,
    "runge-kutta": RungeKutta,
    "krylov": Krylov,
}
