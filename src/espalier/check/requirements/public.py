"""Something may be seen without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from espalier.blueprint.names import plural

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Public(Requirement):
    """A stranger may read records of an entity of such a name, or of any when none is said."""

    kind: ClassVar[str] = "public"
    entity: Like | None = None

    def phrase(self) -> str:
        return f"Everybody can see {plural(str(self.entity))}" if self.entity else "Something can be seen by everybody"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        entities = outline.entities_like(self.entity)
        if not entities:
            return wrong("access", f"there is no entity like `{self.entity}`")
        for entity in entities:
            if outline.rights.reach("read", entity, "anyone") in ("all", "some"):
                return fine(f"access > {entity}")
        return wrong(f"access > {entities[0]}", "strangers may not read it", f"write `{entities[0]}: {{read: anyone}}`")
