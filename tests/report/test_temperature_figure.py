from __future__ import annotations

import numpy as np
import pytest
from tests.report.conftest import make_run

from loschmidt import FlatSpectrum, build_ledger, evolve
from loschmidt.processes import davies_generator, gkls_generator, jump_dissipator
from loschmidt.processes.baths import Bath
from loschmidt.report.captions import captions
from loschmidt.report.figures import figures
from loschmidt.report.json import render_json
from loschmidt.studies import builtin_model, run_model

QUBIT = np.diag([0.0, 1.0])


def run_of(start, *betas, coupling=((0, 1), (1, 0)), times=None):
    baths = [Bath(f"bath {k}", beta, FlatSpectrum(0.1), coupling) for k, beta in enumerate(betas)]
    times = np.linspace(0.0, 60.0, 121) if times is None else times
    return make_run(build_ledger(evolve(davies_generator(QUBIT, baths), start, times)))


def lines_of(run):
    (axes,) = figures(run)["generalised-temperature"].axes
    return {line.get_label(): np.asarray(line.get_xydata(), dtype=float) for line in axes.lines}, axes


def test_pole_is_marked_on_the_zero_line():
    run = run_of(np.diag([0.1, 0.9]), 1.0)
    lines, axes = lines_of(run)
    (pole,) = lines["pole, T = ±∞"]
    settled = 1 / (1 + np.e)
    populations = run.ledger["populations"].values[:3, 1]
    rate = -np.log((populations[2] - populations[1]) / (populations[1] - populations[0])) / 0.5
    assert pole[0] == pytest.approx(np.log((0.9 - settled) / (0.5 - settled)) / rate, abs=0.02)
    assert pole[1] == 0
    (curve,) = (values for label, values in lines.items() if "gen" in label)
    np.testing.assert_array_equal(curve[:, 1], run.ledger["generalised_inverse_temperature"])
    np.testing.assert_array_equal(lines["β of bath 0"][:, 1], 1.0)
    assert axes.get_ylim() == (-1.6, 1.6)
    assert axes.get_ylabel() == "inverse temperature (model units)"
    assert "β_gen goes from −2.1972 to" in captions(run)["generalised-temperature"].description


def test_not_drawn_where_it_says_nothing_new():
    assert "generalised-temperature" not in figures(run_of(np.diag([0.9, 0.1]), 1.0))
    settled = 1 / (1 + np.e)
    assert "generalised-temperature" not in figures(run_of(np.diag([1 - settled, settled]), 1.0))
    noise = gkls_generator(QUBIT, [jump_dissipator("noise", [np.diag([1.0, -1.0])], [0.4])])
    dephased = build_ledger(evolve(noise, [[0.6, 0.2], [0.2, 0.4]], np.linspace(0.0, 5.0, 11)))
    assert "generalised-temperature" not in figures(make_run(dephased))


def test_no_line_is_drawn_through_infinity():
    # The heat from the hot bath changes its direction: T = 0, and the curve leaves the frame on both sides.
    run = run_model(builtin_model("three-level-maser"))
    lines, axes = lines_of(run)
    told = run.ledger["generalised_inverse_temperature_by_bath"].sel(bath="hot").values
    reach = axes.get_ylim()[1]
    assert reach == pytest.approx(1.6)

    def jumps(values):
        return int(((values[:-1] * values[1:] < 0) & (np.abs(np.diff(values)) > 2 * reach)).sum())

    assert jumps(told) > 0
    assert jumps(lines["from hot"][:, 1]) == 0
    assert "β of cold" in lines


def test_infinite_start_is_told_in_words():
    _, axes = lines_of(run_of([0, 1], 1.0))
    assert any("−∞ at t = 0" in text.get_text() for text in axes.texts)


def test_numbers_for_programs():
    tree = render_json(run_of(np.diag([0.1, 0.9]), 1.0))["ledger"]
    assert tree["generalised_inverse_temperature"]["start"] == pytest.approx(-2.1972, abs=1e-4)
    assert tree["generalised_temperature_status"]["start"] == "negative"
    assert tree["generalised_temperature_status_by_bath"]["end"] == {"bath 0": "regular"}
    settled = 1 / (1 + np.e)
    still = render_json(run_of(np.diag([1 - settled, settled]), 1.0))["ledger"]
    assert still["generalised_inverse_temperature"]["start"] is None
