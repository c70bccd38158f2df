"""Errors of the user in one line each, without a traceback, and the exit codes that go with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from loschmidt.cli.exit_codes import BAD_INPUT, INTERRUPTED
from loschmidt.errors import LoschmidtError, ModelFileError

__all__ = ["plain_errors"]


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn errors that are not bugs into lines on standard error and an exit code."""
    try:
        yield
        sys.stdout.flush()
    except ModelFileError as error:
        _stop(error.lines(), BAD_INPUT)
    except LoschmidtError as error:
        _stop([f"loschmidt: {' '.join(str(error).split())}"], BAD_INPUT)
    except MemoryError:
        _stop(["loschmidt: there is not enough memory for this model. Use fewer levels or fewer times."], BAD_INPUT)
    except (OverflowError, FloatingPointError):
        _stop(["loschmidt: a number in this model is too large or too small to compute with."], BAD_INPUT)
    except KeyboardInterrupt as error:
        # Who left something behind says what.
        _stop([f"loschmidt: interrupted; {error.args[0] if error.args else 'nothing was written.'}"], INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has left; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except OSError as error:
        _stop([f"loschmidt: the output could not be written: {error.strerror or error}."], BAD_INPUT)


def _stop(lines: list[str], code: int) -> None:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(code) from None
