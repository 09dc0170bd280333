"""From a prompt to a checked app, and from a request to a checked edit.

Several answers are written, each is judged by the check as it ends, and the best is taken; when one is good enough, the others are
not waited for. What does not read is mended by rules; what fails is told to the model once, and its repair is kept when the score
rises. Each of these can be switched off, and each says what it took.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from espalier.blueprint.mend import mend
from espalier.blueprint.patch import apply, read_patch
from espalier.blueprint.printer import print_blueprint
from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read, read_all
from espalier.check.bounded import Pool
from espalier.check.report import Report
from espalier.check.rewards import blueprint_in

from .endpoint import Answer, Ask, Endpoint, Message, Sampling
from .errors import EndpointDown, ModelError, PromptTooLong
from .judging import Judge, findings
from .prompt import build_messages, edit_messages, repair_messages, with_card
from .refuse import screen, shorten
from .writing import SECTION, write_blueprint, write_patch

TAKES_AWAY = re.compile(
    r"\b(remov|delet|drop|renam|replac)|\b(without|no longer|instead|hide|get rid|take out|don.?t|not|less|stop|except|only|never)\b"
)
SHORTER = 5  # times that a prompt which does not fit is cut
OnPiece = Callable[[int, str], None]
T = TypeVar("T")


@dataclass(frozen=True)
class How:
    """How to build.

    samples: answers at most. enough: the score from which no further answer is asked for or waited for. at_once: ask for all of them
    at the start; else the others only when the first is not good enough, which is quicker when it mostly is. temperature is that of
    the first answer, variety that of the others; seed is the first one's. grammar: hold the answer to the language as it is written,
    where the endpoint can. mend: put right by rules what does not read. repair: tell the model what is wrong, once. seconds: how long
    one answer may take; then what stands of it is taken, when pages do.
    """

    samples: int = 1
    grammar: bool = True
    repair: bool = True
    mend: bool = True
    enough: float = 0.97
    at_once: bool = False
    temperature: float = 0.0
    variety: float = 0.7
    seed: int = 0
    max_tokens: int = 1500
    seconds: float = 300.0


@dataclass(frozen=True)
class Try:
    """One answer: as it was written, as it was taken (mended, or with the patch applied), and its report."""

    number: int
    written: str
    text: str
    report: Report
    answer: Answer
    fixes: tuple[str, ...] = ()  # what was put right in it, or kept it from its end
    judging: float = 0

    @property
    def score(self) -> float:
        return self.report.score


@dataclass(frozen=True)
class Built:
    """What came of a prompt. text: the blueprint; empty when nothing that was written reads.

    seconds, each since the start of its stage: `prompt` until the first piece, `section` until the first section that can be shown,
    `writing` and `judging` of the answer that was taken, `repair`, and `total`. notes: what a person should know.
    """

    text: str
    report: Report | None
    tries: tuple[Try, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    tokens_in: int = 0
    tokens_out: int = 0
    notes: tuple[str, ...] = ()
    model: str = ""
    adapter: str = ""

    @property
    def score(self) -> float:
        return self.report.score if self.report else 0.0


@dataclass(frozen=True)
class Edited(Built):
    """What came of a request. text: the blueprint after; patch: what changes it; both empty when no patch fits."""

    patch: str = ""
    before: str = ""


async def build(
    endpoint: Endpoint, prompt: str, how: How = How(), on_piece: OnPiece | None = None, *, pool: Pool | None = None
) -> Built:
    """Build an app. on_piece hears the number of the answer and each piece of it. pool: what judges; this process's when not given.

    Raises Refused for what is not built, and other ModelErrors when the endpoint cannot answer.
    """
    start = time.perf_counter()
    screen(prompt)
    wanted, note = shorten(prompt.strip())
    work = _Work(endpoint, how, Judge(pool), start, on_piece, wanted)

    async def attempt(text: str) -> Try:
        messages = build_messages(text)
        best = await _best_of(how, lambda number: _blueprint_try(work, messages, number))
        return await _repaired(work, best, text)

    best, cut = await _cut_to_fit(attempt, wanted)
    notes = [one for one in (cut or note, *best.fixes) if one]
    return Built(**work.measures(best), text=_text_of(best), report=best.report, notes=tuple(notes))


async def edit(
    endpoint: Endpoint,
    blueprint_text: str,
    request: str,
    how: How = How(),
    prompt: str = "",
    on_piece: OnPiece | None = None,
    *,
    pool: Pool | None = None,
) -> Edited:
    """Change an app. prompt: what it came from, when that is known.

    Raises BlueprintError when the blueprint does not read, Refused and other ModelErrors as `build`.
    """
    start = time.perf_counter()
    screen(request)
    before = print_blueprint(read(blueprint_text))
    wanted, note = shorten(request.strip())
    work = _Work(endpoint, how, Judge(pool), start, on_piece, prompt)
    held = "" if TAKES_AWAY.search(wanted.lower()) else wanted  # drawing hears what should be there, not what should go

    async def attempt(text: str) -> Try:
        messages = edit_messages(before, text, prompt)

        def once(number: int) -> Awaitable[Try]:
            return _patch_try(work, work.ask(messages, number), number, before, held)

        best = await _best_of(how, once)
        if how.repair and not best.text:  # no patch to repair: once more, in other words
            again = await once(len(work.tries))
            best = again if again.score > best.score else best
        return best

    best, cut = await _cut_to_fit(attempt, wanted)
    notes = tuple(one for one in (cut or note,) if one)
    patch = best.written if best.text else ""
    return Edited(**work.measures(best), text=best.text, report=best.report, notes=notes, patch=patch, before=before)


# --- the stages -------------------------------------------------------------------------------------------------------


@dataclass
class _Work:
    """One build under way: what it uses, and what it took so far."""

    endpoint: Endpoint
    how: How
    judge: Judge
    start: float
    on_piece: OnPiece | None
    prompt: str
    tries: list[Try] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def ask(self, messages: Sequence[Message], number: int, temperature: float | None = None) -> Ask:
        how = self.how
        heat = temperature if temperature is not None else how.variety if number else how.temperature
        sampling = Sampling(temperature=heat, seed=how.seed + number, max_tokens=how.max_tokens)
        return Ask(messages if self.endpoint.trained else with_card(messages), sampling=sampling)

    def listener(self, number: int) -> Callable[[str], None]:
        """Hears the pieces of one answer, and sees when the first section of the first stands."""
        so_far = ""

        def heard(piece: str) -> None:
            nonlocal so_far
            if self.on_piece:
                self.on_piece(number, piece)
            if number == 0 and "section" not in self.seconds:
                so_far += piece
                self.seconds.setdefault("prompt", self.since())
                if SECTION.search(so_far):
                    self.seconds["section"] = self.since()

        return heard

    def since(self) -> float:
        return time.perf_counter() - self.start

    def measures(self, best: Try) -> dict[str, Any]:
        seconds = {
            "prompt": self.seconds.get("prompt", best.answer.first),
            "section": self.seconds.get("section", self.since()),
            "writing": best.answer.seconds,
            "judging": best.judging,
            "repair": self.seconds.get("repair", 0.0),
            "total": self.since(),
        }
        return {
            "tries": tuple(self.tries),
            "seconds": seconds,
            "tokens_in": sum(one.answer.tokens_in for one in self.tries),
            "tokens_out": sum(one.answer.tokens_out for one in self.tries),
            "model": best.answer.model,
            "adapter": best.answer.adapter,
        }


async def _best_of(how: How, attempt: Callable[[int], Awaitable[Try]]) -> Try:
    """The best of the tries; the first of those that are equal. Raises what the endpoint raised when none came to an end."""
    done: list[Try] = []
    numbers = list(range(max(1, how.samples)))
    rounds = [numbers] if how.at_once else [numbers[:1], numbers[1:]]
    error: ModelError | None = None
    for numbers in rounds:
        tasks = [asyncio.ensure_future(attempt(number)) for number in numbers]
        try:
            for ended in asyncio.as_completed(tasks):
                try:
                    done.append(await ended)
                except ModelError as why:
                    error = why
                    continue
                if done[-1].score >= how.enough:
                    break
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if done and max(one.score for one in done) >= how.enough:
            break
    if not done:
        assert error
        raise error
    return min(done, key=lambda one: (-one.score, one.number))


async def _blueprint_try(work: _Work, messages: Sequence[Message], number: int) -> Try:
    how, endpoint = work.how, work.endpoint
    warming = asyncio.ensure_future(work.judge.warm())
    try:
        ask = work.ask(messages, number)
        heard = _Heard(work.listener(number))
        try:
            async with asyncio.timeout(how.seconds):
                answer, text, fixes = await write_blueprint(endpoint, ask, how.grammar, how.mend, heard)
        except (TimeoutError, EndpointDown) as error:
            answer, text, fixes = _begun(work, heard, error)
    finally:
        await asyncio.gather(warming, return_exceptions=True)
    judged = time.perf_counter()
    report = await work.judge.report(text, work.prompt)
    return _kept(work, Try(number, answer.text, text, report, answer, fixes, time.perf_counter() - judged))


class _Heard:
    """Keeps what a listener hears."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        self.text = ""
        self.since = time.perf_counter()
        self._listener = listener

    def __call__(self, piece: str) -> None:
        self.text += piece
        self._listener(piece)


def _begun(work: _Work, heard: _Heard, error: Exception) -> tuple[Answer, str, tuple[str, ...]]:
    """An answer that did not come to its end, as far as it came; raised again, in words, when that is no app yet."""
    said = str(error) or f"The answer took more than {work.how.seconds:g} s."
    text = blueprint_in(heard.text)
    if not work.how.mend or "\npages:" not in text:
        raise EndpointDown(said) from error
    mended = mend(text)
    answer = Answer(
        heard.text, seconds=time.perf_counter() - heard.since, finish="length", model=work.endpoint.name
    )  # nobody counted its tokens
    return answer, mended.text, (f"{said} What stood by then was taken.", *(str(fix) for fix in mended.fixes))


async def _patch_try(work: _Work, ask: Ask, number: int, before: str, wanted: str) -> Try:
    """One patch. wanted: what the app is held against afterwards."""
    how = work.how
    try:
        async with asyncio.timeout(how.seconds):
            answer, text = await write_patch(work.endpoint, ask, how.grammar, read(before), work.listener(number))
    except TimeoutError:
        raise EndpointDown(f"The answer took more than {how.seconds:g} s.") from None
    judged = time.perf_counter()
    after, why = _applied(before, text)
    report = await work.judge.report(after, wanted) if after else Report(problems=(why,))
    return _kept(work, Try(number, text, after, report, answer, (), time.perf_counter() - judged))


def _applied(before: str, patch_text: str) -> tuple[str, str]:
    """The blueprint after a patch, or why there is none."""
    try:
        after = print_blueprint(apply(read(before), read_patch(patch_text)))
    except BlueprintError as error:
        return "", str(error)
    except (ValueError, RecursionError) as error:  # a patch of odd shapes
        return "", f"the patch does not fit: {error}"
    return (after, "") if after != before else ("", "the patch changes nothing")


async def _repaired(work: _Work, best: Try, prompt: str) -> Try:
    """The try after one repair, when that is better."""
    told = findings(best.report)
    if not work.how.repair or not told or best.score >= work.how.enough:
        return best
    start = time.perf_counter()
    before = _text_of(best)
    if not before:
        return best
    number = max(one.number for one in work.tries) + 1
    ask = work.ask(repair_messages(before, told, prompt), number, work.how.temperature)
    try:
        after = await _patch_try(work, ask, number, before, prompt)
    except ModelError:  # there is an app already, and it is not lost because it could not be made better
        return best
    finally:
        work.seconds["repair"] = time.perf_counter() - start
    return after if after.score > best.score else best


def _kept(work: _Work, one: Try) -> Try:
    work.tries.append(one)
    return one


def _text_of(best: Try) -> str:
    """The blueprint of a try as it is printed; empty when it does not read."""
    reading = read_all(best.text)
    return print_blueprint(reading.blueprint) if reading.blueprint else ""


async def _cut_to_fit(attempt: Callable[[str], Awaitable[T]], text: str) -> tuple[T, str]:
    """What comes of a text, or of as much of its beginning and end as fits; with a note when it was cut."""
    cut, note = text, ""
    for left in reversed(range(SHORTER)):
        try:
            return await attempt(cut), note
        except PromptTooLong as error:
            share = 0.9 * error.room / error.tokens if error.tokens and error.room else 0.5
            most = int(len(cut) * min(share, 0.9))
            if not left or most < 200:  # it is not the prompt that is too long
                raise
            cut, note = shorten(text, most)
    raise AssertionError
