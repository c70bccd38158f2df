"""Model files of channels, scatterers and collisions: what they mean, and one clear error for each fault."""

from __future__ import annotations

import json

import numpy as np
import pytest

from loschmidt.errors import ModelFileError
from loschmidt.processes.channels import amplitude_damping, random_channel
from loschmidt.studies import builtin_model, load_model, parse_model, run_model

LEAST = -np.log((1 + 2**0.5) / 2)


def channel_file(table: str, rest: str = "", system: str = "qubits = 1") -> str:
    return f'title = "t"\nkind = "channel"\n[system]\n{system}\n[channel]\n{table}\n{rest}'


def run(text: str, folder=None):
    if folder is None:
        return run_model(parse_model(text))
    (folder / "model.toml").write_text(text)
    return run_model(load_model(folder / "model.toml"))


def least_gain(text: str, folder=None) -> float:
    return float(run(text, folder).ledger["minimal_entropy_gain"])


KRAUS = np.array([[[1, 0], [0, 0.5**0.5]], [[0, 0.5**0.5], [0, 0]]])


def test_kraus_operators_as_expressions():
    text = channel_file('type = "kraus"\noperators = ["|0><0| + sqrt(0.5)*|1><1|", "sqrt(0.5)*|0><1|"]')
    assert least_gain(text) == pytest.approx(LEAST, abs=1e-9)


def test_kraus_operators_inline_without_a_system():
    rows = KRAUS.tolist()
    assert least_gain(channel_file(f'type = "kraus"\noperators = {rows}', system="")) == pytest.approx(LEAST, abs=1e-9)


@pytest.mark.parametrize("name", ["kraus.npy", "kraus.npz", "kraus.json", "complex.json"])
def test_kraus_operators_from_a_file(tmp_path, name):
    if name.endswith("npy"):
        np.save(tmp_path / name, KRAUS)
    elif name.endswith("npz"):
        np.savez(tmp_path / name, kraus=KRAUS)
    elif name == "kraus.json":
        (tmp_path / name).write_text(json.dumps({"kraus": [[["1", 0], [0, f"{0.5**0.5}+0j"]], KRAUS[1].tolist()]}))
    else:
        (tmp_path / name).write_text(json.dumps({"real": KRAUS.tolist(), "imag": (0 * KRAUS).tolist()}))
    text = channel_file(f'type = "kraus"\noperators = {{ file = "{name}" }}', system="")
    assert least_gain(text, tmp_path) == pytest.approx(LEAST, abs=1e-9)


@pytest.mark.parametrize("kind", ["choi", "superoperator"])
def test_matrices_of_a_channel_from_a_file(tmp_path, kind):
    channel = random_channel(3, 3, np.random.default_rng(1), 2)
    np.save(tmp_path / "m.npy", getattr(channel, kind))
    done = run(channel_file(f'type = "{kind}"\nmatrix = {{ file = "m.npy" }}', system=""), tmp_path)
    np.testing.assert_allclose(done.evolution.final, channel(np.eye(3) / 3), atol=1e-12)


def test_rectangular_choi_matrix_from_a_file(tmp_path):
    channel = random_channel(2, 3, np.random.default_rng(2), 2)
    np.save(tmp_path / "m.npy", channel.choi)
    done = run(channel_file('type = "choi"\nmatrix = { file = "m.npy" }\ndimension_in = 2', system=""), tmp_path)
    assert done.evolution.final.shape == (3, 3)
    assert "unitality_defect" not in done.ledger


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ('type = "amplitude-damping"\nprobability = 0.5', LEAST),
        ('type = "depolarising"\nprobability = 0.3', 0.0),
        ('type = "dephasing"\nprobability = 0.3', 0.0),
        ('type = "pauli"\nprobabilities = [0.4, 0.3, 0.2, 0.1]', 0.0),
        ('type = "reset"\nstate = "|0>"', -np.log(2)),
    ],
)
def test_standard_channels(table, expected):
    assert least_gain(channel_file(table)) == pytest.approx(expected, abs=1e-9)


def test_erasure_counts_the_flag():
    assert run(channel_file('type = "erasure"\nprobability = 0.25')).evolution.final.shape == (3, 3)


UNITARY = channel_file(
    'type = "unitary"\nhamiltonian = "g*(X0*X_r + Y0*Y_r)"\ntime = 0.5',
    '[parameters]\ng = 1.5707963267948966\n[reservoir]\nsites = ["r"]\nstate = "|0>"\n[initial]\nstate = "|1>"\n',
)


def test_unitary_of_a_hamiltonian_swaps():
    done = run(UNITARY)
    np.testing.assert_allclose(done.evolution.final, np.diag([1, 0]), atol=1e-12)
    assert float(done.ledger["mutual_information"][1]) == pytest.approx(0, abs=1e-12)


def test_thermal_reservoir_and_system_energy():
    text = channel_file(
        'type = "unitary"\nunitary = "0.5*(I0 + X0*X_r + Y0*Y_r + Z0*Z_r)"',
        '[reservoir]\nsites = ["r"]\nhamiltonian = "Z_r"\ntemperature = 0.5\n[initial]\nbeta = 0\n',
        system='qubits = 1\nhamiltonian = "Z0"',
    )
    done = run(text)
    assert float(done.ledger["energy"][1]) == pytest.approx(-np.tanh(2), abs=1e-12)
    assert float(done.ledger["reservoir_energy"][1]) == pytest.approx(0, abs=1e-12)


def test_minimal_gain_as_input():
    text = channel_file('type = "amplitude-damping"\nprobability = 0.5', '[initial]\nstate = "minimal gain"\n')
    assert float(run(text).ledger["entropy_change"][1]) == pytest.approx(LEAST, abs=1e-9)


def test_channel_in_a_file_is_the_channel_in_python():
    done = run(channel_file('type = "amplitude-damping"\nprobability = 0.3', '[initial]\nstate = "|1>"\n'))
    np.testing.assert_allclose(done.evolution.final, amplitude_damping(0.3)([0, 1]), atol=1e-15)


FAULTS = {
    "wrong kind": ('title = "t"\nkind = "chanel"\n', "kind", "channel"),
    "no channel": ('title = "t"\nkind = "channel"\n', "channel", "missing"),
    "wrong type": (channel_file('type = "kruas"'), "channel", "kraus"),
    "not trace preserving": (channel_file('type = "kraus"\noperators = ["0.5*I0"]'), "channel.operators", "trace"),
    "probability": (channel_file('type = "depolarising"\nprobability = 1.5'), "channel", "0 to"),
    "no sites": (channel_file('type = "kraus"\noperators = ["I0"]', system=""), "system", "name its sites"),
    "no reservoir": (channel_file('type = "unitary"\nunitary = "I0"'), "reservoir", "must be given"),
    "reservoir without state": (
        channel_file('type = "unitary"\nunitary = "I0"', '[reservoir]\nsites = ["r"]\n'),
        "reservoir",
        "must have one of",
    ),
    "not unitary": (
        channel_file('type = "unitary"\nunitary = "2*I0"', '[reservoir]\nsites = ["r"]\nstate = "|0>"\n'),
        "channel.unitary",
        "unitary",
    ),
    "wrong dimension": (
        channel_file('type = "amplitude-damping"\nprobability = 0.1', system="qubits = 2"),
        "system",
        "2",
    ),
    "unknown parameter": (channel_file('type = "dephasing"\nprobability = "p"'), "channel.probability", "p"),
    "no such file": (channel_file('type = "kraus"\noperators = { file = "no.npy" }'), "channel.operators", "no file"),
    "state too large": (
        channel_file('type = "dephasing"\nprobability = 0.1', '[initial]\nstate = "|2>"\n'),
        "initial.state",
        "2",
    ),
    "splitter": (
        'title = "t"\nkind = "scatterer"\n[scatterer]\ntype = "leads"\nspin = [0, 0, 1]\n',
        "scatterer",
        "one of",
    ),
    "long spin": (
        'title = "t"\nkind = "scatterer"\n[scatterer]\ntype = "leads"\nsplitter = "symmetric"\nspin = [0, 1, 1]\n',
        "scatterer",
        "Bloch",
    ),
    "control character": (
        'title = "a\\u0000"\nkind = "channel"\n[channel]\ntype = "dephasing"\nprobability = 0.1\n',
        "title",
        "control",
    ),
    "no steps": ('title = "t"\nkind = "collisions"\n[collisions]\ntype = "lap"\nsystems = 2\n', "steps", "missing"),
    "reset": (
        'title = "t"\nkind = "collisions"\nsteps = 2\n[collisions]\ntype = "walk"\nsites = 3\nreset = 2\n',
        "collisions",
        "reset",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name, tmp_path):
    text, key, word = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        run(text, tmp_path)
    lines = caught.value.lines()
    assert any(f" {key}" in line and word.lower() in line.lower() for line in lines), lines


@pytest.mark.parametrize(
    ("name", "account", "expected", "accuracy"),
    [
        ("three-lead-demon", "entropy_change", -2 / 3 * np.log(2), 1e-12),
        ("four-lead-demon", "entropy_change", -np.log(2), 1e-12),
        ("three-lead-demon", "minimal_entropy_gain", -np.log(2), 1e-9),
        ("photon-emission", "unitality_defect", 0.0, 1e-12),
        ("planar-spins", "unitality_defect", 0.0, 1e-12),
        ("spin-passage", "unitality_defect", 0.0, 1e-12),
        ("frozen-ion", "unitality_defect", 0.0, 1e-12),
        ("spin-cloud", "unitality_defect", 0.258, 1e-3),
        ("quantum-ion", "unitality_defect", 0.0121, 1e-4),
    ],
)
def test_builtin_model_gives_the_known_number(name, account, expected, accuracy):
    found = run_model(builtin_model(name)).ledger[account].values.reshape(-1)[-1]
    assert found == pytest.approx(expected, abs=accuracy)


def test_method_has_no_meaning_for_a_channel():
    with pytest.raises(ValueError, match="no meaning"):
        run_model(builtin_model("amplitude-damping"), method="krylov")


def test_scatterer_among_very_many_spins():
    text = 'title = "t"\nkind = "scatterer"\n[scatterer]\ntype = "spin-cloud"\nsplitter = "symmetric"\n'
    done = run(text + "spins = 3000\nstrength = 1.0\nspin = [0, 0, 1]\n")
    assert float(done.ledger["unitality_defect"][1]) < 1e-10
