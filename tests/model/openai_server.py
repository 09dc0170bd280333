"""A server that speaks OpenAI's protocol and says what a test wants to hear, or has its troubles."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


def chunk(text: str) -> bytes:
    said = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    said |= {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}]}
    return f"data: {json.dumps(said)}\n\n".encode()


def saying(*words: str) -> Callable[[Request], object]:
    """An answer in these pieces."""

    async def answer(_: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for word in words:
                yield chunk(word)
            yield b"data: [DONE]\n\n"

        return StreamingResponse(pieces(), media_type="text/event-stream")

    return answer


async def broken(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield chunk("app: ")
        raise ConnectionResetError

    return StreamingResponse(pieces(), media_type="text/event-stream", headers={"Content-Length": "100000"})


async def endless(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield chunk("a")
            await asyncio.sleep(0.01)

    return StreamingResponse(pieces(), media_type="text/event-stream")


async def silent(_: Request) -> Response:
    await asyncio.sleep(60)
    return Response("late")


def failing(status: int, message: str = "no") -> Callable[[Request], object]:
    async def answer(_: Request) -> Response:
        return JSONResponse({"error": {"message": message}}, status, {"Retry-After": "0"})

    return answer


@contextmanager
def serving(*answers: object) -> Iterator[tuple[str, list[Request]]]:
    """A server that gives these answers in turn, the last again and again."""
    waiting, seen = list(answers), list[Request]()

    async def complete(request: Request) -> Response:
        await request.body()
        seen.append(request)
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return await answer(request)  # type: ignore[operator,no-any-return]

    app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1#m", seen
    finally:
        server.should_exit = True
        thread.join(10)
