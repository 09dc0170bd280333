"""People among themselves: a chat, likes, a poll, posts that wait for somebody's yes, notes that guests do not see."""

from __future__ import annotations

import re

from ..draft import Draft
from ..needs import need
from ..people import staff
from .base import keep_last


def chat(draft: Draft) -> bool:
    """One room for everybody."""
    if draft.audience not in ("club", "team") or "Message" in draft.tree["data"]:
        return False
    draft.tree["data"]["Message"] = {"text": "long!"}
    draft.tree.setdefault("access", {})["Message"] = {
        "read": "user",
        "create": "user",
        "write": f"own or {staff(draft)}" if staff(draft) != "user" else "own",
    }
    draft.add_page("Chat", "user", [{"chat": "Message"}])
    draft.tell("chat", need("block", any=("chat",)), must=True)
    return True


def likes(draft: Draft) -> bool:
    """Marks on what is shown."""
    if draft.audience == "own":
        return False
    for entity in draft.of("post", "news", "thing", "product"):
        tree = draft.tree["data"][entity.name]
        name = draft.pick(
            ("likes", "favourites", "saved_by") if entity.function in ("thing", "product") else ("likes", "thanks")
        )
        if name in tree or any(
            block.get("form") == entity.name and "show" not in block
            for blocks in draft.tree["pages"].values()
            for block in blocks
        ):
            continue
        tree[name] = "marks"
        keep_last(tree)
        draft.tell("likes", need("flow", name="follow"), must=True, about=entity.kind.key, entities=entity.many, does={"likes": "like", "thanks": "say thanks for"}.get(name, "save"))  # fmt: skip
        return True
    return False


def poll(draft: Draft) -> bool:
    """A question that the prompt dictates."""
    if draft.audience not in ("club", "team") or "Poll" in draft.tree["data"]:
        return False
    question, options = draft.pick(QUESTIONS)
    run = staff(draft)
    draft.tree["data"]["Poll"] = {"question": "text!", "options": "tags"}
    draft.tree.setdefault("access", {})["Poll"] = {"read": "user", "write": run if run != "user" else "nobody"}
    draft.add_page("Poll", "user", [{"poll": "Poll"}])
    draft.asked["Poll"] = [f"{question} | {', '.join(options)}"]
    draft.tell(
        "poll", need("block", any=("poll",)), need("text", like=f"/{re.escape(question)}/"), *(need("text", like=option) for option in options), must=True,
        question=question, options=", ".join(options),
    )  # fmt: skip
    return True


def approval(draft: Draft) -> bool:
    """What people post waits for a yes."""
    run = staff(draft)
    for entity in draft.of("post", "review"):
        if draft.audience not in ("site", "club") or run in ("user", "own") or entity.flow:
            continue
        tree = draft.tree["data"][entity.name]
        waiting, shown = draft.pick((("Waiting", "Shown"), ("New", "Approved"), ("Submitted", "Published")))
        tree["state"] = f"{waiting} | {shown} = {waiting}"
        tree["actions"] = {
            f"{'Publish' if shown == 'Published' else 'Approve'} ({run})": [f"if state = {waiting}", f"state = {shown}"]
        }
        keep_last(tree)
        access = draft.tree.setdefault("access", {})
        everybody = "anyone" if draft.audience == "site" else "user"
        entry = dict(
            access.get(
                entity.name, access.get("default", {"read": everybody, "create": "user", "write": f"own or {run}"})
            )
        )
        entry["read"] = f"state = {shown} or own or {run}"
        entry["state"] = {"write": run}
        access[entity.name] = entry
        if draft.audience == "club":
            entry.setdefault("create", "user")
        for blocks in draft.tree["pages"].values():
            for block in blocks:
                if (
                    next(iter(block)) in ("list", "cards", "table", "gallery")
                    and entity.name in block.values()
                    and "where" not in block
                ):
                    block["where"] = f"state = {shown}"
                if block.get("form") == entity.name and "show" not in block:
                    block["show"] = [
                        one.name for one in entity.fields.values() if not one.kind.computed and one.kind.kind != "marks"
                    ]
        draft.add_page(
            draft.usual("Moderation", "To check", "Desk"),
            run,
            [{"table": entity.name, "title": f"Waiting {entity.many}", "where": f"state = {waiting}"}],
        )
        draft.tell(
            "approval",
            need("flow", name="approval", entity=draft.like(entity)),
            must=True,
            about=entity.kind.key,
            entities=entity.many,
            roles=run.replace("_", " "),
        )
        return True
    return False


def internal_note(draft: Draft) -> bool:
    """What staff writes about a record and guests do not see."""
    run = staff(draft)
    for entity in draft.of("request", "order", "signup", "record"):
        if draft.audience not in ("site", "team") or run in ("user", "own"):
            continue
        name = draft.pick(("internal_note", "staff_notes", "office_remark", "internal_comment"))
        tree = draft.tree["data"][entity.name]
        tree[name] = "long"
        keep_last(tree)
        access = draft.tree.setdefault("access", {})
        if entity.name not in access:
            access[entity.name] = dict(access.get("default", {"read": "user", "write": run}))
        access[entity.name][name] = {"read": run, "write": run}
        field, whose = name.replace("_", " "), draft.like(entity)
        draft.tell(
            "internal_note", need("field", like=field, entity=whose),
            need("permission", who=run.split(" or ")[0].replace("_", " "), operation="read", entity=whose, field=field, reach="all"),
            must=True, about=entity.kind.key, entity=entity.words, entities=entity.many, field=field, roles=run.replace("_", " "),
        )  # fmt: skip
        return True
    return False


QUESTIONS = (
    ("Which day suits you?", ("Tuesday", "Thursday", "Saturday")), ("When shall we start?", ("At eight", "At nine", "At ten")), ("Where do we meet next?", ("Here", "Library", "Online")),
    ("How often shall we meet?", ("Weekly", "Monthly", "Four times a year")), ("Summer party or winter party?", ("Summer", "Winter", "Both")),
    ("What should we buy first?", ("Coffee machine", "New chairs", "A printer")), ("Who writes the minutes?", ("Whoever is late", "In turn", "Nobody")),
    ("Which evening is best?", ("Monday", "Wednesday", "Friday")), ("Where shall we go for the outing?", ("Lake", "Mountains", "City")), ("Pizza or soup afterwards?", ("Pizza", "Soup", "Neither")),
    ("Shall we start earlier in winter?", ("Yes", "No", "I do not mind")), ("How shall we tell news?", ("Email", "Chat", "Notice board")), ("Which colour for the new shirts?", ("Blue", "Green", "Red")),
    ("Do we want a photo of all of us?", ("Yes", "No", "Only from behind")), ("How long should we meet?", ("One hour", "Two hours", "As long as it takes")),
)  # fmt: skip
WAYS = (chat, likes, likes, poll, approval, approval, internal_note, internal_note)
