"""Build the baths of a model: thermal baths with a spectrum, or jump operators with rates."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import RateError
from loschmidt.processes.baths import Bath
from loschmidt.processes.dissipators import JumpDissipator, jump_dissipator
from loschmidt.processes.spectra import (
    DrudeSpectrum,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    Spectrum,
    TabulatedSpectrum,
)
from loschmidt.studies import spec as files
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.reading import Reader
from loschmidt.typing import ComplexMatrix

__all__ = ["build_bath", "build_jumps"]


def build_bath(reader: Reader, given: files.BathSpec, path: KeyPath) -> Bath | None:
    """Return the thermal bath of a table with a spectrum, or None after noting its faults."""
    known = len(reader.faults.problems)
    if given.jumps is not None:
        reader.faults.add((*path, "jumps"), "must not stand beside `spectrum`; give one of them.")
    if given.allow_negative_rates:
        reader.faults.add((*path, "allow_negative_rates"), "needs `jumps`, but this bath has a spectrum.")
    if given.couplings is None:
        reader.faults.add(path, "must have `couplings`, the operators through which the spectrum acts.")
    if given.temperature is None and given.beta is None:
        reader.faults.add(path, "must have a `temperature` (or `beta`).")
    assert given.spectrum is not None
    spectrum = _spectrum(reader, given.spectrum, (*path, "spectrum"))
    beta = _checked_beta(reader, given, path, spectrum)
    hermitian = not isinstance(given.spectrum, files.FermionicSpec)
    couplings = None
    if given.couplings is not None:
        couplings = reader.operators(given.couplings, (*path, "couplings"), hermitian=hermitian)
    potential = given.chemical_potential
    if potential is not None:
        potential = reader.quantity(potential, "energy", (*path, "chemical_potential"))
    correlations = _correlations(reader, given, path)
    if len(reader.faults.problems) > known or spectrum is None or beta is None or couplings is None:
        return None
    return reader.faults.attempt(
        path,
        Bath,
        name=given.name,
        beta=beta,
        spectrum=spectrum,
        couplings=np.stack(couplings),
        correlations=correlations,
        chemical_potential=potential,
        lamb_shift=given.lamb_shift,
    )


def build_jumps(
    reader: Reader, given: files.BathSpec, path: KeyPath, energy: ComplexMatrix | None
) -> JumpDissipator | None:
    """Return the dissipator of a table with jump operators, or None after noting its faults."""
    known = len(reader.faults.problems)
    for key in ("couplings", "correlations", "chemical_potential"):
        if getattr(given, key) is not None:
            reader.faults.add((*path, key), "needs a `spectrum`, but this bath has jump operators.")
    if given.lamb_shift:
        reader.faults.add((*path, "lamb_shift"), "needs a `spectrum`, but this bath has jump operators.")
    assert given.jumps is not None
    beta = None
    if given.temperature is not None or given.beta is not None:
        beta = reader.beta(given.temperature, given.beta, path)
    jumps, rates = [], []
    for index, jump in enumerate(given.jumps):
        place = (*path, "jumps", index)
        jumps.append(reader.operator(jump.operator, (*place, "operator")))
        rate = reader.quantity(jump.rate, "rate", (*place, "rate"))
        if rate is not None:
            accepted = given.allow_negative_rates
            rates.append(reader.faults.attempt((*place, "rate"), _checked_rate, rate, accepted))
    if len(reader.faults.problems) > known or any(jump is None for jump in jumps):
        return None
    if any(rate is None for rate in rates) or len(rates) != len(jumps):
        return None
    frequencies = None if energy is None else [_energy_taken(jump, energy) for jump in jumps if jump is not None]
    return reader.faults.attempt(
        path,
        jump_dissipator,
        given.name,
        jumps,
        rates,
        beta=beta,
        frequencies=frequencies,
        negative_rates=given.allow_negative_rates,
    )


def _checked_rate(rate: float, accepted: bool) -> float:
    if not (rate >= 0 or accepted):
        raise RateError(
            f"must not be negative, but it is {rate:g}. If a time-local equation is meant, say "
            f"`allow_negative_rates = true` in the table of the bath."
        )
    return rate


def _checked_beta(reader: Reader, given: files.BathSpec, path: KeyPath, spectrum: Spectrum | None) -> float | None:
    if given.temperature is None and given.beta is None:
        return None
    beta = reader.beta(given.temperature, given.beta, path)
    if beta is None:
        return None
    key = "beta" if given.temperature is None else "temperature"
    bosonic = not isinstance(given.spectrum, (files.GlauberSpec, files.FermionicSpec))
    if bosonic and key == "temperature" and not beta > 0:
        rule = (
            "be finite, because its rates diverge" if beta == 0 else f"not be negative, but it is {given.temperature}"
        )
        advice = "A glauber spectrum takes any temperature."
        reader.faults.add((*path, key), f"of a bosonic bath must {rule}. {advice}")
        return None
    if spectrum is not None:
        reader.faults.attempt((*path, key), spectrum.check, beta)
    return beta


def _correlations(reader: Reader, given: files.BathSpec, path: KeyPath) -> np.ndarray | None:
    if given.correlations is None:
        return None
    rows = [
        [reader.number(entry, (*path, "correlations", i, j)) for j, entry in enumerate(row)]
        for i, row in enumerate(given.correlations)
    ]
    if any(entry is None for row in rows for entry in row):
        return None
    return np.array(rows, dtype=np.float64)


def _energy_taken(jump: ComplexMatrix, energy: ComplexMatrix) -> float:
    """Return the ω with [E, L] = -ωL, the energy that the jump takes out of the system; NaN if there is none."""
    moved = energy @ jump - jump @ energy
    size = float(np.vdot(jump, jump).real)
    if size == 0:
        return math.nan
    omega = -float(np.vdot(jump, moved).real) / size
    scale = float(np.abs(energy).max()) * math.sqrt(size)
    return omega if float(np.linalg.norm(moved + omega * jump)) <= 1e-9 * scale else math.nan


# ── spectra ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _spectrum(reader: Reader, given: files.AnySpectrum, path: KeyPath) -> Spectrum | None:
    if isinstance(given, files.TabulatedSpec):
        return _tabulated(reader, given, path)
    if isinstance(given, files.DebyeSpec):
        return _debye(reader, given, path)
    make, kind = _MAKERS[given.type]
    place = (*path, "coupling")
    coupling = reader.quantity(given.coupling, "rate", place) if kind == "rate" else reader.plain(given.coupling, place)
    if coupling is None or reader.faults.attempt(place, as_number, coupling, "coupling", non_negative=True) is None:
        return None
    if isinstance(given, (files.OhmicSpec, files.DrudeSpec)) and given.cutoff is not None:
        cutoff = reader.quantity(given.cutoff, "energy", (*path, "cutoff"))
        return None if cutoff is None else reader.faults.attempt((*path, "cutoff"), make, coupling, cutoff)
    if isinstance(given, files.FlatSpec) and given.zero_frequency_rate is not None:
        rate = reader.quantity(given.zero_frequency_rate, "rate", (*path, "zero_frequency_rate"))
        return None if rate is None else reader.faults.attempt((*path, "zero_frequency_rate"), make, coupling, rate)
    return reader.faults.attempt(path, make, coupling)


_MAKERS: dict[str, tuple[Callable[..., Spectrum], str]] = {
    "ohmic": (OhmicSpectrum, "number"),
    "drude": (DrudeSpectrum, "number"),
    "flat": (FlatSpectrum, "rate"),
    "glauber": (GlauberSpectrum, "rate"),
    "fermionic": (FermionicSpectrum, "rate"),
}


def _debye(reader: Reader, given: files.DebyeSpec, path: KeyPath) -> Spectrum | None:
    from loschmidt.processes.electron_phonon.debye_ladder import DebyeSpectrum

    coupling = reader.quantity(given.coupling, "rate", (*path, "coupling"))
    edge = reader.quantity(given.debye_energy, "energy", (*path, "debye_energy"))
    if coupling is None or edge is None:
        return None
    return reader.faults.attempt(path, DebyeSpectrum, coupling, edge)


def _tabulated(reader: Reader, given: files.TabulatedSpec, path: KeyPath) -> Spectrum | None:
    frequencies = [
        reader.quantity(value, "energy", (*path, "frequencies", k)) for k, value in enumerate(given.frequencies)
    ]
    densities = [reader.quantity(value, "rate", (*path, "densities", k)) for k, value in enumerate(given.densities)]
    extra = given.zero_frequency_rate
    if extra is not None:
        extra = reader.quantity(extra, "rate", (*path, "zero_frequency_rate"))
    if None in frequencies or None in densities:
        return None
    return reader.faults.attempt(path, TabulatedSpectrum, tuple(frequencies), tuple(densities), extra)
