"""The studio over HTTP: one ASGI application for its own origin, and both origins served in one process.

Every request goes through `answer`: who asks (guard.py), then a plain function in a thread (api.py, pages.py), then headers. The apps'
origin is hosting.py's; the gateway stands at /v1.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from . import api, builds, guard, pages
from .errors import MustLogIn, NotThere, StudioError, TooMuch
from .guard import Call
from .hosting import Hosting
from .studio import Studio

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
FOREVER = "public, max-age=31536000, immutable"


def site(studio: Studio) -> Starlette:
    """The studio's own origin."""

    def route(method: str, path: str, handler: Callable[[Call], Any]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await answer(studio, request, handler)

        return Route(path, endpoint, methods=[method], name=f"{method} {path}")

    async def watch(request: Request) -> Response:
        return await answer(studio, request, lambda call: _watch(call))

    async def lost(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        wrong = NotThere("There is no such page.") if error.status_code == 404 else StudioError(error.detail)
        wrong.status = error.status_code
        return await answer(studio, request, lambda call: _raise(wrong))

    async def healthy(request: Request) -> Response:
        return PlainTextResponse("ok")

    routes: list[Any] = [Route("/api/builds/{id}/events", watch, methods=["GET"]), Route("/healthz", healthy)]
    routes += [route(*one) for one in (*api.ROUTES, *pages.ROUTES)]
    routes.append(Mount("/static", _Static(directory=HERE / "static", check_dir=False)))
    if gateway := _gateway(studio):
        routes.append(Mount("/v1", gateway))
    return Starlette(routes=routes, exception_handlers={HTTPException: lost})


async def answer(studio: Studio, request: Request, handler: Callable[[Call], Any]) -> Response:
    """The answer to a request. Never raises: what goes wrong becomes an answer too."""
    call: Call | None = None
    studio.reach(request.url.hostname or "")
    try:
        if studio.alone and request.method == "GET" and request.url.hostname in ("127.0.0.1", "::1"):
            # The frames of apps are at localhost: of another name they would be another site, without cookies.
            query = f"?{request.url.query}" if request.url.query else ""
            if not request.url.path.startswith("/api/"):
                return guard.finish(None, studio, RedirectResponse(f"{studio.address}{request.url.path}{query}", 307))
        call = await anyio.to_thread.run_sync(guard.recognise, studio, request)
        if request.method not in guard.SAFE:
            call.given = await guard.read_body(request)
            guard.check_sender(call)
        said = await anyio.to_thread.run_sync(handler, call)
    except StudioError as error:
        said = _sorry(studio, request, call, error)
    except Exception:
        number = secrets.token_hex(4)
        log.exception("error %s: %s %s", number, request.method, request.url.path[:200].split("/welcome/")[0])
        fault = StudioError(f"Something went wrong here. Its number in the log is {number}.", "Try again in a moment.")
        fault.status = 500
        said = _sorry(studio, request, call, fault)
    response = said if isinstance(said, Response) else JSONResponse({"ok": True} if said is None else said)
    if request.method == "HEAD" and not isinstance(response, StreamingResponse):
        response.body = b""
    return guard.finish(call, studio, response)


def _sorry(studio: Studio, request: Request, call: Call | None, error: StudioError) -> Response:
    """An error: JSON for programs, for people a page, or the page to log in on."""
    headers = {"Retry-After": str(error.more.get("seconds", 10))} if isinstance(error, TooMuch) else None
    if request.url.path.startswith("/api/") or call is None:
        if call is None and not request.url.path.startswith("/api/"):
            return PlainTextResponse(f"{error.words} {error.todo}", error.status)
        return JSONResponse({"error": error.words, "todo": error.todo, **error.more}, error.status, headers)
    if isinstance(error, MustLogIn) and request.method == "GET":
        onward = "" if request.url.path == "/" else f"?{_encoded(next=request.url.path)}"
        return RedirectResponse(f"/login{onward}", 303)
    try:
        return pages.sorry(call, error)
    except Exception:
        log.exception("the page of an error failed too")
        return HTMLResponse("<!doctype html><title>Error</title><h1>Something went wrong</h1>", error.status)


def _watch(call: Call) -> Response:
    """The events of a build. A browser that has heard its end is told to come no more."""
    row = builds.of(call.studio, call.me, call.path["id"])
    last = call.request.headers.get("last-event-id", "") or str(call.query.get("last", ""))
    if builds.over(row, last):
        return Response(status_code=204)
    stream = builds.events(call.studio, call.me, row, last)
    return StreamingResponse(
        _safely(stream),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _safely(stream: AsyncIterator[str]) -> AsyncIterator[str]:
    """The stream; what goes wrong under way is its last event."""
    try:
        async for one in stream:
            yield one
    except StudioError as error:
        yield f"event: failed\ndata: {json.dumps({'words': error.words, 'state': 'failed'})}\n\n"


class _Static(StaticFiles):
    """The studio's own files. Those asked for with a mark of their content (`?v=`) never change."""

    async def get_response(self, path: str, scope: Any) -> Response:
        response = await super().get_response(path, scope)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = FOREVER if b"v=" in scope.get("query_string", b"") else "no-cache"
        return response


def _gateway(studio: Studio) -> ASGIApp | None:
    """The OpenAI-compatible server over the same gateway."""
    from espalier.gateway import app

    return app(studio.models.gateway)


def _encoded(**query: str) -> str:
    from urllib.parse import urlencode

    return urlencode(query)


def _raise(error: StudioError) -> Any:
    raise error


# --- serving ----------------------------------------------------------------------------------------------------------


async def serve(studio: Studio, sockets: tuple[socket.socket, socket.socket], ready: Callable[[], Any]) -> None:
    """Serve both origins in this event loop until interrupted. `ready` is told when they listen."""
    await studio.start()
    servers = [_Server(_config(studio, application)) for application in (site(studio), studio.hosting)]
    try:
        ready()
        tasks = [asyncio.create_task(server.serve(sockets=[one])) for server, one in zip(servers, sockets, strict=True)]
        stopping = _on_signals(servers)
        with stopping:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*tasks)
    finally:
        await studio.close()


def _config(studio: Studio, application: Any) -> Any:
    import uvicorn

    settings = studio.settings
    return uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies or None,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64_000,
        lifespan="off",
    )


def _Server(config: Any) -> Any:
    """A uvicorn server that leaves signals to us: there are two in one process."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Any:
            yield

    return Server(config)


@contextlib.contextmanager
def _on_signals(servers: list[Any]) -> Any:
    """Ctrl-C and SIGTERM end all servers."""
    import signal

    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    kinds = (signal.SIGINT, signal.SIGTERM)
    for kind in kinds:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(kind, stop)
    try:
        yield
    finally:
        for kind in kinds:
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.remove_signal_handler(kind)


__all__ = ["Hosting", "serve", "site"]
