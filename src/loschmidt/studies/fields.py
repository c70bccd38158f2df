"""The kinds of value in a model file, and tables whose unknown keys are errors with the nearest known one."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    ModelWrapValidatorHandler,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, core_schema

from loschmidt._syntax.error import did_you_mean

__all__ = [
    "UNKNOWN_KEY",
    "ArrayFile",
    "Bytes",
    "Matrix",
    "OperatorSource",
    "OperatorSources",
    "Quantity",
    "Table",
    "Temperature",
    "checked_type",
    "custom_error",
    "shown",
]


#: Type of the error for a key that no table knows; such a key can be left out to look for further faults.
UNKNOWN_KEY = "unknown_key"


class Table(BaseModel):
    """A table of a model file; a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="wrap")
    @classmethod
    def _name_the_nearest_key(cls, data: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        try:
            return handler(data)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                cls.__name__, [cls._in_our_words(details) for details in error.errors()]
            ) from None

    @classmethod
    def _in_our_words(cls, details: Any) -> InitErrorDetails:
        kind, place = details["type"], details["loc"]
        if kind == "extra_forbidden" and len(place) == 1:
            known = list(cls.model_fields)
            hint = did_you_mean(str(place[0]), known) or f" The keys are {', '.join(known)}."
            error = custom_error(UNKNOWN_KEY, f"is not a key here.{hint}")
        else:
            error = custom_error(UNKNOWN_KEY if kind == UNKNOWN_KEY else "invalid", _message(details))
        return {"type": error, "loc": place, "input": details["input"]}


def custom_error(kind: str, message: str) -> PydanticCustomError:
    """Return an error with exactly this message."""
    return PydanticCustomError(kind, "{text}", {"text": message})


_NOUNS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "finite_number": "finite",
    "int_from_float": "a whole number",
    "model_type": "a table",
    "model_attributes_type": "a table",
}


def _message(details: Any) -> str:
    """Return what is wrong, in the words of this package."""
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "missing":
        return "must be given, but it is missing."
    if kind in _NOUNS:
        return f"must be {_NOUNS[kind]}, but it is {shown(value)}."
    if kind == "literal_error":
        choices = context["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return f"must be one of {', '.join(choices)}, but it is {shown(value)}.{did_you_mean(str(value), choices)}"
    if kind == "string_too_short":
        return "must not be empty."
    if kind in ("too_short", "too_long"):
        bound = f"least {context['min_length']}" if kind == "too_short" else f"most {context['max_length']}"
        entries = "entry" if bound.endswith(" 1") else "entries"
        return f"must have at {bound} {entries}, but it has {len(value)}."
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        words = kind.replace("_than_equal", " than or equal to").replace("_than", " than")
        return f"must be {words} {context[bounds[kind]]}, but it is {value}."
    return str(details["msg"])


def _quantity(value: Any) -> float | str:
    return _number_or_text(value, "must be a number, or a text such as 2*g or 20 mK")


def _temperature(value: Any) -> float | str:
    if isinstance(value, float) and math.isinf(value):
        return value
    return _number_or_text(value, "must be a number, inf, or a text such as 20 mK")


def _number_or_text(value: Any, rule: str) -> float | str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise custom_error("invalid", f"{rule}, but it is {shown(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise custom_error("invalid", f"must be finite, but it is {number}.")
    return number


def shown(value: Any) -> str:
    """Return a value of a file for a message: tables and lists by kind, the rest as written."""
    names = {bool: "true" if value is True else "false", dict: "a table", list: "a list"}
    text = names.get(type(value), repr(value))
    return text if len(text) <= 60 else text[:59] + "…"


def checked_type(value: Any, known: tuple[str, ...], example: str) -> Any:
    """Return a table that says which of several it is, or raise the error that names them."""
    if isinstance(value, Table):
        return value
    if not isinstance(value, dict):
        raise custom_error("invalid", f"must be a table such as {example}, but it is {shown(value)}.")
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in known:
        said = f"is {shown(kind)}.{did_you_mean(str(kind), known)}" if "type" in value else "is missing."
        raise custom_error("invalid", f"must have a `type` among {', '.join(known)}, but it {said}")
    return value


@dataclass(frozen=True)
class _Checked:
    """Checks a value by one function, and describes it in the JSON Schema as numbers, texts, or `depth`-fold lists."""

    check: Callable[[Any], Any]
    depth: int = 0

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        result: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
        for _ in range(self.depth):
            result = {"type": "array", "items": result}
        return result


#: A number, an expression of the parameters, or, in a model with units, a number with its unit.
Quantity: TypeAlias = Annotated[float | str, _Checked(_quantity)]
#: As a quantity; infinite temperatures and inverse temperatures exist too.
Temperature: TypeAlias = Annotated[float | str, _Checked(_temperature)]


_BYTES = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_AMOUNT = re.compile(rf"\s*(\d+\.?\d*)\s*({'|'.join(_BYTES)})\s*")


def _bytes(value: Any) -> float:
    found = math.nan
    if isinstance(value, str) and (amount := _AMOUNT.fullmatch(value)):
        found = float(amount[1]) * _BYTES[amount[2]]
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        found = float(value)
    if not 0 < found < math.inf:
        raise custom_error("invalid", f"must be a number of bytes, or a text such as 2 GB, but it is {shown(value)}.")
    return found


#: A positive number of bytes, or a text such as "2 GB".
Bytes: TypeAlias = Annotated[float, _Checked(_bytes)]


class ArrayFile(Table):
    """An array in a .npy file, or one of those in a .npz or .json file; paths are relative to the model file."""

    file: str = Field(description="Path of the .npy, .npz or .json file.", examples=["hamiltonian.npy"])
    key: str | None = Field(None, description="Which array of the file; needed if it holds several.")
    unit: str | None = Field(None, description="Unit of an energy, in a model with units.", examples=["GHz"])


def _matrix(value: Any) -> list[list[float | str]]:
    rows = [list(row) for row in value if isinstance(row, list)]
    if len(rows) != len(value) or {len(row) for row in rows} != {len(rows)}:
        raise custom_error("invalid", "must be a square matrix, a list of rows of the same length as the list.")
    return [[_quantity(entry) for entry in row] for row in rows]


#: Rows of numbers; an entry may also be a text such as "1 + 2i" or "g/2".
Matrix: TypeAlias = Annotated[list[list[float | str]], _Checked(_matrix, depth=2)]


def _kind_of_operator(value: Any) -> str | None:
    kinds = ((str, "<expression>"), ((dict, ArrayFile), "<file>"), (list, "<matrix>"))
    return next((tag for kind, tag in kinds if isinstance(value, kind)), None)


def _kind_of_operators(value: Any) -> str | None:
    if isinstance(value, list) and not (value and all(isinstance(row, list) and _is_row(row) for row in value)):
        return "<several>"
    return "<one>" if _kind_of_operator(value) else None


def _is_row(row: list[Any]) -> bool:
    return not any(isinstance(entry, (list, dict)) for entry in row)


_WRONG_OPERATOR = "must be an expression, a matrix, or a table with the key file."

#: An expression, an array file, or a matrix.
OperatorSource: TypeAlias = Annotated[
    Annotated[str, Tag("<expression>")] | Annotated[ArrayFile, Tag("<file>")] | Annotated[Matrix, Tag("<matrix>")],
    Discriminator(_kind_of_operator, custom_error_type="operator", custom_error_message=_WRONG_OPERATOR),
]
_Several: TypeAlias = Annotated[list[OperatorSource], Field(min_length=1)]
#: One operator or a list of them; a list of rows of numbers is one matrix.
OperatorSources: TypeAlias = Annotated[
    Annotated[OperatorSource, Tag("<one>")] | Annotated[_Several, Tag("<several>")],
    Discriminator(_kind_of_operators, custom_error_type="operator", custom_error_message=_WRONG_OPERATOR),
]
