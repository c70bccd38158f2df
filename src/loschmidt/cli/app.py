"""The list of commands."""

from __future__ import annotations

from typing import Annotated

import typer

from loschmidt.cli.audit import audit
from loschmidt.cli.compare import compare
from loschmidt.cli.models import models
from loschmidt.cli.reproduce import reproduce
from loschmidt.cli.run import run
from loschmidt.cli.schema import schema

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    # Typer's own help option, where it is not given, makes recent versions load pydantic even for `run --help`.
    add_help_option=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _help(context: typer.Context, asked: bool) -> None:
    if asked:
        typer.echo(context.get_help())
        raise typer.Exit


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"loschmidt {version('loschmidt')}")
        raise typer.Exit


_HELP = typer.Option("--help", "-h", callback=_help, is_eager=True, help="Show this message and exit.")
_VERSION = typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")


@app.callback(epilog="Example: loschmidt models qubit-relaxation > qubit.toml && loschmidt run qubit.toml")
def loschmidt(version: Annotated[bool, _VERSION] = False, help: Annotated[bool, _HELP] = False) -> None:  # noqa: A002
    """Account for the entropy of a quantum process and hold it against the laws of thermodynamics."""


app.command(epilog="Example: loschmidt run qubit.toml --out results")(run)
app.command(epilog="Example: loschmidt models qubit-relaxation > qubit.toml")(models)
app.command(epilog="Example: loschmidt schema > model.schema.json")(schema)
app.command(epilog="Example: loschmidt audit results/ledger.nc")(audit)
app.command(epilog="Example: loschmidt compare coherent-exchange")(compare)
app.command(epilog="Example: loschmidt reproduce h-theorem")(reproduce)
