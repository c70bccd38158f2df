"""A bad model file gives every fault at once, each with its line, its key and what to do."""

from __future__ import annotations

import numpy as np
import pytest
from tests.studies.models import BASE, changed, line_number

from loschmidt.errors import InputError, ModelFileError
from loschmidt.studies import OpenSystemSpec, build_model, builtin_model, load_model, parse_model, schema

H = '"0.5*w*Z_left + 0.5*w*Z_right + g*X_left*X_right"'
STATE = 'state = "|0,1>"'
HOT = 'temperature = 2.0\nspectrum = { type = "ohmic", coupling = 0.01, cutoff = 10 }\ncouplings = "X_left"'

#: (old text, new text, what stands on the line of the fault, its key, words of the reason)
FAULTS = [
    # values of the wrong kind
    ("w = 1.0", "w = nan", "w = nan", "parameters.w", "must be finite, but it is nan"),
    ("w = 1.0", "w = -inf", "w = -inf", "parameters.w", "must be finite"),
    ("w = 1.0", "w = true", "w = true", "parameters.w", "must be a number"),
    ("w = 1.0", 'w = "1 +* 2"', "w = ", "parameters.w", "a number, a name or a parenthesis must stand here"),
    ("w = 1.0", 'w = "g"', "w = ", "parameters.w", "must not refer to itself"),
    ("w = 1.0", 'w = "5 GHz"', "w = ", "parameters.w", "must be a plain number"),
    ('title = "Two qubits"', "title = 3", "title", "title", "must be text, but it is 3"),
    ("points = 11", "points = 1", "points", "times.points", "must be greater than or equal to 2"),
    ("points = 11", "points = 2.5", "points", "times.points", "must be a whole number"),
    ("points = 11", 'scale = "lin"', "scale", "times.scale", "Did you mean `linear`?"),
    ("stop = 10", "stop = nan", "stop", "times.stop", "must be finite"),
    ("stop = 10", "stop = -1", "stop", "times.stop", "must be later than start = 0"),
    ("points = 11", 'scale = "log"', "[times]", "times.start", "must be positive on a log scale"),
    ("stop = 10\npoints = 11", "values = [0, 2, 1]", "values", "times.values", "must increase strictly"),
    ("stop = 10\npoints = 11", "values = [0, nan]", "values", "times.values[1]", "must be finite"),
    ("stop = 10\npoints = 11", "values = [0, 1]\nstop = 2", "stop", "times.stop", "must not stand beside"),
    # unknown keys
    ('title = "Two qubits"', 'titel = "Two qubits"', "titel", "titel", "Did you mean `title`?"),
    ("temperature = 2.0", "temprature = 2.0", "temprature", "bath[0].temprature", "Did you mean `temperature`?"),
    ("cutoff = 10", "cuttof = 10", "cuttof", "bath[0].spectrum.cuttof", "Did you mean `cutoff`?"),
    ('type = "ohmic"', 'type = "omhic"', "omhic", "bath[0].spectrum", "Did you mean `ohmic`?"),
    ('type = "davies"', 'type = "davis"', "davis", "equation.type", "Did you mean `davies`?"),
    # operators
    (H, '"0.5*w*Z_lft"', "Z_lft", "system.hamiltonian", "Did you mean"),
    (H, '"0.5*v*Z_left"', "0.5*v", "system.hamiltonian", "`v` is neither a parameter nor an operator"),
    (H, '"0.5*w*(Z_left"', "(Z_left", "system.hamiltonian", "this parenthesis is never closed"),
    (H, '"w*Sm_left"', "Sm_left", "system.hamiltonian", "must be Hermitian"),
    (H, "[[0, 1], [1, 0]]", "[[0, 1]", "system.hamiltonian", "must be 4 × 4"),
    (H, "[[0, 1], [1]]", "[[0, 1]", "system.hamiltonian", "must be a square matrix"),
    (H, "3", "hamiltonian", "system.hamiltonian", "must be an expression, a matrix, or a table"),
    (H, '{ file = "none.npy" }', "none.npy", "system.hamiltonian", "there is no file"),
    ('sites = ["left", "right"]', "qubits = 2\nsites = ['a', 'b']", "[system]", "system", "but has qubits and sites"),
    ('sites = ["left", "right"]', 'sites = ["left", "left"]', "[system]", "system", "`left` stands twice"),
    ('sites = ["left", "right"]\n', "", "[system]", "system", "but has none of them"),
    # baths
    ("temperature = 2.0", "temperature = -2.0", "-2.0", "bath[0].temperature", "must not be negative, but it is -2"),
    ("temperature = 2.0", 'temperature = "warm"', "warm", "bath[0].temperature", "`warm` is not a parameter"),
    ("temperature = 2.0", "temperature = inf", "inf", "bath[0].temperature", "must be finite"),
    ("temperature = 2.0", "temperature = [1]", "[1]", "bath[0].temperature", "must be a number, inf, or a text"),
    ("temperature = 2.0", 'temperature = "20 mK"', "20 mK", "bath[0].temperature", "must be a plain number"),
    ("temperature = 2.0", "temperature = 2.0\nbeta = 0.5", "beta", "bath[0].beta", "must not stand beside"),
    ("temperature = 2.0\n", "", "[[bath]]", "bath[0]", "must have a `temperature`"),
    ("coupling = 0.01", "coupling = -0.01", "-0.01", "bath[0].spectrum.coupling", "must not be negative"),
    ("coupling = 0.01, ", "", "cutoff", "bath[0].spectrum.coupling", "must be given"),
    ("cutoff = 10", "cutoff = 0", "cutoff", "bath[0].spectrum.cutoff", "must be positive"),
    ('couplings = "X_left"', 'couplings = "i*X_left"', "i*X_left", "bath[0].couplings", "must be Hermitian"),
    ('couplings = "X_left"\n', "", "[[bath]]", "bath[0]", "must have `couplings`"),
    ('["X_right", "Y_right"]', '["X_right", "Y_rigt"]', "Y_rigt", "bath[1].couplings[1]", "Did you mean `Y_right`?"),
    ('name = "cold"', 'name = "hot"', 'name = "hot"\ntemperature = 0.5', "bath[1].name", "'hot' stands twice"),
    (HOT, "jumps = [{ operator = 'Sm0', rate = 1 }]", "jumps", "bath[0].jumps", "set equation.type = 'gkls'"),
    (HOT, "temperature = 1", '[[bath]]\nname = "hot"', "bath[0]", "must have a `spectrum`"),
    # equation, drive, state, method
    ('"davies"', '"local"', "[equation]", "equation.energy", "must be given"),
    ('"davies"', '"partial-secular"', "[equation]", "equation.cluster_width", "must be given"),
    ('"davies"', '"davies"\nfollow = true', "follow", "equation.follow", "needs a [[drive]]"),
    (STATE, 'state = "|0,2>"', "|0,2>", "initial.state", "names no level"),
    (STATE, 'state = "|0,1> + |1,0>"', "|1,0>", "initial.state", "must have norm 1"),
    (STATE, 'state = "0.5*I"', "0.5*I", "initial.state", "must have trace 1"),
    (STATE, 'state = "0.25*I + 0.5*Z_left"', "0.25*I", "initial.state", "lowest eigenvalue is -2.5e-01"),
    (STATE, 'state = "|0,1>"\nbeta = 1', "[initial]", "initial", "but it has state and beta"),
    (STATE, "", "[initial]", "initial", "but it is empty"),
    ("[times]", "[method]\nname = 'runge-kuta'\n[times]", "runge-kuta", "method.name", "Did you mean `runge-kutta`?"),
    ("[times]", "[method]\nrtol = 1e-9\n[times]", "rtol", "method.rtol", "needs the `name` of a method"),
    ("[times]", "[record]\nresolve = ['bath']\n[times]", "resolve", "record.resolve[0]", "frequency, transition"),
    ("[times]", "[[drive]]\noperator = 'Sm0'\ncoefficient = 't'\n[times]", "'Sm0'", "drive[0].operator", "Hermitian"),
    (
        "[times]",
        "[[drive]]\noperator = 'X0'\ncoefficient = '1/t'\n[times]",
        "'1/t'",
        "drive[0].coefficient",
        "at t = 0",
    ),
    ("[times]", "[[drive]]\noperator = 'X0'\ncoefficient = 'sgn(t)'\n[times]", "sgn", "drive[0].coefficient", "jumps"),
    (
        "[times]",
        "[[drive]]\noperator = 'X0'\ncoefficient = { times = [0, 5], values = [0, 1] }\n[times]",
        "coefficient",
        "drive[0].coefficient",
        "covers times 0 to 5",
    ),
]


def problems_of(text, folder=None):
    with pytest.raises(ModelFileError) as caught:
        build_model(parse_model(text, "m.toml", folder) if folder else parse_model(text, "m.toml"))
    return caught.value


def test_the_base_is_good():
    assert build_model(parse_model(BASE)).process.dims == (2, 2)


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "reason"), FAULTS, ids=[f"{f[3]}-{k}" for k, f in enumerate(FAULTS)]
)
def test_one_fault_gives_one_line(old, new, at, key, reason):
    text = changed((old, new))
    error = problems_of(text)
    found = [problem for problem in error.problems if problem.key == key]
    assert len(found) == 1, error
    assert reason in found[0].reason, error
    assert found[0].line == line_number(text, at), error
    assert f"m.toml:{found[0].line}: {key}: " in str(error)
    # A key that is spelt wrong is missing as well; nothing else follows from one fault.
    assert all(problem is found[0] or "must " in problem.reason for problem in error.problems)
    assert len(error.problems) <= 2
    assert all("\n" not in line for line in error.lines())


def test_all_faults_at_once_in_the_order_of_the_file():
    text = changed(
        ("w = 1.0", 'w = "2 +"'),
        ("coupling = 0.01", "copling = 0.01"),
        ("temperature = 0.5", "temperature = -1"),
        ('["X_right", "Y_right"]', '"X_rihgt"'),
        (STATE, 'state = "|0,1> + |1,1>"'),
        ("stop = 10", "stop = -1"),
        ("points = 11", "pionts = 11"),
    )
    error = problems_of(text)
    keys = [problem.key for problem in error.problems]
    assert sorted(set(keys)) == sorted(
        {
            "parameters.w",
            "bath[0].spectrum.coupling",
            "bath[0].spectrum.copling",
            "bath[1].temperature",
            "bath[1].couplings",
            "initial.state",
            "times.stop",
            "times.pionts",
        }
    )
    lines = [problem.line for problem in error.problems]
    assert lines == sorted(lines)
    # What depends on the faulty parameter is not reported as a fault of its own.
    assert "system.hamiltonian" not in keys


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("title = \n", 1, "is not valid TOML"),
        ("title = 'a'\ntitle = 'b'\n", 2, "Cannot overwrite a value"),
        ("title = 'a'\n[system\n", 2, "is not valid TOML"),
        ("[system]\nqubits = 1\n[system]\n", 3, "Cannot declare"),
        ("a = " + "[" * 5000, None, "nests too deep"),
        ("a = " + "9" * 6000 + "\n", None, "is not valid TOML"),
    ],
)
def test_a_text_that_is_not_toml(text, line, reason):
    error = problems_of(text)
    assert len(error.problems) == 1
    assert reason in error.problems[0].reason
    if line:
        assert error.problems[0].line == line


def test_an_empty_file_names_what_is_missing():
    keys = {problem.key for problem in problems_of("\n").problems}
    assert keys == {"title", "system", "bath", "initial", "times"}


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "binary.toml").write_bytes(b"title = '\xff\xfe'")
    for name, reason in (("none.toml", "No such file"), (".", "is a folder"), ("binary.toml", "must be UTF-8")):
        with pytest.raises(ModelFileError, match=reason):
            load_model(tmp_path / name)


def test_a_path_or_a_text(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(BASE, encoding="utf-8")
    assert load_model(path).model_dump() == load_model(str(path)).model_dump() == load_model(BASE).model_dump()
    assert load_model(path).origin.folder == tmp_path


class TestArrays:
    MATRIX = np.array([[1.0, 0.5j], [-0.5j, 0.0]])

    def model(self, source):
        return f"""
title = "From a file"
system = {{ hamiltonian = {source} }}
bath = [{{ name = "b", beta = 1, spectrum = {{ type = "glauber", coupling = 0.1 }}, couplings = [[0, 1], [1, 0]] }}]
initial = {{ state = "maximally mixed" }}
times = {{ stop = 1 }}
"""

    def test_npy_npz_and_inline_agree(self, tmp_path):
        np.save(tmp_path / "h.npy", self.MATRIX)
        np.savez(tmp_path / "one.npz", anything=self.MATRIX)
        np.savez(tmp_path / "two.npz", h=self.MATRIX, g=np.eye(3))
        inline = '[[1, "0.5i"], ["-0.5j", 0]]'
        for source in (
            '{ file = "h.npy" }',
            '{ file = "one.npz" }',
            '{ file = "two.npz", key = "h" }',
            f"{{ file = '{tmp_path / 'h.npy'}' }}",
            inline,
        ):
            process = build_model(parse_model(self.model(source), folder=tmp_path)).process
            np.testing.assert_array_equal(process.hamiltonian, self.MATRIX)

    def test_faults(self, tmp_path):
        np.save(tmp_path / "h.npy", self.MATRIX)
        whole = (tmp_path / "h.npy").read_bytes()
        (tmp_path / "short.npy").write_bytes(whole[:-9])
        (tmp_path / "header.npy").write_bytes(whole[:20])
        (tmp_path / "text.npy").write_text("1 0\n0 1\n", encoding="utf-8")
        (tmp_path / "zip.npz").write_bytes(b"PK\x03\x04 and nothing else")
        np.save(tmp_path / "words.npy", np.array([["a", "b"], ["c", "d"]]))
        np.save(tmp_path / "objects.npy", np.array([[{}, 1], [1, {}]], dtype=object), allow_pickle=True)
        np.save(tmp_path / "nan.npy", np.array([[np.nan, 0], [0, 1]]))
        np.save(tmp_path / "stack.npy", np.zeros((3, 2, 2)))
        np.savez(tmp_path / "two.npz", h=self.MATRIX, g=np.eye(2))
        for source, reason in {
            '{ file = "none.npy" }': "there is no file",
            '{ file = "short.npy" }': "is corrupt or cannot be read",
            '{ file = "header.npy" }': "is corrupt or cannot be read",
            '{ file = "text.npy" }': "is not a NumPy file",
            '{ file = "zip.npz" }': "is corrupt or cannot be read",
            '{ file = "words.npy" }': "must hold numbers",
            '{ file = "objects.npy" }': "is corrupt or cannot be read",
            '{ file = "nan.npy" }': "must be finite",
            '{ file = "stack.npy" }': "must be one square matrix, but its shape is (3, 2, 2)",
            '{ file = "two.npz" }': "holds 2 arrays; say which",
            '{ file = "two.npz", key = "hh" }': "Did you mean `h`?",
            '{ file = "h.npy", key = "h" }': "holds one array without a name",
            '[["a", 0], [0, 1]]': "`a` is not a parameter",
        }.items():
            error = problems_of(self.model(source), tmp_path)
            assert any(reason in problem.reason for problem in error.problems), (source, str(error))
            assert len(error.lines()) == 1, str(error)


def test_an_unknown_built_in_model():
    with pytest.raises(InputError, match="Did you mean `dark-state`"):
        builtin_model("dark-stat")


def test_a_model_made_in_python():
    spec = OpenSystemSpec.model_validate(parse_model(BASE).model_dump(exclude_unset=True))
    assert build_model(spec).process.bath_names == ("hot", "cold")


def test_the_schema_describes_every_key():
    made = schema()
    tables = made["$defs"].values()
    assert all(table["additionalProperties"] is False for table in tables if "properties" in table)
    assert {one["$ref"].rsplit("/", 1)[1] for one in made["anyOf"]} >= {"OpenSystemSpec", "ChannelSpec"}
    undescribed = [
        (table["title"], key)
        for table in tables
        for key, field in table.get("properties", {}).items()
        if "description" not in field and "$ref" not in field and "const" not in field
    ]
    assert not undescribed
    assert {"OhmicSpec", "BathSpec", "TimesSpec"} <= set(made["$defs"])
