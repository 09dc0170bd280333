"""The first account of a fresh app, its admin's. The link is shown in the terminal only, so no stranger can be first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from starlette.responses import RedirectResponse

from ..errors import Invalid
from ..routes import route
from ..storage.system import token
from . import accounts, forms, limits, passwords, sessions, tokens
from .login import dead_link

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..app import App
    from ..visit import Visit

AGAIN = "Start the server again for a new one, or sign in."


def setup_link(app: App) -> str | None:
    """The link with which the first admin makes their account; None when there is an admin. Earlier links stop working."""
    with app.database.write() as connection:
        if accounts.has_admin(app, connection):
            return None
        connection.execute(delete(token).where(token.c.kind == "setup"))
        return app.link(f"/welcome/{tokens.issue(app, connection, 'setup')}")


def login_link(app: App, email: str = "") -> str | None:
    """A link that signs an admin in, once, within a quarter of an hour; None when there is no such admin."""
    user = app.database.tables["User"]
    with app.database.write() as connection:
        query = select(user.c.id).where(user.c.role == "admin", user.c.id.in_(accounts.open_admins(app, connection)))
        person = connection.execute(
            (query.where(user.c.email == email.lower()) if email else query).order_by(user.c.id)
        ).first()
        return app.link(f"/login/{tokens.issue(app, connection, 'login', user=person.id)}") if person else None


def show_welcome(visit: Visit, secret: str) -> Response:
    return _form(visit, {}, {}) if _counts(visit, secret) else dead_link(visit, AGAIN)


def welcome(visit: Visit, secret: str) -> Response:
    app = visit.app
    limits.spend(app, (limits.TOKEN_ADDRESS, visit.client))
    if not _counts(visit, secret):
        return dead_link(visit, AGAIN)
    given = {name: visit.form.get(name) for name in ("name", "email", "password")}
    faults: dict[str, str] = {}
    name = " ".join(given["name"].split())[: accounts.LONGEST_NAME]
    if not name:
        faults["name"] = "Please give your name."
    email = ""
    try:
        email = accounts.clean_email(given["email"])
    except ValueError as error:
        faults["email"] = f"Email {error}." if not str(error).startswith("Please") else str(error)
    if words := passwords.fault(given["password"], email, name, app.blueprint.app):
        faults["password"] = words
    if faults:
        return _form(visit, given, faults, status=422)
    kept = passwords.make(given["password"])
    try:
        with app.database.write() as connection:
            if accounts.has_admin(app, connection) or tokens.take(app, connection, "setup", secret) is None:
                return dead_link(visit, AGAIN)
            person = accounts.create(app, connection, name=name, email=email, role="admin", password=kept)
            accounts.set_role(app, connection, person, "admin")
    except Invalid as error:
        return _form(visit, given, error.errors, status=422)
    sessions.start(visit, person)
    visit.flash(f"Welcome. {app.blueprint.app} is yours.")
    return RedirectResponse(visit.url("/"), 303)


def _counts(visit: Visit, secret: str) -> bool:
    with visit.app.database.read() as connection:
        return tokens.look(visit.app, connection, "setup", secret) is not None and not accounts.has_admin(
            visit.app, connection
        )


def _form(visit: Visit, given: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    inputs = [
        replace(forms.NAME, value=given.get("name", "")),
        replace(forms.EMAIL, value=given.get("email", "")),
        forms.NEW_PASSWORD,
    ]
    return forms.show(
        visit,
        f"{visit.app.blueprint.app} is ready",
        inputs,
        button="Make it mine",
        text="This first account is the admin's: it may see and change everything.",
        errors=faults,
        status=status,
    )


ROUTES = [
    route("GET", "/welcome/{secret}", show_welcome),
    route("POST", "/welcome/{secret}", welcome),
]
