"""What binding must know of a blueprint: the entities, their fields, the roles; and the scope an expression stands in.

`Vocabulary` is a protocol: the blueprint implements it, tests bring their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from espalier.blueprint.expression.nodes import Node


@dataclass(frozen=True)
class FieldInfo:
    """One field of an entity.

    type: a field type of the language, or "choice" or "reference". target: the entity of a reference. choices: the values
    of a choice. many: `[Entity]`, `[A | B]`, `[image]`. computed: the expression of a computed field, otherwise None.
    """

    type: str
    many: bool = False
    target: str | None = None
    choices: tuple[str, ...] = ()
    computed: Node | None = None
    required: bool = False


class Vocabulary(Protocol):
    """The names of one blueprint. `User` is always an entity."""

    @property
    def roles(self) -> Collection[str]:
        """The app's roles."""

    def entities(self) -> Collection[str]:
        """The names of all entities, User too."""

    def field(self, entity: str, name: str) -> FieldInfo | None:
        """The field, or None. It may leave out `id created updated owner` and User's `name email role avatar`:
        binding knows them."""

    def field_names(self, entity: str) -> Sequence[str]:
        """The names of the declared fields, in order."""

    def references(self, child: str, parent: str) -> list[str]:
        """The names of the child's reference fields that refer to the parent. `owner` counts as a reference to User
        only when no declared field refers to User."""


SYSTEM_FIELDS = {
    "id": FieldInfo("int", required=True),
    "created": FieldInfo("datetime", required=True),
    "updated": FieldInfo("datetime", required=True),
    "owner": FieldInfo("reference", target="User"),
}
USER_FIELDS = {"name": FieldInfo("text"), "email": FieldInfo("email"), "avatar": FieldInfo("image")}


def find_field(vocabulary: Vocabulary, entity: str, name: str) -> FieldInfo | None:
    """The field of the entity, declared or of the system, or None."""
    found = vocabulary.field(entity, name)
    if found is None:
        found = SYSTEM_FIELDS.get(name)
    if found is None and entity == "User":
        if name == "role":
            return FieldInfo("choice", choices=(*vocabulary.roles, *({"user", "admin"} - set(vocabulary.roles))))
        found = USER_FIELDS.get(name)
    return found


def all_field_names(vocabulary: Vocabulary, entity: str) -> list[str]:
    """The names of all fields of the entity: the declared ones first, then those of the system."""
    names = list(vocabulary.field_names(entity))
    more = [*(("name", "email", "role", "avatar") if entity == "User" else ()), *SYSTEM_FIELDS]
    return names + [name for name in more if name not in names]


@dataclass(frozen=True)
class Scope:
    """Where an expression stands.

    entity: the record at hand is one of these (its fields are names), or None on a page without a record. this: what
    `this` refers to when it is another record than the one at hand (the record of an `Each Dog:` page). access: the
    words of access count too (anyone, user, nobody, own, paths to people and to records), and a role wins over a field
    of the same name.
    """

    vocabulary: Vocabulary
    entity: str | None = None
    this: str | None = None
    access: bool = False

    @classmethod
    def record(cls, vocabulary: Vocabulary, entity: str, this: str | None = None) -> Scope:
        """In a record: rules, computed fields, the where of a block."""
        return cls(vocabulary, entity, this)

    @classmethod
    def page(cls, vocabulary: Vocabulary, this: str | None = None) -> Scope:
        """On a page: stats. `this` is the entity of an `Each Dog:` page."""
        return cls(vocabulary, None, this)

    @classmethod
    def visitor(cls, vocabulary: Vocabulary, entity: str | None = None) -> Scope:
        """In a WHO: an entry of access (with its entity), the audience of a page or an action."""
        return cls(vocabulary, entity, None, True)
