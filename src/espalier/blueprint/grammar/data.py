"""Entities as grammar: one entity's fields, values behind `=`, rules and actions, and the header of what follows.

An entity is written in a few stages, cut where what comes next depends on what was just written: behind ` =` (a default is
one of the choices, a computed value is made of fields), and behind `unique:`, `rules:` or `actions:` (they name the fields).
Entities that a sum or an action names before they are declared are awaited (awaited.py): the data does not end before they
are there, with the fields by which they were named.
"""

from __future__ import annotations

from dataclasses import replace

from ..field import Field
from ..names import RESERVED_FIELDS
from ..schema import USER_FIELDS
from .awaited import Demand, awaited, demands
from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lines, lit, opt, rep, seq, words
from .letters import ENTITY, FIELD, LARGE, name_but, ranges
from .pages import new_page
from .paths import Scope
from .prose import Prose
from .steps import Steps
from .values import DEEPEST
from .written import Written

MOST_ENTITIES = 9
MOST_FIELDS = 20
MOST_CHOICES = 12
MOST_DEMANDS = 3
PARTS = ("unique", "rules", "actions")
# Types by what may stand behind them: a range or unit, a range, nothing; and those that take no value behind `=`.
MEASURED = ("int", "number", "money")
RANGED = ("percent", "rating")
PLAIN = ("text", "long", "bool", "date", "datetime", "time", "email", "phone", "url", "color", "location")
VALUELESS = ("image", "file", "tags", "json")
UNIT = ranges("A-Za-z°€$£%µ")


class Data:
    """The grammar of the data section from where the text stops."""

    def __init__(self, written: Written, end: str, entity: str | None = None) -> None:
        self.written = written
        self.end = end
        self.rules = Rules()
        self.names = written.names
        self.entity = written.entity if entity is None else entity
        self.expressions = Expressions(self.rules, self.names)
        self.prose = Prose(self.rules)
        self.fields = self.names.entities[self.entity].fields if self.entity else {}
        self.declared = list(written.raw_entities.get(self.entity, ()))
        self.room = MOST_ENTITIES - len(written.raw_entities)  # entities that may still come

    # --- the stages -------------------------------------------------------------------------------------------------

    def begin(self) -> str:
        """Behind an entity's header."""
        return self.rules.text(seq("" if self.end else lit("\n"), self._fields()) or "")

    def more(self) -> str:
        """Behind a field."""
        return self.rules.text(seq(lit("\n"), self._fields()) or "")

    def value(self) -> str:
        """Behind ` =`: the value, and the rest of the entity."""
        self.expressions = Expressions(self.rules, replace(self.names, hidden=(self.entity, self.declared[-1])))
        field = self.fields.get(self.declared[-1])
        said = self.value_of(field) if field else None
        more = self.value_of(field, True) if field and self.room > 0 else None
        known = seq(lit(" "), said or lit("null"), lit("\n"), self._fields())
        later = seq(lit(" "), more, lit("\n"), self._fields(owing=True)) if more and more != said else None
        return self.rules.text(alt(known, later) or "")

    def part(self, name: str) -> str:
        """Behind `unique:`, `rules:` or `actions:`."""
        bodies = {"unique": self._unique, "rules": self._rules, "actions": self._actions}
        left = PARTS[PARTS.index(name) :]

        def sections(owing: bool, at: int, begun: bool) -> Said:
            """The parts from one on. Once a line names an entity to come, one must come."""
            if at == len(left):
                return seq(lit("\n"), self._after(owing))
            body = bodies[left[at]]
            head = "" if at == 0 else lit(f"\n    {left[at]}:")
            known = seq(
                head,
                body(begun, False),
                self.rules.make(("rest", owing, at + 1), lambda: sections(owing, at + 1, False)),
            )
            later = None
            if self.room > 0 and left[at] != "unique":
                later = seq(
                    head,
                    body(begun, True),
                    self.rules.make(("rest", True, at + 1), lambda: sections(True, at + 1, False)),
                )
            without = (
                None if at == 0 else self.rules.make(("rest", owing, at + 1), lambda: sections(owing, at + 1, False))
            )
            return alt(known if not owing or later is None else None, later, without)

        return self.rules.text(sections(False, 0, bool(self.end)) or "")

    # --- what follows -----------------------------------------------------------------------------------------------

    def _after(self, owing: bool = False) -> Said:
        """The next entity's header, or the next section's; it starts behind the line break. owing: something written in
        this stage names an entity that is still to come."""
        return self.rules.make(("after", owing), lambda: self._next(owing))

    def _next(self, owing: bool) -> Said:
        owed = [name for name in awaited(self.written) if name != self.entity]
        room = self.room
        taken = [*self.names.entities]
        new = (
            words(owed)
            if owed and room <= len(owed)
            else name_but(self.rules, taken, *ENTITY, joined="_")
            if room > 0
            else None
        )
        if not owed and "User" not in self.written.raw_entities and new:
            new = alt(new, lit("User"))
        entity = seq(lit("  "), new, lit(":" + self.end)) if new else None
        if owed or owing:
            return entity
        page = seq(lit("pages:\n  "), new_page(self.rules, self.names), lit(":" + self.end))
        return alt(entity, lit("access:" + self.end), page)

    # --- fields -----------------------------------------------------------------------------------------------------

    def _fields(self, owing: bool = False) -> Said:
        """Field lines up to the end of the entity, or to where the stage is cut. What is demanded comes before the end."""
        wanted = [demand for demand in demands(self.written, self.entity) if not demand.met(self.fields)][:MOST_DEMANDS]
        after = self._after(owing)
        kept = [demand.name for demand in wanted if demand.name]
        own = [*USER_FIELDS] if self.entity == "User" else []
        new = name_but(self.rules, [*RESERVED_FIELDS, "owner", *own, *self.declared, *kept], *FIELD, joined="_")
        name = self.rules.make(("name",), lambda: new)
        some = bool(self.declared)

        def rest(open_demands: tuple[Demand, ...], room: int, owner: bool) -> Said:
            def line(name: Said, types: tuple[Said, Said], following: Said) -> Said:
                valued, bare = types
                return seq(
                    name,
                    lit(": "),
                    alt(seq(valued, alt(lit(" ="), seq(lit("\n"), following))), seq(bare, lit("\n"), following)),
                )

            def body() -> Said:
                said: list[Said] = []
                if room:
                    following = rest(open_demands, room - 1, owner)
                    said.append(line(name, self._types(None), following))
                    if owner:
                        following = rest(open_demands, room - 1, False)
                        said.append(seq(lit("owner: User"), opt(lit("!")), alt(lit(" ="), seq(lit("\n"), following))))
                for demand in open_demands:
                    left = tuple(other for other in open_demands if other is not demand)
                    said.append(
                        line(
                            lit(demand.name) if demand.name else name,
                            self._types(demand),
                            rest(left, max(room - 1, 0), owner),
                        )
                    )
                ended = not open_demands and (some or room < MOST_FIELDS)
                parts = (
                    words(f"{part}:" + (self.end if part != "unique" else "") for part in PARTS)
                    if some or room < MOST_FIELDS
                    else None
                )
                return alt(seq(lit("    "), alt(*said, parts)), after if ended else None)

            return self.rules.make(("fields", open_demands, room, owner, owing), body)

        owner = "owner" not in self.declared and self.entity != "User"
        return rest(tuple(wanted), max(MOST_FIELDS - len(self.declared), 0), owner)

    def _types(self, demand: Demand | None) -> tuple[Said, Said]:
        """Types that may be followed by a value, and those that may not."""
        if demand is None or demand.kind == "any":
            return self.rules.make(("valued",), self.valued), self.rules.make(("bare",), self.bare)
        match demand.kind:
            case "amount":
                return self.scalar((*MEASURED, *RANGED)), None
            case "moment":
                return self.scalar(("date", "datetime")), None
            case "bool":
                return self.scalar(("bool",)), None
            case "reference":
                return self.references([demand.target]), None
            case _:
                return seq(self._choice_with(demand.values), opt(lit("!"))), None

    def scalar(self, kinds: tuple[str, ...]) -> Said:
        """A type by its name, with what may be said of it."""
        number = '"-"? [0-9]{1,6} ("." [0-9]{1,2})?'
        span = alt(seq(number, lit(".."), opt(number)), seq(lit(".."), number))
        never = ["unique", "owner", "part", "required", "optional"]
        unit = name_but(self.rules, never, UNIT, (*UNIT, *ranges("0-9²³/·-")), 8, joined="")
        measure = self.rules.make(("measure",), lambda: opt(lit(" "), alt(span, unit)))
        span = self.rules.make(("span",), lambda: opt(lit(" "), span))
        mark = seq(opt(lit("!")))
        unique = opt(lit(" unique"))
        return branch(
            (kind, seq(mark, measure if kind in MEASURED else span if kind in RANGED else "", unique)) for kind in kinds
        )

    def references(self, targets: list[str]) -> Said:
        """A reference to one of these entities."""
        unique = opt(lit(" unique"))
        parted = any(field.part for field in self.fields.values())
        options: list[tuple[str, Said]] = []
        for target in targets:
            if target == "User":
                options.append((target, seq(opt(lit("!")), unique, opt(lit(" owner")))))
            elif target == self.entity or parted:
                options.append((target, seq(opt(lit("!")), unique)))
            else:
                options.append((target, alt(seq(opt(lit("!")), unique), seq(lit("!"), unique, lit(" part")))))
        return branch(options)

    def valued(self) -> Said:
        """A type that may take a value behind `=`."""
        known = [*self.written.raw_entities, "User"]
        choice = self.rules.make(("choice",), self.choice_value)
        several = self.rules.make(("choices",), lambda: seq(choice, rep(seq(lit(" | "), choice), 1, MOST_CHOICES - 1)))
        return alt(
            self.scalar((*PLAIN, *MEASURED, *RANGED)),
            self.references(list(dict.fromkeys(known))),
            seq(several, opt(lit("!")), opt(lit(" unique"))),
        )

    def bare(self) -> Said:
        """A type that takes no value behind `=`."""
        known = list(dict.fromkeys([*self.written.raw_entities, "User"]))
        large = name_but(self.rules, [], LARGE, (*LARGE, *ranges("-")), 7, joined="")
        start = seq(opt(large), "[0-9]{1,6}")
        choice = self.rules.make(("choice",), self.choice_value)
        return alt(
            lit("marks"),
            seq(lit("serial"), opt(lit(" "), start)),
            seq(words(VALUELESS), opt(lit("!"))),
            seq(lit("["), words([*known, "image", "file"]), opt(lit("!")), lit("]")),
            seq(lit("["), choice, rep(seq(lit(" | "), choice), 1, MOST_CHOICES - 1), opt(lit("!")), lit("]")),
        )

    def choice_value(self) -> Said:
        """One value of a choice: words that YAML and expressions can tell from what stands around them."""
        never = "\\x00-\\x20|!\\x22\\x27`,\\x5B\\x5D{}:#=<>()*&@?\\\\\\x7F-\\xA0\\u2028\\u2029\\uFEFF"
        letter = f"[^{never}]"
        first = alt(f"[^{never}%\\x2D]", seq(lit("-"), "[0-9]"))
        step = alt(letter, seq(lit(" "), alt(letter, lit("& "))), seq(alt(lit(":"), lit("'")), "[0-9A-Za-z]"))
        return seq(first, self.rules.make(("choice-more",), lambda: rep(step, 0, 38)))

    def _choice_with(self, values: tuple[str, ...]) -> Said:
        """A choice that has these values among others."""
        choice = self.rules.make(("choice",), self.choice_value)
        more = self.rules.make(("choices-more",), lambda: rep(seq(lit(" | "), choice), 0, MOST_CHOICES - 2))

        def after(left: tuple[str, ...], said: int) -> Said:
            def body() -> Said:
                if not left:
                    return more if said > 1 else seq(lit(" | "), choice, more)
                next_one = [
                    seq(lit(value), after(tuple(other for other in left if other != value), said + 1)) for value in left
                ]
                if said < 6:
                    next_one.append(seq(choice, after(left, said + 1)))
                return seq(lit(" | ") if said else "", alt(*next_one))

            return self.rules.make(("with", left, said), body)

        return after(values[:4], 0)

    def value_of(self, field: Field, later: bool = False) -> Said:
        """A default, or what the field is computed from; what has marks (`!`, `unique`) can only have a default."""
        default = Scope(self.entity, None, constant=True)
        fixed = field.required or field.unique or field.owner or field.part
        if fixed:
            return self.expressions.value(field, default)
        computed = Scope(self.entity, sums=True, later=later)
        return alt(self.expressions.value(field, default), self.expressions.value(field, computed, DEEPEST))

    # --- unique, rules, actions ---------------------------------------------------------------------------------------

    def _unique(self, begun: bool, later: bool) -> Said:
        names = [
            name
            for name, field in self.fields.items()
            if not field.computed and not field.many and field.kind != "marks"
        ]
        if "owner" not in self.fields:
            names.append("owner")
        name = words(names)
        return seq(lit(" ["), name, rep(seq(lit(", "), name), 0, 3), lit("]"))

    def _rules(self, begun: bool, later: bool) -> Said:
        rule = seq(
            self.prose.line(110), lit(": "), self.expressions.condition(Scope(self.entity, sums=True, later=later))
        )
        return lines("\n      ", self.rules.make(("rule", later), lambda: rule), 1, 4, begun=begun)

    def _actions(self, begun: bool, later: bool) -> Said:
        steps = Steps(self.expressions, self.entity, asks=True, later=later).value(8)
        label = self.prose.plain(40, "()")
        who = opt(lit(" ("), self.expressions.who(self.entity), lit(")"))
        action = self.rules.make(("action", later), lambda: seq(label, who, lit(":"), steps))
        return lines("\n      ", action, 1, 6, begun=begun)
