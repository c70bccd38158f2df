"""`loschmidt schema`: the JSON Schema of model files."""

from __future__ import annotations

import json

import typer

from loschmidt.cli.faults import plain_errors

__all__ = ["schema"]


def schema() -> None:
    """Print the JSON Schema of model files, with which editors complete and check them."""
    with plain_errors():
        from loschmidt.studies.load import schema as model_schema

        typer.echo(json.dumps(model_schema(), indent=2))
