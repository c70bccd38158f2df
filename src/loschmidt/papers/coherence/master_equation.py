"""Davies equations, Eqs. (1) to (5): what they do to entropy, populations and coherence."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.steady import steady_state
from loschmidt.information import pinching, von_neumann_entropy
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.coherence._davies_equations import (
    DENSITY,
    coupling_of,
    davies_equation,
    mixed_states,
    one_ledger,
    rate_of,
    steps_along,
)
from loschmidt.papers.coherence._finite_maps import SPECTRA, generic_states
from loschmidt.processes.generators import Generator
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_DIFFERENCES = 1e-9
_CLEARLY = 1e-3
_BETA = 0.8
_NON_DEGENERATE = ("equal gaps", "no equal gaps")


def _energies(spectrum: str) -> RealMatrix:
    """Return E_n - E_m as [n, m]."""
    energies = np.asarray(SPECTRA[spectrum][0])
    return np.asarray(energies[:, None] - energies)


def _golden_rule(spectrum: str) -> RealMatrix:
    """Return γ(E_m - E_n)|A_nm|² with a zero diagonal: what a bath of this density does from m to n."""
    couplings = np.abs(coupling_of(spectrum)) ** 2
    np.fill_diagonal(couplings, 0.0)
    return np.asarray(DENSITY.rate(-_energies(spectrum), _BETA) * couplings)


def _measured_rates(process: Generator) -> RealMatrix:
    """Return ⟨n|D(|m⟩⟨m|)|n⟩ as [n, m], the diagonal included."""
    projectors = np.einsum("mi,mj->mij", *[np.eye(process.dimension, dtype=np.complex128)] * 2)
    return np.diagonal(process.apply(projectors), axis1=1, axis2=2).real.T.copy()


def _balance() -> Computed:
    residual, flux, production = 0.0, 0.0, math.inf
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        for state in mixed_states(process.dimension):
            found = one_ledger(process, state)
            points = steps_along(state, process.apply(state))
            entropy = rate_of(von_neumann_entropy(points))
            energy = rate_of(np.einsum("ij,tji->t", process.energy, points).real)
            parts = [float(found[name][0]) for name in ("entropy_production_rate", "entropy_flux")]
            residual = max(residual, abs(entropy - (parts[0] - parts[1])))
            flux = max(flux, abs(parts[1] + _BETA * energy))
            production = min(production, parts[0])
    good = max(residual, flux) < _DIFFERENCES and production > _CLEARLY
    return Computed(
        {"misfit of dS/dt": residual, "misfit of Φ = -β dU/dt": flux, "smallest Π": production},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In six cases the change of entropy, differentiated, is Π - Φ within {residual:.0e}, Φ = -β dU/dt leaves "
        f"towards the environment within {flux:.0e}, and Π is at least {production:.3f}.",
    )


def _gibbs() -> Computed:
    moved, apart, lowest = 0.0, 0.0, math.inf
    for spectrum in SPECTRA:
        process = davies_equation(spectrum, _BETA)
        gibbs = gibbs_state(process.energy, _BETA)
        moved = max(moved, float(np.abs(process.apply(gibbs)).max()))
        settled = steady_state(process)
        apart = max(apart, float(np.abs(settled.state - gibbs).max()) if settled.unique else math.inf)
        lowest = min(lowest, float(process.canonical_rates()["bath"].min()))
    good = max(moved, apart) < _ROUND_OFF and lowest > -_ROUND_OFF
    return Computed(
        {"‖D(ρ_eq)‖": moved, "distance of the steady state from ρ_eq": apart, "smallest canonical rate": lowest},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"With three generic couplings D(ρ_eq) = 0 within {moved:.0e}, no canonical rate is negative, and the only "
        f"steady state is ρ_eq within {apart:.0e}.",
    )


def _rates() -> Computed:
    largest = felt = 0.0
    for spectrum in _NON_DEGENERATE:
        process, rates = davies_equation(spectrum, _BETA), _golden_rule(spectrum)
        states = generic_states(process.dimension)
        populations, changes = (np.diagonal(one, axis1=1, axis2=2).real for one in (states, process.apply(states)))
        expected = populations @ rates.T - populations * rates.sum(axis=0)
        largest = max(largest, float(np.abs(changes - expected).max()))
        pinched = process.apply(pinching(states, process.energy))
        felt = max(felt, float(np.abs(changes - np.diagonal(pinched, axis1=1, axis2=2).real).max()))
    good = max(largest, felt) < _ROUND_OFF
    return Computed(
        {"misfit of dp/dt": largest, "part of dp/dt due to coherence": felt},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Without degenerate levels populations obey the rate equation with W(n|m) = γ(E_m - E_n)|A_nm|² within "
        f"{largest:.0e}, and feel no coherence, within {felt:.0e}.",
    )


def _direction() -> Computed:
    misfits = {"from m to n": 0.0, "from n to m": 0.0}
    for spectrum in _NON_DEGENERATE:
        process = davies_equation(spectrum, _BETA)
        gained = _measured_rates(process)
        np.fill_diagonal(gained, 0.0)  # [n, m]: what level n gains if the system is in level m
        boltzmann = np.exp(-_BETA * _energies(spectrum))
        states = generic_states(process.dimension)
        populations, changes = (np.diagonal(one, axis1=1, axis2=2).real for one in (states, process.apply(states)))
        for name, rates in (("from m to n", gained), ("from n to m", gained.T)):
            printed = populations @ rates.T - populations * rates.sum(axis=0)
            balance = np.abs(rates - boltzmann * rates.T).max()
            misfits[name] = max(misfits[name], float(np.abs(changes - printed).max()), float(balance))
    right, stated = misfits.values()
    if stated < _ROUND_OFF:
        verdict = ClaimVerdict.REPRODUCED
    else:
        verdict = ClaimVerdict.CORRECTED if right < _ROUND_OFF and stated > _CLEARLY else ClaimVerdict.REFUTED
    return Computed(
        {f"misfit if W(n|m) goes {name}": value for name, value in misfits.items()},
        verdict,
        f"Eqs. (3) and (4) hold within {right:.0e} if W(n|m) is the rate from m to n; as the rate from n to m, which "
        f"the text says, they miss by up to {stated:.2f}.",
    )


def _detailed_balance() -> Computed:
    largest = apart = 0.0
    for spectrum in _NON_DEGENERATE:
        process = davies_equation(spectrum, _BETA)
        rates = _measured_rates(process)
        pairs = np.triu_indices(process.dimension, 1)
        ratio = np.log(rates[pairs] / rates.T[pairs]) + _BETA * _energies(spectrum)[pairs]
        largest = max(largest, float(np.abs(ratio).max()))
        thermal = np.diagonal(gibbs_state(process.energy, _BETA)).real
        apart = max(apart, float(np.abs(rates @ thermal).max()))
    good = max(largest, apart) < _ROUND_OFF
    return Computed(
        {"largest misfit of ln W(n|m)/W(m|n)": largest, "dp/dt at the Gibbs populations": apart},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"ln W(n|m)/W(m|n) = -β(E_n - E_m) within {largest:.0e} for six pairs of levels, so that the Gibbs "
        f"populations are stationary within {apart:.0e}.",
    )


def _coherence_decay() -> Computed:
    process = davies_equation("no equal gaps", _BETA)
    d, rates = process.dimension, _golden_rule("no equal gaps")
    diagonal = np.diagonal(coupling_of("no equal gaps")).real
    static = 0.5 * float(DENSITY.rate(np.zeros(1), _BETA)[0]) * (diagonal[:, None] - diagonal) ** 2
    frequencies = 1j * _energies("no equal gaps")
    half = 0.5 * (rates.sum(axis=0)[:, None] + rates.sum(axis=0))
    actual = np.zeros((d, d), dtype=np.complex128)
    for n, m in zip(*np.nonzero(~np.eye(d, dtype=bool)), strict=True):
        unit = np.zeros((d, d), dtype=np.complex128)
        unit[n, m] = 1.0
        actual[n, m] = process.apply(unit)[n, m]
    off = ~np.eye(d, dtype=bool)
    printed, corrected = (float(np.abs(actual - one)[off].max()) for one in (half - frequencies, -frequencies - half))
    whole = float(np.abs(actual + frequencies + half + static)[off].max())
    value = {
        "printed rates of growth of ρ_01, ρ_02, ρ_12": half[np.triu_indices(d, 1)].tolist(),
        "actual ones": actual.real[np.triu_indices(d, 1)].tolist(),
        "misfit as printed": printed,
        "misfit with the other sign": corrected,
        "misfit with the static part too": whole,
    }
    reason = (
        f"-(iω - ½ΣW) makes coherences grow, by up to {half[off].max():.3f}, where they decay; -(iω + ½ΣW) still "
        f"misses the dephasing of the bath at zero frequency, up to {corrected:.3f}; with ½γ(0)(A_nn - A_mm)² added it "
        f"holds within {whole:.0e}."
    )
    if whole > _ROUND_OFF or actual.real[off].max() > -_CLEARLY:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if printed > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _coherence_transfer() -> Computed:
    mixing = {}
    for spectrum in ("no equal gaps", "equal gaps"):
        process = davies_equation(spectrum, _BETA)
        unit = np.zeros((3, 3), dtype=np.complex128)
        unit[1, 2] = 1.0
        moved = process.apply(unit)
        moved[1, 2] = 0.0
        mixing[spectrum] = float(np.abs(moved).max())
    apart, equal = mixing.values()
    coupling = coupling_of("equal gaps")
    expected = float(DENSITY.rate(np.ones(1), _BETA)[0]) * abs(coupling[0, 1] * coupling[1, 2])
    reason = (
        f"Of a coherence ρ_12 nothing reaches others if no two gaps are equal ({apart:.0e}); with equal gaps it feeds "
        f"ρ_01 at the rate {equal:.4f}, that of jumps which both transitions share."
    )
    if apart > _ROUND_OFF or abs(equal - expected) > _ROUND_OFF:
        return Computed(mixing, ClaimVerdict.REFUTED, reason)
    return Computed(mixing, ClaimVerdict.CORRECTED if equal > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "entropy-balance",
        "Eq. (1)",
        "Entropy changes by what is produced less what flows to the environment.",
        None,
        ClaimVerdict.REPRODUCED,
        _balance,
    ),
    Claim(
        "davies-equilibrium",
        "Eq. (2)",
        "The equation of Lindblad and Davies takes the system to the Gibbs state of the bath, which it keeps.",
        None,
        ClaimVerdict.REPRODUCED,
        _gibbs,
    ),
    Claim(
        "rate-equation",
        "Eq. (3)",
        "Populations obey a rate equation of their own.",
        None,
        ClaimVerdict.REPRODUCED,
        _rates,
    ),
    Claim(
        "rate-direction",
        "text after Eq. (3)",
        "W(n|m) is the rate of transitions from level n to level m.",
        "from E_n to E_m",
        ClaimVerdict.CORRECTED,
        _direction,
    ),
    Claim(
        "rate-detailed-balance",
        "Eq. (4)",
        "The rates obey detailed balance: W(n|m)/W(m|n) = e^{-β(E_n - E_m)}.",
        None,
        ClaimVerdict.REPRODUCED,
        _detailed_balance,
    ),
    Claim(
        "coherence-decay",
        "Eq. (5)",
        "Each coherence turns with its Bohr frequency and changes at half the rate at which both levels are left.",
        "dρ_nm/dt = -{iω_nm - ½ΣW(k|n) - ½ΣW(k|m)} ρ_nm",
        ClaimVerdict.CORRECTED,
        _coherence_decay,
    ),
    Claim(
        "coherence-transfer",
        "Eq. (5)",
        "Each coherence evolves by itself.",
        None,
        ClaimVerdict.CORRECTED,
        _coherence_transfer,
    ),
)
