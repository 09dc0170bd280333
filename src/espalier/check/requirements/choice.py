"""A record has a state or a kind, one of these words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field

from ..report import Finding, fine
from ..words import Like
from .base import Requirement
from .entity import said
from .outline import Outline

if TYPE_CHECKING:
    from ..subject import Subject


class Choice(Requirement):
    """These values can be chosen, on an entity and by a field of such names when said.

    most: how many of them one field must offer, all when 0. exact: nothing else may be offered, in this order, by a choice
    field. A value may also be a tick box (`paid`), a button that does it, or a sample record of an entity for such kinds.
    """

    kind: ClassVar[str] = "choice"
    values: tuple[Like, ...] = Field(min_length=1, max_length=60)
    entity: Like | None = None
    like: Like | None = None
    most: int = 0
    exact: bool = False

    def phrase(self) -> str:
        words = ", ".join(str(value) for value in self.values)
        what = said(self.like) if self.like else "a state or kind"
        whose = said(self.entity) if self.entity else "some record"
        return f"{whose[:1].upper()}{whose[1:]} has {what}: {words}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        best, where, missing = 0.0, "data", list(self.values)
        for place, offered, exact in self._offers(outline):
            if self.exact and (not exact or len(offered) != len(self.values)):
                found = [value for value in self.values if value.best(offered)][: len(self.values) - 1]
            elif self.exact:
                found = [value for value, word in zip(self.values, offered, strict=True) if value.hits(word)]
            else:
                found = [value for value in self.values if value.best(offered)]
            share = min(1.0, len(found) / (self.most or len(self.values)))
            if share > best:
                best, where, missing = share, place, [value for value in self.values if value not in found]
        if best >= 1:
            return fine(where)
        words = ", ".join(f"`{value}`" for value in missing) or "something more than was asked"
        return Finding(
            False, where, f"not as asked: {words}", f"write `{' | '.join(map(str, self.values))}`", part=best
        )

    def _offers(self, outline: Outline) -> Iterator[tuple[str, list[str], bool]]:
        """Places where values are offered, with the values and whether it is a choice field."""
        entities = outline.entities_like(self.entity) if self.entity else None
        names = list(outline.entities) if entities is None else entities
        for name in names:
            entity = outline.entities[name]
            more = [field.name for field in entity.fields.values() if field.kind in ("bool", "marks")]
            more += [action.label for action in entity.action_list]
            named = False
            for field in entity.fields.values():
                if field.kind != "choice" or (self.like and not self.like.hits(field.name)):
                    continue
                named = True
                yield f"data > {name} > {field.name}", list(field.choices), True
                yield f"data > {name} > {field.name}", [*field.choices, *more], False
            if not self.exact and not named:
                dates = [field.name for field in entity.fields.values() if field.kind in ("date", "datetime")]
                yield f"data > {name}", [*more, *dates], False
        if not self.exact:
            for name, rows in outline.blueprint.seed.items():
                yield f"seed > {name}", [row.cells[0] for row in rows if row.cells], False

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for spot in outline.spots:
            if spot.field.kind == "choice" and not spot.field.computed:
                yield cls(
                    values=tuple(Like.only(value, spot.field.choices) for value in spot.field.choices),
                    entity=Like.only(spot.entity, outline.entities),
                    like=Like.only(spot.field.name, outline.entities[spot.entity].fields),
                    exact=True,
                )
