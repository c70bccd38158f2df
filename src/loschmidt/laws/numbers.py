"""Every account is a number: infinite where theory says so, but never undefined."""

from __future__ import annotations

import numpy as np
import xarray as xr

from loschmidt.laws.law import Margin, law
from loschmidt.ledger.ledger import Ledger

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
        int(np.isnan(variable.values).sum())
        for variable in ledger.data.data_vars.values()
        if variable.dtype.kind in "fc"
    )
    return Margin(xr.DataArray(-float(undefined)), xr.DataArray(0.0))
