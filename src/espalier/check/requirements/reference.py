"""A record belongs to, or names, another: a booking its customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from ..report import Finding, fine, wrong
from ..words import Like, person
from .base import Requirement
from .entity import said
from .outline import Outline, Spot

if TYPE_CHECKING:
    from ..subject import Subject


class Reference(Requirement):
    """A reference from an entity to another; a list of references from the other side says the same.

    like: what the field is called, when that matters. owner, part: whether it says whose the record is, or what it is part of.
    through: fine as well from the other side, through a record between them, or by one that names both.
    """

    kind: ClassVar[str] = "reference"
    entity: Like | None = None
    to: Like
    like: Like | None = None
    owner: bool | None = None
    part: bool | None = None
    through: bool = False

    def phrase(self) -> str:
        whose = said(self.entity) if self.entity else "some record"
        link = "is part of" if self.part else "belongs to" if self.owner else "names"
        return f"{whose[:1].upper()}{whose[1:]} {link} {said(self.to)}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        children = outline.entities_like(self.entity)
        if not children:
            return wrong("data", f"there is no entity like `{self.entity}`")
        for spot in outline.spots:
            if self._ties(spot, children, outline):
                return fine(spot.where)
        if self.owner is not False and not self.part and self.like is None and self._is_people(outline) and children:
            # Every record has an owner: whoever made it.
            return fine(f"data > {children[0]}")
        if self.through:
            between = self._between(children, outline)
            if between:
                return fine(between)
        return wrong(
            f"data > {children[0]}", f"does not refer to {said(self.to)}", f"add a reference to {said(self.to)}"
        )

    def _is_people(self, outline: Outline) -> bool:
        """Are these people with accounts?"""
        return any(person(one) for one in self.to.any) and outline.has_accounts

    def _between(self, children: list[str], outline: Outline) -> str:
        """Where the two are tied by a detour; empty when they are not."""
        targets: dict[str, set[str]] = {}
        for spot in outline.spots:
            if spot.field.kind == "reference":
                targets.setdefault(spot.entity, set()).add(spot.field.target)
        parents = set(outline.entities_like(self.to))
        for name, found in targets.items():
            others = set().union(*(targets.get(target, set()) for target in found))
            if name in children and others & parents:
                return f"data > {name}"
            if (name in parents or found & parents) and found & set(children):
                return f"data > {name}"
        return ""

    def _ties(self, spot: Spot, children: list[str], outline: Outline) -> bool:
        field = spot.field
        if field.kind != "reference":
            return False
        forward = spot.entity in children and self._leads(spot, outline)
        back = field.many and field.target in children and self.to.hits(spot.entity) and self.like is None
        if not (forward or back):
            return False
        if self.owner is not None and field.is_owner != self.owner:
            return False
        return self.part is None or field.part == self.part

    def _leads(self, spot: Spot, outline: Outline) -> bool:
        field = spot.field
        if self.like is not None and not self.like.hits(field.name):
            return False
        if self.to.hits(field.target):
            return True
        if field.target == "User":
            return self.to.hits(field.name) or any(one == "User" for one in self.to.any) or self._is_people(outline)
        return False

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        everything = [*outline.entities, "User"]
        for spot in outline.spots:
            field = spot.field
            if field.kind == "reference" and not field.computed:
                yield cls(
                    entity=Like.only(spot.entity, outline.entities),
                    to=Like.only(field.target, everything),
                    like=Like.only(field.name, outline.entities[spot.entity].fields),
                    owner=field.is_owner,
                    part=field.part,
                )
