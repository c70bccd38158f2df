"""Entropy, its rates and the entropy production of Clausius and Spohn, per bath, over an evolution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from loschmidt.checks import STATE_TOLERANCE
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.davies_rates import DaviesRates
from loschmidt.ledger.entropy_rates import EntropyRates, entropy_rates
from loschmidt.ledger.frames import Frames, frames
from loschmidt.ledger.precise import precise_rates, production_error
from loschmidt.ledger.quadrature import cumulative_integral
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealVector

__all__ = ["ClausiusAccounts", "Integrals", "Production", "clausius_accounts", "energy_error", "heat_rate_error"]

_QUADRATURE_TOLERANCE = 1e-11
_CHUNK_ELEMENTS = 2_000_000
_MOVING_CHUNK = 200


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


@dataclass(frozen=True, eq=False)
class Integrals:
    """Time integrals since the first time of -tr[D_b(ρ) ln ρ] and -tr[D_b(ρ) ln Δρ], with their error; all (T, B)."""

    entropy: RealMatrix
    diagonal_entropy: RealMatrix
    error: RealMatrix


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
    entropy_rate: RealMatrix
    entropy_rate_error: RealMatrix
    integrals: Integrals | None
    production: Production | None


def clausius_accounts(evolution: Evolution, seen: Frames, report: Callable[[float], None]) -> ClausiusAccounts:
    """Return the entropic accounts of an evolution whose states are positive; `report` takes the fraction done."""
    rates = entropy_rates(seen.states, seen.changes, seen.labels, seen.rate)
    spread = evolution.error + 4 * seen.states.shape[-1] * np.finfo(float).eps
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
        entropy_rate=rates.entropy_rate,
        entropy_rate_error=rate_error,
        integrals=_integrated(evolution, rate_error, report),
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
    potentials = np.zeros(len(betas))
    if not isinstance(process, DrivenGenerator):
        potentials = np.array([one.chemical_potential or 0.0 for one in process.dissipators])
    heat_rate = seen.energy_current - potentials * seen.particle_current
    current_error = np.broadcast_to(heat_rate_error(seen, evolution.error)[:, None], heat_rate.shape)
    exchange_error = np.broadcast_to(evolution.exchange_error[:, None], evolution.heat.shape)
    flux, flux_error = _flow_to_baths(betas, heat_rate, current_error)
    flow, flow_error = _flow_to_baths(betas, evolution.heat, exchange_error)
    exchanged = (flux, flux_error, flow, flow_error)
    if precise is not None:
        populations, coherence = precise.population_production, precise.coherence_production
        errors = production_error(seen, populations), production_error(seen, coherence)
        return Production(*exchanged, populations + coherence, populations, coherence, errors[0] + errors[1], *errors)
    error = rate_error + flux_error
    return Production(
        *exchanged,
        rates.entropy_rate + flux,
        rates.diagonal_entropy_rate + flux,
        rates.coherence_production_rate,
        error,
        error,
        rate_error,
    )


def _flow_to_baths(betas: RealVector, heat: RealMatrix, error: RealMatrix) -> tuple[RealMatrix, RealMatrix]:
    """Return -β Q with its error; a bath at T = 0 takes infinite entropy for any heat beyond round-off."""
    cold = np.isinf(betas)
    finite = np.where(cold, 0.0, betas)
    frozen = np.where(heat < -error, np.inf, np.where(heat > error, -np.inf, 0.0))
    return np.where(cold, frozen, -finite * heat), np.abs(finite) * error


def _integrated(evolution: Evolution, rate_error: RealMatrix, report: Callable[[float], None]) -> Integrals | None:
    if evolution.dense is None:
        return None
    dense = evolution.dense
    d = evolution.process.dimension
    chunk = max(1, _CHUNK_ELEMENTS // (d * d))
    if isinstance(evolution.process, DrivenGenerator):
        chunk = min(chunk, _MOVING_CHUNK)
    lowest: list[float] = []
    settled = [0.0]

    def rates(times: RealVector) -> RealMatrix:
        parts = []
        for i in range(0, len(times), chunk):
            report(settled[-1] + (1 - settled[-1]) * i / len(times))
            seen = frames(evolution, times[i : i + chunk], dense(times[i : i + chunk]))
            found = entropy_rates(seen.states, seen.changes, seen.labels, seen.rate)
            lowest.append(float(found.lowest.min()))
            # Next to a kernel the divergent part is integrable and below 1e-13 where it cannot be resolved.
            parts.append(np.concatenate([found.finite, found.diagonal_finite], axis=-1))
        return np.concatenate(parts)

    tolerance = max(_QUADRATURE_TOLERANCE, 10 * float(evolution.error.max()))
    integrals, errors = cumulative_integral(rates, evolution.times, tolerance, settled.append)
    if min(lowest) < -STATE_TOLERANCE - float(evolution.error.max()):
        return None
    count = rate_error.shape[1]
    steps = np.diff(evolution.times)[:, None] / 2
    propagated = np.zeros_like(rate_error)
    propagated[1:] = np.cumsum(steps * (rate_error[1:] + rate_error[:-1]), axis=0)
    spread = errors[:, :count] + errors[:, count:] + propagated
    return Integrals(integrals[:, :count], integrals[:, count:], spread)


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
