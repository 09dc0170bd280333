"""Who may come in, and whose apps are whose: log-in, links, sharing, and that nobody sees another's app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from espalier.studio import accounts
from tests.studio.using import Browser, Running

OPEN = {"host": "0.0.0.0"}
GOOD = "a good long password"


@pytest.fixture
def shared(start: Callable[..., Running]) -> Running:
    """A studio that others can reach."""
    return start(**OPEN)


def owner_of(running: Running) -> Browser:
    one = running.browser()
    secret = accounts.welcome(running.studio)
    answer = one.form(f"/welcome/{secret}", name="Mara", email="mara@example.com", password=GOOD)
    assert answer.status_code == 303, answer.text
    return one


def member_of(running: Running, owner: Browser, email: str = "tim@example.com") -> Browser:
    link = owner.ok("/api/people/invite", {"email": email})["link"]
    one = running.browser()
    path = link.removeprefix(running.studio.address)
    assert email in one.get(path).text
    assert one.form(path, name="Tim", email=email, password=GOOD).status_code == 303
    return one


def test_alone_on_this_machine_nobody_logs_in(me: Browser):
    assert me.read("/api/session")["account"]["kind"] == "owner"
    assert me.get("/").status_code == 200


def test_where_others_can_reach_it_everybody_logs_in(shared: Running):
    one = shared.browser()
    assert one.get("/api/apps").status_code == 401
    answer = one.get("/apps/any")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fapps%2Fany")
    assert one.send("/api/builds", {"prompt": "a shop"}).status_code == 401


def test_the_first_link_makes_the_owner_once(shared: Running):
    secret = accounts.welcome(shared.studio)
    one, other = shared.browser(), shared.browser()
    assert one.form(f"/welcome/{secret}", name="M", email="no email", password=GOOD).status_code == 422
    assert one.form(f"/welcome/{secret}", name="M", email="m@example.com", password="short").status_code == 422
    assert one.form(f"/welcome/{secret}", name="M", email="m@example.com", password=GOOD).status_code == 303
    assert one.read("/api/session")["account"]["kind"] == "owner"
    assert other.form(f"/welcome/{secret}", name="E", email="e@example.com", password=GOOD).status_code == 404
    assert accounts.welcome(shared.studio) == ""


def test_logging_in_and_out(shared: Running):
    owner = owner_of(shared)
    assert owner.form("/logout").status_code == 303
    assert owner.get("/api/apps").status_code == 401
    assert owner.form("/login", email="mara@example.com", password="wrong one").status_code == 401
    answer = owner.form("/login", email="Mara@example.com", password=GOOD, next="//evil.example.com")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert owner.get("/api/apps").status_code == 200


def test_guessing_is_slowed_down_and_tells_nothing(shared: Running):
    owner_of(shared)
    one = shared.browser()
    known = [one.send("/api/login", {"email": "mara@example.com", "password": "x"}) for _ in range(8)]
    unknown = [one.send("/api/login", {"email": "nobody@example.com", "password": "x"}) for _ in range(2)]
    assert known[-1].status_code == 429
    assert "Retry-After" in known[-1].headers
    assert known[0].json() == unknown[0].json()


def test_nobody_sees_anothers_app_or_build(shared: Running):
    owner = owner_of(shared)
    member = member_of(shared, owner)
    app = owner.made()
    id = app["id"]
    build = owner.ok(f"/api/apps/{id}/request", {"request": "make it navy"})["build"]
    shared.idle()
    gets = [f"/api/apps/{id}", f"/api/apps/{app['slug']}", f"/api/apps/{id}/versions/1", f"/api/apps/{id}/preview"]
    gets += [f"/api/apps/{id}/export", f"/apps/{app['slug']}", f"/api/builds/{build}", f"/api/builds/{build}/events"]
    gets += [f"/builds/{build}", f"/api/apps/{id}/preview?build={build}"]
    for url in gets:
        assert member.get(url).status_code == 404, url
        assert member.get(url.replace(id, "f" * 16).replace(build, "e" * 16)).status_code == 404, url
    deeds = [
        "request",
        "propose",
        "apply",
        "move",
        "undo",
        "redo",
        "restore",
        "branch",
        "duplicate",
        "rename",
        "publish",
    ]
    deeds += ["unpublish", "enter", "delete", "undelete", "share", "unshare"]
    for deed in deeds:
        assert member.send(f"/api/apps/{id}/{deed}", {"request": "x", "base": 1}).status_code == 404, deed
    for deed in ("cancel", "again", "choose", "keep", "drop", "thumbs"):
        assert member.send(f"/api/builds/{build}/{deed}", {"candidate": 1, "up": True}).status_code == 404, deed
    own = member.made()
    borrowed = member.send(f"/api/apps/{own['id']}/apply", {"build": build, "base": own["head"]})
    assert borrowed.status_code == 404
    assert id not in member.get("/").text
    assert member.read("/api/model")["all"]["builds"] == 0
    assert owner.read(f"/api/apps/{id}")["head"] == app["head"]


def test_an_editor_may_change_but_not_give_away(shared: Running):
    owner = owner_of(shared)
    member = member_of(shared, owner)
    app = owner.made()
    id = app["id"]
    assert owner.ok(f"/api/apps/{id}/share", {"email": "tim@example.com"})["editor"]["name"] == "Tim"
    changed = member.ok(f"/api/apps/{id}/apply", {"patch": "theme: {primary: navy}\n", "base": app["head"]})
    assert not changed["yours"]
    for deed in ("delete", "share", "unshare"):
        assert member.send(f"/api/apps/{id}/{deed}").status_code == 403, deed
    editor = owner.read(f"/api/apps/{id}")["editors"][0]["id"]
    owner.ok(f"/api/apps/{id}/unshare", {"editor": editor})
    assert member.get(f"/api/apps/{id}").status_code == 404


def test_a_link_to_share_makes_an_editor_of_a_stranger(shared: Running):
    owner = owner_of(shared)
    app = owner.made()
    path = owner.ok(f"/api/apps/{app['id']}/share", {})["link"].removeprefix(shared.studio.address)
    one = shared.browser()
    assert one.form(path, name="Ada", email="ada@example.com", password=GOOD).status_code == 303
    assert one.read(f"/api/apps/{app['id']}")["name"] == "Dog salon"
    assert [other["slug"] for other in one.read("/api/apps")["apps"]] == [app["slug"]]


def test_members_neither_invite_nor_close(shared: Running):
    owner = owner_of(shared)
    member = member_of(shared, owner)
    me = owner.read("/api/session")["account"]["id"]
    assert member.send("/api/people/invite", {}).status_code == 403
    assert member.send(f"/api/people/{me}/close").status_code == 403
    assert "consent" not in member.read("/api/people")["people"][0]
    tim = member.read("/api/session")["account"]["id"]
    owner.ok(f"/api/people/{tim}/close")
    assert member.get("/api/apps").status_code == 401


def test_what_was_made_alone_is_the_owners_when_others_come(start: Callable[..., Running]):
    app = start().browser().made()
    owner = owner_of(start(**OPEN))
    assert [one["id"] for one in owner.read("/api/apps")["apps"]] == [app["id"]]


def test_another_password_ends_every_session(shared: Running):
    owner = owner_of(shared)
    assert owner.send("/api/account", {"old": "wrong", "password": "another long password"}).status_code == 403
    owner.ok("/api/account", {"old": GOOD, "password": "another long password"})
    assert owner.get("/api/apps").status_code == 401
    assert owner.form("/login", email="mara@example.com", password="another long password").status_code == 303
