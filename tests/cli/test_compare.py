"""`loschmidt compare`: the table, the exit codes, and one clear line where nothing can be compared."""

from __future__ import annotations

import json

import pytest
from tests.studies.models import BASE
from typer.testing import CliRunner

from loschmidt.cli.app import app
from loschmidt.models import MODELS


def call(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def test_it_prints_the_table_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.toml").write_text(BASE, encoding="utf-8")
    result = call("compare", "model.toml")
    assert result.exit_code == 0, result.output
    for word in ("Two qubits", "Definitions of entropy production", "#12", "Agreements", "Verdict"):
        assert word in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["model.toml"]
    assert "\x1b" not in result.stdout


def test_json_is_one_object():
    result = call("compare", "coherent-exchange", "--json")
    assert result.exit_code == 0
    tree = json.loads(result.stdout)
    assert [row["number"] for row in tree["definitions"]] == list(range(1, 13))
    assert tree["title"] == "Coherent exchange with a cold qubit"
    assert not tree["violated"]
    assert call("compare", "-", "--json", input=MODELS["coherent-exchange"].text).stdout == result.stdout


def test_broken_agreement_ends_with_1(monkeypatch):
    from loschmidt.ledger.definitions import DefinitionTable

    monkeypatch.setattr(DefinitionTable, "violated", property(lambda self: True))
    result = call("compare", "coherent-exchange")
    assert result.exit_code == 1
    assert "Verdict" in result.stdout


#: One model of each kind, with the code it ends with and a word of what it says.
KINDS = [
    ("qubit-relaxation", 0, "#3 = #1 for one bath"),
    ("two-qubits-redfield", 0, "not here"),
    ("coherent-exchange", 0, "#4 = #7 + displacement"),
    ("amplitude-damping", 0, "the reservoir behind the channel is not known"),
    ("three-lead-demon", 0, "the environment holds what its start never did"),
    ("heat-between-qubits", 0, "#1 = #4"),
    ("collision-chain", 2, "nothing can be compared: a chain of collisions"),
    ("two-step-echo", 2, "nothing can be compared: a lattice protocol"),
    ("conducting-bars", 2, "nothing can be compared: no definition speaks of the kind"),
]


@pytest.mark.parametrize(("model", "code", "words"), KINDS, ids=[one[0] for one in KINDS])
def test_every_kind_of_model_is_compared_or_says_why_not(model, code, words):
    result = call("compare", model)
    assert result.exit_code == code, result.output
    said = result.stdout if code == 0 else result.stderr
    assert words in " ".join(said.split())
    assert (code == 0) == bool(result.stdout)
    assert code == 0 or len(result.stderr.splitlines()) == 1


def test_bad_input_ends_with_2(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(BASE.replace("stop = 10", "stop = -1"), encoding="utf-8")
    result = call("compare", path)
    assert result.exit_code == 2
    assert not result.stdout
    assert "times.stop" in result.stderr
    assert call("compare", "no-such-model").exit_code == 2


def test_help_has_an_example():
    result = call("compare", "--help")
    assert result.exit_code == 0
    assert "Example: loschmidt compare coherent-exchange" in result.stdout
