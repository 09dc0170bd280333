"""An endpoint on a server that speaks OpenAI's protocol: llama.cpp, vLLM, or a model that is rented.

The key comes from the settings alone, so that it is sent where its owner means it to go; it is never shown or logged. Grammars and
answers that continue a beginning are beyond the protocol: they are used when the settings say that the server knows them.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import openai

from espalier.config import Settings

from .endpoint import Answer, Ask, Stream, whole
from .errors import EndpointDown, ModelError, PromptTooLong

RETRIES = 4  # with growing pauses, as the server asks for
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
        try:
            response = await self._client.chat.completions.create(**self._request(ask))
        except openai.OpenAIError as error:
            raise self._words(error) from None  # its own text may quote headers
        pieces: list[str] = []
        first, finish, usage = 0.0, "stop", None
        try:
            async for chunk in response:
                usage = chunk.usage or usage
                for choice in chunk.choices[:1]:
                    finish = choice.finish_reason or finish
                    if piece := choice.delta.content:
                        first = first or time.perf_counter() - start
                        pieces.append(piece)
                        yield piece
                if time.perf_counter() - start > self.seconds:
                    raise EndpointDown(f"The answer took more than {self.seconds:g} s and was given up.")
        except openai.OpenAIError as error:
            raise self._words(error) from None
        except httpx.TimeoutException:
            raise EndpointDown(f"{self.name} said nothing more for {self.seconds:g} s and was given up.") from None
        except Exception as error:
            if isinstance(error, ModelError):
                raise
            raise EndpointDown(f"{self.name} broke off in the middle of an answer: {type(error).__name__}.") from error
        finally:
            await response.close()
        details = usage.prompt_tokens_details if usage else None
        seconds = time.perf_counter() - start
        yield Answer(
            text="".join(pieces),
            tokens_in=usage.prompt_tokens if usage else 0,
            tokens_cached=(details.cached_tokens or 0) if details else 0,
            tokens_out=usage.completion_tokens if usage else 0,
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
        return {
            "model": self.model,
            "messages": messages,
            "temperature": how.temperature,
            "top_p": how.top_p,
            "seed": how.seed,
            "max_tokens": how.max_tokens,
            "stop": list(ask.stop) or None,
            "stream": True,
            "stream_options": {"include_usage": True},
            "extra_body": extra,
        }

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
        body = error.body if isinstance(error.body, dict) else {}
        key = self._key.get_secret_value()
        words = str(body.get("message") or "it gives no reason")[:300]
        return words.replace(key, "***") if key else words
