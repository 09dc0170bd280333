"""Patches as grammar: what an edit may say of a blueprint that is there.

In up to three stages: what stands before the data; the data; the rest, for which the data is as the patch leaves it. Each is
cut behind the section's `:` as blueprints are (stages.py).
"""

from __future__ import annotations

from typing import Any

from ..names import RESERVED_FIELDS
from ..patch import merge
from ..printer import print_tree
from ..problems import BlueprintError
from ..rename import rename
from ..schema import Blueprint, Entity
from ..source import load
from .access import entry
from .automations import automation
from .blocks import Blocks
from .expressions import Expressions
from .gbnf import Rules, Said, alt, branch, lit, opt, rep, seq, some_in_order, words
from .head import roles, theme
from .letters import ENTITY, FIELD, PAGE, name_but
from .options import listed
from .pages import new_page
from .patch_data import NULL, PatchData
from .prose import Prose
from .seed import Seed
from .written import Written

SECTIONS = ("data", "access", "pages", "seed", "automations", "order")
MOST_ENTRIES = 6


class Patches:
    """The grammar of a patch of one blueprint, from where its text stops. tree: the blueprint with what is patched so far."""

    def __init__(self, before: Blueprint, text: str, end: str) -> None:
        self.end = end
        self.begun = bool(end)
        self.before = before
        self.tree = _patched(before, text)
        self.written = Written(print_tree(self.tree))
        self.names = self.written.names
        self.rules = Rules()
        self.expressions = Expressions(self.rules, self.names)
        self.prose = Prose(self.rules)

    def start(self) -> str:
        """From the beginning: what is taken away, the head, then the end or the first section of names."""
        never = ("app", "data", "pages", *(() if self.end else SECTIONS))  # behind `seed:` the next stage may say null
        key = words(f"{key}: null" for key in self.tree if key not in never)
        gone = rep(seq(key, lit("\n")), 0, 2) if key else ""
        only_gone = seq(key, opt(lit("\n"))) if key else None
        return self.rules.text(seq(gone, alt(self._begin(), only_gone)) or "")

    def _begin(self) -> Said:
        """The head, or the first section's key."""
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
        return alt(seq(head, alt(opt(lit("\n")), seq(lit("\n"), cut))), cut)

    def data(self, place: tuple[str, ...]) -> str:
        """In the data. place: the keys that lead to where the text stops; behind ` =`, the last of them is "="."""
        data = PatchData(self, SECTIONS[1:], *place[1:3])
        match place:
            case ("data",):
                said = data.begin()
            case ("data", _):
                said = data.lines()
            case ("data", _, _, "="):
                said = data.value()
            case (_, _, part):
                said = data.part(part)
            case _:
                said = None
        return self.rules.text(said or "")

    def rest(self, section: str) -> str:
        """Behind one of the later sections' keys, to the end of the patch."""
        bodies = {
            "access": self._access,
            "pages": self._pages,
            "seed": self._seed,
            "automations": self._automations,
            "order": self._order,
        }
        order = list(bodies)
        later = [
            seq(lit(f"{name}:"), alt(bodies[name](False), NULL if name in self.tree and name != "pages" else None))
            for name in order[order.index(section) + 1 :]
        ]
        more = some_in_order(self.rules, ("rest",), later, "\n") if later else None
        said = seq(bodies[section](self.begun), opt(lit("\n"), more), opt(lit("\n")))
        gone = section in self.tree and section != "pages" and not self.end
        none = seq(NULL, alt(opt(lit("\n")), seq(lit("\n"), self._begin()))) if gone else None
        return self.rules.text(alt(said, none) or "")

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

    def keys(self, *way: str) -> list[str]:
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
        entries += self._gone("access")
        options = [("default:", alt(NULL, entry(self.expressions, None, nothing=True))), *entries]
        return self._lines("\n  ", self.rules.make(("access",), lambda: branch(options)), MOST_ENTRIES, begun)

    def _gone(self, section: str) -> list[tuple[str, Said]]:
        """Entries of entities that the patch has taken away."""
        return [
            (f"{name}:", NULL) for name in self.keys(section) if name not in self.names.entities and name != "default"
        ]

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
        there = [(f"{key}:", alt(NULL, blocks(of[key]))) for key in self.keys("pages") if key in of]
        line = alt(branch(there), seq(new_page(self.rules, self.names), lit(":"), blocks("")))
        return self._lines("\n  ", self.rules.make(("page",), lambda: line), MOST_ENTRIES, begun)

    def _seed(self, begun: bool) -> Said:
        options = self._gone("seed")
        for name in self.names.entities:
            seed = Seed(self.rules, self.written, name)
            rows = rep(seq(lit("\n    - "), self.rules.make(("rows", name), seed.row)), 1, 8) if seed.columns else None
            options.append((f"{name}:", alt(NULL, rows)))
        return self._lines("\n  ", self.rules.make(("seed",), lambda: branch(options)), MOST_ENTRIES, begun)

    def _automations(self, begun: bool) -> Said:
        there = words(self.keys("automations"))
        gone = seq(there, lit(": null")) if there else None
        line = self.rules.make(("automation",), lambda: alt(gone, automation(self.expressions)))
        return self._lines("\n  ", line, MOST_ENTRIES, begun)

    def _order(self, begun: bool) -> Said:
        """`pages: [Home, Book]`, `data.Dog: [name, breed]`; the pages may be those of this patch as well."""
        page = self.rules.make(("any-page",), lambda: alt(words(self.keys("pages")), new_page(self.rules, self.names)))
        said = [seq(lit("pages:"), listed(page, 14, "\n    "))]
        for entity in self.written.raw_entities:
            parts = [part for part in Entity.PARTS if part in self.keys("data", entity)]
            field = words([*self.names.entities[entity].fields, *parts])
            said.append(seq(lit(f"data.{entity}:"), listed(field, 24, "\n    ")))
        return self._lines("\n  ", self.rules.make(("order",), lambda: alt(*said)), 4, begun)


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
    merged: dict[str, Any] = merge(tree, _said(tree, patch))
    return merged


def _said(tree: Any, patch: dict[str, Any]) -> dict[str, Any]:
    """What a patch says so far. The key at its end, behind which nothing stands yet, is new or changes nothing."""
    found: dict[str, Any] = {}
    for key, value in patch.items():
        there = tree.get(key) if isinstance(tree, dict) else None
        if isinstance(value, dict):
            found[key] = _said(there, value)
        elif value not in ("", None):
            found[key] = None if value == "null" else value
        elif there is None:
            found[key] = {}
    return found
