"""An endpoint on this machine: a worker process with a base model and its adapters, asked over its own address.

It starts with the first question, is started anew when it dies, and can be changed for one with other adapters while it is being
asked. A question that was under way when the worker died is asked once more, unless a part of the answer was given out already.
Every question ends within its time: with an answer or with words that say why not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .endpoint import Answer, Ask, Stream, whole
from .errors import EndpointDown, ModelError, PromptTooLong
from .loopback import Declined, Gone, Hung
from .loopback import ask as ask_worker
from .prompt import render
from .slots import Slot, Slots
from .worker import Options, Worker

SILENT = 20.0  # seconds without a sign of life, of which there is one every five, until a worker counts as hung
LEAST = 512  # tokens that must be left for an answer, or as many as were asked for
TRIES = 3  # starts in a row that may fail


class _Lost(Exception):
    """The worker went away under a question."""


@dataclass(frozen=True)
class _Clock:
    """The time of one question."""

    limit: float
    start: float = field(default_factory=time.perf_counter)

    @property
    def passed(self) -> float:
        return time.perf_counter() - self.start


@dataclass
class _Running:
    """A worker with what this side of it needs."""

    worker: Worker
    slots: Slots
    asked: int = 0  # questions under way
    heard: float = 0.0  # when it last wrote something, for whomever
    retired: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class Embedded:
    """A base model with adapters in a process of its own.

    adapters: files by name, all of them loaded; adapter: the one that answers when a question names none, empty for the bare base.
    seconds: how long one answer may take. One event loop at a time may use it.
    """

    grammars = True

    def __init__(
        self,
        name: str,
        model: Path,
        adapters: Mapping[str, Path] | None = None,
        adapter: str = "",
        *,
        options: Options | None = None,
        line_ends_join: bool = False,
        seconds: float = 300.0,
    ) -> None:
        self.name = name
        self.model = model
        self.adapter = adapter
        self.trained = bool(adapter)
        self.line_ends_join = line_ends_join
        self.seconds = seconds
        self._options = options or Options()
        self.context = self._options.context
        self._adapters = dict(adapters or {})
        self._running: _Running | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starting = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def pid(self) -> int:
        """The worker's process; 0 when there is none."""
        return self._running.worker.pid if self._running else 0

    def stream(self, ask: Ask) -> Stream:
        """The answer in pieces; see Endpoint."""
        return Stream(self._answer(ask))

    async def complete(self, ask: Ask) -> Answer:
        """The answer at once; see Endpoint."""
        return await whole(self.stream(ask))

    async def start(self) -> None:
        """Load the model now, instead of with the first question."""
        await self._ready()

    async def swap(self, adapters: Mapping[str, Path], adapter: str) -> None:
        """From now on answer with these adapters. Questions under way are answered by the worker that has them; it ends after
        the last. When the new one cannot start, everything stays as it was and ModelError is raised."""
        if adapter and adapter not in adapters:
            raise ModelError(f"The adapter `{adapter}` is not among those to load: {', '.join(adapters) or 'none'}.")
        async with self._lock():
            fresh = await self._start(dict(adapters))
            old, self._running = self._running, fresh
            self._adapters, self.adapter, self.trained = dict(adapters), adapter, bool(adapter)
            if old:
                self._retire(old)

    async def close(self) -> None:
        """End the worker, and with it what it is at."""
        self._closed = True
        running, self._running = self._running, None
        if running:
            self._retire(running)
            running.gone.set()
        if self._leaving:
            await asyncio.gather(*self._leaving, return_exceptions=True)

    async def __aenter__(self) -> Embedded:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def count(self, text: str) -> int:
        """How many tokens a text has."""
        return await self._count(await self._ready(), text)

    # --- asking -------------------------------------------------------------------------------------------------------

    async def _answer(self, ask: Ask) -> AsyncGenerator[str | Answer, None]:
        clock = _Clock(self.seconds)
        adapter = self.adapter if ask.adapter is None else ask.adapter
        text = render(ask.messages) + ask.begun
        for last in (False, True):
            running = await self._ready()
            said = False
            running.asked += 1
            try:
                async with aclosing(self._asked(running, ask, text, adapter, clock)) as parts:
                    async for part in parts:
                        said = True
                        yield part
                return
            except _Lost as error:
                if not running.retired:
                    await self._bury(running)
                if said:
                    raise EndpointDown(
                        "The model's process ended in the middle of an answer. It is started anew: ask again."
                    ) from error
                if last:
                    raise EndpointDown(f"The model's process ended twice over this question. {error}") from error
            finally:
                running.asked -= 1
                if running.retired and not running.asked:
                    running.gone.set()

    async def _asked(
        self, running: _Running, ask: Ask, text: str, adapter: str, clock: _Clock
    ) -> AsyncGenerator[str | Answer, None]:
        tokens = await self._fit(running, ask, text)
        body = self._body(running, ask, text, adapter)
        pieces: list[str] = []
        first = 0.0
        slot: Slot | None = None
        try:
            async with self._in_time(clock):
                slot = await running.slots.acquire(adapter, text, tokens + ask.sampling.max_tokens)
            body["id_slot"] = slot.number
            async with aclosing(self._events(running, body, clock)) as events:
                async for event in events:
                    if piece := event.get("content", ""):
                        first = first or clock.passed
                        pieces.append(piece)
                        yield piece
                    if event.get("stop"):
                        yield self._whole(event, "".join(pieces), adapter, clock, first)
                        return
            raise _Lost(running.worker.last_words()[:300])
        finally:
            if slot:
                running.slots.release(slot, text + "".join(pieces))

    @asynccontextmanager
    async def _in_time(self, clock: _Clock) -> AsyncIterator[None]:
        """For a wait without a piece of the answer in it."""
        try:
            async with asyncio.timeout(clock.limit - clock.passed):
                yield
        except TimeoutError:
            raise EndpointDown(
                f"The model was busy with other questions for {clock.limit:g} s. Ask again later."
            ) from None

    def _body(self, running: _Running, ask: Ask, text: str, adapter: str) -> dict[str, Any]:
        how = ask.sampling
        try:
            lora = running.worker.lora(adapter)
        except KeyError:
            known = ", ".join(running.worker.numbers) or "none"
            raise ModelError(f"There is no adapter `{adapter}` for {self.model.name}; there is: {known}.") from None
        body: dict[str, Any] = {
            "prompt": text,
            "stream": True,
            "n_predict": how.max_tokens,
            "temperature": how.temperature,
            "top_k": 0,
            "top_p": how.top_p,
            "min_p": how.min_p,
            "seed": how.seed,
            "cache_prompt": True,
            "lora": lora,
            "response_fields": ["content", "stop", "stop_type", "truncated", "timings"],
        }
        if ask.grammar:
            body["grammar"] = ask.grammar
        if ask.stop:
            body["stop"] = list(ask.stop)
        return body

    def _whole(self, event: dict[str, Any], text: str, adapter: str, clock: _Clock, first: float) -> Answer:
        timings = event.get("timings", {})
        cached, read = int(timings.get("cache_n", 0)), int(timings.get("prompt_n", 0))
        seconds = clock.passed
        return Answer(
            text=text,
            tokens_in=cached + read,
            tokens_cached=cached,
            tokens_out=int(timings.get("predicted_n", 0)),
            seconds=seconds,
            first=first or seconds,
            finish="length" if event.get("stop_type") == "limit" else "stop",
            model=self.name,
            adapter=adapter,
        )

    async def _events(
        self, running: _Running, body: dict[str, Any], clock: _Clock
    ) -> AsyncGenerator[dict[str, Any], None]:
        """What llama.cpp says, one event a token."""
        worker = running.worker
        try:
            async with aclosing(ask_worker(worker.address, worker.key, "/completion", body, SILENT)) as events:
                async for event in events:
                    if clock.passed > clock.limit:
                        if running.heard < clock.start:  # nor has anybody else heard of it since
                            worker.kill()
                        raise EndpointDown(f"The answer took more than {clock.limit:g} s and was given up.")
                    if "error" in event:
                        raise self._refusal(event)
                    if event:
                        running.heard = time.perf_counter()
                        yield event
        except Declined as error:
            raise self._refusal(error.said) from None
        except Gone as error:
            if isinstance(error, Hung):
                worker.kill()
            raise _Lost(f"{error} {worker.last_words()[:300]}") from error

    def _refusal(self, said: dict[str, Any]) -> Exception:
        error = said.get("error") or {}
        words = str(error.get("message", said)) if isinstance(error, dict) else str(error)
        if isinstance(error, dict) and error.get("type") == "exceed_context_size_error":
            return self._too_long(int(error.get("n_prompt_tokens", 0)))
        if "grammar" in words:
            return ModelError(f"llama.cpp does not understand the grammar that the answer was to keep to: {words}")
        if error.get("code") == 503 if isinstance(error, dict) else False:
            return _Lost(words)
        return EndpointDown(f"The model could not answer: {words}")

    async def _fit(self, running: _Running, ask: Ask, text: str) -> int:
        """About how many tokens a text has. Raises PromptTooLong when they leave no room for an answer."""
        room = self.context - min(ask.sampling.max_tokens, LEAST)
        size = len(text.encode("utf-8", "replace"))
        if size <= room:
            return size // 2  # no token is less than a byte, and few are less than two
        tokens = await self._count(running, text) if size <= room * 40 else size // 8
        if tokens > room:
            raise self._too_long(tokens, room)
        return tokens

    def _too_long(self, tokens: int, room: int = 0) -> PromptTooLong:
        room = room or self.context - LEAST
        return PromptTooLong(
            f"This is too long for the model: {tokens:,} tokens where {room:,} fit. Leave out what matters least.",
            tokens,
            room,
        )

    async def _count(self, running: _Running, text: str) -> int:
        worker, body = running.worker, {"content": text, "parse_special": True}
        try:
            async with aclosing(ask_worker(worker.address, worker.key, "/tokenize", body, SILENT)) as answers:
                return len((await anext(answers))["tokens"])
        except (Gone, Declined, KeyError) as error:
            raise _Lost(str(error)) from error

    # --- the worker ---------------------------------------------------------------------------------------------------

    def _lock(self) -> asyncio.Lock:
        """The lock of the running loop; what belongs to an earlier loop is let go."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._starting, self._leaving = loop, asyncio.Lock(), set()
            if self._running:
                self._running = self._around(self._running.worker)
        return self._starting

    async def _ready(self) -> _Running:
        """A worker that lives, started when there is none."""
        async with self._lock():
            if self._closed:
                raise EndpointDown(f"{self.name} was closed.")
            running = self._running
            if running and running.worker.alive:
                return running
            if running:
                self._retire(running)
            self._running = await self._start(self._adapters)
            return self._running

    async def _start(self, adapters: dict[str, Path]) -> _Running:
        for left in reversed(range(TRIES)):
            worker = Worker(self.model, adapters, self._options)
            try:
                await asyncio.to_thread(worker.start)
                return self._around(worker)
            except EndpointDown:
                if not left:
                    raise
            except asyncio.CancelledError:
                worker.kill()
                raise
        raise AssertionError

    def _around(self, worker: Worker) -> _Running:
        return _Running(worker, Slots(self._options.slots, self._options.room))

    async def _bury(self, running: _Running) -> None:
        """What is dead is asked no more."""
        async with self._lock():
            if self._running is running:
                self._running = None
                self._retire(running)

    def _retire(self, running: _Running) -> None:
        """Let it answer what it was asked, then end it."""
        running.retired = True
        if not running.asked or not running.worker.alive:
            running.gone.set()
        task = asyncio.get_running_loop().create_task(self._leave(running))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _leave(self, running: _Running) -> None:
        await running.gone.wait()
        await asyncio.to_thread(running.worker.stop)
