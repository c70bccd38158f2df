"""What the file of a thermal operation may say: a system, its Gibbs environments, and the unitary between them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.fields import OperatorSource, Quantity, Table, Temperature, checked_type
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import InitialSpec, SitesSpec, SystemSpec

__all__ = [
    "OPERATIONS",
    "EnvironmentSpec",
    "ExchangeSpec",
    "PotentialSpec",
    "RandomSpec",
    "ThermalSpec",
    "TwoPointSpec",
    "WorkingSpec",
]


class EnvironmentSpec(SitesSpec):
    """An environment that starts in the Gibbs state of its Hamiltonian."""

    name: str = Field(min_length=1, description="What reports call it.", examples=["cold"])
    hamiltonian: OperatorSource = Field(description="Of the environment.", examples=["Z_e"])
    temperature: Temperature | None = Field(None, description="0 and inf are allowed.", examples=[0.5])
    beta: Temperature | None = Field(None, description="Inverse temperature, instead.", examples=[2.0])


class PotentialSpec(Table):
    """e^{-i(H + V)t} with what is resonant in V."""

    type: Literal["potential"]
    potential: OperatorSource = Field(description="V, on the sites of the system and of the environments.")
    time: Quantity = Field(description="Duration t.", examples=[1.0])


class ExchangeSpec(Table):
    """Quanta are exchanged with resonant environments."""

    type: Literal["exchange"]
    strengths: list[Quantity] | Quantity = Field(1.0, description="Energy of the exchange, one or one for each.")
    time: Quantity = Field(description="Duration t; two qubits are exchanged by the angle strength × t.")
    ladder: Literal["oscillator", "spin", "flat"] = Field(
        "oscillator", description="Elements of the lowering operator."
    )


class RandomSpec(Table):
    """A random unitary inside each level of the total energy."""

    type: Literal["random"]
    seed: int = Field(0, ge=0, description="Of the unitary.")


class WorkingSpec(Table):
    """Any unitary, which may do work."""

    type: Literal["unitary"]
    unitary: OperatorSource | None = Field(None, description="On the sites of the system and of the environments.")
    hamiltonian: OperatorSource | None = Field(None, description="Instead: e^{-iHt} of this Hamiltonian.")
    time: Quantity | None = Field(None, description="The time t that goes with `hamiltonian`.")


#: Every way to give the unitary.
OPERATIONS = ("potential", "exchange", "random", "unitary")


def _kind_of_operation(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnyOperation: TypeAlias = Annotated[
    Annotated[PotentialSpec, Tag("<potential>")]
    | Annotated[ExchangeSpec, Tag("<exchange>")]
    | Annotated[RandomSpec, Tag("<random>")]
    | Annotated[WorkingSpec, Tag("<unitary>")],
    Discriminator(_kind_of_operation),
]


class TwoPointSpec(Table):
    """Look at single trajectories: measure system and environments before and after."""

    method: Literal["enumeration", "sampling"] = Field(
        "enumeration", description="All trajectories, or a random sample where these are too many."
    )
    samples: int = Field(100_000, ge=100, description="Trajectories of a sample.")
    seed: int = Field(0, ge=0, description="Of a sample.")
    histograms: bool = Field(True, description="Whether to keep the histogram of σ.")


class ThermalSpec(ModelSpec):
    """A thermal operation: what a unitary with Gibbs environments makes of entropy, from populations and coherence."""

    kind: Literal["thermal-operation"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    system: SystemSpec = Field(description="Sites and Hamiltonian.")
    environment: list[EnvironmentSpec] = Field(min_length=1, description="At least one.")
    operation: AnyOperation = Field(description="The unitary.")
    initial: InitialSpec = Field(description="The state of the system before.")
    trajectories: TwoPointSpec | None = Field(None, description="Trajectories and fluctuation theorems.")

    @field_validator("operation", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, OPERATIONS, "{ type = 'exchange', time = 1.0 }")
