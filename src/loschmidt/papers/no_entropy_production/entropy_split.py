"""Eqs. 7 to 13: the entropy rate of an open system split into interior and exterior, and what that split says."""

from __future__ import annotations

import math

import numpy as np
from scipy.linalg import expm

from loschmidt.information import von_neumann_entropy
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.papers.no_entropy_production._qubits import COHERENT, LOWERING, QUBIT, thermal_qubit
from loschmidt.papers.textbook.systems import generic_hermitian, mixed_states
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.time_local import time_local_generator
from loschmidt.typing import ComplexMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_DIFFERENCE = 1e-8
_CLEARLY = 1e-3


def _generic(negative: float = 1.0) -> Generator:
    """Return three levels with two baths of generic jumps, the last with a rate of either sign."""
    jumps = [generic_hermitian(3, number) + 1j * generic_hermitian(3, number + 3) for number in (1, 2, 3)]
    baths = [
        jump_dissipator("first", jumps[:2], [0.2, 0.3]),
        jump_dissipator("second", jumps[2:], [0.1 * negative], negative_rates=True),
    ]
    return gkls_generator(generic_hermitian(3, 4), baths)


def _slope(generator: Generator, state: ComplexMatrix) -> float:
    """Return dS/dt by a difference of fourth order of propagated states."""
    matrix, d = generator.superoperator(), generator.dimension
    step = 5e-4 / float(np.abs(matrix).max())

    def entropy(time: float) -> float:
        return float(von_neumann_entropy((expm(matrix * time) @ state.T.reshape(-1)).reshape(d, d).T))

    return (8 * (entropy(step) - entropy(-step)) - entropy(2 * step) + entropy(-2 * step)) / (12 * step)


def _rates() -> Computed:
    misfit = parts = 0.0
    for sign in (1.0, -1.0):
        for state in mixed_states(3):
            found = entropy_split(_generic(sign), state)
            size = float(np.abs(found.by_bath).sum())
            misfit = max(misfit, abs(float(found.total) - _slope(_generic(sign), state)) / size)
            parts = max(parts, abs(float(found.exterior - found.by_bath.sum())) / size)
    good = misfit < _DIFFERENCE and parts < _ROUND_OFF
    return Computed(
        {"relative misfit with the slope of S": misfit, "of the sum over baths": parts},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Interior and exterior parts add up to the slope of S within {misfit:.0e}, with rates of either sign, and the "
        f"exterior part is the sum over baths within {parts:.0e}.",
    )


def _interior() -> Computed:
    largest, errors = 0.0, 0.0
    for sign in (1.0, -1.0):
        found = entropy_split(_generic(sign), mixed_states(3))
        largest = max(largest, float(np.abs(found.interior).max()))
        errors = max(errors, float(np.max(found.interior_error)))
    good = largest <= errors < _ROUND_OFF
    return Computed(
        {"largest |d_iS/dt|": largest, "round-off": errors},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"i tr([H, ρ] ln ρ) is {largest:.0e} at most, within round-off: a trace is cyclic.",
    )


def _shifted(generator: Generator, shifts: tuple[complex, ...]) -> Generator:
    """Return the same equation with L + a in place of L, and the Hamiltonian that makes up for it."""
    (bath,) = generator.dissipators
    jumps = getattr(bath, "jumps")  # noqa: B009 - the protocol of a dissipator has none, a jump dissipator does
    rates = getattr(bath, "rates")  # noqa: B009
    h = generator.hamiltonian.copy()
    for rate, jump, a in zip(rates, jumps, shifts, strict=True):
        h = h + rate / 2j * (np.conj(a) * jump - a * jump.conj().T)
    moved = [jump + a * np.eye(generator.dimension) for jump, a in zip(jumps, shifts, strict=True)]
    return gkls_generator(h, [jump_dissipator(bath.bath, moved, rates, beta=bath.beta)], energy=generator.energy)


def _gauge() -> Computed:
    plain = thermal_qubit(0.3)
    other = _shifted(plain, (0.1, -0.3j))
    same = float(np.abs(plain.superoperator() - other.superoperator()).max())
    first, second = entropy_split(plain, COHERENT), entropy_split(other, COHERENT)
    moved = float(np.abs(other.hamiltonian - plain.hamiltonian).max())
    change = max(abs(float(second.exterior - first.exterior)), abs(float(second.interior - first.interior)))
    good = same < _ROUND_OFF and change < _ROUND_OFF
    value = {"d_eS/dt": float(first.exterior), "change of either part": change, "change of H": moved}
    if not good:
        return Computed(value, ClaimVerdict.REFUTED, f"The parts change by {change:.0e} with the choice of jumps.")
    return Computed(
        value,
        ClaimVerdict.CORRECTED if moved > _CLEARLY else ClaimVerdict.REPRODUCED,
        f"Moving {moved:.2f} of the Hamiltonian into the jumps, L → L + a, leaves both parts as they are within "
        f"{change:.0e}: whatever is called H contributes nothing, so the split singles out no physical interior.",
    )


def _heat() -> Computed:
    plain = thermal_qubit(0.3)
    other = _shifted(plain, (0.1, -0.3j))
    before, after = (float(entropy_split(one, COHERENT).heat) for one in (plain, other))
    whole = [float(np.trace(plain.energy @ one.apply(COHERENT)).real) for one in (plain, other)]
    apart, kept = abs(after - before), abs(whole[1] - whole[0])
    value: ClaimValue = {"tr[H D(ρ)]": before, "the same, jumps shifted": after, "tr[H dρ/dt]": whole}
    reason = (
        f"tr[H D(ρ)] is {before:.7f} with traceless jumps and {after:.7f} with shifted ones of the same equation; "
        f"tr[H dρ/dt], with H the energy, is {whole[0]:.7f} within {kept:.0e} for both."
    )
    if kept > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if apart > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _negative_rates() -> Computed:
    half, change = 0.5, 0.1
    returning = time_local_generator(
        np.diag([1, half, half, 1]), np.diag([0, change, change, 0]), energy=QUBIT, negative_rates=True
    )
    found = entropy_split(returning, np.array([[0.5, 0.2], [0.2, 0.5]]))
    lowest = float(returning.canonical_rates()["environment"].min())
    expected = -(change / half) * 0.2 * math.log(1.4 / 0.6)
    misfit = abs(float(found.exterior) - expected)
    good = lowest < 0 and misfit < _ROUND_OFF and abs(float(found.interior)) <= float(found.interior_error)
    return Computed(
        {"lowest rate": lowest, "d_eS/dt": float(found.exterior), "d_iS/dt": float(found.interior)},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Coherence that returns has the rate {lowest:.2f}; d_eS/dt = {float(found.exterior):.4f} is what its Bloch "
        f"vector gives within {misfit:.0e}, and d_iS/dt vanishes as before.",
    )


def _pure_states() -> Computed:
    decay = gkls_generator(QUBIT, [jump_dissipator("vacuum", [LOWERING], [1.0])])
    start = float(entropy_split(decay, [0, 1]).exterior)
    time = 1e-6
    weight = -math.expm1(-time)
    later = float(entropy_split(decay, np.diag([weight, 1 - weight])).exterior)
    misfit = abs(later - math.log((1 - weight) / weight) * (1 - weight))
    value = {"at a pure state": "infinite" if math.isinf(start) else start, "at t = 1e-6": later}
    reason = (
        f"At the pure state that decays the rate is {'infinite' if math.isinf(start) else f'{start:.4f}'}, and "
        f"{later:.4f} at t = 1e-6, growing like ln(1/t): there only ΔS is finite."
    )
    if misfit > 1e-9:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if math.isinf(start) else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "entropy-rate",
        "Eqs. (10)-(12)",
        "The entropy rate is the sum of an interior part, due to the Hamiltonian, and an exterior one, due to D(ρ).",
        None,
        ClaimVerdict.REPRODUCED,
        _rates,
    ),
    Claim(
        "no-interior-rate",
        "Eq. (13), Theorem 1",
        "The interior part vanishes for every Hamiltonian, state and time-local generator.",
        None,
        ClaimVerdict.REPRODUCED,
        _interior,
    ),
    Claim(
        "negative-rates",
        "Eqs. (7)-(9)",
        "The split holds for negative rates, of dynamics with memory, as well.",
        None,
        ClaimVerdict.REPRODUCED,
        _negative_rates,
    ),
    Claim(
        "meaning-of-interior",
        "text to Eq. (13)",
        "That the interior part vanishes says that nothing inside the system produces entropy.",
        None,
        ClaimVerdict.CORRECTED,
        _gauge,
    ),
    Claim(
        "heat-of-the-dissipator",
        "Eqs. (7), (17)",
        "The heat that goes with the exterior part is tr[H D(ρ)].",
        None,
        ClaimVerdict.CORRECTED,
        _heat,
    ),
    Claim(
        "rate-at-pure-states",
        "Eq. (12)",
        "The exterior rate -tr[D(ρ) ln ρ] is defined for every state.",
        None,
        ClaimVerdict.CORRECTED,
        _pure_states,
    ),
)
