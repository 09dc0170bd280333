"""Answers written in stages by the real model, which is held to the language whatever it would say by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from espalier.blueprint import read, read_all
from espalier.blueprint.grammar import next_stage
from espalier.blueprint.patch import apply, read_patch
from espalier.model import Ask, Sampling
from espalier.model.decode import Staged, write
from espalier.model.prompt import build_messages, edit_messages
from tests.model.conftest import run

SALON = """\
app: Dog Salon
theme: {primary: teal}
roles: [groomer]
data:
  Dog:
    name: text!
    breed: text
access:
  Dog: {read: user, write: groomer}
pages:
  Dogs:
    - table: Dog
"""


def ask(tokens: int, begun: str = "", seed: int = 1, warm: float = 0.0) -> Ask:
    messages = build_messages("A booking page for my dog salon")
    return Ask(messages, begun=begun, sampling=Sampling(temperature=warm, seed=seed, max_tokens=tokens))


def test_an_answer_goes_on_where_it_was_begun_to_its_end(endpoint):
    """The rows of an entity with one small number: whatever the model would like to say, there is little that it may."""
    begun = SALON.replace("    breed: text\n", "").replace("name: text!", "number: int! 1..5") + "seed:\n  Dog:"
    heard: list[str] = []
    answer = run(write(endpoint, ask(200, begun), heard.append))
    assert isinstance(answer, Staged)
    assert answer.text == "".join(heard)
    assert answer.stages[0][0] == "seed"
    rows = answer.text.partition("automations:")[0].strip().split("\n")
    assert rows and all(row.strip() in {f"- {number}" for number in range(1, 6)} for row in rows)
    if answer.finish == "stop":
        assert next_stage(begun + answer.text, line_ends_join=False) is None
        assert read_all(begun + answer.text).blueprint is not None


def test_stages_follow_each_other_and_what_is_read_is_not_read_again(endpoint):
    answer = run(write(endpoint, ask(160)))
    names = [name for name, _ in answer.stages]
    assert names[0] == "head" and len(names) > 1
    times = [seconds for _, seconds in answer.stages]
    assert times == sorted(times) and 0 < answer.first <= times[0] and times[-1] == answer.seconds
    assert answer.tokens_read < answer.tokens_out / 2
    assert answer.text.startswith("app: ")


def test_an_answer_ends_at_its_bound(endpoint):
    answer = run(write(endpoint, ask(12)))
    assert answer.finish == "length"
    assert answer.tokens_out <= 12


def test_without_grammar_the_model_says_what_it_likes(endpoint):
    free = run(write(endpoint, ask(20), grammar=False))
    held = run(write(endpoint, ask(20)))
    assert not free.text.startswith("app: ")
    assert held.text.startswith("app: ")
    assert [name for name, _ in free.stages] == ["all"]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_patch_names_what_is_there(endpoint, seed):
    before = read(SALON)
    question = edit_messages(SALON, "Add the birthday of the dog")
    sampling = Sampling(temperature=1.0, seed=seed, max_tokens=80)
    answer = run(write(endpoint, Ask(question, begun="data:", sampling=sampling), before=before))
    first = answer.text.lstrip("\n").split("\n")[0]
    assert first.startswith("  ") and first.rstrip(":") != first
    assert answer.stages[0][0] == "data"
    if answer.finish == "stop":
        assert isinstance(read_patch("data:" + answer.text), dict)


def test_a_patch_that_was_begun_can_be_finished(endpoint):
    before = read(SALON)
    question = edit_messages(SALON, "Show the breed")
    begun = "data:\n  Dog:\n    breed: text!\npages:"
    stage = next_stage(begun, line_ends_join=False, before=before)
    assert stage is not None and stage.name == "pages"
    answer = run(write(endpoint, Ask(question, begun=begun, sampling=Sampling(max_tokens=200)), before=before))
    if answer.finish == "stop":
        after = apply(before, read_patch(begun + answer.text))
        assert "Dog" in after.data


def test_the_endpoint_hears_the_whole_question_again(endpoint):
    """Each stage asks with the same messages and what is written so far, so that the model's memory of it holds."""
    asked: list[Ask] = []

    class Ear:
        name, grammars, line_ends_join = "ear", True, False

        def stream(self, one: Ask):
            asked.append(one)
            return endpoint.stream(one)

    begun = SALON[: SALON.index("pages:\n  Dogs:") + len("pages:\n  Dogs:")]
    answer = run(write(Ear(), ask(120, begun)))  # type: ignore[arg-type]
    assert len(asked) == len(answer.stages)
    assert all(one.messages == asked[0].messages for one in asked)
    said = begun + answer.text
    assert all(said.startswith(one.begun) and one.grammar for one in asked)
    assert replace(asked[0], grammar="") == ask(120, begun)
