"""The Hilbert space of a model: named sites, each a qubit, a set of levels or a truncated mode."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from loschmidt._syntax.error import did_you_mean
from loschmidt.errors import InputError, ResourceError
from loschmidt.typing import ComplexVector

__all__ = ["Site", "Space"]

#: A dense operator larger than this is refused: the propagators need several of them.
LARGEST_OPERATOR_BYTES = 2**31

_LEVEL = re.compile(r"[+-]?\w+|[+-]")
_INDEX = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Site:
    """One factor of the Hilbert space.

    Parameters
    ----------
    name : str
        A word; operators refer to the site as ``Z[name]`` or ``Z_name``.
    dimension : int
        Number of levels.
    kind : {"qubit", "levels", "mode"}
        Which operators it has: X, Y, Z, Sp, Sm for a qubit; a, adag, n for a mode cut off at `dimension` levels.
        Every site has I and ``|i><j|``.
    levels : tuple of str
        Names of the levels in the order of the basis; by default their indices.

    Raises
    ------
    InputError
        If the name is not a word, the dimension does not fit the kind, or the levels do not fit the dimension.

    Examples
    --------
    >>> Site("atom", 3, "levels", ("g", "m", "e")).index_of("e")
    2
    """

    name: str
    dimension: int = 2
    kind: Literal["qubit", "levels", "mode"] = "qubit"
    levels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise InputError(
                f"A site must be named by a word of letters, digits and `_`, but {self.name!r} is not one."
            )
        if self.kind not in ("qubit", "levels", "mode"):
            raise InputError(f"Site `{self.name}` must be a qubit, levels or a mode, but its kind is {self.kind!r}.")
        if isinstance(self.dimension, bool) or not isinstance(self.dimension, int) or self.dimension < 1:
            raise InputError(f"Site `{self.name}` must have a whole number of levels, but has {self.dimension!r}.")
        if self.kind == "qubit" and self.dimension != 2:
            raise InputError(f"Site `{self.name}` is a qubit and must have 2 levels, but it has {self.dimension}.")
        object.__setattr__(self, "levels", tuple(self.levels))
        self._check_levels()

    def _check_levels(self) -> None:
        if self.levels and len(self.levels) != self.dimension:
            raise InputError(
                f"Site `{self.name}` must name all its {self.dimension} levels or none, but names {len(self.levels)}."
            )
        for index, level in enumerate(self.levels):
            if not isinstance(level, str) or not _LEVEL.fullmatch(level):
                raise InputError(f"Site `{self.name}`: a level must be named by a word, but {level!r} is not one.")
            if level in self.levels[:index]:
                raise InputError(f"Site `{self.name}` must name each level once, but `{level}` stands twice.")
            if _INDEX.fullmatch(level) and int(level) != index:
                raise InputError(
                    f"Site `{self.name}`: level {index} must not be called `{level}`, the index of another level."
                )

    def index_of(self, label: str) -> int | None:
        """Return the basis index of a level given by its name or its index, or None."""
        if label in self.levels:
            return self.levels.index(label)
        if _INDEX.fullmatch(label) and int(label) < self.dimension:
            return int(label)
        return None

    def ket(self, label: str) -> ComplexVector | None:
        """Return ``(dimension,)`` for a level or, where there are two levels, for ``+`` and ``-``; else None."""
        vector = np.zeros(self.dimension, dtype=np.complex128)
        index = self.index_of(label)
        if index is not None:
            vector[index] = 1.0
        elif label in ("+", "-") and self.dimension == 2:
            vector[:] = math.sqrt(0.5)
            vector[1] *= 1.0 if label == "+" else -1.0
        else:
            return None
        return vector

    def level_names(self) -> tuple[str, ...]:
        """Return the names of the levels, or their indices where they have none."""
        return self.levels or tuple(str(index) for index in range(self.dimension))


@dataclass(frozen=True)
class Space:
    """The tensor product of sites, first site leftmost, as in ``numpy.kron``.

    Parameters
    ----------
    sites : tuple of Site
        At least one; no name twice.

    Raises
    ------
    InputError
        If there is no site, or two sites share a name.

    Examples
    --------
    >>> Space((Site("atom"), Site("cavity", 4, "mode"))).dims
    (2, 4)
    >>> Space.qubits(3).dimension
    8
    """

    sites: tuple[Site, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", tuple(self.sites))
        if not self.sites:
            raise InputError("A space must have at least one site, but it has none.")
        names = [site.name for site in self.sites]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"The sites of a space must have different names, but `{name}` stands twice.")

    @classmethod
    def qubits(cls, count: int) -> Space:
        """Return `count` qubits called q0, q1, ...; operators refer to them as ``Z0`` or ``Z_q0``."""
        return cls(tuple(Site(f"q{index}") for index in range(count)))

    @property
    def dims(self) -> tuple[int, ...]:
        """Number of levels of each site."""
        return tuple(site.dimension for site in self.sites)

    @property
    def dimension(self) -> int:
        """Number of levels of the whole."""
        return math.prod(self.dims)

    def site_index(self, label: str) -> int | None:
        """Return the place of a site given by its name or its index, or None."""
        for index, site in enumerate(self.sites):
            if site.name == label:
                return index
        if _INDEX.fullmatch(label) and int(label) < len(self.sites):
            return int(label)
        return None

    def describe_sites(self, wrong: str = "") -> str:
        """Return one sentence that lists the sites, and the nearest to a `wrong` name."""
        names = [site.name for site in self.sites]
        shown = ", ".join(f"{index} = {name}" for index, name in enumerate(names[:8]))
        more = f", … {len(names) - 1} = {names[-1]}" if len(names) > 8 else ""
        return f"The sites are {shown}{more}." + (did_you_mean(wrong, names) if wrong else "")

    def check_size(self) -> None:
        """Refuse a space whose dense operators would not fit into memory.

        Raises
        ------
        ResourceError
            With the estimate, if one operator needs more than 2 GiB.
        """
        size = self.dimension
        needed = 16 * size**2
        if needed > LARGEST_OPERATOR_BYTES:
            raise ResourceError(
                f"One dense operator on {len(self.sites)} sites has {_count(size)} × {_count(size)} "
                f"elements and would need {_count(needed >> 30)} GiB (at most {LARGEST_OPERATOR_BYTES // 2**30} GiB "
                f"is accepted). Use fewer sites or cut modes off lower."
            )


def _count(number: int) -> str:
    """Return a readable whole number of any size."""
    if number < 100_000:
        return str(number)
    exponent = int((number.bit_length() - 1) * math.log10(2))
    return f"about 1e{exponent}"
