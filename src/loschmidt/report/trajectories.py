"""What single trajectories say, in a table: each mean with its error, beside the number that theory says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.accounts import Reported, bath_names, in_units, reported
from loschmidt.report.numbers import display_width, format_number, format_size, pad
from loschmidt.report.terminal import BOLD, DIM, Paint

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["TrajectoryRow", "jump_labels", "trajectory_cells", "trajectory_lines", "trajectory_rows"]

_PARTS = (
    ("entropy production", "entropy production ⟨σ⟩", "entropy_production"),
    ("populations", "… of populations ⟨σ_d⟩", ""),
    ("coherence", "… of coherence ⟨ξ⟩", ""),
)
_ENERGIES = (
    ("trajectory_work", "work ⟨W⟩", "work"),
    ("trajectory_switching_work", "switching work ⟨W_sw⟩", "switching_work"),
)


@dataclass(frozen=True)
class TrajectoryRow:
    """One mean over trajectories.

    Attributes
    ----------
    label, unit : str
        For people.
    mean, error : float
        In the unit of the model; the error of a sampled mean is five standard errors.
    expected : float or None
        What the ledger or a theorem says.
    """

    label: str
    mean: float
    error: float
    expected: float | None
    unit: str


def trajectory_rows(run: Run) -> list[TrajectoryRow]:
    """Return the means of a run that looked at trajectories, in the order in which they are read."""
    if "trajectory_mean" not in run.ledger and "jump_count" not in run.ledger:
        return []
    return [*_entropies(run), *_theorem(run), *_energies(run), *_counts(run)]


def trajectory_lines(run: Run, paint: Paint) -> list[str]:
    """Return the table as lines for a terminal; empty without trajectories."""
    rows = trajectory_rows(run)
    if not rows:
        return []
    width = max(display_width(row.label) for row in rows)
    cells = [_texts(row) for row in rows]
    columns = [max(10, *(display_width(line[k]) + 2 for line in cells)) for k in range(3)]
    titles = "".join(pad(title, c, right=True) for title, c in zip(("mean", "±", "theory"), columns, strict=True))
    head = f"{paint(pad('Trajectories', width + 2), BOLD)}{paint(titles, DIM)}"
    lines = [f"{head}  {paint(str(run.ledger.data.attrs.get('trajectories', '')), DIM)}"]
    for row, texts in zip(rows, cells, strict=True):
        numbers = "".join(pad(text, c, right=True) for text, c in zip(texts, columns, strict=True))
        lines.append(f"  {pad(row.label, width)}{numbers}  {row.unit}")
    return lines


def trajectory_cells(run: Run) -> dict[str, Any]:
    """Return the table for a page; empty without trajectories."""
    rows = trajectory_rows(run)
    if not rows:
        return {}
    made = [
        {"label": row.label, "unit": row.unit, **dict(zip(("mean", "error", "theory"), _texts(row), strict=True))}
        for row in rows
    ]
    return {"count": str(run.ledger.data.attrs.get("trajectories", "")), "rows": made}


def jump_labels(run: Run) -> list[str]:
    """Return what single jumps are called: their bath, and the energy that each takes out of the system."""
    data = run.ledger["jump_count"]
    several = len(bath_names(run)) > 1
    # Where baths follow a drive the quantum changes, and is told as it is at the first time.
    when = " at first" if run.ledger.data.attrs.get("baths_follow") else ""
    labels = []
    for bath, frequency in zip(data["jump_bath"].values, data["jump_frequency"].values, strict=True):
        energy = "without a quantum" if np.isnan(frequency) else f"ω = {_energy(run, float(frequency))}{when}"
        labels.append(f"{bath}, {energy}" if several else energy)
    return labels


def _energy(run: Run, value: float) -> str:
    number, unit = float(in_units(value, run.units, "energy")[0]), run.units.label("energy")
    sign = "−" if number < 0 else "+" if number > 0 else ""
    return f"{sign}{abs(number):.4g} {unit}".rstrip()


def _entropies(run: Run) -> list[TrajectoryRow]:
    account = reported(run, "trajectory_mean")
    if account is None:
        return []
    residual = reported(run, "trajectory_mean_residual")
    rows = []
    for place, (name, label, whole) in enumerate(_PARTS):
        if name not in account.members:
            continue
        mean = float(account.values[place])
        expected = None
        if whole and whole in run.ledger:
            expected = _last(reported(run, whole))
        elif residual is not None and np.isfinite(mean):
            expected = mean - float(residual.values[place])
        rows.append(TrajectoryRow(label, mean, float(account.error[place]), expected, account.unit))
    return rows


def _theorem(run: Run) -> list[TrajectoryRow]:
    account, weight = reported(run, "trajectory_exponential"), reported(run, "absolute_irreversibility")
    if account is None:
        return []
    expected = None if weight is None else 1 - float(weight.values[0])
    rows = [TrajectoryRow("⟨e^-σ⟩ = 1 − λ", float(account.values[0]), float(account.error[0]), expected, "")]
    size = reported(run, "effective_sample_size")
    if size is not None:
        rows.append(TrajectoryRow("… carried by", float(size.values[0]), 0.0, None, "trajectories"))
    share = reported(run, "infinite_share")
    if share is not None:
        rows.append(TrajectoryRow("share with σ = ∞", float(share.values[0]), 0.0, None, ""))
    return rows


def _energies(run: Run) -> list[TrajectoryRow]:
    rows = []
    heat, exact = reported(run, "trajectory_heat"), reported(run, "heat")
    if heat is not None and exact is not None:
        rows = [
            TrajectoryRow(
                f"heat from {name}",
                float(heat.values[-1, k]),
                float(heat.error[-1, k]),
                float(exact.values[-1, k]),
                heat.unit,
            )
            for k, name in enumerate(heat.members)
        ]
    for name, label, whole in _ENERGIES:
        account = reported(run, name)
        if account is not None:
            mean, error = float(account.values[-1]), float(account.error[-1])
            rows.append(TrajectoryRow(label, mean, error, _last(reported(run, whole)), account.unit))
    moved = reported(run, "quantum_heat")
    if moved is not None:
        label = "quantum heat ⟨Q_q⟩"
        rows.append(TrajectoryRow(label, float(moved.values[0]), float(moved.error[0]), 0.0, moved.unit))
    return rows


def _counts(run: Run) -> list[TrajectoryRow]:
    account = reported(run, "jump_count")
    if account is None:
        return []
    return [
        TrajectoryRow(f"jumps, {label}", float(mean), float(error), None, "")
        for label, mean, error in zip(jump_labels(run), account.values, account.error, strict=True)
        if mean > 0
    ]


def _last(account: Reported | None) -> float | None:
    return None if account is None else float(account.values[-1])


def _texts(row: TrajectoryRow) -> tuple[str, str, str]:
    error = format_size(row.error) if row.error else ""
    expected = "" if row.expected is None else format_number(row.expected, error=row.error)
    if row.unit == "trajectories":
        return f"{row.mean:.0f}", "", ""
    return format_number(row.mean, error=0.0), error, expected
