"""A question under way, from the asking to the Call that remembers it. The stages of one answer are one question."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field

from opentelemetry.context import Context

from espalier.model.call import Call, Purpose
from espalier.model.endpoint import Answer, Ask

from .prices import Price
from .target import Target
from .telemetry import here

LETTERS = 4  # of a token, where a server does not count


@dataclass
class Record:
    """One question to one model, and what has come of it so far.

    free: the whole answer came at once, from a model that holds no grammar. machine: its seconds of the machine's time.
    """

    target: Target
    ask: Ask
    purpose: Purpose
    account: str
    build: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    at: float = field(default_factory=time.time)
    context: Context = field(default_factory=here)
    start: float = field(default_factory=time.perf_counter)
    text: str = ""
    model: str = ""
    adapter: str = ""
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    first: float = 0.0
    seconds: float = 0.0
    machine: float = 0.0
    free: bool = False
    stages: int = 0

    def piece(self, text: str) -> None:
        """A piece came."""
        if not self.first:
            self.first = time.perf_counter() - self.start
        self.text += text

    def stage(self, answer: Answer | None, machine: float) -> None:
        """A stage is over. answer: None when it broke off."""
        self.stages += 1
        self.machine += machine
        self.seconds = time.perf_counter() - self.start
        if answer is None:
            return
        if self.stages == 1:  # later ones read what was written, which is no question
            self.tokens_in, self.tokens_cached = answer.tokens_in, answer.tokens_cached
        self.tokens_out += answer.tokens_out
        self.model, self.adapter = answer.model, answer.adapter

    def call(self, finish: str, error: str, rented: Price | None) -> Call:
        """The call that it was."""
        guessed = 0
        if self.text and not self.tokens_out:
            self.tokens_out = len(self.text) // LETTERS + 1
            guessed = sum(len(turn["content"]) for turn in self.ask.messages) // LETTERS
        tokens = (self.tokens_in or guessed, self.tokens_cached, self.tokens_out)
        how = self.ask.sampling
        return Call(
            id=self.id,
            at=self.at,
            account=self.account,
            purpose=self.purpose,
            build=self.build,
            endpoint=self.target.name,
            model=self.model,
            adapter=self.adapter,
            adapter_sha256=self.target.adapter_sha256(self.adapter),
            messages=tuple(self.ask.messages),
            answer=self.text,
            sampling=dict(vars(how)),
            grammar=bool(self.ask.grammar),
            tokens_in=tokens[0],
            tokens_cached=tokens[1],
            tokens_out=tokens[2],
            first=self.first,
            seconds=self.seconds,
            finish=finish,
            error=error,
            cost=self.target.price.of(*tokens, self.machine),
            rented=rented.of(*tokens) if rented else 0.0,
        )
