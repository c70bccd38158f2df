"""Entropy production of any channel beside one bath: what follows from its fixed point, and what from covariance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import SupportsFloat

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum, expectation_values, hermitian_eigenvalues
from loschmidt.checks import as_density_matrix, as_hermitian, as_inverse_temperature
from loschmidt.errors import InputError
from loschmidt.information.coherence import pinched_entropy_of
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.thermal_operations.energy_transfer import EnergyTransfer, energy_transfer
from loschmidt.states.gibbs import gibbs_state
from loschmidt.typing import OperatorLike, RealArray, StateLike

__all__ = ["ChannelEntropyProduction", "channel_entropy_production"]


@dataclass(frozen=True, eq=False)
class ChannelEntropyProduction:
    r"""Entropy production of a channel Φ whose energy comes from one bath, in nats.

    Attributes
    ----------
    heat : (...)
        Q = tr H(ρ' - ρ), all of the system's energy.
    entropy_production : (...)
        Σ = ΔS - βQ, the loss of S(ρ‖ρ_β); not negative if Φ(ρ_β) = ρ_β.
    population_entropy_production, coherence_entropy_production : (...)
        Σ_d = ΔS(Δρ) - βQ and Ξ = -ΔC; not negative if besides Φ commutes with the pinching Δ.
    gibbs_defect : float
        ‖Φ(ρ_β) - ρ_β‖ in the Frobenius norm.
    transfer : EnergyTransfer
        Its ``dephasing_defect`` is zero if Φ commutes with Δ.

    Examples
    --------
    >>> from loschmidt.processes.channels import generalised_amplitude_damping
    >>> damping = generalised_amplitude_damping(0.5, 0.25)
    >>> found = channel_entropy_production(damping, [0.6, 0.8], np.diag([0.0, 1.0]), np.log(3))
    >>> found.gibbs_defect < 1e-14, found.transfer.dephasing_defect < 1e-14
    (True, True)
    >>> float(found.entropy_production.round(6)) == float(
    ...     (found.population_entropy_production + found.coherence_entropy_production).round(6)
    ... )
    True
    """

    heat: RealArray
    entropy_production: RealArray
    population_entropy_production: RealArray
    coherence_entropy_production: RealArray
    gibbs_defect: float
    transfer: EnergyTransfer


def channel_entropy_production(
    channel: Channel, state: StateLike, hamiltonian: OperatorLike, beta: SupportsFloat
) -> ChannelEntropyProduction:
    """Return the entropy that a channel produces beside a bath of one temperature.

    Parameters
    ----------
    channel : Channel
        From a space to itself, such as a generalised amplitude damping, or e^{tL} of a Davies generator.
    state : (..., d, d) or ket (d,)
    hamiltonian : (d, d)
    beta : float
        Finite inverse temperature; zero and negative numbers included.

    Returns
    -------
    ChannelEntropyProduction

    Raises
    ------
    InputError
        If `beta` is infinite: a channel does not say where the energy that it moved is.
    NotAStateError, NotHermitianError, ShapeError
        If an argument is not what it must be.

    Notes
    -----
    :cite:t:`santos2019`, Eqs. (22) to (25). That a channel makes no coherence is not enough for the split.

    Examples
    --------
    >>> from loschmidt.processes.channels import generalised_amplitude_damping
    >>> full = generalised_amplitude_damping(1.0, 0.25)
    >>> found = channel_entropy_production(full, [0, 1], np.diag([0.0, 1.0]), np.log(3))
    >>> float(found.entropy_production.round(6)), float(found.heat)
    (1.386294, -0.75)
    """
    inverse = as_inverse_temperature(beta)
    if math.isinf(inverse):
        raise InputError("`beta` must be finite, but it is inf. Use a ThermalOperation, which knows its environment.")
    transfer = energy_transfer(channel, hamiltonian)
    energy = as_hermitian(hamiltonian)
    pair = (rho := as_density_matrix(state, "state", len(energy)), channel.apply(rho))
    heat = expectation_values(pair[1], energy) - expectation_values(pair[0], energy)
    before, after = (entropy_of_spectrum(hermitian_eigenvalues(one)) for one in pair)
    pinched, pinched_after = (pinched_entropy_of(one, transfer.levels) for one in pair)
    thermal = gibbs_state(energy, inverse)
    return ChannelEntropyProduction(
        heat=heat,
        entropy_production=after - before - inverse * heat,
        population_entropy_production=pinched_after - pinched - inverse * heat,
        coherence_entropy_production=(pinched - before) - (pinched_after - after),
        gibbs_defect=float(np.linalg.norm(channel.apply(thermal) - thermal)),
        transfer=transfer,
    )
