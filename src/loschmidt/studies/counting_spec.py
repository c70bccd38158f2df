"""What the file of a master equation may ask to be counted in its steady state."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag

from loschmidt.studies.fields import Table

__all__ = ["CountedSumSpec", "CountingSpec", "GeneratingSpec"]


class CountedSumSpec(Table):
    """A weighted sum of counted variables."""

    name: str = Field(min_length=1, description="What reports call it.", examples=["through"])
    terms: dict[str, float] = Field(
        min_length=1,
        description="Factors by variable; all variables of a sum have one unit.",
        examples=[{"heat from hot": 0.5, "heat from cold": -0.5}],
    )


def _kind_of_variable(value: Any) -> str | None:
    return "<name>" if isinstance(value, str) else "<sum>" if isinstance(value, (dict, CountedSumSpec)) else None


_Variable: TypeAlias = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[CountedSumSpec, Tag("<sum>")],
    Discriminator(
        _kind_of_variable,
        custom_error_type="variable",
        custom_error_message="must be a text such as `heat from hot`, or a table with the keys name and terms.",
    ),
]


class GeneratingSpec(Table):
    """The scaled cumulant generating function θ(s) over a grid."""

    variables: list[str] = Field(
        default=[],
        description="Of which variables, by name, beside the entropy; default: all of `counting.variables`.",
        examples=[["heat from hot"]],
    )
    points: int = Field(21, ge=2, le=100_001, description="Points of the grid.")
    range: tuple[float, float] = Field(
        (-1.5, 0.5),
        description="First and last s, in units of the affinity |A|, or of one over the largest weight.",
        strict=False,
    )


class CountingSpec(Table):
    """Full counting statistics of the steady state: cumulants, noise, uncertainty ratios, fluctuation symmetry."""

    variables: list[_Variable] = Field(
        default=[],
        description="What is counted: heat, energy, quanta, particles, jumps, activity or entropy, perhaps followed by "
        "`from` and a bath; or a sum. Default: the heat from each bath.",
        examples=[["heat from hot", "quanta from cold", "activity"]],
    )
    order: int = Field(4, ge=2, le=20, description="Highest order of the cumulants.")
    symmetry: bool = Field(True, description="Whether the fluctuation symmetry of the entropy is tested.")
    generating_function: GeneratingSpec | None = Field(None, description="Compute generating functions too.")
