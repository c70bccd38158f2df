from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from tests.report.conftest import make_ledger, make_run

from loschmidt.report.captions import captions
from loschmidt.report.figures import FIGURES, figures, save_figures
from loschmidt.report.svg import inline_svg, svg_text
from loschmidt.units import UnitSystem

TIMES = np.linspace(0, 200, 41)


def axes_of(figure):
    (axes,) = figure.axes
    return axes


def labels_of(figure):
    return [text.get_text() for text in axes_of(figure).get_legend().get_texts()]


def test_the_figures_that_apply_are_drawn(drawn):
    assert list(drawn) == ["entropy-production", "entropy-balance", "currents", "energy-balance", "populations"]


def test_axes_are_named_with_units(run, drawn):
    unit = run.units.label("time") or "model units"
    for name, figure in drawn.items():
        axes = axes_of(figure)
        assert axes.get_xlabel() == f"time t ({unit})"
        assert re.fullmatch(r"probability|.+ \(.+\)", axes.get_ylabel()), name


def test_units_of_the_laboratory():
    drawn = figures(make_run(make_ledger(np.linspace(0, 20, 21), frequency=31.4), UnitSystem("ns")))
    assert axes_of(drawn["entropy-production"]).get_ylabel() == "entropy rate (nats/ns)"
    assert "h·GHz/ns)" in axes_of(drawn["currents"]).get_ylabel()


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_powers_of_ten_stand_beside_the_unit(scale):
    drawn = figures(make_run(make_ledger(TIMES / scale, frequency=scale)))["energy-balance"]
    drawn.draw_without_rendering()
    axes = axes_of(drawn)
    assert re.search(r"\(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+ model units\)$", axes.get_ylabel())
    assert all(len(label.get_text()) <= 6 for label in axes.get_yticklabels())


def test_curves_are_told_apart_without_colour(drawn):
    for figure in drawn.values():
        labelled = [line for line in axes_of(figure).lines if not line.get_label().startswith("_")]
        looks = [(line.get_linestyle(), line._dash_pattern[1], line.get_linewidth()) for line in labelled]
        assert len({str(look) for look in looks}) == len(looks)


def test_the_stack_has_hatching():
    collections = axes_of(figures(make_run(make_ledger(TIMES, c0=0.2)))["entropy-production"]).collections
    assert [collection.get_hatch() for collection in collections] == [None, "////"]


def test_parts_of_both_signs_are_not_stacked():
    ledger = make_ledger(TIMES, c0=0.2)
    ledger.data["coherence_entropy_production_rate"][5] = -0.01
    drawn = figures(make_run(ledger))["entropy-production"]
    assert not axes_of(drawn).collections
    assert any("Υ" in label for label in labels_of(drawn))


def test_infinities_are_gaps_with_a_word(plain):
    axes = axes_of(figures(plain)["entropy-production"])
    assert [text.get_text() for text in axes.texts] == ["Υ, Π, Ṡ = ∞ at t = 0"]
    assert np.isfinite(axes.get_ylim()).all()
    assert any(np.isnan(np.asarray(line.get_ydata(), dtype=float)[0]) for line in axes.lines)


def test_a_curve_that_is_infinite_throughout_is_told_in_words():
    ledger = make_ledger(TIMES, c0=0.2)
    for name in ("entropy_flux", "entropy_production_rate", "population_entropy_production_rate"):
        ledger.data[name][:] = np.inf
    drawn = figures(make_run(ledger))["entropy-production"]
    (text,) = axes_of(drawn).texts
    assert text.get_text().endswith("Π, Φ = ∞ at every time")
    assert labels_of(drawn) == ["Υ coherence", "Ṡ of the system"]
    top = max(path.vertices[:, 1].max() for path in axes_of(drawn).collections[0].get_paths())
    assert top == pytest.approx(float(ledger.data["coherence_entropy_production_rate"].max()))


def test_particle_currents_are_drawn_where_particles_flow():
    ledger = make_ledger(TIMES)
    current = ledger.data["heat_rate"].assign_attrs(unit="particle rate", symbol="J_N")
    drawn = figures(make_run(type(ledger)(ledger.data.assign(particle_current=current))))
    assert labels_of(drawn["particle-currents"]) == ["J from cold", "J from hot"]
    resting = ledger.data.assign(particle_current=0 * current)
    assert "particle-currents" not in figures(make_run(type(ledger)(resting)))


def test_times_that_grow_by_factors_get_a_logarithmic_axis():
    grown = np.concatenate([[0], np.geomspace(0.01, 1000, 40)])
    assert axes_of(figures(make_run(make_ledger(grown)))["currents"]).get_xscale() == "log"
    assert axes_of(figures(make_run(make_ledger(TIMES)))["currents"]).get_xscale() == "linear"


def test_a_single_time_is_drawn():
    assert figures(make_run(make_ledger(np.array([0.0]), c0=0.2)))


def test_many_levels_are_summed():
    ledger = make_ledger(TIMES)
    spread = np.full((TIMES.size, 20), 0.05)
    data = ledger.data.drop_vars(["populations", "populations_error", "level"])
    data["populations"] = (("time", "level"), spread, {"unit": "1"})
    labels = labels_of(figures(make_run(type(ledger)(data)))["populations"])
    assert len(labels) == 7
    assert labels[-1] == "14 other levels together"


def test_names_of_baths_are_not_formulas():
    ledger = make_ledger(TIMES)
    data = ledger.data.assign_coords(bath=["$x^", "a_very_long_name_of_a_bath_that_goes_on_and_on"])
    drawn = figures(make_run(type(ledger)(data)))["currents"]
    drawn.draw_without_rendering()
    assert labels_of(drawn)[0] == r"Q̇ from \$x^"
    assert labels_of(drawn)[1].endswith("…")


def test_legends_stay_inside_the_figure(drawn, drawings):
    for figure in drawn.values():
        box, whole = axes_of(figure).get_legend().get_window_extent(), figure.bbox
        assert box.x0 >= 0
        assert box.x1 <= whole.width
        assert box.y0 >= axes_of(figure).get_window_extent().y1


def test_accounts_that_are_absent_leave_their_figure_out():
    ledger = make_ledger(TIMES)
    absent = [name for name in ledger.data if str(name).startswith(("entropy", "population_", "coherence"))]
    kept = type(ledger)(ledger.data.drop_vars(absent))
    assert list(figures(make_run(kept))) == ["currents", "energy-balance", "populations"]


def test_files_are_the_same_every_time(plain, tmp_path):
    first = [path.read_bytes() for path in save_figures(plain, tmp_path)]
    assert [path.read_bytes() for path in save_figures(plain, tmp_path)] == first


def test_files_are_xml_without_a_date(drawings):
    for text in drawings.values():
        assert ET.fromstring(text).tag.endswith("svg")
        assert "<dc:date>" not in text


def test_inlined_figures_share_no_identifier(drawings):
    elements = [inline_svg(text, name, "x") for name, text in drawings.items()]
    identifiers = [set(re.findall(r'\sid="([^"]+)"', element)) for element in elements]
    assert sum(map(len, identifiers)) == len(set.union(*identifiers))
    for element, known in zip(elements, identifiers, strict=True):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', element)) <= known


def test_inlined_figures_take_ink_and_paper_from_the_page(drawings):
    for name, text in drawings.items():
        element = inline_svg(text, name, "x")
        assert "var(--ink)" in element
        assert not re.search(r"#(1c2026|ffffff|0072b2)", element)


def test_every_figure_has_a_caption(run, drawn):
    told = captions(run)
    assert set(told) == set(FIGURES)
    for name in drawn:
        assert told[name].text
        assert not re.search(r"\b(nan|inf)\b", told[name].description)


def test_the_description_tells_the_numbers(plain):
    assert "Π goes from ∞ nats/time to 0.00" in captions(plain)["entropy-production"].description


def test_the_readers_own_settings_neither_matter_nor_change(plain):
    with mpl.rc_context({"font.size": 33.0, "axes.grid": False}):
        before = dict(mpl.rcParams)
        text = svg_text(figures(plain)["currents"], "currents")
        assert dict(mpl.rcParams) == before
    assert svg_text(figures(plain)["currents"], "currents") == text


def test_no_window_system_is_touched():
    program = (
        "import sys; from tests.report.conftest import RUNS; from loschmidt.report import figures; "
        "from loschmidt.report.html import render_html; render_html(RUNS['plain']()); "
        "sys.exit('matplotlib.pyplot' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr or "pyplot was imported"
