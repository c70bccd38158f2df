"""Model files of thermal operations: what they mean, and one clear error for each fault."""

from __future__ import annotations

import pytest

from loschmidt.errors import ModelFileError
from loschmidt.studies import builtin_model, parse_model, run_model

ENVIRONMENT = '[[environment]]\nname = "cold"\nsites = ["e"]\nhamiltonian = "|1><1|[e]"\nbeta = 6\n'


def thermal_file(operation: str, environment: str = ENVIRONMENT, initial: str = 'state = "|1>"') -> str:
    return (
        'title = "t"\nkind = "thermal-operation"\n[system]\nqubits = 1\nhamiltonian = "|1><1|"\n'
        f"{environment}[operation]\n{operation}\n[initial]\n{initial}\n"
    )


def ledger(text: str):
    return run_model(parse_model(text)).ledger


EXCHANGE = "X0*X_e + Y0*Y_e"


def test_three_ways_to_say_the_same_exchange():
    one = ledger(thermal_file('type = "exchange"\ntime = 0.76'))
    two = ledger(thermal_file(f'type = "potential"\npotential = "0.5*({EXCHANGE})"\ntime = 0.76'))
    text = f'type = "unitary"\nhamiltonian = "|1><1|[q0] + |1><1|[e] + 0.5*({EXCHANGE})"\ntime = 0.76'
    three = ledger(thermal_file(text))
    for other in (two, three):
        assert float(other["heat"][1, 0]) == pytest.approx(float(one["heat"][1, 0]), abs=1e-12)
        assert float(other["entropy_production"][1]) == pytest.approx(float(one["entropy_production"][1]), abs=1e-12)


def test_potential_keeps_what_is_resonant():
    found = ledger(thermal_file('type = "potential"\npotential = "X0*X_e"\ntime = 1.0'))
    assert float(found["conservation_defect"]) < 1e-12
    assert abs(float(found["heat"][1, 0])) > 0.1


def test_builtin_model_breaks_no_law():
    done = run_model(builtin_model("coherent-exchange"))
    assert not done.audit.violated
    assert float(done.ledger["correlated_coherence"]) == pytest.approx(-0.040906, abs=5e-7)
    assert abs(float(done.ledger["integral_theorem_residual"])) < 1e-13


FAULTS = {
    "no temperature": (thermal_file('type = "random"', ENVIRONMENT.replace("beta = 6\n", "")), "environment[0]"),
    "no environment": (thermal_file('type = "random"', ""), "environment"),
    "off resonance": (
        thermal_file('type = "exchange"\ntime = 1', ENVIRONMENT.replace("|1><1|", "2*|1><1|")),
        "operation",
    ),
    "no unitary": (thermal_file('type = "unitary"'), "operation"),
    "unknown site": (thermal_file('type = "potential"\npotential = "X_f"\ntime = 1'), "operation.potential"),
    "wrong state": (thermal_file('type = "random"', initial='state = "|7>"'), "initial.state"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    text, key = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        ledger(text)
    assert any(f" {key}" in line for line in caught.value.lines()), caught.value.lines()
