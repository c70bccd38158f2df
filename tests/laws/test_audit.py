"""The audit: every law holds on random physics, and each is seen to fail on a broken process."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.physics import betas, dimensions, random_davies, random_state, seeds, two_level

from loschmidt.evolution import MatrixExponential, evolve
from loschmidt.laws import LAWS, Audit, Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.processes import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
    local_generator,
    partial_secular_generator,
    redfield_generator,
)
from loschmidt.processes.davies import davies_dissipator
from loschmidt.states.bohr import bohr_frequencies, energy_levels

TIMES = np.linspace(0.0, 40.0, 21)
PLUS = np.full((2, 2), 0.5)
LOWER, RAISE = np.array([[0, 1], [0, 0]]), np.array([[0, 0], [1, 0]])


def audited(process, state, times=TIMES, **options) -> Audit:
    return audit(build_ledger(evolve(process, state, times, **options)))


def jumps(beta: float, down: float, up: float):
    return jump_dissipator("cold", [LOWER, RAISE], [down, up], beta=beta)


@given(seed=seeds, d=dimensions, hot=betas, cold=betas, rank=st.integers(1, 5))
def test_random_davies_processes_keep_all_laws(seed, d, hot, cold, rank):
    process = random_davies(seed, d, (hot, cold))
    found = audited(process, random_state(np.random.default_rng(seed), d, min(rank, d)))
    assert not found.violated, [f for f in found.findings if f.verdict is Verdict.VIOLATED]
    assert {f.verdict for f in found.findings} <= {Verdict.HOLDS, Verdict.TIGHT}


@given(seed=seeds, d=dimensions, beta=betas)
def test_matrix_exponential_keeps_all_laws_too(seed, d, beta):
    process = random_davies(seed, d, (beta,))
    found = audited(process, random_state(np.random.default_rng(seed), d), method=MatrixExponential())
    assert {f.verdict for f in found.findings} <= {Verdict.HOLDS, Verdict.TIGHT}


def test_broken_kms_rate_is_caught():
    beta = 1.0
    good = audited(gkls_generator(np.diag([0.0, 1.0]), [jumps(beta, 0.1, 0.1 * np.exp(-beta))]), PLUS)
    assert good["detailed balance"].verdict is Verdict.TIGHT
    broken = audited(gkls_generator(np.diag([0.0, 1.0]), [jumps(beta, 0.1, 0.1 * np.exp(-beta) * 1.01)]), PLUS)
    assert broken["detailed balance"].verdict is Verdict.VIOLATED
    assert broken["Gibbs fixed point"].verdict is Verdict.VIOLATED
    assert "beta" in broken["detailed balance"].remedy
    assert broken.violated


def test_inverted_rates_break_the_second_law():
    found = audited(gkls_generator(np.diag([0.0, 1.0]), [jumps(2.0, 0.01, 0.1)]), np.diag([0.9, 0.1]))
    assert found["second law"].verdict is Verdict.EXEMPT  # the bath does not keep its Gibbs state
    assert found["Gibbs fixed point"].verdict is Verdict.VIOLATED
    assert found.violated


def test_sign_of_heat_flipped_is_caught():
    evolution = evolve(two_level(), PLUS, TIMES)
    found = audit(build_ledger(replace(evolution, heat=-evolution.heat)))
    assert found["first law"].verdict is Verdict.VIOLATED
    assert found["first law"].margin < -0.01


def test_sign_of_the_dissipator_flipped_is_caught():
    process = two_level()
    bath = process.dissipators[0]
    flipped = replace(process, dissipators=(replace(bath, class_rates=-bath.class_rates),))
    evolution = replace(evolve(process, PLUS, TIMES), process=flipped)
    found = audit(build_ledger(evolution))
    assert found["entropy balance"].verdict is Verdict.VIOLATED
    assert found.validity[2].verdict is Verdict.DOUBTFUL


def test_levels_merged_by_a_wrong_grouping_are_caught():
    # Two levels 0.2 apart treated as one: the bath no longer keeps the Gibbs state it promises.
    hamiltonian = np.diag([0.0, 1.0, 1.2])
    bath = Bath("cold", 1.0, GlauberSpectrum(0.1), [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    coarse = energy_levels(hamiltonian, tolerance=0.5)
    wrong = davies_dissipator(bath, coarse, bohr_frequencies(coarse), reference=np.asarray(hamiltonian, dtype=complex))
    process = replace(davies_generator(hamiltonian, [bath]), dissipators=(wrong,))
    found = audited(process, np.diag([0.2, 0.3, 0.5]), method=MatrixExponential())
    assert found["Gibbs fixed point"].verdict is Verdict.VIOLATED
    assert found.violated


def test_equal_gaps_split_by_a_wrong_grouping_are_caught():
    # A ladder with equal gaps needs one jump operator for both; a vanishing tolerance splits them.
    hamiltonian = np.diag([0.0, 1.0, 2.0 + 1e-13])
    bath = Bath("cold", 1.0, GlauberSpectrum(0.1), [[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    split = energy_levels(hamiltonian, tolerance=0.0)
    bohr = bohr_frequencies(split, width=1e-15)
    assert len(bohr.frequencies) == 7
    wrong = davies_dissipator(bath, split, bohr, reference=np.asarray(hamiltonian, dtype=complex))
    process = replace(davies_generator(hamiltonian, [bath]), dissipators=(wrong,))
    found = audited(process, np.full((3, 3), 1 / 3), method=MatrixExponential())
    assert found["secular approximation"].verdict is Verdict.DOUBTFUL


def test_state_that_does_not_follow_the_equation_is_caught():
    evolution = evolve(two_level(), PLUS, TIMES)
    moved = evolution.components.copy()
    moved[-1] = moved[0]
    found = audit(build_ledger(replace(evolution, components=moved)))
    assert found["first law"].verdict is Verdict.VIOLATED
    assert found["entropy balance"].verdict is Verdict.VIOLATED
    assert found["first law"].place == "t = 40"


def test_trace_and_positivity_are_seen_to_fail():
    evolution = evolve(two_level(), np.diag([0.3, 0.7]), TIMES)
    shifted = audit(build_ledger(replace(evolution, components=evolution.components * 1.001)))
    assert shifted["trace"].verdict is Verdict.VIOLATED
    negative = evolution.components.copy()
    negative[5] = np.diag([1.01, -0.01])
    found = audit(build_ledger(replace(evolution, components=negative)))
    assert found["positivity"].verdict is Verdict.VIOLATED
    assert found["second law"].verdict is Verdict.UNTESTED
    assert "not positive" in found["second law"].reason


def test_nan_never_passes():
    ledger = build_ledger(evolve(two_level(), PLUS, TIMES))
    values = ledger.data["entropy_production_rate"].values.copy()
    values[3] = np.nan
    broken = Ledger(ledger.data.assign(entropy_production_rate=("time", values)))
    assert audit(broken)["second law"].verdict is Verdict.VIOLATED


def two_qubits():
    """Two coupled qubits between two baths, H = ω₁ n₁ + ω₂ n₂ + g (σ₊σ₋ + h.c.); open-systems.md section 9."""
    one, lower = np.eye(2), LOWER.astype(complex)
    first, second = np.kron(lower, one), np.kron(one, lower)
    free = 2.0 * first.conj().T @ first + 1.0 * second.conj().T @ second
    hopping = first.conj().T @ second + second.conj().T @ first
    baths = [
        Bath("hot", 1 / 1.2, FlatSpectrum(0.01, 0.0), first + first.conj().T),
        Bath("cold", 1.0, FlatSpectrum(0.01, 0.0), second + second.conj().T),
    ]
    return free, hopping, baths


def test_local_equation_with_the_full_hamiltonian_is_exempt_from_clausius_and_says_what_to_use():
    free, hopping, baths = two_qubits()
    full = free + 0.2 * hopping
    process = local_generator(full, baths, free_hamiltonian=free, energy=full)
    from loschmidt.evolution import steady_state

    found = audited(process, steady_state(process).state, np.linspace(0, 10, 5))
    assert found["second law"].verdict is Verdict.EXEMPT
    assert "Gibbs state" in found["second law"].reason
    assert "energy" in found["second law"].remedy
    assert not found.violated


def test_local_equation_with_the_free_hamiltonian_obeys_clausius_and_reports_switching_power():
    free, hopping, baths = two_qubits()
    process = local_generator(free + 0.2 * hopping, baths, free_hamiltonian=free, energy=free)
    ledger = build_ledger(evolve(process, np.eye(4) / 4, np.linspace(0, 100, 51)))
    found = audit(ledger)
    assert not found.violated
    assert found["second law"].verdict in (Verdict.HOLDS, Verdict.TIGHT)
    assert "switching_work" in ledger


def test_davies_beyond_its_range_is_doubtful_and_names_the_equation_to_use():
    free, hopping, baths = two_qubits()
    degenerate = free - np.kron(np.diag([0.0, 1.0]), np.eye(2))  # both qubits at ω = 1
    found = audited(davies_generator(degenerate + 1e-4 * hopping, baths), np.eye(4) / 4)
    secular = found["secular approximation"]
    assert secular.verdict is Verdict.DOUBTFUL
    assert secular.margin < 0.1
    assert "Redfield" in secular.remedy


def test_redfield_is_exempt_where_it_breaks_the_second_law():
    bath = Bath("cold", 1.0, OhmicSpectrum(0.1), [[1, 1], [1, -0.5]])
    process = redfield_generator(np.diag([0.0, 1.0]), [bath])
    assert not process.is_completely_positive()
    found = [
        audited(process, [np.cos(a), np.exp(1j * b) * np.sin(a)], np.linspace(0, 2, 9))
        for a in np.linspace(0.1, 1.5, 8)
        for b in np.linspace(0, 6, 8)
    ]
    assert not any(one.violated for one in found)
    assert any(one["positivity"].verdict is Verdict.EXEMPT for one in found)
    assert all(one["complete positivity"].verdict is Verdict.DOUBTFUL for one in found)


def test_partial_secular_equation_keeps_all_laws():
    hamiltonian = np.diag([0.0, 1.0, 1.001])
    bath = Bath("cold", 1.0, GlauberSpectrum(0.1), [[0, 1, 1], [1, 0, 0], [1, 0, 0]])
    process = partial_secular_generator(hamiltonian, [bath], cluster_width=0.01)
    found = audited(process, np.diag([0.2, 0.3, 0.5]))
    assert not found.violated
    assert found["Gibbs fixed point"].verdict is Verdict.TIGHT


def test_each_law_is_untested_with_a_reason_where_an_account_is_missing():
    ledger = build_ledger(evolve(two_level(), PLUS, TIMES))
    for law in (law for law in LAWS if law.needs and law.concerns(ledger)):
        without = Ledger(ledger.data.drop_vars(law.needs[0]))
        finding = audit(without)[law.name]
        assert finding.verdict is Verdict.UNTESTED
        assert finding.reason


def test_bath_without_temperature_leaves_the_second_law_untested():
    process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.1])])
    found = audited(process, PLUS)
    assert found["second law"].verdict is Verdict.UNTESTED
    assert "temperature" in found["second law"].reason
    assert found["first law"].verdict is Verdict.TIGHT


def test_saved_ledger_audits_to_the_same_findings(tmp_path):
    ledger = build_ledger(evolve(two_level(), PLUS, TIMES), title="qubit")
    again = Ledger.load(ledger.save(tmp_path / "ledger.nc"))
    assert audit(again) == audit(ledger)
    assert again.data.identical(ledger.data)


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_scaled_model_gives_the_same_verdicts_and_numbers(scale):
    def run(s):
        bath = Bath("cold", 2.0 / s, OhmicSpectrum(0.01), [[0, 1, 0.3], [1, 0, 1], [0.3, 1, 0.2]])
        other = Bath("hot", 0.5 / s, GlauberSpectrum(0.01 * s), [[0, 1, 0], [1, 0, 1], [0, 1, 0]])
        process = davies_generator(s * np.diag([0.0, 1.0, 2.2]), [bath, other])
        return build_ledger(evolve(process, [0.6, 0.64j, 0.48], TIMES / s))

    plain, scaled = run(1.0), run(scale)
    for name in ("entropy", "entropy_production", "population_entropy_production", "coherence_entropy_production"):
        np.testing.assert_allclose(scaled[name], plain[name], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(scaled["heat"] / scale, plain["heat"], rtol=1e-9, atol=1e-12)
    assert [f.verdict for f in audit(scaled).findings] == [f.verdict for f in audit(plain).findings]
