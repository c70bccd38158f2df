"""The Hilbert space that a model file describes."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError
from loschmidt.processes.expressions import Site, Space
from loschmidt.studies import spec as files
from loschmidt.studies.arrays import load_array
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.origin import Origin
from loschmidt.typing import ComplexMatrix

__all__ = ["mode_projectors", "place_of", "sites_of", "space_of"]

#: The keys that name sites; one of them, or none beside a matrix.
SITES = ("qubits", "levels", "modes", "sites")


def place_of(system: files.SystemSpec) -> KeyPath:
    """Return the key that decides what the sites are: the table, or the matrix in a table without sites."""
    named = any(getattr(system, key) is not None for key in SITES)
    return ("system",) if named or isinstance(system.hamiltonian, str) else ("system", "hamiltonian")


def space_of(system: files.SystemSpec, origin: Origin) -> Space:
    """Return the sites; a Hamiltonian given as a matrix needs none and makes one of its own size.

    Raises
    ------
    InputError
        If the sites are given in two ways or not at all, or a name does not do.
    """
    if sites := sites_of(system, "system"):
        return Space(sites)
    if isinstance(system.hamiltonian, str):
        raise InputError("must name its sites by one of qubits, levels, modes, sites, but has none of them.")
    if isinstance(system.hamiltonian, list):
        return Space((Site("system", len(system.hamiltonian), "levels"),))
    shape = load_array(origin.folder / system.hamiltonian.file, system.hamiltonian.key).shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise InputError(f"must be one square matrix, but its shape is {shape}.")
    return Space((Site("system", shape[0], "levels"),))


def sites_of(table: files.SitesSpec, name: str) -> tuple[Site, ...]:
    """Return the sites that a table names, none where it names none; a single set of levels is called `name`.

    Raises
    ------
    InputError
        If they are named in two ways, or a name does not do.
    """
    keys = [key for key in SITES if getattr(table, key) is not None]
    if len(keys) > 1:
        raise InputError(f"must name its sites by one of qubits, levels, modes, sites, but has {' and '.join(keys)}.")
    if table.qubits is not None:
        return Space.qubits(table.qubits).sites
    if table.levels is not None:
        return (_levels(name, table.levels),)
    if table.modes is not None:
        return tuple(Site(f"m{index}", count, "mode") for index, count in enumerate(table.modes))
    return tuple(_site(site) for site in table.sites or ())


def _levels(name: str, levels: list[str]) -> Site:
    return Site(name, len(levels), "qubit" if len(levels) == 2 else "levels", tuple(levels))


def _site(given: str | files.SiteSpec) -> Site:
    if isinstance(given, str):
        return Site(given)
    if given.levels is not None and given.mode is not None:
        raise InputError(f"`{given.name}` must be a mode or have named levels, not both.")
    if given.mode is not None:
        return Site(given.name, given.mode, "mode")
    return Site(given.name) if given.levels is None else _levels(given.name, given.levels)


def mode_projectors(space: Space) -> tuple[ComplexMatrix, ...]:
    """Return the projector (d, d) onto the last kept level of each mode, whose occupation tells of a cut too low."""
    projectors = []
    for index, site in enumerate(space.sites):
        if site.kind == "mode":
            before, after = int(np.prod(space.dims[:index])), int(np.prod(space.dims[index + 1 :]))
            last = np.diag(np.arange(site.dimension) == site.dimension - 1).astype(np.complex128)
            projectors.append(np.kron(np.kron(np.eye(before), last), np.eye(after)))
    return tuple(projectors)
