"""What equilibrium would be on a lattice: uniform and Haar-random states, Page's entropies, infinite temperature."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from loschmidt.errors import ShapeError
from loschmidt.states.fock import as_count
from loschmidt.typing import RealArray, RealMatrix, RealTensor

__all__ = [
    "Equilibrium",
    "haar_entropy",
    "infinite_temperature_energy",
    "lattice_equilibrium",
    "page_entropy",
    "spatial_page_entropy",
]

_LARGEST_DIMENSION = 2**1000


@dataclass(frozen=True)
class Equilibrium:
    """A mean over Haar-random states and the standard deviation of a single one.

    Attributes
    ----------
    mean : float
        Nats.
    spread : float
        Nats; of order d^(-1/2) for a state of d dimensions. A saturated value fluctuates by this much.

    Examples
    --------
    >>> haar_entropy(2).mean
    0.5
    """

    mean: float
    spread: float


def haar_entropy(outcomes: int, multiplicity: int = 1) -> Equilibrium:
    r"""Return the mean Shannon entropy of a Haar-random state in a basis, or of one of its marginals.

    .. math:: \langle S\rangle = \psi(ab+1)-\psi(b+1),\qquad
        \mathrm{Var}\,S = \frac{b+1}{ab+1}\psi'(b+1)-\psi'(ab+1)

    Parameters
    ----------
    outcomes : int
        Number a of outcomes: d for the joint Fock states, d_τ for those of one species.
    multiplicity : int
        Number b of basis states in each: 1, or d_υ.

    Returns
    -------
    Equilibrium
        The mean is ln d − 0.42 for a joint distribution of many outcomes.

    Notes
    -----
    Probabilities of a Haar-random state have a Dirichlet distribution; mean and variance of its entropy are those of
    :cite:t:`wolpert1995`.

    Examples
    --------
    >>> round(haar_entropy(6).mean, 6)
    1.45
    """
    a, b = _dimension(outcomes, "outcomes"), _dimension(multiplicity, "multiplicity")
    mean = float(digamma(a * b + 1) - digamma(b + 1))
    if a == 1:
        return Equilibrium(0.0, 0.0)
    variance = float((b + 1) / (a * b + 1) * polygamma(1, b + 1) - polygamma(1, a * b + 1))
    return Equilibrium(mean, math.sqrt(variance))


def page_entropy(dimension: int, other: int) -> Equilibrium:
    r"""Return the mean entanglement entropy of a Haar-random state of two parts, in nats.

    .. math:: \langle S\rangle = \psi(ab+1)-\psi(b+1)-\frac{a-1}{2b},\qquad a\le b

    Parameters
    ----------
    dimension, other : int
        Dimensions of the two parts, in any order.

    Notes
    -----
    :cite:t:`page1993`; the variance is that of :cite:t:`vivo2016`.

    Examples
    --------
    >>> round(page_entropy(2, 2).mean, 6)
    0.333333
    """
    a, b = sorted((_dimension(dimension, "dimension"), _dimension(other, "other")))
    if a == 1:
        return Equilibrium(0.0, 0.0)
    mean = float(digamma(a * b + 1) - digamma(b + 1)) - (a - 1) / (2 * b)
    whole = a * b + 1
    terms = (
        (a + b) / whole * float(polygamma(1, b)),
        -float(polygamma(1, whole)),
        -(a + 1) * (a + 2 * b + 1) / (4 * b * b * whole),
    )
    return Equilibrium(mean, math.sqrt(math.fsum(terms)))


def spatial_page_entropy(sites: int, subsystem: int, particles: Sequence[int]) -> float:
    r"""Return the mean entanglement entropy of some sites in a Haar-random state of fixed particle numbers, in nats.

    .. math:: \langle S\rangle=\sum_k\frac{a_kb_k}{d}\Big[\psi(d+1)-\psi(m_k+1)-\frac{l_k-1}{2m_k}\Big],\quad
        a_k=\prod_s\binom{L_A}{k_s},\; b_k=\prod_s\binom{L-L_A}{N_s-k_s}

    with l_k and m_k the smaller and the larger of a_k and b_k.

    Parameters
    ----------
    sites : int
        L.
    subsystem : int
        Number L_A of sites on the one side.
    particles : (S,)
        N_s.

    Notes
    -----
    :cite:t:`bianchi2019`, for several species.

    Examples
    --------
    >>> round(spatial_page_entropy(2, 1, (1, 1)), 6)
    1.083333
    """
    length = as_count(sites, "sites", 1, _LARGEST_DIMENSION)
    inside = as_count(subsystem, "subsystem", 0, length)
    counts = [as_count(n, f"particles[{s}]", 0, length) for s, n in enumerate(particles)]
    d = math.prod(math.comb(length, n) for n in counts)
    total = []
    for split in itertools.product(*(range(n + 1) for n in counts)):
        a = math.prod(math.comb(inside, k) for k in split)
        b = math.prod(math.comb(length - inside, n - k) for n, k in zip(counts, split, strict=True))
        if a and b:
            low, high = min(a, b), max(a, b)
            inner = float(digamma(d + 1) - digamma(high + 1)) - (low - 1) / (2 * high)
            total.append(a * b / d * inner)
    return math.fsum(total) + 0.0


def infinite_temperature_energy(
    particles: Sequence[int], potentials: RealMatrix, interaction: RealTensor
) -> tuple[RealArray, RealArray]:
    r"""Return the mean potential energy (S,) of each species and interaction energy (P,) of each pair.

    .. math:: \langle H\rangle_\infty = \sum_s \frac{N_s}{L}\sum_i V_{s,i}
        + \sum_{s<s'}\frac{N_sN_{s'}}{L^2}\sum_i U_{ss',i}

    Hopping has no mean. Pairs come in the order (0, 1), (0, 2), …, (1, 2), and so on.

    Parameters
    ----------
    particles : (S,)
        N_s.
    potentials : (S, L)
        V.
    interaction : (S, S, L)
        U, symmetric.

    Examples
    --------
    >>> infinite_temperature_energy((1, 1), np.zeros((2, 4)), np.ones((2, 2, 4)))[1]
    array([0.25])
    """
    count, sites = potentials.shape
    filling = np.asarray(particles, dtype=np.float64) / sites
    pairs = [(s, other) for s in range(count) for other in range(s + 1, count)]
    energies = [filling[s] * filling[other] * float(interaction[s, other].sum()) for s, other in pairs]
    return np.asarray(filling * potentials.sum(axis=1)), np.array(energies, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class LatticeEquilibrium:
    """Reference values of one system; nats, and the unit of its energies.

    Attributes
    ----------
    uniform_entropy : float
        ln d, which no generic pure state reaches.
    uniform_species_entropy : (S,)
        ln d_s.
    haar : Equilibrium
        Joint Fock entropy of a Haar-random state.
    haar_species : tuple of Equilibrium
        Fock entropy of each species.
    species_entanglement : tuple of Equilibrium
        Entanglement of each species with the others, after Page.
    half_chain_entanglement : float
        Entanglement of the first ⌊L/2⌋ sites with the others.
    densities : (S, L)
        N_s / L.
    potential_energy, interaction_energy : (S,), (P,)
        At infinite temperature; see :func:`infinite_temperature_energy`.
    ergodic : bool
        False if the lattice falls into parts. Each part then keeps its particle numbers, and equilibrium is one for
        each part, not this one.
    """

    uniform_entropy: float
    uniform_species_entropy: RealArray
    haar: Equilibrium
    haar_species: tuple[Equilibrium, ...]
    species_entanglement: tuple[Equilibrium, ...]
    half_chain_entanglement: float
    densities: RealMatrix
    potential_energy: RealArray
    interaction_energy: RealArray
    ergodic: bool


def lattice_equilibrium(
    particles: Sequence[int], potentials: RealMatrix, interaction: RealTensor, *, connected: bool = True
) -> LatticeEquilibrium:
    """Return all reference values for `particles` (S,) under `potentials` (S, L) and `interaction` (S, S, L).

    Examples
    --------
    >>> found = lattice_equilibrium((2, 2), np.zeros((2, 4)), np.ones((2, 2, 4)))
    >>> round(found.haar.mean, 3), round(found.half_chain_entanglement, 3)
    (3.175, 2.193)
    """
    count, sites = potentials.shape
    if len(particles) != count:
        raise ShapeError(
            f"`particles` must have one number per row of `potentials`, {count}, but has {len(particles)}."
        )
    dims = [math.comb(sites, n) for n in particles]
    d = math.prod(dims)
    potential, pairwise = infinite_temperature_energy(particles, potentials, interaction)
    return LatticeEquilibrium(
        uniform_entropy=math.log(d),
        uniform_species_entropy=np.array([math.log(one) for one in dims]),
        haar=haar_entropy(d),
        haar_species=tuple(haar_entropy(one, d // one) for one in dims),
        species_entanglement=tuple(page_entropy(one, d // one) for one in dims),
        half_chain_entanglement=spatial_page_entropy(sites, sites // 2, particles),
        densities=np.repeat(np.asarray(particles, dtype=np.float64)[:, None] / sites, sites, axis=1),
        potential_energy=potential,
        interaction_energy=pairwise,
        ergodic=connected,
    )


def _dimension(value: int, name: str) -> int:
    return as_count(value, name, 1, _LARGEST_DIMENSION)
