"""Channels of QuTiP and Qiskit, in and out: recognised by what they offer, so that neither need be installed."""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.linear_map import Form
from loschmidt.processes.channels.making import as_dims_pair, as_kraus, as_matrix
from loschmidt.typing import ComplexMatrix

if TYPE_CHECKING:
    from loschmidt.processes.channels.linear_map import LinearMap

__all__ = ["Parts", "read_qiskit", "read_qutip", "to_qutip"]

#: Representation, its array, and the tensor factors of what goes in and of what comes out.
Parts = tuple[Form, ComplexMatrix, tuple[tuple[int, ...], tuple[int, ...]]]


def read_qutip(value: Any) -> Parts:
    """Return the parts of a channel given as a ``qutip.Qobj`` or a list of Kraus ``Qobj``.

    Raises
    ------
    InputError, ShapeError
        If it is neither, or a factor of a Kraus operator differs from those of the first.

    Examples
    --------
    >>> import qutip
    >>> read_qutip([qutip.tensor(qutip.sigmax(), qutip.sigmaz())])[2]
    ((2, 2), (2, 2))
    """
    if isinstance(value, (list, tuple)):
        return _qutip_kraus(value)
    if not (hasattr(value, "full") and hasattr(value, "dims")):
        raise InputError(f"`value` must be a qutip.Qobj or a list of them, but it is a {type(value).__name__}.")
    if not value.issuper:
        return _qutip_kraus([value])
    if value.superrep == "choi":
        return "choi", as_matrix(value, "value"), (_flat(value.dims[0][0]), _flat(value.dims[0][1]))
    if value.superrep != "super":
        value = importlib.import_module("qutip").to_super(value)
    (out, also_out), (into, also_in) = value.dims
    if out != also_out or into != also_in:
        raise ShapeError(f"`value` must map square operators to square operators, but its dims are {value.dims}.")
    return "superoperator", as_matrix(value, "value"), (_flat(into), _flat(out))


def to_qutip(channel: LinearMap) -> Any:
    """Return the superoperator of a channel as a ``qutip.Qobj``.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> to_qutip(amplitude_damping(0.5)).iscptp
    True
    """
    import qutip

    into, out = list(channel.dims_in), list(channel.dims_out)
    return qutip.Qobj(channel.superoperator, dims=[[out, out], [into, into]], superrep="super")


def read_qiskit(value: Any, *, reverse: bool = False) -> Parts:
    """Return the parts of a channel given as an object of ``qiskit.quantum_info``, a circuit or an instruction.

    Matrices agree as they stand, with Qiskit's subsystem 0 as the last factor; `reverse` makes it the first.

    Raises
    ------
    InputError, ShapeError
        If Qiskit does not know what it is either.
    """
    known = hasattr(value, "input_dims") and hasattr(value, "data")
    kind = type(value).__name__ if known else ""
    # Qiskit holds a pair of lists for a map that is not completely positive.
    if kind not in {"Operator", "Kraus", "Stinespring", "Choi", "SuperOp"} or isinstance(value.data, tuple):
        value, kind = _qiskit_superoperator(value), "SuperOp"
    dims = as_dims_pair((tuple(reversed(value.input_dims())), tuple(reversed(value.output_dims()))))
    form, data = _qiskit_data(kind, value.data, math.prod(dims[1]))
    if not reverse:
        return form, data, dims
    return form, _factors_reversed(form, data, dims), (dims[0][::-1], dims[1][::-1])


def _qutip_kraus(operators: Sequence[Any]) -> Parts:
    if not operators or not all(hasattr(one, "full") and hasattr(one, "dims") for one in operators):
        raise InputError("`value` must be a list of Kraus operators, each a qutip.Qobj, but an entry is not, or none.")
    first = operators[0].dims
    if different := [one.dims for one in operators if one.dims != first]:
        raise ShapeError(f"Kraus operators must have equal dims, but they are {first} and {different[0]}.")
    return "kraus", as_kraus(operators, "value"), (_flat(first[1]), _flat(first[0]))


def _qiskit_superoperator(value: Any) -> Any:
    package = type(value).__module__.partition(".")[0]
    if package != "qiskit" and not package.startswith("qiskit_"):
        raise InputError(f"`value` must be an object of Qiskit, but it is a {type(value).__name__}.")
    try:
        return importlib.import_module("qiskit.quantum_info").SuperOp(value)
    except Exception as error:
        raise InputError(f"`value` must be something that Qiskit can turn into a SuperOp, but {error}") from error


def _qiskit_data(kind: str, data: Any, dimension_out: int) -> tuple[Form, ComplexMatrix]:
    if kind == "Kraus":
        return "kraus", as_kraus(data, "value")
    matrix = as_matrix(data, "value")
    if kind == "Operator":
        return "kraus", matrix[None]
    if kind == "Stinespring":
        # Rows are system ⊗ environment.
        blocks = matrix.reshape(dimension_out, -1, matrix.shape[1])
        return "kraus", np.ascontiguousarray(blocks.swapaxes(0, 1))
    return ("choi", matrix) if kind == "Choi" else ("superoperator", matrix)


def _factors_reversed(form: Form, data: ComplexMatrix, dims: tuple[tuple[int, ...], tuple[int, ...]]) -> ComplexMatrix:
    """Return the representation with the order of the factors reversed on both sides."""
    into, out = dims
    groups = {"kraus": ((len(data),), out, into), "choi": (into, out) * 2, "superoperator": (out, out, into, into)}[
        form
    ]
    axes: list[int] = []
    for group in groups:
        axes += range(len(axes) + len(group) - 1, len(axes) - 1, -1)
    flat = data.reshape([size for group in groups for size in group])
    return np.ascontiguousarray(flat.transpose(axes)).reshape(data.shape)


def _flat(side: Any) -> tuple[int, ...]:
    if not all(isinstance(size, (int, np.integer)) for size in side):
        raise ShapeError(f"`value` must have plain factors on both sides, but one side has the dims {side}.")
    return tuple(int(size) for size in side)
