"""Rules about people: who may do what, which buttons are offered when, and who comes in."""

from __future__ import annotations

import re

from .tree import (
    Tree,
    blocks_of,
    choices_of,
    default_of,
    entity_type,
    fields_of,
    is_computed,
    kind_of,
    page_title,
    page_who,
    subject_of,
    who_parts,
)

LANGUAGE_DEFAULT = {"read": "user", "write": "own"}

EVERYBODY = ("anyone", "user", "own", "nobody")

FORMS = ("form", "wizard", "booking", "shop", "quiz")

# Blocks that have something to say to people from the street, and those that no page is opened for.
WELCOMING = set("hero contact newsletter pricing testimonials team features".split())

# Blocks that have it without records, where strangers may sign up.
TELLING = set("faq steps links image video custom".split())

DECORATION = {"footer", "button", "banner"}

# Fields that say how far a request has come; who asks may not set them.
STATE_FIELDS = ("status", "state", "stage", "decision", "verdict")

YES = {"Approved", "Accepted", "Confirmed", "Awarded"}

NO = {"Declined", "Rejected", "Refused", "Full", "Full up"}


def ticks(document: Tree) -> None:
    """A person who may only tick off what staff wrote for them has a button for it and no right to rewrite it."""
    for name, entry in document["access"].items():
        entity = document["data"][name]
        staff = set(who_parts(entry.get("delete", entry.get("write", "own"))))
        updaters = set(who_parts(entry.get("update", "")))
        if (
            not staff < updaters
            or "own" in staff
            or not entity.get("actions")
            or is_dragged(document, name, updaters - staff)
        ):
            continue
        mine = " or ".join(who_parts(entry["update"]) if "own" not in updaters else ["own"])
        labelled = {who for label in entity["actions"] for who in action_parts(label)[1]}
        free = all(who == "own" or "." in who for who in updaters - staff)
        if all("(" in label for label in entity["actions"]) and not updaters - staff <= labelled and not free:
            continue
        entry["write"] = entry.pop("delete", entry.get("write", ""))
        del entry["update"]
        entity["actions"] = {
            f"{label} ({mine})" if "(" not in label else label: step for label, step in entity["actions"].items()
        }


def is_dragged(document: Tree, name: str, people: set[str]) -> bool:
    """Do these people have a board of this entity, whose cards they drag?"""
    return any(
        kind_of(block) == "board"
        and subject_of(block) == name
        and people & {*who_parts(page_who(page)), page_who(page)}
        for page, block in blocks_of(document)
    )


def action_parts(label: str) -> tuple[str, list[str]]:
    found = re.match(r"(.*?)(?: \(([^()]*)\))?$", label)
    assert found
    return found[1], who_parts((found[2] or "").replace(",", " or "))


def decisions(document: Tree) -> None:
    """A button is offered while it makes sense: an answer while the question is open, a tick while not ticked."""
    for entity in document["data"].values():
        for label, step in entity.get("actions", {}).items():
            field, _, value = step.partition(" = ")
            if value == "true":
                entity["actions"][label] = [f"if not {field}", step]
            elif value == "false":
                entity["actions"][label] = [f"if {field}", step]
            else:
                choices, first = choices_of(entity.get(field, "")), default_of(entity.get(field, ""))
                direct = len(choices) > 1 and choices[0] == first and choices[1] in YES
                if direct and (value == choices[1] or value in NO):
                    entity["actions"][label] = [f"if {field} = {first}", step]
                elif len(choices) == 2 and value in choices:
                    other = choices[0] if value == choices[1] else choices[1]
                    entity["actions"][label] = [f"if {field} = {other}", step]
                elif value == "Cancelled" and first and len(choices) == 3:
                    entity["actions"][label] = [f"if {field} = {first}", step]
                elif value == "Cancelled" and direct:
                    time = next((name for name in fields_of(entity) if entity_type(entity[name]) == "datetime"), None)
                    still = f"if {time} > now" if time else f"if {field} in [{first}, {choices[1]}]"
                    entity["actions"][label] = [still, step]


def staff_fields(document: Tree) -> None:
    """What a form left out because only staff fills it in, is said once in the access and holds everywhere."""
    for page, block in blocks_of(document):
        name = subject_of(block)
        if kind_of(block) != "form" or "show" not in block or name not in document["access"]:
            continue
        entity, entry = document["data"][name], document["access"][name]
        staff = who_parts(entry.get("update", entry.get("write", "own")))
        if not set(staff) <= set(document.get("roles", [])) or set(who_parts(page_who(page))) & set(staff):
            continue
        theirs = [
            field
            for field in fields_of(entity)
            if field not in (*block["show"], *STATE_FIELDS)
            and not is_computed(entity, field)
            and entity_type(entity[field]) not in document["data"]
            and (not entity[field].endswith("!") or "|" in entity[field])
        ]
        if len(theirs) <= 2:
            for field in theirs:
                entry[field] = {"write": " or ".join(staff)}


def field_access(document: Tree) -> None:
    """Who asks for something does not set how far it has come; staff and actions do."""
    for name, entry in document["access"].items():
        entity = document["data"][name]
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        updaters = who_parts(entry.get("update", entry.get("write", "own")))
        staff = [who for who in updaters if who in document.get("roles", [])]
        actors: dict[str, list[str]] = {}
        for label, steps in entity.get("actions", {}).items():
            target = (steps if isinstance(steps, str) else steps[-1]).partition(" = ")[0]
            actors.setdefault(target, []).extend(action_parts(label)[1])
        for field in fields_of(entity):
            is_state = field in STATE_FIELDS and entity_type(entity[field]) == "choice" and default_of(entity[field])
            if not is_state and not actors.get(field):
                continue
            if not staff and not actors.get(field):
                continue
            outsiders = {who for who in creators + updaters if who not in staff}
            free = "own" in updaters and not actors.get(field)
            if outsiders and not free and not is_dragged(document, name, outsiders):
                entry[field] = {"write": " or ".join(staff) or "nobody"}


def simplify(entry: Tree) -> None:
    """Leave out what follows from the rest of the entry."""
    write = entry.get("write")
    if write is None:
        return
    for verb in ("create", "update", "delete"):
        if verb in entry and set(who_parts(entry[verb])) == set(who_parts(write)):
            del entry[verb]
    if entry.get("create") == "user" and "own" in who_parts(write):
        del entry["create"]


def everyone(document: Tree) -> None:
    """In a private room, where accounts are only by invitation and everyone has a role, what all roles may every user
    may."""
    roles = set(document.get("roles", []))
    access = document.get("access", {})
    said = str([*access.values(), *document["pages"]])
    if document.get("signup") != "invite" or len(roles) < 2 or re.search(r"\b(anyone|user)\b", said):
        return

    def shorter(rule: str) -> str:
        return "user" if set(who_parts(rule)) == roles else rule

    for entry in access.values():
        for key, rule in entry.items():
            entry[key] = shorter(rule) if isinstance(rule, str) else {verb: shorter(who) for verb, who in rule.items()}
    document["pages"] = {
        f"{page_title(name)} (user)" if shorter(page_who(name)) == "user" else name: blocks
        for name, blocks in document["pages"].items()
    }


def closed_pages(document: Tree) -> None:
    """In an app of which strangers may read nothing, pages of records are for those who may read them: an empty page
    tells nobody anything, one that asks to log in does."""
    data, access, roles = document["data"], document.get("access", {}), document.get("roles", [])
    inside = {"user", "own", "nobody", *roles}
    outside = WELCOMING if document.get("signup") == "invite" else WELCOMING | TELLING

    def heads(name: str, verb: str) -> set[str]:
        entry = access.get(name) or access.get("default", {})
        rule = entry.get(verb) or (entry.get("write") if verb != "read" else "") or LANGUAGE_DEFAULT.get(verb, "own")
        return {part.split(" and ")[0] for part in who_parts(rule)}

    def closed(name: str, verb: str) -> bool:
        return all(head in inside or is_person(data, name, head) for head in heads(name, verb))

    if not all(closed(name, "read") for name in data if name != "User"):
        return
    pages = {}
    for name, blocks in document["pages"].items():
        kinds = {kind_of(block) for block in blocks}
        made = {subject_of(block) for block in blocks if kind_of(block) in FORMS}
        open_form = not all(closed(entity, "create") for entity in made)
        told = "(" in name or name.startswith("Each ") or open_form or kinds & outside or not kinds - DECORATION
        if told:
            pages[name] = blocks
            continue
        met = [entity for entity in data if re.search(rf"\b{entity}\b", str(blocks))]
        people = {head for entity in met for head in heads(entity, "read")}
        people |= {head for entity in made for head in heads(entity, "create")}
        who = [role for role in roles if role in people] if people and people <= set(roles) else ["user"]
        pages[f"{name} ({' or '.join(who)})"] = blocks
    document["pages"] = pages


def is_person(data: Tree, name: str, path: str) -> bool:
    """Does this path of an access rule end at a person, or at a record of this app?"""
    for part in path.split("."):
        if part == "owner":
            return True
        name = entity_type(data.get(name, {}).get(part, "")).strip("[]")
    return name == "User" or name in data


def common_access(document: Tree) -> None:
    """Entries like the language's default go; one that most entities share becomes `default`."""
    access = document.get("access", {})
    if "default" in access:
        return
    plain = [name for name, entry in access.items() if not any(isinstance(rule, dict) for rule in entry.values())]
    if len(plain) == len(document["data"]) == 1 and access[plain[0]] != LANGUAGE_DEFAULT:
        return
    usual = [name for name in plain if access[name] == LANGUAGE_DEFAULT]
    common = {*EVERYBODY, *document.get("roles", [])}
    plain = [name for name in plain if all(set(who_parts(rule)) <= common for rule in access[name].values())]
    best = max(plain, key=lambda name: sum(access[other] == access[name] for other in plain), default=None)
    if best and access[best] != LANGUAGE_DEFAULT:
        shared = [name for name in plain if access[name] == access[best]]
        if len(shared) >= len(usual) + 2:
            default = access[best]
            document["access"] = {"default": default} | {n: e for n, e in access.items() if n not in shared}
            return
    for name in usual:
        del access[name]


def signup(document: Tree) -> None:
    """A stranger who signs up must not become staff, nor walk into a private room."""
    roles, access = document.get("roles", []), document["access"]
    entries = [
        {verb: set(who_parts(rule)) for verb, rule in entry.items() if isinstance(rule, str)}
        for entry in access.values()
    ]
    public = any("anyone" in rule for entry in entries for rule in entry.values())
    powerful = {
        role
        for role in roles
        for entry in entries
        if any(role in entry.get(verb, ()) for verb in ("write", "update", "delete"))
        or (role in entry["read"] and role not in entry.get("create", ()))
    }
    silent = [role for role in roles if role not in powerful and not is_mentioned(document, role)]
    if len(roles) <= 2 and len(silent) == 1:
        # With one role left a sign-up is a plain user, who may just as little.
        document["roles"] = roles = [role for role in roles if role not in silent]
    elif len(roles) > 1 and roles[0] in powerful:
        harmless = [role for role in roles if role not in powerful]
        if harmless:
            document["roles"] = roles = harmless[:1] + [role for role in roles if role != harmless[0]]
        else:
            document["signup"] = "invite"
            return
    elif len(roles) > 2 and roles[0] in silent and not public:
        document["roles"] = [role for role in roles if role not in silent]
        document["signup"] = "invite"
        return
    if not public and len(roles) > 1 and roles[0] in ("employee", "staff", "colleague", "traveller"):
        document["signup"] = "invite"
    newcomer = {"user"} | ({roles[0]} if len(roles) > 1 else set())
    shared = any(
        entry["read"] & newcomer and (entry.get("write", set()) | {"own"}) & (newcomer | {"own"}) for entry in entries
    )
    if not public and shared:
        document["signup"] = "invite"


def is_mentioned(document: Tree, role: str) -> bool:
    written = [str(document["access"]), str(document.get("automations", "")), *document["pages"]]
    written += [label for entity in document["data"].values() for label in entity.get("actions", {})]
    return any(re.search(rf"\b{role}\b", text) for text in written)
