"""The ledger as a report shows it: accounts in the units of the model, with their errors, and the rows of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.report.counted_units import counted_factor, noise_label
from loschmidt.report.numbers import format_number
from loschmidt.typing import RealVector

if TYPE_CHECKING:
    from loschmidt.studies.run import Run
    from loschmidt.units import Kind, UnitSystem

__all__ = [
    "Reported",
    "Row",
    "bath_names",
    "in_units",
    "ledger_rows",
    "reported",
    "stages_of",
    "times_of",
    "unit_label",
]

#: Label in tables, whether the value at one time means something (else only the change), and the axes it is told by.
_ROWS: dict[str, tuple[str, bool]] = {
    "entropy": ("entropy", True),
    "diagonal_entropy": ("entropy of the populations", True),
    "coherence": ("coherence", True),
    "reservoir_entropy": ("entropy of the reservoir", True),
    "gas_entropy": ("entropy of the gas", True),
    "reservoir_entropy_change": ("entropy gained by the reservoir", False),
    "bar_entropy_change": ("entropy gained by", False),
    "external_entropy": ("… that came with heat into", False),
    "interior_production": ("… produced inside", False),
    "interface_production": ("entropy produced at the contact", False),
    "joint_entropy": ("entropy of both together", True),
    "part_entropy": ("entropy of", True),
    "correlation_entropy": ("entropy in correlations", True),
    "mutual_information": ("correlation", True),
    "entropy_backflow": ("entropy given back", False),
    "fock_entropy": ("Fock entropy", True),
    "unerased_fock_entropy": ("Fock entropy, nothing erased", True),
    "species_fock_entropy": ("Fock entropy of", True),
    "species_entanglement": ("entanglement of", True),
    "half_chain_entanglement": ("entanglement of the halves", True),
    "echo_fidelity": ("echo", True),
    "unerased_echo_fidelity": ("echo, nothing erased", True),
    "energy": ("energy", True),
    "reservoir_energy": ("energy of the reservoir", True),
    "bar_energy": ("energy of", True),
    "identity_image_bound": ("bound by Φ(1)", False),
    "recovery_bound": ("recovery bound", False),
    "reservoir_bound": ("reservoir bound", False),
    "landauer_bound": ("Landauer bound", False),
    "finite_size_landauer_bound": ("… of a finite reservoir", False),
    "minimal_entropy_gain": ("least gain over inputs", False),
    "free_energy": ("free energy for", True),
    "gibbs_relative_entropy": ("distance from Gibbs state of", True),
    "part_heat": ("heat into", False),
    "part_work": ("work on", False),
    "coupling_energy": ("interaction energy", True),
    "exchanged_entropy": ("heat over temperature", False),
    "heat": ("heat from", False),
    "work": ("work", False),
    "switching_work": ("switching work", False),
    "chemical_work": ("chemical work", False),
    "particles": ("particles from", False),
    "entropy_flow": ("entropy flow to baths", False),
    "entropy_production": ("entropy production", False),
    "population_entropy_production": ("… of populations", False),
    "coherence_entropy_production": ("… of coherence", False),
    "adiabatic_entropy_production": ("… adiabatic", False),
    "nonadiabatic_entropy_production": ("… non-adiabatic", False),
    "entropy_production_by_bath": ("… by", False),
    "generated_coherence": ("coherence generated", False),
    "coherent_heat_rate": ("coherent heat current from", True),
    "cross_entropy_production_rate": ("cross production by", True),
}
#: What a number of the ledger is the sum of.
_SPLITS: dict[str, tuple[tuple[str, str], ...]] = {
    "entropy_production": (
        ("populations", "population_entropy_production"),
        ("coherence", "coherence_entropy_production"),
        ("adiabatic", "adiabatic_entropy_production"),
        ("non-adiabatic", "nonadiabatic_entropy_production"),
    )
}


@dataclass(frozen=True, eq=False)
class Reported:
    """An account in the units that a report prints.

    Attributes
    ----------
    name, symbol, unit, definition, source : str
        As in the ledger, with `unit` as printed; empty where the model has no units.
    values, error : (T,) or (T, n) or (n,)
        Numbers and absolute errors in that unit; a single number is (1,).
    members : tuple of str
        Names along the last axis, such as baths; empty if there is none.
    places : tuple of int
        Steps at which it is known, where these are not all.
    """

    name: str
    symbol: str
    unit: str
    definition: str
    source: str
    values: RealVector
    error: RealVector
    members: tuple[str, ...]
    places: tuple[int, ...] = ()

    @property
    def negligible(self) -> bool:
        """Whether every number is zero within its error."""
        return bool((np.abs(self.values) <= self.error).all())


@dataclass(frozen=True)
class Row:
    """One line of the table of the ledger.

    Attributes
    ----------
    account, symbol, unit, definition, source : str
        As in :class:`Reported`.
    label : str
        The name for people, with the bath.
    member : str or None
        The bath.
    start, end, total : float or None
        First and last value and their difference; only `total` for what is counted from the first time on.
    error : float
        Largest absolute error of these.
    splits : tuple of ((str, float, float), (str, float, float))
        Pairs of parts that add up to `total`: name, number, error.
    negligible : bool
        Whether the account is zero within its error at every time.
    is_plain : bool
        Whether it is a number without a unit whatever the units of the model.
    """

    account: str
    symbol: str
    unit: str
    definition: str
    source: str
    label: str
    member: str | None
    start: float | None
    end: float | None
    total: float | None
    error: float
    splits: tuple[tuple[tuple[str, float, float], ...], ...]
    negligible: bool
    is_plain: bool

    @property
    def explanation(self) -> list[str]:
        """The splits in words, such as "populations 0.8143 + coherence 0.5113"."""
        return [
            " + ".join(f"{name} {format_number(part, error=error)}" for name, part, error in split)
            for split in self.splits
        ]


def reported(run: Run, name: str) -> Reported | None:
    """Return an account in the units of the model; None where it does not apply."""
    if name not in run.ledger:
        return None
    data, error = run.ledger[name], run.ledger.error(name)
    attributes = data.attrs
    kind = str(attributes.get("unit", "1"))
    lead = [axis for axis in (run.ledger.axis, "entangled_step") if axis in data.dims]
    order = [*lead, *(axis for axis in data.dims if axis not in lead)]
    last = str(order[-1]) if order and order[-1] not in lead else None
    members = tuple(str(member) for member in data[last].values) if last else ()
    factor = counted_factor(data, run.units)
    if not isinstance(factor, float):
        data, error = data * factor, error * factor
    return Reported(
        name=name,
        symbol=str(attributes.get("symbol", name)),
        unit=unit_label(run.units, kind),
        definition=str(attributes.get("long_name", "")),
        source=str(attributes.get("source", "")),
        values=in_units(data.transpose(*order).values, run.units, kind),
        error=np.abs(in_units(error.broadcast_like(data).transpose(*order).values, run.units, kind)),
        members=members,
        places=tuple(int(at) for at in data["entangled_step"].values) if "entangled_step" in data.dims else (),
    )


def times_of(run: Run) -> RealVector:
    """Return the times (T,) in the time unit of the model, or the numbers of the steps."""
    values = run.ledger.data[run.ledger.axis].values
    if run.ledger.axis == "step":
        return np.asarray(values, dtype=np.float64)
    times: RealVector = np.asarray(run.units.to_lab(values, "time"))
    return times


def stages_of(run: Run) -> list[str]:
    """Return what each step is called; its number where it has no name."""
    data = run.ledger.data
    names = data["stage"].values if "stage" in data.coords else data[run.ledger.axis].values
    return [str(name) for name in names]


def bath_names(run: Run) -> tuple[str, ...]:
    """Return the names of the baths, in order."""
    return tuple(str(name) for name in run.ledger.data["bath"].values) if "bath" in run.ledger.data.coords else ()


def unit_label(units: UnitSystem, kind: str) -> str:
    """Return the unit of an account as printed; empty for numbers and for energies of models without units."""
    entropy, rate, time = units.label("entropy"), units.label("rate"), units.label("time")
    labels = {
        "energy": units.label("energy"),
        "power": units.label("power"),
        "time": time,
        "entropy": entropy,
        "entropy rate": f"{entropy}/{time or 'time'}",
        "particle rate": rate,
        "rate": rate,
        "energy²/time": noise_label(units, "energy", 2),
        "1/energy": f"1/({units.label('energy')})" if time else "",
    }
    return labels.get(kind, kind if "counted" in kind else "")


def ledger_rows(run: Run) -> list[Row]:
    """Return the rows of the table of the ledger, in the order in which they are read."""
    found = [(name, label, state, reported(run, name)) for name, (label, state) in _ROWS.items()]
    return [
        _row(run, account, label, state, index)
        for _, label, state, account in found
        if account is not None
        for index in (range(len(account.members)) if account.members else (None,))
    ]


def _row(run: Run, account: Reported, label: str, is_state_function: bool, index: int | None) -> Row:
    member = None if index is None else account.members[index]
    values = account.values if index is None else account.values[:, index]
    error = account.error if index is None else account.error[:, index]
    start, end = float(values[0]), float(values[-1])
    # ∞ - ∞ says nothing; a table shows a dash there.
    total = None if start == end and np.isinf(end) else end - start
    return Row(
        account=account.name,
        symbol=account.symbol,
        unit=account.unit,
        definition=account.definition,
        source=account.source,
        label=label if member is None else f"{label} {member}",
        member=member,
        start=start if is_state_function else None,
        end=end if is_state_function else None,
        total=total if is_state_function else end,
        error=float(max(error[0], error[-1]) if is_state_function else error[-1]),
        splits=_splits(run, account.name),
        negligible=bool((np.abs(values) <= error).all()),
        is_plain=str(run.ledger[account.name].attrs.get("unit", "1")) == "1",
    )


def _splits(run: Run, name: str) -> tuple[tuple[tuple[str, float, float], ...], ...]:
    parts = [(label, reported(run, part)) for label, part in _SPLITS.get(name, ())]
    pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
    return tuple(
        tuple((label, float(part.values[-1]), float(part.error[-1])) for label, part in pair if part is not None)
        for pair in pairs
        if all(part is not None for _, part in pair)
    )


def in_units(values: Any, units: UnitSystem, kind: str) -> RealVector:
    """Return values of that kind of unit in the units of the model, at least one-dimensional."""
    array: Any = np.atleast_1d(np.asarray(values, dtype=np.float64))
    if kind == "entropy rate":
        return np.asarray(units.to_lab(units.to_lab(array, "rate"), "entropy"))
    if kind == "1/energy":
        one: float = units.to_lab(1.0, "energy")
        return np.asarray(array / one)
    if kind == "energy²/time":
        return np.asarray(units.to_lab(units.to_lab(units.to_lab(array, "energy"), "energy"), "rate"))
    kinds: dict[str, Kind] = {
        "rate": "rate",
        "time": "time",
        "energy": "energy",
        "power": "power",
        "entropy": "entropy",
        "particle rate": "rate",
    }
    return np.asarray(units.to_lab(array, kinds[kind]) if kind in kinds else array)
