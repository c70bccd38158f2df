"""Two bars that conduct heat: the classical counterpart of a closed quantum pair."""

from __future__ import annotations

from loschmidt.models.model import Model

__all__ = ["CONDUCTING_BARS"]

CONDUCTING_BARS = Model(
    name="conducting-bars",
    source="ahmadi2020",
    text='''\
title = "Two bars that conduct heat"
description = """
A cold and a hot bar of four cells touch until t = 2. Entropy is produced at the contact and inside each bar, and
inside it goes on after the bars are taken apart. Two chains of qubits do the same if their entropy is counted qubit
by qubit, and nothing of the kind if each chain is taken as a whole.
"""
source = "Ahmadi, Salimi, Khorashad, arXiv:2002.10747 (2020), Eq. (15)"
kind = "heat-conduction"

[bars]
cells = [4, 4]
conductance = 1.0
contact_conductance = 1.0
cut = 2.0

[initial]
temperatures = [1.0, 2.0]

[times]
stop = 8.0
points = 161
''',
)
