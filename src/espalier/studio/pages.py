"""The HTML pages: which template is shown, and what it is given. Everything that changes goes over the JSON API."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from . import accounts, apps, builds, figures, gallery
from .errors import Forbidden, NotThere, StudioError
from .guard import Call, sign_in

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """The templates of the studio. Escaping is always on; `as_json` writes a value for a script to read."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=select_autoescape(default=True), trim_blocks=True
    )
    made.filters["as_json"] = _as_json
    return made


def page(call: Call, name: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """A page. Every template has `call`, `me` (or None), `csrf`, `nonce`, `alone`, `apps_origin`."""
    shared = {
        "call": call,
        "me": call.account,
        "csrf": call.csrf,
        "nonce": call.nonce,
        "alone": call.studio.alone,
        "apps_origin": call.studio.hosting.base(),
    }
    return HTMLResponse(environment().get_template(name).render(shared | context), status)


def home(call: Call) -> Response:
    me = call.me
    return page(
        call,
        "home.html",
        examples=gallery.EXAMPLES,
        gallery=gallery.entries(),
        apps=apps.mine(call.studio, me),
        deleted=apps.mine(call.studio, me, deleted=True),
        builds=builds.mine(call.studio, me),
    )


def workspace(call: Call) -> Response:
    app = apps.of(call.studio, call.me, call.path["slug"])
    if app.slug != call.path["slug"]:
        return RedirectResponse(f"/apps/{app.slug}", 307)
    return page(call, "workspace.html", app=apps.whole(call.studio, call.me, app))


def building(call: Call) -> Response:
    row = builds.of(call.studio, call.me, call.path["id"])
    if row.app and row.state == "done":
        return RedirectResponse(builds.whole(call.studio, call.me, row)["url"], 307)
    return page(call, "building.html", build=builds.whole(call.studio, call.me, row))


def model(call: Call) -> Response:
    return page(call, "model.html", model=figures.model(call.studio, call.me))


def people(call: Call) -> Response:
    return page(call, "people.html", **accounts.everybody(call.studio, call.me))


def account(call: Call) -> Response:
    return page(call, "account.html", account=call.me.as_json())


# Without an account: these three are plain forms, which need no script.


def login(call: Call) -> Response:
    if call.account:
        return RedirectResponse("/", 303)
    return page(call, "login.html", next=_next(str(call.query.get("next", ""))), error=None, email="")


def log_in(call: Call) -> Response:
    email, onward = str(call.given.get("email", "")), _next(str(call.given.get("next", "")))
    try:
        secret = accounts.log_in(call.studio, email, str(call.given.get("password", "")), call.address)
    except StudioError as error:
        return page(call, "login.html", error.status, next=onward, error=error, email=email)
    response = RedirectResponse(onward, 303)
    sign_in(call, response, secret)
    return response


def log_out(call: Call) -> Response:
    accounts.log_out(call.studio, call.secret)
    response = RedirectResponse("/login", 303)
    sign_in(call, response, "")
    return response


def link(call: Call) -> Response:
    row = _link(call)
    return page(call, "link.html", kind=row.kind, email=row.email, given={}, error=None, joins=_joins(call, row))


def use_link(call: Call) -> Response:
    row = _link(call)
    try:
        secret, app = accounts.accept(call.studio, call.path["token"], call.given, call.address, call.account)
    except NotThere:
        raise
    except StudioError as error:
        said = {"kind": row.kind, "email": row.email, "given": call.given, "error": error, "joins": _joins(call, row)}
        return page(call, "link.html", error.status, **said)
    response = RedirectResponse(f"/apps/{app}" if app else "/", 303)
    if secret:
        sign_in(call, response, secret)
    return response


def _link(call: Call) -> Any:
    kind = call.request.url.path.split("/")[1]
    kinds = ("welcome",) if kind == "welcome" else ("invite", "share")
    if call.studio.alone:
        raise Forbidden(
            "This studio is yours alone: there is nobody to log in.", "Start it with --host to work together."
        )
    return accounts.invited(call.studio, kinds, call.path["token"], call.address)


def _joins(call: Call, row: Any) -> bool:
    """Is this a link by which somebody who is signed in becomes an editor?"""
    return row.kind == "share" and call.account is not None


def sorry(call: Call, error: StudioError) -> Response:
    """An expected failure as a page."""
    return page(call, "error.html", error.status, error=error)


def _next(given: str) -> str:
    """Where to go after a log-in: a path of the studio."""
    plain = given.startswith("/") and not given.startswith(("//", "/\\")) and "\\" not in given
    return given[:2000] if plain and all(ord(letter) > 32 for letter in given) else "/"


def _as_json(value: Any) -> Markup:
    """JSON that may stand in a script element: it cannot end it."""
    text = json.dumps(value, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704


ROUTES = [
    ("GET", "/", home),
    ("GET", "/apps/{slug}", workspace),
    ("GET", "/builds/{id}", building),
    ("GET", "/model", model),
    ("GET", "/people", people),
    ("GET", "/account", account),
    ("GET", "/login", login),
    ("POST", "/login", log_in),
    ("POST", "/logout", log_out),
    ("GET", "/welcome/{token}", link),
    ("POST", "/welcome/{token}", use_link),
    ("GET", "/invite/{token}", link),
    ("POST", "/invite/{token}", use_link),
]
