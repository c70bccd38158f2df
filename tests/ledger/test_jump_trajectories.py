"""What quantum-jump trajectories add to a ledger: laws that hold, and each of them seen to fail on broken physics."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import evolve
from loschmidt.evolution.jumps import JumpObservation, jump_trajectories
from loschmidt.evolution.steady import steady_state
from loschmidt.laws import Verdict, audit
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.ledger.jump_balance import jump_entropy_defects, why_not_reversible
from loschmidt.ledger.jump_trajectories import with_jump_trajectories
from loschmidt.processes import Bath, davies_generator, gkls_generator, jump_dissipator
from loschmidt.processes.nonthermal import squeezed_dissipator

TIMES = np.linspace(0.0, 6.0, 5)
PRODUCT = np.kron([[0.5, 0.4], [0.4, 0.5]], [[0.7, 0.2j], [-0.2j, 0.3]])
OF_TRAJECTORIES = {
    "trajectory heat",
    "trajectory work",
    "trajectory switching work",
    "quantum heat",
    "trajectory means",
    "trajectory states",
    "integral fluctuation theorem",
    "detailed fluctuation theorem",
    "absolute irreversibility",
}


def ensemble_of(process, state, count=10_000, seed=3, times=TIMES, **look):
    return jump_trajectories(process, state, times, count, np.random.default_rng(seed), JumpObservation(**look))


@pytest.fixture(scope="module")
def stroke():
    """Trajectories of a drive that does not commute with itself, and the ledger without them."""
    ensemble = ensemble_of(ensembles.stroke(), ensembles.STATE)
    return ensemble, build_ledger(ensemble.evolution)


def book_of(ensemble, evolution=None, **options) -> Ledger:
    return with_jump_trajectories(
        build_ledger(ensemble.evolution if evolution is None else evolution), ensemble, **options
    )


def verdicts(book: Ledger) -> dict[str, Verdict]:
    return {one.name: one.verdict for one in audit(book).findings if one.name in OF_TRAJECTORIES}


CASES = {
    "coherent start": (ensembles.qubit(), ensembles.STATE),
    "pure start": (ensembles.qubit(), [0.6, 0.8j]),
    "equal gaps": (ensembles.ladder(), np.full((3, 3), 0.2) + np.diag([0.1, 0.3, 0.0])),
    "rotating frame": (ensembles.fluorescence(np.diag([0.0, 1.0])), ensembles.STATE),
    "local equation, free heat": (ensembles.two_qubits("free"), PRODUCT),
}


@pytest.mark.parametrize("name", CASES)
def test_no_law_of_trajectories_is_broken(name):
    found = verdicts(book_of(ensemble_of(*CASES[name])))
    assert set(found.values()) <= {Verdict.HOLDS, Verdict.TIGHT, Verdict.UNTESTED}, found
    assert found["trajectory heat"] is found["trajectory means"] is found["trajectory states"] is Verdict.TIGHT
    assert found["integral fluctuation theorem"] is Verdict.TIGHT
    assert found["absolute irreversibility"] is Verdict.HOLDS
    assert "trajectory work" not in found


def test_no_law_is_broken_by_a_stroke_that_does_not_commute(stroke):
    found = verdicts(with_jump_trajectories(stroke[1], stroke[0]))
    assert found.pop("absolute irreversibility") is Verdict.HOLDS
    assert found.pop("detailed fluctuation theorem") is Verdict.UNTESTED
    assert set(found.values()) == {Verdict.TIGHT}
    assert {"trajectory work", "trajectory heat", "trajectory means", "integral fluctuation theorem"} <= set(found)


def test_errors_are_not_so_large_that_nothing_is_tested():
    book = book_of(ensemble_of(ensembles.qubit(), ensembles.STATE, 40_000))
    size = float(abs(book["heat"].values[-1, 1]))
    assert float(book.error("trajectory_heat")[-1, 1]) < 0.1 * size
    assert float(book.error("trajectory_mean_residual")[0]) < 0.2 * float(book["entropy_production"][-1])
    assert float(book.error("integral_theorem_residual")) < 0.05
    assert (book.error("trajectory_heat").values[0] == 0).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("beta", "strength", "state"),
    [
        (2.0, 0.1, np.diag([1 - 1e-9, 1e-9])),
        (20.0, 0.1, np.diag([0.5, 0.5])),
        (1.0, 1e-4, [1.0, 0.0]),
        (math.inf, 1e-5, ensembles.STATE),
        (math.inf, 0.1, ensembles.STATE),
    ],
    ids=["almost pure", "cold", "hardly coupled", "zero temperature, hardly coupled", "zero temperature"],
)
def test_what_is_too_rare_for_the_sample_breaks_no_law(seed, beta, strength, state):
    spectrum = replace(ensembles.spectrum(), coupling=strength)
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", beta, spectrum, ensembles.X)])
    found = verdicts(book_of(ensemble_of(process, state, 300, seed)))
    assert Verdict.VIOLATED not in found.values(), found


def test_a_strongly_irreversible_process_cannot_be_tested_and_says_so():
    book = book_of(ensemble_of(ensembles.qubit((0.1, 6.0)), ensembles.STATE, 1000, times=[0.0, 100.0]))
    finding = audit(book)["integral fluctuation theorem"]
    assert finding.verdict is Verdict.UNTESTED
    assert "rests on rare trajectories" in finding.reason


# ── broken physics ───────────────────────────────────────────────────────────────────────────────────────────────────


def stronger(process, factor):
    """Return the process with a wrong rate of its first bath."""
    first, *rest = process.dissipators
    form = first.as_jumps if hasattr(first, "as_jumps") else first
    return gkls_generator(process.hamiltonian, [replace(form, rates=factor * form.rates), *(b.as_jumps for b in rest)])


def test_a_wrong_rate_is_seen():
    right = evolve(ensembles.qubit(), ensembles.STATE, TIMES)
    found = verdicts(book_of(ensemble_of(stronger(ensembles.qubit(), 6.0), ensembles.STATE, 40_000), right))
    assert found["trajectory heat"] is Verdict.VIOLATED
    assert found["trajectory states"] is Verdict.VIOLATED


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("trajectory heat", lambda e: {"heat": e.heat * [-1, 1]}),
        ("trajectory work", lambda e: {"work": -e.work}),
        ("quantum heat", lambda e: {"backaction": e.backaction + 0.1}),
        ("trajectory means", lambda e: {"entropy": replace(e.entropy, production=-e.entropy.production)}),
        ("trajectory means", lambda e: {"entropy": replace(e.entropy, coherence=e.entropy.coherence + 0.2)}),
        ("trajectory states", lambda e: {"states": e.states.conj()}),
        (
            "integral fluctuation theorem",
            lambda e: {"entropy": replace(e.entropy, exponential=replace(e.entropy.exponential, mean=0.8))},
        ),
        ("absolute irreversibility", lambda e: {"entropy": replace(e.entropy, absolute_irreversibility=0.9)}),
    ],
)
def test_each_law_fails_on_a_wrong_number(stroke, law, change):
    ensemble, book = stroke
    assert verdicts(with_jump_trajectories(book, ensemble))[law] is not Verdict.VIOLATED
    wrong = replace(ensemble, **change(ensemble))
    assert verdicts(with_jump_trajectories(book, wrong))[law] is Verdict.VIOLATED


def claimed(jumps, rates, frequencies, reference=None, beta=2.5):
    return jump_dissipator("bath", jumps, rates, beta=beta, frequencies=frequencies, reference=reference)


PAIR = ([ensembles.LOWER, ensembles.LOWER.T], [0.3, 0.1], [1.0, -1.0])


def test_rates_that_break_a_promised_detailed_balance_break_the_integral_theorem():
    h = np.diag([0.0, 1.0])
    found = book_of(ensemble_of(gkls_generator(h, [claimed(*PAIR, h)]), np.diag([0.5, 0.5]), 40_000))
    assert verdicts(found)["integral fluctuation theorem"] is Verdict.VIOLATED
    assert "absolute_irreversibility" not in found


@pytest.mark.parametrize(
    "bath",
    [
        claimed(*PAIR),
        claimed([ensembles.LOWER], [0.1], [1.0]),
        claimed([ensembles.LOWER.T], [0.1], [-1.0]),
        claimed([ensembles.LOWER.T], [0.1], [-1.0], beta=0.2),
    ],
    ids=["wrong rates", "one way down", "one way up", "one way up, hot"],
)
@pytest.mark.parametrize("seed", range(2))
def test_without_detailed_balance_no_theorem_is_held_against_the_jumps(bath, seed):
    process = gkls_generator(np.diag([0.0, 1.0]), [bath])
    for state in (np.diag([0.5, 0.5]), ensembles.STATE, steady_state(process).state):
        found = audit(book_of(ensemble_of(process, state, 1000, seed)))
        theorems = [found["integral fluctuation theorem"], found["absolute irreversibility"]]
        assert {one.verdict for one in theorems} == {Verdict.UNTESTED}
        assert {one.reason for one in theorems} == {theorems[0].reason}
        assert "break detailed balance" in theorems[0].reason
        assert found["detailed fluctuation theorem"].verdict is Verdict.UNTESTED
        assert found["numbers"].verdict is found["trajectory means"].verdict is Verdict.TIGHT


def test_a_warm_bath_with_a_jump_of_unknown_quantum_and_no_reverse_exempts_the_means():
    one_way = jump_dissipator("one way", [ensembles.LOWER], [0.1], beta=1.0)
    warm = jump_dissipator("warm", PAIR[0], [0.2, 0.2 * math.exp(-1.0)], beta=1.0, frequencies=PAIR[2])
    book = book_of(ensemble_of(gkls_generator(np.diag([0.0, 1.0]), [one_way, warm]), ensembles.STATE, 1000))
    assert book["jump_entropy_defect"].values.tolist() == pytest.approx([1.0, 0.0], abs=1e-12)
    found = audit(book)
    assert found["trajectory means"].verdict is Verdict.EXEMPT
    assert not {"trajectory means", "absolute irreversibility"} & {
        one.name for one in found.findings if one.verdict is Verdict.VIOLATED
    }
    assert found["integral fluctuation theorem"].verdict is found["numbers"].verdict is Verdict.TIGHT


def test_flipped_entropy_of_a_bath_is_seen():
    """Counted quanta with the wrong sign: the mean of σ leaves the ledger's."""
    ensemble = ensemble_of(ensembles.qubit(), ensembles.STATE)
    flow = 2 * ensemble.entropy.flow[1]
    wrong = replace(ensemble, entropy=replace(ensemble.entropy, production=ensemble.entropy.production - flow))
    assert verdicts(book_of(wrong))["trajectory means"] is Verdict.VIOLATED


# ── where jumps take no quantum of the energy that heat refers to ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("process", "state"),
    [
        (ensembles.fluorescence(), ensembles.STATE),
        (ensembles.driven_fluorescence(), ensembles.STATE),
    ],
    ids=["fluorescence", "driven fluorescence"],
)
def test_bare_quanta_leave_heat_and_integral_theorem_and_exempt_the_means(process, state):
    book = book_of(ensemble_of(process, state))
    found = verdicts(book)
    assert float(book["jump_entropy_defect"].max()) > 0.1
    assert found["trajectory means"] is Verdict.EXEMPT
    assert "definite quanta" in audit(book)["trajectory means"].reason
    assert found["trajectory heat"] is found["integral fluctuation theorem"] is Verdict.TIGHT


def test_local_equation_entropy_is_that_of_the_free_heat():
    """The mean of σ is Σ with the free heat, whatever heat the ledger keeps."""
    full, free = (book_of(ensemble_of(ensembles.two_qubits(one), PRODUCT, 40_000)) for one in ("full", "free"))
    assert float(full["trajectory_mean"][0]) == pytest.approx(float(free["trajectory_mean"][0]), abs=1e-10)
    assert (full["jump_entropy_defect"] > 0.05).all()
    assert (free["jump_entropy_defect"] < 1e-12).all()


def test_squeezed_bath_gives_the_entropy_of_its_reservoir():
    """R and R† put βω into the reservoir, which is not -β times the heat; the integral theorem holds for it."""
    bath = squeezed_dissipator("squeezed", ensembles.LOWER, 0.2, beta=1.0, frequency=1.0, squeezing=0.5)
    process = gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))
    book = book_of(ensemble_of(process, ensembles.STATE, 20_000))
    assert float(book["jump_entropy_defect"][0]) > 0.1
    assert verdicts(book)["trajectory means"] in (Verdict.EXEMPT, Verdict.TIGHT)
    assert verdicts(book)["integral fluctuation theorem"] is Verdict.TIGHT


def test_no_defect_under_a_drive_that_baths_follow():
    assert jump_entropy_defects(ensembles.stroke(), TIMES).tolist() == [0.0, 0.0]


# ── the detailed theorem ─────────────────────────────────────────────────────────────────────────────────────────────


def test_detailed_theorem_in_a_steady_state():
    process = ensembles.qubit()
    steady = steady_state(process).state
    ensemble = ensemble_of(process, steady, 40_000, times=[0.0, 20.0])
    book = book_of(ensemble)
    assert why_not_reversible(ensemble.evolution) == ""
    assert verdicts(book)["detailed fluctuation theorem"] is Verdict.TIGHT
    np.testing.assert_allclose(book["histogram_backward"].sum(), 1.0, atol=0.02)
    found = ensemble.histograms["entropy_production"]
    shifted = replace(found, values=found.values + 0.05 * np.abs(found.values))
    wrong = replace(ensemble, histograms={**ensemble.histograms, "entropy_production": shifted})
    assert verdicts(book_of(wrong))["detailed fluctuation theorem"] is Verdict.VIOLATED


@pytest.mark.parametrize("seed", range(3))
def test_in_equilibrium_round_off_of_a_vanishing_entropy_breaks_no_detailed_theorem(seed):
    beta = 1.0 + 0.1 * seed
    warm = jump_dissipator("warm", PAIR[0], [0.2, 0.2 * math.exp(-beta)], beta=beta, frequencies=PAIR[2])
    process = gkls_generator(np.diag([0.0, 1.0]), [warm])
    book = book_of(ensemble_of(process, steady_state(process).state, 1000, seed))
    assert verdicts(book)["detailed fluctuation theorem"] is Verdict.TIGHT
    assert book["histogram_value"].values == pytest.approx([0.0], abs=1e-12)
    assert book["histogram_forward"].values.tolist() == book["histogram_backward"].values.tolist() == [1.0]


def test_detailed_theorem_does_not_speak_of_processes_that_time_reversal_changes(stroke):
    transient = ensemble_of(ensembles.qubit(), ensembles.STATE, 200)
    turning = ensembles.fluorescence(np.diag([0.0, 1.0]))  # its steady state carries a current of coherence
    steady = ensemble_of(turning, steady_state(turning).state, 200)
    for ensemble, word in ((transient, "steady"), (stroke[0], "drive"), (steady, "time reversed")):
        assert word in why_not_reversible(ensemble.evolution)
        book = book_of(ensemble)
        assert verdicts(book)["detailed fluctuation theorem"] is Verdict.UNTESTED
        assert "histogram_backward" not in book


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_counts_are_told_by_bath_and_frequency():
    ensemble = ensemble_of(ensembles.qubit(), ensembles.STATE, 2000)
    book = book_of(ensemble)
    count = book["jump_count"]
    for bath in ensemble.bath_names:
        told = count.where(count["jump_bath"] == bath, drop=True)
        found = dict(zip(told["jump_frequency"].values.tolist(), told.values.tolist(), strict=True))
        assert found == pytest.approx(ensemble.jumps_of(bath))
    assert len(set(count["jump"].values)) == len(count)


def test_a_bath_without_temperature_or_reverse_has_heat_and_no_entropy():
    bath = jump_dissipator("unknown", [ensembles.LOWER], [0.2])
    book = book_of(ensemble_of(gkls_generator(np.diag([0.0, 1.0]), [bath]), ensembles.STATE, 1000))
    found = verdicts(book)
    assert found["trajectory heat"] is found["trajectory states"] is Verdict.TIGHT
    assert found["trajectory means"] is found["integral fluctuation theorem"] is Verdict.UNTESTED
    assert "neither a temperature nor reverse jumps" in audit(book)["trajectory means"].reason


def test_zero_temperature_has_an_infinite_mean_and_no_undefined_number():
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("vacuum", math.inf, ensembles.spectrum(), ensembles.X)])
    book = book_of(ensemble_of(process, ensembles.STATE, 1000))
    assert math.isinf(float(book["trajectory_mean"][0]))
    assert 0 < float(book["infinite_share"]) < 1
    found = audit(book)
    assert found["trajectory means"].verdict is Verdict.TIGHT
    assert not found.violated, [one for one in found.findings if one.verdict is Verdict.VIOLATED]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("beta", [300.0, 1000.0, math.inf])
def test_when_every_trajectory_emits_into_the_cold_nothing_is_lost_and_nothing_broken(beta, seed):
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", beta, ensembles.spectrum(), ensembles.X)])
    book = book_of(ensemble_of(process, [0, 1], 500, seed, times=[0.0, 1000.0]))
    found = audit(book)
    assert not found.violated, [one for one in found.findings if one.verdict is Verdict.VIOLATED]
    assert found["numbers"].verdict is found["trajectory means"].verdict is Verdict.TIGHT
    assert found["absolute irreversibility"].verdict is Verdict.TIGHT
    assert float(book["trajectory_mean"][0]) == pytest.approx(beta)
    assert float(book["trajectory_mean"][2]) == pytest.approx(0.0, abs=1e-12)


def test_an_entropy_below_the_least_that_irreversibility_leaves_is_seen():
    """λ is 1 within its error, so that the bound is at least 20 nats."""
    process = davies_generator(np.diag([0.0, 1.0]), [Bath("cold", 300.0, ensembles.spectrum(), ensembles.X)])
    book = book_of(ensemble_of(process, [0, 1], 100, times=[0.0, 1000.0]))
    data = book.data.assign(entropy_production=book.data["entropy_production"] / 20)
    assert verdicts(book)["absolute irreversibility"] is Verdict.TIGHT
    assert verdicts(Ledger(data))["absolute irreversibility"] is Verdict.VIOLATED


def test_without_exchange_and_states_the_rest_is_there():
    book = book_of(ensemble_of(ensembles.fluorescence(), ensembles.STATE, 1000, exchange=False, states=False))
    found = verdicts(book)
    assert found["trajectory heat"] is found["quantum heat"] is Verdict.UNTESTED
    assert "trajectory states" not in found
    assert audit(book)["numbers"].verdict is Verdict.TIGHT


def test_a_single_trajectory_has_no_error_and_is_refused():
    with pytest.raises(InputError, match="at least two trajectories"):
        book_of(ensemble_of(ensembles.qubit(), ensembles.STATE, 1))
    assert not audit(book_of(ensemble_of(ensembles.qubit(), ensembles.STATE, 2))).violated


def test_other_times_are_refused():
    ensemble = ensemble_of(ensembles.qubit(), ensembles.STATE, 100)
    with pytest.raises(InputError, match="same times"):
        book_of(ensemble, evolve(ensembles.qubit(), ensembles.STATE, [0.0, 1.0]))


def test_ledger_saves_without_loss(stroke, tmp_path):
    book = with_jump_trajectories(stroke[1], stroke[0])
    again = Ledger.load(book.save(tmp_path / "ledger.nc"))
    assert again.data.equals(book.data)
    assert again.aspects == book.aspects == ("quantum jumps", "work of quantum jumps", "states of quantum jumps")


def test_threads_change_nothing():
    first, second = (
        with_jump_trajectories(build_ledger(found.evolution), found)
        for found in (
            jump_trajectories(
                ensembles.qubit(), ensembles.STATE, TIMES, 2000, np.random.default_rng(4), threads=threads
            )
            for threads in (1, 3)
        )
    )
    assert first.data.equals(second.data)


def test_trajectory_laws_are_silent_about_ledgers_without_trajectories():
    book = build_ledger(evolve(ensembles.qubit(), ensembles.STATE, TIMES))
    assert not {one.name for one in audit(book).findings} & OF_TRAJECTORIES
