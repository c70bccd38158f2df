"""Units inside expressions of a model in lab units: every term is held against its kind of quantity."""

from __future__ import annotations

import pytest

from loschmidt.errors import ModelFileError
from loschmidt.studies import build_model, parse_model

TEXT = """
title = "units"
[units]
time = "us"
[parameters]
w = "5 GHz"
T = "40 us"
n = 3
[system]
qubits = 1
hamiltonian = "{hamiltonian}"
[[bath]]
name = "cold"
temperature = "20 mK"
spectrum = {{ type = "ohmic", coupling = {coupling}, cutoff = "50 GHz" }}
couplings = "X"
[initial]
state = "|0>"
[times]
stop = "1 us"
points = 3
"""


def problems(hamiltonian="0.5*w*Z", coupling="1e-6", extra=""):
    text = TEXT.format(hamiltonian=hamiltonian, coupling=coupling) + extra
    with pytest.raises(ModelFileError) as caught:
        build_model(parse_model(text, "model.toml", "."))
    return [(problem.key, problem.reason) for problem in caught.value.problems]


@pytest.mark.parametrize("good", ["0.5*w*Z", "sqrt(w)*sqrt(w)*Z/n", "w^2/w*Z + n/T*X", "0.5*w*(1 + 2*n)*Z"])
def test_expressions_of_the_right_unit_pass(good):
    build_model(parse_model(TEXT.format(hamiltonian=good, coupling="1e-6"), "model.toml", "."))


@pytest.mark.parametrize("bad", ["0.5*w*Z + 0.1*Z", "0.5*(w + 2)*Z", "0.5*w*w*Z", "0.5/w*Z", "0.5*w*Z + T*X"])
def test_a_term_of_another_unit_is_found(bad):
    ((key, reason),) = problems(bad)
    assert key == "system.hamiltonian"
    assert "unit of an energy in every term" in reason


def test_a_coupling_without_unit_refuses_one():
    ((key, reason),) = problems(coupling='"0.02 GHz"')
    assert key == "bath[0].spectrum.coupling"
    assert "must have no unit" in reason


DRIVE = """
[equation]
type = "davies"
[[drive]]
operator = "{operator}"
coefficient = "{coefficient}"
"""


@pytest.mark.parametrize(
    ("operator", "coefficient"), [("w*Z", "0.1*sin(w*t)"), ("X", "0.01*w*exp(-(t/T)^2)"), ("X", "n*t/T^2")]
)
def test_a_drive_needs_operator_and_coefficient_to_make_an_energy(operator, coefficient):
    text = TEXT.format(hamiltonian="0.5*w*Z", coupling="1e-6") + DRIVE.format(
        operator=operator, coefficient=coefficient
    )
    build_model(parse_model(text, "model.toml", "."))


@pytest.mark.parametrize(
    ("operator", "coefficient"), [("X", "0.1*t"), ("w*Z", "0.1*t"), ("w*Z", "w*sin(w*t)"), ("X", "w*sin(t)")]
)
def test_a_drive_of_another_unit_is_found(operator, coefficient):
    ((key, _),) = problems(extra=DRIVE.format(operator=operator, coefficient=coefficient))
    assert key == "drive[0]"
