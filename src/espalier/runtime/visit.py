"""One request, as every function that answers sees it: what was asked, who asks, and what goes back beside the page.

A visit is made by app.py from a request of the server, or directly, in process: `app.respond(Visit(app, "GET", "/"))`.
Reading and limiting bodies is app.py's; who a cookie belongs to is people/sessions.py's; records are records.py's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, urlencode

from starlette.datastructures import Headers, QueryParams

from .errors import BadRequest

if TYPE_CHECKING:
    from .access import Visitor
    from .app import App
    from .look.shell import Shell
    from .people.sessions import Session
    from .records import Records

# Characters that no form has a use for: controls beside tab and line feed, and halves of surrogate pairs.
_USELESS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Text as it is kept: lines end in line feeds, without control characters."""
    if _USELESS.search(text):
        text = _USELESS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text


@lru_cache(maxsize=2048)  # a page names the same few addresses again and again
def _quoted(path: str) -> str:
    return quote(path, safe="/:@~!$&()*+,;=-._")


@dataclass
class Upload:
    """A file somebody sent. The name is what their computer called it: never a path of ours."""

    name: str
    media_type: str
    file: BinaryIO
    size: int

    @classmethod
    def of(cls, name: str, content: bytes, media_type: str = "application/octet-stream") -> Upload:
        return cls(name, media_type, BytesIO(content), len(content))

    def read(self) -> bytes:
        self.file.seek(0)
        return self.file.read()


class Form:
    """The fields of a form: several values may have one name. Values are clean text; files stand apart."""

    def __init__(self, values: Iterable[tuple[str, str]] = (), files: Iterable[tuple[str, Upload]] = ()) -> None:
        self._values: dict[str, list[str]] = {}
        self._files: dict[str, list[Upload]] = {}
        for name, value in values:
            self._values.setdefault(clean(name), []).append(clean(value))
        for name, upload in files:
            self._files.setdefault(clean(name), []).append(upload)

    @classmethod
    def of(cls, given: Form | Mapping[str, Any] | None) -> Form:
        """A form from a mapping whose values are text, an `Upload`, or a list of these."""
        if given is None or isinstance(given, Form):
            return given or cls()
        pairs = [(name, one) for name, many in given.items() for one in (many if isinstance(many, list) else [many])]
        texts = [(name, str(value)) for name, value in pairs if not isinstance(value, Upload)]
        return cls(texts, [(name, value) for name, value in pairs if isinstance(value, Upload)])

    def get(self, name: str, default: str = "") -> str:
        """The last value of that name."""
        return self._values.get(name, [default])[-1]

    def all(self, name: str) -> list[str]:
        return list(self._values.get(name, ()))

    def file(self, name: str) -> Upload | None:
        found = self._files.get(name)
        return found[-1] if found else None

    def files(self, name: str) -> list[Upload]:
        return list(self._files.get(name, ()))

    def __contains__(self, name: str) -> bool:
        return name in self._values or name in self._files

    def __iter__(self) -> Iterator[str]:
        """The names, values' before files'."""
        return iter(dict.fromkeys([*self._values, *self._files]))


@dataclass
class Cookie:
    """A cookie to set; one with an empty value is removed."""

    name: str
    value: str
    seconds: int | None = None


class Visit:
    """One request to an app, and what is gathered while it is answered.

    path: below the app's mount, with a leading slash, decoded; root: the mount's prefix, without a slash at the end.
    client: the address of the other side, as far as it is known.
    visitor: give one to act as that person without a log-in; only code in this process can.
    """

    def __init__(
        self,
        app: App,
        method: str = "GET",
        path: str = "/",
        *,
        root: str = "",
        query: str | Mapping[str, str] | list[tuple[str, str]] = "",
        form: Form | Mapping[str, Any] | None = None,
        json: Any = None,
        body: bytes = b"",
        headers: Mapping[str, str] | Headers | None = None,
        cookies: Mapping[str, str] | None = None,
        client: str = "",
        secure: bool = False,
        visitor: Visitor | None = None,
    ) -> None:
        self.app = app
        self.method = method
        self.path = path
        self.root = root
        self.query = QueryParams([(clean(key), clean(value)) for key, value in QueryParams(query).multi_items()])
        self.form = Form.of(form)
        self.json = clean_json(json)
        self.body = body
        self.headers = headers if isinstance(headers, Headers) else Headers(headers or {})
        self.cookies = dict(cookies or {})
        self.client = client
        self.secure = secure
        self.given_visitor = visitor
        self.new_cookies: list[Cookie] = []
        self.sources: dict[str, set[str]] = {}
        self.shell: Shell | None = None
        self._flashes: list[tuple[str, str]] = []
        self._shown = False

    @cached_property
    def session(self) -> Session:
        """The visitor's session: of a signed-in person, or of a stranger."""
        from .people.sessions import session_of

        return session_of(self)

    @property
    def visitor(self) -> Visitor:
        """Who asks; somebody without an id when not signed in."""
        return self.given_visitor or self.session.visitor

    @cached_property
    def records(self) -> Records:
        """The data, as far as this visitor may see and change it."""
        from .records import Records

        return Records(self.app, self.visitor)

    @property
    def csrf(self) -> str:
        """The token that every form of this visitor carries, in the field `csrf` or the header `X-CSRF-Token`."""
        if self.given_visitor is not None:
            return self.app.signing.fingerprint("csrf", f"visitor {self.given_visitor.id}")
        return self.session.csrf

    @property
    def is_htmx(self) -> bool:
        """Does htmx ask for a part of a page?"""
        return self.headers.get("hx-request") == "true" and self.headers.get("hx-boosted") != "true"

    @property
    def wants_json(self) -> bool:
        """Is the other side a program?"""
        accept = self.headers.get("accept", "")
        return self.path == "/api" or self.path.startswith("/api/") or accept.startswith("application/json")

    def url(self, path: str = "/", /, **query: Any) -> str:
        """The address of a path of this app, below its mount. Values that are None are left out of the query."""
        given = {key: value for key, value in query.items() if value is not None}
        said = urlencode(given, doseq=True) if given else ""
        return self.root + _quoted(path) + (f"?{said}" if said else "")

    def absolute(self, path: str = "/", /, **query: Any) -> str:
        """The address with scheme and host, for an email. The host is a setting, never what the request claims."""
        return self.app.base_url + self.url(path, **query)

    @property
    def here(self) -> str:
        """The address of this visit itself, with its query."""
        return self.url(self.path) + (f"?{urlencode(self.query.multi_items())}" if self.query else "")

    def flash(self, words: str, tone: str = "success") -> None:
        """Say this on the next page the visitor sees. tone is success, info, warning or danger."""
        self._flashes.append((words[:500], tone))

    def take_flashes(self) -> list[tuple[str, str]]:
        """What is to be said now, as (words, tone); it is not said again."""
        self._shown = True
        said, self._flashes = self._kept_flashes() + self._flashes, []
        return said

    def set_cookie(self, name: str, value: str, seconds: int | None = None) -> None:
        """Send a cookie of this app with the answer; an empty value removes it. seconds is how long it lives."""
        self.new_cookies = [cookie for cookie in self.new_cookies if cookie.name != name]
        self.new_cookies.append(Cookie(name, value, seconds))

    def allow(self, directive: str, source: str) -> None:
        """Add a source to the content security policy of this answer: `allow("frame-src", "https://video.example")`."""
        if re.search(r"[\s;,'\"]", source):
            raise ValueError(f"{source!r} cannot be a source")
        self.sources.setdefault(directive, set()).add(source)

    def _kept_flashes(self) -> list[tuple[str, str]]:
        text = self.cookies.get(self.app.cookie("flash"), "")
        kept = self.app.signing.unsign("flash", text) if text else None
        return [(str(words), str(tone)) for words, tone in kept] if isinstance(kept, list) else []

    def keep_flashes(self) -> None:
        """Put what nobody has seen yet in a cookie; app.py calls this when the answer is ready."""
        name = self.app.cookie("flash")
        if self._flashes:
            waiting = ([] if self._shown else self._kept_flashes()) + self._flashes
            self.set_cookie(name, self.app.signing.sign("flash", waiting[-5:]), 300)
        elif self._shown and name in self.cookies:
            self.set_cookie(name, "")


def clean_json(value: Any) -> Any:
    """A JSON value with clean texts. Raises BadRequest when it is nested too deeply."""
    try:
        return _clean_json(value)
    except RecursionError:
        raise BadRequest("The JSON is nested too deeply.") from None


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return value
