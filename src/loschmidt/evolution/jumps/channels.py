"""Jump operators of a master equation, with the bath, the quantum and the entropy that each jump belongs to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt.errors import InputError, RateError
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.typing import ComplexMatrix, IntegerArray, RealVector

__all__ = ["JumpChannel", "JumpOperators", "channels_of", "fixed_jumps"]

_PROPORTIONAL = 1e-9


@dataclass(frozen=True)
class JumpChannel:
    """What single jumps are counted as: a bath, and the quantum that it takes.

    Attributes
    ----------
    bath : str
        Name of the bath.
    frequency : float
        Energy that each jump takes out of the system; NaN where it takes no definite one. For baths that follow a
        drive, its value at the first time.
    particles : int
        Particles that each jump adds to the system.
    entropy : float
        Entropy that each jump adds to the bath, in nats: the logarithm of its rate over that of the reverse jump.
        ``inf`` where there is no reverse jump, NaN where it is not known or changes in time.

    Examples
    --------
    >>> JumpChannel("cold", 1.0, 0, 2.0).entropy
    2.0
    """

    bath: str
    frequency: float
    particles: int
    entropy: float


@dataclass(frozen=True, eq=False)
class JumpOperators:
    """Fixed jump operators of all baths, the square roots of the rates taken in.

    Attributes
    ----------
    operators : (K, d, d)
        √γ_k L_k.
    baths : (K,)
        Number of the bath.
    frequencies, entropies : (K,)
        As those of :class:`JumpChannel`.
    particles : (K,)
        Particles that each jump adds to the system.
    potentials : (n_baths,)
        Chemical potentials, zero where there is none.
    names : tuple of str
        Names of the baths.
    """

    operators: ComplexMatrix
    baths: IntegerArray
    frequencies: RealVector
    entropies: RealVector
    particles: IntegerArray
    potentials: RealVector
    names: tuple[str, ...]

    @property
    def offsets(self) -> RealVector:
        """What chemical potentials take from the heat of each jump, -μ N (K,)."""
        return np.asarray(-self.potentials[self.baths] * self.particles)

    def decay(self, bath: int | None = None) -> ComplexMatrix:
        """Return Σ γ L†L of one bath, or of all (d, d)."""
        chosen = self.operators if bath is None else self.operators[self.baths == bath]
        return np.asarray(np.einsum("kba,kbc->ac", chosen.conj(), chosen, optimize=True))


def fixed_jumps(dissipators: Sequence[Dissipator], dimension: int) -> JumpOperators:
    """Return the jump operators of dissipators that do not change in time, for a system of that dimension.

    Raises
    ------
    InputError, RateError
        If there are none: Bloch–Redfield form, or a negative rate.
    """
    parts = [_as_jumps(one) for one in dissipators]
    sizes = [np.abs(one.jumps).max(axis=(1, 2), initial=0.0) for one in parts]
    pairs = [(one, (one.rates > 0) & (size > 0)) for one, size in zip(parts, sizes, strict=True)]
    weighted = [np.sqrt(one.rates[k])[:, None, None] * one.jumps[k] for one, k in pairs]
    potentials = [0.0 if one.chemical_potential is None else one.chemical_potential for one in parts]
    entropies = [
        _entropies(one, operators, one.frequencies[k], one.particles[k])
        for (one, k), operators in zip(pairs, weighted, strict=True)
    ]
    return JumpOperators(
        operators=np.concatenate([np.zeros((0, dimension, dimension), dtype=np.complex128), *weighted]),
        baths=np.repeat(np.arange(len(parts)), np.array([len(one) for one in weighted], dtype=np.int64)),
        frequencies=np.concatenate([np.zeros(0), *(one.frequencies[k] for one, k in pairs)]),
        entropies=np.concatenate([np.zeros(0), *entropies]),
        particles=np.concatenate([np.zeros(0, dtype=np.int64), *(one.particles[k] for one, k in pairs)]),
        potentials=np.array(potentials, dtype=np.float64),
        names=tuple(one.bath for one in parts),
    )


def channels_of(jumps: JumpOperators) -> tuple[tuple[JumpChannel, ...], IntegerArray]:
    """Return the channels (C) and that of each jump operator (K,); equal quanta of a bath share one."""
    found: dict[tuple[object, ...], int] = {}
    channels: list[JumpChannel] = []
    places = np.zeros(len(jumps.baths), dtype=np.int64)
    for k, bath in enumerate(jumps.baths):
        frequency, entropy = float(jumps.frequencies[k]), float(jumps.entropies[k])
        one = JumpChannel(jumps.names[bath], frequency, int(jumps.particles[k]), entropy)
        unknown = math.isnan(frequency) or math.isnan(entropy)
        key = (k,) if unknown else (one.bath, frequency, one.particles, entropy)
        if key not in found:
            found[key] = len(channels)
            channels.append(one)
        places[k] = found[key]
    return tuple(channels), places


def _as_jumps(dissipator: Dissipator) -> JumpDissipator:
    if isinstance(dissipator, DaviesDissipator):
        dissipator = dissipator.as_jumps
    if not isinstance(dissipator, JumpDissipator):
        raise InputError(
            f"Trajectories need jump operators, but bath {dissipator.bath!r} has none: its equation is not of GKLS "
            f"form. Use davies_generator() or partial_secular_generator()."
        )
    if (dissipator.rates < 0).any():
        raise RateError(
            f"Trajectories need rates that are not negative, but bath {dissipator.bath!r} has the rate "
            f"{dissipator.rates.min():g}: there is no jump with a negative probability. Use evolve()."
        )
    return dissipator


def _entropies(
    bath: JumpDissipator, operators: ComplexMatrix, frequencies: RealVector, particles: IntegerArray
) -> RealVector:
    """Return ln of each rate over that of the reverse jump (K,): β times the heat given away, where both are known."""
    mu = 0.0 if bath.chemical_potential is None else bath.chemical_potential
    quanta = frequencies + mu * particles
    known = ~np.isnan(quanta)
    if bath.beta is None:
        return _rate_ratios(bath, operators)
    # Comparing every pair of jumps is left out where nothing depends on it.
    result = np.zeros(len(quanta)) if known.all() else _rate_ratios(bath, operators)
    if math.isinf(bath.beta):
        if (quanta[known] < 0).any():
            raise RateError(f"Bath {bath.bath!r} is at T = 0, but one of its jumps gives energy to the system.")
        result[known] = np.where(quanta[known] > 0, np.inf, 0.0)
    else:
        result[known] = bath.beta * quanta[known]
    return result


def _rate_ratios(bath: JumpDissipator, operators: ComplexMatrix) -> RealVector:
    flat = operators.reshape(len(operators), -1)
    mirrored = operators.conj().swapaxes(-1, -2).reshape(len(operators), -1)
    sizes = np.einsum("ka,ka->k", flat.conj(), flat).real
    squares = np.outer(sizes, sizes) * (1 - _PROPORTIONAL)
    along = (np.abs(flat.conj() @ flat.T) ** 2 >= squares) @ sizes
    reverse = (np.abs(mirrored.conj() @ flat.T) ** 2 >= squares) @ sizes
    # Without a temperature the lack of a reverse jump says nothing about the bath's entropy.
    missing = math.nan if bath.beta is None else math.inf
    ratios = along / np.where(reverse > 0, reverse, 1.0)
    return np.where(reverse > 0, np.log(ratios), missing)
