"""The API: the same records under the same access as the pages, described in OpenAPI, and not to be upset by any input."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.people import accounts, passwords, tokens
from espalier.runtime.visit import Visit
from tests.samples import ROOT

SHOP = """\
app: Shelf
roles: [member, keeper]
data:
  Shelf:
    name: text! unique
  Book:
    title: text!
    shelf: Shelf!
    state: In | Out | Lost = In
    price: money
    pages: int 1..5000
    bought: date
    secret: text
    likes: marks
    copies: int = count(Loan)
    actions:
      Report lost (keeper): [if state != Lost, state = Lost]
  Loan:
    book: Book! part
    note: text
access:
  Shelf: {read: anyone, write: keeper}
  Book: {read: anyone, create: member or keeper, update: keeper, delete: nobody, secret: keeper}
  Loan: {read: own or keeper, create: member, update: keeper, delete: keeper}
pages:
  Home:
    - table: Book
"""


@pytest.fixture
def app():
    app = App(read(SHOP))
    yield app
    app.close()


def person(app: App, role: str, email: str, password: str = "correct horse battery") -> Visitor:
    with app.database.write() as connection:
        id = accounts.create(
            app, connection, name=role.title(), email=email, role=role, password=passwords.make(password)
        )
    return Visitor(id=id, name=role.title(), email=email, role=role)


def ask(app: App, method: str, path: str, visitor: Visitor | None = None, json=None, query="", headers=None):
    headers = {"x-csrf-token": Visit(app, visitor=visitor).csrf, **(headers or {})} if visitor else dict(headers or {})
    return app.respond(Visit(app, method, path, json=json, query=query, headers=headers, visitor=visitor))


def data(response):
    import json

    return json.loads(response.body)


def test_making_reading_changing_and_deleting(app):
    keeper = person(app, "keeper", "k@example.com")
    shelf = data(ask(app, "POST", "/api/Shelf", keeper, {"name": "Sea"}))
    made = ask(
        app,
        "POST",
        "/api/Book",
        keeper,
        {"title": "Moby-Dick", "shelf": shelf["id"], "price": 12.5, "secret": "signed"},
    )
    assert made.status_code == 201 and made.headers["location"].endswith(f"/api/Book/{data(made)['id']}")
    book = data(ask(app, "GET", f"/api/Book/{data(made)['id']}", keeper))
    assert (book["title"], book["shelf"], book["state"], book["price"], book["copies"], book["secret"]) == (
        "Moby-Dick",
        shelf["id"],
        "In",
        12.5,
        0,
        "signed",
    )
    changed = ask(app, "PATCH", f"/api/Book/{book['id']}", keeper, {"state": "Out", "updated": book["updated"]})
    assert data(changed)["state"] == "Out"
    assert ask(app, "DELETE", f"/api/Book/{book['id']}", keeper).status_code == 403
    page = data(ask(app, "GET", "/api/Book", None, query="state=Out&sort=-title&search=moby"))
    assert page["total"] == 1 and "secret" not in page["items"][0]


def test_what_a_visitor_may_not_is_refused(app):
    keeper, member, other = (
        person(app, "keeper", "k@example.com"),
        person(app, "member", "m@example.com"),
        person(app, "member", "o@example.com"),
    )
    shelf = data(ask(app, "POST", "/api/Shelf", keeper, {"name": "Sea"}))["id"]
    book = data(ask(app, "POST", "/api/Book", member, {"title": "A", "shelf": shelf}))["id"]
    loan = data(ask(app, "POST", "/api/Loan", member, {"book": book, "note": "mine"}))["id"]
    assert ask(app, "POST", "/api/Shelf", member, {"name": "Mine"}).status_code == 403
    assert ask(app, "PATCH", f"/api/Book/{book}", member, {"title": "B"}).status_code == 403
    assert ask(app, "GET", f"/api/Loan/{loan}", other).status_code == 404
    assert data(ask(app, "GET", "/api/Loan", other))["total"] == 0
    assert ask(app, "GET", "/api/Nothing", member).status_code == 404
    for forged in (
        {"secret": "x"},
        {"id": 7},
        {"owner": other.id},
        {"copies": 9},
        {"created": "2020-01-01"},
        {"likes": [1]},
        {"nope": 1},
    ):
        assert ask(app, "POST", "/api/Book", member, {"title": "C", "shelf": shelf, **forged}).status_code == 422, (
            forged
        )
    for question in ("secret=x", "sort=secret", "sort=owner.password", "limit=0", "limit=9999", "offset=-1"):
        assert ask(app, "GET", "/api/Book", member, query=question).status_code == 422, question
    assert data(ask(app, "GET", "/api/Book", member))["total"] == 1


def test_marks_and_actions(app):
    keeper, member = person(app, "keeper", "k@example.com"), person(app, "member", "m@example.com")
    shelf = data(ask(app, "POST", "/api/Shelf", keeper, {"name": "Sea"}))["id"]
    book = data(ask(app, "POST", "/api/Book", keeper, {"title": "A", "shelf": shelf}))["id"]
    for _ in range(2):
        assert data(ask(app, "PUT", f"/api/Book/{book}/marks/likes", member)) == {"marked": True}
    seen = data(ask(app, "GET", f"/api/Book/{book}", member))
    assert seen["likes"] == 1 and seen["marked"] == ["likes"]
    assert data(ask(app, "DELETE", f"/api/Book/{book}/marks/likes", member)) == {"marked": False}
    assert ask(app, "POST", f"/api/Book/{book}/actions/report-lost", member).status_code in (403, 404)
    assert data(ask(app, "POST", f"/api/Book/{book}/actions/report-lost", keeper))["state"] == "Lost"
    assert ask(app, "POST", f"/api/Book/{book}/actions/report-lost", keeper).status_code in (403, 404, 409, 422)


def test_a_key_signs_in_and_can_be_taken_back(app):
    person(app, "keeper", "k@example.com")
    with TestClient(app) as client:
        wrong = client.post("/api/login", json={"email": "k@example.com", "password": "wrong"})
        nobody = client.post("/api/login", json={"email": "nobody@example.com", "password": "wrong"})
        assert wrong.status_code == nobody.status_code == 422 and wrong.json() == nobody.json()
        key = client.post("/api/login", json={"email": "k@example.com", "password": "correct horse battery"}).json()[
            "key"
        ]
        signed = {"Authorization": f"Bearer {key}"}
        assert client.get("/api/me", headers=signed).json()["role"] == "keeper"
        assert client.post("/api/Shelf", json={"name": "Sea"}, headers=signed).status_code == 201
        assert client.post("/api/logout", headers=signed).status_code == 204
        assert client.get("/api/me", headers=signed).status_code == 403
        assert client.post("/api/Shelf", json={"name": "Air"}, headers=signed).status_code == 403


def test_a_page_of_elsewhere_cannot_write_with_the_visitors_cookie(app):
    keeper = person(app, "keeper", "k@example.com")
    without = app.respond(Visit(app, "POST", "/api/Shelf", json={"name": "Sea"}, visitor=keeper))
    assert without.status_code == 403
    elsewhere = ask(app, "POST", "/api/Shelf", keeper, {"name": "Sea"}, headers={"origin": "https://evil.example"})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"', b"null", b'{"title": ' + b"[" * 3000, b"\xff\xfe"])
def test_bodies_that_are_no_object(app, body):
    member = person(app, "member", "m@example.com")
    with app.database.write() as connection:
        key = tokens.issue(app, connection, "api", user=member.id)
    with TestClient(app, raise_server_exceptions=True) as client:
        answer = client.post(
            "/api/Book", content=body, headers={"Authorization": f"Bearer {key}", "content-type": "application/json"}
        )
    assert answer.status_code in (400, 422) and "error" in answer.json()


def test_the_description_shows_a_visitor_only_what_they_may(app):
    everybody = data(ask(app, "GET", "/api/openapi.json"))
    keeper = data(ask(app, "GET", "/api/openapi.json", person(app, "keeper", "k@example.com")))
    assert "secret" not in str(everybody) and "secret" in keeper["components"]["schemas"]["Book"]["properties"]
    assert "post" not in everybody["paths"]["/api/Shelf"] and "post" in keeper["paths"]["/api/Shelf"]
    assert ask(app, "GET", "/api", headers={"accept": "text/html"}).status_code == 200


def fuzzed(name: str):
    """A seeded app of the gallery with an administrator's key, and its API as schemathesis sees it."""
    app = App(read((ROOT / "apps" / f"{name}.yaml").read_text()))
    with app.database.write() as connection:
        id = accounts.create(
            app,
            connection,
            name="Ada",
            email="ada@example.com",
            role="admin",
            password=passwords.make("correct horse battery"),
        )
        key = tokens.issue(app, connection, "api", user=id)
    return (
        app,
        schemathesis.openapi.from_asgi("/api/openapi.json", app, headers={"Authorization": f"Bearer {key}"}),
        key,
    )


@pytest.mark.parametrize("name", ["helpdesk", "recipes"])
def test_no_request_upsets_the_api(name):
    """Schemathesis makes requests from the description, right ones and wrong ones; every answer is one that it names."""
    app, schema, key = fuzzed(name)

    count = 0
    for operation in schema.include(path_regex="^/api/[A-Z]").get_all_operations():
        count += 1
        run_case(operation.ok(), key)
    assert count > 10
    app.close()


def run_case(operation, key):
    from hypothesis import given

    @settings(max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def check(case):
        case.call_and_validate(
            headers={"Authorization": f"Bearer {key}"},
            checks=[
                schemathesis.checks.not_a_server_error,
                schemathesis.specs.openapi.checks.status_code_conformance,
                schemathesis.specs.openapi.checks.content_type_conformance,
                schemathesis.specs.openapi.checks.response_schema_conformance,
            ],
        )

    check()
