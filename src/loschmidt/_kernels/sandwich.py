"""Master equations of sparse operators: ρ̇ = X + X† + Σ L ρ L† with X = G ρ, never a superoperator.

``sandwich`` is a tuple of

* the real and the imaginary part of G = Σ_j w_j(t) G_j, each as row pointers (d + 1,), columns (z,) and values (J, z),
  an odd row filled up by a zero;
* ``jumps``: pointers (K + 1,), rows, columns, real and imaginary values (y,) of the jump operators, rates included,
  sorted by rows; signs (K,), -1 for a negative rate; for each element the first one of its row (y,); whether an
  operator is real (K,);
* ``functionals``: row pointers (m J + 1,), positions and values of the exchange functionals, the terms of one exchange
  one after the other;
* two scratch arrays (2, d, d).

Real and imaginary parts are separate, so that rows of ρ are loops of vector instructions. Faster than dense products
where G has few elements a row: from d = 8 on for chains. Slow twin: ``Generator.apply``.
"""

from __future__ import annotations

import numpy as np

from loschmidt._kernels.compile import jit

__all__ = ["sandwich_rates"]


@jit(error_model="numpy")
def _add_product(part, weights, stage, first, second, sign, product):  # type: ignore[no-untyped-def]
    # product[0] += sign P first and product[1] += P second, P real and sparse; two elements of a row at a time.
    starts, columns, values = part
    d, whole = first.shape[0], np.zeros(len(columns))
    for term in range(values.shape[0]):
        weight = weights[stage, term]
        for at in range(len(columns)):
            whole[at] += weight * values[term, at]
    for i in range(d):
        for at in range(starts[i], starts[i + 1], 2):
            a, b = whole[at], whole[at + 1]
            j, m = columns[at], columns[at + 1]
            x, y = sign * a, sign * b
            for k in range(d):
                product[0, i, k] += x * first[j, k] + y * first[m, k]
                product[1, i, k] += a * second[j, k] + b * second[m, k]


@jit(error_model="numpy")
def _add_jumps(jumps, real, imaginary, gain):  # type: ignore[no-untyped-def]
    # Elements on and above the diagonal of Σ L ρ L†.
    starts, rows, columns, value_real, value_imaginary, signs, first, purely_real = jumps
    for k in range(len(signs)):
        for a in range(starts[k], starts[k + 1]):
            row, column = rows[a], columns[a]
            ar, ai = signs[k] * value_real[a], signs[k] * value_imaginary[a]
            if purely_real[k]:
                for b in range(first[a], starts[k + 1]):
                    gain[0, row, rows[b]] += ar * value_real[b] * real[column, columns[b]]
                    gain[1, row, rows[b]] += ar * value_real[b] * imaginary[column, columns[b]]
                continue
            for b in range(first[a], starts[k + 1]):
                br, bi = value_real[b], value_imaginary[b]
                wr, wi = ar * br + ai * bi, ai * br - ar * bi
                x, y = real[column, columns[b]], imaginary[column, columns[b]]
                gain[0, row, rows[b]] += wr * x - wi * y
                gain[1, row, rows[b]] += wr * y + wi * x


@jit(error_model="numpy")
def _add_adjoint(product, gain, stage, slopes):  # type: ignore[no-untyped-def]
    # slopes[stage] = X + X† + gain, in blocks, since reading a matrix by columns is slow.
    d = product.shape[1]
    for block in range(0, d, 8):
        for other in range(block, d, 8):
            for i in range(block, min(block + 8, d)):
                for k in range(max(other, i), min(other + 8, d)):
                    x = product[0, i, k] + product[0, k, i] + gain[0, i, k]
                    y = product[1, i, k] - product[1, k, i] + gain[1, i, k]
                    slopes[stage, i * d + k] = x
                    slopes[stage, k * d + i] = x
                    slopes[stage, d * d + i * d + k] = y
                    slopes[stage, d * d + k * d + i] = -y


@jit(error_model="numpy")
def _functionals(functionals, weights, stage, point, slopes, first):  # type: ignore[no-untyped-def]
    starts, positions, values = functionals
    terms = weights.shape[1]
    for row in range(slopes.shape[1] - first):
        total = 0.0
        for term in range(terms):
            factor = weights[stage, term]
            if factor != 0.0:
                for at in range(starts[row * terms + term], starts[row * terms + term + 1]):
                    total += factor * values[at] * point[positions[at]]
        slopes[stage, first + row] = total


@jit(error_model="numpy")
def sandwich_rates(sandwich, weights, stage, point, slopes):  # type: ignore[no-untyped-def]
    """Write the rates of change at `point` into slopes[stage], with the weights of that stage."""
    real_part, imaginary_part, jumps, functionals, product, gain = sandwich
    d = product.shape[1]
    real, imaginary = point[: d * d].reshape(d, d), point[d * d : 2 * d * d].reshape(d, d)
    for i in range(d):
        for k in range(d):
            product[0, i, k] = product[1, i, k] = gain[0, i, k] = gain[1, i, k] = 0.0
    _add_product(real_part, weights, stage, real, imaginary, 1.0, product)
    _add_product(imaginary_part, weights, stage, imaginary, real, -1.0, product)
    _add_jumps(jumps, real, imaginary, gain)
    _add_adjoint(product, gain, stage, slopes)
    _functionals(functionals, weights, stage, point, slopes, 2 * d * d)
