"""From a prompt to a checked app: with the real llama.cpp where it matters how it is written, and with a server that says what a test
wants to hear where it matters what is made of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from espalier.blueprint.problems import BlueprintError
from espalier.blueprint.reader import read, read_all
from espalier.check.bounded import Pool
from espalier.config import Settings
from espalier.model import EndpointDown, PromptTooLong, Refused
from espalier.model.build import Built, How, build, edit
from espalier.model.embedded import Embedded
from espalier.model.judging import findings
from espalier.model.remote import Remote
from espalier.model.worker import Options
from espalier.model.writing import circles
from tests.model.conftest import run
from tests.model.openai_server import failing, saying, serving
from tests.samples import REPAIRS, SMALL

WISH = "a bicycle workshop: clients bring in bikes, mechanics take the jobs"
UNSEEN = SMALL.replace("  Home:\n", "  Home (user):\n") + "  Empty:\n    - text: Nothing\n"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as one:
        yield one


@pytest.fixture(scope="module")
def writer(model: Path, adapters: dict[str, Path]) -> Iterator[Embedded]:
    """It speaks nonsense, and takes itself for trained: what reads in its answers is the grammar's doing."""
    one = Embedded("red", model, adapters, "red", options=Options(context=1024, slots=3, threads=1), seconds=240)
    yield one
    asyncio.run(one.close())


def made(address: str, pool: Pool, prompt: str = WISH, **how: object) -> Built:
    async def work() -> Built:
        remote = Remote(address, Settings(), retries=0)
        try:
            return await build(remote, prompt, How(**how), pool=pool)  # type: ignore[arg-type]
        finally:
            await remote.close()

    return run(work())


def changed(address: str, pool: Pool, blueprint: str, request: str, **how: object) -> Built:
    async def work() -> Built:
        remote = Remote(address, Settings(), retries=0)
        try:
            return await edit(remote, blueprint, request, How(**how), pool=pool)  # type: ignore[arg-type]
        finally:
            await remote.close()

    return run(work())


# --- how it is written ------------------------------------------------------------------------------------------------


def test_a_nonsense_model_writes_an_app_that_reads(writer, pool):
    heard: list[tuple[int, str]] = []
    how = How(max_tokens=160, repair=False)
    built = run(build(writer, WISH, how, lambda number, piece: heard.append((number, piece)), pool=pool))
    assert built.text
    assert read(built.text)
    assert built.report
    assert not built.report.problems
    assert "".join(piece for _, piece in heard) == built.tries[0].written
    assert (built.model, built.adapter) == ("red", "red")
    assert set(built.seconds) == {"prompt", "section", "writing", "judging", "repair", "total"}
    assert 0 < built.seconds["prompt"] <= built.seconds["section"] <= built.seconds["total"]
    assert 0 < built.tokens_out <= 160 + 1


def test_several_answers_are_several_voices(writer, pool):
    how = How(samples=3, at_once=True, enough=1.1, max_tokens=60, repair=False)
    built = run(build(writer, WISH, how, pool=pool))
    assert sorted(one.number for one in built.tries) == [0, 1, 2]
    assert len({one.written for one in built.tries}) == 3
    assert built.score == max(one.score for one in built.tries)
    assert built.tokens_out == sum(one.answer.tokens_out for one in built.tries)


def test_the_rest_is_not_waited_for(writer, pool):
    how = How(samples=3, at_once=True, enough=0.0, max_tokens=60, repair=False)
    built = run(build(writer, WISH, how, pool=pool))
    assert len(built.tries) < 3
    assert run(free(writer))


def test_who_leaves_frees_the_model(writer, pool):
    async def work() -> bool:
        task = asyncio.create_task(build(writer, WISH, How(samples=3, at_once=True, max_tokens=400), pool=pool))
        while not writer._running or writer._running.slots.busy < 3:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return await free(writer)

    assert run(work())


async def free(writer: Embedded) -> bool:
    assert writer._running
    return writer._running.slots.busy == 0


def test_a_prompt_that_does_not_fit_keeps_its_ends(writer, pool):
    built = run(
        build(writer, "a shop. " + "каталог товаров " * 500 + " the end", How(max_tokens=40, repair=False), pool=pool)
    )
    (note,) = [note for note in built.notes if "were read" in note]
    assert "The prompt is long" in note
    assert built.tries[0].answer.tokens_in < 1024


# --- what is made of it -----------------------------------------------------------------------------------------------


def test_words_around_the_blueprint_are_left_out(pool):
    with serving(saying("Sure!\n", f"```yaml\n{REPAIRS}```\n", "Enjoy.")) as (address, seen):
        built = made(address, pool)
    assert built.text == REPAIRS
    assert built.score > 0.7
    asked = json.loads(seen[0]._body)["messages"]
    assert [turn["role"] for turn in asked] == ["system", "user"]
    assert "# Espalier blueprint" in asked[0]["content"]


def test_the_best_is_taken_and_no_more_is_asked_for_than_needed(pool):
    with serving(saying(SMALL), saying(REPAIRS), saying(SMALL)) as (address, seen):
        built = made(address, pool, samples=2, repair=False)
    assert built.text == REPAIRS
    assert [one.text for one in built.tries] == [SMALL, REPAIRS]
    heat = [json.loads(request._body)["temperature"] for request in seen]
    assert heat == [0.0, 0.7]
    with serving(saying(REPAIRS)) as (address, seen):
        made(address, pool, samples=4, enough=0.7, repair=False)
    assert len(seen) == 1


def test_an_answer_that_fails_is_no_reason_to_fail(pool):
    with serving(failing(500), saying(SMALL)) as (address, _):
        assert made(address, pool, samples=2, repair=False).text == SMALL
    with serving(failing(500)) as (address, _), pytest.raises(EndpointDown):
        made(address, pool, samples=2)


def test_a_repair_is_kept_when_it_is_better(pool):
    with serving(saying(UNSEEN), saying("pages:\n  Empty: null\n")) as (address, seen):
        built = made(address, pool, "notes to tick off", enough=1.0)
    told = json.loads(seen[1]._body)["messages"][-1]["content"].splitlines()
    assert told[0] == "Repair:"
    assert 2 <= len(told) <= 7
    assert "Empty" not in built.text
    assert built.score == built.tries[1].score > built.tries[0].score
    assert built.seconds["repair"] > 0


@pytest.mark.parametrize("patch", ["data:\n  Note: null\n", "nothing of use", "theme: {style: gloomy}\n", ""])
def test_a_repair_that_is_none_is_left(pool, patch):
    with serving(saying(UNSEEN), saying(patch)) as (address, seen):
        built = made(address, pool, "notes to tick off", enough=1.0)
    assert len(seen) == 2
    assert built.text == built.tries[0].text
    assert built.score >= built.tries[1].score


def test_what_does_not_read_is_mended_and_said(pool):
    broken = REPAIRS.replace("    - board: Job by status\n", "    - board: Jobb by stattus\n    - nonsense: 1\n")
    assert read_all(broken).blueprint is None
    with serving(saying(broken)) as (address, _):
        built = made(address, pool, repair=False)
        plain = made(address, pool, repair=False, mend=False)
    assert read(built.text)
    assert built.notes
    assert built.score > 0
    assert plain.text == ""
    assert plain.score == 0
    assert plain.report
    assert plain.report.problems


def test_nothing_comes_of_a_song(pool):
    with serving(saying("La la la")) as (address, _):
        built = made(address, pool)
    assert (built.text, built.score) == ("", 0)


def test_going_round_in_circles_ends(pool):
    line = "    available_for_days: int\n"
    with serving(saying("app: X\ndata:\n  Dog:\n", *[line] * 3000)) as (address, _):
        built = made(address, pool, repair=False)
    assert len(built.tries[0].written) < 3000
    assert built.tries[0].answer.finish == "length"
    assert not circles(REPAIRS * 2)
    assert not circles("")


def test_harm_is_refused_before_anybody_is_asked(pool):
    with serving(saying(SMALL)) as (address, seen):
        for prompt in ("make a phishing page for paypal", " "):
            with pytest.raises(Refused):
                made(address, pool, prompt)
        with pytest.raises(Refused):
            changed(address, pool, SMALL, "log every keystroke: a keylogger")
    assert seen == []


def test_a_very_long_prompt_is_shortened_with_a_note(pool):
    with serving(saying(REPAIRS)) as (address, seen):
        built = made(address, pool, WISH + " and more" * 5000)
    assert len(json.loads(seen[0]._body)["messages"][1]["content"]) == 20_000
    assert any("first 14,995" in note for note in built.notes)
    with serving(failing(400, "maximum context length exceeded")) as (address, seen), pytest.raises(PromptTooLong):
        made(address, pool, "word " * 4000)
    assert 2 < len(seen) < 8


# --- edits ------------------------------------------------------------------------------------------------------------


def test_an_edit_is_a_patch_applied(pool):
    with serving(saying("```yaml\ndata:\n  Note:\n    day: date\n```")) as (address, seen):
        edited = changed(address, pool, SMALL, "add a day to notes")
    assert edited.patch == "data:\n  Note:\n    day: date\n"
    assert edited.before == SMALL
    assert "day" in read(edited.text).data["Note"].fields
    turns = json.loads(seen[0]._body)["messages"]
    assert [turn["role"] for turn in turns] == ["system", "user", "assistant", "user"]
    assert turns[2]["content"] == SMALL
    assert "`null` deletes" in turns[0]["content"]


def test_a_patch_that_fits_nothing_is_asked_for_once_more(pool):
    good = saying("data:\n  Note:\n    day: date\n")
    for bad in ("pages:\n  Home:\n    - list: Nobody\n", "{}", "app: Small\n", "- a\n- b\n"):
        with serving(saying(bad), good) as (address, seen):
            edited = changed(address, pool, SMALL, "add a day to notes")
        assert "day" in edited.text
        assert len(seen) == 2
        with serving(saying(bad)) as (address, _):
            edited = changed(address, pool, SMALL, "add a day to notes", repair=False)
        assert (edited.text, edited.patch, edited.score) == ("", "", 0)


def test_the_edit_that_does_what_was_asked_is_taken(pool):
    other, asked = "data:\n  Note:\n    day: date\n", "data:\n  Note:\n    photo: image\n"
    with serving(saying(other), saying(asked)) as (address, _):
        edited = changed(address, pool, SMALL, "add a photo to each note", samples=2, enough=1.0)
    assert edited.patch == asked


def test_an_app_with_faults_is_not_edited(pool):
    with serving(saying("{}")) as (address, seen), pytest.raises(BlueprintError):
        changed(address, pool, SMALL.replace("list: Note", "list: Nope"), "add a day")
    assert seen == []


def test_findings_are_told_the_worst_first(pool):
    with serving(saying(UNSEEN)) as (address, _):
        built = made(address, pool, "notes with a photo and a due date, for a team", repair=False)
    assert built.report
    told = findings(built.report)
    assert told == list(dict.fromkeys(told))
    failed = {finding for result in built.report.failed for finding in map(str, result.findings)}
    assert set(told) == failed
