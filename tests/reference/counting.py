"""Slow twin of counting: the tilted superoperator as one dense matrix, its eigenvalues, and contour integrals."""

from __future__ import annotations

import math

import numpy as np


def jumps_of(process):
    """Return (bath, rate, operator, energy into the system) of every jump, the energy by its own definition."""
    found = []
    for number, one in enumerate(process.dissipators):
        form = getattr(one, "as_jumps", one)
        for rate, jump in zip(form.rates, form.jumps, strict=True):
            moved = process.energy @ jump - jump @ process.energy
            found.append((number, rate, jump, (np.vdot(jump, moved) / np.vdot(jump, jump)).real))
    return found


def tilted(hamiltonian, jumps, weights, s):
    """Return the column-stacked matrix of L + Σ (e^{sw} - 1) γ L · L†."""
    one = np.eye(len(hamiltonian))
    result = -1j * (np.kron(one, hamiltonian) - np.kron(hamiltonian.T, one))
    for (_, rate, jump, _), weight in zip(jumps, weights, strict=True):
        loss = jump.conj().T @ jump
        result = result + rate * np.exp(s * weight) * np.kron(jump.conj(), jump)
        result = result - 0.5 * rate * (np.kron(one, loss) + np.kron(loss.T, one))
    return result


def largest(matrix):
    """Return the eigenvalue with the largest real part."""
    values = np.linalg.eigvals(matrix)
    return values[values.real.argmax()]


def contour_cumulants(process, weights, order, radius, points=64):
    """Return the derivatives of θ at 0 from its values on a circle (Cauchy)."""
    jumps = jumps_of(process)
    circle = radius * np.exp(2j * np.pi * np.arange(points) / points)
    values = np.array([largest(tilted(process.effective_hamiltonian, jumps, weights, s)) for s in circle])
    return np.array(
        [math.factorial(m) * (values * circle ** (-m)).mean().real for m in range(1, order + 1)],
    )
