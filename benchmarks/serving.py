"""Serving: what our endpoint costs on top of llama.cpp, what the prompt cache and an adapter do.

    .venv/bin/python benchmarks/serving.py [MODEL] [--rounds 5] [--tokens 128] [--adapter FILE]

MODEL is `small` when not given. Three ways to the same model with the same settings take turns in one run, each in a process of its
own: `calls`, xllamacpp's `handle_completions` from threads of that very process, without HTTP; `http`, a plain server asked over
HTTP for whole answers; `ours`, the endpoint, streaming token by token to another process. Each answer has exactly so many
tokens. Printed: tokens a second of all streams together, medians over the rounds, and our share of the others' speed,
the median of the shares of each round. What is first in a round changes from round to round.

Then: seconds to the first token of a prompt of about 600 tokens when it is new, when it was just read, and when it goes on from
what was just written, as stages do; and tokens a second with the adapter, when there is one, against without.
"""

from __future__ import annotations

import argparse
import asyncio
import concurrent.futures
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from espalier.blueprint.card import EXAMPLE
from espalier.config import load
from espalier.model import Ask, Sampling, adapters, store
from espalier.model.bases import base
from espalier.model.embedded import Embedded
from espalier.model.errors import ModelError
from espalier.model.machine import cores
from espalier.model.prompt import build_messages, edit_messages, render
from espalier.model.worker import Options

SLOTS = 8
STREAMS = (1, 8)


class Endless(Embedded):
    """The endpoint, with answers that do not end before they are as long as asked for."""

    def _body(self, *given: Any) -> dict[str, Any]:
        return super()._body(*given) | {"ignore_eos": True}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default="small")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--adapter", type=Path)
    given = parser.parse_args()
    settings = load()
    file = store.need(base(given.model), settings)
    if given.adapter is None:
        try:
            given.adapter = adapters.in_use(base(given.model).tier, settings).verified()
        except ModelError as error:
            print(error)
    print(
        f"{base(given.model).about}, {cores()} threads, load {os.getloadavg()[0]:.1f}, {given.rounds} rounds of {given.tokens} tokens"
    )
    print(f"by: .venv/bin/python {' '.join(sys.argv)}")
    overhead(file, given.rounds, given.tokens)
    asyncio.run(caching(file))
    if given.adapter:
        asyncio.run(with_adapter(file, given.adapter, given.rounds, given.tokens))


# --- three ways -------------------------------------------------------------------------------------------------------


def overhead(file: Path, rounds: int, tokens: int) -> None:
    """The three ways in turn."""
    loop = asyncio.new_event_loop()
    ours = Endless("ours", file, options=Options(slots=SLOTS))
    with Plain(file) as plain:
        ways: dict[str, Callable[[int], float]] = {
            "calls": lambda streams: plain.calls(streams, tokens),
            "http": lambda streams: plain.http(streams, tokens),
            "ours": lambda streams: loop.run_until_complete(streamed(ours, streams, tokens)),
        }
        for way in ways.values():
            way(SLOTS)  # every slot has worked once
        print(f"\n{'streams':8}" + "".join(f"{name:>9}" for name in ways) + "   tokens/s       ours/calls  ours/http")
        for streams in STREAMS:
            speeds: dict[str, list[float]] = {name: [] for name in ways}
            for at in range(rounds):
                names = list(ways)
                for name in names[at % 3 :] + names[: at % 3]:
                    speeds[name].append(ways[name](streams))
            shares = [
                statistics.median(mine / theirs for mine, theirs in zip(speeds["ours"], speeds[other], strict=True))
                for other in ("calls", "http")
            ]
            figures = "".join(f"{statistics.median(each):9.1f}" for each in speeds.values())
            print(f"{streams:<8}{figures}{'':18}{shares[0]:8.3f}{shares[1]:11.3f}")
    loop.run_until_complete(ours.close())
    loop.close()


def question(number: int) -> str:
    return render(build_messages(f"A shop for kites, number {number}"))


def body(number: int, tokens: int) -> dict[str, Any]:
    return {
        "prompt": question(number),
        "n_predict": tokens,
        "temperature": 0.0,
        "ignore_eos": True,
        "cache_prompt": True,
        "id_slot": number,
    }


async def streamed(endpoint: Embedded, streams: int, tokens: int, adapter: str | None = None) -> float:
    """Tokens a second of all streams together through our endpoint."""

    async def one(number: int) -> int:
        ask = Ask(
            build_messages(f"A shop for kites, number {number}"),
            sampling=Sampling(max_tokens=tokens),
            adapter=adapter,
        )
        async with endpoint.stream(ask) as stream:
            async for _ in stream:
                pass
            return stream.answer.tokens_out

    start = time.perf_counter()
    written = sum(await asyncio.gather(*(one(number) for number in range(streams))))
    assert written == streams * tokens, f"{written} tokens instead of {streams * tokens}"
    return written / (time.perf_counter() - start)


class Plain:
    """llama.cpp as xllamacpp serves it, in a process of its own that does nothing else."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> Plain:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_plain, args=(str(self._file), theirs), daemon=True)
        self._process.start()
        self._address = self._pipe.recv()
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe.send(None)
        self._process.join(10)
        self._process.kill()

    def calls(self, streams: int, tokens: int) -> float:
        self._pipe.send((streams, tokens))
        return float(self._pipe.recv())

    def http(self, streams: int, tokens: int) -> float:
        with (
            httpx.Client(base_url=self._address, timeout=600) as client,
            concurrent.futures.ThreadPoolExecutor(SLOTS) as pool,
        ):
            start = time.perf_counter()
            answers = list(
                pool.map(lambda number: client.post("/completion", json=body(number, tokens)), range(streams))
            )
            seconds = time.perf_counter() - start
        assert all(answer.json()["tokens_predicted"] == tokens for answer in answers)
        return streams * tokens / seconds


def _plain(file: str, pipe: Any) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = file
    params.n_ctx, params.n_parallel, params.kv_unified = Options(slots=SLOTS).room, SLOTS, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = cores()
    params.verbosity, params.cache_ram_mib, params.cache_idle_slots = 0, 0, False
    server = xllamacpp.Server(params)
    pipe.send(server.listening_address)
    with concurrent.futures.ThreadPoolExecutor(SLOTS) as pool:
        while asked := pipe.recv():
            streams, tokens = asked
            start = time.perf_counter()
            list(pool.map(server.handle_completions, [body(number, tokens) for number in range(streams)]))
            pipe.send(streams * tokens / (time.perf_counter() - start))
    os._exit(0)


# --- what else counts -------------------------------------------------------------------------------------------------


async def caching(file: Path) -> None:
    """Seconds to the first token."""
    async with Endless("cache", file) as endpoint:
        await endpoint.complete(Ask(build_messages("warm"), sampling=Sampling(max_tokens=1)))
        messages = edit_messages(EXAMPLE, "Clients can cancel a job until the day before it is due.")
        one = Ask(messages, sampling=Sampling(max_tokens=64))
        new = await endpoint.complete(one)
        read = await endpoint.complete(one)
        on = await endpoint.complete(Ask(messages, begun=read.text, sampling=Sampling(max_tokens=1)))
        print(f"\nfirst token of a prompt of {new.tokens_in} tokens, ms")
        for name, answer in (("new", new), ("just read", read), ("going on from its answer", on)):
            print(f"  {name:26}{answer.first * 1000:8.1f}   ({answer.tokens_in - answer.tokens_cached} tokens read)")


async def with_adapter(file: Path, adapter: Path, rounds: int, tokens: int) -> None:
    """With and without, in turn, in one process that has the adapter loaded."""
    async with Endless("adapter", file, {"one": adapter}) as endpoint:
        print("\nstreams   bare   adapter   tokens/s    adapter/bare")
        for streams in (1, 4):
            speeds: dict[str, list[float]] = {"": [], "one": []}
            for name in speeds:
                await streamed(endpoint, streams, 8, name)
            for _ in range(rounds):
                for name, each in speeds.items():
                    each.append(await streamed(endpoint, streams, tokens, name))
            bare, dressed = (statistics.median(each) for each in speeds.values())
            share = statistics.median(b / a for a, b in zip(*speeds.values(), strict=True))
            print(f"{streams:<8}{bare:7.1f}{dressed:9.1f}{'':15}{share:8.3f}")


if __name__ == "__main__":
    main()
