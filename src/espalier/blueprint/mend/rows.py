"""A seed row made to fit its entity: values that can be read, references to rows that are there."""

from __future__ import annotations

import re

from ..field import Field
from ..meaning import Meaning, seed_columns, split_many
from ..schema import Row
from .near import near

NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def fitting_row(meaning: Meaning, entity: str, text: str) -> str:
    """The row with its values put right or left empty; "" when one that must be there is wrong."""
    columns = seed_columns(meaning.blueprint.entities[entity])
    firsts = _firsts(meaning)
    cells: list[str] = []
    for field, cell in zip(columns, Row.parse(text).cells, strict=False):
        said = cell if _fits(meaning, field, cell, firsts) else _other(meaning, field, cell, firsts)
        if not said and cell and field.required and field.expression is None:
            return ""
        cells.append(said)
    while cells and not cells[-1]:
        cells.pop()
    return str(Row(tuple(cells))) if any(cells) else ""


def _other(meaning: Meaning, field: Field, cell: str, firsts: dict[str, set[str]]) -> str:
    """Another value, which was probably meant; "" when none fits."""
    options: list[str] = []
    if field.kind == "reference":
        known = firsts.get(field.target, set())
        people = list(meaning.blueprint.roles) if field.target == "User" else []
        found = [meant for part in split_many(field, cell) if (meant := near(part, [*known, *people], 70))]
        options.append(", ".join(dict.fromkeys(found)))
    elif field.choices:
        found = [meant for part in split_many(field, cell) if (meant := near(part, field.choices, 60))]
        options.append(", ".join(dict.fromkeys(found)))
    elif field.kind in ("date", "datetime"):
        options += ["today"] if field.required else []
    elif (number := NUMBER.search(cell)) is not None:
        options += [number[0], number[0].partition(".")[0]]
    return next((option for option in options if option and _fits(meaning, field, option, firsts)), "")


def _fits(meaning: Meaning, field: Field, cell: str, firsts: dict[str, set[str]]) -> bool:
    if not cell:
        return True
    before = len(meaning.faults)
    meaning._cell((), field, cell, firsts)
    found = meaning.faults[before:]
    del meaning.faults[before:]
    return not found


def _firsts(meaning: Meaning) -> dict[str, set[str]]:
    """How rows may be named, as Meaning has it: by their title or what stands first, in small letters."""
    found: dict[str, set[str]] = {}
    for name, rows in meaning.blueprint.seed.items():
        if name not in meaning.blueprint.entities:
            continue
        entity = meaning.blueprint.entities[name]
        names = [field.name for field in seed_columns(entity)]
        at = names.index(entity.title_field) if entity.title_field in names else 0
        found[name] = {row.cells[place].casefold() for row in rows for place in (at, 0) if len(row.cells) > place}
    return found
