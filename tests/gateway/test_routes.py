"""Which model answers: the first of a route, and when it fails, the next. Every server here is a real one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from espalier.config import Settings, load
from espalier.gateway import Gateway, NoSuchModel
from espalier.gateway.routed import Routed
from espalier.model import Ask, EndpointDown, ModelError, PromptTooLong, Sampling
from espalier.model.call import Call
from espalier.model.decode import write
from espalier.model.prompt import build_messages
from tests.gateway.upstream import asked, counting, empty, garbage, hanging, odd_shape, page, settings
from tests.model.conftest import run
from tests.model.openai_server import broken, failing, saying, serving
from tests.samples import SMALL

T = TypeVar("T")
SALON = Ask(build_messages("A booking page for my dog salon"), sampling=Sampling(max_tokens=50))
NOWHERE = "http://127.0.0.1:9/v1#m"


def using(given: Settings, work: Callable[[Gateway], Awaitable[T]]) -> tuple[T, list[Call]]:
    """What comes of some work with a gateway, and the calls that it took."""
    calls: list[Call] = []

    async def inside() -> T:
        async with Gateway(given, calls.append) as gateway:
            return await work(gateway)

    return run(inside()), calls


async def once(gateway: Gateway, ask: Ask = SALON, purpose: Any = "chat", **more: Any) -> str:
    endpoint = gateway.endpoint(purpose, **more)
    try:
        return (await endpoint.complete(ask)).text
    finally:
        await endpoint.close()


def test_the_first_answers_and_the_call_says_how(tmp_path):
    with (
        serving(counting("app: ", "Ok\n", cached=400)) as (address, seen),
        serving(saying("not me")) as (other, unseen),
    ):
        text, calls = using(
            settings(tmp_path, address, other), lambda gateway: once(gateway, account="ann", build="b1")
        )
    assert text == "app: Ok\n"
    assert (len(seen), len(unseen)) == (1, 0)
    (call,) = calls
    assert (call.account, call.build, call.purpose, call.finish, call.error) == ("ann", "b1", "chat", "stop", "")
    assert (call.answer, call.messages) == ("app: Ok\n", tuple(SALON.messages))
    assert (call.tokens_in, call.tokens_cached, call.tokens_out) == (1000, 400, 200)
    assert call.endpoint == address.removeprefix("http://").replace("/v1", "")
    assert call.sampling["max_tokens"] == 50
    assert 0 < call.first <= call.seconds
    assert call.cost > 0
    assert call.rented == pytest.approx((600 * 3 + 400 * 0.3 + 200 * 15) / 1e6)


@pytest.mark.parametrize("trouble", [
    failing(500), failing(429), failing(401), failing(404), page, empty, garbage, odd_shape, hanging(),
], ids=["fails", "limited", "no key", "no model", "web page", "empty", "no JSON", "odd shape", "hangs"])  # fmt: skip
def test_the_next_one_answers_when_the_first_does_not(tmp_path, trouble):
    with serving(trouble) as (address, _), serving(saying("ok")) as (other, _):
        given = settings(tmp_path, address, other, patience=1.5)

        async def work(gateway: Gateway) -> tuple[str, bytes]:
            return await once(gateway), gateway.telemetry.metrics()

        (text, metrics), calls = using(given, work)
    assert text == "ok"
    assert [call.finish for call in calls] == ["failed", "stop"]
    assert calls[0].error
    assert b'espalier_fallbacks_total{purpose="chat"} 1.0' in metrics


def test_nobody_is_there_and_then_somebody_is(tmp_path):
    with serving(saying("ok")) as (address, _):
        text, _ = using(settings(tmp_path, NOWHERE, address), once)
    assert text == "ok"


def test_a_model_that_is_not_here_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.delenv("NO_SUCH_KEY", raising=False)
    keyless = {"name": "keyless", "address": NOWHERE, "key_env": "NO_SUCH_KEY"}
    with serving(saying("ok")) as (address, _):
        text, _ = using(settings(tmp_path, "keyless", address, endpoints=[keyless]), once)
        assert text == "ok"
        with pytest.raises(ModelError, match="environment variable NO_SUCH_KEY is not set"):
            using(settings(tmp_path, "keyless", endpoints=[keyless]), once)


def test_when_nobody_can_each_says_why(tmp_path):
    with (
        serving(failing(500)) as (address, _),
        pytest.raises(EndpointDown, match=r"No model could answer.*status 500.*reached"),
    ):
        using(settings(tmp_path, address, NOWHERE), once)


def test_what_was_given_out_is_not_begun_again(tmp_path):
    with serving(broken) as (address, _), serving(saying("other")) as (other, unseen):
        pieces: list[str] = []

        async def work(gateway: Gateway) -> None:
            async with gateway.endpoint("chat").stream(SALON) as stream:
                async for piece in stream:
                    pieces.append(piece)

        with pytest.raises(EndpointDown):
            using(settings(tmp_path, address, other), work)
    assert pieces == ["app: "]
    assert not unseen


def test_one_that_stops_in_the_middle_is_given_up(tmp_path):
    with serving(hanging("app: ")) as (address, _), pytest.raises(EndpointDown, match=r"said nothing for 1.5 s"):
        using(settings(tmp_path, address, patience=1.5), once)


def test_too_long_is_for_whoever_asked_to_settle(tmp_path):
    with (
        serving(failing(400, "maximum context length is 4096 tokens")) as (address, _),
        serving(saying("ok")) as (other, unseen),
        pytest.raises(PromptTooLong),
    ):
        using(settings(tmp_path, address, other), once)
    assert not unseen


def test_it_is_tried_again_before_the_next_is(tmp_path):
    with serving(failing(503), saying("ok")) as (address, seen), serving(saying("other")) as (other, _):
        text, calls = using(settings(tmp_path, address, other, retries=1), once)
    assert (text, len(seen), len(calls)) == ("ok", 2, 1)


def test_who_failed_rests_and_is_asked_again_later(tmp_path):
    with serving(failing(500), saying("first")) as (address, seen), serving(saying("second")) as (other, _):

        async def work(gateway: Gateway) -> list[str]:
            said = [await once(gateway), await once(gateway)]
            gateway.target(gateway.names[0])._rests_until = 0
            return [*said, await once(gateway)]

        texts, _ = using(settings(tmp_path, address, other), work)
    assert texts == ["second", "second", "first"]
    assert len(seen) == 2


def test_who_has_answered_goes_on(tmp_path):
    with serving(failing(500), saying("first")) as (address, _), serving(saying("second")) as (other, _):

        async def work(gateway: Gateway) -> list[str]:
            endpoint = gateway.endpoint("chat")
            said = [(await endpoint.complete(SALON)).text]
            gateway.target(gateway.names[0])._rests_until = 0
            return [*said, (await endpoint.complete(SALON)).text]

        texts, _ = using(settings(tmp_path, address, other), work)
    assert texts == ["second", "second"]


def test_the_next_after_a_bad_answer(tmp_path):
    with serving(saying("bad")) as (address, _), serving(saying("good")) as (other, _):

        async def work(gateway: Gateway) -> list[str]:
            first = gateway.endpoint("build", account="ann", build="b1")
            assert gateway.next_after(first) is None  # it has not answered yet
            texts = [(await first.complete(SALON)).text]
            second = gateway.next_after(first)
            assert second
            texts.append((await second.complete(SALON)).text)
            assert gateway.next_after(second) is None
            assert gateway.ledger.today("ann").builds == 1
            return texts

        texts, calls = using(settings(tmp_path, address, other), work)
    assert texts == ["bad", "good"]
    assert {(call.account, call.build, call.purpose) for call in calls} == {("ann", "b1", "build")}


def test_routes_go_by_purpose(tmp_path):
    with serving(saying("builds")) as (address, _), serving(saying("chats")) as (other, _):
        given = settings(
            tmp_path,
            routes=[{"for": "chat", "use": other}],
            model=address,
            endpoints=[{"name": "mine", "address": other}],
        )

        async def work(gateway: Gateway) -> list[str]:
            assert gateway.route("build") == gateway.route("custom") != gateway.route("chat")
            said = [await once(gateway, purpose=purpose) for purpose in ("build", "custom", "chat")]
            with pytest.raises(NoSuchModel, match="There is no model `x` here; there is: "):
                gateway.endpoint("chat", name="x")
            return [*said, await once(gateway, name="mine")]

        texts, _ = using(given, work)
    assert texts == ["builds", "builds", "chats", "chats"]


def test_a_generalist_is_told_the_language_where_it_is_to_write_it(tmp_path):
    with serving(saying("ok")) as (address, seen):

        async def work(gateway: Gateway) -> None:
            await once(gateway, purpose="build")
            await once(gateway, purpose="chat")

        using(settings(tmp_path, address), work)
    build, chat = (asked(request)["messages"] for request in seen)
    assert [turn["role"] for turn in build] == ["system", "user"]
    assert [turn["role"] for turn in chat] == ["user"]


def test_one_without_grammars_takes_over_from_one_with(tmp_path):
    """What it says around the blueprint is taken off, and the answer is one."""
    with (
        serving(failing(500)) as (address, _),
        serving(saying("Sure!\n``", "`yaml\n", SMALL[:9], SMALL[9:], "```\nBye")) as (other, seen),
    ):
        strict = {"name": "strict", "address": address, "server": "llama.cpp"}
        given = settings(tmp_path, "strict", other, endpoints=[strict])
        pieces: list[str] = []

        async def work(gateway: Gateway) -> str:
            endpoint = gateway.endpoint("build", build="b1")
            assert endpoint.grammars
            answer = await write(endpoint, SALON, pieces.append)
            await endpoint.close()
            return answer.text

        text, calls = using(given, work)
    assert text == "".join(pieces) == SMALL
    assert len(seen) == 1
    assert [call.finish for call in calls] == ["failed", "stop"]


def test_stages_of_one_answer_are_one_call(tmp_path):
    """Over a server that holds grammars and answers stage by stage."""
    with serving(saying("app: Hens\n"), saying("about: Eggs\n"), saying("")) as (address, seen):
        strict = {"name": "strict", "address": address, "server": "llama.cpp"}

        async def work(gateway: Gateway) -> None:
            endpoint = gateway.endpoint("build")
            first = await endpoint.complete(Ask(SALON.messages, grammar="root ::= [a-z]+"))
            await endpoint.complete(Ask(SALON.messages, grammar="root ::= [a-z]+", begun=first.text))
            await endpoint.close()

        _, calls = using(settings(tmp_path, "strict", endpoints=[strict]), work)
    (call,) = calls
    assert (call.answer, call.finish, call.grammar) == ("app: Hens\nabout: Eggs\n", "stop", True)
    assert len(seen) == 2


def test_nothing_is_left_untold_when_it_closes(tmp_path):
    """Whoever asked for a stage, and never closed what they asked."""
    with serving(saying("app: Hens\n")) as (address, _):
        strict = {"name": "strict", "address": address, "server": "llama.cpp"}
        endpoints = []

        async def work(gateway: Gateway) -> None:
            endpoints.append(gateway.endpoint("build"))
            await endpoints[0].complete(Ask(SALON.messages, grammar="root ::= [a-z]+"))

        _, calls = using(settings(tmp_path, "strict", endpoints=[strict]), work)
    assert [(call.answer, call.finish) for call in calls] == [("app: Hens\n", "stop")]


def test_a_model_that_was_never_fetched_says_so_at_the_start(tmp_path, caplog):
    async def work(gateway: Gateway) -> None:
        await gateway.start()
        assert "espalier models pull" in caplog.text
        with pytest.raises(ModelError, match="espalier models pull"):
            await once(gateway, purpose="build")

    using(load(tmp_path, {}, data=tmp_path, models=tmp_path / "none", model="small"), work)


def test_who_leaves_early_is_counted(tmp_path):
    with serving(hanging("one ", "two ")) as (address, _):

        async def work(gateway: Gateway) -> None:
            async with gateway.endpoint("chat").stream(SALON) as stream:
                async for _ in stream:
                    break

        _, calls = using(settings(tmp_path, address), work)
    (call,) = calls
    assert (call.finish, call.answer) == ("cancelled", "one ")
    assert call.tokens_out > 0  # guessed, for the server did not say


def test_an_answer_does_not_fail_because_nobody_could_keep_it(tmp_path, caplog):
    def full(call: Call) -> None:
        raise OSError(28, "No space left on device")

    async def work() -> str:
        async with Gateway(given, full) as gateway:
            text = await once(gateway)
            await gateway.settled()
            return text

    with serving(saying("ok")) as (address, _):
        given = settings(tmp_path, address)
        assert run(work()) == "ok"
    assert "could not be kept" in caplog.text


def test_one_key_does_not_go_to_two_servers(tmp_path):
    given = settings(tmp_path, "https://one.example/v1#m", "https://two.example/v1#m", model_key="sk-1")
    with pytest.raises(ModelError, match=r"one `model_key` and 2 servers.*one.example, two.example.*key_env"):
        Gateway(given)


def test_a_key_from_a_file_goes_to_its_server_alone(tmp_path):
    (tmp_path / "key").write_text("sk-from-file\n")
    with serving(failing(500)) as (address, seen), serving(saying("ok")) as (other, unkeyed):
        keyed = {"name": "keyed", "address": address, "key_file": str(tmp_path / "key")}
        using(settings(tmp_path, "keyed", other, endpoints=[keyed]), once)
    assert seen[0].headers["authorization"] == "Bearer sk-from-file"
    assert "sk-from-file" not in str(unkeyed[0].headers)


def test_questions_at_once_do_not_mix(tmp_path):
    async def work(gateway: Gateway) -> list[str]:
        return await asyncio.gather(*(once(gateway, Ask([{"role": "user", "content": str(n)}])) for n in range(20)))

    with serving(saying("ok")) as (address, seen):
        texts, calls = using(settings(tmp_path, address), work)
    assert texts == ["ok"] * 20
    assert {call.messages[0]["content"] for call in calls} == {asked(one)["messages"][0]["content"] for one in seen}
    assert len({call.id for call in calls}) == 20


def test_what_it_is_like_is_what_the_model_is_like(tmp_path):
    async def work(gateway: Gateway) -> None:
        endpoint = gateway.endpoint("build")
        assert isinstance(endpoint, Routed)
        assert (endpoint.trained, endpoint.grammars, endpoint.line_ends_join, endpoint.context) == (
            False,
            False,
            True,
            32_768,
        )

    using(settings(tmp_path, NOWHERE), work)
