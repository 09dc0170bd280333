"""An answer written in stages, each held to a grammar that is made of the names written before it (blueprint/grammar).

A stage ends where its grammar lets nothing more follow; the next one goes on from there, and the endpoint, which has read all
of it already, goes on at once. What the answer says is build.py's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from espalier.blueprint import Blueprint
from espalier.blueprint.grammar import next_stage, stage_without_more

from .again import Said
from .endpoint import Answer, Ask, Endpoint

# A grammar bounds every part of an answer; this bounds their number.
MOST_STAGES = 80


@dataclass(frozen=True)
class Staged(Answer):
    """An answer with its stages: the name of each, and how many seconds after the asking it stood.

    tokens_in and tokens_cached are those of the first stage, whose prompt is the question; tokens_read are those that the later
    stages had to read again, a few each. making is how many seconds the grammars took to make.
    """

    stages: tuple[tuple[str, float], ...] = ()
    tokens_read: int = 0
    making: float = 0.0


async def write(
    endpoint: Endpoint,
    ask: Ask,
    on_piece: Callable[[str], None] | None = None,
    *,
    grammar: bool = True,
    before: Blueprint | None = None,
) -> Staged:
    """A blueprint as the answer to a question, or, of a blueprint before, a patch; `ask.begun` may hold its start, up to where
    a stage ends.

    on_piece gets the text as it comes, less what is taken back: a field, block or row that says the one before it once more (again.py).
    Without grammar, or from an endpoint that takes none, it is written freely in one go.
    The answer ends early, with finish "length", at `ask.sampling.max_tokens`. Raises what the endpoint raises.
    """
    heard = on_piece or _nobody
    if not grammar or not endpoint.grammars:
        answer = await _free(endpoint, ask, heard)
        return Staged(**vars(answer), stages=(("all", answer.seconds),))
    start, text, total, again = time.perf_counter(), ask.begun, Staged(""), False
    for _ in range(MOST_STAGES):
        began = time.perf_counter()
        if not again:
            stage = next_stage(text, line_ends_join=endpoint.line_ends_join, before=before)
        else:
            stage = stage_without_more(text, line_ends_join=endpoint.line_ends_join) if before is None else None
        total = replace(total, making=total.making + time.perf_counter() - began)
        left = ask.sampling.max_tokens - total.tokens_out
        if stage is None:
            return replace(total, text=text.removeprefix(ask.begun), finish="stop")
        if left <= 0:
            break
        sampling = replace(ask.sampling, max_tokens=left)
        waited = time.perf_counter() - start
        said = Said(text, heard)
        answer = await _held(endpoint, replace(ask, begun=text, grammar=stage.gbnf, sampling=sampling), said)
        grown = said.text != text
        text, again = said.text, said.again
        total = _together(total, answer, stage.name, waited, time.perf_counter() - start)
        if not again and (answer.finish == "length" or not grown):
            break
    return replace(total, text=text.removeprefix(ask.begun), finish="length")


async def _free(endpoint: Endpoint, ask: Ask, heard: Callable[[str], None]) -> Answer:
    async with endpoint.stream(ask) as stream:
        async for piece in stream:
            heard(piece)
        return stream.answer


async def _held(endpoint: Endpoint, ask: Ask, said: Said) -> Answer:
    """One stage. It is broken off when something is said twice in a row."""
    start, first, pieces = time.perf_counter(), 0.0, 0
    async with endpoint.stream(ask) as stream:
        async for piece in stream:
            first, pieces = first or time.perf_counter() - start, pieces + 1
            said.hear(piece)
            if said.again:
                seconds = time.perf_counter() - start
                return Answer(
                    piece, tokens_out=pieces, seconds=seconds, first=first, finish="length", model=endpoint.name
                )
        said.done()
        return stream.answer


def _together(total: Staged, answer: Answer, name: str, waited: float, now: float) -> Staged:
    """What has been written so far with one stage more."""
    later = bool(total.stages)
    return replace(
        total,
        tokens_in=total.tokens_in if later else answer.tokens_in,
        tokens_cached=total.tokens_cached if later else answer.tokens_cached,
        tokens_out=total.tokens_out + answer.tokens_out,
        seconds=now,
        first=total.first if later else waited + answer.first,
        model=answer.model,
        adapter=answer.adapter,
        stages=(*total.stages, (name, now)),
        tokens_read=total.tokens_read + (answer.tokens_in - answer.tokens_cached if later else 0),
    )


def _nobody(piece: str) -> None:
    """Nobody listens."""
