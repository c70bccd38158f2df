"""The vector operations of :mod:`loschmidt._kernels.vector_ir` as LLVM instructions; importing this imports Numba.

A vector is a Numba type of its own that LLVM keeps in registers. Sums are not reassociated; ``fused`` becomes one
instruction where the machine has one.
"""

# mypy: allow-untyped-calls, allow-untyped-decorators

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

from loschmidt._kernels.vector_ir import LANES

__all__ = [
    "Vector",
    "absolute",
    "broadcast",
    "convert",
    "fused",
    "fused_negative",
    "lane_sum",
    "load",
    "load_imaginary",
    "load_part",
    "load_real",
    "logarithm",
    "quotient",
    "square_root",
    "store",
    "store_pairs",
    "store_part",
    "take_next",
    "times_i",
    "transpose",
    "where_less",
]


_ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of √½
_HIGH_LN2, _LOW_LN2 = 0.6931471803691238, 1.9082149292705877e-10  # the first has 32 trailing zeros: e times it is exact
_TERMS = 10
_REGISTER = 64  # bytes; LLVM cuts it into what the machine has


class Vector(types.Type):
    """16 numbers of one type."""

    def __init__(self, dtype: types.Type) -> None:
        self.dtype = dtype
        super().__init__(name=f"Vector({dtype})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, vector: Vector) -> None:
        super().__init__(manager, vector, ir.VectorType(manager.lookup(vector.dtype).get_value_type(), LANES))


# ── arithmetic ───────────────────────────────────────────────────────────────────────────────────────────────────────


class _Elementwise(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        if len(args) == 2 and isinstance(args[0], Vector) and args[0] == args[1] and not kws:
            return signature(args[0], *args)
        return None


def _define(symbol: Any, instruction: str) -> None:
    infer_global(symbol)(type(f"_{instruction}", (_Elementwise,), {"key": symbol}))

    @lower_builtin(symbol, Vector, Vector)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return getattr(builder, instruction)(*args)


for _symbol, _instruction in ((operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul")):
    _define(_symbol, _instruction)


def _call(builder: Any, name: str, *args: Any) -> Any:
    vector = args[0].type
    suffix = f"v{vector.count}f{64 if isinstance(vector.element, ir.DoubleType) else 32}"
    function_type = ir.FunctionType(vector, [vector] * len(args))
    return builder.call(cgutils.get_or_insert_function(builder.module, function_type, f"llvm.{name}.{suffix}"), args)


@intrinsic
def fused(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c."""
    return a(a, a, a), lambda context, builder, sig, args: _call(builder, "fmuladd", *args)


@intrinsic
def fused_negative(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return c - a * b."""
    return a(a, a, a), lambda context, builder, sig, args: _call(
        builder, "fmuladd", builder.fneg(args[0]), args[1], args[2]
    )


@intrinsic
def times_i(typing: Any, a: Any) -> Any:
    """Return (-a[1], a[0], -a[3], a[2], ...)."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        order = [lane - 1 if lane % 2 else LANES + lane + 1 for lane in range(LANES)]
        return _shuffle(builder, args[0], builder.fneg(args[0]), order)

    return a(a), generate


@intrinsic
def absolute(typing: Any, a: Any) -> Any:
    """Return |a|."""
    return a(a), lambda context, builder, sig, args: _call(builder, "fabs", *args)


@intrinsic
def square_root(typing: Any, a: Any) -> Any:
    """Return the square root."""
    return a(a), lambda context, builder, sig, args: _call(builder, "sqrt", *args)


@intrinsic
def quotient(typing: Any, a: Any, b: Any) -> Any:
    """Return a / b."""
    return a(a, a), lambda context, builder, sig, args: builder.fdiv(*args)


@intrinsic
def where_less(typing: Any, a: Any, b: Any, chosen: Any, other: Any) -> Any:
    """Return `chosen` where a < b."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[2], args[3])

    return a(a, a, a, a), generate


@intrinsic
def lane_sum(typing: Any, a: Any) -> Any:
    """Return the sum of the lanes, halves first."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector, count = args[0], LANES
        while count > 1:
            count //= 2
            low, high = (_shuffle(builder, vector, vector, range(at, at + count)) for at in (0, count))
            vector = builder.fadd(low, high)
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return a.dtype(a), generate


@intrinsic
def logarithm(typing: Any, a: Any) -> Any:
    """Return ln x of float64."""
    return a(a), lambda context, builder, sig, args: _logarithm(builder, args[0])


def _logarithm(builder: Any, x: Any) -> Any:
    # x = 2^e m with m in [√½, √2); ln m = 2 artanh(s) with s = (m - 1)/(m + 1), |s| < 0.172.
    integers = ir.VectorType(ir.IntType(64), LANES)

    def whole(value: int) -> Any:
        return ir.Constant(integers, [value] * LANES)

    def real(value: float) -> Any:
        return ir.Constant(x.type, [value] * LANES)

    shifted = builder.sub(builder.bitcast(x, integers), whole(_ROOT_HALF))
    exponent = builder.ashr(shifted, whole(52))
    m = builder.bitcast(builder.add(builder.and_(shifted, whole((1 << 52) - 1)), whole(_ROOT_HALF)), x.type)
    f = builder.fsub(m, real(1.0))
    s = builder.fdiv(f, builder.fadd(m, real(1.0)))
    square = builder.fmul(s, s)
    series = real(2.0 / (2 * _TERMS + 1))
    for k in range(_TERMS - 1, 0, -1):
        series = _call(builder, "fmuladd", series, square, real(2.0 / (2 * k + 1)))
    # 2 s = f - s f, so that ln m = f - s (f - square * series): f is exact and dominates.
    inner = _call(builder, "fmuladd", builder.fneg(square), series, f)
    e = builder.sitofp(exponent, x.type)
    low = _call(builder, "fmuladd", e, real(_LOW_LN2), builder.fneg(builder.fmul(s, inner)))
    return _call(builder, "fmuladd", e, real(_HIGH_LN2), builder.fadd(f, low))


# ── between arrays and registers ─────────────────────────────────────────────────────────────────────────────────────


def _place(context: Any, builder: Any, array_type: Any, array: Any, at: Any, count: int = LANES) -> tuple[Any, int]:
    # The address of element `at` as that of a vector, and the alignment that any element has.
    element = context.get_value_type(array_type.dtype)
    address = builder.gep(context.make_array(array_type)(context, builder, array).data, [at])
    return builder.bitcast(address, ir.VectorType(element, count).as_pointer()), context.get_abi_sizeof(element)


def _read(context: Any, builder: Any, array_type: Any, array: Any, at: Any, count: int = LANES) -> Any:
    address, alignment = _place(context, builder, array_type, array, at, count)
    return builder.load(address, align=alignment)


def _write(context: Any, builder: Any, array_type: Any, array: Any, at: Any, value: Any) -> None:
    address, alignment = _place(context, builder, array_type, array, at, value.type.count)
    builder.store(value, address, align=alignment)


def _shuffle(builder: Any, first: Any, second: Any, order: Any) -> Any:
    order = list(order)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(order)), order)
    return builder.shuffle_vector(first, second, mask)


@intrinsic
def load(typing: Any, array: Any, at: Any) -> Any:
    """Return array[at : at + 16]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _read(context, builder, sig.args[0], *args)

    return Vector(array.dtype)(array, types.intp), generate


@intrinsic
def store(typing: Any, array: Any, at: Any, vector: Any) -> Any:
    """Write array[at : at + 16]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        _write(context, builder, sig.args[0], *args)
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), generate


def _mask(builder: Any, count: Any) -> Any:
    # Whether the number of a lane is below `count`.
    integers = ir.VectorType(count.type, LANES)
    undefined = ir.Constant(integers, ir.Undefined)
    single = builder.insert_element(undefined, count, ir.Constant(ir.IntType(32), 0))
    return builder.icmp_signed(
        "<", ir.Constant(integers, list(range(LANES))), _shuffle(builder, single, undefined, [0] * LANES)
    )


def _masked(builder: Any, name: str, result: Any, address: Any, args: list[Any]) -> Any:
    suffix = f"v{LANES}f{64 if isinstance(address.type.pointee.element, ir.DoubleType) else 32}.p0"
    function_type = ir.FunctionType(result, [argument.type for argument in args])
    return builder.call(
        cgutils.get_or_insert_function(builder.module, function_type, f"llvm.masked.{name}.{suffix}"), args
    )


@intrinsic
def load_part(typing: Any, array: Any, at: Any, count: Any) -> Any:
    """Return array[at : at + count] and zeros."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address, alignment = _place(context, builder, sig.args[0], args[0], args[1])
        vector = address.type.pointee
        zeros = ir.Constant(vector, [0.0] * LANES)
        return _masked(
            builder, "load", vector, address, [address, ir.IntType(32)(alignment), _mask(builder, args[2]), zeros]
        )

    return Vector(array.dtype)(array, types.intp, types.intp), generate


@intrinsic
def store_part(typing: Any, array: Any, at: Any, vector: Any, count: Any) -> Any:
    """Write the first `count` numbers to array[at : at + count]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address, alignment = _place(context, builder, sig.args[0], args[0], args[1])
        _masked(
            builder,
            "store",
            ir.VoidType(),
            address,
            [args[2], address, ir.IntType(32)(alignment), _mask(builder, args[3])],
        )
        return context.get_dummy_value()

    return types.void(array, types.intp, vector, types.intp), generate


def _every_second(first: int) -> Any:
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        both = _read(context, builder, sig.args[0], args[0], args[1], 2 * LANES)
        return _shuffle(builder, both, both, range(first, 2 * LANES, 2))

    return generate


@intrinsic
def load_real(typing: Any, array: Any, at: Any) -> Any:
    """Return the even ones of array[at : at + 32]."""
    return Vector(array.dtype)(array, types.intp), _every_second(0)


@intrinsic
def load_imaginary(typing: Any, array: Any, at: Any) -> Any:
    """Return the odd ones of array[at : at + 32]."""
    return Vector(array.dtype)(array, types.intp), _every_second(1)


@intrinsic
def store_pairs(typing: Any, array: Any, at: Any, real: Any, imaginary: Any) -> Any:
    """Write real and imaginary parts in turn to array[at : at + 32]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        turns = [lane + part * LANES for lane in range(LANES) for part in range(2)]
        _write(context, builder, sig.args[0], args[0], args[1], _shuffle(builder, args[2], args[3], turns))
        return context.get_dummy_value()

    return types.void(array, types.intp, real, imaginary), generate


@intrinsic
def transpose(typing: Any, source: Any, at: Any, distance: Any, target: Any, to: Any, step: Any) -> Any:
    """Write column k of 16 rows of `source` to target[to + k * step :]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        width = _REGISTER // context.get_abi_sizeof(context.get_value_type(sig.args[0].dtype))
        for row in range(0, LANES, width):
            for column in range(0, LANES, width):
                start = builder.add(_stepped(builder, args[1], args[2], row), ir.Constant(args[1].type, column))
                end = builder.add(_stepped(builder, args[4], args[5], column), ir.Constant(args[4].type, row))
                rows = [
                    _read(context, builder, sig.args[0], args[0], _stepped(builder, start, args[2], k), width)
                    for k in range(width)
                ]
                for k, found in enumerate(_transposed(builder, rows)):
                    _write(context, builder, sig.args[3], args[3], _stepped(builder, end, args[5], k), found)
        return context.get_dummy_value()

    integers = (types.intp, types.intp)
    return types.void(source, *integers, target, *integers), generate


def _transposed(builder: Any, rows: list[Any]) -> list[Any]:
    # A square as wide as a register: first within each quarter of the registers, then quarters among registers, so that
    # every shuffle is one cheap instruction.
    width = len(rows)
    part = width // 4
    mixed = []
    for first in range(0, width, part):
        block = rows[first : first + part]
        for _ in range(part.bit_length() - 1):
            pairs = zip(block[: part // 2], block[part // 2 :], strict=True)
            block = [_shuffle(builder, *pair, _interleaved(width, part, half)) for pair in pairs for half in range(2)]
        mixed.append(block)
    found: list[Any] = [None] * width
    for k in range(part):
        for odd in range(2):
            upper = _shuffle(builder, mixed[0][k], mixed[1][k], _every_second_quarter(width, odd))
            lower = _shuffle(builder, mixed[2][k], mixed[3][k], _every_second_quarter(width, odd))
            for last in range(2):
                column = (2 * last + odd) * part + k
                found[column] = _shuffle(builder, upper, lower, _every_second_quarter(width, last))
    return found


def _interleaved(width: int, part: int, half: int) -> list[int]:
    # Of each quarter of two registers the lower or upper halves, element by element in turn.
    elements = [start + half * part // 2 + k for start in range(0, width, part) for k in range(part // 2)]
    return [element + register * width for element in elements for register in range(2)]


def _every_second_quarter(width: int, odd: int) -> list[int]:
    part = width // 4
    return [start + k for start in range(odd * part, 2 * width, 2 * part) for k in range(part)]


def _stepped(builder: Any, start: Any, step: Any, count: int) -> Any:
    return builder.add(start, builder.mul(step, ir.Constant(step.type, count)))


@intrinsic
def broadcast(typing: Any, number: Any, like: Any) -> Any:
    """Return a vector of 16 times `number`."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        value = context.cast(builder, args[0], sig.args[0], sig.return_type.dtype)
        vector_type = context.get_value_type(sig.return_type)
        undefined = ir.Constant(vector_type, ir.Undefined)
        single = builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
        return _shuffle(builder, single, undefined, [0] * LANES)

    return Vector(like.dtype)(number, like), generate


@intrinsic
def convert(typing: Any, vector: Any, like: Any) -> Any:
    """Return the vector in the type that `like` holds."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        wanted = context.get_value_type(sig.return_type)
        if wanted == args[0].type:
            return args[0]
        narrow = isinstance(wanted.element, ir.FloatType)
        return (builder.fptrunc if narrow else builder.fpext)(args[0], wanted)

    return Vector(like.dtype)(vector, like), generate


@intrinsic
def take_next(typing: Any, counter: Any) -> Any:
    """Return counter[0] and add one to it, atomically."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = context.make_array(sig.args[0])(context, builder, args[0]).data
        return builder.atomic_rmw("add", address, ir.Constant(ir.IntType(64), 1), "monotonic")

    return types.int64(counter), generate
