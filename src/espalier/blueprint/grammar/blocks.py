"""Blocks as grammar: what each kind shows, with its options in the printer's order, over the names that are known.

The kinds and their options come from the schema (blueprint/blocks/); how options are written is options.py's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

from ..blocks import KINDS, Block, DataBlock
from ..blocks.chart import SHAPES
from ..meaning import SYSTEM_PAGES
from .expressions import Expressions
from .gbnf import Said, alt, branch, lit, opt, rep, seq, words
from .kinds import is_amount, is_filtered, is_moment, is_of, is_typed
from .options import LINE, OPTION, OPTIONS, Place
from .paths import Scope
from .prose import Prose
from .steps import ADDRESS
from .values import PERIODS

MOST_LINES = 8
SYSTEM = ("Account", "Log in", "Sign up", "Notifications")
# Kinds of one line of words, and how long it may be.
WORDS = {"hero": 100, "newsletter": 100, "image": 160, "banner": 160, "footer": 160}
# Data blocks that do without the field they are arranged by.
ANYHOW = ("progress", "map", "rating", "timeline")


class Blocks:
    """The blocks that may stand on one page. this: the entity of an `Each Dog:` page. pages: where a button may lead."""

    def __init__(self, expressions: Expressions, this: str, pages: Iterable[str]) -> None:
        self.expressions = expressions
        self.rules, self.names = expressions.rules, expressions.names
        self.prose = Prose(self.rules)
        self.this = this or None
        self.pages = list(pages)
        self.entities = (*(name for name in self.names.entities if name != "User"), "User")

    def others(self) -> Said:
        """A block of any kind without a button that leads somewhere; it starts behind the dash."""
        kinds = [name for name, kind in KINDS.items() if not _leads(kind)]
        return self.rules.make(("block",), lambda: alt(*(self._block(name, None) for name in kinds)))

    def leading(self, to: Said, key: str) -> Said:
        """A block of a kind that may have a button, which leads to `to`."""
        kinds = [name for name, kind in KINDS.items() if _leads(kind)]
        return self.rules.make(("leading", key), lambda: alt(*(self._block(name, to) for name in kinds)))

    def known_target(self) -> Said:
        """A page that is there, or an address."""
        system = [name for name in SYSTEM if name.lower() in SYSTEM_PAGES and name not in self.pages]
        return alt(words([*self.pages, *system]), ADDRESS)

    # --- a kind and its options -------------------------------------------------------------------------------------

    def _block(self, name: str, to: Said) -> Said:
        kind = KINDS[name]
        if issubclass(kind, DataBlock):
            return branch((f"{name}: {entity}", self._data_block(name, kind, entity)) for entity in self.entities)
        if name == "chart":
            return seq(lit("chart: "), words(SHAPES), lit(" "), self._drawings())
        if name == "search":
            return self._search()
        return seq(lit(f"{name}:"), self._head(name, to), self._options(name, "", to))

    def _head(self, name: str, to: Said) -> Said:
        """What stands behind the kind of a block that is of no entity."""
        line = self.prose.line
        match name:
            case _ if name in WORDS:
                return seq(lit(" "), line(WORDS[name]))
            case "contact" | "custom":
                return opt(lit(" "), line(100))
            case "text":
                return self.prose.paragraph(300, 8)
            case "button":
                return seq(lit(" "), self._place(name, "", to).button())
            case "video":
                return seq(lit(" "), ADDRESS)
            case "stats":
                return self._lines(self._measure())
            case "links":
                return self._lines(self.known_target())
        return self._lines(line(240))

    def _lines(self, value: Said) -> Said:
        """`Title: value` lines."""
        return rep(seq(lit(LINE), self.prose.line(60), lit(": "), value), 1, MOST_LINES)

    def _data_block(self, name: str, kind: type[DataBlock], entity: str) -> Said:
        """What stands behind `table: Ticket`. None when the entity has nothing that the kind could show."""
        needs, fields = kind.needs_by, self.names.entities[entity].fields.values()
        if name in ("form", "wizard") and not any(map(is_typed, fields)):
            return None

        def body() -> Said:
            by = seq(lit(" by "), self.expressions.path(is_of(*needs), entity, 1)) if needs else ""
            fits = any(is_of(*needs)(field) and field.target != "User" for field in fields)
            left_out = not needs or fits or "date" in needs or name in ANYHOW
            return seq(opt(by) if left_out else by, self._options(name, entity, None))

        return self.rules.make(("data", name, entity), body)

    def _place(self, name: str, entity: str, to: Said) -> Place:
        return Place(self.expressions, self.prose, name, entity, self.this, to, self.entities)

    def _options(self, name: str, entity: str, to: Said) -> Said:
        """A kind's options, each at most once, in order. What all data blocks have is one rule for each entity."""

        def body() -> Said:
            kind, shared = KINDS[name], list(DataBlock.model_fields)
            place = self._place(name, entity, to)
            own = [field for field, info in kind.model_fields.items() if info.alias != kind.kind]
            if not issubclass(kind, DataBlock) or name in ("form", "wizard"):
                return seq(*(self._option(place, field) for field in own))
            common = self.rules.make(("common", entity), lambda: seq(*(self._option(place, field) for field in shared)))
            return seq(common, *(self._option(place, field) for field in own if field not in shared))

        return self.rules.make(("options", name, entity, to), lambda: body() or '""')

    def _option(self, place: Place, field: str) -> Said:
        key = KINDS[place.kind].model_fields[field].alias or field
        value = OPTIONS[key](place)
        option = seq(lit(f"{OPTION}{key}:"), value) if value else None
        return option or "" if (place.kind, key) == ("wizard", "steps") else opt(option)

    # --- what is counted and drawn ----------------------------------------------------------------------------------

    def _measure(self) -> Said:
        """A number, a date or words worked out from records."""
        scope, expressions = Scope(None, self.this, sums=True), self.expressions

        def body() -> Said:
            newest = [expressions.aggregate(scope, want) for want in ("moment", "text")]
            return alt(expressions.number(scope, 2), expressions.money(scope, 2), *newest)

        return self.rules.make(("measure", self.this), body)

    def _drawings(self) -> Said:
        """`Ticket by status`, `sum(Order.total) by month(created)`, with the options of the entity."""
        options: list[tuple[str, Said]] = []
        for entity in self.entities:
            rest = self.rules.make(("drawn", entity), partial(self._drawn, entity))
            where = opt(lit(" where "), self.expressions.condition(Scope(entity, self.this), 1))
            number = seq(self.expressions.path(is_amount, entity, 1), where, lit(")"), rest)
            options += [(entity, rest), (f"count({entity}", seq(where, lit(")"), rest))]
            options += [(f"{function}({entity}.", number) for function in ("sum", "avg", "min", "max", "latest")]
        return branch(options)

    def _drawn(self, entity: str) -> Said:
        period = seq(words(f"{period}(" for period in PERIODS), self.expressions.path(is_moment, entity, 1), lit(")"))
        key = alt(self.expressions.path(is_filtered, entity, 2), period)
        return seq(lit(" by "), key, self._options("chart", entity, None))

    def _search(self) -> Said:
        """`search: Ticket` or `search: [Ticket, Customer]`; the options go by the first of them."""
        several = rep(seq(lit(", "), words(self.entities)), 0, 5)
        first = [(entity, self._options("search", entity, None)) for entity in self.entities]
        return alt(
            seq(lit("search: "), branch(first)),
            seq(lit("search: ["), branch((entity, seq(several, lit("]"), rest)) for entity, rest in first)),
        )


@lru_cache
def _leads(kind: type[Block]) -> bool:
    """Whether a kind has a button that leads to a page."""
    return any("Button" in str(info.annotation) for info in kind.model_fields.values())
