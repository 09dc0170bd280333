"""The gateway over HTTP: `/v1/chat/completions`, `/v1/models`, `/metrics`; who may ask, and within what size.

As long as nobody has made a key, this machine needs none and every other is refused. Then `this machine` is a request from its own
address, to its own name, that no proxy passed on and no web page of another site sent. With the first key, everybody needs one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from espalier.model.call import PURPOSES

from .chat import AUTO, BadQuestion, Chat, _error, failure, read_question
from .gateway import Gateway

log = logging.getLogger(__name__)
T = TypeVar("T")

LOCAL = ("localhost", "127.0.0.1", "::1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
Handler = Callable[[Request, str], Awaitable[Response]]


class Denied(Exception):
    """Whoever asks may not; the words say what to do."""


def app(gateway: Gateway) -> ASGIApp:
    """The gateway as an ASGI application. It stands alone or is mounted, with `/v1` before its addresses or without."""

    def handle(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request, account(request))
            except Denied as error:
                gateway.telemetry.refused("key")
                said = _error(error, "invalid_request_error", "invalid_api_key")
                return JSONResponse(said, 401, {"WWW-Authenticate": "Bearer"})
            except ClientDisconnect:
                return Response(status_code=499)
            except Exception as error:
                status, said, headers = failure(error)
                if status == 500:
                    log.exception("A question could not be answered.")
                return JSONResponse(said, status, headers)

        return answer

    def account(request: Request) -> str:
        """Whose question it is. Raises Denied."""
        if not gateway.keys.needed():
            if why := _stranger(request):
                raise Denied(
                    f"{why} Make a key with `espalier gateway key NAME` and send it as `Authorization: Bearer KEY`."
                )
            return ""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret:
            raise Denied(
                "A key is needed: send it as `Authorization: Bearer KEY`. `espalier gateway key NAME` makes one."
            )
        whose = gateway.keys.account(secret.strip())
        if whose is None:
            raise Denied("This key is not known here. `espalier gateway key NAME` makes one.")
        return whose

    async def chat(request: Request, account: str) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise BadQuestion("Send the question as application/json.")
        question = read_question(await _body(request, gateway.settings.body_limit))
        one = Chat(gateway, question, account)
        if question.stream:
            await _unless_gone(request, one.begin())
            headers = {"x-request-id": one.id, "Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
            return StreamingResponse(one.chunks(), media_type="text/event-stream", headers=headers)

        async def whole() -> dict[str, Any]:
            await one.begin()
            return await one.whole()

        return JSONResponse(await _unless_gone(request, whole()), headers={"x-request-id": one.id})

    async def models(request: Request, account: str) -> Response:
        return JSONResponse({"object": "list", "data": [_model(name) for name in _names(gateway)]})

    async def model(request: Request, account: str) -> Response:
        name = request.path_params["name"]
        if name not in _names(gateway):
            gateway.target(name)  # says what there is
        return JSONResponse(_model(name))

    async def metrics(request: Request, account: str) -> Response:
        return Response(gateway.telemetry.metrics(), media_type=gateway.telemetry.media_type)

    routes = [Route("/metrics", handle(metrics))]
    for prefix in ("/v1", ""):
        routes += [
            Route(f"{prefix}/chat/completions", handle(chat), methods=["POST"]),
            Route(f"{prefix}/models", handle(models)),
            Route(f"{prefix}/models/{{name:path}}", handle(model)),
        ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _http_error})


def _names(gateway: Gateway) -> list[str]:
    return [*dict.fromkeys([AUTO, *PURPOSES, *gateway.names])]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "espalier"}


def _stranger(request: Request) -> str:
    """Why a request without a key is not from this machine; empty when it is."""
    try:
        near = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        near = False
    if not near or any(name in request.headers for name in PASSED_ON):
        return "Other machines need a key, and none was made yet."
    if _host(f"//{request.headers.get('host', '')}") not in LOCAL:
        return "Under this name a key is needed, and none was made yet."
    origin = request.headers.get("origin")
    if origin and _host(origin) not in LOCAL:
        return "Web pages of other sites need a key, and none was made yet."
    return ""


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


async def _body(request: Request, limit: int) -> bytes:
    """The request's body. Raises BadQuestion when it is too long."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise BadQuestion(f"The question is longer than {limit:,} bytes.")
    return bytes(body)


async def _unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What comes of the work, which is given up when whoever asked goes away."""
    doing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
            raise ClientDisconnect
        return doing.result()
    finally:
        for task in (doing, leaving):
            task.cancel()
        await asyncio.gather(leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = (
        "There is no such address; questions go to /v1/chat/completions." if error.status_code == 404 else error.detail
    )
    return JSONResponse(_error(words, "invalid_request_error", None), error.status_code, error.headers)
