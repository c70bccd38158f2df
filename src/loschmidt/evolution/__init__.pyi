from .catalogue import METHODS
from .evolve import Evolution, Method, default_method, evolve
from .exact import MatrixExponential
from .krylov import Krylov
from .runge_kutta import RungeKutta
from .secular import SecularPropagator
from .steady import SteadyState, steady_state
from .unitary import UnitaryPropagator

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
