"""The kinds of process that a model file can describe: the tables of each, and how it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

    from loschmidt.errors import Problem
    from loschmidt.ledger.ledger import Ledger
    from loschmidt.studies.model_spec import ModelSpec
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
    tables : str
        Module and class of what the file may say; loaded when a file of this kind is.
    module : str
        Where its functions ``run`` and ``further_problems`` are; loaded with it.
    """

    name: str
    tables: str
    module: str

    @property
    def table(self) -> type[ModelSpec]:
        """What the file may say."""
        module, _, name = self.tables.partition(":")
        table: type[ModelSpec] = getattr(import_module(module), name)
        return table

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
            Kind("open-system", "loschmidt.studies.spec:OpenSystemSpec", "loschmidt.studies.open_system"),
            Kind("channel", "loschmidt.studies.channel_spec:ChannelSpec", "loschmidt.studies.channel"),
            Kind("scatterer", "loschmidt.studies.scatterer_spec:ScattererSpec", "loschmidt.studies.scatterer"),
            Kind("collisions", "loschmidt.studies.collision_spec:CollisionSpec", "loschmidt.studies.collisions"),
            Kind("thermal-operation", "loschmidt.studies.thermal_spec:ThermalSpec", "loschmidt.studies.thermal"),
            Kind("lattice", "loschmidt.studies.lattice_spec:LatticeSpec", "loschmidt.studies.lattice"),
            Kind("bipartite", "loschmidt.studies.bipartite_spec:BipartiteSpec", "loschmidt.studies.bipartite"),
            Kind(
                "heat-conduction",
                "loschmidt.studies.classical_spec:HeatConductionSpec",
                "loschmidt.studies.heat_conduction",
            ),
            Kind("gas", "loschmidt.studies.classical_spec:GasSpec", "loschmidt.studies.gas"),
        )
    }
)
