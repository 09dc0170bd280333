"""Signing in and out. Whether an email has an account cannot be told from the words, the status or the time it takes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from ..app import safe_next
from ..errors import TooMany
from ..routes import route
from . import accounts, forms, limits, passwords, sessions, tokens

if TYPE_CHECKING:
    from starlette.responses import Response

    from ..visit import Visit

UNCLAIMED = (
    "This app has no admin yet. If it is yours: the link to your account stands in the terminal it was started from."
)
WRONG = "The email or the password is not right."


def show_login(visit: Visit) -> Response:
    if visit.visitor.id is not None:
        return RedirectResponse(safe_next(visit, visit.query.get("next", "")), 303)
    return _form(visit, visit.query.get("email", ""), visit.query.get("next", ""))


def login(visit: Visit) -> Response:
    app = visit.app
    email = "".join(visit.form.get("email").split()).lower()[:200]
    password = visit.form.get("password")
    onward = visit.form.get("next")
    try:
        limits.spend(app, (limits.LOGIN_ACCOUNT, email), (limits.LOGIN_ADDRESS, visit.client))
    except TooMany as error:
        words = f"There were too many tries. Wait {_how_long(error.seconds)} and try again."
        response = _form(visit, email, onward, words, status=429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    with app.database.read() as connection:
        person = accounts.by_email(app, connection, email)
    right = passwords.fits(person.password if person else None, password)
    if person is None or not right:
        return _form(visit, email, onward, WRONG, status=422)
    with app.database.write() as connection:
        limits.forget(app, connection, limits.LOGIN_ACCOUNT, email)
    if person.password and passwords.outdated(person.password):
        with app.database.write() as connection:
            accounts.set_password(app, connection, person.id, passwords.make(password))
    sessions.start(visit, person.id)
    return RedirectResponse(safe_next(visit, onward), 303)


def logout(visit: Visit) -> Response:
    sessions.end(visit)
    visit.flash("You are signed out.", "info")
    return RedirectResponse(visit.url("/"), 303)


def show_link(visit: Visit, secret: str) -> Response:
    """The page behind a log-in link from the terminal. It takes a press: what only looks at links must not use them up."""
    with visit.app.database.read() as connection:
        found = tokens.look(visit.app, connection, "login", secret)
    if found is None:
        return dead_link(visit, "Make a new one with `espalier login`.")
    return forms.show(visit, "Welcome back", [], button="Sign in", text=f"Sign in to {visit.app.blueprint.app}.")


def use_link(visit: Visit, secret: str) -> Response:
    with visit.app.database.write() as connection:
        found = tokens.take(visit.app, connection, "login", secret)
    if found is None or found.user is None:
        return dead_link(visit, "Make a new one with `espalier login`.")
    sessions.start(visit, found.user)
    return RedirectResponse(visit.url("/"), 303)


def dead_link(visit: Visit, words: str) -> Response:
    """The answer to a link that was used, has expired, or never was: all look the same."""
    text = f"It was used already, or it is too old. {words}"
    return forms.notice(visit, "This link does not work any more", text, status=410)


def _form(visit: Visit, email: str, onward: str, error: str = "", status: int = 200) -> Response:
    ways = [forms.Way("Forgot your password?", visit.url("/reset"))]
    if accounts.signup_roles(visit.app.blueprint):
        ways.append(forms.Way("No account yet? Sign up", visit.url("/signup", next=onward or None)))
    inputs = [
        replace(forms.EMAIL, value=email[:200]),
        forms.Input("password", "Password", "password", autocomplete="current-password", more={"maxlength": 200}),
        forms.Input("next", "", "hidden", onward),
    ]
    with visit.app.database.read() as connection:
        waiting = not accounts.has_admin(visit.app, connection)
    return forms.show(
        visit,
        "Sign in",
        inputs,
        button="Sign in",
        action=visit.url("/login"),
        text=UNCLAIMED if waiting else "",
        errors={"": error} if error else {},
        ways=ways,
        status=status,
    )


def _how_long(seconds: int) -> str:
    return "a second" if seconds <= 1 else f"{seconds} seconds" if seconds < 100 else f"{seconds // 60 + 1} minutes"


ROUTES = [
    route("GET", "/login", show_login),
    route("POST", "/login", login),
    route("POST", "/logout", logout),
    route("GET", "/login/{secret}", show_link),
    route("POST", "/login/{secret}", use_link),
]
