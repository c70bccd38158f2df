"""A three-lead scatterer whose leads turn a spin: energy-isolated, and yet entropy falls."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["THREE_LEAD_DEMON"]

THREE_LEAD_DEMON = Model(
    name="three-lead-demon",
    source="lesovik2016",
    text='''\
title = "Three-lead demon"
description = """
A particle scatters from three leads into three leads, and each lead turns a spin in its own way. No energy is
exchanged, but the spin starts pure and can take up entropy: the particle leaves purer than it came. With the
splitter buttiker and the spin along z no three-lead scatterer does better.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eqs. (4) and (5)"
kind = "scatterer"

[scatterer]
type = "leads"
splitter = "buttiker"
spin = [0, 0, 1]
''',
)
