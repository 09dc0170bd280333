"""An endpoint that remembers where the stages of its answers ended, so that a build goes on from there after a restart.

Every question names the answer so far (`begun`); what was answered to it before is given out again at once, and only what nobody has
answered yet is asked for. The building itself need not know: it does the same work again, and most of it takes no time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator
from dataclasses import asdict
from typing import Any

from espalier.model.endpoint import Answer, Ask, Endpoint, Stream, whole

Memory = dict[str, list[Any]]  # by question: the text that was answered, and what it took


class Remembered:
    """An endpoint with a memory. memory: what was kept of an earlier run; it grows, and `news` counts its answers."""

    def __init__(self, endpoint: Endpoint, memory: Memory | None = None) -> None:
        self._endpoint = endpoint
        self.memory: Memory = dict(memory or {})
        self.news = 0
        self.recalled = 0  # answers that were given out again

    # What it is like is what the endpoint is like now: routes and adapters may change.

    @property
    def name(self) -> str:
        return self._endpoint.name

    @property
    def trained(self) -> bool:
        return self._endpoint.trained

    @property
    def grammars(self) -> bool:
        return self._endpoint.grammars

    @property
    def line_ends_join(self) -> bool:
        return self._endpoint.line_ends_join

    @property
    def context(self) -> int:
        return self._endpoint.context

    def stream(self, ask: Ask) -> Stream:
        """The answer in pieces; see Endpoint."""
        return Stream(self._answer(ask))

    async def complete(self, ask: Ask) -> Answer:
        """The answer at once; see Endpoint."""
        return await whole(self.stream(ask))

    async def close(self) -> None:
        """Let go of the endpoint."""
        await self._endpoint.close()

    async def _answer(self, ask: Ask) -> AsyncGenerator[str | Answer, None]:
        key = _key(ask)
        if key in self.memory:
            text, took = self.memory[key]
            self.recalled += 1
            if text:
                yield text
            yield Answer(text, **took)
            return
        async with self._endpoint.stream(ask) as stream:
            async for piece in stream:
                yield piece
            answer = stream.answer
        self.memory[key] = [answer.text, {name: getattr(answer, name) for name in _TOOK}]
        self.news += 1
        yield answer


_TOOK = ("tokens_in", "tokens_cached", "tokens_out", "seconds", "first", "finish", "model", "adapter")


def _key(ask: Ask) -> str:
    """The same for the same question. What the grammar is follows from the answer so far."""
    said = [
        list(map(dict, ask.messages)),
        ask.begun,
        asdict(ask.sampling) | {"max_tokens": 0},
        bool(ask.grammar),
        ask.adapter,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]
