"""The admin's page of people: who is here and as what, inviting, closing and opening accounts, a link for a lost password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from starlette.responses import RedirectResponse

from espalier.blueprint.names import label

from ..errors import Invalid, NotFound
from ..people import accounts, invite, reset
from ..routes import route
from ..storage.system import token
from . import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from ..visit import Visit

AT_ONCE = 200


def show(visit: Visit) -> Response:
    frame.admins_only(visit)
    return _page(visit)


def send_invitation(visit: Visit) -> Response:
    frame.admins_only(visit)
    email, role = visit.form.get("email"), visit.form.get("role")
    try:
        with visit.app.database.write() as connection:
            link = invite.invite(visit, connection, email, role)
    except Invalid as error:
        return _page(visit, error.errors, email, role, status=422)
    return _page(visit, link=link, words=f"{email.strip()} is invited. You can also give them this link yourself:")


def set_role(visit: Visit, id: int) -> Response:
    frame.admins_only(visit)
    person = _person(visit, id)
    with visit.app.database.write() as connection:
        accounts.set_role(visit.app, connection, id, visit.form.get("role"))
    visit.flash(f"{person.name} is {label(visit.form.get('role'))} now.")
    return _back(visit)


def close(visit: Visit, id: int) -> Response:
    frame.admins_only(visit)
    person = _person(visit, id)
    with visit.app.database.write() as connection:
        accounts.close(visit.app, connection, id)
    visit.flash(f"{person.name} cannot sign in any more.")
    return _back(visit)


def reopen(visit: Visit, id: int) -> Response:
    frame.admins_only(visit)
    person = _person(visit, id)
    with visit.app.database.write() as connection:
        accounts.reopen(connection, id)
    visit.flash(f"{person.name} can sign in again.")
    return _back(visit)


def make_link(visit: Visit, id: int) -> Response:
    """A link with which somebody chooses a password, for the admin to pass on."""
    frame.admins_only(visit)
    person = _person(visit, id)
    if person.closed:
        raise Invalid({"": "This account is closed. Open it first."})
    with visit.app.database.write() as connection:
        link = reset.link(visit, connection, person)
    return _page(
        visit, link=link, words=f"With this link {person.name} chooses a password. It works for an hour and once:"
    )


def _page(
    visit: Visit,
    errors: Mapping[str, str] | None = None,
    email: str = "",
    role: str = "",
    *,
    link: str = "",
    words: str = "",
    status: int = 200,
) -> Response:
    app = visit.app
    search = visit.query.get("q", "").strip()[:100]
    with app.database.read() as connection:
        people = accounts.everybody(app, connection, AT_ONCE, search=search)
        total = connection.execute(select(func.count()).select_from(app.database.tables["User"])).scalar_one()
        counts = (
            (token.c.kind == "invite")
            & token.c.used.is_(None)
            & or_(token.c.expires > app.now(), token.c.expires.is_(None))
        )
        invited = connection.execute(select(token.c.email, token.c.role, token.c.expires).where(counts)).all()
    roles = [(name, label(name)) for name in accounts.roles(app.blueprint)]
    return frame.show(
        visit,
        "people",
        "/admin/people",
        status=status,
        title="People",
        people=people,
        total=total,
        invited=invited,
        roles=roles,
        role=role or (app.blueprint.roles[0] if app.blueprint.roles else "user"),
        errors=dict(errors or {}),
        email=email,
        link=link,
        words=words,
        search=search,
    )


def _person(visit: Visit, id: int) -> accounts.Person:
    with visit.app.database.read() as connection:
        person = accounts.by_id(visit.app, connection, id)
    if person is None:
        raise NotFound
    return person


def _back(visit: Visit) -> Response:
    return RedirectResponse(visit.url("/admin/people"), 303)


ROUTES = [
    route("GET", "/admin/people", show),
    route("POST", "/admin/people", send_invitation),
    route("POST", "/admin/people/{id:int}/role", set_role),
    route("POST", "/admin/people/{id:int}/close", close),
    route("POST", "/admin/people/{id:int}/reopen", reopen),
    route("POST", "/admin/people/{id:int}/link", make_link),
]
