"""Patches as grammar: what an edit may say of a blueprint that is there.

In up to three stages: what stands before the data; the data; the rest, for which the data is as the patch leaves it. Each is
cut behind the section's `:` as blueprints are (stages.py).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..field import Field
from ..names import RESERVED_FIELDS
from ..patch import _merge
from ..printer import print_tree
from ..problems import BlueprintError
from ..rename import rename
from ..schema import USER_FIELDS, Blueprint, Entity
from ..source import load
from .access import entry
from .automations import automation
from .blocks import Blocks
from .data import MOST_CHOICES, Data
from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lit, opt, rep, seq, some_in_order, words
from .head import roles, theme
from .letters import ENTITY, FIELD, PAGE, name_but
from .pages import new_page
from .paths import Scope
from .prose import Prose
from .seed import Seed
from .steps import Steps
from .values import DEEPEST
from .written import Written

SECTIONS = ("data", "access", "pages", "seed", "automations")
NULL = lit(" null")
MOST_ENTRIES = 6
MOST_LINES = 8


class Patches:
    """The grammar of a patch of one blueprint, from where its text stops. tree: the blueprint with what is patched so far."""

    def __init__(self, before: Blueprint, text: str, end: str) -> None:
        self.end = end
        self.begun = bool(end)
        self.tree = _patched(before, text)
        self.written = Written(print_tree(self.tree))
        self.names = self.written.names
        self.rules = Rules()
        self.expressions = Expressions(self.rules, self.names)
        self.prose = Prose(self.rules)

    def start(self) -> str:
        """From the beginning: the head, then the end or the first section of names."""
        gone = rep(seq(words(f"{key}: null" for key in self.tree if key not in ("app", "pages")), lit("\n")), 0, 2)
        sections = [
            seq(lit("rename:"), self._renames()),
            seq(lit("app: "), self.prose.line(60)),
            seq(lit("about: "), self.prose.line(200)),
            seq(lit("theme: {"), theme(self.rules, nothing=True), lit("}")),
            roles(self.rules),
            seq(lit("signup: "), alt(words(["user", "invite"]), self._some_roles())),
        ]
        head = some_in_order(self.rules, ("head",), sections, "\n")
        cut = words(f"{name}:{self.end}" for name in SECTIONS)
        only_gone = seq(words(f"{key}: null" for key in self.tree if key not in ("app", "pages")), opt(lit("\n")))
        return self.rules.text(
            seq(gone, alt(seq(head, alt(opt(lit("\n")), seq(lit("\n"), cut))), cut, only_gone)) or ""
        )

    def data(self) -> str:
        """Behind `data:`."""
        line = self.rules.make(("entity",), self._entity)
        cut = words(f"{name}:{self.end}" for name in SECTIONS[1:])
        return self.rules.text(
            seq(self._lines("\n  ", line, MOST_ENTRIES), alt(opt(lit("\n")), seq(lit("\n"), cut))) or ""
        )

    def rest(self, section: str) -> str:
        """Behind one of the later sections' keys, to the end of the patch."""
        bodies = {"access": self._access, "pages": self._pages, "seed": self._seed, "automations": self._automations}
        order = list(bodies)
        later = [seq(lit(f"{name}:"), bodies[name](False)) for name in order[order.index(section) + 1 :]]
        more = some_in_order(self.rules, ("rest",), [*later, seq(lit("order:"), self._order())], "\n")
        return self.rules.text(seq(bodies[section](self.begun), opt(lit("\n"), more), opt(lit("\n"))) or "")

    def _lines(self, pad: str, item: Said, most: int, begun: bool | None = None) -> Said:
        first = pad[1:] if (self.begun if begun is None else begun) else pad
        return seq(lit(first), item, rep(seq(lit(pad), item), 0, most - 1))

    def _some_roles(self) -> Said:
        role = words(self.names.roles)
        return seq(role, rep(seq(lit(" or "), role), 0, 3)) if role else None

    # --- head -------------------------------------------------------------------------------------------------------

    def _renames(self) -> Said:
        """`Client: Customer`, `Client.phone: mobile`."""
        entities = [name for name in self.names.entities if name != "User"]
        fields = [f"{entity}.{field}" for entity in entities for field in self.names.entities[entity].fields]
        new_entity = name_but(self.rules, self.names.entities, *ENTITY, joined="_")
        new_field = name_but(self.rules, RESERVED_FIELDS, *FIELD, joined="_")
        line = alt(seq(words(entities), lit(": "), new_entity), seq(words(fields), lit(": "), new_field))
        return rep(seq(lit("\n  "), line), 1, 3)

    # --- data -------------------------------------------------------------------------------------------------------

    def _entity(self) -> Said:
        options: list[tuple[str, Said]] = []
        for name in self.written.raw_entities:
            options.append((f"{name}:", alt(NULL, self.rules.make(("changes", name), partial(self._changes, name)))))
        if "User" not in self.written.raw_entities:
            options.append(("User:", self.rules.make(("changes", "User"), partial(self._changes, "User"))))
        new = name_but(self.rules, self.names.entities, *ENTITY, joined="_")
        return alt(branch(options), seq(new, lit(":"), self._changes("")))

    def _changes(self, entity: str) -> Said:
        """Fields of an entity, there already or new ("" is a new entity), and its other parts."""
        pad = "\n    "
        fields = self.names.entities[entity].fields if entity else {}
        own = [name for name in fields if not (entity == "User" and name in USER_FIELDS)]
        new = name_but(
            self.rules,
            [*RESERVED_FIELDS, *fields, *USER_FIELDS] if entity == "User" else [*RESERVED_FIELDS, *fields],
            *FIELD,
            joined="_",
        )
        said = self.rules.make(("type", entity), partial(self._type, entity))
        line = alt(
            seq(words(own), lit(":"), alt(NULL, seq(lit(" "), said))) if own else None, seq(new, lit(": "), said)
        )
        lines = rep(seq(lit(pad), line), 1, MOST_LINES)
        if not entity:
            return lines
        parts = [opt(lit(f"{pad}{name}:"), alt(NULL, body(entity))) for name, body in (
            ("unique", self._unique), ("rules", self._rules), ("actions", self._actions),
        )]  # fmt: skip
        some = [seq(lit(f"{pad}{name}:"), alt(NULL, body(entity))) for name, body in (
            ("unique", self._unique), ("rules", self._rules), ("actions", self._actions),
        )]  # fmt: skip
        return alt(seq(lines, *parts), some_in_order(self.rules, ("parts", entity), some, ""))

    def _type(self, entity: str) -> Said:
        """A type with its value."""
        data = Data(self.written, "", entity)
        data.rules, data.expressions, data.prose = self.rules, self.expressions, self.prose
        scope = Scope(entity or None, sums=bool(entity))
        choice = self.rules.make(("choice",), data.choice_value)
        several = seq(choice, rep(seq(lit(" | "), choice), 1, MOST_CHOICES - 1), opt(lit("!")))

        def valued(*kinds: str) -> Said:
            value = self.expressions.value(Field(kinds[0]), scope, DEEPEST)
            return seq(data.scalar(kinds), opt(lit(" = "), value))

        return alt(
            valued("int", "number", "percent", "rating"), valued("money"), valued("date"), valued("datetime"),
            valued("time"), valued("bool"), valued("text", "long", "email", "phone", "url", "color"),
            data.scalar(("location",)), data.references([*self.written.raw_entities, "User"]), lit("User! owner = me"),
            data.bare(), seq(several, opt(lit(" = "), choice)),
        )  # fmt: skip

    def _unique(self, entity: str) -> Said:
        name = words(
            [
                *self.names.entities[entity].fields,
                *(() if "owner" in self.names.entities[entity].fields else ("owner",)),
            ]
        )
        return seq(lit(" ["), name, rep(seq(lit(", "), name), 0, 3), lit("]"))

    def _rules(self, entity: str) -> Said:
        there = words(self._keys("data", entity, "rules"))
        rule = seq(lit(" "), self.expressions.condition(Scope(entity, sums=True)))
        line = alt(seq(there, lit(":"), alt(NULL, rule)) if there else None, seq(self.prose.line(110), lit(":"), rule))
        return rep(seq(lit("\n      "), line), 1, 4)

    def _actions(self, entity: str) -> Said:
        there = words(self._keys("data", entity, "actions"))
        steps = seq(lit(":"), alt(NULL, Steps(self.expressions, entity, asks=True).value(8)))
        who = opt(lit(" ("), self.expressions.who(entity), lit(")"))
        line = alt(seq(there, steps) if there else None, seq(self.prose.plain(40, "()"), who, steps))
        return rep(seq(lit("\n      "), line), 1, 6)

    def _keys(self, *way: str) -> list[str]:
        """The keys of a mapping of the blueprint that need no quotes."""
        node: Any = self.tree
        for step in way:
            node = node.get(step) if isinstance(node, dict) else None
        return (
            [key for key in node if "\n" not in key and '"' not in key and ": " not in key]
            if isinstance(node, dict)
            else []
        )

    # --- the rest ---------------------------------------------------------------------------------------------------

    def _access(self, begun: bool) -> Said:
        entries = [(f"{name}:", alt(NULL, entry(self.expressions, name, nothing=True))) for name in self.names.entities]
        options = [("default:", alt(NULL, entry(self.expressions, None, nothing=True))), *entries]
        return self._lines("\n  ", self.rules.make(("access",), lambda: branch(options)), MOST_ENTRIES, begun)

    def _pages(self, begun: bool) -> Said:
        plain = [name for name in self.written.page_names if not name.startswith("Each ")]
        target = name_but(self.rules, [], *PAGE, joined=" '")

        def blocks(this: str) -> Said:
            def body() -> Said:
                kinds = Blocks(self.expressions, this, plain)
                return rep(
                    seq(lit("\n    - "), alt(kinds.others(), kinds.leading(alt(kinds.known_target(), target), "any"))),
                    1,
                    9,
                )

            return self.rules.make(("blocks", this), body)

        each = dict(zip(self.written.pages, self.written.page_names, strict=True))
        of = {
            key: name.split()[1] if name.startswith("Each ") and name.split()[1] in self.names.entities else ""
            for key, name in each.items()
        }
        there = [(f"{key}:", alt(NULL, blocks(of[key]))) for key in self._keys("pages") if key in of]
        line = alt(branch(there), seq(new_page(self.rules, self.names), lit(":"), blocks("")))
        return self._lines("\n  ", self.rules.make(("page",), lambda: line), MOST_ENTRIES, begun)

    def _seed(self, begun: bool) -> Said:
        options: list[tuple[str, Said]] = []
        for name in self.names.entities:
            seed = Seed(self.rules, self.written, name)
            rows = rep(seq(lit("\n    - "), self.rules.make(("rows", name), seed.row)), 1, 8) if seed.columns else None
            options.append((f"{name}:", alt(NULL, rows)))
        return self._lines("\n  ", self.rules.make(("seed",), lambda: branch(options)), MOST_ENTRIES, begun)

    def _automations(self, begun: bool) -> Said:
        there = words(self._keys("automations"))
        gone = seq(there, lit(": null")) if there else None
        line = self.rules.make(("automation",), lambda: alt(gone, automation(self.expressions)))
        return self._lines("\n  ", line, MOST_ENTRIES, begun)

    def _order(self) -> Said:
        """`pages: [Home, Book]`, `data.Dog: [name, breed]`."""
        page = words(self._keys("pages"))
        said = [seq(lit("pages: ["), page, rep(seq(lit(", "), page), 1, 12), lit("]"))]
        for entity in self.written.raw_entities:
            field = words(
                [
                    *self.names.entities[entity].fields,
                    *(part for part in Entity.PARTS if part in self._keys("data", entity)),
                ]
            )
            said.append(seq(lit(f"data.{entity}: ["), field, rep(seq(lit(", "), field), 1, 19), lit("]")))
        return rep(seq(lit("\n  "), alt(*said)), 1, 4)


def _patched(before: Blueprint, text: str) -> dict[str, Any]:
    """The blueprint's tree with the patch as far as it is written; what does not fit yet is left out."""
    tree = before.model_dump()
    if not text.strip():
        return tree
    try:
        patch = load(text).tree
    except BlueprintError:
        return tree
    if not isinstance(patch, dict):
        return tree
    renames = patch.pop("rename", None)
    if isinstance(renames, dict) and all(isinstance(name, str) for name in renames.values()):
        try:
            tree = rename(before, renames).model_dump()
        except BlueprintError:
            return tree
    merged: dict[str, Any] = _merge(
        tree, {key: _nothing(value) for key, value in patch.items() if value not in ("", None)}
    )
    return merged


def _nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _nothing(item) for key, item in value.items()}
    return None if value == "null" else value
