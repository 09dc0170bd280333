"""What a browser fetches beside the pages: stylesheets, scripts, fonts, the theme, and answers for robots and monitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from .errors import NotFound
from .routes import route

if TYPE_CHECKING:
    from .visit import Visit

FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"


def static(visit: Visit, name: str) -> Response:
    """A file of the look. With its fingerprint in the address a browser may keep it for good."""
    from .look.assets import asset

    try:
        found = asset(name)
    except KeyError:
        raise NotFound from None
    forever = visit.query.get("v") == found.fingerprint
    return _kept(visit, found.body, found.media_type, found.fingerprint, FOREVER if forever else A_WHILE)


def theme(visit: Visit) -> Response:
    """The app's colours. Pages name them with their fingerprint, so a changed theme shows at once."""
    from .look.shell import stylesheet

    mark = visit.app.theme_mark
    forever = visit.query.get("v") == mark
    return _kept(visit, stylesheet(visit.app.theme).encode(), "text/css", mark, FOREVER if forever else A_WHILE)


def robots(visit: Visit) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /admin\nDisallow: /account\nDisallow: /api\n")


def health(visit: Visit) -> Response:
    """Says `ok` when the database answers."""
    with visit.app.database.read():
        return PlainTextResponse("ok")


def _kept(visit: Visit, body: bytes, media_type: str, fingerprint: str, how_long: str) -> Response:
    headers = {"ETag": f'"{fingerprint}"', "Cache-Control": how_long}
    known = [tag.strip().removeprefix("W/") for tag in visit.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


ROUTES = [
    route("GET", "/static/{name:path}", static),
    route("GET", "/theme.css", theme),
    route("GET", "/robots.txt", robots),
    route("GET", "/healthz", health),
]
