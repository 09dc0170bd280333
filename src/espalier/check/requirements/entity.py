"""The app keeps records of something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from espalier.blueprint.names import plural, words

from ..report import Finding, fine, wrong
from ..words import Like, person
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Entity(Requirement):
    """An entity of such a name, that somebody meets on a page. People may also be a role."""

    kind: ClassVar[str] = "entity"
    like: Like

    def phrase(self) -> str:
        return f"The app keeps {plural(str(self.like))}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        found = outline.entities_like(self.like)
        met = [name for name in found if name in outline.seen]
        if met:
            return fine(f"data > {met[0]}")
        if any(person(one) for one in self.like.any) and self.like.best([*outline.roles, "user"]):
            return fine("roles")
        if found:
            return wrong(f"data > {found[0]}", f"`{found[0]}` stands on no page", f"show it: `- table: {found[0]}`")
        return wrong("data", f"nothing is called like `{self.like}`", f"add an entity for {plural(str(self.like))}")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name in outline.entities:
            if name in outline.seen and name != "User":
                yield cls(like=Like.only(name, outline.entities))


def said(like: Like | None, many: bool = False) -> str:
    """An entity's name in a sentence; `records` when it has none."""
    if like is None:
        return "records" if many else "a record"
    text = words(str(like))
    return plural(text) if many else f"{'an' if text[:1] in 'aeiou' else 'a'} {text}"
