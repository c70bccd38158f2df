"""What a lattice run gives back: observables of the recorded states, their errors and equilibrium references."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.lattice.record import LatticeRecord
from loschmidt.information.equilibrium import LatticeEquilibrium, lattice_equilibrium
from loschmidt.processes.lattice.protocol import LatticeProtocol
from loschmidt.states.fock_amplitudes import LatticeState
from loschmidt.typing import ComplexTensor, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["LatticeEvolution"]


@dataclass(frozen=True, eq=False)
class LatticeEvolution:
    r"""Observables of a lattice state at the R recorded states of a protocol; ħ = k_B = 1, entropies in nats.

    Energies are those of the protocol's own Hamiltonian H at every record, whichever part of it acted. Pairs of the S
    species come in the order (0, 1), (0, 2), …, (1, 2), and so on: P of them.

    Attributes
    ----------
    protocol : LatticeProtocol
        What happened.
    initial : LatticeState
        Where it started.
    labels : tuple of str
        Names of the recorded states, the initial one first.
    completed : (R,)
        Stages completed at each.
    elapsed : (R,)
        Sum of the absolute times of these stages.
    observables : mapping from str to arrays
        Every observable by name; the attributes below read it.
    entanglement_records : (K,)
        Records at which entanglement and purity were computed.
    state_error : (R,)
        Estimated 2-norm of the error of the state; ``inf`` where a method estimated none.
    energy_range : tuple of float
        Bounds of the spectrum of H.
    state : (d_1, …, d_S)
        The final state.
    kept : mapping from str to arrays
        Copies of the states whose labels were asked for.
    methods : tuple of str
        Names of the methods that acted.
    precision : str
        "double" or "single".

    Examples
    --------
    >>> from loschmidt.evolution.lattice import evolve_lattice
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> run = evolve_lattice(two_step_echo(system), domain_wall(system))
    >>> round(float(run.echo_fidelity[-1]), 9)
    1.0
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "lattice"

    protocol: LatticeProtocol
    initial: LatticeState
    labels: tuple[str, ...]
    completed: IntegerArray
    elapsed: RealVector
    observables: Mapping[str, RealTensor]
    entanglement_records: IntegerArray
    state_error: RealVector
    energy_range: tuple[float, float]
    state: ComplexTensor
    kept: Mapping[str, ComplexTensor]
    methods: tuple[str, ...]
    precision: str

    def __getitem__(self, name: str) -> RealTensor:
        """Return an observable by name.

        Raises
        ------
        InputError
            If it was not computed.
        """
        if name not in self.observables:
            raise InputError(
                f"`{name}` was not computed; there are {', '.join(sorted(self.observables))}. "
                f"Ask for more with an Observation."
            )
        return self.observables[name]

    @property
    def norm(self) -> RealVector:
        """⟨φ|φ⟩ (R,)."""
        return self["norm"]

    @property
    def joint_entropy(self) -> RealVector:
        """S (R,), the Shannon entropy of joint Fock states."""
        return self["joint_entropy"]

    @property
    def species_entropy(self) -> RealMatrix:
        """S_τ, S_υ … (R, S), the Shannon entropies of the Fock states of each species."""
        return self["species_entropy"]

    @property
    def participation(self) -> RealVector:
        """1/Σp² (R,) over joint Fock states."""
        return self["participation"]

    @property
    def species_participation(self) -> RealMatrix:
        """1/Σp² (R, S) over the Fock states of each species."""
        return self["species_participation"]

    @property
    def density(self) -> RealTensor:
        """⟨n_is⟩ (R, S, L)."""
        return self["density"]

    @property
    def double_occupancy(self) -> RealTensor:
        """⟨n_is n_is'⟩ (R, P, L)."""
        return self["double_occupancy"]

    @property
    def energy(self) -> RealVector:
        """⟨H⟩ (R,), the sum of its parts."""
        return self["energy"]

    @property
    def hopping_energy(self) -> RealMatrix:
        """Kinetic energy of each species (R, S)."""
        return self["hopping_energy"]

    @property
    def potential_energy(self) -> RealMatrix:
        """Potential energy of each species (R, S)."""
        return self["potential_energy"]

    @property
    def interaction_energy(self) -> RealMatrix:
        """Interaction energy of each pair (R, P)."""
        return self["interaction_energy"]

    @property
    def current(self) -> RealMatrix:
        """Particles of each species that leave the first sites for the rest, per time under H (R, S)."""
        return self["current"]

    @property
    def echo_fidelity(self) -> RealVector:
        """|⟨φ0|φ⟩|² (R,), or ⟨φ0|ρ|φ0⟩ of the species that are meant to return."""
        return self["echo_fidelity"]

    @property
    def species_entanglement(self) -> RealMatrix:
        """Entanglement entropy of each species with the others (K, S)."""
        return self["species_entanglement"]

    @property
    def purity(self) -> RealMatrix:
        """Purity tr ρ_s² of each species (K, S)."""
        return self["purity"]

    @property
    def half_chain_entanglement(self) -> RealVector:
        """Entanglement entropy of the first sites with the rest, all species together (K,)."""
        return self["half_chain_entanglement"]

    @cached_property
    def equilibrium(self) -> LatticeEquilibrium:
        """Reference values: uniform, Haar-random, Page, infinite temperature."""
        system = self.protocol.system
        return lattice_equilibrium(
            system.particles, system.potentials, system.interaction, connected=system.lattice.connected
        )

    @property
    def entropy_error(self) -> RealVector:
        """Bound (R,) of the error of every entropy and entanglement: T ln d + h(T), T the error of the state.

        :cite:t:`audenaert2007`, whose T is the trace distance, at most the 2-norm. Infinite where T is over ½.
        """
        dimension = self.protocol.system.dimension
        rounding = float(np.finfo(self.state.dtype).eps)
        return np.array(
            [_fannes(error, dimension) + 64 * rounding * math.log(dimension + 1) for error in self.state_error]
        )

    @property
    def energy_error(self) -> RealVector:
        """Bound (R,) of the error of the energy: the width of the spectrum times the error of the state."""
        low, high = self.energy_range
        rounding = float(np.finfo(self.state.dtype).eps)
        scale = abs(low) if abs(low) > abs(high) else abs(high)
        return np.asarray((high - low) * self.state_error + 8 * rounding * scale)

    @property
    def echo_error(self) -> RealVector:
        """Bound (R,) of the error of the echo fidelity: twice that of the state."""
        return np.asarray(2 * self.state_error + 8 * float(np.finfo(self.state.dtype).eps))

    def place(self, label: str) -> int:
        """Return the index of the record with this label.

        Raises
        ------
        InputError
            If there is none.
        """
        if label not in self.labels:
            raise InputError(f"there is no record {label!r}; there are {', '.join(self.labels)}.")
        return self.labels.index(label)


def stacked(records: Sequence[LatticeRecord]) -> tuple[dict[str, RealTensor], IntegerArray]:
    """Return observables with an axis of records, and the records at which entanglement was computed."""
    names = list(dict.fromkeys(name for record in records for name in record.numbers))
    table = {name: np.stack([r.numbers[name] for r in records if name in r.numbers]) for name in names}
    rare = {"species_entanglement", "purity", "half_chain_entanglement"}
    at = [number for number, record in enumerate(records) if rare & record.numbers.keys()]
    return table, np.array(at, dtype=np.int64)


def _fannes(distance: float, dimension: int) -> float:
    if distance == 0:
        return 0.0
    if distance > 0.5:
        return math.inf
    binary = -distance * math.log(distance) - (1 - distance) * math.log1p(-distance)
    return distance * math.log(dimension) + binary
