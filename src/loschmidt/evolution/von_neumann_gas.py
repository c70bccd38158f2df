"""Take von Neumann's gas from a mixed to a pure state: separate, compress, turn and join."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from loschmidt.processes.von_neumann_gas import GasComponents, VonNeumannGas
from loschmidt.typing import ComplexMatrix, RealVector, StateLike

__all__ = ["GAS_STAGES", "GasEvolution", "purify_gas"]

#: What the gas is after each step.
GAS_STAGES = ("mixed", "separated", "compressed", "pure")


@dataclass(frozen=True, eq=False)
class GasEvolution:
    """The gas after each step: mixed, separated, compressed, pure.

    Attributes
    ----------
    process : VonNeumannGas
        What happened.
    components : GasComponents
        The pure states and their populations.
    states : (4, d, d)
        Internal state of an atom whose box is not known.
    volumes : (m,)
        Volume of each box after compression, as a share of V.
    component_work : (m,)
        Work on each component under compression.
    work : (4,)
        Work on the gas since the start.
    heat : (4,)
        Heat into the gas since the start.
    gas_entropy : (4,)
        Of the gas as a mixture of ideal gases, Σ n_i ln(n V_i/(n_i V)); zero for a pure gas in V.
    reservoir_entropy : (4,)
        Change of that of the reservoir since the start.
    energy : (4,)
        Internal energy of the levels of all atoms.
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "gas"

    process: VonNeumannGas
    components: GasComponents
    states: ComplexMatrix
    volumes: RealVector
    component_work: RealVector
    work: RealVector
    heat: RealVector
    gas_entropy: RealVector
    reservoir_entropy: RealVector
    energy: RealVector


def purify_gas(process: VonNeumannGas, state: StateLike) -> GasEvolution:
    """Return what becomes of a gas in a mixed state; see :func:`~loschmidt.evolution.evolve.evolve`.

    Examples
    --------
    >>> from loschmidt.processes.von_neumann_gas import von_neumann_gas
    >>> purify_gas(von_neumann_gas(1, 1.0), [[0.5, 0], [0, 0.5]]).heat.round(6)
    array([ 0.      ,  0.      , -0.693147, -0.693147])
    """
    found, n, temperature = process.components(state), process.atoms, process.temperature
    numbers, volumes = n * found.populations, found.populations.copy()
    mixed = np.einsum("m,mi,mj->ij", found.populations, found.kets, found.kets.conj())
    pure = np.outer(found.kets[0], found.kets[0].conj())
    states = np.stack([mixed, mixed, mixed, pure])
    # Isothermal: W = -∫ p dV with p = n_i T / V, and an ideal gas keeps its energy, so that as much heat leaves.
    component_work = -numbers * temperature * np.log(volumes)
    compression = float(component_work.sum())
    energy = np.zeros(4)
    if process.hamiltonian is not None:
        energy = n * np.einsum("ij,sji->s", process.hamiltonian, states).real
    work = np.array([0.0, 0.0, compression, compression])
    work[3] += energy[3] - energy[2]
    heat = np.array([0.0, 0.0, -compression, -compression])
    shares = np.stack([np.ones_like(volumes), np.ones_like(volumes), volumes, volumes])
    gas_entropy = (numbers * np.log(n * shares / numbers)).sum(axis=1)
    return GasEvolution(
        process,
        found,
        states,
        volumes,
        component_work,
        work,
        heat,
        gas_entropy,
        np.array([0.0, 0.0, compression, compression]) / temperature,
        energy,
    )
