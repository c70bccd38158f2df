"""Everything a run leaves on disk: the ledger, the page and the figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from loschmidt.report.figures import save_figures
from loschmidt.report.html import render_html

if TYPE_CHECKING:
    from loschmidt.studies.run import Run

__all__ = ["write_report"]


def write_report(run: Run, directory: str | Path) -> list[Path]:
    """Write the ledger, the page and the figures of a run into a folder.

    Parameters
    ----------
    run : Run
        From :func:`loschmidt.studies.run_model`.
    directory : str or Path
        Made if it does not exist; files of an earlier report are replaced.

    Returns
    -------
    list of Path
        ``ledger.nc``, ``report.html`` and one ``.svg`` for each figure that applies.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     [path.name for path in write_report(run, folder)][:3]
    ['ledger.nc', 'report.html', 'entropy-production.svg']
    """
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    ledger, page = folder / "ledger.nc", folder / "report.html"
    run.ledger.save(ledger)
    drawings = save_figures(run, folder)
    page.write_text(
        render_html(run, {path.stem: path.read_text(encoding="utf-8") for path in drawings}), encoding="utf-8"
    )
    return [ledger, page, *drawings]
