"""What an app may have besides: mails, reminders, limits, a page of content. Each is said to the draft, since nobody would guess it."""

from __future__ import annotations

from typing import Any

from espalier.check.words import Like

from .draft import Draft, EntityDraft, article
from .needs import need
from .pages import tell_block
from .people import staff, workers


def add(draft: Draft) -> None:
    """As many as suit the draft's size."""
    wanted = draft.rng.choice(((0,), (0, 0, 1), (1, 1, 2), (1, 2, 3), (2, 3, 4))[draft.size])
    ways = list(WAYS)
    draft.rng.shuffle(ways)
    for way in ways:
        if wanted <= 0:
            break
        wanted -= bool(way(draft))


def tell_fields(draft: Draft) -> None:
    """What is said of single fields: which are needed, which are the only one of their kind, which follow from others."""
    like = Like.of
    for entity in draft.entities.values():
        tree = draft.tree["data"][entity.name]
        for one in entity.fields.values():
            said: dict[str, Any] = {"entity": entity.words, "entities": entity.many, "field": one.words}
            if one.kind.computed and one.kind.kind in ("int", "number", "money", "percent"):
                draft.tell(
                    "computed",
                    need("field", like=like(one.words), entity=draft.like(entity), computed=""),
                    about=entity.kind.key,
                    **said,
                )
            if "unique" in one.kind.type:
                draft.tell(
                    "unique",
                    need("unique", entity=draft.like(entity), fields=(like(one.words),)),
                    about=entity.kind.key,
                    **said,
                )
            if one.kind.flow:
                steps = one.choices[: len(one.choices) - one.kind.exits]
                values = tuple(like(value) for value in one.choices)
                draft.tell(
                    "flow", need("choice", values=values, entity=draft.like(entity)), about=entity.kind.key, **said,
                    steps=", ".join(steps), exits=", ".join(one.choices[len(steps):]), all=", ".join(one.choices),
                )  # fmt: skip
        for text, rule in tree.get("rules", {}).items():
            about = tuple(like(one.words) for one in entity.fields.values() if one.name in rule)
            draft.tell(
                "rule",
                need("rule", entity=draft.like(entity), about=about),
                about=entity.kind.key,
                entity=entity.words,
                rule=text[:1].lower() + text[1:],
            )
        if "unique" in tree:
            names = [str(name) for name in tree["unique"]]
            if names[-1] == "owner" and len(names) == 2:
                draft.tell("one_each", need("unique", entity=draft.like(entity), fields=tuple(like(name) for name in names)), about=entity.kind.key, entity=entity.words, other=names[0].replace("_", " "))  # fmt: skip


# --- one function a way -------------------------------------------------------------------------------------------------


def _mail_on_new(draft: Draft) -> bool:
    if draft.audience == "own":
        return False
    for entity in draft.of("request", "order", "inbox", "signup", "record", "post"):
        to = staff(draft) if draft.audience == "site" else workers(draft)
        role = to.split(" or ")[0]
        if role in ("user", "own"):
            return False
        step = draft.pick(
            (f'email {role} "A new {entity.words} has come in"', f'notify {role} "There is a new {entity.words}"')
        )
        draft.tree.setdefault("automations", {})[f"when {entity.name} created"] = step
        draft.tell("mail_new", need("automation", when="created", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, entities=entity.many, role=role.replace("_", " "))  # fmt: skip
        return True
    return False


def _mail_on_state(draft: Draft) -> bool:
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
        draft.tree.setdefault("automations", {})[f"when {entity.name} {flow.name} = {_quoted(state)}"] = words
        draft.tell("mail_state", need("automation", when="changed", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, state=state.lower())  # fmt: skip
        return True
    return False


def _reminder(draft: Draft) -> bool:
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
        text = (
            f"The {day.words} of {article(entity.words)} is near"
            if draft.chance(0.5)
            else f"Do not forget this {entity.words}"
        )
        unit = "day" if days == 1 else "days"
        draft.tree.setdefault("automations", {})[f"{days} {unit} before {entity.name}.{day.name}"] = (
            f'{how} {to} "{text}"'
        )
        count = {1: "a day", 2: "two days", 3: "three days", 7: "a week", 14: "two weeks", 30: "30 days"}[days]
        draft.tell("reminder", need("automation", when="before", entity=draft.like(entity), does="email"), must=True, about=entity.kind.key, entity=entity.words, entities=entity.many, field=day.words, count=count)  # fmt: skip
        return True
    return False


def _places(draft: Draft) -> bool:
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
        _keep_last(data[event.name])
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


def _keep_last(tree: dict[str, object]) -> None:
    """Rules, actions and unique stand behind the fields."""
    for part in ("unique", "rules", "actions"):
        if part in tree:
            tree[part] = tree.pop(part)


def _map(draft: Draft) -> bool:
    for entity in draft.entities.values():
        place = entity.first("location")
        if place and draft.tree["pages"]:
            page = _page_with(draft, entity)
            if page:
                draft.tree["pages"][page].append({"map": f"{entity.name} by {place.name}"})
                tell_block(draft, "map", entity)
                return True
    return False


def _search(draft: Draft) -> bool:
    for entity in draft.of("thing", "people", "product"):
        page = _page_with(draft, entity)
        if page and entity.first("text"):
            blocks = draft.tree["pages"][page]
            at = next(at for at, block in enumerate(blocks) if entity.name in block.values())
            blocks.insert(at, {"search": entity.name})
            tell_block(draft, "search", entity)
            return True
    return False


def _page_with(draft: Draft, entity: EntityDraft) -> str | None:
    return next((page for page, blocks in draft.tree["pages"].items() if any(block.get(kind) == entity.name for block in blocks for kind in ("cards", "table", "list", "gallery"))), None)  # fmt: skip


def _home(draft: Draft) -> str | None:
    """The first page, when strangers may open it."""
    first = next(iter(draft.tree["pages"]))
    return None if "(" in first else first


def _faq(draft: Draft) -> bool:
    page = _home(draft)
    if not page or not draft.domain.faq:
        return False
    lines = dict(draft.rng.sample(draft.domain.faq, min(len(draft.domain.faq), draft.rng.randint(2, 4))))
    draft.tree["pages"][page].append({"faq": lines})
    draft.tell("faq", need("block", any=("faq",)), must=True)
    return True


def _contact(draft: Draft) -> bool:
    page = _home(draft)
    if not page:
        return False
    block = {
        "contact": draft.pick(("Find us", "Get in touch", "Where we are", "Say hello")),
        "phone": f"555 0{draft.rng.randint(100, 199)}",
    }
    if draft.chance(0.7):
        block["address"] = (
            f"{draft.rng.randint(1, 90)} {draft.pick(('Elm', 'Mill', 'Station', 'Orchard', 'Church', 'River', 'Garden'))} {draft.pick(('Street', 'Road', 'Lane'))}"
        )
    if draft.chance(0.4):
        block["hours"] = draft.pick(("Mon-Fri 9-17", "Tue-Sat 10-18", "daily 8-20", "Mon-Sat 8-13"))
    draft.tree["pages"][page].append(block)
    draft.tell("contact", need("block", any=("contact",)), must=True)
    return True


def _newsletter(draft: Draft) -> bool:
    page = _home(draft)
    if not page:
        return False
    draft.tree["pages"][page].append(
        {"newsletter": draft.pick(("News once a month", "Hear it first", "Letters from us", "Stay in touch"))}
    )
    draft.tell("newsletter", need("flow", name="subscribers"), must=True)
    return True


def _leaderboard(draft: Draft) -> bool:
    for entity in draft.of("thing", "idea", "people"):
        votes = entity.first("marks", "rating", "int", "number")
        page = _page_with(draft, entity)
        if votes and page and entity.function == "idea":
            draft.tree["pages"][page].append({"leaderboard": f"{entity.name} by {votes.name}"})
            tell_block(draft, "leaderboard", entity, field=votes.words)
            return True
    return False


def _timeline(draft: Draft) -> bool:
    for entity in draft.of("log", "event"):
        if entity.day:
            for page, blocks in draft.tree["pages"].items():
                if any(value == entity.name for block in blocks for value in block.values()):
                    draft.tree["pages"][page].append({"timeline": f"{entity.name} by {entity.day.name}"})
                    tell_block(draft, "timeline", entity)
                    return True
    return False


def _testimonials(draft: Draft) -> bool:
    page = _home(draft)
    if not page or draft.audience != "site":
        return False
    who = draft.rng.sample(
        ("Mira L.", "Jonas P.", "Adaeze O.", "Tom and Ines", "The Haddads", "Kaito S.", "Rosa V.", "Ben"), 2
    )
    said = draft.rng.sample(
        (
            "Exactly as promised",
            "I told all my friends",
            "They remembered my name",
            "Worth every cent",
            "Kind people who know their craft",
            "Quick answers and no fuss",
        ),
        2,
    )
    draft.tree["pages"][page].append({"testimonials": dict(zip(who, said, strict=True))})
    draft.tell("testimonials", need("block", any=("testimonials",)), must=True)
    return True


def _quoted(choice: str) -> str:
    return choice if choice.replace(" ", "").isalpha() else f'"{choice}"'


WAYS = (
    _mail_on_new,
    _mail_on_state,
    _reminder,
    _reminder,
    _places,
    _map,
    _search,
    _faq,
    _contact,
    _newsletter,
    _leaderboard,
    _timeline,
    _testimonials,
)
