"""`loschmidt audit`: hold a saved ledger against the laws again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from loschmidt.cli.exit_codes import VIOLATED
from loschmidt.cli.faults import plain_errors
from loschmidt.cli.output import show

__all__ = ["audit"]


def audit(
    file: Annotated[Path, typer.Argument(help="A ledger.nc that `loschmidt run` wrote.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of the report.")] = False,
) -> None:
    """Audit a saved ledger again.

    Ends with 0; with 1 if a law that theory guarantees is violated; with 2 if the file is not a ledger.
    """
    with plain_errors():
        from loschmidt.studies.run import audit_saved

        result = audit_saved(file)
        show(result, [], as_json=json)
        raise typer.Exit(VIOLATED if result.audit.violated else 0)
