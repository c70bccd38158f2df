"""Numbers as people read them: signs, significant digits, infinities; never a bare ``inf`` or ``nan``."""

from __future__ import annotations

import math
import re
import unicodedata

__all__ = [
    "ABSENT",
    "citation_of",
    "display_width",
    "format_number",
    "format_size",
    "json_number",
    "pad",
    "power_of_ten",
    "subscripts",
    "typographic",
    "with_minus_signs",
]

#: Stands where a table has no number.
ABSENT = "–"
_MINUS = "−"
#: One letter, perhaps with a dot above, an underscore, and words with commas between them.
_SYMBOL = re.compile(r"(?<!\w)(\w[\u0300-\u036f]*)_([^\W_]+(?:,[^\W_]+)*)")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def format_number(value: float | None, digits: int = 4, error: float = 0.0) -> str:
    """Return a number for a table: `digits` decimals, or as many significant digits before a power of ten.

    Parameters
    ----------
    value : float or None
        None and NaN, which stand for "no number", give a dash.
    digits : int
        Decimals.
    error : float
        A number that is zero within this error is rounded to `digits` decimals instead of shown as a power of ten.

    Returns
    -------
    str
        With a true minus sign, and ``∞`` for infinities.

    Examples
    --------
    >>> format_number(-0.60243), format_number(2.1e-7), format_number(float("inf")), format_number(None)
    ('−0.6024', '2.100e-07', '∞', '–')
    """
    if value is None or math.isnan(value):
        return ABSENT
    sign = _MINUS if value < 0 else ""
    magnitude = abs(value)
    if math.isinf(magnitude):
        return f"{sign}∞"
    if magnitude == 0:
        return "0"
    if magnitude <= error < 10.0**-digits:
        return f"{0:.{digits}f}"
    if 10.0 ** (1 - digits) <= magnitude < 1e4:
        return f"{sign}{magnitude:.{digits}f}"
    return f"{sign}{magnitude:.{digits - 1}e}"


def format_size(value: float | None) -> str:
    """Return a number of which only the size matters, such as an error or a margin.

    Examples
    --------
    >>> format_size(-3.14e-13), format_size(0.25), format_size(0.0)
    ('−3.1e-13', '0.25', '0')
    """
    if value is None or math.isnan(value):
        return ABSENT
    sign = _MINUS if value < 0 else ""
    magnitude = abs(value)
    if math.isinf(magnitude):
        return f"{sign}∞"
    return f"{sign}{magnitude:.0f}" if 100 <= magnitude < 1e4 else f"{sign}{magnitude:.2g}"


def with_minus_signs(text: str) -> str:
    """Return text whose hyphens are minus signs wherever they are meant as such.

    Examples
    --------
    >>> with_minus_signs("-tr(ρ ln ρ) - S at t = -2, non-adiabatic, see --method")
    '−tr(ρ ln ρ) − S at t = −2, non-adiabatic, see --method'
    """
    return re.sub(r"(?<![\w`-])-(?=[\w(\s])", "−", text)


def typographic(text: str) -> str:
    """Return text with powers of ten and minus signs as they are printed, for pages.

    Examples
    --------
    >>> typographic("-3.1e-13")
    '−3.1 × 10⁻¹³'
    """
    text = with_minus_signs(text)
    return re.sub(r"(?<=\d)e([+-]?\d+)", lambda found: f" × {power_of_ten(int(found[1]))}", text)


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as text.

    Examples
    --------
    >>> power_of_ten(-3)
    '10⁻³'
    """
    return f"10{str(exponent).translate(_SUPERSCRIPTS)}"


def subscripts(text: str, before: str, after: str) -> str:
    """Return text in which the subscript of each one-letter symbol stands between two marks of a typesetter.

    Examples
    --------
    >>> subscripts("S(ρ‖ρ_β) + Π_d,b of davies_generator", "<sub>", "</sub>")
    'S(ρ‖ρ<sub>β</sub>) + Π<sub>d,b</sub> of davies_generator'
    """
    return re.sub(_SYMBOL, lambda found: f"{found[1]}{before}{found[2]}{after}", text)


def json_number(value: float | None) -> float | str | None:
    """Return what strict JSON can hold: the number, "inf" or "-inf", or None where there is none.

    Examples
    --------
    >>> json_number(float("-inf")), json_number(0.5)
    ('-inf', 0.5)
    """
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def display_width(text: str) -> int:
    """Return the columns that a text takes in a terminal; combining marks such as the dot of Σ̇ take none.

    Examples
    --------
    >>> display_width("Σ̇ ≥ 0")
    5
    """
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return a text filled with spaces to `width` columns, flushed left or right."""
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def citation_of(key: str) -> str:
    """Return a bibliography key as people cite it.

    Examples
    --------
    >>> citation_of("spohn1978"), citation_of("definition")
    ('Spohn 1978', 'definition')
    """
    found = re.fullmatch(r"([a-z]+)(\d{4})[a-z]*", key)
    return f"{found[1].capitalize()} {found[2]}" if found else key
