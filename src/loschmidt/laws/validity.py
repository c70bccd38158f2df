"""Validity: how far the equation can be trusted, with the equation to use where it cannot."""

from __future__ import annotations

import math
from collections.abc import Callable

from loschmidt.laws.finding import Finding, Verdict
from loschmidt.ledger.ledger import Ledger

__all__ = ["validity_findings"]

#: A ratio of scales above this counts as large.
_LARGE = 10.0
_SMALL = 1e-9


def validity_findings(ledger: Ledger) -> tuple[Finding, ...]:
    """Return one finding per question of validity that applies to the ledger."""
    found = (check(ledger) for kind in (ledger.family, *ledger.aspects) for check in _CHECKS.get(kind, ()))
    return tuple(finding for finding in found if finding is not None)


def _secular(ledger: Ledger) -> Finding | None:
    if ledger.data.attrs["kind"] not in ("davies", "partial secular"):
        return None
    return _ratio(
        ledger,
        "secular approximation",
        "secular_ratio",
        "smallest distance of Bohr frequencies / largest rate",
        "Use a partial secular or Redfield equation, or a local one if the levels are close because the coupling "
        "inside the system is weak.",
    )


def _weak_coupling(ledger: Ledger) -> Finding | None:
    return _ratio(
        ledger,
        "weak coupling",
        "weak_coupling_ratio",
        "smallest coupled Bohr frequency / largest rate",
        "The rates are not small against the energies; a master equation of second order is not enough.",
    )


def _local_coupling(ledger: Ledger) -> Finding | None:
    if ledger.data.attrs["kind"] != "local":
        return None
    return _ratio(
        ledger,
        "local approximation",
        "local_ratio",
        "smallest frequency that a bath couples to / interaction",
        "The interaction is not weak; use the global Davies or the Redfield equation.",
    )


def _positivity(ledger: Ledger) -> Finding | None:
    if "smallest_canonical_rate" not in ledger:
        return None
    lowest = float(ledger["smallest_canonical_rate"].min())
    good = lowest >= -_SMALL
    reason = (
        "no canonical rate is negative"
        if good
        else f"a canonical rate is {lowest:.2g} of the largest, so states may lose positivity"
    )
    remedy = "" if good else "Use a Davies or partial secular equation, or keep away from pure states."
    return _made("complete positivity", "γ_k ≥ 0", good, lowest, reason, remedy)


def _uniqueness(ledger: Ledger) -> Finding | None:
    name, statement = "unique steady state", "k = 1"
    if "steady_state_multiplicity" not in ledger:
        if ledger.data.attrs["driven"]:
            return None
        reason = str(ledger.data.attrs.get("absent_steady_state_multiplicity", "it could not be decided"))
        return Finding(name, statement, Verdict.UNTESTED, math.nan, math.nan, "1", "", "", "", reason, "")
    found = float(ledger["steady_state_multiplicity"])
    if math.isnan(found):
        return Finding(name, statement, Verdict.UNTESTED, math.nan, math.nan, "1", "", "", "", "the count is NaN", "")
    count = int(found)
    reason = "there is one steady state" if count == 1 else f"there are {count} independent steady states"
    remedy = "" if count == 1 else "The long-time state depends on the initial one; that may be what you want."
    return _made(name, statement, count == 1, float(count), reason, remedy)


def _covariance(ledger: Ledger) -> Finding | None:
    if "covariance_defect" not in ledger:
        return None
    defect = float(ledger["covariance_defect"])
    good = defect <= _SMALL
    reason = (
        "the baths commute with the free motion"
        if good
        else f"the baths mix populations and coherences, relative size {defect:.2g}"
    )
    remedy = "" if good else "Π_d and Υ have no sign of their own here; their sum is the entropy production."
    return _made("covariance", "[D, 𝓗] = 0", good, defect, reason, remedy)


def _grouping(ledger: Ledger) -> Finding | None:
    good = not ledger.data.attrs["ambiguous_levels"]
    reason = (
        "degenerate levels are clearly told from separate ones"
        if good
        else "some gap is close to the tolerance for degeneracy, so another tolerance would group otherwise"
    )
    remedy = "" if good else "Use a partial secular equation, which does not depend on it."
    return _made("grouping of levels", "gap ≪ or ≫ tolerance", good, 0.0, reason, remedy)


def _truncation(ledger: Ledger) -> Finding | None:
    if "highest_occupation" not in ledger:
        return None
    occupied = float(ledger["highest_occupation"].max())
    good = occupied <= 1e-6
    reason = f"the last kept level of a mode is occupied with {occupied:.1e}"
    return _made("truncation", "p_top ≪ 1", good, occupied, reason, "" if good else "Keep more levels of the mode.")


_CHECKS: dict[str, tuple[Callable[[Ledger], Finding | None], ...]] = {
    "open system": (
        _secular,
        _weak_coupling,
        _local_coupling,
        _positivity,
        _uniqueness,
        _covariance,
        _grouping,
        _truncation,
    ),
}


def _ratio(ledger: Ledger, name: str, account: str, statement: str, remedy: str) -> Finding | None:
    if account not in ledger:
        return None
    ratio = float(ledger[account])
    good = ratio >= _LARGE
    reason = f"{statement} = {ratio:.3g}" + (
        "" if good else f", not large against 1 (at least {_LARGE:g} is asked for)"
    )
    return _made(name, f"{statement} ≫ 1", good, ratio, reason, "" if good else remedy)


def _made(name: str, statement: str, good: bool, value: float, reason: str, remedy: str) -> Finding:
    verdict = Verdict.VALID if good else Verdict.DOUBTFUL
    return Finding(name, statement, verdict, value, 0.0, "1", "", "", "", reason, remedy)
