"""Entropy production of baths that need not be thermal: by their own stationary states, and by what reservoirs gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError, NotAStateError, NotUniqueError, ResourceError
from loschmidt.ledger.entropy_rates import entropy_rates
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.generators import Generator
from loschmidt.processes.nonthermal import information_entropy_operator, reservoir_entropy_operator
from loschmidt.typing import ComplexMatrix, RealMatrix, StateLike

__all__ = ["ReservoirRates", "reservoir_rates"]


@dataclass(frozen=True, eq=False)
class ReservoirRates:
    """Entropy production of each bath in nats per time, (T, B); NaN where a definition does not apply.

    Attributes
    ----------
    entropy : (T, B)
        -tr[D_b(ρ) ln ρ], the part of dS/dt due to each bath; infinite where a kernel of the state is fed.
    information : (T, B)
        -tr[D_b(ρ)(ln ρ - ln π_b)] with π_b what the bath alone leads to; never negative, zero at π_b.
    reservoir : (T, B)
        Entropy change plus Σ s_k γ_k ⟨L_k†L_k⟩; never negative, and not zero at π_b unless the bath is thermal.
    thermal : (T, B)
        Entropy change less β_b times the heat; may be negative for a bath that is not thermal.
    reasons : tuple of str
        Why a definition does not apply to a bath; empty if all do.
    """

    entropy: RealMatrix
    information: RealMatrix
    reservoir: RealMatrix
    thermal: RealMatrix
    reasons: tuple[str, ...]


def reservoir_rates(generator: Generator, states: StateLike) -> ReservoirRates:
    """Return the entropy production of each bath by three definitions, which agree for thermal baths.

    Parameters
    ----------
    generator : Generator
        Davies, partial secular, local or GKLS equation.
    states : (T, d, d) or (d, d)
        Density matrices.

    Returns
    -------
    ReservoirRates
        With T = 1 for one state.

    Notes
    -----
    :cite:t:`manzano2016`, :cite:t:`manzano2018`.

    Examples
    --------
    A squeezed bath in its own stationary state: nothing relaxes, yet the reservoir keeps producing entropy.

    >>> from loschmidt.processes import gkls_generator
    >>> from loschmidt.processes.nonthermal import squeezed_dissipator, stationary_reference
    >>> bath = squeezed_dissipator("squeezed", [[0, 1], [0, 0]], 0.1, beta=1.0, frequency=1.0, squeezing=0.5)
    >>> process = gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))
    >>> found = reservoir_rates(process, stationary_reference(bath))
    >>> bool(abs(found.information[0, 0]) < 1e-12), bool(found.reservoir[0, 0] > 0.01)
    (True, True)
    """
    rho = as_density_matrix(states, "states", generator.dimension)
    levels = generator.levels
    stack = rho.reshape(-1, generator.dimension, generator.dimension)
    changes = np.stack([levels.to_eigenbasis(one.apply(stack)) for one in generator.dissipators])
    rate = max(largest_rate(one) for one in generator.dissipators)
    entropy = entropy_rates(levels.to_eigenbasis(stack), changes, levels.labels, rate).entropy_rate
    reasons: list[str] = []
    shape = entropy.shape
    information, reservoir, thermal = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    d = generator.dimension
    energy = generator.energy - np.trace(generator.energy) / d * np.eye(d)
    for number, one in enumerate(generator.dissipators):
        for target, operator in (
            (information, information_entropy_operator),
            (reservoir, reservoir_entropy_operator),
        ):
            try:
                target[:, number] = entropy[:, number] + _mean(operator(one), stack)
            except (InputError, NotAStateError, NotUniqueError, ResourceError) as error:
                reasons.append(str(error))
        if one.beta is not None and np.isfinite(one.beta) and one.chemical_potential is None:
            thermal[:, number] = entropy[:, number] - one.beta * _mean(one.adjoint(energy), stack)
    return ReservoirRates(entropy, information, reservoir, thermal, tuple(reasons))


def _mean(operator: ComplexMatrix, states: ComplexMatrix) -> RealMatrix:
    return np.asarray(np.einsum("ab,tba->t", operator, states).real)
