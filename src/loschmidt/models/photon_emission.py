"""A charge that turns back radiates: which side it came from is recorded, and entropy grows."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["PHOTON_EMISSION"]

PHOTON_EMISSION = Model(
    name="photon-emission",
    source="lesovik2016",
    text='''\
title = "Elastic scattering with soft photons"
description = """
A charge that is reflected radiates soft photons, which tell reflection from transmission. The kicks from the
two sides are inverse to each other, so the channel is unital and the entropy of the charge can only grow.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eqs. (6) to (8)"
kind = "scatterer"

[scatterer]
type = "photon"
transmission = 0.4
emitted_photons = 0.5

[initial]
state = "0.9*|0><0| + 0.1*|1><1| + 0.3*|0><1| + 0.3*|1><0|"
''',
)
