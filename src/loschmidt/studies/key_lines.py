"""Find the line of every key in a TOML text, which the standard reader does not tell.

The text is known to be valid TOML when it comes here, so the scanner only needs to know where things end.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right

__all__ = ["KeyPath", "key_path", "line_of", "lines_of_keys"]

#: Keys and list indices from the top of the file, such as ``("bath", 1, "spectrum", "cutoff")``.
KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\])*"|'[^']*'""")
_STRING = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:\\.|[^"\\])*"|'[^']*\'''',
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, of every key, table, and list entry of a valid TOML text.

    Examples
    --------
    >>> lines_of_keys("bath = [{ name = 'hot' }]")[("bath", 0, "name")]
    1
    """
    return _Scanner(text).scan()


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """Return the line of `path`, or of the nearest table around it that stands in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def key_path(place: tuple[str | int, ...]) -> KeyPath:
    """Return the key path of a place that pydantic names, without the tags of unions.

    Examples
    --------
    >>> key_path(("bath", 1, "spectrum", "<ohmic>", "cutoff"))
    ('bath', 1, 'spectrum', 'cutoff')
    """
    return tuple(part for part in place if not (isinstance(part, str) and part.startswith("<")))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.lines: dict[KeyPath, int] = {}
        self.lengths: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self.skip(_BLANK)
        while self.position < len(self.text):
            if self.text[self.position] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
        return self.lines

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.position)
        if match is None:
            # Cannot happen in valid TOML; moving on keeps the scan finite whatever comes.
            self.position += 1
            return ""
        self.position = match.end()
        return match.group()

    def mark(self, path: KeyPath, position: int) -> None:
        self.lines.setdefault(path, bisect_right(self.newlines, position - 1) + 1)

    def header(self) -> KeyPath:
        """Read ``[a.b]`` or ``[[a.b]]`` and return where the keys below it belong."""
        start = self.position
        repeated = self.text.startswith("[[", start)
        self.position += 2 if repeated else 1
        keys = self.dotted()
        self.position += 2 if repeated else 1
        path: KeyPath = ()
        for depth, key in enumerate(keys):
            path = (*path, key)
            self.mark(path, start)
            if repeated and depth == len(keys) - 1:
                self.lengths[path] = self.lengths.get(path, 0) + 1
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
                self.mark(path, start)
        return path

    def dotted(self) -> list[str]:
        keys = []
        while True:
            self.skip(_SPACE)
            keys.append(_plain_key(self.skip(_KEY)))
            self.skip(_SPACE)
            if not self.text.startswith(".", self.position):
                return keys
            self.position += 1

    def pair(self, table: KeyPath) -> None:
        """Read ``key = value``."""
        start = self.position
        path = table
        for key in self.dotted():
            path = (*path, key)
            self.mark(path, start)
        self.position += 1
        self.skip(_SPACE)
        self.value(path)

    def value(self, path: KeyPath) -> None:
        opening = self.text[self.position : self.position + 1]
        if opening == "[":
            self.entries(path, "]")
        elif opening == "{":
            self.entries(path, "}")
        elif opening in ("'", '"'):
            self.skip(_STRING)
        else:
            self.skip(_PLAIN)

    def entries(self, path: KeyPath, closing: str) -> None:
        self.position += 1
        index = 0
        self.skip(_BLANK)
        while self.position < len(self.text) and self.text[self.position] != closing:
            if closing == "]":
                self.mark((*path, index), self.position)
                self.value((*path, index))
                index += 1
            else:
                self.pair(path)
            self.skip(_BLANK)
            if self.text.startswith(",", self.position):
                self.position += 1
                self.skip(_BLANK)
        self.position += 1


def _plain_key(written: str) -> str:
    if not written.startswith(("'", '"')):
        return written
    (key,) = tomllib.loads(f"{written} = 0")
    return key
