"""The origin of the apps: published ones under their names, previews under signed addresses. No page of the studio is served here.

    /NAME/...      a published app, with its data in DATA/apps/ID
    /~TOKEN/...    a preview (previews.py)

With `apps_url` set to `https://*.apps.example.com` each published app has a host name of its own, previews share `preview.`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
from sqlalchemy import select
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read
from espalier.runtime.app import App, Receive, Scope, Send, plain_page
from espalier.runtime.storage.errors import StorageError

from . import store as tables
from . import versions
from .errors import StudioError
from .previews import SCRIPT, Previews, Wanted, visitor

if TYPE_CHECKING:
    from .studio import Studio

log = logging.getLogger(__name__)

PREVIEW = "preview"  # the host name of previews, where apps have host names
RESERVED = frozenset({PREVIEW, "static", "healthz", "www", "api", "robots", "favicon", "studio", "admin", "mail"})
MOST_RUNNING = 100
HOURS = 3_600
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
# The host by which the visitor of this moment reached the studio, for addresses where no setting says one.
reached: ContextVar[str] = ContextVar("reached", default="")


class Hosting:
    """Serves the apps of a studio; an ASGI application."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.settings = studio.settings.model_copy(update={"secret_key": type(studio.settings.secret_key)("")})
        self.previews = Previews(studio, self.settings.model_copy(update={"base_url": self.base()}))
        self._running: dict[str, tuple[int, App]] = {}  # by app: the version that runs
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._used: Counter[tuple[str, str, str]] = Counter()
        self._script = (Path(__file__).parent / "preview.js").read_bytes()

    # Addresses.

    @property
    def by_host(self) -> bool:
        """Has each app a host name of its own?"""
        return "*" in self.studio.settings.apps_url

    def base(self) -> str:
        """Scheme and host of the origin of the apps, without a slash at the end."""
        if url := self.studio.settings.apps_url:
            return url.replace("*", PREVIEW)
        studio = urlsplit(self.studio.address)
        host = studio.hostname or "localhost"
        return f"{studio.scheme}://{f'[{host}]' if ':' in host else host}:{self.studio.apps_port}"

    def address(self, site: str) -> str:
        """Where a published app is."""
        if self.by_host:
            return self.studio.settings.apps_url.replace("*", site) + "/"
        return f"{self.base()}/{site}/"

    def preview(self, *, days: float = 1, **said: Any) -> str:
        """The address of a preview; see Wanted. It counts so many days."""
        # To the hour, so that the address of a frame stays the same while somebody works.
        until = int((time.time() + days * 24 * HOURS) // HOURS + 1) * HOURS
        token = self.studio.signing.sign("preview", Wanted(**said, until=until).as_list())
        return f"{self.base()}/~{token}/"

    # Published apps.

    def app(self, id: str) -> App | None:
        """The running app of a published one, started when it is not; None when it is not published. Raises StorageError."""
        row = self._row(tables.app.c.id == id)
        return self._started(row) if row is not None else None

    def stop(self, id: str) -> None:
        """Let go of an app, when the answers on their way no longer need it."""
        with self._lock:
            old = self._running.pop(id, None)
        if old:
            self._retire(old[1])

    forget = stop

    def lock(self, id: str) -> threading.Lock:
        """Whoever holds it is the only one who starts, or moves the data of, an app."""
        with self._lock:
            return self._locks.setdefault(id, threading.Lock())

    def tick(self) -> None:
        """The work between visits: every published app's own, and the tally of their use."""
        for row in self._rows():
            try:
                app = self._started(row)
                app.tick()
            except Exception:
                log.exception("the work between visits of the app %s failed", row.id)
        self._write_used()

    def close(self) -> None:
        """Let go of everything."""
        self._write_used()
        with self._lock:
            running, self._running = self._running, {}
        for _, app in running.values():
            app.close()
        self.previews.close()

    # Answering.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1000})
            return
        path: str = scope["path"]
        host = dict(scope.get("headers", [])).get(b"host", b"").decode("latin-1")
        self.studio.reach(host.rpartition(":")[0] or host)
        first, slash, _ = path[1:].partition("/")
        if path == SCRIPT:
            response = Response(self._script, media_type="text/javascript")
        elif path == "/healthz":
            response = PlainTextResponse("ok")
        elif first.startswith("~"):
            if not slash:
                response = RedirectResponse(f"{path}/{_query(scope)}", 308)
            else:
                response = await anyio.to_thread.run_sync(self._preview, first[1:])
        else:
            site = host.partition(".")[0] if self.by_host else first
            if not self.by_host and site and not slash:
                response = RedirectResponse(f"{path}/{_query(scope)}", 308)
            else:
                response = await anyio.to_thread.run_sync(self._published, site)
        if isinstance(response, _Answer):
            root = f"/{first}" if first.startswith("~") or not self.by_host else ""
            more = {"espalier.visitor": response.visitor} if response.visitor else {}
            await response.app({**scope, "root_path": root, **more}, receive, self._counting(response, send))
            return
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    def _published(self, site: str) -> Response:
        row = self._row(tables.app.c.site == site) if site else None
        if row is None:
            return plain_page(404, "Nothing here", "There is no app at this address, or it is not published.")
        try:
            return _Answer(self._started(row), row.id)
        except (StorageError, BlueprintError, StudioError):
            log.exception("the app %s could not be started", row.id)
            return plain_page(503, "Not ready yet", "This app could not be started. Whoever made it can see why.")

    def _preview(self, token: str) -> Response:
        wanted = Wanted.of(self.studio.signing.unsign("preview", token))
        if wanted is None:
            return plain_page(404, "Nothing here", "This preview has ended. Open it from the studio again.")
        try:
            text = self._text(wanted)
            if not text:
                return plain_page(200, "Being written", "The first part of the app appears here in a moment.")
            real = self.studio.folder(wanted.app) if wanted.data == "real" else None
            if real is not None and not (real / "data.db").exists():
                real = None
            opened = self.previews.app(text, wanted.by, real)
            return _Answer(opened.app, "", visitor(opened, wanted.role))
        except StudioError as error:
            return plain_page(error.status, "Nothing here", f"{error.words} {error.todo}")
        except BlueprintError as error:
            return plain_page(409, "Not readable", f"This version has a fault: {error.problems[0]}")
        except StorageError as error:
            return plain_page(409, "The data does not fit", str(error))

    def _text(self, wanted: Wanted) -> str:
        if wanted.build:
            return self.studio.builds.partial(wanted.build, wanted.candidate)[1]
        row = self._row(tables.app.c.id == wanted.app, published=False)
        return str(versions.get(self.studio, row, wanted.version or None).text) if row is not None else ""

    def _rows(self) -> list[Any]:
        app = tables.app
        there = select(app).where(app.c.site.is_not(None), app.c.deleted.is_(None)).order_by(app.c.changed.desc())
        with self.studio.store.read() as connection:
            return list(connection.execute(there.limit(MOST_RUNNING)).all())

    def _row(self, condition: Any, *, published: bool = True) -> Any:
        app = tables.app
        wanted = select(app).where(condition, app.c.deleted.is_(None))
        if published:
            wanted = wanted.where(app.c.site.is_not(None))
        with self.studio.store.read() as connection:
            return connection.execute(wanted).first()

    def _started(self, row: Any) -> App:
        """The app in the version that is published."""
        found = self._running.get(row.id)
        if found and found[0] == row.live and not found[1].stale:
            return found[1]
        with self.lock(row.id):
            # Whoever publishes holds the lock too: the row may say another version now.
            row = self._row(tables.app.c.id == row.id) or row
            found = self._running.get(row.id)
            if found and found[0] == row.live and not found[1].stale:
                return found[1]
            blueprint = read(versions.get(self.studio, row, row.live).text)
            address = self.address(row.site)
            root = "" if self.by_host else f"/{row.site}"
            base = address.rstrip("/").removesuffix(root)
            app = App(blueprint, self.studio.folder(row.id), row.id, self.settings, base_url=base, root=root)
            with self._lock:
                self._running[row.id] = (row.live, app)
                extra = len(self._running) - MOST_RUNNING
                old = [self._running.pop(id)[1] for id in list(self._running)[: max(extra, 0)] if id != row.id]
            for one in [*old, *([found[1]] if found else [])]:
                self._retire(one)
            return app

    def _retire(self, app: App) -> None:
        timer = threading.Timer(self.settings.answer_seconds, app.close)
        timer.daemon = True
        timer.start()

    # Use.

    def _counting(self, answer: _Answer, send: Send) -> Send:
        """Counts the pages that a published app shows and the faults it has."""
        if not answer.id:
            return send
        day = f"{datetime.now(UTC):%Y-%m-%d}"

        async def counted(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = dict(message.get("headers", ()))
                if message["status"] >= 500:
                    self._used[answer.id, day, "faults"] += 1
                elif message["status"] == 200 and headers.get(b"content-type", b"").startswith(b"text/html"):
                    self._used[answer.id, day, "visits"] += 1
            await send(message)

        return counted

    def _write_used(self) -> None:
        from .publishing import count

        used, self._used = self._used, Counter()
        by_day: dict[tuple[str, str], dict[str, int]] = {}
        for (id, day, what), number in used.items():
            by_day.setdefault((id, day), {})[what] = number
        for (id, day), numbers in by_day.items():
            try:
                count(self.studio, id, day, numbers)
            except StudioError:
                self._used.update({(id, day, what): number for what, number in numbers.items()})


class _Answer(Response):
    """Not an answer but who gives it: an app, with the person who visits it."""

    def __init__(self, app: App, id: str, visitor: Any = None) -> None:
        super().__init__()
        self.app, self.id, self.visitor = app, id, visitor


def _query(scope: Mapping[str, Any]) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"?{query}" if query else ""


__all__ = ["RESERVED", "Hosting", "reached"]
