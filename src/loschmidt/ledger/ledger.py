"""The ledger: a labelled table of accounts, each with unit, definition, source and error, that saves without loss."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from loschmidt.errors import InputError
from loschmidt.ledger.accounts import account

__all__ = ["Ledger", "software_versions"]

_FORMAT = "loschmidt ledger 1"
_NOTED = ("family", "equation", "method", "versions", "accounts")


@dataclass(frozen=True, eq=False)
class Ledger:
    """What a process did, account by account.

    Attributes
    ----------
    data : xarray.Dataset
        One variable per account with attributes ``symbol``, ``unit``, ``long_name`` and ``source``; the absolute error
        of account `x` is the variable ``x_error``. Accounts that do not apply are absent, infinities are ``inf``.
        What runs in continuous time has an axis ``time``; what runs in discrete steps has an axis ``step`` instead.

    Examples
    --------
    >>> from loschmidt import Bath, GlauberSpectrum, build_ledger, davies_generator, evolve
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> process = davies_generator(np.diag([0.0, 1.0]), [bath])
    >>> ledger = build_ledger(evolve(process, [0, 1], [0.0, 10.0]))
    >>> ledger["heat"].dims
    ('time', 'bath')
    """

    data: xr.Dataset

    def __getitem__(self, name: str) -> xr.DataArray:
        """Return an account by name."""
        if name not in self.data:
            reason = self.data.attrs.get(f"absent_{name}", "")
            raise KeyError(f"This ledger has no account {name!r}" + (f": {reason}." if reason else "."))
        return self.data[name]

    def __contains__(self, name: str) -> bool:
        """Return whether the account applies to this process."""
        return name in self.data

    @property
    def axis(self) -> str:
        """The axis along which the process runs, "time" or "step"."""
        return "step" if "step" in self.data.dims else "time"

    @property
    def family(self) -> str:
        """The kind of process, such as "open system", which says which laws concern it."""
        return str(self.data.attrs["family"])

    @property
    def aspects(self) -> tuple[str, ...]:
        """What was looked at beside the process itself, such as "quantum jumps"; laws may be about these too."""
        return tuple(filter(None, str(self.data.attrs.get("aspects", "")).split(", ")))

    def at_start(self, name: str) -> xr.DataArray:
        """Return an account before anything happened."""
        return self[name].isel({self.axis: 0})

    @property
    def accounts(self) -> tuple[str, ...]:
        """Names of the accounts, in the order of the list of accounts."""
        return tuple(
            str(name)
            for name in self.data.data_vars
            if not str(name).endswith("_error") and self.data.variables[name].dtype.kind != "c"
        )

    def error(self, name: str) -> xr.DataArray:
        """Return the absolute error of an account, zero if it has none."""
        known = f"{name}_error"
        return self.data[known] if known in self.data else xr.zeros_like(self[name])

    def save(self, path: str | Path) -> Path:
        """Write the ledger as netCDF and return the path."""
        target = Path(path)
        if not target.parent.is_dir():
            raise InputError(f"`path` must lie in an existing folder, but {str(target.parent)!r} is none.")
        stored = self.data.assign_attrs(format=_FORMAT)
        for name in _complex_variables(stored):
            values = stored[name]
            stored = stored.drop_vars(name).assign({f"{name}_real": values.real, f"{name}_imaginary": values.imag})
        stored.to_netcdf(target, engine="h5netcdf")
        return target

    @classmethod
    def load(cls, path: str | Path) -> Ledger:
        """Read a ledger that :meth:`save` wrote.

        Raises
        ------
        InputError
            If the file is missing, unreadable or not a ledger.
        """
        source = Path(path)
        if not source.is_file():
            raise InputError(f"There is no file {str(source)!r}.")
        try:
            with xr.open_dataset(source, engine="h5netcdf") as opened:
                data = opened.load()
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise InputError(f"{str(source)!r} is not a readable netCDF file: {error}") from None
        if data.attrs.pop("format", None) != _FORMAT:
            raise InputError(f"{str(source)!r} is a netCDF file, but not a ledger that this version can read.")
        wanted = str(data.attrs.get("accounts", "")).split()
        if missing := [k for k in _NOTED if k not in data.attrs] + [name for name in wanted if name not in data]:
            raise InputError(f"{str(source)!r} is not a complete ledger: it lacks {', '.join(missing)}.")
        for name in [str(name)[:-5] for name in data.data_vars if f"{str(name)[:-5]}_imaginary" in data]:
            pair = (f"{name}_real", f"{name}_imaginary")
            whole = (data[pair[0]] + 1j * data[pair[1]]).assign_attrs(data[pair[0]].attrs)
            data = data.drop_vars(pair).assign({name: whole})
        return cls(data)


def _complex_variables(data: xr.Dataset) -> list[str]:
    """Return the variables that netCDF can only hold as two."""
    return [str(name) for name, variable in data.data_vars.items() if variable.dtype.kind == "c"]


class LedgerBuilder:
    """Collects accounts and turns them into a :class:`Ledger`; used by the keepers only.

    Parameters
    ----------
    family : str
        Kind of process, which says which laws concern it.
    coordinates : dict
        Labels of the axes; with "step" among them, accounts run over steps instead of times.
    """

    def __init__(self, family: str, coordinates: dict[str, Any]) -> None:
        self._coordinates = coordinates
        self._axis = "step" if "step" in coordinates else "time"
        self._variables: dict[str, Any] = {}
        self._attributes: dict[str, Any] = {"family": family, "versions": software_versions()}

    def add(self, name: str, values: Any, error: Any = None, *, status: str = "") -> None:
        """Add an account, with its absolute error broadcastable to it.

        It may be NaN exactly where the account `status`, from :meth:`add_status`, says "undefined".
        """
        entry = account(name)
        array = np.asarray(values, dtype=np.float64)
        attributes = {
            "symbol": entry.symbol,
            "unit": entry.unit,
            "long_name": entry.definition,
            "source": entry.source,
            "cumulative": int(entry.cumulative),
        }
        if status:
            attributes["status"] = status
        axes = tuple(self._axis if axis == "time" else axis for axis in entry.axes)
        self._variables[name] = (axes, array, attributes)
        if error is not None:
            spread = np.broadcast_to(np.asarray(error, dtype=np.float64), array.shape).copy()
            self._variables[f"{name}_error"] = (axes, spread, {"long_name": f"absolute error of {name}"})

    def add_status(self, name: str, codes: Any, words: Sequence[str]) -> None:
        """Add an account of whole numbers that stand for words, told by attributes as in the CF conventions."""
        self.add(name, codes)
        axes, _, attributes = self._variables[name]
        meanings = {"flag_values": np.arange(len(words), dtype=np.int8), "flag_meanings": " ".join(words)}
        self._variables[name] = (axes, np.asarray(codes, dtype=np.int8), attributes | meanings)

    def __contains__(self, name: str) -> bool:
        """Return whether an account has been added."""
        return name in self._variables

    def coordinate(self, name: str, values: Any) -> None:
        """Label an axis."""
        self._coordinates[name] = values

    def leave_out(self, reason: str, *names: str) -> None:
        """Say why accounts are absent."""
        self._attributes.update({f"absent_{name}": reason for name in names})

    def describe(self, **attributes: Any) -> None:
        """Add attributes of the whole ledger."""
        self._attributes.update(attributes)

    def add_states(self, states: Any) -> None:
        """Keep the states themselves."""
        self._variables["state"] = ((self._axis, "row", "column"), np.asarray(states), {"long_name": "density matrix"})

    def add_operator(self, name: str, operator: Any, definition: str) -> None:
        """Keep one operator (d, d) that is no account."""
        self._variables[name] = (("row", "column"), np.asarray(operator), {"long_name": definition})

    def build(self) -> Ledger:
        """Return the finished ledger."""
        used = {axis for variable in self._variables.values() for axis in variable[0]}
        coordinates = {
            name: values
            for name, values in self._coordinates.items()
            if (values[0] if isinstance(values, tuple) else name) in used
        }
        ledger = Ledger(xr.Dataset(self._variables, coords=coordinates, attrs=self._attributes))
        return Ledger(ledger.data.assign_attrs(accounts=" ".join(ledger.accounts)))


@cache
def software_versions() -> str:
    """Return the versions that numbers may depend on, as JSON."""
    from importlib.metadata import version

    names = ("loschmidt", "numpy", "scipy", "numba", "xarray")
    return json.dumps({"python": platform.python_version(), **{name: version(name) for name in names}})
