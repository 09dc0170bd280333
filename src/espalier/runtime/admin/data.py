"""The admin's view of one entity: all records with all fields, searched and in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from espalier.blueprint.blocks import Sort
from espalier.blueprint.names import label, plural

from ..display import Display, display_of
from ..routes import route
from . import frame

if TYPE_CHECKING:
    from markupsafe import Markup
    from starlette.responses import Response

    from espalier.blueprint.field import Field

    from ..records import Record
    from ..visit import Visit

AT_ONCE = 50
MOST_COLUMNS = 8
NUMBERS = ("int", "number", "money", "percent")


def show(visit: Visit, slug: str) -> Response:
    frame.admins_only(visit)
    app = visit.app
    entity = app.entity(slug)
    fields = app.blueprint.entities[entity].fields
    search = visit.query.get("q", "").strip()[:200]
    page = _number(visit.query.get("page", ""))
    names = list(fields)[:MOST_COLUMNS]
    main = app.blueprint.entities[entity].title_field
    display = display_of(visit)
    sort, said = _sort(visit, [*names, "created"])
    found = visit.records.query(
        entity, show=names, search=search, sort=[sort], limit=AT_ONCE, offset=(page - 1) * AT_ONCE
    )
    total = found.total or 0
    columns = [_column(visit, fields[name], name == main, said, search) for name in names]
    rows = [
        {"url": visit.url(f"/{slug}/{record.id}"), "cells": [_cell(display, record, name, main) for name in names]}
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


def _column(visit: Visit, field: Field, main: bool, said: str, search: str) -> dict[str, Any]:
    name = field.name
    turned = f"-{name}" if said == name else name
    return {
        "label": field.label,
        "kind": "main" if main else "number" if field.kind in NUMBERS and not field.many else "",
        "sort": visit.url(visit.path, q=search or None, sort=turned)
        if field.kind not in ("json",) and not field.many
        else None,
        "sorted": "up" if said == name else "down" if said == f"-{name}" else "",
    }


def _sort(visit: Visit, names: list[str]) -> tuple[Sort, str]:
    said = visit.query.get("sort", "")
    if said.removeprefix("-") in names:
        return Sort(said.removeprefix("-"), said.startswith("-")), said
    return Sort("created", True), "-created"


def _cell(display: Display, record: Record, name: str, main: str) -> Markup | str:
    """A value as the app shows it everywhere; the one that names the record is plain words, since it is a link already."""
    return record.title if name == main else display.show(record, name)


def _number(text: str) -> int:
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 8 and int(text) > 0 else 1


ROUTES = [route("GET", "/admin/data/{slug}", show)]
