"""Heat that coherences carry, and the cross production: accounts of equations without the secular approximation."""

from __future__ import annotations

import numpy as np
import pytest
from tests.physics import random_state

from loschmidt import Bath, OhmicSpectrum, build_ledger, davies_generator, evolve, redfield_generator
from loschmidt.ledger.cross_terms import production_terms
from loschmidt.processes import gkls_generator, jump_dissipator, partial_secular_generator

H = np.diag([0.0, 1.0, 1.05])
COUPLING = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
BATHS = [Bath("hot", 0.5, OhmicSpectrum(0.02, 5.0), COUPLING)]
START = random_state(np.random.default_rng(4), 3)
TIMES = np.linspace(0.0, 5.0, 6)


def book_of(process):
    return build_ledger(evolve(process, START, TIMES))


def test_the_parts_of_a_redfield_run_are_those_of_its_states():
    process = redfield_generator(H, BATHS)
    book = book_of(process)
    states = book.data["state"].values
    levels = np.eye(3, dtype=bool)
    kept = np.where(levels, states, 0)
    expected = np.einsum("ab,tba->t", H, process.dissipators[0].apply(states - kept)).real
    np.testing.assert_allclose(book["coherent_heat_rate"][:, 0], expected, atol=1e-14)
    assert np.abs(expected).max() > 1e-4
    np.testing.assert_allclose(book["cross_entropy_production_rate"], production_terms(process, states).cross)
    assert float(np.abs(book["cross_entropy_production_rate"]).max()) > 1e-4


def test_what_populations_carry_is_the_davies_heat():
    redfield, davies = redfield_generator(H, BATHS), davies_generator(H, BATHS)
    book = book_of(redfield)
    carried = book["heat_rate"].values - book["coherent_heat_rate"].values
    expected = np.einsum("ab,tba->t", H, davies.dissipators[0].apply(book.data["state"].values)).real
    np.testing.assert_allclose(carried[:, 0], expected, atol=1e-13)


@pytest.mark.parametrize("width", [1e-6, 0.2])
def test_clusters_whose_centres_are_gaps_mix_nothing(width):
    book = book_of(partial_secular_generator(H, BATHS, cluster_width=width))
    for name in ("coherent_heat_rate", "cross_entropy_production_rate"):
        np.testing.assert_allclose(book[name], 0, atol=1e-14)


def test_a_bath_without_temperature_has_no_cross_production():
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    process = gkls_generator(np.diag([0.0, 1.0]), [jump_dissipator("vacuum", [lower + 0.3 * np.eye(2)], [0.1])])
    book = build_ledger(evolve(process, [[0.6, 0.2], [0.2, 0.4]], TIMES))
    assert float(np.abs(book["coherent_heat_rate"]).max()) > 1e-3
    assert book.data.attrs["absent_cross_entropy_production_rate"] == "a bath has no temperature"


@pytest.mark.parametrize("name", ["coherent_heat_rate", "cross_entropy_production_rate"])
def test_a_davies_equation_has_none_and_says_why(name):
    book = book_of(davies_generator(H, BATHS))
    assert name not in book
    assert "keep populations and coherences apart" in book.data.attrs[f"absent_{name}"]
