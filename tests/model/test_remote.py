"""A server that speaks OpenAI's protocol: a real one (llama.cpp's own), and one that has its troubles."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from espalier.config import Settings
from espalier.model import Answer, Ask, EndpointDown, ModelError, PromptTooLong, Sampling
from espalier.model.endpoints import open_endpoint
from espalier.model.prompt import build_messages
from espalier.model.remote import Remote
from espalier.model.worker import Options, Worker
from tests.model.conftest import run
from tests.model.openai_server import broken, endless, failing, saying, serving, silent

KEY = "sk-very-secret-0123456789"
SALON = build_messages("A booking page for my dog salon")


def ask(tokens: int = 8, **more: object) -> Ask:
    return Ask(SALON, sampling=Sampling(max_tokens=tokens), **more)  # type: ignore[arg-type]


async def asked(remote: Remote, question: Ask) -> Answer:
    try:
        return await remote.complete(question)
    finally:
        await remote.close()


@pytest.fixture(scope="module")
def llama(model: Path) -> Iterator[Worker]:
    worker = Worker(model, {}, Options(context=1024, slots=1, threads=1))
    worker.start()
    yield worker
    worker.stop()


def at(worker: Worker, **more: object) -> Remote:
    settings = Settings(model_key=SecretStr(worker.key), **more)  # type: ignore[arg-type]
    return Remote(f"{worker.address}/v1#small", settings)


def test_a_real_server_streams_and_counts(llama):
    async def work() -> tuple[list[str], Answer]:
        remote = at(llama)
        async with remote.stream(ask()) as stream:
            pieces = [piece async for piece in stream]
            answer = stream.answer
        await remote.close()
        return pieces, answer

    pieces, answer = run(work())
    assert "".join(pieces) == answer.text
    assert len(pieces) > 3
    assert (answer.tokens_out, answer.finish, answer.model) == (8, "length", "127.0.0.1#small")
    assert answer.tokens_in > 10
    assert 0 < answer.first <= answer.seconds


def test_it_says_what_the_embedded_one_says(llama, endpoint):
    question = replace(
        ask(), messages=[{"role": "system", "content": "You name apps."}, *SALON]
    )  # else it adds its own
    assert run(asked(at(llama), question)).text == run(endpoint.complete(question)).text


def test_grammars_and_beginnings_where_the_server_knows_them(llama):
    remote = at(llama, model_server="llama.cpp")
    assert remote.grammars
    answer = run(asked(remote, ask(grammar='root ::= "app: " [a-z]+ "\\n"', tokens=20)))
    assert answer.text.startswith("app: ")
    begun = run(asked(at(llama, model_server="llama.cpp"), ask(begun="One two three four five six", tokens=4)))
    assert "seven" in begun.text
    with pytest.raises(ModelError, match="not known to hold grammars"):
        run(asked(at(llama), ask(grammar="root ::= [a-z]")))
    with pytest.raises(ModelError, match="has no adapters of ours"):
        run(asked(at(llama), ask(adapter="red")))


def test_too_long_is_too_long_there_too(llama):
    with pytest.raises(PromptTooLong, match="too long for"):
        run(asked(at(llama), Ask(build_messages("word " * 2000))))


def test_a_wrong_key_is_said_without_saying_it(llama):
    remote = Remote(f"{llama.address}/v1#small", Settings(model_key=SecretStr(KEY)))
    with pytest.raises(EndpointDown, match="Set ESPALIER_MODEL_KEY") as caught:
        run(asked(remote, ask()))
    assert KEY not in str(caught.value)


# --- a server with troubles -------------------------------------------------------------------------------------------


def settings(**more: object) -> Settings:
    return Settings(model_key=SecretStr(KEY), **more)  # type: ignore[arg-type]


def test_what_passes_is_tried_again(caplog):
    caplog.set_level(logging.DEBUG)
    with serving(failing(503), failing(429), saying("app: ", "Ok\n")) as (address, seen):
        answer = run(asked(Remote(address, settings()), ask()))
    assert answer.text == "app: Ok\n"
    assert len(seen) == 3
    assert seen[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text


def test_without_a_key_none_is_sent(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)  # somebody else's business
    with serving(saying("ok")) as (address, seen):
        run(asked(Remote(address, Settings()), ask()))
    assert KEY not in str(seen[0].headers)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (failing(500), "failed with status 500"),
        (failing(429), "has had enough for now"),
        (failing(404), "no such model, or the address lacks `/v1`"),
        (failing(400, f"odd question of {KEY}"), r"refused the question: odd question of \*\*\*"),
        (failing(400, "maximum context length is 4096 tokens"), "too long for"),
        (broken, "in the middle of an answer|cannot be reached"),
    ],
)
def test_troubles_in_words(answer, words):
    with serving(answer) as (address, _), pytest.raises(ModelError, match=words) as caught:
        run(asked(Remote(address, settings(), retries=1), ask()))
    assert KEY not in str(caught.value)


def test_no_server_at_all():
    with pytest.raises(EndpointDown, match="cannot be reached"):
        run(asked(Remote("http://127.0.0.1:9/v1#m", settings(), retries=0), ask()))


@pytest.mark.parametrize(
    ("answer", "words"), [(endless, "took more than 0.5 s"), (silent, "did not answer within 0.5 s")]
)
def test_nothing_hangs(answer, words):
    with serving(answer) as (address, _), pytest.raises(EndpointDown, match=words):
        run(asked(Remote(address, settings(model_seconds=0.5), retries=0), ask()))


def test_addresses_that_are_none():
    with pytest.raises(ModelError, match="lacks the model"):
        open_endpoint("http://localhost:8080/v1", Settings())
    with pytest.raises(ModelError, match="key does not belong in an address"):
        open_endpoint(f"https://me:{KEY}@host/v1#m", Settings())
    assert open_endpoint("https://host/v1#team/model", Settings()).name == "host#team/model"
