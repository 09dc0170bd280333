"""What the pages in the browser are answered by: the apps under check, in this process, on the loopback only.

A request says by a header which guest it comes from: one person in one app. Without it there is no answer. A guest may be
`dry`: then what would change data is written down and answered with nothing, so that buttons can be tried.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.datastructures import Headers
from starlette.responses import Response

from espalier.runtime.app import read_body
from espalier.runtime.errors import AppError
from espalier.runtime.visit import Visit

from .scripts import axe

if TYPE_CHECKING:
    from espalier.runtime.access import Visitor

    from ..subject import Subject

HEADER = "x-espalier-guest"
AXE = "/-/check/axe.js"
SAFE = ("GET", "HEAD", "OPTIONS")
CLIENT = "127.0.0.1"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """A request that reached the app."""

    method: str
    url: str
    status: int


@dataclass
class Guest:
    """One person in one app, as seen from the browser."""

    subject: Subject
    who: Visitor
    dry: bool = True
    asked: list[Asked] = field(default_factory=list)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Host:
    """A server for guests. url: scheme, address and port, once it is started."""

    def __init__(self) -> None:
        self.url = ""
        self._guests: dict[str, Guest] = {}
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        config = uvicorn.Config(
            self._answer,
            host=CLIENT,
            port=0,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="none",
            interface="asgi3",
        )
        self._server = uvicorn.Server(config)
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:
            if self._task.done():
                self._task.result()
                raise OSError("no port is free on the loopback")
            await asyncio.sleep(0.005)
        self.url = f"http://{CLIENT}:{self._server.servers[0].sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None and self._task is not None:
            self._server.should_exit = self._server.force_exit = True
            await self._task

    def admit(self, guest: Guest) -> None:
        self._guests[guest.token] = guest

    def dismiss(self, guest: Guest) -> None:
        self._guests.pop(guest.token, None)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        guest = self._guests.get(headers.get(HEADER, ""))
        if guest is None:
            response = Response("This address is not for you.", 404, media_type="text/plain")
        elif scope["path"] == AXE:
            kept = {"Cache-Control": "public, max-age=31536000, immutable"}
            response = Response(axe(), media_type="text/javascript", headers=kept)
        else:
            response = await self._of_app(guest, scope, headers, receive)
        with suppress(OSError):
            await response(scope, receive, send)

    async def _of_app(self, guest: Guest, scope: Scope, headers: Headers, receive: Receive) -> Response:
        subject, method = guest.subject, scope["method"]
        query = scope.get("query_string", b"").decode("latin-1")
        url = scope["path"] + (f"?{query}" if query else "")
        if method not in SAFE and guest.dry:
            guest.asked.append(Asked(method, url, 204))
            return Response(status_code=204)
        visit = Visit(
            subject.app,
            method,
            scope["path"],
            query=query,
            headers=headers,
            visitor=guest.who,
            client=CLIENT,
        )
        if method not in SAFE:
            subject.touch()
            try:
                await read_body(visit, headers, receive, subject.app.settings)
            except AppError:
                guest.asked.append(Asked(method, url, 400))
                return Response(status_code=400)
        response = subject.app.respond(visit)
        guest.asked.append(Asked(method, url, response.status_code))
        return response
