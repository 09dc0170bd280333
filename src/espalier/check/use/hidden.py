"""Texts of the data that somebody must never be shown: those of records and fields that are hidden from them.

Only words long enough to be told from others count, and only those that stand nowhere in what the person may see.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..subject import Subject
    from ..world import Row, View

KINDS = ("text", "long", "email", "phone", "url", "location", "serial", "file", "image")
SHORTEST = 10  # letters
LONGEST = 40
PLAIN = re.compile(r"[^&<>\"'*_#`\[\]()|\\\n]{10,}")


def hidden_from(subject: Subject, view: View) -> list[str]:
    """Pieces of text that stand in no answer to this person, as they stand in HTML, JSON and CSV alike."""
    if view.admin:
        return []
    seen: list[str] = [subject.text.partition("\nseed:")[0]]
    unseen: set[str] = set()
    for entity, rows in view.world.rows.items():
        names = _names(view, entity)
        for row in rows:
            readable = view.may("read", entity, row)
            for name in names:
                for text in _texts(view, entity, row, name):
                    if readable and view.sees(entity, name, row):
                        seen.append(text)
                    elif piece := _piece(text):
                        unseen.add(piece)
    everything = "\n".join(seen).lower()
    return [piece for piece in sorted(unseen) if piece.lower() not in everything]


def leaked(pieces: list[str], text: str) -> str:
    """The first piece that stands in the text; "" when none does."""
    return next((piece for piece in pieces if piece in text), "")


def _names(view: View, entity: str) -> list[str]:
    fields = view.blueprint.entities[entity].fields
    return [name for name, field in fields.items() if field.kind in KINDS]


def _texts(view: View, entity: str, row: Row, name: str) -> Iterator[str]:
    value = view.value(entity, row, name)
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, str):
            yield one


def _piece(text: str) -> str:
    found = PLAIN.search(text)
    return found[0].strip()[:LONGEST].strip() if found and len(found[0].strip()) >= SHORTEST else ""
