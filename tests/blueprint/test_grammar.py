"""The staged grammars let through what people wrote, and what they let through reads."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest
from xgrammar import testing

from espalier.blueprint import read_all
from espalier.blueprint.blocks import KINDS
from espalier.blueprint.grammar import next_stage, stage_without_more
from espalier.blueprint.grammar.options import OPTIONS
from espalier.data.canonical import canonical

from .gbnf_match import Match
from .gbnf_walk import Walk

CORPUS = Path(__file__).parents[2] / "corpus" / "seed"
CUT = re.compile(r"(?::| =)(?=[ \n]|$)")

WORKSHOP = """\
app: Bike Shop
about: Repairs and sales
theme: {primary: teal, style: bold}
roles: [mechanic, customer]
signup: customer
data:
  Bike:
    name: text!
    photo: image
  Repair:
    bike: Bike!
    status: New | In work | Done = New
    price: money
    hours: number
    cost: money = hours * 40
    due: date
    rules:
      Not in the past: due >= today
    actions:
      Finish (mechanic): status = Done
access:
  default: {read: user, write: own}
  Repair: {read: own or mechanic, create: customer, write: mechanic, status: {write: mechanic}}
pages:
  Home:
    - hero: We mend bikes
      button: Tell us -> Ask
    - board: Repair by status
  Ask (customer):
    - form: Repair
      show: [bike, due]
seed:
  Bike:
    - Old red
  Repair:
    - Old red | New | 40 | 1.5 | +3 days
automations:
  when Repair created: notify mechanic "A new repair of {bike}"
"""


def spelled(text: str, join: bool, cuts: list[tuple[int, int]] | None = None) -> tuple[int, list[str]]:
    """How far the stages let a text through, and their names. A stage ends where its grammar lets nothing more follow.

    cuts: gets where each stage but the last begins and ends.
    """
    at, names = 0, []
    while (stage := next_stage(text[:at], line_ends_join=join)) is not None:
        names.append(stage.name)
        match = Match(stage.gbnf, text[at:])
        if not match.ends:
            return at + match.far, names
        end = at + max(match.ends)
        if end == len(text):
            break
        if cuts is not None:
            cuts.append((at, end))
        at, before = end, at
        if at == before:
            break
    else:
        return at, names
    return end, names


def let_through(text: str, join: bool = False) -> bool:
    return spelled(text, join)[0] == len(text)


def corpus(every: int) -> list[str]:
    """Every so many blueprints of the seed corpus, in canonical order."""
    lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line]
    rows = [row for line in lines if "blueprint" in (row := json.loads(line))]
    return [canonical(row["blueprint"]) for row in rows[::every]]


@pytest.mark.parametrize("join", [False, True])
def test_a_blueprint_is_let_through_stage_by_stage(join: bool) -> None:
    at, names = spelled(WORKSHOP, join)
    assert at == len(WORKSHOP), WORKSHOP[at:][:80]
    assert names == [
        "head", "signup", "data", "data", "value", "value", "rules", "access", "page", "page", "seed", "seed", "automations",
    ]  # fmt: skip


def test_nearly_all_of_the_corpus_is_let_through() -> None:
    texts = corpus(every=int(os.environ.get("ESPALIER_CORPUS_EVERY", "90")))
    refused = [text for text in texts if not let_through(text, join=len(text) % 2 == 0)]
    assert len(texts) >= 6
    assert len(refused) <= max(1, len(texts) * 0.03), [text.splitlines()[0] for text in refused]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("board: Repair by status", "board: Repair by hours"),
        ("board: Repair by status", "board: Repairs by status"),
        ("button: Tell us -> Ask\n    - board: Repair by status\n  Ask (customer)", "button: Tell us -> Ask\n  Ask (cashier)"),
        ("show: [bike, due]", "show: [bike, colour]"),
        ("Repair by status\n  Ask", "Repair by status\n      wide: true\n  Ask"),
        ("= New\n    price", "= Old\n    price"),
        ("hours * 40", "minutes * 40"),
        ("due >= today", "name >= today"),
        ("(mechanic): status = Done", "(mechanic): status = Lost"),
        ("create: customer", "create: buyer"),
        ("signup: customer", "signup: cashier"),
        ("bike: Bike!", "bike: Car!"),
        ("status: {write: mechanic}", "colour: {write: mechanic}"),
        ("- Old red | New | 40", "- Old red | Lost | 40"),
        ("- Old red | New | 40", "- New blue | New | 40"),
        ("| 1.5 | +3 days", "| 1.5 | soon"),
        ("| 1.5 | +3 days", "| 1.5 | +3 days | more"),
        ("  Bike:\n    - Old", "  Car:\n    - Old"),
        ("when Repair created", "when Sale created"),
        ("repair of {bike}", "repair of {colour}"),
        ("We mend bikes\n", "Bikes: mended\n"),
        ("  Repair:\n    bike", "  Bike:\n    bike"),
        ("  Ask (customer)", "  Home (customer)"),
        ("primary: teal", "primary: teal, primary: navy"),
        ("style: bold", "style: wild"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_refused(right: str, wrong: str) -> None:
    assert right in WORKSHOP
    changed = WORKSHOP.replace(right, wrong, 1)
    assert not let_through(changed)


def test_pages_do_not_end_before_the_page_that_a_button_leads_to() -> None:
    begun = WORKSHOP[: WORKSHOP.index("  Home:") + len("  Home:")]
    stage = next_stage(begun, line_ends_join=False)
    assert stage is not None
    body = "\n    - hero: We mend bikes\n      button: Tell us -> Ask\n    - cards: Bike"
    matcher = testing._get_matcher_from_grammar(stage.gbnf)
    assert matcher.accept_string(body)
    assert not matcher.is_completed()
    assert not matcher.fork().accept_string("\nseed:")
    assert matcher.accept_string("\n  Ask (customer):")
    assert matcher.is_completed()
    known = testing._get_matcher_from_grammar(stage.gbnf)
    assert known.accept_string("\n    - hero: We mend bikes\n      button: Tell us -> Home") and known.is_completed()


def test_data_does_not_end_before_an_entity_that_a_sum_names() -> None:
    begun = "app: Choir\ndata:\n  Concert:\n    name: text!\n    seats: int\n    left: int ="
    stage = next_stage(begun, line_ends_join=False)
    assert stage is not None
    matcher = testing._get_matcher_from_grammar(stage.gbnf)
    assert matcher.accept_string(" seats - count(Ticket where state = Paid)")
    assert not matcher.fork().accept_string("\naccess:")
    assert matcher.accept_string("\n  Ticket:") and matcher.is_completed()
    stage = next_stage(begun + " seats - count(Ticket where state = Paid)\n  Ticket:", line_ends_join=False)
    assert stage is not None
    ticket = testing._get_matcher_from_grammar(stage.gbnf)
    assert not ticket.fork().accept_string("\n    concert: Concert!\naccess:")
    assert not ticket.fork().accept_string("\n    concert: Concert!\n    state: New | Gone\naccess:")
    assert ticket.accept_string("\n    concert: Concert!\n    state: New | Paid\naccess:") and ticket.is_completed()


@pytest.mark.parametrize("join", [False, True])
def test_a_stage_is_complete_only_where_the_next_one_begins(join: bool) -> None:
    """Nothing may follow the end of a stage: the writer stops there by itself."""
    cuts: list[tuple[int, int]] = []
    spelled(WORKSHOP, join, cuts)
    assert len(cuts) == 12
    for start, end in cuts:
        stage = next_stage(WORKSHOP[:start], line_ends_join=join)
        assert stage is not None
        matcher = testing._get_matcher_from_grammar(stage.gbnf)
        assert matcher.accept_string(WORKSHOP[start:end].encode()) and matcher.is_completed()
        assert not any(matcher.fork().accept_string(sign) for sign in ("\n", " ", "a", '"', "|", ":")), WORKSHOP[:end]


@pytest.mark.parametrize(
    ("at", "allowed", "refused"),
    [
        ("    - Old red\n", "\n  Repair:", "\n    - Old green\n  Repair:"),
        (
            "    - hero: We mend bikes\n      button: Tell us -> Ask\n",
            "\n  Ask (customer):",
            "\n    - cards: Bike\n  Ask:",
        ),
        ("    photo: image\n", "\n    colour: text\n  Repair:", "\n    photo: image\n  Repair:"),
    ],
)
def test_behind_what_was_said_twice_something_else_follows(at: str, allowed: str, refused: str) -> None:
    begun = WORKSHOP[: WORKSHOP.index(at) + len(at) - 1]
    stage = stage_without_more(begun, line_ends_join=False)
    assert stage is not None
    assert len(allowed) in Match(stage.gbnf, allowed).ends
    assert len(refused) not in Match(stage.gbnf, refused).ends


def test_a_complete_blueprint_has_no_next_stage() -> None:
    assert next_stage(WORKSHOP, line_ends_join=False) is None
    assert next_stage(WORKSHOP.rstrip("\n"), line_ends_join=True) is None
    assert next_stage("hello", line_ends_join=False) is None


def test_every_option_of_every_block_is_known() -> None:
    for name, kind in KINDS.items():
        options = {info.alias or field for field, info in kind.model_fields.items()} - {name}
        assert options <= set(OPTIONS), name


@pytest.mark.parametrize("seed", range(6))
def test_what_the_grammars_let_through_reads(seed: int) -> None:
    """Random texts. A grammar cannot count letters or know what it has just let through, so a few slips are not its own."""
    rng, text = random.Random(seed), ""
    for _ in range(80):
        stage = next_stage(text, line_ends_join=seed % 2 == 0)
        if stage is None:
            break
        text += Walk(stage.gbnf).text(rng, rng.choice([5, 9]))
    problems = [
        p for p in read_all(text).problems if not re.search(r"twice|500 are the most|120 characters", p.message)
    ]
    assert not problems, f"{problems[0]}\n{text}"
