"""One answer: a blueprint or a patch, held to a grammar while it is written where that can be, taken out of free words where not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from espalier.blueprint.patch import apply, read_patch
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read_all
from espalier.blueprint.schema import Blueprint
from espalier.check.rewards import FENCED, blueprint_in

from .endpoint import Answer, Ask, Endpoint

# A section can be shown when the next has begun; name, subject and look together are the first.
SECTION = re.compile(r"(?m)^(roles|signup|data|access|pages):")
SEEN, END, TIMES = 1000, 24, 12  # so many of its last characters hold so many of the very last so often
Heard = Callable[[str], None]


async def write_blueprint(
    endpoint: Endpoint, ask: Ask, grammar: bool, mending: bool, heard: Heard
) -> tuple[Answer, str, tuple[str, ...]]:
    """A blueprint: the answer, the blueprint's text, and what was put right in it."""
    if grammar and endpoint.grammars:
        from .decode import write

        answer: Answer = await write(endpoint, ask, heard)
        text = answer.text
    else:
        answer = await _free(endpoint, ask, heard)
        text = blueprint_in(answer.text)
    if mending and read_all(text).blueprint is None:
        from espalier.blueprint.mend import mend

        mended = mend(text)
        return answer, mended.text, tuple(str(fix) for fix in mended.fixes)
    return answer, text, ()


async def write_patch(
    endpoint: Endpoint, ask: Ask, grammar: bool, before: Blueprint, heard: Heard
) -> tuple[Answer, str]:
    """A patch for a blueprint: the answer and the patch's text, which applies when anything of it can be used."""
    from espalier.blueprint.mend import mend_patch

    if grammar and endpoint.grammars:
        from .decode import write

        answer: Answer = await write(endpoint, ask, heard, before=before)
        text = answer.text
    else:
        answer = await _free(endpoint, ask, heard)
        blocks = [found[2] for found in FENCED.finditer(answer.text)]
        text = blocks[-1] if blocks else answer.text
    mended = mend_patch(before, text).text
    return answer, mended if mended and not _lost(before, mended, text) else text


def _lost(before: Blueprint, patch: str, written: str) -> set[str]:
    """Pages and entities that a mended patch takes away though what was written did not say so."""
    try:
        after = apply(before, read_patch(patch))
    except BlueprintError:
        return set()
    gone = ({*before.pages} | {*before.data}) - ({*after.pages} | {*after.data})
    said = re.findall(r"""(?m)^\s*["']?([^:"'\n]+)["']?:[ \t]*(?:null|~)[ \t]*$""", written)
    return gone - {*said} if "rename:" not in written else set()


async def _free(endpoint: Endpoint, ask: Ask, heard: Heard) -> Answer:
    """The answer, each piece given on as it comes; broken off when it goes round in circles."""
    start, first, text = time.perf_counter(), 0.0, ""
    async with endpoint.stream(ask) as stream:
        async for piece in stream:
            first = first or time.perf_counter() - start
            text += piece
            heard(piece)
            if circles(text):
                seconds = time.perf_counter() - start
                return Answer(text, seconds=seconds, first=first, finish="length", model=endpoint.name)
        return stream.answer


def circles(text: str) -> bool:
    """Does a text repeat its end over and over, as small models do that lost their way?"""
    return len(text) > SEEN and text[-SEEN:].count(text[-END:]) >= TIMES
