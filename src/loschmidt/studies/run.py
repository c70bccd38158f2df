"""Run a model: build it, evolve it, keep its ledger, hold it against the laws."""

from __future__ import annotations

import json
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Method
from loschmidt.laws.audit import Audit, audit
from loschmidt.ledger.ledger import Ledger
from loschmidt.studies.kinds import KINDS
from loschmidt.studies.model_spec import ModelSpec
from loschmidt.units import UnitSystem

__all__ = ["Run", "audit_saved", "run_model"]


@dataclass(frozen=True, eq=False)
class Run:
    """A model, what became of it, and what the laws say.

    Attributes
    ----------
    ledger : Ledger
        Accounts, with the whole model inside.
    audit : Audit
        Findings.
    units : UnitSystem
        For reports.
    spec, process, evolution
        Model, process and what it did; None for a run that was loaded from a saved ledger.
    remarks : tuple of str
        What the construction of the model warned of.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run_model(builtin_model("qubit-relaxation")).ledger["heat"].dims
    ('time', 'bath')
    """

    ledger: Ledger
    audit: Audit
    units: UnitSystem
    spec: ModelSpec | None = None
    process: Any = None
    evolution: Any = None
    remarks: tuple[str, ...] = ()


def run_model(spec: ModelSpec, *, method: str | Method | None = None, progress: bool = False) -> Run:
    """Run a model and audit it.

    Parameters
    ----------
    spec : ModelSpec
        From :func:`load_model`, :func:`builtin_model`, or made in Python.
    method : str or Method, optional
        Instead of the method that the model names.
    progress : bool
        Show progress on anything longer than two seconds.

    Returns
    -------
    Run

    Raises
    ------
    ModelFileError
        With every fault of the model.
    InputError, ConvergenceError, ResourceError
        If the method cannot run it.

    Examples
    --------
    >>> from loschmidt.studies import builtin_model
    >>> run_model(builtin_model("qubit-relaxation")).audit.violated
    False
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        outcome = KINDS[spec.kind].run(spec, method, progress)
    told = list(outcome.remarks)
    for one in caught:
        if issubclass(one.category, UserWarning):
            told.append(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    ledger = Ledger(outcome.ledger.data.assign_attrs(_attributes(spec, outcome.units)))
    remarks = tuple(dict.fromkeys(told))
    return Run(ledger, audit(ledger), outcome.units, spec, outcome.process, outcome.evolution, remarks)


def audit_saved(path: str | Path) -> Run:
    """Return the run of a ledger that was saved, audited anew.

    Raises
    ------
    InputError
        If the file is not a ledger.

    Examples
    --------
    >>> import tempfile
    >>> from loschmidt.studies import builtin_model, run_model
    >>> run = run_model(builtin_model("qubit-relaxation"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = audit_saved(run.ledger.save(f"{folder}/ledger.nc"))
    >>> again.audit.as_dict() == run.audit.as_dict()
    True
    """
    ledger = Ledger.load(path)
    return Run(ledger, audit(ledger), _units_of(ledger))


def _attributes(spec: ModelSpec, units: UnitSystem) -> dict[str, Any]:
    text = spec.origin.text or spec.model_dump_json(indent=2, exclude_unset=True)
    return {"model": text, "unit_system": json.dumps(asdict(units))}


def _units_of(ledger: Ledger) -> UnitSystem:
    try:
        return UnitSystem(**json.loads(ledger.data.attrs.get("unit_system", "{}")))
    except (TypeError, ValueError):
        raise InputError(
            "`unit_system` of the ledger must describe units, but it does not. Was the file edited?"
        ) from None
