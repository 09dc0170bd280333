"""The data of a patch as grammar: entities and fields that are there, new ones, and what is taken away.

Cut as the data of a blueprint is, behind an entity's name, behind ` =` and behind `unique:`, `rules:` and `actions:`, so that what
the patch adds may be named by what comes next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import RESERVED_FIELDS
from ..schema import USER_FIELDS
from .data import PARTS, Data
from .gbnf import Said, alt, lit, opt, rep, seq, words
from .letters import ENTITY, FIELD, name_but
from .paths import Scope
from .steps import Steps

if TYPE_CHECKING:
    from .patches import Patches

MOST_LINES = 8
MOST_GONE = 3  # entities taken away, one after the other
NULL = lit(" null")
LINE = "\n    "


class PatchData:
    """What may follow in the data of a patch. entity: the one being changed; field: the one whose value is asked for."""

    def __init__(self, patches: Patches, sections: tuple[str, ...], entity: str = "", field: str = "") -> None:
        self.patches, self.sections, self.entity, self.field = patches, sections, entity, field
        self.rules, self.names, self.end = patches.rules, patches.names, patches.end
        self.expressions, self.prose = patches.expressions, patches.prose
        known = self.names.entities.get(entity)
        self.fields = known.fields if known else {}

    # --- the stages -------------------------------------------------------------------------------------------------

    def begin(self) -> Said:
        """Behind `data:`."""
        return seq(lit("  " if self.end else "\n  "), self._header(MOST_GONE))

    def lines(self) -> Said:
        """Behind an entity's name."""
        gone = seq(NULL, self._after(MOST_GONE)) if not self.end and self.entity in self.patches.before.data else None
        return alt(gone, self._line(MOST_LINES, bool(self.end)), self._part_from(0, bool(self.end)))

    def value(self) -> Said:
        """Behind ` =`."""
        data = self._data()
        said = data.value_of(self.fields[self.field]) if self.field in self.fields else None
        return seq(lit(" "), said or lit("null"), self._rest(MOST_LINES))

    def part(self, name: str) -> Said:
        """Behind `unique:`, `rules:` or `actions:`."""
        bodies = {"unique": self._unique, "rules": self._rules, "actions": self._actions}
        there = bool(self.patches.keys("data", self.entity, name)) or name == "unique"
        gone = NULL if there and (not self.end or name == "unique") else None
        said = seq(bodies[name](), alt(self._part_from(PARTS.index(name) + 1, False), self._after(MOST_GONE)))
        return alt(seq(gone, self._rest(MOST_LINES)) if gone else None, said)

    # --- what follows -----------------------------------------------------------------------------------------------

    def _after(self, left: int) -> Said:
        """Behind an entity: another one, the next section, or the end. left: entities that may still be taken away at once."""

        def body() -> Said:
            cut = words(f"{name}:{self.end}" for name in self.sections)
            more = seq(lit("\n  "), self._header(left))
            return alt(more, seq(lit("\n"), cut), opt(lit("\n")))

        return self.rules.make(("after", left), body)

    def _header(self, left: int) -> Said:
        known = list(dict.fromkeys([*self.patches.written.raw_entities, "User"]))
        new = name_but(self.rules, self.names.entities, *ENTITY, joined="_")
        gone = seq(words(known), lit(":"), NULL, self._after(left - 1)) if self.end and left > 0 else None
        return self.rules.make(("header", left), lambda: alt(seq(alt(words(known), new), lit(f":{self.end}")), gone))

    def _rest(self, room: int) -> Said:
        """Behind a field."""
        more = self._line(room, False) if room else None
        return self.rules.make(("rest", room), lambda: alt(more, self._part_from(0, False), self._after(MOST_GONE)))

    def _line(self, room: int, begun: bool) -> Said:
        """A field that is changed, taken away, or new."""
        own = [name for name in self.fields if not (self.entity == "User" and name in USER_FIELDS)]
        taken = {*RESERVED_FIELDS, *self.fields, *(USER_FIELDS if self.entity == "User" else ())}
        new = name_but(self.rules, taken, *FIELD, joined="_")
        following = self._rest(room - 1)

        def body() -> Said:
            valued, bare = (
                self.rules.make(("valued",), self._data().valued),
                self.rules.make(("bare",), self._data().bare),
            )
            said = seq(lit(": "), alt(seq(valued, alt(lit(" ="), following)), seq(bare, following)))
            owner = (
                None if "owner" in self.fields else seq(lit("owner: User"), opt(lit("!")), alt(lit(" ="), following))
            )
            gone = seq(words(own), lit(":"), NULL, following) if own else None
            return alt(gone, seq(alt(words(own) if own else None, new), said), owner)

        return seq(lit(LINE[1:] if begun else LINE), self.rules.make(("line", room), body))

    def _part_from(self, at: int, begun: bool) -> Said:
        """The header of one of the parts from one on."""
        said: list[Said] = []
        for name in PARTS[at:]:
            end = self.end if name != "unique" else ""
            gone = None
            if end and self.patches.keys("data", self.entity, name):
                others = alt(self._part_from(PARTS.index(name) + 1, False), self._after(MOST_GONE))
                gone = seq(lit(f"{name}:"), NULL, others)
            said += [lit(f"{name}:{end}"), gone]
        return seq(lit(LINE[1:] if begun else LINE), alt(*said)) if said else None

    # --- types, unique, rules, actions --------------------------------------------------------------------------------

    def _data(self) -> Data:
        """The grammar of fields, with our rules."""
        data = Data(self.patches.written, "", self.entity)
        data.rules, data.expressions, data.prose = self.rules, self.expressions, self.prose
        return data

    def _unique(self) -> Said:
        names = [*self.fields, *(() if "owner" in self.fields else ("owner",))]
        name = words(names)
        return seq(lit(" ["), name, rep(seq(lit(", "), name), 0, 3), lit("]"))

    def _some(self, line: Said, most: int) -> Said:
        pad = "\n      "
        return seq(lit(pad[1:] if self.end else pad), line, rep(seq(lit(pad), line), 0, most - 1))

    def _rules(self) -> Said:
        there = words(self.patches.keys("data", self.entity, "rules"))
        rule = seq(lit(" "), self.expressions.condition(Scope(self.entity, sums=True)))
        line = alt(seq(there, lit(":"), alt(NULL, rule)) if there else None, seq(self.prose.line(110), lit(":"), rule))
        return self._some(self.rules.make(("rule",), lambda: line), 4)

    def _actions(self) -> Said:
        there = words(self.patches.keys("data", self.entity, "actions"))
        steps = seq(lit(":"), alt(NULL, Steps(self.expressions, self.entity, asks=True).value(8)))
        who = opt(lit(" ("), self.expressions.who(self.entity), lit(")"))
        line = alt(seq(there, steps) if there else None, seq(self.prose.plain(40, "()"), who, steps))
        return self._some(self.rules.make(("action",), lambda: line), 6)
