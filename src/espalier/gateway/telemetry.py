"""What watches the gateway from outside: OpenTelemetry spans by the GenAI conventions, and Prometheus metrics.

Never what was asked or answered, and never whose it was: names of models, counts, seconds, dollars. Spans go nowhere until
OpenTelemetry is set up, which `set_up` does when the environment says where spans are collected.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.context import Context, get_current
from opentelemetry.util.types import AttributeValue
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from espalier.model.call import Call

COLLECTOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300)
OURS = "espalier"  # the provider of what runs on this machine
OPERATION = "chat"
NANOSECONDS = 1_000_000_000


class NoExporter(RuntimeError):
    """The environment says where to send spans, and the package that sends them is not installed."""


class Telemetry:
    """The metrics of one gateway, and its tracer."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._tracer = trace.get_tracer("espalier.gateway")
        self._calls = Counter(
            "espalier_calls",
            "Questions to models, by how they ended.",
            ["endpoint", "purpose", "finish"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "espalier_call_seconds",
            "From the question to its end.",
            ["endpoint", "purpose"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._first = Histogram(
            "espalier_first_piece_seconds",
            "From the question to its first piece.",
            ["endpoint"],
            buckets=SECONDS,
            registry=self.registry,
        )
        self._tokens = Counter(
            "espalier_tokens", "Tokens read, known from before, written.", ["endpoint", "kind"], registry=self.registry
        )
        self._dollars = Counter("espalier_dollars", "What it cost.", ["endpoint"], registry=self.registry)
        self._rented = Counter(
            "espalier_rented_dollars", "What it would have cost at the model of comparison.", registry=self.registry
        )
        self._fallbacks = Counter(
            "espalier_fallbacks", "Questions that went on to the next model.", ["purpose"], registry=self.registry
        )
        self._refused = Counter(
            "espalier_refused", "Questions that were not asked, by why.", ["reason"], registry=self.registry
        )
        self.running = Gauge("espalier_calls_running", "Questions under way.", registry=self.registry)

    def metrics(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self.registry)

    def fell_back(self, purpose: str) -> None:
        """A question goes on to the next model."""
        self._fallbacks.labels(purpose).inc()

    def refused(self, reason: str) -> None:
        """A question was not asked. reason: a word."""
        self._refused.labels(reason).inc()

    def ended(self, call: Call, address: str, context: Context) -> None:
        """A call is over. address: its server's, empty for a model of this machine; context: in which it began."""
        self._calls.labels(call.endpoint, call.purpose, call.finish).inc()
        self._seconds.labels(call.endpoint, call.purpose).observe(call.seconds)
        if call.first:
            self._first.labels(call.endpoint).observe(call.first)
        for kind, count in (("in", call.tokens_in), ("cached", call.tokens_cached), ("out", call.tokens_out)):
            self._tokens.labels(call.endpoint, kind).inc(count)
        self._dollars.labels(call.endpoint).inc(call.cost)
        self._rented.inc(call.rented)
        self._span(call, address, context)

    def _span(self, call: Call, address: str, context: Context) -> None:
        start = int(call.at * NANOSECONDS)
        name = f"{OPERATION} {call.endpoint}"
        span = self._tracer.start_span(name, context, trace.SpanKind.CLIENT, start_time=start)
        if span.is_recording():
            split = urlsplit(address)
            said: dict[str, AttributeValue] = {
                "gen_ai.operation.name": OPERATION,
                "gen_ai.provider.name": split.hostname or OURS,
                "gen_ai.request.model": call.endpoint,
                "gen_ai.response.model": call.model or call.endpoint,
                "gen_ai.response.id": call.id,
                "gen_ai.response.finish_reasons": [call.finish],
                "gen_ai.usage.input_tokens": call.tokens_in,
                "gen_ai.usage.cache_read.input_tokens": call.tokens_cached,
                "gen_ai.usage.output_tokens": call.tokens_out,
                "gen_ai.response.time_to_first_chunk": call.first,
                "espalier.purpose": call.purpose,
                "espalier.build": call.build,
                "espalier.adapter": call.adapter,
                "espalier.cost": call.cost,
            }
            said |= {f"gen_ai.request.{name}": value for name, value in call.sampling.items() if name != "min_p"}
            if split.hostname:
                said["server.address"] = split.hostname
                said["server.port"] = split.port or (443 if split.scheme == "https" else 80)
            if call.error:
                said["error.type"] = "ModelError"
                span.set_status(trace.StatusCode.ERROR)  # without words, which may quote what was asked
            span.set_attributes(said)
        span.end(start + int(call.seconds * NANOSECONDS))


def here() -> Context:
    """The context of the span that is open now, for the spans below it."""
    return get_current()


def set_up() -> bool:
    """Send spans to where the usual variables of OpenTelemetry say; False when they say nothing. Raises NoExporter."""
    if not any(os.environ.get(name) for name in COLLECTOR):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise NoExporter(
            f"{COLLECTOR[0]} is set, but what sends spans is not installed: pip install 'espalier[telemetry]'"
        ) from None
    provider = TracerProvider(resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", OURS)}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True
