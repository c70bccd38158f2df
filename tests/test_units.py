"""Laboratory quantities come in and go out with the right constants, and a missing or wrong unit is an error."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from loschmidt.errors import InputError
from loschmidt.units import KINDS, UnitSystem, bits_to_nats, nats_to_bits

LAB = UnitSystem("us", energy_unit="GHz", temperature_unit="mK", power_unit="aW")
SECOND = 1e6  # internal times per second


def test_bits():
    assert nats_to_bits(bits_to_nats(3.0)) == 3.0
    np.testing.assert_allclose(nats_to_bits(np.log([2.0, 8.0])), [1.0, 3.0])


@pytest.mark.parametrize(
    ("quantity", "angular"),
    [
        ("5 GHz", 2 * math.pi * 5e9),
        ("5 rad/ns", 5e9),
        ("0.1 meV", 1e-4 * constants.e / constants.hbar),
        ("20 mK", 0.02 * constants.k / constants.hbar),
        ("3 µeV", 3e-6 * constants.e / constants.hbar),
        ("1e-24 J", 1e-24 / constants.hbar),
        ("2 1/cm", 2 * math.pi * constants.c * 200),
        ("2*pi*(1 + 1)   kHz", 2 * math.pi * 4 * math.pi * 1e3),
        ("-1 MHz", -2 * math.pi * 1e6),
    ],
)
def test_energies(quantity, angular):
    assert LAB.energy(quantity) == pytest.approx(angular / SECOND, rel=1e-14)
    assert LAB.temperature(quantity) == LAB.energy(quantity)
    assert LAB.parameter(quantity) == LAB.energy(quantity)


@pytest.mark.parametrize(
    ("quantity", "per_second"),
    [("1 1/us", 1e6), ("1 /us", 1e6), ("0.5/ms", 500.0), ("2*pi*1 1/ms", 2e3 * math.pi), ("1/µs", 1e6)],
)
def test_rates_count_events(quantity, per_second):
    assert LAB.rate(quantity) == pytest.approx(per_second / SECOND, rel=1e-15)


def test_rates_in_hertz_are_refused_because_of_two_pi():
    with pytest.raises(InputError, match="whether 2π is meant"):
        LAB.rate("1 kHz")


@pytest.mark.parametrize(
    ("quantity", "value"), [("3 us", 3.0), ("2 s", 2e6), ("5 ns", 5 / 1e3), ("1 ps", 1e-6), (0, 0.0)]
)
def test_times(quantity, value):
    assert LAB.time(quantity) == value


def test_powers_and_sweep_rates():
    assert LAB.power("2 aW") == pytest.approx(2e-18 / constants.hbar / SECOND**2, rel=1e-14)
    assert LAB.power("5 GHz/us") == pytest.approx(2 * math.pi * 5e3)
    assert LAB.parameter("5 GHz/us") == LAB.power("5 GHz/us")


@given(st.floats(1e-9, 1e9), st.sampled_from(["s", "ms", "us", "ns", "ps", "fs"]))
def test_what_goes_in_comes_out(number, time):
    units = UnitSystem(time, energy_unit="meV", temperature_unit="K", power_unit="fW")
    assert units.to_lab(units.energy(f"{number!r} meV"), "energy") == pytest.approx(number, rel=1e-14)
    assert units.to_lab(units.temperature(f"{number!r} K"), "temperature") == pytest.approx(number, rel=1e-14)
    assert units.to_lab(units.power(f"{number!r} fW"), "power") == pytest.approx(number, rel=1e-14)
    assert units.to_lab(units.time(f"{number!r} {time}"), "time") == number
    assert units.to_lab(units.rate(f"{number!r} 1/{time}"), "rate") == number


def test_ratios_do_not_depend_on_the_unit_of_time():
    ratios = [UnitSystem(t).energy("5 GHz") / UnitSystem(t).temperature("20 mK") for t in ("s", "us", "ns", "fs")]
    expected = constants.h * 5e9 / (constants.k * 0.02)
    np.testing.assert_allclose(ratios, expected, rtol=1e-14)


def test_labels():
    assert [LAB.label(kind) for kind in KINDS] == ["h·GHz", "µs", "1/µs", "aW", "mK", "nats"]
    assert LAB.energy_label == "h·GHz"
    assert LAB.time_label == "µs"
    assert UnitSystem("us").label("power") == "h·MHz/µs"
    assert UnitSystem("ns", energy_unit="rad/ns").label("energy") == "ħ·rad/ns"
    assert UnitSystem("fs", energy_unit="1/cm", entropy_unit="bits").label("energy") == "h·c/cm"
    assert [UnitSystem().label(kind) for kind in KINDS] == ["", "", "", "", "", "nats"]


def test_arrays_go_out_and_entropies_in_bits():
    np.testing.assert_allclose(LAB.to_lab(np.array([0.0, LAB.energy("3 GHz")]), "energy"), [0.0, 3.0])
    assert UnitSystem(entropy_unit="bits").to_lab(math.log(2), "entropy") == 1.0
    assert UnitSystem().to_lab(5.0, "energy") == 5.0


def test_dimensionless_models_know_no_units():
    units = UnitSystem()
    assert units.dimensionless
    assert units.energy("2*w", {"w": 3.0}) == 6.0
    assert units.time(4) == 4.0
    assert units.rate("1/s", {"s": 4.0}) == 0.25
    assert units.parameters({"J": "2*K", "K": 1.5}) == {"K": 1.5, "J": 3.0}
    with pytest.raises(InputError, match="`gap` must be a plain number, because the model has no time unit"):
        units.energy("5 GHz", name="gap")


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (lambda: LAB.energy("5", name="gap"), "`gap` must have a unit, as in `5 GHz`"),
        (lambda: LAB.time(3.0), "must have a unit, as in `3 us`"),
        (lambda: LAB.energy("5 Ghz"), "Did you mean `GHz`"),
        (lambda: LAB.energy("5 us"), "does not measure one"),
        (lambda: LAB.energy("5 1/us"), "Write `rad/us` for ħω"),
        (lambda: LAB.rate("5 rad/us"), "write `1/us`, and a 2π"),
        (lambda: LAB.time("5 mins"), "`mins` is not a unit. Did you mean"),
        (lambda: LAB.parameter("5 frobs"), "must have a known unit"),
        (lambda: LAB.energy("5GHz"), "after a space, as in `5 GHz`"),
        (lambda: LAB.energy("5*GHz"), "after a space, as in `5 GHz`"),
        (lambda: LAB.energy("2i GHz"), "must be real"),
        (lambda: LAB.energy("1 + GHz"), "after a space"),
        (lambda: LAB.energy("GHz"), "after a space"),
        (lambda: LAB.energy(math.nan), "must be finite"),
        (lambda: LAB.energy(True), "must be a number"),
        (lambda: LAB.energy(None), "must be a number"),
        (lambda: LAB.energy(""), "missing"),
        (lambda: UnitSystem("min"), "`time_unit` must be one of s, ms, us"),
        (lambda: UnitSystem("us", energy_unit="us"), "`energy_unit` must be an energy"),
        (lambda: UnitSystem("us", power_unit="watt"), "`power_unit` must be a power"),
        (lambda: UnitSystem(energy_unit="GHz"), "must come with a `time_unit`"),
        (lambda: UnitSystem(3), "must be the name of a unit"),
        (lambda: UnitSystem("us", entropy_unit="trits"), "nats or bits"),
        (lambda: LAB.to_lab(1.0, "enrgy"), "Did you mean `energy`"),
    ],
)
def test_errors_say_what_to_write(read, words):
    with pytest.raises(InputError) as caught:
        read()
    assert words in str(caught.value)


def test_tables_with_units():
    table = {"g": "0.01*w", "w": "5 GHz", "n": 3, "t0": "2*n us", "kappa": "1/us", "J": "2 J", "x": "w * t0"}
    values = LAB.parameters(table)
    assert values["g"] == 0.01 * LAB.energy("5 GHz")
    assert values["t0"] == 6.0
    assert values["kappa"] == 1.0
    assert values["J"] == LAB.energy("2 J")
    assert values["x"] == values["w"] * values["t0"]
    assert LAB.energy("2*w", values) == 2 * values["w"]


def test_faults_of_a_table_are_collected():
    failures: dict[str, InputError] = {}
    values = LAB.parameters({"w": "5 Ghz", "v": "2*w", "a": "b", "b": "a", "ok": "1 K"}, failures)
    assert set(values) == {"ok"}
    assert set(failures) == {"w", "v", "a", "b"}
    assert "`w` must have a known unit" in str(failures["w"])
    assert "Did you mean `GHz`" in str(failures["w"])
    with pytest.raises(InputError, match="`w`"):
        LAB.parameters({"w": "5 Ghz"})


@given(
    st.text(max_size=25)
    | st.lists(st.sampled_from(["5", " ", "GHz", "/", "1", "us", "*", "pi", "(", ")", "µ"])).map("".join)
)
def test_any_text_gives_a_number_or_an_input_error(text):
    for read in (LAB.energy, LAB.time, LAB.rate, LAB.power, LAB.parameter, UnitSystem().energy):
        with contextlib.suppress(InputError):
            assert math.isfinite(abs(read(text)))
