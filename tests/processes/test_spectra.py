"""Spectral densities: detailed balance by construction, closed values, limits, and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import exp1, expi

from loschmidt.errors import InputError, RateError
from loschmidt.processes import (
    DrudeSpectrum,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    TabulatedSpectrum,
    UserSpectrum,
)
from loschmidt.processes.lamb_shift import principal_value_rates

GRID = np.array([0.05, 0.3, 1.0, 2.5, 9.0])
SPECTRA = [
    OhmicSpectrum(0.1, 3.0),
    OhmicSpectrum(0.1),
    DrudeSpectrum(0.2, 1.5),
    FlatSpectrum(0.3),
    GlauberSpectrum(0.4),
    TabulatedSpectrum((0.01, 1.0, 10.0), (0.1, 0.5, 0.2)),
    UserSpectrum(lambda omega: 0.1 * omega**3),
]


@pytest.mark.parametrize("spectrum", SPECTRA, ids=lambda s: type(s).__name__)
@given(beta=st.floats(1e-3, 60.0))
def test_rates_obey_detailed_balance_to_round_off(spectrum, beta):
    emission, absorption = spectrum.rate(GRID, beta), spectrum.rate(-GRID, beta)
    np.testing.assert_allclose(absorption, np.exp(-beta * GRID) * emission, rtol=1e-13, atol=0)


@pytest.mark.parametrize("spectrum", SPECTRA, ids=lambda s: type(s).__name__)
def test_zero_temperature_only_emits(spectrum):
    assert (spectrum.rate(GRID, math.inf) > 0).all()
    assert (spectrum.rate(-GRID, math.inf) == 0).all()


def test_ohmic_zero_frequency_rate_is_the_limit():
    spectrum = OhmicSpectrum(0.1, 3.0)
    near = spectrum.rate(np.array([1e-9, 0.0, -1e-9]), 2.0)
    np.testing.assert_allclose(near, 0.05, rtol=1e-8)
    assert spectrum.rate(np.array([0.0]), math.inf)[0] == 0


@pytest.mark.parametrize("beta", [0.0, -1.0])
def test_bosonic_bath_refuses_temperatures_it_cannot_have(beta):
    with pytest.raises(InputError, match="must be positive"):
        OhmicSpectrum(0.1).check(beta)


def test_glauber_rates_exist_at_every_temperature():
    spectrum = GlauberSpectrum(0.2)
    assert spectrum.rate(np.array([1.0]), 0.0)[0] == pytest.approx(0.1)
    assert spectrum.rate(np.array([0.0]), math.inf)[0] == pytest.approx(0.1)
    assert spectrum.rate(np.array([1.0]), -2.0)[0] < spectrum.rate(np.array([-1.0]), -2.0)[0]


@given(beta=st.floats(1e-3, 50.0), mu=st.floats(-2, 2))
def test_fermionic_rates_obey_grand_canonical_detailed_balance(beta, mu):
    out, into = FermionicSpectrum(0.3).rates_out_and_in(GRID, beta, mu)
    np.testing.assert_allclose(out + into, 0.3, rtol=1e-14)
    np.testing.assert_allclose(into, np.exp(-beta * (GRID - mu)) * out, rtol=1e-12, atol=0)


def test_cold_tail_keeps_relative_accuracy():
    assert GlauberSpectrum(1.0).rate(np.array([-1.0]), 500.0)[0] == pytest.approx(math.exp(-500), rel=1e-13)


def test_negative_or_missing_densities_are_refused():
    with pytest.raises(RateError, match="not negative"):
        UserSpectrum(lambda omega: -omega).rate(GRID, 1.0)
    with pytest.raises(RateError, match="one value per frequency"):
        UserSpectrum(lambda omega: 1.0).rate(GRID, 1.0)
    with pytest.raises(InputError, match="cover every Bohr frequency"):
        TabulatedSpectrum((1.0, 2.0), (0.1, 0.2)).rate(GRID, 1.0)
    with pytest.raises(InputError):
        OhmicSpectrum(-0.1)


@pytest.mark.parametrize("omega", [0.2, 1.0, 4.0])
def test_zero_temperature_lamb_shift_matches_the_closed_form(omega):
    kappa, cutoff = 0.3, 2.0
    x = omega / cutoff
    expected = (
        kappa / (2 * np.pi) * np.array([-cutoff + omega * np.exp(-x) * expi(x), -cutoff + omega * np.exp(x) * exp1(x)])
    )
    found = principal_value_rates(OhmicSpectrum(kappa, cutoff), np.array([omega, -omega]), math.inf)
    np.testing.assert_allclose(found, expected, rtol=1e-8)


def test_sum_of_lamb_shifts_does_not_depend_on_temperature():
    spectrum = OhmicSpectrum(0.3, 2.0)
    sums = [principal_value_rates(spectrum, np.array([1.3, -1.3]), beta).sum() for beta in (0.2, 1.0, math.inf)]
    np.testing.assert_allclose(sums, sums[0], rtol=1e-7)


def test_lamb_shift_without_cutoff_is_refused():
    with pytest.raises(InputError, match="cutoff"):
        principal_value_rates(OhmicSpectrum(0.1), np.array([1.0]), 1.0)
