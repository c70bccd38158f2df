"""What the tests of the house read: its files, its syntax trees, and its public names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "loschmidt"
MODULES = sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    """Return the path of a repository file as a person would type it."""
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method of a module."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def public_names() -> dict[str, str]:
    """Return each public name of the package and the module that the stub file takes it from."""
    return {
        (alias.asname or alias.name): f"loschmidt.{node.module}" if node.module else "loschmidt"
        for node in tree(PACKAGE / "__init__.pyi").body
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    }


@cache
def bibliography() -> dict[str, tuple[str, str]]:
    """Return the kind and the text of each entry of refs.bib, by key, in the order of the file."""
    text = (ROOT / "refs.bib").read_text(encoding="utf-8")
    entries = re.findall(r"^@(\w+)\{([^,\s]+),\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    assert len({key for _, key, _ in entries}) == len(entries), "a key of refs.bib is used twice"
    return {key: (kind, body) for kind, key, body in entries}
