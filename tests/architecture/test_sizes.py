"""A module fits in the head and a function on the screen."""

from __future__ import annotations

import ast

import pytest
from tests.architecture.source import MODULES, functions, relative, tree

LONGEST_MODULE = 400
LONGEST_FUNCTION = 40


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the number of lines from `def` to the end, less those of the docstring."""
    first = function.body[0]
    documented = isinstance(first, ast.Expr) and ast.get_docstring(function) is not None
    return function.end_lineno - function.lineno + 1 - (first.end_lineno - first.lineno + 1 if documented else 0)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_size(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{relative(path)} has {lines} lines; split it at its second idea"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_function_size(path):
    faults = [
        f"{relative(path)}:{function.lineno}: `{function.name}` has {body_length(function)} lines"
        for function in functions(path)
        if body_length(function) > LONGEST_FUNCTION
    ]
    assert not faults, "\n".join([*faults, f"a function has at most {LONGEST_FUNCTION} lines besides its docstring"])


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_module_says_its_idea_first(path):
    assert ast.get_docstring(tree(path)), f"{relative(path)} must start with one line that says its idea"
