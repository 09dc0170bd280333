"""Values carried from one field to another when a field changes its type, faithfully or not at all."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ...blueprint.field import Field
from ..fields import kind
from .tables import is_link

TEXTUAL = ("text", "long", "email", "phone", "url", "location", "color", "choice", "serial")
NUMERIC = ("int", "number", "percent", "rating", "money")
UPLOADS = ("file", "image")

# By what name a record of an entity is called, and the other way; given by migrate.py.
Title = Callable[[str, int], str | None]
Find = Callable[[str, str], int | None]


def convert(before: Field, after: Field, value: Any, title: Title, find: Find) -> Any:
    """The Python value of the new field that says the same. Raises ValueError with words when there is none.

    From text, what the new type reads counts as the same; from everything else the way back must lead to the value again.
    """
    if value is None or value == []:
        return None
    if _people(before, after) or (is_link(before) and is_link(after) and before.target == after.target):
        return value
    if before.many or is_link(before):
        if (
            not (after.many or is_link(after))
            and after.kind != "tags"
            and not (after.kind in ("text", "long") and not is_link(before))
        ):
            if len(value) > 1:
                raise ValueError(f"holds {len(value)} values, and only one fits")
            return _one(before, after, value[0], title, find)
        if after.kind == "tags":
            return kind(after).from_text(kind(before).to_text(value, before), after)
        if not after.many:
            return kind(after).from_text(kind(before).to_text(value, before), after)
        return list(dict.fromkeys(_one(before, after, item, title, find) for item in value))
    if after.many:
        if before.kind == "tags":
            return kind(after).from_json(value, after)
        if before.kind in ("text", "long") and after.kind == "choice":
            return kind(after).from_text(value, after)
        return [_one(before, after, value, title, find)]
    return _one(before, after, value, title, find)


def _people(before: Field, after: Field) -> bool:
    """Marks and `[User]` hold the same: people."""
    return {before.kind, after.kind} == {"marks", "reference"} and all(
        field.kind == "marks" or (field.many and field.target == "User") for field in (before, after)
    )


def _one(before: Field, after: Field, value: Any, title: Title, find: Find) -> Any:
    if "marks" in (before.kind, after.kind):
        raise ValueError("is people's marks, which nothing else can hold")
    if before.kind == "reference" or after.kind == "reference":
        return _reference(before, after, value, title, find)
    if before.kind == after.kind:
        return _same(after, value)
    if after.kind in UPLOADS and before.kind not in UPLOADS:
        raise ValueError("is not an uploaded file")
    if before.kind == "json" and isinstance(value, list | dict) and after.kind not in ("text", "long"):
        raise ValueError(f"is JSON, which does not fit: {after.type.says}")
    if after.kind == "text" and isinstance(value, str) and "\n" in value:
        raise ValueError("holds several lines")
    found = _read(before, after, value)
    if before.kind not in TEXTUAL and before.kind not in UPLOADS and _read(after, before, found) != value:
        raise ValueError(f"would become `{kind(after).one_to_text(found)}`")
    return found


def _same(after: Field, value: Any) -> Any:
    """The value, when the new choices or the new range take it."""
    if after.kind == "choice":
        return after.type.read(value, after)
    if after.kind in NUMERIC:
        after.type.read(kind(after).one_to_text(value), after)
    return value


def _read(before: Field, after: Field, value: Any) -> Any:
    if before.kind == "bool" and after.kind in NUMERIC:
        text = "1" if value else "0"
    elif before.kind in NUMERIC and after.kind in ("int", "bool") and math.isfinite(value) and value == int(value):
        text = str(int(value))
    elif before.kind == "json" and isinstance(value, str):
        text = value.strip()
    elif after.kind in UPLOADS:
        return value
    else:
        text = kind(before).one_to_text(value).strip()
    try:
        return after.type.read(text, after) if text else None
    except ValueError as error:
        # Another range than the old one may be what is in the way on the way back.
        raise ValueError(str(error)) from None


def _reference(before: Field, after: Field, value: Any, title: Title, find: Find) -> Any:
    if before.kind == after.kind == "reference":
        if before.target != after.target:
            raise ValueError(f"is a record of {before.target}, not of {after.target}")
        return value
    if before.kind == "reference":
        if after.kind not in ("text", "long"):
            raise ValueError(f"is a record of {before.target}, which does not fit: {after.type.says}")
        words = title(before.target, value)
        if not words or find(before.target, words) != value:
            raise ValueError("cannot be told from others by its name")
        return after.type.read(words, after)
    found = find(after.target, value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"is not the name of just one record of {after.target}")
    return found
