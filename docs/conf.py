"""Settings of the documentation site; the reference pages are written from the package itself."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "loschmidt"
author = "The loschmidt developers"
copyright = "2026, The loschmidt developers"
version = release = installed_version("loschmidt")

extensions = [
    "myst_nb",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]

autosummary_generate = True
autosummary_imported_members = False
autodoc_typehints = "none"  # the docstrings state shapes, which say more
numpydoc_class_members_toctree = False
numpydoc_show_class_members = False

bibtex_bibfiles = ["../refs.bib"]
bibtex_default_style = "unsrt"
bibtex_reference_style = "author_year"

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 120

html_theme = "pydata_sphinx_theme"
html_title = "loschmidt"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"show_prev_next": False, "secondary_sidebar_items": ["page-toc"]}


def write_reference(app: Sphinx, config: object) -> None:
    """Write the pages that list public names, accounts and laws before Sphinx looks for its sources."""
    from reference_pages import write_pages

    write_pages(HERE / "reference" / "api", bibliography=HERE.parent / "refs.bib")


def setup(app: Sphinx) -> None:
    """Register the writer of the reference."""
    app.connect("config-inited", write_reference)
