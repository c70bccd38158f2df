"""The figures of Ahmadi et al. 2020 show what their titles say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from loschmidt.report import no_entropy_production_figures as drawn
from loschmidt.report.paper_figures import PaperFigure
from loschmidt.report.style import figure_style


@pytest.fixture(scope="module")
def classical():
    with figure_style():
        return drawn.classical_and_quantum()


def curve(axes, label):
    (line,) = (line for line in axes.get_lines() if line.get_label().startswith(label))
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


def test_bars_and_chains_after_the_cut(classical):
    left, right = classical.axes
    times, cells = curve(left, "sum over cells")
    _, contact = curve(left, "made at the contact")
    later = times > 2
    assert np.ptp(contact[later]) < 1e-12
    assert cells[-1] - cells[times == 2].item() > 0.03
    times, qubits = curve(right, "sum over qubits")
    _, chains = curve(right, "both chains")
    _, whole = curve(right, "all as one")
    assert np.abs(whole).max() < 1e-12
    assert np.ptp(chains[times > 0.8]) < 1e-12
    assert np.diff(qubits[times > 0.8]).min() < -1e-3


def test_curves_differ_without_colour():
    svg = PaperFigure("no-entropy-production", "classical-and-quantum").svg
    dashes = set(re.findall(r"stroke-dasharray: ([^;\"]+)", svg))
    assert len(dashes) == 3, "the cut, the chains and the whole each have dashes of their own"


def test_circles_stand_at_the_poles():
    with figure_style():
        _, right = drawn.temperature().axes
    circles = [line.get_xdata() for line in right.get_lines() if line.get_marker() == "o"]
    assert np.concatenate(circles) == pytest.approx([0.4643018, 1.2898330], abs=1e-6)


def test_every_bar_has_its_definition():
    with figure_style():
        (axes,) = drawn.definitions().axes
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert len(names) == len(set(names)) == 10
    assert len(axes.patches) == 20
    assert axes.patches[5].get_width() == pytest.approx(0.0, abs=1e-12)


def test_figure_shows_itself_in_a_notebook():
    shown = PaperFigure("no-entropy-production", "temperature")
    assert shown._repr_svg_() == shown.svg
    assert "<svg" in shown.svg
