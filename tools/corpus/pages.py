"""Rules about pages and messages: mine, what comes next, the columns that go without saying, and reachable people."""

from __future__ import annotations

import re

from .tree import (
    DATA_BLOCKS,
    Tree,
    blocks_of,
    entity_type,
    fields_of,
    is_computed,
    kind_of,
    page_title,
    page_who,
    subject_of,
    who_parts,
)

SOON = (
    "starts",
    "departs",
    "leaves",
    "kickoff",
    "tipoff",
    "opens",
    "closes",
    "takes_off",
    "date",
    "day",
    "night",
    "doors",
    "pickup",
)

PAST_ENTITIES = re.compile(
    r"Log|Entry|Reading|Expense|Cost|Income|Payment|Result|Measure|Sighting|Dream|Hike|Run|Post|Article|Episode|Observation"
)


def add_where(block: Tree, condition: str) -> None:
    if condition in block.get("where", ""):
        return
    if "where" in block:
        block["where"] = f"{condition} and {block['where']}"
        return
    # Before the sort and the limit, where the language's page lists it.
    kind = kind_of(block)
    rest = {key: block.pop(key) for key in list(block) if key in ("limit", "empty")}
    block["where"] = condition
    block.update(rest)
    assert kind_of(block) == kind


def mine(document: Tree) -> None:
    """A page called `My ...` shows mine, also to those who may see more."""
    for page, block in blocks_of(document):
        name = subject_of(block)
        kind = kind_of(block)
        if kind not in DATA_BLOCKS or name not in document["access"]:
            continue
        if not re.match(r"(My|Your|Mine)\b", page_title(page)) and not re.match(r"(My|Your)\b", block.get("title", "")):
            continue
        entry, entity = document["access"][name], document["data"][name]
        viewers = who_parts(page_who(page))
        readers = set(who_parts(entry["read"])) & {"anyone", "user", *viewers}
        if not readers or "owner = me" in block.get("where", ""):
            continue
        creators = who_parts(entry.get("create", entry.get("write", "own")))
        people = [field for field in fields_of(entity) if entity_type(entity[field]) == "User"]
        fitting = [field for field in people if field in viewers] or people
        if set(creators) & {"anyone", "user", "own", *viewers} and not [field for field in people if field in viewers]:
            add_where(block, "owner = me")
        elif fitting:
            add_where(block, f"{fitting[0]} = me")


def upcoming(document: Tree) -> None:
    """A list of what comes next leaves out what is over."""
    for _page, block in blocks_of(document):
        name, sort = subject_of(block), block.get("sort")
        if kind_of(block) not in ("list", "cards") or sort not in SOON or name not in document["data"]:
            continue
        if entity_type(document["data"][name].get(sort, "")) not in ("date", "datetime"):
            continue
        if sort != "starts" and PAST_ENTITIES.search(name):
            continue
        add_where(block, f"{sort} >= today")


def plain_columns(document: Tree) -> None:
    """A block that shows what it would show anyway does not say so."""
    for page, block in blocks_of(document):
        name, kind = subject_of(block), kind_of(block)
        if name not in document["data"] or "show" not in block:
            continue
        entity, entry = document["data"][name], document.get("access", {}).get(name, {})
        if kind == "form":
            viewers = set(who_parts(page_who(page)))
            writable = [
                field
                for field in fields_of(entity)
                if not is_computed(entity, field)
                and not (isinstance(entry.get(field), dict) and not viewers & writers(entry[field], viewers))
            ]
            if block["show"] == writable:
                del block["show"]
        elif kind in ("table", "list", "cards", "gallery"):
            shown = [field for field in fields_of(entity) if entity_type(entity[field]) not in ("long", "file", "json")]
            missing = [field for field in shown if field not in block["show"]]
            plain = all(field in entity for field in block["show"])
            if plain and len(missing) <= (3 if kind == "table" else 2) and len(block["show"]) > len(missing):
                del block["show"]


def writers(entry: Tree, everybody: set[str]) -> set[str]:
    """Who may write a field with an entry of its own; everybody when it only says who may read it."""
    return set(who_parts(entry["write"])) if "write" in entry else everybody


def reachable(document: Tree) -> None:
    """An email to the maker of a record that visitors make goes to the address they gave."""
    for trigger, steps in document.get("automations", {}).items():
        found = re.search(r"\b([A-Z]\w*)", trigger)
        if not found or found[1] not in document["access"]:
            continue
        entity, entry = document["data"][found[1]], document["access"][found[1]]
        address = next((field for field in fields_of(entity) if entity_type(entity[field]) == "email"), None)
        if address and "anyone" in who_parts(entry.get("create", entry.get("write", "own"))):
            several = [steps] if isinstance(steps, str) else steps
            changed = [re.sub(r"^email owner ", f"email {address} ", one) for one in several]
            document["automations"][trigger] = changed[0] if len(changed) == 1 else changed
