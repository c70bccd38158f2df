"""Figures as SVG: the same bytes for the same figure, and pieces that live together in one page."""

from __future__ import annotations

import re
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from loschmidt.report.style import COLOURS, FAINT, INK, PAPER, ROLES, figure_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["inline_svg", "svg_text"]

#: Colours that a page replaces by its own, so that figures follow its light or dark dress.
_PAGE_COLOURS = {
    INK: "var(--ink)",
    PAPER: "var(--card)",
    FAINT: "var(--rule)",
    ROLES["populations"]["facecolor"]: "var(--populations)",
    ROLES["coherence"]["facecolor"]: "var(--coherence)",
    ROLES["coherence"]["edgecolor"]: "var(--hatching)",
    **{colour: f"var(--curve-{place})" for place, colour in enumerate(COLOURS, start=1)},
}


def svg_text(figure: Figure, name: str) -> str:
    """Return a figure as a standalone SVG file without date, creator or random identifiers."""
    buffer = BytesIO()
    with figure_style(**{"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return buffer.getvalue().decode("utf-8")


def inline_svg(text: str, name: str, description: str) -> str:
    """Return an SVG file as an element of a page.

    Parameters
    ----------
    text : str
        From :func:`svg_text`.
    name : str
        Goes before every identifier, so that figures of one page do not share any.
    description : str
        For those who do not see the figure.

    Returns
    -------
    str
        One ``<svg>`` element that fills its container and takes ink and paper from the page.
    """
    element = text[text.index("<svg") :].strip()
    element = re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
    element = re.sub(r'\sid="([^"]+)"', rf' id="{name}-\1"', element)
    element = re.sub(r'(xlink:href="#|url\(#)', rf"\1{name}-", element)
    # A page's own colours are looked up in styles, not in attributes, where the pattern of the hatching has its paper.
    element = re.sub(r' fill="(#[0-9a-f]{6})"', r' style="fill: \1"', element)
    for colour, replacement in _PAGE_COLOURS.items():
        element = element.replace(colour, replacement)
    opening, rest = element.split(">", 1)
    view = re.search(r'viewBox="[^"]+"', opening)
    assert view is not None
    return f'<svg {view[0]} role="img" aria-label="{escape(description, quote=True)}">{rest}'
