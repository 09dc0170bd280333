"""Made edits: the patch does what is asked, the app still holds, and every kind of change comes about."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from espalier.blueprint import print_blueprint, read
from espalier.blueprint.patch import apply, read_patch
from espalier.check.requirements import Outline
from espalier.data.generate.changes import ALL, Case
from espalier.data.generate.edits import changed, make_edit
from espalier.data.generate.recombine import recombined
from espalier.data.generate.repairs import WAYS, broken
from espalier.data.pairs import read_corpus

from .conftest import CORPUS

MANY = 240


@pytest.fixture(scope="module")
def pairs():
    return read_corpus(CORPUS, "pairs_[123].jsonl")


@pytest.fixture(scope="module")
def edits(pairs):
    rng = random.Random(5)
    found = []
    for _ in range(MANY):
        pair = rng.choice(pairs)
        if edit := make_edit(pair.blueprint, rng):
            found.append((pair, edit))
    return found


def test_most_ideas_come_to_something(edits):
    assert len(edits) > 0.9 * MANY
    assert len({edit.kind for _, edit in edits}) > 25


def test_the_patch_makes_the_app_that_was_meant(edits):
    for pair, edit in edits:
        assert print_blueprint(apply(read(pair.blueprint), read_patch(edit.patch))) == edit.after
        assert edit.after != pair.blueprint


def test_what_was_asked_for_is_there_afterwards_and_was_not_before(edits):
    missing = Counter()
    for pair, edit in edits:
        after, before = Outline.of(read(edit.after)), Outline(read(pair.blueprint))
        for need in edit.rubric.requirements:
            if not need.met_by(after):
                missing[edit.kind] += 1
        if edit.rubric.requirements and all(need.met_by(before) for need in edit.rubric.requirements):
            missing[f"{edit.kind}, which was so before"] += 1
    assert sum(missing.values()) < 0.12 * len(edits), missing


def test_requests_name_what_they_are_about(edits):
    for _, edit in edits:
        assert 3 <= len(edit.request) <= 700
        assert "{" not in edit.request and "[" not in edit.request, edit.request


def test_every_change_comes_about_somewhere(pairs):
    rng = random.Random(7)
    order = [read(pair.blueprint) for pair in rng.sample(pairs, 60)]
    for idea, _ in ALL:
        assert any(idea(Case(blueprint, rng)) for blueprint in order for _ in range(2)), idea.__qualname__


def test_a_change_leaves_the_blueprint_it_came_from_alone(pairs):
    rng = random.Random(9)
    for pair in pairs[:30]:
        blueprint = read(pair.blueprint)
        for idea, _ in rng.sample(ALL, 6):
            change = idea(Case(blueprint, rng))
            if change and not change.renames:
                from contextlib import suppress

                from espalier.blueprint import BlueprintError

                with suppress(BlueprintError):
                    changed(blueprint, change)
        assert print_blueprint(blueprint) == pair.blueprint


def test_the_same_source_gives_the_same_edit(pairs):
    one, other = (make_edit(pairs[4].blueprint, random.Random(3)) for _ in range(2))
    assert one == other


def test_more_is_asked_for_in_the_prompt_and_is_in_the_app(pairs):
    found = [
        made for number, pair in enumerate(pairs[:60]) if (made := recombined(pair, random.Random(number), number))
    ]
    assert len(found) > 20
    for made in found:
        origin = next(pair for pair in pairs if pair.id == made.pair.lineage)
        assert made.pair.prompt.startswith(origin.prompt.rstrip(".")[:40])
        assert len(made.pair.prompt) > len(origin.prompt)
        assert made.pair.blueprint != origin.blueprint
        assert made.pair.edits == ()


def test_a_broken_app_still_reads_and_its_patch_mends_it(pairs):
    rng = random.Random(11)
    kinds = Counter()
    for pair in pairs[:80]:
        bad = broken(pair.blueprint, rng)
        if bad is None:
            continue
        kinds.update(bad.kind.split("+"))
        assert bad.blueprint != pair.blueprint
        mended = apply(read(bad.blueprint), read_patch(bad.patch))
        assert mended.model_dump() == read(pair.blueprint).model_dump()
        assert list(mended.pages) == list(read(pair.blueprint).pages)
    assert len(kinds) > 0.7 * len(set(WAYS))
