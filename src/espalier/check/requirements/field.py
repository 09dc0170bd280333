"""Something is known of a record: its price, a photo, when it starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from espalier.blueprint.expression import to_text
from espalier.blueprint.field import Field as BlueprintField

from ..report import Finding, fine, wrong
from ..words import ALIKE, Like, likeness, split
from .alike import same_words
from .base import Requirement
from .entity import said
from .outline import Outline, Spot

if TYPE_CHECKING:
    from ..subject import Subject

# What holds the same as a type that was asked for, so long as the type itself was not what mattered.
KIN: dict[str, tuple[str, ...]] = {
    "text": ("long", "tags", "serial", "choice"),
    "long": ("text",),
    "int": ("number", "rating", "percent", "marks"),
    "number": ("int", "percent", "money", "rating"),
    "money": ("number", "int"),
    "percent": ("number", "int"),
    "bool": ("choice", "marks"),
    "date": ("datetime",),
    "datetime": ("date",),
    "time": ("datetime",),
    "image": ("file",),
    "file": ("image",),
    "rating": ("int", "number"),
    "location": ("text",),
    "tags": ("choice", "reference"),
    "choice": ("reference", "tags", "bool"),
    "reference": ("choice",),
}


# Words that name what a field holds, so that the field itself may be called by the words before.
HOLDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("date", "dates", "day", "time", "deadline"), ("date", "datetime", "time")),
    **dict.fromkeys(
        ("photo", "photos", "picture", "pictures", "image", "images", "photograph", "pic", "pics"), ("image",)
    ),
    **dict.fromkeys(
        ("file", "files", "document", "documents", "pdf", "scan", "upload", "attachment"), ("file", "image")
    ),
    **dict.fromkeys(("link", "links", "url", "website", "video"), ("url", "file")),
    **dict.fromkeys(
        ("type", "kind", "category", "status", "state", "size", "grade", "group"), ("choice", "reference", "tags")
    ),
    **dict.fromkeys(("level", "score", "rating", "marks", "mark"), ("int", "number", "rating", "choice", "percent")),
    **dict.fromkeys(
        ("count", "number", "quantity", "minutes", "hours", "weight", "length", "years"), ("int", "number", "serial")
    ),
    **dict.fromkeys(("price", "cost", "fee", "amount", "total", "sum", "budget"), ("money", "number")),
    **dict.fromkeys(("email", "e-mail"), ("email",)),
    **dict.fromkeys(("phone", "telephone", "mobile"), ("phone",)),
    **dict.fromkeys(("address", "location", "place", "position", "map"), ("location", "text")),
    **dict.fromkeys(("description", "notes", "note", "text", "message", "comment", "remarks", "details"), ("long",)),
    **dict.fromkeys(("tags", "tag"), ("tags",)),
    **dict.fromkeys(("name", "title", "code"), ("text", "serial")),
    **dict.fromkeys(("paid", "done", "check", "completed"), ("bool", "choice", "date", "datetime")),
}
# Those that by themselves ask for any field that holds such.
PLAIN = frozenset(
    "date dates photo photos picture pictures image images photograph pic pics file document pdf email e-mail phone telephone mobile location map description text tags".split()
)


class Field(Requirement):
    """A field of such a name, on an entity of such a name (any when not said).

    types: the kinds it may be (any when none); exact: it must be one of these, not one that holds the same. required,
    many, unique: as it must be, None when that does not matter. computed: worked out, by an expression that says this.
    default, parameter: as the blueprint writes them.
    """

    kind: ClassVar[str] = "field"
    like: Like
    entity: Like | None = None
    types: tuple[str, ...] = ()
    exact: bool = False
    required: bool | None = None
    many: bool | None = None
    unique: bool | None = None
    computed: str | None = None
    default: str | None = None
    parameter: str | None = None

    def phrase(self) -> str:
        told = {True: "must", None: "can", False: "can"}[self.required]
        shape = f" ({' or '.join(self.types)})" if self.types else ""
        whose = said(self.entity) if self.entity else "some record"
        worked = ", worked out by the app" if self.computed else ""
        return f"{whose[:1].upper()}{whose[1:]} {told} have {said(self.like)}{shape}{worked}"

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        entities = outline.entities_like(self.entity) if self.entity else None
        if entities == []:
            return wrong("data", f"there is no entity like `{self.entity}`", f"add it, with a field `{self._name}`")
        named = [(self._score(spot), spot) for spot in outline.spots_of(entities)]
        found = [spot for score, spot in sorted(named, key=lambda pair: -pair[0]) if score >= ALIKE]
        if not found:
            place = f"data > {entities[0]}" if entities else "data"
            kind = self.types[0] if self.types else "text"
            return wrong(place, f"no field is called like `{self._name}`", f"add `{self._name}: {kind}`")
        whys = []
        for spot in found:
            why = self._against(spot.field)
            if not why:
                return fine(spot.where)
            whys.append((spot, why))
        spot, why = whys[0]
        return wrong(spot.where, why)

    @property
    def _name(self) -> str:
        return str(self.like).replace(" ", "_")

    def _score(self, spot: Spot) -> float:
        """How well a field is named; `name` is asked of `Client` as a client name, `client_name`, and the other way round."""
        field = spot.field
        score = self.like.score(field.name)
        if score >= ALIKE or self.exact:
            return score
        if self.entity is not None:
            score = max(score, 0.95 * self.like.score(f"{spot.entity} {field.name}"))
        for one in self.like.any:
            *before, last = split(one) or ("",)
            if field.kind in HOLDS.get(last, ()):
                # `delivery date` is a date called `delivery`; a plain `photo` is any image.
                rest = " ".join(before)
                if rest in ("", "a", "the", "one"):
                    score = max(score, 0.7 if last in PLAIN else 0.0)
                else:
                    score = max(score, 0.9 * likeness(rest, field.name))
        return score

    def _against(self, field: BlueprintField) -> str:
        """Why this field is not what was asked; empty when it is."""
        if self.types and not self._fits(field):
            return f"is {'many ' if field.many else ''}`{field.kind}`; wanted is {' or '.join(f'`{one}`' for one in self.types)}"
        for mark, wanted in (("required", self.required), ("many", self.many), ("unique", self.unique)):
            if wanted is not None and getattr(field, mark) != wanted:
                return f"should {'' if wanted else 'not '}be {mark}"
        if self.computed is not None:
            if not field.computed or field.expression is None:
                return f"should be worked out: `= {self.computed}`"
            if self.computed and not same_words(self.computed, to_text(field.expression)):
                return f"should be worked out as `= {self.computed}`"
        elif self.exact and field.computed:
            return "should be typed in, not worked out"
        if self.default is not None and not same_words(self.default, _default(field)):
            return f"should start as `{self.default}`" if self.default else "should start as nothing"
        if self.parameter is not None and self.parameter != (field.parameter or ""):
            return f"should be `{field.kind} {self.parameter}`"
        return ""

    def _fits(self, field: BlueprintField) -> bool:
        if field.kind in self.types:
            return True
        return not self.exact and any(field.kind in KIN.get(one, ()) for one in self.types)

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name, entity in outline.entities.items():
            like = Like.only(name, outline.entities)
            for field in entity.fields.values():
                if name == "User" and field.name not in outline.blueprint.data["User"].fields:
                    continue
                yield cls(
                    like=Like.only(field.name, entity.fields),
                    entity=like,
                    types=(field.kind,),
                    exact=True,
                    required=field.required,
                    many=field.many,
                    unique=field.unique,
                    computed=to_text(field.expression) if field.computed and field.expression else None,
                    default=None if field.computed else _default(field),
                    parameter=field.parameter or "",
                )


def _default(field: BlueprintField) -> str:
    return to_text(field.default) if field.default is not None else ""
