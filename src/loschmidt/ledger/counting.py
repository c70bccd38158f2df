"""Add to the ledger of a master equation what is counted in its steady state."""

from __future__ import annotations

import json

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.counting.cumulants import Covariances
from loschmidt.evolution.counting.record import CountingRecord
from loschmidt.evolution.counting.uncertainty import UncertaintyRatios
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.ledger.stationary import unique_steady_state
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.generators import Generator

__all__ = ["with_counting"]

_EXCHANGE = ("counted_heat_current", "steady_heat_current", "heat_noise")
_MIRROR = ("mirrored_generating_function", "fluctuation_symmetry_defect")
#: As for FluctuationSymmetry.holds.
_SYMMETRIC = 1e-9
#: A ratio that is known less well, relative to itself, is left out.
_KNOWN = 0.1


def with_counting(ledger: Ledger, record: CountingRecord) -> Ledger:
    """Return the ledger with the accounts of a count of the same process.

    Parameters
    ----------
    ledger : Ledger
        Of a master equation.
    record : CountingRecord
        From :func:`~loschmidt.evolution.counting.record.record_counting`.

    Raises
    ------
    InputError
        If the baths are not those of the ledger.

    Examples
    --------
    >>> from loschmidt import Bath, GlauberSpectrum, build_ledger, davies_generator, evolve
    >>> from loschmidt.evolution.counting.record import record_counting
    >>> x = [[0, 1], [1, 0]]
    >>> baths = [Bath("hot", 0.5, GlauberSpectrum(0.1), x), Bath("cold", 2.0, GlauberSpectrum(0.1), x)]
    >>> process = davies_generator(np.diag([0.0, 1.0]), baths)
    >>> ledger = with_counting(build_ledger(evolve(process, [0, 1], [0.0, 10.0])), record_counting(process))
    >>> bool((ledger["thermodynamic_uncertainty"] > 2).all())
    True
    """
    names = list(record.process.bath_names)
    if ledger.family != "open system" or list(map(str, ledger.data["bath"].values)) != names:
        raise InputError(f"`ledger` must be that of the process that was counted, whose baths are {', '.join(names)}.")
    builder = LedgerBuilder(ledger.family, {"bath": names, "other_bath": names})
    reasons = _add_statistics(builder, record)
    _add_exchange(builder, record)
    reasons |= _add_curves(builder, record)
    return with_accounts(
        ledger,
        builder,
        aspects=("counting",),
        counting_classical=int(record.classical),
        counting_irreversible=record.irreversible,
        counting_method=record.statistics.method,
        counting_remarks=json.dumps(reasons, ensure_ascii=False),
    )


def _add_statistics(builder: LedgerBuilder, record: CountingRecord) -> dict[str, str]:
    """Add cumulants, covariances and ratios, and return why a variable has no ratio, by its name."""
    found = record.statistics
    names = [one.variable.name for one in found.cumulants]
    builder.coordinate("counted", names)
    builder.coordinate("counted_unit", ("counted", [one.variable.unit for one in found.cumulants]))
    builder.coordinate("counted_beside", names)
    builder.coordinate("cumulant_order", list(range(1, len(found.cumulants[0].values) + 1)))
    builder.add("cumulant", [one.values for one in found.cumulants], [one.errors for one in found.cumulants])
    builder.add("counted_covariance", found.covariances.values, found.covariances.errors)
    builder.add("jump_entropy_rate", found.entropy_production, found.entropy_production_error)
    builder.add("activity", found.activity, found.activity_error)
    lowest, error = _lowest(found.covariances)
    builder.add("noise_minimum", lowest, error)
    reasons: dict[str, str] = {}
    for axis, name, part in (
        ("counted_current", "thermodynamic_uncertainty", "thermodynamic"),
        ("counted_mean", "kinetic_uncertainty", "kinetic"),
    ):
        absent = {one.variable.name: reason for one in found.ratios if (reason := _why_none(one, part))}
        kept = [one for one in found.ratios if one.variable.name not in absent]
        reasons |= {f"{name} of {variable}": reason for variable, reason in absent.items()}
        if not kept:
            told = "; ".join(f"{variable}: {reason}" for variable, reason in absent.items())
            builder.leave_out(told, name)
            continue
        builder.coordinate(axis, [one.variable.name for one in kept])
        builder.add(name, [getattr(one, part) for one in kept], [getattr(one, f"{part}_error") for one in kept])
    return reasons


def _why_none(one: UncertaintyRatios, part: str) -> str:
    """Return why a variable has no ratio; empty if it has."""
    if part == "thermodynamic" and not one.variable.is_current:
        return "a jump and its reverse do not count opposite"
    if not abs(one.mean) > one.mean_error:
        return "its mean is zero within its error"
    value, error = getattr(one, part), getattr(one, f"{part}_error")
    if np.isfinite(value) and error > _KNOWN * abs(value):
        return "its mean is so small that the ratio is lost in round-off"
    return ""


def _lowest(noise: Covariances) -> tuple[float, float]:
    """Return the lowest eigenvalue of covariances in units of the largest weights, with its error."""
    units = np.array([float(np.abs(one.weights).max(initial=0.0)) or 1.0 for one in noise.variables])
    scale = np.multiply.outer(units, units)
    values = noise.values / scale
    round_off = 4 * len(units) * float(np.finfo(float).eps * np.linalg.norm(values))
    return float(np.linalg.eigvalsh(values)[0]), float(np.linalg.norm(noise.errors / scale)) + round_off


def _add_exchange(builder: LedgerBuilder, record: CountingRecord) -> None:
    if record.heat is None or record.energy is None:
        builder.leave_out(record.reason, *_EXCHANGE, "energy_noise_balance")
        return
    builder.add("heat_noise", record.heat.values, record.heat.errors)
    builder.add("energy_noise_balance", record.energy.values.sum(axis=1), record.energy.errors.sum(axis=1))
    builder.add("counted_heat_current", record.heat.means, record.heat.mean_errors)
    found = _steady_currents(record.process)
    if found is None:
        builder.leave_out("the steady state is not known well enough", "steady_heat_current")
    else:
        builder.add("steady_heat_current", *found)


def _steady_currents(process: Generator) -> tuple[list[float], list[float]] | None:
    """Return tr[(E - μ N) D_b(π)] and its error for each bath, from the dissipators alone."""
    steady = unique_steady_state(process)
    if steady is None:
        return None
    values, errors = [], []
    for one in process.dissipators:
        grand = process.energy
        if one.chemical_potential is not None and process.number is not None:
            grand = grand - one.chemical_potential * process.number
        centred = grand - np.trace(grand) / process.dimension * np.eye(process.dimension)
        values.append(float(np.einsum("ab,ba->", centred, one.apply(steady.state)).real))
        size = float(np.linalg.norm(centred)) * largest_rate(one)
        errors.append(2 * process.dimension * size * (steady.error + 1e-15))
    return values, errors


def _add_curves(builder: LedgerBuilder, record: CountingRecord) -> dict[str, str]:
    """Add the generating functions, and return why one has no mirror image, by the name of its variable."""
    curves = record.curves
    if not curves:
        builder.leave_out(record.absent, "counting_field", "generating_function", *_MIRROR)
        return {}
    builder.coordinate("curve", [one.variable.name for one in curves])
    builder.coordinate("curve_unit", ("curve", [one.variable.unit for one in curves]))
    builder.coordinate("fraction", ("field_point", record.fractions))
    builder.add("counting_field", [one.points for one in curves])
    builder.add("generating_function", [one.values for one in curves], [one.errors for one in curves])
    reasons = {f"mirror image of {one.variable.name}": one.reason for one in curves if one.mirrored is None}
    mirrored = [one for one in curves if one.mirrored is not None and one.mirrored_errors is not None]
    if not mirrored:
        builder.leave_out("; ".join(f"{name}: {reason}" for name, reason in reasons.items()), *_MIRROR)
        return reasons
    builder.coordinate("symmetric_curve", [one.variable.name for one in mirrored])
    values = np.array([one.mirrored for one in mirrored])
    errors = np.array([one.mirrored_errors for one in mirrored])
    builder.add("mirrored_generating_function", values, errors)
    distance = np.abs(np.array([one.values for one in mirrored]) - values)
    size = _SYMMETRIC * np.abs(values).max(axis=1)
    worst = (distance - errors).argmax(axis=1)
    rows = np.arange(len(mirrored))
    builder.add("fluctuation_symmetry_defect", distance[rows, worst], errors[rows, worst] + size)
    return reasons
