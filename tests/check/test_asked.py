"""No more than was asked for, in words of its own, about the prompt's own subject."""

from __future__ import annotations

import json

import pytest

from espalier.blueprint import read
from espalier.check.asked.said import Said, plain, stems
from espalier.check.checks import checks
from espalier.check.judge import judge
from espalier.check.report import Result
from espalier.check.requirements import Rubric
from espalier.check.subject import Subject
from tests.samples import GALLERY, ROOT

from .honest import HONEST

PROMPTS = {
    one["id"]: one["prompt"]
    for one in map(json.loads, (ROOT / "src/espalier/evals/suites/gallery.jsonl").read_text().splitlines())
}
NAMES = ("economy", "fullness", "own_subject", "stuffing")


def result(name: str, text: str, prompt: str, rubric: Rubric | None = None) -> Result:
    [check] = [one for one in checks("asked") if one.name == name]
    return check.run(Subject(read(text), text=text, prompt=prompt, rubric=rubric))


def large(entities: int) -> str:
    data = "".join(
        f"  Tool{at}:\n    name: text!\n    kind: Hand | Power\n    bought: date\n" for at in range(entities)
    )
    pages = "".join(f"  Tools {at}:\n    - table: Tool{at}\n" for at in range(entities))
    return f"app: Tools\ndata:\n{data}pages:\n{pages}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", GALLERY, ids=lambda file: file.stem)
def test_the_gallery_answers_its_prompts(name, file):
    found = result(name, file.read_text(), PROMPTS[file.stem])
    assert found.share == 1, found.findings


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("honest", HONEST)
def test_small_honest_apps_answer_theirs(name, honest):
    prompt, text = HONEST[honest]
    assert result(name, text, prompt).share == 1


def test_a_few_words_justify_a_small_app_and_no_more():
    prompt = "an inventory of my tools"
    shares = [result("economy", large(entities), prompt).share for entities in (2, 5, 7, 9, 12)]
    assert shares[:2] == [1, 1]
    assert shares == sorted(shares, reverse=True)
    assert shares[3] < 0.6
    assert shares[4] < 0.4


def test_a_long_prompt_or_a_long_rubric_justifies_more():
    few = "an inventory of my tools"
    assert result("economy", large(7), few).share < 1
    assert result("economy", large(7), " ".join([few] * 12)).share == 1
    rubric = Rubric.model_validate({"requirements": [{"kind": "entity", "like": f"tool {at}"} for at in range(16)]})
    assert result("economy", large(7), few, rubric).share == 1


def test_saying_the_prompt_back_is_no_answer():
    prompt, text = HONEST["helpdesk"]
    assert result("stuffing", text, prompt).share == 1
    copied = text.replace(
        "Say what and where. We come by before the next lesson if we can.", prompt[:300].replace(":", "")
    )
    found = result("stuffing", copied, prompt)
    assert found.share is not None
    assert found.share < 0.5
    assert "as they were written" in found.findings[0].why


def test_listing_the_prompts_words_is_no_answer():
    prompt, _ = HONEST["salon"]
    listed = " ".join(sorted({word for word in plain(prompt) if len(word) > 3}))
    text = f"app: Pawfect\npages:\n  Home:\n    - hero: Welcome in\n      text: {listed[:380]}\n"
    found = result("stuffing", text, prompt)
    assert found.share is not None
    assert found.share < 0.5
    # A slogan that was asked for may stand there.
    asked = f'{prompt}. The hero says "wet dogs go in, happy dogs come out"'
    slogan = HONEST["salon"][1].replace("Happy dogs start here", "Wet dogs go in, happy dogs come out")
    assert result("stuffing", slogan, asked).share == 1


def test_a_script_that_says_nothing_of_its_subject_still_has_one():
    prompt, text = HONEST["game"]
    assert result("own_subject", text, prompt).share == 1


def test_the_least_that_can_be_said_is_too_little():
    least = "app: The Tin\nabout: Recipes\ndata:\n  Recipe:\n    name: text!\npages:\n  Home:\n    - table: Recipe\n"
    prompt, text = HONEST["recipes"]
    found = result("fullness", least, prompt)
    assert found.share is not None
    assert found.share < 0.8
    assert result("fullness", text, prompt).share == 1
    # What makes it more are fields that people fill in, not those that the app works out.
    computed = least.replace(
        "name: text!", "name: text!\n" + "".join(f"    more_{at}: int = length(name)\n" for at in range(9))
    )
    assert result("fullness", computed, prompt).share == found.share


@pytest.mark.parametrize(("app", "prompt"), [("bakery", "helpdesk"), ("helpdesk", "recipes"), ("recipes", "salon")])
def test_an_app_for_something_else_is_noticed(app, prompt):
    found = result("own_subject", HONEST[app][1], HONEST[prompt][0])
    assert found.share is not None
    assert found.share < 0.8


def test_names_in_other_words_are_the_same_subject():
    text = "app: Kerb\ndata:\n  Automobile:\n    licence_plate: text!\n    mileage: int\npages:\n  Home:\n    - table: Automobile\n"
    assert result("own_subject", text, "log of our cars").share == 1


def test_nothing_is_compared_without_a_prompt():
    _, text = HONEST["salon"]
    assert not judge(text).group("asked")
    assert result("own_subject", text, "").state == "not applicable"
    assert result("stuffing", text, "").state == "not applicable"


def test_words_that_mean_something():
    assert plain("ClientNote client_note, don't 24h") == ["client", "note", "client", "note", "don't", "24"]
    assert stems(["the", "bookings", "booking", "of"]) == stems(["booking"])
    prompt, text = HONEST["salon"]
    said = Said.of(Subject(read(text), text=text, prompt=prompt))
    assert "groomer" in said.structure
    assert said.share_met(said.prompt) == 1
    assert said.share_met([]) == 0
