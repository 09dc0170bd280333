"""An endpoint on a server that speaks OpenAI's protocol: llama.cpp, vLLM, or a model that is rented.

The key comes from the settings alone, so that it is sent where its owner means it to go; it is never shown or logged. Grammars and
answers that continue a beginning are beyond the protocol: they are used when the settings say that the server knows them.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import openai

from espalier.config import Settings

from .endpoint import Answer, Ask, Stream, whole
from .errors import EndpointDown, ModelError, PromptTooLong

RETRIES = 4  # with growing pauses, as the server asks for
LINGER = 0.5  # seconds that the end of a stream may take to follow its last word
CONTEXT = 32_768  # what nearly every server holds today; one that holds less says so


class Remote:
    """A model on a server. address: `https://server/v1#model`, the model after the hash. key_from: what holds its key, for words."""

    trained = False
    line_ends_join = True
    context = CONTEXT

    def __init__(
        self, address: str, settings: Settings, *, retries: int = RETRIES, key_from: str = "ESPALIER_MODEL_KEY"
    ) -> None:
        split = urlsplit(address)
        if not split.fragment or not split.hostname:
            raise ModelError(f"`{split.hostname or address}` lacks the model: write `https://server/v1#model`.")
        if split.username or split.password:
            raise ModelError(f"A key does not belong in an address, which is shown: set {key_from}.")
        self.model = split.fragment
        self.name = f"{split.hostname}#{self.model}"
        self.grammars = bool(settings.model_server)
        self.seconds = settings.model_seconds
        self._server = settings.model_server
        self._key = settings.model_key
        self._key_from = key_from
        self._client = openai.AsyncOpenAI(
            base_url=urlunsplit(split._replace(fragment="")),
            api_key=settings.model_key.get_secret_value() or "none",
            timeout=settings.model_seconds,
            max_retries=retries,
            organization=None,
            project=None,
        )

    def stream(self, ask: Ask) -> Stream:
        """The answer in pieces; see Endpoint."""
        return Stream(self._answer(ask))

    async def complete(self, ask: Ask) -> Answer:
        """The answer at once; see Endpoint."""
        return await whole(self.stream(ask))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _answer(self, ask: Ask) -> AsyncGenerator[str | Answer, None]:
        start = time.perf_counter()
        pieces: list[str] = []
        first, finish, usage = 0.0, "stop", dict[str, Any]()
        # Chunks are read here: the client's own objects take two thirds of the time that an answer costs (benchmarks/gateway.py).
        asking = self._client.chat.completions.with_streaming_response.create(**self._request(ask))
        try:
            async with asking as response:
                lines = response.iter_lines()
                async for line in lines:
                    if not line.startswith("data:"):
                        continue
                    if (data := line[5:].strip()) == "[DONE]":
                        await _to_the_end(lines)
                        break
                    chunk = json.loads(data)
                    if error := chunk.get("error"):
                        raise EndpointDown(f"{self.name} failed in the middle of an answer: {self._plain(error)}")
                    usage = chunk.get("usage") or usage
                    for choice in chunk["choices"][:1]:
                        finish = choice.get("finish_reason") or finish
                        if piece := choice["delta"].get("content"):
                            first = first or time.perf_counter() - start
                            pieces.append(piece)
                            yield piece
                    if time.perf_counter() - start > self.seconds:
                        raise EndpointDown(f"The answer took more than {self.seconds:g} s and was given up.")
        except openai.OpenAIError as error:
            raise self._words(error) from None  # its own text may quote headers
        except httpx.TimeoutException:
            raise EndpointDown(f"{self.name} said nothing more for {self.seconds:g} s and was given up.") from None
        except Exception as error:
            if isinstance(error, ModelError):
                raise
            raise EndpointDown(f"{self.name} broke off in the middle of an answer: {type(error).__name__}.") from error
        seconds = time.perf_counter() - start
        yield Answer(
            text="".join(pieces),
            tokens_in=usage.get("prompt_tokens") or 0,
            tokens_cached=(usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
            tokens_out=usage.get("completion_tokens") or 0,
            seconds=seconds,
            first=first or seconds,
            finish="length" if finish == "length" else "stop",
            model=self.name,
        )

    def _request(self, ask: Ask) -> dict[str, Any]:
        if ask.adapter:
            raise ModelError(f"{self.name} has no adapters of ours: name the model after the `#` of its address.")
        if (ask.begun or ask.grammar) and not self.grammars:
            raise ModelError(f"{self.name} is not known to hold grammars: set `model_server` when it does.")
        how, extra = ask.sampling, {}
        messages: list[dict[str, str]] = [dict(turn) for turn in ask.messages]  # type: ignore[arg-type]
        if ask.begun:
            messages.append({"role": "assistant", "content": ask.begun})
        if self._server == "llama.cpp":
            extra = {"min_p": how.min_p, "top_k": 0, "cache_prompt": True, "grammar": ask.grammar}
        elif self._server == "vllm":
            extra = {"min_p": how.min_p, "structured_outputs": {"grammar": ask.grammar}}
            if ask.begun:
                extra |= {"continue_final_message": True, "add_generation_prompt": False}
        if not ask.grammar:
            extra.pop("grammar", None)
            extra.pop("structured_outputs", None)
        said = {
            "messages": messages,
            "temperature": how.temperature,
            "top_p": how.top_p,
            "seed": how.seed,
            "max_tokens": how.max_tokens,
            "stream_options": {"include_usage": True},
            **extra,
        }
        if ask.stop:
            said["stop"] = list(ask.stop)
        # What is in the body already is sent as it is; as arguments the client would first look through all of it.
        return {"model": self.model, "messages": [], "stream": True, "extra_body": said}

    def _words(self, error: openai.OpenAIError) -> ModelError:
        """The error in words, without what may hold a key."""
        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return EndpointDown(f"{self.name} does not take the key. Set {self._key_from} to one that it knows.")
            case openai.NotFoundError():
                return EndpointDown(
                    f"{self.name} is not there: the server knows no such model, or the address lacks `/v1`."
                )
            case openai.RateLimitError():
                return EndpointDown(f"{self.name} has had enough for now, or its budget is used up. Try again later.")
            case openai.APITimeoutError():
                return EndpointDown(f"{self.name} did not answer within {self.seconds:g} s.")
            case openai.APIConnectionError():
                return EndpointDown(f"{self.name} cannot be reached. Is the server running, and the address right?")
            case openai.BadRequestError():
                said = self._said(error)
                if any(word in said.lower() for word in ("context", "too long", "maximum")):
                    return PromptTooLong(f"This is too long for {self.name}: {said}")
                return EndpointDown(f"{self.name} refused the question: {said}")
            case openai.APIStatusError():
                return EndpointDown(f"{self.name} failed with status {error.status_code}. Try again later.")
        return EndpointDown(f"{self.name} failed: {type(error).__name__}.")

    def _said(self, error: openai.APIStatusError) -> str:
        return self._plain(error.body)

    def _plain(self, body: object) -> str:
        """The words of an error, without the key that they may quote."""
        key = self._key.get_secret_value()
        words = str((body.get("message") if isinstance(body, dict) else body) or "it gives no reason")[:300]
        return words.replace(key, "***") if key else words


async def _to_the_end(lines: AsyncIterator[str]) -> None:
    """Read what follows the last word, which is nothing, so that the connection can be used again; a server that keeps it open is not
    waited for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER):
            async for _ in lines:
                pass
