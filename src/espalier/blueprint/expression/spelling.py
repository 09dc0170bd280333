"""Writing: nodes become text again, in the blueprint's read-aloud spelling or in plain CEL."""

from __future__ import annotations

from decimal import Decimal

from espalier.blueprint.expression.lexer import stands_bare
from espalier.blueprint.expression.nodes import (
    UNITS,
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
)

_OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _UNARY, _ATOM = range(1, 9)
_STRENGTH = {
    "or": _OR, "and": _AND, "=": _COMPARISON, "!=": _COMPARISON, "<": _COMPARISON, "<=": _COMPARISON,
    ">": _COMPARISON, ">=": _COMPARISON, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT,
}  # fmt: skip


def to_text(node: Node) -> str:
    """The canonical spelling, with as few brackets as possible.

    `parse(to_text(node), choices)` gives the same node again; only a `Choice` of one word comes back as the bare name
    that binding reads as the same choice.
    """
    return _text(node)[0]


def _text(node: Node) -> tuple[str, int]:
    match node:
        case Number():
            return _number(node.value), _ATOM
        case Text():
            return quoted(node.value), _ATOM
        case Boolean():
            return ("true" if node.value else "false"), _ATOM
        case Null():
            return "null", _ATOM
        case Choice():
            return (node.value if stands_bare(node.value) else quoted(node.value)), _ATOM
        case Path():
            return ".".join(node.names), _ATOM
        case ListLiteral():
            return f"[{', '.join(map(to_text, node.items))}]", _ATOM
        case Call(function=unit, arguments=(Number(value=amount),)) if unit in UNITS and amount >= 0:
            return f"{_number(amount)} {unit[:-1] if amount == 1 else unit}", _ATOM
        case Call():
            return f"{node.function}({', '.join(map(to_text, node.arguments))})", _ATOM
        case Aggregate():
            path = ".".join((node.entity, *node.path))
            where = "" if node.where is None else f" where {to_text(node.where)}"
            return f"{node.function}({path}{where})", _ATOM
        case Unary(operator="not"):
            return f"not {_at_least(node.operand, _NOT)}", _NOT
        case Unary():
            return f"-{_at_least(node.operand, _UNARY)}", _UNARY
        case In():
            return f"{_at_least(node.item, _SUM)} in {_at_least(node.container, _SUM)}", _COMPARISON
        case Binary():
            strength = _STRENGTH[node.operator]
            left = _at_least(node.left, strength + (strength == _COMPARISON))
            return f"{left} {node.operator} {_at_least(node.right, strength + 1)}", strength
    raise TypeError(f"{node!r} is not an expression node")


def _at_least(node: Node, strength: int) -> str:
    text, own = _text(node)
    return text if own >= strength else f"({text})"


def quoted(value: str) -> str:
    """Text in double quotes, with what must be escaped escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def _number(value: int | Decimal) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


# CEL's own strength of operators: `!` binds tightest there, and `?:` weakest.
_CEL_SIGNS = {"or": "||", "and": "&&", "=": "=="}
_CEL_TERNARY = 0


def to_cel(node: Node) -> str:
    """The same expression as Common Expression Language text. Give it `Bound.node`, in which choice values are known.

    Every number is a double (CEL does not mix whole numbers with others), so `%`, which CEL has for whole numbers only,
    becomes `double(int(a) % int(b))`. Choice values are strings. Durations and the functions that CEL lacks are calls of
    functions with our names: `days(3.0)`, `round(x, 2.0)`. An aggregate is a call of the function with the path as a
    string and the condition as a string of our own spelling: `count("Booking", "status = Paid")`.
    """
    return _cel(node)[0]


def _cel(node: Node) -> tuple[str, int]:
    match node:
        case Number():
            text = _number(node.value)
            return (text if "." in text else f"{text}.0"), _ATOM if node.value >= 0 else _UNARY
        case Text() | Choice():
            return quoted(node.value), _ATOM
        case ListLiteral():
            return f"[{', '.join(map(to_cel, node.items))}]", _ATOM
        case Call(function="if", arguments=(condition, yes, no)):
            return f"{_cel_at_least(condition, _OR)} ? {_cel_at_least(yes, _OR)} : {to_cel(no)}", _CEL_TERNARY
        case Call(function="length", arguments=(argument,)):
            return f"double(size({to_cel(argument)}))", _ATOM
        case Call(function="contains", arguments=(text_node, part)):
            return f"{_cel_at_least(text_node, _ATOM)}.contains({to_cel(part)})", _ATOM
        case Call():
            return f"{node.function}({', '.join(map(to_cel, node.arguments))})", _ATOM
        case Aggregate():
            path = quoted(".".join((node.entity, *node.path)))
            where = "" if node.where is None else f", {quoted(to_text(node.where))}"
            return f"{node.function}({path}{where})", _ATOM
        case Unary():
            sign = "!" if node.operator == "not" else "-"
            inner = _cel_at_least(node.operand, _ATOM)
            return f"{sign}{inner}", _UNARY
        case In():
            return f"{_cel_at_least(node.item, _SUM)} in {_cel_at_least(node.container, _SUM)}", _COMPARISON
        case Binary(operator="%"):
            return f"double(int({to_cel(node.left)}) % int({to_cel(node.right)}))", _ATOM
        case Binary():
            strength = _STRENGTH[node.operator]
            left = _cel_at_least(node.left, strength + (strength == _COMPARISON))
            sign = _CEL_SIGNS.get(node.operator, node.operator)
            return f"{left} {sign} {_cel_at_least(node.right, strength + 1)}", strength
    return _text(node)


def _cel_at_least(node: Node, strength: int) -> str:
    text, own = _cel(node)
    return text if own >= strength else f"({text})"
