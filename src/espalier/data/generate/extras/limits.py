"""What must not happen: more sign-ups than places, dates in the past, two at the same time, more than there is in stock."""

from __future__ import annotations

from espalier.check.words import Like

from ..draft import Draft, EntityDraft
from ..needs import need
from .base import keep_last


def places(draft: Draft) -> bool:
    """No more sign-ups than places."""
    for entity in draft.of("signup"):
        event = draft.entities.get(entity.kind.of)
        places = next(
            (
                one
                for key, one in (event.fields.items() if event else ())
                if key in ("places", "seats", "helpers_needed")
            ),
            None,
        )
        ref = draft.reference(entity, event) if event else None
        if not (event and places and ref):
            continue
        data = draft.tree["data"]
        data[event.name]["places_left"] = f"int = {places.name} - count({entity.name})"
        data[entity.name].setdefault("rules", {})[f"This {event.words} is full"] = f"{ref.name}.places_left > 0"
        keep_last(data[event.name])
        draft.tell(
            "limit",
            need("flow", name="limited places"),
            must=True,
            about=entity.kind.key,
            entity=event.words,
            field=places.words,
        )
        return True
    return False


def not_past(draft: Draft) -> bool:
    """Nothing can be asked for on a day that is gone."""
    for entity in draft.of("request", "order"):
        day = entity.day
        if day is None or not day.kind.required:
            continue
        now = "now" if day.kind.kind == "datetime" else "today"
        _rule(
            draft,
            entity,
            draft.usual("Please choose a day to come", "This day is over", "That is in the past"),
            f"{day.name} >= {now}",
        )
        draft.tell("not_past", need("rule", entity=draft.like(entity), about=(Like.of(day.words),)), must=True, about=entity.kind.key, entity=entity.words, field=day.words)  # fmt: skip
        return True
    return False


def free_times(draft: Draft) -> bool:
    """Times to choose from, so that nobody takes one that is taken."""
    for entity in draft.of("request"):
        day = entity.day
        if day is None or day.kind.kind != "datetime" or draft.audience != "site":
            continue
        for blocks in draft.tree["pages"].values():
            for at, block in enumerate(blocks):
                if block.get("form") == entity.name:
                    hours, minutes = draft.pick(HOURS), draft.pick((15, 20, 30, 45, 60))
                    slot = "1 hour" if minutes == 60 else f"{minutes} minutes"
                    said = draft.chance(0.6)
                    blocks[at] = {
                        "booking": f"{entity.name} by {day.name}",
                        **({"hours": hours[0], "slot": slot} if said else {}),
                    }
                    draft.tell(
                        "free_times_hours" if said else "free_times", need("flow", name="no double booking", entity=draft.like(entity)), must=True,
                        about=entity.kind.key, entity=entity.words, entities=entity.many, hours=hours[1], slot=slot,
                    )  # fmt: skip
                    return True
    return False


def stay(draft: Draft) -> bool:
    """Days to choose from, for a thing that only one can have at a time."""
    for entity in draft.of("request"):
        days = [one for one in entity.fields.values() if one.kind.kind == "date"]
        thing = next(
            (draft.entities[one.kind.target] for one in entity.fields.values() if one.kind.target in draft.entities),
            None,
        )
        if len(days) < 2 or thing is None or thing.function != "thing" or draft.audience not in ("site", "club"):
            continue
        ref = draft.reference(entity, thing)
        for blocks in draft.tree["pages"].values():
            for at, block in enumerate(blocks):
                if block.get("form") == entity.name and ref:
                    blocks[at] = {"booking": f"{entity.name} by {days[0].name}", "until": days[1].name, "per": ref.name}
                    draft.tell("stay", need("flow", name="no double booking", entity=draft.like(entity)), must=True, about=entity.kind.key, entity=thing.words, entities=thing.many)  # fmt: skip
                    return True
    return False


def stock(draft: Draft) -> bool:
    """What is ordered is no longer there."""
    for entity in draft.of("order"):
        product = next(
            (draft.entities[one.kind.target] for one in entity.fields.values() if one.kind.target in draft.entities),
            None,
        )
        pieces = next((one for one in entity.fields.values() if one.kind.kind == "int" and one.kind.required), None)
        there = next((one for key, one in (product.fields.items() if product else ()) if key in STOCKS), None)
        ref = draft.reference(entity, product) if product else None
        if not (product and pieces and there and ref):
            continue
        left = f"{ref.name}.{there.name}"
        draft.tree.setdefault("automations", {})[f"when {entity.name} created"] = f"{left} = {left} - {pieces.name}"
        if draft.chance(0.6):
            _rule(
                draft,
                entity,
                draft.usual("Not that many are left", "Sorry, we have not so many"),
                f"{pieces.name} <= {left}",
            )
        draft.tell(
            "stock",
            need("flow", name="stock"),
            must=True,
            about=entity.kind.key,
            entity=entity.words,
            product=product.words,
            field=there.words,
        )
        return True
    return False


def at_least(draft: Draft) -> bool:
    """A number that has a bound."""
    for entity in draft.of("request", "order", "log", "record"):
        number = next(
            (
                one
                for one in entity.fields.values()
                if one.kind.kind in ("int", "money", "number") and ".." not in one.kind.type and not one.kind.computed
            ),
            None,
        )
        if number is None:
            continue
        low = draft.pick((1, 2, 5, 10))
        _rule(draft, entity, f"At least {low}, please", f"{number.name} >= {low}")
        draft.tell("at_least", need("rule", entity=draft.like(entity), about=(Like.of(number.words),)), must=True, about=entity.kind.key, entity=entity.words, field=number.words, low=str(low))  # fmt: skip
        return True
    return False


def _rule(draft: Draft, entity: EntityDraft, words: str, condition: str) -> None:
    tree = draft.tree["data"][entity.name]
    tree.setdefault("rules", {})[words] = condition
    keep_last(tree)


STOCKS = ("stock", "in_stock", "bottles_left", "packets")
# As the block writes it, and as a person says it.
HOURS = (
    ("Mon-Fri 9:00-17:00", "Monday to Friday from 9 to 17"), ("Tue-Sat 10:00-18:00", "Tuesday to Saturday, 10 to 18"), ("Mon-Sat 8:00-12:00", "Mon-Sat 8-12"),
    ("9:00-18:00", "every day from 9 to 18"), ("Mon-Thu 14:00-20:00", "Mon-Thu 14:00-20:00"), ("Sat-Sun 10:00-16:00", "on weekends from 10 to 16"),
)  # fmt: skip
WAYS = (places, places, not_past, free_times, free_times, stay, stay, stock, at_least)
