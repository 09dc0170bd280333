"""Invitations: an admin gives a role to an email, and the link in that email makes the account."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from espalier.blueprint.names import label

from .. import outbox
from ..errors import Invalid
from ..routes import route
from . import accounts, forms, limits, passwords, sessions, tokens
from .login import dead_link

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from starlette.responses import Response

    from ..visit import Visit

AGAIN = "Ask whoever invited you for a new one."


def invite(visit: Visit, connection: Connection, email: str, role: str) -> str:
    """Invite somebody, and give the link that the email holds. An earlier invitation of theirs stops working.

    Raises Invalid for a role or an email that cannot be, and for somebody who has an account.
    """
    app = visit.app
    if role not in accounts.roles(app.blueprint):
        raise Invalid({"role": "Please choose a role."})
    try:
        email = accounts.clean_email(email)
    except ValueError as error:
        raise Invalid({"email": f"Email {error}." if not str(error).startswith("Please") else str(error)}) from error
    person = accounts.by_email(app, connection, email)
    if person is not None and person.has_account:
        raise Invalid({"email": f"{person.name} has an account already. Change their role in the list instead."})
    tokens.withdraw(connection, "invite", email=email)
    address = visit.absolute(f"/invite/{tokens.issue(app, connection, 'invite', email=email, role=role)}")
    host = visit.visitor.name or "The admin"
    text = f"{outbox.one_line(host)} invites you to {app.blueprint.app}. To make your account, open this page:\n\n{address}\n\n"
    text += "The link works for a week and once."
    outbox.send(app, connection, email, f"You are invited to {app.blueprint.app}", text, secret=True)
    return address


def show_accept(visit: Visit, secret: str) -> Response:
    with visit.app.database.read() as connection:
        found = tokens.look(visit.app, connection, "invite", secret)
    if found is None or found.email is None:
        return dead_link(visit, AGAIN)
    return _form(visit, found.email, found.role or "user", {}, {})


def accept(visit: Visit, secret: str) -> Response:
    app = visit.app
    limits.spend(app, (limits.TOKEN_ADDRESS, visit.client))
    with app.database.read() as connection:
        found = tokens.look(app, connection, "invite", secret)
    if found is None or found.email is None or found.role is None:
        return dead_link(visit, AGAIN)
    given = {name: visit.form.get(name) for name in visit.form}
    faults: dict[str, str] = {}
    name = " ".join(given.get("name", "").split())[: accounts.LONGEST_NAME]
    if not name:
        faults["name"] = "Please give your name."
    if words := passwords.fault(given.get("password", ""), found.email, name, app.blueprint.app):
        faults["password"] = words
    more, wrong = accounts.read_further(app, given, _asked(visit))
    if faults | wrong:
        return _form(visit, found.email, found.role, given, faults | wrong, status=422)
    kept = passwords.make(given["password"])
    try:
        with app.database.write() as connection:
            if tokens.take(app, connection, "invite", secret) is None:
                return dead_link(visit, AGAIN)
            person = accounts.create(
                app, connection, name=name, email=found.email, role=found.role, password=kept, more=more
            )
            accounts.set_role(app, connection, person, found.role)
    except Invalid as error:
        if "email" not in error.errors:
            return _form(visit, found.email, found.role, given, error.errors, status=422)
        # They signed up by themselves in the meantime: a link is no reason to change their password.
        return dead_link(visit, "Sign in with the account that you have.")
    sessions.start(visit, person)
    visit.flash(f"Welcome to {app.blueprint.app}.")
    return RedirectResponse(visit.url("/"), 303)


def _asked(visit: Visit) -> list[str]:
    return [
        name for name, field in accounts.further_fields(visit.app).items() if field.required and field.default is None
    ]


def _form(
    visit: Visit, email: str, role: str, given: dict[str, str], faults: dict[str, str], status: int = 200
) -> Response:
    app = visit.app
    fields = app.blueprint.entities["User"].fields
    inputs = [
        replace(forms.NAME, value=given.get("name", "")),
        forms.NEW_PASSWORD,
        *(forms.input_of(fields[name], given.get(name, "")) for name in _asked(visit)),
    ]
    text = f"Your account is for {email}" + (f", as {label(role)}." if role != "user" else ".")
    return forms.show(
        visit,
        f"Welcome to {app.blueprint.app}",
        inputs,
        button="Make my account",
        text=text,
        errors=faults,
        status=status,
    )


ROUTES = [
    route("GET", "/invite/{secret}", show_accept),
    route("POST", "/invite/{secret}", accept),
]
