"""Baths that follow the drive, tabulated: the generator of a small system as a matrix-valued polynomial of time."""

from __future__ import annotations

from typing import Any

import numpy as np

from loschmidt.errors import ConvergenceError
from loschmidt.evolution.compiled_systems import CompiledSystem, padded_length
from loschmidt.evolution.exchange import particle_operator
from loschmidt.evolution.hermitian_coordinates import coordinates, real_superoperator
from loschmidt.evolution.linear_form import ExchangeRows
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.piecewise import PiecewisePolynomial, piecewise_polynomial
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["followed_system"]

_SAMPLES = 256
_DEGREE = 24
_TOLERANCE = 1e-12
_LARGEST_TABLE = 5e8  # bytes


def followed_system(
    process: DrivenGenerator,
    operators: ComplexMatrix,
    drive: PiecewisePolynomial,
    rows: ExchangeRows,
    energy: float,
) -> tuple[CompiledSystem, PiecewisePolynomial]:
    """Return a compiled system and its matrix as a polynomial of time.

    Parameters
    ----------
    process : DrivenGenerator
        With baths that follow H(t).
    operators, drive : (K, d, d), PiecewisePolynomial
        What makes H(t) change, and its weights.
    rows : ExchangeRows
        Which exchange is which.
    energy : float
        Scale of the energies.

    Raises
    ------
    ConvergenceError
        If the generator is too rough, or the table would be too large.
    """
    length, size = process.dimension**2, process.dimension**2 + rows.count
    start, stop = float(drive.breaks[0]), float(drive.breaks[-1])
    if 8.0 * padded_length(length) * size * _DEGREE * 4 * len(drive.degrees) > _LARGEST_TABLE:
        raise ConvergenceError("The generator as a function of time would be too large a table.")
    energy = energy if energy > 0 else 1.0
    scale = _scales(process, np.linspace(start, stop, 5), rows, energy)
    operator_rows = coordinates(operators)

    def sample(times: RealVector) -> RealVector:
        return np.asarray(np.stack([_real_matrix(process, float(t), rows) for t in times]) / scale[:, None])

    options: dict[str, Any] = {"samples": _SAMPLES, "degree": _DEGREE, "continuous": False}
    found = piecewise_polynomial(sample, start, stop, tolerance=_TOLERANCE, breaks=drive.breaks, **options)
    # The work functional is the derivative of the drive itself, so that no part of a jump is lost.
    power = drive.on(found.breaks).derivative()
    terms = max(found.coefficients.shape[1], power.coefficients.shape[1] if rows.work is not None else 0)
    columns = np.zeros((len(found.degrees), terms, padded_length(length), size))
    columns[:, : found.coefficients.shape[1], :length] = (found.coefficients * scale[:, None]).swapaxes(-1, -2)
    degrees = found.degrees
    if rows.work is not None:
        columns[:, : power.coefficients.shape[1], :length, length + rows.work] = power.coefficients @ operator_rows
        degrees = np.where(power.degrees > degrees, power.degrees, degrees)
    weights = PiecewisePolynomial(found.breaks, columns.reshape(*columns.shape[:2], -1), degrees)
    return CompiledSystem.followed(process.dimension, rows.count), weights


def _scales(process: DrivenGenerator, times: RealVector, rows: ExchangeRows, energy: float) -> RealVector:
    """Return the size of each row: rates, and rates times energies."""
    length = process.dimension**2
    largest = max(float(np.abs(_real_matrix(process, float(t), rows)[:length]).max()) for t in times)
    scale = np.full(length + rows.count, largest if largest > 0 else 1.0)
    scale[length : length + rows.baths] *= energy
    if rows.work is not None:
        scale[length + rows.work] = 1.0
    return scale


def _real_matrix(process: DrivenGenerator, time: float, rows: ExchangeRows) -> RealMatrix:
    """Return the generator and the functionals at one time, (n + m, n)."""
    generator = process.at(time)
    d, one, h = process.dimension, np.eye(process.dimension), generator.effective_hamiltonian
    energy = generator.energy - np.trace(generator.energy).real / d * one
    whole = np.zeros((d * d + rows.count, d * d))
    whole[: d * d] = real_superoperator(-1j * (np.kron(one, h) - np.kron(h.T, one)))
    for b, dissipator in enumerate(generator.dissipators):
        part = _dissipator_matrix(dissipator)
        whole[: d * d] += part
        # tr(E D(ρ)) is the product of the coordinates of E and of D(ρ).
        whole[d * d + b] = coordinates(energy) @ part
        counted = particle_operator(dissipator)
        if counted is not None:
            row = d * d + rows.baths + rows.particles.index(b)
            whole[row] = coordinates(counted)
            whole[d * d + b] -= (dissipator.chemical_potential or 0.0) * whole[row]
    return whole


def _dissipator_matrix(dissipator: Dissipator) -> RealMatrix:
    """Return a dissipator on Hermitian coordinates; for small Davies ones without the detour over a sparse matrix."""
    if not isinstance(dissipator, DaviesDissipator):
        return real_superoperator(dissipator.superoperator())
    d, labels = dissipator.dimension, dissipator.bohr.labels
    couplings = dissipator.couplings
    rates = dissipator.class_rates[labels]
    weighted = (rates * couplings.conj().transpose(1, 2, 0)[..., None]).sum(axis=2)
    same = labels[:, :, None, None] == labels
    gain = np.where(same, np.tensordot(couplings.transpose(1, 2, 0), weighted, axes=(2, 2)), 0)
    one, decay = np.eye(d), dissipator.decay
    inner = gain.transpose(2, 0, 3, 1).reshape(d * d, d * d)
    inner = inner - 0.5 * (np.kron(one, decay) + np.kron(decay.T, one))
    basis = dissipator.levels.basis
    rotation = real_superoperator(np.kron(basis.conj(), basis))
    return np.asarray(rotation @ real_superoperator(inner) @ rotation.T)
