"""Who uses an app and who may do what: roles, sign-up, access, and the buttons that only some may press. Says so to the draft."""

from __future__ import annotations

import itertools
from typing import Any

from espalier.check.words import Like

from .draft import Draft, EntityDraft
from .needs import need

USUAL = {
    "guest": ("customer",),
    "staff": ("staff",),
    "boss": ("manager",),
    "member": ("member",),
    "host": ("organiser",),
}
# What a state is reached by, where the word for doing it is another.
DOING = {
    "Confirmed": "Confirm", "Approved": "Approve", "Accepted": "Accept", "Declined": "Decline", "Rejected": "Reject",
    "Cancelled": "Cancel", "Sent": "Send", "Packed": "Pack", "Picked up": "Picked up", "Paid": "Mark paid", "Done": "Done",
    "Solved": "Solve", "Closed": "Close", "In progress": "Start", "Published": "Publish", "Booked": "Book", "Quoted": "Quote",
    "Reserved": "Reserve", "Adopted": "Mark adopted", "Withdrawn": "Withdraw", "Ended": "End", "Paused": "Pause", "Returned": "Return",
    "Back": "Brought back", "Out": "Hand out", "Refused": "Refuse", "Archived": "Archive", "Invoiced": "Invoice", "Planned": "Plan",
    "Shipped": "Ship", "Delivered": "Deliver", "Offered": "Offer", "Active": "Activate", "Finished": "Finish", "Hidden": "Hide",
}  # fmt: skip
UNSPOKEN = (
    "Done",
    "Mark paid",
    "Picked up",
    "Brought back",
    "Mark adopted",
)  # no verb to put behind `can`
PERSONAL = ("email", "phone")


def settle(draft: Draft) -> None:
    """Fill in roles, signup, access and actions."""
    _roles(draft)
    draft.tree["roles"] = list(draft.roles.values())
    access: dict[str, Any] = {}
    for entity in draft.entities.values():
        entry = _entry(draft, entity)
        if entry:
            access[entity.name] = entry
        _actions(draft, entity)
    draft.tree["access"] = _shortened(draft, access)
    _say(draft)


def _roles(draft: Draft) -> None:
    def name(side: str) -> str:
        words = [word for word in draft.domain.roles.get(side, USUAL[side]) if word not in draft.roles.values()]
        return words[0] if draft.plain or draft.chance(0.6) else draft.pick(words or USUAL[side])

    match draft.audience:
        case "site":
            needs = bool(draft.of("mine"))
            wants = draft.of("request", "order", "review", "signup", "post")
            # In a few words nobody says that an account is needed, so that none is.
            if needs or (wants and draft.style != "short" and draft.chance(0.45)):
                draft.roles["guest"] = name("guest")
            draft.roles["staff"] = name("staff")
            if draft.size >= 3 and draft.chance(0.35):
                draft.roles["boss"] = name("boss")
            if "guest" not in draft.roles and "boss" in draft.roles:
                draft.signup = "invite"
        case "team":
            if draft.size >= 2 and draft.chance(0.85):
                draft.roles["staff"] = name("staff")
            if "staff" not in draft.roles or draft.chance(0.75):
                draft.roles["boss"] = name("boss")
            draft.signup = "invite"
        case "club":
            if draft.chance(0.7):
                if draft.size >= 3 and draft.chance(0.5):
                    draft.roles["member"] = name("member")
                draft.roles["host"] = name("host")
            draft.signup = "invite" if draft.chance(0.55) else ""
            if draft.signup == "" and any(one.first(*PERSONAL) for one in draft.entities.values()):
                draft.signup = "invite"


def staff(draft: Draft) -> str:
    """Those who run the app."""
    return {"site": draft.who("staff", "boss"), "team": draft.who("boss"), "own": "own", "club": draft.who("host")}[
        draft.audience
    ]


def workers(draft: Draft) -> str:
    """Those who work in it every day."""
    return {
        "site": draft.who("staff", "boss"),
        "team": draft.who("staff", "boss") if "staff" in draft.roles else "user",
    }.get(draft.audience, "user")


def guests(draft: Draft) -> str:
    """Those who order, book and ask: with an account when the app has a role for them."""
    return draft.roles.get("guest", "anyone") if draft.audience == "site" else "user"


def _entry(draft: Draft, entity: EntityDraft) -> dict[str, Any]:
    run, work, ask = staff(draft), workers(draft), guests(draft)
    if entity.function == "line":
        return {}
    match draft.audience:
        case "own":
            return {"read": "own", "write": "own"}
        case "site":
            return _on_site(draft, entity, run, ask)
        case "team":
            return _in_team(draft, entity, run, work)
        case _:
            return _in_club(draft, entity)


def _on_site(draft: Draft, entity: EntityDraft, run: str, ask: str) -> dict[str, Any]:
    match entity.function:
        case "thing" | "product" | "event" | "news":
            return {"read": "anyone", "write": run}
        case "mine":
            return {"read": f"own or {run}", "write": f"own or {run}"}
        case "request" | "order":
            flow = entity.flow
            entry: dict[str, Any] = {"read": f"own or {run}", "create": ask, "write": run}
            if flow:
                entry[flow.name] = {"write": run}
            return entry
        case "signup":
            return {"read": f"own or {run}", "create": ask, "write": f"own or {run}"}
        case "inbox":
            return {"read": run, "create": "anyone", "write": run}
        case "review" | "post" | "idea":
            return {"read": "anyone", "create": "user" if ask == "anyone" else ask, "write": f"own or {run}"}
        case _:
            return {"read": run, "write": run}


def _in_team(draft: Draft, entity: EntityDraft, run: str, work: str) -> dict[str, Any]:
    match entity.function:
        case "thing" | "product" | "event" | "news" | "doc":
            return {"read": "user", "write": run}
        case "people" | "record" | "task" | "order" | "inbox":
            if work == "user" and run != "user":
                return {"read": "user", "create": "user", "update": "user", "delete": run}
            return {"read": "user", "write": work}
        case "log" | "post" | "idea" | "review" | "signup" | "mine":
            make = work if entity.function == "log" and "staff" in draft.roles else "user"
            return {"read": "user", "create": make, "write": make if run == "user" else f"own or {run}"}
        case _:  # request
            entry: dict[str, Any] = {"read": f"own or {run}", "create": "user", "write": run}
            if entity.flow:
                entry[entity.flow.name] = {"write": run}
            return entry


def _in_club(draft: Draft, entity: EntityDraft) -> dict[str, Any]:
    host = draft.roles.get("host")
    either = f"own or {host}" if host else "own"
    match entity.function:
        case "thing" | "product" | "event" | "news" | "doc":
            return {"read": "user", "write": host or "user"}
        case "request" if entity.flow:
            return {"read": "user", "create": "user", "write": either, entity.flow.name: {"write": host or "own"}}
        case _:
            return {"read": "user", "create": "user", "write": either}


def _shortened(draft: Draft, access: dict[str, Any]) -> dict[str, Any]:
    """Entries that say what is so anyway are left out; one that most share becomes the default."""
    usual = {"read": "user", "write": "own"}
    said = {
        name: entry
        for name, entry in access.items()
        if entry != usual and entry != {"read": "user", "create": "user", "write": "own"}
    }
    plain = [repr(entry) for entry in said.values()]
    common = max(plain, key=plain.count, default="")
    if len(said) == len(access) and plain.count(common) >= 2:
        default = next(entry for entry in said.values() if repr(entry) == common)
        if set(default) <= {"read", "create", "write"}:
            rest = {name: entry for name, entry in said.items() if repr(entry) != common}
            return {"default": default, **rest}
    return said


def _actions(draft: Draft, entity: EntityDraft) -> None:
    flow = entity.flow
    if flow is None or not draft.chance(0.75):
        return
    steps = flow.choices[: len(flow.choices) - flow.kind.exits]
    exits = flow.choices[len(steps) :]
    who = {"site": staff(draft), "team": workers(draft) if entity.function != "request" else staff(draft)}.get(
        draft.audience, ""
    )
    if draft.audience == "club" and entity.function == "request":
        who = draft.roles.get("host", "")
    by = f" ({who})" if who and who != "user" else ""
    actions = {}
    strict = draft.chance(0.7)
    for before, state in [*itertools.pairwise(steps), *((steps[0], one) for one in exits)]:
        set_it = f"{flow.name} = {_value(state)}"
        actions[f"{DOING.get(state, state)}{by}"] = [f"if {flow.name} = {_value(before)}", set_it] if strict else set_it
    draft.tree["data"][entity.name]["actions"] = actions
    labels = [key.partition(" (")[0] for key in actions]
    if who and who != "user":
        verbs = [label.lower() for label in labels if label in DOING.values() and label not in UNSPOKEN]
        if verbs:
            needs = [
                need("action", like=Like.of(label), entity=draft.like(entity))
                for label in labels
                if label.lower() in verbs
            ]
            draft.tell("actions", *needs, about=entity.kind.key, entities=entity.many, entity=entity.words, roles=who.replace("_", " "), verbs=", ".join(verbs))  # fmt: skip


def _value(choice: str) -> str:
    plain = all(part.isalpha() for part in choice.replace("-", " ").split()) and "-" not in choice
    return choice if plain else f'"{choice}"'


def _say(draft: Draft) -> None:
    like = Like.of
    for role in draft.roles.values():
        usual = len(draft.roles) == 1
        draft.tell(
            "role",
            need("role", like=like(role.replace("_", " "))),
            role=role.replace("_", " "),
            must=not usual and draft.size > 1,
        )
    if draft.audience == "own":
        draft.tell("only_me", need("private", entity=draft.like(draft.lead)), entities=draft.lead.many)
    if draft.audience in ("team", "club") and draft.signup == "invite":
        draft.tell("invite", need("private", entity=draft.like(draft.lead)), entities=draft.lead.many)
    for entity in draft.entities.values():
        _say_access(draft, entity)


def _say_access(draft: Draft, entity: EntityDraft) -> None:
    like = Like.of
    run = staff(draft)
    said = run.replace("_", " ")
    thing = draft.like(entity)
    match draft.audience, entity.function:
        case "site", "thing" | "product" | "event":
            draft.tell("public", need("public", entity=thing), about=entity.kind.key, entities=entity.many)
            draft.tell(
                "only_write",
                need("permission", who=like("anyone"), operation="write", entity=thing, reach="none"),
                need("permission", who=like(run.split(" or ")[0].replace("_", " ")), operation="write", entity=thing, reach="all"),
                about=entity.kind.key, entities=entity.many, entity=entity.words, roles=said,
            )  # fmt: skip
        case "site", "request" | "order" | "mine" | "signup":
            if "guest" in draft.roles:
                draft.tell(
                    "own_only",
                    need("permission", who=like(draft.roles["guest"].replace("_", " ")), operation="read", entity=thing, reach="limited"),
                    about=entity.kind.key, entities=entity.many, role=draft.roles["guest"].replace("_", " "),
                )  # fmt: skip
            else:
                draft.tell(
                    "hidden", need("private", entity=thing), about=entity.kind.key, entities=entity.many, roles=said
                )
                if entity.function != "mine":
                    draft.tell(
                        "no_account",
                        need("permission", who=like("anyone"), operation="create", entity=thing, reach="yes"),
                        about=entity.kind.key, entities=entity.many, entity=entity.words,
                    )  # fmt: skip
        case "site", "people" | "log" | "record" | "inbox":
            draft.tell("hidden", need("private", entity=thing), about=entity.kind.key, entities=entity.many, roles=said)
        case "team", "thing" | "product" | "event" | "doc" if "boss" in draft.roles and "staff" in draft.roles:
            draft.tell(
                "only_write",
                need("permission", who=like(draft.roles["staff"].replace("_", " ")), operation="write", entity=thing, reach="none"),
                need("permission", who=like(draft.roles["boss"].replace("_", " ")), operation="write", entity=thing, reach="all"),
                about=entity.kind.key, entities=entity.many, entity=entity.words, roles=said,
            )  # fmt: skip
