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

from loschmidt._kernels.vector_builders import call, logarithm_of, shuffle, transposed
from loschmidt._kernels.vector_ir import LANES

__all__ = [
    "Vector",
    "absolute",
    "broadcast",
    "convert",
    "fused",
    "fused_negative",
    "lane_minimum",
    "lane_sum",
    "load",
    "load_imaginary",
    "load_part",
    "load_real",
    "logarithm",
    "negative",
    "prefetch",
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


_REGISTER, _LINE = 64, 64  # bytes; LLVM cuts a register into what the machine has


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


@intrinsic
def fused(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c."""
    return a(a, a, a), lambda context, builder, sig, args: call(builder, "fmuladd", *args)


@intrinsic
def fused_negative(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return c - a * b."""
    return a(a, a, a), lambda context, builder, sig, args: call(
        builder, "fmuladd", builder.fneg(args[0]), args[1], args[2]
    )


@intrinsic
def times_i(typing: Any, a: Any) -> Any:
    """Return (-a[1], a[0], -a[3], a[2], ...)."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        order = [lane - 1 if lane % 2 else LANES + lane + 1 for lane in range(LANES)]
        return shuffle(builder, args[0], builder.fneg(args[0]), order)

    return a(a), generate


@intrinsic
def negative(typing: Any, a: Any) -> Any:
    """Return -a."""
    return a(a), lambda context, builder, sig, args: builder.fneg(args[0])


@intrinsic
def absolute(typing: Any, a: Any) -> Any:
    """Return |a|."""
    return a(a), lambda context, builder, sig, args: call(builder, "fabs", *args)


@intrinsic
def square_root(typing: Any, a: Any) -> Any:
    """Return the square root."""
    return a(a), lambda context, builder, sig, args: call(builder, "sqrt", *args)


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


def _reduced(step: Any) -> Any:
    # Halves are combined with halves until one number is left.
    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector, count = args[0], LANES
        while count > 1:
            count //= 2
            vector = step(builder, *(shuffle(builder, vector, vector, range(at, at + count)) for at in (0, count)))
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return generate


@intrinsic
def lane_sum(typing: Any, a: Any) -> Any:
    """Return the sum of the lanes, halves first."""
    return a.dtype(a), _reduced(lambda builder, low, high: builder.fadd(low, high))


@intrinsic
def lane_minimum(typing: Any, a: Any) -> Any:
    """Return the smallest lane."""
    return a.dtype(a), _reduced(
        lambda builder, low, high: builder.select(builder.fcmp_ordered("<", low, high), low, high)
    )


@intrinsic
def logarithm(typing: Any, a: Any) -> Any:
    """Return ln x of float64."""
    return a(a), lambda context, builder, sig, args: logarithm_of(builder, args[0])


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
        "<", ir.Constant(integers, list(range(LANES))), shuffle(builder, single, undefined, [0] * LANES)
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
        return shuffle(builder, both, both, range(first, 2 * LANES, 2))

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
        _write(context, builder, sig.args[0], args[0], args[1], shuffle(builder, args[2], args[3], turns))
        return context.get_dummy_value()

    return types.void(array, types.intp, real, imaginary), generate


@intrinsic
def prefetch(typing: Any, array: Any, at: Any) -> Any:
    """Ask for array[at : at + 32]."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        address = builder.gep(context.make_array(sig.args[0])(context, builder, args[0]).data, [args[1]])
        address = builder.bitcast(address, ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        function_type = ir.FunctionType(ir.VoidType(), [address.type, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, function_type, "llvm.prefetch.p0")
        size = 2 * LANES * context.get_abi_sizeof(context.get_value_type(sig.args[0].dtype))
        for line in range(0, size, _LINE):
            place = builder.gep(address, [ir.IntType(64)(line)])
            builder.call(function, [place, *(number(value) for value in (0, 3, 1))])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


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
                for k, found in enumerate(transposed(builder, rows)):
                    _write(context, builder, sig.args[3], args[3], _stepped(builder, end, args[5], k), found)
        return context.get_dummy_value()

    integers = (types.intp, types.intp)
    return types.void(source, *integers, target, *integers), generate


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
        return shuffle(builder, single, undefined, [0] * LANES)

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
