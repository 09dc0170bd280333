"""Notifications: short words for one person, with a way to the record they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, update
from starlette.responses import RedirectResponse

from ..errors import Forbidden
from ..fields.date import day_words
from ..render import render
from ..routes import route
from ..storage.system import notification

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit

MOST_SHOWN = 100
# Every page of a person who is signed in asks it, so it is put together once.
UNREAD = select(func.count()).where(notification.c.user == bindparam("person"), notification.c.read.is_(None))


def unread(visit: Visit) -> int:
    """How many the visitor has not seen."""
    with visit.app.database.read() as connection:
        return int(connection.execute(UNREAD, {"person": visit.visitor.id}).scalar_one())


def show(visit: Visit) -> Response:
    if visit.visitor.id is None:
        raise Forbidden
    with visit.app.database.read() as connection:
        query = select(notification).where(notification.c.user == visit.visitor.id).order_by(notification.c.id.desc())
        rows = connection.execute(query.limit(MOST_SHOWN)).all()
    items = [
        {
            "id": row.id,
            "text": row.text,
            "when": row.created,
            "said": f"{day_words(row.created.date(), visit.app.now().date())}, {row.created:%H:%M}",
            "new": row.read is None,
            "to": visit.url(f"/notifications/{row.id}"),
        }
        for row in rows
    ]
    return render(visit, "people/notifications.html", title="Notifications", items=items)


def follow(visit: Visit, id: int) -> Response:
    """Mark one as read and go to its record."""
    if visit.visitor.id is None:
        raise Forbidden
    with visit.app.database.write() as connection:
        mine = (notification.c.id == id) & (notification.c.user == visit.visitor.id)
        row = connection.execute(select(notification).where(mine)).one_or_none()
        connection.execute(update(notification).where(mine).values(read=visit.app.now()))
    slug = visit.app.entity_slugs.get(row.entity) if row is not None else None
    return RedirectResponse(
        visit.url(f"/{slug}/{row.record}" if slug and row and row.record else "/notifications"), 303
    )


def read_all(visit: Visit) -> Response:
    if visit.visitor.id is None:
        raise Forbidden
    with visit.app.database.write() as connection:
        mine = (notification.c.user == visit.visitor.id) & notification.c.read.is_(None)
        connection.execute(update(notification).where(mine).values(read=visit.app.now()))
    return RedirectResponse(visit.url("/notifications"), 303)


ROUTES = [
    route("GET", "/notifications", show),
    route("POST", "/notifications", read_all),
    route("POST", "/notifications/{id:int}", follow),
]
