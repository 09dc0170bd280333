"""A new password by email."""

from __future__ import annotations

from .conftest import PASSWORD, Browser, add, link_in, mails, words_of

OTHER = "a shorter walk home"


def test_new_password_by_link(app, browser):
    add(app, "ana@example.com")
    elsewhere = Browser(app)
    elsewhere.login("ana@example.com")
    browser.post("/reset", {"email": "Ana@Example.com"})
    link = link_in(mails(app)[0])
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"password": "short"}).status_code == 422
    assert browser.post(link, {"password": OTHER}).status_code == 303
    assert browser.signed_in
    assert not elsewhere.signed_in
    assert Browser(app).login("ana@example.com", PASSWORD).status_code == 422
    assert Browser(app).login("ana@example.com", OTHER).status_code == 303


def test_unknown_email_looks_the_same(app):
    add(app, "ana@example.com")
    known = Browser(app).post("/reset", {"email": "ana@example.com"})
    unknown = Browser(app).post("/reset", {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert words_of(known) == words_of(unknown)
    assert [mail.recipient for mail in mails(app)] == ["ana@example.com"]


def test_unknown_email_takes_the_work_of_a_known_one(app, statements):
    add(app, "ana@example.com")
    browser = Browser(app)
    token = browser.csrf()
    counts = []
    for email in ("ana@example.com", "nobody@example.com"):
        statements.clear()
        browser.visit("POST", "/reset", form={"csrf": token, "email": email})
        counts.append(sorted(" ".join(one.split()[:3]) for one in statements if one.startswith(("INSERT", "DELETE"))))
    assert counts[0] == counts[1]
    assert len(mails(app)) == 1


def test_link_works_once_and_for_an_hour(app, clock, browser):
    add(app, "ana@example.com")
    browser.post("/reset", {"email": "ana@example.com"})
    browser.post("/reset", {"email": "ana@example.com"})
    first, second = (link_in(mail) for mail in mails(app))
    assert browser.post(first, {"password": OTHER}).status_code == 410
    assert browser.post(second, {"password": OTHER}).status_code == 303
    assert Browser(app).post(second, {"password": PASSWORD}).status_code == 410
    browser.post("/reset", {"email": "ana@example.com"})
    clock.forward(minutes=61)
    late = link_in(mails(app)[-1])
    assert browser.get(late).status_code == 410
    assert browser.post(late, {"password": PASSWORD}).status_code == 410
    assert Browser(app).login("ana@example.com", PASSWORD).status_code == 422


def test_link_never_takes_the_host_of_the_request(app, browser):
    add(app, "ana@example.com")
    browser.post("/reset", {"email": "ana@example.com"}, headers={"x-forwarded-host": "evil.example"})
    visited = Browser(app)
    token = visited.csrf()
    visited.visit("POST", "/reset", form={"csrf": token, "email": "ana@example.com"}, headers={"host": "evil.example"})
    assert len(mails(app)) == 2
    assert all("evil" not in mail.body for mail in mails(app))


def test_seeded_person_gets_an_account_by_reset(app, browser):
    browser.post("/reset", {"email": "mira@example.com"})
    browser.post(link_in(mails(app)[0]), {"password": OTHER})
    assert browser.signed_in


def test_made_up_links_are_dead(app, browser):
    for link in ("/reset/x", "/invite/x", "/welcome/x", "/login/x", "/signup/x"):
        assert browser.get(link).status_code == 410, link
        assert browser.post(link, {"password": OTHER, "name": "X", "email": "x@example.com"}).status_code == 410, link


def test_a_token_of_one_kind_opens_nothing_else(app, browser):
    add(app, "ana@example.com")
    browser.post("/reset", {"email": "ana@example.com"})
    secret = link_in(mails(app)[0]).rpartition("/")[2]
    for kind in ("invite", "welcome", "login", "signup"):
        assert (
            browser.post(f"/{kind}/{secret}", {"password": OTHER, "name": "X", "email": "x@example.com"}).status_code
            == 410
        )
    assert browser.get("/account", headers={"authorization": f"Bearer {secret}"}).status_code == 303


def test_asking_often_must_wait(app):
    browser = Browser(app, "192.0.2.3")
    statuses = [browser.post("/reset", {"email": "ana@example.com"}).status_code for _ in range(6)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_headers_cannot_be_injected(app, browser):
    response = browser.post("/reset", {"email": "ana@example.com\r\nBcc: all@example.com"})
    assert response.status_code == 422
    assert mails(app) == []
