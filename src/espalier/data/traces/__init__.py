"""Traces: what is kept of how people build, with their consent, and redacted; the source of what the model learns from its own use.

    traces = Traces(data / "traces.db")
    traces.keep_call(call, consent=True)          # every question to a model, from the gateway
    traces.keep_build(BuildTrace(...), consent=True)
    traces.outcome(build, "thumbs", up=False, reason="the colours are wrong")
    traces.trace(build)                           # all of it, joined

docs/traces.md says what is kept of whom, how long, and how well redaction does.
"""

from .frustration import frustrated
from .redaction import Redacted, filled, redact
from .traces import BuildTrace, Trace, Traces

__all__ = ["BuildTrace", "Redacted", "Trace", "Traces", "filled", "frustrated", "redact"]
