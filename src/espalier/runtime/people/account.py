"""The account page: name, picture, password, the further fields of User, where else one is signed in, and goodbye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from starlette.responses import RedirectResponse

from .. import files
from ..errors import Forbidden, Invalid
from ..fields import kind
from ..render import render
from ..routes import route
from . import accounts, forms, limits, passwords, sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from espalier.blueprint.field import Field

    from ..visit import Visit

NOT_RIGHT = "This is not your password."


def show(visit: Visit) -> Response:
    return _page(visit, _me(visit))


def save(visit: Visit) -> Response:
    """Name, picture and further fields."""
    app, me = visit.app, _me(visit)
    given = {name: visit.form.get(name) for name in visit.form}
    name = " ".join(given.get("name", "").split())
    faults: dict[str, str] = {}
    if not name:
        faults["name"] = "Please give your name."
    elif len(name) > accounts.LONGEST_NAME:
        faults["name"] = f"Please give a name of at most {accounts.LONGEST_NAME} letters."
    values, wrong = accounts.read_further(app, given, list(_further(visit, me)))
    values["name"] = name
    picture = visit.form.file("avatar")
    try:
        if visit.form.get("avatar_remove"):
            values["avatar"] = None
        elif picture is not None and not faults | wrong:
            values["avatar"] = files.keep(visit, picture, picture=True)
    except Invalid as error:
        faults["avatar"] = error.errors.get("", str(error))
    if faults | wrong:
        return _page(visit, me, "profile", faults | wrong, given, status=422)
    try:
        visit.records.change("User", me.id, values)
    except Invalid as error:
        return _page(visit, me, "profile", error.errors, given, status=422)
    visit.flash("Saved.")
    return RedirectResponse(visit.url("/account"), 303)


def change_password(visit: Visit) -> Response:
    app, me = visit.app, _me(visit)
    limits.spend(app, (limits.LOGIN_ACCOUNT, me.email), (limits.LOGIN_ADDRESS, visit.client))
    if not passwords.fits(me.password, visit.form.get("current")):
        return _page(visit, me, "password", {"current": NOT_RIGHT}, status=422)
    if words := passwords.fault(visit.form.get("password"), me.email, me.name, app.blueprint.app):
        return _page(visit, me, "password", {"password": words}, status=422)
    kept = passwords.make(visit.form.get("password"))
    with app.database.write() as connection:
        accounts.set_password(app, connection, me.id, kept)
        limits.forget(app, connection, limits.LOGIN_ACCOUNT, me.email)
    sessions.start(visit, me.id)
    visit.flash("Your new password counts from now on. Everywhere else you are signed out.")
    return RedirectResponse(visit.url("/account"), 303)


def sign_out_elsewhere(visit: Visit) -> Response:
    me = _me(visit)
    with visit.app.database.write() as connection:
        sessions.end_all(connection, me.id)
    sessions.start(visit, me.id)
    visit.flash("You are signed out everywhere else.")
    return RedirectResponse(visit.url("/account"), 303)


def remove(visit: Visit) -> Response:
    app, me = visit.app, _me(visit)
    limits.spend(app, (limits.LOGIN_ACCOUNT, me.email), (limits.LOGIN_ADDRESS, visit.client))
    if not passwords.fits(me.password, visit.form.get("current")):
        return _page(visit, me, "remove", {"current": NOT_RIGHT}, status=422)
    try:
        with app.database.write() as connection:
            limits.forget(app, connection, limits.LOGIN_ACCOUNT, me.email)
            accounts.remove(app, connection, me.id)
    except Invalid as error:
        return _page(visit, me, "remove", error.errors, status=422)
    sessions.end(visit)
    visit.flash("Your account is deleted.", "info")
    return RedirectResponse(visit.url("/"), 303)


def _me(visit: Visit) -> accounts.Person:
    if visit.visitor.id is None:
        raise Forbidden
    with visit.app.database.read() as connection:
        me = accounts.by_id(visit.app, connection, visit.visitor.id)
    if me is None:
        raise Forbidden
    return me


def _further(visit: Visit, me: accounts.Person) -> dict[str, Field]:
    """The further fields that this person fills in themselves; one with a rule that shuts them out is not theirs to see."""
    theirs = visit.records.writable_fields("User", "update", me.id)
    return {name: field for name, field in accounts.further_fields(visit.app).items() if name in theirs}


def _page(
    visit: Visit,
    me: accounts.Person,
    part: str = "",
    errors: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    app = visit.app
    user = app.database.tables["User"]
    fields = _further(visit, me)
    with app.database.read() as connection:
        row: Any = connection.execute(select(user).where(user.c.id == me.id)).mappings().one()
    texts = {name: kind(field).to_text(kind(field).from_row(row[name], field), field) for name, field in fields.items()}
    texts |= {"name": me.name} | dict(given or {})
    current = forms.Input(
        "current", "Your password", "password", autocomplete="current-password", more={"maxlength": 200}
    )
    profile = [
        forms.Input(
            "name", "Your name", value=texts["name"], autocomplete="name", more={"maxlength": accounts.LONGEST_NAME}
        ),
        forms.Input("avatar", "Picture", "file", visit.url(f"/files/{me.avatar}") if me.avatar else "", required=False),
        *(forms.input_of(field, texts[name]) for name, field in fields.items()),
    ]
    new = forms.Input(
        "password",
        "New password",
        "password",
        hint=forms.NEW_PASSWORD.hint,
        autocomplete="new-password",
        more=forms.NEW_PASSWORD.more,
    )
    parts = {"profile": profile, "password": [current, new], "remove": [current]}
    said = {name: dict(errors or {}) if name == part else {} for name in parts}
    return render(visit, "people/account.html", status=status, title="Account", me=me, parts=parts, errors=said)


ROUTES = [
    route("GET", "/account", show),
    route("POST", "/account", save),
    route("POST", "/account/password", change_password),
    route("POST", "/account/sessions", sign_out_elsewhere),
    route("POST", "/account/delete", remove),
]
