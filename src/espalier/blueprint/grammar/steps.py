"""Steps as grammar: what actions, automations and the presets of a form do.

A list of steps stands on one line in brackets when no step holds a comma, a bracket or a quote, else one step a line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ..field import Field
from .expressions import Expressions
from .gbnf import Said, alt, branch, lit, rep, seq, words
from .kinds import Kind, is_address, is_any, is_asked, is_followed, is_people, is_set, is_typed
from .letters import ENTITY, FIELD, VALUE, name_but
from .paths import Scope

MOST_STEPS = 6
ADDRESS = '"http" "s"? "://" [a-z0-9.-]{3,40} ("/" [A-Za-z0-9/_-]{0,60})?'


@dataclass(frozen=True)
class Steps:
    """Steps on records of an entity (None: on no record).

    asks: a person is there to be asked. later: entities that are still to be declared may be named.
    """

    expressions: Expressions
    entity: str | None
    asks: bool
    later: bool = False

    def value(self, indent: int) -> Said:
        """What stands behind the key of an action or automation: a step, or a list whose items stand at the indent."""
        dash = "\n" + " " * indent + "- "

        def body() -> Said:
            one = alt(self._step(False), self._in_quotes())
            item = alt(self._step(True), self._made(True, ", "))
            line = seq(lit(dash), alt(one, self._made(False, dash)))
            flow = seq(lit(" ["), item, rep(seq(lit(", "), item), 0, MOST_STEPS - 1), lit("]"))
            return alt(seq(lit(" "), one), flow, rep(line, 1, MOST_STEPS))

        return self._rule("steps", body, indent)

    def _rule(self, name: str, body: Callable[[], Said], *more: object) -> Said:
        key = (name, self.entity, self.asks, self.later, *more)
        return self.expressions.rules.make(key, body)

    def _scope(self, flow: bool) -> Scope:
        return Scope(self.entity, flow=flow)

    @property
    def _others(self) -> list[str]:
        return [name for name in self.expressions.names.entities if name != "User"]

    def _step(self, flow: bool) -> Said:
        """One step as a plain scalar."""

        def body() -> Said:
            expressions, scope = self.expressions, self._scope(flow)
            said: list[Said] = [seq(lit("create "), words(self._others))]
            if self.entity:
                said += [
                    seq(lit("if "), expressions.condition(scope)),
                    lit("delete"),
                    self._sets(self.entity, scope, True),
                ]
            for entity in self._others:
                if self.entity is None or expressions.names.references(entity, self.entity):
                    said.append(seq(lit(f"{entity}."), self._sets(entity, scope, False)))
            if self.asks:
                said.append(seq(lit("ask "), expressions.own(is_asked, self.entity)))
            if self.later:
                said.append(self._to_come(scope))
            if not flow:
                said += [self._message(False), seq(lit("webhook "), ADDRESS)]
            return alt(*said)

        return self._rule("step", body, flow)

    def _made(self, flow: bool, between: str) -> Said:
        """`create Loan` and what is set and asked of the new record."""

        def body() -> Said:
            said: list[Said] = []
            for entity in self._others:
                one = seq(lit(f"{entity}."), self._sets(entity, self._scope(flow), False))
                ask = seq(lit(f"ask {entity}."), self.expressions.own(is_asked, entity)) if self.asks else None
                said.append(seq(lit(f"create {entity}"), rep(seq(lit(between), alt(one, ask)), 1, 4)))
            return alt(*said)

        return self._rule("made", body, between)

    def _sets(self, entity: str, scope: Scope, hops: bool) -> Said:
        """`status = Done`; with hops also through one reference."""
        expressions = self.expressions

        def body() -> Said:
            options: list[tuple[str, Said]] = []
            for name, field in expressions.names.entities[entity].fields.items():
                if is_set(field):
                    nothing = lit("null") if not field.required else None
                    options.append((f"{name} = ", alt(_value(expressions, field, scope), nothing)))
                if hops and is_followed(field) and field.target in self._others and field.target != entity:
                    options.append((f"{name}.", self._sets(field.target, scope, False)))
            return branch(options)

        return expressions.rules.make(("sets", entity, scope, hops), body)

    def _to_come(self, scope: Scope) -> Said:
        """What is made, set or asked of an entity that is still to be declared."""
        rules = self.expressions.rules
        entity = name_but(rules, self.expressions.names.entities, *ENTITY, joined="_")
        field = seq(entity, lit("."), name_but(rules, [], *FIELD, joined="_"))
        value = alt(
            self.expressions.number(scope),
            self.expressions.moment(scope),
            self.expressions.path(is_any, self.entity, 1),
            words(["me", "true", "false"]),
            name_but(rules, [], *VALUE, joined=" "),
        )
        asked = seq(lit("ask "), field) if self.asks else None
        return alt(seq(lit("create "), entity), seq(field, lit(" = "), value), asked)

    # --- words to people --------------------------------------------------------------------------------------------

    def _in_quotes(self) -> Said:
        """A message whose words YAML would misread, in single quotes; an apostrophe stands twice there."""
        return seq(lit("'"), self._message(True), lit("'"))

    def _message(self, in_quotes: bool) -> Said:
        """`email WHO "text"`."""

        def body() -> Said:
            expressions = self.expressions
            roles = words([*expressions.names.roles, "admin", "user", "me"])
            people = alt(roles, expressions.path(is_people, self.entity, 2), self._of_others(is_people))
            addresses = alt(roles, expressions.path(is_address, self.entity, 2), self._of_others(is_address))
            text = expressions.rules.make(("message", self.entity, in_quotes), partial(self._text, in_quotes))
            confirm = lit("confirm") if self.asks else None
            head = alt(seq(lit("notify "), people), seq(lit("email "), addresses), confirm)
            return seq(head, lit(' "'), text, lit('"'))

        return self._rule("mail", body, in_quotes)

    def _of_others(self, kind: Kind) -> Said:
        """`Signup.owner`: people and addresses of all records that refer to this one."""
        expressions = self.expressions
        known = [seq(lit(f"{name}."), expressions.path(kind, name, 0)) for name in self._others]
        if not self.later:
            return alt(*known)
        entity = name_but(expressions.rules, expressions.names.entities, *ENTITY, joined="_")
        return alt(*known, seq(entity, lit("."), name_but(expressions.rules, [], *FIELD, joined="_")))

    def _text(self, in_quotes: bool) -> Said:
        never = "" if in_quotes else ":#"
        letter = f"[^\\x00-\\x1F\\x22\\x27\\\\{never}{{}}\\x7F-\\xA0\\u2028\\u2029\\uFEFF]"
        value = seq(lit("{"), self.expressions.path(is_any, self.entity, 1), lit("}"))
        mark = lit("''") if in_quotes else alt(lit("'"), seq(lit(":"), "[^\\x00-\\x20\\x22\\\\{}]"))
        return rep(alt(letter, value, mark), 1, 180)


def presets(expressions: Expressions, entity: str, this: str | None, indent: int) -> Said:
    """`set:` of a form: values of the entity's own fields."""

    def one(flow: bool) -> Said:
        scope = Scope(None, this, flow=flow)
        fields = [field for field in expressions.names.entities[entity].fields.values() if is_typed(field)]
        options = [(f"{field.name} = ", _value(expressions, field, scope)) for field in fields]
        return expressions.rules.make(("presets", entity, scope), lambda: branch(options))

    item, single = one(True), one(False)
    return alt(
        seq(lit(" "), single),
        seq(lit(" ["), item, rep(seq(lit(", "), item), 1, 3), lit("]")),
        rep(seq(lit("\n" + " " * indent + "- "), single), 2, 4),
    )


def _value(expressions: Expressions, field: Field, scope: Scope) -> Said:
    """A value for a field; fields of the same sort share the rule."""
    key = ("set", field.kind, field.many, field.target, field.choices, scope)
    said = expressions.rules.make(key, partial(expressions.value, field, scope))
    if (
        scope.flow
        or scope.entity is None
        or field.kind not in ("int", "number", "percent", "money", "date", "datetime")
    ):
        return said
    return alt(
        said, expressions.rules.make(("pick", *key), partial(expressions.choose, scope, 1, said)) if said else None
    )
