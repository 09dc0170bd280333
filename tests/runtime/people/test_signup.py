"""Signing up: roles, what is asked, and that nobody learns who has an account."""

from __future__ import annotations

import threading

import pytest

from espalier.runtime import outbox
from espalier.runtime.people import accounts

from .conftest import BLUEPRINT, PASSWORD, Browser, add, forms_of, link_in, mails, make_app, watch_statements, words_of

NEW = {"name": "Ben New", "email": "ben@example.com", "password": PASSWORD}


def person(app, email):
    with app.database.read() as connection:
        return accounts.by_email(app, connection, email)


def test_signs_up_and_in(app, browser):
    response = browser.post("/signup", NEW)
    assert response.status_code == 303
    page = browser.follow()
    assert 'value="ben@example.com"' in page.body.decode()
    browser.login("ben@example.com")
    assert browser.signed_in
    assert person(app, "ben@example.com").role == "reader"


def test_taken_email_looks_the_same(app):
    add(app, "ana@example.com")
    taken, free = Browser(app), Browser(app)
    first = taken.post("/signup", {**NEW, "email": "ana@example.com"})
    second = free.post("/signup", {**NEW, "email": "zoe@example.com"})
    assert first.status_code == second.status_code == 303
    assert first.headers["location"].replace("ana", "") == second.headers["location"].replace("zoe", "")
    assert words_of(taken.follow()) == words_of(free.follow())
    assert person(app, "ana@example.com").name == "Ana Bell"
    Browser(app).login("ana@example.com", PASSWORD)
    [mail] = mails(app)
    assert mail.recipient == "ana@example.com"
    assert "already" in mail.body


def test_taken_email_looks_the_same_with_mail(mailing):
    add(mailing, "ana@example.com")
    first = Browser(mailing).post("/signup", {**NEW, "email": "ana@example.com"})
    second = Browser(mailing).post("/signup", {**NEW, "email": "zoe@example.com"})
    assert first.status_code == second.status_code == 200
    assert words_of(first) == words_of(second)
    assert [mail.recipient for mail in mails(mailing)] == ["ana@example.com", "zoe@example.com"]


@pytest.mark.parametrize("kind", ["app", "mailing"])
def test_taken_email_takes_the_work_of_a_free_one(kind, request):
    app = request.getfixturevalue(kind)
    seen = watch_statements(app)
    add(app, "ana@example.com")
    browser = Browser(app)
    token = browser.csrf()
    counts = []
    for email in ("ana@example.com", "zoe@example.com"):
        seen.clear()
        browser.visit("POST", "/signup", form={**NEW, "csrf": token, "email": email})
        counts.append(sum(one.startswith("INSERT") for one in seen))
    assert abs(counts[0] - counts[1]) <= 1, "the email to the owner is one more"
    assert min(counts) >= 3


def test_rules_of_people_are_said_at_signup(clock):
    app = make_app(
        clock,
        BLUEPRINT.replace(
            "street: text", 'street: text!\n    rules:\n      We only lend on Elm Street: street = "Elm"'
        ),
    )
    add(app, "ana@example.com", more={"street": "Elm"})
    for email in ("ana@example.com", "zoe@example.com"):
        response = Browser(app).post("/signup", {**NEW, "email": email, "street": "Oak"})
        assert response.status_code == 422
        assert "We only lend on Elm Street" in response.body.decode()
    assert person(app, "zoe@example.com") is None
    app.close()


def test_seeded_person_is_nobodys_to_take(app, browser):
    browser.post("/signup", {**NEW, "email": "mira@example.com"})
    browser.login("mira@example.com")
    assert not browser.signed_in


def test_account_is_made_when_the_email_is_confirmed(mailing, clock):
    browser = Browser(mailing)
    browser.post("/signup", NEW)
    assert person(mailing, "ben@example.com") is None
    link = link_in(mails(mailing)[0])
    # Looking is not using: what opens links by itself makes no account.
    assert browser.get(link).status_code == 200
    assert person(mailing, "ben@example.com") is None
    assert browser.post(link).status_code == 303
    assert browser.signed_in
    assert Browser(mailing).post(link).status_code == 410


def test_confirmation_expires(mailing, clock):
    browser = Browser(mailing)
    browser.post("/signup", NEW)
    clock.forward(days=2)
    assert browser.post(link_in(mails(mailing)[0])).status_code == 410
    assert person(mailing, "ben@example.com") is None


def test_seeded_person_with_proof_gets_the_account(mailing):
    browser = Browser(mailing)
    browser.post("/signup", {**NEW, "email": "mira@example.com"})
    browser.post(link_in(mails(mailing)[0]))
    assert browser.signed_in
    assert person(mailing, "mira@example.com").role == "reader"


@pytest.mark.parametrize(("field", "value", "words"), [
    ("email", "", "Please give your email"),
    ("email", "ben", "must be an email"),
    ("email", "a@b@c.example", "must be an email"),
    ("name", "", "Please give your name"),
    ("name", "x" * 121, "at most 120"),
    ("password", "short", "at least 8"),
    ("password", "x" * 201, "at most 200"),
    ("password", "password123", "first that anybody would guess"),
    ("password", "aaaaaaaaaa", "first that anybody would guess"),
    ("password", "ben@example.com", "not your name"),
])  # fmt: skip
def test_faults_are_said_at_their_field(app, browser, field, value, words):
    response = browser.post("/signup", {**NEW, field: value})
    assert response.status_code == 422
    assert words in response.body.decode()
    assert person(app, "ben@example.com") is None
    assert PASSWORD not in response.body.decode()


@pytest.mark.parametrize(("signup", "roles"), [
    ("", ["reader"]), ("user", ["user"]), ("librarian", ["librarian"]), ("reader or librarian", ["reader", "librarian"]), ("invite", []),
])  # fmt: skip
def test_roles_of_signup(clock, signup, roles):
    app = make_app(clock, BLUEPRINT.replace("data:", f"signup: {signup}\ndata:", 1) if signup else BLUEPRINT)
    assert accounts.signup_roles(app.blueprint) == roles
    app.close()


def test_one_role_in_the_list_is_not_given_by_itself(clock):
    app = make_app(clock, BLUEPRINT.replace("roles: [reader, librarian]", "roles: [librarian]").replace("| reader", ""))
    assert accounts.signup_roles(app.blueprint) == ["user"]
    app.close()


def test_person_picks_among_roles(clock):
    app = make_app(clock, BLUEPRINT.replace("data:", "signup: reader or librarian\ndata:", 1))
    browser = Browser(app)
    assert {"reader", "librarian"} <= set(browser.get("/signup").body.decode().split('"'))
    for role in ("", "admin", "user", "owner"):
        assert browser.post("/signup", {**NEW, "role": role}).status_code == 422
    browser.post("/signup", {**NEW, "role": "librarian"})
    assert person(app, "ben@example.com").role == "librarian"
    app.close()


def test_role_cannot_be_smuggled_in(app, browser):
    browser.post("/signup", {**NEW, "role": "admin", "id": "1", "owner": "1"})
    assert person(app, "ben@example.com").role == "reader"


def test_by_invitation_only(clock):
    app = make_app(clock, BLUEPRINT.replace("data:", "signup: invite\ndata:", 1))
    browser = Browser(app)
    assert browser.get("/signup").status_code == 403
    assert browser.post("/signup", NEW).status_code == 403
    assert person(app, "ben@example.com") is None
    assert "/signup" not in browser.get("/").body.decode()
    app.close()


def test_needed_user_fields_are_asked(clock):
    app = make_app(clock, BLUEPRINT.replace("street: text", "street: text!\n    age: int 16.."))
    browser = Browser(app)
    assert "street" in forms_of(browser.get("/signup"))[-1]["fields"]
    assert "age" not in forms_of(browser.get("/signup"))[-1]["fields"]
    assert browser.post("/signup", NEW).status_code == 422
    assert browser.post("/signup", {**NEW, "street": "Elm Street"}).status_code == 303
    browser.login("ben@example.com")
    assert 'value="Elm Street"' in browser.get("/account").body.decode()
    app.close()


def test_two_at_once_make_one_account(clock, tmp_path):
    app = make_app(clock, where=tmp_path)
    browsers = [Browser(app, f"192.0.2.{number}") for number in range(4)]
    tokens = [browser.csrf() for browser in browsers]
    start = threading.Barrier(len(browsers))
    statuses = []

    def sign_up(browser, token, number):
        start.wait()
        form = {**NEW, "name": f"Ben {number}", "csrf": token}
        statuses.append(browser.visit("POST", "/signup", form=form).status_code)

    threads = [
        threading.Thread(target=sign_up, args=(*pair, at)) for at, pair in enumerate(zip(browsers, tokens, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 4
    with app.database.read() as connection:
        assert len([one for one in accounts.everybody(app, connection) if one.email == "ben@example.com"]) == 1
    app.close()


def test_many_signups_from_one_address_must_wait(app):
    browser = Browser(app, "192.0.2.5")
    statuses = [browser.post("/signup", {**NEW, "email": f"p{number}@example.com"}).status_code for number in range(12)]
    assert statuses[0] == 303
    assert statuses[-1] == 429


def test_names_are_escaped(app, browser):
    browser.post("/signup", {**NEW, "name": "<script>alert(1)</script>"})
    browser.login("ben@example.com")
    page = browser.get("/account").body.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_emails_wait_in_the_outbox_without_a_server(app, browser):
    add(app, "ana@example.com")
    browser.post("/signup", {**NEW, "email": "ana@example.com"})
    assert outbox.deliver(app) == 0
    assert mails(app)[0].sent is None
