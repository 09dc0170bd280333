"""The nodes of a parsed expression: small frozen values that know nothing of any blueprint.

Two nodes are equal when they say the same; where they stood in the text (start, end) does not count. A node is what was
written; what it means in a place is a `meaning` (see bind.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

AGGREGATES = frozenset({"count", "sum", "avg", "min", "max", "latest", "streak"})
UNITS = ("minutes", "hours", "days", "weeks", "months", "years")
PERIODS = ("day", "week", "month", "quarter", "year")
FUNCTIONS = frozenset(
    {"if", "round", "abs", "min", "max", "coalesce", "length", "lower", "contains", "weekday", "hour", *UNITS, *PERIODS}
)
WORDS = frozenset({"today", "now", "me", "this"})


@dataclass(frozen=True, slots=True)
class Node:
    """Any node; start and end are character offsets into the text it was parsed from."""

    start: int = field(default=0, compare=False, repr=False, kw_only=True)
    end: int = field(default=0, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; a negative one is written with a minus. A whole value is always an int."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Text in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """A value of a choice. A single bare word is only a `Path` until binding says that it is a choice value."""

    value: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A name, or names joined by dots: a field, a word (today, now, me, this), a role, or a bare choice value."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`not x` or `-x`; a minus before a number is part of the `Number`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`left operator right` with one of `= != < <= > >= + - * / % and or`."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`item in container`; the container is a `ListLiteral` or a field that holds many."""

    item: Node
    container: Node


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[a, b]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of the language: `if(c, a, b)`. A duration, `3 days`, is `days(3)`."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Aggregate(Node):
    """`function(Entity.path where condition)`; path is empty for `count(Entity)`."""

    function: str
    entity: str
    path: tuple[str, ...] = ()
    where: Node | None = None


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside this one, in reading order."""
    match node:
        case Binary():
            return (node.left, node.right)
        case Unary():
            return (node.operand,)
        case In():
            return (node.item, node.container)
        case ListLiteral():
            return node.items
        case Call():
            return node.arguments
        case Aggregate() if node.where is not None:
            return (node.where,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """This node and all inside it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def depth(node: Node) -> int:
    """How many nodes stand inside each other at the deepest place; 1 for a leaf."""
    return 1 + max(map(depth, children(node)), default=0)


def rebuild(node: Node, change: Callable[[Node], Node]) -> Node:
    """A copy in which every node is replaced by `change(node)`; the innermost are changed first.

    `change` gets the original node when it is a leaf, and a copy with changed children otherwise.
    """
    match node:
        case Binary():
            node = replace(node, left=rebuild(node.left, change), right=rebuild(node.right, change))
        case Unary():
            node = replace(node, operand=rebuild(node.operand, change))
        case In():
            node = replace(node, item=rebuild(node.item, change), container=rebuild(node.container, change))
        case ListLiteral():
            node = replace(node, items=tuple(rebuild(item, change) for item in node.items))
        case Call():
            node = replace(node, arguments=tuple(rebuild(argument, change) for argument in node.arguments))
        case Aggregate() if node.where is not None:
            node = replace(node, where=rebuild(node.where, change))
    return change(node)


def is_constant(node: Node, field_names: frozenset[str] | set[str] | tuple[str, ...] | list[str] = ()) -> bool:
    """Whether the expression names no field of the record and no other records: then `= x` on a field is a default.

    field_names: the fields of the entity. A bare word that is none of them is taken for a choice value.
    """
    names = frozenset(field_names)
    for part in walk(node):
        if isinstance(part, Aggregate):
            return False
        if isinstance(part, Path):
            first = part.names[0]
            if first in names or first == "this" or (len(part.names) > 1 and first not in WORDS):
                return False
    return True


def field_paths(node: Node) -> list[tuple[str, ...]]:
    """The paths that the expression reads from its own record, each once, in reading order; without those inside
    aggregates, and without today, now, me and this. Give it `Bound.node`, in which choice values are no paths."""
    found: dict[tuple[str, ...], None] = {}

    def visit(part: Node) -> None:
        if isinstance(part, Aggregate):
            return
        if isinstance(part, Path) and part.names[0] not in WORDS:
            found.setdefault(part.names)
        for child in children(part):
            visit(child)

    visit(node)
    return list(found)
