"""Compare the definitions of entropy production on what a process did."""

from __future__ import annotations

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.multipartite import MultipartiteEvolution
from loschmidt.evolution.thermal_operations import ThermalEvolution
from loschmidt.evolution.transmission import Transmission
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.definitions.joint import bipartite_readings, channel_readings
from loschmidt.ledger.definitions.open_systems import open_system_readings
from loschmidt.ledger.definitions.table import Agreement, DefinitionTable, Reading, table_of
from loschmidt.ledger.definitions.thermal import thermal_readings
from loschmidt.ledger.ledger import Ledger

__all__ = ["check_comparable", "compare_definitions"]

#: Why other kinds of process have nothing to compare.
_NOTHING = {
    "lattice": "a lattice protocol has no environment with a temperature, and its entropies are not those of a part",
    "collisions": "a chain of collisions knows no temperature of its ancillas",
}


def compare_definitions(
    evolution: Evolution | ThermalEvolution | Transmission | MultipartiteEvolution, ledger: Ledger | None = None
) -> DefinitionTable:
    """Return every definition of entropy production for one process, side by side.

    Parameters
    ----------
    evolution : Evolution, ThermalEvolution, Transmission or MultipartiteEvolution
        From :func:`~loschmidt.evolution.evolve`: a master equation, a unitary with Gibbs environments, a channel or a
        dilation, or several parts, of which the first is the system and the others are its environment.
    ledger : Ledger, optional
        That of the evolution, if it is kept already.

    Returns
    -------
    DefinitionTable
        A definition that does not apply has no value, with the reason; it is never zero.

    Raises
    ------
    InputError
        If nothing can be compared.

    Notes
    -----
    :cite:t:`ahmadi2020` state that there is no entropy production, and mean #6, which is zero by construction. The
    others count correlations with the environment and its displacement, in one way or another.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt import Bath, GlauberSpectrum, davies_generator, evolve
    >>> bath = Bath("cold", 1.0, GlauberSpectrum(0.3), [[0, 1], [1, 0]])
    >>> done = evolve(davies_generator(np.diag([0.0, 1.0]), [bath]), [[0.3, 0.2], [0.2, 0.7]], [0.0, 1.5])
    >>> table = compare_definitions(done)
    >>> abs(table[1].value - table[5].value) < 1e-12, table[7].value, table[7].reason
    (True, None, 'the environment is not part of a master equation')
    """
    family = str(getattr(evolution, "family", ""))
    if isinstance(evolution, (Evolution, ThermalEvolution, Transmission, MultipartiteEvolution)):
        kept = build_ledger(evolution) if ledger is None else ledger
        readings, agreements = _readings(evolution, kept)
        if any(reading.available for number, reading in readings.items() if number != 6):
            attributes = kept.data.attrs
            title, equation = str(attributes.get("title", "")), str(attributes.get("equation", ""))
            return table_of(title, family, equation, readings, agreements)
        raise InputError(f"nothing can be compared: {readings[1].reason}.")
    check_comparable(family)
    if family:
        raise InputError(f"nothing can be compared: no definition speaks of the kind {family!r}.")
    kind = type(evolution).__name__
    raise InputError(f"`evolution` must be what evolve() returns, but it is a {kind}. Call evolve() first.")


def check_comparable(family: str) -> None:
    """Refuse the kinds of process that have nothing to compare, before any work is done.

    Raises
    ------
    InputError
        With the reason.

    Examples
    --------
    >>> check_comparable("open system")
    """
    if family in _NOTHING:
        raise InputError(f"nothing can be compared: {_NOTHING[family]}.")


def _readings(
    evolution: Evolution | ThermalEvolution | Transmission | MultipartiteEvolution, ledger: Ledger
) -> tuple[dict[int, Reading], tuple[Agreement, ...]]:
    if isinstance(evolution, ThermalEvolution):
        return thermal_readings(evolution, ledger)
    if isinstance(evolution, Transmission):
        return channel_readings(evolution, ledger)
    if isinstance(evolution, MultipartiteEvolution):
        return bipartite_readings(evolution, ledger)
    return open_system_readings(evolution, ledger)
