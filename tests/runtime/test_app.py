"""The app as strangers meet it: addresses, methods, headers, limits, and what they see when something breaks."""

from __future__ import annotations

import logging

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from espalier.blueprint.reader import read
from espalier.config import Settings
from espalier.runtime.access import Visitor
from espalier.runtime.app import App, Visit, check_path, loggable
from espalier.runtime.errors import BadRequest, Conflict, NotFound, TooMany, WrongMethod
from espalier.runtime.routes import Table, route, table
from espalier.runtime.visit import Form

BLUEPRINT = """
app: Corner Library
about: Books lent among neighbours
roles: [librarian]
theme: {primary: teal, background: ivory}
data:
  Book:
    title: text!
  Admin:
    title: text
  Welcome:
    title: text
pages:
  Home:
    - hero: Borrow from next door
  Login:
    - text: A page with the name of one of ours
  Desk (librarian):
    - text: Only for librarians
  Each Book:
    - text: One book
"""


@pytest.fixture
def app():
    made = App(read(BLUEPRINT), name="library", settings=Settings(body_limit=20_000, upload_limit=5_000))
    yield made
    made.close()


@pytest.fixture
def client(app):
    return TestClient(app, base_url="http://localhost:8000", follow_redirects=False)


def get(app, path, **more):
    return app.respond(Visit(app, "GET", path, **more))


def test_home_and_pages(app):
    assert "Borrow from next door" in get(app, "/").body.decode() or get(app, "/").status_code == 200
    assert get(app, "/login-page").status_code == 200
    assert get(app, "/nothing").status_code == 404
    assert get(app, "/book").status_code == 404
    assert get(app, "/each-book").status_code == 404


def test_navigation_holds_what_the_visitor_may_open(app):
    page = get(app, "/").body.decode()
    assert "/login-page" in page
    assert "/desk" not in page
    assert "each-book" not in page


def test_page_for_others_leads_strangers_to_sign_in(app):
    response = get(app, "/desk")
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2Fdesk"


def test_entities_keep_clear_of_our_addresses(app):
    assert app.entity_slugs["Admin"] == "admin-record"
    assert app.entity_slugs["Welcome"] == "welcome-record"
    assert app.entity("admin-record") == "Admin"
    with pytest.raises(NotFound):
        app.entity("admin")


@pytest.mark.parametrize("path", [
    "", "x", "//evil.example", "/a//b", "/../etc/passwd", "/a/..", "/./a", "/a\\b", "/a\x00b", "/a\nb", "/a\x7f", "/a\x85",
    "/" + "x" * 3000, "/a\ud800",
])  # fmt: skip
def test_broken_addresses_are_refused(app, path):
    with pytest.raises(BadRequest):
        check_path(path)
    assert get(app, path).status_code == 400


@pytest.mark.parametrize("path", ["/%2e%2e/etc/passwd", "/a%00b", "/%5cevil", "/%0d%0aX:y", "//evil.example/"])
def test_broken_addresses_are_refused_from_outside(client, path):
    response = client.get(f"http://localhost:8000{path}")
    assert response.status_code in (400, 404)
    assert "location" not in response.headers


def test_slash_at_the_end_is_redirected(app):
    response = get(app, "/login-page/", query="a=1&b=x%20y", root="/library")
    assert response.status_code == 308
    assert response.headers["location"] == "/library/login-page?a=1&b=x+y"


def test_methods(client):
    options = client.options("/login")
    assert options.status_code == 204
    assert options.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options("/no/such/page").status_code == 404
    wrong = client.delete("/login")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["allow"]
    assert client.request("BREW", "/login").status_code == 405


def test_head_is_get_without_a_body(client):
    got, headed = client.get("/theme.css"), client.head("/theme.css")
    assert headed.status_code == 200
    assert headed.content == b""
    assert headed.headers["etag"] == got.headers["etag"]
    assert client.head("/nothing").status_code == 404


def test_every_answer_is_guarded(client):
    for path in ("/", "/nothing", "/login", "/theme.css", "/a//b", "/desk"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy, path
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'self'" in policy
        assert "base-uri 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
    assert client.get("/").headers["cache-control"] == "no-store"


def test_frames_and_sources_can_be_opened_by_who_runs_it():
    app = App(read(BLUEPRINT), settings=Settings(embed="https://studio.example"))
    assert "frame-ancestors 'self' https://studio.example" in get(app, "/").headers["content-security-policy"]
    visit = Visit(app)
    visit.allow("img-src", "https://pictures.example")
    assert "https://pictures.example" in app.respond(visit).headers["content-security-policy"]
    for source in ("'unsafe-inline'", "x; script-src *", "a b"):
        with pytest.raises(ValueError, match="source"):
            visit.allow("script-src", source)
    app.close()


def test_static_files_are_kept_for_good(client):
    page = client.get("/").text
    address = next(part for part in page.split('"') if part.startswith("/static/") and "?v=" in part)
    found = client.get(address)
    assert found.status_code == 200
    assert "immutable" in found.headers["cache-control"]
    again = client.get(address, headers={"if-none-match": found.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert "immutable" not in client.get(address.partition("?")[0]).headers["cache-control"]
    assert client.get("/static/../app.py").status_code in (400, 404)
    assert client.get("/static/%2e%2e/%2e%2e/app.py").status_code == 400


def test_bodies_have_limits(client):
    big = "x" * 30_000
    assert client.post("/login", data={"email": big}).status_code == 413
    assert client.post("/login", content=big, headers={"content-type": "application/json"}).status_code == 413
    assert client.post("/login", content=(chunk for chunk in [big.encode()] * 3)).status_code == 413
    assert client.post("/login", data={f"f{number}": "" for number in range(2100)}).status_code == 413
    assert client.post("/login", data={"a": "b"}, files={"f": ("x.txt", b"y" * 6_000)}).status_code == 413
    assert client.post("/login", files=[("f", (f"{n}.txt", b"y")) for n in range(30)]).status_code == 413
    assert client.post("/login", files={"f": ("x.txt", b"y" * 100_000)}).status_code == 413
    page = client.post("/login", data={"email": big})
    assert "too large" in page.text
    assert "Corner Library" in page.text


@pytest.mark.parametrize(("content", "kind"), [
    (b"{", "application/json"),
    (b"\xff\xfe", "application/json"),
    (b"[" * 10_000, "application/json"),
    (b"x", "multipart/form-data"),
    (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
    (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"),
])  # fmt: skip
def test_bodies_that_cannot_be_read(client, content, kind):
    response = client.post("/login", content=content, headers={"content-type": kind})
    assert response.status_code in (400, 403)
    assert "Traceback" not in response.text


def test_form_is_clean_text(app):
    visit = Visit(app, "POST", "/", form={"a": "x\x00y\r\nz\x1b", "b": ["1", "2"]}, json={"k\x00": ["v\ud800"]})
    assert visit.form.get("a") == "xy\nz"
    assert visit.form.all("b") == ["1", "2"]
    assert visit.json == {"k": ["v"]}


def test_upload_arrives_without_its_path(client, app, monkeypatch):
    seen, answer = [], app.respond
    monkeypatch.setattr(app, "respond", lambda visit: seen.append(visit) or answer(visit))
    client.post(
        "/x", data={"title": "Momo"}, files={"photo": ("..\\..\\etc/passwd", b"abc", "image/png"), "none": ("", b"")}
    )
    [visit] = seen
    assert visit.form.get("title") == "Momo"
    assert visit.form.file("photo").name == "passwd"
    assert visit.form.file("none") is None


def broken(visit):
    raise RuntimeError("the secret of the database is xyzzy")


@pytest.fixture
def breaking(monkeypatch):
    """The real table with a few addresses that go wrong."""

    def busy(visit):
        raise TooMany(7)

    def conflict(visit):
        raise Conflict

    def later(visit):
        visit.flash("Remember me")
        raise RuntimeError

    table()  # made before it is set aside
    from espalier.runtime import routes

    faults = [route("GET", f"/{function.__name__}", function) for function in (broken, busy, conflict, later)]
    whole = [
        one
        for module in ("assets", "people", "admin", "pages")
        for one in routes.import_module(f"espalier.runtime.{module}").ROUTES
    ]
    made = Table([*whole, *faults])
    monkeypatch.setattr(routes, "table", lambda: made)


def test_defect_shows_a_number_and_nothing_else(client, breaking, caplog):
    with caplog.at_level(logging.ERROR):
        response = client.get("/broken")
    assert response.status_code == 500
    assert "xyzzy" not in response.text
    assert "Traceback" not in response.text
    number = response.text.partition("Error number ")[2][:8]
    assert number in caplog.text
    assert "xyzzy" in caplog.text
    assert "content-security-policy" in response.headers


def test_defect_in_json_and_in_parts_of_pages(client, breaking):
    said = client.get("/broken", headers={"accept": "application/json"}).json()
    assert said["status"] == 500
    assert "xyzzy" not in str(said)
    part = client.get("/broken", headers={"hx-request": "true"}).text
    assert part.startswith("<div")
    assert "xyzzy" not in part


def test_other_faults_have_their_status(client, breaking):
    busy = client.get("/busy")
    assert busy.status_code == 429
    assert busy.headers["retry-after"] == "7"
    assert client.get("/conflict").status_code == 409


def test_broken_frame_still_answers(client, breaking, app, monkeypatch):
    """When even the page of the error cannot be drawn."""
    monkeypatch.setattr(app, "shell", broken)
    response = client.get("/broken")
    assert response.status_code == 500
    assert "Something went wrong" in response.text
    assert "xyzzy" not in response.text


def test_broken_block_leaves_the_page(app, monkeypatch):
    from espalier.runtime import blocks

    def draw(block, visit, page, this=None):
        if block.kind == "hero":
            raise RuntimeError("xyzzy")
        raise Conflict

    monkeypatch.setattr(blocks, "drawing", lambda kind: draw)
    response = get(app, "/")
    assert response.status_code == 200
    assert "cannot be shown" in response.body.decode()
    assert "xyzzy" not in response.body.decode()
    assert "Somebody else changed this" in get(app, "/login-page").body.decode()


def test_flash_is_seen_once(app):
    asked = Visit(app, "GET", "/account")
    asked.flash("Saved & sound")
    answer = app.respond(asked)
    cookie = answer.headers["set-cookie"].partition("library_flash=")[2].partition(";")[0]
    seen = get(app, "/", cookies={"espalier_library_flash": cookie})
    assert "Saved &amp; sound" in seen.body.decode()
    assert "espalier_library_flash=" in str(seen.headers.getlist("set-cookie"))
    forged = get(app, "/", cookies={"espalier_library_flash": cookie[:-3] + "AAA"})
    assert "Saved" not in forged.body.decode()


def test_addresses_carry_the_mount(app):
    visit = Visit(app, root="/library")
    assert visit.url("/book/7", page=2, none=None) == "/library/book/7?page=2"
    assert visit.url("/a b/ü?") == "/library/a%20b/%C3%BC%3F"
    page = get(app, "/", root="/library").body.decode()
    assert 'href="/library/login-page"' in page
    assert 'href="/login-page"' not in page


def test_mounted_by_asgi(client, app):
    mounted = TestClient(app, base_url="http://localhost:8000", root_path="/library", follow_redirects=False)
    response = mounted.get("/library/")
    assert 'href="/library/login-page"' in response.text
    assert "path=/library" in response.headers["set-cookie"].lower()


def test_routes_by_rank():
    def one(visit): ...

    made = Table(
        [
            route("GET", pattern, one)
            for pattern in ("/{slug}", "/files/{name:path}", "/{entity}/{id:int}", "/{entity}/new")
        ]
    )
    assert made.match("GET", "/book/7").values == {"entity": "book", "id": 7}
    assert made.match("GET", "/book/new").route.pattern == "/{entity}/new"
    assert made.match("HEAD", "/files/a/b").values == {"name": "a/b"}
    for path in ("/book/07", "/book/-1", "/book/9999999999999999999999", "/a/b/c"):
        with pytest.raises(NotFound):
            made.match("GET", path)
    with pytest.raises(WrongMethod) as caught:
        made.match("POST", "/book/7")
    assert caught.value.allowed == ["GET", "HEAD", "OPTIONS"]
    with pytest.raises(ValueError, match="twice"):
        Table([route("GET", "/a", one), route("GET", "/a", one)])


def test_changed_theme_shows_at_once(app):
    page = get(app, "/").body.decode()
    address = next(part for part in page.split('"') if part.startswith("/theme.css"))
    kept = get(app, "/theme.css", query=address.partition("?")[2])
    assert "immutable" in kept.headers["cache-control"]
    other = App(read(BLUEPRINT.replace("primary: teal", "primary: crimson")))
    assert address not in get(other, "/").body.decode()
    other.close()


@pytest.mark.anyio
async def test_slow_body_is_given_up():
    slow = App(read(BLUEPRINT), settings=Settings(request_seconds=0.05))
    sent = []

    async def receive():
        await anyio.sleep(60)

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/login",
        "query_string": b"",
        "headers": [],
        "client": ("192.0.2.1", 1),
    }
    await slow(scope, receive, send)
    assert sent[0]["status"] == 400
    assert b"took too long" in sent[1]["body"]
    slow.close()


@pytest.fixture
def anyio_backend():
    return "asyncio"


def test_slow_answer_is_given_up(app):
    import threading

    release = threading.Event()
    slow = App(read(BLUEPRINT), settings=Settings(answer_seconds=0.05))
    slow.respond = lambda visit: release.wait(5) and get(app, "/")
    response = TestClient(slow).get("/")
    release.set()
    assert response.status_code == 503
    slow.close()


def test_secrets_of_links_stay_out_of_logs():
    assert loggable("/reset/abcdef") == "/reset/..."
    assert loggable("/invite/abc/def") == "/invite/..."
    assert loggable("/book/7") == "/book/7"
    assert "\n" not in loggable("/a\nERROR b\x1b[31m")
    assert "\x1b" not in loggable("/a\x1b[31m")


WORDS = st.text(max_size=30) | st.sampled_from(
    [
        "login",
        "signup",
        "reset",
        "invite",
        "welcome",
        "account",
        "admin",
        "people",
        "outbox",
        "data",
        "book",
        "1",
        "new",
        "..",
        "%2e",
        "static",
        "api",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]),
    parts=st.lists(WORDS, max_size=4),
    query=st.dictionaries(
        st.sampled_from(["q", "page", "sort", "next", "email", "v"]), st.text(max_size=20), max_size=3
    ),
    form=st.dictionaries(
        st.sampled_from(["email", "password", "name", "role", "current", "next"]), st.text(max_size=40)
    ),
    role=st.sampled_from([None, "admin", "librarian"]),
)
def test_nothing_that_is_asked_is_a_defect(app, method, parts, query, form, role):
    visitor = Visitor(1, "Olga", "olga@example.com", role) if role else None
    visit = Visit(app, method, "/" + "/".join(parts), query=query, visitor=visitor)
    visit.form = Form.of({**form, "csrf": visit.csrf})
    response = app.respond(visit)
    assert response.status_code < 500, (method, parts, query, form)
    assert "content-security-policy" in response.headers


def test_import_brings_nothing_heavy():
    import subprocess
    import sys

    heavy = ("argon2", "typer", "PIL", "playwright", "uvicorn", "watchfiles", "babel", "phonenumbers")
    code = f"import sys, espalier.runtime.app; print([name for name in {heavy!r} if name in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
