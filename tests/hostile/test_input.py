"""Bad input everywhere: what is sent, what a blueprint says, what a server does when it cannot go on."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import event, func, select
from starlette.testclient import TestClient

from espalier.blueprint import read
from espalier.config import Settings
from espalier.runtime import outbox, routes
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.storage import system
from espalier.runtime.visit import Visit, clean

from .counted import TRIED
from .hostile_app import ZAP, blueprint, fill
from .house import body, upload

PASSWORD = "a long walk home"
LONG = bool(os.environ.get("HOSTILE_WORLDS"))
HERE = str(Path(__file__).parents[2])
INSIDE = re.compile(
    rf"Traceback|site-packages|sqlalchemy|sqlite3\.|File \"|\.py\b[\":, ]|{re.escape(HERE)}|SELECT .* FROM|OperationalError|espalier[./]runtime"
)

CONTROLS = [chr(code) for code in (*range(32), *range(0x7F, 0xA0))]
EVIL = [
    "".join(CONTROLS), "a\x00b", "\x1b[31m", "\x08", "\x0b\x0c", "\x85",
    "\ud800", "a\udfffb", "\u202eevil", "\u200b\u200d", "\ufeff", "\u2028\u2029", "👩‍👩‍👧‍👦", "e\u0301" * 50, "ﷺ" * 100, "a\r\nSet-Cookie: x=1",
    "' OR 1=1 --", "'; DROP TABLE thing; --", '" OR ""="', "%' OR '%'='", "\\", "a\x00b", "{{7*7}}", "{% raw %}", "${7*7}", "__import__('os')", "%s%s%n",
    ZAP, "javascript:zap()", "data:text/html,<script>zap()</script>", "../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "C:\\x", "NaN", "Infinity",
    "-Infinity", "1e400", "[1e400]", "²", "⁵", "-0", "0x10", "9" * 400, "1_000", "٣", "Ⅷ", "2026-02-30", "0000-00-00", "9999-12-31", "10000-01-01", "-1", "25:61", "true", "null",
    "[]", "{}", "[[[[", "a" * 70_000, "*", "NEAR(", '"', "a AND", "-", "..", "1..", "..1", "=cmd|' /C calc'!A0", "@SUM(1)", "me", "this", "owner.email",
]  # fmt: skip
JSON_EVIL: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    -(10**30),
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    ["a", 1],
    [1, 2, 3],
    {"id": 1},
    [{"id": 1}],
    "",
    " ",
    float("inf"),
    float("nan"),
    [float("inf")],
    1e308,
    2**63,
    "9" * 5_000,
]


def calm(answer: Any, *said: Any) -> str:
    """Every answer: no stack trace, no path, no SQL, nothing of ours. Gives the text."""
    text = body(answer)
    assert answer.status_code != 500, (said, text[:1500])
    if answer.status_code >= 400:
        assert not INSIDE.search(text), (said, INSIDE.search(text), text[:1500])
    assert all("\n" not in value and "\r" not in value for value in answer.headers.values())
    return text


def turn(at: int, *more: int, of: int = 6) -> bool:
    """A long run tries everything; a short one takes turns, so that every value and every place has its share."""
    return LONG or (at + sum(more)) % of == 0


class Opened(HTMLParser):
    """Finds what would run: elements, attributes and addresses that came from somebody's words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            value = value or ""
            if name.startswith("on") or (name.startswith(("x-", "@", ":")) and "zap" in value):
                self.found.append((tag, name, value[:80]))
            if name in ("href", "src", "action", "formaction", "srcdoc", "hx-get", "hx-post") and re.match(
                r"\s*(javascript|data:text|vbscript)", value, re.IGNORECASE
            ):
                self.found.append((tag, name, value[:80]))
            if name == "style" and "zap" in value:
                self.found.append((tag, name, value[:80]))
        if tag == "zap" or dict(attrs).get("src") == "x":
            self.found.append((tag, attrs))

    handle_startendtag = handle_starttag


def harmless(answer: Any, *said: Any) -> str:
    """A page in which nothing of the hostile words became markup, script or template."""
    text = calm(answer, *said)
    assert "zq49zq" not in text, said
    if "text/html" in answer.headers.get("content-type", ""):
        parser = Opened()
        parser.feed(bytes(answer.body).decode())
        assert not parser.found, (said, parser.found[:5])
        for script in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", bytes(answer.body).decode(), re.DOTALL):
            assert "<" not in script, (said, script[:200])
    return text


@pytest.fixture(scope="module")
def stage():
    """The hostile app, its admin and one member."""
    app = App(read(blueprint()))
    people = fill(app)
    yield SimpleNamespace(app=app, **people)
    app.close()


def ask(app: App, visitor: Visitor, method: str, path: str, **more: Any) -> Any:
    TRIED["requests with bad input"] += 1
    headers = {"x-csrf-token": Visit(app, visitor=visitor).csrf, **more.pop("headers", {})}
    return app.respond(Visit(app, method, path, headers=headers, visitor=visitor, **more))


# --- what is sent -------------------------------------------------------------------------------------------------


def test_every_value_in_every_field_of_the_api(stage):
    app, admin = stage.app, stage.admin
    fields = app.blueprint.entities["Thing"].fields
    for place, name in enumerate(fields):
        for at, value in enumerate([*JSON_EVIL, *EVIL, *(CONTROLS if name == "name" else [])]):
            if name != "name" and at >= len(JSON_EVIL) and not turn(at, place, of=3):
                continue
            answer = ask(app, admin, "POST", "/api/Thing", json={"name": "x", name: value})
            calm(answer, name, value)
            assert answer.status_code in (201, 422), (name, value, answer.status_code)
            if answer.status_code == 201:
                kept = json.loads(answer.body)[name]
                if isinstance(value, str) and isinstance(kept, str):
                    assert clean(kept) == kept, (name, value)
    _tidy(app)


def _tidy(app: App) -> None:
    """Take away what the attempts have made, so that pages stay short."""
    thing = app.database.tables["Thing"]
    with app.database.write() as connection:
        connection.execute(thing.delete().where(thing.c.id > 2))


def test_every_value_in_every_field_of_a_form(stage):
    app, admin = stage.app, stage.admin
    fields = app.blueprint.entities["Thing"].fields
    for at, value in enumerate(EVIL):
        for place, path in enumerate(("/thing/new", "/thing/2/edit")):
            if not turn(at, place, of=2):
                continue
            answer = ask(app, admin, "POST", path, form={name: ("x" if name == "name" else value) for name in fields})
            harmless(answer, path, value)
            assert answer.status_code in (303, 422, 409)
        if turn(at, of=3):
            harmless(ask(app, admin, "POST", "/thing/new", form={value: value, "name": value, "next": value}), value)
            harmless(ask(app, admin, "POST", "/account", form={"name": value, "email": value}), value)
        for path in ("/login", "/signup", "/reset"):
            sent = dict.fromkeys(("email", "name", "password", "next", "role"), value)
            harmless(ask(app, Visitor(), "POST", path, form=sent), path, value)
    _tidy(app)


def test_every_value_in_every_part_of_an_address(stage):
    app, admin = stage.app, stage.admin
    names = [
        "search",
        "sort",
        "limit",
        "offset",
        "name",
        "kind",
        "next",
        "for",
        "box",
        "key",
        "q",
        "page",
        "block",
        "this",
        "w",
        "email",
    ]
    for at, value in enumerate(EVIL):
        states = {
            f"b{block}{joint}{name}": value
            for block in range(3)
            for joint in ("-", ".")
            for name in ("q", "sort", "page", "more", "month", "day", "kind", "at", "due")
        }
        for place, page in enumerate(app.blueprint.page_list):
            if not page.each and page.blocks and turn(at, place):
                harmless(ask(app, admin, "GET", f"/{page.slug}", query=states), page.slug, value)
        for name in names:
            if turn(at, len(name), of=3):
                calm(ask(app, admin, "GET", "/api/Thing", query={name: value}), name, value)
        for place, path in enumerate(
            (
                "/thing/new",
                "/thing/export.csv",
                "/thing/options/other",
                "/login",
                "/signup",
                "/files/" + "a" * 32,
                "/admin/people",
                "/admin/outbox",
            )
        ):
            if turn(at, place, of=4):
                harmless(ask(app, admin, "GET", path, query=dict.fromkeys(names, value)), path, value)
        for place, path in enumerate(
            (
                f"/{value}",
                f"/thing/{value}",
                f"/api/{value}",
                f"/api/Thing/{value}",
                f"/files/{value}",
                f"/static/{value}",
                f"/thing/1/do/{value}",
                f"/admin/data/{value}",
                f"/login/{value}",
            )
        ):
            if path.strip("/") and turn(at, place, of=4):
                answer = ask(app, admin, "GET", path)
                harmless(answer, path)


def test_wrong_shapes(stage):
    app, admin = stage.app, stage.admin
    for value in [
        *JSON_EVIL,
        "x",
        {"name": {"a": 1}},
        {"name": ["x"]},
        {"": 1},
        {"id": 5},
        {"created": "x"},
        {"__class__": 1},
        {"name\x00": "x"},
    ]:
        for method, path in (
            ("POST", "/api/Thing"),
            ("PATCH", "/api/Thing/1"),
            ("POST", "/api/login"),
            ("POST", "/api/Thing/1/actions/press"),
        ):
            answer = ask(app, admin, method, path, json=value)
            calm(answer, method, path, value)
    deep: Any = "x"
    for _ in range(5_000):
        deep = [deep]
    with TestClient(app) as client:
        for content in (
            b"[" * 100_000,
            b"{" * 100_000,
            b'{"name": "\xff\xfe"}',
            b'{"name": "\\ud800"}',
            b"\x00",
            b"",
            b"NaN",
            b'{"a":1}{"b":2}',
            b'{"name": 1e999}',
        ):
            said = client.post("/api/Thing", content=content, headers={"content-type": "application/json"})
            assert said.status_code in (400, 403), (content[:20], said.status_code)
            assert not INSIDE.search(said.text)


def test_large_bodies_are_refused(stage):
    settings = Settings(body_limit=10_000, upload_limit=20_000)
    app = App(read(blueprint()), settings=settings)
    with TestClient(app) as client:
        big = "a" * 30_000
        assert client.post("/login", data={"email": big}).status_code == 413
        assert client.post("/api/login", json={"email": big}).status_code == 413
        assert (
            client.post(
                "/login",
                content=(b"email=" + b"a" * 9_000 for _ in range(9)),
                headers={"content-type": "application/x-www-form-urlencoded"},
            ).status_code
            == 413
        )
        assert client.post(
            "/login",
            content=b"&".join(b"a=1" for _ in range(3_000)),
            headers={"content-type": "application/x-www-form-urlencoded"},
        ).status_code in (400, 413)
        assert client.post("/login", files={"file": ("x", b"a" * 200_000)}).status_code == 413
        assert client.post("/login", files=[("file", (f"{at}", b"a")) for at in range(40)]).status_code == 413
        assert client.post(
            "/login", content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data; boundary=x"}
        ).status_code in (400, 403)
        assert client.post("/login", content=b"x", headers={"content-type": "multipart/form-data"}).status_code == 400
        assert client.get("/" + "a" * 5_000).status_code == 400
        TRIED["requests with bad input"] += 9
    app.close()


# --- what a blueprint and its data say ----------------------------------------------------------------------------


def everywhere(app: App) -> list[str]:
    """Every address of the hostile app that shows something."""
    pages = [f"/{page.slug}" for page in app.blueprint.page_list if not page.each]
    records = [
        f"/{slug}/1{rest}" for slug in ("thing", "part") for rest in ("", "/edit", "/delete", "/do/press", "/do/rename")
    ]
    more = [
        "/thing/new",
        "/part/new",
        "/thing/import",
        "/part/line",
        "/thing/export.csv",
        "/api",
        "/api/openapi.json",
        "/api/Thing",
        "/api/me",
    ]
    own = ["/login", "/signup", "/reset", "/account", "/notifications", "/admin", "/admin/people", "/admin/outbox", "/admin/outbox/1", "/admin/settings", "/admin/data/thing", "/admin/data/user", "/theme.css", "/nowhere"]  # fmt: skip
    return ["/", *pages, *records, *more, *own]


def test_words_never_become_markup(stage):
    for visitor in (stage.admin, stage.member, Visitor()):
        for path in everywhere(stage.app):
            for query in ("", {"b0-q": "zap", "b0.kind": ZAP, "b0-sort": ZAP, "next": ZAP}):
                answer = ask(stage.app, visitor, "GET", path, query=query)
                harmless(answer, visitor.role, path, query)
                TRIED["pages full of hostile words"] += 1


def test_no_block_of_the_hostile_app_breaks(stage):
    for path in everywhere(stage.app):
        assert "cannot be shown right now" not in body(ask(stage.app, stage.admin, "GET", path)), path


def test_cells_of_a_file_are_no_formulas(stage):
    ask(stage.app, stage.admin, "POST", "/api/Part", json={"name": "=cmd|' /C calc'!A0", "thing": 1})
    text = body(ask(stage.app, stage.admin, "GET", "/part/export.csv"))
    assert "'=cmd" in text and not re.search(r'(^|,)"?[=@+\t]', text, re.MULTILINE)


def test_emails_stay_emails(stage):
    """Whatever stands in names, an email has the headers that we gave it."""
    app = stage.app
    for value in [*EVIL[:40], "a\r\nBcc: all@example.com", "a\nSubject: x", ZAP]:
        with app.database.write() as connection:
            connection.execute(system.outbox.delete())
        ask(app, stage.admin, "PATCH", "/api/Thing/1", json={"name": f"x{value}"})
        ask(app, stage.admin, "POST", "/api/Thing/1/actions/press", json={})
        with app.database.read() as connection:
            rows = connection.execute(select(system.outbox)).all()
        assert rows
        for row in rows:
            made = outbox.message(
                outbox.Mail(row.id, row.kind, row.recipient, row.subject, row.body, row.data),
                Settings(smtp_host="mail.invalid"),
            )
            assert made["Bcc"] is None and made.get_all("Subject") and len(made.get_all("To")) == 1
            assert not made.is_multipart() and made.get_content_type() == "text/plain"
            assert b"\nBcc:" not in made.as_bytes().split(b"\n\n")[0]
            TRIED["emails made of hostile words"] += 1


# --- files --------------------------------------------------------------------------------------------------------


def test_files_are_what_they_are_and_go_nowhere_else(tmp_path):
    app = App(read(blueprint()), tmp_path / "app")
    admin = fill(app)["admin"]
    before = set(tmp_path.rglob("*"))
    names = [
        "../../evil.txt",
        "..\\..\\evil.txt",
        "/etc/passwd",
        "a\r\nX-Evil: 1.txt",
        'a"; filename="b.html',
        "x.html",
        "x.svg",
        "con",
        "\u202egpj.exe",
        "a" * 5_000,
        "\x00",
        ZAP,
        "",
    ]
    contents = [
        b"<script>zap()</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='zap()'/>",
        b"%PDF-1.4 <script>",
        b"GIF89a/*<script>",
        b"\x89PNG\r\n\x1a\nbroken",
        b"MZ",
    ]
    for name in names:
        for content in contents:
            answer = ask(app, admin, "POST", "/thing/new", form={"name": "x", "paper": upload(name, content)})
            harmless(answer, name, content)
            TRIED["uploads"] += 1
    with app.database.read() as connection:
        rows = connection.execute(select(system.file)).all()
    assert len(rows) > 20
    for row in rows:
        answer = ask(app, admin, "GET", f"/files/{row.name}")
        calm(answer, row.original)
        assert (
            answer.headers["x-content-type-options"] == "nosniff"
            and "default-src 'none'" in answer.headers["content-security-policy"]
        )
        assert answer.headers["content-type"].split(";")[0] in (
            "application/octet-stream",
            "application/pdf",
            "image/png",
            "image/webp",
            "image/jpeg",
        )
        assert "x-evil" not in answer.headers and "/" not in row.original and "\\" not in row.original
    made = set(tmp_path.rglob("*")) - before
    assert all((tmp_path / "app") in path.parents for path in made)
    app.close()
    with TestClient(app) as client:
        for path in (
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2fapp.py",
            "/static/%2e%2e%2f%2e%2e%2fapp.py",
            "/static//etc/passwd",
            "/static/..%5capp.py",
            "/static/%00",
            "/static/.",
            "/files/../data.db",
            "/files/..%2fdata.db",
            "/static/look/../../app.py",
        ):
            said = client.get(path, follow_redirects=False)
            assert said.status_code in (400, 404), (path, said.status_code)
            assert "import" not in said.text.replace("important", "")
            TRIED["paths out of the house"] += 1


# --- who sent it --------------------------------------------------------------------------------------------------


def unsafe_routes() -> list[Any]:
    table = routes.table()
    every = [route for methods in table._literal.values() for route in methods.values()]
    every += [route for _, methods in table._open for route in methods.values()]
    return [route for route in every if route.method not in ("GET", "HEAD", "OPTIONS")]


VALUES = {
    "entity": "thing",
    "id": "1",
    "field": "likes",
    "action": "press",
    "slug": "words",
    "page": "words",
    "number": "1",
    "secret": "abc",
    "name": "x",
}


def path_of(pattern: str) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: VALUES.get(found[1], "x"), pattern)


class Client:
    """A browser with cookies, past nothing: every visit is judged by its session."""

    def __init__(self, app: App) -> None:
        self.app, self.cookies = app, {}

    def visit(
        self, method: str, path: str, *, form: Any = None, headers: Any = None, secure: bool = False, query: Any = ""
    ) -> Any:
        visit = Visit(
            self.app,
            method,
            path,
            form=form,
            headers={"host": "localhost:8000", **(headers or {})},
            cookies=self.cookies,
            secure=secure,
            query=query,
            client="192.0.2.9",
        )
        answer = self.app.respond(visit)
        self.sent = [value for name, value in answer.raw_headers if name == b"set-cookie"]
        for cookie in visit.new_cookies:
            if cookie.value:
                self.cookies[cookie.name] = cookie.value
            else:
                self.cookies.pop(cookie.name, None)
        return answer

    def token(self) -> str:
        page = body(self.visit("GET", "/login")) + body(self.visit("GET", "/account"))
        return re.search(r'name="csrf" value="([^"]+)"', page)[1]

    def login(self, email: str = "admin@example.com") -> Any:
        return self.visit("POST", "/login", form={"csrf": self.token(), "email": email, "password": PASSWORD})


@contextmanager
def with_account():
    app = App(read(blueprint()))
    fill(app)
    client = Client(app)
    assert client.login().status_code == 303
    yield app, client
    app.close()


def dump(app: App) -> str:
    with app.database.read() as connection:
        return "\n".join(connection.connection.driver_connection.iterdump())


def test_no_change_without_a_token():
    """Every route of the table that changes something, with a valid session and without, or with another's, token."""
    with with_account() as (app, client):
        other = Client(app)
        other.login("member@example.com")
        stolen, own = other.token(), client.token()
        assert stolen != own
        before = dump(app)
        every = unsafe_routes()
        assert len(every) > 25
        assert [route.pattern for route in every if route.open] == ["/api/login"]
        for route in every:
            if route.open:
                continue
            path = path_of(route.pattern)
            for headers, form in (
                ({}, {"name": "x"}),
                ({}, {"csrf": ""}),
                ({}, {"csrf": stolen}),
                ({"x-csrf-token": "é" * 64}, {}),
                ({"x-csrf-token": own, "sec-fetch-site": "cross-site"}, {}),
                ({"x-csrf-token": own, "sec-fetch-site": "same-site"}, {}),
                ({"x-csrf-token": own, "origin": "https://evil.example"}, {}),
                ({"x-csrf-token": own, "origin": "null"}, {}),
                ({"authorization": "Bearer nonsense"}, {"csrf": ""}),
            ):
                answer = client.visit(route.method, path, form=form, headers=headers)
                TRIED["changes without a right token"] += 1
                if "authorization" in headers:
                    assert answer.status_code in (204, 303, 400, 403, 404, 410, 422, 429), (path, answer.status_code)
                    continue
                assert answer.status_code == 403, (route.method, path, headers, form, answer.status_code)
                calm(answer)
        attempts = re.compile(r"^.*espalier_attempt.*$\n?", re.MULTILINE)
        assert attempts.sub("", dump(app)) == attempts.sub("", before)


def test_cookies_are_kept_from_scripts_and_other_sites():
    with with_account() as (app, _):
        client = Client(app)
        client.visit("GET", "/login")
        stranger = dict(client.cookies)
        client.login()
        (said,) = [one.decode() for one in client.sent if b"session" in one]
        assert (
            "HttpOnly" in said and "samesite=lax" in said.lower() and "Path=/" in said and "domain" not in said.lower()
        )
        client.visit("GET", "/login", secure=True)
        safe = Client(app)
        safe.visit("GET", "/login", secure=True)
        assert all(b"secure" in one.lower() for one in safe.sent) and safe.sent
        # The cookie changes when somebody signs in, and the one from before is still a stranger's.
        name = app.cookie("session")
        assert client.cookies[name] != stranger[name]
        before = Client(app)
        before.cookies = stranger
        assert before.visit("GET", "/account").status_code == 303
        # What somebody else put there is not taken: the session is new.
        planted = Client(app)
        planted.cookies = {name: client.cookies[name]}
        fresh = Client(app)
        fresh.cookies = {name: stranger[name]}
        fresh.login()
        assert fresh.cookies[name] != stranger[name]
        # Signing out ends it on the server, whoever kept the cookie.
        kept = dict(client.cookies)
        client.visit("POST", "/logout", form={"csrf": client.token()})
        old = Client(app)
        old.cookies = kept
        assert old.visit("GET", "/account").status_code == 303
        # A cookie that was changed is nobody's.
        forged = Client(app)
        forged.cookies = {name: fresh.cookies[name][:-2] + "xx"}
        assert forged.visit("GET", "/account").status_code == 303


REDIRECTS = ["//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "http:evil.example", "javascript:zap()", "/\t/evil.example", "/\n/evil.example", "///evil.example", "/%2f%2fevil.example", "/%5cevil.example", " //evil.example", "/ /evil.example", "//evil.example@localhost", "/./\\evil", "https:/evil.example", "/..//evil.example", "/\x00/evil.example", "/x\r\nLocation: https://evil.example", "//localhost:8000@evil.example", "?//evil.example", "evil.example", "/\u2044evil.example", "／／evil.example"]  # fmt: skip


def test_nobody_is_sent_elsewhere():
    with with_account() as (app, client):
        token = client.token()
        for given in REDIRECTS:
            fresh = Client(app)
            tries = [
                client.visit("GET", "/login", query={"next": given}),
                client.visit("GET", "/signup", query={"next": given}),
                client.visit("POST", "/thing/1/mark/likes", form={"csrf": token, "next": given}),
                client.visit("POST", "/thing/1/edit", form={"csrf": token, "next": given, "name": "x"}),
                client.visit("POST", "/thing/1/move/kind", form={"csrf": token, "next": given, "kind": "B"}),
                client.visit(
                    "POST",
                    "/thing/1/mark/likes",
                    form={"csrf": token},
                    headers={
                        "referer": f"http://localhost:8000{given}" if given.isprintable() and given.isascii() else "x"
                    },
                ),
                fresh.visit("GET", given if given.startswith("/") else f"/{given}"),
                fresh.visit("GET", f"/{given}/" if not given.startswith("/") else f"{given}/"),
                fresh.visit("GET", "/admin", query={"next": given}),
            ]
            for answer in tries:
                TRIED["addresses of other sites"] += 1
                calm(answer, given)
                where = answer.headers.get("location") or answer.headers.get("hx-redirect")
                if where:
                    parts = urlsplit(urljoin("http://localhost:8000/x", where.replace("\\", "/")))
                    assert (parts.scheme, parts.netloc) == ("http", "localhost:8000"), (given, where)


def test_links_in_emails_lead_to_us_whatever_the_request_says():
    with with_account() as (app, _client):
        for headers in (
            {"host": "evil.example"},
            {"x-forwarded-host": "evil.example"},
            {"forwarded": "host=evil.example"},
            {"origin": "http://evil.example", "host": "evil.example"},
        ):
            fresh = Client(app)
            answer = fresh.visit(
                "POST", "/reset", form={"csrf": fresh.token(), "email": "admin@example.com"}, headers=headers
            )
            assert answer.status_code in (200, 303, 403, 429)
        with app.database.read() as connection:
            bodies = [row.body for row in connection.execute(select(system.outbox))]
        assert bodies and not any("evil" in text for text in bodies)
        assert any("http://localhost:8000/reset/" in text for text in bodies)


# --- several servers, no space ------------------------------------------------------------------------------------

SMALL = """\
app: Small
data:
  Note:
    words: text!
    number: serial N-0001
access:
  Note: {read: anyone, write: anyone}
pages:
  Home:
    - table: Note
"""
WRITER = """
import sys
from pathlib import Path
from espalier.blueprint import read
from espalier.runtime.access import Visitor
from espalier.runtime.app import App
from espalier.runtime.records import Records
app = App(read(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
for at in range(25):
    Records(app, Visitor()).create("Note", {"words": f"{sys.argv[3]} {at}"})
app.close()
"""


def test_two_servers_on_one_file_lose_nothing(tmp_path):
    text = tmp_path / "small.yaml"
    text.write_text(SMALL)
    folder = tmp_path / "app"
    one, two = App(read(SMALL), folder), App(read(SMALL), folder)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(text), str(folder), f"process {at}"], stderr=subprocess.PIPE
        )
        for at in range(2)
    ]
    errors: list[Any] = []

    def write(app: App, name: str) -> None:
        for at in range(25):
            answer = app.respond(
                Visit(
                    app,
                    "POST",
                    "/api/Note",
                    json={"words": f"{name} {at}"},
                    visitor=Visitor(),
                    headers={"x-csrf-token": Visit(app, visitor=Visitor()).csrf},
                )
            )
            if answer.status_code != 201:
                errors.append(answer.body)

    threads = [threading.Thread(target=write, args=(app, f"thread {at}")) for at, app in enumerate((one, two, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in processes:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
    assert not errors
    with one.database.read() as connection:
        table = one.database.tables["Note"]
        rows = connection.execute(select(table.c.words, table.c.number)).all()
    assert len(rows) == len({row.words for row in rows}) == len({row.number for row in rows}) == 125
    assert {row.number for row in rows} == {f"N-{at:04d}" for at in range(1, 126)}
    TRIED["records by three threads and two processes"] += 125
    one.close()
    two.close()


def test_a_full_disk_is_said_clearly_and_halves_nothing(tmp_path):
    app = App(read(SMALL), tmp_path / "app")
    stranger = Visitor()
    assert ask(app, stranger, "POST", "/api/Note", json={"words": "before"}).status_code == 201
    app.database.engine.dispose()
    full = True

    def limit(connection: Any, record: Any, *_: Any) -> None:
        cursor = connection.cursor()
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages if full else 1_000_000}")
        cursor.close()

    event.listen(app.database.engine, "checkout", limit)
    refused = 0
    for at in range(60):
        for method, path, more in (
            ("POST", "/api/Note", {"json": {"words": f"note {at} " + "x" * 180}}),
            ("POST", "/note/new", {"form": {"words": f"form {at} " + "x" * 180}}),
        ):
            answer = ask(app, stranger, method, path, **more)
            assert answer.status_code in (201, 303, 429, 503), answer.status_code
            if answer.status_code == 503:
                refused += 1
                assert not INSIDE.search(body(answer)) and len(body(answer)) > 20
    assert refused > 5
    assert ask(app, stranger, "GET", "/").status_code == 200
    with app.database.read() as connection:
        driver = connection.connection.driver_connection
        assert driver.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        table = app.database.tables["Note"]
        kept = connection.execute(select(func.count()).select_from(table)).scalar_one()
        numbers = {number for (number,) in connection.execute(select(table.c.number))}
    assert len(numbers) == kept
    full = False
    app.database.engine.dispose()
    assert ask(app, stranger, "POST", "/api/Note", json={"words": "after"}).status_code == 201
    assert "note" not in app.where.name
    TRIED["writes to a full disk that were refused"] += refused
    app.close()


def test_an_unexpected_error_says_nothing_of_us(stage, monkeypatch, caplog):
    """A defect of ours: the visitor sees a number, the log the rest."""
    from espalier.runtime.records import Records

    def broken(*args: Any, **more: Any) -> Any:
        raise RuntimeError(f"secret detail in {HERE}/src/espalier/runtime/x.py")

    monkeypatch.setattr(Records, "get", broken)
    for path, headers in (
        ("/api/Thing/1", {}),
        ("/thing/1", {}),
        ("/thing/1", {"hx-request": "true"}),
        ("/thing/1", {"accept": "application/json"}),
    ):
        answer = ask(stage.app, stage.admin, "GET", path, headers=headers)
        assert answer.status_code == 500
        assert "secret detail" not in body(answer) and not INSIDE.search(body(answer))
    assert "secret detail" in caplog.text
