"""The table [counting] of a model file: what it may say, what it is told when wrong, and units that do not matter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.studies.models import BASE, changed, line_number

from loschmidt.errors import ModelFileError, ResourceError
from loschmidt.models import MODELS
from loschmidt.studies import parse_model, run_model

COUNT = '\n[counting]\nvariables = ["heat from hot", "quanta from cold", "activity", "entropy"]\n'


def test_every_word_counts():
    words = ["heat", "energy from hot", "quanta", "jumps", "activity from cold", "entropy"]
    found = run_model(parse_model(BASE + f"[counting]\norder = 3\nvariables = {words!r}\n")).ledger
    assert list(found.data["counted"].values) == words
    assert found["cumulant"].shape == (6, 3)
    assert float(found["cumulant"].sel(counted="heat", cumulant_order=2)) == pytest.approx(0, abs=1e-14)


def test_a_sum_is_counted_as_one_variable():
    text = BASE + COUNT.replace(
        '"activity"', '{ name = "through", terms = { "heat from hot" = 0.5, "heat from cold" = -0.5 } }'
    )
    found = run_model(parse_model(text)).ledger["cumulant"]
    np.testing.assert_allclose(found.sel(counted="through"), found.sel(counted="heat from hot"), rtol=1e-9)


def test_by_default_the_heat_from_each_bath_is_counted():
    run = run_model(parse_model(BASE + "[counting]\n[counting.generating_function]\npoints = 5\n"))
    assert list(run.ledger.data["counted"].values) == ["heat from hot", "heat from cold"]
    assert list(run.ledger.data["curve"].values) == ["entropy", "heat from hot", "heat from cold"]
    assert not run.audit.violated


@pytest.mark.parametrize(
    ("table", "place", "reason"),
    [
        ('variables = ["heta from hot"]', "counting.variables[0]", "Did you mean `heat`"),
        ('variables = ["heat from hott"]', "counting.variables[0]", "Did you mean `hot`"),
        ('variables = ["heat", "heat"]', "counting.variables[1]", "is there twice"),
        ('variables = ["particles"]', "counting.variables[0]", "exchange no particles"),
        ("order = 1", "counting.order", "greater than or equal to 2"),
        ("orders = 4", "counting.orders", "Did you mean `order`"),
        ("variables = [3]", "counting.variables[0]", "must be a text such as"),
        (
            'variables = [{ name = "x", terms = { "heat from hot" = 1, "quanta from hot" = 1 } }]',
            "counting.variables[0].terms",
            "must all have one unit",
        ),
        ("generating_function = { range = [1, 0] }", "counting.generating_function.range", "lower to a higher"),
        (
            'generating_function = { variables = ["actvity"] }',
            "counting.generating_function.variables[0]",
            "Did you mean `activity`",
        ),
        ("generating_function = { range = [-1e5, 0] }", "counting", "beyond the range of numbers"),
    ],
)
def test_each_fault_has_its_line(table, place, reason):
    text = BASE + f"\n[counting]\n{table}\n"
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text))
    (problem,) = caught.value.problems
    assert problem.key == place
    assert reason in problem.reason
    assert problem.line in (line_number(text, "[counting]"), line_number(text, table))


def test_all_faults_are_told_at_once():
    text = BASE + '[counting]\nvariables = ["heta", "heat from nobody", { name = "x", terms = { "work" = 1 } }]\n'
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("landau-zener", "must not stand beside a drive"),
        ("two-qubits-redfield", "no mixture of jumps"),
        ("dark-state", "one stationary state"),
    ],
)
def test_what_cannot_be_counted_is_refused(name, reason):
    with pytest.raises(ModelFileError, match=reason):
        run_model(parse_model(MODELS[name].text + "\n[counting]\n"))


def test_heat_without_a_definite_amount_is_refused_and_jumps_are_counted_instead():
    text = MODELS["two-qubits-local"].text.replace('energy = "free"', 'energy = "full"')
    with pytest.raises(ModelFileError, match="no definite amount"):
        run_model(parse_model(text + '\n[counting]\nvariables = ["heat from hot"]\n'))
    run = run_model(parse_model(text + "\n[counting]\n"))
    assert list(run.ledger.data["counted"].values) == ["jumps from hot", "jumps from cold"]
    assert not run.audit.violated


def scaled(factor: float) -> str:
    return changed(
        ("w = 1.0", f"w = {factor!r}"),
        ("temperature = 2.0", f"temperature = {2 * factor!r}"),
        ("temperature = 0.5", f"temperature = {0.5 * factor!r}"),
        ("cutoff = 10", f"cutoff = {10 * factor!r}"),
        ('type = "flat", coupling = 0.02', f'type = "flat", coupling = {0.02 * factor!r}'),
        ("stop = 10", f"stop = {10 / factor!r}"),
    )


@pytest.mark.parametrize("factor", [1e-12, 1e12])
def test_the_unit_of_energy_does_not_matter(factor):
    one, other = (run_model(parse_model(scaled(x) + COUNT)) for x in (1.0, factor))
    order = np.arange(1, 5)
    for name, power in (("heat from hot", 1), ("quanta from cold", 0), ("activity", 0), ("entropy", 0)):
        expected = one.ledger["cumulant"].sel(counted=name).values * factor ** (1 + power * order)
        np.testing.assert_allclose(other.ledger["cumulant"].sel(counted=name).values, expected, rtol=1e-8)
    for name in ("thermodynamic_uncertainty", "kinetic_uncertainty"):
        np.testing.assert_allclose(other.ledger[name].values, one.ledger[name].values, rtol=1e-8)
    assert other.audit.counts() == one.audit.counts()


NEGATIVE = """\
title = "Memory"
[system]
qubits = 1
hamiltonian = "0.5*Z"
[[bath]]
name = "memory"
temperature = 1.0
jumps = [{ operator = "Z", rate = -0.02 }, { operator = "Sm", rate = 0.1 }]
[initial]
state = "0.5*(I + 0.3*X)"
[times]
stop = 5
points = 6
"""
ALLOWED = NEGATIVE.replace("temperature = 1.0\n", "temperature = 1.0\nallow_negative_rates = true\n")


def test_negative_rates_are_accepted_only_by_a_flag():
    with pytest.raises(ModelFileError, match="allow_negative_rates = true"):
        run_model(parse_model(NEGATIVE))
    run = run_model(parse_model(ALLOWED))
    assert run.audit["complete positivity"].verdict == "DOUBTFUL"
    coherence = np.abs(run.ledger.data["state"].values[:, 0, 1])
    np.testing.assert_allclose(coherence, 0.15 * np.exp(-(0.05 - 0.04) * run.ledger.data["time"].values), rtol=1e-8)


def test_nothing_is_counted_at_negative_rates():
    with pytest.raises(ModelFileError, match="cannot be counted"):
        run_model(parse_model(ALLOWED + "[counting]\n"))


def test_a_spectrum_has_no_negative_rates_to_allow():
    text = changed(("temperature = 2.0", "temperature = 2.0\nallow_negative_rates = true"))
    with pytest.raises(ModelFileError, match="needs `jumps`"):
        run_model(parse_model(text))


def test_laws_that_need_positive_rates_are_exempt_from_negative_ones():
    n = 1 / math.expm1(1.0)
    jumps = (
        f"""jumps = [{{ operator = "Sm", rate = {-0.1 * (n + 1)!r} }}, {{ operator = "Sp", rate = {-0.1 * n!r} }}]"""
    )
    lines = ALLOWED.splitlines()
    at = next(k for k, line in enumerate(lines) if line.startswith("jumps"))
    text = "\n".join([*lines[:at], jumps, *lines[at + 1 :]]).replace("stop = 5", "stop = 0.5")
    run = run_model(parse_model(text))
    assert not run.audit.violated, [f for f in run.audit.findings if f.verdict == "VIOLATED"]
    for name in ("second law", "Clausius inequality", "Spohn inequality"):
        assert run.audit[name].verdict == "EXEMPT"
        assert "not completely positive" in run.audit[name].reason


def test_what_would_take_too_much_memory_is_refused_before_it_runs(monkeypatch):
    from loschmidt.evolution import memory
    from loschmidt.studies import open_system

    monkeypatch.setattr(memory, "available_memory", lambda: 100.0)
    monkeypatch.setattr(open_system, "evolve", lambda *_, **__: pytest.fail("it was evolved"))
    with pytest.raises(ResourceError, match="would take"):
        run_model(parse_model(BASE + "[counting]\n"))
