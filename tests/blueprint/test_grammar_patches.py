"""The staged grammars of patches let through what people asked for, and refuse what names nothing."""

from __future__ import annotations

import json
import os

import pytest
from xgrammar import testing

from espalier.blueprint import read
from espalier.blueprint.grammar import next_stage
from espalier.blueprint.patch import apply, print_patch, read_patch
from espalier.blueprint.schema import Blueprint
from espalier.data.canonical import canonical, canonical_patch

from .gbnf_match import Match
from .test_grammar import CORPUS, WORKSHOP

BEFORE = read(WORKSHOP)
PATCH = """\
theme: {primary: navy}
data:
  Bike:
    photo: null
    colour: Red | Blue = Red
    repairs: int = count(Repair)
  Part:
    repair: Repair! part
    price: money!
  Repair:
    parts: money = sum(Part.price)
    rules:
      Not in the past: null
      Parts are paid: parts > 0
    actions:
      Cancel (mechanic): [ask due, status = Done]
access:
  Part: {read: anyone, write: mechanic}
pages:
  Home:
    - board: Repair by status
    - table: Part
      show: [repair, price]
  Ask (customer): null
seed:
  Part:
    - Old red | 12.50
automations:
  when Repair created: null
order:
  data.Repair: [bike, status, parts]
  pages: [Home]
"""


def spelled(
    before: Blueprint, text: str, join: bool, cuts: list[tuple[int, int]] | None = None
) -> tuple[int, list[str]]:
    """How far the stages let a patch through, and their names. cuts: gets where each stage but the last begins and ends."""
    at, names = 0, []
    while (stage := next_stage(text[:at], line_ends_join=join, before=before)) is not None:
        names.append(stage.name)
        match = Match(stage.gbnf, text[at:])
        if not match.ends:
            return at + match.far, names
        end = at + max(match.ends)
        if end in (at, len(text)):
            return end, names
        if cuts is not None:
            cuts.append((at, end))
        at = end
    return at, names


@pytest.mark.parametrize("join", [False, True])
def test_a_patch_is_let_through_stage_by_stage(join: bool) -> None:
    at, names = spelled(BEFORE, PATCH, join)
    assert at == len(PATCH), PATCH[at:][:80]
    assert names == [
        "patch", "data", "data", "value", "value", "data", "data", "value", "rules", "actions", "access",
    ]  # fmt: skip
    apply(BEFORE, read_patch(PATCH.replace("    photo: null\n", "")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("primary: navy", "primary: navyish"),
        ("photo: null", "picture: null"),
        ("= Red\n", "= Green\n"),
        ("count(Repair)", "count(Sale)"),
        ("sum(Part.price)", "sum(Part.weight)"),
        ("Repair! part", "Car! part"),
        ("parts > 0", "pieces > 0"),
        ("ask due", "ask when"),
        ("status = Done]", "status = Lost]"),
        ("  Part: {read", "  Tool: {read"),
        ("show: [repair, price]", "show: [repair, weight]"),
        ("Ask (customer): null", "Tell (customer): null"),
        ("    - Old red | 12.50", "    - Old red | soon"),
        ("when Repair created: null", "when Bike created: null"),
        ("data.Repair: [bike", "data.Repair: [car"),
    ],
)
def test_what_is_not_there_is_refused(right: str, wrong: str) -> None:
    assert PATCH.count(right) == 1
    changed = PATCH.replace(right, wrong)
    assert spelled(BEFORE, changed, False)[0] < len(changed)


@pytest.mark.parametrize("join", [False, True])
def test_a_stage_is_complete_only_where_the_next_one_begins(join: bool) -> None:
    """Nothing may follow the end of a stage, but for a section or an entity that is done: the writer stops there by itself."""
    cuts: list[tuple[int, int]] = []
    spelled(BEFORE, PATCH, join, cuts)
    spelled(BEFORE, "seed: null\n" + PATCH.replace("seed:\n  Part:\n    - Old red | 12.50\n", ""), join, cuts)
    assert len(cuts) >= 20
    for start, end in cuts[:10]:
        stage = next_stage(PATCH[:start], line_ends_join=join, before=BEFORE)
        assert stage is not None
        matcher = testing._get_matcher_from_grammar(stage.gbnf)
        assert matcher.accept_string(PATCH[start:end].encode()) and matcher.is_completed()
        assert not any(matcher.fork().accept_string(sign) for sign in ("\n", " ", "a", '"', "|", ":")), PATCH[:end]


def test_what_the_patch_takes_away_may_be_taken_from_access_and_seed() -> None:
    patch = "data:\n  Repair: null\naccess:\n  Repair: null\nseed:\n  Repair: null\n"
    assert spelled(BEFORE, patch, False)[0] == len(patch)
    assert spelled(BEFORE, patch, True)[0] == len(patch)
    assert spelled(BEFORE, "data:\n  Repair: null\nseed:\n  Repair:\n    - Old red\n", False)[0] < 45


@pytest.mark.parametrize("join", [False, True])
def test_a_section_can_be_taken_away_but_not_the_data(join: bool) -> None:
    for patch in ("seed: null\n", "automations: null\ntheme: {primary: navy}\npages:\n  Ask (customer): null\n"):
        assert spelled(BEFORE, patch, join)[0] == len(patch)
    assert spelled(BEFORE, "data: null\n", join)[0] < 11


def test_nearly_all_edits_of_the_corpus_are_let_through() -> None:
    every = int(os.environ.get("ESPALIER_CORPUS_EVERY", "90"))
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line]
    rows = [row for line in lines if "blueprint" in (row := json.loads(line)) and row.get("edits")]
    refused, tried = [], 0
    for number, row in enumerate(rows[:: max(1, every // 2)]):
        before = read(canonical(row["blueprint"]))
        text = print_patch(canonical_patch(before, read_patch(row["edits"][0]["patch"])))
        tried += 1
        if spelled(before, text, number % 2 == 0)[0] != len(text):
            refused.append(text)
    assert tried >= 5
    assert len(refused) <= max(1, tried * 0.03), refused
