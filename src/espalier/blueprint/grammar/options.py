"""The options of blocks as grammar: for each option by its name, how its value is written.

A test holds that every option of every kind of block is here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .expressions import Expressions
from .gbnf import Said, alt, lit, opt, rep, seq, words
from .kinds import Kind, is_amount, is_any, is_filtered, is_moment, is_reference, is_series, is_sorted, is_typed
from .paths import Scope
from .prose import Prose
from .steps import ADDRESS, presets
from .values import NUMBER

OPTION = "\n      "
LINE = "\n        "
MOST_PATHS = 12
CLOCK = '([0-9] | "1" [0-9] | "2" [0-4]) ":" [0-5] [0-9]'
WEEKDAY = '("Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun")'


@dataclass(frozen=True)
class Place:
    """Where an option stands: in a block of this kind, of this entity ("" for none), on the page of `this`.

    to: where a button of the block may lead. entities: all there are.
    """

    expressions: Expressions
    prose: Prose
    kind: str
    entity: str
    this: str | None
    to: Said
    entities: tuple[str, ...]

    def path(self, kind: Kind, hops: int = 1) -> Said:
        return self.expressions.path(kind, self.entity or None, hops)

    def paths(self, kind: Kind, hops: int) -> Said:
        return listed(self.path(kind, hops), MOST_PATHS)

    def own(self, kind: Kind) -> Said:
        return listed(self.expressions.own(kind, self.entity), MOST_PATHS)

    def button(self) -> Said:
        """`Label -> Page`: words without an arrow, and where they lead."""
        return seq(self.prose.plain(50, "><"), lit(" -> "), self.to)


def listed(item: Said, most: int, line: str = LINE) -> Said:
    """A list on one line, or, where that would be long, one item a line behind `line`."""
    if item is None:
        return None
    flow = seq(lit(" ["), item, rep(seq(lit(", "), item), 0, most - 1), lit("]"))
    return alt(flow, rep(seq(lit(f"{line}- "), item), 4, most))


def _says(longest: int) -> Option:
    return lambda place: seq(lit(" "), place.prose.line(longest))


def _one(said: Said) -> Option:
    return lambda place: seq(lit(" "), said)


def _path(kind: Kind) -> Option:
    return lambda place: seq(lit(" "), place.path(kind))


def _paths(kind: Kind, hops: int) -> Option:
    return lambda place: place.paths(kind, hops)


def _code(place: Place) -> Said:
    return alt(place.prose.literal(8, 60), seq(lit(" "), place.prose.line(300)))


def _condition(place: Place) -> Said:
    if not place.entity:
        return None
    return seq(lit(" "), place.expressions.condition(Scope(place.entity, place.this)))


def _shown(place: Place) -> Said:
    return seq(lit(" "), place.expressions.condition(Scope(place.this, None, True), 0))


def _show(place: Place) -> Said:
    return place.own(is_typed) if place.kind in ("form", "wizard") else place.paths(is_any, 2)


def _sort(place: Place) -> Said:
    """One order stands alone; several on one line when none has a minus, else one a line."""
    path = place.path(is_sorted)
    one = seq(opt(lit("-")), path)
    flow = seq(lit(" ["), path, rep(seq(lit(", "), path), 1, 3), lit("]"))
    return alt(seq(lit(" "), one), flow, rep(seq(lit(f"{LINE}- "), one), 2, 3)) if path else None


def _hours(place: Place) -> Said:
    """Words in `contact`; in `booking` opening hours that are reckoned with."""
    if place.kind == "contact":
        return seq(lit(" "), place.prose.line(80))
    days = opt(WEEKDAY, opt('("-" | " to ")', WEEKDAY), rep(seq('(" " | ", ")', WEEKDAY), 0, 5), lit(" "))
    open_times = place.expressions.rules.make(("opening",), lambda: seq(days, CLOCK, lit("-"), CLOCK))
    return seq(lit(" "), open_times, rep(seq(lit(", "), open_times), 0, 3))


def _slot(place: Place) -> Said:
    units = words(["minutes", "hours", "hour", "day", "days"])
    return seq(lit(" "), alt(seq("[1-9] [0-9]{0,2} ", lit(" "), units), place.path(is_amount)))


def _steps(place: Place) -> Said:
    """`steps:` of a wizard."""
    return rep(seq(lit(LINE), place.prose.line(60), lit(":"), place.own(is_typed)), 1, 6)


def _button(place: Place) -> Said:
    """A form's and a newsletter's button only sends."""
    return seq(lit(" "), place.button() if place.to else place.prose.line(60))


Option = Callable[[Place], Said]

# The value of each option with the space or line break before it; None where it cannot stand.
OPTIONS: dict[str, Option] = {
    "title": _says(100),
    "text": lambda place: place.prose.paragraph(300, 8),
    "if": _shown,
    "show": _show,
    "where": _condition,
    "filter": _paths(is_filtered, 1),
    "sort": _sort,
    "limit": _one("[1-9] [0-9]{0,2}"),
    "empty": _says(160),
    "edit": lambda place: place.own(is_typed),
    "total": _paths(is_amount, 0),
    "ask": lambda place: place.own(is_any),
    "carousel": _one(lit("true")),
    "until": _path(is_moment),
    "per": _path(is_series),
    "in": _path(is_reference),
    "hours": _hours,
    "slot": _slot,
    "capacity": lambda place: seq(lit(" "), alt("[1-9] [0-9]{0,3}", place.path(is_amount))),
    "best": _one(lit("lowest")),
    "target": lambda place: seq(lit(" "), alt(NUMBER, place.path(is_amount) if place.kind != "chart" else None)),
    "series": _path(is_series),
    "compare": _one(words(["week", "month", "year"])),
    "set": lambda place: presets(place.expressions, place.entity, place.this, 8),
    "steps": _steps,
    "button": _button,
    "done": _says(160),
    "phone": _says(40),
    "email": _says(60),
    "address": _says(120),
    "image": _says(160),
    "url": _one(ADDRESS),
    "html": _code,
    "js": _code,
    "css": _code,
    "data": lambda place: listed(words(place.entities), 4),
}
