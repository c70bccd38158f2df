"""Maps one after the other and side by side, in the representation that stays smallest."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import ShapeError
from loschmidt.processes.channels.linear_map import Form, LinearMap
from loschmidt.processes.channels.representations import check_memory
from loschmidt.typing import ComplexMatrix

__all__ = ["composed", "tensored"]


def composed(after: LinearMap, before: LinearMap) -> tuple[Form, ComplexMatrix]:
    """Return a representation of `after` ∘ `before`: Kraus operators unless their number would exceed n m.

    Raises
    ------
    ShapeError
        If the dimension between the two differs.

    Examples
    --------
    >>> from loschmidt.processes.channels import Channel
    >>> flip = Channel.from_kraus([[[0, 1], [1, 0]]])
    >>> composed(flip, flip)[1].real
    array([[[1., 0.],
            [0., 1.]]])
    """
    if after.dimension_in != before.dimension_out:
        raise ShapeError(
            f"`after @ before` must meet in one dimension, but `before` gives {before.dimension_out} and `after` takes "
            f"{after.dimension_in}."
        )
    n, middle, m = before.dimension_in, before.dimension_out, after.dimension_out
    if after.form == before.form == "kraus" and len(after.data) * len(before.data) <= n * m:
        products = after.data[:, None] @ before.data
        return "kraus", np.ascontiguousarray(products.reshape(-1, m, n))
    check_memory(n, m)
    # The columns of a superoperator are images, stacked: what comes after is applied to each.
    images = before.superoperator.T.reshape(n * n, middle, middle).swapaxes(-1, -2)
    columns = after.apply(images).swapaxes(-1, -2).reshape(n * n, m * m)
    return "superoperator", np.ascontiguousarray(columns.T)


def tensored(first: LinearMap, second: LinearMap) -> tuple[Form, ComplexMatrix]:
    """Return a representation of `first` ⊗ `second`, Kraus operators if both were given as such.

    Examples
    --------
    >>> from loschmidt.processes.channels import Channel
    >>> flip = Channel.from_kraus([[[0, 1], [1, 0]]])
    >>> tensored(flip, flip)[1].shape
    (1, 4, 4)
    """
    n1, n2, m1, m2 = first.dimension_in, second.dimension_in, first.dimension_out, second.dimension_out
    if first.form == second.form == "kraus":
        products = np.einsum("kab,lcd->klacbd", first.data, second.data)
        return "kraus", products.reshape(-1, m1 * m2, n1 * n2)
    check_memory(n1 * n2, m1 * m2)
    one = first.choi.reshape(n1, m1, n1, m1)
    other = second.choi.reshape(n2, m2, n2, m2)
    product = np.einsum("iajb,kcld->ikacjlbd", one, other)
    return "choi", product.reshape(n1 * n2 * m1 * m2, n1 * n2 * m1 * m2)
