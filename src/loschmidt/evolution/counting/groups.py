"""The jumps of a process, sorted into groups that no counter tells apart, and what one jump of each carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from loschmidt.errors import InputError, RateError
from loschmidt.evolution._steady_terms import shared_levels
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.nonthermal import jump_entropies, reverse_jumps
from loschmidt.states.bohr import EnergyLevels
from loschmidt.typing import BooleanArray, ComplexMatrix, IntegerArray, RealVector

__all__ = ["JumpGroups", "jump_groups"]

_DEFINITE = 1e-9  # of the spectral width and the size of the jump


@dataclass(frozen=True, eq=False)
class JumpGroups:
    """What can be counted: per bath one group per jump operator, in a Davies equation per Bohr frequency.

    Attributes
    ----------
    process : Generator
        Whose jumps they are.
    baths : (G,)
        Bath of each group, as its place among the names.
    energies : (G,)
        Energy that a jump brings into the system; NaN where it brings no definite one.
    heats : (G,)
        The same less chemical potential times particles.
    particles : (G,)
        Particles that a jump brings into the system.
    entropies : (G,)
        Entropy that a jump puts into its bath, in nats: -β times the heat where both are known, and otherwise the
        logarithm of the rate over that of the reverse jump; infinite where there is no reverse jump.
    partners : (G,)
        Group of the reverse jump, -1 if there is none.
    moving : (G,)
        False for dephasing, which changes no population of non-degenerate levels.
    tables : tuple of (P, n_classes) or None
        For each bath that is sorted by Bohr frequency the group of each frequency, -1 where it has no jumps, one row
        for each number of particles in ascending order.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> jump_groups(davies_generator(np.diag([0.0, 1.0]), [bath])).energies
    array([ 1., -1.])
    """

    process: Generator
    baths: IntegerArray
    energies: RealVector
    heats: RealVector
    particles: IntegerArray
    entropies: RealVector
    partners: IntegerArray
    moving: BooleanArray
    tables: tuple[IntegerArray | None, ...]

    @property
    def bath_names(self) -> tuple[str, ...]:
        """Names of the baths."""
        return self.process.bath_names

    @property
    def count(self) -> int:
        """Number G of groups."""
        return len(self.baths)


def jump_groups(process: Generator) -> JumpGroups:
    """Return the groups of jumps of a process.

    Raises
    ------
    InputError
        If the process has no jumps: no baths, or a bath in Redfield form.
    RateError
        If a jump has a negative rate.

    Examples
    --------
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.1], beta=float("inf"))
    >>> jump_groups(gkls_generator(np.diag([0.0, 1.0]), [decay])).entropies
    array([inf])
    """
    if not process.dissipators:
        raise InputError("`process` must have at least one bath, but it has none, so there is nothing to count.")
    levels = shared_levels(process)
    parts = [_of_bath(process, dissipator, levels) for dissipator in process.dissipators]
    starts = np.concatenate([[0], np.cumsum([len(part.energies) for part in parts])])
    return JumpGroups(
        process,
        np.repeat(np.arange(len(parts)), np.diff(starts)),
        np.concatenate([part.energies for part in parts]),
        np.concatenate([part.heats for part in parts]),
        np.concatenate([part.particles for part in parts]),
        np.concatenate([part.entropies for part in parts]),
        np.concatenate([_shifted(part.partners, int(at)) for part, at in zip(parts, starts, strict=False)]),
        np.concatenate([part.moving for part in parts]),
        tuple(
            None if part.table is None else _shifted(part.table, int(at))
            for part, at in zip(parts, starts, strict=False)
        ),
    )


class _Part(NamedTuple):
    """The groups of one bath, numbered from zero."""

    energies: RealVector
    heats: RealVector
    particles: IntegerArray
    entropies: RealVector
    partners: IntegerArray
    moving: BooleanArray
    table: IntegerArray | None


def _shifted(places: IntegerArray, start: int) -> IntegerArray:
    return np.asarray(np.where(places >= 0, places + start, -1))


def _of_bath(process: Generator, dissipator: Dissipator, levels: EnergyLevels | None) -> _Part:
    if isinstance(dissipator, DaviesDissipator):
        if dissipator.levels is levels:
            return _of_classes(process, dissipator)
        return _of_jumps(process, dissipator.as_jumps)
    if isinstance(dissipator, JumpDissipator):
        return _of_jumps(process, dissipator)
    raise InputError(
        f"Bath {dissipator.bath!r} has no jumps to count: a Redfield equation is no mixture of jumps. "
        f"Use a Davies, partial secular or local equation."
    )


def _of_classes(process: Generator, dissipator: DaviesDissipator) -> _Part:
    bohr, mu = dissipator.bohr, dissipator.chemical_potential or 0.0
    numbers = np.unique(dissipator.particles)
    strength = np.abs(dissipator.couplings)
    coupled = strength > 4 * dissipator.dimension * np.finfo(float).eps * strength.max()
    used = np.zeros((len(numbers), len(bohr.frequencies)), dtype=bool)
    for at, number in enumerate(numbers):
        used[at, bohr.labels[coupled[dissipator.particles == number].any(axis=0)]] = True
    # The reverse of a jump has the opposite frequency and number; it belongs to the list even if round-off lost it.
    mirrored = [int((numbers == -number).argmax()) if (numbers == -number).any() else -1 for number in numbers]
    for at, other in enumerate(mirrored):
        if other >= 0:
            used[at] |= used[other, ::-1]
    table = np.where(used, np.cumsum(used).reshape(used.shape) - 1, -1)
    partner = np.stack([np.full(used.shape[1], -1) if other < 0 else table[other, ::-1] for other in mirrored])
    row, label = np.nonzero(used)
    particles = numbers[row]
    # The rates keep detailed balance in the frequencies of the construction, whatever energy heat refers to.
    taken = bohr.frequencies[label]
    energies = np.where(_definite_classes(process, dissipator, coupled.any(axis=0))[label], -taken, np.nan)
    still = (label == len(bohr.frequencies) // 2) & (particles == 0) & (not dissipator.levels.degenerate)
    return _Part(
        energies,
        energies - mu * particles,
        particles,
        _entropy_into_bath(dissipator.beta, -taken - mu * particles),
        partner[row, label],
        ~still,
        table,
    )


def _definite_classes(process: Generator, dissipator: DaviesDissipator, coupled: BooleanArray) -> BooleanArray:
    """Return for each Bohr frequency (n_classes,) whether its jumps change the energy observable by just that."""
    levels, bohr = dissipator.levels, dissipator.bohr
    result = np.ones(len(bohr.frequencies), dtype=bool)
    if process.equation == "davies":
        return result
    inner = levels.to_eigenbasis(process.energy)
    energies = np.diagonal(inner).real
    width = float(np.ptp(energies)) or 1.0
    if np.abs(inner - np.diag(energies)).max() > _DEFINITE * width:
        return ~result
    misfit = np.abs(energies[None, :] - energies[:, None] - bohr.frequencies[bohr.labels])
    result[bohr.labels[coupled & (misfit > _DEFINITE * width)]] = False
    return result


def _of_jumps(process: Generator, form: JumpDissipator) -> _Part:
    if (form.rates < 0).any():
        at = int(form.rates.argmin())
        raise RateError(
            f"`rates` of bath {form.bath!r} must not be negative for counting, but rate {at} is {form.rates[at]:g}: "
            f"what happens at a negative rate cannot be counted."
        )
    energies = _jump_energies(form.jumps, process.energy)
    heats = energies - (form.chemical_potential or 0.0) * form.particles
    thermal = _entropy_into_bath(form.beta, heats)
    return _Part(
        energies,
        heats,
        form.particles,
        np.where(np.isnan(thermal), jump_entropies(form), thermal),
        reverse_jumps(form.jumps),
        np.ones(len(energies), dtype=bool),
        None,
    )


def _entropy_into_bath(beta: float | None, heats: RealVector) -> RealVector:
    if beta is None:
        return np.full(len(heats), np.nan)
    # At zero temperature a jump without heat carries no entropy.
    return np.asarray(-np.where(heats == 0, 0.0, beta) * heats)


def _jump_energies(jumps: ComplexMatrix, energy: ComplexMatrix) -> RealVector:
    """Return e_k of [E, L_k] = e_k L_k (K,), NaN where L_k is no such eigenoperator."""
    moved = energy @ jumps - jumps @ energy
    square = (np.abs(jumps) ** 2).sum(axis=(1, 2))
    values = np.einsum("kab,kab->k", jumps.conj(), moved).real / np.where(square > 0, square, 1.0)
    misfit = np.linalg.norm(moved - values[:, None, None] * jumps, axis=(1, 2))
    spectrum = np.linalg.eigvalsh(energy)
    width = float(spectrum[-1] - spectrum[0])
    definite = misfit <= _DEFINITE * width * np.sqrt(square)
    # Round-off of a dephasing jump must not pass for a quantum.
    values = np.where(np.abs(values) > _DEFINITE * width, values, 0.0)
    return np.where(definite, values, np.nan)
