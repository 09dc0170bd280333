"""Conditions as grammar: comparisons whose sides are of one type, and, where access is meant, who somebody is."""

from __future__ import annotations

from functools import partial

from ..expression.meaning import NUMBERS
from ..field import Field
from .gbnf import Said, alt, branch, lit, opt, rep, seq, words
from .kinds import holds_many, is_bool, is_crowd, is_followed, is_text
from .paths import Scope
from .values import ANY_SIGN, NUMBER, PLUS, TIMES, Values

COMPARED = words([" = ", " != ", " < ", " <= ", " > ", " >= "])
EQUALS = words([" = ", " != "])
NULL = seq(EQUALS, lit("null"))
JOINED = '(" and " | " or ")'


class Conditions(Values):
    """The conditions of one grammar."""

    def condition(self, scope: Scope, depth: int = 1) -> Said:
        """What is true or false; with access also who somebody is."""

        def body() -> Said:
            atom = self.rules.make(("atom", scope, depth), partial(self._atom, scope, depth))
            return seq(atom, rep(seq(JOINED, atom), 0, 6))

        return self.rules.make(("condition", scope, depth), body)

    def who(self, entity: str | None) -> Said:
        """Who may press a button: roles, people that a path leads to, and what must hold, in few words."""
        scope = Scope(entity, None, True, key=True)

        def body() -> Said:
            truth = seq(opt(lit("not ")), alt(self.path(is_bool, entity, 2), self._words_of_access(scope)))
            atom = alt(truth, self._comparisons(entity, 2, scope, 0))
            return seq(atom, rep(seq(JOINED, atom), 0, 2))

        return self.rules.make(("who", entity), body)

    def _words_of_access(self, scope: Scope) -> Said:
        own = ["own"] if scope.entity or scope.own else []
        return words([*self.names.roles, "admin", "anyone", "user", "nobody", *own])

    def _flat(self, scope: Scope) -> Said:
        """What stands in the brackets of access: no further ones."""
        atom = self.rules.make(("flat-atom", scope), partial(self._atom, scope, 0, False))
        return seq(atom, rep(seq(JOINED, atom), 1, 3))

    def _atom(self, scope: Scope, depth: int, brackets: bool = True) -> Said:
        """One condition. `not` stands only before what is true or false by itself."""
        inside = self.condition(scope, depth - 1) if depth else None
        if not depth and brackets and scope.access:
            inside = self.rules.make(("flat", scope), partial(self._flat, scope))
        plain = [
            seq(lit("("), inside, lit(")")) if inside else None,
            seq(lit("me in "), self.paths(is_crowd, scope)),
            self._words_of_access(scope) if scope.access else None,
        ]
        fields = [self.path(is_bool, scope.entity, 2)]
        said = [
            seq(opt(lit("not ")), self._comparisons(scope.entity, 2, scope, depth)),
            *self._other_comparisons(scope, depth),
        ]
        if scope.this:
            plain.append(seq(lit("this in "), self.paths(holds_many(scope.this), scope)))
            fields.append(seq(lit("this."), self.path(is_bool, scope.this, 2)))
            said.append(seq(lit("this."), self._comparisons(scope.this, 1, scope, depth)))
        if not scope.flow:
            said.append(seq(lit("me."), self._comparisons("User", 1, scope, depth)))
        return alt(*said, *plain, seq(lit("not "), alt(*plain, *fields)))

    def _comparisons(self, entity: str | None, hops: int, scope: Scope, depth: int) -> Said:
        """A path from a record of the entity, and what it is compared with. The scope is the other side's."""
        if entity is None or entity not in self.names.entities:
            return None

        def body() -> Said:
            options: list[tuple[str, Said]] = []
            if scope.this == entity == scope.entity:
                options.append(("id", seq(EQUALS, lit("this.id"))))
            for name, field in self.names.fields(entity).items():
                # A role wins over a field of its name.
                if not (scope.access and entity == scope.entity and name in (*self.names.roles, "admin", "user")):
                    options.append((name, self._compared(entity, field, scope, depth)))
                if hops and is_followed(field):
                    options.append((f"{name}.", self._comparisons(field.target, hops - 1, scope, depth)))
            return branch(options)

        return self.rules.make(("where", entity, hops, scope, depth), body)

    def _compared(self, entity: str, field: Field, scope: Scope, depth: int) -> Said:
        """What may stand behind a field in a condition. Fields of a type share a rule."""
        if entity == "User" and field.name == "role":
            return seq(EQUALS, words([*self.names.roles, "admin", "user"]))
        led = field.kind == "marks" or (field.kind == "reference" and (field.target == "User" or not field.many))
        itself = "" if scope.access and led and not field.computed else None
        if field.many or field.kind in ("tags", "json", "image", "file", "location"):
            return alt(itself, NULL)
        inner = min(depth, 1)
        make = self.rules.make
        match field.kind:
            case "choice":
                return make(("choices", field.choices, scope), partial(self._one_of, field.choices, scope))
            case "reference":
                other = alt(self.record(field.target, scope), lit("null"))
                return alt(itself, make(("same", field.target, scope), lambda: seq(EQUALS, other)))
            case "bool":
                return alt("", seq(EQUALS, words(["true", "false"])))
            case "marks":
                return alt(itself, seq(COMPARED, self.number(scope, 0)))
            case "time":
                return make(("times", scope), lambda: alt(seq(COMPARED, self.time(scope)), NULL))
            case "date" | "datetime":
                shift = rep(self.shift(scope, False), 0, 1)
                return make(
                    ("moments", scope, inner), lambda: alt(seq(shift, COMPARED, self.moment(scope, inner)), NULL)
                )
            case "money":
                steps = rep(alt(
                    seq(PLUS, alt(self.money_factor(scope, inner), NUMBER)), seq(TIMES, self.factor(scope, 0)),
                ), 0, 2)  # fmt: skip
                side = alt(self.money(scope, inner), f'"-"? {NUMBER}')
                return make(("moneys", scope, inner), lambda: alt(seq(steps, COMPARED, side), NULL))
            case _ if field.kind in NUMBERS:
                steps = rep(seq(ANY_SIGN, self.factor(scope, inner)), 0, 4)
                among = self._in_numbers(scope)
                return make(
                    ("numbers", scope, inner), lambda: alt(seq(steps, COMPARED, self.number(scope, inner)), among, NULL)
                )
        return make(("compared", scope), lambda: alt(seq(COMPARED, self.text(scope, 0)), NULL))

    def _one_of(self, choices: tuple[str, ...], scope: Scope) -> Said:
        one = self.choice(choices, scope)
        several = None if scope.flow else seq(lit(" in ["), one, rep(seq(lit(", "), one), 0, 5), lit("]"))
        return alt(seq(EQUALS, alt(one, lit("null"))), several)

    def _in_numbers(self, scope: Scope) -> Said:
        """` in [1, 7]`."""
        if scope.flow:
            return None
        return self.rules.make(
            ("among",), lambda: seq(lit(" in ["), NUMBER, rep(seq(lit(", "), NUMBER), 0, 6), lit("]"))
        )

    def _other_comparisons(self, scope: Scope, depth: int) -> list[Said]:
        """Conditions that do not start with a field."""
        inner = min(depth, 1)
        clock = alt(lit("today"), lit("now"), *self.moment_calls(scope, inner, False))
        steps = rep(seq(ANY_SIGN, self.factor(scope, inner)), 0, 4)
        said = [
            seq(clock, rep(self.shift(scope, False), 0, 1), COMPARED, self.moment(scope, inner)),
            seq(
                self.number_call(scope, inner),
                steps,
                alt(seq(COMPARED, self.number(scope, inner)), self._in_numbers(scope)),
            ),
            seq(self.aggregate(scope, "money") if inner else None, COMPARED, alt(self.money(scope, inner), NUMBER)),
        ]
        if scope.entity and scope.entity in self.names.entities:
            for name, field in self.names.entities[scope.entity].fields.items():
                if field.many and field.choices:
                    said.append(seq(self.choice(field.choices, scope), lit(f" in {name}")))
        words_of = self.paths(is_text, scope)
        said.append(seq(lit("lower("), words_of, lit(")"), COMPARED, self.text(scope, 1)))
        if not (scope.flow or scope.bare):
            said.append(seq(lit("contains("), words_of, lit(", "), self.string(), lit(")")))
        return said
