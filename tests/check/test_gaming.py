"""Whoever wants a score without deserving it gets less than a small honest app that answers the same prompt."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espalier.check.judge import judge
from espalier.check.report import Report

from .cheats import CHEATS, dump, load, more, spoilt
from .honest import HONEST

MARGIN = 0.05  # a cheat is worth at least so much less


@cache
def honest(name: str, asked: bool = True) -> Report:
    prompt, text = HONEST[name]
    return judge(text, prompt if asked else "")


@pytest.mark.parametrize("name", HONEST)
def test_small_honest_apps_are_worth_nearly_everything(name):
    report = honest(name)
    assert report.score > 0.9, [(one.name, one.findings[:1]) for one in report.failed]
    assert honest(name, asked=False).score > 0.9


@pytest.mark.parametrize("name", HONEST)
@pytest.mark.parametrize("cheat", CHEATS)
def test_cheats_are_worth_less(cheat, name):
    prompt, text = HONEST[name]
    document = spoilt(cheat, prompt, text)
    if document is None:
        pytest.skip("nothing to spoil")
    report = judge(document, prompt)
    assert not report.problems, report.problems  # it must lose by what it is, not by a slip
    assert report.score < honest(name).score - MARGIN, (report.score, [one.name for one in report.failed])


@pytest.mark.parametrize("name", HONEST)
def test_another_app_is_no_answer(name):
    prompt, _ = HONEST[name]
    for other, (_, text) in HONEST.items():
        if other != name:
            assert judge(text, prompt).score < 0.8 * honest(name).score


# Without a prompt, what is wrong by itself must show all the same.
ALONE = (
    "empty only_a_hero pages_without_content everything_public nobody_may_anything hidden_forms forms_for_nobody one_of_every_block "
    "sixty_fields the_same_page_twenty_times text_walls faked_charts custom_that_prints custom_that_listens_to_nothing leaking padded"
).split()


@pytest.mark.parametrize("cheat", ALONE)
def test_cheats_are_worth_less_without_a_prompt(cheat):
    prompt, text = HONEST["salon"]
    document = spoilt(cheat, prompt, text)
    assert document is not None
    assert judge(document).score < honest("salon", asked=False).score - MARGIN


def test_emptiness_is_worth_next_to_nothing():
    for cheat in ("empty", "only_a_hero"):
        prompt, text = HONEST["salon"]
        document = spoilt(cheat, prompt, text)
        assert document is not None
        assert judge(document).score < 0.2
        assert judge(document, prompt).score < 0.05


@settings(derandomize=True, max_examples=6, deadline=None)
@given(st.sampled_from(["salon", "recipes", "bakery"]), st.integers(1, 9))
def test_padding_never_helps(name, pages):
    prompt, text = HONEST[name]
    assert judge(dump(more(load(text), pages)), prompt).score <= honest(name).score + 1e-9
    broken = spoilt("everything_public", prompt, text)
    assert broken is not None
    assert judge(dump(more(load(broken), pages)), prompt).score <= judge(broken, prompt).score + 1e-9


@settings(derandomize=True, max_examples=10, deadline=None)
@given(st.lists(st.sampled_from(sorted(set(CHEATS) - {"padded"})), min_size=2, max_size=3, unique=True))
def test_cheats_together_are_no_better(cheats):
    prompt, text = HONEST["salon"]
    document = text
    for cheat in cheats:
        document = spoilt(cheat, prompt, document) or document
    report = judge(document, prompt)
    assert report.score < honest("salon").score - MARGIN


def test_the_salt_changes_nothing_for_an_honest_app():
    prompt, text = HONEST["salon"]
    assert judge(text, prompt, salt="a").score == pytest.approx(judge(text, prompt, salt="b").score)
