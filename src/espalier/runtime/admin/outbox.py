"""The admin's page of emails: what was sent, what waits, what failed. Without a mail server they are read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from starlette.responses import RedirectResponse

from ..errors import NotFound
from ..routes import route
from ..storage.system import outbox
from . import frame

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit

AT_ONCE = 100


def show(visit: Visit) -> Response:
    frame.admins_only(visit)
    with visit.app.database.read() as connection:
        mails = connection.execute(select(outbox).order_by(outbox.c.id.desc()).limit(AT_ONCE)).all()
    server = visit.app.settings.smtp_host
    return frame.show(visit, "outbox", "/admin/outbox", title="Outbox", mails=mails, server=server)


def short_way(visit: Visit) -> Response:
    frame.admins_only(visit)
    return RedirectResponse(visit.url("/admin/outbox"), 303)


def show_one(visit: Visit, id: int) -> Response:
    frame.admins_only(visit)
    with visit.app.database.read() as connection:
        mail = connection.execute(select(outbox).where(outbox.c.id == id)).one_or_none()
    if mail is None:
        raise NotFound
    return frame.show(visit, "mail", "/admin/outbox", title=mail.subject or "Email", mail=mail)


def try_again(visit: Visit, id: int) -> Response:
    """Send one that failed in the next round."""
    frame.admins_only(visit)
    with visit.app.database.write() as connection:
        waiting = (outbox.c.id == id) & outbox.c.sent.is_(None)
        connection.execute(update(outbox).where(waiting).values(attempts=0, due=visit.app.now(), error=None))
    visit.flash("It will be tried again in a moment.")
    return RedirectResponse(visit.url("/admin/outbox"), 303)


def remove(visit: Visit, id: int) -> Response:
    frame.admins_only(visit)
    with visit.app.database.write() as connection:
        connection.execute(delete(outbox).where(outbox.c.id == id))
    visit.flash("Deleted.")
    return RedirectResponse(visit.url("/admin/outbox"), 303)


ROUTES = [
    route("GET", "/outbox", short_way),
    route("GET", "/admin/outbox", show),
    route("GET", "/admin/outbox/{id:int}", show_one),
    route("POST", "/admin/outbox/{id:int}/again", try_again),
    route("POST", "/admin/outbox/{id:int}/delete", remove),
]
