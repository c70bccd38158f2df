"""Every source that the code or the documentation cites is in refs.bib, once and complete."""

from __future__ import annotations

import re

import pytest
from tests.architecture.source import MODULES, ROOT, bibliography, relative

CITATIONS = [
    re.compile(r":cite(?::[a-z]+)?:`([^`]+)`"),
    re.compile(r"\{cite(?::[a-z]+)?\}`([^`]+)`"),
    re.compile(r"\bsource=\"([^\"\s]+)\""),
]
PAGES = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "_build" not in path.parts]
NEEDED = {"article": {"author", "title", "journal", "year"}, "book": {"author", "title", "publisher", "year"}}

KEYS = list(bibliography())


def citations(text: str) -> set[str]:
    return {
        key.strip()
        for pattern in CITATIONS
        for group in pattern.findall(text)
        for key in group.split(",")
        if key.strip()
    }


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=relative)
def test_citations_resolve(path):
    missing = citations(path.read_text(encoding="utf-8")) - set(KEYS)
    assert not missing, f"{relative(path)} cites {sorted(missing)}; add each to refs.bib"


def test_keys_are_sorted():
    assert len(KEYS) > 30
    assert sorted(KEYS) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_entries_are_complete(key):
    kind, body = bibliography()[key]
    fields = set(re.findall(r"^\s*(\w+)\s*=\s*\{", body, re.MULTILINE))
    assert kind in NEEDED, f"{key}: use one of {sorted(NEEDED)}"
    assert not NEEDED[kind] - fields, f"{key} lacks {sorted(NEEDED[kind] - fields)}"
    assert re.fullmatch(r"[a-z]+\d{4}[a-z]*", key), f"{key}: a key is the first author, the year, and a word if needed"


def test_the_test_sees_a_citation():
    text = ':cite:t:`spohn1978` and {cite:p}`davies1974,lindblad1976`, @law(source="nobody1900")'
    assert citations(text) == {"spohn1978", "davies1974", "lindblad1976", "nobody1900"}
