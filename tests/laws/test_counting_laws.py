"""The laws of counting: they hold for what theory covers, are exempt where it does not, and see what is broken."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evolution.counting.test_record import ring
from tests.physics import dimensions, random_davies, seeds

from loschmidt import Verdict, audit, build_ledger, evolve
from loschmidt.evolution.counting import counted, covariances
from loschmidt.evolution.counting.record import record_counting
from loschmidt.ledger.counting import with_counting
from loschmidt.papers.textbook.systems import maser
from loschmidt.processes import Bath, GlauberSpectrum, davies_generator

LAWS = (
    "counted heat",
    "noise balance",
    "noise positivity",
    "fluctuation symmetry",
    "thermodynamic uncertainty",
    "kinetic uncertainty",
)
GOOD = {Verdict.HOLDS, Verdict.TIGHT}


def findings(process, record=None, **options):
    d = process.dimension
    ledger = build_ledger(evolve(process, np.eye(d) / d, [0.0, 1.0]))
    found = audit(with_counting(ledger, record or record_counting(process, **options)))
    return {name: found[name] for name in LAWS}


def verdicts(process, record=None, **options):
    return {name: one.verdict for name, one in findings(process, record, **options).items()}


@given(seed=seeds, d=dimensions, cold=st.floats(1.0, 4.0))
def test_they_hold_for_davies_equations(seed, d, cold):
    found = verdicts(random_davies(seed, d, (0.4, cold)), points=3)
    assert set(found.values()) <= GOOD, found


def test_nothing_is_said_where_nothing_was_counted():
    process = random_davies(1, 2, (0.4, 2.0))
    ledger = build_ledger(evolve(process, np.eye(2) / 2, [0.0, 1.0]))
    assert not {one.name for one in audit(ledger).findings} & set(LAWS)


def test_a_coherent_maser_is_exempt_where_it_beats_classical_jumps():
    found = findings(maser(0.025))
    assert found["thermodynamic uncertainty"].verdict is Verdict.EXEMPT
    assert found["thermodynamic uncertainty"].margin == pytest.approx(1.959326 - 2, abs=1e-5)
    assert "coherence" in found["thermodynamic uncertainty"].reason
    assert found["noise balance"].verdict is Verdict.EXEMPT
    assert found["fluctuation symmetry"].verdict is Verdict.TIGHT
    assert verdicts(maser(0.1))["thermodynamic uncertainty"] is Verdict.HOLDS


def test_a_magnetic_flux_exempts_from_the_symmetry():
    found = findings(ring(0.7))["fluctuation symmetry"]
    assert found.verdict is Verdict.EXEMPT
    assert found.margin < -1e-4


def test_in_equilibrium_there_is_no_ratio_and_a_symmetry():
    found = findings(random_davies(5, 3, (1.0, 1.0)))
    assert found["thermodynamic uncertainty"].verdict is Verdict.UNTESTED
    assert "mean is zero" in found["thermodynamic uncertainty"].reason
    assert found["fluctuation symmetry"].verdict is Verdict.TIGHT


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("apart", [0.0, 1e-13, 1e-9, 1e-6])
def test_activity_has_no_symmetry_that_could_be_broken(seed, apart):
    process = random_davies(seed, 3, (1.0, 1.0 + apart))
    chosen = [counted(process, "jumps").named("activity"), counted(process, "heat", "bath 0")]
    record = record_counting(process, generating=chosen, points=5)
    curves = {one.variable.name: one for one in record.curves}
    assert curves["activity"].mirrored is None
    assert curves["activity"].reason == "a jump and its reverse do not count opposite"
    assert curves["heat from bath 0"].mirrored is not None
    assert verdicts(process, record)["fluctuation symmetry"] in GOOD


@dataclass(frozen=True)
class OneWay(GlauberSpectrum):
    """A bath that takes quanta and hardly gives any, whatever its temperature: detailed balance is broken."""

    give: float = 1e-3

    def rate(self, omega, beta):
        return np.where(np.asarray(omega) > 0, self.coupling, self.give * self.coupling)


def broken_davies():
    x = np.array([[0.0, 1.0], [1.0, 0.0]])
    baths = [Bath("hot", 0.1, OneWay(0.1, 0.9), x), Bath("cold", 0.2, OneWay(0.1), x)]
    return davies_generator(np.diag([0.0, 1.0]), baths)


def test_rates_without_detailed_balance_are_seen():
    found = verdicts(broken_davies())
    assert found["fluctuation symmetry"] is Verdict.VIOLATED
    assert found["thermodynamic uncertainty"] is Verdict.VIOLATED


def test_a_wrong_weight_is_seen():
    process = random_davies(2, 3, (0.4, 2.0))
    record = record_counting(process)
    heat = [counted(process, "heat", name) for name in process.bath_names]
    wrong = covariances(process, [1.001 * heat[0], heat[1]])
    found = verdicts(process, replace(record, heat=wrong, energy=wrong))
    assert found["counted heat"] is Verdict.VIOLATED
    assert found["noise balance"] is Verdict.VIOLATED


def test_a_response_with_the_wrong_sign_is_seen():
    process = random_davies(2, 3, (0.4, 2.0))
    record = record_counting(process)
    noise = record.statistics.covariances
    wrong = replace(noise, values=np.array([[1.0, 2.0], [2.0, 1.0]]) * noise.values[0, 0])
    found = verdicts(process, replace(record, statistics=replace(record.statistics, covariances=wrong)))
    assert found["noise positivity"] is Verdict.VIOLATED


def test_an_activity_of_another_state_is_seen():
    process = random_davies(2, 2, (0.4, 2.0))
    record = record_counting(process)
    ratios = tuple(replace(one, kinetic=0.1 * one.kinetic / one.kinetic) for one in record.statistics.ratios)
    found = verdicts(process, replace(record, statistics=replace(record.statistics, ratios=ratios)))
    assert found["kinetic uncertainty"] is Verdict.VIOLATED
