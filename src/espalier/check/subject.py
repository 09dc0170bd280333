"""The app under the eyes of the checks: its blueprint, the app itself in memory, people of every role, and their visits.

Made once for all checks of one app, so that what is costly (starting it, drawing a page) is done once. Every check finds the
data as it was seeded: `untouched` puts it back. What is checked is not decided here.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from espalier.blueprint.printer import print_blueprint
from espalier.config import Settings
from espalier.runtime.access import ANYONE, Visitor
from espalier.runtime.app import App
from espalier.runtime.pages import address
from espalier.runtime.visit import Visit

from . import people
from .structure import Structure
from .world import World

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint, Page

    from .requirements import Rubric

Thing = TypeVar("Thing")
NOW = datetime(2026, 11, 18, 12, 0)  # a Wednesday: checks give the same report on every day
CLIENT = "127.0.0.1"


class OutOfTime(Exception):
    """The time for this app is over."""


@dataclass(frozen=True)
class Answer:
    """What came back of a visit. text is the whole body; tree is its HTML, parsed when asked for."""

    status: int
    text: str
    headers: Mapping[str, str]
    url: str

    @property
    def location(self) -> str:
        """Where it leads, for a redirect; else empty."""
        return self.headers.get("location", "")

    @property
    def to_login(self) -> bool:
        """Is a stranger sent to log in?"""
        return self.status == 303 and "/login" in self.location

    @property
    def refused(self) -> bool:
        """The right answers to somebody who may not: log in first, not allowed, or not there at all."""
        return self.to_login or self.status in (401, 403, 404)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.text)

    @cached_property
    def main(self) -> Any:
        """The node of the page's own part, without navigation; the whole body when it has none."""
        return self.tree.css_first("main") or self.tree.body


class Subject:
    """One app and all that checks need of it.

    thorough: look at everything; otherwise a check may look at a part of what is alike, chosen by `some`. salt: changes
    which part, so that nobody can learn it. seconds: after so long every visit raises OutOfTime.
    """

    def __init__(
        self,
        blueprint: Blueprint,
        *,
        text: str = "",
        prompt: str = "",
        rubric: Rubric | None = None,
        thorough: bool = False,
        salt: str = "",
        seconds: float = 30,
        now: datetime = NOW,
    ) -> None:
        self.blueprint = blueprint
        self.text = text or print_blueprint(blueprint)
        self.prompt = prompt
        self.rubric = rubric
        self.thorough = thorough
        self.now = now
        self.deadline = time.monotonic() + seconds
        self.notes: dict[str, Any] = {}
        self.doing = "reading"  # words for what is being done, should it be the end
        self.visits = 0  # how many, and the seconds that they took
        self.visiting = 0.0
        self._mark = int.from_bytes(hashlib.sha256(f"{salt}\n{self.text}".encode()).digest()[:8], "big")
        self._seen: dict[tuple[str, int | None], Answer] = {}
        self._addresses: dict[str, str] = {}
        self._changed = False

    # --- the app ------------------------------------------------------------------------------------------------------

    @cached_property
    def app(self) -> App:
        """The app, seeded, in memory, with its people."""
        app = App(self.blueprint, settings=Settings(), clock=lambda: self.now, base_url="http://localhost")
        self._driver_of(app).set_progress_handler(self._tired, 100_000)
        return app

    @cached_property
    def cast(self) -> people.Cast:
        """People of every role; see people.py. Asking for it starts the app."""
        cast = people.cast(self.app)
        self._seeded = sqlite3.connect(":memory:")
        self._driver.backup(self._seeded)
        self._changed = False
        return cast

    @cached_property
    def world(self) -> World:
        """The data as seeded, and what everybody may do and see of it, worked out apart from the runtime; see world.py."""
        self.cast  # noqa: B018
        self.restore()
        return self.world_now()

    def world_now(self) -> World:
        """The same of the data as it stands."""
        return World.read(self.blueprint, self.app.database.tables, self._driver, self.now)

    @property
    def writes(self) -> int:
        """How many rows were written since the app started, those that were taken back among them."""
        return self._driver.total_changes

    @cached_property
    def chance(self) -> Random:
        """Chance that is the same for the same app."""
        return Random(self._mark)  # noqa: S311 - for choosing, not for secrets

    def some(self, things: Iterable[Thing], most: int) -> list[Thing]:
        """All of them when thorough; else at most so many, in their order, another part for another app."""
        found = list(things)
        if self.thorough or len(found) <= most:
            return found
        at = sorted(Random(self._mark ^ len(found)).sample(range(len(found)), most))  # noqa: S311
        return [found[one] for one in at]

    def close(self) -> None:
        if "cast" in self.__dict__:
            self._seeded.close()
        if "app" in self.__dict__:
            self.app.close()

    def in_time(self) -> None:
        """For what takes long without a visit. Raises OutOfTime when the time for this app is over."""
        if time.monotonic() > self.deadline:
            raise OutOfTime

    # --- visits -------------------------------------------------------------------------------------------------------

    def visit(
        self,
        who: Visitor,
        method: str,
        url: str,
        *,
        form: Any = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """What the app answers this person; with the token that a page of the app would have sent. Raises OutOfTime."""
        self.in_time()
        path, _, query = url.partition("#")[0].partition("?")
        path = unquote(path)  # as a web server does before the app sees it
        if method not in ("GET", "HEAD"):
            self.cast  # noqa: B018  what was seeded must be known before anything changes
            self._changed = True
            headers = {"x-csrf-token": self._token(who), **(headers or {})}
        visit = Visit(
            self.app, method, path, query=query, form=form, json=json, headers=headers, visitor=who, client=CLIENT
        )
        start = time.perf_counter()
        response = self.app.respond(visit)
        self.visiting += time.perf_counter() - start
        self.visits += 1
        self.in_time()
        body = bytes(response.body) if hasattr(response, "body") else b""
        return Answer(response.status_code, body.decode("utf-8", "replace"), dict(response.headers), url)

    def get(self, who: Visitor, url: str, **headers: str) -> Answer:
        """A page, with the data as it stands."""
        return self.visit(who, "GET", url, headers=headers or None)

    def page(self, page: Page, who: Visitor = ANYONE) -> Answer:
        """A page of the blueprint (not an `Each` one) with the data as seeded; drawn once for each person."""
        return self.seeded(self.url(page), who)

    def seeded(self, url: str, who: Visitor = ANYONE) -> Answer:
        """Any address, with the data as seeded; asked once for each person."""
        key = (url, who.id)
        if key not in self._seen:
            self.restore()
            self._seen[key] = self.get(who, url)
        return self._seen[key]

    def url(self, page: Page) -> str:
        """Where a page is; not for `Each` pages."""
        if page.key not in self._addresses:
            self._addresses[page.key] = address(Visit(self.app), page)
        return self._addresses[page.key]

    def record_url(self, entity: str, id: int, rest: str = "") -> str:
        """`/booking/3` and what is below it."""
        return f"/{self.app.entity_slugs[entity]}/{id}{rest}"

    def _token(self, who: Visitor) -> str:
        return Visit(self.app, visitor=who).csrf

    # --- the data -----------------------------------------------------------------------------------------------------

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """What is changed inside is put back."""
        try:
            yield
        finally:
            self.restore()

    def touch(self) -> None:
        """Say that data is about to change other than by a visit (through Records, or a tick)."""
        self.cast  # noqa: B018
        self._changed = True

    def restore(self) -> None:
        """Put the data back as it was seeded; costs 0.1 ms."""
        if self._changed:
            # Not by `deserialize`: statements with json_each that were made before crash the process after a second one.
            self._seeded.backup(self._driver)
            # What was made for searching since is gone too.
            self.app.database._searchable.clear()
            self._changed = False

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """All rows of one of the database's tables, as stored, past every rule."""
        with self.app.database.read() as connection:
            return [dict(row) for row in connection.execute(table.select()).mappings()]

    @property
    def _driver(self) -> sqlite3.Connection:
        return self._driver_of(self.app)

    @staticmethod
    def _driver_of(app: App) -> sqlite3.Connection:
        with app.database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            return driver

    def _tired(self) -> int:
        """SQLite asks now and then; anything but 0 ends the statement at work."""
        return int(time.monotonic() > self.deadline)

    # --- what stands in the blueprint ---------------------------------------------------------------------------------

    @cached_property
    def structure(self) -> Structure:
        """Who there is, what they may do, what they meet: worked out from the document alone, without starting the app."""
        return Structure(self.blueprint)

    @property
    def pages(self) -> Sequence[Page]:
        """The pages with an address of their own: all but `Each` ones."""
        return [page for page in self.blueprint.page_list if not page.each]
