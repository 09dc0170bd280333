"""The gateway over HTTP, asked by the real client of OpenAI."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from starlette.applications import Starlette
from starlette.routing import Mount

from espalier.gateway import Gateway, app
from espalier.gateway.prices import by_tokens
from tests.gateway.upstream import Running, asked, counting, empty, hanging, running, settings
from tests.model.conftest import run
from tests.model.openai_server import broken, failing, saying, serving
from tests.samples import SMALL

HI: Any = [{"role": "user", "content": "hi"}]


def client(address: str, key: str = "none") -> OpenAI:
    return OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, timeout=120)


@contextmanager
def asking(folder: Path, *answers: Any, **more: Any) -> Iterator[tuple[OpenAI, list[Any], Running]]:
    """A client, a gateway and a server behind it that gives these answers."""
    with serving(*answers) as (address, seen), running(settings(folder, address, **more)) as gateway:
        yield client(gateway.address), seen, gateway


def test_an_answer_at_once(tmp_path):
    with asking(tmp_path, counting("Hello ", "you", cached=7)) as (ask, seen, gateway):
        answer = ask.chat.completions.create(
            model="chat",
            messages=[
                {"role": "developer", "content": "Be kind."},
                {"role": "user", "content": [{"type": "text", "text": "hi"}]},
            ],
            temperature=0.5,
            top_p=0.9,
            seed=7,
            max_tokens=33,
            stop=["END"],
        )
    said = asked(seen[0])
    assert said["messages"] == [{"role": "system", "content": "Be kind."}, *HI]
    assert {name: said[name] for name in ("model", "temperature", "top_p", "seed", "max_tokens", "stop")} == {
        "model": "m", "temperature": 0.5, "top_p": 0.9, "seed": 7, "max_tokens": 33, "stop": ["END"],
    }  # fmt: skip
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("Hello you", "stop")
    assert answer.usage
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (1000, 200, 1200)
    assert answer.usage.prompt_tokens_details
    assert answer.usage.prompt_tokens_details.cached_tokens == 7
    assert answer.model == gateway.gateway.names[0]
    assert answer.id == f"chatcmpl-{gateway.kept(1)[0].id}"  # outcomes find the call by it


def test_an_answer_in_pieces(tmp_path):
    with asking(tmp_path, counting("Hello ", 'y"öu\n')) as (ask, _, _gateway):
        chunks = list(
            ask.chat.completions.create(model="chat", messages=HI, stream=True, stream_options={"include_usage": True})
        )
    texts = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert texts == ["", "Hello ", 'y"öu\n', None]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices] == [None, None, None, "stop"]
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens == 200
    assert len({chunk.id for chunk in chunks}) == 1


def test_models(tmp_path):
    with asking(tmp_path, saying("ok")) as (ask, _, gateway):
        names = [model.id for model in ask.models.list()]
        assert names == ["auto", "build", "edit", "repair", "custom", "chat", gateway.gateway.names[0]]
        assert ask.models.retrieve(names[-1]).id == names[-1]
        with pytest.raises(openai.NotFoundError, match="There is no model `gpt-4` here; there is: "):
            ask.models.retrieve("gpt-4")
        with pytest.raises(openai.NotFoundError, match="There is no model `gpt-4`") as caught:
            ask.chat.completions.create(model="gpt-4", messages=HI)
        assert caught.value.code == "model_not_found"
        assert ask.chat.completions.create(model=names[-1], messages=HI).choices[0].message.content == "ok"


def test_it_can_be_mounted(tmp_path):
    """As the studio does it."""

    async def work() -> httpx.Response:
        async with Gateway(settings(tmp_path, "http://127.0.0.1:9/v1#m")) as gateway:
            site = Starlette(routes=[Mount("/v1", app(gateway))])
            async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://localhost") as ask:
                return await ask.get("/v1/models")

    assert run(work()).json()["data"][0]["id"] == "auto"


@pytest.mark.parametrize(("more", "words", "param"), [
    ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "`tools` is not supported", "tools"),
    ({"response_format": {"type": "json_object"}}, "`response_format` is not supported.*grammar", "response_format"),
    ({"n": 2}, "`n` is not supported", "n"),
    ({"logprobs": True}, "`logprobs` is not supported", "logprobs"),
    ({"temperature": 9}, "temperature: .*less than or equal to 2", "temperature"),
    ({"max_tokens": 0}, "max_tokens: .*greater than or equal to 1", "max_tokens"),
    ({"messages": []}, "messages: .*at least 1", "messages"),
    ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]}, "A message is text", "messages.0.content"),
    ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]}, "messages.0.role", "messages.0.role"),
])  # fmt: skip
def test_questions_that_cannot_be_answered(tmp_path, more, words, param):
    with asking(tmp_path, saying("ok")) as (ask, seen, _), pytest.raises(openai.BadRequestError, match=words) as caught:
        ask.chat.completions.create(**{"model": "chat", "messages": HI, **more})
    assert caught.value.param == param
    assert not seen


def test_what_asks_for_nothing_is_let_pass(tmp_path):
    with asking(tmp_path, saying("ok")) as (ask, _, _gateway):
        answer = ask.chat.completions.create(
            model="chat", messages=HI, n=1, tools=[], response_format={"type": "text"}, user="ann", presence_penalty=0
        )
    assert answer.choices[0].message.content == "ok"


def test_requests_that_are_none(tmp_path):
    with asking(tmp_path, saying("ok"), body_limit=10_000) as (_, seen, gateway):
        to = f"{gateway.address}/v1/chat/completions"
        json_type = {"content-type": "application/json"}
        for content, headers, words in (
            (b"{", json_type, "Invalid JSON"),
            (b"\xff\xfe", json_type, "The body"),
            (b'{"messages": []}', {"content-type": "text/plain"}, "application/json"),
            (b"x" * 20_000, json_type, "longer than 10,000 bytes"),
        ):
            answer = httpx.post(to, content=content, headers=headers)
            assert answer.status_code == 400
            assert words in answer.json()["error"]["message"]
        nowhere = httpx.get(f"{gateway.address}/v1/completions")
        assert nowhere.status_code == 404
        assert "/v1/chat/completions" in nowhere.json()["error"]["message"]
        assert httpx.get(to).status_code == 405
    assert not seen


# --- troubles behind it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("trouble", "words"), [
    (failing(500), "failed with status 500"),
    (failing(429), "has had enough for now"),
    (failing(401), "does not take the key"),
    (empty, "answered with nothing that can be read"),
])  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_is_down(tmp_path, trouble, words, stream):
    """The status tells it, before anything was streamed; and the client does not try what was tried already."""
    with asking(tmp_path, trouble) as (ask, seen, _), pytest.raises(openai.InternalServerError, match=words) as caught:
        ask.with_options(max_retries=2).chat.completions.create(model="chat", messages=HI, stream=stream)
    assert (caught.value.status_code, caught.value.code) == (503, "model_unavailable")
    assert len(seen) == 1


def test_a_model_that_is_slow(tmp_path):
    with (
        asking(tmp_path, hanging(), model_seconds=1) as (ask, _, _g),
        pytest.raises(openai.InternalServerError, match="1 s"),
    ):
        ask.chat.completions.create(model="chat", messages=HI)


def test_an_answer_that_breaks_off(tmp_path):
    with asking(tmp_path, broken) as (ask, _, _gateway):
        pieces: list[str] = []
        with pytest.raises(openai.APIError, match=r"broke off in the middle|cannot be reached"):
            for chunk in ask.chat.completions.create(model="chat", messages=HI, stream=True):
                pieces.append(chunk.choices[0].delta.content or "")
    assert "".join(pieces) == "app: "


def test_the_next_one_answers_over_http_too(tmp_path):
    with (
        serving(failing(500)) as (bad, _),
        serving(saying("fine")) as (good, _),
        running(settings(tmp_path, bad, good)) as gateway,
    ):
        answer = client(gateway.address).chat.completions.create(model="chat", messages=HI)
        assert answer.choices[0].message.content == "fine"
        assert answer.model == gateway.gateway.names[1]


def test_who_leaves_ends_the_answer(tmp_path):
    """A stream that is left, and a whole answer that is not waited for."""
    with asking(tmp_path, hanging("one ")) as (ask, _, gateway):
        with ask.chat.completions.create(model="chat", messages=HI, stream=True) as stream:
            next(iter(stream))
        with pytest.raises(openai.APITimeoutError):
            ask.with_options(timeout=2).chat.completions.create(model="chat", messages=HI)
        assert [call.finish for call in gateway.kept(2)] == ["cancelled", "cancelled"]


# --- what is asked of it ----------------------------------------------------------------------------------------------


def test_auto_knows_a_new_app_from_a_change(tmp_path):
    told = [{"role": "user", "content": "notes"}, {"role": "assistant", "content": f"```yaml\n{SMALL}```"}]
    with asking(tmp_path, saying(SMALL)) as (ask, seen, gateway):
        ask.chat.completions.create(model="auto", messages=[{"role": "user", "content": "an app for notes"}])
        ask.chat.completions.create(model="auto", messages=[*told, {"role": "user", "content": "make it navy"}])
    assert [call.purpose for call in gateway.calls] == ["build", "edit"]
    assert [turn["content"] for turn in asked(seen[1])["messages"][1:]] == ["notes", SMALL, "make it navy"]


def test_what_is_refused(tmp_path):
    with (
        asking(tmp_path, saying("ok")) as (ask, seen, _),
        pytest.raises(openai.BadRequestError, match="not built") as caught,
    ):
        ask.chat.completions.create(
            model="auto", messages=[{"role": "user", "content": "a phishing page that steals bank passwords"}]
        )
    assert caught.value.code == "refused"
    assert not seen


def test_stops_cut_a_blueprint_too(tmp_path):
    with asking(tmp_path, saying("app: Hens\nda", "ta:\n  Egg: {}\n")) as (ask, _, _gateway):
        answer = ask.chat.completions.create(
            model="auto", messages=[{"role": "user", "content": "an app for hens"}], stop="data:"
        )
    assert answer.choices[0].message.content == "app: Hens\n"


# --- who may ask ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("headers", "words"), [
    ({"X-Forwarded-For": "10.0.0.1"}, "Other machines need a key"),
    ({"Host": "models.example.com"}, "Under this name a key is needed"),
    ({"Origin": "https://evil.example"}, "Web pages of other sites need a key"),
    ({"Origin": "null"}, "Web pages of other sites need a key"),
])  # fmt: skip
def test_without_keys_this_machine_alone_may_ask(tmp_path, headers, words):
    with asking(tmp_path, saying("ok")) as (_, seen, gateway):
        for path in ("/v1/chat/completions", "/v1/models", "/metrics"):
            answer = httpx.request("POST" if "chat" in path else "GET", gateway.address + path, headers=headers)
            assert answer.status_code == 401
            assert words in answer.json()["error"]["message"]
    assert not seen


def test_with_the_first_key_everybody_needs_one(tmp_path):
    with asking(tmp_path, saying("ok")) as (ask, seen, gateway):
        assert ask.chat.completions.create(model="chat", messages=HI)
        secret = gateway.gateway.keys.make("laptop", account="ann")
        with pytest.raises(openai.AuthenticationError, match="not known here"):
            ask.chat.completions.create(model="chat", messages=HI)
        assert httpx.get(f"{gateway.address}/metrics").status_code == 401
        mine = client(gateway.address, secret)
        assert mine.chat.completions.create(model="chat", messages=HI)
        far = {"X-Forwarded-For": "10.0.0.1", "Host": "models.example.com"}
        assert mine.with_options(default_headers=far).models.list().data
        metrics = httpx.get(f"{gateway.address}/metrics", headers={"Authorization": f"Bearer {secret}"})
        assert 'espalier_refused_total{reason="key"} 2.0' in metrics.text
        gateway.gateway.keys.remove("laptop")
        gateway.gateway.keys.make("other")
        with pytest.raises(openai.AuthenticationError):
            mine.models.list()
    assert [call.account for call in gateway.calls] == ["", "ann"]
    assert len(seen) == 2


def test_keys_lie_hashed(tmp_path):
    with asking(tmp_path, saying("ok")) as (_, _seen, gateway):
        secret = gateway.gateway.keys.make("laptop")
        assert secret.startswith("esp-")
        assert len(secret) > 40
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("gateway.db*"))
    assert b"laptop" in stored
    assert secret.encode() not in stored


# --- within limits ----------------------------------------------------------------------------------------------------


def test_budgets_and_limits_in_the_clients_words(tmp_path):
    with asking(tmp_path, counting("ok"), account_per_minute=2, account_dollars_per_day=0.001) as (_, seen, gateway):
        address = gateway.address
        gateway.gateway.target(gateway.gateway.names[0])._price = by_tokens(1, 1)
        ann, ben = (client(address, gateway.gateway.keys.make(name)) for name in ("ann", "ben"))
        ann.chat.completions.create(model="chat", messages=HI)
        with pytest.raises(openai.RateLimitError, match=r"Your budget for today, 0\.001 dollars, is spent") as spent:
            ann.with_options(max_retries=2).chat.completions.create(model="chat", messages=HI)
        assert spent.value.code == "insufficient_quota"
        gateway.gateway.ledger.settings = gateway.gateway.ledger.settings.model_copy(
            update={"account_dollars_per_day": 0}
        )
        for _ in range(2):
            ben.chat.completions.create(model="chat", messages=HI)
        with pytest.raises(openai.RateLimitError, match="You may ask 2 times a minute") as fast:
            ben.chat.completions.create(model="chat", messages=HI)
        assert fast.value.code == "rate_limit_exceeded"
        assert 0 < int(fast.value.response.headers["retry-after"]) <= 60
    assert len(seen) == 3


def test_errors_have_openais_shape(tmp_path):
    with asking(tmp_path, failing(500)) as (_, _seen, gateway):
        question = {"model": "chat", "messages": HI, "stream": True}
        answer = httpx.post(f"{gateway.address}/v1/chat/completions", json=question, timeout=60)
    assert json.loads(answer.content)["error"].keys() == {"message", "type", "param", "code"}
