"""What the file of lattice fermions may say: the graph, the species, what is done to them, and where they start."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.fields import ArrayFile, Bytes, Quantity, Table, checked_type
from loschmidt.studies.model_spec import ModelSpec

__all__ = [
    "PROTOCOLS",
    "BuiltInEraserSpec",
    "ExpansionSpec",
    "GraphSpec",
    "LatticeInitialSpec",
    "LatticeMethodSpec",
    "LatticeSpec",
    "ObserveSpec",
    "RepeatedErasureSpec",
    "SpeciesSpec",
    "StorageSpec",
    "TwoStepEchoSpec",
]


class GraphSpec(Table):
    """Sites and bonds: a chain, a ring, a grid, or any list of edges."""

    type: Literal["chain", "ring", "grid", "edges"] = Field("chain", description="Which graph.")
    sites: int | None = Field(None, ge=1, le=62, description="Number of sites; a grid has a `shape` instead.")
    shape: list[Annotated[int, Field(ge=1)]] | None = Field(None, description="Of a grid.", examples=[[4, 4]])
    periodic: bool = Field(False, description="Whether a grid closes in every direction.")
    edges: list[Annotated[list[int], Field(min_length=2, max_length=2)]] | None = Field(
        None, description="Pairs of sites.", examples=[[[0, 1], [1, 2]]]
    )
    weights: list[Quantity] | Quantity = Field(1.0, description="Of the bonds, in the order of the edges.")


class SpeciesSpec(Table):
    """One species of particles."""

    name: str = Field(min_length=1, description="What reports call it.", examples=["tau"])
    particles: int = Field(ge=0, description="How many.", examples=[4])
    hopping: Quantity = Field(1.0, description="Energy J of a hop; the sign is that of +J.")
    potential: list[Quantity] | None = Field(None, description="Energy at each site; default: zero.")


class _Erasing(Table):
    erase: list[str] = Field([], description="Species whose Fock states get phases; none: nothing is erased.")
    phases: Literal["random", "deterministic", "local"] = Field(
        "random", description="Random on all Fock states, a fixed sequence of the kind, or at one site only."
    )
    seed: int = Field(0, ge=0, description="Of random phases.")
    site: int = Field(0, ge=0, description="Of local phases.")
    angle: Quantity = Field(1.0, description="Of local phases, in radians.")


class TwoStepEchoSpec(_Erasing):
    """One species moves, then the other; information is erased; both steps are undone."""

    type: Literal["two-step-echo"]
    times: Annotated[list[Quantity], Field(min_length=2, max_length=2)] = Field(
        [3.0, 3.0], description="Of the two steps."
    )
    interaction_weight: Quantity = Field(1.0, description="1: the interaction counts in both steps, as in the paper.")


class RepeatedErasureSpec(_Erasing):
    """Forward, erase, backward, undo the erasure; again and again."""

    type: Literal["repeated-erasure"]
    time: Quantity = Field(description="Of one evolution.", examples=[2.0])
    repetitions: int = Field(ge=1, le=100_000, description="How often.")
    dynamics: Literal["full", "stepwise"] = Field("full", description="H, or the two steps of the echo.")
    fresh: bool = Field(False, description="Whether every repetition draws new phases.")
    include_inverse: bool = Field(True, description="Whether the erasure is undone at the end of each repetition.")
    record_every: int = Field(1, ge=1, description="Repetitions between records.")


class BuiltInEraserSpec(Table):
    """An isolated system with its own eraser: a species whose motion is not reversed."""

    type: Literal["built-in-eraser"]
    time: Quantity = Field(description="Of one evolution.", examples=[2.0])
    repetitions: int = Field(1, ge=1, le=100_000, description="How often.")
    eraser: str | None = Field(None, description="The species; default: the last.")
    reverse_eraser: bool = Field(False, description="Reverse it too: then the echo is perfect.")


class ExpansionSpec(Table):
    """Plain evolution under H."""

    type: Literal["expansion"]
    time: Quantity = Field(description="Of all.", examples=[8.0])
    records: int = Field(20, ge=1, le=100_000, description="How often to look.")


#: Every protocol.
PROTOCOLS = ("two-step-echo", "repeated-erasure", "built-in-eraser", "expansion")


def _kind_of_protocol(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnyProtocol: TypeAlias = Annotated[
    Annotated[TwoStepEchoSpec, Tag("<two-step-echo>")]
    | Annotated[RepeatedErasureSpec, Tag("<repeated-erasure>")]
    | Annotated[BuiltInEraserSpec, Tag("<built-in-eraser>")]
    | Annotated[ExpansionSpec, Tag("<expansion>")],
    Discriminator(_kind_of_protocol),
]


class LatticeInitialSpec(Table):
    """Where the particles start: one of `state`, `fock`, `amplitudes`."""

    state: Literal["domain wall", "fermi sea", "random"] | None = Field(
        None, description="All species on the lowest sites; each in its ground state; or a random state."
    )
    from_right: list[str] = Field([], description="Species of a domain wall that start on the highest sites.")
    seed: int = Field(0, ge=0, description="Of a random state.")
    fock: dict[str, list[int]] | None = Field(
        None, description="Occupied sites of each species.", examples=[{"tau": [0, 1], "upsilon": [2, 3]}]
    )
    amplitudes: ArrayFile | None = Field(None, description="A file with one axis for each species.")


class LatticeMethodSpec(Table):
    """How to compute where all species move at once, and in which precision."""

    full: Literal["chebyshev", "trotter"] = Field("chebyshev", description="Method for evolution under H.")
    tolerance: float | None = Field(None, gt=0, lt=1, description="Of the Chebyshev series.", examples=[1e-12])
    scheme: Literal["strang-2", "suzuki-4", "blanes-moan-4", "blanes-moan-6", "kahan-li-6", "kahan-li-8"] = Field(
        "suzuki-4", description="Of the Trotter product; the number is its order."
    )
    steps: int = Field(20, ge=1, description="Trotter steps for each evolution.")
    precision: Literal["double", "single"] = Field("double", description="single: half the memory.")


class ObserveSpec(Table):
    """What to compute beside the cheap; left out, the size decides."""

    species_entanglement: bool | None = Field(None, description="Diagonalises a large matrix.")
    half_chain_entanglement: bool | None = Field(None, description="Diagonalises large matrices.")
    purity: bool | None = Field(None, description="Of each species.")
    correlations: bool | None = Field(
        None, description="Kinetic energies, currents and the energy; left out by default where the state is in blocks."
    )
    every: int = Field(1, ge=1, description="Entanglement at each so many-th record.")
    cut: int | None = Field(None, ge=0, description="Sites on one side of the cut; default: half.")


class StorageSpec(Table):
    """Where the state is: in memory; in blocks on disk; or in blocks with the workers of a Dask cluster.

    In blocks, species move one at a time, and entanglement is left out.
    """

    state: Literal["memory", "disk", "cluster"] = Field("memory", description="Where the state is kept.")
    checkpoint: bool = Field(
        False, description="Write a state in memory to disk after each stage; a run that was killed then goes on there."
    )
    folder: str | None = Field(
        None,
        description="For what is on disk, relative to the model file; default: beside the results until these exist.",
        examples=["/scratch/echo"],
    )
    memory_limit: Bytes | None = Field(
        None, description="For everything; in blocks, for the blocks in memory. Default: what is free, or half of it."
    )
    workers: int | None = Field(None, ge=1, description="Blocks worked on at a time; default: one for each core.")
    scheduler: str | None = Field(
        None, description="Address of a Dask scheduler whose workers work on blocks.", examples=["tcp://10.0.0.1:8786"]
    )


class LatticeSpec(ModelSpec):
    """Fermions of several species on a lattice, isolated and reversible, and what becomes of their entropy."""

    kind: Literal["lattice"] = Field(description="What kind of process it is.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    lattice: GraphSpec = Field(description="Sites and bonds.")
    species: list[SpeciesSpec] = Field(min_length=1, max_length=4, description="The species, in their order.")
    interaction: list[Quantity] | dict[str, list[Quantity] | Quantity] | Quantity = Field(
        0.0,
        description="Energy U of two species at a site: one number, one for each site, or these for each pair.",
        examples=[1.0, {"tau-upsilon": 1.0, "tau-kappa": 0.5}],
    )
    statistics: Literal["fermion", "hardcore"] = Field("fermion", description="Fermions, or hard-core bosons.")
    protocol: AnyProtocol = Field(description="What is done to them.")
    compare_unerased: bool = Field(True, description="Run it again without erasure and show both echoes.")
    initial: LatticeInitialSpec = LatticeInitialSpec.model_construct(state="domain wall")
    method: LatticeMethodSpec = LatticeMethodSpec.model_construct()
    observe: ObserveSpec = ObserveSpec.model_construct()
    storage: StorageSpec = StorageSpec.model_construct()

    @field_validator("protocol", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, PROTOCOLS, "{ type = 'two-step-echo', erase = ['upsilon'] }")
