"""Every account is a number: infinite where theory says so, undefined only where its status says that, too."""

from __future__ import annotations

import numpy as np
import xarray as xr

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger
from loschmidt.typing import BooleanArray

__all__ = ["numbers"]


@law(
    name="numbers",
    statement="every account is a number",
    source="breuer2002",
    citation="definition",
    unit="1",
    needs=(),
    equality=True,
    cause="A number was lost on the way; please report the model.",
    families=(),
)
def numbers(ledger: Ledger) -> Margin:
    """Minus the count of undefined entries, errors included."""
    undefined = sum(
        int((np.isnan(variable.values) != _excused(ledger, variable)).sum())
        for variable in ledger.data.data_vars.values()
        if variable.dtype.kind in "fc"
    )
    return Margin(xr.DataArray(-float(undefined)), xr.DataArray(0.0))


def _excused(ledger: Ledger, variable: xr.DataArray) -> BooleanArray:
    """Return where an account must have no value, because its status says so: such as 0 / 0 in equilibrium."""
    status = ledger.data.get(str(variable.attrs.get("status", "")))
    if status is None:
        return np.zeros(variable.shape, dtype=np.bool_)
    words = str(status.attrs["flag_meanings"]).split()
    return np.asarray(status.values == words.index("undefined"))
