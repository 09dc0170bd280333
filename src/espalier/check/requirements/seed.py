"""There is something in the app on its first day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from espalier.blueprint.names import plural

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Seed(Requirement):
    """At least so many sample records of an entity of such a name."""

    kind: ClassVar[str] = "seed"
    entity: Like | None = None
    at_least: int = Field(1, ge=1)

    def phrase(self) -> str:
        what = plural(str(self.entity)) if self.entity else "records"
        return f"There are at least {self.at_least} sample {what}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        seeded = outline.blueprint.seed
        names = list(seeded) if self.entity is None else self.entity.among(seeded)
        most = max((len(seeded[name]) for name in names), default=0)
        if most >= self.at_least:
            return fine("seed")
        what = plural(str(self.entity)) if self.entity else "records"
        return wrong("seed", f"has {most} {what}, asked are {self.at_least}")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name, rows in outline.blueprint.seed.items():
            if rows:
                yield cls(entity=Like.only(name, outline.blueprint.seed), at_least=len(rows))
