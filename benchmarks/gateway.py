"""The gateway: what it costs to ask through it, and how many can at once.

    .venv/bin/python benchmarks/gateway.py [--rounds 200] [--streams 200] [--pieces 60] [--pause 0.05]

Behind it stands a tiny real server, in a process of its own, that speaks OpenAI's protocol and answers at once; the gateway is a
process of its own too, with keys, budgets, limits and a database, as people run it.

`overhead`: the same question asked of the server itself and through the gateway, in turn, by the same client of OpenAI; medians of the
seconds to the first piece and to the end, and of the differences of each pair. `in process`: the same with the endpoint and
`gateway.endpoint`, without HTTP between. `streams`: so many at once, each of so many pieces with a pause after each; every answer
must be whole. The yardstick is the same against the server itself.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import openai

from espalier.config import Settings, load
from espalier.gateway import Gateway
from espalier.gateway.keys import Keys
from espalier.gateway.store import open_store
from espalier.model.endpoint import Ask, Endpoint, Sampling
from espalier.model.remote import Remote

HI = [{"role": "user", "content": "A booking page for my dog salon"}]
SHORT = 20  # pieces of an answer where only the time is looked at
LIMITS = {
    "dollars_per_day": 1000,
    "account_builds_per_day": 100_000,
    "per_minute": 100_000,
    "account_per_minute": 100_000,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--upstream", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.upstream:
        asyncio.run(upstream())
        return
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (server, gateway, key):
        asyncio.run(overhead(server, gateway, key, given.rounds))
        asyncio.run(in_process(Path(folder), server, given.rounds))
        asyncio.run(streams(server, gateway, key, given.streams, given.pieces, given.pause))


# --- what it costs ----------------------------------------------------------------------------------------------------


async def overhead(server: str, gateway: str, key: str, rounds: int) -> None:
    """Over HTTP."""
    ways = {"server": openai.AsyncOpenAI(base_url=f"{server}/v1", api_key="none", max_retries=0)}
    ways["gateway"] = openai.AsyncOpenAI(base_url=f"{gateway}/v1", api_key=key, max_retries=0)
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}

    async def once(name: str) -> tuple[float, float]:
        start, first = time.perf_counter(), 0.0
        model = "m" if name == "server" else "chat"
        async for chunk in await ways[name].chat.completions.create(
            model=model,
            messages=HI,
            max_tokens=SHORT,
            stream=True,  # type: ignore[arg-type]
        ):
            if chunk.choices and chunk.choices[0].delta.content:
                first = first or time.perf_counter() - start
        return first, time.perf_counter() - start

    for name in ways:
        for _ in range(10):
            await once(name)
    for at in range(rounds):
        for name in sorted(ways, reverse=bool(at % 2)):
            took[name].append(await once(name))
    _tell("overhead, over HTTP", "server", took, "gateway")


async def in_process(folder: Path, server: str, rounds: int) -> None:
    """Without HTTP to the gateway."""
    given = _settings(folder / "inside", server)
    async with Gateway(given) as gateway:
        remote = Remote(f"{server}/v1#m", given)
        took: dict[str, list[tuple[float, float]]] = {"endpoint": [], "gateway": []}

        async def once(name: str) -> tuple[float, float]:
            start, first = time.perf_counter(), 0.0
            endpoint: Endpoint = remote if name == "endpoint" else gateway.endpoint("chat", account="ann")
            ask = Ask(HI, sampling=Sampling(max_tokens=SHORT))  # type: ignore[arg-type]
            async with endpoint.stream(ask) as stream:
                async for _ in stream:
                    first = first or time.perf_counter() - start
            return first, time.perf_counter() - start

        for name in took:
            for _ in range(10):
                await once(name)
        for at in range(rounds):
            for name in sorted(took, reverse=bool(at % 2)):
                took[name].append(await once(name))
        await remote.close()
    _tell("overhead, in process", "endpoint", took, "gateway")


def _tell(title: str, plain: str, took: dict[str, list[tuple[float, float]]], ours: str) -> None:
    print(f"\n{title}: {len(took[plain])} pairs, medians in ms")
    print(f"{'':14}{plain:>10}{ours:>10}{'difference':>12}")
    for at, words in enumerate(("first piece", f"{SHORT} pieces")):
        sides = [statistics.median(one[at] for one in took[name]) * 1000 for name in (plain, ours)]
        pairs = zip(took[plain], took[ours], strict=True)
        more = statistics.median(b[at] - a[at] for a, b in pairs) * 1000
        print(f"{words:14}{sides[0]:10.2f}{sides[1]:10.2f}{more:12.2f}")


# --- how many at once -------------------------------------------------------------------------------------------------


async def streams(server: str, gateway: str, key: str, count: int, pieces: int, pause: float) -> None:
    """All at the same time."""
    print(
        f"\n{count} streams at once, {pieces} pieces each, {pause * 1000:g} ms apart: {pieces * pause:.1f} s when nothing waits"
    )
    print(f"{'':10}{'whole':>8}{'errors':>8}{'first, s':>10}{'last, s':>9}{'all, s':>8}{'pieces/s':>10}")
    for name, address, secret, model in (("server", server, "none", "m"), ("gateway", gateway, key, "chat")):
        start = time.perf_counter()
        done = await asyncio.gather(*(_stream(address, secret, model, pieces, pause) for _ in range(count)))
        seconds = time.perf_counter() - start
        errors = [one for one in done if isinstance(one, str)]
        firsts, lasts = zip(*[one for one in done if not isinstance(one, str)], strict=True)
        middle = (statistics.median(firsts), max(lasts))
        print(
            f"{name:10}{count - len(errors):8}{len(errors):8}{middle[0]:10.2f}{middle[1]:9.2f}{seconds:8.2f}{(count - len(errors)) * pieces / seconds:10.0f}"
        )
        for words in sorted(set(errors))[:3]:
            print(f"  {words}")


async def _stream(address: str, key: str, model: str, pieces: int, pause: float) -> tuple[float, float] | str:
    """One stream, read as cheaply as can be, for the reader shares the machine: seconds to its first piece and its end, or what is wrong."""
    start, first, text = time.perf_counter(), 0.0, ""
    user = f"pause {pause}"
    question = {"model": model, "messages": [{"role": "user", "content": user}], "max_tokens": pieces, "stream": True}
    try:
        async with _asked(address, key, question) as lines:
            async for line in lines:
                if line.startswith(b"data: [DONE]"):
                    break
                if not line.startswith(b"data: {"):
                    continue
                said = json.loads(line[6:])
                if "error" in said:
                    return str(said["error"]["message"])
                for choice in said["choices"]:
                    if piece := choice["delta"].get("content"):
                        first = first or time.perf_counter() - start
                        text += piece
    except (OSError, EOFError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    whole = "".join(_words(pieces))
    return (first, time.perf_counter() - start) if text == whole else f"{len(text)} letters instead of {len(whole)}"


@asynccontextmanager
async def _asked(address: str, key: str, question: dict[str, object]) -> AsyncIterator[AsyncIterator[bytes]]:
    host, _, port = address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = json.dumps(question).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if " 200 " not in head.partition("\r\n")[0]:
            raise ValueError(head.partition("\r\n")[0])
        yield reader
    finally:
        writer.close()


# --- what stands behind it --------------------------------------------------------------------------------------------


def _words(count: int) -> list[str]:
    return [f"word {at} " for at in range(count)]


async def upstream() -> None:
    """As little of a server as there can be: so many words as tokens were asked for, with the pause that the question names."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
                asked = json.loads(await reader.readexactly(length))
                said = asked["messages"][-1]["content"].split()
                pause = float(said[1]) if said[0] == "pause" else 0.0
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                )
                words = _words(asked["max_tokens"])
                for word in words:
                    writer.write(_chunk({"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}))
                    if pause:
                        await asyncio.sleep(pause)
                writer.write(_chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
                usage = {"prompt_tokens": 10, "completion_tokens": len(words), "total_tokens": 10 + len(words)}
                writer.write(_chunk({"choices": [], "usage": usage}) + _sized(b"data: [DONE]\n\n") + b"0\r\n\r\n")
                await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _chunk(more: dict[str, object]) -> bytes:
    said = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", **more}
    return _sized(f"data: {json.dumps(said)}\n\n".encode())


def _sized(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _settings(folder: Path, server: str) -> Settings:
    folder.mkdir(exist_ok=True)
    routes = [{"for": ["build", "edit", "repair", "custom", "chat"], "use": f"{server}/v1#m"}]
    return load(folder, {}, data=folder, gateway={"routes": routes, **LIMITS})


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The addresses of a server and of a gateway in front of it, each in a process of its own, and a key."""
    behind = subprocess.Popen([sys.executable, __file__, "--upstream"], stdout=subprocess.PIPE, text=True)
    assert behind.stdout
    server = f"http://127.0.0.1:{behind.stdout.readline().strip()}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    limits = "".join(f"{name} = {value}\n" for name, value in LIMITS.items())
    route = f'[[gateway.routes]]\nfor = ["build", "edit", "repair", "custom", "chat"]\nuse = "{server}/v1#m"\n'
    (folder / "espalier.toml").write_text(f"[gateway]\n{limits}\n{route}")
    engine = open_store(folder / "espalier-data")
    key = Keys(engine).make("benchmark")
    engine.dispose()
    front = subprocess.Popen(
        [sys.executable, "-m", "espalier.cli", "gateway", "--port", str(port)],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"ESPALIER_MODEL": f"{server}/v1#m"},
    )
    assert front.stderr
    print(front.stderr.readline().strip())
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server, f"http://127.0.0.1:{port}", key
    finally:
        for process in (front, behind):
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main()
