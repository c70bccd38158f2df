"""An electron that falls down a ladder of levels by emitting phonons."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["DEBYE_LADDER"]

DEBYE_LADDER = Model(
    name="debye-ladder",
    source="lesovik2016",
    text='''\
title = "Electron above and below the Debye energy"
description = """
An electron on a ladder of 30 levels emits phonons of up to 4 spacings into a bath at zero temperature. The channel
is not unital, but the entropy grows as long as the electron is above the Debye energy, and falls once about a
tenth of it is below.
"""
source = "Lesovik et al., Scientific Reports 6, 32815 (2016), Eq. (12) and closing remark"

[parameters]
top = 4.0

[system]
modes = [30]
hamiltonian = "n_m0"

[[bath]]
name = "phonons"
temperature = 0
spectrum = { type = "debye", coupling = 0.05, debye_energy = "top" }
couplings = "all"

[initial]
state = """
(|16><16| + |17><17| + |18><18| + |19><19| + |20><20| + |21><21| + |22><22| + |23><23| + |24><24| +
 |25><25|) / 10
"""

[times]
stop = 200
points = 51
''',
)
