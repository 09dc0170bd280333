"""Pairs from a teacher: a stronger model answers prompts, and only what the check passes is kept (rejection sampling).

What is kept says who wrote it and when, and under which terms its words may be used; that is for whoever asks the teacher to know. A run
that was interrupted goes on: prompts that have an answer, or were given up, are not asked again.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from espalier.blueprint import BlueprintError
from espalier.check.report import Report
from espalier.model.endpoint import Ask, Endpoint, Sampling
from espalier.model.errors import EndpointDown, ModelError
from espalier.model.judging import Judge
from espalier.model.prompt import build_messages, with_card

from .canonical import canonical

FENCE = re.compile(r"\A.*?```(?:ya?ml)?[ \t]*\n(.*?)(?:\n```.*)?\Z", re.DOTALL)
REJECTED = ".rejected.jsonl"


@dataclass(frozen=True)
class Terms:
    """How to ask. tries: answers to one prompt before it is given up; enough: the least share of what the prompt demands (as drawn
    from it) that an answer must meet; at_once: prompts asked side by side; licence: a note for each row."""

    tries: int = 4
    enough: float = 0.8
    at_once: int = 2
    temperature: float = 0.7
    licence: str = "see the terms of the teacher"


@dataclass(frozen=True)
class Outcome:
    """What came of a prompt. blueprint: canonical text, empty when every answer was rejected; why: of the last one."""

    prompt: str
    blueprint: str
    tries: int
    why: str = ""


def prompts_of(file: Path) -> list[dict[str, Any]]:
    """The lines of a file of prompts: JSON objects with `prompt`, and `style`, `domain` and `language` when known. Raises ValueError."""
    found = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        said = json.loads(line)
        if not isinstance(said, dict) or not str(said.get("prompt", "")).strip():
            raise ValueError(f"{file.name}:{number}: must hold a `prompt`")
        found.append(said)
    return found


async def distil(
    endpoint: Endpoint,
    prompts: Sequence[dict[str, Any]],
    out: Path,
    terms: Terms = Terms(),
    *,
    judge: Judge | None = None,
    on_outcome: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[int, int]:
    """Ask for every prompt that has no outcome yet, and append what is good to `out`. The numbers of rows kept and rejected in this run.

    Raises ModelError when the teacher cannot be asked at all; what came before stays.
    """
    judge = judge or Judge()
    known = _known(out) | _known(_rejected(out))
    waiting = [said for said in prompts if str(said["prompt"]).strip() not in known]
    kept = rejected = 0
    async for said, outcome in _outcomes(endpoint, waiting, terms, judge):
        if outcome.blueprint:
            kept += 1
            line = {
                "prompt": outcome.prompt,
                "blueprint": outcome.blueprint,
                **{key: said[key] for key in ("style", "domain", "language") if said.get(key)},
                "source": "distilled",
                "licence": terms.licence,
                "lineage": f"{endpoint.name}, {date.today().isoformat()}, {outcome.tries} of {terms.tries} tries",
            }
            _append(out, line)
        else:
            rejected += 1
            _append(_rejected(out), {"prompt": outcome.prompt, "why": outcome.why})
        on_outcome(outcome)
    return kept, rejected


async def _outcomes(
    endpoint: Endpoint, prompts: Sequence[dict[str, Any]], terms: Terms, judge: Judge
) -> AsyncIterator[tuple[dict[str, Any], Outcome]]:
    """In the order in which they come; a few at a time."""
    coming = iter(prompts)
    running: dict[asyncio.Task[Outcome], dict[str, Any]] = {}
    try:
        while True:
            while len(running) < terms.at_once and (said := next(coming, None)) is not None:
                running[asyncio.create_task(_answer(endpoint, str(said["prompt"]).strip(), terms, judge))] = said
            if not running:
                return
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                said = running.pop(task)
                yield said, task.result()
    finally:
        for task in running:
            task.cancel()


async def _answer(endpoint: Endpoint, prompt: str, terms: Terms, judge: Judge) -> Outcome:
    """The first answer that holds."""
    messages = build_messages(prompt) if endpoint.trained else with_card(build_messages(prompt))
    why = ""
    for number in range(terms.tries):
        # The likeliest answer first, then others.
        sampling = Sampling(temperature=terms.temperature if number else 0.0, seed=number, max_tokens=4000)
        try:
            answer = await endpoint.complete(Ask(messages, sampling=sampling))
        except EndpointDown:
            raise
        except ModelError as error:
            why = str(error)
            continue
        text, why = _canonical(answer.text)
        if not text:
            continue
        why = fault(await judge.report(text, prompt), terms.enough)
        if not why:
            return Outcome(prompt, text, number + 1)
    return Outcome(prompt, "", terms.tries, why)


def fault(report: Report, enough: float) -> str:
    """Why an answer is not good enough to learn from; empty when it is."""
    if report.problems or report.unfinished:
        return (report.problems or (report.unfinished,))[0]
    for result in report.failed:
        if result.group != "asked" or result.gate:
            return f"{result.name}: {result.findings[0]}" if result.findings else result.name
    return "" if report.asked >= enough else f"meets {report.asked:.0%} of what was asked"


def _canonical(answer: str) -> tuple[str, str]:
    """The blueprint in an answer, without the talk and the fences around it; or why there is none."""
    fenced = FENCE.match(answer)
    text = fenced[1] if fenced else answer
    try:
        return canonical(text.strip() + "\n"), ""
    except BlueprintError as error:
        return "", f"cannot be read: {error}"


def _rejected(out: Path) -> Path:
    return out.with_name(out.stem + REJECTED)


def _known(file: Path) -> set[str]:
    """Prompts that a file tells of. A last line that was cut off by a crash is not counted."""
    found = set()
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            found.add(str(json.loads(line)["prompt"]))
        except (json.JSONDecodeError, KeyError):
            continue
    return found


def _append(file: Path, line: dict[str, Any]) -> None:
    """One line more, on a line of its own even when the last one was cut off."""
    file.parent.mkdir(parents=True, exist_ok=True)
    cut_off = file.exists() and file.stat().st_size and not file.read_bytes().endswith(b"\n")
    with file.open("a", encoding="utf-8") as written:
        written.write(("\n" if cut_off else "") + json.dumps(line, ensure_ascii=False) + "\n")
        written.flush()
