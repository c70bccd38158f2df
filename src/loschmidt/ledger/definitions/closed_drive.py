"""Dissipated work of a driven system without environment: how far it ends from the Gibbs state it started from."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.information import gibbs_relative_entropy, pinching, relative_entropy_of_coherence
from loschmidt.ledger.definitions.table import Agreement, Reading, agreement, unavailable
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.states.gibbs import gibbs_state, log_partition_function
from loschmidt.typing import ComplexMatrix

__all__ = ["closed_drive", "inverse_temperature_of"]

_SAME = 1e-9
#: Smaller populations, relative to the largest, are too near round-off to tell a temperature.
_TOLD = 1e-10


def closed_drive(evolution: Evolution) -> tuple[Reading, Agreement | None]:
    """Return β(W - ΔF) of a closed drive, and its agreement with S(ρ'‖ρ'_β), which is computed apart."""
    process = evolution.process
    if not isinstance(process, DrivenGenerator):
        return unavailable("nothing is driven"), None
    if process.bath_names:
        return unavailable("baths exchange heat, so the drive is not closed"), None
    ends = process.energy_at(evolution.times[[0, -1]])
    states = evolution.states[[0, -1]]
    beta = inverse_temperature_of(states[0], ends[0])
    if beta is None:
        return unavailable("the start is no Gibbs state of the Hamiltonian"), None
    gain = float(np.diff(np.asarray(log_partition_function(ends, beta)))[0])
    work, spread = float(evolution.work[-1]), float(evolution.exchange_error[-1])
    scale = abs(beta) * float(np.abs(ends).max())
    # The start is Gibbs as well as β is known.
    error = abs(beta) * spread + (1 + scale) * (1e-13 + float(evolution.error[-1])) * math.sqrt(process.dimension)
    dissipated = Reading(beta * work + gain, error, guaranteed=True)
    distance = Reading(float(gibbs_relative_entropy(states[1], ends[1], beta)), error)
    coherence = float(relative_entropy_of_coherence(states[1], ends[1]))
    populations = float(gibbs_relative_entropy(pinching(states[1], ends[1]), ends[1], beta))
    parts = {
        "coherence": Reading(coherence, error, guaranteed=True),
        "populations": Reading(populations, error, guaranteed=True),
    }
    row = Reading(dissipated.value, error, f"β = {beta:.6g} of the start", True, parts=parts)
    return row, agreement("#11: β (W - ΔF) = S(ρ'‖ρ'_β)", dissipated, distance)


def inverse_temperature_of(
    state: ComplexMatrix, hamiltonian: ComplexMatrix, claimed: float | None = None
) -> float | None:
    """Return the β of which a state is the Gibbs state, None if there is none or the state is too cold to tell it.

    Parameters
    ----------
    state, hamiltonian : (d, d)
    claimed : float or None
        A β that is believed if the state agrees with it.

    Examples
    --------
    >>> round(inverse_temperature_of(np.diag([0.75, 0.25]) + 0j, np.diag([0.0, 1.0]) + 0j), 6)
    1.098612
    >>> inverse_temperature_of(np.full((2, 2), 0.5) + 0j, np.diag([0.0, 1.0]) + 0j) is None
    True
    """
    if claimed is not None and np.linalg.norm(gibbs_state(hamiltonian, claimed) - state) <= _SAME:
        return claimed
    energies, basis = np.linalg.eigh(hamiltonian)
    populations = np.einsum("ik,ij,jk->k", basis.conj(), state, basis, optimize=True).real
    first = int(populations.argmax())
    apart = np.abs(energies - energies[first]) > _SAME * float(np.ptp(energies))
    if not apart.any():
        beta = 0.0
    elif (populations[apart] == 0).all() and first == 0:
        beta = math.inf
    else:
        # The two levels with most weight that differ in energy know β best.
        other = int(np.where(apart, populations, -1.0).argmax())
        if populations[other] < _TOLD * populations[first]:
            return None
        beta = float(np.log(populations[first] / populations[other]) / (energies[other] - energies[first]))
    return beta if np.linalg.norm(gibbs_state(hamiltonian, beta) - state) <= _SAME else None
