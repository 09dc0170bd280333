"""Generated pairs: they hold, they say what they mean, and they are the same each time."""

from __future__ import annotations

import re

import pytest

from espalier.blueprint import read
from espalier.check.words import split
from espalier.data.canonical import canonical
from espalier.data.decontaminate import held_out_subject
from espalier.data.generate.make import STYLES, compose, make
from espalier.data.generate.noise import hurried
from espalier.data.generate.taxonomy import domains
from espalier.data.pairs import Pair
from espalier.data.proof import Claim, Court

SOME = range(1000, 1030)


@pytest.fixture(scope="module")
def some():
    return [one for number in SOME if (one := make(number)) is not None]


def test_nearly_all_hold_and_do_what_their_prompt_says(some, tmp_path_factory):
    from espalier.data.memory import Memory

    memory = Memory(tmp_path_factory.mktemp("proof") / "memory.sqlite")
    with Court(memory) as court:
        verdicts = list(court.verdicts(Claim(one.blueprint, one.prompt, one.rubric.model_dump_json()) for one in some))
        assert court.judged == len(some)
        again = list(court.verdicts(Claim(one.blueprint, one.prompt, one.rubric.model_dump_json()) for one in some))
        assert again == verdicts
        assert court.judged == len(some)  # each is judged only once
    assert sum(verdict.holds for verdict in verdicts) >= 0.85 * len(some)


def test_the_same_number_gives_the_same_pair(some):
    for one in some[:8]:
        twin = make(one.number)
        assert (twin.prompt, twin.blueprint, twin.rubric) == (one.prompt, one.blueprint, one.rubric)
    assert make(1000, seed=1).prompt != make(1000).prompt


def test_every_style_comes_and_looks_like_it(some):
    assert {one.style for one in (make(number) for number in range(60)) if one} == set(STYLES)
    for one in some:
        if one.style == "list":
            assert one.prompt.count("\n") >= 2
        if one.style == "short":
            assert len(one.prompt.split()) <= 50
        if one.style == "formal":
            assert one.prompt[0].isupper()
            assert one.prompt.endswith((".", "!", "?"))


def test_what_the_rubric_demands_stands_in_the_prompt():
    """Where nobody was in a hurry: the names of fields and the values of choices, word by word."""
    for number in range(40):
        one = make(number, style="formal")
        if one is None:
            continue
        said = set(re.findall(r"\w+", one.prompt.lower()))
        for need in one.rubric.requirements:
            if need.kind == "field":
                assert any(set(split(name)) <= said for name in need.like.any), (one.prompt, need)
            if need.kind == "choice":
                for value in need.values:
                    assert set(re.findall(r"\w+", value.any[0].lower())) <= said, (one.prompt, need)


def test_blueprints_are_canonical_and_of_no_held_out_domain(some):
    for one in some:
        assert canonical(one.blueprint) == one.blueprint
        assert not held_out_subject(Pair("x", one.prompt, one.blueprint, domain=one.domain))


def test_held_out_domains_are_composed_only_when_asked_for():
    one = make(0, among=domains(held=True))
    assert one.domain in {domain.key for domain in domains(held=True)}
    assert held_out_subject(Pair("x", one.prompt, one.blueprint, domain=one.domain))


def test_what_nobody_would_guess_is_always_said():
    for number in range(60):
        draft = compose(number, 0, domains())
        from espalier.data.generate import prompt

        text, needs = prompt.write(draft)
        for statement in draft.statements:
            if (
                statement.must
                and statement.needs
                and (draft.style != "short" or "noun" in prompt.phrases()[statement.kind])
            ):
                assert all(need in needs for need in statement.needs), (text, statement)


def test_haste_keeps_a_text_readable():
    import random

    text = "Please keep the customers with their appointments and photographs"
    hasty = [hurried(text, random.Random(number)) for number in range(30)]
    assert len(set(hasty)) > 6
    assert all(len(one) > 0.8 * len(text) for one in hasty)


def test_every_block_that_a_prompt_asks_for_is_in_the_app(some):
    for one in some:
        kinds = {block.kind for page in read(one.blueprint).page_list for block in page.blocks}
        for need in one.rubric.requirements:
            if need.kind == "block" and len(need.any) == 1:
                assert need.any[0] in kinds
