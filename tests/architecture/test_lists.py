"""Each list of models, laws, methods and accounts is explicit; these tests print the line that was forgotten."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.architecture.source import PACKAGE, bibliography, module_name, relative, tree


def entries(module: str, name: str) -> list[Any]:
    """Return the members of an explicit list, whether it is a sequence or keyed by name."""
    members = getattr(importlib.import_module(module), name)
    assert isinstance(members, Collection)
    return list(members.values() if isinstance(members, Mapping) else members)


def listed(value: Any, members: list[Any]) -> bool:
    return any(member is value or (isinstance(value, type) and isinstance(member, value)) for member in members)


def modules_of(package: str) -> list[Path]:
    return sorted(path for path in (PACKAGE / package).rglob("*.py") if path.name != "__init__.py")


def decorator_name(node: ast.expr) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")


def defined_laws(path: Path) -> list[str]:
    return [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and "law" in map(decorator_name, node.decorator_list)
    ]


def defined_methods(path: Path) -> list[str]:
    return [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if "Protocol" not in map(decorator_name, node.bases)
        if any(isinstance(member, ast.FunctionDef) and member.name == "evolve" for member in node.body)
    ]


def test_every_law_is_listed():
    members = entries("loschmidt.laws", "LAWS")
    assert members
    forgotten = [
        f"add `{name}` from {relative(path)} to LAWS in src/loschmidt/laws/catalogue.py"
        for path in modules_of("laws")
        for name in defined_laws(path)
        if not listed(getattr(importlib.import_module(module_name(path)), name), members)
    ]
    assert not forgotten, "\n".join(forgotten)


def test_every_method_is_listed():
    members = entries("loschmidt.evolution", "METHODS")
    assert members
    forgotten = [
        f"add `{name}` from {relative(path)} to METHODS"
        for path in modules_of("evolution")
        for name in defined_methods(path)
        if not listed(getattr(importlib.import_module(module_name(path)), name), members)
    ]
    assert not forgotten, "\n".join(forgotten)


@pytest.mark.parametrize("path", modules_of("models"), ids=relative)
def test_every_model_is_listed(path):
    members = entries("loschmidt.models", "MODELS")
    if path.stem.startswith("_") or path.stem == "model":
        return
    values = vars(importlib.import_module(module_name(path))).values()
    assert any(member is value for member in members for value in values), (
        f"add the model of {relative(path)} to MODELS in src/loschmidt/models/catalogue.py"
    )


def test_every_spectrum_can_be_written_in_a_model_file():
    from loschmidt.studies import schema

    tables = schema()["$defs"].values()
    types = {table["properties"].get("type", {}).get("const") for table in tables}
    path = PACKAGE / "processes" / "spectra.py"
    spectra = {
        node.name.removesuffix("Spectrum").lower()
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    } - {"", "user"}  # the protocol, and the one that takes a function
    assert spectra
    assert not spectra - types, f"add {sorted(spectra - types)} to the spectra of studies/spec.py and studies/baths.py"


def test_every_account_of_a_ledger_is_listed():
    import loschmidt

    names = {account.name for account in entries("loschmidt.ledger", "ACCOUNTS")}
    bath = loschmidt.Bath("cold", beta=2.0, spectrum=loschmidt.OhmicSpectrum(0.1), couplings=[[0, 1], [1, 0]])
    process = loschmidt.davies_generator([[0, 0], [0, 1]], [bath])
    ledger = loschmidt.build_ledger(loschmidt.evolve(process, [[0.5, 0.4], [0.4, 0.5]], [0.0, 1.0, 2.0]))
    written = set(ledger.accounts)
    assert "entropy_production" in written
    assert not written - names, f"add a row to ACCOUNTS for each of {sorted(written - names)}"


def test_every_account_is_listed_once():
    names = [account.name for account in entries("loschmidt.ledger", "ACCOUNTS")]
    assert len(set(names)) == len(names), sorted({name for name in names if names.count(name) > 1})


def test_every_account_is_complete():
    faults = [
        f"the row `{account.name}` of ACCOUNTS has no {field}"
        for account in entries("loschmidt.ledger", "ACCOUNTS")
        for field in ("symbol", "unit", "definition", "source")
        if not str(getattr(account, field))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("module", "name"), [("loschmidt.ledger", "ACCOUNTS"), ("loschmidt.laws", "LAWS")])
def test_sources_are_in_the_bibliography(module, name):
    sources = {member.source for member in entries(module, name)}
    assert sources
    missing = sources - set(bibliography()) - {"definition"}
    assert not missing, f"add {sorted(missing)} to refs.bib"
