"""Something that the app sees to by itself, whatever in the blueprint does it: no double booking, one vote a person.

A flow names a behaviour; the app is tried where that is cheap (the same booking twice), otherwise its rules are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from espalier.blueprint.blocks.booking import Booking
from espalier.blueprint.expression.nodes import Aggregate, walk
from espalier.blueprint.steps import Set

from ..report import Finding, fine, wrong
from ..words import Like
from .base import Requirement
from .entity import said
from .outline import Outline, Spot
from .trial import saved_twice

if TYPE_CHECKING:
    from ..subject import Subject

Name = Literal[
    "no double booking", "limited places", "stock", "one vote", "scored quiz", "checkout", "approval", "subscribers",
    "free times", "check in", "total", "reviews", "follow",
]  # fmt: skip
SAYS: dict[str, str] = {
    "no double booking": "The same time cannot be booked twice",
    "limited places": "No more can sign up than there are places",
    "stock": "Stock goes down and up with what happens",
    "one vote": "Everybody has one vote",
    "scored quiz": "Answers are scored",
    "checkout": "Things can be put in a cart and ordered",
    "approval": "What comes in waits for somebody's yes",
    "subscribers": "People can leave their email address",
    "free times": "People choose among free times",
    "check in": "Somebody can be marked as having come",
    "total": "The app adds up what there is to pay or to count",
    "reviews": "People can leave stars or words",
    "follow": "People can mark what they like",
}
TIMES = ("datetime", "date", "time")


class Flow(Requirement):
    """A behaviour by its name, on an entity of such a name when said."""

    kind: ClassVar[str] = "flow"
    name: Name
    entity: Like | None = None

    def phrase(self) -> str:
        return SAYS[self.name] + (f" ({said(self.entity, many=True)})" if self.entity else "")

    def look(self, outline: Outline, subject: Subject | None) -> Finding:
        names = outline.entities_like(self.entity)
        where = LOOKS[self.name](outline, names, subject)
        if where:
            return fine(where)
        return wrong(f"data > {names[0]}" if names else "data", f"nothing sees to it: {SAYS[self.name].lower()}")

    @classmethod
    def facts(cls, outline: Outline) -> Iterator[Self]:
        for name in LOOKS:
            if LOOKS[name](outline, list(outline.entities), None):
                yield cls(name=name)


def _spots(outline: Outline, names: list[str]) -> list[Spot]:
    return outline.spots_of(names)


def _counts(outline: Outline, entity: str) -> bool:
    """Has the entity a rule that counts records?"""
    for rule in outline.entities[entity].rules.values():
        if any(isinstance(part, Aggregate) for part in walk(rule.node)):
            return True
        fields = outline.entities[entity].fields
        for part in walk(rule.node):
            path = getattr(part, "names", None)
            if not path:
                continue
            last = fields.get(path[0])
            if last is not None and len(path) > 1 and last.target in outline.blueprint.entities:
                last = outline.blueprint.entities[last.target].fields.get(path[1])
            if last is None or not last.computed or last.expression is None:
                continue
            if any(isinstance(inner, Aggregate) for inner in walk(last.expression)):
                return True
    return False


def _no_double_booking(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for name in names:
        fields = outline.entities[name].fields
        times = [field.name for field in fields.values() if field.kind in TIMES]
        if not times:
            continue
        fixed = any(field in times for field in outline.entities[name].unique)
        fixed = fixed or any(fields[time].unique for time in times)
        if fixed or _counts(outline, name):
            twice = saved_twice(subject, name) if subject is not None else None
            # None: there was nothing to try it with; then what is written counts.
            if twice is not True:
                return f"data > {name}"
    for sight in outline.sights:
        if isinstance(sight.block, Booking) and set(sight.entities) & set(names):
            return sight.where
    return ""


def _limited_places(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for name in outline.entities:
        if (name in names or any(spot.field.target in names for spot in outline.spots_of([name]))) and _counts(
            outline, name
        ):
            return f"data > {name} > rules"
    for sight in outline.sights:
        if isinstance(sight.block, Booking) and sight.block.capacity is not None:
            return sight.where
    return ""


STOCK = Like(any=("stock", "quantity", "on hand", "in stock", "amount", "left", "copies", "units"))


def _stock(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for spot in _spots(outline, names):
        if spot.field.kind in ("int", "number") and STOCK.hits(spot.field.name):
            if spot.field.computed:
                return spot.where
            for action in (one for entity in outline.entities.values() for one in entity.action_list):
                if any(isinstance(step, Set) and step.path.split(".")[-1] == spot.field.name for step in action.steps):
                    return spot.where
            for steps in outline.blueprint.automations.values():
                if any(isinstance(step, Set) and step.path.split(".")[-1] == spot.field.name for step in steps):
                    return spot.where
    return next((sight.where for sight in outline.sights if sight.kind == "shop"), "")


def _one_vote(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for spot in outline.spots:
        if spot.field.kind == "marks":
            return spot.where
    for name, entity in outline.entities.items():
        owners = {field.name for field in entity.fields.values() if field.target == "User"} | {"owner"}
        if owners & set(entity.unique):
            return f"data > {name} > unique"
    return next((sight.where for sight in outline.sights if sight.kind == "poll"), "")


def _scored_quiz(outline: Outline, names: list[str], subject: Subject | None) -> str:
    quiz = next((sight.where for sight in outline.sights if sight.kind == "quiz"), "")
    if quiz:
        return quiz
    score = Like(any=("score", "points", "correct", "result"))
    return next((spot.where for spot in outline.spots if spot.field.computed and score.hits(spot.field.name)), "")


def _checkout(outline: Outline, names: list[str], subject: Subject | None) -> str:
    shop = next((sight.where for sight in outline.sights if sight.kind == "shop"), "")
    if shop:
        return shop
    order = Like(any=("order", "purchase", "cart"))
    found = [name for name in outline.entities if order.hits(name)]
    forms = [sight for sight in outline.sights if sight.kind in ("form", "wizard") and set(sight.entities) & set(found)]
    return forms[0].where if forms else ""


def _approval(outline: Outline, names: list[str], subject: Subject | None) -> str:
    yes = Like(any=("approve", "accept", "confirm", "publish", "verify", "grant"))
    for name in names:
        entity = outline.entities[name]
        for action in entity.action_list:
            if yes.hits(action.label):
                return f"data > {name} > actions"
        for field in entity.fields.values():
            if (field.kind == "choice" and yes.best(field.choices)) or (field.kind == "bool" and yes.hits(field.name)):
                return f"data > {name} > {field.name}"
    return ""


def _subscribers(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for sight in outline.sights:
        if sight.kind == "newsletter":
            return sight.where
        if sight.kind == "form" and sight.entities:
            fields = outline.blueprint.entities[sight.entities[0]].fields.values()
            if any(field.kind == "email" for field in fields):
                return sight.where
    return ""


def _free_times(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for sight in outline.sights:
        if sight.kind == "booking":
            return sight.where
        if sight.kind in ("form", "wizard") and sight.entities:
            fields = outline.blueprint.entities[sight.entities[0]].fields.values()
            if any((field.kind in TIMES and field.typed_in) or field.target in outline.entities for field in fields):
                return sight.where
    return ""


def _check_in(outline: Outline, names: list[str], subject: Subject | None) -> str:
    came = Like(
        any=("check in", "checked in", "arrived", "present", "here", "attended", "came", "attendance", "arrive")
    )
    for name, entity in outline.entities.items():
        said_of = [name, *entity.fields, *(action.label for action in entity.action_list)]
        said_of += [choice for field in entity.fields.values() for choice in field.choices]
        if came.best(said_of):
            return f"data > {name}"
    return ""


def _total(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for spot in outline.spots:
        if spot.field.computed and spot.field.kind in ("int", "number", "money", "percent"):
            return spot.where
    for sight in outline.sights:
        if sight.kind == "stats" or (sight.kind == "chart" and "(" in str(getattr(sight.block, "of", ""))):
            return sight.where
    return ""


def _reviews(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for spot in outline.spots:
        if spot.field.kind == "rating":
            return spot.where
    words = Like(any=("review", "rating", "feedback", "testimonial", "comment"))
    found = words.best(outline.entities)
    return f"data > {found}" if found else ""


def _follow(outline: Outline, names: list[str], subject: Subject | None) -> str:
    for spot in outline.spots:
        if spot.field.kind == "marks":
            return spot.where
    liked = Like(any=("favourite", "like", "vote", "bookmark", "follow", "saved", "save"))
    for name in outline.entities:
        if liked.hits(name):
            return f"data > {name}"
    return next((spot.where for spot in outline.spots if liked.hits(spot.field.name)), "")


LOOKS: dict[Name, Callable[[Outline, list[str], Subject | None], str]] = {
    "no double booking": _no_double_booking,
    "limited places": _limited_places,
    "stock": _stock,
    "one vote": _one_vote,
    "scored quiz": _scored_quiz,
    "checkout": _checkout,
    "approval": _approval,
    "subscribers": _subscribers,
    "free times": _free_times,
    "check in": _check_in,
    "total": _total,
    "reviews": _reviews,
    "follow": _follow,
}
