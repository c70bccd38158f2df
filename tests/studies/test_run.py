"""A run carries everything: ledger with the model inside, audit, units; a saved ledger is audited to the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.studies.models import BASE, changed

from loschmidt.errors import InputError, ModelFileError
from loschmidt.models import MODELS
from loschmidt.studies import audit_saved, build_model, builtin_model, parse_model, run_model


@pytest.fixture(scope="module")
def run():
    return run_model(builtin_model("qubit-relaxation"))


def test_a_run_holds_the_model_and_the_numbers(run):
    assert run.ledger.data.attrs["title"] == "Qubit in a cold bath"
    assert run.ledger.data.attrs["model"] == MODELS["qubit-relaxation"].text
    assert not run.audit.violated
    assert run.evolution.times[-1] == 200
    assert "state" in run.ledger.data


def test_the_model_inside_a_ledger_runs_again(run):
    again = run_model(parse_model(run.ledger.data.attrs["model"]))
    np.testing.assert_array_equal(again.ledger["entropy_production"], run.ledger["entropy_production"])


@pytest.mark.parametrize("name", ["qubit-relaxation", "qubit-reset"])
def test_a_saved_run_is_audited_to_the_same_findings(name, tmp_path):
    run = run_model(builtin_model(name))
    again = audit_saved(run.ledger.save(tmp_path / "ledger.nc"))
    assert again.audit.as_dict() == run.audit.as_dict()
    assert again.units == run.units
    assert again.spec is None


def test_a_file_that_is_no_ledger(tmp_path):
    (tmp_path / "text.nc").write_text("no", encoding="utf-8")
    for name in ("none.nc", "text.nc"):
        with pytest.raises(InputError):
            audit_saved(tmp_path / name)


def test_a_method_that_cannot_run_the_model():
    text = MODELS["landau-zener"].text.replace("[times]", '[method]\nname = "secular"\n\n[times]')
    with pytest.raises(ModelFileError, match=r"method\.name") as caught:
        run_model(parse_model(text))
    assert caught.value.problems[0].line == text[: text.index('name = "secular"')].count("\n") + 1
    with pytest.raises(InputError):
        run_model(builtin_model("landau-zener"), method="secular")


def test_what_is_recorded():
    run = run_model(parse_model(changed(("[times]", "[record]\nresolve = ['transition']\nstates = false\n\n[times]"))))
    assert "state" not in run.ledger.data
    assert "transition" in run.ledger.data.dims
    assert "transition" not in run_model(parse_model(BASE)).ledger.data.dims


def test_a_model_made_in_python_is_stored_too():
    spec = parse_model(BASE).model_copy(update={"title": "Made in Python"})
    assert run_model(spec).ledger.data.attrs["title"] == "Made in Python"


@pytest.mark.parametrize("power", [-12, 12])
def test_the_scale_of_energy_changes_nothing(power, run):
    """Energies and rates times s, temperatures times s, times over s: the entropies are the same."""
    s = 10.0**power
    text = MODELS["qubit-relaxation"].text.replace("w = 1.0", f"w = {s!r}").replace("stop = 200", f"stop = {200 / s!r}")
    scaled = run_model(parse_model(text))
    for account in ("entropy", "entropy_production", "coherence_entropy_production"):
        np.testing.assert_allclose(scaled.ledger[account], run.ledger[account], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(scaled.ledger["heat"] / s, run.ledger["heat"], rtol=1e-9, atol=1e-12)
    verdicts = [finding.verdict for finding in run.audit.findings]
    assert [finding.verdict for finding in scaled.audit.findings] == verdicts


def test_remarks_reach_the_run():
    text = changed(('couplings = ["X_right", "Y_right"]', 'couplings = "Z_right"'))
    assert "zero_frequency_rate" in run_model(parse_model(text)).remarks[0]


def test_a_run_is_frozen(run):
    with pytest.raises(dataclasses.FrozenInstanceError):
        run.audit = None
    assert build_model(run.spec).times[-1] == run.evolution.times[-1]


def test_what_a_drive_warns_of_is_told_once_and_not_printed(recwarn):
    text = """
    title = "driven"
    system = { qubits = 1, hamiltonian = "0.5*X0" }
    drive = [{ operator = "Z0", coefficient = "sin(t)" }]
    bath = [{ name = "b", temperature = 1, spectrum = { type = "flat", coupling = 0.01 }, couplings = "Z0" }]
    initial = { state = "|0>" }
    times = { stop = 1, points = 3 }
    """
    run = run_model(parse_model(text))
    assert sum("zero_frequency_rate" in remark for remark in run.remarks) == 1
    assert not recwarn.list
