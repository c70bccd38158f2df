"""Entropy, its rates and the entropy production of Clausius and Spohn, per bath, over an evolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.checks import STATE_TOLERANCE
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.davies_rates import DaviesRates
from loschmidt.ledger.entropy_rates import KERNEL_TOLERANCE, EntropyRates, entropy_rates
from loschmidt.ledger.frames import Frames, frames
from loschmidt.ledger.precise import precise_rates, production_error, rotation_round_off
from loschmidt.ledger.quadrature import cumulative_integral
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["ClausiusAccounts", "Integrals", "Production", "clausius_accounts", "energy_error", "heat_rate_error"]

#: Share of the largest rate that an entropy rate is uncertain by: the unit round-off times a deep logarithm.
_ROUND_OFF = 1e-14

_QUADRATURE_TOLERANCE = 1e-11
_CHUNK_ELEMENTS = 2_000_000
_MOVING_CHUNK = 200
#: What is left out of an entropy while an eigenvalue grows from zero to the kernel tolerance, p ln(1/p) at that point.
_KERNEL_LOSS = 40 * KERNEL_TOLERANCE


@dataclass(frozen=True, eq=False)
class Production:
    """Entropy production where every bath has a temperature; all (T, B).

    `flux` and `flow` are -β Q̇ and -β Q; `rate`, `population_rate` and `coherence_rate` are Π_b, Π_d,b and Υ_b.
    """

    flux: RealMatrix
    flux_error: RealMatrix
    flow: RealMatrix
    flow_error: RealMatrix
    rate: RealMatrix
    population_rate: RealMatrix
    coherence_rate: RealMatrix
    rate_error: RealMatrix
    population_error: RealMatrix
    coherence_error: RealMatrix
    total_rate: RealVector
    total_population_rate: RealVector
    total_coherence_rate: RealVector


@dataclass(frozen=True, eq=False)
class Integrals:
    """Time integrals since the first time of -tr[D_b(ρ) ln ρ], -tr[D_b(ρ) ln Δρ] and Q̇_b, with errors; all (T, B)."""

    entropy: RealMatrix
    diagonal_entropy: RealMatrix
    error: RealMatrix
    heat: RealMatrix
    heat_error: RealMatrix


@dataclass(frozen=True, eq=False)
class ClausiusAccounts:
    """Entropies (T,), their rates per bath (T, B), the time integrals of these, and errors of like shape.

    `integrals` is None if the state loses positivity between output times, `production` if some bath has no
    temperature.
    """

    entropy: RealVector
    diagonal_entropy: RealVector
    coherence: RealVector
    entropy_error: RealVector
    entropy_rate: RealVector
    entropy_rate_error: RealVector
    entropy_rate_by_bath: RealMatrix
    entropy_rate_by_bath_error: RealMatrix
    integrals: Integrals | None
    production: Production | None


def clausius_accounts(evolution: Evolution, seen: Frames, report: Callable[[float], None]) -> ClausiusAccounts:
    """Return the entropic accounts of an evolution whose states are positive; `report` takes the fraction done."""
    rates = entropy_rates(seen.states, seen.changes, seen.labels, seen.rate)
    spread = evolution.error + _round_off(seen.states.shape[-1])
    rate_error = np.max([rates.sensitivity, rates.diagonal_sensitivity], axis=0) * spread[:, None]
    precise = precise_rates(evolution)
    if precise is None:
        entropy, pinched = _entropy(seen.states), _entropy(_pinch(seen.states, seen.labels))
        coherence = pinched - entropy
    else:
        entropy, pinched, coherence = precise.entropy, precise.diagonal_entropy, precise.coherence
    return ClausiusAccounts(
        entropy=entropy,
        diagonal_entropy=pinched,
        coherence=coherence,
        entropy_error=_continuity_bound(spread, seen.states.shape[-1]),
        entropy_rate=rates.total_entropy_rate,
        entropy_rate_error=rate_error.sum(axis=-1),
        entropy_rate_by_bath=rates.entropy_rate,
        entropy_rate_by_bath_error=rate_error,
        integrals=_integrated(evolution, seen, rate_error, report),
        production=_production(evolution, seen, rates, rate_error, precise),
    )


def energy_error(seen: Frames, error: RealVector) -> RealVector:
    """Return the error (T,) of tr(E ρ) from that of the state, round-off included."""
    round_off = 4 * seen.energy.shape[-1] * np.finfo(float).eps * np.abs(seen.energy).max(axis=(-2, -1))
    return np.asarray(_width(seen) * error + round_off)


def heat_rate_error(seen: Frames, error: RealVector) -> RealVector:
    """Return the error (T,) of a heat rate tr(E D(ρ)) from that of the state, round-off included."""
    return np.asarray(2 * seen.rate * _width(seen) * (error + 8 * seen.states.shape[-1] * np.finfo(float).eps))


def _width(seen: Frames) -> RealVector:
    """Return the Frobenius norm (T,) of the energy less its mean: a constant costs no accuracy."""
    d = seen.energy.shape[-1]
    mean = np.trace(seen.energy, axis1=-2, axis2=-1)[:, None, None] / d
    return np.asarray(np.linalg.norm(seen.energy - mean * np.eye(d), axis=(-2, -1)))


def _production(
    evolution: Evolution, seen: Frames, rates: EntropyRates, rate_error: RealMatrix, precise: DaviesRates | None
) -> Production | None:
    process = evolution.process
    known = process.betas if isinstance(process, DrivenGenerator) else tuple(one.beta for one in process.dissipators)
    if any(beta is None for beta in known):
        return None
    betas = np.array(known, dtype=np.float64)
    current_error = np.broadcast_to(heat_rate_error(seen, evolution.error)[:, None], seen.heat_current.shape)
    exchange_error = np.broadcast_to(evolution.exchange_error[:, None], evolution.heat.shape)
    one_sign = precise is not None and rotation_round_off(evolution) == 0
    flux, flux_error = _flow_to_baths(betas, seen.heat_current, current_error, one_sign=one_sign)
    flow, flow_error = _flow_to_baths(betas, evolution.heat, exchange_error, one_sign=one_sign)
    exchanged = (flux, flux_error, flow, flow_error)
    if precise is not None:
        return _precise_production(evolution, seen, rates, precise, exchanged, rate_error)
    error = rate_error + flux_error
    return Production(
        *exchanged,
        _with_flux(rates.entropy_rate, flux),
        _with_flux(rates.diagonal_entropy_rate, flux),
        rates.coherence_production_rate,
        error,
        error,
        rate_error,
        _with_flux(rates.total_entropy_rate, flux.sum(axis=-1)),
        _with_flux(rates.total_diagonal_entropy_rate, flux.sum(axis=-1)),
        rates.total_coherence_production_rate,
    )


def _precise_production(
    evolution: Evolution,
    seen: Frames,
    rates: EntropyRates,
    precise: DaviesRates,
    exchanged: tuple[RealMatrix, RealMatrix, RealMatrix, RealMatrix],
    rate_error: RealMatrix,
) -> Production:
    # An upward rate too small for a number makes an edge infinite where the production is not.
    plain = _with_flux(rates.diagonal_entropy_rate, exchanged[0])
    lost = np.isinf(precise.population_production) & np.isfinite(plain)
    populations = np.where(lost, plain, precise.population_production)
    coherence = precise.coherence_production
    error = np.where(lost, rate_error + exchanged[1], production_error(evolution, seen, populations))
    coherence_error = production_error(evolution, seen, coherence)
    total = populations + coherence
    return Production(
        *exchanged,
        total,
        populations,
        coherence,
        error + coherence_error,
        error,
        coherence_error,
        total.sum(axis=-1),
        populations.sum(axis=-1),
        coherence.sum(axis=-1),
    )


def _with_flux(entropy: RealTensor, flux: RealTensor) -> RealTensor:
    """Return dS/dt + Φ; an infinite flux into a bath at T = 0 outweighs a logarithm of the state."""
    return np.where(np.isinf(flux), flux, entropy + np.where(np.isinf(flux), 0.0, flux))


def _flow_to_baths(
    betas: RealVector, heat: RealMatrix, error: RealMatrix, *, one_sign: bool
) -> tuple[RealMatrix, RealMatrix]:
    """Return -β Q with its error; a bath at T = 0 takes infinite entropy for any heat beyond round-off.

    With `one_sign`, as in a Davies equation whose state was not rotated, the heat of such a bath is a sum of terms of
    one sign, so that its sign is known however small it is.
    """
    cold = np.isinf(betas)
    finite = np.where(cold, 0.0, betas)
    unknown = 0.0 if one_sign else error
    frozen = np.where(heat < -unknown, np.inf, np.where(heat > unknown, -np.inf, 0.0))
    return np.where(cold, frozen, -finite * heat), np.abs(finite) * error


def _integrated(
    evolution: Evolution, seen: Frames, rate_error: RealMatrix, report: Callable[[float], None]
) -> Integrals | None:
    if evolution.dense is None:
        return None
    d = evolution.process.dimension
    chunk = max(1, _CHUNK_ELEMENTS // (d * d))
    if isinstance(evolution.process, DrivenGenerator):
        chunk = min(chunk, _MOVING_CHUNK)
    lowest: list[float] = []
    settled = [0.0]

    def rates(elapsed: RealVector) -> tuple[RealMatrix, RealMatrix]:
        parts = []
        for i in range(0, len(elapsed), chunk):
            report(settled[-1] + (1 - settled[-1]) * i / len(elapsed))
            parts.append(_rates_since_start(evolution, elapsed[i : i + chunk], lowest))
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    tolerance = max(_QUADRATURE_TOLERANCE, 10 * float(evolution.error.max()))
    count = rate_error.shape[1]
    round_off = _ROUND_OFF * seen.rate * np.repeat([1.0, 1.0, float(_width(seen).max())], count)
    # Since the first time, or a span far from zero would lose digits.
    elapsed = evolution.times - evolution.times[0]
    integrals, errors = cumulative_integral(
        rates, elapsed, tolerance, seen.rate, round_off, settled.append, steps=evolution.steps
    )
    if min(lowest) < -STATE_TOLERANCE - float(evolution.error.max()):
        return None
    spread = errors[:, :count] + errors[:, count : 2 * count] + _added_up(evolution.times, rate_error)
    spread[1:] += _KERNEL_LOSS * d
    heat_error = np.broadcast_to(heat_rate_error(seen, evolution.error)[:, None], rate_error.shape)
    return Integrals(
        entropy=integrals[:, :count],
        diagonal_entropy=integrals[:, count : 2 * count],
        error=spread,
        heat=integrals[:, 2 * count :],
        heat_error=errors[:, 2 * count :] + _added_up(evolution.times, heat_error),
    )


def _rates_since_start(evolution: Evolution, elapsed: RealVector, lowest: list[float]) -> tuple[RealMatrix, RealMatrix]:
    """Return -tr[D_b ln ρ], -tr[D_b ln Δρ] and Q̇_b (n, 3 B) and how far they may be round-off; add to `lowest`."""
    assert evolution.dense is not None
    now = frames(evolution, evolution.times[0] + elapsed, evolution.dense(elapsed))
    found = entropy_rates(now.states, now.changes, now.labels, now.rate)
    lowest.append(float(found.lowest.min()))
    # Next to a kernel the divergent part is integrable; where it cannot be resolved it is left to the error.
    values = [found.finite, found.diagonal_finite, now.heat_current]
    unknown = [found.sensitivity, found.diagonal_sensitivity, np.zeros_like(now.heat_current)]
    return np.concatenate(values, axis=-1), _round_off(evolution.process.dimension) * np.concatenate(unknown, axis=-1)


def _added_up(times: RealVector, error: RealMatrix) -> RealMatrix:
    """Return what errors of rates (T, B) add up to over time."""
    steps = np.diff(times)[:, None] / 2
    result = np.zeros_like(error)
    result[1:] = np.cumsum(steps * (error[1:] + error[:-1]), axis=0)
    return result


def _round_off(dimension: int) -> float:
    """Return what round-off leaves of a state, as a Frobenius norm."""
    return 4 * dimension * float(np.finfo(float).eps)


def _entropy(states: ComplexMatrix) -> RealVector:
    values = np.linalg.eigvalsh(states)
    positive = values > 0
    return np.asarray(-(np.where(positive, values, 0) * np.log(np.where(positive, values, 1))).sum(axis=-1))


def _pinch(states: ComplexMatrix, labels: IntegerArray) -> ComplexMatrix:
    return np.where(labels[..., :, None] == labels[..., None, :], states, 0)


def _continuity_bound(error: RealVector, dimension: int) -> RealVector:
    """Return the bound on |ΔS| for a Frobenius error of the state (:cite:t:`audenaert2007`)."""
    distance = 0.5 * np.sqrt(dimension) * error
    distance = np.where(distance < 0.5, distance, 0.5)
    binary = -distance * np.log(np.where(distance > 0, distance, 1)) - (1 - distance) * np.log1p(-distance)
    return np.asarray(distance * np.log(max(dimension - 1, 1)) + binary)
