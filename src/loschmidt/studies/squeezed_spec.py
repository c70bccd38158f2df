"""What a model file may say of a squeezed bath."""

from __future__ import annotations

from pydantic import Field

from loschmidt.studies.fields import OperatorSource, Quantity, Table

__all__ = ["SqueezedSpec"]


class SqueezedSpec(Table):
    """Squeezing mixes absorption with emission, in the frame that rotates with the bath."""

    lowering: OperatorSource = Field(
        description="L, which lowers the energy that heat refers to by `frequency`.", examples=["Sp0"]
    )
    frequency: Quantity = Field(description="Of the quanta of the bath, an energy.", examples=[1.0])
    rate: Quantity = Field(description="At which L acts on an empty bath.", examples=[0.1])
    strength: Quantity = Field(description="Squeezing r, a number.", examples=[0.5])
    phase: Quantity = Field(0.0, description="φ, an angle.", examples=["pi/2"])
