"""Seed rows as grammar: as many values as there are fields, each of its field's type, references to rows that are there."""

from __future__ import annotations

from collections.abc import Iterable

from ..field import Field
from ..fields import read_range
from ..meaning import seed_columns
from ..printer import UNSAFE_INSIDE, UNSAFE_START
from .gbnf import Rules, Said, alt, lines, lit, opt, rep, seq, words
from .numbers import between
from .prose import Prose
from .written import Written

MOST_ROWS = 8
LARGEST = 99_999_999  # of numbers without a range
ROW = "\n    - "
DAY = '((("0" [13578] | "1" [02]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])) | (("0" [469] | "11") "-" ("0" [1-9] | [12] [0-9] | "30")) | ("02-" ("0" [1-9] | "1" [0-9] | "2" [0-8])))'
DATE = f'("1" [0-9] [0-9] [0-9] | "20" [0-9] [0-9]) "-" {DAY}'
CLOCK = '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]'
LETTERS = "[A-Za-z0-9]"


def rows(written: Written, end: str) -> str:
    """The grammar behind an entity's header in the seed."""
    rules = Rules()
    entity = next(reversed(written.rows), "")
    seed = Seed(rules, written, entity)
    more = lines(ROW, rules.make(("row",), seed.row), 1, MOST_ROWS, begun=bool(end))
    return rules.text(seq(more, after_seed(written, end)) or "")


def after_rows(written: Written, end: str) -> str:
    """The grammar behind the last row of an entity."""
    return Rules().text(after_seed(written, end) or "")


def after_seed(written: Written, end: str) -> Said:
    following = new_rows(written, written.rows)
    return alt(
        seq(lit("\n  "), following, lit(":" + end)) if following else None,
        lit("\nautomations:" + end),
        opt(lit("\n")),
    )


def new_rows(written: Written, done: Iterable[str]) -> Said:
    """An entity whose rows may come next: those behind the last one, in the order of data."""
    done = list(done)
    names = [name for name in written.own_names if seed_columns(written.names.entities[name])]
    if "User" not in names:
        names.append("User")
    last = max((names.index(name) for name in done if name in names), default=-1)
    left = [name for name in names[last + 1 :] if name not in done]
    return words(left) if left else None


class Seed:
    """The rows of one entity."""

    def __init__(self, rules: Rules, written: Written, entity: str) -> None:
        self.rules = rules
        self.written = written
        self.entity = entity
        self.prose = Prose(rules)
        self.columns = seed_columns(written.names.entities[entity]) if entity in written.names.entities else []

    def row(self) -> Said:
        """A row, plain or in double quotes where YAML would misread it."""
        return alt(self._cells(0, False), seq(lit('"'), self._cells(0, True), lit('"')))

    def _cells(self, at: int, quoted: bool) -> Said:
        """The values from a column on. A row may end once no column demands a value any more."""

        def body() -> Said:
            value = self._cell(self.columns[at], quoted, first=at == 0)
            return seq(value, self._more(at + 1, quoted))

        return self.rules.make(("cells", self.entity, at, quoted), body) if at < len(self.columns) else ""

    def _more(self, at: int, quoted: bool) -> Said:
        """What stands behind a value."""
        if at >= len(self.columns):
            return ""

        def body() -> Said:
            field = self.columns[at]
            there = seq(lit(" | "), self._cell(field, quoted, first=False), self._more(at + 1, quoted))
            skipped = seq(lit(" |"), self._more_must(at + 1, quoted)) if not self._demanded(field) else None
            ends = "" if not any(self._demanded(column) for column in self.columns[at:]) else None
            return alt(there, skipped, ends)

        return self.rules.make(("more-cells", self.entity, at, quoted), body)

    def _more_must(self, at: int, quoted: bool) -> Said:
        """The same behind an empty place: some value must follow."""
        if at >= len(self.columns):
            return None

        def body() -> Said:
            field = self.columns[at]
            there = seq(lit(" | "), self._cell(field, quoted, first=False), self._more(at + 1, quoted))
            skipped = seq(lit(" |"), self._more_must(at + 1, quoted)) if not self._demanded(field) else None
            return alt(there, skipped)

        return self.rules.make(("must-cells", self.entity, at, quoted), body)

    def _demanded(self, field: Field) -> bool:
        return (
            field.required
            and field.expression is None
            and field.kind not in ("image", "file")
            and not self._unnamed(field)
            and self._cell(field, False, False) is not None
        )

    def _unnamed(self, field: Field) -> bool:
        """Whether a reference leads to records that go by a day or the like, which a row of the seed is hardly named by."""
        target = self.written.names.entities.get(field.target)
        columns = seed_columns(target) if target else []
        return (
            bool(columns) and field.target != "User" and columns[0].kind not in ("text", "reference", "choice", "email")
        )

    # --- values -----------------------------------------------------------------------------------------------------

    def _cell(self, field: Field, quoted: bool, first: bool) -> Said:
        """A value that fits the field; None when there can be none."""
        if field.kind == "reference":
            return self._reference(field, quoted, first)
        if field.kind == "choice":
            return self._several(_among(field.choices, quoted, first), field)
        match field.kind:
            case "int":
                return _number(field, -LARGEST, LARGEST, 0)
            case "number":
                return _number(field, -LARGEST, LARGEST, 4)
            case "money":
                return _number(field, -LARGEST, LARGEST, 2)
            case "percent":
                return _number(field, 0, 100, 2)
            case "rating":
                return _number(field, 1, 5, 1)
            case "bool":
                return words(["true", "yes"] if field.required else ["true", "false", "yes", "no"])
            case "date":
                return self.rules.make(("date",), lambda: alt(self._relative(False), DATE))
            case "datetime":
                return self.rules.make(("moment",), lambda: alt(self._relative(True), seq(DATE, opt(lit(" "), CLOCK))))
            case "time":
                return CLOCK
            case "email":
                return self._email()
            case "phone":
                return self.rules.make(("phone",), lambda: '"+"? [0-9] [0-9]{2} (("-" | " ")? [0-9]){2,12}')
            case "url":
                return self.rules.make(
                    ("url",),
                    lambda: (
                        '("https://")? [a-z0-9] ([a-z0-9-]{0,24} ".") {1,2} [a-z]{2,10} ("/" [A-Za-z0-9/_-]{0,40})?'
                    ),
                )
            case "color":
                from .head import colors

                return alt(colors(self.rules), seq(lit("#"), "[0-9a-fA-F]{6}") if quoted else None)
            case "json":
                return between(0, 999)
            case "tags":
                return seq(
                    self._words(40, quoted, first, ","), rep(seq(lit(", "), self._words(40, quoted, False, ",")), 0, 7)
                )
            case "long":
                return self._words(300, quoted, first)
            case "image" | "file":
                return self._several(self._words(60, quoted, first), field)
        return self._words(160, quoted, first)

    def _words(self, longest: int, quoted: bool, first: bool, but: str = "") -> Said:
        if quoted:
            letter = f"[^\\x00-\\x20\\x22\\\\|{but}\\x7F-\\xA0\\u2028\\u2029\\uFEFF]"
            return self.rules.make(("said", longest, but), lambda: seq(letter, rep(seq('" "?', letter), 0, longest)))
        return self.prose.plain(longest, "|" + but, starts=first)

    def _several(self, one: Said, field: Field) -> Said:
        return seq(one, rep(seq(lit(", "), one), 0, 4)) if field.many else one

    def _reference(self, field: Field, quoted: bool, first: bool) -> Said:
        """One of the rows that are there; of the entity itself any may be, since its rows are written in this very stage."""
        known = _among(self.written.firsts(field.target), quoted, first)
        if field.target == "User":
            return self._several(alt(words([*self.written.roles, "admin"]), known, self._email()), field)
        itself = self._words(60, quoted, first) if field.target == self.entity else None
        return self._several(alt(known, itself), field) if known or itself else None

    def _email(self) -> Said:
        part = f'{LETTERS} (("." | "-" | "_")? {LETTERS}){{0,24}}'
        return self.rules.make(
            ("email",), lambda: f'{part} "@" [a-z0-9] ("-"? [a-z0-9]){{0,24}} "." [a-z]{{2,8}} ("." [a-z]{{2,3}})?'
        )

    def _relative(self, clock: bool) -> Said:
        units = ["day", "week", "month", "year", *(["hour"] if clock else [])]
        amount = alt(
            seq(lit("1 "), words(units)),
            seq("([2-9] | [1-9] [0-9]{1,2})", lit(" "), words(f"{unit}s" for unit in units)),
        )
        start = alt(lit("today"), lit("now") if clock else None, seq('("+" | "-")', amount))
        return seq(start, opt(lit(" "), alt(CLOCK, '[0-9] ":" [0-5] [0-9]')))


def _number(field: Field, low: float, high: float, decimals: int) -> Said:
    """A number within the field's own range; low and high where it has none."""
    bounds = read_range(field.parameter)
    return between(low if bounds.low is None else bounds.low, high if bounds.high is None else bounds.high, decimals)


def _among(values: Iterable[str], quoted: bool, first: bool) -> Said:
    """One of these values, of those that may stand in a row as they are."""

    def fits(value: str) -> bool:
        if quoted:
            return not set('"\\|') & set(value)
        return not UNSAFE_INSIDE.search(f"{value} ") and "|" not in value and not (first and UNSAFE_START.match(value))

    return words(value for value in values if fits(value))
