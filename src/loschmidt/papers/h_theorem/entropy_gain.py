"""Entropy gain of a channel: Eq. (1), unital channels in finite and infinite dimension, and states that are safe."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.information.entropy import relative_entropy
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.processes.channels import Channel, amplitude_damping, erasure_channel, mixed_unitary_channel
from loschmidt.processes.gains import (
    entropy_gain,
    gain_bounds,
    maximally_mixed_gain,
    minimal_entropy_gain,
    safe_operator,
    second_law_violation,
)
from loschmidt.typing import ComplexMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-11
_CLEARLY = 1e-3
_GOLDEN = 0.6180339887498949
_SHAPES = ((2, 2, 2), (3, 3, 2), (4, 4, 3), (2, 4, 2), (4, 2, 3))  # what goes in, what comes out, Kraus operators
_SQUARE = tuple(shape for shape in _SHAPES if shape[0] == shape[1])


def _generic_unitary(size: int, number: int) -> ComplexMatrix:
    """Return a unitary (size, size) without any symmetry; each number gives another."""
    squares = (np.arange(size * size) + 1.0) ** 2
    phases = np.exp(2j * np.pi * (squares * number * _GOLDEN % 1)).reshape(size, size)
    return np.asarray(np.linalg.qr(phases)[0])


def _generic_channel(n: int, m: int, kraus: int, number: int = 1) -> Channel:
    return Channel.from_kraus(_generic_unitary(kraus * m, number)[:, :n].reshape(kraus, m, n))


def _generic_states(size: int) -> ComplexMatrix:
    """Return states (9, size, size) from nearly pure to maximally mixed, none of them diagonal but the last."""
    states = []
    for number in range(1, 9):
        weights = np.exp(-np.arange(size) * (8.0 - number))
        basis = _generic_unitary(size, number)
        states.append((basis * (weights / weights.sum())) @ basis.conj().T)
    return np.array([*states, np.eye(size) / size])


def _verdict(holds: bool) -> ClaimVerdict:
    return ClaimVerdict.REPRODUCED if holds else ClaimVerdict.REFUTED


def _bound() -> Computed:
    margins, equalities, lowest = [], [], []
    for shape in _SHAPES:
        channel, states = _generic_channel(*shape), _generic_states(shape[0])
        gains, bounds = entropy_gain(channel, states), gain_bounds(channel, states).identity_image
        margins.append(float((gains - bounds).min()))
        equalities.append(float(np.abs(gains - bounds)[..., -1]))
        lowest.append(float(gains.min()))
    value = {
        "smallest gain minus bound": min(margins),
        "largest difference at the maximally mixed state": max(equalities),
        "lowest gain": min(lowest),
    }
    holds = min(margins) > -_ROUND_OFF and max(equalities) < _ROUND_OFF and min(lowest) < -_CLEARLY
    return Computed(
        value,
        _verdict(holds),
        f"In 45 pairs of channel and state, with gains down to {min(lowest):.3f}, the gain is not below the bound "
        f"(smallest difference {min(margins):.0e}); for the maximally mixed state they agree to {max(equalities):.0e}.",
    )


def _derivation() -> Computed:
    worst, smallest = 0.0, math.inf
    for n, m, kraus in _SHAPES:
        channel, states = _generic_channel(n, m, kraus), _generic_states(n)
        mixed = np.eye(n) / n
        lost = relative_entropy(states, mixed) - relative_entropy(channel(states), channel(mixed))
        excess = entropy_gain(channel, states) - gain_bounds(channel, states).identity_image
        worst = max(worst, float(np.abs(excess - lost).max()))
        smallest = min(smallest, float(lost.min()))
    return Computed(
        {"largest difference": worst, "smallest loss of relative entropy": smallest},
        _verdict(worst < _ROUND_OFF and smallest > -_ROUND_OFF),
        f"Gain minus bound is the relative entropy to the maximally mixed state that the channel takes away, within "
        f"{worst:.0e}, and that is not negative (smallest {smallest:.0e}).",
    )


def _sufficient() -> Computed:
    sides, lowest, largest = 0.0, 0.0, 0.0
    for size in (2, 3, 5):
        unitaries = [_generic_unitary(size, number) for number in (1, 2, 3)]
        channel = mixed_unitary_channel(unitaries, [0.5, 0.3, 0.2])
        states = _generic_states(size)
        sides = max(sides, float(np.abs(gain_bounds(channel, states).identity_image).max()))
        lowest = min(lowest, minimal_entropy_gain(channel).lower_bound)
        largest = max(largest, float(entropy_gain(channel, states).max()))
    return Computed(
        {"largest right-hand side": sides, "certified lowest gain": lowest, "largest gain": largest},
        _verdict(sides < _ROUND_OFF and lowest > -_ROUND_OFF and largest > _CLEARLY),
        f"For three mixtures of unitaries the right-hand side is zero within {sides:.0e} and no state whatever gains "
        f"less than {lowest:.0e}; some gain {largest:.2f}.",
    )


def _necessary() -> Computed:
    found, products = [], []
    channels = [_generic_channel(*shape, number) for shape in _SQUARE for number in (1, 2)]
    for channel in [*channels, amplitude_damping(0.1), amplitude_damping(1e-6)]:
        violation = second_law_violation(channel, "mixed")
        found.append(violation is not None and violation.verification.confirmed and violation.gain < 0)
        defect = channel.unitality_defect("frobenius")
        products.append(maximally_mixed_gain(channel) * 2 * channel.dimension_in / defect**2)
    unequal = erasure_channel(2, 0.3) @ amplitude_damping(0.5)
    gain = minimal_entropy_gain(unequal)
    return Computed(
        {
            "channels": len(found),
            "in which the maximally mixed state loses entropy": sum(found),
            "ratio to -‖Φ(1) - 1‖²/2N for the weakest": -products[-1],
            "excess of Φ(1) over 1 of a map from 2 to 3 levels": unequal.subunitality_excess(),
            "its lowest gain, certified": gain.lower_bound,
        },
        _verdict(all(found) and abs(products[-1] + 1) < _CLEARLY),
        f"In {sum(found)} of {len(found)} non-unital channels of equal dimensions, defects down to 1e-6 included, the "
        f"maximally mixed state loses entropy; between unequal dimensions the equivalence ends, since a map whose Φ(1) "
        f"exceeds 1 by {unequal.subunitality_excess():.2f} adds at least {gain.lower_bound:.3f} to every state.",
    )


def _boson_kraus(levels: int, out: int, transmission: float) -> ComplexMatrix:
    """Return Kraus operators (k, out, levels) of a beam splitter (below 1) or an amplifier (above) for one mode."""
    count = out - levels + 1 if transmission > 1 else levels
    kraus = np.zeros((count, out, levels))
    for n in range(levels):
        for k in range(count if transmission > 1 else n + 1):
            if transmission > 1:
                weight = math.comb(n + k, k) * (1 - 1 / transmission) ** k * transmission ** -(n + 1.0)
                kraus[k, n + k, n] = math.sqrt(weight)
            else:
                weight = math.comb(n, k) * transmission ** (n - k) * (1 - transmission) ** k
                kraus[k, n - k, n] = math.sqrt(weight)
    return kraus + 0j


def _thermal_entropy(mean: float) -> float:
    return (mean + 1) * math.log1p(mean) - mean * math.log(mean)


def _infinite_dimension() -> Computed:
    amplification, transmission, out = 1.25, 0.5, 40
    lowest, images, losses, traces = [], [], [], []
    for levels in (2, 4, 8):
        amplifier = Channel.from_kraus(_boson_kraus(levels, out, amplification))
        lowest.append(minimal_entropy_gain(amplifier).lower_bound)
        images.append(float(np.linalg.eigvalsh(amplifier.identity_image)[-1]))
    for levels in (4, 8, 16):
        loss = Channel.from_kraus(_boson_kraus(levels, levels, transmission))
        losses.append(minimal_entropy_gain(loss).value)
        traces.append(float(np.trace(loss.identity_image).real) / levels)
    thermal = _thermal_entropy(transmission * 1e6) - _thermal_entropy(1e6)
    value: dict[str, ClaimValue] = {
        "Φ(1) of the amplifier, infinite": 1 / amplification,
        "the same up to 8 levels, largest eigenvalue": images[-1],
        "lowest gain up to 2, 4, 8 levels, certified": lowest,
        "ln of the amplification": math.log(amplification),
        "lowest gain of the loss in 4, 8, 16 levels": losses,
        "gain of a hot thermal state under the loss": thermal,
        "ln of the transmission": math.log(transmission),
    }
    never = min(lowest) > math.log(amplification) - _ROUND_OFF and max(images) < 1 / amplification + _ROUND_OFF
    slowly = losses == sorted(losses, reverse=True) and math.log(transmission) < losses[-1] < 0
    fixed = max(abs(trace - 1) for trace in traces) < _ROUND_OFF
    return Computed(
        value,
        _verdict(never and slowly and fixed and abs(thermal - math.log(transmission)) < _CLEARLY),
        f"An amplifier of {amplification} has Φ(1) = {1 / amplification}, not 1, and yet adds at least its logarithm "
        f"{math.log(amplification):.4f} to every state; a loss of one half has no optimal state, only hot ones that "
        f"approach {math.log(transmission):.4f}, and a cut-off at 16 levels gives {losses[-1]:.4f} with tr Φ(1) = N.",
    )


def _safe_states() -> Computed:
    checked, safe_gains, sides = 0, [], []
    channels = [amplitude_damping(0.5), _generic_channel(3, 3, 2, 3), _generic_channel(4, 4, 3, 2)]
    for channel in channels:
        values, vectors = np.linalg.eigh(safe_operator(channel))
        sides.append((float(values[0]), float(values[-1])))
        corner = np.outer(vectors[:, -1], vectors[:, -1].conj())
        mixed = np.array([weight * corner + (1 - weight) * _generic_states(len(corner)) for weight in (0.5, 0.8, 1.0)])
        states = mixed.reshape(-1, *corner.shape)
        inside = np.einsum("kij,ji->k", states, safe_operator(channel)).real >= 0
        checked += int(inside.sum())
        safe_gains.append(float(entropy_gain(channel, states[inside]).min()))
    lost = max(minimal_entropy_gain(channel).value for channel in channels)
    holds = min(safe_gains) > -_ROUND_OFF and checked >= len(channels) and lost < -_CLEARLY
    return Computed(
        {
            "states of the half-space": checked,
            "smallest gain among them": min(safe_gains),
            "highest of the channels' lowest gains": lost,
            "lowest and highest eigenvalues of the safe operators": sides,
        },
        _verdict(holds),
        f"All {checked} states with tr ρM ≥ 0, M = -Φ†(ln Φ(1)), gain entropy, the least {min(safe_gains):.1e}, under "
        f"channels that take {-lost:.3f} or more from others.",
    )


def _weakly_nonunital() -> Computed:
    rows, holds = [], True
    slope = -0.2784645427610738  # -W(1/e), the minimum of p ln(p/(1 - p))
    for gamma in (1e-2, 1e-4, 1e-6):
        channel = amplitude_damping(gamma)
        defect = channel.unitality_defect()
        found = minimal_entropy_gain(channel, tolerance=1e-12)
        mixed = maximally_mixed_gain(channel)
        rows.append({"defect": defect, "lowest gain": found.value, "gain of the maximally mixed state": mixed})
        holds = (
            holds and -math.log1p(defect) <= found.lower_bound and abs(found.value / (slope * gamma) - 1) < gamma + 1e-5
        )
        holds = holds and abs(mixed / (-(gamma**2) / 2) - 1) < gamma
    last = rows[-1]
    return Computed(
        rows,
        _verdict(holds),
        f"No decrease exceeds ln(1 + δ); at δ = {last['defect']:.0e} the best state loses {-last['lowest gain']:.3e}, "
        f"in first order of the defect, the maximally mixed one {-last['gain of the maximally mixed state']:.0e} only.",
    )


#: The statements about channels in general, which the rest of the paper builds on.
CLAIMS: tuple[Claim, ...] = (
    Claim(
        "gain-bound",
        "Eq. (1)",
        "The entropy gain of a channel is at least -tr Φ(ρ) ln Φ(1).",
        None,
        ClaimVerdict.REPRODUCED,
        _bound,
    ),
    Claim(
        "gain-bound-derivation",
        "Eq. (1), text",
        "The bound follows from the monotonicity of relative entropy.",
        None,
        ClaimVerdict.REPRODUCED,
        _derivation,
    ),
    Claim(
        "unital-sufficient",
        "Text after Eq. (1)",
        "For a unital channel the bound vanishes, so that no state loses entropy.",
        0.0,
        ClaimVerdict.REPRODUCED,
        _sufficient,
    ),
    Claim(
        "unital-necessary",
        "Text after Eq. (1)",
        "In finite dimension N unitality is also necessary, because the maximally mixed state cannot gain entropy.",
        None,
        ClaimVerdict.REPRODUCED,
        _necessary,
    ),
    Claim(
        "infinite-dimension",
        "Text after Eq. (1)",
        "In infinite dimension the equivalence needs special consideration.",
        None,
        ClaimVerdict.REPRODUCED,
        _infinite_dimension,
    ),
    Claim(
        "safe-states",
        "Last section",
        "A channel that is not unital may still not lower the entropy of certain classes of states.",
        None,
        ClaimVerdict.REPRODUCED,
        _safe_states,
    ),
    Claim(
        "weakly-nonunital",
        "Text on violations",
        "A channel that is nearly unital can lower the entropy by little only.",
        None,
        ClaimVerdict.REPRODUCED,
        _weakly_nonunital,
    ),
)
