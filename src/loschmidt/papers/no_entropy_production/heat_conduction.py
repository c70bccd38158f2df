"""Eq. 15, the classical side: two bars that conduct heat, and the same question put to a quantum twin."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import evolve
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.ledger import Ledger
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.papers.no_entropy_production.quantum_bars import conducting_qubits
from loschmidt.processes.heat_conduction import conducting_bars

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_CLEARLY = 1e-3
_CUT = 2.0


def _bars(cells: int = 4, *, conductance: float = 1.0, cut: float | None = None, end: float = _CUT) -> Ledger:
    """Return the ledger of two bars that start at temperatures 1 and 2."""
    bars = conducting_bars(cells, conductance=conductance, cut=cut)
    return build_ledger(evolve(bars, [1.0, 2.0], np.unique([0.0, _CUT, end])))


def _last(ledger: Ledger, name: str) -> list[float]:
    return [float(value) for value in np.atleast_1d(ledger[name].values[-1])]


def _split() -> Computed:
    ledger = _bars()
    inside, flow = _last(ledger, "interior_production"), _last(ledger, "external_entropy")
    change = _last(ledger, "bar_entropy_change")
    misfit = max(abs(s - i - e) for s, i, e in zip(change, inside, flow, strict=True))
    lowest = float(ledger["interior_production_rate"].min())
    good = misfit < _ROUND_OFF and min(inside) > _CLEARLY and lowest >= 0
    return Computed(
        {"∫d_iS of A and B": inside, "∫d_eS of A and B": flow, "ΔS of A and B": change, "misfit": misfit},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In two bars of four cells the changes {change[0]:.4f} and {change[1]:.4f} of Σ c ln T are what came with "
        f"heat and {inside[0]:.4f} and {inside[1]:.4f} that were produced inside, within {misfit:.0e}.",
    )


def _sum_of_three() -> Computed:
    ledger = _bars()
    inside, contact = _last(ledger, "interior_production"), _last(ledger, "interface_production")[0]
    total = _last(ledger, "entropy_change")[0]
    misfit, without = abs(total - sum(inside) - contact), total - sum(inside)
    good = misfit < _ROUND_OFF and min(*inside, contact) > _CLEARLY
    return Computed(
        {"inside A and B": inside, "at the contact": contact, "ΔS_AB": total, "misfit": misfit},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"{inside[0]:.7f} inside A, {inside[1]:.7f} inside B and {contact:.7f} at the contact add up to ΔS_AB = "
        f"{total:.7f} within {misfit:.0e}; the contact, which the sum in print leaves out, makes {without:.4f}.",
    )


def _to_equilibrium() -> Computed:
    found = _last(_bars(end=1e4), "entropy_change")[0]
    limit = 4 * math.log(9 / 8)
    misfit = abs(found - limit)
    return Computed(
        {"ΔS_AB after a long time": found, "N c ln[(T_A + T_B)²/(4 T_A T_B)]": limit},
        ClaimVerdict.REPRODUCED if misfit < _ROUND_OFF else ClaimVerdict.REFUTED,
        f"After a long time ΔS_AB = {found:.7f}, which is 4 ln(9/8) within {misfit:.0e}: production ends with the "
        f"differences of temperature.",
    )


def _uniform_bars() -> Computed:
    single = sum(_last(_bars(1, end=1e4), "interior_production"))
    shares = {}
    for conductance in (1.0, 1e1, 1e3, 1e5):
        ledger = _bars(conductance=conductance, end=1e4)
        shares[f"{conductance:g}"] = sum(_last(ledger, "interior_production")) / _last(ledger, "entropy_change")[0]
    values = list(shares.values())
    good = single == 0 and values == sorted(values, reverse=True) and values[-1] < 1e-4 and values[0] > _CLEARLY
    return Computed(
        {"inside bars of one cell": single, "share from inside, by conductance": shares},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A bar of one cell produces exactly {single:g} inside; of four cells the share from inside falls from "
        f"{values[0]:.3f} to {values[-1]:.0e} as they equalise faster.",
    )


def _isolated_bar() -> Computed:
    ledger = _bars(cut=_CUT, end=1e4)
    inside, contact = ledger["interior_production"].values, ledger["interface_production"].values
    later, crossed = float(inside[-1, 0] - inside[1, 0]), float(contact[-1] - contact[1])
    good = later > _CLEARLY and crossed == 0
    return Computed(
        {"produced inside A after the cut": later, "at the contact": crossed},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Taken from B at t = {_CUT:g}, bar A still produces {later:.7f} until it is uniform; the contact makes "
        f"{crossed:g}.",
    )


def _contrast() -> Computed:
    bars = conducting_qubits(np.array([0.0, 0.4, 0.8, 1.1, 1.5]))
    whole = float(np.ptp(bars.whole))
    cut, end = 2, -1
    fine = float(np.ptp(bars.fine[cut:, 0]))
    hidden = [float(bars.coarse[k, 0] - bars.fine[k, 0]) for k in (0, cut, end)]
    gained, falls = float(bars.coarse[end].sum() - bars.coarse[0].sum()), float(bars.coarse[3, 0] - bars.coarse[end, 0])
    value: dict[str, ClaimValue] = {
        "fine-grained S_A after the cut": float(bars.fine[end, 0]),
        "its change after the cut": fine,
        "change of S_AB": whole,
        "coarse-grained less fine-grained, start, cut and end": hidden,
        "coarse-grained gain of A and B": gained,
        "coarse-grained fall from t = 1.1 to 1.5": falls,
    }
    reason = (
        f"In two chains of two qubits S_AB moves by {whole:.0e} and, after the cut, S_A by {fine:.0e}; but the sum "
        f"over cells, which is what bars have temperatures for, is {hidden[1]:.7f} and later {hidden[2]:.7f} above S_A "
        f"and gained {gained:.4f} in all: Eqs. 15 and 16 differ in the entropy, not in the physics."
    )
    if max(whole, fine, abs(hidden[0])) > _ROUND_OFF:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    coarse_changes = min(abs(hidden[2] - hidden[1]), hidden[1], gained) > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if coarse_changes else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "interior-and-flow",
        "Eq. (15), text",
        "The entropy of a bar changes by what comes with heat and by what is produced inside, which is not negative.",
        None,
        ClaimVerdict.REPRODUCED,
        _split,
    ),
    Claim(
        "sum-of-productions",
        "Eq. (15)",
        "Two bodies together produce what each produces inside and what heat gains by crossing their contact.",
        None,
        ClaimVerdict.REPRODUCED,
        _sum_of_three,
    ),
    Claim(
        "classical-equilibrium",
        "Eq. (15), text",
        "Two bodies in contact produce entropy until they have one temperature.",
        None,
        ClaimVerdict.REPRODUCED,
        _to_equilibrium,
    ),
    Claim(
        "uniform-bodies",
        "Eq. (15), text",
        "Bodies that stay in equilibrium in themselves produce entropy at the contact only.",
        None,
        ClaimVerdict.REPRODUCED,
        _uniform_bars,
    ),
    Claim(
        "isolated-body",
        "Eq. (15), text",
        "A classical body that is isolated before it is in equilibrium goes on producing entropy.",
        None,
        ClaimVerdict.REPRODUCED,
        _isolated_bar,
    ),
    Claim(
        "classical-against-quantum",
        "Eqs. (15) and (16)",
        "Unlike classical bodies, closed quantum systems produce no entropy inside.",
        None,
        ClaimVerdict.CORRECTED,
        _contrast,
    ),
)
