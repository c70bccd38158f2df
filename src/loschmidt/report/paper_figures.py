"""The figures that show the claims of papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from loschmidt.report import coherence_figures, erasure_figures, h_theorem_figures, textbook_figures
from loschmidt.report.style import figure_style
from loschmidt.report.svg import svg_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PAPER_FIGURES", "save_paper_figures"]

#: For every paper its figures by file name, in the order in which they are read.
PAPER_FIGURES: Mapping[str, Mapping[str, Callable[[], Figure]]] = MappingProxyType(
    {
        "h-theorem": {
            "demon": h_theorem_figures.demon,
            "spins": h_theorem_figures.spins,
            "memory": h_theorem_figures.memory,
            "debye": h_theorem_figures.debye,
        },
        "erasure": {
            "echo": erasure_figures.echo,
            "interaction": erasure_figures.interaction,
            "repetitions": erasure_figures.repetitions,
        },
        "coherence": {
            "budget": coherence_figures.budget,
            "correlated-coherence": coherence_figures.correlated,
            "averages": coherence_figures.averages,
            "detailed-theorem": coherence_figures.detailed,
        },
        "textbook": {
            "entropy-production": textbook_figures.production,
            "maser": textbook_figures.maser_drive,
            "equations": textbook_figures.equations,
        },
    }
)


def save_paper_figures(paper: str, directory: str | Path) -> list[Path]:
    """Write every figure of a paper as SVG into a folder that exists, and return the paths."""
    paths = []
    for name, draw in PAPER_FIGURES.get(paper, {}).items():
        with figure_style():
            figure = draw()
        path = Path(directory) / f"{paper}-{name}.svg"
        path.write_text(svg_text(figure, name), encoding="utf-8")
        paths.append(path)
    return paths
