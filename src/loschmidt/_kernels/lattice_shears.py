"""Lifted rotations of neighbouring sites as shears: 8 fused multiply-adds for two complex amplitudes instead of 12.

A rotation of an occupied site with its empty neighbour mixes pairs of amplitudes (a, b). With a scale of each site kept
apart (an amplitude is the product of the scales of its occupied sites and what is stored) it becomes two shears,

- form 1:  a += α b,  then  b += β a;
- form 2, where the rotation is nearer to an exchange:  a, b = b + α a, -a,  then  b += β a;

of determinant 1, so that amplitudes with both sites occupied or both empty need nothing. Rounding grows by 1/cos θ in
form 1 and by 1/sin θ in form 2. One form is chosen for 16 columns, and where neither suits all of them there are three
shears without a change of scale (form 3):  a += α b,  b += β a,  a += α b.  The scales enter once, at the end. The
inverse undoes the shears one by one. Rotations of bonds p and p + 1 that follow each other run in one pass over the
amplitudes of the three sites, which saves a quarter of the loads and stores.
"""

from __future__ import annotations

from loschmidt._kernels.compile import jit
from loschmidt._kernels.vector_ir import (
    LANES,
    broadcast,
    convert,
    fused,
    fused_negative,
    load,
    negative,
    store,
    vector_jit,
)

__all__ = ["COEFFICIENTS", "EXCHANGE", "IDENTITY", "SHEARS", "THREE_SHEARS", "rotate"]

#: Forms of a rotation.
IDENTITY, SHEARS, EXCHANGE, THREE_SHEARS = 0, 1, 2, 3
#: Numbers of one rotation of 16 columns: α and β, real and imaginary parts.
COEFFICIENTS = 4 * LANES

_PAIR = 2 * LANES
_INVERSE_SHEARS, _INVERSE_EXCHANGE = 4, 5


@vector_jit
def _sheared(x, y, c, d, a, b):  # type: ignore[no-untyped-def]
    # (a + ib) + (x + iy)(c + id)
    return fused_negative(y, d, fused(x, c, a)), fused(y, c, fused(x, d, b))


@vector_jit
def _mixed(form, coefficients, a, b, c, d):  # type: ignore[no-untyped-def]
    # The amplitudes a + ib and c + id after one rotation.
    p, q, r, s = coefficients
    if form == SHEARS:
        a, b = _sheared(p, q, c, d, a, b)
        c, d = _sheared(r, s, a, b, c, d)
    elif form == EXCHANGE:
        e, f = _sheared(p, q, a, b, c, d)
        c, d = _sheared(r, s, e, f, negative(a), negative(b))
        a, b = e, f
    elif form == THREE_SHEARS:
        a, b = _sheared(p, q, c, d, a, b)
        c, d = _sheared(r, s, a, b, c, d)
        a, b = _sheared(p, q, c, d, a, b)
    elif form == _INVERSE_SHEARS:
        c, d = _sheared(r, s, a, b, c, d)
        a, b = _sheared(p, q, c, d, a, b)
    elif form == _INVERSE_EXCHANGE:
        e, f = _sheared(r, s, a, b, negative(c), negative(d))
        c, d = _sheared(p, q, e, f, a, b)
        a, b = e, f
    return a, b, c, d


@vector_jit
def _loaded(scratch, shears, at, inverse, form):  # type: ignore[no-untyped-def]
    # The coefficients with the signs that the inverse needs.
    first = broadcast(-1.0 if inverse else 1.0, shears)
    second = broadcast(-1.0 if inverse and form != _INVERSE_EXCHANGE else 1.0, shears)
    return (
        convert(first * load(shears, at), scratch),
        convert(first * load(shears, at + LANES), scratch),
        convert(second * load(shears, at + 2 * LANES), scratch),
        convert(second * load(shears, at + 3 * LANES), scratch),
    )


@jit(error_model="numpy", forceinline=True)
def _form(form, inverse):  # type: ignore[no-untyped-def]
    if inverse and form == SHEARS:
        return _INVERSE_SHEARS
    return _INVERSE_EXCHANGE if inverse and form == EXCHANGE else form


@vector_jit
def _rotate_pair(scratch, pair, form, coefficients):  # type: ignore[no-untyped-def]
    distance = pair[1] * _PAIR
    for at in range(pair[0] * _PAIR, pair[0] * _PAIR + distance, _PAIR):
        to = at + distance
        a, b, c, d = _mixed(
            form,
            coefficients,
            load(scratch, at),
            load(scratch, at + LANES),
            load(scratch, to),
            load(scratch, to + LANES),
        )
        store(scratch, at, a)
        store(scratch, at + LANES, b)
        store(scratch, to, c)
        store(scratch, to + LANES, d)


@vector_jit
def _rotate_upward(scratch, triple, forms, first, second):  # type: ignore[no-untyped-def]
    # First amplitudes 0 and 1 of each triple, then 1 and 2.
    x, y, z = triple[0] * _PAIR, triple[1] * _PAIR, triple[2] * _PAIR
    for at in range(0, triple[3] * _PAIR, _PAIR):
        a, b, c, d = _mixed(
            forms[0],
            first,
            load(scratch, x + at),
            load(scratch, x + at + LANES),
            load(scratch, y + at),
            load(scratch, y + at + LANES),
        )
        store(scratch, x + at, a)
        store(scratch, x + at + LANES, b)
        c, d, a, b = _mixed(forms[1], second, c, d, load(scratch, z + at), load(scratch, z + at + LANES))
        store(scratch, y + at, c)
        store(scratch, y + at + LANES, d)
        store(scratch, z + at, a)
        store(scratch, z + at + LANES, b)


@vector_jit
def _rotate_downward(scratch, triple, forms, first, second):  # type: ignore[no-untyped-def]
    # First amplitudes 1 and 2 of each triple, then 0 and 1.
    x, y, z = triple[0] * _PAIR, triple[1] * _PAIR, triple[2] * _PAIR
    for at in range(0, triple[3] * _PAIR, _PAIR):
        c, d, a, b = _mixed(
            forms[0],
            first,
            load(scratch, y + at),
            load(scratch, y + at + LANES),
            load(scratch, z + at),
            load(scratch, z + at + LANES),
        )
        store(scratch, z + at, a)
        store(scratch, z + at + LANES, b)
        a, b, c, d = _mixed(forms[1], second, load(scratch, x + at), load(scratch, x + at + LANES), c, d)
        store(scratch, x + at, a)
        store(scratch, x + at + LANES, b)
        store(scratch, y + at, c)
        store(scratch, y + at + LANES, d)


@vector_jit
def rotate(scratch, tables, shears, forms, inverse):  # type: ignore[no-untyped-def]
    """Apply all rotations to a group of 16 columns in scratch, or undo them in the opposite order.

    ``tables = steps, pairs, first_pair, triples, first_triple`` of ``lattice_tables.LiftTables``; `shears` and `forms`
    are those of the group.
    """
    steps, pairs, first_pair, triples, first_triple = tables
    count = len(steps)
    for k in range(count):
        step = count - 1 - k if inverse else k
        bond, number = steps[step, 0], steps[step, 1]
        form = _form(forms[number], inverse)
        own = _loaded(scratch, shears, number * COEFFICIENTS, inverse, form)
        if steps[step, 2] == 0:
            if form != IDENTITY:
                for pair in range(first_pair[bond], first_pair[bond + 1]):
                    _rotate_pair(scratch, pairs[pair], form, own)
            continue
        following = _form(forms[number + 1], inverse)
        if form == IDENTITY and following == IDENTITY:
            continue
        other = _loaded(scratch, shears, (number + 1) * COEFFICIENTS, inverse, following)
        for at in range(first_triple[bond], first_triple[bond + 1]):
            if inverse and triples[at, 4] == 0:
                _rotate_downward(scratch, triples[at], (following, form), other, own)
            elif inverse:
                _rotate_upward(scratch, triples[at], (following, form), other, own)
            elif triples[at, 4] == 0:
                _rotate_upward(scratch, triples[at], (form, following), own, other)
            else:
                _rotate_downward(scratch, triples[at], (form, following), own, other)
