"""What a model file says is what is built: units, baths, equations, drives, states and times."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.studies.models import BASE, changed

from loschmidt.errors import ModelFileError
from loschmidt.evolution import MatrixExponential, RungeKutta, evolve
from loschmidt.processes import (
    Bath,
    DrudeSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    TabulatedSpectrum,
    davies_generator,
    local_generator,
)
from loschmidt.states.gibbs import gibbs_state
from loschmidt.studies import build_model, builtin_model, parse_model

X, Y, Z, ONE = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0]), np.eye(2)

FREE = 0.5 * np.kron(Z, ONE) + 0.5 * np.kron(ONE, Z)
FULL = FREE + 0.1 * np.kron(X, X)


def base_baths():
    return [
        Bath("hot", 0.5, OhmicSpectrum(0.01, 10.0), np.kron(X, ONE)),
        Bath("cold", 2.0, FlatSpectrum(0.02), np.stack([np.kron(ONE, X), np.kron(ONE, Y)])),
    ]


def build(text, **options):
    return build_model(parse_model(text), **options)


def assert_same_process(process, expected):
    np.testing.assert_allclose(process.superoperator(), expected.superoperator(), atol=1e-14)
    np.testing.assert_allclose(process.energy, expected.energy, atol=1e-14)
    assert process.bath_names == expected.bath_names


def test_davies():
    prepared = build(BASE)
    assert_same_process(prepared.process, davies_generator(FULL, base_baths()))
    np.testing.assert_array_equal(prepared.times, np.linspace(0, 10, 11))
    np.testing.assert_array_equal(np.diag(prepared.state), [0, 1, 0, 0])


@pytest.mark.parametrize(("energy", "observable"), [("free", FREE), ("full", FULL), ("Z_left", np.kron(Z, ONE))])
def test_local(energy, observable):
    extra = f'type = "local"\nfree_hamiltonian = "0.5*w*(Z_left + Z_right)"\nenergy = "{energy}"'
    process = build(changed(('type = "davies"', extra))).process
    expected = local_generator(FULL, base_baths(), free_hamiltonian=FREE, energy=observable)
    assert_same_process(process, expected)


@pytest.mark.parametrize("kind", ["redfield", 'partial-secular"\ncluster_width = "0.1'])
def test_other_equations(kind):
    process = build(changed(('type = "davies"', f'type = "{kind}"'))).process
    assert process.equation == kind.split('"')[0].replace("-", " ")


JUMPS = """
title = "Jumps"
system = { levels = ["e", "g"], hamiltonian = "0.1*X" }
equation = { energy = "0.5*Z" }
initial = { state = "|e>" }
times = { values = [0, 1, 10] }

[[bath]]
name = "line"
temperature = 0.5
jumps = [{ operator = "Sm", rate = 0.2 }, { operator = "2*Sp", rate = "0.05*exp(-2)" }]

[[bath]]
name = "dephasing"
jumps = [{ operator = "|g><e| + Z", rate = 0.1 }]
"""


def test_jump_operators():
    process = build(JUMPS).process
    assert process.equation == "gkls"
    line, dephasing = process.dissipators
    assert line.beta == 2.0
    assert dephasing.beta is None
    np.testing.assert_allclose(line.rates, [0.2, 0.05 * math.exp(-2)])
    # Each jump that changes the energy by a definite amount knows it; any other does not.
    np.testing.assert_allclose(line.frequencies, [1.0, -1.0])
    assert np.isnan(dephasing.frequencies).all()
    np.testing.assert_array_equal(process.energy, Z / 2)


def test_spectral_baths_beside_jumps():
    text = JUMPS.replace(
        'jumps = [{ operator = "Sm", rate = 0.2 }, { operator = "2*Sp", rate = "0.05*exp(-2)" }]',
        'spectrum = { type = "flat", coupling = 0.2 }\ncouplings = "X"',
    ).replace('energy = "0.5*Z"', 'type = "gkls", free_hamiltonian = "0.5*Z", energy = "free"')
    process = build(text).process
    thermal = davies_generator(Z / 2, [Bath("line", 2.0, FlatSpectrum(0.2), X)])
    np.testing.assert_allclose(
        process.dissipators[0].superoperator(), thermal.dissipators[0].superoperator(), atol=1e-15
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{ type = "ohmic", coupling = "g" }', OhmicSpectrum(0.1)),
        ('{ type = "drude", coupling = 0.3, cutoff = "3*w" }', DrudeSpectrum(0.3, 3.0)),
        ('{ type = "flat", coupling = 0.3, zero_frequency_rate = 0.2 }', FlatSpectrum(0.3, 0.2)),
        ('{ type = "glauber", coupling = 0.3 }', GlauberSpectrum(0.3)),
        (
            '{ type = "tabulated", frequencies = [0.1, 1, 5], densities = [0.1, "g", 2], zero_frequency_rate = 0.3 }',
            TabulatedSpectrum((0.1, 1.0, 5.0), (0.1, 0.1, 2.0), 0.3),
        ),
    ],
)
def test_every_spectrum(written, expected):
    text = changed(
        ('{ type = "ohmic", coupling = 0.01, cutoff = 10 }', written),
        ('couplings = "X_left"', 'couplings = ["X_left", "Z_left"]\ncorrelations = [[1, "g"], ["g", 2]]\n'),
    )
    couplings = np.stack([np.kron(X, ONE), np.kron(Z, ONE)])
    bath = Bath("hot", 0.5, expected, couplings, correlations=[[1, 0.1], [0.1, 2]])
    assert_same_process(build(text).process, davies_generator(FULL, [bath, base_baths()[1]]))


def test_infinite_and_negative_temperatures_where_they_exist():
    glauber = ('{ type = "ohmic", coupling = 0.01, cutoff = 10 }', '{ type = "glauber", coupling = 0.01 }')
    for written, beta in (("inf", 0.0), ('"inf"', 0.0), ("-0.5", -2.0), ("0", math.inf), ('"2*w"', 0.5)):
        process = build(changed(glauber, ("temperature = 2.0", f"temperature = {written}"))).process
        assert process.dissipators[0].beta == beta
    process = build(changed(("temperature = 2.0", "beta = inf"))).process
    assert process.dissipators[0].beta == math.inf


def test_fermions():
    text = """
title = "Quantum dot"
system = { levels = ["0", "1"], hamiltonian = "|1><1|", number = "|1><1|" }
initial = { temperature = 1 }
times = { stop = 1 }
[[bath]]
name = "lead"
temperature = 0.5
chemical_potential = 0.3
spectrum = { type = "fermionic", coupling = 0.1 }
couplings = "|0><1|"
"""
    process = build(text).process
    assert process.dissipators[0].chemical_potential == 0.3
    assert process.number is not None
    with pytest.raises(ModelFileError, match="chemical_potential"):
        build(text.replace("chemical_potential = 0.3\n", ""))


def test_states():
    def state_of(initial):
        return build(changed(('state = "|0,1>"', initial))).state

    np.testing.assert_allclose(state_of("temperature = 2"), gibbs_state(FULL, 0.5), atol=1e-15)
    np.testing.assert_allclose(state_of("beta = 0"), np.eye(4) / 4, atol=1e-15)
    np.testing.assert_allclose(state_of('state = "maximally mixed"'), np.eye(4) / 4)
    np.testing.assert_allclose(state_of('state = "0.5*|0,0><0,0| + 0.5*|1,1><1,1|"'), np.diag([0.5, 0, 0, 0.5]))
    matrix = "[[0.5, 0, 0, '0.5i'], [0, 0, 0, 0], [0, 0, 0, 0], ['-0.5i', 0, 0, 0.5]]"
    assert state_of(f"state = {matrix}")[0, 3] == 0.5j


def test_a_ket_from_a_file(tmp_path):
    np.save(tmp_path / "ket.npy", np.array([0.6, 0, 0, 0.8j]))
    text = changed(('state = "|0,1>"', 'state = { file = "ket.npy" }'))
    state = build_model(parse_model(text, folder=tmp_path)).state
    np.testing.assert_allclose(np.diag(state), [0.36, 0, 0, 0.64])


def test_the_steady_state_and_what_happens_where_there_are_many():
    prepared = build(changed(('state = "|0,1>"', 'state = "steady"')))
    assert np.abs(prepared.process.apply(prepared.state)).max() < 1e-14
    text = builtin_model("dark-state").origin.text.replace('"0.9*|a><a| + 0.1*I/3"', '"steady"')
    with pytest.raises(
        ModelFileError, match=r"initial\.state: .*several steady states, .* Give the state itself"
    ) as caught:
        build(text)
    assert len(caught.value.problems) == 1


def test_times():
    def times_of(written):
        return build(changed(("stop = 10\npoints = 11", written))).times

    np.testing.assert_allclose(times_of('start = 1\nstop = 100\npoints = 3\nscale = "log"'), [1, 10, 100])
    np.testing.assert_array_equal(times_of("values = [0, 1, '3*w']"), [0, 1, 3])
    assert times_of("start = '-w'\nstop = 1")[0] == -1.0


def test_methods():
    text = changed(("[times]", "[method]\nname = 'runge-kutta'\nrtol = 1e-6\n\n[times]"))
    assert build(text).method == RungeKutta(rtol=1e-6)
    assert build(BASE).method is None
    assert isinstance(build(text, method="exponential").method, MatrixExponential)
    with pytest.raises(ModelFileError, match="`rtol` does not apply to the method 'secular'"):
        build(text.replace("runge-kutta", "secular"))


DRIVEN = """
title = "Driven"
parameters = { v = 0.3 }
system = { qubits = 1, hamiltonian = "0.5*X" }
initial = { state = "|0>" }
times = { start = 0, stop = 4, points = 5 }
%s
[[drive]]
operator = "Z"
coefficient = %s

[[bath]]
name = "cold"
temperature = 1
spectrum = { type = "glauber", coupling = 0.1 }
couplings = "Z"
"""


def test_a_drive_that_the_baths_follow():
    process = build(DRIVEN % ("", '"0.5*v*t"')).process
    assert process.follows
    np.testing.assert_allclose(process.at(2.0).hamiltonian, 0.5 * X + 0.3 * Z)
    np.testing.assert_allclose(process.energy_rate_at(1.0), 0.15 * Z)
    bath = Bath("cold", 1.0, GlauberSpectrum(0.1), Z)
    expected = davies_generator(0.5 * X + 0.3 * Z, [bath])
    np.testing.assert_allclose(process.at(2.0).superoperator(), expected.superoperator(), atol=1e-14)


def test_a_drive_that_the_baths_do_not_follow():
    process = build(DRIVEN % ("equation = { follow = false }", "{ times = [0, 2, 4], values = [0, 'v', 0] }")).process
    assert not process.follows
    np.testing.assert_allclose(process.at(2.0).hamiltonian, 0.5 * X + 0.3 * Z)
    bath = Bath("cold", 1.0, GlauberSpectrum(0.1), Z)
    expected = davies_generator(0.5 * X, [bath]).dissipators[0]
    np.testing.assert_allclose(process.at(2.0).dissipators[0].superoperator(), expected.superoperator(), atol=1e-14)


@pytest.mark.parametrize("kind", ["redfield", "partial-secular"])
def test_equations_that_take_no_drive(kind):
    with pytest.raises(ModelFileError, match="under a drive"):
        build(DRIVEN % (f'equation = {{ type = "{kind}", cluster_width = 0.1 }}', '"t"'))


def test_modes_are_watched_for_truncation():
    prepared = build_model(builtin_model("equal-gap-ladder"))
    (projector,) = prepared.mode_projectors
    np.testing.assert_array_equal(projector, np.diag([0, 0, 0, 0, 1]))
    (projector,) = build_model(builtin_model("qubit-reset")).mode_projectors
    np.testing.assert_array_equal(np.diag(projector), [0, 0, 0, 1] * 3)


def test_a_flat_spectrum_that_says_nothing_of_zero_frequency_is_remarked():
    text = changed(('couplings = ["X_right", "Y_right"]', 'couplings = "Z_right"'))
    (remark,) = build(text).remarks
    assert "zero_frequency_rate" in remark
    assert not build(BASE).remarks


LAB = """
title = "Lab"
system = { levels = ["e", "g"], hamiltonian = "0.5*w*Z + f*X" }
initial = { temperature = "100 mK" }
times = { stop = "200 ns", points = 5 }

[units]
time = "us"
energy = "GHz"

[parameters]
w = "5 GHz"
f = "0.1*w"

[[bath]]
name = "line"
temperature = "20 mK"
spectrum = { type = "drude", coupling = 0.01, cutoff = "8 GHz" }
couplings = "X"

[[bath]]
name = "loss"
temperature = "w/4"
spectrum = { type = "flat", coupling = "2 1/us" }
couplings = "X"
"""


def test_laboratory_units_give_the_physics_of_the_plain_numbers():
    prepared = build(LAB)
    w = 2 * math.pi * 5e3  # ħω in rad/us
    kelvin = 1.380649e-23 / 1.054571817e-34 * 1e-6  # k_B T / ħ in 1/us for 1 K
    plain = f"""
title = "Plain"
parameters = {{ w = {w!r}, f = "0.1*w" }}
system = {{ levels = ["e", "g"], hamiltonian = "0.5*w*Z + f*X" }}
initial = {{ temperature = {0.1 * kelvin!r} }}
times = {{ stop = 0.2, points = 5 }}
[[bath]]
name = "line"
temperature = {0.02 * kelvin!r}
spectrum = {{ type = "drude", coupling = 0.01, cutoff = {2 * math.pi * 8e3!r} }}
couplings = "X"
[[bath]]
name = "loss"
temperature = "w/4"
spectrum = {{ type = "flat", coupling = 2 }}
couplings = "X"
"""
    twin = build(plain)
    scale = np.abs(twin.process.superoperator()).max()
    np.testing.assert_allclose(prepared.process.superoperator(), twin.process.superoperator(), atol=1e-9 * scale)
    np.testing.assert_allclose(prepared.state, twin.state, atol=1e-9)
    np.testing.assert_allclose(prepared.times, twin.times)
    ours, theirs = (evolve(one.process, one.state, one.times) for one in (prepared, twin))
    np.testing.assert_allclose(ours.heat, theirs.heat, rtol=1e-7)
    assert prepared.units.to_lab(w, "energy") == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('"20 mK"', "20", "bath[0].temperature", "must have a unit"),
        ('"20 mK"', '"20 ns"', "bath[0].temperature", "does not measure one"),
        ('"200 ns"', '"200 nz"', "times.stop", "Did you mean `ns`?"),
        ('"200 ns"', "200", "times.stop", "must have a unit"),
        ('"2 1/us"', "2", "bath[1].spectrum.coupling", "must have a unit"),
        ('time = "us"', 'time = "uss"', "units", "`time_unit` must be one of"),
        ('"0.5*w*Z + f*X"', '"0.5*Z"', "system.hamiltonian", "must take its energies from [parameters]"),
        ('"0.5*w*Z + f*X"', "[[0, 5], [5, 0]]", "system.hamiltonian", "must have units in its entries"),
        ('"0.5*w*Z + f*X"', '{ file = "h.npy" }', "system.hamiltonian", "must have a unit"),
        ('temperature = "20 mK"', "beta = 3", "bath[0].beta", "Give `temperature` instead"),
    ],
)
def test_a_missing_or_wrong_unit(tmp_path, old, new, key, reason):
    np.save(tmp_path / "h.npy", np.eye(2))
    assert LAB.count(old) == 1
    with pytest.raises(ModelFileError) as caught:
        build_model(parse_model(LAB.replace(old, new), folder=tmp_path))
    assert [problem.key for problem in caught.value.problems] == [key]
    assert reason in caught.value.problems[0].reason


def test_a_hamiltonian_file_with_a_unit(tmp_path):
    np.save(tmp_path / "h.npy", 2.5 * Z)
    text = LAB.replace('"0.5*w*Z + f*X"', '{ file = "h.npy", unit = "GHz" }')
    process = build_model(parse_model(text, folder=tmp_path)).process
    np.testing.assert_allclose(process.hamiltonian, 2 * math.pi * 2.5e3 * Z)
    text = LAB.replace('"0.5*w*Z + f*X"', '[["2.5 GHz", 0], [0, "-w/2"]]')
    np.testing.assert_allclose(build(text).process.hamiltonian, 2 * math.pi * 2.5e3 * Z)
