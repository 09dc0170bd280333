"""What people do with an app: browse, book, confirm. Another way to ask for it than naming its fields.

For every entity there are doings of the people on one side and of those on the other, each with what it demands. Which words there are
is in doings.yaml, by audience and function.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from espalier.check.requirements import Requirement

from .draft import Draft, EntityDraft
from .needs import need
from .people import DOING, guests, staff, workers

Doing = tuple[str, list[Requirement], EntityDraft]  # words after `can`, what they demand, what they are about


@cache
def table() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Audience, function, side: ways to say it."""
    found: dict[str, dict[str, dict[str, list[str]]]] = yaml.load(
        (resources.files(__package__) / "doings.yaml").read_text("utf-8"), yaml.CSafeLoader
    )
    return found


def sides(draft: Draft) -> dict[str, tuple[str, list[Doing]]]:
    """Those who do something: what they are called in the prompt, and what they do. Only sides that do anything."""
    outside = _outside(draft)
    inside = staff(draft) if draft.audience in ("site", "club") else workers(draft) if draft.audience == "team" else ""
    found: dict[str, tuple[str, list[Doing]]] = {"guests": (outside, []), "hosts": (inside, [])}
    for entity in draft.entities.values():
        ways = table()[draft.audience].get(entity.function, {})
        for side, options in ways.items():
            if side in found and options:
                found[side][1].append((draft.pick(options), _demands(draft, entity, side), entity))
    return {side: (who, doings) for side, (who, doings) in found.items() if doings}


def _outside(draft: Draft) -> str:
    match draft.audience:
        case "site":
            return draft.roles.get("guest", "") or draft.pick(("visitors", "people", "visitors", "everybody"))
        case "own":
            return "I"
        case "team":
            return draft.pick(("everybody", "the team", "all of us", "users"))
    return draft.roles.get("member", "") or draft.pick(("members", "we", "everybody"))


def _demands(draft: Draft, entity: EntityDraft, side: str) -> list[Requirement]:
    thing = draft.like(entity)
    found = [need("entity", like=thing)]
    if draft.audience != "site":
        return found
    ask = guests(draft)
    match side, entity.function:
        case "guests", "thing" | "product" | "event" | "news":
            found.append(need("public", entity=thing))
        case "guests", "request" | "order" | "signup" | "mine":
            who = "anyone" if ask == "anyone" else ask.replace("_", " ")
            found.append(need("permission", who=who, operation="create", entity=thing, reach="yes"))
        case "hosts", "thing" | "product" | "event" | "news":
            run = staff(draft).split(" or ")[0].replace("_", " ")
            found.append(need("permission", who=run, operation="write", entity=thing, reach="all"))
    return found


def verbs_of(entity: EntityDraft) -> list[str]:
    """What staff does with records that go through states: confirm, decline."""
    flow = entity.flow
    return (
        [DOING[state].lower() for state in flow.choices[1:] if state in DOING and len(DOING[state].split()) == 1][:3]
        if flow
        else []
    )
