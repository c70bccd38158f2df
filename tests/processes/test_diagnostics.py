"""Detailed balance is told from round-off: elements that a change of basis left tiny are no broken rates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
import pytest

from loschmidt.processes import Bath, GlauberSpectrum, OhmicSpectrum, davies_generator
from loschmidt.processes.diagnostics import detailed_balance_defect

X, Y, Z = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])


def on(site, operator, count):
    return reduce(np.kron, [operator if k == site else np.eye(2) for k in range(count)])


def test_tiny_elements_of_a_long_chain_are_no_broken_rates():
    count = 6
    h = sum((0.5 + 0.07 * k) * on(k, Z, count) for k in range(count))
    h = h + 0.2 * sum(on(k, A, count) @ on(k + 1, A, count) for k in range(count - 1) for A in (X, Y))
    bath = Bath("hot", 0.5, OhmicSpectrum(0.01, 10.0), on(0, X, count))
    process = davies_generator(h, [bath])
    assert detailed_balance_defect(process.dissipators[0], process.energy) < 1e-9


@dataclass(frozen=True)
class Spoilt(GlauberSpectrum):
    """Rates that break detailed balance by one part in 10⁶ for fast jumps."""

    def rate(self, omega, beta):
        values = super().rate(omega, beta)
        return np.where(np.asarray(omega) > 2, values * (1 + 1e-6), values)


@pytest.mark.parametrize("element", [1.0, 1e-2, 1e-4])
def test_a_weak_element_with_a_broken_rate_is_seen(element):
    coupling = np.array([[0, 1, element], [1, 0, 0], [element, 0, 0]])
    process = davies_generator(np.diag([0.0, 1.0, 2.5]), [Bath("bath", 1.0, Spoilt(0.1), coupling)])
    assert detailed_balance_defect(process.dissipators[0], process.energy) == pytest.approx(5e-7, rel=1e-2)
