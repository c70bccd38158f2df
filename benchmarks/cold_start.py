"""W7, cold start: what a user waits for before any physics happens, against a bare interpreter and against QuTiP."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "examples" / "qubit-relaxation.toml"
SHELL = "from loschmidt.cli import main; main()"
MODEL_ONLY = "from loschmidt.studies import load_model, run_model; import sys; run_model(load_model(sys.argv[1]))"
BARE = "python -c pass"
PEER = "import qutip"


@dataclass(frozen=True)
class Timing:
    """Medians over the rounds, in seconds; `first` is the warm-up, which may compile."""

    name: str
    wall: float
    cpu: float
    first: float


@dataclass(frozen=True)
class Goal:
    """A target of the project and what was measured."""

    name: str
    value: float
    limit: float

    @property
    def met(self) -> bool:
        """Whether the measured value is below the limit."""
        return self.value < self.limit


def commands(folder: str) -> dict[str, list[str]]:
    """Return the command lines to compare; a peer that is not installed is left out."""
    lines = {
        BARE: ["-c", "pass"],
        "import loschmidt": ["-c", "import loschmidt"],
        "loschmidt --help": ["-c", SHELL, "--help"],
        "  its ledger and audit": ["-c", MODEL_ONLY, str(MODEL)],
        "loschmidt run": ["-c", SHELL, "run", str(MODEL), "--out", folder],
    }
    if importlib.util.find_spec("qutip") is not None:
        lines[PEER] = ["-c", "import qutip"]
    return lines


def timed(arguments: list[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of one fresh interpreter, which must succeed."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(rounds: int) -> list[Timing]:
    """Return the timings of all commands, interleaved so that a busy machine is unfair to all alike."""
    with tempfile.TemporaryDirectory() as folder:
        lines = commands(str(Path(folder) / "run"))
        first = {name: timed(arguments)[0] for name, arguments in lines.items()}
        samples: dict[str, list[tuple[float, float]]] = {name: [] for name in lines}
        for _ in range(rounds):
            for name, arguments in lines.items():
                samples[name].append(timed(arguments))
    return [
        Timing(name, *(statistics.median(column) for column in zip(*samples[name], strict=True)), first[name])
        for name in lines
    ]


def goals(timings: list[Timing]) -> list[Goal]:
    """Return the targets: absolute ones scaled to a machine whose bare interpreter takes 0.02 s of CPU."""
    cpu = {timing.name: timing.cpu for timing in timings}
    scale = cpu[BARE] / 0.02
    found = [
        Goal(
            "import loschmidt, beyond the interpreter (s, scaled)", (cpu["import loschmidt"] - cpu[BARE]) / scale, 0.05
        ),
        Goal("loschmidt --help (s, scaled)", cpu["loschmidt --help"] / scale, 0.5),
    ]
    if PEER in cpu:
        found.append(Goal("one-shot run / QuTiP's import alone", cpu["loschmidt run"] / cpu[PEER], 1.0))
    return found


def table(timings: list[Timing], targets: list[Goal]) -> str:
    """Return the measurement as text."""
    bare = next(timing.cpu for timing in timings if timing.name == BARE)
    lines = [f"{'':24}{'CPU s':>8}{'wall s':>8}{'CPU / bare':>12}{'first wall s':>14}"]
    lines += [f"{t.name:24}{t.cpu:8.3f}{t.wall:8.3f}{t.cpu / bare:12.1f}{t.first:14.3f}" for t in timings]
    lines += [f"{'met ' if goal.met else 'MISSED'} {goal.name}: {goal.value:.3g} < {goal.limit:g}" for goal in targets]
    if all(timing.name != PEER for timing in timings):
        lines.append("skipped QuTiP: not installed")
    return "\n".join(lines)


def main() -> None:
    """Measure and print, as text or with ``--json``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    timings = measure(options.rounds)
    targets = goals(timings)
    machine = {"system": platform.system(), "cores": os.cpu_count(), "python": platform.python_version()}
    if options.json:
        found = [asdict(goal) | {"met": goal.met} for goal in targets]
        print(json.dumps({"machine": machine, "timings": [asdict(t) for t in timings], "goals": found}, indent=2))
    else:
        print(f"{machine['system']}, {machine['cores']} cores, Python {machine['python']}, {options.rounds} rounds")
        print(table(timings, targets))


if __name__ == "__main__":
    main()
