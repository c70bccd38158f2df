"""What the file of a collision process may say: a walk on two-level systems, a lap past them, or any chain."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.channel_spec import ChannelSystemSpec, ReservoirSpec
from loschmidt.studies.fields import OperatorSource, Quantity, Table, checked_type
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import InitialSpec

__all__ = ["COLLISION_TYPES", "ChainSpec", "CollisionSpec", "LapSpec", "WalkSpec"]

_RESET = "Probability that an ancilla is replaced by a fresh one after a step: 0 keeps all memory, 1 none."


class WalkSpec(Table):
    """An electron that walks on a ring of sites, each with a two-level system that is a mirror when it is up."""

    type: Literal["walk"]
    sites: int = Field(ge=2, le=2000, description="Sites of the ring.", examples=[4])
    up_probability: Quantity = Field(0.5, description="That a fresh two-level system is up.")
    reset: Quantity = Field(description=_RESET, examples=[0.0])
    coin_up: OperatorSource | None = Field(None, description="Coin (2, 2) at a system that is up; default: X0.")
    coin_down: OperatorSource | None = Field(None, description="Coin (2, 2) at one that is down; default: I0.")


class LapSpec(Table):
    """A pseudospin that circulates past two-level systems, each of which flips it when it is up."""

    type: Literal["lap"]
    systems: int = Field(ge=1, le=100_000, description="Number of two-level systems.", examples=[4])
    up_probability: Quantity = Field(description="That a fresh system is up.", examples=[0.2])
    reset: Quantity = Field(description=_RESET, examples=[0.1])


class ChainSpec(Table):
    """A system that collides with ancillas one after another; see the tables [system] and [ancilla]."""

    type: Literal["chain"]
    unitary: OperatorSource | None = Field(None, description="On the sites of the system and then of one ancilla.")
    hamiltonian: OperatorSource | None = Field(None, description="Instead: e^{-iHt} of this Hamiltonian.")
    time: Quantity | None = Field(None, description="The time t that goes with `hamiltonian`.")
    ancillas: int = Field(1, ge=1, le=20, description="Different ancillas that are met in turn.")
    reset: Quantity = Field(1.0, description=_RESET)


#: Every kind of collision process.
COLLISION_TYPES = ("walk", "lap", "chain")


def _kind_of_collisions(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnyCollisions: TypeAlias = Annotated[
    Annotated[WalkSpec, Tag("<walk>")] | Annotated[LapSpec, Tag("<lap>")] | Annotated[ChainSpec, Tag("<chain>")],
    Discriminator(_kind_of_collisions),
]


class CollisionSpec(ModelSpec):
    """Collisions with ancillas that may remember; a walker's states are |0>, |1>, ... in the order site, direction."""

    kind: Literal["collisions"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    system: ChannelSystemSpec = ChannelSystemSpec.model_construct()
    ancilla: ReservoirSpec | None = Field(None, description="Of a chain: sites and state of an ancilla.")
    collisions: AnyCollisions = Field(description="What the system meets.")
    steps: int = Field(ge=1, le=100_000, description="Number of steps.", examples=[40])
    initial: InitialSpec = Field(
        InitialSpec.model_construct(state="|0>"), description="State of the system; default: the first of its basis."
    )

    @field_validator("collisions", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, COLLISION_TYPES, "{ type = 'walk', sites = 4, reset = 0 }")
