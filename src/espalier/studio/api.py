"""The JSON API: one thin function for each address, which takes a Call and returns what is answered. docs/studio-api.md lists them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from espalier.blueprint.json_schema import json_schema

from . import accounts, apps, builds, editing, figures, gallery, linting, publishing, versions
from .errors import Faulty
from .guard import Call, sign_in

Handler = Callable[[Call], Any]


def _app(call: Call, **which: bool) -> Any:
    return apps.of(call.studio, call.me, call.path["id"], **which)


def _build(call: Call) -> Any:
    return builds.of(call.studio, call.me, call.path["id"])


def _whole(call: Call, app: Any) -> Any:
    return apps.whole(call.studio, call.me, apps.of(call.studio, call.me, app.id))


# Oneself.


def session(call: Call) -> Any:
    account = call.account.as_json() if call.account else None
    return {"account": account, "csrf": call.csrf, "alone": call.studio.alone, "apps": call.studio.hosting.base()}


def login(call: Call) -> Any:
    secret = accounts.log_in(
        call.studio, str(call.given.get("email", "")), str(call.given.get("password", "")), call.address
    )
    response = Response(b"{}", media_type="application/json")
    sign_in(call, response, secret)
    return response


def logout(call: Call) -> Any:
    accounts.log_out(call.studio, call.secret)
    response = Response(b"{}", media_type="application/json")
    sign_in(call, response, "")
    return response


def change_account(call: Call) -> Any:
    return accounts.change(call.studio, call.me, call.given).as_json()


def people(call: Call) -> Any:
    return accounts.everybody(call.studio, call.me)


def invite(call: Call) -> Any:
    secret = accounts.invite(call.studio, call.me, str(call.given.get("email", "")))
    return {"link": f"{call.studio.address}/invite/{secret}"}


def close_account(call: Call) -> Any:
    return accounts.close(call.studio, call.me, call.path["id"])


# Builds.


def ask(call: Call) -> Any:
    return builds.ask(call.studio, call.me, call.given)


def list_builds(call: Call) -> Any:
    return {"builds": builds.mine(call.studio, call.me)}


def show_build(call: Call) -> Any:
    return builds.whole(call.studio, call.me, _build(call))


def cancel(call: Call) -> Any:
    return builds.cancel(call.studio, _build(call))


def again(call: Call) -> Any:
    return builds.again(call.studio, call.me, _build(call))


def choose(call: Call) -> Any:
    return builds.choose(call.studio, call.me, _build(call), call.number("candidate") or 1)


def keep(call: Call) -> Any:
    return builds.keep(call.studio, call.me, _build(call))


def drop(call: Call) -> Any:
    return builds.drop(call.studio, call.me, _build(call))


def thumbs(call: Call) -> Any:
    return builds.thumbs(call.studio, call.me, _build(call), call.given)


# Apps.


def list_apps(call: Call) -> Any:
    return {"apps": apps.mine(call.studio, call.me), "deleted": apps.mine(call.studio, call.me, deleted=True)}


def show_app(call: Call) -> Any:
    return apps.whole(call.studio, call.me, _app(call))


def show_version(call: Call) -> Any:
    return editing.version(call.studio, _app(call), int(call.path["number"]), call.query.get("against"))


def request(call: Call) -> Any:
    return builds.request(call.studio, call.me, _app(call), call.given)


def apply(call: Call) -> Any:
    app = _app(call)
    editing.apply(call.studio, call.me, app, call.given)
    return _whole(call, app)


def propose(call: Call) -> Any:
    return editing.propose(call.studio, call.me, _app(call), call.given)


def move(call: Call) -> Any:
    app = _app(call)
    editing.move(call.studio, call.me, app, call.given)
    return _whole(call, app)


def undo(call: Call) -> Any:
    app = _app(call)
    versions.undo(call.studio, call.me, app, call.number("base"))
    return _whole(call, app)


def redo(call: Call) -> Any:
    app = _app(call)
    versions.redo(call.studio, call.me, app, call.number("base"))
    return _whole(call, app)


def restore(call: Call) -> Any:
    app = _app(call)
    versions.restore(call.studio, call.me, app, _version(call, app), call.number("base"))
    return _whole(call, app)


def branch(call: Call) -> Any:
    app = _app(call)
    made = apps.branch(call.studio, call.me, app, _version(call, app), data=bool(call.given.get("data")))
    return apps.brief(call.studio, call.me, made)


def duplicate(call: Call) -> Any:
    app = _app(call)
    made = apps.branch(call.studio, call.me, app, app.head, data=bool(call.given.get("data")), how="duplicate")
    return apps.brief(call.studio, call.me, made)


def drop_draft(call: Call) -> Any:
    return versions.drop_draft(call.studio, call.me, _app(call), call.path["draft"])


def rename(call: Call) -> Any:
    return apps.rename(call.studio, call.me, _app(call), call.given)


def publish(call: Call) -> Any:
    return publishing.publish(call.studio, call.me, _app(call), str(call.given.get("slug") or ""))


def unpublish(call: Call) -> Any:
    return publishing.unpublish(call.studio, call.me, _app(call))


def enter(call: Call) -> Any:
    return {"url": publishing.enter(call.studio, _app(call))}


def delete(call: Call) -> Any:
    return apps.delete_app(call.studio, call.me, _app(call, owner=True))


def undelete(call: Call) -> Any:
    return apps.undelete(call.studio, call.me, _app(call, deleted=True, owner=True))


def share(call: Call) -> Any:
    return apps.share(call.studio, call.me, _app(call, owner=True), call.given)


def unshare(call: Call) -> Any:
    return apps.unshare(call.studio, _app(call, owner=True), str(call.given.get("editor", "")))


def preview(call: Call) -> Any:
    return {"url": editing.preview(call.studio, call.me, _app(call), call.query)}


def export(call: Call) -> Any:
    app = _app(call)
    name = quote(app.slug, safe="")
    said = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(publishing.export(call.studio, app), media_type="application/zip", headers=said)


# The rest.


def lint(call: Call) -> Any:
    call.me  # noqa: B018  raises when nobody is signed in
    if not isinstance(call.given.get("text"), str):
        raise Faulty("There is no text to look at.", "Send the blueprint as `text`.")
    return linting.lint(call.given["text"])


def schema(call: Call) -> Any:
    return json_schema()


def show_gallery(call: Call) -> Any:
    return {"gallery": list(gallery.entries()), "examples": list(gallery.EXAMPLES)}


def model(call: Call) -> Any:
    return figures.model(call.studio, call.me)


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/api/session", session),
    ("POST", "/api/login", login),
    ("POST", "/api/logout", logout),
    ("POST", "/api/account", change_account),
    ("GET", "/api/people", people),
    ("POST", "/api/people/invite", invite),
    ("POST", "/api/people/{id}/close", close_account),
    ("GET", "/api/builds", list_builds),
    ("POST", "/api/builds", ask),
    ("GET", "/api/builds/{id}", show_build),
    ("POST", "/api/builds/{id}/cancel", cancel),
    ("POST", "/api/builds/{id}/again", again),
    ("POST", "/api/builds/{id}/choose", choose),
    ("POST", "/api/builds/{id}/keep", keep),
    ("POST", "/api/builds/{id}/drop", drop),
    ("POST", "/api/builds/{id}/thumbs", thumbs),
    ("GET", "/api/apps", list_apps),
    ("GET", "/api/apps/{id}", show_app),
    ("GET", "/api/apps/{id}/versions/{number:int}", show_version),
    ("POST", "/api/apps/{id}/request", request),
    ("POST", "/api/apps/{id}/propose", propose),
    ("POST", "/api/apps/{id}/apply", apply),
    ("POST", "/api/apps/{id}/move", move),
    ("POST", "/api/apps/{id}/undo", undo),
    ("POST", "/api/apps/{id}/redo", redo),
    ("POST", "/api/apps/{id}/restore", restore),
    ("POST", "/api/apps/{id}/branch", branch),
    ("POST", "/api/apps/{id}/duplicate", duplicate),
    ("POST", "/api/apps/{id}/rename", rename),
    ("POST", "/api/apps/{id}/publish", publish),
    ("POST", "/api/apps/{id}/unpublish", unpublish),
    ("POST", "/api/apps/{id}/enter", enter),
    ("POST", "/api/apps/{id}/delete", delete),
    ("POST", "/api/apps/{id}/undelete", undelete),
    ("POST", "/api/apps/{id}/share", share),
    ("POST", "/api/apps/{id}/unshare", unshare),
    ("POST", "/api/apps/{id}/drafts/{draft}/drop", drop_draft),
    ("GET", "/api/apps/{id}/preview", preview),
    ("GET", "/api/apps/{id}/export", export),
    ("POST", "/api/lint", lint),
    ("GET", "/api/schema", schema),
    ("GET", "/api/gallery", show_gallery),
    ("GET", "/api/model", model),
]


def _version(call: Call, app: Any) -> int:
    number = call.number("version", app.head)
    assert number is not None
    return number
