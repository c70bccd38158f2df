"""`loschmidt compare`: every definition of entropy production for one model."""

from __future__ import annotations

import json as jsonlib
from typing import Annotated

import typer

from loschmidt.cli.exit_codes import VIOLATED
from loschmidt.cli.faults import plain_errors
from loschmidt.cli.output import terminal_style

__all__ = ["compare"]


def compare(
    model: Annotated[str, typer.Argument(help="Model file, name of a built-in model, or - for standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the table.")] = False,
) -> None:
    """Run a model and compare the definitions of entropy production on it.

    Ends with 0; with 1 if two that are one by algebra differ; with 2 if the input is bad or nothing can be compared.
    """
    with plain_errors():
        from loschmidt.cli.source import read_model
        from loschmidt.ledger.definitions import check_comparable, compare_definitions
        from loschmidt.report.definitions import render_definitions, render_definitions_json
        from loschmidt.studies.run import run_model

        spec, _ = read_model(model)
        check_comparable(spec.kind)
        run = run_model(spec, progress=True)
        table = compare_definitions(run.evolution, run.ledger)
        color, width = terminal_style()
        if json:
            typer.echo(jsonlib.dumps(render_definitions_json(table, run.units), indent=2, allow_nan=False))
        else:
            typer.echo(render_definitions(table, run.units, color=color, width=width), color=color)
        raise typer.Exit(VIOLATED if table.violated else 0)
