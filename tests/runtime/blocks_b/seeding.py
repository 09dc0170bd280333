"""The seed of a blueprint as rows, put in without the app's own loader: what tests compare the pages with."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from espalier.blueprint.meaning import seed_columns, split_many
from espalier.runtime.app import App
from espalier.runtime.fields import kind

RELATIVE = re.compile(r"(?:(today|now)|([+-])\s?(\d+)\s?(hour|day|week|month|year)s?)(?:\s+(\d{1,2}:\d{2}))?")
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def moment(text: str, now: datetime) -> datetime | None:
    """The moment that a relative date of a seed means (months of 30, years of 365 days), None when it is not relative."""
    match = RELATIVE.fullmatch(text)
    if not match:
        return None
    at = now
    if match[2]:
        number = int(match[3]) * (1 if match[2] == "+" else -1)
        at += timedelta(hours=number) if match[4] == "hour" else timedelta(days=number * DAYS[match[4]])
    if match[5]:
        hour, minute = map(int, match[5].split(":"))
        at = at.replace(hour=hour, minute=minute)
    return at.replace(second=0, microsecond=0)


def fill(app: App) -> dict[str, dict[str, int]]:
    """Insert the seed; for each entity the ids by title and by first cell (for people by email too)."""
    blueprint, now = app.blueprint, app.now()
    known: dict[str, dict[str, int]] = {name: {} for name in blueprint.entities}
    tables = app.database.tables
    with app.database.write() as connection:
        for entity, rows in blueprint.seed.items():
            spec = blueprint.entities[entity]
            columns = seed_columns(spec)
            for row in rows:
                values: dict[str, Any] = {}
                links: dict[str, list[int]] = {}
                for field, cell in zip(columns, row.cells, strict=False):
                    if not cell:
                        continue
                    if field.kind == "reference":
                        ids = [known[field.target][part.casefold()] for part in split_many(field, cell)]
                        if field.many:
                            links[field.name] = ids
                        else:
                            values[field.name] = ids[0]
                    elif field.kind in ("date", "datetime") and (at := moment(cell, now)):
                        values[field.name] = at.date() if field.kind == "date" else at
                    elif field.kind not in ("image", "file"):
                        value = kind(field).from_text(cell, field)
                        values[field.name] = kind(field).to_row(value, field)
                _defaults(app, entity, values, now)
                for name, field in spec.fields.items():
                    if field.kind == "serial":
                        values[name] = f"{(field.parameter or 'N-1').rstrip('0123456789')}{len(known[entity]) + 1:03}"
                values.setdefault("created", now)
                values.setdefault("updated", now)
                key = connection.execute(insert(tables[entity]).values(values)).inserted_primary_key
                assert key is not None
                for name, ids in links.items():
                    for at, target in enumerate(ids):
                        connection.execute(
                            insert(tables.link(entity, name)).values(record=key[0], target=target, position=at, created=now)
                        )
                title = [field.name for field in columns].index(spec.title_field) if spec.title_field in [field.name for field in columns] else 0
                for word in {row.cells[0], row.cells[title] if len(row.cells) > title else row.cells[0], *(row.cells[1:3] if entity == "User" else ())}:
                    known[entity].setdefault(word.casefold(), key[0])
    return known


def _defaults(app: App, entity: str, values: dict[str, Any], now: datetime) -> None:
    for name, field in app.blueprint.entities[entity].fields.items():
        if name in values or field.computed or field.expression is None:
            continue
        said = str(field.expression)
        from espalier.blueprint.expression import to_text

        said = to_text(field.expression)
        if said == "today":
            values[name] = now.date() if field.kind == "date" else now
        elif said == "now":
            values[name] = now.replace(microsecond=0)
        elif said != "me" and field.kind in ("choice", "int", "number", "bool", "text"):
            values[name] = kind(field).to_row(kind(field).from_text(said.strip('"'), field), field)
