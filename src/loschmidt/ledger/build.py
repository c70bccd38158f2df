"""Keep the ledger of whatever ran: each kind of evolution has its keeper."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.open_systems import keep_open_system

if TYPE_CHECKING:
    from loschmidt.evolution.collisions import CollisionEvolution
    from loschmidt.evolution.heat_conduction import ConductionEvolution
    from loschmidt.evolution.lattice.evolution import LatticeEvolution
    from loschmidt.evolution.multipartite import MultipartiteEvolution
    from loschmidt.evolution.thermal_operations import ThermalEvolution
    from loschmidt.evolution.transmission import Transmission
    from loschmidt.evolution.von_neumann_gas import GasEvolution

__all__ = ["build_ledger"]

#: Who keeps the ledger of each kind of process beside master equations; loaded when one is kept.
_KEEPERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "channel": ("loschmidt.ledger.channels", "keep_channel"),
        "collisions": ("loschmidt.ledger.collisions", "keep_collisions"),
        "thermal operation": ("loschmidt.ledger.thermal_operations", "keep_thermal_operation"),
        "lattice": ("loschmidt.ledger.lattices", "keep_lattice_run"),
        "bipartite": ("loschmidt.ledger.bipartite", "keep_bipartite"),
        "heat conduction": ("loschmidt.ledger.heat_conduction", "keep_conduction"),
        "gas": ("loschmidt.ledger.von_neumann_gas", "keep_gas"),
    }
)


def build_ledger(
    evolution: Evolution
    | MultipartiteEvolution
    | Transmission
    | CollisionEvolution
    | LatticeEvolution
    | ThermalEvolution
    | ConductionEvolution
    | GasEvolution,
    resolve: Collection[str] = (),
    *,
    title: str = "",
    mode_projectors: Sequence[object] = (),
    keep_states: bool = True,
    progress: bool = False,
) -> Ledger:
    """Return the ledger of an evolution: who gave what, and how well each number is known.

    Parameters
    ----------
    evolution : Evolution, MultipartiteEvolution, Transmission, CollisionEvolution, LatticeEvolution, ...
        From :func:`~loschmidt.evolution.evolve`.
    resolve : collection of str
        "frequency" adds the entropy production per magnitude of the Bohr frequency, "transition" that per pair of
        levels.
    title : str
        What reports call the process.
    mode_projectors : sequence of (d, d)
        Projectors onto the last kept level of each truncated mode, whose occupation the ledger records.
    keep_states : bool
        Whether to store the density matrices too.
    progress : bool
        Show a progress bar on anything longer than two seconds.

    Returns
    -------
    Ledger

    Raises
    ------
    InputError
        If a resolution is unknown or does not apply.

    Notes
    -----
    Heat, work and entropy production over time are integrated, not differenced. Where the state is not positive there
    is no entropy: those accounts are left out, with the reason.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt import Bath, GlauberSpectrum, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> ledger = build_ledger(evolve(process, [0, 1], [0.0, 10.0]))
    >>> bool(ledger["entropy_production"][-1] > 0)
    True
    """
    family = str(getattr(evolution, "family", ""))
    if isinstance(evolution, Evolution):
        return keep_open_system(evolution, title, resolve, mode_projectors, keep_states, progress)
    if family not in _KEEPERS:
        kind = type(evolution).__name__
        raise InputError(f"`evolution` must be what evolve() returns, but it is a {kind}. Call evolve() first.")
    if resolve or mode_projectors:
        raise InputError("`resolve` and `mode_projectors` are about master equations; leave them out.")
    module, keeper = _KEEPERS[family]
    ledger: Ledger = getattr(import_module(module), keeper)(evolution, title, keep_states)
    return ledger
