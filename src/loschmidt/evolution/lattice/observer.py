"""Look at a lattice state where it lies: entropies, entanglement, densities, energies, currents and the echo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from loschmidt._kernels.lattice_bonds import bond_correlations
from loschmidt.errors import InputError
from loschmidt.evolution.lattice.record import Observation
from loschmidt.information.fock import fock_entropies_of, joint_occupations, participation_number, site_densities
from loschmidt.information.fock_entanglement import (
    spatial_entanglement_of,
    species_entanglement_of,
    species_purity_of,
)
from loschmidt.processes.lattice.protocol import LatticeProtocol
from loschmidt.states.fock_amplitudes import FockSuperposition, LatticeState, ProductOfSpecies
from loschmidt.typing import ComplexTensor, ComplexVector, IntegerArray, RealTensor, RealVector

__all__ = ["Observer"]

_PRODUCT_TOLERANCE = 1e-10


@dataclass(frozen=True, eq=False)
class Observer:
    """Looks at states of one protocol.

    Attributes
    ----------
    protocol : LatticeProtocol
        What is run.
    initial : LatticeState
        What the echo is compared with.
    what : Observation
        Resolved.
    threads : int or None
        For the compiled passes.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system, two_step_echo
    >>> system = lattice_system(Lattice.chain(4), (2, 2), interaction=1.0)
    >>> start = domain_wall(system)
    >>> observer = Observer(two_step_echo(system), start, Observation().resolved(system))
    >>> observer.look(start.rows(0, 6), entanglement=False)["interaction_energy"]
    array([2.])
    """

    protocol: LatticeProtocol
    initial: LatticeState
    what: Observation
    threads: int | None = None

    @property
    def _cut(self) -> int:
        sites = self.protocol.system.lattice.sites
        return sites // 2 if self.what.cut is None else self.what.cut

    def look(self, state: ComplexTensor, *, entanglement: bool) -> dict[str, RealTensor]:
        """Return the observables of a state by name."""
        system = self.protocol.system
        entropies = fock_entropies_of(state, self.threads)
        doublons, squares = joint_occupations(state, system.bases)
        densities = site_densities(entropies.marginals, system.bases)
        strength = np.array([system.interaction[pair] for pair in system.pairs]).reshape(doublons.shape)
        numbers: dict[str, RealTensor | float] = {
            "norm": entropies.norm,
            "joint_entropy": entropies.joint,
            "species_entropy": entropies.species,
            "participation": 1.0 / squares,
            "species_participation": np.array([participation_number(one) for one in entropies.marginals]),
            "density": densities,
            "double_occupancy": doublons,
            "potential_energy": (system.potentials * densities).sum(axis=1),
            "interaction_energy": (strength * doublons).sum(axis=1),
            "echo_fidelity": self._echo(state),
        }
        if self.what.correlations:
            numbers |= self._bonds(state)
            parts = ("hopping_energy", "potential_energy", "interaction_energy")
            numbers["energy"] = math.fsum(float(np.sum(numbers[part])) for part in parts)
        if entanglement:
            numbers |= self._entanglement(state)
        return {name: np.asarray(value, dtype=np.float64) for name, value in numbers.items()}

    @cached_property
    def _reference(self) -> ComplexVector | None:
        """State of the species that are meant to return; None if all are."""
        kept, count = self.protocol.echo_species, len(self.protocol.system.dims)
        return None if len(kept) == count else _factor(self.initial, kept)

    @cached_property
    def _moves(self) -> tuple[tuple[IntegerArray, RealVector, IntegerArray], ...]:
        """For each species: places after and before each move across each bond, signs, and where each bond begins."""
        system, tables = self.protocol.system, []
        for basis in system.bases:
            moves = [basis.hops(int(i), int(j)) for i, j in system.lattice.edges]
            pairs = [np.zeros((0, 2), dtype=np.int64)] + [np.stack(move[:2], axis=1) for move in moves]
            signs = [np.zeros(0)] + [move[2].astype(np.float64) for move in moves]
            first = np.cumsum([0] + [len(move[0]) for move in moves], dtype=np.int64)
            joined = np.concatenate(signs)
            tables.append((np.concatenate(pairs), joined if system.statistics == "fermion" else np.abs(joined), first))
        return tuple(tables)

    def _echo(self, state: ComplexTensor) -> float:
        if self._reference is None:
            return abs(self.initial.overlap(state)) ** 2
        kept = self.protocol.echo_species
        parts = np.moveaxis(state, kept, range(len(kept))).reshape(self._reference.size, -1)
        rest = self._reference.conj() @ parts
        return float(np.vdot(rest, rest).real)

    def _bonds(self, state: ComplexTensor) -> dict[str, RealTensor]:
        system = self.protocol.system
        low, high = system.lattice.edges.T
        crossing = (low < self._cut) & (high >= self._cut)
        energies, currents = [], []
        for s, (pairs, signs, first) in enumerate(self._moves):
            products = system.hopping[s] * system.lattice.weights
            products = products * bond_correlations(state, s, pairs, signs, first, threads=self.threads)
            energies.append(2 * math.fsum(products.real))
            # dN/dt of the first sites is i⟨[H, N]⟩ = 2 Im Σ h⟨c†c⟩ over bonds from inside to outside.
            currents.append(0.0 - 2 * math.fsum(products[crossing].imag))
        return {"hopping_energy": np.array(energies), "current": np.array(currents)}

    def _entanglement(self, state: ComplexTensor) -> dict[str, RealTensor]:
        system, what = self.protocol.system, self.what
        count = len(system.dims)
        distinct = range(count) if count > 2 else range(1)  # of two species, both have the same
        found: dict[str, RealTensor] = {}
        if what.species_entanglement:
            values = [species_entanglement_of(state, s) for s in distinct]
            found["species_entanglement"] = np.array(values * (count if count == 2 else 1))
        if what.purity:
            values = [species_purity_of(state, s) for s in distinct]
            found["purity"] = np.array(values * (count if count == 2 else 1))
        if what.half_chain_entanglement:
            signs, sites = system.statistics == "fermion", tuple(range(self._cut))
            found["half_chain_entanglement"] = np.array(spatial_entanglement_of(state, system.bases, sites, signs))
        return found


def _factor(initial: LatticeState, kept: tuple[int, ...]) -> ComplexVector:
    """Return the state of some species, of an initial state that is a product of theirs and of one of the others."""
    shape = initial.shape
    if isinstance(initial, ProductOfSpecies):
        return np.asarray(reduce(np.multiply.outer, [initial.factors[s] for s in kept])).reshape(-1)
    if isinstance(initial, FockSuperposition) and len(initial.places) == 1:
        one = np.zeros([shape[s] for s in kept], dtype=np.complex128)
        one[tuple(initial.places[0][s] for s in kept)] = 1.0
        return one.reshape(-1)
    parts = np.moveaxis(initial.rows(0, shape[0]), kept, range(len(kept)))
    columns = parts.reshape(math.prod(shape[s] for s in kept), -1)
    vectors, weights, _ = np.linalg.svd(columns, full_matrices=False)
    rest = float(np.sum(weights[1:] ** 2))
    if not rest <= _PRODUCT_TOLERANCE:
        raise InputError(
            f"the initial state must be a product of the species that are meant to return and of the others, but "
            f"a share {rest:.1e} of it is entangled. Start from a product, or ask for the echo of all species."
        )
    return np.asarray(vectors[:, 0])
