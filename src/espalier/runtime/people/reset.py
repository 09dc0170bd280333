"""A new password for somebody who forgot theirs, by a link that goes to their email. The page says the same to everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from .. import outbox
from ..routes import route
from . import accounts, forms, limits, passwords, sessions, tokens
from .login import dead_link

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.responses import Response

    from ..visit import Visit


def show_ask(visit: Visit) -> Response:
    return _ask(visit)


def ask(visit: Visit) -> Response:
    app = visit.app
    given = visit.form.get("email").strip().lower()[:200]
    try:
        email = accounts.clean_email(given)
    except ValueError as error:
        words = f"Email {error}." if not str(error).startswith("Please") else str(error)
        return _ask(visit, given, words)
    limits.spend(app, (limits.RESET_ACCOUNT, email), (limits.RESET_ADDRESS, visit.client))
    with app.database.write() as connection:
        person = accounts.by_email(app, connection, email)
        part = connection.begin_nested()
        if person is not None and not person.closed:
            link(visit, connection, person)
            part.commit()
        else:
            # The same work, undone: the answer must not come faster when there is nobody.
            _write(visit, connection, email, None)
            part.rollback()
    words = f"If {email} belongs to an account here, an email with a link is on its way. It works for an hour."
    if not app.settings.smtp_host:
        words += " This app has no mail server: ask whoever runs it for the link, they see it in the outbox."
    return forms.notice(visit, "Look into your inbox", words)


def link(visit: Visit, connection: Connection, person: accounts.Person) -> str:
    """Write somebody the email with which they choose a password, and give the link in it. Earlier links stop working."""
    return _write(visit, connection, person.email, person.id)


def _write(visit: Visit, connection: Connection, email: str, person: int | None) -> str:
    app = visit.app
    tokens.withdraw(connection, "reset", user=person, email=email)
    address = visit.absolute(f"/reset/{tokens.issue(app, connection, 'reset', user=person)}")
    text = f"To choose a new password for {app.blueprint.app}, open this page:\n\n{address}\n\n"
    text += "The link works for an hour and once. If you did not ask for it, do nothing: your password stays as it is."
    outbox.send(app, connection, email, f"Choose a new password for {app.blueprint.app}", text, secret=True)
    return address


def show_choose(visit: Visit, secret: str) -> Response:
    with visit.app.database.read() as connection:
        found = tokens.look(visit.app, connection, "reset", secret)
    return _choose(visit) if found else dead_link(visit, "Ask for a new one on the page `Forgot your password?`.")


def choose(visit: Visit, secret: str) -> Response:
    app = visit.app
    limits.spend(app, (limits.TOKEN_ADDRESS, visit.client))
    with app.database.read() as connection:
        found = tokens.look(app, connection, "reset", secret)
        person = accounts.by_id(app, connection, found.user) if found and found.user else None
    if person is None or person.closed:
        return dead_link(visit, "Ask for a new one on the page `Forgot your password?`.")
    password = visit.form.get("password")
    if words := passwords.fault(password, person.email, person.name, app.blueprint.app):
        return _choose(visit, words)
    kept = passwords.make(password)
    with app.database.write() as connection:
        if tokens.take(app, connection, "reset", secret) is None:
            return dead_link(visit, "Ask for a new one on the page `Forgot your password?`.")
        accounts.set_password(app, connection, person.id, kept)
        limits.forget(app, connection, limits.LOGIN_ACCOUNT, person.email)
    sessions.start(visit, person.id)
    visit.flash("Your new password counts from now on.")
    return RedirectResponse(visit.url("/"), 303)


def _ask(visit: Visit, email: str = "", error: str = "") -> Response:
    return forms.show(
        visit,
        "Forgot your password?",
        [replace(forms.EMAIL, value=email)],
        button="Send me a link",
        text="Give your email, and we send you a link with which you choose a new one.",
        errors={"email": error} if error else {},
        ways=[forms.Way("Back to sign in", visit.url("/login"))],
        status=422 if error else 200,
    )


def _choose(visit: Visit, error: str = "") -> Response:
    return forms.show(
        visit,
        "Choose a new password",
        [forms.NEW_PASSWORD],
        button="Save and sign in",
        errors={"password": error} if error else {},
        status=422 if error else 200,
    )


ROUTES = [
    route("GET", "/reset", show_ask),
    route("POST", "/reset", ask),
    route("GET", "/reset/{secret}", show_choose),
    route("POST", "/reset/{secret}", choose),
]
