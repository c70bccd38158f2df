"""Operators, states, numbers and drives from text, as model files write them; no text is ever run as code.

The language: numbers, ``pi``, the imaginary unit ``i`` (also ``2i``, ``2j``), parameters by name, ``+ - * / ^``
(or ``**``), parentheses, functions of numbers, and

====================  ==================================================================================
``X Y Z I``           Pauli matrices of a qubit, Z = diag(1, -1); ``I`` the identity of a site or of all
``Sp Sm``             (X + iY)/2 = ``|0><1|`` and (X - iY)/2 = ``|1><0|``; the Hamiltonian alone decides which
                      of the levels 0 and 1 is the lower one, and so which of the two lowers the energy
``a adag n``          annihilation, creation and number operator of a truncated mode
``|e><g|``            transition from g to e; ``|0,g>`` and ``<0,g|`` name one level of each site
``Z0 Z_left Z[left]`` the site by index or by name; needed only where several sites have such an operator
``|e><g|[atom]``      the same for a transition
``dag(A)  A + h.c.``  the adjoint; ``h.c.`` is the adjoint of everything before it in the same parenthesis
====================  ==================================================================================

A number beside operators stands for that multiple of the identity. A power of an operator has a whole exponent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from loschmidt._syntax.error import ExpressionError
from loschmidt._syntax.numbers import as_parameters, names_in, parse_number, resolve
from loschmidt.checks import as_density_matrix
from loschmidt.processes._operator_algebra import Bra, Ket, Value, to_array
from loschmidt.processes._operator_evaluation import evaluate
from loschmidt.processes.scalar_expressions import ScalarExpression, parse_scalar
from loschmidt.processes.spaces import Site, Space
from loschmidt.typing import ComplexMatrix

__all__ = [
    "ExpressionError",
    "ScalarExpression",
    "Site",
    "Space",
    "names_in",
    "parse_number",
    "parse_operator",
    "parse_scalar",
    "parse_state",
    "resolve",
]


def parse_operator(text: str, space: Space, parameters: Mapping[str, Any] | None = None) -> ComplexMatrix:
    """Return the matrix ``(d, d)`` of the operator that `text` stands for, not necessarily Hermitian.

    Parameters
    ----------
    text : str
        See the module :mod:`loschmidt.processes.expressions` for the language.
    space : Space
        The sites; d is the product of their dimensions, first site leftmost as in ``numpy.kron``.
    parameters : mapping of str to number or str, optional
        Real or complex values; texts may refer to one another.

    Raises
    ------
    ExpressionError
        At the wrong character, with the nearest known name where a name is unknown.
    ResourceError
        If the matrix would need more than 2 GiB.

    Examples
    --------
    >>> parse_operator("0.5*w*Z0 + g*(X0*X1 + Y0*Y1)", Space.qubits(2), {"w": 1.0, "g": 0.1}).real
    array([[ 0.5,  0. ,  0. ,  0. ],
           [ 0. ,  0.5,  0.2,  0. ],
           [ 0. ,  0.2, -0.5,  0. ],
           [ 0. ,  0. ,  0. , -0.5]])
    """
    space.check_size()
    value = evaluate(text, space, as_parameters(parameters))
    if isinstance(value, (Ket, Bra)):
        noun = "a ket" if isinstance(value, Ket) else "a bra"
        raise ExpressionError(f"an operator must stand here, but this is {noun}.", text, _start(text))
    return _dense(value, space, text)


def parse_state(
    text: str, space: Space, parameters: Mapping[str, Any] | None = None, name: str = "state"
) -> ComplexMatrix:
    """Return the density matrix ``(d, d)`` that `text` stands for; a ket becomes its projector.

    Parameters
    ----------
    text : str
        A ket such as ``(|0> + |1>)/sqrt(2)``, ``|g>``, ``|0,1>`` or ``|01>`` (one character a site), where ``+``
        and ``-`` stand for (``|0>`` ± ``|1>``)/√2 of a site with two levels; or a density operator such as
        ``0.5*|0><0| + 0.5*|1><1|``.
    space, parameters
        As in :func:`parse_operator`.
    name : str
        What an error calls the state.

    Raises
    ------
    ExpressionError, ResourceError
        As in :func:`parse_operator`.
    NotAStateError
        If it is not normalised, not Hermitian or not positive; nothing is normalised silently.

    Examples
    --------
    >>> parse_state("(|0> + i*|1>)/sqrt(2)", Space.qubits(1)).round(3)
    array([[0.5+0.j , 0. -0.5j],
           [0. +0.5j, 0.5+0.j ]])
    """
    space.check_size()
    value = evaluate(text, space, as_parameters(parameters))
    if isinstance(value, Bra):
        raise ExpressionError("a ket or a density operator must stand here, but this is a bra.", text, _start(text))
    return as_density_matrix(_dense(value, space, text), name)


def _dense(value: Value, space: Space, text: str) -> np.ndarray:
    """Return the array of a ket ``(d,)`` or an operator ``(d, d)``."""
    with np.errstate(over="ignore", invalid="ignore"):
        array = value.vector if isinstance(value, Ket) else to_array(value, space.dims)
    if not np.isfinite(array).all():
        raise ExpressionError("the result must be finite, but a part of it overflows.", text, _start(text))
    return np.asarray(array)


def _start(text: str) -> int:
    return len(text) - len(text.lstrip())
