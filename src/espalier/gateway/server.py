"""The gateway over HTTP: `/v1/chat/completions`, `/v1/models`, `/metrics`; who may ask, and within what size.

As long as nobody has made a key, this machine needs none and every other is refused. Then `this machine` is a request from its own
address, to its own name, that no proxy passed on and no web page of another site sent. With the first key, everybody needs one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from espalier.model.call import PURPOSES

from .chat import AUTO, BadQuestion, Chat, _error, failure, read_question
from .gateway import Gateway

log = logging.getLogger(__name__)

LOCAL = ("localhost", "127.0.0.1", "::1")
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
STREAM = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", "x-accel-buffering": "no"}
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
                return _failed(error)

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
        return _Answering(one)

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


class _Answering(Response):
    """An answer that is given while it is written, and given up when whoever asked goes away. As few tasks and layers as can be: they
    are what asking through the gateway costs."""

    def __init__(self, chat: Chat) -> None:
        super().__init__()
        self._chat = chat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        doing = asyncio.ensure_future(self._answer(scope, receive, send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (doing, leaving):
                task.cancel()
            await asyncio.gather(doing, leaving, return_exceptions=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        chat = self._chat
        try:
            await chat.begin()
            if not chat.question.stream:
                whole = JSONResponse(await chat.whole(), headers={"x-request-id": chat.id})
                await whole(scope, receive, send)
                return
        except Exception as error:
            await _failed(error)(scope, receive, send)
            return
        headers = {**STREAM, "x-request-id": chat.id}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        async with aclosing(chat.chunks()) as chunks:
            async for chunk in chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _failed(error: Exception) -> Response:
    """What went wrong, in OpenAI's shape."""
    status, said, headers = failure(error)
    if status == 500:
        log.error("A question could not be answered.", exc_info=error)
    return JSONResponse(said, status, headers)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = (
        "There is no such address; questions go to /v1/chat/completions." if error.status_code == 404 else error.detail
    )
    return JSONResponse(_error(words, "invalid_request_error", None), error.status_code, error.headers)
