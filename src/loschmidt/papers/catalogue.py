"""The list of papers; a new one is a folder of claims and one entry here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError
from loschmidt.papers.paper import Paper

__all__ = ["PAPERS", "find_paper"]

_H_THEOREM = Paper(
    name="h-theorem",
    title="H-theorem in quantum physics",
    citation="Lesovik et al., Scientific Reports 6, 32815 (2016)",
    sources=("lesovik2016",),
    modules=(
        "loschmidt.papers.h_theorem.entropy_gain",
        "loschmidt.papers.h_theorem.criterion",
        "loschmidt.papers.h_theorem.leads",
        "loschmidt.papers.h_theorem.elastic",
        "loschmidt.papers.h_theorem.spins",
        "loschmidt.papers.h_theorem.two_level_systems",
        "loschmidt.papers.h_theorem.phonons",
        "loschmidt.papers.h_theorem.windows",
    ),
)

_ERASURE = Paper(
    name="erasure",
    title="Thermalization and irreversibility of an isolated quantum system, parts I and II",
    citation="Guo, arXiv:2503.04152 and arXiv:2506.01351 (2025)",
    sources=("guo2025", "guo2025i"),
    modules=(
        "loschmidt.papers.erasure.stepwise",
        "loschmidt.papers.erasure.second_law",
        "loschmidt.papers.erasure.dependence",
        "loschmidt.papers.erasure.sequences",
        "loschmidt.papers.erasure.isolated",
    ),
)

_COHERENCE = Paper(
    name="coherence",
    title="The role of quantum coherence in non-equilibrium entropy production",
    citation="Santos et al., npj Quantum Information 5, 23 (2019)",
    sources=("santos2019",),
    modules=(
        "loschmidt.papers.coherence.master_equation",
        "loschmidt.papers.coherence.entropy_production",
        "loschmidt.papers.coherence.entropy_split",
        "loschmidt.papers.coherence.thermal_operations",
        "loschmidt.papers.coherence.conservation_laws",
        "loschmidt.papers.coherence.trajectories",
    ),
)

_TEXTBOOK = Paper(
    name="textbook",
    title="Entropy production in open quantum systems, as textbooks teach it",
    citation="after Spohn (1978), Davies (1974), Gorini et al. (1976), Lindblad (1976), Reeb and Wolf (2014)",
    sources=("spohn1978", "davies1974", "gorini1976", "lindblad1976", "reeb2014", "scovil1959", "levy2014"),
    modules=(
        "loschmidt.papers.textbook.master_equations",
        "loschmidt.papers.textbook.laws",
        "loschmidt.papers.textbook.steady_states",
        "loschmidt.papers.textbook.counting",
        "loschmidt.papers.textbook.trajectories",
    ),
)

_NO_ENTROPY_PRODUCTION = Paper(
    name="no-entropy-production",
    title="No entropy production in quantum thermodynamics",
    citation="Ahmadi, Salimi and Khorashad, arXiv:2002.10747 (2020)",
    sources=("ahmadi2020", "reeb2014"),
    modules=(
        "loschmidt.papers.no_entropy_production.entropy_split",
        "loschmidt.papers.no_entropy_production.heat_conduction",
        "loschmidt.papers.no_entropy_production.bipartite",
        "loschmidt.papers.no_entropy_production.generalised_temperature",
        "loschmidt.papers.no_entropy_production.definitions",
        "loschmidt.papers.no_entropy_production.landauer",
        "loschmidt.papers.no_entropy_production.efficiency",
        "loschmidt.papers.no_entropy_production.interpretation",
        "loschmidt.papers.no_entropy_production.gas",
    ),
)

#: Every paper by its name.
PAPERS: Mapping[str, Paper] = MappingProxyType(
    {paper.name: paper for paper in (_H_THEOREM, _ERASURE, _COHERENCE, _NO_ENTROPY_PRODUCTION, _TEXTBOOK)}
)


def find_paper(name: str) -> Paper:
    """Return a paper by name.

    Raises
    ------
    InputError
        If there is none of this name, with the nearest one.

    Examples
    --------
    >>> find_paper("h-theorem").citation
    'Lesovik et al., Scientific Reports 6, 32815 (2016)'
    """
    if name not in PAPERS:
        hint = did_you_mean(name, PAPERS) or " `loschmidt reproduce` lists them."
        raise InputError(f"there is no paper {name!r}.{hint}")
    return PAPERS[name]
