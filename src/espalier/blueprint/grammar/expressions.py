"""Expressions as grammar, over the names that are known: values, conditions, and here what goes over records.

A smaller language than the reader's: enough for what people say of their apps, and bounded. docs/language.md, section
Expressions, is the whole of it.
"""

from __future__ import annotations

from functools import partial

from .conditions import COMPARED, Conditions
from .gbnf import Said, alt, branch, lit, opt, rep, seq, words
from .kinds import Kind, is_date, is_followed, is_moment, is_money, is_number, is_text, refers_to
from .letters import ENTITY, FIELD, VALUE, name_but
from .paths import Scope
from .values import NUMBER, PERIODS

# What gives a number, money, a date and so on: the functions, and the fields they go over.
OVER: dict[str, tuple[tuple[str, ...], Kind]] = {
    "number": (("sum", "avg", "min", "max", "latest"), is_number),
    "money": (("sum", "avg", "min", "max", "latest"), is_money),
    "date": (("min", "max", "latest"), is_date),
    "moment": (("min", "max", "latest"), is_moment),
    "text": (("latest",), is_text),
}


class Expressions(Conditions):
    """The expressions of one grammar."""

    def aggregate(self, scope: Scope, want: str) -> Said:
        """`count(Booking where ...)`, `sum(Payment.amount)`; want is a key of OVER. None when the scope has no sums."""
        if not scope.sums:
            return None

        def body() -> Said:
            options: list[tuple[str, Said]] = []
            functions, kind = OVER[want]
            for entity in self.names.entities:
                where = self._tied(scope, entity)
                if want == "number":
                    options.append((f"count({entity}", where))
                    options.append((f"streak({entity}.", seq(self.path(is_moment, entity, 0), where)))
                rest = seq(self.path(kind, entity, 1), where)
                options += [(f"{function}({entity}.", rest) for function in functions]
            return alt(branch(options), self._later(want) if scope.later else None)

        return self.rules.make(("over", scope, want), body)

    def _tied(self, scope: Scope, entity: str) -> Said:
        """The where of a sum with its closing bracket; None when its records cannot be tied to the one at hand."""
        around = scope.entity or scope.this
        condition = self.condition(Scope(entity, around, flow=scope.flow, bare=scope.bare), 1)
        free = seq(opt(lit(" where "), condition), lit(")"))
        if scope.entity is None:
            return free
        ties = self.names.references(entity, scope.entity)
        if len(ties) == 1:
            return free
        links = [seq(words(ties), lit(" = this"))] if ties else self._links(entity, scope.entity)
        if entity == scope.entity:
            links.append(lit("id != this.id"))
        alike = self.path(is_text, entity, 1)
        links.append(seq(alike, lit(" = this."), self.path(is_text, scope.entity, 1)) if alike else None)
        link = alt(*links)
        either = seq(opt(condition, lit(" and ")), link, opt(lit(" and "), condition))
        return seq(lit(" where "), either, lit(")"))

    def _links(self, entity: str, around: str) -> list[Said]:
        """`rate = this.rate`: both refer to the same record."""
        return [
            seq(lit(f"{name} = this."), self.path(refers_to(field.target), around, 1))
            for name, field in self.names.fields(entity).items()
            if is_followed(field)
        ]

    # --- over what is still to come ---------------------------------------------------------------------------------

    def _later(self, want: str) -> Said:
        """Over an entity that is still to be declared: its fields are not known yet."""
        return self.rules.make(("later", want), partial(self._over_later, want))

    def _over_later(self, want: str) -> Said:
        entity = name_but(self.rules, self.names.entities, *ENTITY, joined="_")
        field = name_but(self.rules, [], *FIELD, joined="_")
        where = seq(opt(lit(" where "), self.rules.make(("free",), self._free_condition)), lit(")"))
        functions = [f"{function}(" for function in OVER[want][0]]
        said = [seq(words(functions), entity, lit("."), field, opt(lit("."), field), where)]
        if want == "number":
            said += [seq(lit("count("), entity, where), seq(lit("streak("), entity, lit("."), field, where)]
        return alt(*said)

    def _free_condition(self) -> Said:
        field = name_but(self.rules, [], *FIELD, joined="_")
        value = name_but(self.rules, [], *VALUE, joined=" ")
        path = seq(field, opt(lit("."), field))
        clock = self.moment(Scope(constant=True), 0)
        side = alt(value, NUMBER, clock, path, words(["me", "this", "this.id", "null", "true", "false"]), self.string())
        period = seq(words(f"{period}(" for period in PERIODS), path, lit(")"))
        now = seq(words(f"{period}(" for period in PERIODS), words(["today)", "now)"]))
        atom = alt(
            seq(opt(lit("not ")), path),
            seq(words(["me in ", "this in "]), path),
            seq(path, COMPARED, side),
            seq(path, lit(" in ["), value, rep(seq(lit(", "), value), 0, 4), lit("]")),
            seq(period, COMPARED, alt(now, lit("today"))),
        )
        return seq(atom, rep(seq('(" and " | " or ")', atom), 0, 2))
