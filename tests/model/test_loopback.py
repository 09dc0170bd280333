"""The talk with a worker, as far as its other side can be: split, silent, broken, or no HTTP at all."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from espalier.model.loopback import Declined, Gone, Hung, ask
from tests.model.conftest import run

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def talk(
    *pieces: bytes | float, silent: float = 60, slowly: float = 0, leave: bool = False
) -> tuple[list[dict[str, Any]], bytes]:
    """What is heard of a server that sends these pieces, pausing at the numbers; and what it was asked."""
    asked = bytearray()
    left = asyncio.Event()
    serving: set[asyncio.Task[Any] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            asked.extend(head + await reader.readexactly(length))
            for piece in pieces:
                if isinstance(piece, bytes):
                    writer.write(piece)
                    await writer.drain()
                await asyncio.sleep(piece if isinstance(piece, float) else 0)
            if leave:
                assert await reader.read() == b""  # the other side closed
                left.set()
            writer.close()
            await writer.wait_closed()
        finally:
            writer.transport.abort()

    async def work() -> list[dict[str, Any]]:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        heard = []
        events = ask(address, "key", "/completion", {"prompt": "é"}, silent)
        try:
            async for event in events:
                heard.append(event)
                await asyncio.sleep(slowly)
                if leave:
                    break
        finally:
            await events.aclose()
            if leave:
                await left.wait()
            server.close()
            for task in serving:
                if task:
                    task.cancel()
            await asyncio.gather(*filter(None, serving), return_exceptions=True)
            await asyncio.sleep(0.01)  # closed connections are closed in the loop's next turn
        return heard

    return run(work()), bytes(asked)


def test_events_come_as_they_are_said():
    events = chunk(b'data: {"content":"a"}\n\n') + chunk(b'data: {"content":"b"}\n\ndata: {"stop":true}\n\n')
    heard, asked = talk(HEAD, events, chunk(b": ping\n\n"), b"0\r\n\r\n")
    assert heard == [{"content": "a"}, {"content": "b"}, {"stop": True}, {}]
    assert asked.startswith(b"POST /completion HTTP/1.1\r\n")
    assert b"Authorization: Bearer key\r\n" in asked
    assert asked.endswith(b'\r\n\r\n{"prompt": "\\u00e9"}')


def test_a_line_may_come_in_any_pieces():
    whole = HEAD + chunk(b'data: {"content":"abc"}\n\n') + b"0\r\n\r\n"
    assert talk(*(whole[at : at + 1] for at in range(len(whole))))[0] == [{"content": "abc"}]


def test_an_answer_that_is_no_stream():
    body = b'{"tokens": [1, 2]}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n"
    assert talk(head + body)[0] == [{"tokens": [1, 2]}]
    with pytest.raises(Declined) as caught:
        talk(head.replace(b"200 OK", b"400 Bad Request") + body)
    assert caught.value.said == {"tokens": [1, 2]}
    with pytest.raises(Declined):
        talk(HEAD, chunk(b'error: {"message":"no"}\n\n'))


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"SSH-2.0-OpenSSH\r\n\r\n",),
        (HEAD, b"zz\r\n"),
        (HEAD, chunk(b"data: {broken\n\n")),
        (HEAD, b"ff\r\nshort"),
        (HEAD,),
    ],
)
def test_what_breaks_off_is_gone(pieces):
    with pytest.raises(Gone) as caught:
        talk(*pieces)
    assert not isinstance(caught.value, Hung)


def test_nobody_there_is_gone():
    async def work() -> None:
        async for _ in ask("http://127.0.0.1:9", "key", "/completion", {}, 5):
            pass

    with pytest.raises(Gone):
        run(work())


@pytest.mark.parametrize("pieces", [(30.0,), (HEAD, 30.0), (HEAD, chunk(b": ping\n\n"), 30.0)])
def test_silence_is_noticed(pieces):
    with pytest.raises(Hung):
        talk(*pieces, silent=0.3)


def test_who_listens_slowly_blames_nobody():
    events = [chunk(b'data: {"content":"a"}\n\n')] * 3
    assert len(talk(HEAD, *events, b"0\r\n\r\n", silent=0.3, slowly=0.5)[0]) == 3


def test_leaving_closes_the_line():
    heard, _ = talk(HEAD, chunk(b'data: {"content":"a"}\n\n'), leave=True)
    assert heard == [{"content": "a"}]
