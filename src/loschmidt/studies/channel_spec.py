"""What the file of a channel may say: Kraus operators, a matrix, a unitary with a reservoir, or a standard channel."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.fields import OperatorSource, OperatorSources, Quantity, Table, Temperature, checked_type
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import InitialSpec, SitesSpec

__all__ = [
    "CHANNEL_TYPES",
    "AmplitudeDampingSpec",
    "ChannelSpec",
    "ChannelSystemSpec",
    "ChoiSpec",
    "DephasingSpec",
    "DepolarisingSpec",
    "ErasureSpec",
    "KrausSpec",
    "MatrixSpec",
    "PauliSpec",
    "ReservoirSpec",
    "ResetSpec",
    "SuperoperatorSpec",
    "UnitarySpec",
]


class ChannelSystemSpec(SitesSpec):
    """The sites that go in, needed where operators are expressions, and their Hamiltonian, if energy matters."""

    hamiltonian: OperatorSource | None = Field(None, description="For energy blocks and energy exchange.")


class ReservoirSpec(SitesSpec):
    """The reservoir of a unitary: its sites, and the state it starts in."""

    hamiltonian: OperatorSource | None = Field(None, description="For a Gibbs state, and for energy exchange.")
    state: OperatorSource | None = Field(None, description="A ket or density operator, or `maximally mixed`.")
    temperature: Temperature | None = Field(None, description="Gibbs state of the reservoir's Hamiltonian.")
    beta: Temperature | None = Field(None, description="Gibbs state, by inverse temperature.")


class MatrixSpec(Table):
    """A channel given by matrices."""


class KrausSpec(MatrixSpec):
    """Σ K ρ K†."""

    type: Literal["kraus"]
    operators: OperatorSources = Field(
        description="Kraus operators: expressions, matrices, or a file with an array (k, m, n).",
        examples=[["|0><0| + sqrt(1-g)*|1><1|", "sqrt(g)*|0><1|"]],
    )


class ChoiSpec(MatrixSpec):
    """The Choi matrix Σ |i><j| ⊗ Φ(|i><j|)."""

    type: Literal["choi"]
    matrix: OperatorSource = Field(description="A file or a matrix (n m, n m).", examples=[{"file": "choi.npy"}])
    dimension_in: int | None = Field(None, ge=1, description="n, where it differs from m.")


class SuperoperatorSpec(MatrixSpec):
    """The superoperator on column-stacked states."""

    type: Literal["superoperator"]
    matrix: OperatorSource = Field(description="A file or a matrix (m², n²).", examples=[{"file": "channel.npy"}])


class UnitarySpec(Table):
    """A unitary on system and reservoir, itself or as e^{-iHt}; see the table [reservoir]."""

    type: Literal["unitary"]
    unitary: OperatorSource | None = Field(
        None, description="On the sites of the system and then of the reservoir.", examples=[{"file": "unitary.npz"}]
    )
    hamiltonian: OperatorSource | None = Field(None, description="Instead: e^{-iHt} of this Hamiltonian.")
    time: Quantity | None = Field(None, description="The time t that goes with `hamiltonian`.")


class AmplitudeDampingSpec(Table):
    """A qubit decays from level 1 to level 0."""

    type: Literal["amplitude-damping"]
    probability: Quantity = Field(description="Of a decay.", examples=[0.5])
    excited_population: Quantity = Field(0.0, description="Of the state it decays to, above zero in a warm bath.")


class DepolarisingSpec(Table):
    """The state is replaced by the maximally mixed one."""

    type: Literal["depolarising"]
    probability: Quantity = Field(description="Of a replacement.", examples=[0.1])


class DephasingSpec(Table):
    """Coherences between levels shrink."""

    type: Literal["dephasing"]
    probability: Quantity = Field(description="By how much each coherence shrinks.", examples=[0.1])


class PauliSpec(Table):
    """1, X, Y or Z happens to a qubit at random."""

    type: Literal["pauli"]
    probabilities: list[Quantity] = Field(min_length=4, max_length=4, description="Of 1, X, Y and Z.")


class ErasureSpec(Table):
    """The state is lost with a flag, an extra level."""

    type: Literal["erasure"]
    probability: Quantity = Field(description="Of a loss.", examples=[0.1])


class ResetSpec(Table):
    """Whatever comes in, this state comes out."""

    type: Literal["reset"]
    state: OperatorSource = Field(description="A ket or density operator.", examples=["|0>"])


#: Every way to give a channel.
CHANNEL_TYPES = (
    "kraus",
    "choi",
    "superoperator",
    "unitary",
    "amplitude-damping",
    "depolarising",
    "dephasing",
    "pauli",
    "erasure",
    "reset",
)


def _kind_of_channel(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnyChannel: TypeAlias = Annotated[
    Annotated[KrausSpec, Tag("<kraus>")]
    | Annotated[ChoiSpec, Tag("<choi>")]
    | Annotated[SuperoperatorSpec, Tag("<superoperator>")]
    | Annotated[UnitarySpec, Tag("<unitary>")]
    | Annotated[AmplitudeDampingSpec, Tag("<amplitude-damping>")]
    | Annotated[DepolarisingSpec, Tag("<depolarising>")]
    | Annotated[DephasingSpec, Tag("<dephasing>")]
    | Annotated[PauliSpec, Tag("<pauli>")]
    | Annotated[ErasureSpec, Tag("<erasure>")]
    | Annotated[ResetSpec, Tag("<reset>")],
    Discriminator(_kind_of_channel),
]


class ChannelSpec(ModelSpec):
    """A channel: what goes in, what happens to it, and with which reservoir, if that is known."""

    kind: Literal["channel"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    system: ChannelSystemSpec = ChannelSystemSpec.model_construct()
    channel: AnyChannel = Field(description="What happens to it.")
    reservoir: ReservoirSpec | None = Field(None, description="Of a unitary.")
    initial: InitialSpec = Field(
        InitialSpec.model_construct(state="maximally mixed"),
        description="What goes in; `minimal gain` is the state that loses most entropy. Default: maximally mixed.",
    )

    @field_validator("channel", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, CHANNEL_TYPES, "{ type = 'amplitude-damping', probability = 0.5 }")
