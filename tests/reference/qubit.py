"""Slow twin of ``ledger._qubit_coherence``: entropies of a qubit in decimal arithmetic, straight from definitions."""

from __future__ import annotations

from decimal import Decimal, localcontext


def coherence_and_production(populations, coherence, decay, change):
    """C and Υ of ((p, c), (c, q)) whose coherence decays at a rate and whose first population changes by `change`.

    Populations, their trace and the coherence are floats, taken as exact.
    """
    with localcontext() as context:
        context.prec = 300
        p, q = (Decimal(float(x)) for x in populations)
        c, rate, moved = Decimal(float(coherence)), Decimal(float(decay)), Decimal(float(change))
        total, bias = p + q, p - q
        distance = (bias * bias + 4 * c * c).sqrt()
        larger, smaller = (total + distance) / 2, (total - distance) / 2
        slope = (larger.ln() - smaller.ln()) / distance
        # tr[X ln ρ] = slope tr[X (ρ - tr ρ / 2)] for the traceless change X.
        lost = slope * (moved * bias - 2 * rate * c * c)
        production = moved * (p.ln() - q.ln()) - lost
        relative = larger * larger.ln() + smaller * smaller.ln() - p * p.ln() - q * q.ln()
        return float(relative), float(production)
