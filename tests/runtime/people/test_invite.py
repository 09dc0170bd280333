"""Invitations, and the admin's page of people."""

from __future__ import annotations

import pytest

from espalier.runtime.people import accounts

from .conftest import PASSWORD, Browser, add, link_in, mails

GUEST = {"name": "Gus Guest", "password": PASSWORD}


def invited(admin, email="gus@example.com", role="librarian"):
    response = admin.post("/admin/people", {"email": email, "role": role})
    assert response.status_code == 200, response.body.decode()
    return link_in(mails(admin.app)[-1])


def test_invitation_gives_an_account_with_its_role(app, admin, browser):
    link = invited(admin)
    assert link in admin.page.body.decode()
    assert "gus@example.com" in browser.get(link).body.decode()
    assert browser.post(link, {**GUEST, "email": "other@example.com", "role": "admin"}).status_code == 303
    assert browser.get("/desk").status_code == 200
    with app.database.read() as connection:
        person = accounts.by_email(app, connection, "gus@example.com")
    assert person.role == "librarian"


def test_invitation_works_once_and_for_a_week(app, admin, clock):
    link = invited(admin)
    assert Browser(app).post(link, GUEST).status_code == 303
    assert Browser(app).post(link, {**GUEST, "password": "somebody else's"}).status_code == 410
    assert Browser(app).get(link).status_code == 410
    late = invited(admin, "late@example.com")
    clock.forward(days=8)
    assert Browser(app).post(late, GUEST).status_code == 410


def test_newer_invitation_ends_the_older(app, admin):
    older, newer = invited(admin), invited(admin, role="reader")
    assert Browser(app).post(older, GUEST).status_code == 410
    assert Browser(app).post(newer, GUEST).status_code == 303


def test_fault_does_not_use_the_invitation_up(app, admin, browser):
    link = invited(admin)
    assert browser.post(link, {**GUEST, "password": "short"}).status_code == 422
    assert browser.post(link, GUEST).status_code == 303


def test_link_does_not_take_over_an_account_made_meanwhile(app, admin, browser):
    link = invited(admin)
    add(app, "gus@example.com")
    assert browser.post(link, {**GUEST, "password": "a thief's password"}).status_code == 410
    assert Browser(app).login("gus@example.com", PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("email", "role"), [("gus", "reader"), ("", "reader"), ("gus@example.com", "king"), ("gus@example.com", "")]
)
def test_invitation_that_cannot_be(app, admin, email, role):
    assert admin.post("/admin/people", {"email": email, "role": role}).status_code == 422
    assert mails(app) == []


def test_only_the_admin_manages(app, admin):
    person = add(app, "ana@example.com", "librarian")
    other = Browser(app)
    other.login("ana@example.com")
    pages = ["/admin", "/admin/people", "/admin/outbox", "/admin/settings", "/admin/data/book", "/outbox"]
    assert [other.get(page).status_code for page in pages] == [403] * len(pages)
    posts = ["/admin/people", *(f"/admin/people/{person}/{what}" for what in ("role", "close", "reopen", "link"))]
    for address in posts:
        assert other.post(address, {"role": "admin", "email": "x@example.com"}).status_code == 403, address
    assert [Browser(app).get(page).status_code for page in pages] == [303] * len(pages)
    with app.database.read() as connection:
        assert accounts.by_id(app, connection, person).role == "librarian"


def test_role_counts_at_once(app, admin):
    person = add(app, "ana@example.com")
    other = Browser(app)
    other.login("ana@example.com")
    assert other.get("/desk").status_code == 403
    admin.post(f"/admin/people/{person}/role", {"role": "librarian"})
    assert other.get("/desk").status_code == 200
    assert admin.post(f"/admin/people/{person}/role", {"role": "king"}).status_code == 422


def test_closed_account_is_out_at_once_and_cannot_come_back(app, admin, browser):
    person = add(app, "ana@example.com")
    browser.login("ana@example.com")
    other = Browser(app)
    other.post("/reset", {"email": "ana@example.com"})
    link = link_in(mails(app)[0])
    admin.post(f"/admin/people/{person}/close")
    assert not browser.signed_in
    assert browser.login("ana@example.com").status_code == 422
    assert other.post(link, {"password": "another password"}).status_code == 410
    other.post("/reset", {"email": "ana@example.com"})
    assert len(mails(app)) == 1
    admin.post(f"/admin/people/{person}/reopen")
    assert browser.login("ana@example.com").status_code == 303


def test_last_admin_stays(app, admin):
    with app.database.read() as connection:
        [me] = accounts.open_admins(app, connection)
    assert admin.post(f"/admin/people/{me}/role", {"role": "reader"}).status_code == 422
    assert admin.post(f"/admin/people/{me}/close").status_code == 422
    assert admin.post("/account/delete", {"current": PASSWORD}).status_code == 422
    second = add(app, "ana@example.com")
    admin.post(f"/admin/people/{second}/role", {"role": "admin"})
    assert admin.post(f"/admin/people/{me}/role", {"role": "reader"}).status_code == 303


def test_admin_gives_a_link_for_a_password(app, admin, browser):
    person = add(app, "ana@example.com")
    admin.post(f"/admin/people/{person}/link")
    link = link_in(mails(app)[0])
    assert link in admin.page.body.decode()
    browser.post(link, {"password": "another password"})
    assert browser.signed_in


def test_admin_pages_show_what_is_there(app, admin):
    assert "Books" in admin.get("/admin").body.decode()
    assert admin.get("/admin/data/book").status_code == 200
    assert admin.get("/admin/data/book?q=x&sort=-title&page=9").status_code == 200
    assert admin.get("/admin/data/book?sort=nothing&page=-1").status_code == 200
    assert admin.get("/admin/data/nothing").status_code == 404
    page = admin.get("/admin/settings").body.decode()
    assert "smtp_password" in page
    assert "not given" in page
    admin.post("/admin/people", {"email": "gus@example.com", "role": "reader"})
    assert "gus@example.com" in admin.get("/admin/outbox").body.decode()
    assert "invites you" in admin.get("/admin/outbox/1").body.decode()
    assert admin.post("/admin/outbox/1/again").status_code == 303
    assert admin.post("/admin/outbox/1/delete").status_code == 303
    assert admin.get("/admin/outbox/1").status_code == 404


def test_search_among_people_takes_signs_as_they_are(app, admin):
    add(app, "percent@example.com", name="100% Ana_Bell!")
    assert "100% Ana_Bell!" in admin.get("/admin/people?q=100%25+ana_b").body.decode()
    assert "100% Ana_Bell!" not in admin.get("/admin/people?q=anaxb").body.decode()
