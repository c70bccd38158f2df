"""Numbers that say how far a master equation can be trusted: detailed balance, covariance, ratios of scales."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.generators import Generator
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = [
    "covariance_defect",
    "detailed_balance_defect",
    "gibbs_fixed_point_defect",
    "largest_rate",
    "local_ratio",
    "secular_ratio",
    "weak_coupling_ratio",
]

_LARGEST_DENSE_DIMENSION = 24
#: Below this a rate has lost its relative accuracy to the smallest number there is.
_SUBNORMAL = 1e-290


def gibbs_fixed_point_defect(
    dissipator: Dissipator, hamiltonian: ComplexMatrix, number: ComplexMatrix | None = None
) -> float:
    """Return ‖D(ρ_β)‖ relative to the largest rate, ρ_β the (grand-canonical) Gibbs state of `hamiltonian`.

    NaN-free: infinite if the bath has no temperature to compare with.
    """
    if dissipator.beta is None:
        return math.inf
    grand = hamiltonian
    if number is not None and dissipator.chemical_potential is not None:
        grand = hamiltonian - dissipator.chemical_potential * number
    change = dissipator.apply(gibbs_state(grand, dissipator.beta))
    scale = largest_rate(dissipator)
    return 0.0 if scale == 0 else float(np.abs(change).max()) / scale


def detailed_balance_defect(
    dissipator: Dissipator, energy: ComplexMatrix, number: ComplexMatrix | None = None
) -> float:
    """Return the largest |W↑ - e^{-βω} W↓| / (W↑ + e^{-βω} W↓) over pairs of energy eigenstates, beyond round-off.

    ω is the energy difference less μ times the particles that the jump moves. The slower rate is the measure, so that
    a cold bath is tested as sharply as a hot one.
    """
    if dissipator.beta is None:
        return math.inf
    grand = energy
    if number is not None and dissipator.chemical_potential is not None:
        grand = energy - dissipator.chemical_potential * number
    energies, rates, noise = _comparable_rates(dissipator, energy, grand)
    difference = energies[:, None] - energies[None, :]
    # Equal up to round-off is equal: at T = 0 any difference would count as infinite.
    same = np.abs(difference) <= 1e-13 * len(energies) * float(np.abs(energies).max(initial=0.0))
    difference[same] = 0.0
    with np.errstate(over="ignore", invalid="ignore"):
        exponent = np.where(difference == 0, 0.0, dissipator.beta * np.abs(difference))
        factor = np.exp(-np.abs(exponent))
    upward = difference * math.copysign(1.0, dissipator.beta) > 0
    forward, backward = np.where(upward, rates, rates.T), np.where(upward, rates.T, rates)
    scale = forward + factor * backward
    spread = np.where(upward, noise, noise.T) + factor * np.where(upward, noise.T, noise)
    mismatch = np.abs(forward - factor * backward) - spread
    compared = (scale > _SUBNORMAL) & (mismatch > 0)
    return float((mismatch[compared] / scale[compared]).max(initial=0.0))


def _comparable_rates(
    dissipator: Dissipator, energy: ComplexMatrix, grand: ComplexMatrix
) -> tuple[RealVector, RealMatrix, RealMatrix]:
    """Return energies (d,), the rates between their eigenstates (d, d), and the round-off of the rates."""
    if isinstance(dissipator, DaviesDissipator):
        levels = dissipator.levels
        inner = levels.to_eigenbasis(grand)
        diagonal = np.diag(inner).real
        if np.abs(inner - np.diag(diagonal)).max() <= levels.tolerance:
            # Energies of one level are one number to the bath.
            spread = levels.energies - np.diag(levels.to_eigenbasis(energy)).real
            diagonal = diagonal + (spread if np.abs(spread).max() <= 10 * levels.tolerance else 0.0)
            rates = dissipator.transition_rates.copy()
            np.fill_diagonal(rates, 0.0)
            strength = np.abs(dissipator.couplings).max(axis=0)
            # Elements that the change of basis leaves at round-off are no couplings; others are known up to it.
            round_off = 4 * len(rates) * float(np.finfo(float).eps) * float(strength.max())
            tiny = strength <= round_off
            rates[tiny] = 0.0
            return diagonal, rates, rates * (round_off / np.where(tiny, 1.0, strength))
    energies, basis = np.linalg.eigh(grand)
    rates = population_rates(dissipator, basis)
    return energies, rates, np.full_like(rates, 1e-14 * float(np.abs(rates).max(initial=0.0)) * len(rates))


def population_rates(dissipator: Dissipator, basis: ComplexMatrix) -> RealMatrix:
    """Return W[n, m] = ⟨n|D(|m⟩⟨m|)|n⟩ for n ≠ m in an orthonormal basis given by columns."""
    d = basis.shape[-1]
    projectors = np.einsum("am,bm->mab", basis, basis.conj())
    changed = dissipator.apply(projectors)
    rates = np.einsum("an,mab,bn->nm", basis.conj(), changed, basis, optimize=True).real
    rates[np.arange(d), np.arange(d)] = 0.0
    return np.asarray(rates)


def largest_rate(dissipator: Dissipator) -> float:
    """Return the largest rate at which the bath moves or dephases a state."""
    if isinstance(dissipator, DaviesDissipator):
        return float(np.abs(np.linalg.eigvalsh(dissipator.decay)).max())
    rates = dissipator.canonical_rates()
    return float(np.abs(rates).max(initial=0.0))


def secular_ratio(generator: Generator) -> float | None:
    """Return the smallest distance between distinct coupled Bohr frequencies over the largest rate.

    Much larger than 1 justifies the secular approximation. None where the equation makes none.
    """
    davies = [x for x in generator.dissipators if isinstance(x, DaviesDissipator)]
    if not davies or generator.equation not in ("davies", "partial secular", "local"):
        return None
    rate = max(largest_rate(x) for x in davies)
    distance = min(_smallest_distance(x) for x in davies)
    return math.inf if rate == 0 else distance / rate


def weak_coupling_ratio(generator: Generator) -> float | None:
    """Return the smallest coupled |Bohr frequency| over the largest rate; None without baths or frequencies."""
    rate = max((largest_rate(x) for x in generator.dissipators), default=0.0)
    if rate == 0:
        return None
    levels = generator.levels
    gaps = np.abs(levels.energies[:, None] - levels.energies[None, :])
    coupled = np.zeros(gaps.shape, dtype=bool)
    for dissipator in generator.dissipators:
        coupled |= population_rates(dissipator, levels.basis) > 1e-12 * rate
    gaps = gaps[coupled & (gaps > levels.tolerance)]
    return None if gaps.size == 0 else float(gaps.min()) / rate


def covariance_defect(generator: Generator) -> float | None:
    """Return ‖[D, 𝓗]‖ / (‖D‖ · width) for the dissipative part D and 𝓗 = [H, ·] with the energy observable.

    Zero (to round-off) means that the baths commute with the free motion, so that populations and coherences of
    different frequency do not mix. None where the dense test would be too large.
    """
    if generator.levels.width == 0 or not generator.dissipators:
        return 0.0
    if generator.dimension > _LARGEST_DENSE_DIMENSION:
        return None
    rotation = np.kron(generator.levels.basis.conj(), generator.levels.basis)
    total = sum(dissipator.superoperator() for dissipator in generator.dissipators)
    inner = rotation.conj().T @ total @ rotation
    energies = np.diag(generator.levels.to_eigenbasis(generator.energy)).real
    frequency = (energies[:, None] - energies[None, :]).reshape(-1, order="F")
    size = float(np.linalg.norm(inner))
    if size == 0:
        return 0.0
    return float(np.linalg.norm((frequency[:, None] - frequency[None, :]) * inner)) / (size * generator.levels.width)


def local_ratio(generator: Generator) -> float | None:
    """Return the smallest frequency that a bath couples to over the interaction that the baths do not see.

    Much larger than 1 justifies a local equation. None for equations of another kind.
    """
    if generator.equation != "local":
        return None
    davies = [one for one in generator.dissipators if isinstance(one, DaviesDissipator)]
    references = [one.reference for one in davies if one.reference is not None]
    interaction = max((float(np.linalg.norm(generator.hamiltonian - x, 2)) for x in references), default=0.0)
    frequencies = np.concatenate([np.abs(_coupled_frequencies(one)) for one in davies]) if davies else np.zeros(0)
    smallest = float(frequencies[frequencies > 0].min(initial=math.inf))
    return math.inf if interaction == 0 else smallest / interaction


def _coupled_frequencies(dissipator: DaviesDissipator) -> RealVector:
    strength = np.abs(dissipator.couplings).max(axis=0)
    return np.unique(dissipator.bohr.frequencies[dissipator.bohr.labels[strength > 1e-12 * strength.max()]])


def _smallest_distance(dissipator: DaviesDissipator) -> float:
    strength = np.abs(dissipator.couplings).max(axis=0)
    coupled = strength > 1e-12 * strength.max()
    energies = dissipator.levels.energies
    frequencies = (energies[None, :] - energies[:, None])[coupled]
    labels = dissipator.bohr.labels[coupled]
    order = np.argsort(frequencies, kind="stable")
    apart = labels[order][1:] != labels[order][:-1]
    distances = np.diff(frequencies[order])[apart]
    return float(distances.min(initial=math.inf))
