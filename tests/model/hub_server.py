"""A server that speaks the Hugging Face hub's protocol, as far as one file is fetched: its metadata, a redirect to where the bytes
lie, ranges. It can misbehave as the real one and the lines to it do."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

BLOCK = 16_384


@dataclass
class Hub:
    """A repository with one file. breaks: after how many bytes each of the first deliveries is broken off."""

    data: bytes
    repo: str = "team/model-GGUF"
    file: str = "model.gguf"
    breaks: list[int] = field(default_factory=list)
    etag: str = ""  # what it says the file's hash is, when that is not so
    delivers: bytes = b""  # what it sends, when that is not the file
    ranges: bool = True
    status: int = 200
    then: int = 200  # what it answers to those who come again
    address: str = ""
    elsewhere: str = ""  # where the bytes lie: with the real one, another host
    asked: list[tuple[str, str, str]] = field(default_factory=list)  # method, path, range

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"/{self.repo}/resolve/{{revision}}/{self.file}", self._resolve, methods=["GET", "HEAD"]),
                Route("/bytes/{hash}", self._bytes, methods=["GET", "HEAD"]),
            ]
        )

    @property
    def fetched(self) -> list[str]:
        """The ranges that were asked for, in order; empty for the whole."""
        return [part for method, path, part in self.asked if method == "GET" and path.startswith("/bytes")]

    def _note(self, request: Request) -> None:
        self.asked.append((request.method, request.url.path, request.headers.get("range", "")))

    async def _resolve(self, request: Request) -> Response:
        self._note(request)
        if self.status != 200:
            return PlainTextResponse("no", self.status, {"X-Error-Message": "not for you", "X-Error-Code": "GatedRepo"})
        digest = self.etag or hashlib.sha256(self.data).hexdigest()
        headers = {
            "X-Repo-Commit": "0" * 40,
            "X-Linked-Etag": f'"{digest}"',
            "X-Linked-Size": str(len(self.data)),
            "ETag": '"pointer"',
            "Location": f"{self.elsewhere}/bytes/{digest}",
        }
        return Response(status_code=302, headers=headers)

    async def _bytes(self, request: Request) -> Response:
        self._note(request)
        if self.then != 200 and len(self.fetched) > 1:
            return PlainTextResponse("later", self.then)
        data, start = self.delivers or self.data, 0
        wanted = request.headers.get("range", "")
        if wanted and self.ranges:
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
        headers = {"Content-Length": str(len(data) - start), "Accept-Ranges": "bytes"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        end = start + self.breaks.pop(0) if self.breaks and request.method == "GET" else len(data)
        return StreamingResponse(self._pieces(data, start, end), 206 if start else 200, headers)

    async def _pieces(self, data: bytes, start: int, end: int) -> AsyncIterator[bytes]:
        for at in range(start, min(end, len(data)), BLOCK):
            yield data[at : min(at + BLOCK, end)]
            await asyncio.sleep(0)
        if end < len(data):
            raise ConnectionResetError  # the length was promised, so the line is cut


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """The hub at a free port of this machine."""
    server = uvicorn.Server(uvicorn.Config(hub.app(), port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    hub.address, hub.elsewhere = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
    try:
        yield hub
    finally:
        server.should_exit = True
        thread.join(10)
