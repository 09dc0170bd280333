"""What every model is to the rest of the house: something that is asked and answers, in pieces.

Where it runs (in a process beside this one, on a server far away) is the business of the files that implement it: embedded.py,
remote.py. What is asked is prompt.py's; how several asks become an app is build.py's.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, TypedDict


class Message(TypedDict):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Sampling:
    """How words are chosen. temperature 0 always takes the likeliest; max_tokens bounds the answer."""

    temperature: float = 0.0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    max_tokens: int = 1500


@dataclass(frozen=True)
class Ask:
    """One question.

    begun: the start of the answer, already written, which is continued. grammar: GBNF that what follows `begun` must keep to;
    empty for none. adapter: by name; None for the endpoint's own, empty for the bare base. stop: texts that end the answer
    and are left out of it.
    """

    messages: Sequence[Message]
    begun: str = ""
    sampling: Sampling = field(default_factory=Sampling)
    grammar: str = ""
    adapter: str | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A whole answer and what it took. text is without `begun`; tokens_cached of tokens_in were known from before; seconds
    are since the asking, waiting for a turn included, and `first` is when the first piece came."""

    text: str
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    seconds: float = 0
    first: float = 0
    finish: Literal["stop", "length"] = "stop"
    model: str = ""
    adapter: str = ""


class Stream:
    """An answer on its way: iterate over its pieces of text, then take `answer`.

    Leaving early cancels the rest and frees its place: use it in an `async with`, or call `aclose`.
    """

    def __init__(self, parts: AsyncGenerator[str | Answer, None]) -> None:
        self._parts = parts
        self._answer: Answer | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        if self._answer is not None:
            raise StopAsyncIteration
        part = await anext(self._parts)
        if isinstance(part, str):
            return part
        self._answer = part
        await self._parts.aclose()
        raise StopAsyncIteration

    @property
    def answer(self) -> Answer:
        """The whole answer, once the pieces are at an end."""
        if self._answer is None:
            raise RuntimeError("the answer is whole only after its last piece")
        return self._answer

    async def aclose(self) -> None:
        """Take no more; the endpoint stops writing."""
        await self._parts.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class Endpoint(Protocol):
    """A model that can be asked. Every way of asking raises ModelError, with words for a person, when it cannot answer."""

    @property
    def name(self) -> str: ...

    @property
    def trained(self) -> bool:
        """Is it our adapter, which needs no card in its prompt?"""
        ...

    @property
    def grammars(self) -> bool:
        """Can it hold a grammar and continue `begun`?"""
        ...

    @property
    def line_ends_join(self) -> bool:
        """Are a colon and the line's end one token? For the places where stages of decoding end."""
        ...

    @property
    def context(self) -> int:
        """Tokens of prompt and answer together."""
        ...

    def stream(self, ask: Ask) -> Stream:
        """The answer in pieces."""
        ...

    async def complete(self, ask: Ask) -> Answer:
        """The answer at once."""
        ...

    async def close(self) -> None:
        """Let go of what it holds; it is not asked again."""
        ...


async def whole(stream: Stream) -> Answer:
    """A stream's answer, its pieces aside."""
    async with stream:
        async for _ in stream:
            pass
        return stream.answer
