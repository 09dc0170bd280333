"""Traces: what is kept of how people build, with their consent, and redacted; the source of what the model learns from its own use.

    traces = Traces(data / "traces.db")
    traces.keep_call(call, consent=True)          # every question to a model, from the gateway
    traces.keep_build(BuildTrace(...), consent=True)
    traces.outcome(build, "thumbs", up=False, reason="the colours are wrong")
    traces.trace(build)                           # all of it, joined

docs/traces.md says what is kept of whom, how long, and how well redaction does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .frustration import frustrated
    from .redaction import Redacted, filled, redact
    from .traces import BuildTrace, Trace, Traces

__all__ = ["BuildTrace", "Redacted", "Trace", "Traces", "filled", "frustrated", "redact"]

_WHERE = {
    "frustrated": "frustration",
    "Redacted": "redaction",
    "filled": "redaction",
    "redact": "redaction",
    "BuildTrace": "traces",
    "Trace": "traces",
    "Traces": "traces",
}


def __getattr__(name: str) -> Any:
    """Loaded when it is used: the command line names this room at every start."""
    if name not in _WHERE:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
