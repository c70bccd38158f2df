"""Cut an expression into tokens, each with its place in the text."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from loschmidt._syntax.error import ExpressionError
from loschmidt.errors import InputError

__all__ = ["Token", "tokenize"]

#: Far above a 5000-term sum, far below what would stall a reader.
LONGEST_TEXT = 2_000_000

#: Typographic characters that have exactly one plain meaning; one character each, so that positions stay.
_PLAIN = str.maketrans({"⟩": ">", "⟨": "<", "−": "-", "·": "*", "×": "*", "∣": "|"})

_LABEL = r"[\w+\-, ]*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+)
    |(?P<imaginary>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ij](?!\w))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<hc>h\.\s?c\.?|hc(?!\w))
    |(?P<name>[^\W\d]\w*)
    |(?P<ket>\|{_LABEL}>)
    |(?P<braket><{_LABEL}\|{_LABEL}>)
    |(?P<bra><{_LABEL}\|)
    |(?P<symbol>\*\*|[-+*/^()\[\],])""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of an expression: ``number``, ``name``, ``ket``, ``bra``, ``braket``, ``hc``, a symbol, or ``end``."""

    kind: str
    text: str
    position: int
    value: complex = 0.0


def tokenize(text: str) -> list[Token]:
    """Return the tokens of `text`, closed by one of kind ``end``.

    Raises
    ------
    InputError
        If `text` is not a string, or longer than two million characters.
    ExpressionError
        At a character that starts no token, or a number beyond the range of double precision.

    Examples
    --------
    >>> [token.text for token in tokenize("0.5*w*|g><e|")]
    ['0.5', '*', 'w', '*', '|g>', '<e|', '']
    """
    if not isinstance(text, str):
        raise InputError(f"An expression must be text, but it is {text!r}.")
    if len(text) > LONGEST_TEXT:
        raise InputError(f"An expression must have at most {LONGEST_TEXT} characters, but it has {len(text)}.")
    plain = text.translate(_PLAIN)
    tokens = []
    position = 0
    while position < len(plain):
        match = _TOKEN.match(plain, position)
        if match is None:
            raise ExpressionError(_reason(plain[position]), text, position)
        if match.lastgroup != "space":
            tokens.append(_token(match, text))
        position = match.end()
    tokens.append(Token("end", "", len(text.rstrip())))
    return tokens


def _token(match: re.Match[str], text: str) -> Token:
    kind, piece, position = str(match.lastgroup), match.group(), match.start()
    if kind == "symbol":
        return Token("^" if piece == "**" else piece, piece, position)
    if kind in ("number", "imaginary"):
        value = float(piece.rstrip("ij"))
        if not math.isfinite(value):
            raise ExpressionError("this number is too large for double precision.", text, position)
        return Token("number", piece, position, value if kind == "number" else complex(0.0, value))
    return Token(kind, piece, position)


def _reason(character: str) -> str:
    if character in "|<>":
        return f"`{character}` must belong to a ket `|label>` or a bra `<label|`, but neither can be read here."
    if character == "=":
        return "an expression must not contain `=`."
    return f"the character {character!r} has no meaning in an expression."
