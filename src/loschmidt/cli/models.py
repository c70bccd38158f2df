"""`loschmidt models`: what is built in, and each as a file to edit."""

from __future__ import annotations

import json as jsonlib
from typing import Annotated

import typer

from loschmidt.cli.faults import plain_errors

__all__ = ["models"]


def models(
    name: Annotated[str | None, typer.Argument(help="Print this model as a file that `loschmidt run` accepts.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the built-in models, or print one of them."""
    with plain_errors():
        from loschmidt.cli.source import find_builtin
        from loschmidt.models import MODELS

        if name is not None:
            model = find_builtin(name)
            typer.echo(jsonlib.dumps(model.summary | {"text": model.text}, indent=2) if json else model.text, nl=json)
        elif json:
            typer.echo(jsonlib.dumps([model.summary for model in MODELS.values()], indent=2))
        else:
            width = max(len(key) for key in MODELS)
            for key, model in MODELS.items():
                typer.echo(f"{key:{width}}  {model.title}")
