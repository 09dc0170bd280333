"""A blueprint on its way as a plain tree: small questions about entities and fields, and the order of keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Tree = dict[str, Any]

TOP_KEYS = ("app", "about", "theme", "roles", "signup", "data", "access", "pages", "seed", "automations")
THEME_KEYS = ("primary", "background", "accent", "style", "mode", "layout")
ENTITY_WORDS = ("unique", "rules", "actions")
ACCESS_VERBS = ("read", "create", "write", "update", "delete")
DATA_BLOCKS = ("table", "cards", "list", "gallery", "feed", "calendar", "timeline", "map", "board")


def fields_of(entity: Tree) -> list[str]:
    return [name for name in entity if name not in ENTITY_WORDS]


def entity_type(field: str) -> str:
    """`text`, `choice`, `[Tag]` or an entity's name."""
    head = field.partition("=")[0].strip()
    if "|" in head:
        return "choice"
    return head.split()[0].rstrip("!") if head.split() else ""


def choices_of(field: str) -> list[str]:
    head = field.partition("=")[0].strip().rstrip("!").strip()
    return [choice.strip() for choice in head.split("|")] if "|" in head else []


def default_of(field: str) -> str:
    return field.partition("=")[2].strip()


def is_computed(entity: Tree, name: str) -> bool:
    """Is this field worked out from others, so that nobody types it in?"""
    written = entity[name]
    if entity_type(written) in ("marks", "serial"):
        return True
    if entity_type(written) == "choice" or "=" not in written:
        return False
    tail = default_of(written)
    if "(" in tail:
        return True
    return any(re.search(rf"\b{re.escape(other)}\b", tail) for other in fields_of(entity) if other != name)


def references(entity: Tree, data: Tree) -> dict[str, str]:
    """Single references of an entity to others of this app: field name to entity name."""
    found = {name: entity_type(entity[name]) for name in fields_of(entity)}
    return {name: target for name, target in found.items() if target in data}


def page_who(name: str) -> str:
    found = re.search(r"\(([^()]*)\)$", name)
    return found[1] if found else "anyone"


def page_title(name: str) -> str:
    return re.sub(r"\s*\([^()]*\)$", "", name)


def kind_of(block: Tree) -> str:
    return next(iter(block))


def subject_of(block: Tree) -> str:
    """The entity a data block shows, or an empty text."""
    value = block[kind_of(block)]
    return value.split(" by ")[0] if isinstance(value, str) else ""


def blocks_of(document: Tree) -> Iterator[tuple[str, Tree]]:
    """Every block with the name of its page."""
    for name, blocks in document["pages"].items():
        for block in blocks:
            yield name, block


def who_parts(rule: str) -> list[str]:
    return [part for part in re.split(r" or ", rule) if part]


def order_keys(document: Tree) -> Tree:
    """The keys of a document in the language's order."""

    def ordered(tree: Tree, keys: tuple[str, ...]) -> Tree:
        return {key: tree[key] for key in keys if key in tree} | {k: v for k, v in tree.items() if k not in keys}

    document = ordered(document, TOP_KEYS)
    document["theme"] = ordered(document["theme"], THEME_KEYS)
    for name, entity in document["data"].items():
        plain = {key: value for key, value in entity.items() if key not in ENTITY_WORDS}
        document["data"][name] = plain | {key: entity[key] for key in ENTITY_WORDS if key in entity}
    for name, entry in document.get("access", {}).items():
        document["access"][name] = ordered(entry, ACCESS_VERBS)
    return document
