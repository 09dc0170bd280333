"""The first account of a fresh app."""

from __future__ import annotations

import threading

from espalier.runtime.people import accounts, welcome

from .conftest import PASSWORD, Browser, add, make_app, path_of

OWNER = {"name": "Olga Owner", "email": "olga@example.com", "password": PASSWORD}


def test_first_account_is_admin(app, browser):
    link = path_of(welcome.setup_link(app))
    assert browser.get(link).status_code == 200
    assert browser.post(link, OWNER).status_code == 303
    assert browser.get("/admin").status_code == 200
    assert welcome.setup_link(app) is None
    assert Browser(app).post(link, {**OWNER, "email": "late@example.com"}).status_code == 410


def test_nobody_is_first_without_the_link(app, browser):
    welcome.setup_link(app)
    browser.post("/signup", OWNER)
    browser.login("olga@example.com")
    assert browser.signed_in
    assert browser.get("/admin").status_code == 403


def test_newer_link_ends_the_older(app, browser):
    older, newer = path_of(welcome.setup_link(app)), path_of(welcome.setup_link(app))
    assert browser.post(older, OWNER).status_code == 410
    assert browser.post(newer, OWNER).status_code == 303


def test_two_at_once_make_one_admin(clock, tmp_path):
    app = make_app(clock, where=tmp_path)
    link = path_of(welcome.setup_link(app))
    browsers = [Browser(app, f"192.0.2.{number}") for number in range(4)]
    tokens = [browser.csrf() for browser in browsers]
    start = threading.Barrier(len(browsers))
    statuses = []

    def take(browser, token, number):
        start.wait()
        statuses.append(
            browser.visit("POST", link, form={**OWNER, "email": f"p{number}@example.com", "csrf": token}).status_code
        )

    threads = [
        threading.Thread(target=take, args=(*pair, at)) for at, pair in enumerate(zip(browsers, tokens, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 410, 410, 410]
    with app.database.read() as connection:
        assert len(accounts.open_admins(app, connection)) == 1
    app.close()


def test_somebody_of_the_seed_may_be_the_owner(app, browser):
    link = path_of(welcome.setup_link(app))
    browser.post(link, {**OWNER, "email": "mira@example.com"})
    assert browser.get("/admin").status_code == 200


def test_email_with_an_account_is_not_taken_over(app, browser):
    add(app, "ana@example.com")
    link = path_of(welcome.setup_link(app))
    assert browser.post(link, {**OWNER, "email": "ana@example.com", "password": "another password"}).status_code == 422
    assert Browser(app).login("ana@example.com").status_code == 303
    assert browser.post(link, OWNER).status_code == 303


def test_login_link_for_the_owner(app, admin, clock, browser):
    link = path_of(welcome.login_link(app))
    assert browser.get(link).status_code == 200
    assert not browser.signed_in
    assert browser.post(link).status_code == 303
    assert browser.get("/admin").status_code == 200
    assert Browser(app).post(link).status_code == 410
    late = path_of(welcome.login_link(app))
    clock.forward(minutes=16)
    assert Browser(app).post(late).status_code == 410
    assert welcome.login_link(app, "nobody@example.com") is None
