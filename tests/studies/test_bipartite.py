"""Model files of several parts: what they mean, and one clear line for each fault."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import ModelFileError
from loschmidt.studies import audit_saved, builtin_model, parse_model, run_model

PART_A = '[[part]]\nname = "A"\nsites = ["a"]\nhamiltonian = "w*|1><1|"\ntemperature = 0.5\n'
PART_B = '[[part]]\nname = "B"\nsites = ["b"]\nhamiltonian = "w*|1><1|"\nbeta = 0.5\n'
EXCHANGE = '[interaction]\nhamiltonian = "g*(Sp_a*Sm_b + Sm_a*Sp_b)"\n'
TIMES = "[times]\nvalues = [0, 0.3, 0.6]\n"


def bipartite_file(*tables, a=PART_A, b=PART_B, coupling=EXCHANGE, times=TIMES, head=""):
    text = f'title = "t"\nkind = "bipartite"\n{head}[parameters]\nw = 1\ng = 1\n'
    return text + a + b + coupling + times + "".join(f"{table}\n" for table in tables)


def run(*tables, **parts):
    return run_model(parse_model(bipartite_file(*tables, **parts)))


def test_product_of_gibbs_states():
    done = run()
    assert float(done.ledger["mutual_information"][-1]) == pytest.approx(0.081108, abs=5e-7)
    assert done.ledger.data.attrs["equation"] == "closed A + B"
    assert not done.audit.violated


def test_correlations_are_added_and_leave_the_parts_alone():
    chi = '[initial]\ncorrelations = "-0.1i*|0,1><1,0| + h.c."'
    ledger, plain = run(chi).ledger, run().ledger
    np.testing.assert_allclose(ledger["part_entropy"][0], plain["part_entropy"][0], atol=1e-15)
    assert float(ledger["mutual_information"][0]) > 0.05
    assert float(ledger["part_heat"][-1, 0]) < 0
    assert "second law of heat exchange" in [one.name for one in run(chi).audit.findings if one.verdict == "EXEMPT"]


def test_parts_may_start_in_states_of_their_own_or_jointly():
    own = run(a=PART_A.replace("temperature = 0.5", 'state = "|1>"'), b=PART_B.replace("beta = 0.5", 'state = "|0>"'))
    joint = run('[initial]\nstate = "|1,0>"')
    np.testing.assert_allclose(own.ledger["part_energy"], joint.ledger["part_energy"], atol=1e-14)
    assert "exchanged_entropy" not in own.ledger
    # A temperature beside a state is what the part is compared with.
    assert float(joint.ledger["part_displacement"][0, 0]) > 1


def test_matrices_and_levels_and_three_parts():
    third = '[[part]]\nname = "C"\nhamiltonian = [[0, 0.1], [0.1, 0.7]]\nstate = "maximally mixed"\n'
    levels = PART_B.replace('sites = ["b"]', 'levels = ["g", "m", "e"]').replace("w*|1><1|", "|m><m| + 2*|e><e|")
    coupling = '[interaction]\nhamiltonian = "0.3*X_a*(|g><m|[B] + |m><g|[B]) + 0.2*Z_a*X_C"\n'
    done = run(third, b=levels, coupling=coupling)
    assert done.ledger["part_entropy"].part.values.tolist() == ["A", "B", "C"]
    assert done.ledger.data.attrs["parts"] == "2 3 2"
    assert not done.audit.violated


def test_drives_of_the_interaction_and_of_a_part():
    drives = (
        '[[drive]]\noperator = "X_a*X_b"\ncoefficient = "0.3*sin(2*t)"',
        '[[drive]]\npart = "B"\noperator = "X"\ncoefficient = "0.2*cos(t)"',
    )
    done = run(*drives, times="[times]\nstop = 2\npoints = 9\n")
    assert abs(float(done.ledger["part_work"][-1, 1])) > 1e-3
    assert not done.ledger["part_work"].values[:, 0].any()
    assert abs(float(done.ledger["work"][-1])) > 1e-3
    assert not done.audit.violated


BATH = '[[bath]]\nname = "hot"\ntemperature = 3\nspectrum = { type = "ohmic", coupling = 0.02 }\ncouplings = "X_a"\n'


def test_baths_of_the_whole():
    done = run(BATH, times="[times]\nstop = 20\npoints = 11\n")
    assert float(done.ledger["heat"][-1, 0]) > 0
    assert done.audit["second law"].verdict == "HOLDS"
    assert done.audit["entropy conservation"].verdict == "EXEMPT"
    assert not done.audit.violated
    local = '[equation]\ntype = "local"\nfree_hamiltonian = "w*|1><1|[a] + w*|1><1|[b]"\nenergy = "free"\n'
    other = run(BATH, local)
    assert not other.ledger.data.attrs["energy_is_whole"]
    assert float(other.ledger["heat"][-1, 0]) != pytest.approx(0, abs=1e-6)
    assert not other.audit.violated


def test_reversal_at_a_time():
    done = run("[reversal]\ntime = 0.6")
    np.testing.assert_allclose(done.ledger["reversal_distance"], [0.0, 0.13488], atol=5e-6)
    assert done.audit["erased correlations"].verdict == "TIGHT"
    assert "Undone" in done.ledger.data.attrs["summary"]
    early = run("[reversal]\ntime = 0.3")
    assert float(early.ledger["erased_information"]) < float(done.ledger["erased_information"])


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    text = bipartite_file("[reversal]", '[initial]\ncorrelations = "-0.1i*|0,1><1,0| + h.c."')
    text = text.replace("w = 1\ng = 1", f"w = {scale}\ng = {scale}").replace(
        "temperature = 0.5", f"temperature = {0.5 * scale}"
    )
    text = text.replace("beta = 0.5", f"beta = {0.5 / scale}").replace("0.3, 0.6", f"{0.3 / scale}, {0.6 / scale}")
    done, plain = run_model(parse_model(text)), run('[initial]\ncorrelations = "-0.1i*|0,1><1,0| + h.c."')
    assert not done.audit.violated
    np.testing.assert_allclose(done.ledger["part_entropy"], plain.ledger["part_entropy"], atol=1e-11)
    np.testing.assert_allclose(done.ledger["part_heat"] / scale, plain.ledger["part_heat"], atol=1e-11)


def test_units_of_the_laboratory():
    text = bipartite_file(times='[times]\nstop = "2 ns"\npoints = 5\n', head="").replace(
        "w = 1\ng = 1", 'w = "5 GHz"\ng = "0.1 GHz"'
    )
    text = text.replace("temperature = 0.5", 'temperature = "50 mK"').replace("beta = 0.5", 'temperature = "300 mK"')
    text = text.replace("[parameters]", '[units]\ntime = "ns"\nenergy = "GHz"\n[parameters]')
    done = run_model(parse_model(text))
    assert done.units.label("energy") == "h·GHz"
    assert not done.audit.violated
    # k_B × 50 mK is h × 1.0418 GHz.
    assert float(done.ledger["part_inverse_temperature"][0]) == pytest.approx(1 / (2 * np.pi * 1.041831), rel=1e-6)
    assert float(done.ledger["part_heat"][-1, 0]) > 0


@pytest.mark.parametrize("name", ["heat-between-qubits", "correlated-qubits", "strong-pair"])
def test_builtin_models_break_no_law_and_come_back_from_disk(name, tmp_path):
    done = run_model(builtin_model(name))
    assert not done.audit.violated
    again = audit_saved(done.ledger.save(tmp_path / "ledger.nc"))
    assert again.audit.as_dict() == done.audit.as_dict()


def test_heat_from_cold_to_hot():
    ledger = run_model(builtin_model("correlated-qubits")).ledger.data.sel(time=0.4, method="nearest")
    assert float(ledger["part_heat"][0]) == pytest.approx(-0.0943608, abs=5e-8)


FAULTS = {
    "one part": (bipartite_file(b=""), "part"),
    "no sites": (bipartite_file(a=PART_A.replace('sites = ["a"]\n', "")), "part[0]"),
    "same name": (bipartite_file(b=PART_B.replace('name = "B"', 'name = "A"')), "part[1].name"),
    "same site": (bipartite_file(b=PART_B.replace('"b"', '"a"')), "part[1]"),
    "no start": (bipartite_file(a=PART_A.replace("temperature = 0.5\n", "")), "part[0]"),
    "two temperatures": (bipartite_file(a=PART_A + "beta = 2\n"), "part[0].beta"),
    "wrong operator": (bipartite_file(coupling='[interaction]\nhamiltonian = "X_c"\n'), "interaction.hamiltonian"),
    "not Hermitian": (bipartite_file(coupling='[interaction]\nhamiltonian = "Sp_a"\n'), "interaction.hamiltonian"),
    "unknown part": (bipartite_file('[[drive]]\npart = "Q"\noperator = "X"\ncoefficient = 1'), "drive[0].part"),
    "wrong drive": (bipartite_file('[[drive]]\npart = "B"\noperator = "X_a"\ncoefficient = 1'), "drive[0].operator"),
    "correlations of one part": (bipartite_file('[initial]\ncorrelations = "0.01*Z_a"'), "initial.correlations"),
    "too much correlation": (bipartite_file('[initial]\ncorrelations = "0.4*X_a*X_b"'), "initial.correlations"),
    "both": (bipartite_file('[initial]\nstate = "|0,1>"\ncorrelations = "0.1*X_a*X_b"'), "initial.correlations"),
    "not a time": (bipartite_file("[reversal]\ntime = 0.5"), "reversal.time"),
    "start": (bipartite_file("[reversal]\ntime = 0"), "reversal.time"),
    "undone bath": (bipartite_file(BATH, "[reversal]"), "reversal"),
    "steady of a closed whole": (bipartite_file('[initial]\nstate = "steady"'), "initial.state"),
    "bath without couplings": (bipartite_file('[[bath]]\nname = "h"\ntemperature = 1\n'), "bath[0]"),
    "unknown key": (bipartite_file("[reversal]\ntme = 1"), "reversal.tme"),
    "wrong method": (bipartite_file('[method]\nname = "secular"'), "method.name"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_one_clear_line(name):
    text, key = FAULTS[name]
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text))
    assert any(f" {key}: " in line for line in caught.value.lines()), caught.value.lines()


def test_all_faults_at_once():
    text = bipartite_file(
        '[[drive]]\npart = "Q"\noperator = "X"\ncoefficient = 1',
        a=PART_A.replace("w*|1><1|", "w*|7><7|"),
        coupling='[interaction]\nhamiltonian = "X_c"\n',
        times="[times]\nstop = -1\n",
    )
    with pytest.raises(ModelFileError) as caught:
        run_model(parse_model(text))
    told = "\n".join(caught.value.lines())
    for key in ("part[0].hamiltonian", "interaction.hamiltonian", "drive[0].part", "times.stop"):
        assert f" {key}: " in told, told


def test_an_unknown_key_hides_no_other_fault():
    text = bipartite_file("[reversal]\ntme = 1", coupling='[interaction]\nhamiltonian = "X_c"\nstrength = 2\n')
    with pytest.raises(ModelFileError) as caught:
        parse_model(text)
    told = "\n".join(caught.value.lines())
    for key in ("reversal.tme", "interaction.strength", "interaction.hamiltonian"):
        assert f" {key}: " in told, told
