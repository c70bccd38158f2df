"""The audit: every law's margin against its error, and what may be believed of the equation itself."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from loschmidt.errors import InputError
from loschmidt.laws.catalogue import LAWS
from loschmidt.laws.finding import Finding, Verdict
from loschmidt.laws.law import Law
from loschmidt.laws.validity import validity_findings
from loschmidt.ledger.ledger import Ledger

__all__ = ["Audit", "audit", "examine"]

#: Axes along which a label says what it is.
_NAMED = ("counted_current", "counted_mean", "symmetric_curve")


@dataclass(frozen=True)
class Audit:
    """All findings on one ledger.

    Attributes
    ----------
    findings : tuple of Finding
        One per law that concerns this kind of process.
    validity : tuple of Finding
        How far the equation itself can be trusted.

    Examples
    --------
    >>> from loschmidt import Bath, GlauberSpectrum, build_ledger, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> ledger = build_ledger(evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), [0, 1], [0.0, 10.0]))
    >>> audit(ledger).counts()["VIOLATED"]
    0
    """

    findings: tuple[Finding, ...]
    validity: tuple[Finding, ...]

    @property
    def violated(self) -> bool:
        """Whether a law that theory guarantees for this process is broken."""
        return any(finding.verdict is Verdict.VIOLATED for finding in self.findings)

    def __getitem__(self, name: str) -> Finding:
        """Return the finding of that name."""
        for finding in self.findings + self.validity:
            if finding.name == name:
                return finding
        raise KeyError(f"There is no finding {name!r}.")

    def counts(self) -> dict[str, int]:
        """Return how many laws have each verdict."""
        found = Counter(finding.verdict for finding in self.findings)
        order = (Verdict.HOLDS, Verdict.TIGHT, Verdict.VIOLATED, Verdict.EXEMPT, Verdict.UNTESTED)
        return {verdict.value: found[verdict] for verdict in order}

    def as_dict(self) -> dict[str, Any]:
        """Return the audit as plain dictionaries and lists."""
        return {
            "counts": self.counts(),
            "findings": [asdict(finding) for finding in self.findings],
            "validity": [asdict(finding) for finding in self.validity],
        }


def audit(ledger: Ledger) -> Audit:
    """Hold a ledger against every law that concerns its kind of process, and report on the validity of its equation.

    Parameters
    ----------
    ledger : Ledger
        From :func:`~loschmidt.ledger.build_ledger` or :meth:`~loschmidt.ledger.Ledger.load`.

    Returns
    -------
    Audit

    Notes
    -----
    HOLDS: the margin is positive beyond its error everywhere. TIGHT: zero within error somewhere. VIOLATED: negative
    beyond error although theory guarantees the law here, so model or numerics are wrong. EXEMPT: negative, but a
    condition of the law is not met. UNTESTED: an account is missing.

    Examples
    --------
    >>> from loschmidt import Bath, GlauberSpectrum, build_ledger, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> audit(build_ledger(evolve(process, [0, 1], [0.0, 10.0]))).violated
    False
    """
    if not isinstance(ledger, Ledger):
        raise InputError(f"`ledger` must be a Ledger, but it is a {type(ledger).__name__}. Call build_ledger() first.")
    return Audit(tuple(examine(one, ledger) for one in LAWS if one.concerns(ledger)), validity_findings(ledger))


def examine(law: Law, ledger: Ledger) -> Finding:
    """Return the finding of one law on one ledger."""
    missing = [name for name in law.needs if name not in ledger]
    if missing:
        unnamed = f"the ledger has no account of the {missing[0].replace('_', ' ')}"
        reason = ledger.data.attrs.get(f"absent_{missing[0]}", unnamed)
        return _finding(law, Verdict.UNTESTED, math.nan, math.nan, "", str(reason), "")
    margin = law.margin(ledger)
    value, error = xr.broadcast(margin.value, margin.error)
    if value.size == 0:
        return _finding(law, Verdict.UNTESTED, math.nan, math.nan, "", "there is nothing that it is about here", "")
    values, errors = value.values.reshape(-1), error.values.reshape(-1)
    if np.isnan(values).any() or np.isnan(errors).any():
        at = int((np.isnan(values) | np.isnan(errors)).argmax())
        return _finding(
            law, Verdict.VIOLATED, math.nan, math.nan, _place(value, at), "the number is not a number", law.cause
        )
    # The worst place is where the margin is most negative against its error, or else where it is smallest.
    broken = values < -errors
    at = int((values + errors).argmin()) if broken.any() else int(values.argmin())
    place, smallest, spread = _place(value, at), float(values[at]), float(errors[at])
    if not broken.any():
        verdict = Verdict.TIGHT if smallest <= spread else Verdict.HOLDS
        reason = "zero within error" if verdict is Verdict.TIGHT else "positive beyond error everywhere"
        return _finding(law, verdict, smallest, spread, place, reason, "")
    for condition in law.conditions:
        if reason := condition.fails(ledger):
            return _finding(law, Verdict.EXEMPT, smallest, spread, place, reason, condition.remedy)
    reason = (
        f"broken by {-smallest:.2g}, which is {'far ' if smallest < -100 * spread else ''}beyond its error {spread:.1g}"
    )
    return _finding(law, Verdict.VIOLATED, smallest, spread, place, reason, law.cause)


def _finding(law: Law, verdict: Verdict, margin: float, error: float, place: str, reason: str, remedy: str) -> Finding:
    return Finding(
        law.name, law.statement, verdict, margin, error, law.unit, place, law.source, law.citation, reason, remedy
    )


def _place(values: xr.DataArray, flat: int) -> str:
    index = np.unravel_index(flat, values.shape) if values.shape else ()
    parts = []
    for axis, k in zip(values.dims, index, strict=True):
        label = values.coords[axis].values[k] if axis in values.coords else k
        if axis == "time":
            parts.append(f"t = {float(label):.6g}")
        elif "stage" in values.coords and values.coords["stage"].dims == (axis,):
            parts.append(f"stage {values.coords['stage'].values[k]}")
        elif axis in _NAMED:
            parts.append(str(label))
        else:
            parts.append(f"{axis} {label}")
    return ", ".join(parts)
