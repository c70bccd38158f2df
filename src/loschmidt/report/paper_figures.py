"""The figures that show the claims of papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from loschmidt.report import (
    coherence_figures,
    erasure_figures,
    h_theorem_figures,
    no_entropy_production_figures,
    textbook_figures,
)
from loschmidt.report.style import figure_style
from loschmidt.report.svg import svg_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PAPER_FIGURES", "PaperFigure", "save_paper_figures"]

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
        "no-entropy-production": {
            "classical-and-quantum": no_entropy_production_figures.classical_and_quantum,
            "temperature": no_entropy_production_figures.temperature,
            "definitions": no_entropy_production_figures.definitions,
        },
        "textbook": {
            "entropy-production": textbook_figures.production,
            "maser": textbook_figures.maser_drive,
            "equations": textbook_figures.equations,
        },
    }
)


@dataclass(frozen=True)
class PaperFigure:
    """One figure of a paper, which a notebook shows where it is the last line of a cell.

    Examples
    --------
    >>> PaperFigure("no-entropy-production", "classical-and-quantum").svg[:5]
    '<?xml'
    """

    paper: str
    name: str

    @property
    def svg(self) -> str:
        """The figure as a standalone SVG file, drawn anew."""
        with figure_style():
            figure = PAPER_FIGURES[self.paper][self.name]()
        return svg_text(figure, self.name)

    def _repr_svg_(self) -> str:
        return self.svg


def save_paper_figures(paper: str, directory: str | Path) -> list[Path]:
    """Write every figure of a paper as SVG into a folder that exists, and return the paths."""
    paths = []
    for name in PAPER_FIGURES.get(paper, {}):
        path = Path(directory) / f"{paper}-{name}.svg"
        path.write_text(PaperFigure(paper, name).svg, encoding="utf-8")
        paths.append(path)
    return paths
