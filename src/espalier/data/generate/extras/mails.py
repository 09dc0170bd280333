"""Mails and notices by themselves: when something comes in, when it is decided, before a date."""

from __future__ import annotations

from .. import prompt
from ..draft import Draft, EntityDraft, FieldDraft, article
from ..needs import need
from ..people import staff, workers
from ..prompt import upper
from .base import quoted


def mail_on_new(draft: Draft) -> bool:
    if draft.audience == "own":
        return False
    for entity in draft.of("request", "order", "inbox", "signup", "record", "post"):
        to = staff(draft) if draft.audience == "site" else workers(draft)
        role = to.split(" or ")[0]
        if role in ("user", "own"):
            return False
        how = draft.pick(("email", "notify"))
        words = draft.pick(
            (f"{upper(article(entity.words))} has come in", f"There is {article(f'new {entity.words}')}")
        )
        draft.tree.setdefault("automations", {})[f"when {entity.name} created"] = f'{how} {role} "{words}"'
        draft.tell("mail_new" if how == "email" else "notice_new", need("automation", when="created", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, entities=entity.many, role=role.replace("_", " "))  # fmt: skip
        return True
    return False


def mail_on_state(draft: Draft) -> bool:
    if draft.audience == "own":
        return False
    for entity in draft.of("request", "order"):
        flow = entity.flow
        if not flow or len(flow.choices) < 2:
            continue
        to = "owner"
        if draft.audience == "site" and "guest" not in draft.roles:
            email = entity.first("email")
            if not email:
                return False
            to = email.name
        state = draft.pick(flow.choices[1:])
        words = f'email {to} "Your {entity.words} is now {state.lower()}"'
        draft.tree.setdefault("automations", {})[f"when {entity.name} {flow.name} = {quoted(state)}"] = words
        draft.tell("mail_state", need("automation", when="changed", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, state=state.lower())  # fmt: skip
        return True
    return False


def reminder(draft: Draft) -> bool:
    for entity in draft.entities.values():
        day = entity.fields.get(entity.kind.remind) if entity.kind.remind else None
        if day is None and entity.function in ("event", "task"):
            day = entity.day
        if (
            day is None
            or entity.function == "line"
            or any(entity.name in str(key) and "before" in str(key) for key in draft.tree.get("automations", {}))
        ):
            continue
        days = draft.pick((1, 1, 2, 3, 7, 14, 30)) if entity.kind.remind else draft.pick((1, 1, 2))
        run = staff(draft).split(" or ")[0]
        to = "owner" if draft.audience in ("own", "club") or run == "own" else run
        if entity.first("reference") and any(one.kind.target == "User" for one in entity.fields.values()):
            to = next(one.name for one in entity.fields.values() if one.kind.target == "User")
        how = draft.pick(("email", "notify"))
        text = _ahead(draft, entity, day, days)
        unit = "day" if days == 1 else "days"
        draft.tree.setdefault("automations", {})[f"{days} {unit} before {entity.name}.{day.name}"] = (
            f'{how} {to} "{text}"'
        )
        count = {1: "a day", 2: "two days", 3: "three days", 7: "a week", 14: "two weeks", 30: "30 days"}[days]
        draft.tell("reminder", need("automation", when="before", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, entities=entity.many, field=day.words, count=count)  # fmt: skip
        return True
    return False


def _ahead(draft: Draft, entity: EntityDraft, day: FieldDraft, days: int) -> str:
    """What is said so many days before."""
    when = {1: "tomorrow", 7: "in a week", 14: "in two weeks"}.get(days, f"in {days} days")
    if draft.chance(0.3):
        return f"Do not forget this {entity.words}"
    if day.kind.key in ("due", "deadline", "promised"):
        return f"This {entity.words} is due {when}"
    if entity.function == "event" or day.kind.key in ("starts", "date", "day"):
        return f"This {entity.words} is {when}"
    said = known[0] if (known := prompt.known_words(day.name)) else day.words
    if said.startswith(("when", "where", "who", "what", "until")):
        return f"Do not forget this {entity.words}"
    return f"The {said} of this {entity.words} is {when}"


WAYS = (mail_on_new, mail_on_state, reminder, reminder)
