"""A lattice: sites, and the weighted edges between which particles hop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from loschmidt.checks import as_hermitian
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.states.fock import MOST_SITES, as_count
from loschmidt.typing import ArrayLike, ComplexMatrix, ComplexVector, IntegerArray, OperatorLike

__all__ = ["Lattice"]


@dataclass(frozen=True, eq=False)
class Lattice:
    r"""Sites and weighted edges; build one with `chain`, `ring`, `grid` or `from_edges`.

    Attributes
    ----------
    sites : int
        Number L of sites, numbered from 0.
    edges : (E, 2)
        Pairs i < j, each once.
    weights : (E,)
        w_ij of :math:`w_{ij} c_i^\dagger c_j + \mathrm{h.c.}` with i < j; a complex one is a magnetic flux.
    name : str
        For reports.

    Examples
    --------
    >>> Lattice.ring(4).edges.tolist()
    [[0, 1], [1, 2], [2, 3], [0, 3]]
    """

    sites: int
    edges: IntegerArray
    weights: ComplexVector
    name: str

    @classmethod
    def chain(cls, sites: int, weights: ArrayLike = 1.0) -> Lattice:
        """Return an open chain; `weights` is one number or one for each of the L − 1 edges (i, i + 1).

        Examples
        --------
        >>> Lattice.chain(3).edges.tolist()
        [[0, 1], [1, 2]]
        """
        length = as_count(sites, "sites", 1, MOST_SITES)
        pairs = [(i, i + 1) for i in range(length - 1)]
        return cls.from_edges(length, pairs, weights, name=f"chain of {length}")

    @classmethod
    def ring(cls, sites: int, weights: ArrayLike = 1.0) -> Lattice:
        """Return a closed chain; `weights` is one number or one for each edge (i, i + 1), the last leading to site 0.

        Two sites have one edge and one site has none, as in a chain. One complex number for all edges is a flux
        through the ring.

        Examples
        --------
        >>> len(Lattice.ring(2).edges)
        1
        """
        length = as_count(sites, "sites", 1, MOST_SITES)
        pairs = [(i, i + 1) for i in range(length - 1)] + ([(length - 1, 0)] if length > 2 else [])
        return cls.from_edges(length, pairs, weights, name=f"ring of {length}")

    @classmethod
    def grid(cls, shape: Sequence[int], periodic: bool | Sequence[bool] = False, weights: ArrayLike = 1.0) -> Lattice:
        """Return a rectangular grid in any dimension, sites numbered in C order (the last coordinate runs fastest).

        Edges lead in the direction of growing coordinates, around the end too, and `weights` is one number or one for
        each edge in the order of :attr:`edges`. A periodic direction of length 1 or 2 adds no edge.

        Examples
        --------
        >>> Lattice.grid((2, 3)).edges.tolist()
        [[0, 1], [0, 3], [1, 2], [1, 4], [2, 5], [3, 4], [4, 5]]
        """
        lengths = tuple(as_count(length, f"shape[{axis}]", 1, MOST_SITES) for axis, length in enumerate(shape))
        closed = [periodic] * len(lengths) if isinstance(periodic, bool) else list(periodic)
        if not lengths or len(closed) != len(lengths):
            raise ShapeError(
                f"`shape` and `periodic` must have one entry per direction, at least one, but they have "
                f"{len(lengths)} and {len(closed)}."
            )
        numbers = np.arange(int(np.prod(lengths))).reshape(lengths)
        pairs = []
        for axis, length in enumerate(lengths):
            lines = np.moveaxis(numbers, axis, 0)
            pairs += [(lines[k], lines[k + 1]) for k in range(length - 1)]
            if closed[axis] and length > 2:
                pairs.append((lines[-1], lines[0]))
        flat = [(int(i), int(j)) for start, end in pairs for i, j in zip(start.flat, end.flat, strict=True)]
        flat.sort(key=sorted)
        name = " × ".join(map(str, lengths)) + (" torus" if all(closed) else " grid")
        return cls.from_edges(numbers.size, flat, weights, name=name)

    @classmethod
    def from_edges(
        cls, sites: int, edges: Sequence[Sequence[int]], weights: ArrayLike = 1.0, name: str = "graph"
    ) -> Lattice:
        r"""Return any graph.

        Parameters
        ----------
        sites : int
            Number of sites, from 1 to 62.
        edges : (E, 2)
            Pairs of sites, each pair once. An edge (j, i) with j > i and weight w is the edge (i, j) with weight w*.
        weights : complex or (E,)
            w of :math:`w\,c_i^\dagger c_j + \mathrm{h.c.}` for an edge (i, j).
        name : str
            For reports.

        Raises
        ------
        InputError
            If an edge is a loop, named twice or leads to a site that does not exist.
        ShapeError, NotFiniteError
            If there is not one finite weight per edge.
        TypeError
            If a site is not an integer.

        Examples
        --------
        >>> Lattice.from_edges(3, [(1, 0), (1, 2)], [1j, 1.0]).weights
        array([0.-1.j, 1.+0.j])
        """
        length = as_count(sites, "sites", 1, MOST_SITES)
        factors = _checked_weights(weights, len(edges))
        pairs = [_edge(edge, number, length) for number, edge in enumerate(edges)]
        seen: dict[tuple[int, int], int] = {}
        for number, (i, j) in enumerate(pairs):
            first = seen.setdefault((min(i, j), max(i, j)), number)
            if first != number:
                raise InputError(
                    f"`edges` must hold each pair once, but edges {first} and {number} both join sites "
                    f"{min(i, j)} and {max(i, j)}. Add their weights in one edge."
                )
        swapped = np.array([i > j for i, j in pairs], dtype=bool)
        return cls(
            sites=length,
            edges=np.sort(np.array(pairs, dtype=np.int64).reshape(-1, 2), axis=1),
            weights=np.where(swapped, factors.conj(), factors),
            name=name,
        )

    @classmethod
    def from_hopping(cls, matrix: OperatorLike, name: str = "graph") -> Lattice:
        """Return the graph of a Hermitian hopping matrix (L, L); its diagonal must be zero, because it is a potential.

        Raises
        ------
        NotHermitianError, InputError
            If it is not Hermitian, or has diagonal elements.

        Examples
        --------
        >>> Lattice.from_hopping([[0, 1, 0], [1, 0, 2], [0, 2, 0]]).weights.real
        array([1., 2.])
        """
        hopping = as_hermitian(matrix, "matrix")
        if hopping.ndim != 2:
            raise ShapeError(f"`matrix` must be one matrix (sites, sites), but its shape is {hopping.shape}.")
        diagonal = np.abs(hopping.diagonal())
        if diagonal.any():
            raise InputError(
                f"`matrix` must have a zero diagonal, but element {int(diagonal.argmax())} is {diagonal.max():g}. "
                f"Give it as a potential."
            )
        low, high = np.nonzero(np.triu(hopping))
        return cls.from_edges(len(hopping), np.stack([low, high], axis=1).tolist(), hopping[low, high], name)

    @cached_property
    def adjacency(self) -> ComplexMatrix:
        """Hermitian matrix (L, L) of the weights."""
        matrix = np.zeros((self.sites, self.sites), dtype=np.complex128)
        low, high = self.edges.T
        matrix[low, high] = self.weights
        matrix[high, low] = self.weights.conj()
        return matrix

    @cached_property
    def components(self) -> IntegerArray:
        """Number (L,) of the connected part that each site belongs to; an edge of weight 0 connects nothing."""
        from scipy.sparse.csgraph import connected_components

        return np.asarray(connected_components(np.abs(self.adjacency) > 0, directed=False)[1], dtype=np.int64)

    @property
    def connected(self) -> bool:
        """Whether every site can be reached from every other."""
        return bool((self.components == 0).all())

    @cached_property
    def along_a_line(self) -> bool:
        """Whether every edge joins neighbouring numbers, or the first to the last site."""
        low, high = self.edges.T
        return bool(((high - low == 1) | ((low == 0) & (high == self.sites - 1))).all())


def _checked_weights(weights: ArrayLike, count: int) -> ComplexVector:
    try:
        given = np.asarray(weights, dtype=np.complex128)
    except (TypeError, ValueError) as error:
        raise InputError(f"`weights` must be numbers, but {error}.") from None
    if given.ndim and given.shape != (count,):
        raise ShapeError(f"`weights` must be one number or one per edge, {count}, but its shape is {given.shape}.")
    if not np.isfinite(given).all():
        raise NotFiniteError("`weights` must be finite, but it holds NaN or infinity.")
    return np.broadcast_to(given, (count,)).copy()


def _edge(edge: Any, number: int, sites: int) -> tuple[int, int]:
    if len(edge) != 2:
        raise ShapeError(f"edge {number} must be a pair of sites, but it is {edge!r}.")
    i, j = (as_count(site, f"a site of edge {number}", 0, sites - 1) for site in edge)
    if i == j:
        raise InputError(f"edge {number} must join two sites, but it leads from site {i} to itself. Use a potential.")
    return i, j
