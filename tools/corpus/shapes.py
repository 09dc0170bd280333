"""Rules about data: who owns a record, what is part of what, what there is once, and what must be true."""

from __future__ import annotations

import re

from .tree import (
    Tree,
    blocks_of,
    default_of,
    entity_type,
    fields_of,
    is_computed,
    kind_of,
    page_who,
    references,
    subject_of,
    who_parts,
)

# Choices that are made later, when something has ended.
LATER = re.compile(r"reason|outcome|result|verdict|winner|fate|grade|cause|answer|felt|diagnosis")

# Entities of which a person has one for each parent.
ONE_EACH = (
    "Review", "Rating", "Vote", "Rsvp", "Opinion", "Evaluation", "Signup", "SignUp", "Interest", "JoinRequest", "Confirmation",
    "Read", "Signature", "Seat", "Watch", "Entrant", "Score", "ScoreSheet", "WaitingList", "Satisfaction",
)  # fmt: skip

# Entities that are lines of another record.
PARTS = (
    "Line", "OrderLine", "OrderItem", "CateringLine", "PartUsed", "Ingredient", "Component", "Lift", "Haul", "PackLine", "Cue",
)  # fmt: skip

RANGES = {
    ("arrive", "leave"): "You leave after you arrive",
    ("arrives", "leaves"): "You leave after you arrive",
    ("from_date", "until_date"): "The end comes after the start",
    ("from", "until"): "The end comes after the start",
    ("from", "to"): "The end comes after the start",
    ("starts", "ends"): "The end comes after the start",
    ("starts", "until"): "The end comes after the start",
    ("starts", "finishes"): "The end comes after the start",
    ("start", "end"): "The end comes after the start",
    ("first_day", "last_day"): "The last day comes after the first",
    ("drop_off", "pick_up"): "Pick up comes after drop off",
    ("pick_up", "bring_back"): "The return comes after the pick-up",
    ("opens", "closes"): "It closes after it opens",
    ("start_km", "end_km"): "The end is below the start",
    ("sign_on", "sign_off"): "Signing off comes after signing on",
    ("min_players", "max_players"): "The most players are fewer than the least",
}  # fmt: skip


def owners(document: Tree) -> None:
    """`owner: User!` is kept where staff enters a record for a person, under the person's own name; where a parent
    record says the owner already, it goes, and access follows the parent."""
    data, access = document["data"], document["access"]
    owned = [name for name in data if "owner" in data[name]]
    readers = {name: set(who_parts(entry["read"])) for name, entry in access.items()}
    paths: dict[str, str] = {}
    for name in owned:
        entity, entry = data[name], access[name]
        parent = next(
            (
                field
                for field, target in references(entity, data).items()
                if target in owned or "own" in readers[target]
            ),
            None,
        )
        if is_computed(entity, "owner"):
            paths[name] = default_of(entity["owner"])
        elif parent:
            paths[name] = f"{parent}.{paths.get(references(entity, data)[parent], 'owner')}"
        if name in paths:
            follow_parent(document, name, paths[name], readers)
            continue
        person = owner_name(document, name, entry)
        if person not in entity:
            rename_field(document, name, "owner", person, f"{entity['owner']} owner")


def follow_parent(document: Tree, name: str, path: str, readers: dict[str, set[str]]) -> None:
    """Take the owner off an entity whose parent has it; `path` leads to the parent's."""
    entity, entry = document["data"][name], document["access"][name]
    drop_field(document, name, "owner", path)
    field = path.split(".")[0]
    same = readers[name] == readers[references(entity, document["data"])[field]]
    for verb, rule in entry.items():
        entry[verb] = field if verb == "read" and same else replace_own(rule, path)
    for trigger, steps in document.get("automations", {}).items():
        if re.search(rf"\b{name}\b", trigger):
            changed = [step.replace(" owner ", f" {path} ") for step in ([steps] if isinstance(steps, str) else steps)]
            document["automations"][trigger] = changed


def rename_field(document: Tree, name: str, field: str, new: str, written: str) -> None:
    """Give a field another name, in its entity and in the blocks that show it."""
    document["data"][name] = {new if one == field else one: value for one, value in document["data"][name].items()}
    document["data"][name][new] = written
    for _, block in blocks_of(document):
        if subject_of(block) == name:
            for option in ("show", "filter"):
                if option in block:
                    block[option] = [new if one == field else one for one in block[option]]


def owner_name(document: Tree, name: str, entry: Tree) -> str:
    """The role for whom this is entered: one that neither reads all of it nor writes it, best one that has it on a page."""
    roles = document.get("roles", [])
    staff = {who for rule in entry.values() for who in who_parts(rule)}
    others = [role for role in roles if role not in staff] or roles or ["person"]
    for page, block in blocks_of(document):
        for role in who_parts(page_who(page)):
            if subject_of(block) == name and role in others:
                return role
    return others[0]


def replace_own(rule: str, path: str) -> str:
    return " or ".join(path if part == "own" else part for part in who_parts(rule))


def drop_field(document: Tree, name: str, field: str, path: str) -> None:
    """Take a field away, with its place in the seed; blocks show `path` instead."""
    entity = document["data"][name]
    typed = [one for one in fields_of(entity) if not is_computed(entity, one)]
    if field in typed and name in document.get("seed", {}):
        place = typed.index(field)
        cut = [line.split(" | ") for line in document["seed"][name]]
        document["seed"][name] = [" | ".join(cells[:place] + cells[place + 1 :]) for cells in cut]
    del entity[field]
    for _, block in blocks_of(document):
        if subject_of(block) == name:
            for option in ("show", "filter"):
                if field in block.get(option, []):
                    block[option] = [path if one == field else one for one in block[option]]


def parts(document: Tree) -> None:
    """Lines of an invoice or an order are parts of it: edited there, seen by whom it is seen."""
    data = document["data"]
    for name, entity in data.items():
        parent = next(iter(references(entity, data)), None)
        if (name in PARTS or (name == "Item" and parent == "order")) and parent and entity[parent].endswith("!"):
            entity[parent] += " part"
            document["access"].pop(name)


def personal_unique(document: Tree) -> None:
    """`unique` in what everybody keeps for himself would let only one person write a day, or a word."""
    for name, entity in document["data"].items():
        entry = document["access"].get(name, {})
        dates = "own" in who_parts(entry.get("read", ""))
        for field in fields_of(entity):
            kind, *rest = entity[field].split(" unique")
            if rest and "unique" not in entity and (entry.get("read") == "own" or (dates and kind == "date!")):
                entity[field] = kind
                entity["unique"] = ["owner", field]


def one_each(document: Tree) -> None:
    """One review, vote or sign-up for each person and parent."""
    data = document["data"]
    for name, entity in data.items():
        entry = document["access"].get(name)
        refs = [field for field in references(entity, data) if entity[field].endswith("!")]
        if name not in ONE_EACH or not entry or not refs or "unique" in entity:
            continue
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        if "anyone" in creators or any(is_owner_field(entity[field]) for field in fields_of(entity)):
            continue
        entity["unique"] = [refs[0], "owner"]


def is_owner_field(written: str) -> bool:
    return written.startswith("User") and "owner" in written.split()


def places(document: Tree) -> None:
    """What has a number of places left takes no more than those."""
    data = document["data"]
    for name, entity in data.items():
        for field, target in references(entity, data).items():
            parent = data[target]
            for left in fields_of(parent):
                found = re.fullmatch(r"\w+ - (\w+)", default_of(parent[left]))
                taken = default_of(parent.get(found[1], "")) if found else ""
                if taken == f"count({name})":
                    entity.setdefault("rules", {})["Sorry, there is no place left"] = f"{field}.{left} > 0"
                elif (
                    (measure := re.fullmatch(rf"sum\({name}\.(\w+)\)", taken))
                    and entity_type(entity[measure[1]]) == "int"
                    and re.search(r"left|free|remaining|available", left)
                ):
                    rules = entity.setdefault("rules", {})
                    rules["Sorry, not that many are left"] = f"{measure[1]} <= {field}.{left}"


def ranges(document: Tree) -> None:
    """The end of a range comes after its start."""
    for entity in document["data"].values():
        for (first, last), said in RANGES.items():
            if first in entity and last in entity and entity_type(entity[first]) == entity_type(entity[last]):
                if entity_type(entity[first]) not in ("date", "datetime", "time", "int", "number"):
                    continue
                sign = ">=" if entity_type(entity[first]) in ("date", "int", "number") else ">"
                entity.setdefault("rules", {})[said] = f"{last} {sign} {first}"


def required_keys(document: Tree) -> None:
    """A choice that a board or a chart is cut by is asked for."""
    for _, block in blocks_of(document):
        if kind_of(block) not in ("board", "chart"):
            continue
        found = re.search(r"([A-Z]\w*)\S*(?: where .+)? by (\w+)$", block[kind_of(block)])
        if found and found[1] in document["data"]:
            entity = document["data"][found[1]]
            forms = [one for _, one in blocks_of(document) if kind_of(one) == "form" and subject_of(one) == found[1]]
            if any("show" in form and found[2] not in form["show"] for form in forms):
                continue
            written = entity.get(found[2], "")
            if entity_type(written) == "choice" and not re.search(r"[=!]", written) and not LATER.search(found[2]):
                entity[found[2]] = written + "!"
