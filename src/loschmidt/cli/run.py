"""`loschmidt run`: from a model file to an audited ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loschmidt.cli.exit_codes import VIOLATED
from loschmidt.cli.faults import plain_errors
from loschmidt.cli.output import OutputFolder, show

__all__ = ["run"]


def run(
    model: Annotated[str, typer.Argument(help="Model file, name of a built-in model, or - for standard input.")],
    out: Annotated[Path | None, typer.Option(help="Folder for the results; by default named after the model.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the report.")] = False,
    method: Annotated[str | None, typer.Option(help="Such as secular, exponential, runge-kutta, krylov.")] = None,
) -> None:
    """Run a model, audit it, and write its ledger, figures and report.

    Ends with 0; with 1 if a law that theory guarantees is violated; with 2, and nothing written, if the input is bad.
    """
    with plain_errors():
        from loschmidt.cli.source import read_model

        spec, name = read_model(model)
        folder = OutputFolder(Path(name) if out is None else out)
        folder.check()

        from loschmidt.report import write_report
        from loschmidt.studies.run import run_model

        result = run_model(spec.with_work_folder(folder.unfinished), method=method, progress=True)
        written = folder.write(lambda directory: write_report(result, directory))
        show(result, written, as_json=json)
        raise typer.Exit(VIOLATED if result.audit.violated else 0)
