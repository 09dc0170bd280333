"""The admin's view of one entity: all records with all fields, searched and in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks import Sort
from espalier.blueprint.names import label, plural

from ..fields import kind
from ..routes import route
from . import frame

if TYPE_CHECKING:
    from starlette.responses import Response

    from espalier.blueprint.field import Field

    from ..visit import Visit

AT_ONCE = 50
MOST_COLUMNS = 8
LONGEST_CELL = 120


def show(visit: Visit, slug: str) -> Response:
    frame.admins_only(visit)
    app = visit.app
    entity = app.entity(slug)
    fields = app.blueprint.entities[entity].fields
    search = visit.query.get("q", "").strip()[:200]
    page = _number(visit.query.get("page", ""))
    names = list(fields)[:MOST_COLUMNS]
    sort, said = _sort(visit, [*names, "created"])
    found = visit.records.query(
        entity, show=names, search=search, sort=[sort], limit=AT_ONCE, offset=(page - 1) * AT_ONCE
    )
    total = found.total or 0
    columns = [_column(visit, name, fields[name], said, search) for name in names]
    rows = [
        {"url": visit.url(f"/{slug}/{record.id}"), "cells": [_cell(record.get(name), fields[name]) for name in names]}
        for record in found
    ]
    return frame.show(
        visit,
        "data",
        "",
        title=plural(label(entity)),
        new=visit.url(f"/{slug}/new") if entity != "User" else visit.url("/admin/people"),
        columns=columns,
        rows=rows,
        search=search,
        total=total,
        page=page,
        last=max(1, -(-total // AT_ONCE)),
        url=visit.url(visit.path, q=search or None, sort=said) + "&page={}",
    )


def _column(visit: Visit, name: str, field: Field, said: str, search: str) -> dict[str, Any]:
    turned = f"-{name}" if said == name else name
    return {
        "label": field.label,
        "kind": "main" if name == visit.app.blueprint.entities[_entity(visit)].title_field else "",
        "sort": visit.url(visit.path, q=search or None, sort=turned)
        if field.kind not in ("json",) and not field.many
        else None,
        "sorted": "up" if said == name else "down" if said == f"-{name}" else "",
    }


def _entity(visit: Visit) -> str:
    return visit.app.entity(visit.path.rpartition("/")[2])


def _sort(visit: Visit, names: list[str]) -> tuple[Sort, str]:
    said = visit.query.get("sort", "")
    if said.removeprefix("-") in names:
        return Sort(said.removeprefix("-"), said.startswith("-")), said
    return Sort("created", True), "-created"


def _cell(value: Any, field: Field) -> str:
    """A value as plain words."""
    if value is None or value == [] or value == "":
        return ""
    if hasattr(value, "title") and not isinstance(value, str):
        return str(value.title)
    if isinstance(value, list) and value and hasattr(value[0], "title") and not isinstance(value[0], str):
        return ", ".join(str(one.title) for one in value)
    try:
        text = kind(field).to_text(value, field)
    except (TypeError, ValueError, AttributeError):
        text = str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _number(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0 else 1


ROUTES = [route("GET", "/admin/data/{slug}", show)]
