"""Every built-in model loads, builds, runs, breaks no law, and is what its source says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from loschmidt.evolution.steady import steady_state
from loschmidt.models import MODELS
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.studies import build_model, builtin_model, parse_model, run_model
from loschmidt.units import UnitSystem

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))


@pytest.mark.parametrize("name", MODELS)
def test_it_tells_what_it_is(name):
    model = MODELS[name]
    assert model.name == name
    assert model.title
    assert model.description.endswith(".")
    assert f"{{{model.source}," in (ROOT / "refs.bib").read_text(encoding="utf-8")
    year = "".join(filter(str.isdigit, model.source))[:4]
    assert year in model.citation
    assert model.text.endswith("\n")
    assert max(map(len, model.text.splitlines())) <= 120


@pytest.mark.parametrize("name", MODELS)
def test_it_runs_and_breaks_no_law(name):
    run = run_model(builtin_model(name))
    assert not run.audit.violated, [f for f in run.audit.findings if f.verdict.name == "VIOLATED"]
    exempt = {finding.name for finding in run.audit.findings if finding.verdict.name == "EXEMPT"}
    if "entropy_production" in run.ledger and "Clausius inequality" not in exempt:
        assert float(run.ledger["entropy_production"][-1]) > 0
    assert run.ledger.data.attrs["model"] == MODELS[name].text


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_the_built_in_models(path):
    assert path.read_text(encoding="utf-8") == MODELS[path.stem].text


def test_there_are_examples():
    assert "qubit-relaxation" in {path.stem for path in EXAMPLES}


def steady_heat(name, text=None):
    """Return the state and the heat currents of the steady state."""
    prepared = build_model(parse_model(text or MODELS[name].text))
    found = steady_state(prepared.process)
    return prepared.process, found.state, found.heat_rates


def occupation(energy, temperature):
    return 1 / np.expm1(energy / temperature)


def test_the_current_through_a_qubit_has_its_closed_form():
    hot, cold = occupation(1.0, 2.0), occupation(1.0, 0.5)
    expected = 0.02 * 0.03 * (hot - cold) / (0.02 * (2 * hot + 1) + 0.03 * (2 * cold + 1))
    _, _, heat = steady_heat("qubit-two-baths")
    np.testing.assert_allclose(heat, [expected, -expected], rtol=1e-10)


def flux(lower, upper, rates):
    """Return the flux of a field of strength λ between two levels, and the steady populations (g, m, e)."""
    (gain_h, loss_h, pair_h), (gain_c, loss_c, pair_c), strength, decoherence = rates
    transfer = 2 * strength**2 / decoherence
    matrix = np.zeros((3, 3))
    for (low, high), up, down in ((pair_h, gain_h, loss_h), (pair_c, gain_c, loss_c)):
        matrix += jump(low, high, up) + jump(high, low, down)
    matrix += jump(lower, upper, transfer) + jump(upper, lower, transfer)
    populations = np.linalg.lstsq(np.vstack([matrix, np.ones(3)]), [0, 0, 0, 1], rcond=None)[0]
    return transfer * (populations[upper] - populations[lower])


def jump(start, end, rate):
    matrix = np.zeros((3, 3))
    matrix[end, start] += rate
    matrix[start, start] -= rate
    return matrix


def test_the_two_wirings_of_the_maser_have_their_closed_flux():
    wh, wc, kappa, strength = 3.0, 1.0, 0.02, 0.02
    hot, cold = occupation(wh, 6.0), occupation(wc, 1.0)
    g, m, e = 0, 1, 2
    gain_h, loss_h, gain_c, loss_c = kappa * hot, kappa * (hot + 1), kappa * cold, kappa * (cold + 1)
    wirings = {
        # name: lower and upper level of the field, cold pair, decoherence of the field's pair
        "three-level-maser": (g, m, (m, e), (gain_h + gain_c) / 2),
        "three-level-amplifier": (m, e, (g, m), (loss_h + loss_c) / 2),
    }
    found = {}
    for name, (lower, upper, pair, decoherence) in wirings.items():
        expected = flux(lower, upper, ((gain_h, loss_h, (g, e)), (gain_c, loss_c, pair), strength, decoherence))
        _, _, heat = steady_heat(name)
        np.testing.assert_allclose(heat, [wh * expected, -wc * expected], rtol=1e-10)
        found[name] = expected
    assert found["three-level-maser"] > 0
    assert abs(found["three-level-maser"] / found["three-level-amplifier"] - 1) > 0.01


def test_half_of_the_excitation_stays_in_the_dark_state():
    prepared = build_model(builtin_model("dark-state"))
    dark = np.array([0, 1, -1]) / np.sqrt(2)
    run = run_model(builtin_model("dark-state"))
    weights = np.einsum("a,tab,b->t", dark, run.evolution.states, dark).real
    np.testing.assert_allclose(weights, weights[0], rtol=1e-12)
    assert weights[0] == pytest.approx(0.9 / 2 + 0.1 / 3)
    assert steady_state(prepared.process, prepared.state).multiplicity > 1


def test_neighbouring_coherences_of_the_ladder_feed_one_another():
    process = build_model(builtin_model("equal-gap-ladder")).process
    coherence = np.zeros((5, 5), dtype=complex)
    coherence[1, 2] = 1.0
    assert abs(process.dissipators[0].apply(coherence)[0, 1]) > 1e-3


def test_local_heat_by_the_full_hamiltonian_flows_from_cold_to_hot():
    text = MODELS["two-qubits-local"].text
    _, _, heat = steady_heat("two-qubits-local", text.replace('energy = "free"', 'energy = "full"'))
    assert heat[0] < 0 < heat[1]
    _, _, heat = steady_heat("two-qubits-global")
    assert heat[1] < 0 < heat[0]


def test_the_reset_brings_the_transmon_to_its_ground_level():
    run = run_model(builtin_model("qubit-reset"))
    at = int(np.searchsorted(run.evolution.times, 0.5))
    ground = np.einsum("iaia->", run.evolution.states[at].reshape(3, 4, 3, 4)[:1, :, :1]).real
    assert 0.98 < ground < 1
    gigahertz = run.units.to_lab(run.ledger["energy"].values, "energy")
    assert gigahertz[0] == pytest.approx(6.343, rel=1e-6)


def test_experiments_have_units():
    open_systems = [name for name in MODELS if builtin_model(name).kind == "open-system"]
    with_units = {name for name in open_systems if build_model(builtin_model(name)).units != UnitSystem()}
    assert with_units == {"qubit-reset", "photon-counting"}
    assert isinstance(build_model(builtin_model("landau-zener")).process, DrivenGenerator)


def test_the_counted_qubit_has_the_cumulants_of_a_birth_and_a_death():
    hot, cold = occupation(1.3, 2.0), occupation(1.3, 0.5)
    a, b = 0.02 * 0.05 * hot * (cold + 1), 0.02 * 0.05 * (hot + 1) * cold
    total = 0.02 * (2 * hot + 1) + 0.05 * (2 * cold + 1)
    ledger = run_model(builtin_model("counted-qubit")).ledger
    expected = [
        (a - b) / total,
        (a + b) / total - 2 * (a - b) ** 2 / total**3,
        (a - b) / total - 6 * (a**2 - b**2) / total**3 + 12 * (a - b) ** 3 / total**5,
    ]
    np.testing.assert_allclose(ledger["cumulant"].sel(counted="quanta from hot")[:3], expected, rtol=1e-10)
    s = ledger["counting_field"].sel(curve="quanta from hot").values
    theta = -total / 2 + np.sqrt(total**2 / 4 + a * np.expm1(s) + b * np.expm1(-s))
    np.testing.assert_allclose(ledger["generating_function"].sel(curve="quanta from hot"), theta, atol=1e-14)
    ratio = ledger["thermodynamic_uncertainty"].sel(counted_current="quanta from hot")
    production = 1.3 * (1 / 0.5 - 1 / 2.0) * expected[0]
    assert float(ratio) == pytest.approx(expected[1] * production / expected[0] ** 2, rel=1e-10)


def test_the_precise_maser_beats_classical_jumps():
    run = run_model(builtin_model("precise-maser"))
    found = run.audit["thermodynamic uncertainty"]
    assert found.verdict == "EXEMPT"
    assert found.margin == pytest.approx(-0.040674, abs=1e-5)
    assert float(run.ledger["kinetic_uncertainty"].min()) > 1
    assert list(run.ledger.data["symmetric_curve"].values) == ["entropy", "quanta from hot"]


def test_the_drive_is_felt_by_the_counted_photons():
    """The qubit starts in equilibrium, so without a drive it would emit as often as it absorbs."""
    text = MODELS["photon-counting"].text
    found = {}
    for name, said in (("driven", text), ("still", text.replace('drive = "0.5 GHz"', 'drive = "0 GHz"'))):
        ledger = run_model(parse_model(said)).ledger
        absorbed, emitted = ledger["jump_count"].values
        found[name] = emitted - absorbed
        error = float(ledger.error("jump_count").sum())
        assert found[name] == pytest.approx(0.0 if name == "still" else 0.23, abs=error)
        assert abs(float(ledger["integral_theorem_residual"])) < float(ledger.error("integral_theorem_residual"))
    assert found["driven"] > 0.1


def test_the_stroke_makes_coherence_and_obeys_its_theorem():
    ledger = run_model(builtin_model("otto-stroke")).ledger
    assert float(ledger["generated_coherence"][-1]) > 1e-3
    assert float(ledger["absolute_irreversibility"]) == pytest.approx(0.0, abs=1e-9)
    assert float(ledger["trajectory_exponential"][0]) == pytest.approx(1.0, abs=0.02)
