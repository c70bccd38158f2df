"""Reference pages written from the package: public names by layer, accounts, laws, and the keys of a model file."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import loschmidt
import loschmidt.studies

LAYERS = ("states", "information", "processes", "models", "evolution", "ledger", "laws", "papers", "studies", "report")


def write_pages(folder: Path, bibliography: Path) -> None:
    """Write every generated page into `folder`; a page whose text did not change is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "names.rst", names_page())
    _write(folder / "accounts.rst", accounts_page())
    _write(folder / "laws.rst", laws_page())
    _write(folder / "model-file.rst", model_file_page(loschmidt.studies.schema()))


def public_names() -> dict[str, str]:
    """Return each public name and the module that the stub file takes it from."""
    stub = Path(loschmidt.__file__).with_suffix(".pyi")
    return {
        alias.asname or alias.name: node.module or ""
        for node in ast.parse(stub.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def names_page() -> str:
    """Return the page of public names, in the order in which data flows."""
    by_layer: dict[str, list[str]] = {}
    for name, module in public_names().items():
        layer = module.partition(".")[0]
        by_layer.setdefault(layer if layer in LAYERS else "the border", []).append(name)
    parts = [_heading("Python names"), "All of these are imported from ``loschmidt`` itself.\n"]
    for layer in [*LAYERS, "the border"]:
        if layer in by_layer:
            parts += [_section(layer.capitalize(), _idea(layer)), _listing(sorted(by_layer[layer], key=str.lower))]
    return "\n".join(parts)


def accounts_page() -> str:
    """Return the table of accounts that a ledger may hold."""
    rows = [
        (f"``{a.name}``", _plain(a.symbol), ", ".join(a.axes) or "–", a.unit, _plain(a.definition), _cite(a.source))
        for a in _members("loschmidt.ledger", "ACCOUNTS")
    ]
    text = "An account that does not apply to a process is absent from its ledger; nothing is ever filled with NaN.\n"
    header = ("Account", "Symbol", "Axes", "Unit", "Definition", "Source")
    return "\n".join([_heading("Accounts"), text, _table(header, rows)])


def laws_page() -> str:
    """Return the table of laws that an audit holds a ledger against."""
    rows = [(law.name, _plain(law.statement), _cite(law.source)) for law in _members("loschmidt.laws", "LAWS")]
    text = "A law compares its margin with the error of the ledger; see :doc:`/explanation/ledger-and-audit`.\n"
    return "\n".join([_heading("Laws"), text, _table(("Law", "Statement", "Source"), rows)])


def model_file_page(schema: dict[str, Any]) -> str:
    """Return the page of all tables and keys of a model file, from its JSON Schema, kind by kind."""
    text = "Every table and key; an unknown one is an error. ``loschmidt schema`` prints the same for editors.\n"
    parts = [_heading("Keys of a model file"), text]
    seen: set[str] = set()
    for one in schema["anyOf"]:
        top = schema["$defs"][one["$ref"].rpartition("/")[2]]
        kind = top["properties"]["kind"]
        name = kind.get("const", kind.get("default", ""))
        parts += [_section(f"kind = {name}", _plain(top.get("description", "").partition("\n")[0])), _keys(top)]
        queue = list(_tables(top, ""))
        while queue:
            path, table_name = queue.pop(0)
            if table_name in seen:
                continue
            seen.add(table_name)
            table = schema["$defs"][table_name]
            variant = table["properties"].get("type", {}).get("const")
            title = f"{path}, type = {variant}" if variant else path
            parts += [_subsection(title, _plain(table.get("description", ""))), _keys(table)]
            queue += _tables(table, path)
    return "\n".join(parts)


def _tables(schema: dict[str, Any], path: str) -> list[tuple[str, str]]:
    """Return where each table below `schema` stands, and the name of its definition."""
    return [
        (f"{path}.{key}".lstrip("."), name)
        for key, value in schema.get("properties", {}).items()
        for name in _references(value)
    ]


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for item in node for name in _references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
    return own + [name for key, item in node.items() if key != "examples" for name in _references(item)]


def _keys(table: dict[str, Any]) -> str:
    required = table.get("required", [])
    rows = [
        (f"``{key}``", "yes" if key in required else "", _plain(value.get("description", "a table")), _example(value))
        for key, value in table["properties"].items()
        if "const" not in value
    ]
    return _table(("Key", "Needed", "Meaning", "Example"), rows)


def _example(value: dict[str, Any]) -> str:
    examples = value.get("examples", [])
    return f"``{json.dumps(examples[0], ensure_ascii=False)}``" if examples else ""


def _plain(text: str) -> str:
    """Return `text` with the characters escaped that mean something in reStructuredText."""
    return re.sub(r"([\\|*_])", r"\\\1", text)


def _cite(source: str) -> str:
    return source if source in {"", "definition"} else f":cite:t:`{source}`"


def _members(module: str, name: str) -> list[Any]:
    members = getattr(importlib.import_module(module), name)
    return list(members.values() if isinstance(members, Mapping) else members)


def _idea(layer: str) -> str:
    if layer not in LAYERS:
        return "Units and errors."
    return (inspect.getdoc(importlib.import_module(f"loschmidt.{layer}")) or "").partition("\n")[0]


def _heading(title: str) -> str:
    return f"{title}\n{'=' * len(title)}\n"


def _section(title: str, text: str) -> str:
    return f"{title}\n{'-' * len(title)}\n\n{text}\n"


def _subsection(title: str, text: str) -> str:
    return f"{title}\n{'~' * len(title)}\n\n{text}\n"


def _listing(names: Iterable[str]) -> str:
    lines = [".. currentmodule:: loschmidt", "", ".. autosummary::", "   :toctree: generated", "   :nosignatures:", ""]
    return "\n".join([*lines, *(f"   {name}" for name in names), ""])


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in (header, *rows):
        lines += [f"   {'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
    return "\n".join([*lines, ""])


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
