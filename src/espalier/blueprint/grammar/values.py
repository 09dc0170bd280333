"""Values as grammar: numbers, money, dates, texts, choices and records, each made of what is of its type.

Depth says how far brackets and functions may stand in each other; where it is small, sums and products are short too.
"""

from __future__ import annotations

from functools import partial

from ..expression.lexer import IDENTIFIER, stands_bare
from ..expression.meaning import TEXTS
from ..expression.spelling import quoted
from ..field import Field
from ..printer import UNSAFE_IN_FLOW, UNSAFE_INSIDE
from .gbnf import Said, alt, lit, opt, rep, seq, words
from .kinds import (
    has_choices,
    is_clock,
    is_date,
    is_long,
    is_moment,
    is_money,
    is_number,
    is_of,
    is_text,
    is_time,
    is_whole,
    refers_to,
)  # fmt: skip
from .paths import Paths, Scope

WHOLE = '("0" | [1-9] [0-9]{0,9})'
NUMBER = f'{WHOLE} ("." [0-9]{{1,4}})?'
PERIODS = ("day", "week", "month", "quarter", "year")
PLUS, TIMES, ANY_SIGN = '(" + " | " - ")', '(" * " | " / ")', '(" + " | " - " | " * " | " / ")'
DEEPEST = 3
MOST_IFS = 4  # in a chain


class Values(Paths):
    """The values of one grammar. Conditions and sums, which values may hold, come with the classes above this one."""

    def condition(self, scope: Scope, depth: int = 1) -> Said:
        raise NotImplementedError

    def aggregate(self, scope: Scope, want: str) -> Said:
        raise NotImplementedError

    # --- numbers and money ------------------------------------------------------------------------------------------

    def number(self, scope: Scope, depth: int = 1) -> Said:
        def body() -> Said:
            term = self.rules.make(("term", scope, depth), partial(self._term, scope, depth))
            return seq(term, rep(seq(PLUS, term), 0, _room(depth)))

        return self.rules.make(("number", scope, depth), body)

    def _term(self, scope: Scope, depth: int) -> Said:
        factor, money = self.factor(scope, depth), self.money_factor(scope, depth)
        return alt(
            seq(factor, rep(seq(TIMES, factor), 0, _room(depth))),
            seq(money, rep(seq(TIMES, factor), 0, 2), lit(" / "), money, rep(seq(TIMES, factor), 0, 2)),
        )

    def factor(self, scope: Scope, depth: int) -> Said:
        def body() -> Said:
            path = self.paths(is_number, scope)
            return alt(
                f'"-"? {NUMBER}',
                path,
                seq(lit("-"), path) if depth else None,
                self.number_call(scope, depth),
                seq(lit("("), self.number(scope, depth - 1), lit(")")) if depth else None,
            )

        return self.rules.make(("factor", scope, depth), body)

    def number_call(self, scope: Scope, depth: int) -> Said:
        """What gives a number and starts with a function."""
        if not depth or scope.constant:
            return None
        inner, moment, time = self.number(scope, depth - 1), self.moment(scope, 0), self.paths(is_time, scope)
        calls = [
            self.aggregate(scope, "number"),
            seq(lit("weekday("), moment, lit(")")),
            seq(lit("hour("), alt(lit("now"), self.paths(is_clock, scope), time), lit(")")),
            seq(lit("length("), self.paths(is_long, scope), lit(")")),
        ]
        if not scope.flow:
            either = self.moment(scope, max(depth - 1, 1))
            units = words(["minutes(", "hours(", "days(", "weeks(", "months(", "years("])
            calls += [
                seq(units, either, lit(", "), either, lit(")")),
                seq(words(["hours(", "minutes("]), time, lit(", "), time, lit(")")),
                seq(words(["min(", "max(", "coalesce("]), inner, rep(seq(lit(", "), inner), 1, 2), lit(")")),
            ]
        if depth > 1:
            calls.append(seq(words(["abs(", "round("]), inner, lit(")")))
            if not scope.flow:
                calls += [seq(lit("round("), inner, lit(", "), "[0-4]", lit(")")), self.choose(scope, depth, inner)]
        return alt(*calls)

    def choose(self, scope: Scope, depth: int, value: Said) -> Said:
        """`if(c, a, b)`, and chains of it."""
        condition = self.condition(scope, depth - 1)

        def chain(more: int) -> Said:
            other = alt(value, chain(more - 1)) if more else value
            return self.rules.make(
                ("if", scope, depth, value, more),
                lambda: seq(lit("if("), condition, lit(", "), value, lit(", "), other, lit(")")),
            )

        return chain(MOST_IFS) if value else None

    def whole(self, scope: Scope) -> Said:
        """A whole number of days and the like."""

        def body() -> Said:
            one = alt(WHOLE, self.paths(is_whole, scope))
            return seq(one, rep(seq('(" + " | " - " | " * ")', one), 0, 2))

        return self.rules.make(("whole", scope), body)

    def money(self, scope: Scope, depth: int = 1) -> Said:
        def body() -> Said:
            factor, number = self.money_factor(scope, depth), self.factor(scope, depth)
            if factor is None:
                return None
            room = _room(depth)
            times = rep(seq(TIMES, number), 0, min(room, 3))
            term = self.rules.make(
                ("amount", scope, depth),
                lambda: alt(seq(factor, times), seq(number, rep(seq(TIMES, number), 0, 2), lit(" * "), factor, times)),
            )
            return seq(term, rep(seq(PLUS, alt(term, NUMBER)), 0, room))

        return self.rules.make(("money", scope, depth), body)

    def money_factor(self, scope: Scope, depth: int) -> Said:
        """One amount of money; None when there can be none."""
        fields = (field for entity in self.names.entities.values() for field in entity.fields.values())
        if scope.constant or not (scope.later or any(map(is_money, fields))):
            return None

        def body() -> Said:
            calls: list[Said] = []
            if depth:
                inner = self.money(scope, depth - 1)
                either = alt(inner, NUMBER)
                calls = [self.aggregate(scope, "money"), seq(lit("("), inner, lit(")"))]
                if not scope.flow:
                    first = alt(inner, seq(NUMBER, lit(", "), inner))
                    more = rep(seq(lit(", "), either), 0, 2)
                    calls.append(seq(words(["min(", "max(", "coalesce("]), first, more, lit(")")))
                if depth > 1:
                    calls.append(seq(lit("abs("), inner, lit(")")))
                    if not scope.flow:
                        calls += [
                            seq(lit("round("), inner, opt(lit(", "), "[0-2]"), lit(")")),
                            self.choose(scope, depth, either),
                        ]
            path = self.paths(is_money, scope)
            return alt(path, seq(lit("-"), path) if depth else None, *calls)

        return self.rules.make(("money-factor", scope, depth), body)

    # --- dates and times --------------------------------------------------------------------------------------------

    def moment(self, scope: Scope, depth: int = 1, only_days: bool = False) -> Said:
        """A date; without only_days also a moment of a day."""

        def body() -> Said:
            here = self.paths(is_date if only_days else is_moment, scope)
            start = alt(
                lit("today"), None if only_days else lit("now"), here, *self.moment_calls(scope, depth, only_days)
            )
            return seq(start, rep(self.shift(scope, only_days), 0, 2 if depth > 1 else 1))

        return self.rules.make(("moment", scope, depth, only_days), body)

    def shift(self, scope: Scope, only_days: bool) -> Said:
        """` + 3 days`."""

        def body() -> Said:
            units = ["day", "week", "month", "year", *(() if only_days else ("minute", "hour"))]
            computed = seq(words(f"{unit}s(" for unit in units), self.whole(scope), lit(")"))
            amount = alt(
                seq(lit("1 "), words(units)),
                seq("([2-9] | [1-9] [0-9]{1,3})", lit(" "), words(f"{unit}s" for unit in units)),
                None if scope.constant else computed,
            )
            return seq(PLUS, amount)

        return self.rules.make(("shift", scope, only_days), body)

    def moment_calls(self, scope: Scope, depth: int, only_days: bool) -> list[Said]:
        """What gives a date and starts with a function."""
        if not depth or scope.constant:
            return []
        inner = self.moment(scope, depth - 1, only_days)
        calls = [
            seq(words(f"{period}(" for period in PERIODS), self.moment(scope, depth - 1), lit(")")),
            self.aggregate(scope, "date" if only_days else "moment"),
        ]
        if not scope.flow:
            calls.append(seq(words(["min(", "max(", "coalesce("]), inner, lit(", "), inner, lit(")")))
            if depth > 1:
                calls.append(self.choose(scope, depth, inner))
        return calls

    def time(self, scope: Scope) -> Said:
        clock = None if scope.flow or scope.bare else '"\\"" ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] "\\""'
        return alt(clock, self.paths(is_time, scope))

    # --- texts, choices, records ------------------------------------------------------------------------------------

    def text(self, scope: Scope, depth: int = 1) -> Said:
        def body() -> Said:
            calls: list[Said] = []
            if depth and not scope.constant:
                inner = self.text(scope, depth - 1)
                calls = [seq(lit("lower("), inner, lit(")")), self.aggregate(scope, "text")]
                if not scope.flow and depth > 1:
                    calls += [
                        seq(lit("coalesce("), inner, lit(", "), inner, lit(")")),
                        self.choose(scope, depth, inner),
                    ]
            part = alt(None if scope.flow or scope.bare else self.string(), self.paths(is_text, scope), *calls)
            return seq(part, rep(seq(lit(" + "), part), 0, 3)) if part else None

        return self.rules.make(("texts", scope, depth), body)

    def string(self) -> Said:
        """Text in double quotes, of a kind that stands in a plain scalar as well."""
        letter = "[^\\x00-\\x1F\\x22\\x27\\\\:#\\x7F-\\xA0\\u2028\\u2029\\uFEFF]"
        return self.rules.make(("string",), lambda: f'"\\"" {letter}{{0,80}} "\\""')

    def choice(self, choices: tuple[str, ...], scope: Scope) -> Said:
        """A value of a choice as expressions spell it."""
        spelled = [
            said
            for value in choices
            for said in ((value, quoted(value)) if stands_bare(value) or value.isdecimal() else (quoted(value),))
        ]
        never_quoted = scope.flow or scope.bare
        return words(
            said
            for said in spelled
            if not UNSAFE_INSIDE.search(f"{said}x")
            and not (scope.flow and UNSAFE_IN_FLOW.search(said))
            and not (never_quoted and '"' in said)
            and not (scope.key and not IDENTIFIER.fullmatch(said))
        )

    def record(self, target: str, scope: Scope) -> Said:
        """A record of an entity."""
        return alt(
            lit("me") if target == "User" else None,
            lit("this") if scope.this == target else None,
            self.paths(refers_to(target), scope),
        )

    def value(self, field: Field, scope: Scope, depth: int = 1) -> Said:
        """A value for a field; None when an expression can give none."""
        if field.many:
            return None
        match field.kind:
            case "choice":
                one, pick = self.choice(field.choices, scope), None
                if not scope.flow and not scope.constant:
                    key = ("pick", field.choices, scope)
                    pick = self.rules.make(key, partial(self.choose, scope, 1, one)) if one else None
                return alt(one, self.paths(has_choices(field.choices), scope), pick)
            case "int" | "number" | "percent" | "rating":
                return self.number(scope, depth)
            case "money":
                return alt(self.money(scope, depth), self.number(scope, depth))
            case "date":
                return self.moment(scope, depth, only_days=True)
            case "datetime":
                return self.moment(scope, depth)
            case "time":
                return self.time(scope)
            case "bool":
                return alt(words(["true", "false"]), None if scope.constant else self.condition(scope))
            case "reference":
                return self.record(field.target, scope)
            case "image" | "file" | "location":
                return self.paths(is_of(field.kind), scope)
            case _ if field.kind in TEXTS:
                return self.text(scope, depth)
        return None


def _room(depth: int) -> int:
    """How many further parts a sum or product may have; inside others it has fewer."""
    return {DEEPEST: 8, DEEPEST - 1: 8, DEEPEST - 2: 4}.get(depth, 2)
