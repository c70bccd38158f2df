"""What the file of several interacting parts may say: the parts, what couples them, and how they start."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from loschmidt.studies.fields import OperatorSource, Quantity, Table, Temperature
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import BathSpec, DriveSpec, EquationSpec, MethodSpec, SitesSpec, TimesSpec, UnitsSpec

__all__ = [
    "BipartiteSpec",
    "InteractionSpec",
    "JointInitialSpec",
    "KeepSpec",
    "PartDriveSpec",
    "PartSpec",
    "ReversalSpec",
]


class PartSpec(SitesSpec):
    """One part: its sites (one of `qubits`, `levels`, `modes`, `sites`), its Hamiltonian, and how it starts."""

    name: str = Field(min_length=1, description="What reports call it.", examples=["cold"])
    hamiltonian: OperatorSource = Field(description="Of the part alone, on its own sites.", examples=["w*|1><1|"])
    temperature: Temperature | None = Field(None, description="It starts in this Gibbs state.", examples=[0.5])
    beta: Temperature | None = Field(None, description="Inverse temperature, instead.", examples=[2.0])
    state: OperatorSource | None = Field(
        None, description="It starts here; a temperature beside it is what it is compared with.", examples=["|1>"]
    )


class InteractionSpec(Table):
    """What couples the parts."""

    hamiltonian: OperatorSource = Field(description="On the sites of all parts.", examples=["g*X_a*X_b"])


class PartDriveSpec(DriveSpec):
    """One driven term, of the interaction or of one part."""

    part: str | None = Field(
        None, description="Name of the part whose Hamiltonian moves, on whose sites the operator is; default: none."
    )


class JointInitialSpec(Table):
    """How the whole starts, where it is not the product of its parts."""

    state: OperatorSource | None = Field(
        None, description="A joint state, `maximally mixed`, or `steady` where there are baths.", examples=["|0,1>"]
    )
    correlations: OperatorSource | None = Field(
        None,
        description="Added to the product of the parts, whose own states it must leave as they are.",
        examples=["c*|0,1><1,0| + h.c."],
    )


class ReversalSpec(Table):
    """Undo the motion of a closed whole, once as it is and once with the correlations of its parts erased."""

    time: Quantity | None = Field(None, description="When to turn round, one of the times; default: the last.")


class KeepSpec(Table):
    """What to keep besides the usual accounts."""

    states: bool = Field(True, description="Keep the density matrices.")


class BipartiteSpec(ModelSpec):
    """Two or more parts and what couples them: who got which heat and entropy, and what is in their correlations."""

    kind: Literal["bipartite"] = Field(description="What kind of process it is.")
    units: UnitsSpec | None = Field(None, description="Laboratory units.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    part: list[PartSpec] = Field(min_length=2, description="At least two, in the order of the tensor product.")
    interaction: InteractionSpec | None = Field(None, description="What couples the parts; default: nothing.")
    drive: list[PartDriveSpec] = Field([], description="Driven terms of the interaction or of a part.")
    equation: EquationSpec = EquationSpec.model_construct()
    bath: list[BathSpec] = Field([], description="None for a closed whole.")
    initial: JointInitialSpec = JointInitialSpec.model_construct()
    times: TimesSpec
    method: MethodSpec = MethodSpec.model_construct()
    reversal: ReversalSpec | None = Field(None, description="Whether to undo the motion.")
    record: KeepSpec = KeepSpec.model_construct()
