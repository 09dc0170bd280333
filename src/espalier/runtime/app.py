"""A blueprint as a running app: one object that owns the state, a synchronous `respond`, and a thin ASGI shell around it.

`respond` is the whole app: checks and tests call it directly. Here are the limits on what comes in, the order in which a
visit is judged (address, origin, token, route), the one place where errors become pages, and the headers that every
answer carries. What is shown is left to the modules in routes.py.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from espalier.config import Settings

from . import signing
from .errors import (
    AppError,
    BadRequest,
    Busy,
    Expired,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    WrongMethod,
)
from .visit import Form, Upload, Visit

if TYPE_CHECKING:
    from espalier.blueprint.schema import Blueprint

    from .look.shell import Shell, Theme
    from .storage import Database

log = logging.getLogger(__name__)

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
MOST_FIELDS = 2_000
MOST_FILES = 20
LONGEST_PATH = 2_000
WITH_SECRETS = frozenset({"login", "signup", "reset", "invite", "welcome"})
DATA_FILE = "data.db"
BETWEEN_CLEANINGS = timedelta(hours=1)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def utc_now() -> datetime:
    """Now in UTC, without a zone: as the database keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


class App:
    """One running app.

    where: the folder of this app (its database, uploads and secret key); None keeps everything in memory.
    name: one word for logs, cookies and the address among several apps.
    base_url: scheme and host as people reach it, for emails; from the settings when not given.
    root: the prefix under which it is served, for emails too; "" for the whole address.
    back: may the data go back to an earlier blueprint? See Database.open.
    seed: make the records of the blueprint's seed when the data is new.
    clock: now in UTC without a zone; tests pass their own.
    """

    marks_blocks = False  # do blocks say in the page which they are (`data-block="PAGE:INDEX"`)? In previews only

    def __init__(
        self,
        blueprint: Blueprint,
        where: Path | None = None,
        name: str = "app",
        settings: Settings | None = None,
        *,
        base_url: str = "",
        root: str = "",
        back: bool = True,
        seed: bool = True,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        from .storage import Database

        self.blueprint = blueprint
        self.where = where
        self.name = name
        self.settings = settings or Settings()
        self.base_url = base_url or self.settings.base_url or f"http://localhost:{self.settings.port}"
        self.root = root
        self.clock = clock
        self._next_cleaning = clock()
        self.stale = False  # has another process moved the data to another blueprint?
        self.problems: list[str] = []  # of a newer blueprint that could not be used; the admin sees them
        if where is not None:
            where.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.database: Database = Database.open(where / DATA_FILE if where else None, blueprint, back=back)
        self.signing = signing.Signing(signing.key_of(where, self.settings.secret_key.get_secret_value()))
        if seed:
            from .seed import seed as sow

            sow(self)

    def __repr__(self) -> str:
        return f"App({self.name!r})"

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def now(self) -> datetime:
        """Now in UTC, without a zone."""
        return self.clock()

    def link(self, path: str) -> str:
        """The address of a path of this app with scheme and host, where there is no visit to ask."""
        return f"{self.base_url}{self.root}{path}"

    def tick(self) -> None:
        """The work between visits; a server calls this every few seconds."""
        from . import automations, files, outbox

        automations.tick(self)
        outbox.deliver(self)
        if self.now() >= self._next_cleaning:
            self._next_cleaning = self.now() + BETWEEN_CLEANINGS
            files.clean(self)

    def cookie(self, purpose: str) -> str:
        """The name of one of this app's cookies; apps on one host keep theirs apart."""
        return f"espalier_{re.sub(r'[^a-z0-9]', '_', self.name.lower())}_{purpose}"

    @cached_property
    def theme(self) -> Theme:
        from .look.shell import Theme

        said = self.blueprint.theme
        given = said.model_fields_set
        return Theme.of(
            said.primary if "primary" in given else None,
            said.background if "background" in given else None,
            said.accent,
            said.style,
            said.mode,
            said.layout,
        )

    @cached_property
    def theme_mark(self) -> str:
        """Changes when the theme's stylesheet does."""
        from .look.shell import stylesheet

        return hashlib.sha256(stylesheet(self.theme).encode()).hexdigest()[:10]

    @cached_property
    def entity_slugs(self) -> dict[str, str]:
        """Each entity's word in addresses, none of them the platform's own."""
        from espalier.blueprint.names import SLUGS_OF_THE_PLATFORM, slug

        taken = {*SLUGS_OF_THE_PLATFORM, "welcome"}
        slugs: dict[str, str] = {}
        for entity in self.blueprint.entities:
            word = slug(entity)
            while word in taken:
                word += "-record"
            taken.add(word)
            slugs[entity] = word
        return slugs

    @cached_property
    def _entities_by_slug(self) -> dict[str, str]:
        return {slug: entity for entity, slug in self.entity_slugs.items()}

    def entity(self, slug: str) -> str:
        """The entity of a word in an address. Raises NotFound."""
        if slug not in self._entities_by_slug:
            raise NotFound
        return self._entities_by_slug[slug]

    def shell(self, visit: Visit) -> Shell:
        """What the page around the blocks shows this visitor."""
        from .shell import shell_for

        return shell_for(visit)

    def respond(self, visit: Visit) -> Response:
        """The answer to a visit. Never raises: what goes wrong becomes an answer too."""
        try:
            response = self._answer(visit)
        except Exception as error:
            response = self._sorry(visit, error)
        visit.keep_flashes()
        _finish(visit, response)
        return response

    def _answer(self, visit: Visit) -> Response:
        from .routes import table

        check_path(visit.path)
        if visit.method not in METHODS:
            raise WrongMethod(sorted(METHODS))
        if len(visit.path) > 1 and visit.path.endswith("/"):
            return RedirectResponse(visit.url(visit.path.rstrip("/")) + _query(visit), 308)
        if visit.method == "OPTIONS":
            allowed = table().methods(visit.path)
            if not allowed:
                raise NotFound
            return Response(status_code=204, headers={"Allow": ", ".join(allowed)})
        match = table().match(visit.method, visit.path)
        if visit.method not in SAFE and not match.route.open:
            self._check_sender(visit)
        return match.route.function(visit, **match.values)

    def _check_sender(self, visit: Visit) -> None:
        """Was this sent from a page of ours? Raises Expired."""
        if visit.headers.get("authorization", "").lower().startswith("bearer ") and not visit.session.by_cookie:
            return  # no browser adds such a header by itself
        if visit.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Expired
        origin = visit.headers.get("origin")
        if origin is not None:
            hosts = {visit.headers.get("host", "").lower(), urlsplit(self.base_url).netloc.lower()} - {""}
            if urlsplit(origin).netloc.lower() not in hosts:
                raise Expired
        given = visit.headers.get("x-csrf") or visit.headers.get("x-csrf-token") or visit.form.get("csrf")
        if not secrets.compare_digest(given.encode(), visit.csrf.encode()):
            raise Expired

    def _sorry(self, visit: Visit, error: Exception) -> Response:
        """An error as an answer: JSON for programs, a fragment for htmx, a page for people."""
        number = ""
        if not isinstance(error, AppError):
            from .storage import errors as of_storage

            if isinstance(error, of_storage.Changed):
                self.stale = True
                error = Busy("The app was changed just now. Reload the page.")
            elif isinstance(error, of_storage.Busy | of_storage.NoSpace):
                log.warning("%s: %s", self.name, error)
                error = Busy()
            else:
                number = secrets.token_hex(4)
                log.error(
                    "error %s: %s %s in %s", number, visit.method, loggable(visit.path), self.name, exc_info=error
                )
        try:
            response = self._page_of(visit, error, number)
        except Exception:
            log.exception("the page of error %s failed too, in %s", number or error, self.name)
            response = plain_page(_status(error), *_words(error), number)
        if isinstance(error, WrongMethod):
            response.headers["Allow"] = ", ".join(error.allowed)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.seconds)
        return response

    def _page_of(self, visit: Visit, error: Exception, number: str) -> Response:
        from .render import render

        title, words = _words(error)
        status = _status(error)
        errors = error.errors if isinstance(error, Invalid) else {}
        if visit.wants_json:
            said: dict[str, Any] = {"error": words, "status": status}
            return JSONResponse(
                said | ({"errors": errors} if errors else {}) | ({"number": number} if number else {}), status
            )
        if isinstance(error, Forbidden) and visit.visitor.id is None and not visit.wants_json:
            back = visit.here if visit.method in ("GET", "HEAD") else None
            login = visit.url("/login", next=back)
            if visit.is_htmx:
                return Response(status_code=204, headers={"HX-Redirect": login})
            return RedirectResponse(login, 303)
        if visit.is_htmx:
            return HTMLResponse(
                f'<div class="notice" data-tone="danger" role="alert">{html.escape(words)}</div>', status
            )
        visit.shell = None  # what was being drawn when it failed may be half filled
        shown = {"title": title, "words": words, "errors": errors, "number": number}
        return render(visit, "error.html", status=status, **shown)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI shell: reads the request within its limits and answers in a thread."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        import anyio

        visit, fault = await self._read(scope, receive)
        response: Response | None = None
        if fault is not None:
            response = self._sorry(visit, fault)
            _finish(visit, response)
        else:
            with anyio.move_on_after(self.settings.answer_seconds):
                response = await anyio.to_thread.run_sync(self.respond, visit, abandon_on_cancel=True)
            if response is None:
                log.error(
                    "%s %s in %s took longer than %s s",
                    visit.method,
                    loggable(visit.path),
                    self.name,
                    self.settings.answer_seconds,
                )
                response = plain_page(503, Busy.title, Busy.says)
                _finish(visit, response)
        try:
            await response(scope, receive, send)
        finally:
            for name in visit.form:
                for upload in visit.form.files(name):
                    upload.file.close()

    async def _read(self, scope: Scope, receive: Receive) -> tuple[Visit, AppError | None]:
        headers = Headers(scope=scope)
        root = scope.get("root_path", "")
        path = scope["path"]
        path = path[len(root) :] if root and path.startswith(root) else path
        client = scope.get("client")
        visit = Visit(
            self,
            scope["method"],
            path or "/",
            root=root,
            query=scope.get("query_string", b"").decode("latin-1"),
            headers=headers,
            cookies=_cookies(headers.get("cookie", "")),
            client=client[0] if client else "",
            secure=scope.get("scheme") == "https",
            visitor=scope.get("espalier.visitor"),  # code of this process may say who it is: a preview as a role
        )
        if visit.method in SAFE:
            return visit, None
        try:
            async with asyncio.timeout(self.settings.request_seconds):
                await read_body(visit, headers, receive, self.settings)
        except AppError as error:
            return visit, error
        except TimeoutError:
            return visit, BadRequest("Sending took too long. Check your connection and try again.")
        return visit, None


async def read_body(visit: Visit, headers: Headers, receive: Receive, settings: Settings) -> None:
    """Put the body of a request into the visit: form, json or body. Raises TooLarge and BadRequest."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    files = kind == "multipart/form-data"
    most = settings.body_limit + (settings.upload_limit * 5 if files else 0)
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise TooLarge

    async def chunks() -> Any:
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise BadRequest
            size += len(message.get("body", b""))
            if size > most:
                raise TooLarge
            if chunk := message.get("body", b""):
                yield chunk
            if not message.get("more_body"):
                return

    if files:
        visit.form = await _multipart(headers, chunks(), settings)
        return
    body = b"".join([chunk async for chunk in chunks()])
    if kind == "application/x-www-form-urlencoded":
        try:
            pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            raise TooLarge("The form has too many fields.") from None
        visit.form = Form(pairs)
    elif kind == "application/json" or kind.endswith("+json"):
        from .visit import clean_json

        try:
            visit.json = clean_json(json.loads(body))
        except (ValueError, RecursionError):
            raise BadRequest("The body is not JSON that can be read.") from None
    else:
        visit.body = body


async def _multipart(headers: Headers, stream: Any, settings: Settings) -> Form:
    from starlette.datastructures import UploadFile
    from starlette.formparsers import MultiPartException, MultiPartParser

    parser = MultiPartParser(
        headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=settings.body_limit
    )
    try:
        parsed = await parser.parse()
    except MultiPartException as error:
        if "exceeded" in error.message or "Too many" in error.message:
            raise TooLarge from None
        raise BadRequest("The form cannot be read. Reload the page and try again.") from None
    texts: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    for name, value in parsed.multi_items():
        if not isinstance(value, UploadFile):
            texts.append((name, value))
        elif not value.filename and not value.size:
            value.file.close()  # no file was chosen
        else:
            media_type = value.content_type or "application/octet-stream"
            uploads.append((name, Upload(_file_name(value.filename or ""), media_type, value.file, value.size or 0)))
    if any(upload.size > settings.upload_limit for _, upload in uploads):
        for _, upload in uploads:
            upload.file.close()
        raise TooLarge(f"That file is too large. A file may have up to {settings.upload_limit / 1_000_000:g} MB.")
    return Form(texts, uploads)


def _file_name(given: str) -> str:
    from .visit import clean

    return clean(re.split(r"[/\\]", given)[-1]).replace("\n", " ").strip()[:200] or "file"


def check_path(path: str) -> None:
    """Raise BadRequest for an address that no page of ours has: control characters, traversal, empty segments."""
    if not path.startswith("/") or len(path) > LONGEST_PATH or "\\" in path or "//" in path:
        raise BadRequest("This address cannot be read.")
    if any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 or 0xD800 <= ord(letter) < 0xE000 for letter in path):
        raise BadRequest("This address cannot be read.")
    if any(segment in (".", "..") for segment in path.split("/")):
        raise BadRequest("This address cannot be read.")


def loggable(path: str) -> str:
    """A path as it may stand in a log: without the secret of a personal link, on one line."""
    first, _, rest = path[1:].partition("/")
    shown = f"/{first}/..." if rest and first in WITH_SECRETS else path
    return ascii(shown)[1:-1][:300]


def safe_next(visit: Visit, given: str) -> str:
    """Where to go after a log-in: the given address when it is a path of this app, else its first page."""
    home = visit.url("/")
    if (
        not given.startswith("/")
        or given.startswith("//")
        or "\\" in given
        or any(ord(letter) < 33 for letter in given)
    ):
        return home
    if urlsplit(given).netloc or (visit.root and not f"{given}/".startswith(f"{visit.root}/")):
        return home
    return given[:LONGEST_PATH]


POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "font-src": {"'self'"},
    "media-src": {"'self'", "blob:"},
    "connect-src": {"'self'"},
    "frame-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'self'"},
    "base-uri": {"'none'"},
}


def _finish(visit: Visit, response: Response) -> None:
    """The headers and cookies that every answer carries. What the function set itself stands."""
    app = visit.app
    policy = {name: set(sources) for name, sources in POLICY.items()}
    policy["frame-ancestors"] |= set(app.settings.embed.split())
    for name, sources in visit.sources.items():
        policy[name] = (policy.get(name, set()) | sources) - {"'none'"}
    said = {
        "Content-Security-Policy": "; ".join(f"{name} {' '.join(sorted(sources))}" for name, sources in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    if not app.settings.embed:
        said["X-Frame-Options"] = "SAMEORIGIN"
    if visit.secure:
        said["Strict-Transport-Security"] = "max-age=31536000"
    for name, value in said.items():
        response.headers.setdefault(name, value)
    for cookie in visit.new_cookies:
        response.set_cookie(
            cookie.name,
            cookie.value,
            max_age=cookie.seconds if cookie.value else 0,
            path=visit.root or "/",
            httponly=True,
            samesite="lax",
            secure=visit.secure or app.base_url.startswith("https://"),
        )
    if visit.method == "HEAD" and hasattr(response, "body"):
        response.body = b""


def plain_page(status: int, title: str, words: str, number: str = "") -> Response:
    """A page that needs nothing: for when the app itself cannot draw one."""
    number = f"<p>Error number {html.escape(number)}.</p>" if number else ""
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<h1>{html.escape(title)}</h1><p>{html.escape(words)}</p>{number}",
        status,
    )


def _words(error: Exception) -> tuple[str, str]:
    if isinstance(error, AppError):
        return error.title, error.words
    return "Something went wrong", "The fault is ours, not yours. Nothing was lost; try again in a moment."


def _status(error: Exception) -> int:
    return error.status if isinstance(error, AppError) else 500


def _query(visit: Visit) -> str:
    from urllib.parse import urlencode

    return f"?{urlencode(visit.query.multi_items())}" if visit.query else ""


def _cookies(header: str) -> dict[str, str]:
    from starlette.requests import cookie_parser

    return cookie_parser(header)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


__all__ = ["App", "Visit", "check_path", "plain_page", "safe_next", "utc_now"]
