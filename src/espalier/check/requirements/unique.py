"""Some things exist only once: a code, a person's vote on a poll."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .entity import said
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Unique(Requirement):
    """These fields together exist only once among the records of an entity of such a name."""

    kind: ClassVar[str] = "unique"
    entity: Like
    fields: tuple[Like, ...] = Field(min_length=1)

    def phrase(self) -> str:
        whose = said(self.entity)
        return f"{whose[:1].upper()}{whose[1:]} has its own {' and '.join(str(like) for like in self.fields)}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        names = outline.entities_like(self.entity)
        for name in names:
            entity = outline.entities[name]
            together = list(entity.unique)
            if len(together) == len(self.fields) and all(like.best(together) for like in self.fields):
                return fine(f"data > {name} > unique")
            single = [field.name for field in entity.fields.values() if field.unique or field.kind == "serial"]
            if len(self.fields) == 1 and self.fields[0].best(single):
                return fine(f"data > {name}")
        words = ", ".join(str(like) for like in self.fields)
        return wrong(
            f"data > {names[0]}" if names else "data", f"{words} may be there twice", f"write `unique: [{words}]`"
        )

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name, entity in outline.entities.items():
            if entity.unique:
                fields = [*entity.fields, "owner"]
                yield cls(
                    entity=Like.only(name, outline.entities),
                    fields=tuple(Like.only(field, fields) for field in entity.unique),
                )
