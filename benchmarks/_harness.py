"""Time two programs side by side: same inputs, results compared first, rounds interleaved, ratios printed.

A benchmark sets one BLAS thread in the environment before NumPy is imported, builds its inputs (and its peers'
prebuilt objects) outside the timed calls, makes one :class:`Comparison` a workload with :func:`compare`, and ends
with ``raise SystemExit(main(title, comparisons))``. A ratio is the peer's CPU time divided by ours, the median over
rounds of times taken one right after the other.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["Comparison", "DisagreementError", "Timing", "compare", "import_peer", "largest_difference", "main"]

_FIRST_LOOK = 0.02  # seconds of repeated calls from which the number of calls per sample is set


class DisagreementError(AssertionError):
    """A peer's result is not ours, so that a ratio of times would mean nothing."""


@dataclass(frozen=True)
class Timing:
    """Seconds a call: the first one (compilation and caches included) and the median of the later ones."""

    first: float
    cpu: float
    wall: float
    calls: int
    rounds: int


@dataclass(frozen=True)
class Rival:
    """One peer in one workload; `ratio` and `wall_ratio` are its time divided by ours."""

    timing: Timing
    difference: float
    ratio: float
    wall_ratio: float
    floor: float | None
    goal: float | None

    @property
    def verdict(self) -> str:
        """Whether the ratio reaches the goal, the floor, or neither."""
        if self.goal is not None and self.ratio >= self.goal:
            return "goal"
        if self.floor is None:
            return "-"
        return "floor" if self.ratio >= self.floor else "BELOW"


@dataclass(frozen=True)
class Comparison:
    """One workload: our timing, each peer's, how far the results differ, and the peers that could not be run."""

    name: str
    ours: Timing
    rivals: dict[str, Rival]
    tolerance: float
    skipped: dict[str, str] = field(default_factory=dict)


def compare(
    name: str,
    ours: Callable[[], Any],
    peers: dict[str, Callable[[], Any] | None],
    *,
    check: Callable[[Any, Any], float],
    tolerance: float,
    floor: dict[str, float],
    goal: dict[str, float],
    rounds: int = 5,
    min_time: float = 0.2,
) -> Comparison:
    """Compare results, then time `ours` and every peer in turn, `rounds` times over.

    Parameters
    ----------
    name : str
        The workload, as the table shows it.
    ours, peers : callable
        Called without arguments; inputs are prebuilt. A peer that is None, or that raises ImportError, is skipped
        by name.
    check : callable
        ``check(our_result, peer_result)``, the largest difference of the two in the workload's own measure.
    tolerance : float
        Largest difference accepted.
    floor, goal : dict
        Ratios to reach, by peer; a peer without an entry is reported without a verdict.
    rounds : int
        Interleaved rounds, at least 5 for a number that is quoted.
    min_time : float
        Seconds one sample lasts at least; short calls are repeated.

    Raises
    ------
    DisagreementError
        If a peer's result differs by more than `tolerance`, or by NaN.
    """
    our_result, our_first, our_calls = _warm_up(ours, min_time)
    runners: dict[str, tuple[Callable[[], Any], int]] = {}
    firsts, differences, skipped = {}, {}, {}
    for label, peer in peers.items():
        try:
            result, firsts[label], calls = _warm_up(peer or _missing, min_time)
        except ImportError as error:
            skipped[label] = str(error)
            continue
        differences[label] = float(check(our_result, result))
        if not differences[label] <= tolerance:
            raise DisagreementError(
                f"{name}: {label} differs from us by {differences[label]:.1e}, more than {tolerance:.0e}"
            )
        runners[label] = (peer or _missing, calls)
    samples = _interleave({"": (ours, our_calls), **runners}, rounds)
    rivals = {
        label: Rival(
            _timing(firsts[label], samples[label], calls),
            differences[label],
            _median_ratio(samples[label], samples[""], 0),
            _median_ratio(samples[label], samples[""], 1),
            floor.get(label),
            goal.get(label),
        )
        for label, (_, calls) in runners.items()
    }
    return Comparison(name, _timing(our_first, samples[""], our_calls), rivals, tolerance, skipped)


def largest_difference(ours: Any, theirs: Any) -> float:
    """Return the largest absolute difference of two arrays of equal shape; equal infinities agree, NaN never does."""
    left, right = np.asarray(ours), np.asarray(theirs)
    if left.shape != right.shape:
        return float("inf")
    unequal = left != right
    return float(np.abs(left[unequal] - right[unequal]).max()) if unequal.any() else 0.0


def import_peer(name: str) -> Any | None:
    """Return the module `name`, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def main(title: str, comparisons: Iterable[Callable[[], Comparison]], arguments: Sequence[str] | None = None) -> int:
    """Run the comparisons, print them as a table or as JSON, and return the exit status.

    The status is 1 if a result disagreed, and 0 otherwise: a missed floor is printed, not fatal, because a busy
    machine can cause it.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--only", metavar="TEXT", help="run only the workloads whose function name or arguments match")
    chosen = parser.parse_args(arguments)
    report: dict[str, Any] = {"title": title, "machine": {}, "comparisons": [], "failures": []}
    if not chosen.json:
        print(f"{title}; ratio = peer's CPU time / ours\n")
        print(_row("workload", "peer", "ours", "peer", "ratio", "wall", "floor", "goal", "met", "difference"))
    for comparison in comparisons:
        if chosen.only and chosen.only not in _label(comparison):
            continue
        try:
            done = comparison()
        except DisagreementError as failure:
            report["failures"].append(str(failure))
            if not chosen.json:
                print(f"DISAGREES  {failure}")
            continue
        report["comparisons"].append(_as_dict(done))
        if not chosen.json:
            print("\n".join(_lines(done)), flush=True)
    report["machine"] = machine()  # at the end, when the peers are imported and have a version
    print(json.dumps(report, indent=2) if chosen.json else f"\n{_machine_line(report['machine'])}")
    return 1 if report["failures"] else 0


def machine() -> dict[str, Any]:
    """Return what a reader needs to place the numbers: processor, threads and versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "blas_threads": os.environ.get("OPENBLAS_NUM_THREADS", "unset"),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "packages": {
            name: getattr(module, "__version__", "unknown")
            for name in ("scipy", "numba", "qutip", "qthermo", "dynamiqs", "toqito", "ffsim", "quspin")
            if (module := sys.modules.get(name)) is not None
        },
    }


def _missing() -> Any:
    raise ImportError("not installed")


def _warm_up(call: Callable[[], Any], min_time: float) -> tuple[Any, float, int]:
    start = time.perf_counter()
    result = call()
    first = time.perf_counter() - start
    calls, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < _FIRST_LOOK or calls == 0:
        call()
        calls += 1
    return result, first, max(1, round(min_time * calls / spent))


def _interleave(runners: dict[str, tuple[Callable[[], Any], int]], rounds: int) -> dict[str, list[tuple[float, float]]]:
    samples: dict[str, list[tuple[float, float]]] = {label: [] for label in runners}
    for number in range(rounds):
        # Every other round runs backwards, so that a machine that slows down favours nobody.
        for label in list(runners)[:: -1 if number % 2 else 1]:
            call, calls = runners[label]
            cpu, wall = time.process_time(), time.perf_counter()
            for _ in range(calls):
                call()
            samples[label].append(((time.process_time() - cpu) / calls, (time.perf_counter() - wall) / calls))
    return samples


def _timing(first: float, samples: list[tuple[float, float]], calls: int) -> Timing:
    cpu, wall = (statistics.median(column) for column in zip(*samples, strict=True))
    return Timing(first, cpu, wall, calls, len(samples))


def _median_ratio(theirs: list[tuple[float, float]], ours: list[tuple[float, float]], clock: int) -> float:
    return statistics.median(their[clock] / our[clock] for their, our in zip(theirs, ours, strict=True))


def _label(comparison: Callable[[], Comparison]) -> str:
    if isinstance(comparison, partial):
        return " ".join([comparison.func.__name__, *map(str, comparison.args), *map(str, comparison.keywords.values())])
    return getattr(comparison, "__name__", repr(comparison))


def _as_dict(comparison: Comparison) -> dict[str, Any]:
    table = asdict(comparison)
    for label, rival in comparison.rivals.items():
        table["rivals"][label]["verdict"] = rival.verdict
    return table


def _lines(comparison: Comparison) -> list[str]:
    name = comparison.name
    lines = [
        _row(
            name if number == 0 else "",
            label,
            _seconds(comparison.ours.cpu),
            _seconds(rival.timing.cpu),
            f"{rival.ratio:.3g}",
            f"{rival.wall_ratio:.3g}",
            "-" if rival.floor is None else f"{rival.floor:g}",
            "-" if rival.goal is None else f"{rival.goal:g}",
            rival.verdict,
            f"{rival.difference:.0e} ≤ {comparison.tolerance:.0e}",
        )
        for number, (label, rival) in enumerate(comparison.rivals.items())
    ] or [_row(name, "-", _seconds(comparison.ours.cpu), "-", "-", "-", "-", "-", "-", "-")]
    if comparison.ours.first > 0.05 and comparison.ours.first > 3 * comparison.ours.wall:
        lines.append(f"    first call, with compilation or its cache: {_seconds(comparison.ours.first)}")
    lines += [f"    skipped {label}: {reason}" for label, reason in comparison.skipped.items()]
    return lines


def _row(*cells: str) -> str:
    widths = (44, 26, 9, 9, 7, 7, 6, 6, 6, 0)
    aligned = [
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  ".join(aligned)


def _seconds(value: float) -> str:
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def _machine_line(facts: dict[str, Any]) -> str:
    parts = [facts["processor"], f"{facts['cores']} cores", f"BLAS threads {facts['blas_threads']}"]
    if facts["load"] is not None:
        parts.append(f"load {facts['load']:.1f}")
    versions = {"Python": facts["python"], "NumPy": facts["numpy"], **facts["packages"]}
    return " · ".join([*parts, *(f"{name} {version}" for name, version in versions.items())])


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
