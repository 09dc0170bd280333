"""Talking to the worker: one question a connection, over this machine's own loopback, answered at once or event by event.

As little HTTP as llama.cpp's server speaks, on asyncio's streams. A general client spends twice the time of a core on each token,
which the model needs: 3.5 % of its speed with httpx, 1 % with this (benchmarks/serving.py).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

LINE = 1 << 24  # bytes of one line at most


class Gone(Exception):
    """The other side is not there, or ended in the middle."""


class Hung(Gone):
    """It gives no sign of life."""


class Declined(Exception):
    """It answered that it will not. said: its words, as JSON."""

    def __init__(self, said: dict[str, Any]) -> None:
        super().__init__(str(said))
        self.said = said


async def ask(
    address: str, key: str, path: str, body: dict[str, Any], silent: float
) -> AsyncGenerator[dict[str, Any], None]:
    """The events of an answer; of an answer that is not a stream, the only one. A ping, without news, is an empty event.

    silent: seconds without a byte until the other side counts as hung. Closing the generator closes the connection, upon which
    the worker stops writing. Raises Gone and Declined.
    """
    host, _, port = address.removeprefix("http://").rpartition(":")
    data = json.dumps(body).encode()
    try:
        reader, writer = await asyncio.open_connection(host, int(port), limit=LINE)
    except OSError as error:
        raise Gone(str(error)) from error
    watch = _Watch(writer, silent)
    try:
        head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        writer.write(head.encode() + data)
        status, length = _head(await reader.readuntil(b"\r\n\r\n"))
        if length is not None:
            said = json.loads(await reader.readexactly(length))
            if status != 200:
                raise Declined(said)
            yield said
            return
        while True:
            watch.wait()
            if not (size := int(await reader.readuntil(b"\r\n"), 16)):
                return
            chunk = await reader.readexactly(size + 2)
            watch.rest()
            for line in chunk.split(b"\n"):
                if line.startswith(b"data: {"):
                    yield json.loads(line[6:])
                elif line.startswith(b"error: {"):
                    raise Declined({"error": json.loads(line[7:])})
                elif line.startswith(b":"):
                    yield {}
    except (OSError, EOFError, ValueError, LookupError) as error:  # the last two: what is no HTTP or no JSON
        if watch.over:
            raise Hung("It gave no sign of life.") from error
        raise Gone(f"{type(error).__name__}: {error}") from error
    finally:
        watch.end()
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


def _head(head: bytes) -> tuple[int, int | None]:
    """The status, and the length of what follows; None when it comes in chunks."""
    first, *lines = head.decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    chunked = "chunked" in fields.get("transfer-encoding", "")
    return int(first.split()[1]), None if chunked else int(fields["content-length"])


class _Watch:
    """Cuts a connection on which nothing was heard for so long. One timer now and then, instead of one for each wait."""

    def __init__(self, writer: asyncio.StreamWriter, silent: float) -> None:
        self.over = False
        self._writer, self._silent = writer, silent
        self._loop = asyncio.get_running_loop()
        self._since: float | None = self._loop.time()
        self._timer = self._loop.call_later(silent, self._look)

    def wait(self) -> None:
        """From now on something should be heard."""
        self._since = self._loop.time()

    def rest(self) -> None:
        """Whoever listens takes time for what was heard; the other side owes nothing."""
        self._since = None

    def end(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        waited = 0.0 if self._since is None else self._loop.time() - self._since
        if waited < self._silent:
            self._timer = self._loop.call_later(self._silent - waited, self._look)
            return
        self.over = True
        self._writer.transport.abort()
