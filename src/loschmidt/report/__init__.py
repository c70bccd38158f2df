"""Show a run: as lines for a terminal, as JSON for programs, as figures, and as one page that opens offline."""

from __future__ import annotations

from loschmidt.report.figures import figures
from loschmidt.report.html import render_html
from loschmidt.report.json import render_json
from loschmidt.report.text import render_text
from loschmidt.report.write import write_report

__all__ = ["figures", "render_html", "render_json", "render_text", "write_report"]
