"""Efficiency as one less a ratio of generalised temperatures: an identity for steady machines and for cycles."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError
from loschmidt.evolution.steady import steady_state
from loschmidt.information.temperatures import GeneralisedTemperature
from loschmidt.ledger.entropy_split import entropy_split
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["CycleEfficiency", "SteadyMachine", "cycle_efficiency", "steady_machine"]

_ROUND_OFF = 1e-10


@dataclass(frozen=True, eq=False)
class SteadyMachine:
    """Two baths and a steady state between them.

    Attributes
    ----------
    state : (d, d)
        The steady state π.
    hot, cold : int
        Numbers of the baths.
    betas : (2,)
        Inverse temperatures of the baths, in their order.
    heat_rates, entropy_rates : (2,)
        Q̇_b into the system and -tr[D_b(π) ln π]; the latter cancel.
    temperature : GeneralisedTemperature
        T_gen of each bath's share (2,).
    power : float
        Work that the machine gives per time; minus what the Hamiltonian and the particles take, so no sum of heats.
    """

    state: ComplexMatrix
    hot: int
    cold: int
    betas: RealVector
    heat_rates: RealVector
    entropy_rates: RealVector
    temperature: GeneralisedTemperature
    power: float

    @property
    def is_engine(self) -> bool:
        """Whether it takes heat from the hot bath, gives heat to the cold one, and gives work."""
        hot, cold = self.heat_rates[self.hot], self.heat_rates[self.cold]
        return bool(hot > 0 > cold and self.power > _ROUND_OFF * hot)

    @property
    def efficiency(self) -> float:
        """Work per heat from the hot bath; NaN for what is no engine."""
        return float(self.power / self.heat_rates[self.hot]) if self.is_engine else math.nan

    @property
    def generalised_efficiency(self) -> float:
        """1 - T_c,gen / T_h,gen, equal to the efficiency of any engine; NaN where neither heat nor entropy flows."""
        temperatures = np.asarray(self.temperature.temperature)
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(1 - temperatures[self.cold] / temperatures[self.hot])

    @property
    def carnot_efficiency(self) -> float:
        """1 - T_c / T_h of the baths."""
        return float(1 - self.betas[self.hot] / self.betas[self.cold])

    @property
    def entropy_production_by_bath(self) -> RealVector:
        """Q̇_b (1/T_gen,b - 1/T_b) (2,), as Ṡ_b - β_b Q̇_b; neither is negative if the bath keeps its Gibbs state."""
        return np.asarray(self.entropy_rates - self.betas * self.heat_rates)


def steady_machine(process: Generator, state: StateLike | None = None) -> SteadyMachine:
    r"""Return what a process between two baths does in its steady state, and the temperatures it does it between.

    .. math:: \eta = 1 - T_c^\mathrm{gen} / T_h^\mathrm{gen}, \qquad
              T_c \le T_c^\mathrm{gen} < T_h^\mathrm{gen} \le T_h

    Parameters
    ----------
    process : Generator
        With two baths of different, finite and positive inverse temperatures.
    state : (d, d), optional
        Initial state, where the steady state is not unique.

    Returns
    -------
    SteadyMachine

    Raises
    ------
    InputError
        If there are not two such baths, or the steady state leaves a level empty.
    NotUniqueError, ConvergenceError
        As :func:`~loschmidt.evolution.steady.steady_state`.

    Notes
    -----
    The first formula, after :cite:t:`ahmadi2020`, Eq. (19), is an identity, because the entropy rates of the two baths
    cancel in a steady state. The second holds for an engine whose baths each keep their Gibbs state.

    Examples
    --------
    Two baths with nothing in between but a qubit: heat flows, no work is done.

    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> coupling = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), coupling), Bath("cold", 2.0, GlauberSpectrum(0.1), coupling)]
    >>> found = steady_machine(davies_generator(np.diag([0.0, 1.0]), baths))
    >>> found.is_engine, abs(found.generalised_efficiency) < 1e-12
    (False, True)
    """
    betas = [one.beta for one in process.dissipators]
    known = np.array([math.nan if beta is None else beta for beta in betas], dtype=np.float64)
    if len(betas) != 2 or not (np.isfinite(known) & (known > 0)).all() or known[0] == known[1]:
        raise InputError(
            f"`process` must have two baths of different, finite and positive inverse temperatures, but they are "
            f"{betas}. For more baths use entropy_split() on the steady state."
        )
    settled = steady_state(process, state)
    split = entropy_split(process, settled.state)
    if not np.isfinite(split.by_bath).all():
        raise InputError("`process` leaves a level empty in its steady state, so the entropy rates are infinite.")
    hot, cold = (0, 1) if known[0] < known[1] else (1, 0)
    potentials = np.array([one.chemical_potential or 0.0 for one in process.dissipators])
    return SteadyMachine(
        state=settled.state,
        hot=hot,
        cold=cold,
        betas=known,
        heat_rates=settled.heat_rates,
        entropy_rates=split.by_bath,
        temperature=split.temperature_by_bath,
        power=-float(settled.switching_power + (potentials * settled.particle_rates).sum()),
    )


@dataclass(frozen=True)
class CycleEfficiency:
    """Efficiency of a cycle, in the signed form and as it is printed.

    Attributes
    ----------
    efficiency : float
        1 + Q_c / Q_h = 1 + ∮_c T dS / ∮_h T dS.
    hot_temperature, cold_temperature : float
        |Q / ΔS| of each stroke: temperatures averaged over the entropy that flows.
    printed : float
        1 - ∮_c T dS / ∮_h T dS with T dS = dQ of the system, which exceeds one for every engine.
    """

    efficiency: float
    hot_temperature: float
    cold_temperature: float
    printed: float

    @property
    def from_temperatures(self) -> float:
        """1 - T_c / T_h of the averaged temperatures; the efficiency if the entropy changes are opposite."""
        return 1 - self.cold_temperature / self.hot_temperature


def cycle_efficiency(
    hot_heat: float, cold_heat: float, hot_entropy_change: float, cold_entropy_change: float
) -> CycleEfficiency:
    r"""Return the efficiency of an engine cycle from heat into the system and entropy change of its two heat strokes.

    .. math:: \eta = 1 + \frac{Q_c}{Q_h} = 1 - \frac{\bar T_c}{\bar T_h}, \qquad \bar T_x = |Q_x / \Delta S_x|

    Parameters
    ----------
    hot_heat, cold_heat : float
        Heat into the system, positive from the hot bath.
    hot_entropy_change, cold_entropy_change : float
        Of the system in the two strokes; opposite if the other strokes change no entropy.

    Raises
    ------
    InputError
        If the hot stroke takes in no heat, or a stroke changes no entropy.

    Notes
    -----
    :cite:t:`ahmadi2020`, Eq. (19), with signed heat: the printed form takes Q_c as a magnitude but T and S of the
    system. Being an identity it says nothing about equilibrium; Carnot's value needs T constant, and that of the bath,
    on both strokes.

    Examples
    --------
    >>> round(cycle_efficiency(1.0, -0.4, 0.5, -0.5).from_temperatures, 12)
    0.6
    """
    hot, cold = as_number(hot_heat, "hot_heat", positive=True), as_number(cold_heat, "cold_heat")
    changes = as_number(hot_entropy_change, "hot_entropy_change"), as_number(cold_entropy_change, "cold_entropy_change")
    if 0.0 in changes:
        raise InputError("`hot_entropy_change` and `cold_entropy_change` must not be zero: T = Q / ΔS is a pole there.")
    return CycleEfficiency(1 + cold / hot, abs(hot / changes[0]), abs(cold / changes[1]), 1 - cold / hot)
