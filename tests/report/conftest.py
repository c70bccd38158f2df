"""A qubit that starts as a superposition between two baths, with closed solutions for all it exchanges."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from loschmidt.laws import Audit, Finding, Verdict
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.report.figures import figures
from loschmidt.report.svg import svg_text
from loschmidt.units import UnitSystem

MODEL = 'title = "Qubit <b>between</b> two baths & more"\n\n[system]\nlevels = 2\n'
TITLE = "Qubit <b>between</b> two baths & more"


def finding(
    name: str, verdict: Verdict, margin: float, error: float, place: str, statement: str, **words: str
) -> Finding:
    told = {"unit": "entropy rate", "source": "spohn1978", "citation": "Spohn 1978", "reason": "", "remedy": ""} | words
    return Finding(name=name, statement=statement, verdict=verdict, margin=margin, error=error, place=place, **told)


FINDINGS = (
    finding("second law", Verdict.HOLDS, 2.1e-7, 1e-13, "t = 200", "Π ≥ 0 at every time"),
    finding("first law", Verdict.TIGHT, -4e-15, 1e-13, "t = 3", "ΔU = W + Σ Q at every time"),
    finding(
        "adiabatic part", Verdict.EXEMPT, -0.31, 1e-12, "t = 2", "Σ̇_a = tr(K ρ) ≥ 0 at every time",
        citation="Manzano 2018", source="manzano2018",
        reason="the lowest eigenvalue of K is -0.96", remedy="Compare Σ̇_a with `entropy_production_rate`.",
    ),
    finding("steady currents", Verdict.UNTESTED, math.nan, math.nan, "", "Σ Ė(π) = 0", reason="nothing is <steady>"),
)  # fmt: skip
BROKEN = finding(
    "Spohn per bath", Verdict.VIOLATED, -0.02, 1e-12, "t = 1.5, bath cold", "Π_b ≥ 0 for every bath",
    reason="broken by 0.02, which is far beyond its error 1e-12", remedy="Build the rates from a spectrum.",
)  # fmt: skip
VALIDITY = (
    finding("secular approximation", Verdict.VALID, 49.0, 0.0, "", "gap / rate ≫ 1", reason="gap / rate = 49"),
    finding("unique steady state", Verdict.VALID, 1.0, 0.0, "", "k = 1", reason="there is one steady state"),
    finding(
        "weak coupling", Verdict.DOUBTFUL, 5.0, 0.0, "", "frequency / rate ≫ 1",
        reason="frequency / rate = 5, not large against 1", remedy="A master equation of second order is not enough.",
    ),
)  # fmt: skip


def entropies(p: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return entropy and entropy of the populations of a qubit with excited population p and coherence c."""
    radius = np.sqrt((p - 0.5) ** 2 + c**2)

    def binary(x: np.ndarray) -> np.ndarray:
        return -sum(np.where(y > 0, y * np.log(np.where(y > 0, y, 1)), 0) for y in (x, 1 - x))

    return binary(0.5 + radius), binary(p)


def make_ledger(
    times: np.ndarray,
    *,
    driven: bool = False,
    frequency: float = 1.0,
    p0: float = 0.5,
    c0: float = 0.5,
    betas: Any = (2.0, 0.5),
) -> Ledger:
    """Return the ledger of the qubit; `driven` adds numbers of a drive that need not fit the rest."""
    betas = np.asarray(betas, dtype=float)
    down = np.array([0.02, 0.01]) * frequency
    up = down * np.exp(-betas * frequency)
    rate, steady = (down + up).sum(), up.sum() / (down + up).sum()
    decay = np.exp(-rate * (times - times[0]))
    p, c = steady + (p0 - steady) * decay, c0 * np.sqrt(decay)
    integral = steady * (times - times[0]) + (p0 - steady) * (1 - decay) / rate
    heat_rate = frequency * (up - (down + up) * p[:, None])
    heat = frequency * (up * (times - times[0])[:, None] - (down + up) * integral[:, None])
    S, S_d = entropies(p, c)
    rates = entropy_rates(p, c, -rate * (p - steady), -rate / 2 * c)
    flux, flow = -(heat_rate * betas).sum(axis=1), -(heat * betas).sum(axis=1)
    builder = LedgerBuilder("open system", {"time": times, "bath": ["cold", "hot"], "level": [0, 1]})
    tiny = np.full_like(times, 1e-13)
    for name, values in {
        "energy": frequency * p,
        "entropy": S,
        "diagonal_entropy": S_d,
        "coherence": S_d - S,
        "populations": np.stack([1 - p, p], axis=1),
        "entropy_rate": rates[0],
        "heat_rate": heat_rate,
        "entropy_flux": flux,
        "entropy_production_rate": rates[0] + flux,
        "population_entropy_production_rate": rates[1] + flux,
        "coherence_entropy_production_rate": rates[2],
        "heat": heat,
        "entropy_change": S - S[0],
        "entropy_flow": flow,
        "entropy_production": S - S[0] + flow,
        "entropy_production_by_bath": np.stack([0.7 * (S - S[0] + flow), 0.3 * (S - S[0] + flow)], axis=1),
        "population_entropy_production": S_d - S_d[0] + flow,
        "coherence_entropy_production": (S_d - S)[0] - (S_d - S),
        "inverse_temperature": betas,
        "smallest_eigenvalue": np.exp(-S),
        "trace_defect": 0 * S,
    }.items():
        builder.add(name, values, 1e-13)
    if driven:
        power = 0.004 * frequency * np.sin(0.05 * frequency * times)
        work = 0.08 * (1 - np.cos(0.05 * frequency * times))
        builder.add("energy", frequency * p + work, tiny)
        builder.add("drive_power", power, tiny)
        builder.add("work", work, tiny)
        builder.add("generated_coherence", 0.02 * work, tiny)
    builder.add("steady_state_multiplicity", 1)
    builder.describe(
        title=TITLE, equation="Davies", dimension=2, method="secular propagator", error=3e-13,
        seed="none", model=MODEL, kind="davies", driven=int(driven),
    )  # fmt: skip
    return builder.build()


def entropy_rates(p: np.ndarray, c: np.ndarray, dp: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return Ṡ, Ṡ_d and their difference, infinite where a state without full rank is being mixed."""
    radius = np.sqrt((p - 0.5) ** 2 + c**2)
    growth = ((p - 0.5) * dp + c * dc) / radius
    pure = radius >= 0.5 - 1e-14
    S = np.where(pure, np.inf, -growth * np.log((0.5 + radius) / np.where(pure, 1, 0.5 - radius)))
    S_d = -dp * np.log(p / (1 - p))
    return S, S_d, S - S_d


def make_run(ledger: Ledger, units: UnitSystem | None = None, findings: Any = FINDINGS) -> Any:
    return SimpleNamespace(ledger=ledger, audit=Audit(findings, VALIDITY), units=units or UnitSystem(), remarks=())


RUNS = {
    "plain": lambda: make_run(make_ledger(np.linspace(0, 200, 201))),
    "driven": lambda: make_run(make_ledger(np.linspace(0, 200, 201), driven=True, c0=0.2)),
    "laboratory": lambda: make_run(make_ledger(np.linspace(0, 20, 101), frequency=31.4), UnitSystem("ns")),
    "logarithmic": lambda: make_run(make_ledger(np.concatenate([[0], np.geomspace(0.01, 1000, 150)]))),
    "violated": lambda: make_run(make_ledger(np.linspace(0, 50, 51)), findings=(*FINDINGS, BROKEN)),
}


@pytest.fixture(scope="session", params=sorted(RUNS))
def run(request) -> Any:
    return RUNS[request.param]()


@pytest.fixture(scope="session")
def plain() -> Any:
    return RUNS["plain"]()


@pytest.fixture(scope="session")
def violated() -> Any:
    return RUNS["violated"]()


@pytest.fixture(scope="session")
def drawn(run) -> dict[str, Any]:
    """The figures of a run; tests only look at them."""
    return figures(run)


@pytest.fixture(scope="session")
def drawings(drawn) -> dict[str, str]:
    """The same, as SVG."""
    return {name: svg_text(figure, name) for name, figure in drawn.items()}
