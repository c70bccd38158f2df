"""Results on disk, all or none, and on the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from loschmidt.errors import InputError

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["OutputFolder", "show", "terminal_style"]


@dataclass(frozen=True)
class OutputFolder:
    """A folder that is filled completely or not at all."""

    path: Path

    @property
    def unfinished(self) -> Path:
        """Folder beside it, for what a run needs until its results are written."""
        target = self.path.absolute()
        return target.with_name(f"{target.name}.unfinished")

    def check(self) -> None:
        """Raise InputError where the folder could not be written, before any work is done."""
        if str(self.path) in ("", "."):
            raise InputError("`--out` must name a folder of its own, but it is empty or the current one.")
        nearest = self.path.absolute()
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise InputError(f"`--out` must be a folder, but {str(nearest)!r} is a file.")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise InputError(f"`--out` must be writable, but {str(nearest)!r} is not. Choose another folder.")

    def write(self, fill: Callable[[Path], Sequence[Path]]) -> list[Path]:
        """Return the files that `fill` makes in the folder it is given, after moving them here.

        Raises
        ------
        InputError
            If the folder cannot be written; nothing is left behind.
        """
        target = self.path.absolute()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
                # A folder inside, because a temporary one is closed to others and the results need not be.
                fresh = Path(scratch, target.name)
                fresh.mkdir()
                names = [path.relative_to(fresh) for path in fill(fresh)]
                _move(fresh, target, names)
        except OSError as error:
            raise InputError(f"`--out` {str(self.path)!r} cannot be written: {error.strerror or error}.") from None
        shutil.rmtree(self.unfinished, ignore_errors=True)
        return [self.path / name for name in names]


def _move(fresh: Path, target: Path, names: Sequence[Path]) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    from loschmidt.report.figures import FIGURES

    for old in target.glob("*.svg"):
        # Figures of an earlier run that this one does not make would stand beside a report that knows nothing of them.
        if old.stem in FIGURES and Path(old.name) not in names:
            old.unlink()
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(fresh / name, target / name)  # noqa: PTH105 - the one call that replaces a file in one step


def show(run: Run, written: Sequence[Path], *, as_json: bool) -> None:
    """Print a run: one JSON object, or the report, plain unless a terminal reads it."""
    from loschmidt.report import render_json, render_text

    if as_json:
        typer.echo(json.dumps(render_json(run, written), indent=2, allow_nan=False))
        return
    color, width = terminal_style()
    typer.echo(render_text(run, written=written, color=color, width=width), color=color)


def terminal_style() -> tuple[bool, int]:
    """Return whether standard output takes colours, and how many columns it has."""
    terminal = sys.stdout.isatty()
    return terminal and "NO_COLOR" not in os.environ, (shutil.get_terminal_size((100, 24)).columns if terminal else 100)
