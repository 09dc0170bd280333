"""OpenAI's chat completions: the question read, the answer written, whole or in chunks, and what went wrong in their shape.

A model of ours writes blueprints, so what it is asked is read as that (model/conversation.py) and its answer is held to the
grammar; every other model gets the chat as it is.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from espalier.model.call import PURPOSES, Purpose
from espalier.model.conversation import Work, read_conversation
from espalier.model.decode import write
from espalier.model.endpoint import Answer, Ask, Message, Sampling
from espalier.model.errors import EndpointDown, ModelDamaged, ModelError, ModelMissing, PromptTooLong, Refused

from .errors import NoSuchModel, OverBudget, TooFast
from .fitting import BLUEPRINTS
from .gateway import Gateway
from .routed import Routed

AUTO = "auto"  # the model that is whichever the routes choose for what is asked
LONGEST = 1500  # tokens of a blueprint, when nothing is said
LONGEST_CHAT = 4096
DONE = b"data: [DONE]\n\n"


class BadQuestion(ValueError):
    """A request that cannot be answered as it is. param: which part of it."""

    def __init__(self, words: str, param: str | None = None) -> None:
        super().__init__(words)
        self.param = param


class Part(BaseModel):
    """A part of a message."""

    type: Literal["text"]
    text: str


class Turn(BaseModel):
    """A message."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]

    def message(self) -> Message:
        text = self.content if isinstance(self.content, str) else "".join(part.text for part in self.content)
        return {"role": "system" if self.role == "developer" else self.role, "content": text}


class StreamOptions(BaseModel):
    include_usage: bool = False


class Question(BaseModel):
    """A request for a chat completion, as far as it is understood."""

    model_config = ConfigDict(extra="allow")

    model: str = AUTO
    messages: list[Turn] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int | None = None
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    stop: str | list[str] | None = None

    @property
    def stops(self) -> tuple[str, ...]:
        return tuple(one for one in ([self.stop] if isinstance(self.stop, str) else self.stop or []) if one)

    def sampling(self, purpose: Purpose) -> Sampling:
        """How to choose words: a blueprint takes the likeliest unless told otherwise, a chat does as OpenAI's."""
        ours = purpose in BLUEPRINTS
        heat = (0.0 if ours else 1.0) if self.temperature is None else self.temperature
        most = self.max_completion_tokens or self.max_tokens or (LONGEST if ours else LONGEST_CHAT)
        return Sampling(heat, 1.0 if self.top_p is None else self.top_p, 0.0, (self.seed or 0) % 2**31, most)


# What is not done, and what it is when it asks for nothing.
UNDONE: dict[str, tuple[Any, ...]] = {
    "tools": ([],),
    "functions": ([],),
    "response_format": ({"type": "text"},),
    "n": (1,),
    "logprobs": (False,),
    "modalities": (["text"],),
    "audio": (),
    "logit_bias": ({},),
    "frequency_penalty": (0,),
    "presence_penalty": (0,),
}


def read_question(body: bytes) -> Question:
    """The question in a request's body. Raises BadQuestion."""
    try:
        question = Question.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors()[0]
        where = [str(part) for part in fault["loc"] if part not in ("str", "list[Part]")]
        if "content" in where:
            raise BadQuestion("A message is text, or a list of parts of text.", ".".join(where)) from None
        raise BadQuestion(f"{'.'.join(where) or 'The body'}: {fault['msg']}", ".".join(where) or None) from None
    for name, nothing in UNDONE.items():
        if (value := (question.model_extra or {}).get(name)) is not None and value not in nothing:
            why = "Blueprints are held to their grammar by themselves." if name == "response_format" else ""
            raise BadQuestion(f"`{name}` is not supported here; leave it out. {why}".rstrip(), name)
    return question


class Chat:
    """One question and its answer: `begin`, then either `whole` or `chunks`. Raises what a ModelError is from `begin` and `whole`."""

    def __init__(self, gateway: Gateway, question: Question, account: str) -> None:
        self.question = question
        messages = [turn.message() for turn in question.messages]
        self.endpoint, work = _work(gateway, question.model, messages, account)
        # A blueprint comes in stages, which a stop in the middle of one would not end.
        self._cut = question.stops if work.purpose in BLUEPRINTS else ()
        ask = Ask(work.messages, sampling=question.sampling(work.purpose), stop=() if self._cut else question.stops)
        parts = _written(self.endpoint, work, ask)
        self._parts = _until(self._cut, parts) if self._cut else parts
        self._first: str | Answer = ""
        self._created = int(time.time())

    async def begin(self) -> None:
        """Ask, and wait for the first piece."""
        try:
            self._first = await anext(self._parts)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """It is over, or nobody listens any more."""
        await self._parts.aclose()
        await self.endpoint.close()

    @property
    def id(self) -> str:
        """The call's, by which outcomes find it."""
        return f"chatcmpl-{self.endpoint.call}"

    @property
    def model(self) -> str:
        """What answers."""
        return self.endpoint.asked.name if self.endpoint.asked else self.question.model

    async def whole(self) -> dict[str, Any]:
        """The answer at once."""
        pieces: list[str] = []
        try:
            part = self._first
            while isinstance(part, str):
                pieces.append(part)
                part = await anext(self._parts)
        finally:
            await self.close()
        message = {"role": "assistant", "content": "".join(pieces), "refusal": None}
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self._created,
            "model": self.model,
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": part.finish}],
            "usage": _usage(part),
        }

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The answer as server-sent events. What goes wrong now is one of them."""
        base = {"id": self.id, "object": "chat.completion.chunk", "created": self._created, "model": self.model}
        head = f"data: {json.dumps(base)[:-1]}, "
        try:
            part = self._first
            yield f"{head}{_choice({'role': 'assistant', 'content': ''})}}}\n\n".encode()
            while isinstance(part, str):
                # By hand, because this is done for every token: a quarter of the time of dumping the whole of it.
                text = json.dumps(part)
                yield f'{head}"choices": [{{"index": 0, "delta": {{"content": {text}}}, "finish_reason": null}}]}}\n\n'.encode()
                part = await anext(self._parts)
            yield f"{head}{_choice({}, part.finish)}}}\n\n".encode()
            if self.question.stream_options and self.question.stream_options.include_usage:
                yield f'{head}"choices": [], "usage": {json.dumps(_usage(part))}}}\n\n'.encode()
            yield DONE
        except ModelError as error:
            yield f"data: {json.dumps(failure(error)[1])}\n\n".encode()
        finally:
            await self.close()


def _choice(delta: dict[str, str], finish: str | None = None) -> str:
    return f'"choices": {json.dumps([{"index": 0, "delta": delta, "finish_reason": finish}])}'


def _usage(answer: Answer) -> dict[str, Any]:
    return {
        "prompt_tokens": answer.tokens_in,
        "completion_tokens": answer.tokens_out,
        "total_tokens": answer.tokens_in + answer.tokens_out,
        "prompt_tokens_details": {"cached_tokens": answer.tokens_cached},
    }


def _work(gateway: Gateway, model: str, messages: list[Message], account: str) -> tuple[Routed, Work]:
    """Who is asked for what. Raises NoSuchModel and Refused."""
    if model == AUTO:
        work = read_conversation(messages)
        return gateway.endpoint(work.purpose, account=account), work
    if model in PURPOSES and model not in gateway.names:
        purpose: Purpose = model
        work = read_conversation(messages) if purpose in BLUEPRINTS else Work(purpose, tuple(messages))
        return gateway.endpoint(purpose, account=account), replace(work, purpose=purpose)
    endpoint = gateway.endpoint("chat", account=account, name=model)
    if not endpoint.trained:
        return endpoint, Work("chat", tuple(messages))
    work = read_conversation(messages)
    return gateway.endpoint(work.purpose, account=account, name=model), work


async def _written(endpoint: Routed, work: Work, ask: Ask) -> AsyncGenerator[str | Answer, None]:
    """The answer in pieces, then as a whole."""
    if work.purpose not in BLUEPRINTS:
        async with endpoint.stream(ask) as stream:
            async for piece in stream:
                yield piece
            yield stream.answer
        return
    pieces: asyncio.Queue[str | None] = asyncio.Queue()
    writing = asyncio.ensure_future(write(endpoint, ask, pieces.put_nowait, before=work.before))
    writing.add_done_callback(lambda _: pieces.put_nowait(None))
    try:
        while (written := await pieces.get()) is not None:
            yield written
        yield writing.result()
    finally:
        writing.cancel()
        with suppress(asyncio.CancelledError, ModelError):
            await writing


async def _until(
    stops: tuple[str, ...], parts: AsyncGenerator[str | Answer, None]
) -> AsyncGenerator[str | Answer, None]:
    """The parts, up to where one of these texts begins."""
    held, count = "", 0
    longest = max(len(stop) for stop in stops)
    try:
        async for part in parts:
            if isinstance(part, Answer):
                if held:
                    yield held
                yield part
                return
            held, count = held + part, count + 1
            found = [at for stop in stops if (at := held.find(stop)) >= 0]
            cut = min(found) if found else max(0, len(held) - longest + 1)
            if ready := held[:cut]:
                yield ready
            held = held[cut:]
            if found:
                yield Answer("", tokens_out=count)
                return
    finally:
        await parts.aclose()


def failure(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]]:
    """What went wrong: the status, OpenAI's shape of it, and headers. What was tried enough here is not to be tried again there."""
    final = {"x-should-retry": "false"}
    match error:
        case BadQuestion():
            return 400, _error(error, "invalid_request_error", None, error.param), {}
        case NoSuchModel():
            return 404, _error(error, "invalid_request_error", "model_not_found", "model"), {}
        case OverBudget():
            return 429, _error(error, "insufficient_quota", "insufficient_quota"), final
        case TooFast():
            return 429, _error(error, "rate_limit_error", "rate_limit_exceeded"), {"Retry-After": f"{error.wait:.0f}"}
        case PromptTooLong():
            return 400, _error(error, "invalid_request_error", "context_length_exceeded", "messages"), {}
        case Refused():
            return 400, _error(error, "invalid_request_error", "refused", "messages"), {}
        case EndpointDown() | ModelMissing() | ModelDamaged():
            return 503, _error(error, "server_error", "model_unavailable"), final
        case ModelError():
            return 400, _error(error, "invalid_request_error", None), {}
    return 500, _error("Something went wrong here; the server's log says what.", "server_error", None), final


def _error(words: object, kind: str, code: str | None, param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": str(words), "type": kind, "param": param, "code": code}}
