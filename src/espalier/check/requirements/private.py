"""Something is not for strangers' eyes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from espalier.blueprint.names import plural

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject

# What tells of a person, so that the rest may be seen when these may not.
PERSONAL = ("email", "phone", "long", "money")


class Private(Requirement):
    """No stranger may read any record of an entity of such a name, or what is personal in it. if_any: fine when there is none."""

    kind: ClassVar[str] = "private"
    entity: Like
    if_any: bool = False

    def phrase(self) -> str:
        return f"Strangers cannot read {plural(str(self.entity))}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        entities = outline.entities_like(self.entity)
        if not entities and self.if_any:
            return fine("access")
        if not entities:
            return wrong("access", f"there is no entity like `{self.entity}`")
        for entity in entities:
            if outline.rights.reach("read", entity, "anyone") == "none":
                continue
            told = [field.name for field in outline.entities[entity].fields.values() if field.kind in PERSONAL]
            hidden = [name for name in told if outline.rights.field_reach("read", entity, name, "anyone") == "none"]
            if not told or hidden != told:
                return wrong(f"access > {entity}", "anyone may read it", f"write `{entity}: {{read: own}}` or a role")
        return fine(f"access > {entities[0]}")
