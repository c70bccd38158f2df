"""Instructions that the vector operations are made of: shuffles, transpositions, the logarithm."""

# mypy: allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

__all__ = ["call", "logarithm_of", "shuffle", "transposed"]

_ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of √½
_HIGH_LN2, _LOW_LN2 = 0.6931471803691238, 1.9082149292705877e-10  # the first has 32 trailing zeros: e times it is exact
_TERMS = 10


def call(builder: Any, name: str, *args: Any) -> Any:
    """Call the LLVM intrinsic `name` for vectors of the arguments' type."""
    vector = args[0].type
    suffix = f"v{vector.count}f{64 if isinstance(vector.element, ir.DoubleType) else 32}"
    function_type = ir.FunctionType(vector, [vector] * len(args))
    return builder.call(cgutils.get_or_insert_function(builder.module, function_type, f"llvm.{name}.{suffix}"), args)


def shuffle(builder: Any, first: Any, second: Any, order: Any) -> Any:
    """Return the elements `order` of two vectors laid end to end."""
    order = list(order)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(order)), order)
    return builder.shuffle_vector(first, second, mask)


def transposed(builder: Any, rows: list[Any]) -> list[Any]:
    """Return the columns of a square as wide as a register.

    First within each quarter of the registers, then quarters among registers: every shuffle is one cheap instruction.
    """
    width = len(rows)
    part = width // 4
    mixed = []
    for first in range(0, width, part):
        block = rows[first : first + part]
        for _ in range(part.bit_length() - 1):
            pairs = zip(block[: part // 2], block[part // 2 :], strict=True)
            block = [shuffle(builder, *pair, _interleaved(width, part, half)) for pair in pairs for half in range(2)]
        mixed.append(block)
    found: list[Any] = [None] * width
    for k in range(part):
        for odd in range(2):
            upper = shuffle(builder, mixed[0][k], mixed[1][k], _every_second_quarter(width, odd))
            lower = shuffle(builder, mixed[2][k], mixed[3][k], _every_second_quarter(width, odd))
            for last in range(2):
                column = (2 * last + odd) * part + k
                found[column] = shuffle(builder, upper, lower, _every_second_quarter(width, last))
    return found


def _interleaved(width: int, part: int, half: int) -> list[int]:
    # Of each quarter of two registers the lower or upper halves, element by element in turn.
    elements = [start + half * part // 2 + k for start in range(0, width, part) for k in range(part // 2)]
    return [element + register * width for element in elements for register in range(2)]


def _every_second_quarter(width: int, odd: int) -> list[int]:
    part = width // 4
    return [start + k for start in range(odd * part, 2 * width, 2 * part) for k in range(part)]


def logarithm_of(builder: Any, x: Any) -> Any:
    """Return ln x of float64, from x = 2^e m with m in [√½, √2) and ln m = 2 artanh(s), s = (m - 1)/(m + 1)."""
    integers = ir.VectorType(ir.IntType(64), x.type.count)

    def whole(value: int) -> Any:
        return ir.Constant(integers, [value] * x.type.count)

    def real(value: float) -> Any:
        return ir.Constant(x.type, [value] * x.type.count)

    shifted = builder.sub(builder.bitcast(x, integers), whole(_ROOT_HALF))
    exponent = builder.ashr(shifted, whole(52))
    m = builder.bitcast(builder.add(builder.and_(shifted, whole((1 << 52) - 1)), whole(_ROOT_HALF)), x.type)
    f = builder.fsub(m, real(1.0))
    s = builder.fdiv(f, builder.fadd(m, real(1.0)))
    square = builder.fmul(s, s)
    series = real(2.0 / (2 * _TERMS + 1))
    for k in range(_TERMS - 1, 0, -1):
        series = call(builder, "fmuladd", series, square, real(2.0 / (2 * k + 1)))
    # 2 s = f - s f, so that ln m = f - s (f - square * series): f is exact and dominates.
    inner = call(builder, "fmuladd", builder.fneg(square), series, f)
    e = builder.sitofp(exponent, x.type)
    low = call(builder, "fmuladd", e, real(_LOW_LN2), builder.fneg(builder.fmul(s, inner)))
    return call(builder, "fmuladd", e, real(_HIGH_LN2), builder.fadd(f, low))
