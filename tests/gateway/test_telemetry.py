"""Spans by the GenAI conventions and metrics for Prometheus, without what was asked, answered, or by whom."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from espalier.gateway import Gateway
from espalier.gateway.telemetry import set_up
from espalier.model import Ask, EndpointDown, Sampling
from tests.gateway.test_server import HI, client
from tests.gateway.upstream import counting, running, settings
from tests.model.conftest import run
from tests.model.openai_server import failing, serving

_seen = InMemorySpanExporter()
QUESTION = Ask([{"role": "user", "content": "the question"}], sampling=Sampling(temperature=0.5, seed=3, max_tokens=9))


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """OpenTelemetry as an operator sets it up; a process can do so once."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(_seen))
        trace.set_tracer_provider(provider)
    _seen.clear()
    yield _seen


def test_a_span_for_each_question(tmp_path, spans):
    async def work() -> None:
        async with Gateway(settings(tmp_path, "bad", "good", endpoints=named)) as gateway:
            with trace.get_tracer("test").start_as_current_span("build") as parent:
                endpoint = gateway.endpoint("chat", account="ann@example.com", build="b1")
                await endpoint.complete(QUESTION)
                outer.append(parent.get_span_context().span_id)

    outer: list[int] = []
    with serving(failing(500)) as (bad, _), serving(counting("the answer", cached=7)) as (good, _):
        named = [{"name": "bad", "address": bad}, {"name": "good", "address": good}]
        run(work())
    failed, fine = (span for span in spans.get_finished_spans() if span.name != "build")
    assert (failed.name, fine.name) == ("chat bad", "chat good")
    assert fine.kind is trace.SpanKind.CLIENT
    assert fine.parent
    assert fine.parent.span_id == outer[0]
    assert fine.attributes
    said = dict(fine.attributes)
    assert {name: said[name] for name in said if name.startswith(("gen_ai", "server"))} == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "127.0.0.1",
        "gen_ai.request.model": "good",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 1.0,
        "gen_ai.request.seed": 3,
        "gen_ai.request.max_tokens": 9,
        "gen_ai.response.model": "127.0.0.1#m",
        "gen_ai.response.id": said["gen_ai.response.id"],
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.response.time_to_first_chunk": said["gen_ai.response.time_to_first_chunk"],
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 7,
        "gen_ai.usage.output_tokens": 200,
        "server.address": "127.0.0.1",
        "server.port": int(good.rpartition(":")[2].partition("/")[0]),
    }
    assert said["espalier.build"] == "b1"
    assert failed.attributes
    assert failed.attributes["error.type"] == "ModelError"
    assert not failed.status.is_ok
    assert fine.end_time
    assert fine.start_time
    assert fine.end_time > fine.start_time
    for secret in ("the question", "the answer", "ann@example.com"):
        assert secret not in fine.to_json() + failed.to_json()


def test_metrics(tmp_path):
    with serving(counting("ok", cached=400), failing(500)) as (address, _):
        given = settings(tmp_path, "it", endpoints=[{"name": "it", "address": address, "price_in": 1, "price_out": 2}])
        with running(given) as gateway:
            ask = client(gateway.address)
            ask.chat.completions.create(model="chat", messages=HI)
            with pytest.raises(Exception, match="status 500"):
                ask.chat.completions.create(model="chat", messages=HI)
            answer = httpx.get(f"{gateway.address}/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    for line in (
        'espalier_calls_total{endpoint="it",finish="stop",purpose="chat"} 1.0',
        'espalier_calls_total{endpoint="it",finish="failed",purpose="chat"} 1.0',
        'espalier_tokens_total{endpoint="it",kind="in"} 1000.0',
        'espalier_tokens_total{endpoint="it",kind="cached"} 400.0',
        'espalier_tokens_total{endpoint="it",kind="out"} 200.0',
        'espalier_dollars_total{endpoint="it"} 0.0014',
        'espalier_call_seconds_count{endpoint="it",purpose="chat"} 2.0',
        'espalier_first_piece_seconds_count{endpoint="it"} 1.0',
        "espalier_calls_running 0.0",
    ):
        assert line in answer.text.splitlines(), line


def test_what_is_under_way_is_counted(tmp_path):
    async def work() -> None:
        async with Gateway(settings(tmp_path, address)) as gateway:
            async with gateway.endpoint("chat").stream(QUESTION) as stream:
                await anext(stream)
                assert b"espalier_calls_running 1.0" in gateway.telemetry.metrics()
            assert b"espalier_calls_running 0.0" in gateway.telemetry.metrics()

    with serving(counting("one ", "two")) as (address, _):
        run(work())


def test_nothing_is_sent_anywhere_unless_it_is_said_where(monkeypatch):
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    assert set_up() is False
    assert EndpointDown
