"""The accounts of a count: numbers with errors and units, never NaN, and nothing of another process."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_davies

from loschmidt import InputError, Ledger, audit, build_ledger, evolve
from loschmidt.evolution.counting import counted, cumulants, scaled_generating_function
from loschmidt.evolution.counting.record import record_counting
from loschmidt.ledger.counting import with_counting
from loschmidt.processes import (
    Bath,
    FermionicSpectrum,
    GlauberSpectrum,
    davies_generator,
    gkls_generator,
    jump_dissipator,
)

LOWER = np.array([[0.0, 1.0], [0.0, 0.0]])
X = LOWER + LOWER.T


def book_of(process, record=None, **options) -> Ledger:
    d = process.dimension
    ledger = build_ledger(evolve(process, np.eye(d) / d, [0.0, 1.0]))
    return with_counting(ledger, record or record_counting(process, **options))


def no_nan(book) -> bool:
    return not any(np.isnan(x.values).any() for x in book.data.data_vars.values() if x.dtype.kind in "fc")


def test_accounts_are_those_of_the_functions():
    process = random_davies(4, 3, (0.5, 2.0))
    heat, activity = counted(process, "heat", "bath 0"), counted(process, "jumps").named("all jumps")
    book = book_of(process, variables=[heat, activity], order=3, generating=[heat], points=7)
    assert book["cumulant"].dims == ("counted", "cumulant_order")
    np.testing.assert_allclose(book["cumulant"].sel(counted="all jumps"), cumulants(process, activity, 3).values)
    points = book["counting_field"].sel(curve="heat from bath 0").values
    expected = scaled_generating_function(process, heat, points).values
    np.testing.assert_allclose(book["generating_function"].sel(curve="heat from bath 0"), expected, atol=1e-14)
    assert list(book.data["counted_unit"].values) == ["energy", "1"]
    assert "counted_current" in book["thermodynamic_uncertainty"].dims
    assert list(book.data["counted_current"].values) == ["heat from bath 0"]
    assert no_nan(book)


def test_the_heat_of_a_level_with_a_chemical_potential_is_counted_without_its_particles():
    baths = [
        Bath(name, beta, FermionicSpectrum(0.1), LOWER, chemical_potential=mu)
        for name, beta, mu in (("left", 1.0, 0.5), ("right", 2.0, -0.3))
    ]
    process = davies_generator(np.diag([0.0, 0.8]), baths, number=np.diag([0.0, 1.0]))
    book = book_of(process)
    np.testing.assert_allclose(book["counted_heat_current"], book["steady_heat_current"], atol=1e-15)
    assert abs(float(book["heat_noise"].sum(("bath", "other_bath")))) > 1e-4
    np.testing.assert_allclose(book["energy_noise_balance"], 0, atol=1e-14)
    assert not audit(book).violated


def test_what_has_no_reverse_costs_infinitely_much_and_has_no_mirror():
    loss = jump_dissipator("vacuum", [LOWER], [0.3])
    gain = jump_dissipator("pump", [LOWER.T], [0.1])
    process = gkls_generator(np.diag([0.0, 1.0]), [loss, gain])
    book = book_of(process, variables=[counted(process, "jumps", "pump")])
    assert np.isinf(float(book["jump_entropy_rate"]))
    assert "generating_function" not in book
    assert "no reverse" in book.data.attrs["absent_generating_function"]
    assert no_nan(book)


def test_an_equilibrium_has_no_ratio_and_says_why():
    x = [Bath(name, 1.0, GlauberSpectrum(0.1), X) for name in ("left", "right")]
    book = book_of(davies_generator(np.diag([0.0, 1.0]), x))
    assert "kinetic_uncertainty" not in book
    assert "its mean is zero within its error" in book.data.attrs["absent_kinetic_uncertainty"]
    assert no_nan(book)


def test_it_is_saved_and_loaded(tmp_path):
    book = book_of(random_davies(4, 2, (0.5, 2.0)))
    again = Ledger.load(book.save(tmp_path / "ledger.nc"))
    assert again.data.equals(book.data)
    assert audit(again).as_dict() == audit(book).as_dict()


def test_a_count_of_another_process_is_refused():
    book = build_ledger(evolve(random_davies(4, 2, (0.5,)), np.eye(2) / 2, [0.0, 1.0]))
    with pytest.raises(InputError, match="that was counted"):
        with_counting(book, record_counting(random_davies(4, 2, (0.5, 2.0))))


@pytest.mark.parametrize("difference", [1e-3, 1e-6, 1e-9])
def test_near_equilibrium_the_price_of_precision_is_two(difference):
    baths = [Bath(name, beta, GlauberSpectrum(0.1), X) for name, beta in (("hot", 1.0), ("cold", 1.0 + difference))]
    book = book_of(davies_generator(np.diag([0.0, 1.0]), baths))
    np.testing.assert_allclose(book["thermodynamic_uncertainty"], 2, rtol=1e-6)
    assert float(book.error("thermodynamic_uncertainty").max()) < 1e-4


def test_a_current_below_its_error_has_no_ratio_and_says_why():
    baths = [Bath(name, beta, GlauberSpectrum(0.1), X) for name, beta in (("hot", 1.0), ("cold", 1.0 + 3e-16))]
    book = book_of(davies_generator(np.diag([0.0, 1.0]), baths))
    assert "thermodynamic_uncertainty" not in book
    assert "its mean is" in book.data.attrs["absent_thermodynamic_uncertainty"]


def test_a_very_cold_bath_is_counted_without_the_generating_function():
    baths = [Bath("hot", 1.0, GlauberSpectrum(0.1), X), Bath("cold", 1e4, GlauberSpectrum(0.1), X)]
    book = book_of(davies_generator(np.diag([0.0, 1.0]), baths))
    assert "generating_function" not in book
    assert "beyond the range of numbers" in book.data.attrs["absent_generating_function"]
    assert float(book["thermodynamic_uncertainty"].min()) > 2
    assert no_nan(book)


def test_zero_temperature_has_currents_and_no_mirror():
    baths = [Bath("hot", 1.0, GlauberSpectrum(0.1), X), Bath("cold", np.inf, GlauberSpectrum(0.1), X)]
    process = davies_generator(np.diag([0.0, 1.0]), baths)
    heat = counted(process, "heat", "hot")
    book = book_of(process, variables=[heat], generating=[heat])
    assert np.isinf(book["thermodynamic_uncertainty"]).all()
    assert list(book.data["curve"].values) == ["heat from hot"]
    assert "zero temperature" in book.data.attrs["absent_mirrored_generating_function"]
    assert not audit(book).violated
