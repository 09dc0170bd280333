"""An app while it is composed: the entities chosen with the names they go by, the document tree, and what its prompt may say.

Composers write into a draft; the prompt is written from its statements. Everything random comes from the draft's own source.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zlib import crc32

from espalier.blueprint.names import plural, words
from espalier.check.requirements import Requirement
from espalier.check.words import Like

from .taxonomy import Domain, EntityKind, FieldKind, Purpose

T = TypeVar("T")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
WORD_OF_EXPRESSIONS = frozenset(
    "where and or not in sum count avg min max days hours weeks months years today now me this if".split()
)


SILENT = ("hour", "honest", "honour", "heir")  # letters that nobody hears
DOINGS = 0.33  # of the prompts tell what people do


@dataclass
class FieldDraft:
    """A field as it is in this app. name: what it is called; choices: those of its kind that are offered here."""

    kind: FieldKind
    name: str
    choices: tuple[str, ...] = ()
    type: str = ""
    called: str = ""  # in the prompt, where that is not its name

    @property
    def words(self) -> str:
        return words(self.name)

    def key_in(self, parts: Iterable[str]) -> bool:
        """Has its key one of these in it?"""
        return any(part in self.kind.key for part in parts)


@dataclass
class EntityDraft:
    """An entity as it is in this app."""

    kind: EntityKind
    name: str
    fields: dict[str, FieldDraft] = field(default_factory=dict)

    @property
    def function(self) -> str:
        return self.kind.function

    @property
    def words(self) -> str:
        return words(self.name)

    @property
    def many(self) -> str:
        return plural(self.words)

    def first(self, *kinds: str, flow: bool = False) -> FieldDraft | None:
        """The first field of one of these kinds."""
        for one in self.fields.values():
            if one.kind.kind in kinds and not (flow and not one.kind.flow) and not one.kind.type.startswith("["):
                return one
        return None

    @property
    def flow(self) -> FieldDraft | None:
        return self.first("choice", flow=True)

    @property
    def day(self) -> FieldDraft | None:
        """The date or time by which records are arranged."""
        return self.first("datetime", "date")


@dataclass(frozen=True)
class Statement:
    """Something that the prompt may say of the app. kind: its table of phrases; slots: what is put into them; needs: what it
    demands. must: nobody would guess it, so that it has to be said. about: the entity it is about, for the order of sentences."""

    kind: str
    slots: dict[str, str]
    needs: tuple[Requirement, ...] = ()
    must: bool = False
    about: str = ""


@dataclass
class Draft:
    """See the module. size: 1 (a few words said it) to 4 (a page of demands)."""

    rng: random.Random
    domain: Domain
    purpose: Purpose
    style: str
    size: int
    entities: dict[str, EntityDraft] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)  # side -> name
    tree: dict[str, Any] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    signup: str = ""
    called: str = ""  # what the person calls the domain
    doings: bool = False  # does the prompt tell what people do, and not which fields there are?
    currency: str = ""  # of all money, when the prompt says it
    asked: dict[str, list[str]] = field(default_factory=dict)  # rows of the seed that the prompt dictates, by entity

    def __post_init__(self) -> None:
        self.called = self.pick(self.domain.called)
        self.doings = self.style != "short" and self.chance(DOINGS)

    @property
    def audience(self) -> str:
        return self.purpose.audience

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, options: Sequence[T]) -> T:
        return options[self.rng.randrange(len(options))]

    def usual(self, *options: str) -> str:
        """One of the options, always the same for a domain: where the prompt says nothing, habit decides."""
        return options[crc32(self.domain.key.encode()) % len(options)]

    @property
    def plain(self) -> bool:
        """Does the prompt name no fields? Then these are called and offered as usual."""
        return self.style == "short" or self.doings

    def like(self, entity: EntityDraft) -> Like:
        """The entity's name as a requirement asks for it: this one, and no other that sounds like it."""
        return Like.only(entity.words, [other.words for other in self.entities.values()])

    def tell(self, kind: str, *needs: Requirement, must: bool = False, about: str = "", **slots: str) -> None:
        """Let the prompt say something; see Statement."""
        self.statements.append(Statement(kind, slots, needs, must, about))

    def of(self, *functions: str) -> list[EntityDraft]:
        """The entities of these functions, in the order they were chosen."""
        return [one for one in self.entities.values() if one.function in functions]

    @property
    def lead(self) -> EntityDraft:
        """What the app is about."""
        return next(iter(self.entities.values()))

    def who(self, *sides: str) -> str:
        """Those of these sides that the app has, joined; `user` when it has none of them."""
        return " or ".join(dict.fromkeys(self.roles[side] for side in sides if side in self.roles)) or "user"

    def add_page(self, name: str, who: str, blocks: Iterable[dict[str, Any] | None]) -> None:
        """A page, when there is anything on it; to one of that name, for the same people, its blocks are added."""
        found = [block for block in blocks if block]
        if not found:
            return
        key = f"{name} ({who})" if who else name
        self.tree.setdefault("pages", {}).setdefault(key, []).extend(found)

    def reference(self, entity: EntityDraft, to: EntityDraft) -> FieldDraft | None:
        """The field by which one refers to the other."""
        for one in entity.fields.values():
            if one.kind.kind == "reference" and one.kind.target == to.kind.key:
                return one
        return None

    def named(self, expression: str, entity: EntityDraft | None) -> str:
        """An expression of the taxonomy, by keys, in the names of this app."""

        def name(match: re.Match[str]) -> str:
            first, *rest = match[0].split(".")
            if first in WORD_OF_EXPRESSIONS:
                return match[0]
            if first in self.entities:
                inside = self.entities[first]
                return ".".join([inside.name, *self._path(inside, rest)])
            if entity is not None and first in entity.fields:
                return ".".join(self._path(entity, [first, *rest]))
            return match[0]

        return re.sub(r'"[^"]*"', lambda quoted: quoted[0], NAME.sub(name, expression))

    def _path(self, entity: EntityDraft | None, keys: Sequence[str]) -> list[str]:
        found = []
        for key in keys:
            one = entity.fields.get(key) if entity else None
            found.append(one.name if one else key)
            entity = self.entities.get(one.kind.target) if one else None
        return found


def article(words: str) -> str:
    """The words with `a` or `an` before them, when their head is one thing."""
    head = re.split(r" (?:with|for|of|that|to|in|about)\b", words)[0]
    if head.endswith("s") and not head.endswith(("ss", "us", "is")):
        return words
    low = words.lower()
    vowel = (low[:1] in "aeiou" and not low.startswith(("uni", "use", "eu", "one"))) or low.startswith(SILENT)
    return f"{'an' if vowel else 'a'} {words}"
