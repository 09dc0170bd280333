"""Reading: the text of an expression becomes nodes, in the canonical form whatever the spelling was.

It knows the grammar and the choice values of the blueprint, but no entities or fields; bind.py does.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import Path as File
from typing import Any

from lark import Lark, Transformer, UnexpectedInput, v_args
from lark.lexer import Lexer

from espalier.blueprint.expression.errors import ExpressionError
from espalier.blueprint.expression.lexer import IDENTIFIER, RESERVED, Token, tokens
from espalier.blueprint.expression.nodes import (
    AGGREGATES,
    FUNCTIONS,
    PERIODS,
    Aggregate,
    Binary,
    Boolean,
    Call,
    Choice,
    In,
    ListLiteral,
    Node,
    Null,
    Number,
    Path,
    Text,
    Unary,
    depth,
)

LONGEST = 500
DEEPEST = 30
_DIGITS = 15  # a whole number of more digits is not exact in every database

# What other languages call our functions.
_OTHER_NAMES = {
    "average": "avg", "mean": "avg", "size": "length", "len": "length", "iif": "if", "last": "latest",
    "lowercase": "lower", "ifnull": "coalesce", "nvl": "coalesce",
}  # fmt: skip
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@lru_cache(maxsize=8192)
def parse(text: str, choices: frozenset[str] = frozenset()) -> Node:
    """The expression as a node.

    choices: all choice values declared anywhere in the blueprint; those of several words are recognised without quotes.
    Raises ExpressionError, with character offsets, for text that is no expression, longer than 500 characters, or
    nested deeper than 30.
    """
    if len(text) > LONGEST:
        raise ExpressionError(
            f"this expression has {len(text)} characters; {LONGEST} are the most. Put a part of it into a computed field",
            LONGEST, len(text),
        )  # fmt: skip
    if IDENTIFIER.fullmatch(text) and text not in RESERVED:
        return Path((text,), start=0, end=len(text))
    if not text.strip():
        raise ExpressionError("here is an expression missing", 0, len(text))
    try:
        node: Node = _parser().parse((text, choices))
    except UnexpectedInput as error:
        raise _explain(text, choices, error) from None
    if len(text) > DEEPEST and depth(node) > DEEPEST:
        raise ExpressionError(
            f"this expression is nested deeper than {DEEPEST} levels. Put a part of it into a computed field",
            0,
            len(text),
        )
    return node


class _Words(Lexer):
    """Lark's view of our lexer; what is parsed is the pair (text, choices)."""

    def __init__(self, configuration: Any) -> None:
        pass

    def lex(self, text_and_choices: Any) -> Iterator[Token]:  # type: ignore[override]
        return iter(tokens(*text_and_choices))


@lru_cache(maxsize=1)
def _parser() -> Any:
    grammar = File(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Words, transformer=_Nodes(), maybe_placeholders=False)


def _function_name(name: str) -> str:
    lower = name.lower()
    if name in FUNCTIONS or name in AGGREGATES:
        return name
    if lower in FUNCTIONS or lower in AGGREGATES:
        return lower
    return _OTHER_NAMES.get(lower, name)


@v_args(inline=True)
class _Nodes(Transformer):
    def number(self, token: Token) -> Node:
        return Number(_number(token), start=token.start_pos, end=token.end_pos)

    def duration(self, token: Token) -> Node:
        amount, unit = token.value.split()
        number = Number(_number(Token("NUMBER", amount, token.start_pos, token.end_pos)))
        return Call(unit.rstrip("s") + "s", (number,), start=token.start_pos, end=token.end_pos)

    def text(self, token: Token) -> Node:
        inner = token.value[1:-1]
        if "\\" in inner:
            inner = _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), inner)
        return Text(inner, start=token.start_pos, end=token.end_pos)

    def true(self, token: Token) -> Node:
        return Boolean(True, start=token.start_pos, end=token.end_pos)

    def false(self, token: Token) -> Node:
        return Boolean(False, start=token.start_pos, end=token.end_pos)

    def null(self, token: Token) -> Node:
        return Null(start=token.start_pos, end=token.end_pos)

    def choice(self, token: Token) -> Node:
        return Choice(token.value, start=token.start_pos, end=token.end_pos)

    def path(self, token: Token) -> Node:
        return Path(tuple(token.value.split(".")), start=token.start_pos, end=token.end_pos)

    def brackets(self, inner: Node, close: Token) -> Node:
        return inner

    def list(self, opening: Token, *items: Any) -> Node:
        return ListLiteral(items[:-1], start=opening.start_pos, end=items[-1].end_pos)

    def binary(self, left: Node, sign: Token, right: Node) -> Node:
        return Binary(sign.value, left, right, start=left.start, end=right.end)

    def comparison(self, first: Node, *rest: Any) -> Node:
        """`a < b`; `0 < x < 10` is read as `0 < x and x < 10`."""
        result: Node | None = None
        left = first
        for sign, right in zip(rest[::2], rest[1::2], strict=True):
            step = Binary(sign.value, left, right, start=left.start, end=right.end)
            result = step if result is None else Binary("and", result, step, start=result.start, end=step.end)
            left = right
        return result or first

    def membership(self, item: Node, word: Token, container: Node) -> Node:
        return In(item, container, start=item.start, end=container.end)

    def no_membership(self, item: Node, word: Token, container: Node) -> Node:
        return Unary("not", self.membership(item, word, container), start=item.start, end=container.end)

    def negation(self, sign: Token, operand: Node) -> Node:
        return Unary("not", operand, start=sign.start_pos, end=operand.end)

    def minus(self, sign: Token, operand: Node) -> Node:
        start, end = sign.start_pos, operand.end
        if isinstance(operand, Number):
            return Number(-operand.value, start=start, end=end)
        match operand:
            case Call(arguments=(Number(value=value),), function=unit) if unit not in PERIODS and unit.endswith("s"):
                return Call(unit, (Number(-value),), start=start, end=end)
        return Unary("-", operand, start=start, end=end)

    def since(self, words: Token, moment: Node) -> Node:
        unit, direction = words.value.split()
        word = Path(("now" if unit in ("minutes", "hours") else "today",))
        span = (moment, word) if direction == "since" else (word, moment)
        return Call(unit, span, start=words.start_pos, end=moment.end)

    def ternary(self, condition: Node, yes: Node, no: Node) -> Node:
        return Call("if", (condition, yes, no), start=condition.start, end=no.end)

    def call(self, token: Token, *rest: Any) -> Node:
        *arguments, close = rest
        start, end = token.start_pos, close.end_pos
        *receiver, name = token.value.split(".")
        if receiver:  # CEL's method form: name.contains("x")
            owner_end = token.start_pos + len(token.value) - len(name) - 1
            arguments.insert(0, Path(tuple(receiver), start=start, end=owner_end))
        name = _function_name(name)
        if name == "has" and len(arguments) == 1:  # CEL's macro for "is there a value"
            return Binary("!=", arguments[0], Null(), start=start, end=end)
        first = arguments[0] if arguments else None
        if name in AGGREGATES and isinstance(first, Path):
            if len(arguments) == 1:
                return Aggregate(name, first.names[0], first.names[1:], start=start, end=end)
            if len(arguments) == 2 and name not in FUNCTIONS:
                return Aggregate(name, first.names[0], first.names[1:], arguments[1], start=start, end=end)
        return Call(name, tuple(arguments), start=start, end=end)

    def aggregate(self, function: Token, path: Token, word: Token, where: Node, close: Token) -> Node:
        name = _function_name(function.value)
        start, end = function.start_pos, close.end_pos
        if name not in AGGREGATES:
            raise ExpressionError(
                f"`{function.value}` cannot be taken over records; these can: {', '.join(sorted(AGGREGATES))}",
                start, function.end_pos,
            )  # fmt: skip
        entity, *names = path.value.split(".")
        return Aggregate(name, entity, tuple(names), where, start=start, end=end)


def _number(token: Token) -> int | Decimal:
    text = token.value
    if len(text) - ("." in text) > _DIGITS:
        raise ExpressionError(
            f"the number {text} is too long; {_DIGITS} digits are the most", token.start_pos, token.end_pos
        )
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value.normalize()


def _explain(text: str, choices: frozenset[str], error: UnexpectedInput) -> ExpressionError:
    """A sentence for a person instead of a list of terminals."""
    token: Token | None = getattr(error, "token", None)
    for choice in choices:  # a choice value in the wrong case reads as several words in a row
        if " " in choice:
            match = re.search(rf"(?<!\w){re.escape(choice)}(?!\w)", text, re.IGNORECASE)
            if match is not None and match[0] != choice:
                return ExpressionError(f"`{match[0]}` is not a value", match.start(), match.end(), choice)
    if token is None or token.type == "$END":
        missing = text.count("(") - text.count(")")
        if missing > 0:
            return ExpressionError("a bracket is never closed", len(text), len(text), text + ")" * missing)
        if text.count("[") > text.count("]"):
            return ExpressionError("a square bracket is never closed", len(text), len(text), text + "]")
        return ExpressionError("the expression ends too early; something is missing at its end", len(text), len(text))
    start, end = token.start_pos, token.end_pos
    written = text[start:end]
    before = text[:start].rstrip()
    if token.type == "RPAR" and text.count(")") > text.count("("):
        return ExpressionError("this bracket closes nothing", start, end)
    if token.type in ("PATH", "NUMBER", "TEXT", "DURATION", "CHOICE", "TRUE", "FALSE", "NULL", "_LPAR"):
        word = re.search(r"[\w.]+$", before)
        if word is not None and token.type == "PATH":
            near = difflib.get_close_matches(f"{word[0]} {written}", [c for c in choices if " " in c], 1, 0.75)
            if near:
                return ExpressionError(f"`{word[0]} {written}` is not a value", word.start(), end, near[0])
            if word[0] in ("if", "when"):
                return ExpressionError(
                    "an if is written as a function: if(condition, then, otherwise)", word.start(), end
                )
            return ExpressionError(
                f"between `{word[0]}` and `{written}` an operator is missing; put text of several words in quotes",
                word.start(), end, f'"{word[0]} {written}"',
            )  # fmt: skip
        return ExpressionError(f"before `{written}` an operator is missing", start, end)
    if not before:
        return ExpressionError(f"an expression cannot begin with `{written}`", start, end)
    return ExpressionError(f"`{written}` cannot stand after `{before[-30:]}`", start, end)
