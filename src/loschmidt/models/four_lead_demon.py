"""Four leads and one spin: a whole bit leaves the maximally mixed particle."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["FOUR_LEAD_DEMON"]

FOUR_LEAD_DEMON = Model(
    name="four-lead-demon",
    source="lesovik2016",
    text='''\
title = "Four-lead demon"
description = """
With a fourth lead, which turns the spin about z, the maximally mixed particle loses a whole bit, ln 2: all that
one spin can take.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), extended to four leads"
kind = "scatterer"

[scatterer]
type = "leads"
leads = 4
splitter = "symmetric"
spin = [0, 0, 1]
''',
)
