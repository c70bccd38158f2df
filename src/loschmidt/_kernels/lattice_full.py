"""All species move at once: exp(-iHt) of a lattice Hamiltonian as a Chebyshev series, H never stored.

With R_n real combinations of T_n of the scaled Hamiltonian, R_{n+1} = R_{n-1} ± 2H R_n, so that one step overwrites the
older of two vectors. A step makes two passes: hops of all species but the last add rows to rows, in strips of columns
that stay in cache; hops of the last species and the diagonal act within rows, 16 rows side by side, the diagonal from
two tables over half the sites each. The series is added up on the way. Nothing is checked. Slow twin:
``tests/reference/lattice_steps.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.lattice_hops import (
    Hops,
    hops_of,
    interaction_bounds,
    occupation_numbers,
    one_species_bounds,
    spread_over_rows,
)
from loschmidt._kernels.lattice_passes import overlap
from loschmidt._kernels.lattice_products import accumulate, multiply, tiled
from loschmidt._kernels.lattice_series import chebyshev_coefficients
from loschmidt._kernels.lattice_tables import half_tables
from loschmidt.typing import ComplexVector, IntegerArray, RealMatrix, RealTensor, RealVector

__all__ = [
    "FullHamiltonian",
    "apply_full",
    "chebyshev_terms",
    "evolve_full",
    "evolve_full_to",
    "full_energy",
    "full_hamiltonian",
]


@dataclass(frozen=True, eq=False)
class FullHamiltonian:
    """A lattice Hamiltonian of several species, ready to be applied.

    Attributes
    ----------
    sites : int
    particles : tuple of int
        N of each species.
    shape : tuple of int
        (d_1, ..., d_S) of its states.
    bounds : tuple of float
        Between them lies its spectrum.
    rows : Hops
        Hops of all species but the last, between rows of a state.
    columns : Hops
        Hops of the last species, within a row.
    potentials : (rows, L)
        What a particle of the last species feels on each site, given the others.
    energies : (rows,)
        Diagonal energy of the others alone.
    halves, parents
        See ``lattice_tables.half_tables``, for the last species.
    """

    sites: int
    particles: tuple[int, ...]
    shape: tuple[int, ...]
    bounds: tuple[float, float]
    rows: Hops
    columns: Hops
    potentials: RealMatrix
    energies: RealVector
    halves: IntegerArray
    parents: IntegerArray


def full_hamiltonian(
    hoppings: ComplexVector | RealTensor,
    particles: Sequence[int],
    potentials: RealMatrix,
    interactions: RealTensor,
    *,
    hardcore: bool = False,
) -> FullHamiltonian:
    r"""Return H for S species on L sites.

    .. math:: H = \sum_s\sum_{ij} h^s_{ij}c^\dagger_{is}c_{js} + \sum_{s,i}V_{si}n_{is}
              + \sum_{s<s'}\sum_i U^{ss'}_i n_{is}n_{is'}

    Parameters
    ----------
    hoppings : (S, L, L)
        Hermitian.
    particles : (S,)
        Number of particles of each species.
    potentials : (S, L)
    interactions : (S, S, L)
        The part with s < s' is read.
    hardcore : bool
        Hard-core bosons instead of fermions: no Jordan–Wigner signs.
    """
    count, sites = potentials.shape
    numbers = tuple(int(n) for n in particles)
    matrices = [np.asarray(matrix, dtype=np.complex128) for matrix in hoppings]
    occupied = [occupation_numbers(sites, n) for n in numbers]
    shape = tuple(len(table) for table in occupied)
    hops = [hops_of(matrix, n, hardcore=hardcore) for matrix, n in zip(matrices, numbers, strict=True)]
    own = [row + matrix.diagonal().real for row, matrix in zip(potentials, matrices, strict=True)]
    ranges = [
        one_species_bounds(matrix, row, n, hardcore=hardcore)
        for matrix, row, n in zip(matrices, potentials, numbers, strict=True)
    ]
    low, high = interaction_bounds(interactions, numbers)
    felt, energies = _felt(occupied, own, interactions)
    halves, parents = half_tables(sites, numbers[-1])
    return FullHamiltonian(
        sites=sites,
        particles=numbers,
        shape=shape,
        bounds=(low + sum(one[0] for one in ranges), high + sum(one[1] for one in ranges)),
        rows=spread_over_rows(hops[: count - 1], shape[: count - 1]),
        columns=hops[-1],
        potentials=felt,
        energies=energies,
        halves=halves,
        parents=parents,
    )


def _felt(occupied: list[RealMatrix], own: list[RealVector], interactions: RealTensor) -> tuple[RealMatrix, RealVector]:
    # What the last species feels on each site (rows, L), and the diagonal energies (rows,) of the others.
    last = len(own) - 1
    shape = tuple(len(table) for table in occupied[:-1])
    felt = np.broadcast_to(own[last], (*shape, len(own[last]))).copy()
    energies = np.zeros(shape)
    for s in range(last):
        axes = [1] * last
        axes[s] = shape[s]
        felt += (occupied[s] * interactions[s, last]).reshape(*axes, -1)
        energies += (occupied[s] @ own[s]).reshape(axes)
        for r in range(s + 1, last):
            both = (occupied[s] * interactions[s, r]) @ occupied[r].T
            pair = [shape[t] if t in (s, r) else 1 for t in range(last)]
            energies += both.reshape(pair)
    return felt.reshape(-1, felt.shape[-1]), energies.reshape(-1)


def apply_full(hamiltonian: FullHamiltonian, state: ComplexVector, *, threads: int | None = None) -> ComplexVector:
    """Return H|state⟩, a new array."""
    current = tiled(state)
    product, result = np.zeros_like(current), np.zeros((1, *state.shape), dtype=state.dtype)
    multiply(hamiltonian, current, product, (1.0, 0.0), None, threads)
    accumulate(product, current, (result, np.ones(1, np.complex128), np.zeros(1, np.complex128)), threads)
    product_state: ComplexVector = result[0]
    return product_state


def full_energy(hamiltonian: FullHamiltonian, state: ComplexVector, *, threads: int | None = None) -> float:
    """Return ⟨state|H|state⟩, summed in float64 and not divided by the norm."""
    return overlap(state, apply_full(hamiltonian, state, threads=threads), threads=threads).real


def chebyshev_terms(hamiltonian: FullHamiltonian, time: float, tolerance: float = 1e-13) -> int:
    """Return how many products with H an evolution over `time` takes."""
    return len(chebyshev_coefficients(_interval(hamiltonian)[1] * time, tolerance)) - 1


def evolve_full(
    hamiltonian: FullHamiltonian,
    state: ComplexVector,
    time: float,
    *,
    tolerance: float = 1e-13,
    threads: int | None = None,
) -> int:
    """Replace a state (d_1, ..., d_S), C order, by exp(-iHt)|state⟩, and return the number of products with H.

    What is left out of the series has a norm below `tolerance` times the state's; rounding adds about ε‖H‖t. Two more
    vectors of the state's size are held meanwhile.
    """
    current = tiled(state)
    state[...] = 0.0
    return _sum_series(hamiltonian, current, state[None], [time], tolerance, threads)


def evolve_full_to(
    hamiltonian: FullHamiltonian,
    state: ComplexVector,
    times: Sequence[float] | RealVector,
    *,
    tolerance: float = 1e-13,
    threads: int | None = None,
) -> list[ComplexVector]:
    """Return exp(-iHt)|state⟩ for every time t, measured from the state; all of them share the products with H."""
    results = np.zeros((len(times), *state.shape), dtype=state.dtype)
    if len(times):
        _sum_series(hamiltonian, tiled(state), results, list(times), tolerance, threads)
    return list(results)


def _interval(hamiltonian: FullHamiltonian) -> tuple[float, float]:
    low, high = hamiltonian.bounds
    return 0.5 * (low + high), 0.5 * (high - low)


def _sum_series(
    hamiltonian: FullHamiltonian,
    current: RealTensor,
    results: ComplexVector,
    times: list[float],
    tolerance: float,
    threads: int | None,
) -> int:
    # `current`, tiled, is used up; the sums are added to `results` (T, ...).
    centre, radius = _interval(hamiltonian)
    series = [chebyshev_coefficients(radius * time, tolerance) for time in times]
    terms = max(len(one) for one in series)
    shifts = np.exp(-1j * centre * np.array(times))
    weights = np.zeros((terms + terms % 2, len(times)), dtype=np.complex128)
    for number, one in enumerate(series):
        weights[: len(one), number] = one * shifts[number]
    weights[1::2] *= 1j  # (-i)^n T_n is R_n for even n, i R_n for odd
    before = np.zeros_like(current)
    for n in range(terms - 1):
        # From R_n and R_{n-1} to R_{n+1}; the pair (n-1, n) enters the sums while both are at hand.
        factor = (-1.0 if n == 0 else 2.0 if n % 2 else -2.0) / radius
        adding = (results, weights[n - 1], weights[n]) if n % 2 else None
        multiply(hamiltonian, current, before, (factor, centre), adding, threads)
        current, before = before, current
    if terms % 2:
        accumulate(current, before, (results, weights[terms - 1], weights[terms]), threads)
    else:
        accumulate(before, current, (results, weights[terms - 2], weights[terms - 1]), threads)
    return terms - 1
