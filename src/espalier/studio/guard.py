"""Who a request comes from and whether it may be answered: host, session, origin, token; and the headers of every answer.

A request is judged here once, before any handler; what an account may do with an app is decided by apps.of.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from . import accounts
from .errors import Faulty, MustLogIn, NotThere, StudioError

if TYPE_CHECKING:
    from .accounts import Account
    from .studio import Studio

COOKIE = "espalier_studio"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BODY = 2_000_000  # bytes of a request
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})


class Strange(StudioError):
    """Not sent from a page of ours."""

    status = 403
    todo = "Reload the page and try again."


@dataclass
class Call:
    """One request, as the handlers see it. account is None where nobody is signed in."""

    studio: Studio
    request: Request
    secret: str
    account: Account | None
    given: dict[str, Any] = field(default_factory=dict)  # the body: JSON, or the fields of a form
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    fresh: bool = False  # is the secret new, so that a cookie must be sent?

    @property
    def csrf(self) -> str:
        """The token that every change carries, in the header `X-CSRF` or the field `csrf`."""
        return self.studio.signing.fingerprint("studio csrf", self.secret)

    @property
    def me(self) -> Account:
        """Who asks. Raises MustLogIn."""
        if self.account is None:
            raise MustLogIn
        return self.account

    @property
    def path(self) -> dict[str, Any]:
        """The values in the path."""
        return self.request.path_params

    @property
    def query(self) -> Any:
        return self.request.query_params

    @property
    def address(self) -> str:
        """Of whoever asks, as far as it is known."""
        return self.request.client.host if self.request.client else ""

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number of the body. Raises Faulty."""
        value = self.given.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Faulty(f"`{name}` must be a number.") from None


def recognise(studio: Studio, request: Request) -> Call:
    """Who asks. Raises NotThere for a host that is not ours."""
    host = request.url.hostname or ""
    if studio.alone and host not in NEAR:
        # A page elsewhere whose name was made to point here must not act as the person at this machine.
        raise NotThere("This studio answers at localhost only.", f"Open {studio.address}.")
    secret = studio.signing.unsign("studio", request.cookies.get(COOKIE, ""))
    fresh = not isinstance(secret, str)
    secret = secrets.token_urlsafe(24) if fresh else str(secret)
    if studio.alone:
        account: Account | None = accounts.alone(studio)
    else:
        account = None if fresh else accounts.of_session(studio, secret)
    return Call(studio, request, secret, account, fresh=fresh)


def check_sender(call: Call) -> None:
    """Was a change sent from a page of ours? Raises Strange."""
    headers = call.request.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Strange("This was not sent from a page of the studio.")
    origin = headers.get("origin")
    if origin is not None:
        ours = {headers.get("host", "").lower(), urlsplit(call.studio.address).netloc.lower()} - {""}
        if urlsplit(origin).netloc.lower() not in ours:
            raise Strange("This was not sent from a page of the studio.")
    given = headers.get("x-csrf") or str(call.given.get("csrf", ""))
    if not secrets.compare_digest(given.encode(), call.csrf.encode()):
        raise Strange("The page is too old to send this.")


async def read_body(request: Request) -> dict[str, Any]:
    """The body of a request: an object of JSON, or the fields of a form. Raises Faulty."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > BODY:
        raise Faulty("That is too long.", f"At most {BODY // 1_000_000} MB are read.")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY:
            raise Faulty("That is too long.", f"At most {BODY // 1_000_000} MB are read.")
        parts.append(part)
    body = b"".join(parts)
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        from urllib.parse import parse_qsl

        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
    if kind != "application/json":
        raise Faulty("The body must be JSON.", "Send it with Content-Type: application/json.")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Faulty("The body is not JSON that can be read.") from None
    if not isinstance(given, dict):
        raise Faulty("The body must be a JSON object.")
    return given


def sign_in(call: Call, response: Response, secret: str) -> None:
    """Let the answer carry a new session; an empty secret ends it."""
    call.fresh = False
    if not secret:
        response.delete_cookie(COOKIE)
        return
    _send(call, response, secret, call.studio.settings.session_days * 86_400)


def finish(call: Call | None, studio: Studio, response: Response) -> Response:
    """The headers that every answer carries, and the cookie of somebody new."""
    apps = studio.hosting.base()
    if studio.hosting.by_host:
        apps = f"{apps} {studio.settings.apps_url}"
    nonce = f" 'nonce-{call.nonce}'" if call else ""
    policy = (
        f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data: blob: {apps}; "
        f"font-src 'self'; connect-src 'self'; frame-src {apps}; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'; manifest-src 'self'; worker-src 'self'"
    )
    for name, value in {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }.items():
        response.headers.setdefault(name, value)
    if _secure(studio, call):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if call and call.fresh:
        _send(call, response, call.secret, None)
    return response


def _send(call: Call, response: Response, secret: str, seconds: int | None) -> None:
    value = call.studio.signing.sign("studio", secret)
    secure = _secure(call.studio, call)
    response.set_cookie(COOKIE, value, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def _secure(studio: Studio, call: Call | None) -> bool:
    return studio.address.startswith("https://") or bool(call and call.request.url.scheme == "https")
