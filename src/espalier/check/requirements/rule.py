"""What must be true of a record before it is saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from ..report import Finding, fine, wrong
from ..words import Like
from .alike import same_words
from .base import Requirement
from .entity import said
from .outline import Outline, paths_in

if TYPE_CHECKING:
    from ..subject import Subject


class Rule(Requirement):
    """A rule on an entity of such a name: one that says this, or one that looks at fields of these names."""

    kind: ClassVar[str] = "rule"
    entity: Like | None = None
    says: str | None = None
    about: tuple[Like, ...] = ()

    def phrase(self) -> str:
        whose = said(self.entity) if self.entity else "a record"
        what = self.says or f"its {' and '.join(str(like) for like in self.about) or 'values'} are right"
        return f"The app saves {whose} only when {what}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        names = outline.entities_like(self.entity)
        for name in names:
            for words, rule in outline.entities[name].rules.items():
                if self.says is not None and not same_words(self.says, str(rule)):
                    continue
                paths = [part for path in paths_in(rule.node) for part in path.split(".")]
                if all(like.best(paths) for like in self.about):
                    return fine(f"data > {name} > rules > {words}")
        return wrong(f"data > {names[0]}" if names else "data", "has no such rule", f"add a rule: {self.says or ''}")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name, entity in outline.entities.items():
            for rule in entity.rules.values():
                yield cls(entity=Like.only(name, outline.entities), says=str(rule))
