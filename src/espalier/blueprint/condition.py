"""An expression where a blueprint has one: a condition, a computed value, a stat. Holds the tree and, once bound, its meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .expression import Node, to_text
from .field import read_expression
from .spelled import Spelled

if TYPE_CHECKING:
    from .expression import Bound

LISTED = re.compile(r"[\w.]+(?:(?:\s*,\s*|\s+)[\w.]+)+")
WORDS_BETWEEN = re.compile(r"\b(or|and|not|in|is)\b")


class Expression(Spelled):
    """An expression with its text. `bound` is set by the binder (meaning.py) and is None until then."""

    describes: ClassVar[str] = "an expression such as `status = Open and due < today`"
    __slots__ = ("bound", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.bound: Bound | None = None

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        return cls(read_expression(text, getattr(context, "choices", frozenset())))

    def __str__(self) -> str:
        return to_text(self.node)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and self.node == other.node

    def __hash__(self) -> int:
        return hash(self.node)


class Who(Expression):
    """Who may: an expression in which roles, `anyone`, `user`, `nobody`, `own` and paths to people count as conditions."""

    describes: ClassVar[str] = "who may: anyone, user, nobody, own, roles and paths to people, joined with `or`"
    __slots__ = ()

    @classmethod
    def parse(cls, text: str, context: Any = None) -> Self:
        # `own groomer` and `own, groomer` are said by many; they mean `own or groomer`.
        if LISTED.fullmatch(text) and not WORDS_BETWEEN.search(text):
            text = " or ".join(re.split(r"[\s,]+", text))
        return super().parse(text, context)
