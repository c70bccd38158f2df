"""How a secular generator falls apart: populations, single decaying coherences, and small blocks that stay coupled."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

from loschmidt.evolution.exchange import exchange_operators, rows_of
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import BooleanArray, ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealVector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "CoupledBlock",
    "SecularStructure",
    "coupled_elements",
    "davies_dissipators",
    "decays_elementwise",
    "elementwise_decay",
    "half_widths",
    "jump_rates",
    "largest_class",
    "particle_rates",
    "remembered",
    "secular_structure",
]

_EPSILON = float(np.finfo(float).eps)

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def remembered(function: Callable[[Argument], Result]) -> Callable[[Argument], Result]:
    """Return `function` with its result kept in the (immutable) argument, as ``functools.cached_property`` does it."""
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def recall(argument: Argument) -> Result:
        known = argument.__dict__
        if name not in known:
            known[name] = function(argument)
        return cast(Result, known[name])

    return recall


@dataclass(frozen=True, eq=False)
class CoupledBlock:
    """Matrix elements that move together.

    Attributes
    ----------
    rows, columns : (s,)
        The elements (n, m).
    generator : (s, s)
        Their equation of motion, less the common phase.
    functionals : (f, s)
        Their share of the integrated exchanges.
    frequency : float
        The common phase: the elements also carry exp(-i · frequency · t).
    diagonal : (k,)
        Which of them are populations.
    mirrored : bool
        Whether the conjugate elements form a block of their own, which then is not listed.
    """

    rows: IntegerArray
    columns: IntegerArray
    generator: RealMatrix | ComplexMatrix
    functionals: RealMatrix | ComplexMatrix
    frequency: float
    diagonal: IntegerArray
    mirrored: bool


@dataclass(frozen=True, eq=False)
class SecularStructure:
    """A secular generator in the energy eigenbasis.

    Attributes
    ----------
    frequencies : (d,)
        Energies with Lamb shift, from a level in the middle.
    rates : (d, d)
        rates[n, m] of the jump m → n, all baths together, zero diagonal.
    half_widths : (d,)
        Half of the total rate out of each level.
    dephasing : (d, d) or None
        Further decay of each coherence; None if there is none.
    functionals : (2 · n_baths, d)
        Heat from each bath, then particles, per time and population.
    populations : (k,) or None
        Levels whose populations move among themselves; None for all.
    blocks : tuple of CoupledBlock
        Everything that is neither such a population nor a coherence on its own.
    """

    frequencies: RealVector
    rates: RealMatrix
    half_widths: RealVector
    dephasing: RealMatrix | None
    functionals: RealMatrix
    populations: IntegerArray | None
    blocks: tuple[CoupledBlock, ...]

    @functools.cached_property
    def flow(self) -> float:
        """Largest exchange per time and population."""
        return float(np.abs(self.functionals).max(initial=0.0))

    @functools.cached_property
    def motion(self) -> ComplexVector:
        """Logarithm (d,) per time of what each level contributes to its coherences."""
        return np.asarray(-self.half_widths - 1j * self.frequencies)


@remembered
def davies_dissipators(process: Generator) -> tuple[DaviesDissipator, ...] | None:
    """Return the dissipators if all are of Davies form in one eigenbasis of the Hamiltonian, otherwise None."""
    if process.equation not in ("davies", "partial secular"):
        return None
    found = tuple(one for one in process.dissipators if isinstance(one, DaviesDissipator))
    same = len(found) == len(process.dissipators) > 0 and all(one.levels is found[0].levels for one in found)
    return found if same else None


def coupled_elements(dissipator: DaviesDissipator) -> BooleanArray:
    """Return which elements (d, d) of the coupling operators are more than round-off of the change of basis."""
    strength = np.abs(dissipator.couplings)
    largest = strength[0] if len(strength) == 1 else strength.max(axis=0)
    return np.asarray(largest > 4 * dissipator.dimension * _EPSILON * float(largest.max()))


@remembered
def jump_rates(dissipator: DaviesDissipator) -> RealMatrix:
    """Return the rates (d, d) of the jumps m → n, zero on the diagonal and where the coupling is round-off."""
    rates = np.where(coupled_elements(dissipator), dissipator.transition_rates, 0.0)
    rates.reshape(-1)[:: dissipator.dimension + 1] = 0.0
    return rates


@remembered
def decays_elementwise(dissipator: DaviesDissipator) -> bool:
    """Return whether every coherence decays on its own: no level and no coupled gap occurs twice."""
    labels, zero = dissipator.bohr.labels, len(dissipator.bohr.frequencies) // 2
    if len(dissipator.bohr.frequencies) == dissipator.dimension * (dissipator.dimension - 1) + 1:
        return True
    counts = np.bincount(labels[coupled_elements(dissipator)], minlength=zero + 1)
    counts[zero] = 0
    return bool((labels == zero).sum() == dissipator.dimension and counts.max() <= 1)


def largest_class(dissipator: DaviesDissipator) -> int:
    """Return the largest number of matrix elements that share a Bohr frequency; no block is larger."""
    return int(np.bincount(dissipator.bohr.labels.reshape(-1)).max())


@remembered
def secular_structure(process: Generator) -> SecularStructure:
    """Return the structure of a generator that :func:`davies_dissipators` accepts."""
    dissipators = davies_dissipators(process)
    assert dissipators is not None
    levels = dissipators[0].levels
    d = levels.dimension
    # Clustered levels carry the cluster's energy; the motion keeps the Hamiltonian's own.
    moving = process.energy is not process.hamiltonian
    energies = np.diagonal(levels.to_eigenbasis(process.hamiltonian)).real if moving else levels.energies
    frequencies = energies - energies[d // 2]
    shifted = any(one.any() for one in (process.lamb_shift,))
    shift = levels.to_eigenbasis(process.lamb_shift) if shifted else None
    if shift is not None:
        frequencies = frequencies + np.diagonal(shift).real
    by_bath = [jump_rates(one) for one in dissipators]
    rates = by_bath[0] if len(by_bath) == 1 else np.sum(by_bath, axis=0)
    found = [one for one in map(_dephasing, dissipators) if one is not None]
    simple = all(decays_elementwise(one) for one in dissipators)
    return SecularStructure(
        frequencies=frequencies,
        rates=rates,
        half_widths=0.5 * rates.sum(axis=0),
        dephasing=None if not found else np.sum(found, axis=0),
        functionals=_population_functionals(process, dissipators, by_bath),
        **({"populations": None, "blocks": ()} if simple else _decomposed(process, dissipators, frequencies, shift)),
    )


@remembered
def half_widths(dissipator: DaviesDissipator) -> RealVector | None:
    """Return half of the rate out of each level (d,) if coherences decay at their sums, None if there is dephasing."""
    return None if _dephasing(dissipator) is not None else np.asarray(0.5 * jump_rates(dissipator).sum(axis=0))


@remembered
def elementwise_decay(dissipator: DaviesDissipator) -> RealMatrix:
    """Return the decay rate (d, d) of each coherence under one bath that :func:`decays_elementwise`; zero diagonal."""
    half = 0.5 * jump_rates(dissipator).sum(axis=0)
    result = half[:, None] + half[None, :]
    dephasing = _dephasing(dissipator)
    if dephasing is not None:
        result += dephasing
    result.reshape(-1)[:: dissipator.dimension + 1] = 0.0
    return np.asarray(result)


def _dephasing(dissipator: DaviesDissipator) -> RealMatrix | None:
    """Return ½ Σ γ_ij(0) (A_i,nn - A_i,mm)* (A_j,nn - A_j,mm) as (d, d), None where it is zero."""
    static = dissipator.class_rates[len(dissipator.bohr.frequencies) // 2]
    if not static.any():
        return None
    values = np.diagonal(dissipator.couplings, axis1=-2, axis2=-1)
    if np.abs(values).max() <= 4 * dissipator.dimension * _EPSILON * np.abs(dissipator.couplings).max():
        return None
    differences = values[:, :, None] - values[:, None, :]
    return np.asarray(0.5 * np.einsum("ij,inm,jnm->nm", static, differences.conj(), differences, optimize=True).real)


def _population_functionals(
    process: Generator, dissipators: tuple[DaviesDissipator, ...], by_bath: list[RealMatrix]
) -> RealMatrix:
    levels = dissipators[0].levels
    energies = levels.energies
    if process.energy is not process.hamiltonian:
        energies = np.diagonal(levels.to_eigenbasis(process.energy)).real
    gained = energies[:, None] - energies[None, :]
    count = len(dissipators)
    result = np.zeros((2 * count, len(energies)))
    for b, (one, rates) in enumerate(zip(dissipators, by_bath, strict=True)):
        np.einsum("nm,nm->m", rates, gained, out=result[b])
        if one.chemical_potential is not None:
            result[count + b] = particle_rates(one)
            result[b] -= one.chemical_potential * result[count + b]
    return result


def particle_rates(dissipator: DaviesDissipator) -> RealMatrix:
    """Return the particle rate (d,) of each population."""
    weighted = dissipator.class_rates[dissipator.bohr.labels]
    amplitudes = dissipator.couplings
    return np.asarray(
        np.einsum(
            "i,nmij,inm,jnm->m", dissipator.particles, weighted, amplitudes.conj(), amplitudes, optimize=True
        ).real
    )


def _decomposed(
    process: Generator,
    dissipators: tuple[DaviesDissipator, ...],
    frequencies: RealVector,
    shift: ComplexMatrix | None,
) -> dict[str, object]:
    """Return the populations that move among themselves and the coupled blocks, from the graph of the generator."""
    from scipy.sparse import csr_array, eye_array, kron
    from scipy.sparse.csgraph import connected_components

    levels = dissipators[0].levels
    d = levels.dimension
    total = sum((one.sparse for one in dissipators[1:]), start=dissipators[0].sparse)
    if shift is not None:
        mixing = np.where(levels.labels[:, None] == levels.labels[None, :], shift, 0)
        np.fill_diagonal(mixing, 0.0)
        mixing[np.abs(mixing) <= 4 * d * _EPSILON * np.abs(shift).max()] = 0.0
        h = csr_array(mixing)
        total = csr_array(total - 1j * (kron(eye_array(d), h) - kron(h.T, eye_array(d))))
    total = csr_array(total)
    count, labels = connected_components(_pattern(total), directed=False)
    members = np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels, minlength=count))[:-1])
    exchange = exchange_operators(process)
    rows = rows_of(levels.to_eigenbasis(np.concatenate([exchange.heat, exchange.particles])))
    on_diagonal = np.arange(d) * (d + 1)
    alone, blocks = [], []
    for inside in members:
        populations = np.nonzero(inside % (d + 1) == 0)[0]
        if len(populations) == len(inside):
            alone.append(inside // (d + 1))
        elif len(inside) > 1:
            block = _block(total, rows, inside, populations, frequencies, labels)
            if block is not None:
                blocks.append(block)
    free = np.sort(np.concatenate(alone)) if alone else np.zeros(0, dtype=np.int64)
    return {"populations": None if len(free) == len(on_diagonal) else free, "blocks": tuple(blocks)}


def _pattern(total: csr_array) -> csr_array:
    from scipy.sparse import coo_array, csr_array

    entries = coo_array(total)
    kept = np.abs(entries.data) > 4 * _EPSILON * np.abs(entries.data).max(initial=0.0)
    return csr_array(
        (np.ones(int(kept.sum())), (entries.coords[0][kept], entries.coords[1][kept])), shape=entries.shape
    )


def _block(
    total: csr_array,
    rows: ComplexMatrix,
    inside: IntegerArray,
    populations: IntegerArray,
    frequencies: RealVector,
    labels: IntegerArray,
) -> CoupledBlock | None:
    """Return the block of the column-stacked elements `inside`, None if it is the mirror image of another."""
    d = len(frequencies)
    n, m = inside % d, inside // d
    mirror = labels[n * d + m]
    if (mirror < labels[inside[0]]).any():
        return None
    generator = total[inside][:, inside].toarray()
    functionals = rows[:, inside]
    functionals = np.where(np.abs(functionals) <= 16 * d * _EPSILON * np.abs(rows).max(initial=0.0), 0, functionals)
    beats = frequencies[n] - frequencies[m]
    # A phase can be split off only where nothing is integrated.
    common = 0.0 if functionals.any() else float(beats.mean())
    rest = beats - common
    rest[np.abs(rest) <= 16 * _EPSILON * np.abs(frequencies).max()] = 0.0
    generator = generator - 1j * np.diag(rest)
    if not generator.imag.any():
        generator = np.ascontiguousarray(generator.real)
    return CoupledBlock(n, m, generator, functionals, common, populations, bool((mirror != labels[inside[0]]).any()))
