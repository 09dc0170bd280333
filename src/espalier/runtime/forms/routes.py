"""What forms ask the server while they are filled in: is this right, whom may I choose, one more row."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from ..errors import NotFound
from ..render import fragment
from ..routes import route
from .form import Lines, RecordForm

if TYPE_CHECKING:
    from ..visit import Visit

MOST_OPTIONS = 30


def check(visit: Visit, entity: str, field: str) -> Response:
    """The slip of one input, or nothing: `POST /{entity}/check/{field}` with the input's value."""
    name = visit.app.entity(entity)
    if field not in visit.app.blueprint.entities[name].fields:
        raise NotFound()
    form = RecordForm(visit, name, [field], key=visit.query.get("key", "f")[:20])
    if field not in form.names:
        return Response(status_code=204)
    form.names = [field]
    form.read().check(field)
    words = form.errors.get(field, "")
    return Response(fragment(visit, "forms/slip.html", words=words), media_type="text/html")


def options(visit: Visit, entity: str, field: str) -> Response:
    """The records that may be chosen, as JSON [[id, title], ...]: `GET /{entity}/options/{field}?q=`."""
    name = visit.app.entity(entity)
    found = visit.app.blueprint.entities[name].fields.get(field)
    records = visit.records
    if found is None or found.kind != "reference" or not (records.can("create", name) or records.can("update", name)):
        raise NotFound()
    chosen = records.options(name, field, visit.query.get("q", ""), limit=MOST_OPTIONS)
    return JSONResponse([[one.id, one.title] for one in chosen])


def line(visit: Visit, entity: str) -> Response:
    """One more empty row for a part: `GET /{entity}/line`."""
    name = visit.app.entity(entity)
    by = visit.app.blueprint.meaning.parent(name)
    if by is None or not visit.records.can("create", name):
        raise NotFound()
    parent = RecordForm(visit, by.target, ["id"], key=visit.query.get("key", "f")[:20])
    lines = Lines(parent, name, by, True)
    row = lines.blank(1000 + secrets.randbelow(9000))
    return Response(fragment(visit, "forms/line.html", lines=lines, row=row), media_type="text/html")


ROUTES = [
    route("POST", "/{entity}/check/{field}", check),
    route("GET", "/{entity}/options/{field}", options),
    route("GET", "/{entity}/line", line),
]
