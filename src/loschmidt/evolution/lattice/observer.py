"""Look at a lattice state where it lies: entropies, entanglement, densities, energies, currents and the echo."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from loschmidt._kernels.lattice_bonds import bond_correlations
from loschmidt.errors import InputError
from loschmidt.evolution.lattice.record import Observation
from loschmidt.information.fock import (
    FockEntropies,
    fock_entropies_of,
    joint_occupations,
    participation_number,
    site_densities,
)
from loschmidt.information.fock_entanglement import (
    spatial_entanglement_of,
    species_entanglement_of,
    species_purity_of,
)
from loschmidt.processes.lattice.protocol import LatticeProtocol
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock_amplitudes import FockSuperposition, LatticeState, ProductOfSpecies
from loschmidt.typing import ComplexTensor, ComplexVector, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = ["Observer", "bond_moves", "bond_numbers", "echo_reference", "fock_numbers"]

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
        numbers = fock_numbers(system, entropies, *joint_occupations(state, system.bases, self.threads))
        numbers["echo_fidelity"] = np.asarray(self._echo(state))
        if self.what.correlations:
            numbers |= bond_numbers(system, self._cut, self._correlations(state), numbers)
        if entanglement:
            numbers |= self._entanglement(state)
        return {name: np.asarray(value, dtype=np.float64) for name, value in numbers.items()}

    @cached_property
    def _reference(self) -> ComplexVector | None:
        """State of the species that are meant to return; None if all are."""
        kept, count = self.protocol.echo_species, len(self.protocol.system.dims)
        return None if len(kept) == count else echo_reference(self.initial, kept)

    @cached_property
    def _moves(self) -> tuple[tuple[IntegerArray, RealVector, IntegerArray], ...]:
        system = self.protocol.system
        return tuple(bond_moves(system, s) for s in range(len(system.dims)))

    def _echo(self, state: ComplexTensor) -> float:
        if self._reference is None:
            return abs(self.initial.overlap(state)) ** 2
        kept = self.protocol.echo_species
        parts = np.moveaxis(state, kept, range(len(kept))).reshape(self._reference.size, -1)
        rest = self._reference.conj() @ parts
        return float(np.vdot(rest, rest).real)

    def _correlations(self, state: ComplexTensor) -> list[ComplexVector]:
        return [bond_correlations(state, s, *moves, threads=self.threads) for s, moves in enumerate(self._moves)]

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


def fock_numbers(
    system: LatticeSystem, entropies: FockEntropies, doublons: RealMatrix, squares: float
) -> dict[str, RealTensor]:
    """Return the observables that follow from the probabilities of Fock states, by name.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(1), (1, 1), interaction=2.0)
    >>> seen = fock_numbers(system, fock_entropies_of(np.ones((1, 1), dtype=complex)), np.ones((1, 1)), 1.0)
    >>> seen["interaction_energy"]
    array([2.])
    """
    densities = site_densities(entropies.marginals, system.bases)
    strength = np.array([system.interaction[pair] for pair in system.pairs]).reshape(doublons.shape)
    return {
        "norm": np.asarray(entropies.norm),
        "joint_entropy": np.asarray(entropies.joint),
        "species_entropy": entropies.species,
        "participation": np.asarray(1.0 / squares),
        "species_participation": np.array([participation_number(one) for one in entropies.marginals]),
        "density": densities,
        "double_occupancy": doublons,
        "potential_energy": (system.potentials * densities).sum(axis=1),
        "interaction_energy": (strength * doublons).sum(axis=1),
    }


def bond_numbers(
    system: LatticeSystem, cut: int, correlations: Sequence[ComplexVector], numbers: Mapping[str, RealTensor]
) -> dict[str, RealTensor]:
    """Return kinetic energies, currents across a cut and the energy, from ⟨c†_i c_j⟩ on the bonds of each species.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(2), (1,))
    >>> others = {"potential_energy": np.zeros(1), "interaction_energy": np.zeros(0)}
    >>> bond_numbers(system, 1, [np.array([0.5j])], others)["current"]
    array([-1.])
    """
    low, high = system.lattice.edges.T
    crossing = (low < cut) & (high >= cut)
    energies, currents = [], []
    for hopping, own in zip(system.hopping, correlations, strict=True):
        products = hopping * system.lattice.weights * own
        energies.append(2 * math.fsum(products.real))
        # dN/dt of the first sites is i⟨[H, N]⟩ = 2 Im Σ h⟨c†c⟩ over bonds from inside to outside.
        currents.append(0.0 - 2 * math.fsum(products[crossing].imag))
    parts = [np.array(energies), numbers["potential_energy"], numbers["interaction_energy"]]
    return {
        "hopping_energy": parts[0],
        "current": np.array(currents),
        "energy": np.asarray(math.fsum(float(np.sum(part)) for part in parts)),
    }


def bond_moves(system: LatticeSystem, species: int) -> tuple[IntegerArray, RealVector, IntegerArray]:
    """Return places after and before each move of a species across each bond, signs, and where each bond begins.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> bond_moves(lattice_system(Lattice.chain(2), (1,)), 0)[0]
    array([[0, 1]])
    """
    moves = [system.bases[species].hops(int(i), int(j)) for i, j in system.lattice.edges]
    pairs = [np.zeros((0, 2), dtype=np.int64)] + [np.stack(move[:2], axis=1) for move in moves]
    signs = np.concatenate([np.zeros(0)] + [move[2].astype(np.float64) for move in moves])
    first = np.cumsum([0] + [len(move[0]) for move in moves], dtype=np.int64)
    return np.concatenate(pairs), signs if system.statistics == "fermion" else np.abs(signs), first


def echo_reference(initial: LatticeState, kept: tuple[int, ...]) -> ComplexVector:
    """Return the state of some species, of an initial state that is a product of theirs and of one of the others.

    Raises
    ------
    InputError
        If it is no such product.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, domain_wall, lattice_system
    >>> echo_reference(domain_wall(lattice_system(Lattice.chain(2), (1, 1))), (0,)).real
    array([1., 0.])
    """
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
