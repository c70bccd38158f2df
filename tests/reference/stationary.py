"""Slow twins of ``_kernels.stationary``: dense operators and the basis of Hermitian matrices, one element at a time."""

from __future__ import annotations

import math

import numpy as np


def hermitian_basis(d):
    """The matrices whose coefficients are the real coordinates, by coordinate."""
    basis = {}
    for a in range(d):
        for b in range(a, d):
            unit = np.zeros((d, d), dtype=complex)
            unit[a, b] = 1
            if a == b:
                basis[2 * (a * d + b)] = unit
            else:
                basis[2 * (a * d + b)] = (unit + unit.T) / math.sqrt(2)
                basis[2 * (a * d + b) + 1] = 1j * (unit - unit.T) / math.sqrt(2)
    return basis


def generate(no_jump, jumps, rates, state):
    """Gρ + ρG† + Σ γ_k L_k ρ L_k†."""
    result = no_jump @ state + state @ no_jump.conj().T
    for rate, jump in zip(rates, jumps, strict=True):
        result = result + rate * jump @ state @ jump.conj().T
    return result


def real_matrix(no_jump, jumps, rates, members):
    """The matrix of the generator between real coordinates."""
    basis = hermitian_basis(len(no_jump))
    images = [generate(no_jump, jumps, rates, basis[x]) for x in members]
    return np.array([[np.vdot(basis[row], image).real for image in images] for row in members])


def reached(no_jump, jumps, rates, seeds):
    """The real coordinates reached from `seeds`."""
    basis = hermitian_basis(len(no_jump))
    everything = sorted(basis)
    links = np.abs(real_matrix(no_jump, jumps, rates, everything)) > 1e-13
    found = np.isin(everything, seeds)
    for _ in everything:
        found = found | (links @ found)
    return {x for x, inside in zip(everything, found, strict=True) if inside}
