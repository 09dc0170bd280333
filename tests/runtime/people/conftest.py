"""What the tests of the app and its people stand on: a small app with a clock that is set by hand, and a browser in process."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import event, select

from espalier.blueprint.reader import read
from espalier.config import Settings
from espalier.runtime.app import App
from espalier.runtime.people import accounts, passwords, welcome
from espalier.runtime.storage.system import outbox
from espalier.runtime.visit import Visit

PASSWORD = "a long walk home"
BLUEPRINT = """
app: Corner Library
about: Books lent among neighbours
roles: [reader, librarian]
data:
  Book:
    title: text!
    lender: User! owner
  User:
    street: text
access:
  Book: {read: anyone, write: own or librarian}
pages:
  Home:
    - hero: Borrow from next door
  Shelf (user):
    - text: Only for neighbours
  Desk (librarian):
    - text: Only for librarians
seed:
  User:
    - Mira Seeded | mira@example.com | reader
"""


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


class Browser:
    """Visits an app as a browser does: keeps cookies, sends forms with what the page put in them."""

    def __init__(self, app: App, client: str = "192.0.2.1") -> None:
        self.app = app
        self.client = client
        self.cookies: dict[str, str] = {}
        self.page = None

    def visit(self, method: str, address: str, *, form=None, headers=None, secure: bool = False, json=None):
        parts = urlsplit(address)
        visit = Visit(
            self.app,
            method,
            parts.path,
            query=parts.query,
            form=form,
            json=json,
            headers={"host": "localhost:8000", **(headers or {})},
            cookies=self.cookies,
            client=self.client,
            secure=secure,
        )
        response = self.app.respond(visit)
        for name, value in response.headers.items():
            if name == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    if morsel["max-age"] == "0":
                        self.cookies.pop(key, None)
                    else:
                        self.cookies[key] = morsel.value
        self.page = response
        return response

    def get(self, address: str, **more):
        return self.visit("GET", address, **more)

    def post(self, address: str, form=None, **more):
        """Post with the token of this browser's session, as any page of ours would."""
        return self.visit("POST", address, form={"csrf": self.csrf(), **(form or {})}, **more)

    def csrf(self) -> str:
        return forms_of(self.get("/login" if not self.signed_in else "/account"))[-1]["fields"]["csrf"]

    @property
    def signed_in(self) -> bool:
        return self.get("/account").status_code == 200

    def follow(self):
        """Go where the last answer leads."""
        return self.get(self.page.headers["location"])

    def login(self, email: str, password: str = PASSWORD, **more):
        return self.post("/login", {"email": email, "password": password, **more})


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.forms.append({"action": said.get("action", ""), "method": said.get("method", "get"), "fields": {}})
        elif self.forms and tag in ("input", "select", "textarea") and said.get("name"):
            self.forms[-1]["fields"][said["name"]] = said.get("value") or ""


def forms_of(response) -> list[dict]:
    """The forms on a page that carry a token."""
    parser = _Forms()
    parser.feed(response.body.decode())
    return [form for form in parser.forms if "csrf" in form["fields"]]


def words_of(response) -> str:
    """The page as text, without the token and the email that stands in its form or its words."""
    text = re.sub(r"[0-9a-f]{64}", "", response.body.decode())
    return re.sub(r'(type="email"[^>]*? value=")[^"]*', r"\1", re.sub(r"[\w.]+@[\w.]+", "", text))


def mails(app: App) -> list:
    with app.database.read() as connection:
        return connection.execute(select(outbox).order_by(outbox.c.id)).all()


def link_in(mail) -> str:
    """The path of the link in an email."""
    return urlsplit(re.search(r"https?://\S+", mail.body)[0]).path


def query_of(response) -> dict[str, list[str]]:
    return parse_qs(urlsplit(response.headers["location"]).query)


def make_app(clock: Clock, text: str = BLUEPRINT, where=None, **settings) -> App:
    return App(read(text), where, "library", Settings(**settings), clock=clock)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Argon2 with the least work that it takes: the tests make many."""
    from argon2 import PasswordHasher

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hasher", lambda: quick)
        passwords._nobody.cache_clear()
        yield
    passwords._nobody.cache_clear()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock):
    made = make_app(clock)
    yield made
    made.close()


@pytest.fixture
def mailing(clock: Clock):
    """The same app with a mail server in its settings."""
    made = make_app(clock, smtp_host="mail.invalid")
    yield made
    made.close()


@pytest.fixture
def browser(app: App) -> Browser:
    return Browser(app)


def watch_statements(app: App) -> list[str]:
    """The statements that the app's database is given from now on."""
    seen: list[str] = []
    event.listen(
        app.database.engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: seen.append(statement),
    )
    return seen


@pytest.fixture
def statements(app: App) -> list[str]:
    return watch_statements(app)


def add(app: App, email: str, role: str = "reader", name: str = "Ana Bell", more=None) -> int:
    """An account."""
    with app.database.write() as connection:
        return accounts.create(
            app, connection, name=name, email=email, role=role, password=passwords.make(PASSWORD), more=more
        )


def path_of(link: str | None) -> str:
    assert link is not None
    return urlsplit(link).path


@pytest.fixture
def admin(app: App) -> Browser:
    """The admin's browser, signed in."""
    made = Browser(app)
    made.post(
        path_of(welcome.setup_link(app)), {"name": "Olga Owner", "email": "olga@example.com", "password": PASSWORD}
    )
    assert made.signed_in
    return made
