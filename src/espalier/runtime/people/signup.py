"""Signing up. Whether an email is taken is told to its owner only, by email; the page says the same to everybody.

With a mail server the address is confirmed first: the account is made when the link in the email is used. Without one
it is made at once, and the person signs in with what they chose.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse

from espalier.blueprint.names import label

from .. import outbox
from ..app import safe_next
from ..errors import Invalid
from ..routes import route
from . import accounts, forms, limits, passwords, sessions, tokens
from .login import dead_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection
    from starlette.responses import Response

    from ..visit import Visit


def show_signup(visit: Visit) -> Response:
    if visit.visitor.id is not None:
        return RedirectResponse(safe_next(visit, visit.query.get("next", "")), 303)
    if not accounts.signup_roles(visit.app.blueprint):
        return by_invitation(visit)
    return _form(visit, {"next": visit.query.get("next", "")}, {})


def signup(visit: Visit) -> Response:
    app = visit.app
    if not accounts.signup_roles(app.blueprint):
        return by_invitation(visit)
    limits.spend(app, (limits.SIGNUP_ADDRESS, visit.client))
    given = {name: visit.form.get(name) for name in visit.form}
    wanted, faults = _read(visit, given)
    if faults:
        return _form(visit, given, faults, status=422)
    # The hash is made whether or not the email is taken: it is what takes the time.
    wanted["password"] = passwords.make(given["password"])
    try:
        with app.database.write() as connection:
            taken = _taken(visit, connection, wanted["email"])
            if app.settings.smtp_host:
                _ask_to_confirm(visit, connection, wanted, taken)
            elif taken:
                _pretend(visit, connection, wanted)
                _tell_owner(visit, connection, wanted["email"])
            else:
                _make(visit, connection, wanted)
    except Invalid as error:
        return _form(visit, given, error.errors, status=422)
    if app.settings.smtp_host:
        words = f"We sent an email to {wanted['email']}. Open the link in it to finish."
        return forms.notice(visit, "Look into your inbox", words)
    visit.flash("Thank you. Now sign in with the email and the password that you chose.")
    onward = given.get("next") or None
    return RedirectResponse(visit.url("/login", email=wanted["email"], next=onward), 303)


def show_confirm(visit: Visit, secret: str) -> Response:
    with visit.app.database.read() as connection:
        found = tokens.look(visit.app, connection, "signup", secret)
    if found is None:
        return dead_link(visit, "Sign in, or sign up again.")
    return forms.show(
        visit, "Nearly done", [], button="Finish", text=f"Your account for {found.email} is made with one press."
    )


def confirm(visit: Visit, secret: str) -> Response:
    with visit.app.database.write() as connection:
        found = tokens.take(visit.app, connection, "signup", secret)
        if found is None or found.email is None or _taken(visit, connection, found.email):
            return dead_link(visit, "Sign in, or sign up again.")
        person = _make(visit, connection, found.data)
    sessions.start(visit, person)
    visit.flash(f"Welcome to {visit.app.blueprint.app}.")
    return RedirectResponse(visit.url("/"), 303)


def by_invitation(visit: Visit) -> Response:
    return forms.notice(
        visit, "By invitation", "Accounts here are made by invitation. Ask whoever runs this app for one.", status=403
    )


def _read(visit: Visit, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was asked for, and the faults by field. None of them depends on who has an account."""
    app = visit.app
    faults: dict[str, str] = {}
    email = ""
    try:
        email = accounts.clean_email(given.get("email", ""))
    except ValueError as error:
        faults["email"] = f"Email {error}." if not str(error).startswith("Please") else str(error)
    name = " ".join(given.get("name", "").split())
    if not name:
        faults["name"] = "Please give your name."
    elif len(name) > accounts.LONGEST_NAME:
        faults["name"] = f"Please give a name of at most {accounts.LONGEST_NAME} letters."
    if words := passwords.fault(given.get("password", ""), email, name, app.blueprint.app):
        faults["password"] = words
    possible = accounts.signup_roles(app.blueprint)
    role = given.get("role", "") if len(possible) > 1 else possible[0]
    if role not in possible:
        faults["role"] = "Please choose one."
    more, wrong = accounts.read_further(app, given, _asked(visit))
    return {
        "email": email,
        "name": name,
        "role": role,
        "typed": {key: given.get(key, "") for key in more},
    }, faults | wrong


def _asked(visit: Visit) -> list[str]:
    """The further fields without which there can be no account; the rest is filled in on the account page."""
    return [
        name for name, field in accounts.further_fields(visit.app).items() if field.required and field.default is None
    ]


def _taken(visit: Visit, connection: Connection, email: str) -> bool:
    person = accounts.by_email(visit.app, connection, email)
    # Somebody of a seed has no account, but without proof that the email is theirs nobody becomes them.
    return person is not None and (person.has_account or not visit.app.settings.smtp_host)


def _make(visit: Visit, connection: Connection, wanted: Mapping[str, Any]) -> int:
    more, faults = accounts.read_further(visit.app, wanted.get("typed", {}), list(wanted.get("typed", {})))
    if faults:
        raise Invalid(faults)
    return accounts.create(
        visit.app,
        connection,
        name=wanted["name"],
        email=wanted["email"],
        role=wanted["role"],
        password=wanted["password"],
        more=more,
    )


def _pretend(visit: Visit, connection: Connection, wanted: Mapping[str, Any]) -> None:
    """The work of making an account, undone: an email that is taken must not be answered faster, nor with other faults."""
    part = connection.begin_nested()
    try:
        _make(visit, connection, {**wanted, "email": f"{secrets.token_hex(8)}@example.invalid"})
    finally:
        part.rollback()


def _ask_to_confirm(visit: Visit, connection: Connection, wanted: dict[str, Any], taken: bool) -> None:
    """The email that comes before the account; the owner of a taken address gets another one, with the same work."""
    app = visit.app
    part = connection.begin_nested()
    secret = tokens.issue(app, connection, "signup", email=wanted["email"], role=wanted["role"], data=wanted)
    if taken:
        part.rollback()
        _tell_owner(visit, connection, wanted["email"])
        return
    part.commit()
    text = f"To finish signing up for {app.blueprint.app}, open this page:\n\n{visit.absolute(f'/signup/{secret}')}\n\n"
    text += "The link works for a day. If you did not sign up, do nothing."
    outbox.send(app, connection, wanted["email"], f"Finish signing up for {app.blueprint.app}", text, secret=True)


def _tell_owner(visit: Visit, connection: Connection, email: str) -> None:
    app = visit.app
    text = f"Somebody tried to sign up for {app.blueprint.app} with this address, which has an account already.\n\n"
    text += (
        f"If it was you, sign in: {visit.absolute('/login')}\nor choose a new password: {visit.absolute('/reset')}\n\n"
    )
    text += "If it was not, do nothing: nothing has changed."
    outbox.send(app, connection, email, f"Your account at {app.blueprint.app}", text)


def _form(visit: Visit, given: Mapping[str, str], faults: Mapping[str, str], status: int = 200) -> Response:
    app = visit.app
    inputs = [
        replace(forms.NAME, value=given.get("name", "")[:200]),
        replace(forms.EMAIL, value=given.get("email", "")[:200]),
        forms.NEW_PASSWORD,
    ]
    possible = accounts.signup_roles(app.blueprint)
    if len(possible) > 1:
        options = tuple((role, label(role)) for role in possible)
        inputs.append(forms.Input("role", "You are here as", "choices", given.get("role", ""), options=options))
    fields = app.blueprint.entities["User"].fields
    inputs += [forms.input_of(fields[name], given.get(name, "")) for name in _asked(visit)]
    inputs.append(forms.Input("next", "", "hidden", given.get("next", "")))
    ways = [forms.Way("Have an account? Sign in", visit.url("/login", next=given.get("next") or None))]
    return forms.show(
        visit, "Sign up", inputs, button="Sign up", action=visit.url("/signup"), errors=faults, ways=ways, status=status
    )


ROUTES = [
    route("GET", "/signup", show_signup),
    route("POST", "/signup", signup),
    route("GET", "/signup/{secret}", show_confirm),
    route("POST", "/signup/{secret}", confirm),
]
