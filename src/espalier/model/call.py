"""One question to a model and its answer, as what comes after remembers it: traces, costs, figures.

The gateway makes them, and gives them to whoever keeps them; what is kept of one, and how long, is theirs to decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from .endpoint import Message

Purpose = Literal["build", "edit", "repair", "custom", "chat"]
PURPOSES: tuple[Purpose, ...] = ("build", "edit", "repair", "custom", "chat")


@dataclass(frozen=True)
class Call:
    """A question and its answer; an answer that was written in stages is one call.

    at: when it was asked, seconds since 1970. account: whose it is, empty for nobody's in particular. build: the build it belongs to,
    empty for none. endpoint: the name under which it was asked for; model and adapter: what answered, empty when nothing did;
    adapter_sha256: the adapter's file. messages: as they were sent. grammar: was the answer held to one? tokens_cached of
    tokens_in were known from before. first, seconds: from the asking to the first piece and to the end. finish: `stop`, `length`,
    `cancelled` when whoever asked left, `failed` with the words in error. cost: dollars; rented: what the same tokens would have
    cost at the rented model of comparison.
    """

    id: str
    at: float
    account: str
    purpose: Purpose
    build: str
    endpoint: str
    model: str = ""
    adapter: str = ""
    adapter_sha256: str = ""
    messages: tuple[Message, ...] = ()
    answer: str = ""
    sampling: dict[str, Any] = field(default_factory=dict)
    grammar: bool = False
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    first: float = 0.0
    seconds: float = 0.0
    finish: str = ""
    error: str = ""
    cost: float = 0.0
    rented: float = 0.0
