"""Progress on long work: a bar in a terminal, a plain line every thirty seconds elsewhere, nothing on short work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

__all__ = ["progress_reporter"]

_QUIET_SECONDS = 2.0
_PLAIN_INTERVAL = 30.0


def progress_reporter(title: str, *, enabled: bool) -> AbstractContextManager[Callable[[float], None]]:
    """Return a context whose function takes the fraction done; it shows progress once two seconds have passed.

    Examples
    --------
    >>> with progress_reporter("counting", enabled=False) as report:
    ...     report(0.5)
    """
    return _shown(title) if enabled else nullcontext(_ignore)


@contextmanager
def _shown(title: str) -> Iterator[Callable[[float], None]]:
    display = _Display(title)
    try:
        yield display.update
    finally:
        display.close()


def _ignore(fraction: float) -> None:
    """Show nothing."""


@dataclass
class _Display:
    title: str
    started: float = field(default_factory=time.monotonic)
    last_line: float = field(default_factory=time.monotonic)
    bar: Any = None
    task: Any = None

    def update(self, fraction: float) -> None:
        now = time.monotonic()
        if now - self.started < _QUIET_SECONDS:
            return
        if not sys.stderr.isatty():
            if now - self.last_line >= _PLAIN_INTERVAL:
                self.last_line = now
                sys.stderr.write(f"{self.title}: {100 * fraction:.0f} % after {now - self.started:.0f} s\n")
            return
        if self.bar is None:
            self._open()
        self.bar.update(self.task, completed=fraction)

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.bar.start()
        self.task = self.bar.add_task(self.title, total=1.0)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.stop()
