"""The kinds of process that a model file can describe: the tables of each, and how it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loschmidt.studies.bipartite_spec import BipartiteSpec
from loschmidt.studies.channel_spec import ChannelSpec
from loschmidt.studies.classical_spec import GasSpec, HeatConductionSpec
from loschmidt.studies.collision_spec import CollisionSpec
from loschmidt.studies.lattice_spec import LatticeSpec
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.scatterer_spec import ScattererSpec
from loschmidt.studies.spec import OpenSystemSpec
from loschmidt.studies.thermal_spec import ThermalSpec

if TYPE_CHECKING:
    from pydantic import ValidationError

    from loschmidt.errors import Problem
    from loschmidt.ledger.ledger import Ledger
    from loschmidt.studies.origin import Origin
    from loschmidt.units import UnitSystem

__all__ = ["KINDS", "Kind", "Outcome"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What running a model gives: its ledger, the units of reports, and the objects behind it.

    Attributes
    ----------
    ledger : Ledger
        Accounts.
    units : UnitSystem
        For reports.
    process, evolution
        What ran, and what it did.
    remarks : tuple of str
        What the construction of the model warned of.
    """

    ledger: Ledger
    units: UnitSystem
    process: Any
    evolution: Any
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of process.

    Attributes
    ----------
    name : str
        What stands after ``kind =`` in a file.
    table : type
        What the file may say.
    module : str
        Where its functions ``run`` and ``further_problems`` are; loaded when a file of this kind is.
    """

    name: str
    table: type[ModelSpec]
    module: str

    def run(self, spec: ModelSpec, method: Any, progress: bool) -> Outcome:
        """Run a model."""
        outcome: Outcome = import_module(self.module).run(spec, method, progress)
        return outcome

    def further_problems(self, data: dict[str, Any], error: ValidationError, origin: Origin) -> list[Problem]:
        """Return the faults beside those of `error` in the parts of a file that could be read."""
        problems: list[Problem] = import_module(self.module).further_problems(data, error, origin)
        return problems


#: Every kind by its name; a new one is a table type, a module, and one line here.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("open-system", OpenSystemSpec, "loschmidt.studies.open_system"),
            Kind("channel", ChannelSpec, "loschmidt.studies.channel"),
            Kind("scatterer", ScattererSpec, "loschmidt.studies.scatterer"),
            Kind("collisions", CollisionSpec, "loschmidt.studies.collisions"),
            Kind("thermal-operation", ThermalSpec, "loschmidt.studies.thermal"),
            Kind("lattice", LatticeSpec, "loschmidt.studies.lattice"),
            Kind("bipartite", BipartiteSpec, "loschmidt.studies.bipartite"),
            Kind("heat-conduction", HeatConductionSpec, "loschmidt.studies.heat_conduction"),
            Kind("gas", GasSpec, "loschmidt.studies.gas"),
        )
    }
)
