"""The account page, API keys' sessions, notifications."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from espalier.runtime.access import Visitor
from espalier.runtime.people import accounts, tokens
from espalier.runtime.records import Records
from espalier.runtime.storage.system import journal, notification
from espalier.runtime.visit import Upload

from .conftest import PASSWORD, Browser, add


@pytest.fixture
def ana(app):
    browser = Browser(app)
    browser.id = add(app, "ana@example.com")
    browser.login("ana@example.com")
    return browser


def test_profile_is_saved(app, ana):
    assert (
        ana.post(
            "/account", {"name": " Ana   Marie ", "street": "Elm Street", "role": "admin", "email": "x@example.com"}
        ).status_code
        == 303
    )
    page = ana.get("/account").body.decode()
    assert 'value="Ana Marie"' in page
    assert 'value="Elm Street"' in page
    with app.database.read() as connection:
        person = accounts.by_id(app, connection, ana.id)
    assert (person.role, person.email) == ("reader", "ana@example.com")


def test_profile_needs_a_name(ana):
    assert ana.post("/account", {"name": " "}).status_code == 422


def test_new_password_ends_other_sessions(app, ana):
    elsewhere = Browser(app)
    elsewhere.login("ana@example.com")
    assert (
        ana.post("/account/password", {"current": "wrong password", "password": "another password"}).status_code == 422
    )
    assert ana.post("/account/password", {"current": PASSWORD, "password": "short"}).status_code == 422
    assert elsewhere.signed_in
    assert ana.post("/account/password", {"current": PASSWORD, "password": "another password"}).status_code == 303
    assert ana.signed_in
    assert not elsewhere.signed_in
    assert Browser(app).login("ana@example.com", "another password").status_code == 303


def test_signs_out_elsewhere(app, ana):
    elsewhere = Browser(app)
    elsewhere.login("ana@example.com")
    ana.post("/account/sessions")
    assert ana.signed_in
    assert not elsewhere.signed_in


def test_deletes_the_account(app, ana):
    ana.post("/account", {"name": "Ana Secret"})
    assert ana.post("/account/delete", {"current": "wrong password"}).status_code == 422
    assert ana.post("/account/delete", {"current": PASSWORD}).status_code == 303
    assert not ana.signed_in
    with app.database.read() as connection:
        assert accounts.by_id(app, connection, ana.id) is None
        assert connection.execute(select(journal)).all() == []


def test_records_that_need_a_person_keep_a_nameless_one(app, ana):
    Records(app, Visitor(ana.id, "Ana", "ana@example.com", "reader")).create(
        "Book", {"title": "Momo", "lender": str(ana.id)}
    )
    assert ana.post("/account/delete", {"current": PASSWORD}).status_code == 303
    with app.database.read() as connection:
        left = accounts.by_id(app, connection, ana.id)
    assert left.name == "Somebody who left"
    assert "ana" not in left.email
    assert left.role is None
    assert not left.has_account
    assert Browser(app).login("ana@example.com").status_code == 422


def test_bearer_key_is_the_person_and_needs_no_token_of_a_form(app, ana):
    with app.database.write() as connection:
        key = tokens.issue(app, connection, "api", user=ana.id)
    program = Browser(app)
    headers = {"authorization": f"Bearer {key}"}
    assert program.get("/account", headers=headers).status_code == 200
    assert program.visit("POST", "/notifications", headers=headers).status_code == 303
    assert program.get("/account", headers={"authorization": "Bearer x"}).status_code == 303
    # A browser's cookie stays a cookie: adding the header does not spare it the token.
    assert ana.visit("POST", "/account/sessions", headers={"authorization": "Bearer x"}).status_code in (303, 403)
    assert ana.signed_in


def notify(app, connection, person, text, entity=None, record=None):
    """What the step `notify` leaves."""
    values = {"user": person, "text": text, "entity": entity, "record": record, "created": app.now()}
    connection.execute(notification.insert().values(values))


def test_notifications(app, ana):
    with app.database.write() as connection:
        notify(app, connection, ana.id, "Momo is <b>back</b>", "Book", 7)
        notify(app, connection, ana.id, "Another")
    assert "Notifications (2)" in ana.get("/").body.decode()
    page = ana.get("/notifications").body.decode()
    assert "Momo is &lt;b&gt;back&lt;/b&gt;" in page
    assert ana.post("/notifications/1").headers["location"] == "/book/7"
    assert "Notifications (1)" in ana.get("/").body.decode()
    ana.post("/notifications")
    assert "Notifications (" not in ana.get("/").body.decode()


def test_notifications_are_ones_own(app, ana):
    other = add(app, "ben@example.com")
    with app.database.write() as connection:
        notify(app, connection, other, "For Ben", "Book", 7)
    assert "For Ben" not in ana.get("/notifications").body.decode()
    assert ana.post("/notifications/1").headers["location"] == "/notifications"
    from espalier.runtime.storage.system import notification

    with app.database.read() as connection:
        assert connection.execute(select(notification.c.read)).scalar() is None


@pytest.mark.parametrize("address", ["/account", "/notifications"])
def test_strangers_are_sent_to_sign_in(app, browser, address):
    assert browser.get(address).headers["location"].startswith("/login?next=")


def png(size=(40, 40)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, "teal").save(made, "PNG")
    return made.getvalue()


def test_picture_is_kept_shown_and_removed(app, ana):
    assert ana.post("/account", {"name": "Ana", "avatar": Upload.of("me.png", png())}).status_code == 303
    with app.database.read() as connection:
        kept = accounts.by_id(app, connection, ana.id).avatar
    assert f"/files/{kept}" in ana.get("/").body.decode()
    assert ana.get(f"/files/{kept}").media_type.startswith("image/")
    ana.post("/account", {"name": "Ana"})
    assert f"/files/{kept}" in ana.get("/").body.decode()
    ana.post("/account", {"name": "Ana", "avatar_remove": "true"})
    assert "/files/" not in ana.get("/").body.decode()


def test_picture_that_is_none_is_said(app, ana):
    response = ana.post("/account", {"name": "Ana", "avatar": Upload.of("me.png", b"<script>alert(1)</script>")})
    assert response.status_code == 422
    assert "picture" in response.body.decode().lower()
