"""What the tests of the gateway share: more troubles of a server, and a gateway that runs as a real one does."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from espalier.config import Settings, load
from espalier.gateway import Gateway, app
from espalier.gateway.serving import listen
from espalier.model.call import Call
from tests.model.openai_server import chunk

Answering = Callable[[Request], object]


def stream(*pieces: bytes, pause: float = 0.0) -> Answering:
    """An answer of these bytes, then, with a pause, nothing for that long."""

    async def answer(_: Request) -> Response:
        async def said() -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece
            await asyncio.sleep(pause)

        return StreamingResponse(said(), media_type="text/event-stream")

    return answer


def counting(*words: str, tokens_in: int = 1000, cached: int = 0, tokens_out: int = 200) -> Answering:
    """An answer with its usage."""
    usage = {"prompt_tokens": tokens_in, "completion_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    said = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": []}
    last = {**said, "usage": {**usage, "prompt_tokens_details": {"cached_tokens": cached}}}
    return stream(*(chunk(word) for word in words), f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())


def hanging(*words: str) -> Answering:
    """These words, then nothing any more."""
    return stream(*(chunk(word) for word in words), pause=60)


async def page(_: Request) -> Response:
    return HTMLResponse("<h1>Welcome to nginx</h1>")


empty = stream(b"data: [DONE]\n\n")
garbage = stream(b"data: {this is no JSON\n\n")
odd_shape = stream(b'data: {"choices": 7}\n\n')


def asked(request: Request) -> dict[str, Any]:
    """The body of a request that was seen."""
    return json.loads(request._body)  # type: ignore[no-any-return]


def settings(
    data: Path, *use: str, purposes: tuple[str, ...] = ("build", "edit", "repair", "custom", "chat"), **gateway: Any
) -> Settings:
    """Settings whose one route is this; no retries."""
    usual = {"patience": 60, "retries": 0, "routes": [{"for": list(purposes), "use": list(use)}]}
    more = {name: gateway.pop(name) for name in list(gateway) if name in Settings.model_fields}
    return load(data, {}, data=data, gateway=usual | gateway, **more)


@dataclass
class Running:
    """A gateway that is serving. calls: what it gave to be kept."""

    gateway: Gateway
    address: str
    calls: list[Call] = field(default_factory=list)

    def kept(self, count: int) -> list[Call]:
        """The calls, once there are so many: they are kept by a thread of their own."""
        for _ in range(1200):
            if len(self.calls) >= count:
                break
            threading.Event().wait(0.05)
        return self.calls


@contextmanager
def running(given: Settings) -> Iterator[Running]:
    """A gateway in a thread and an event loop of its own, at a free port."""
    calls: list[Call] = []
    listening = listen(given.model_copy(update={"port": 0}))
    started = threading.Event()
    box: list[Any] = []

    async def serve() -> None:
        async with Gateway(given, calls.append) as gateway:
            config = uvicorn.Config(app(gateway), lifespan="off", log_level="critical", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            box.extend((gateway, server))
            started.set()
            await server.serve([listening])

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert started.wait(60)
    gateway, server = box
    while not server.started:
        threading.Event().wait(0.01)
    try:
        yield Running(gateway, f"http://127.0.0.1:{listening.getsockname()[1]}", calls)
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()
