"""Definitions side by side: values in print, agreements on random physics, reasons where there is no value."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm
from tests.physics import random_davies, random_hermitian, random_state, seeds

from loschmidt.errors import InputError
from loschmidt.evolution import evolve
from loschmidt.ledger import Ledger, build_ledger
from loschmidt.ledger.definitions import DefinitionTable, compare_definitions
from loschmidt.processes import (
    Bath,
    FlatSpectrum,
    GlauberSpectrum,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    redfield_generator,
)
from loschmidt.processes.channels import amplitude_damping
from loschmidt.processes.collisions import collision_chain
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.multipartite import multipartite_system
from loschmidt.processes.thermal_operations import (
    GibbsEnvironment,
    ThermalOperation,
    random_thermal_operation,
    thermal_operation_by_exchange,
)
from loschmidt.states import gibbs_state, random_unitary

QUBIT, FLIP = np.diag([0.0, 1.0]), np.array([[0.0, 1.0], [1.0, 0.0]])
COHERENT = np.array([[0.3, 0.2], [0.2, 0.7]])
SWAP = np.eye(4)[[0, 2, 1, 3]]
#: Both qubits and what couples them, without conservation of energy; the second has 1.3 times the energy.
PUSHED = np.kron(QUBIT, np.eye(2)) + np.kron(np.eye(2), 1.3 * QUBIT) + 0.6 * np.kron(FLIP, FLIP)


def conserving() -> ThermalOperation:
    return thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 1.0), 0.7)


def pushed() -> ThermalOperation:
    return ThermalOperation(expm(-1.1j * PUSHED), QUBIT, GibbsEnvironment(1.3 * QUBIT, 1.0), allow_work=True)


def values(table: DefinitionTable) -> list[float | None]:
    return [None if row.value is None else round(row.value, 7) for row in table.rows]


def compared(process, state=COHERENT, *times) -> DefinitionTable:
    return compare_definitions(evolve(process, state, *times))


# ── a unitary with its environments ──────────────────────────────────────────────────────────────────────────────────


def test_swap_that_conserves_energy():
    table = compared(conserving())
    same = 0.3002792
    expected = [same, same, same, same, same, 0.0, 0.2197420, 0.2169923, 0.1703175, 0.0813919, None, None]
    assert values(table) == expected
    assert [one.holds for one in table.agreements] == [True] * 5
    assert not table.violated


def test_unitary_that_does_not():
    table = compared(pushed())
    expected = [0.3675634, 0.2719124, None, 0.3675634, 0.2719124, 0.0, 0.2525620, 0.2617205, 0.2138022, 0.0795338]
    assert values(table) == [*expected, None, None]
    assert [one.holds for one in table.agreements] == [True] * 5
    assert table[1].guaranteed
    assert not table[2].guaranteed
    assert "moves the Gibbs state" in table[3].reason


@given(seed=seeds, d=st.integers(2, 3), betas=st.sampled_from([(1.0,), (0.0,), (-0.7,), (2.0, 2.0), (0.5, 3.0)]))
def test_agreements_hold_for_any_unitary(seed, d, betas):
    rng = np.random.default_rng(seed)
    baths = [GibbsEnvironment(random_hermitian(rng, 2), beta, f"bath {k}") for k, beta in enumerate(betas)]
    unitary = np.asarray(random_unitary(d * 2 ** len(betas), rng))
    operation = ThermalOperation(unitary, random_hermitian(rng, d), baths, allow_work=True)
    table = compared(operation, random_state(rng, d))
    assert not table.violated
    assert {one.holds for one in table.agreements} == ({True} if len(set(betas)) == 1 else {True, None})
    assert all(table[number].value >= -1e-11 for number in (1, 4, 7, 8))
    assert table[7].value <= 2 * math.log(d) + 1e-11


@given(seed=seeds, beta=st.floats(0.1, 4.0), d=st.integers(2, 4))
def test_the_first_five_coincide_where_energy_is_conserved(seed, beta, d):
    rng = np.random.default_rng(seed)
    ladder = np.diag(np.arange(float(d)))
    operation = random_thermal_operation(ladder, GibbsEnvironment(ladder, beta), rng)
    table = compared(operation, random_state(rng, d))
    np.testing.assert_allclose([table[number].value for number in (2, 3, 4, 5)], table[1].value, atol=1e-11)
    assert all(table[number].guaranteed for number in (1, 2, 3, 4, 5, 7, 8))
    assert not table.violated


def test_no_value_that_is_not_guaranteed_needs_to_be_positive():
    # Or `guaranteed` would say nothing: an energy that is pumped in makes #2 and #5 negative.
    pumped = ThermalOperation(np.kron(FLIP, np.eye(2)), QUBIT, GibbsEnvironment(QUBIT, 1.0), allow_work=True)
    table = compared(pumped, np.diag([0.9, 0.1]))
    assert table[2].value < -0.5
    assert not table[2].guaranteed
    assert table[1].value == pytest.approx(0.0, abs=1e-13)
    assert not table.violated


def test_pinched_entropy_of_everything_has_a_sign_only_without_coherence():
    table = compared(conserving(), np.diag([0.4, 0.6]))
    assert table[9].guaranteed
    assert table[9].value > 0
    assert not compared(conserving())[9].guaranteed


def test_degenerate_eigenstates_of_the_system_are_told():
    swap = ThermalOperation(SWAP, QUBIT, GibbsEnvironment(QUBIT, 0.0))
    assert "not unique" in compared(swap)[8].reason
    assert compared(conserving())[8].reason == ""


def test_zero_temperature_is_infinite_and_says_so():
    cold = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, np.inf), 0.7)
    table = compared(cold)
    for number in (1, 2, 4):
        assert table[number].value == math.inf, number
        assert "T = 0" in table[number].reason
    assert table[5].value is None
    assert "infinite" in table[5].reason
    assert table[7].value < 2 * math.log(2)
    assert table.agreements[0].residual == 0
    assert not table.violated


def test_ground_state_at_zero_temperature_is_finite():
    cold = thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, np.inf), 0.7)
    table = compared(cold, np.diag([1.0, 0.0]))
    np.testing.assert_allclose([table[number].value for number in (1, 2, 3, 4, 5)], 0.0, atol=1e-14)


# ── broken physics is seen ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("account", "statement"),
    [
        ("entropy_production", "#1 = #4"),
        ("gibbs_relative_entropy", "#2 = #5"),
        ("mutual_information", "#4 = #7 + displacement of E"),
        ("work", "#1 - #2 = β W"),
    ],
)
def test_a_wrong_number_breaks_an_agreement(account, statement):
    evolution = evolve(pushed(), COHERENT)
    ledger = build_ledger(evolution)
    change = np.linspace(0.0, 1e-6, 2).reshape(2, *[1] * (ledger[account].ndim - 1))
    wrong = Ledger(ledger.data.assign({account: ledger.data[account] + change}))
    table = compare_definitions(evolution, wrong)
    assert [one.holds for one in table.agreements if one.statement == statement] == [False]
    assert table.violated


def test_environment_that_did_not_start_thermal_breaks_the_first_agreement():
    # The ledger is that of the right process; the joint state is made with a hotter environment.
    right, hot = evolve(conserving(), COHERENT), thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 0.5), 0.7)
    table = compare_definitions(replace(right, operation=hot), build_ledger(right))
    assert table.agreements[0].holds is False
    assert table.agreements[2].holds is False


def test_what_cannot_be_negative_and_is_makes_the_table_violated():
    evolution = evolve(conserving(), COHERENT)
    ledger = build_ledger(evolution)
    wrong = Ledger(ledger.data.assign(mutual_information=-ledger.data["mutual_information"]))
    table = compare_definitions(evolution, wrong)
    assert table[7].broken
    assert not table[10].broken
    nothing = ledger.data["entropy_production"] * np.nan
    assert compare_definitions(evolution, Ledger(ledger.data.assign(entropy_production=nothing)))[1].broken


# ── master equations ─────────────────────────────────────────────────────────────────────────────────────────────────


def relaxing() -> DefinitionTable:
    process = davies_generator(QUBIT, [Bath("bath", 1.0, FlatSpectrum(0.3), FLIP)])
    return compared(process, COHERENT, np.linspace(0, 1.5, 16))


def test_coherent_qubit_that_relaxes():
    table, same = relaxing(), 0.3980573
    assert values(table)[:10] == [same, same, same, None, same, 0.0, None, None, None, 0.0729327]
    assert table[12].parts["adiabatic"].value == pytest.approx(0.0, abs=1e-12)
    assert [one.holds for one in table.agreements] == [True] * 4
    assert "collisions" in table[4].reason


def test_two_baths_and_their_steady_state():
    baths = [Bath("hot", 1 / 3, FlatSpectrum(0.3), FLIP), Bath("cold", 2.0, FlatSpectrum(0.7), FLIP)]
    row = compared(davies_generator(QUBIT, baths), COHERENT, [0.0, 1e-9])[12]
    assert row.rate == pytest.approx(2.4363028, abs=1e-7)
    assert row.parts["adiabatic"].rate == pytest.approx(0.4361108, abs=1e-7)
    assert row.parts["non-adiabatic"].rate == pytest.approx(2.0001920, abs=1e-7)
    assert row.parts["in the steady state"].rate == pytest.approx(0.3033610, abs=5e-8)
    settled = compared(davies_generator(QUBIT, baths), COHERENT, [0.0, 300.0])[12]
    assert settled.rate == pytest.approx(settled.parts["in the steady state"].rate, abs=1e-12)
    assert settled.parts["non-adiabatic"].rate == pytest.approx(0.0, abs=1e-12)


@given(seed=seeds, d=st.integers(2, 3), betas=st.sampled_from([(1.0,), (0.4, 2.0), (1.5, 1.5)]))
def test_agreements_hold_for_davies_equations(seed, d, betas):
    state = random_state(np.random.default_rng(seed), d)
    table = compared(random_davies(seed, d, betas), state, np.linspace(0, 20.0, 5))
    assert not table.violated
    assert all(row.value is None or row.reason == "" or row.number == 6 for row in table.rows)
    if len(set(betas)) > 1:
        assert table[2].value is None
        assert "different temperatures" in table[5].reason


def test_heat_that_flows_without_detailed_balance_is_not_guaranteed():
    x, z = FLIP, np.diag([1.0, -1.0])
    process = redfield_generator(QUBIT, [Bath("bath", 1.0, GlauberSpectrum(0.3), x + z)])
    table = compared(process, COHERENT, [0.0, 1.0])
    assert not table[1].guaranteed
    assert not table.violated


def test_bath_without_temperature_has_no_clausius():
    from loschmidt.processes import gkls_generator, jump_dissipator

    process = gkls_generator(QUBIT, [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.1])])
    table = compared(process, COHERENT, [0.0, 1.0])
    assert table[1].value is None
    assert "no temperature" in table[1].reason
    assert table[10].value == pytest.approx(0.0, abs=1e-12)


def moving(baths, span, rate):
    drive = driven_hamiltonian(QUBIT, [(0.5 * QUBIT + 0.5 * FLIP, lambda t: np.asarray(t) * rate)])
    return driven_generator(drive, baths=baths), gibbs_state(QUBIT, 1.0), np.linspace(0, span, 5)


def test_closed_quench():
    table = compared(*moving([], 1e-6, 1e6))
    row = table[11]
    assert row.value == pytest.approx(0.1251812, abs=5e-8)
    assert row.parts["coherence"].value == pytest.approx(0.0350835, abs=5e-8)
    assert row.parts["populations"].value == pytest.approx(0.0900977, abs=5e-8)
    assert table.agreements[-1].holds
    assert table[1].reason == "there is no bath"


def test_closed_drive_from_another_start_has_no_temperature():
    process, _, times = moving([], 1.0, 1.0)
    row = compared(process, COHERENT, times)[11]
    assert row.value is None
    assert "no Gibbs state" in row.reason


def test_drive_beside_a_bath_is_neither_closed_nor_static():
    table = compared(*moving([Bath("bath", 1.0, GlauberSpectrum(0.2), FLIP)], 1.0, 1.0))
    assert "not closed" in table[11].reason
    assert "does work" in table[2].reason
    assert "moves with the Hamiltonian" in table[5].reason
    assert table[3].value == pytest.approx(table[1].value, abs=1e-9)
    assert table[12].parts["non-adiabatic"].rate == pytest.approx(table[1].rate, abs=1e-9)


# ── channels and several parts ───────────────────────────────────────────────────────────────────────────────────────


def test_dilation_with_a_gibbs_reservoir_is_the_same_unitary():
    energy = 1.3 * QUBIT
    dilation = Dilation(expm(-1.1j * PUSHED), gibbs_state(energy, 1.0), (2, 2), QUBIT, energy)
    assert values(compared(dilation)) == values(compared(pushed()))


def test_dilation_without_system_energy_keeps_what_needs_none():
    energy = 1.3 * QUBIT
    dilation = Dilation(expm(-1.1j * PUSHED), gibbs_state(energy, 1.0), (2, 2), None, energy)
    table = compared(dilation)
    assert table[1].value == pytest.approx(0.3675634, abs=5e-8)
    assert table[2].value is None
    assert "no Hamiltonian" in table[10].reason


def test_dilation_without_temperature_keeps_correlation():
    reservoir = np.array([[0.6, 0.1], [0.1, 0.4]])
    table = compared(Dilation(expm(-1.1j * PUSHED), reservoir, (2, 2), QUBIT))
    assert table[1].value is None
    assert table[4].value > table[7].value > 0
    assert table[10].available
    assert not table.violated


def test_channel_without_reservoir_has_next_to_nothing():
    from loschmidt.evolution.transmission import transmit

    table = compare_definitions(transmit(amplitude_damping(0.3), COHERENT, QUBIT))
    assert [row.number for row in table.rows if row.available] == [10]
    with pytest.raises(InputError, match="nothing can be compared: the reservoir"):
        compare_definitions(transmit(amplitude_damping(0.3), COHERENT))


def test_two_parts_of_which_the_second_is_thermal():
    coupling = PUSHED - np.kron(QUBIT, np.eye(2)) - np.kron(np.eye(2), 1.3 * QUBIT)
    pair = multipartite_system({"A": QUBIT, "B": 1.3 * QUBIT}, coupling)
    start = np.kron(COHERENT, gibbs_state(1.3 * QUBIT, 1.0))
    assert values(compared(pair, start, [0.0, 1.1])) == values(compared(pushed()))
    correlated = np.diag([0.5, 0.0, 0.0, 0.5])
    assert "correlated" in compared(pair, correlated, [0.0, 1.1])[1].reason
    other = compared(pair, np.kron(COHERENT, COHERENT), [0.0, 1.1])
    assert "starts in no Gibbs state" in other[1].reason
    assert other[4].value > other[7].value
    assert other[6].value == pytest.approx(0.0, abs=1e-11)


def test_what_has_no_environment_is_refused():
    chain = collision_chain(SWAP, np.eye(2) / 2, memory="retained")
    with pytest.raises(InputError, match="nothing can be compared: a chain of collisions"):
        compare_definitions(evolve(chain, COHERENT, 2))
    with pytest.raises(InputError, match="must be what evolve"):
        compare_definitions(COHERENT)


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_table_as_data_names_everything():
    tree = compared(conserving()).as_dict()
    assert [row["number"] for row in tree["definitions"]] == list(range(1, 13))
    missing = [row for row in tree["definitions"] if row["value"] is None]
    assert missing
    assert all(row["reason"] for row in missing)
    assert all(row["assumes"] and row["counts"] and row["nonnegative_when"] for row in tree["definitions"])
    json.dumps(tree)


def test_row_that_is_not_there():
    with pytest.raises(KeyError, match="#13"):
        compared(conserving())[13]


# ── at the edges ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_cold_state_that_moves_by_less_than_round_off_of_its_size_is_not_kept():
    # A population of 1e-13 becomes 1e-10: small, but a thousand times as much, and its energy counts thirtyfold.
    leak = 1e-5
    turn = np.array([[np.cos(leak), -np.sin(leak)], [np.sin(leak), np.cos(leak)]])
    operation = ThermalOperation(np.kron(turn, np.eye(2)), QUBIT, GibbsEnvironment(QUBIT, 30.0), allow_work=True)
    table = compared(operation, np.diag([1.0, 0.0]))
    assert table[5].value < -1e-9
    assert not table[5].guaranteed
    assert table[3].value is None
    assert not table.violated


@pytest.mark.parametrize("beta", [0.0, 1e-3, 1.0, np.inf])
def test_one_state_of_system_and_environment_is_no_false_alarm(beta):
    rng = np.random.default_rng(3)
    phase = np.array([[np.exp(0.3j)]])
    operation = ThermalOperation(phase, [[0.7]], GibbsEnvironment([[1.3]], beta), allow_work=True)
    for state in ([[1.0]], [[1.0 + 4e-16]], random_state(rng, 1)):
        assert not compared(operation, state).violated


@given(seed=seeds, power=st.integers(-6, 6), cold=st.sampled_from([0.0, 1e-3, 30.0, 1e3, 1e6, -40.0, np.inf]))
def test_no_false_alarm_at_any_scale_or_temperature(seed, power, cold):
    rng, scale = np.random.default_rng(seed), 10.0**power
    environments = [
        GibbsEnvironment(scale * random_hermitian(rng, 2), cold / scale, "one"),
        GibbsEnvironment(scale * np.diag([0.0, 1.0, 1.0]), (cold if seed % 2 else 2.0) / scale, "two"),
    ]
    unitary = np.asarray(random_unitary(12, rng))
    operation = ThermalOperation(unitary, scale * random_hermitian(rng, 2), environments, allow_work=True)
    table = compared(operation, random_state(rng, 2, 1 + seed % 2))
    assert not table.violated
    assert not any(row.value is not None and math.isnan(row.value) for row in table.rows)


def test_temperature_is_read_off_a_state_only_where_it_shows():
    from loschmidt.ledger.definitions.closed_drive import inverse_temperature_of

    tilted = np.array([[0.4, 0.5], [0.5, -0.3]], dtype=complex)
    for energy in (tilted, QUBIT.astype(complex), np.diag([0.0, 0.0, 1.0]).astype(complex)):
        for beta in (-3.0, 0.0, 0.7, 9.0):
            assert inverse_temperature_of(gibbs_state(energy, beta), energy) == pytest.approx(beta, abs=1e-6)
    assert inverse_temperature_of(gibbs_state(QUBIT, np.inf), QUBIT.astype(complex)) == math.inf
    cold = gibbs_state(tilted, 40.0)
    assert inverse_temperature_of(cold, tilted) is None
    assert inverse_temperature_of(cold, tilted, 40.0) == 40.0
    assert inverse_temperature_of(np.diag([0.2, 0.3, 0.5]).astype(complex), np.diag([0.0, 1.0, 3.0]) + 0j) is None


def test_cold_part_is_compared_at_the_temperature_it_claims():
    coupling = 0.6 * np.kron(FLIP, FLIP)
    energy = np.array([[0.4, 0.5], [0.5, -0.3]])
    pair = multipartite_system({"A": QUBIT, "B": energy}, coupling, betas={"B": 40.0})
    table = compared(pair, np.kron(COHERENT, gibbs_state(energy, 40.0)), [0.0, 1.1])
    assert table[1].available
    assert table.agreements[0].holds
    unknown = multipartite_system({"A": QUBIT, "B": energy}, coupling)
    assert not compared(unknown, np.kron(COHERENT, gibbs_state(energy, 40.0)), [0.0, 1.1])[1].available


def test_a_fast_exchange_is_still_unitary():
    exchange = np.zeros((4, 4))
    exchange[1, 2] = exchange[2, 1] = 1e8
    pair = multipartite_system({"A": QUBIT, "B": QUBIT}, exchange, betas={"B": 1.0})
    table = compare_definitions(evolve(pair, np.kron(COHERENT, gibbs_state(QUBIT, 1.0)), [0.0, 2.0]))
    assert not table.violated
    assert table[1].value == pytest.approx(table[4].value, abs=1e-9)
