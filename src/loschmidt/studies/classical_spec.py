"""What the file of a classical process may say: two bars that conduct heat, or von Neumann's gas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from loschmidt.studies.fields import Matrix, OperatorSource, Quantity, Table
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import InitialSpec, SitesSpec, TimesSpec

__all__ = ["BarsSpec", "GasSpec", "HeatConductionSpec", "ReservoirOfGasSpec", "TemperaturesSpec"]

_EACH = "one number, one for each bar, or one for each cell."


class BarsSpec(Table):
    """Two bars of cells in a row, which touch at one end each."""

    cells: list[Annotated[int, Field(ge=1, le=2000)]] = Field(
        min_length=2, max_length=2, description="Of one bar and of the other.", examples=[[4, 4]]
    )
    heat_capacity: list[Quantity] | Quantity = Field(1.0, description=f"Of a cell: {_EACH}")
    conductance: list[Quantity] | Quantity = Field(1.0, description="Between neighbours inside: one or one for each.")
    contact_conductance: Quantity = Field(1.0, description="Between the bars; 0 keeps them apart.")
    cut: Quantity | None = Field(None, description="Time at which the bars are taken apart.", examples=[2.0])
    names: list[str] = Field(["A", "B"], min_length=2, max_length=2, description="What reports call them.")


class TemperaturesSpec(Table):
    """How the bars start."""

    temperatures: list[Quantity] = Field(
        min_length=2, description="One for each bar, or one for each cell.", examples=[[1.0, 2.0]]
    )


class HeatConductionSpec(ModelSpec):
    """Two bars that conduct heat: the classical counterpart of two parts of a closed quantum system."""

    kind: Literal["heat-conduction"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    bars: BarsSpec = Field(description="The bars and their contact.")
    initial: TemperaturesSpec = Field(description="Temperatures at the first time.")
    times: TimesSpec = Field(description="When to look.")


class ReservoirOfGasSpec(SitesSpec):
    """The atoms, the reservoir at whose temperature they are compressed, and what the walls tell apart."""

    atoms: int = Field(ge=1, description="Their number.", examples=[10])
    temperature: Quantity = Field(description="Of the reservoir.", examples=[2.0])
    hamiltonian: OperatorSource | None = Field(None, description="Of the levels of an atom; default: all equal.")
    walls: Matrix | None = Field(
        None, description="Orthonormal kets, one per row, that the walls tell apart; default: those of the state."
    )


class GasSpec(ModelSpec):
    """Von Neumann's gas: atoms in a mixed state are made pure, reversibly, by walls and pistons."""

    kind: Literal["gas"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    gas: ReservoirOfGasSpec = Field(description="Atoms, their levels, and the reservoir.")
    initial: InitialSpec = Field(description="The state of an atom.")
