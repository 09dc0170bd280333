"""Text to tokens: which words and signs there are, and which slips are read as what was meant.

Besides cutting the text it reads multi-word choice values (`Needs repair`), understands CEL's own signs, and puts the
brackets into the spoken forms `count Booking where ...` and `sum Payment.amount`. It leaves the order of the tokens to the
grammar.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import ClassVar

from espalier.blueprint.expression.errors import ExpressionError
from espalier.blueprint.expression.nodes import AGGREGATES

_UNIT = r"(?:minute|hour|day|week|month|year)"
_SCAN = re.compile(
    rf"""
      (?P<SPACE>\s+)
    | (?P<PATH>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    | (?P<DURATION>\d+(?:\.\d+)?[ ]+{_UNIT}s?\b)
    | (?P<NUMBER>\d+(?:\.\d+)?(?!\w))
    | (?P<TEXT>"(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | “[^”]*”)
    | (?P<SIGN>==|!=|<>|<=|>=|&&|\|\||[=<>≠≤≥+\-−*×/÷%!?:(),\[\]])
    """,
    re.VERBOSE,
)
_SINCE = re.compile(rf"({_UNIT})s?\s+(since|until)\b")
_SIGNS = {
    "=": ("COMPARE", "="), "==": ("COMPARE", "="), "!=": ("COMPARE", "!="), "<>": ("COMPARE", "!="),
    "≠": ("COMPARE", "!="), "<": ("COMPARE", "<"), "<=": ("COMPARE", "<="), "≤": ("COMPARE", "<="),
    ">": ("COMPARE", ">"), ">=": ("COMPARE", ">="), "≥": ("COMPARE", ">="), "&&": ("AND", "and"), "||": ("OR", "or"),
    "!": ("BANG", "not"), "+": ("PLUS", "+"), "-": ("MINUS", "-"), "−": ("MINUS", "-"), "*": ("STAR", "*"),
    "×": ("STAR", "*"), "/": ("SLASH", "/"), "÷": ("SLASH", "/"), "%": ("PERCENT", "%"), "?": ("_QUESTION", "?"),
    ":": ("_COLON", ":"), "(": ("_LPAR", "("), ")": ("RPAR", ")"), ",": ("_COMMA", ","), "[": ("LSQB", "["),
    "]": ("RSQB", "]"),
}  # fmt: skip
_KEYWORDS = {
    "and": ("AND", "and"), "or": ("OR", "or"), "not": ("NOT", "not"), "in": ("IN", "in"), "is": ("COMPARE", "="),
    "where": ("WHERE", "where"), "true": ("TRUE", "true"), "false": ("FALSE", "false"), "null": ("NULL", "null"),
}  # fmt: skip
_KEYWORDS |= {word.upper(): kind for word, kind in _KEYWORDS.items()}
_KEYWORDS |= {"True": ("TRUE", "true"), "False": ("FALSE", "false"), "Null": ("NULL", "null")}
# These mean null only when they are not a choice value of this blueprint.
_NOTHING = frozenset({"None", "none", "NONE", "nil", "nothing", "Nothing", "empty", "Empty"})
_OPERAND_ENDS = frozenset({"PATH", "NUMBER", "DURATION", "TEXT", "TRUE", "FALSE", "NULL", "CHOICE", "RPAR", "RSQB"})

RESERVED = frozenset(_KEYWORDS) | _NOTHING
IDENTIFIER = re.compile(r"[^\W\d]\w*")


class Token:
    """One word or sign. type: the terminal of grammar.lark; value: its canonical spelling; start_pos and end_pos: where it
    stands. The other places are what Lark asks of a token."""

    __slots__ = ("end_pos", "start_pos", "type", "value")
    line: ClassVar[int] = 1
    column: ClassVar[int] = 1
    end_line: ClassVar[int] = 1
    end_column: ClassVar[int] = 1

    def __init__(self, type: str, value: str, start_pos: int, end_pos: int) -> None:
        self.type = type
        self.value = value
        self.start_pos = start_pos
        self.end_pos = end_pos


def stands_bare(value: str) -> bool:
    """Whether a choice value may stand without quotes: a plain word, or words that can be recognised as one value."""
    if IDENTIFIER.fullmatch(value):
        return value not in _KEYWORDS
    return _recognisable(value)


def _recognisable(value: str) -> bool:
    if value != value.strip() or not any(character.isalpha() for character in value):
        return False
    if any(character in "\"'“”()[],\n\r\t" for character in value):
        return False
    first = _SCAN.match(value)
    return first is None or not (first["DURATION"] and first.end() == len(value))


@lru_cache(maxsize=256)
def _choice_pattern(choices: frozenset[str]) -> re.Pattern[str] | None:
    known = [choice for choice in choices if not IDENTIFIER.fullmatch(choice) and _recognisable(choice)]
    if not known:
        return None
    known.sort(key=len, reverse=True)
    return re.compile(r"(?:" + "|".join(map(re.escape, known)) + r")(?!\w)")


def tokens(text: str, choices: frozenset[str]) -> list[Token]:
    """The tokens of the text, spaces left out. Raises ExpressionError for a character that starts no token."""
    found: list[Token] = []
    choice_pattern = _choice_pattern(choices)
    position, size, before, spoken = 0, len(text), "", False
    scan = _SCAN.match
    while position < size:
        if choice_pattern is not None and before not in _OPERAND_ENDS:
            match = choice_pattern.match(text, position)
            if match is not None:
                found.append(Token("CHOICE", match[0], position, match.end()))
                position, before = match.end(), "CHOICE"
                continue
        match = scan(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind, value, end = match.lastgroup or "", match[0], match.end()
        if kind == "SPACE":
            position = end
            continue
        if kind == "PATH":
            if value in _KEYWORDS:
                kind, value = _KEYWORDS[value]
                if (
                    kind == "NOT"
                    and before == "COMPARE"
                    and text[found[-1].start_pos : found[-1].end_pos].lower() == "is"
                ):
                    found[-1] = Token("COMPARE", "!=", found[-1].start_pos, end)
                    position = end
                    continue
                if kind == "IN" and before == "NOT" and len(found) > 1 and found[-2].type in _OPERAND_ENDS:
                    found[-1] = Token("NOT_IN", "not in", found[-1].start_pos, end)
                    position, before = end, "NOT_IN"
                    continue
            elif value in _NOTHING and value not in choices and text[end : end + 1] != "(":
                kind, value = "NULL", "null"
            elif before == "PATH" and found[-1].value in AGGREGATES:
                spoken = True
            else:
                since = _SINCE.match(text, position)
                if since is not None:
                    kind, value, end = "SINCE", f"{since[1]}s {since[2]}", since.end()
        elif kind == "SIGN":
            kind, value = _SIGNS[value]
        found.append(Token(kind, value, position, end))
        position, before = end, kind
    return _with_brackets(found) if spoken else found


def _with_brackets(found: list[Token]) -> list[Token]:
    """`count Booking where x` with the brackets that the canonical form has; a where reaches to the end of its place."""
    result: list[Token] = []
    open_until: list[int] = []  # indexes of tokens before which a bracket closes
    for index, token in enumerate(found):
        while open_until and open_until[-1] == index:
            open_until.pop()
            result.append(Token("RPAR", ")", found[index - 1].end_pos, found[index - 1].end_pos))
        result.append(token)
        following = found[index + 1] if index + 1 < len(found) else None
        if token.type == "PATH" and token.value in AGGREGATES and following is not None and following.type == "PATH":
            result.append(Token("_LPAR", "(", token.end_pos, token.end_pos))
            end = index + 2
            if end < len(found) and found[end].type == "WHERE":
                end = _end_of_place(found, end)
            open_until.append(end)
    for _ in open_until:
        result.append(Token("RPAR", ")", found[-1].end_pos, found[-1].end_pos))
    return result


def _end_of_place(found: list[Token], start: int) -> int:
    level = 0
    for index in range(start, len(found)):
        kind = found[index].type
        if kind in ("_LPAR", "LSQB"):
            level += 1
        elif kind in ("RPAR", "RSQB", "_COMMA", "_COLON", "_QUESTION"):
            if level == 0:
                return index
            if kind in ("RPAR", "RSQB"):
                level -= 1
    return len(found)


def _unreadable(text: str, position: int) -> ExpressionError:
    character = text[position]
    if character in "\"'“":
        return ExpressionError(f"the quote {character} is never closed", position, len(text), text[position:] + '"')
    if character.isdigit():
        word = re.compile(r"[\w.]+").match(text, position)
        end = word.end() if word else position + 1
        return ExpressionError(
            f"`{text[position:end]}` is neither a number nor a name; put text in quotes", position, end,
            f'"{text[position:end]}"',
        )  # fmt: skip
    if character in "{}":
        return ExpressionError("curly brackets belong into texts, not into expressions", position, position + 1)
    return ExpressionError(f"`{character}` has no meaning in an expression", position, position + 1)
