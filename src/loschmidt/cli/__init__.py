"""The command `loschmidt`: one file per command, a thin page over studies and report."""

from loschmidt.cli.main import main

__all__ = ["main"]
