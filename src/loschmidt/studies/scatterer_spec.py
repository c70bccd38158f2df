"""What the file of a scatterer may say: leads and spins, a barrier that radiates, or an ion that shakes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.fields import ArrayFile, Matrix, Quantity, Table, Temperature, checked_type
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.spec import InitialSpec

__all__ = [
    "SCATTERER_TYPES",
    "FrozenIonSpec",
    "LeadsSpec",
    "PhotonSpec",
    "PlanarArraySpec",
    "QuantumIonSpec",
    "ScattererSpec",
    "SpinCloudSpec",
    "SpinPassageSpec",
]

Vector: TypeAlias = Annotated[list[Quantity], Field(min_length=3, max_length=3)]
Splitter: TypeAlias = Literal["symmetric", "balanced", "buttiker"]

_SPLITTER = "symmetric (2/n - δ), balanced (all |s|² = 1/n) or buttiker (three leads)."
_BLOCH = "⟨σ_x⟩, ⟨σ_y⟩, ⟨σ_z⟩ of every spin."


class _Leads(Table):
    leads: int = Field(3, ge=2, le=64, description="Number of leads.")
    splitter: Splitter | None = Field(None, description=_SPLITTER, examples=["buttiker"])
    scattering_matrix: Matrix | ArrayFile | None = Field(None, description="Unitary (n, n) instead of a splitter.")


class LeadsSpec(_Leads):
    """A scatterer whose leads turn spins, each lead in its own way."""

    type: Literal["leads"]
    spin: Vector = Field(description=_BLOCH, examples=[[0, 0, 1]])
    spins: int = Field(1, ge=1, le=200_000, description="Number of identical spins.")
    rotation_vectors: list[Vector] | None = Field(
        None, description="Turn of the spin by each lead, axis times angle; default: 1, iσ_x, iσ_y, iσ_z of the paper."
    )


class SpinCloudSpec(_Leads):
    """A star of leads in a sphere of spins, each turned by the field of the current."""

    type: Literal["spin-cloud"]
    spins: int = Field(ge=1, le=200_000, description="Number of spins.")
    strength: Quantity = Field(description="Turn, in radians, of a spin beside the origin.", examples=[1.0])
    spin: Vector = Field(description=_BLOCH, examples=[[0, 0, 1]])


class PlanarArraySpec(_Leads):
    """Spins that all turn about the same axis."""

    type: Literal["planar-array"]
    up_probabilities: list[Quantity] = Field(min_length=1, description="Population of spin up, one for each spin.")
    angles_out: list[list[Quantity]] = Field(description="Turn of each spin by each outgoing lead, (n, N) radians.")
    angles_in: list[list[Quantity]] | None = Field(None, description="The same for incoming leads; default: zero.")


class _Barrier(Table):
    transmission: Quantity = Field(description="Probability to pass.", examples=[0.5])
    phase: Quantity = Field(0.0, description="Phase of the reflection, in radians.")


class PhotonSpec(_Barrier):
    """A barrier at which a charge that turns back radiates."""

    type: Literal["photon"]
    emitted_photons: Quantity = Field(description="Mean number that one reflection radiates.", examples=[0.5])
    thermal_photons: Quantity = Field(0.0, description="Occupation of the modes before.")


class SpinPassageSpec(_Barrier):
    """A barrier beside a spin that turns when the particle passes."""

    type: Literal["spin-passage"]
    rotation_vector: Vector = Field(description="Axis times angle of the turn.", examples=[[1.0, 0, 0]])
    spin: Vector = Field(description=_BLOCH, examples=[[0, 0, 1]])


class FrozenIonSpec(_Leads):
    """An ion at a random place that does not move during the collision."""

    type: Literal["frozen-ion"]
    wave_numbers: list[Quantity] = Field(min_length=2, description="Of the channels, one each.", examples=[[1, -1]])
    variance: Quantity = Field(description="Mean square displacement of the ion.", examples=[0.2])


class QuantumIonSpec(Table):
    """An ion that recoils, on a ring of sites."""

    type: Literal["quantum-ion"]
    sites: int = Field(ge=2, le=64, description="Sites of the ring.")
    hopping: Quantity = Field(description="Energy of the electron's hopping.", examples=[1.0])
    coupling: Quantity = Field(description="Energy of the interaction.", examples=[4.0])
    duration: Quantity = Field(description="Time of the collision.", examples=[1.0])
    frequency: Quantity = Field(description="Of the phonon.", examples=[0.1])
    temperature: Temperature = Field(description="Of the phonon.", examples=[0.5])
    variance: Quantity = Field(description="Mean square displacement of the ion.", examples=[0.2])


#: Every kind of scatterer.
SCATTERER_TYPES = ("leads", "spin-cloud", "planar-array", "photon", "spin-passage", "frozen-ion", "quantum-ion")


def _kind_of_scatterer(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnyScatterer: TypeAlias = Annotated[
    Annotated[LeadsSpec, Tag("<leads>")]
    | Annotated[SpinCloudSpec, Tag("<spin-cloud>")]
    | Annotated[PlanarArraySpec, Tag("<planar-array>")]
    | Annotated[PhotonSpec, Tag("<photon>")]
    | Annotated[SpinPassageSpec, Tag("<spin-passage>")]
    | Annotated[FrozenIonSpec, Tag("<frozen-ion>")]
    | Annotated[QuantumIonSpec, Tag("<quantum-ion>")],
    Discriminator(_kind_of_scatterer),
]


class ScattererSpec(ModelSpec):
    """A particle that scatters and leaves a trace in a reservoir; states of the particle are its leads |0>, |1>, ..."""

    kind: Literal["scatterer"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    scatterer: AnyScatterer = Field(description="What the particle meets.")
    initial: InitialSpec = Field(
        InitialSpec.model_construct(state="maximally mixed"),
        description="State of the particle; `minimal gain` loses most entropy. Default: maximally mixed.",
    )

    @field_validator("scatterer", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, SCATTERER_TYPES, "{ type = 'leads', splitter = 'buttiker', spin = [0, 0, 1] }")
