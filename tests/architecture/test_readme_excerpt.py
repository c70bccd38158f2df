"""The README shows what the demo really prints and draws."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from loschmidt.cli.app import app

ROOT = Path(__file__).parents[2]
ROUND_OFF = re.compile(r"[−-]?\d(\.\d+)?(e[−-]1\d)?( at t = [\d.]+)?(?=, within error)|[−-]?\d(\.\d+)?e[−-]1\d")


def lines_of(text: str) -> list[str]:
    """Return the lines without spare white space, round-off replaced by ε: it differs between machines."""
    return [re.sub(r"\s+", " ", ROUND_OFF.sub("ε", line)).strip() for line in text.splitlines()]


def test_excerpt_and_figure_of_the_readme_are_what_the_demo_makes(tmp_path, monkeypatch):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"```text\n\$ make demo\n(.*?)```", readme, re.DOTALL)
    assert excerpt is not None
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(app, ["run", "examples/qubit-relaxation.toml", "--out", str(tmp_path / "demo")])
    assert result.exit_code == 0
    printed = lines_of(result.stdout)
    shown = [line for line in lines_of(excerpt[1]) if line and not line.startswith(("Written", "…"))]
    assert [line for line in shown if line not in printed] == []
    drawn = (tmp_path / "demo" / "entropy-production.svg").read_text(encoding="utf-8")
    stored = (ROOT / "docs" / "images" / "entropy-production.svg").read_text(encoding="utf-8")
    assert drawn.count("<path") == stored.count("<path")
