"""Signing in and out, sessions, tokens of forms, rate limits."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from espalier.runtime.people import passwords
from espalier.runtime.storage.system import token

from .conftest import PASSWORD, Browser, add, make_app, words_of


def test_signs_in_and_out(app, browser):
    add(app, "ana@example.com")
    response = browser.login("ana@example.com")
    assert response.status_code == 303
    assert response.headers["location"] == "/"
    assert "Ana Bell" in browser.get("/").body.decode()
    assert browser.get("/shelf").status_code == 200
    browser.post("/logout")
    assert not browser.signed_in
    with app.database.read() as connection:
        assert connection.execute(select(token)).all() == []


def test_email_in_capitals_is_the_same(app, browser):
    add(app, "ana@example.com")
    browser.login("  ANA@Example.COM ")
    assert browser.signed_in


@pytest.mark.parametrize(
    "email", ["ana@example.com", "nobody@example.com", "mira@example.com", "", "no email", "a\r\nb@example.com"]
)
def test_wrong_password_and_unknown_email_look_the_same(app, email):
    add(app, "ana@example.com")
    browser = Browser(app)
    response = browser.login(email, "wrong password")
    assert response.status_code == 422
    assert "The email or the password is not right." in response.body.decode()
    reference = Browser(app, "192.0.2.2").login("somebody.else@example.com", "wrong password")
    assert words_of(response) == words_of(reference)


def test_unknown_email_takes_the_work_of_a_known_one(app, browser, monkeypatch):
    add(app, "ana@example.com")
    verified = []
    quick = passwords.hasher()

    class Counting:
        def verify(self, kept, password):
            verified.append(kept)
            return quick.verify(kept, password)

        def check_needs_rehash(self, kept):
            return False

        hash = quick.hash

    monkeypatch.setattr(passwords, "hasher", Counting)
    browser.login("ana@example.com", "wrong password")
    browser.login("nobody@example.com", "wrong password")
    assert len(verified) == 2
    assert all(kept.startswith("$argon2id$") for kept in verified)


def test_seeded_person_has_no_password(app, browser):
    for password in ("", "mira@example.com", PASSWORD):
        browser.login("mira@example.com", password)
    assert not browser.signed_in


def test_session_changes_at_login(app, browser):
    """A session that somebody planted before the log-in is worth nothing after it."""
    add(app, "ana@example.com")
    browser.csrf()
    planted = dict(browser.cookies)
    browser.login("ana@example.com")
    assert browser.cookies["espalier_library_session"] != planted["espalier_library_session"]
    thief = Browser(app)
    thief.cookies = planted
    assert not thief.signed_in


def test_old_session_ends_when_its_browser_signs_in_again(app, browser):
    add(app, "ana@example.com")
    browser.login("ana@example.com")
    kept = dict(browser.cookies)
    browser.post("/login", {"email": "ana@example.com", "password": PASSWORD})
    thief = Browser(app)
    thief.cookies = kept
    assert not thief.signed_in
    assert browser.signed_in


def test_cookie_is_guarded(app, browser):
    add(app, "ana@example.com")
    said = browser.login("ana@example.com").headers["set-cookie"]
    assert "HttpOnly" in said
    assert "samesite=lax" in said.lower()
    assert "secure" not in said.lower()
    said = browser.post("/login", {"email": "ana@example.com", "password": PASSWORD}, secure=True).headers["set-cookie"]
    assert "secure" in said.lower()


def test_forged_and_foreign_cookies_are_strangers(app, clock):
    add(app, "ana@example.com")
    other = make_app(clock)
    add(other, "ana@example.com")
    there = Browser(other)
    there.login("ana@example.com")
    for cookie in (there.cookies["espalier_library_session"], "x", "WyJwZXJzb24iLCJ4Il0.aaaa", '["person","x"]', ""):
        browser = Browser(app)
        browser.cookies = {"espalier_library_session": cookie}
        assert browser.get("/account").status_code == 303
    other.close()


def test_session_ends_after_its_time_and_lives_on_in_use(app, clock, browser):
    add(app, "ana@example.com")
    browser.login("ana@example.com")
    clock.forward(days=20)
    assert browser.signed_in
    clock.forward(days=20)
    assert browser.signed_in
    clock.forward(days=31)
    assert not browser.signed_in


@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "ü"}])
@pytest.mark.parametrize(
    "address", ["/login", "/signup", "/reset", "/logout", "/account", "/account/delete", "/admin/people"]
)
def test_form_without_token_is_refused(app, given, address):
    add(app, "ana@example.com")
    browser = Browser(app)
    response = browser.visit("POST", address, form={"email": "ana@example.com", "password": PASSWORD, **given})
    assert response.status_code == 403
    assert "expired" in response.body.decode()
    assert not browser.signed_in


def test_token_of_another_session_is_refused(app, browser):
    add(app, "ana@example.com")
    foreign = Browser(app).csrf()
    browser.get("/login")
    response = browser.visit("POST", "/login", form={"csrf": foreign, "email": "ana@example.com", "password": PASSWORD})
    assert response.status_code == 403


def test_token_may_come_in_a_header(app, browser):
    add(app, "ana@example.com")
    form = {"email": "ana@example.com", "password": PASSWORD}
    assert browser.visit("POST", "/login", form=form, headers={"x-csrf": browser.csrf()}).status_code == 303


@pytest.mark.parametrize("headers", [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://localhost:9999"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
])  # fmt: skip
def test_other_origins_are_refused_even_with_a_token(app, browser, headers):
    add(app, "ana@example.com")
    form = {"email": "ana@example.com", "password": PASSWORD}
    assert browser.post("/login", form, headers=headers).status_code == 403
    assert (
        browser.post(
            "/login", form, headers={"origin": "http://localhost:8000", "sec-fetch-site": "same-origin"}
        ).status_code
        == 303
    )


@pytest.mark.parametrize("onward", [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
    "/%0d%0aSet-Cookie: x=1\r\n", "evil.example", "http:evil.example", " //evil.example", "/\n//evil.example",
])  # fmt: skip
def test_login_never_leads_elsewhere(app, browser, onward):
    add(app, "ana@example.com")
    location = browser.post("/login", {"email": "ana@example.com", "password": PASSWORD, "next": onward}).headers[
        "location"
    ]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "evil" not in location or location == "/"
    assert "\r" not in location
    assert "\n" not in location


def test_login_leads_back(app, browser):
    add(app, "ana@example.com")
    asked = browser.get("/shelf?page=2")
    assert asked.headers["location"] == "/login?next=%2Fshelf%3Fpage%3D2"
    form_page = browser.follow()
    assert 'name="next" value="/shelf?page=2"' in form_page.body.decode()
    assert browser.login("ana@example.com", next="/shelf?page=2").headers["location"] == "/shelf?page=2"


def test_guessing_gets_slower(app, clock, browser):
    add(app, "ana@example.com")
    for _ in range(5):
        assert browser.login("ana@example.com", "wrong password").status_code == 422
    refused = browser.login("ana@example.com", PASSWORD)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert not browser.signed_in
    waits = []
    for _ in range(6):
        wait = int(browser.login("ana@example.com", "wrong password").headers["retry-after"])
        waits.append(wait)
        clock.forward(seconds=wait)
        assert browser.login("ana@example.com", "wrong password").status_code == 422
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]
    clock.forward(hours=2)
    assert browser.login("ana@example.com").status_code == 303


def test_waiting_never_takes_longer_than_a_quarter_of_an_hour(app, clock, browser):
    for _ in range(40):
        response = browser.login("ana@example.com", "wrong password")
        if response.status_code == 429:
            assert int(response.headers["retry-after"]) <= 901
            clock.forward(seconds=int(response.headers["retry-after"]))


def test_guessing_at_unknown_emails_gets_as_slow(app, browser):
    add(app, "ana@example.com")
    known = [browser.login("ana@example.com", "wrong password").status_code for _ in range(7)]
    unknown = [Browser(app, "192.0.2.9").login("nobody@example.com", "wrong password").status_code for _ in range(7)]
    assert known == unknown
    assert 429 in known


def test_one_address_cannot_try_many_accounts(app, clock):
    browser = Browser(app, "192.0.2.7")
    statuses = [browser.login(f"person{number}@example.com", "wrong password").status_code for number in range(25)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert Browser(app, "192.0.2.8").login("person1@example.com", "wrong password").status_code == 422


def test_ipv6_counts_by_network(app):
    statuses = []
    for number in range(25):
        browser = Browser(app, f"2001:db8:1:2::{number:x}")
        statuses.append(browser.login(f"person{number}@example.com", "wrong password").status_code)
    assert statuses[-1] == 429
    assert Browser(app, "2001:db8:1:3::1").login("person1@example.com", "wrong password").status_code == 422


def test_fresh_app_says_where_its_owner_gets_in(app, browser, request):
    assert "no admin yet" in browser.get("/login").body.decode()
    request.getfixturevalue("admin")
    assert "no admin yet" not in browser.get("/login").body.decode()


def test_good_login_starts_the_count_anew(app, browser):
    add(app, "ana@example.com")
    for _ in range(3):
        for _ in range(4):
            browser.login("ana@example.com", "wrong password")
        assert browser.login("ana@example.com").status_code == 303
        browser.post("/logout")


def test_controls_in_every_field_are_no_fault(app, browser):
    nasty = "a\x00b\x1b[31m\r\nX: y\ud800\u202e" + "x" * 5000
    for address in ("/login", "/signup", "/reset"):
        names = ("email", "password", "name", "role", "next", "street")
        response = browser.post(address, dict.fromkeys(names, nasty))
        assert response.status_code in (422, 429), address
        assert "\x00" not in response.body.decode()


def test_json_is_answered_in_json(app, browser):
    response = browser.get("/desk", headers={"accept": "application/json"})
    assert response.status_code == 403
    assert response.media_type == "application/json"
