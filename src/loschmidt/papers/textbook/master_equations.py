"""Master equations: their form, what it presupposes, detailed balance, and the Lamb shift."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.steady import steady_state
from loschmidt.ledger.build import build_ledger
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.papers.textbook.systems import ENERGIES, generic_bath, generic_hermitian, mixed_states
from loschmidt.processes.baths import Bath
from loschmidt.processes.channels import Channel
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dilations import Dilation, evolve_correlated_start
from loschmidt.processes.dissipators import jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.redfield import redfield_generator
from loschmidt.processes.spectra import FermionicSpectrum, OhmicSpectrum
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_CLEARLY = 1e-3
_LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
_TIMES = (0.1, 1.0, 10.0)


def _map_defects(process: Generator) -> tuple[float, float]:
    """Return how far exp(tL) is from completely positive and from trace-preserving, at its worst of three times."""
    maps = [Channel.from_generator(process, time, check="tp") for time in _TIMES]
    return max(one.completely_positive_defect() for one in maps), max(one.trace_preservation_defect() for one in maps)


def _gkls() -> Computed:
    positive = trace = 0.0
    for number in (1, 2, 3):
        jumps = [generic_hermitian(3, number) @ generic_hermitian(3, 7), generic_hermitian(3, number + 3)]
        process = gkls_generator(generic_hermitian(3, number), [jump_dissipator("any", jumps, [0.3, 0.2])])
        found = _map_defects(process)
        positive, trace = max(positive, found[0]), max(trace, found[1])
    negative = jump_dissipator("odd", [_LOWER, _LOWER.T], [0.3, -0.1], negative_rates=True)
    broken = _map_defects(gkls_generator(np.diag([0.0, 1.0]), [negative]))[0]
    good = max(positive, trace) < _ROUND_OFF and broken > _CLEARLY
    return Computed(
        {"positivity defect": positive, "trace defect": trace, "positivity defect with a negative rate": broken},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Three generic generators give maps that are completely positive within {positive:.0e} and keep the trace "
        f"within {trace:.0e} at three times; with one negative rate positivity fails by {broken:.3f}.",
    )


def _product_start() -> Computed:
    flip = np.eye(4)[[0, 1, 3, 2]]
    bell, apart = np.array([1.0, 0.0, 0.0, 1.0]) / math.sqrt(2), np.eye(4) / 4
    starts = [evolve_correlated_start(flip, start, (2, 2)) for start in (bell, apart)]
    before, after = (
        0.5 * float(np.abs(np.linalg.eigvalsh(one - other)).sum())
        for one, other in (
            (starts[0].system_before, starts[1].system_before),
            (starts[0].system_after, starts[1].system_after),
        )
    )
    defect = 0.0
    for number in (1, 2):
        _, unitary = np.linalg.eigh(generic_hermitian(6, number))
        reduced = Dilation(unitary, mixed_states(3)[0], (2, 3)).channel
        defect = max(defect, reduced.completely_positive_defect(), reduced.trace_preservation_defect())
    value = {
        "defect of the maps of product starts": defect,
        "distance of two equal states, correlated or not, before": before,
        "the same after": after,
    }
    reason = (
        f"From product starts a joint unitary makes a channel of the system (defects {defect:.0e}); from correlated "
        f"ones it makes no map at all: two states at a distance {before:.0e} end at {after:.2f}, because one was "
        f"entangled with its environment."
    )
    if defect > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    parted = before < _ROUND_OFF and after > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if parted else ClaimVerdict.REPRODUCED, reason)


def _without_secular() -> Computed:
    # Two close upper levels: their frequencies differ by less than the rates.
    energies = np.diag([0.0, 1.0, 1.05])
    bath = Bath("bath", 1.0, OhmicSpectrum(0.3, 5.0), generic_hermitian(3, 2))
    found = {}
    for name, process in (
        ("Redfield", redfield_generator(energies, [bath])),
        ("Davies", davies_generator(energies, [bath])),
    ):
        found[name] = (float(process.canonical_rates()["bath"].min()), _map_defects(process)[0])
    (rate, defect), (secular_rate, secular_defect) = found.values()
    good = rate < -_CLEARLY and defect > _CLEARLY and secular_rate > -_ROUND_OFF and secular_defect < _ROUND_OFF
    return Computed(
        {
            "smallest canonical rate": {name: one[0] for name, one in found.items()},
            "positivity defect of the map": {name: one[1] for name, one in found.items()},
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"The Redfield equation of two close levels has the canonical rate {rate:.3f}, and its map fails to be "
        f"completely positive by {defect:.3f}; after the secular approximation no rate is negative and the map is "
        f"positive within {secular_defect:.0e}.",
    )


def _jump_operators() -> Computed:
    commutator = adjoint = resolved = 0.0
    for energies in (ENERGIES, np.diag([0.0, 1.0, 1.0, 2.0])):
        d = len(energies)
        process = davies_generator(energies, [generic_bath("bath", 0.8, 1, size=d)])
        (bath,) = (one.as_jumps for one in process.dissipators if isinstance(one, DaviesDissipator))
        for jump, frequency in zip(bath.jumps, bath.frequencies, strict=True):
            moved = energies @ jump - jump @ energies
            commutator = max(commutator, float(np.abs(moved + frequency * jump).max()))
            (back,) = bath.jumps[np.isclose(bath.frequencies, -frequency)]
            adjoint = max(adjoint, float(np.abs(back - jump.conj().T).max()))
        resolved = max(resolved, float(np.abs(bath.jumps.sum(axis=0) - generic_hermitian(d, 2)).max()))
    good = max(commutator, adjoint, resolved) < _ROUND_OFF
    return Computed(
        {"[H, A(ω)] + ωA(ω)": commutator, "A(-ω) - A(ω)†": adjoint, "Σ A(ω) - A": resolved},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"For three separate levels and for four with a degenerate pair [H, A(ω)] = -ωA(ω), A(-ω) = A(ω)† and "
        f"Σ A(ω) = A within {max(commutator, adjoint, resolved):.0e}.",
    )


def _driven_round(beta: float) -> tuple[Generator, RealMatrix]:
    """Return three levels whose populations go round in a circle, and the flows W(n|m) π_m in the Gibbs state."""
    thermal = np.diagonal(gibbs_state(ENERGIES, beta)).real
    # Symmetric flows balance in pairs; the rest goes 0 → 1 → 2 → 0 and leaves every population as it is.
    flows = 0.1 * (1 - np.eye(3)) + 0.08 * (np.eye(3)[[2, 0, 1]] - np.eye(3)[[1, 2, 0]])
    moves = [(n, m) for n in range(3) for m in range(3) if n != m]
    jumps = [np.outer(np.eye(3)[n], np.eye(3)[m]) for n, m in moves]
    rates = [flows[n, m] / thermal[m] for n, m in moves]
    return gkls_generator(ENERGIES, [jump_dissipator("bath", jumps, rates, beta=beta)]), flows


def _stationarity() -> Computed:
    beta = 0.8
    gibbs = gibbs_state(ENERGIES, beta)
    balanced = davies_generator(ENERGIES, [generic_bath("bath", beta, 1)])
    kept, defect = float(np.abs(balanced.apply(gibbs)).max()), balanced.detailed_balance_defects()["bath"]
    driven, flows = _driven_round(beta)
    still, missed = float(np.abs(driven.apply(gibbs)).max()), driven.detailed_balance_defects()["bath"]
    off = ~np.eye(3, dtype=bool)
    hidden = 0.5 * float(((flows - flows.T)[off] * np.log(flows[off] / flows.T[off])).sum())
    value = {
        "with detailed balance, ‖D(ρ_β)‖": kept,
        "with detailed balance, defect": defect,
        "without, ‖D(ρ_β)‖": still,
        "without, defect": missed,
        "without, production of the jumps in ρ_β": hidden,
    }
    reason = (
        f"Detailed balance keeps the Gibbs state ({kept:.0e}), but so do rates that break it by {missed:.2f} and drive "
        f"populations round in a circle ({still:.0e}); their jumps produce {hidden:.3f} there, so it is equilibrium "
        f"that needs detailed balance, not stationarity."
    )
    if max(kept, defect) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    other = still < _ROUND_OFF and min(missed, hidden) > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if other else ClaimVerdict.REPRODUCED, reason)


def _ratio_of_rates() -> Computed:
    beta, energy, potential = 2.0, 0.5, 0.8
    coupling = _LOWER + _LOWER.T
    quanta = davies_generator(np.diag([0.0, energy]), [Bath("bath", beta, OhmicSpectrum(0.1), coupling)])
    lead = Bath("lead", beta, FermionicSpectrum(0.3), _LOWER, chemical_potential=potential)
    number = np.diag([0.0, 1.0])
    dot = davies_generator(np.diag([0.0, energy]), [lead], number=number)
    ratios = []
    for process in (quanta, dot):
        gains = process.apply(np.stack([np.diag([1.0 + 0j, 0]), np.diag([0, 1.0 + 0j])]))
        up, down = float(gains[0, 1, 1].real), float(gains[1, 0, 0].real)
        ratios.append(math.log(up / down))
    thermal, grand = (gibbs_state(np.diag([0.0, one]), beta) for one in (energy, energy - potential))
    settled = steady_state(dot).state
    misfits = [float(np.abs(settled - one).max()) for one in (thermal, grand)]
    value: dict[str, ClaimValue] = {
        "quanta, ln of the ratio": ratios[0],
        "fermions, ln of the ratio": ratios[1],
        "-βω": -beta * energy,
        "-β(ω - μ)": -beta * (energy - potential),
        "distance of the dot from the Gibbs state without and with μ": misfits,
    }
    reason = (
        f"A bath of quanta excites e^-βω times as often as it damps, ln ratio {ratios[0]:.3f}; a lead with a chemical "
        f"potential fills a level e^-β(ω - μ) times as often as it empties it, {ratios[1]:.3f}, and keeps the "
        f"grand-canonical state within {misfits[1]:.0e}."
    )
    right = abs(ratios[0] + beta * energy) < _ROUND_OFF and abs(ratios[1] + beta * (energy - potential)) < _ROUND_OFF
    if not right or misfits[1] > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if misfits[0] > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _lamb_shift() -> Computed:
    plain, shifted = (
        davies_generator(ENERGIES, [generic_bath("bath", 0.8, 1, lamb_shift=shift)]) for shift in (False, True)
    )
    shift = shifted.lamb_shift
    size = float(np.abs(shift).max())
    commutator = float(np.abs(shift @ ENERGIES - ENERGIES @ shift).max())
    state, times = mixed_states(3)[0], [0.0, 1.0, 5.0]
    ledgers = [build_ledger(evolve(process, state, times)) for process in (plain, shifted)]
    names = ("entropy", "entropy_production", "coherence_entropy_production", "entropy_flow")
    moved = max(float(np.abs(ledgers[1][name] - ledgers[0][name]).max()) for name in names)
    turned = float(np.abs(ledgers[1]["state"].values - ledgers[0]["state"].values).max())
    good = max(commutator, moved) < 1e-10 and min(size, turned) > _CLEARLY
    return Computed(
        {"largest shift": size, "[H_LS, H]": commutator, "change of entropies": moved, "change of the state": turned},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A shift of up to {size:.3f} commutes with H within {commutator:.0e}; it turns coherences, by {turned:.3f} of "
        f"the state, and leaves entropy, its production and its flow alone within {moved:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "gkls-maps",
        "section on GKLS generators",
        "A generator of GKLS form gives a completely positive, trace-preserving map at every time.",
        None,
        ClaimVerdict.REPRODUCED,
        _gkls,
    ),
    Claim(
        "reduced-dynamics",
        "section on GKLS generators",
        "What an environment does to a system is a completely positive, trace-preserving map of its state.",
        None,
        ClaimVerdict.CORRECTED,
        _product_start,
    ),
    Claim(
        "secular-positivity",
        "section on GKLS generators",
        "It is the secular approximation that brings a weakly coupled system to GKLS form.",
        None,
        ClaimVerdict.REPRODUCED,
        _without_secular,
    ),
    Claim(
        "eigenoperators",
        "Detailed Balance",
        "The coupling is a sum of jump operators which each take one Bohr frequency out of the system.",
        None,
        ClaimVerdict.REPRODUCED,
        _jump_operators,
    ),
    Claim(
        "gibbs-stationarity",
        "Detailed Balance",
        "It is precisely detailed balance that ensures that the Gibbs state is stationary.",
        None,
        ClaimVerdict.CORRECTED,
        _stationarity,
    ),
    Claim(
        "ratio-of-rates",
        "Detailed Balance",
        "A thermal bath excites e^-βω times as often as it damps.",
        "γ(-ω) = e^{-βω} γ(ω)",
        ClaimVerdict.CORRECTED,
        _ratio_of_rates,
    ),
    Claim(
        "lamb-shift",
        "section on GKLS generators",
        "The Lamb shift commutes with the Hamiltonian and only moves its levels.",
        None,
        ClaimVerdict.REPRODUCED,
        _lamb_shift,
    ),
)
