"""Between T₂ and T₁: when an open system is as good as isolated, and what a cold bath takes out of it later."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.information import relative_entropy, von_neumann_entropy
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes import gkls_generator, jump_dissipator
from loschmidt.processes.channels import Channel
from loschmidt.processes.gains import entropy_gain
from loschmidt.processes.quasi_isolated_window import QuasiIsolatedWindow, quasi_isolated_window
from loschmidt.states import gibbs_state
from loschmidt.typing import ComplexMatrix, RealMatrix

__all__ = ["CLAIMS"]

_OMEGA, _TEMPERATURE = 1.0, 0.2
_MIXED = np.eye(2) / 2


def _window() -> QuasiIsolatedWindow:
    """Return a qubit with γ = 1e-4, γ_φ = 1 at T = ω/5."""
    number = 1 / math.expm1(_OMEGA / _TEMPERATURE)
    lower = np.array([[0.0, 1.0], [0.0, 0.0]])
    bath = jump_dissipator("bath", [lower, lower.T], [1e-4 * (number + 1), 1e-4 * number], beta=1 / _TEMPERATURE)
    dephasing = jump_dissipator("dephasing", [np.diag([1.0, -1.0])], [0.5])
    return quasi_isolated_window(
        gkls_generator(np.diag([0.0, _OMEGA]), [bath, dephasing]), np.geomspace(0.1, 1e5, 61), 1e-3, 1e-2
    )


def _approximately_unital() -> Computed:
    window = _window()
    defect = window.channel(30.0).unitality_defect()
    gain = float(entropy_gain(window.channel(30.0), np.full((2, 2), 0.5)))
    value = {
        "T1": window.t1,
        "T2": window.t2,
        "window": [window.t_low, window.t_high],
        "defect at 30": defect,
        "gain of |+> at 30": gain,
    }
    if not window.exists or window.t1 is None or window.t2 is None:
        return Computed(value, ClaimVerdict.REFUTED, window.verdict)
    reason = (
        f"With T₂ = {window.t2:.5f} and T₁ = {window.t1:.2f} the channel is {window.verdict}; at t = 30 the defect is "
        f"{defect:.1e} and a coherent state has gained {gain:.5f} nats."
    )
    unital = window.largest_defect is not None and window.largest_defect <= window.population_tolerance
    return Computed(value, ClaimVerdict.REPRODUCED if unital and gain > 0.69 else ClaimVerdict.REFUTED, reason)


def _entropy_in_the_window() -> Computed:
    window = _window()
    least = [window.minimal_gain(t) for t in (15.0, 30.0)]
    mixed = [float(entropy_gain(window.channel(t), _MIXED)) for t in (15.0, 30.0)]
    orders = [math.log2(pair[1] / pair[0]) if pair[0] < 0 else math.inf for pair in (least, mixed)]
    value = {"least gain": least[1], "order": orders[0], "maximally mixed": mixed[1], "its order": orders[1]}
    if least[1] > -1e-9 or orders[0] > 1.9:
        reason = f"The least gain at t = 30 is {least[1]:.1e}, of order t^{orders[0]:.2f}."
        return Computed(value, ClaimVerdict.REPRODUCED, reason)
    if abs(orders[0] - 1) < 0.05 and abs(orders[1] - 2) < 0.05:
        return Computed(
            value,
            ClaimVerdict.CORRECTED,
            f"The maximally mixed state loses {-mixed[1]:.1e} nats by t = 30, of order t^{orders[1]:.2f}, but the "
            f"worst state {-least[1]:.1e}, of order t^{orders[0]:.2f}: nearly unital does not mean losses of "
            f"second order.",
        )
    return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"Losses of orders {orders[0]:.2f} and {orders[1]:.2f} in t.")


def _reset() -> Computed:
    window = _window()
    energy = np.diag([0.0, _OMEGA])
    thermal = gibbs_state(energy, 1 / _TEMPERATURE)
    late = window.channel(1e6)
    least, expected = window.minimal_gain(1e6), float(von_neumann_entropy(thermal)) - math.log(2)
    gain, heat = _gain_and_heat(late, _MIXED, energy)
    excess = float(relative_entropy(_MIXED, thermal))
    near_gain, near_heat = _gain_and_heat(late, gibbs_state(energy, 1 / (1.001 * _TEMPERATURE)), energy)
    value = {"ΔS": gain, "ΔE/T": heat, "least gain": least, "S(ρ_th) - ln 2": expected, "near": near_gain / near_heat}
    if abs(gain - heat) < 1e-3 * abs(gain):
        return Computed(value, ClaimVerdict.REPRODUCED, f"ΔS = {gain:.4f} and ΔE/T = {heat:.4f}.")
    if abs(least - expected) < 1e-8 and abs(gain - heat - excess) < 1e-8 and abs(near_gain / near_heat - 1) < 0.01:
        return Computed(
            value,
            ClaimVerdict.CORRECTED,
            f"A reset of the maximally mixed qubit gives ΔS = {gain:.4f} = S(ρ_th) − ln 2, the least of all states, "
            f"while ΔE/T = {heat:.4f} (in k_B: ΔE over k_B T): ΔS exceeds it by S(ρ‖ρ_th) = {excess:.4f}, and they "
            f"agree, to {abs(near_gain / near_heat - 1):.2%}, for a state 0.1% off the temperature of the bath.",
        )
    return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"ΔS = {gain:.4f}, ΔE/T = {heat:.4f}, excess {excess:.4f}.")


def _gain_and_heat(channel: Channel, state: ComplexMatrix, energy: RealMatrix) -> tuple[float, float]:
    change = np.trace(energy @ (channel(state) - state)).real
    return float(entropy_gain(channel, state)), float(change) / _TEMPERATURE


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "quasi-isolated-window",
        "text, T₂ ≪ t ≪ T₁",
        "Between dephasing and relaxation the evolution of an open system is approximately unital.",
        None,
        ClaimVerdict.REPRODUCED,
        _approximately_unital,
    ),
    Claim(
        "window-entropy",
        "text, T₂ ≪ t ≪ T₁",
        "There entropy does not fall, up to corrections that may be neglected.",
        None,
        ClaimVerdict.CORRECTED,
        _entropy_in_the_window,
    ),
    Claim(
        "reset",
        "text, cold bath",
        "A system that a cold bath resets loses the entropy ΔS = ΔE/k_B T.",
        "ΔS = ΔE/k_BT",
        ClaimVerdict.CORRECTED,
        _reset,
    ),
)
