"""Model files of classical processes: what they mean, and one clear error for each fault."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt import build_ledger, evolve
from loschmidt.errors import InputError, ModelFileError
from loschmidt.processes.heat_conduction import conducting_bars
from loschmidt.report.captions import captions
from loschmidt.report.figures import figures
from loschmidt.report.text import render_text
from loschmidt.studies import builtin_model, parse_model, run_model

BARS = "cells = [2, 2]\ncut = 1.0"
GAS = 'qubits = 1\natoms = 10\ntemperature = "2*T"'


def bars_file(bars: str = BARS, initial: str = "temperatures = [1.0, 2.0]", times: str = "values = [0, 1, 2]") -> str:
    return f'title = "t"\nkind = "heat-conduction"\n[bars]\n{bars}\n[initial]\n{initial}\n[times]\n{times}\n'


def gas_file(gas: str = GAS, state: str = '"0.75*|0><0| + 0.25*|1><1|"') -> str:
    return f'title = "t"\nkind = "gas"\n[parameters]\nT = 1.0\n[gas]\n{gas}\n[initial]\nstate = {state}\n'


def test_file_of_bars_means_what_python_means():
    text = bars_file(
        'cells = [2, 3]\nheat_capacity = [1, 2]\nconductance = [3, 4]\ncut = 1.0\nnames = ["left", "right"]'
    )
    run = run_model(parse_model(text))
    bars = conducting_bars((2, 3), heat_capacity=(1, 2), conductance=(3, 4), cut=1.0)
    expected = build_ledger(evolve(bars, [1.0, 2.0], [0.0, 1.0, 2.0]))
    assert run.ledger["interior_production"].values == pytest.approx(expected["interior_production"].values, abs=1e-14)
    assert run.ledger.data["bar"].values.tolist() == ["left", "right"]


def test_temperatures_of_single_cells():
    run = run_model(parse_model(bars_file(initial="temperatures = [1, 1.5, 2, 3]")))
    assert run.ledger["temperature"].values[0] == pytest.approx([1.0, 1.5, 2.0, 3.0], rel=1e-14)


def test_file_of_a_gas():
    run = run_model(parse_model(gas_file()))
    entropy = -0.75 * np.log(0.75) - 0.25 * np.log(0.25)
    assert float(run.ledger["work"][-1]) == pytest.approx(20 * entropy, rel=1e-13)


def test_walls_of_a_file():
    swapped = gas_file(GAS + "\nwalls = [[0, 1], [1, 0]]")
    assert float(run_model(parse_model(swapped)).ledger["work"][-1]) == pytest.approx(
        float(run_model(parse_model(gas_file())).ledger["work"][-1]), rel=1e-13
    )


@pytest.mark.parametrize(
    ("name", "figure", "line"),
    [
        ("conducting-bars", "bar-productions", "entropy produced at the contact"),
        ("von-neumann-gas", "gas-entropies", "entropy gained by the reservoir"),
    ],
)
def test_reports_show_what_matters(name, figure, line):
    run = run_model(builtin_model(name))
    assert not run.audit.violated
    assert list(figures(run)) == [figure]
    assert captions(run)[figure].description.endswith(".")
    assert line in render_text(run)


def test_columns_of_stages_stay_apart():
    text = render_text(run_model(builtin_model("von-neumann-gas")))
    assert "separated  compressed" in text


FAULTS = {
    "no cells": (bars_file("cells = [2, 0]"), "bars.cells[1]"),
    "three bars": (bars_file("cells = [1, 2, 3]"), "bars.cells"),
    "negative conductance": (bars_file("cells = [2, 2]\nconductance = -1"), "bars"),
    "unknown parameter": (bars_file('cells = [2, 2]\ncontact_conductance = "k"'), "bars.contact_conductance"),
    "cold": (bars_file(initial="temperatures = [0, 1]"), "initial.temperatures"),
    "too many temperatures": (bars_file(initial="temperatures = [1, 1, 1]"), "initial.temperatures"),
    "no times": (bars_file(times="start = 0"), "times"),
    "key": (bars_file("cells = [2, 2]\nconductances = 1"), "bars.conductances"),
    "no atoms": (gas_file(GAS.replace("10", "0")), "gas.atoms"),
    "no levels": (gas_file(GAS.replace("qubits = 1\n", "")), "gas"),
    "no temperature": (gas_file(GAS.replace('"2*T"', '"2*S"')), "gas.temperature"),
    "tilted walls": (gas_file(GAS + '\nwalls = [[1, 0], ["sqrt(0.5)", "sqrt(0.5)"]]'), "gas"),
    "walls that measure": (gas_file(GAS + "\nwalls = [[0.6, 0.8], [0.8, -0.6]]"), "initial"),
    "no Hamiltonian": (gas_file().replace('state = "0.75*|0><0| + 0.25*|1><1|"', "beta = 1.0"), "initial.beta"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_with_its_key(name):
    text, key = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text))
    assert [problem.key for problem in caught.value.problems] == [key]


def test_all_faults_are_told_at_once():
    text = bars_file('cells = [2, 2]\ncut = "c"', "temperatures = [1]", "start = 0")
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text.replace("temperatures = [1]", 'temperatures = [1, "x"]')))
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {"bars.cut", "initial.temperatures[1]", "times"}


@pytest.mark.parametrize("text", [bars_file(), gas_file()])
def test_methods_have_no_meaning(text):
    with pytest.raises(InputError, match="has no meaning"):
        run_model(parse_model(text), method="krylov")
