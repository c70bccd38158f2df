"""`loschmidt reproduce`: compute the claims of a paper and give each its verdict."""

from __future__ import annotations

import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from loschmidt.cli.exit_codes import VIOLATED
from loschmidt.cli.faults import plain_errors
from loschmidt.cli.output import OutputFolder, terminal_style

if TYPE_CHECKING:
    from loschmidt.papers import Reproduction

__all__ = ["reproduce"]


def reproduce(
    paper: Annotated[str | None, typer.Argument(help="Name of a paper, or all; without it, list the papers.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for figures and claims.json.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of the report.")] = False,
) -> None:
    """Compute every claim of a paper and say which are right.

    Ends with 0 if every verdict is the documented one; with 1 if one differs; with 2 if there is no such paper.
    """
    with plain_errors():
        from loschmidt.papers import PAPERS, find_paper

        if paper is None:
            _list(as_json=json)
            return
        chosen = list(PAPERS.values()) if paper == "all" else [find_paper(paper)]
        folder = OutputFolder(Path(f"reproduce-{paper}") if out is None else out)
        folder.check()
        results = [_compute(one.name) for one in chosen]
        _show(results, folder, as_json=json, one=paper != "all")
        raise typer.Exit(0 if all(result.as_documented for result in results) else VIOLATED)


def _list(*, as_json: bool) -> None:
    from loschmidt.papers import PAPERS

    if as_json:
        typer.echo(jsonlib.dumps([paper.summary for paper in PAPERS.values()], indent=2))
        return
    width = max(len(name) for name in PAPERS)
    for name, paper in PAPERS.items():
        typer.echo(f"{name:{width}}  {paper.citation}")


def _compute(name: str) -> Reproduction:
    from loschmidt.evolution.progress import progress_reporter
    from loschmidt.papers import reproduce as compute

    with progress_reporter(f"computing the claims of {name}", enabled=True) as report:
        return compute(name, report=report)


def _show(results: list[Reproduction], folder: OutputFolder, *, as_json: bool, one: bool) -> None:
    from loschmidt.report.claims import render_claims, render_claims_json, write_claims

    written = folder.write(lambda directory: write_claims(results, directory))
    if as_json:
        trees = [render_claims_json(result) for result in results]
        typer.echo(jsonlib.dumps(trees[0] if one else trees, indent=2, allow_nan=False, ensure_ascii=False))
        return
    color, width = terminal_style()
    typer.echo(render_claims(results, written=written, color=color, width=width), color=color)
