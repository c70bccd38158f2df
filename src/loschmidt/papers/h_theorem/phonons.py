"""Electrons and phonons: Eq. (12), quasi-elastic scattering, and what happens below the Debye energy."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.channels import Channel
from loschmidt.processes.electron_phonon import (
    debye_ladder,
    delta_scattering,
    frozen_ion,
    frozen_ions,
    gaussian_displacements,
    quantum_ion,
)
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.processes.quasi_isolated_window import identity_image_rate
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["CLAIMS"]

_WAVE_NUMBER = 2.0
_LEVELS, _DEBYE = 60, 6


def _scattering_at(displacements: RealVector) -> ComplexMatrix:
    return delta_scattering(np.array([0.0, 1.0]) + displacements, [0.7, -0.4], _WAVE_NUMBER)


def _operators_of_the_ions() -> Computed:
    displacements, weights = gaussian_displacements([0.1, 0.2], points=4)
    ions = frozen_ions(_scattering_at, displacements, weights)
    joint = ions.unitary
    one = np.eye(len(joint))
    kept = float(np.linalg.norm(joint.conj().T @ joint - one, 2))
    weighted = joint * np.tile(weights, 2)
    printed = float(np.linalg.norm(weighted.conj().T @ weighted - one, 2))
    from_joint = Channel.from_unitary(joint, np.diag(weights), (2, len(weights)))
    apart = float(np.abs(from_joint.superoperator - ions.channel.superoperator).max())
    value = {"without density": kept, "density in the operators": printed, "difference of channels": apart}
    if printed < 1e-9:
        return Computed(value, ClaimVerdict.REPRODUCED, f"The printed operators are unitary within {printed:.0e}.")
    if kept < 1e-12 and apart < 1e-12:
        return Computed(
            value,
            ClaimVerdict.CORRECTED,
            f"With the ion density inside the operators U†U misses 1 by {printed:.2f}; without it U is unitary within "
            f"{kept:.0e}, and the density as diagonal of the ions' state gives the same average over positions within "
            f"{apart:.0e}.",
        )
    return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"U†U misses 1 by {kept:.1e} without the density, too.")


def _unital_average() -> Computed:
    shell = frozen_ion(delta_scattering([0.0], [0.7], _WAVE_NUMBER), [_WAVE_NUMBER, -_WAVE_NUMBER], variance=0.3)
    rotation = np.array([[2, 2, -1], [-1, 2, 2], [2, -1, 2]]) / 3
    off_shell = frozen_ion(rotation, [0.3, -1.0, 2.2], displacements=[-0.4, 0.1, 0.5], weights=[0.5, 0.2, 0.3])
    several = frozen_ions(_scattering_at, *gaussian_displacements([0.1, 0.2], points=6))
    channels = {"energy shell": shell.channel, "any wave numbers": off_shell.channel, "two ions": several.channel}
    defects = {name: channel.unitality_defect() for name, channel in channels.items()}
    lowest = min(minimal_entropy_gain(channel).lower_bound for channel in channels.values())
    if max(defects.values()) < 1e-12 and lowest > -1e-10:
        verdict, words = ClaimVerdict.REPRODUCED, "so that no state loses entropy"
    else:
        verdict, words = ClaimVerdict.REFUTED, "so that some state loses entropy"
    reason = f"The largest ‖Φ(1) − 1‖ is {max(defects.values()):.0e} and the least gain {lowest:.0e} nats, {words}."
    return Computed(defects, verdict, reason)


def _quasi_elastic() -> Computed:
    frequencies = (0.05, 0.1, 1.0, 2.0)
    defects = {
        f"Ω = {frequency:g}": quantum_ion(5, 1.0, 4.0, 1.0, frequency, 0.5, 0.2).channel.unitality_defect()
        for frequency in frequencies
    }
    slowest, slow, _, inelastic = defects.values()
    exponent = math.log2(slow / slowest)
    value = {**defects, "exponent": exponent}
    reason = (
        f"With recoil ‖Φ(1) − 1‖ = {slowest:.4f} at Ωτ = 0.05 and falls as Ω^{exponent:.2f}, while it is "
        f"{inelastic:.2f} for an ion as fast as the electron."
    )
    if abs(exponent - 2) < 0.1 and slowest < 0.02:
        return Computed(value, ClaimVerdict.REPRODUCED, reason)
    return Computed(value, ClaimVerdict.REFUTED, reason)


def _below_the_debye_energy() -> Computed:
    cold, hot = (debye_ladder(float(_DEBYE), t, levels=_LEVELS, spacing=1.0) for t in (0.0, 5.0))
    rates = [np.diag(identity_image_rate(ladder.generator)).real for ladder in (cold, hot)]
    same = float(np.abs(rates[0] - rates[1]).max())
    below = float(rates[0][:_DEBYE].min())
    above = float(np.abs(rates[0][_DEBYE : _LEVELS - _DEBYE]).max())
    value = {"smallest below": below, "largest above": above, "cold minus hot": same}
    if below <= 1e-12:
        return Computed(value, ClaimVerdict.REFUTED, f"L(1) is {below:.1e} somewhere below the Debye energy.")
    if above < 1e-12 and same < 1e-12:
        return Computed(
            value,
            ClaimVerdict.CORRECTED,
            f"L(1) is at least {below:.2f} below ω_D but {above:.0e} from there to ω_D below the top, at T = 0 and "
            f"T = 5 alike within {same:.0e}: not unital as a whole, yet with an H-theorem for states above ω_D.",
        )
    return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"L(1) is {above:.1e} above the Debye energy as well.")


def _class_of_states() -> Computed:
    ladder = debye_ladder(float(_DEBYE), 0.0, levels=_LEVELS, spacing=1.0)
    level = np.arange(_LEVELS)
    high = np.where((level >= 30) & (level < 50), 1 / 20, 0.0)
    low = np.where(level < 10, 1 / 10, 0.0)
    times = [0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 40.0]
    entropies = ladder.entropies(high, times)
    fallen = ladder.entropies(low, [0.0, 1.0])
    below = float(ladder.populations(high, [3.0])[0, :_DEBYE].sum())
    value = {f"S({t:g})": float(s) for t, s in zip(times, entropies, strict=True)}
    value |= {"low start, S(0)": float(fallen[0]), "low start, S(1)": float(fallen[1])}
    rises, loses = bool((np.diff(entropies[:4]) > 0).all()), float(fallen[1]) < float(fallen[0])
    reason = (
        f"From levels 30 to 49 entropy goes from {entropies[0]:.4f} to {entropies[3]:.4f} at t = 3 and falls once "
        f"{below:.0%} are below ω_D, to {entropies[-1]:.4f}; from levels 0 to 9 it goes from {fallen[0]:.4f} to "
        f"{fallen[1]:.4f} at once."
    )
    if rises and loses:
        return Computed(value, ClaimVerdict.REPRODUCED, reason)
    return Computed(value, ClaimVerdict.REFUTED if not rises else ClaimVerdict.NOT_REPRODUCIBLE, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "ion-density",
        "Eq. (12)",
        "The operators of the ions that belong to a transition of the electron contain the density of the ions.",
        "ρ_ion stands inside F",
        ClaimVerdict.CORRECTED,
        _operators_of_the_ions,
    ),
    Claim(
        "ions-at-rest",
        "Eq. (12), text",
        "Scattering by ions that do not move meanwhile is unital, whatever their positions.",
        None,
        ClaimVerdict.REPRODUCED,
        _unital_average,
    ),
    Claim(
        "quasi-elastic",
        "text after Eq. (12)",
        "Electron–phonon scattering is unital as long as it is quasi-elastic.",
        None,
        ClaimVerdict.REPRODUCED,
        _quasi_elastic,
    ),
    Claim(
        "debye-energy",
        "text after Eq. (12)",
        "The evolution of an electron with phonons is not unital below the Debye energy.",
        None,
        ClaimVerdict.CORRECTED,
        _below_the_debye_energy,
    ),
    Claim(
        "class-of-states",
        "closing remark",
        "Even where a channel is not unital the entropy of a class of states does not fall.",
        None,
        ClaimVerdict.REPRODUCED,
        _class_of_states,
    ),
)
