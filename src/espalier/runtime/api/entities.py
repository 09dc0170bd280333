"""The records of an entity: list, make, show, change, delete, mark, act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from espalier.blueprint.blocks.base import Sort

from ..errors import BadRequest, Invalid, NotFound
from ..records.rows import UnknownPath
from . import values

if TYPE_CHECKING:
    from ..visit import Visit

LARGEST_PAGE = 200
OWN_PARAMETERS = ("search", "sort", "limit", "offset")


def index(visit: Visit, entity: str) -> Response:
    """`?search=words&sort=-created&limit=50&offset=0`, and any field as a filter: `?status=Open&due=2027-01-01..`."""
    known(visit, entity)
    records = visit.records
    if not records.can("read", entity):
        raise NotFound
    limit = _whole(visit, "limit", 50, 1, LARGEST_PAGE)
    offset = _whole(visit, "offset", 0, 0, 10**9)
    filters: dict[str, list[str]] = {}
    for name, value in visit.query.multi_items():
        if name not in OWN_PARAMETERS:
            filters.setdefault(name, []).append(value)
    found = records.query(
        entity,
        filters=filters,
        search=visit.query.get("search", ""),
        sort=_sort(visit, entity),
        show=values.shown(records, entity),
        limit=limit,
        offset=offset,
    )
    items = [values.to_json(records, record) for record in found]
    return JSONResponse({"items": items, "total": found.total, "limit": limit, "offset": offset})


def create(visit: Visit, entity: str) -> Response:
    known(visit, entity)
    record = visit.records.create(entity, _body(visit))
    # What one may make but not read (a contact form) is answered with its id alone.
    said = values.to_json(visit.records, record)
    return JSONResponse(said, 201, {"Location": visit.url(f"/api/{entity}/{record.id}")})


def show(visit: Visit, entity: str, id: int) -> Response:
    known(visit, entity)
    record = visit.records.get(entity, id, show=values.shown(visit.records, entity))
    return JSONResponse(values.to_json(visit.records, record))


def update(visit: Visit, entity: str, id: int) -> Response:
    """Changes the fields that are given. With `updated` as it was read, a change by somebody else in between is a 409."""
    known(visit, entity)
    given = _body(visit)
    seen = given.pop("updated", None)
    if seen is not None and not isinstance(seen, str):
        raise Invalid({"updated": "This must be the `updated` that was read."})
    record = visit.records.update(entity, id, given, expected_updated=seen)
    return JSONResponse(values.to_json(visit.records, record))


def delete(visit: Visit, entity: str, id: int) -> Response:
    known(visit, entity)
    visit.records.delete(entity, id)
    return Response(status_code=204)


def mark(visit: Visit, entity: str, id: int, field: str) -> Response:
    """Puts this person's mark on the record."""
    return _mark(visit, entity, id, field, on=True)


def unmark(visit: Visit, entity: str, id: int, field: str) -> Response:
    """Takes this person's mark away."""
    return _mark(visit, entity, id, field, on=False)


def act(visit: Visit, entity: str, id: int, action: str) -> Response:
    """Presses a button of the record; the body holds the fields it asks for."""
    known(visit, entity)
    visit.records.act(entity, id, action, _body(visit) if visit.json is not None else {}, show=())
    try:
        record = visit.records.get(entity, id, show=values.shown(visit.records, entity))
    except NotFound:
        # The action took it out of this person's sight, or deleted it.
        return Response(status_code=204)
    return JSONResponse(values.to_json(visit.records, record))


def known(visit: Visit, entity: str) -> None:
    """Raises NotFound for what is no entity."""
    if entity not in visit.app.blueprint.entities:
        raise NotFound


def _mark(visit: Visit, entity: str, id: int, field: str, *, on: bool) -> Response:
    known(visit, entity)
    return JSONResponse({"marked": visit.records.mark(entity, id, field, on)})


def _body(visit: Visit) -> dict[str, Any]:
    if not isinstance(visit.json, dict):
        raise BadRequest('Send a JSON object with the header `Content-Type: application/json`: {"field": "value"}.')
    return {str(name): value for name, value in visit.json.items()}


def _sort(visit: Visit, entity: str) -> list[Sort]:
    order = []
    for text in visit.query.getlist("sort")[:5]:
        try:
            sort = Sort.parse(text)
        except ValueError:
            raise Invalid({"sort": "Write a field, or -field for the largest first."}) from None
        try:
            visit.records.rows(entity).place(sort.path)
        except UnknownPath:
            raise Invalid({"sort": f"There is no field {sort.path[:60]} to sort by."}) from None
        order.append(sort)
    return order


def _whole(visit: Visit, name: str, default: int, low: int, high: int) -> int:
    text = visit.query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise Invalid({name: f"This must be a whole number from {low} to {high}."})
    return int(text)
