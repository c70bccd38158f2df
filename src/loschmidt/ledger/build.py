"""Keep the ledger of whatever ran: each kind of evolution has its keeper."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from loschmidt.errors import InputError
from loschmidt.evolution.collisions import CollisionEvolution
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.lattice.evolution import LatticeEvolution
from loschmidt.evolution.thermal_operations import ThermalEvolution
from loschmidt.evolution.transmission import Transmission
from loschmidt.ledger.ledger import Ledger
from loschmidt.ledger.open_systems import keep_open_system

__all__ = ["build_ledger"]


def build_ledger(
    evolution: Evolution | Transmission | CollisionEvolution | LatticeEvolution | ThermalEvolution,
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
    evolution : Evolution, Transmission, CollisionEvolution, LatticeEvolution or ThermalEvolution
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
    >>> from loschmidt import Bath, GlauberSpectrum, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> ledger = build_ledger(evolve(process, [0, 1], [0.0, 10.0]))
    >>> bool(ledger["entropy_production"][-1] > 0)
    True
    """
    if isinstance(evolution, Evolution):
        return keep_open_system(evolution, title, resolve, mode_projectors, keep_states, progress)
    if resolve or mode_projectors:
        raise InputError("`resolve` and `mode_projectors` are about master equations; leave them out.")
    if isinstance(evolution, Transmission):
        from loschmidt.ledger.channels import keep_channel

        return keep_channel(evolution, title, keep_states)
    if isinstance(evolution, CollisionEvolution):
        from loschmidt.ledger.collisions import keep_collisions

        return keep_collisions(evolution, title, keep_states)
    if isinstance(evolution, LatticeEvolution):
        from loschmidt.ledger.lattices import keep_lattice

        return keep_lattice(evolution, title)
    if isinstance(evolution, ThermalEvolution):
        from loschmidt.ledger.thermal_operations import keep_thermal_operation

        return keep_thermal_operation(evolution, title, keep_states)
    raise InputError(f"`evolution` must be an Evolution, but it is a {type(evolution).__name__}. Call evolve() first.")
