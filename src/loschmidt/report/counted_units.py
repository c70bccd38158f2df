"""Units of what is counted: they depend on the variable, and on the order of a cumulant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

if TYPE_CHECKING:
    from loschmidt.units import UnitSystem

__all__ = ["counted_factor", "noise_label"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def counted_factor(data: xr.DataArray, units: UnitSystem) -> xr.DataArray | float:
    """Return what turns an account whose unit depends on the variable into the units of the model; 1 for others."""
    kind = str(data.attrs.get("unit", ""))
    if "counted" not in kind:
        return 1.0
    axis = "curve" if "curve" in data.dims else "counted"
    size = {"energy": units.to_lab(1.0, "energy"), "entropy": units.to_lab(1.0, "entropy")}
    each = [size.get(str(unit), 1.0) for unit in data.coords[f"{axis}_unit"].values]
    one = xr.DataArray(each, dims=axis, coords={axis: data.coords[axis]})
    rate = units.to_lab(1.0, "rate")
    if kind == "counted^n/time":
        raised: xr.DataArray = rate * one ** data.coords["cumulant_order"]
        return raised
    if kind == "counted²/time":
        beside = xr.DataArray(each, dims="counted_beside", coords={"counted_beside": data.coords["counted_beside"]})
        return rate * one * beside
    return 1 / one


def noise_label(units: UnitSystem, unit: str, order: int) -> str:
    """Return the unit of a cumulant of a variable, such as "(h·GHz)²/ns"; empty where the model has no units.

    Examples
    --------
    >>> from loschmidt.units import UnitSystem
    >>> noise_label(UnitSystem("ns"), "energy", 2), noise_label(UnitSystem("ns"), "1", 2)
    ('(h·GHz)²/ns', '1/ns')
    """
    time = units.label("time")
    own = {"energy": units.label("energy"), "entropy": units.label("entropy")}.get(unit, "")
    if unit == "energy" and not own:
        return ""
    if not own:
        return f"1/{time}" if time else ""
    power = "" if order == 1 else str(order).translate(_RAISED)
    return f"{f'({own})' if power and '·' in own else own}{power}/{time or 'time'}"
