"""What the file of a master equation may say: one table type per section, each key with description and example."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from loschmidt.studies.counting_spec import CountingSpec
from loschmidt.studies.fields import (
    ArrayFile,
    Matrix,
    OperatorSource,
    OperatorSources,
    Quantity,
    Table,
    Temperature,
    checked_type,
)
from loschmidt.studies.jump_spec import JumpTrajectoriesSpec
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.studies.squeezed_spec import SqueezedSpec

__all__ = [
    "AnySpectrum",
    "ArrayFile",
    "BathSpec",
    "DebyeSpec",
    "DriveSpec",
    "DriveTable",
    "DrudeSpec",
    "EquationSpec",
    "FermionicSpec",
    "FlatSpec",
    "GlauberSpec",
    "InitialSpec",
    "JumpSpec",
    "MethodSpec",
    "OhmicSpec",
    "OpenSystemSpec",
    "RecordSpec",
    "SiteSpec",
    "SitesSpec",
    "SpectrumSpec",
    "SystemSpec",
    "TabulatedSpec",
    "TimesSpec",
    "UnitsSpec",
    "WindowSpec",
]


class UnitsSpec(Table):
    """Laboratory units; without this table every quantity is a plain number, with ħ = k_B = 1."""

    time: str | None = Field(None, description="Unit of time inside and in reports.", examples=["us"])
    energy: str | None = Field(None, description="Unit of energies in reports.", examples=["GHz"])
    temperature: str | None = Field(None, description="Unit of temperatures in reports.", examples=["mK"])
    power: str | None = Field(None, description="Unit of powers in reports.", examples=["aW"])
    entropy: Literal["nats", "bits"] = Field("nats", description="Unit of entropies in reports.")


class SiteSpec(Table):
    """One factor of the Hilbert space: a qubit, a set of named levels, or a truncated mode."""

    name: str = Field(description="A word; operators refer to it as Z_name or Z[name].", examples=["transmon"])
    levels: list[str] | None = Field(None, min_length=1, description="Names of the levels.", examples=[["g", "e", "f"]])
    mode: int | None = Field(None, ge=1, description="Makes it a mode cut off at this many levels.", examples=[8])


def _kind_of_site(value: Any) -> str | None:
    return "<name>" if isinstance(value, str) else "<site>" if isinstance(value, (dict, SiteSpec)) else None


_Site: TypeAlias = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[SiteSpec, Tag("<site>")],
    Discriminator(
        _kind_of_site,
        custom_error_type="site",
        custom_error_message="must be the name of a qubit, or a table such as { name = 'cavity', mode = 8 }.",
    ),
]


class SitesSpec(Table):
    """The sites of a Hilbert space, by one of `qubits`, `levels`, `modes`, `sites`."""

    qubits: int | None = Field(None, ge=1, le=64, description="That many qubits, called q0, q1, ...", examples=[2])
    levels: list[str] | None = Field(
        None,
        min_length=1,
        max_length=4096,
        description="One site with these levels; two levels make a qubit.",
        examples=[["g", "m", "e"]],
    )
    modes: list[Annotated[int, Field(ge=1)]] | None = Field(
        None, min_length=1, max_length=64, description="Modes m0, m1, ..., cut off at so many levels.", examples=[[8]]
    )
    sites: list[_Site] | None = Field(
        None,
        min_length=1,
        max_length=64,
        description="Names of qubits, or tables.",
        examples=[["left", {"name": "cavity", "mode": 8}]],
    )


class SystemSpec(SitesSpec):
    """The system: its sites (one of `qubits`, `levels`, `modes`, `sites`) and its Hamiltonian."""

    hamiltonian: OperatorSource = Field(
        description="The constant part of the Hamiltonian.", examples=["0.5*w*Z0 + g*(X0*X1 + Y0*Y1)"]
    )
    number: OperatorSource | None = Field(
        None, description="Particle number, needed by fermionic baths.", examples=["|1><1|"]
    )


class DriveTable(Table):
    """A drive known at sample times, joined by a cubic spline."""

    times: list[Quantity] = Field(min_length=2, description="Ascending times.", examples=[[0, 1, 2]])
    values: list[Quantity] = Field(min_length=2, description="The coefficient at these times.", examples=[[0, 0.5, 0]])


def _kind_of_coefficient(value: Any) -> str:
    return "<table>" if isinstance(value, (dict, DriveTable)) else "<expression>"


class DriveSpec(Table):
    """One driven term of the Hamiltonian, coefficient(t) times a Hermitian operator."""

    operator: OperatorSource = Field(description="Hermitian operator.", examples=["X0"])
    coefficient: Annotated[
        Annotated[Quantity, Tag("<expression>")] | Annotated[DriveTable, Tag("<table>")],
        Discriminator(_kind_of_coefficient),
    ] = Field(description="A function of the time t, or a table.", examples=["A*cos(w*t)"])


class EquationSpec(Table):
    """Which master equation the baths enter, and which energy heat refers to."""

    type: Literal["davies", "partial-secular", "local", "redfield", "gkls"] | None = Field(
        None, description="Default: davies, or gkls where every bath is given by jump operators."
    )
    cluster_width: Quantity | None = Field(
        None, description="partial-secular: Bohr frequencies closer than this share a jump operator.", examples=[0.01]
    )
    free_hamiltonian: OperatorSource | None = Field(
        None,
        description="local, and baths beside a drive they do not follow: the Hamiltonian that the baths see.",
        examples=["0.5*wl*Z0 + 0.5*wr*Z1"],
    )
    energy: OperatorSource | None = Field(
        None,
        description="What heat refers to: full, free, or an operator. A local equation needs it.",
        examples=["free"],
    )
    follow: bool | None = Field(None, description="Whether the baths follow the drive; default: if they can.")


class _Spectrum(Table):
    coupling: Quantity = Field(description="Strength.", examples=[0.01])


class OhmicSpec(_Spectrum):
    """J(ω) = κ ω exp(-ω/cutoff), κ dimensionless."""

    type: Literal["ohmic"]
    cutoff: Quantity | None = Field(None, description="Energy; default: none.", examples=[10.0])


class DrudeSpec(_Spectrum):
    """J(ω) = κ ω cutoff² / (ω² + cutoff²), κ dimensionless."""

    type: Literal["drude"]
    cutoff: Quantity = Field(description="Energy.", examples=[10.0])


class FlatSpec(_Spectrum):
    """J(ω) = κ, a rate."""

    type: Literal["flat"]
    zero_frequency_rate: Quantity | None = Field(None, description="γ(0), a rate.")


class GlauberSpec(_Spectrum):
    """γ(ω) = κ / (1 + exp(-βω)), κ a rate; any temperature."""

    type: Literal["glauber"]


class FermionicSpec(_Spectrum):
    """Tunnelling rate κ of fermions; the coupling operators annihilate a fermion."""

    type: Literal["fermionic"]


class DebyeSpec(_Spectrum):
    """J(ω) = 3 κ ω²/debye_energy³ up to the Debye energy, nothing above; κ a rate."""

    type: Literal["debye"]
    debye_energy: Quantity = Field(description="Energy.", examples=[6.0])


class TabulatedSpec(Table):
    """J(ω) at given frequencies, interpolated between them."""

    type: Literal["tabulated"]
    frequencies: list[Quantity] = Field(min_length=2, description="Positive and ascending energies.")
    densities: list[Quantity] = Field(min_length=2, description="J at these frequencies, rates.")
    zero_frequency_rate: Quantity | None = Field(None, description="γ(0), a rate.")


_SPECTRA = ("ohmic", "drude", "flat", "glauber", "fermionic", "debye", "tabulated")


def _kind_of_spectrum(value: Any) -> str:
    return f"<{value['type'] if isinstance(value, dict) else value.type}>"


AnySpectrum: TypeAlias = OhmicSpec | DrudeSpec | FlatSpec | GlauberSpec | FermionicSpec | DebyeSpec | TabulatedSpec

SpectrumSpec: TypeAlias = Annotated[
    Annotated[OhmicSpec, Tag("<ohmic>")]
    | Annotated[DrudeSpec, Tag("<drude>")]
    | Annotated[FlatSpec, Tag("<flat>")]
    | Annotated[GlauberSpec, Tag("<glauber>")]
    | Annotated[FermionicSpec, Tag("<fermionic>")]
    | Annotated[DebyeSpec, Tag("<debye>")]
    | Annotated[TabulatedSpec, Tag("<tabulated>")],
    Discriminator(_kind_of_spectrum),
]


class JumpSpec(Table):
    """One jump operator with its rate."""

    operator: OperatorSource = Field(description="Any operator.", examples=["Sm0"])
    rate: Quantity = Field(description="Events per time; negative only by `allow_negative_rates`.", examples=[0.1])


class BathSpec(Table):
    """A bath: its temperature, and either a spectrum with couplings or jump operators with rates."""

    name: str = Field(min_length=1, description="What reports call it.", examples=["cold"])
    temperature: Temperature | None = Field(None, description="0 and inf are allowed.", examples=[0.5, "20 mK"])
    beta: Temperature | None = Field(None, description="Inverse temperature, instead of a temperature.", examples=[2.0])
    spectrum: SpectrumSpec | None = Field(None, description="How strongly it acts at each frequency.")
    couplings: OperatorSources | None = Field(
        None, description="One Hermitian operator or a list; `all` couples all levels alike.", examples=["X0"]
    )
    correlations: Matrix | None = Field(None, description="Correlations of several couplings; default: independent.")
    chemical_potential: Quantity | None = Field(None, description="Of a fermionic bath.", examples=[0.0])
    lamb_shift: bool = Field(False, description="Whether the bath shifts the energies too.")
    jumps: list[JumpSpec] | None = Field(None, min_length=1, description="Jump operators instead of a spectrum.")
    squeezed: SqueezedSpec | None = Field(None, description="A squeezed bath instead of a spectrum.")
    allow_negative_rates: bool = Field(
        False, description="Accept negative rates of jumps, as those of a time-local equation; no jump then happens."
    )

    @field_validator("spectrum", mode="before")
    @classmethod
    def _check_type(cls, value: Any) -> Any:
        return checked_type(value, _SPECTRA, "{ type = 'ohmic', coupling = 0.01 }")


class InitialSpec(Table):
    """The state at the first time: one of `state`, `temperature`, `beta`."""

    state: OperatorSource | None = Field(
        None,
        description="A ket or density operator, `maximally mixed`, or `steady` for the unique steady state.",
        examples=["(|0> + |1>)/sqrt(2)", "maximally mixed"],
    )
    temperature: Temperature | None = Field(None, description="Gibbs state of what heat refers to.", examples=[1.0])
    beta: Temperature | None = Field(None, description="Gibbs state, by inverse temperature.", examples=[1.0])


class TimesSpec(Table):
    """When to look: `stop` with `start`, `points` and `scale`, or a list of `values`."""

    start: Quantity = Field(0.0, description="First time, that of the initial state.", examples=[0])
    stop: Quantity | None = Field(None, description="Last time.", examples=[100, "2 us"])
    points: int = Field(201, ge=2, le=10_000_000, description="How many.")
    scale: Literal["linear", "log"] = Field("linear", description="log: equal ratios; start must be positive.")
    values: list[Quantity] | None = Field(
        None, min_length=2, description="The times themselves, instead.", examples=[[0, 1, 10]]
    )


class MethodSpec(Table):
    """How to compute; by default the method that fits the model."""

    name: str | None = Field(None, description="Such as secular, exponential, runge-kutta, krylov.")
    rtol: float | None = Field(None, gt=0, lt=1, description="Relative tolerance.", examples=[1e-10])
    atol: float | None = Field(None, gt=0, description="Absolute tolerance.", examples=[1e-13])


class WindowSpec(Table):
    """Look for times at which coherences are gone and populations are still there."""

    coherence_tolerance: float = Field(1e-3, gt=0, lt=1, description="What coherences have to fall below.")
    population_tolerance: float = Field(1e-2, gt=0, lt=1, description="What populations may have changed by.")


class RecordSpec(Table):
    """What to keep besides the usual accounts."""

    resolve: list[Literal["frequency", "transition"]] = Field(
        default=[], description="Split rates by Bohr frequency or by transition too."
    )
    states: bool = Field(True, description="Keep the density matrices.")


class OpenSystemSpec(ModelSpec):
    """A master equation: one system, its baths, its initial state, and when to look.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model
    >>> builtin_model("qubit-relaxation").bath[0].name
    'cold'
    """

    kind: Literal["open-system"] = Field("open-system", description="What kind of process it is.")
    units: UnitsSpec | None = Field(None, description="Laboratory units.")
    parameters: dict[str, Quantity] = Field({}, description="Names for numbers; they may refer to one another.")
    system: SystemSpec
    drive: list[DriveSpec] = Field([], description="Driven terms of the Hamiltonian.")
    equation: EquationSpec = EquationSpec.model_construct()
    bath: list[BathSpec] = Field(min_length=1, description="At least one bath.")
    initial: InitialSpec
    times: TimesSpec
    method: MethodSpec = MethodSpec.model_construct()
    window: WindowSpec | None = Field(None, description="Ask whether the system is quasi-isolated for a while.")
    record: RecordSpec = RecordSpec.model_construct()
    counting: CountingSpec | None = Field(None, description="Count the jumps of the steady state.")
    trajectories: JumpTrajectoriesSpec | None = Field(None, description="Follow quantum-jump trajectories.")
